"""The residual stream: its states, and what each piece adds. Pieces are given as text, which the probe evaluates."""

from gptcourse.exercises.expect import Wrong, close, is_close, is_tensor, sequence, tensor

NUMBER, STARS = 5, 2
NAMES = ("stream",)
PURE = True

PIECES = ("torch.sin", "torch.cos", "lambda x: 2 * x", "lambda x: x - x.mean(dim=-1, keepdim=True)", "torch.tanh")


def cases(draw):
    import torch

    x = torch.tensor([[1.0, 2.0, 0.5], [-1.0, 0.5, 3.0]])
    yield x, ["torch.sin", "torch.cos", "lambda x: 2 * x"]
    yield x, ["torch.cos"]
    yield x, []
    for shape in [(4,), (2, 4), (2, 3, 2)]:
        yield draw.normal(*shape), draw.sample(PIECES, 4)


def probe(stream, x, pieces):
    import torch

    return stream(x, [eval(piece, {"torch": torch}) for piece in pieces])


def verify(result, x, pieces):
    import torch

    if is_tensor(result) or len(sequence(result, key="pair")) != 2:
        raise Wrong("pair")
    n = len(pieces)
    states, added = (sequence(each) for each in result)
    if (len(states), len(added)) == (n, n + 1):
        raise Wrong("swapped")
    if (len(states), len(added)) != (n + 1, n):
        raise Wrong("count", states=len(states), added=len(added), pieces=n)
    states, added = ([tensor(each, x.shape) for each in part] for part in (states, added))
    pieces = [eval(piece, {"torch": torch}) for piece in pieces]
    if not is_close(states[0], x):
        raise Wrong("in_place" if is_close(states[0], states[-1]) else "first")
    if n > 1 and all(is_close(each, piece(x)) for each, piece in zip(added, pieces, strict=True)):
        raise Wrong("reads")
    now = x.double()
    for piece, state, more in zip(pieces, states[1:], added, strict=True):
        close(more, piece(now), "added")
        if is_close(state, more):
            raise Wrong("replaced")
        now = now + piece(now)
        close(state, now, "states")


SOLUTION = """\
def stream(x, pieces):
    states, added = [x], []
    for piece in pieces:
        added.append(piece(states[-1]))
        states.append(states[-1] + added[-1])
    return states, added
"""

ALTERNATIVES = [
    """\
def stream(x, pieces):
    added, states = [], [x]
    x = x.clone()
    for f in pieces:
        more = f(x)
        x += more
        added.append(more)
        states.append(x.clone())
    return [states, added]
""",
    """\
from itertools import accumulate


def stream(x, pieces):
    states = tuple(accumulate(pieces, lambda x, piece: x + piece(x), initial=x.double()))
    return states, tuple(piece(state) for piece, state in zip(pieces, states))
""",
    """\
def stream(x, pieces):
    if not pieces:
        return torch.stack([x]), []
    more = pieces[0](x)
    states, added = stream(x + more, pieces[1:])
    return torch.stack([x, *states]), [more, *added]
""",
]

MUTANTS = [
    (
        "in_place",
        {
            "    for": "    x = x.clone()\n    states = [x]\n    for",
            "states.append(states[-1] + added[-1])": "x += added[-1]\n        states.append(x)",
        },
    ),
    ("reads", {"piece(states[-1])": "piece(x)"}),
    ("replaced", {"states[-1] + added[-1]": "added[-1]"}),
    ("states", {"states[-1] + added[-1]": "x + added[-1]"}),
    ("count", {"[x], []": "[], []", "states[-1]": "(states or [x])[-1]"}),
    ("first", {"[x], []": "[torch.zeros_like(x)], []"}),
    ("added", {"piece(states[-1])": "states[-1] + piece(states[-1])", "states[-1] + added[-1]": "added[-1]"}),
    ("swapped", {"return states, added": "return added, states"}),
    ("pair", {"return states, added": "return states[-1]"}),
    ("nothing", {"return ": ""}),
]
