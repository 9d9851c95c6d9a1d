"""The exact GELU."""

from gptcourse.exercises.expect import Wrong, close, is_close, tensor

NUMBER, STARS = 3, 1
NAMES = ("gelu",)
PURE = True
FORBIDDEN = (".gelu", "GELU")


def cases(draw):
    import torch

    yield (torch.tensor([30.0, 8.0]),)
    yield (torch.tensor([[-30.0], [-8.0]]),)
    yield (torch.tensor(0.0),)
    yield (torch.linspace(-4, 4, 25),)
    for shape in [(7,), (3, 4), (2, 1, 5)]:
        yield (2 * draw.normal(*shape),)


def verify(result, x):
    import torch.nn.functional as F

    found, x = tensor(result, x.shape), x.double()
    if x.min() > 6:
        close(found, x, "positive")
    elif x.max() < -6:
        close(found, 0 * x, "negative")
    elif is_close(found, F.gelu(x, approximate="tanh")) and not is_close(found, F.gelu(x)):
        raise Wrong("tanh")
    close(found, F.gelu(x))


SOLUTION = """\
def gelu(x):
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2
"""

ALTERNATIVES = [
    """\
def gelu(x):
    return x * torch.distributions.Normal(0, 1).cdf(x)
""",
    """\
def gelu(x):
    phi = [(1 + math.erf(z / 2**0.5)) / 2 for z in x.flatten().tolist()]
    return x.double() * torch.tensor(phi, dtype=torch.float64).reshape(x.shape)
""",
    """\
def gelu(x):
    return x * torch.special.erfc(-x / torch.sqrt(torch.tensor(2.0))) / 2
""",
]

MUTANTS = [
    ("value", {"x / math.sqrt(2)": "x"}),
    ("value", {"x / math.sqrt(2)": "x / 2"}),
    ("value", {"x * (1 + torch.erf(x / math.sqrt(2))) / 2": "x * (1.702 * x).sigmoid()"}),
    ("positive", {" / 2": ""}),
    ("positive", {"1 + ": ""}),
    ("positive", {"x * (1": "(1"}),
    ("negative", {"torch.erf(x": "torch.erf(x.abs()"}),
    (
        "tanh",
        "def gelu(x):\n    return x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2\n",
    ),
    ("changed", "def gelu(x):\n    x *= (1 + torch.erf(x / 2**0.5)) / 2\n    return x\n"),
    ("forbidden", "def gelu(x):\n    return F.gelu(x)\n"),
    ("nothing", {"return ": ""}),
]
