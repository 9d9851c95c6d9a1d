"""Does a function see the order of the rows before the last one? The functions are text that the probe evaluates."""

from gptcourse.exercises.expect import Wrong, truth

NUMBER, STARS = 6, 2
NAMES = ("sees_order",)
PURE = True

# A function of four rows: whether it sees the order of the first three, and the key for a wrong answer.
FUNCTIONS = {
    "lambda x: x.cumsum(0).cumsum(0)": (True, "sees"),
    "lambda x: x.sum(0).expand_as(x) + 1e-5 * x[0]": (False, "tiny"),
    "lambda x: x[:1].expand_as(x)": (True, "smaller"),
    "lambda x: x[1:2].expand_as(x)": (True, "some"),
    "lambda x: x[2:3].expand_as(x)": (True, "some"),
    "lambda x: (x[0] > x[2]).float().expand_as(x)": (True, "some"),  # no swap of neighbours shows it
    "lambda x: ((x[0] - x[1]) * (x[1] - x[2]) * (x[2] - x[0])).expand_as(x)": (True, "some"),  # only a swap shows it
    "lambda x: ((x[0] > x[1]) & (x[1] > x[2])).float().expand_as(x)": (True, "some"),  # a single order shows it
    "lambda x: torch.cat([x[1:2], -x[1:2]], dim=1).expand(4, -1)": (True, "sees"),  # the changes add up to 0
    "lambda x: x.sum(0).expand_as(x) + 1e-3 * x[0]": (True, "sees"),
    "lambda x: x[-1:].expand_as(x)": (False, "last"),
    "lambda x: (x @ x.T).softmax(dim=1) @ x": (False, "blind"),
}


def cases(draw):
    import torch

    for f in FUNCTIONS:
        yield f, torch.tensor([[3.0], [1.0], [2.0], [0.0]]) if "x[:1]" in f else torch.arange(1.0, 5)[:, None]
    yield "lambda x: x.cumsum(0).cumsum(0)", torch.tensor([[1.0], [2.0]])
    anywhere = [f for f in FUNCTIONS if "x[:1]" not in f and "1e-3" not in f]
    for _ in range(2):
        yield draw.choice(anywhere), draw.normal(4, draw.randrange(1, 4))


def probe(sees_order, f, x):
    import torch

    return sees_order(eval(f, {"torch": torch}), x)


def verify(result, f, x):
    wanted, key = FUNCTIONS[f] if len(x) == 4 else (False, "last")
    if truth(result) != wanted:
        raise Wrong(key)


SOLUTION = """\
from itertools import permutations


def sees_order(f, x):
    last = len(x) - 1
    expected = f(x)[-1]
    for order in permutations(range(last)):
        if (f(x[[*order, last]])[-1] - expected).abs().max() > 1e-4:
            return True
    return False
"""

ALTERNATIVES = [
    """\
from itertools import permutations


def sees_order(f, x):
    ends = torch.stack([f(torch.stack([*rows, x[-1]]))[-1] for rows in permutations(x[:-1])])
    return ((ends - f(x)[-1]).abs() > 1e-4).any()
""",
    """\
def orders(places):
    if not places:
        return [[]]
    return [[j, *rest] for j in places for rest in orders([k for k in places if k != j])]


def sees_order(f, x):
    T = len(x)
    return not all(
        torch.allclose(f(x)[T - 1], f(x[order + [T - 1]])[T - 1], rtol=0, atol=1e-4)
        for order in orders(list(range(T - 1)))
    )
""",
]

MUTANTS = [
    ("last", {"permutations(range(last))": "permutations(range(len(x)))", "[*order, last]": "list(order)"}),
    ("some", {"permutations(range(last))": "[range(last)[::-1]]"}),
    ("some", {"permutations(range(last))": "[[1, 0, *range(2, last)]] if last > 1 else []"}),
    ("some", {"permutations(range(last))": "[[(i + n) % last for i in range(last)] for n in range(last)]"}),
    ("some", {"permutations(range(last))": "[[*range(n), n + 1, n, *range(n + 2, last)] for n in range(last - 1)]"}),
    ("some", {"permutations(range(last))": "[torch.randperm(last).tolist()]"}),
    ("sees", {".abs().max()": ".mean().abs()"}),
    ("sees", {"1e-4": "1e-2"}),
    ("smaller", {".abs()": ""}),
    ("tiny", {"> 1e-4": "> 0"}),
    ("blind", {"expected = f(x)[-1]": "expected = f(x)", "last]])[-1]": "last]])"}),
    ("sees", {"            return True\n": "            return True\n        return False\n"}),
    ("changed", {"    return False": "    x[:last] = x[:last].flip(0)\n    return False"}),
    ("nothing", {"    return False\n": ""}),
]
