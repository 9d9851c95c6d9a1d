"""Smoothed probabilities from a table of counts; empty rows become uniform."""

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 5, 2
NAMES = ("add_k",)
PURE = True


def cases(draw):
    import torch

    yield torch.tensor([[3.0, 1.0], [2.0, 0.0]]), 1
    yield torch.tensor([[3.0, 1.0, 0.0], [0.0, 0.0, 0.0], [5.0, 0.0, 5.0]]), 0
    yield torch.zeros(2, 2), 0.5
    for size in range(2, 7):
        N = draw.whole_tensor(0, 6, size, size).to(torch.float64)
        N[draw.randrange(size)] = 0
        yield N, draw.choice([0, 0.01, 1.5, 20])


def verify(result, N, k):
    import torch

    P, V, totals = tensor(result, N.shape).double(), len(N), N.double().sum(dim=1, keepdim=True)
    uniform = torch.full_like(P, 1 / V)
    if k == 0:
        empty = totals[:, 0] == 0
        close(P[empty].nan_to_num(nan=-1), uniform[empty], "empty")
    if not _alike(P.sum(dim=1), 1):
        raise Wrong("columns" if _alike(P.sum(dim=0), 1) else "rows")
    counted = torch.where(totals > 0, N / totals, uniform)
    share = (k * V / (totals + k * V)).nan_to_num(nan=1.0)
    expected = (1 - share) * counted + share * uniform  # smoothing mixes what was counted with chance
    close(P, expected, "no_k" if _alike(P, counted) else "value")


def _alike(a, b):
    return bool(((a - b).abs() < 1e-5).all())


SOLUTION = """\
def add_k(N, k):
    counts = N + k
    counts = torch.where(counts.sum(dim=1, keepdim=True) == 0, torch.ones_like(counts), counts)
    return counts / counts.sum(dim=1, keepdim=True)
"""

ALTERNATIVES = [
    """\
def add_k(N, k):
    P = (N + k) / (N + k).sum(dim=1, keepdim=True)
    P[P.isnan()] = 1 / len(N)
    return P
""",
    """\
def add_k(N, k):
    rows = []
    for row in N.tolist():
        total = sum(row) + k * len(row)
        rows.append([(n + k) / total if total else 1 / len(row) for n in row])
    return torch.tensor(rows, dtype=torch.float64)
""",
    """\
def add_k(N, k):
    N = N.clone()
    N += k
    N[N.sum(dim=1) == 0] = 1
    N /= N.sum(dim=1, keepdim=True)
    return N
""",
]

WHERE = "    counts = torch.where(counts.sum(dim=1, keepdim=True) == 0, torch.ones_like(counts), counts)\n"

DIVIDE = "return counts / counts.sum(dim=1, keepdim=True)"

MUTANTS = [
    ("empty", {WHERE: ""}),
    (
        "empty",
        {
            WHERE: "",
            DIVIDE: DIVIDE + ".clamp(min=1)",
        },
    ),
    ("rows", {DIVIDE: "return counts / counts.sum(dim=1)"}),
    ("rows", {DIVIDE: "return counts / counts.sum()"}),
    ("rows", {DIVIDE: "return counts / (N.sum(dim=1, keepdim=True) + k)"}),
    ("columns", {"dim=1": "dim=0"}),
    ("no_k", {"N + k": "N + 0"}),
    ("value", {"N + k": "torch.where(N == 0, k, N)"}),
    ("value", {"N + k": "(N + k).exp()"}),
    ("changed", {"counts = N + k": "counts = N\n    counts += k"}),
    ("nothing", {"return ": ""}),
]
