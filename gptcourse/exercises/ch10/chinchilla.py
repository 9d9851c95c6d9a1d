"""The model and the amount of text that use up a budget, at a given number of tokens for each parameter."""

from gptcourse.exercises.expect import Wrong, close, numbers

NUMBER, STARS = 5, 2
NAMES = ("chinchilla",)


def cases(draw):
    yield (5.88e23,)
    yield (1e18,)
    yield 6e20, 5
    yield 6e20, 1
    for _ in range(4):
        yield 10 ** draw.uniform(18, 25), draw.randrange(2, 200)


def verify(result, flops, tokens_per_parameter=20):
    N, D = numbers(result, 2)
    if not (N > 0 and D > 0):
        raise Wrong("positive")
    exchanged = "swapped" if _agree(N / D, tokens_per_parameter) and tokens_per_parameter != 1 else None
    close(D / N / tokens_per_parameter, 1, exchanged or "ratio")
    close(6 * N * D / flops, 1, "budget")


def _agree(a, b):
    return abs(a / b - 1) < 1e-4


SOLUTION = """\
def chinchilla(flops, tokens_per_parameter=20):
    N = (flops / (6 * tokens_per_parameter)) ** 0.5
    return N, tokens_per_parameter * N
"""

ALTERNATIVES = [
    """\
import math


def chinchilla(flops, tokens_per_parameter=20):
    D = math.sqrt(flops * tokens_per_parameter / 6)
    return [D / tokens_per_parameter, D]
""",
    """\
def chinchilla(flops, tokens_per_parameter=20):
    N = torch.tensor(flops / 6 / tokens_per_parameter).sqrt()
    return torch.stack([N, N * tokens_per_parameter])
""",
    """\
def chinchilla(flops, tokens_per_parameter=20):
    low, high = 1.0, flops
    while high / low > 1 + 1e-9:
        middle = (low * high) ** 0.5
        if 6 * middle * tokens_per_parameter * middle > flops:
            high = middle
        else:
            low = middle
    return round(low), round(tokens_per_parameter * low)
""",
]

MUTANTS = [
    ("ratio", {", tokens_per_parameter * N": ", 20 * N"}),
    ("ratio", {", tokens_per_parameter * N": ", flops / N"}),
    ("budget", {"6 * tokens_per_parameter": "6"}),
    ("budget", {" ** 0.5": ""}),
    ("budget", {"6 * tokens_per_parameter": "2 * tokens_per_parameter"}),
    ("swapped", {"return N, tokens_per_parameter * N": "return tokens_per_parameter * N, N"}),
    ("positive", {"return N,": "return -N, -"}),
    ("list", {", tokens_per_parameter * N": ""}),
]
