"""The share of the variance that the first k principal components show together."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 5, 2
NAMES = ("variance_share",)
PURE = True


def cases(draw):
    import torch

    cross = torch.tensor([[3.0, 0, 0], [-3.0, 0, 0], [0, 2.0, 0], [0, -2.0, 0], [0, 0, 1.0], [0, 0, -1.0]])
    yield cross, 2
    yield cross + torch.tensor([0.0, 0.0, 50.0]), 1
    yield cross, 0
    yield cross, 3
    for columns in range(2, 5):
        yield draw.normal(9, columns) + 2 * draw.normal(columns), draw.randrange(1, columns + 1)


def verify(result, vectors, k):
    import torch

    share, table = number(result), vectors.double()

    def of_first(spread):
        return float(spread[:k].sum() / spread.sum())

    spread = torch.linalg.eigvalsh(torch.cov(table.T)).flip(0).clamp(min=0)
    if not -1e-4 <= share <= 1 + 1e-4:
        raise Wrong("range")
    if k == 0:
        close(share, 0, "none")
    if k == table.shape[1]:
        close(share, 1, "every")
    for key, mistake in (
        ("centred", of_first(torch.linalg.eigvalsh(table.T @ table).flip(0))),
        ("squared", of_first(spread.sqrt())),
        ("together", float(spread[k - 1] / spread.sum())),
    ):
        if abs(share - mistake) < 1e-4 < abs(share - of_first(spread)):
            raise Wrong(key)
    close(share, of_first(spread), atol=1e-4)


SOLUTION = """\
import torch


def variance_share(vectors, k):
    spread = torch.linalg.svdvals(vectors - vectors.mean(dim=0)) ** 2
    return float(spread[:k].sum() / spread.sum())
"""

ALTERNATIVES = [
    "def variance_share(vectors, k):\n    return gptcourse.pca(vectors, k)[1].sum()\n",
    """\
def variance_share(vectors, k):
    spread = sorted(torch.linalg.eigvalsh(torch.cov(vectors.double().T)).tolist(), reverse=True)
    return sum(spread[:k]) / sum(spread)
""",
    """\
import numpy as np


def variance_share(vectors, k):
    centred = vectors.numpy() - vectors.numpy().mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return ((centred @ axes[:k].T) ** 2).sum() / (centred**2).sum()
""",
]

MUTANTS = [
    ("centred", {" - vectors.mean(dim=0)": ""}),
    ("value", {"mean(dim=0)": "mean(dim=1, keepdim=True)"}),
    ("squared", {" ** 2": ""}),
    ("together", {"spread[:k].sum()": "spread[k - 1]"}),
    ("none", {"[:k]": "[: max(k, 1)]"}),
    ("every", {"[:k]": "[: min(k, 2)]"}),
    ("value", {"[:k]": "[: k + 1]"}),
    ("range", {"float(": "100 * float("}),
    ("range", {" / spread.sum()": ""}),
    ("changed", {"    spread = ": "    vectors -= vectors.mean(dim=0)\n    spread = "}),
]
