"""Which share of a GPT's parameters is in its blocks."""

import math

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 1, 1
NAMES = ("block_share",)


def cases(draw):
    yield 7, 5, 4, 3
    yield 50257, 1024, 768, 12
    yield 3, 2, 1, 1
    for _ in range(3):
        yield draw.randrange(10, 100), draw.randrange(2, 20), draw.randrange(2, 20), draw.randrange(1, 4)


def verify(result, V, T, C, L):
    from gptcourse import GPTConfig

    share = number(result)
    if not 0 <= share <= 1:
        raise Wrong("share", got=f"{share:.3g}")
    one, two, total = (GPTConfig(V, T, n_layer=layers, n_head=1, n_embd=C).num_params() for layers in (1, 2, L))
    blocks = L * (two - one)
    rest, matrices = total - blocks, 12 * C * C * L
    often = {
        "two_tables": blocks / (total + V * C),
        "positions": blocks / (total - T * C),
        "last_norm": blocks / (total - 2 * C),
        "biases": matrices / (matrices + rest),
        "one_block": blocks / L / (blocks / L + rest),
    }
    close(share, blocks / total, next((key for key, wrong in often.items() if math.isclose(share, wrong)), "value"))


SOLUTION = """\
def block_share(V, T, C, L):
    blocks = L * (12 * C**2 + 13 * C)
    return blocks / (blocks + (V + T) * C + 2 * C)
"""

ALTERNATIVES = [
    """\
def block_share(V, T, C, L):
    attention = C * 3 * C + 3 * C + C * C + C
    mlp = C * 4 * C + 4 * C + 4 * C * C + C
    norms = 2 * (C + C)
    outside = V * C + T * C + 2 * C
    return 1 - outside / (outside + L * (attention + mlp + norms))
""",
    """\
def block_share(V, T, C, L):
    per_block = [C * 3 * C, 3 * C, C * C, C, C * 4 * C, 4 * C, 4 * C * C, C, C, C, C, C]
    total = torch.tensor([L * sum(per_block), V * C, T * C, C, C]).double()
    return (total / total.sum())[0]
""",
]

MUTANTS = [
    ("share", {"return blocks": "return 100 * blocks"}),
    ("share", {"return blocks /": "return"}),
    ("two_tables", {"(V + T)": "(2 * V + T)"}),
    ("positions", {"(V + T)": "V"}),
    ("last_norm", {" + 2 * C)": ")"}),
    ("biases", {" + 13 * C": ""}),
    ("one_block", {"L * (": "("}),
    ("value", {"12 * C**2": "8 * C**2"}),
    ("value", {"return ": "return 1 - "}),
]
