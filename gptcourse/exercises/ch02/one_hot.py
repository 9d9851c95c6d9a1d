"""One-hot rows: a tensor whose product with a table looks up rows."""

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 2, 1
NAMES = ("one_hot",)
PURE = True
FORBIDDEN = (".one_hot",)


def cases(draw):
    yield [3, 0, 3, 8], 9
    yield [0], 4
    yield [2, 2, 2], 3
    yield list(range(5)), 5
    for length in range(2, 7):
        size = draw.randrange(4, 12)
        yield draw.ids(length, size), size


def verify(result, ids, vocab_size):
    import torch

    rows = tensor(result, (len(ids), vocab_size))
    if not result.dtype.is_floating_point:
        raise Wrong("decimal")
    close(rows.sum(dim=1), torch.ones(len(ids)), "one_each")
    close(rows, torch.nn.functional.one_hot(torch.tensor(ids), vocab_size), "rows")


SOLUTION = """\
import torch


def one_hot(ids, vocab_size):
    rows = torch.zeros(len(ids), vocab_size)
    rows[torch.arange(len(ids)), ids] = 1.0
    return rows
"""

ALTERNATIVES = [
    "def one_hot(ids, vocab_size):\n    return torch.eye(vocab_size, dtype=torch.float64)[ids]\n",
    """\
def one_hot(ids, vocab_size):
    return torch.tensor([[1.0 if place == id else 0.0 for place in range(vocab_size)] for id in ids])
""",
    """\
def one_hot(ids, vocab_size):
    return (torch.tensor(ids)[:, None] == torch.arange(vocab_size)).float()
""",
]

MUTANTS = [
    ("decimal", {"vocab_size)\n    rows[": "vocab_size, dtype=torch.long)\n    rows["}),
    ("decimal", "def one_hot(ids, vocab_size):\n    return torch.tensor(ids)[:, None] == torch.arange(vocab_size)\n"),
    ("one_each", {"rows[torch.arange(len(ids)), ids]": "rows[:, ids]"}),
    ("rows", {"ids] = 1.0": "[id - 1 for id in ids]] = 1.0"}),
    ("shape", {"return rows": "return rows.T"}),
    ("shape", {"(ids), vocab_size)": "(ids), max(ids) + 1)"}),
    ("tensor", {"return rows": "return rows.tolist()"}),
    (
        "forbidden",
        "def one_hot(ids, vocab_size):\n    return nn.functional.one_hot(torch.tensor(ids), vocab_size).float()\n",
    ),
]
