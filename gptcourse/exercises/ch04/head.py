"""One head of attention, for a text and for a batch, with and without the causal mask."""

from gptcourse.exercises.expect import Wrong, close, is_tensor, sequence, tensor

NUMBER, STARS = 4, 2
NAMES = ("head",)
PURE = True


def cases(draw):
    def case(*shape, D=2, causal=True):
        return draw.normal(*shape), *(draw.normal(shape[-1], D) for _ in range(3)), causal

    yield case(4, 3)
    yield case(4, 3, causal=False)
    yield case(2, 3, 5, D=4)
    yield case(1, 3)
    T = draw.randrange(3, 6)
    yield case(draw.randrange(1, 4), T, 2 * T, D=T + 1, causal=draw.random() < 0.5)


def verify(result, x, W_q, W_k, W_v, causal):
    import torch
    import torch.nn.functional as F

    if is_tensor(result) or len(sequence(result, key="pair")) != 2:
        raise Wrong("pair")
    *batch, T, C = x.shape
    D = W_q.shape[1]
    shapes = (*batch, T, D), (*batch, T, T)
    if [tuple(getattr(each, "shape", ())) for each in result] == [*reversed(shapes)]:
        raise Wrong("swapped")
    y, weights = (tensor(each, shape) for each, shape in zip(result, shapes, strict=True))
    q, k, v = (x.double() @ W.double() for W in (W_q, W_k, W_v))

    def fused(v, **how):
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal, **how)

    one = torch.eye(T, dtype=torch.float64).expand(*batch, T, T)  # the weights come out where these are the values
    if weights.isnan().any():
        raise Wrong("nan")
    if weights.sum(-1).sub(1).abs().max() > 1e-4:
        raise Wrong("rows")
    if causal and weights.triu(1).abs().max() > 1e-6:
        raise Wrong("future")
    if not causal and T > 1 and weights.triu(1).abs().max() < 1e-9:
        raise Wrong("all")
    if not torch.allclose(weights, fused(one), rtol=1e-4, atol=1e-5):
        scaled = any(torch.allclose(weights, fused(one, scale=1 / c), atol=1e-5) for c in (1, D, C, C**0.5))
        raise Wrong("scale" if scaled else "weights")
    close(y, fused(v), "output")


SOLUTION = """\
def head(x, W_q, W_k, W_v, causal=True):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    if causal:
        future = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v, weights
"""

ALTERNATIVES = [
    """\
def head(x, W_q, W_k, W_v, causal=True):
    if x.ndim == 3:
        y, w = zip(*[head(text, W_q, W_k, W_v, causal) for text in x])
        return torch.stack(y), torch.stack(w)
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    T, D = q.shape
    weights = torch.zeros(T, T)
    for i in range(T):
        seen = i + 1 if causal else T
        scores = torch.tensor([(q[i] * k[j]).sum() / math.sqrt(D) for j in range(seen)])
        weights[i, :seen] = scores.softmax(0)
    return [weights @ v, weights]
""",
    """\
def head(x, W_q, W_k, W_v, causal=True):
    x, W_q, W_k, W_v = (z.to(torch.float64) for z in (x, W_q, W_k, W_v))
    scores = torch.einsum("...ic,...jc->...ij", x @ W_q, x @ W_k) / math.sqrt(W_k.shape[1])
    exps = (scores - scores.amax(-1, keepdim=True)).exp()
    exps = exps.tril() if causal else exps
    weights = exps / exps.sum(-1, keepdim=True)
    return torch.einsum("...ij,...jc->...ic", weights, x @ W_v), weights
""",
    """\
def head(x, W_q, W_k, W_v, causal=True):
    batch = x if x.ndim == 3 else x[None]
    q, k, v = batch @ W_q, batch @ W_k, batch @ W_v
    scores = torch.bmm(q, k.mT) * W_q.shape[-1] ** -0.5
    if causal:
        T = x.shape[-2]
        scores[:, torch.arange(T)[:, None] < torch.arange(T)] = -torch.inf
    weights = F.softmax(scores, dim=2)
    y = torch.bmm(weights, v)
    return (y, weights) if x.ndim == 3 else (y[0], weights[0])
""",
]

MUTANTS = [
    ("raised", {"k.transpose(-2, -1)": "k.transpose(0, 1)"}),
    ("scale", {"q.shape[-1]": "x.shape[-1]"}),
    ("scale", {" / q.shape[-1] ** 0.5": ""}),
    ("rows", {"dim=-1": "dim=-2"}),
    ("rows", {"scores.softmax(dim=-1)": "scores.exp()"}),
    ("nan", {"triu(1)": "triu()"}),
    ("future", {"if causal": "if not causal"}),
    ("all", {"if causal": "if True"}),
    ("weights", {"q, k, v = x @ W_q, x @ W_k": "k, q, v = x @ W_q, x @ W_k"}),
    ("output", {"weights @ v, ": "weights @ k, "}),
    ("pair", {"weights @ v, weights": "weights @ v"}),
    ("swapped", {"weights @ v, weights": "weights, weights @ v"}),
    ("changed", {"    q, k, v = x @ W_q, x @ W_k, x @ W_v": "    q, k, v = x @ W_q, x @ W_k, x @ W_v\n    x -= x"}),
    ("nothing", {"return ": ""}),
]
