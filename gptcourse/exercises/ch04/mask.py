"""The causal mask, as a comparison of two rows of numbers."""

from gptcourse.exercises.expect import Wrong, tensor

NUMBER, STARS = 2, 1
NAMES = ("causal_mask",)
FORBIDDEN = ("tril", "triu", "tril_indices", "triu_indices")


def cases(draw):
    for T in (3, 1, 2, 5):
        yield (T,)
    for _ in range(4):
        yield (draw.randrange(4, 20),)


def verify(result, T):
    rows = tensor(result, (T, T)).tolist()
    if not isinstance(rows[0][0], bool):
        raise Wrong("bool")
    if any(any(row[i + 1 :]) for i, row in enumerate(rows)):
        raise Wrong("future")
    if not all(row[i] for i, row in enumerate(rows)):
        raise Wrong("own")
    if not all(all(row[:i]) for i, row in enumerate(rows)):
        raise Wrong("past")


SOLUTION = """\
def causal_mask(T):
    i = torch.arange(T)
    return i[None, :] <= i[:, None]  # (1, T) <= (T, 1) -> (T, T)
"""

ALTERNATIVES = [
    """\
def causal_mask(T):
    return torch.tensor([[column <= row for column in range(T)] for row in range(T)])
""",
    """\
import numpy as np


def causal_mask(T):
    row, column = np.indices((T, T))
    return row >= column
""",
    """\
def causal_mask(T):
    mask = torch.zeros(T, T, dtype=torch.bool)
    for i in range(T):
        mask[i, : i + 1] = True
    return mask
""",
]

MUTANTS = [
    ("own", {"<= i[:, None]": "< i[:, None]"}),
    ("future", {"i[None, :] <= i[:, None]": "i[:, None] <= i[None, :]"}),
    ("future", {"i[None, :] <= i[:, None]": "i[None, :] > i[:, None]"}),
    ("past", {"<=": "=="}),
    ("bool", {"i[None, :] <= i[:, None]": "(i[None, :] <= i[:, None]).float()"}),
    ("shape", {"i[None, :] <= i[:, None]": "i <= i"}),
    ("forbidden", "def causal_mask(T):\n    return torch.ones(T, T).tril().bool()\n"),
    ("tensor", "def causal_mask(T):\n    return [[j <= i for j in range(T)] for i in range(T)]\n"),
    ("nothing", {"return ": ""}),
]
