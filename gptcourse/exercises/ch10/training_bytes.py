"""The bytes that a training with AdamW holds for a model's parameters."""

from gptcourse.exercises.expect import same, whole

NUMBER, STARS = 2, 1
NAMES = ("training_bytes",)


def cases(draw):
    yield (10,)
    yield 10, 2
    yield 7, 1
    for _ in range(4):
        yield draw.randrange(1, 10**9), draw.choice([1, 2, 4, 8])


def verify(result, N, bytes_per_number=4):
    found = whole(result)
    one = N * bytes_per_number
    often = {one: "weights", 2 * one: "averages", 3 * one: "one_average", 16 * N: "always_four"}
    wanted = sum(N * bytes_per_number for _ in ("weights", "gradients", "averages", "averages of squares"))
    same(found, wanted, often.get(found, "value"))


SOLUTION = """\
def training_bytes(N, bytes_per_number=4):
    return 4 * N * bytes_per_number
"""

ALTERNATIVES = [
    """\
def training_bytes(N, bytes_per_number=4):
    weights = gradients = N * bytes_per_number
    averages = 2 * weights
    return float(weights + gradients + averages)
""",
    """\
def training_bytes(N, bytes_per_number=4):
    return torch.tensor([N, N, N, N]).sum() * bytes_per_number
""",
    """\
def training_bytes(N, bytes_per_number=4):
    total = 0
    for _ in range(4):
        total += N * bytes_per_number
    return total
""",
]

MUTANTS = [
    ("weights", {"4 * N": "N"}),
    ("averages", {"4 * N": "2 * N"}),
    ("one_average", {"4 * N": "3 * N"}),
    ("always_four", {"* bytes_per_number": "* 4"}),
    ("value", {"4 * N": "5 * N"}),
    ("nothing", {"return ": ""}),
]
