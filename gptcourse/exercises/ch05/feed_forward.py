"""The feed-forward network with ReLU, and the same with one hidden number held at 0."""

from gptcourse.exercises.expect import Wrong, close, is_close, sequence, tensor

NUMBER, STARS = 4, 2
NAMES = ("feed_forward", "without")
PURE = True


def cases(draw):
    import torch

    x, W_1, b_1 = torch.tensor([[1.0, 2.0], [3.0, 1.0], [0.5, 0.5]]), torch.ones(2, 4), torch.tensor([1.0, 2, -9, 1])
    yield 1, x, W_1, b_1, torch.tensor([[1.0, 2], [3, -4], [5, 6], [7, 8]]), torch.tensor([0.5, -0.5])
    for hidden, F, *shape in [
        (0, 8, 2, 5, 3),
        (5, 6, 4),
        (draw.randrange(5), 5, 3, 2),
        (draw.randrange(9), 9, 2, 1, 3),
    ]:
        C = shape[-1]
        x, W_1, b_1 = draw.normal(*shape), draw.normal(C, F), draw.normal(F)
        yield hidden, x, W_1, b_1, draw.normal(F, C), draw.normal(C)


def probe(feed_forward, without, hidden, x, W_1, b_1, W_2, b_2):
    return feed_forward(x, W_1, b_1, W_2, b_2), without(hidden, x, W_1, b_1, W_2, b_2)


def verify(result, hidden, x, W_1, b_1, W_2, b_2):
    import torch.nn.functional as F

    both = sequence(result, 2)
    if any(each is None for each in both):
        raise Wrong("nothing")
    y, held = (tensor(each, x.shape) for each in both)
    x, W_1, b_1, W_2, b_2 = (each.double() for each in (x, W_1, b_1, W_2, b_2))
    before = F.linear(x, W_1.T, b_1)
    wanted = F.linear(before.relu(), W_2.T, b_2)
    if is_close(y, before @ W_2 + b_2) and not is_close(y, wanted):
        raise Wrong("relu")
    close(y, wanted, "network")
    rest = [i for i in range(len(b_1)) if i != hidden]
    wanted_held = F.linear(before[..., rest].relu(), W_2[rest].T, b_2)
    if is_close(held, wanted) and not is_close(held, wanted_held):
        raise Wrong("still_there")
    close(held, wanted_held, "held")


SOLUTION = """\
def feed_forward(x, W_1, b_1, W_2, b_2):
    return (x @ W_1 + b_1).clamp(min=0) @ W_2 + b_2


def without(hidden, x, W_1, b_1, W_2, b_2):
    h = (x @ W_1 + b_1).clamp(min=0)
    h[..., hidden] = 0
    return h @ W_2 + b_2
"""

ALTERNATIVES = [
    """\
def feed_forward(x, W_1, b_1, W_2, b_2):
    return F.relu(x @ W_1 + b_1) @ W_2 + b_2


def without(hidden, x, W_1, b_1, W_2, b_2):
    W_2 = W_2.clone()
    W_2[hidden] = 0
    return feed_forward(x, W_1, b_1, W_2, b_2)
""",
    """\
def feed_forward(x, W_1, b_1, W_2, b_2):
    result = b_2.double().expand(x.shape).clone()
    for i in range(len(b_1)):
        result += torch.relu(x @ W_1[:, i] + b_1[i])[..., None] * W_2[i]
    return result


def without(hidden, x, W_1, b_1, W_2, b_2):
    keep = torch.arange(len(b_1)) != hidden
    return feed_forward(x, W_1[:, keep], b_1[keep], W_2[keep], b_2)
""",
    """\
import numpy as np


def hidden_numbers(x, W_1, b_1):
    return np.maximum(x.numpy() @ W_1.numpy() + b_1.numpy(), 0)


def feed_forward(x, W_1, b_1, W_2, b_2):
    return hidden_numbers(x, W_1, b_1) @ W_2.numpy() + b_2.numpy()


def without(hidden, x, W_1, b_1, W_2, b_2):
    lost = hidden_numbers(x, W_1, b_1)[..., hidden, None] * W_2[hidden].numpy()
    return feed_forward(x, W_1, b_1, W_2, b_2) - lost
""",
]

MUTANTS = [
    ("relu", {"(x @ W_1 + b_1).clamp(min=0) @": "(x @ W_1 + b_1) @"}),
    ("network", {"return (x @ W_1 + b_1).clamp(min=0) @ W_2 + b_2": "return (x @ W_1).clamp(min=0) @ W_2 + b_2"}),
    ("network", {"clamp(min=0) @ W_2 + b_2": "clamp(min=0) @ W_2"}),
    ("network", {"clamp(min=0) @": "abs() @"}),
    ("still_there", {"    h[..., hidden] = 0\n": ""}),
    ("held", {"h[..., hidden] = 0": "h[hidden] = 0"}),
    (
        "held",
        {
            "    h[..., hidden] = 0\n": "",
            "    h = (x @ W_1": "    W_1 = W_1.clone()\n    W_1[:, hidden] = 0\n    h = (x @ W_1",
        },
    ),
    ("held", {"h[..., hidden]": "h[..., hidden - 1]"}),
    ("changed", {"    h[..., hidden] = 0\n": "    W_2[hidden] = 0\n"}),
    ("nothing", {"return h": "h"}),
    ("nothing", {"return (x": "(x"}),
]
