"""The entropy of many distributions at once, some with zeros."""

from gptcourse.exercises.expect import Wrong, close, is_tensor, number, tensor

NUMBER, STARS = 4, 2
NAMES = ("entropies",)
PURE = True


def cases(draw):
    import torch

    yield (torch.tensor([0.5, 0.25, 0.125, 0.125]),)
    yield (torch.tensor([[0.5, 0.0, 0.5], [0.2, 0.3, 0.5]]),)
    yield (torch.tensor([0.0, 1.0, 0.0]),)
    yield ((draw.normal(2, 3, 5) * 2).softmax(-1),)
    for rows in (2, 4):
        p = draw.uniform_tensor(rows, 6) * draw.whole_tensor(0, 2, rows, 6)
        p[:, 2] += 0.5
        yield (p / p.sum(-1, keepdim=True),)


def verify(result, p):
    import torch

    shape = tuple(p.shape[:-1])
    entropies = torch.tensor(number(result, "tensor")) if not shape and not is_tensor(result) else tensor(result, shape)
    if entropies.isnan().any():
        raise Wrong("zeros" if (p == 0).any() else "nan")
    expected = torch.special.entr(p.double()).sum(-1)
    for key, mistaken in (
        ("sign", -expected),
        ("bits", expected / torch.tensor(2.0).log()),
        ("choices", expected.exp()),
    ):
        if expected.max() > 0.1 and torch.allclose(entropies.double(), mistaken, rtol=1e-3):
            raise Wrong(key)
    close(entropies, expected)


SOLUTION = """\
def entropies(p):
    return -torch.where(p > 0, p * p.log(), 0.0).sum(dim=-1)
"""

ALTERNATIVES = [
    """\
def entropies(p):
    return torch.special.entr(p).sum(-1)
""",
    """\
def entropies(p):
    return -(p * p.clamp(min=1e-30).log()).sum(-1)
""",
    """\
def entropies(p):
    rows = [-sum(x * math.log(x) for x in row if x > 0) for row in p.flatten(0, -2).tolist()] if p.ndim > 1 else None
    if rows is None:
        return -sum(x * math.log(x) for x in p.tolist() if x > 0)
    return torch.tensor(rows, dtype=torch.float64).reshape(p.shape[:-1])
""",
]

MUTANTS = [
    ("zeros", {"torch.where(p > 0, p * p.log(), 0.0)": "(p * p.log())"}),
    ("zeros", {"torch.where(p > 0, p * p.log(), 0.0)": "(torch.where(p > 0, p, 0.0) * p.log())"}),
    ("sign", {"-torch": "torch"}),
    ("bits", {".log()": ".log2()"}),
    (
        "choices",
        {"return -torch.where(p > 0, p * p.log(), 0.0).sum(dim=-1)": "return torch.special.entr(p).sum(-1).exp()"},
    ),
    ("shape", {"dim=-1": "dim=0"}),
    ("shape", {"dim=-1": ""}),
    ("shape", {"dim=-1": "dim=-1, keepdim=True"}),
    ("value", {"p * p.log()": "p.log()"}),
    ("value", {".sum(": ".mean("}),
    ("value", {"p * p.log(), 0.0": "p * p.log(), 1.0"}),
    ("tensor", {"return -": "return p.ndim > 1 and -"}),
]
