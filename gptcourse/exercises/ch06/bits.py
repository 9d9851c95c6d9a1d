"""Bits per character from a perplexity per token."""

import math

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 6, 2
NAMES = ("perplexity_to_bits",)


def cases(draw):
    yield 2, 100, 100
    yield 20, 1000, 4500
    yield 9, 1600, 4500
    yield 1, 50, 200
    for _ in range(5):
        yield round(draw.uniform(2, 50), 2), draw.randint(100, 900), draw.randint(1000, 3000)


def verify(result, perplexity, tokens, characters):
    bits = number(result)
    per_token = math.log(perplexity) / math.log(2)
    expected = per_token * tokens / characters
    if abs(bits - expected) > 1e-6:
        _differs(bits, math.log(perplexity) * tokens / characters, "nats")
        _differs(bits, per_token, "per_token")
        _differs(bits, per_token * tokens, "total")
        _differs(bits, per_token * characters / tokens, "ratio")
    close(bits, expected)


def _differs(bits, mistaken, key):
    if math.isclose(bits, mistaken, rel_tol=1e-5):
        raise Wrong(key)


SOLUTION = """\
def perplexity_to_bits(perplexity, tokens, characters):
    return math.log2(perplexity) * tokens / characters
"""

ALTERNATIVES = [
    """\
def perplexity_to_bits(perplexity, tokens, characters):
    loss = math.log(perplexity)
    nats = loss * tokens
    return nats / math.log(2) / characters
""",
    """\
def perplexity_to_bits(perplexity, tokens, characters):
    bits_per_token = torch.tensor(float(perplexity), dtype=torch.float64).log2()
    return bits_per_token / (characters / tokens)
""",
]

MUTANTS = [
    ("nats", {"math.log2": "math.log"}),
    ("nats", {"math.log2(": "math.log1p(-1 + "}),
    ("value", {"math.log2": "math.log10"}),
    ("per_token", {" * tokens / characters": ""}),
    ("total", {" / characters": ""}),
    ("ratio", {"tokens / characters": "characters / tokens"}),
    ("value", {"math.log2(perplexity)": "perplexity"}),
    ("nothing", {"return ": ""}),
]
