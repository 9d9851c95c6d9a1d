"""How many tokens of context fit into the memory that is left for a KV cache."""

from gptcourse.exercises.expect import Wrong, whole

NUMBER, STARS = 3, 2
NAMES = ("longest_context",)


def cases(draw):
    yield 2 * 3 * 4 * 2 * 5, 4, 3
    yield 2 * 3 * 4 * 2 * 5 - 1, 4, 3
    yield 2 * 3 * 4 * 2 * 6 + 7, 4, 3, 2
    yield 2 * 3 * 4 * 2 * 6 + 7, 4, 3, 1, 4
    yield 3, 4, 3
    yield 6 * 2**30, 768, 12
    for _ in range(4):
        C, L, batch, bytes_per_number = (draw.randrange(1, top) for top in (9, 5, 4, 5))
        yield draw.randrange(5000), C, L, batch, bytes_per_number


def verify(result, free_bytes, C, L, batch=1, bytes_per_number=2):
    tokens = whole(result)
    token = sum(C * bytes_per_number for _ in range(L) for _ in ("key", "value"))
    fits, one_more_fits = (count * token * batch <= free_bytes for count in (tokens, tokens + 1))
    if not fits:
        raise Wrong("does_not_fit" if batch == 1 or tokens * token > free_bytes else "batch", got=tokens)
    if one_more_fits:
        raise Wrong("room_left", got=tokens)


SOLUTION = """\
def longest_context(free_bytes, C, L, batch=1, bytes_per_number=2):
    return free_bytes // (2 * L * C * batch * bytes_per_number)
"""

ALTERNATIVES = [
    """\
import math


def longest_context(free_bytes, C, L, batch=1, bytes_per_number=2):
    one_token = 2 * bytes_per_number * C * L
    return math.floor(free_bytes / one_token / batch)
""",
    """\
def longest_context(free_bytes, C, L, batch=1, bytes_per_number=2):
    keys_and_values = C * 2 * L * batch
    return torch.tensor(free_bytes) // (keys_and_values * bytes_per_number)
""",
    """\
def longest_context(free_bytes, C, L, batch=1, bytes_per_number=2):
    each = free_bytes / batch
    return float(each // (2 * C * L * bytes_per_number))
""",
]

MUTANTS = [
    ("does_not_fit", {"2 * L * C": "L * C"}),
    ("does_not_fit", {"L * C": "C"}),
    ("does_not_fit", {" * bytes_per_number)": ")"}),
    ("batch", {" * batch": ""}),
    ("room_left", {"* bytes_per_number)": "* 4)"}),
    ("room_left", {"2 * L * C": "2 * L * C**2"}),
    ("whole", {"//": "/"}),
    ("does_not_fit", {"return free_bytes // (": "return -(-free_bytes // (", "number)": "number))"}),
]
