"""Where two models begin to differ: the first index of the residual stream at which they do."""

from gptcourse.exercises.expect import Wrong, same, whole

NUMBER, STARS = 7, 2
NAMES = ("first_difference",)
RETURNS_NONE = True


def cases(draw):
    """The streams of two models, (L + 1, 1, T, C) each; the probe makes models of them."""
    import torch

    quiet = torch.zeros(4, 1, 3, 2)
    raised, far = quiet.clone(), quiet + 1000
    raised[2:] = 0.5
    far[1:] += 0.005
    opposite = quiet.clone()
    opposite[1, 0, 0] = torch.tensor([0.5, -0.5])
    yield quiet, quiet + 0.006, 0.01  # no number by more than atol, though all of them together
    yield quiet, raised, 0.01
    yield raised, quiet, 0.01
    yield quiet, opposite, 0.01  # the differences add up to 0
    yield quiet + 1000, far, 0.001
    for index in (0, 1, 2, 3, None):
        a = draw.normal(4, 1, 3, 2)
        b = a + 1e-6
        if index is not None:
            b[index, 0, draw.randrange(3), draw.randrange(2)] += draw.choice([-0.02, 0.02])
        yield a, b, 0.01


def probe(first_difference, a, b, atol):
    from types import SimpleNamespace

    import torch

    class Model:
        """Gives the streams that it was made with."""

        def __init__(self, streams):
            self.streams = streams

        def trace(self, ids):
            return SimpleNamespace(residual=list(self.streams))

        def eval(self):
            return self

    return first_difference(Model(a), Model(b), torch.arange(a.shape[2])[None], atol)


def verify(result, a, b, atol):
    pairs = [zip(x.flatten().tolist(), y.flatten().tolist(), strict=True) for x, y in zip(a, b, strict=True)]
    differ = [any(abs(x - y) > atol for x, y in pair) for pair in pairs]
    got = None if result is None else whole(result, "index")
    if not any(differ):
        return same(got, None, "never")
    if got is None:
        raise Wrong("large" if a.max() > 900 else "overlooked")
    if got != differ.index(True):
        raise Wrong("late" if got > differ.index(True) else "early")


SOLUTION = """\
def first_difference(a, b, ids, atol):
    for n, (x, y) in enumerate(zip(a.trace(ids).residual, b.trace(ids).residual, strict=True)):
        if (x - y).abs().max() > atol:
            return n
    return None
"""

ALTERNATIVES = [
    """\
def first_difference(a, b, ids, atol):
    first, second = a.trace(ids).residual, b.trace(ids).residual
    differ = [n for n in range(len(first)) if not torch.allclose(first[n], second[n], rtol=0, atol=atol)]
    return min(differ, default=None)
""",
    """\
def first_difference(a, b, ids, atol):
    a, b = torch.stack(a.trace(ids).residual).double(), torch.stack(b.trace(ids).residual).double()
    differ = ((a - b).abs() > atol).flatten(1).any(dim=1)
    return differ.int().argmax() if differ.any() else None
""",
    """\
def first_difference(a, b, ids, atol):
    with torch.no_grad():
        one, other = a.eval().trace(ids).residual, b.eval().trace(ids).residual
    index = 0
    while index < len(one):
        if np.abs(one[index].numpy() - other[index].numpy()).max() > atol:
            return float(index)
        index += 1
""",
]

MUTANTS = [
    ("overlooked", {".abs()": ""}),
    ("overlooked", {".abs().max()": ".abs().mean()"}),
    ("overlooked", {"residual,": "residual[-1:],", "b.trace(ids).residual": "b.trace(ids).residual[:1]"}),
    ("late", {"residual, strict=True)": "residual, strict=True), 1"}),
    ("early", {"return n\n": "return n - 1\n"}),
    ("early", {"residual, b": "residual[1:], b", "residual, strict": "residual[1:], strict"}),
    ("large", {"(x - y).abs().max() > atol": "not torch.allclose(x, y, atol=atol)"}),
    ("never", {"return None": "return len(a.trace(ids).residual)"}),
    ("never", {"(x - y).abs().max() > atol": "not torch.equal(x, y)"}),
    ("never", {"(x - y).abs().max()": "(x - y).norm()"}),
    ("overlooked", {"(x - y).abs().max()": "(x - y).mean().abs()"}),
    ("index", {"return n\n": "return x\n"}),
]
