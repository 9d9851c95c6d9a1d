"""The mean cross-entropy of logits and targets by hand, without a probability that becomes zero."""

from gptcourse.exercises.expect import Wrong, close, is_tensor, number

NUMBER, STARS = 6, 2
NAMES = ("cross_entropy",)
PURE = True
FORBIDDEN = (".cross_entropy", ".nll_loss", ".log_softmax", "CrossEntropyLoss", "NLLLoss", "LogSoftmax")


def cases(draw):
    import torch

    yield torch.tensor([[[2.0, 0.0, 1.0], [0.5, 3.0, 0.0]]]), torch.tensor([[0, 2]])
    yield torch.tensor([[[0.0, 200.0]]]), torch.tensor([[0]])
    yield torch.tensor([[[0.0, 200.0], [-200.0, 0.0]]]), torch.tensor([[1, 1]])
    yield torch.zeros(2, 3, 5), torch.tensor([[0, 1, 2], [3, 4, 0]])
    for tokens in range(2, 6):
        shape = draw.randrange(1, 4), draw.randrange(1, 5)
        yield 3 * draw.normal(*shape, tokens), draw.whole_tensor(0, tokens, *shape)


def verify(result, logits, targets):
    import math

    import torch

    if is_tensor(result) and result.numel() != 1 and result.shape == targets.shape:
        raise Wrong("each")
    value = number(result)
    if not math.isfinite(value):
        raise Wrong("large" if logits.abs().max() > 80 else "nan")
    each = torch.nn.functional.cross_entropy(logits.double().flatten(0, 1), targets.flatten(), reduction="none")
    expected = each.mean().item()
    for key, mistake in (("sum", each.sum()), ("sum", each.sum() / len(targets)), ("sign", -each.mean())):
        if abs(value - mistake) < 1e-5 < abs(value - expected):
            raise Wrong(key)
    close(value, expected, "large" if logits.abs().max() > 80 else "value")


SOLUTION = """\
def cross_entropy(logits, targets):
    shifted = logits - logits.amax(dim=-1, keepdim=True)  # (B, T, V)
    log_sum = shifted.exp().sum(dim=-1).log()  # (B, T)
    right = shifted.gather(-1, targets[..., None])[..., 0]  # (B, T)
    return (log_sum - right).mean()
"""

ALTERNATIVES = [
    """\
def cross_entropy(logits, targets):
    flat = logits.flatten(0, 1)
    return (flat.logsumexp(dim=1) - flat[torch.arange(len(flat)), targets.flatten()]).mean()
""",
    """\
def cross_entropy(logits, targets):
    total = 0.0
    for row, right in zip(logits.reshape(-1, logits.shape[-1]).tolist(), targets.reshape(-1).tolist()):
        top = max(row)
        total += top + math.log(sum(math.exp(z - top) for z in row)) - row[right]
    return torch.tensor(total / targets.numel(), dtype=torch.float64)
""",
    """\
def cross_entropy(logits, targets):
    log_softmax = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
    y = F.one_hot(targets, logits.shape[-1])
    return -(log_softmax * y).sum(dim=-1).mean()
""",
]

MUTANTS = [
    ("large", {" - logits.amax(dim=-1, keepdim=True)": ""}),
    (
        "large",
        "def cross_entropy(logits, targets):\n"
        "    p = logits.softmax(dim=-1).gather(-1, targets[..., None])\n    return -p.log().mean()\n",
    ),
    (
        "large",
        "def cross_entropy(logits, targets):\n"
        "    p = logits.softmax(dim=-1).gather(-1, targets[..., None])\n    return -(p + 1e-9).log().mean()\n",
    ),
    ("each", {".mean()": ""}),
    ("sum", {".mean()": ".sum()"}),
    ("sum", {".mean()": ".sum(dim=1).mean()"}),
    ("sign", {"log_sum - right": "right - log_sum"}),
    ("value", {"(log_sum - right).mean()": "(-right).mean()"}),
    (
        "forbidden",
        "def cross_entropy(logits, targets):\n    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())\n",
    ),
    (
        "forbidden",
        "def cross_entropy(logits, targets):\n"
        "    return -logits.log_softmax(dim=-1).gather(-1, targets[..., None]).mean()\n",
    ),
    ("nothing", {"return ": ""}),
]
