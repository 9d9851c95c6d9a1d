"""The gradient of the mean cross-entropy with respect to the logits, by its formula."""

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 7, 2
NAMES = ("loss_gradient",)
PURE = True
FORBIDDEN = ("backward",)


def cases(draw):
    import torch

    yield torch.tensor([[2.0, 0.0, 1.0, -1.0], [0.5, 3.0, 0.0, 0.0], [0.0, 1.0, 2.0, 3.0]]), torch.tensor([0, 2, 2])
    yield torch.zeros(5, 2, dtype=torch.float64), torch.tensor([1, 0, 0, 1, 1])
    yield torch.tensor([[0.0, 1.0, -1.0]]), torch.tensor([1])
    for tokens in range(2, 6):
        rows = draw.randrange(2, 6)
        yield 2 * draw.normal(rows, tokens), draw.whole_tensor(0, tokens, rows)


def verify(result, logits, targets):
    import torch

    gradient = tensor(result, logits.shape).double()
    z = logits.double().clone().requires_grad_()
    torch.nn.functional.cross_entropy(z, targets).backward()
    if torch.allclose(gradient, z.grad, rtol=1e-4, atol=1e-5):
        return
    close(gradient.sum(dim=1), torch.zeros(len(targets)), "rows")
    factor = float((gradient * z.grad).sum() / (z.grad**2).sum())
    if abs(factor) > 1e-3 and torch.allclose(gradient, factor * z.grad, atol=1e-5):
        raise Wrong("sign" if factor < 0 else "mean")
    close(gradient, z.grad)


SOLUTION = """\
def loss_gradient(logits, targets):
    y = F.one_hot(targets, logits.shape[-1]).to(logits.dtype)  # (N, V)
    return (logits.softmax(dim=-1) - y) / len(targets)
"""

ALTERNATIVES = [
    """\
def loss_gradient(logits, targets):
    e = torch.exp(logits.double() - logits.double().amax(dim=1, keepdim=True))
    gradient = e / e.sum(dim=1, keepdim=True)
    gradient[torch.arange(len(targets)), targets] -= 1
    return gradient / len(targets)
""",
    """\
def loss_gradient(logits, targets):
    rows = []
    for row, right in zip(logits.tolist(), targets.tolist()):
        total = sum(math.exp(z) for z in row)
        rows.append([(math.exp(z) / total - (j == right)) / len(logits) for j, z in enumerate(row)])
    return torch.tensor(rows)
""",
]

MUTANTS = [
    ("mean", {" / len(targets)": ""}),
    ("mean", {"len(targets)": "logits.numel()"}),
    ("sign", {"logits.softmax(dim=-1) - y": "y - logits.softmax(dim=-1)"}),
    ("rows", {"logits.softmax(dim=-1) - y": "logits - y"}),
    ("rows", {"dim=-1": "dim=0"}),
    ("rows", {"logits.softmax(dim=-1) - y": "logits.softmax(dim=-1)"}),
    ("value", {"one_hot(targets,": "one_hot((targets + 1) % logits.shape[-1],"}),
    ("shape", {"return (logits.softmax(dim=-1) - y)": "return (logits.softmax(dim=-1) - y).sum(dim=0)"}),
    ("changed", {"    return": "    logits -= logits.mean(dim=-1, keepdim=True)\n    return"}),
    (
        "forbidden",
        "def loss_gradient(logits, targets):\n    z = logits.clone().requires_grad_()\n"
        "    F.cross_entropy(z, targets).backward()\n    return z.grad\n",
    ),
    ("nothing", {"return ": ""}),
]
