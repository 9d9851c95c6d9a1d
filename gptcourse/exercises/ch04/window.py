"""The mask of a sliding window."""

from gptcourse.exercises.expect import Wrong, tensor

NUMBER, STARS = 5, 2
NAMES = ("window_mask",)


def cases(draw):
    yield 6, 3
    yield 4, 1
    yield 1, 1
    yield 3, 3
    yield 5, 9
    for _ in range(4):
        yield draw.randrange(5, 15), draw.randrange(2, 5)


def verify(result, T, width):
    rows = tensor(result, (T, T)).tolist()
    if not isinstance(rows[0][0], bool):
        raise Wrong("bool")
    if not rows[-1][-1]:
        raise Wrong("own")
    for i, row in enumerate(rows):
        seen = {j for j, sees in enumerate(row) if sees}
        wanted = set(list(range(i + 1))[-width:])
        if any(j > i for j in seen):
            raise Wrong("future")
        if seen - wanted:
            raise Wrong("too_far", width=width)
        if wanted - seen:
            raise Wrong("early" if i + 1 < width else "too_near", width=width)


SOLUTION = """\
def window_mask(T, width):
    back = torch.arange(T)[:, None] - torch.arange(T)[None, :]  # (T, T)
    return (back >= 0) & (back < width)
"""

ALTERNATIVES = [
    """\
def window_mask(T, width):
    causal = torch.ones(T, T, dtype=torch.bool).tril()
    return causal & causal.triu(1 - width) if width < T else causal
""",
    """\
def window_mask(T, width):
    return torch.tensor([[i - width < j <= i for j in range(T)] for i in range(T)])
""",
    """\
import numpy as np


def window_mask(T, width):
    mask = np.zeros((T, T), dtype=bool)
    for i in range(T):
        mask[i, max(0, i - width + 1) : i + 1] = True
    return mask
""",
]

MUTANTS = [
    ("too_far", {"< width": "<= width"}),
    ("too_far", {" & (back < width)": ""}),
    ("too_near", {"< width": "< width - 1"}),
    ("own", {">= 0": "> 0"}),
    (
        "early",
        """\
def window_mask(T, width):
    mask = torch.zeros(T, T, dtype=torch.bool)
    for i in range(T):
        mask[i, i - width + 1 : i + 1] = True
    return mask
""",
    ),
    ("future", {"(back >= 0) & ": ""}),
    ("future", {"[:, None] - torch.arange(T)[None, :]": "[None, :] - torch.arange(T)[:, None]"}),
    ("bool", {"(back >= 0) & (back < width)": "((back >= 0) & (back < width)).int()"}),
    ("nothing", {"return ": ""}),
]
