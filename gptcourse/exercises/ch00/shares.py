"""Shares of numbers that are not negative: they add up to 1, and 0 stays 0."""

from gptcourse.exercises.expect import Wrong, close, numbers

NUMBER, STARS = 2, 1
NAMES = ("shares",)


def cases(draw):
    yield ([0, 0, 5, 2],)
    yield ([3, 1, 4],)
    yield ([7],)
    yield ([0.25, 0.125],)
    for length in range(2, 7):
        yield ([draw.randrange(1, 50) for _ in range(length)],)


def verify(result, counts):
    from fractions import Fraction

    found = numbers(result, len(counts))
    if any(share != 0 for share, count in zip(found, counts, strict=True) if count == 0):
        raise Wrong("zeros")
    if abs(sum(found) - 1) > 1e-4:
        raise Wrong("sum")
    wanted = [float(Fraction(count) / sum(map(Fraction, counts))) for count in counts]
    close(found, wanted, "order" if found == sorted(found) and wanted != sorted(wanted) else "value")


SOLUTION = """\
def shares(counts):
    total = sum(counts)
    return [count / total for count in counts]
"""

ALTERNATIVES = [
    """\
def shares(counts):
    found = []
    for i in range(len(counts)):
        found.append(counts[i] / sum(counts))
    return tuple(found)
""",
    "def shares(counts):\n    counts = torch.tensor(counts).double()\n    return counts / counts.sum()\n",
    "import numpy as np\n\n\ndef shares(counts):\n    return np.array(counts) / np.sum(counts)\n",
]

MUTANTS = [
    ("sum", {"count / total": "count // total"}),
    ("sum", {"sum(counts)": "max(counts)"}),
    ("sum", {"count / total": "100 * count / total"}),
    ("length", {"in counts]": "in counts if count]"}),
    ("order", {"return [count / total for count in counts]": "return sorted(count / total for count in counts)"}),
    ("zeros", "def shares(counts):\n    return torch.tensor(counts).double().softmax(0)\n"),
    ("value", {"sum(counts)": "sum(count**2 for count in counts)", "count / total": "count**2 / total"}),
    ("list", "def shares(counts):\n    return sum(counts)\n"),
]
