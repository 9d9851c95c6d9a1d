"""Softmax of a list, without torch: probabilities that are right for large numbers too."""

from gptcourse.exercises.expect import Wrong, close, numbers

NUMBER, STARS = 1, 1
NAMES = ("softmax",)
PURE = True
FORBIDDEN = ("torch", "F")


def cases(draw):
    yield ([2.0, 0.5, -1.0],)
    yield ([0.0],)
    yield ([1000, 999],)
    yield ([-1001.0, -1000.0],)
    yield ([2000.0, 0.0],)  # neither the mean nor the smallest is far enough
    for length in range(2, 7):
        yield ([draw.gauss(0, 3) for _ in range(length)],)


def verify(result, logits):
    import torch

    probabilities = numbers(result, len(logits))
    if min(probabilities) < 0:
        raise Wrong("negative")
    if not abs(sum(probabilities) - 1) < 1e-5:
        raise Wrong("large" if max(logits) > 700 else "far_below" if max(logits) < -700 else "sum")
    close(probabilities, torch.tensor(logits, dtype=torch.float64).softmax(dim=0))


SOLUTION = """\
def softmax(logits):
    largest = max(logits)
    e = [math.exp(z - largest) for z in logits]
    return [each / sum(e) for each in e]
"""

ALTERNATIVES = [
    """\
import numpy as np


def softmax(logits):
    e = np.exp(np.array(logits) - np.max(logits))
    return e / e.sum()
""",
    """\
def softmax(logits):
    top, result = sorted(logits)[-1], ()
    for z in logits:
        result += (1 / sum(math.exp(min(other - z, 700)) for other in logits),)
    return result
""",
]

WITH_NUMPY = """\
import numpy as np


def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(np.array(logits) - 0.0)
        return e / e.sum()
"""

MUTANTS = [
    ("raised", {" - largest": ""}),
    ("large", WITH_NUMPY),
    ("far_below", WITH_NUMPY.replace("0.0", "np.abs(logits).max()")),
    ("sum", {"each / sum(e)": "each"}),
    ("sum", {"sum(e)": "max(e)"}),
    ("negative", {"math.exp(z - largest)": "z"}),
    ("value", {"math.exp(z - largest)": "2 ** (z - largest)"}),
    ("value", {"in e]": "in sorted(e)]"}),
    ("forbidden", "def softmax(logits):\n    return torch.tensor(logits).double().softmax(dim=0).tolist()\n"),
    ("raised", {"max(logits)": "min(logits)"}),
    ("raised", {"max(logits)": "sum(logits) / len(logits)"}),
    ("nothing", {"return ": ""}),
]
