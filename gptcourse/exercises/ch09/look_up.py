"""A query answered by keys and values: softmax of scaled dot products, applied to the values."""

from gptcourse.exercises.expect import close, tensor

NUMBER, STARS = 2, 2
NAMES = ("look_up",)
PURE = True


def cases(draw):
    import torch

    yield draw.normal(3), draw.normal(4, 3), torch.ones(4, 2), 1.0
    yield draw.normal(3), draw.normal(4, 3), draw.normal(4, 2), 0
    yield torch.tensor([1.0, 2.0]), torch.tensor([[0.0, 1.0], [1.0, 1.0], [2.0, -2.0]]), draw.normal(3, 3), 1000.0
    yield torch.tensor([1.0, 1.0]), torch.eye(2), torch.tensor([[1.0, 2.0], [5.0, 8.0]]), 2.0
    for N in (1, 3, 5):
        yield draw.normal(4), draw.normal(N, 4), draw.normal(N, 3), draw.choice([0.5, 1.0, 2.0])


def verify(result, q, K, V, scale):
    import math

    got = tensor(result, (V.shape[1],))
    if V.eq(1).all():
        close(got, V[0], "ones")
    if scale == 0:
        close(got, V.double().mean(0), "mean")
    products = [scale * sum(a * b for a, b in zip(q.tolist(), key, strict=True)) for key in K.tolist()]
    sizes = [math.exp(product - max(products)) for product in products]
    wanted = sum(size / sum(sizes) * value for size, value in zip(sizes, V.double(), strict=True))
    close(got, wanted, "large" if scale > 100 else "value", rtol=1e-3, atol=1e-4)


SOLUTION = """\
def look_up(q, K, V, scale):
    weights = torch.softmax(scale * (K @ q), dim=0)
    return weights @ V
"""

ALTERNATIVES = [
    """\
def look_up(q, K, V, scale):
    return torch.nn.functional.scaled_dot_product_attention(q[None, None], K[None], V[None], scale=scale)[0, 0]
""",
    """\
import math


def look_up(q, K, V, scale):
    scores = [scale * float(key.double() @ q.double()) for key in K]
    exps = [math.exp(score - max(scores)) for score in scores]
    result = torch.zeros(V.shape[1], dtype=torch.float64)
    for e, value in zip(exps, V):
        result += e / sum(exps) * value
    return result
""",
    """\
import numpy as np


def look_up(q, K, V, scale):
    scores = scale * np.einsum("nc,c->n", K.numpy(), q.numpy())
    exps = np.exp(scores - scores.max())
    return exps / exps.sum() @ V.numpy()
""",
]

MUTANTS = [
    ("ones", {"torch.softmax(scale * (K @ q), dim=0)": "(scale * (K @ q))"}),
    ("ones", {"torch.softmax(": "torch.exp(", ", dim=0": ""}),
    ("mean", {"scale * ": ""}),
    ("mean", {"weights @ V": "V[weights.argmax()]"}),
    ("nan", {"scale * (K @ q)": "(K @ q) / scale"}),
    (
        "nan",
        {"weights =": "exps =", "torch.softmax(": "torch.exp(", ", dim=0)": ")", "weights @": "exps / exps.sum() @"},
    ),
    ("large", {"scale *": "scale / 1000 *"}),
    ("value", {"scale *": "scale / len(q) ** 0.5 *"}),
    ("shape", {"weights @ V": "weights @ K"}),
    ("shape", {"weights @ V": "weights"}),
    ("nothing", {"return ": ""}),
]
