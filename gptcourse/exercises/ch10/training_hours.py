"""The hours of a training, from the arithmetic and from what the cards can do."""

import math

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 4, 2
NAMES = ("training_hours",)


def cases(draw):
    yield 7e9, 2e12, 1, 312e12, 0.406
    yield 1e6, 1e7, 1, 1e12, 1.0
    yield 1e9, 3e10, 8, 2e14, 0.4
    for _ in range(4):
        N, D = draw.uniform(1e6, 1e9), draw.uniform(1e7, 1e10)
        yield N, D, draw.randrange(2, 100), draw.uniform(1e12, 1e15), draw.uniform(0.1, 0.9)


def verify(result, N, D, cards, peak, utilisation):
    hours = number(result)
    tokens_per_second = cards * peak * utilisation / (2 * N + 4 * N)  # forwards, and twice as much backwards
    wanted = D / tokens_per_second / 3600
    if not hours > 0:
        raise Wrong("value")
    often = {
        "seconds": 3600,
        "minutes": 60,
        "days": 1 / 24,
        "forwards": 1 / 3,
        "cards": cards,
        "utilisation": utilisation,
        "times_utilisation": utilisation**2,
    }
    wrong = (key for key, factor in often.items() if factor != 1 and math.isclose(hours, wanted * factor, rel_tol=1e-4))
    close(hours, wanted, next(wrong, "value"), atol=0)


SOLUTION = """\
def training_hours(N, D, cards, peak, utilisation):
    return 6 * N * D / (cards * peak * utilisation) / 3600
"""

ALTERNATIVES = [
    """\
def training_hours(N, D, cards, peak, utilisation):
    operations = 2 * N * D + 4 * N * D
    per_hour = cards * peak * 3600 * utilisation
    return operations / per_hour
""",
    """\
from datetime import timedelta


def training_hours(N, D, cards, peak, utilisation):
    speed = peak * utilisation * cards
    seconds = torch.tensor(6.0 * N, dtype=torch.float64) * D / speed
    return seconds / timedelta(hours=1).total_seconds()
""",
]

MUTANTS = [
    ("seconds", {" / 3600": ""}),
    ("minutes", {"3600": "60"}),
    ("days", {"3600": "3600 / 24"}),
    ("forwards", {"6 * N": "2 * N"}),
    ("utilisation", {" * utilisation": ""}),
    ("times_utilisation", {"peak * utilisation)": "peak) * utilisation"}),
    ("cards", {"cards * ": ""}),
    ("value", {"6 * N * D": "6 * N"}),
    ("nothing", {"return ": ""}),
]
