"""Softmax of a list, by hand: weights that add up to 1, for large scores and for scores of minus infinity too."""

import math

from gptcourse.exercises.expect import Wrong, close, numbers

NUMBER, STARS = 1, 1
NAMES = ("softmax",)
FORBIDDEN = ("torch", "F")
PURE = True


def cases(draw):
    yield ([1.0, 2.0, 3.0],)
    yield ([0.0],)
    yield ([2.0, -math.inf, 1.0],)
    yield ([-math.inf, 5.0, 5.0],)
    yield ([1000.0, 999.0],)
    yield ([1000.0, -1000.0],)  # far from the mean too
    for length in range(2, 7):
        yield ([draw.gauss(0, 3) for _ in range(length)],)


def verify(result, scores):
    import torch

    weights = numbers(result, len(scores))
    if any(weight > 1e-9 for weight, score in zip(weights, scores, strict=True) if score == -math.inf):
        raise Wrong("masked")
    large = max(scores) > 700
    if abs(sum(weights) - 1) > 1e-5 and not large:
        raise Wrong("sum")
    close(weights, torch.tensor(scores, dtype=torch.float64).softmax(0), "large" if large else "value")


SOLUTION = """\
def softmax(scores):
    top = max(scores)
    exps = [math.exp(score - top) for score in scores]
    return [e / sum(exps) for e in exps]
"""

ALTERNATIVES = [
    """\
def softmax(scores):
    highest, result = max(scores), ()
    total = sum(math.e ** (s - highest) for s in scores)
    for s in scores:
        result += (math.e ** (s - highest) / total,)
    return result
""",
    """\
import math


def softmax(scores):
    top = max(scores)
    log_total = top + math.log(sum(math.exp(s - top) for s in scores))
    return [math.exp(s - log_total) for s in scores]
""",
    """\
import numpy as np


def softmax(scores):
    exps = np.exp(np.array(scores) - max(scores))
    return exps / exps.sum()
""",
]

MUTANTS = [
    ("raised", {"score - top": "score"}),
    (
        "raised",
        {
            "max(scores)": "[score for score in scores if score > -math.inf]",
            "score - top": "score - sum(top) / len(top)",
        },
    ),
    ("large", {"score - top": "min(score, 700)"}),
    ("masked", {"score - top": "max(score - top, -10)"}),
    ("sum", {"e / sum(exps)": "e"}),
    ("sum", {"sum(exps)": "len(exps)"}),
    ("value", {"math.exp(score - top)": "2 ** (score - top)"}),
    ("length", {"in scores]": "in scores if score > -math.inf]"}),
    (
        "changed",
        """\
def softmax(scores):
    top = max(scores)
    for i in range(len(scores)):
        scores[i] = math.exp(scores[i] - top)
    return [e / sum(scores) for e in scores]
""",
    ),
    ("forbidden", "def softmax(scores):\n    return torch.tensor(scores).softmax(0).tolist()\n"),
    ("nothing", {"return [": "["}),
]
