"""LayerNorm with `mean` and `var`."""

from gptcourse.exercises.expect import Wrong, is_close, tensor

NUMBER, STARS = 2, 1
NAMES = ("layer_norm",)
PURE = True
FORBIDDEN = (".layer_norm", "LayerNorm")


def cases(draw):
    import torch

    gain, bias = torch.tensor([1.0, 2.0, -0.5]), torch.tensor([0.3, -1.0, 0.5])
    yield torch.tensor([[2.0, 2.0, 2.0], [1.0, 2.0, 4.0], [-10.0, 0.0, 5.0]]), gain, bias
    yield torch.tensor([1.0, 2.0, 6.0]), gain, bias
    yield torch.tensor([[1.0, 2.0, 6.0]]), gain, bias, 0.5
    for shape in [(5, 4), (2, 3, 6), (1, 2, 2, 5), (7,)]:
        yield 3 * draw.normal(*shape), draw.normal(shape[-1]), draw.normal(shape[-1])


def verify(result, x, gain, bias, eps=1e-5):
    import torch.nn.functional as F

    found = tensor(result, x.shape)
    x, gain, bias = x.double(), gain.double(), bias.double()

    if is_close(found, F.layer_norm(x, gain.shape, gain, bias, eps)):
        return
    if found.isnan().any():
        raise Wrong("equal" if (x.amax(-1) == x.amin(-1)).any() else "nan")
    std = (x.var(-1, keepdim=True) + eps).sqrt()
    if is_close(found, gain * (x - x.mean(-1, keepdim=True)) / std + bias):
        raise Wrong("correction")
    plain = F.layer_norm(x, gain.shape, eps=eps)
    if any(is_close(found, wrong) for wrong in (plain, gain * plain, plain + bias, gain * (plain + bias))):
        raise Wrong("gain")
    raise Wrong("eps" if eps > 1e-3 else "value")


SOLUTION = """\
def layer_norm(x, gain, bias, eps=1e-5):
    mean = x.mean(dim=-1, keepdim=True)
    var = x.var(dim=-1, keepdim=True, correction=0)
    return gain * (x - mean) / (var + eps).sqrt() + bias
"""

ALTERNATIVES = [
    """\
def layer_norm(x, gain, bias, eps=1e-5):
    mean = x.mean(-1, True)
    var = x.var(-1, unbiased=False, keepdim=True)
    return (x - mean) * torch.rsqrt(var + eps) * gain + bias
""",
    """\
def layer_norm(x, gain, bias, eps=1e-5):
    rows = []
    for row in x.double().reshape(-1, x.shape[-1]):
        C = len(row)
        var = row.var() * (C - 1) / C
        rows.append((row - row.mean()) / math.sqrt(var.item() + eps) * gain + bias)
    return torch.stack(rows).reshape(x.shape)
""",
    """\
def layer_norm(x, gain, bias, eps=1e-5):
    x, gain, bias = x.numpy(), gain.numpy(), bias.numpy()
    return gain * (x - x.mean(-1, keepdims=True)) / (x.var(-1, keepdims=True) + eps) ** 0.5 + bias
""",
]

MUTANTS = [
    ("correction", {", correction=0": ""}),
    ("equal", {" + eps": ""}),
    ("eps", {"(var + eps).sqrt()": "(var.sqrt() + eps)"}),
    ("eps", {"(var + eps)": "(var + 1e-5)"}),
    ("gain", {"gain * (": "("}),
    ("gain", {" + bias": ""}),
    ("gain", {"gain * (x - mean) / (var + eps).sqrt() + bias": "gain * ((x - mean) / (var + eps).sqrt() + bias)"}),
    ("value", {"dim=-1, keepdim=True": "dim=0, keepdim=True"}),
    ("value", {"(var + eps).sqrt()": "(var + eps)"}),
    ("value", {"x.mean(dim=-1, keepdim=True)": "x.mean()"}),
    ("changed", {"    return gain * (x - mean)": "    x -= mean\n    return gain * x"}),
    ("forbidden", {"    return": "    return F.layer_norm(x, gain.shape, gain, bias, eps)\n    return"}),
    ("nothing", {"return ": ""}),
]
