"""Top-p for many rows at once."""

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 7, 2
NAMES = ("top_p",)
FORBIDDEN = ("gptcourse",)
PURE = True


def cases(draw):
    import torch

    yield torch.tensor([[0.5, 3.0, 1.0, 2.0], [1.0, 1.5, -1.0, 0.5]]), 0.7
    yield torch.tensor([0.5, 3.0, 1.0, 2.0]), 0.01
    yield torch.tensor([2.0, 0.0, 9.0]), 0.9
    yield draw.normal(2, 2, 5), 0.5
    for share in (0.3, 0.8, 0.95):
        yield draw.normal(3, 7) * 2, share


def verify(result, logits, share):
    import torch

    p = tensor(result, logits.shape)
    width = logits.shape[-1]
    expected = []
    for row in logits.double().softmax(-1).reshape(-1, width).tolist():
        kept, total = [0.0] * width, 0.0
        while total < share:
            best = max((i for i in range(width) if not kept[i]), key=row.__getitem__)
            kept[best] = row[best]
            total += row[best]
        expected.append([each / total for each in kept])
    expected = torch.tensor(expected).reshape(logits.shape)
    counts, wanted = (p > 0).sum(-1), (expected > 0).sum(-1)
    if (counts < wanted).any():
        raise Wrong("crossing")
    if (counts > wanted).any():
        raise Wrong("tail")
    if not torch.equal(p > 0, expected > 0):
        raise Wrong("places")
    close(p.sum(-1), torch.ones(p.shape[:-1]), "sum")
    close(p, expected)


SOLUTION = """\
def top_p(logits, share):
    ranked = torch.softmax(logits, dim=-1).sort(dim=-1, descending=True)
    before = ranked.values.cumsum(dim=-1) - ranked.values
    kept = ranked.values.masked_fill(before >= share, 0.0)
    p = torch.zeros_like(kept).scatter(-1, ranked.indices, kept)
    return p / p.sum(dim=-1, keepdim=True)
"""

ALTERNATIVES = [
    """\
def top_p(logits, share):
    order = logits.argsort(dim=-1, descending=True)
    reached = logits.gather(-1, order).softmax(-1).cumsum(-1) >= share
    cut = torch.zeros_like(reached)
    cut[..., 1:] = reached[..., :-1]
    return logits.masked_fill(cut.gather(-1, order.argsort(-1)), -math.inf).softmax(-1)
""",
    """\
def top_p(logits, share):
    p = logits.double().softmax(-1)
    better = p[..., None, :] > p[..., :, None]
    kept = torch.where((better * p[..., None, :]).sum(-1) < share, p, 0)
    return kept / kept.sum(-1, keepdim=True)
""",
]

MUTANTS = [
    ("forbidden", "def top_p(logits, share):\n    return gptcourse.probabilities(logits, top_p=share)\n"),
    ("crossing", {"before >= share": "before + ranked.values > share"}),
    ("crossing", {"cumsum(dim=-1) - ranked.values": "cumsum(dim=-1)"}),
    ("tail", {"before >= share": "before - ranked.values >= share"}),
    ("tail", {", descending=True": ""}),
    ("places", {"    p = torch.zeros_like(kept).scatter(-1, ranked.indices, kept)\n": "    p = kept\n"}),
    ("places", {"torch.zeros_like(kept).scatter(-1, ranked.indices, kept)": "kept.gather(-1, ranked.indices)"}),
    ("sum", {"return p / p.sum(dim=-1, keepdim=True)": "return p"}),
    ("sum", {"return p / p.sum(dim=-1, keepdim=True)": "return p / p.sum()"}),
    ("value", {"return p / p.sum(dim=-1, keepdim=True)": "return (p > 0) / (p > 0).sum(dim=-1, keepdim=True)"}),
    ("shape", {"return p / p.sum(dim=-1, keepdim=True)": "return p.flatten() / p.sum()"}),
    ("changed", {"torch.softmax(logits, dim=-1)": "torch.softmax(logits, dim=-1, out=logits)"}),
]
