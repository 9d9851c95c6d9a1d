"""The number of parameters of a GPT, by formula."""

import math

from gptcourse.exercises.expect import Wrong, same, whole

NUMBER, STARS = 1, 1
NAMES = ("num_params",)
FORBIDDEN = ("GPT", "GPTConfig")


def cases(draw):
    yield 65, 128, 128, 2, True
    yield 11, 5, 6, 3, False
    yield 50257, 1024, 768, 12
    yield 7, 3, 4, 1, False
    for _ in range(5):
        yield (
            draw.randrange(50, 90),
            draw.randrange(3, 20),
            4 * draw.randrange(2, 9),
            draw.randrange(1, 5),
            draw.random() < 0.5,
        )


def verify(result, V, T, C, L, tied=True):
    norm = [(C,), (C,)]
    block = 2 * norm + [(C, 3 * C), (3 * C,), (C, C), (C,), (C, 4 * C), (4 * C,), (4 * C, C), (C,)]
    wanted = sum(math.prod(shape) for shape in [(V, C), (T, C), *L * block, *norm])
    found = whole(result)
    if not tied:
        if found == wanted:
            raise Wrong("untied")
        wanted += V * C
    elif found == wanted + V * C:
        raise Wrong("tied")
    if found == wanted + V:
        raise Wrong("head_bias")
    if wanted - found in range(C, (13 * L + 2) * C + 1, C):
        raise Wrong("vectors")
    same(found, wanted)


SOLUTION = """\
def num_params(V, T, C, L, tied=True):
    block = 12 * C**2 + 13 * C
    head = 0 if tied else V * C
    return (V + T) * C + L * block + 2 * C + head
"""

ALTERNATIVES = [
    """\
def linear(inputs, outputs):
    return inputs * outputs + outputs


def num_params(V, T, C, L, tied=True):
    total = V * C + T * C
    for _ in range(L):
        total += 2 * C + linear(C, 3 * C) + linear(C, C)
        total += 2 * C + linear(C, 4 * C) + linear(4 * C, C)
    total += 2 * C
    if not tied:
        total += C * V
    return total
""",
    """\
def num_params(V, T, C, L, tied=True):
    tables = [V, T, 2] if tied else [V, T, 2, V]
    return float(C * sum(tables) + L * (C * (12 * C + 13)))
""",
]

MUTANTS = [
    ("vectors", {"13 * C": "4 * C"}),
    ("vectors", {"13 * C": "9 * C"}),
    ("vectors", {" + 2 * C + head": " + head"}),
    ("untied", {"0 if tied else V * C": "0"}),
    ("tied", {"0 if tied else V * C": "V * C"}),
    ("tied", {"0 if tied else V * C": "V * C if tied else 0"}),
    ("head_bias", {"+ head": "+ head + V"}),
    ("value", {"12 * C**2": "8 * C**2"}),
    ("value", {"(V + T) * C": "V * C"}),
    ("value", {"L * block": "block"}),
    ("forbidden", "def num_params(*sizes):\n    return gptcourse.GPT(gptcourse.GPTConfig(*sizes)).num_params()\n"),
    ("nothing", {"return ": ""}),
]
