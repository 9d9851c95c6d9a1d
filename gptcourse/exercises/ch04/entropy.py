"""The entropy of each row of attention weights, with weights of 0 among them."""

import math

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 7, 2
NAMES = ("entropies",)
PURE = True


def cases(draw):
    import torch

    yield (torch.tensor([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.25, 0.25, 0.5]]),)
    yield (torch.ones(3, 3).tril() / torch.arange(1, 4)[:, None],)
    yield (torch.eye(2),)
    yield (torch.ones(1, 1),)
    for shape in [(4, 4), (2, 3, 3), (2, 2, 3, 3)]:
        scores = 2 * draw.normal(*shape)
        yield (scores.masked_fill(torch.ones(shape[-2:]).triu(1) > 0, -math.inf).softmax(-1),)
        yield (scores.softmax(-1),)


def verify(result, weights):
    import torch

    found = tensor(result, weights.shape[:-1])
    if found.isnan().any() and (weights == 0).any():
        raise Wrong("zeros")
    if found.min() < -1e-3:
        raise Wrong("negative")
    rows = weights.double().reshape(-1, weights.shape[-1]).tolist()
    wanted = [-sum(w * math.log(w) for w in row if w > 0) for row in rows]
    if max(wanted) > 0.1 and torch.allclose(found.flatten() * math.log(2), torch.tensor(wanted).double(), atol=1e-5):
        raise Wrong("base")
    close(found, wanted)


SOLUTION = """\
def entropies(weights):
    return -torch.xlogy(weights, weights).sum(dim=-1)
"""

ALTERNATIVES = [
    """\
def entropies(weights):
    return -(weights * weights.clamp(min=1e-9).log()).sum(-1)
""",
    """\
def entropies(weights):
    weights = weights.double()
    logs = torch.where(weights > 0, weights, 1).log()
    return (weights * -logs).sum(-1)
""",
    """\
def entropies(weights):
    if weights.ndim > 1:
        return torch.stack([entropies(part) for part in weights])
    return torch.tensor(sum(-w * math.log(w) for w in weights.tolist() if w))
""",
    """\
def entropies(weights):
    return torch.nan_to_num(-weights * weights.log()).sum(-1).numpy()
""",
]

MUTANTS = [
    ("zeros", {"torch.xlogy(weights, weights)": "(weights * weights.log())"}),
    ("negative", {"-torch": "torch"}),
    ("base", {"torch.xlogy(weights, weights)": "(weights * weights.clamp(min=1e-9).log2())"}),
    ("value", {"dim=-1": "dim=-2"}),
    ("value", {"sum(dim=-1)": "mean(dim=-1)"}),
    ("value", {"torch.xlogy(weights, weights)": "torch.log(weights.clamp(min=1e-9))"}),
    ("shape", {"sum(dim=-1)": "sum()"}),
    ("value", {"sum(dim=-1)": "sum(dim=1)"}),
    ("changed", {"    return": "    weights[weights == 0] = 1\n    return"}),
    ("nothing", {"return ": ""}),
]
