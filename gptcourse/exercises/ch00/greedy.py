"""The place of the largest number, the first of equals: the choice at temperature 0."""

from gptcourse.exercises.expect import Wrong, whole

NUMBER, STARS = 1, 1
NAMES = ("greedy",)


def cases(draw):
    yield ([0.5],)
    yield ([0.5, 2.5, -1.0],)
    yield ([1, 3, 3, 2],)
    yield ([-2.0, -1.0, -7.0],)
    for length in range(2, 7):
        yield ([draw.gauss(0, 3) for _ in range(length)],)


def verify(result, logits):
    place = whole(result)
    if not 0 <= place < len(logits):
        raise Wrong("outside", got=place)
    largest = sorted(logits)[-1]
    if logits[place] != largest:
        raise Wrong("negative" if largest < 0 else "largest")
    if largest in logits[:place]:
        raise Wrong("ties")


SOLUTION = """\
def greedy(logits):
    return max(range(len(logits)), key=lambda i: logits[i])
"""

ALTERNATIVES = [
    "def greedy(logits):\n    return logits.index(max(logits))\n",
    "def greedy(logits):\n    return torch.tensor(logits).argmax()\n",
    """\
def greedy(logits):
    best = 0
    for i, logit in enumerate(logits):
        if logit > logits[best]:
            best = i
    return best
""",
]

MUTANTS = [
    ("whole", "def greedy(logits):\n    return max(logits)\n"),
    ("largest", {"max(": "min("}),
    ("largest", {"logits[i])": "abs(logits[i] - 1))"}),
    ("ties", {"range(len(logits))": "reversed(range(len(logits)))"}),
    ("outside", {"logits[i])": "logits[i]) + 1"}),
    (
        "negative",
        """\
def greedy(logits):
    place, largest = 0, 0
    for i, logit in enumerate(logits):
        if logit > largest:
            place, largest = i, logit
    return place
""",
    ),
    ("nothing", {"return max": "max"}),
]
