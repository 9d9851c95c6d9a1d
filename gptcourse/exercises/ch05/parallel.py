"""A block whose attention and feed-forward network stand side by side; the probe sets its weights and returns them."""

from functools import partial

from gptcourse.exercises.expect import Wrong, close, is_close, mapping, sequence, tensor

NUMBER, STARS = 8, 3
NAMES = ("Parallel",)

GIVEN = """\
import gptcourse
import math
import time
from dataclasses import MISSING, astuple, dataclass, fields

import torch
import torch.nn.functional as F
from gptcourse import plots, show
from torch import nn


def attend(q, k, v):
    T, D = q.shape[-2:]
    future = torch.ones(T, T, dtype=torch.bool).triu(1)
    scores = q @ k.transpose(-2, -1) / math.sqrt(D)  # (…, T, D) x (…, D, T) -> (…, T, T)
    return scores.masked_fill(future, -math.inf).softmax(dim=-1) @ v  # (…, T, D)


class Attention(nn.Module):
    def __init__(self, C, H, bias=False):
        super().__init__()
        self.H = H
        self.qkv = nn.Linear(C, 3 * C, bias=bias)
        self.proj = nn.Linear(C, C)

    def forward(self, x):
        B, T, C = x.shape
        parts = self.qkv(x).chunk(3, dim=-1)  # (B, T, C) each
        q, k, v = (z.view(B, T, self.H, C // self.H).transpose(1, 2) for z in parts)  # (B, H, T, D)
        y = attend(q, k, v).transpose(1, 2).reshape(B, T, C)
        return self.proj(y)


class MLP(nn.Module):
    def __init__(self, C, f=F.relu):
        super().__init__()
        self.up = nn.Linear(C, 4 * C)
        self.down = nn.Linear(4 * C, C)
        self.f = f

    def forward(self, x):
        return self.down(self.f(self.up(x)))  # (B, T, C) -> (B, T, 4C) -> (B, T, C)


class Bare(nn.Module):
    def __init__(self, C, H, bias=False, f=F.relu):
        super().__init__()
        self.attn = Attention(C, H, bias)
        self.mlp = MLP(C, f)

    def forward(self, x):
        return self.mlp(self.attn(x))  # (B, T, C)


class Residual(Bare):
    def forward(self, x):
        x = x + self.attn(x)
        return x + self.mlp(x)
"""

PARTS = {f"{part}.{kind}" for part in ("ln", "attn.proj", "mlp.up", "mlp.down") for kind in ("weight", "bias")}
PARTS.add("attn.qkv.weight")


def cases(draw):
    yield 4, 2, draw.normal(2, 3, 4), 1
    H = draw.randrange(1, 4)
    yield 3 * H, H, draw.normal(1, 4, 3 * H), draw.randrange(100)


def probe(Parallel, C, H, x, seed):
    import torch

    block = Parallel(C, H)
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in block.parameters():
            parameter.normal_(std=0.5)
        return block(x), dict(block.state_dict())


def verify(result, C, H, x, seed):
    import torch.nn.functional as F

    y, state = sequence(result, 2)
    if y is None:
        raise Wrong("nothing")
    state = mapping(state)
    if set(state) - {"attn.qkv.bias"} != PARTS:
        raise Wrong("parts", names=", ".join(sorted({str(name).split(".")[0] for name in state})))
    y, x = tensor(y, x.shape), x.double()
    state = {name: value.double() for name, value in state.items()}

    def linear(x, name):
        return F.linear(x, state[f"{name}.weight"], state.get(f"{name}.bias"))

    def ln(x):
        return F.layer_norm(x, (C,), state["ln.weight"], state["ln.bias"])

    def mlp(x, f=F.relu):
        return linear(f(linear(x, "mlp.up")), "mlp.down")

    def attn(x, H=H):
        q, k, v = linear(x, "attn.qkv").unflatten(-1, (3, H, C // H)).permute(2, 0, 3, 1, 4)
        return linear(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2), "attn.proj")

    n = ln(x)
    # The chapter's MLP can also be built with GELU, in either form.
    bends = (F.relu, F.gelu, partial(F.gelu, approximate="tanh"))
    if any(is_close(y, x + attn(n) + mlp(n, f), atol=1e-4) for f in bends):
        return
    between = x + attn(n)
    mistakes = {
        "stream": [attn(n) + mlp(n), n + attn(n) + mlp(n)],
        "one_after_other": [between + mlp(ln(between)), between + mlp(between), between + mlp(attn(n))],
        "normalized": [x + attn(x) + mlp(x), between + mlp(x), x + attn(x) + mlp(n)],
        "heads": [x + attn(n, heads) + mlp(n) for heads in range(1, C + 1) if C % heads == 0],
    }
    for key, results in mistakes.items():
        if any(is_close(y, each, atol=1e-4) for each in results):
            raise Wrong(key)
    close(y, x + attn(n) + mlp(n))


SOLUTION = """\
class Parallel(nn.Module):
    def __init__(self, C, H):
        super().__init__()
        self.ln = nn.LayerNorm(C)
        self.attn = Attention(C, H)
        self.mlp = MLP(C)

    def forward(self, x):
        n = self.ln(x)
        return x + self.attn(n) + self.mlp(n)
"""

ALTERNATIVES = [
    """\
class Parallel(Bare):
    def __init__(self, C, H):
        super().__init__(C, H)
        self.ln = nn.LayerNorm(C)

    def forward(self, x):
        return x + sum(part(self.ln(x)) for part in (self.attn, self.mlp))
""",
    """\
class Parallel(nn.Module):
    def __init__(self, C, H):
        super().__init__()
        self.mlp, self.attn = MLP(C, f=F.gelu), Attention(C, H, bias=True)
        self.ln = nn.LayerNorm([C])

    def forward(self, stream):
        n = self.ln(stream)
        read = self.mlp(n)
        read += self.attn(n)
        return (stream + read).double()
""",
    """\
from torch.nn import LayerNorm, Module


class Parallel(Module):
    def __init__(self, width, heads=4):
        super().__init__()
        self.add_module("attn", Attention(width, heads))
        self.add_module("mlp", MLP(width))
        self.add_module("ln", LayerNorm(width, eps=1e-5))
        self.drop = nn.Dropout(0.0)

    def forward(self, x):
        n = self.ln(x)
        return self.drop(self.mlp(n)) + self.drop(self.attn(n)) + x
""",
]

MUTANTS = [
    ("stream", {"x + self.attn": "self.attn"}),
    (
        "one_after_other",
        {"return x + self.attn(n) + self.mlp(n)": "x = x + self.attn(n)\n        return x + self.mlp(x)"},
    ),
    ("normalized", {"n = self.ln(x)": "n = x"}),
    ("normalized", {"self.mlp(n)": "self.mlp(x)"}),
    ("heads", {"Attention(C, H)": "Attention(C, 1)"}),
    ("parts", {"self.ln = nn.LayerNorm(C)": "self.ln, self.ln2 = nn.LayerNorm(C), nn.LayerNorm(C)"}),
    ("parts", {"self.ln": "self.norm"}),
    ("value", {"+ self.mlp(n)": "+ 2 * self.mlp(n)"}),
    ("raised", {"        super().__init__()\n": ""}),
    ("nothing", {"return ": ""}),
]
