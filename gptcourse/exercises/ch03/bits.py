"""From nats per token to bits per character."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 3, 1
NAMES = ("bits_per_char",)


def cases(draw):
    import math

    yield 1.0, 1, 1
    yield math.log(256), 10, 40
    yield 0.0, 3, 9
    for _ in range(4):
        tokens = draw.randrange(2, 100)
        yield draw.uniform(0.5, 5), tokens, tokens + draw.randrange(1, 300)


def verify(result, loss, tokens, chars):
    import torch

    value = number(result)
    bits = -torch.tensor(-loss, dtype=torch.float64).exp().log2().item()
    if tokens == chars:
        return close(value, bits, "unit")
    expected = bits * (tokens / chars)
    for key, mistake in (("unit", loss * tokens / chars), ("chars", bits), ("turned", bits * chars / tokens)):
        if abs(value - mistake) < 1e-5 < abs(value - expected):
            raise Wrong(key)
    close(value, expected)


SOLUTION = """\
def bits_per_char(loss, tokens, chars):
    return loss * tokens / chars / math.log(2)
"""

ALTERNATIVES = [
    """\
def bits_per_char(loss, tokens, chars):
    all_nats = torch.tensor(loss).double() * tokens
    return all_nats / chars * math.log2(math.e)
""",
    """\
def bits_per_char(loss, tokens, chars):
    bits_per_token = math.log(math.exp(loss), 2)
    return bits_per_token / (chars / tokens)
""",
]

MUTANTS = [
    ("unit", {" / math.log(2)": ""}),
    ("unit", {"/ math.log(2)": "* math.log(2)"}),
    ("unit", {"/ math.log(2)": "/ 2"}),
    ("value", {" * tokens": ""}),
    ("turned", {"tokens / chars": "chars / tokens"}),
    ("chars", {" * tokens / chars": ""}),
    ("value", {"loss * tokens / chars": "loss * (tokens // chars)"}),
    ("nothing", {"return ": ""}),
]
