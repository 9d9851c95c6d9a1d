"""The cosine of two lists, with plain Python; 0.0 where one of them is all zeros."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 1, 1
NAMES = ("cosine",)
PURE = True
FORBIDDEN = ("torch", "numpy")


def cases(draw):
    yield [1, 2, 2], [2, 4, 4]
    yield [1, 2], [-2, -4]
    yield [1, 2], [2, -1]
    yield [0, 0], [1, 2]
    yield [0.5, -1.0, 2.0], [0.0, 0.0, 0.0]
    for length in range(2, 7):
        yield [draw.gauss(0, 3) for _ in range(length)], [draw.gauss(0, 1) for _ in range(length)]


def verify(result, x, y):
    import torch

    value = number(result)
    if not any(x) or not any(y):
        return close([value == 0], [True], "zeros")
    if abs(value) > 1 + 1e-6:
        raise Wrong("range")
    x, y = torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    expected = torch.cosine_similarity(x, y, dim=0).item()
    keys = {1.0: "same_way", -1.0: "opposite"}
    close(value, expected, keys.get(round(expected, 6), "value"))


SOLUTION = """\
def cosine(x, y):
    dot = sum(a * b for a, b in zip(x, y))
    lengths = (sum(a * a for a in x) * sum(b * b for b in y)) ** 0.5
    return dot / lengths if lengths else 0.0
"""

ALTERNATIVES = [
    """\
import math


def cosine(x, y):
    length_x, length_y = math.hypot(*x), math.hypot(*y)
    if length_x == 0 or length_y == 0:
        return 0
    return sum(a / length_x * b / length_y for a, b in zip(x, y))
""",
    """\
def cosine(x, y):
    dot = xx = yy = 0
    for i in range(len(x)):
        dot += x[i] * y[i]
        xx += x[i] ** 2
        yy += y[i] ** 2
    try:
        return dot / xx**0.5 / yy**0.5
    except ZeroDivisionError:
        return 0.0
""",
]

MUTANTS = [
    ("raised", {" if lengths else 0.0": ""}),
    ("zeros", {"0.0": "1.0"}),
    ("zeros", {"0.0": "float('nan')"}),
    ("range", {"dot / lengths": "dot"}),
    ("same_way", {" ** 0.5": ""}),
    ("opposite", {"dot / lengths": "abs(dot) / lengths"}),
    ("value", {"dot / lengths": "dot * abs(dot) / lengths**2"}),
    ("nothing", {"return ": ""}),
    ("forbidden", "def cosine(x, y):\n    return torch.cosine_similarity(torch.tensor(x), torch.tensor(y), dim=0)\n"),
]
