"""The perplexity from the probabilities of the tokens that came."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 2, 1
NAMES = ("perplexity",)
PURE = True


def cases(draw):
    yield ([0.25] * 7,)
    yield ([1.0, 1.0],)
    yield ([0.5, 0.125],)
    yield ([0.1, 0.001] * 300,)
    for length in range(1, 6):
        yield ([draw.uniform(0.01, 1) for _ in range(length)],)


def verify(result, probabilities):
    import statistics

    value, expected = number(result), 1 / statistics.geometric_mean(probabilities)
    if max(probabilities) == 1 == min(probabilities):
        return close(value, 1, "certain")
    if max(probabilities) == min(probabilities):
        return close(value, expected, "alike")
    if len(probabilities) > 100:
        return close(value if value == value else 0, expected, "long")
    for mistake in (sum(1 / p for p in probabilities) / len(probabilities), 1 / statistics.mean(probabilities)):
        if abs(value - mistake) < 1e-5 < abs(value - expected):
            raise Wrong("mean")
    close(value, expected)


SOLUTION = """\
def perplexity(probabilities):
    nats = [-math.log(p) for p in probabilities]
    return math.exp(sum(nats) / len(nats))
"""

ALTERNATIVES = [
    "def perplexity(probabilities):\n    return torch.tensor(probabilities).log().mean().neg().exp()\n",
    """\
def perplexity(probabilities):
    bits = 0
    for p in probabilities:
        bits -= math.log2(p)
    return 2 ** (bits / len(probabilities))
""",
    """\
def perplexity(probabilities):
    return math.prod(p ** (-1 / len(probabilities)) for p in probabilities)
""",
]

MUTANTS = [
    ("alike", {" / len(nats)": ""}),
    ("alike", {"-math.log": "math.log"}),
    ("alike", {"-math.log": "-math.log2"}),
    ("alike", {"math.exp(sum(nats) / len(nats))": "sum(nats) / len(nats)"}),
    ("certain", {"return ": "if not any(nats):\n        return 0.0\n    return "}),
    ("mean", "def perplexity(probabilities):\n    return sum(1 / p for p in probabilities) / len(probabilities)\n"),
    ("mean", "def perplexity(probabilities):\n    return len(probabilities) / sum(probabilities)\n"),
    (
        "long",
        "def perplexity(probabilities):\n"
        "    return torch.tensor(probabilities).double().prod() ** (-1 / len(probabilities))\n",
    ),
    ("raised", "def perplexity(probabilities):\n    return math.prod(probabilities) ** (-1 / len(probabilities))\n"),
    ("value", {"return math.exp(sum(nats) / len(nats))": "return math.exp(sorted(nats)[len(nats) // 2])"}),
    ("nothing", {"return ": ""}),
]
