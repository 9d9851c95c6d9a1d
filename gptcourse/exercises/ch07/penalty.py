"""The repetition penalty, on one row of logits."""

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 6, 2
NAMES = ("penalized",)
PURE = True


def cases(draw):
    import torch

    yield torch.tensor([2.0, -2.0, 1.0, -1.0]), [0, 1], 2.0
    yield torch.tensor([2.0, -2.0, 1.0, -1.0]), [0, 1, 0], 2.0
    yield torch.tensor([3.0, 0.0, -1.0]), [2, 1, 2, 2], 1.5
    yield torch.tensor([3.0, 0.5, -1.0]), [2, 1, 0], 1.0
    for length in range(5, 9):
        yield draw.normal(length) * 3, draw.ids(4, length), round(draw.uniform(1.1, 2), 2)


def verify(result, logits, ids, penalty):
    got, before = tensor(result, logits.shape).tolist(), logits.double().tolist()

    def times(value, count):
        return value / penalty**count if value > 0 else value * penalty**count

    for token in sorted(range(len(before)), key=ids.count):
        value, old, count = got[token], before[token], ids.count(token)
        if count == 0:
            close(value, old, "unseen")
        elif count > 1 and abs(times(old, 1) - value) > 1e-4 > abs(times(old, count) - value):
            raise Wrong("twice")
        else:
            close(value, times(old, 1), "positive" if old > 0 else "negative")


SOLUTION = """\
def penalized(logits, ids, penalty):
    logits = logits.clone()
    seen = torch.tensor(sorted(set(ids)))
    old = logits[seen]
    logits[seen] = torch.where(old > 0, old / penalty, old * penalty)
    return logits
"""

ALTERNATIVES = [
    """\
def penalized(logits, ids, penalty):
    new = [z / penalty if z > 0 else z * penalty for z in logits.tolist()]
    return torch.tensor([new[i] if i in ids else z for i, z in enumerate(logits.tolist())], dtype=torch.float64)
""",
    """\
def penalized(logits, ids, penalty):
    result = logits.clone()
    for i in ids:
        result[i] = logits[i] / penalty if logits[i] > 0 else logits[i] * penalty
    return result
""",
    """\
def penalized(logits, ids, penalty):
    seen = torch.zeros_like(logits).index_fill(0, torch.tensor(ids), 1.0)
    return logits * penalty ** (-seen * logits.sign())
""",
]

MUTANTS = [
    ("changed", {"logits.clone()": "logits"}),
    ("negative", {"torch.where(old > 0, old / penalty, old * penalty)": "old / penalty"}),
    ("positive", {"torch.where(old > 0, old / penalty, old * penalty)": "old * penalty"}),
    ("positive", {"old > 0": "old < 0"}),
    (
        "twice",
        "def penalized(logits, ids, penalty):\n    logits = logits.clone()\n    for i in ids:\n"
        "        logits[i] = logits[i] / penalty if logits[i] > 0 else logits[i] * penalty\n    return logits\n",
    ),
    ("unseen", {"    old = logits[seen]\n": "    old = seen = logits\n", "logits[seen] = ": "logits = "}),
    ("unseen", {"    return logits": "    return logits.log_softmax(-1)"}),
    ("shape", {"    return logits": "    return logits[seen]"}),
    ("nothing", {"    return logits": "    logits"}),
]
