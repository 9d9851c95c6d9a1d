"""The number that scores are divided by, for queries and keys of any standard deviation."""

import math

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 3, 2
NAMES = ("divisor",)


def cases(draw):
    yield (16, 1.0, 1.0)
    yield (64, 2.0, 0.5)
    yield (100, 0.1, 3.0)
    yield (1, 2.0, 3.0)
    for _ in range(5):
        yield (draw.randrange(2, 200), round(draw.uniform(1.5, 4), 2), round(draw.uniform(0.1, 0.5), 2))


def verify(result, D, a, b):
    found = number(result)
    wanted = math.hypot(*[a * b] * D)  # the length of a vector of D standard deviations
    if math.isclose(found, wanted**2, rel_tol=1e-4):
        raise Wrong("variance")
    if math.isclose(found * wanted, 1, rel_tol=1e-4):
        raise Wrong("inverse")
    close(found, wanted, "rule" if a == b == 1 else "spread")


SOLUTION = """\
def divisor(D, a, b):
    return a * b * D**0.5
"""

ALTERNATIVES = [
    """\
def divisor(D, a, b):
    variance = sum((a * b) ** 2 for _ in range(D))
    return math.sqrt(variance)
""",
    """\
def divisor(D, a, b):
    return torch.tensor(D * a**2 * b**2, dtype=torch.float64).sqrt()
""",
]

MUTANTS = [
    ("spread", {"a * b * ": ""}),
    ("spread", {"a * b": "(a * b) ** 0.5"}),
    ("spread", {"a * b": "a**2 * b**2"}),
    ("spread", {"a * b * D**0.5": "((a**2 + b**2) / 2 * D) ** 0.5"}),
    ("variance", {"a * b * D**0.5": "a**2 * b**2 * D"}),
    ("variance", {"**0.5": ""}),
    ("rule", {"D**0.5": "D**2"}),
    ("inverse", {"a * b * D**0.5": "1 / (a * b * D**0.5)"}),
    ("nothing", {"return ": ""}),
]
