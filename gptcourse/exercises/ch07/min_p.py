"""A cut at a share of the best token's probability."""

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 5, 2
NAMES = ("min_p",)
PURE = True


def cases(draw):
    import torch

    logits = torch.tensor([4.51, 0.89, -1.90, 6.75, 1.63, -1.62, -1.89, 6.28, 1.79])
    yield logits, 0.1
    yield torch.tensor([2.0, 2.0, 1.0]), 1.0
    yield torch.tensor([[9.0, 0.0, 0.0, 0.0], [0.2, 0.1, 0.0, -0.1]]), 0.5
    yield logits, 1e-9
    yield draw.normal(2, 2, 5), 0.3
    for _ in range(3):
        yield draw.normal(3, 6) * 2, round(draw.uniform(0.05, 0.8), 2)


def verify(result, logits, share):
    import torch

    p = tensor(result, logits.shape)
    full = logits.double().softmax(-1)
    best = full.max(-1, keepdim=True).values
    wanted, kept = full >= share * best * (1 - 1e-9), p > 0
    if not torch.equal(kept, wanted):
        if torch.equal(kept, full >= share * best.max()):
            raise Wrong("rows")
        if kept.any() and torch.equal(kept, full >= share):
            raise Wrong("absolute")
        raise Wrong("cut" if (kept & ~wanted).any() else "lost")
    close(p.sum(-1), torch.ones(p.shape[:-1]), "sum")
    expected = torch.where(wanted, full, 0.0)
    close(p, expected / expected.sum(-1, keepdim=True))


SOLUTION = """\
def min_p(logits, share):
    p = torch.softmax(logits, dim=-1)
    p = p.masked_fill(p < share * p.max(dim=-1, keepdim=True).values, 0.0)
    return p / p.sum(dim=-1, keepdim=True)
"""

ALTERNATIVES = [
    """\
def min_p(logits, share):
    bar = logits.amax(-1, keepdim=True) + math.log(share)
    return torch.where(logits >= bar, logits, -math.inf).softmax(-1)
""",
    """\
def min_p(logits, share):
    result = torch.zeros(logits.shape, dtype=torch.float64)
    for row, out in zip(logits.reshape(-1, logits.shape[-1]), result.view(-1, logits.shape[-1])):
        exps = (row - row.max()).double().exp()
        keep = exps >= share
        out[keep] = exps[keep] / exps[keep].sum()
    return result
""",
]

MUTANTS = [
    ("absolute", {"share * p.max(dim=-1, keepdim=True).values": "share"}),
    ("rows", {"p.max(dim=-1, keepdim=True).values": "p.max()"}),
    ("sum", {"return p / p.sum(dim=-1, keepdim=True)": "return p"}),
    ("cut", {", 0.0)": ", 1e-9)"}),
    ("cut", {"return p / p.sum(dim=-1, keepdim=True)": "return p.softmax(dim=-1)"}),
    ("lost", {"p < share": "p <= share"}),
    ("lost", {"share * p.max(dim=-1, keepdim=True).values": "p.max(dim=-1, keepdim=True).values"}),
    ("value", {"    return p /": "    p = (p > 0).float()\n    return p /"}),
    ("shape", {"    return p / p.sum(dim=-1, keepdim=True)": "    p = p[p > 0]\n    return p / p.sum()"}),
    (
        "changed",
        "def min_p(logits, share):\n    p = logits.softmax(-1)\n"
        "    logits[p < share * p.amax(-1, keepdim=True)] = -math.inf\n    return logits.softmax(-1)\n",
    ),
]
