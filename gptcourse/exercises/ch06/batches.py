"""The number of batches in an epoch, without building one."""

from gptcourse.exercises.expect import Wrong, same, whole

NUMBER, STARS = 2, 1
NAMES = ("count_batches",)


def cases(draw):
    yield 5, 8, 4, 2, False
    yield 3, 8, 2, 1, True
    yield 8, 8, 8, 1, False
    yield 9, 8, 8, 1, False
    yield 21, 4, 2, 1, False
    yield 20, 4, 4, 1, True
    yield 21, 4, 2, 3, True
    yield 21, 4, 7, 1, True
    yield 21, 4, 4, 4, False
    yield 21, 4, 4, 4, True
    yield 24, 4, 4, 4, True
    for drop_last in (False, True, False, True, False):
        yield (*(draw.randint(1, most) for most in (60, 9, 12, 7)), drop_last)


def verify(result, tokens, block_size, stride, batch_size, drop_last):
    def count(tokens, stride, drop_last):
        windows = len(range(0, tokens - block_size, stride))
        sizes = [min(batch_size, windows - i) for i in range(0, windows, batch_size)]
        return sum(size == batch_size or not drop_last for size in sizes)

    batches = whole(result)
    if batches == count(tokens, stride, drop_last):
        return
    if tokens <= block_size:
        raise Wrong("short")
    if batches == count(tokens + 1, stride, drop_last):
        raise Wrong("target")
    if batches == count(tokens, block_size, drop_last):
        raise Wrong("stride")
    if batches == count(tokens, stride, not drop_last):
        raise Wrong("dropped" if drop_last else "rest")
    same(batches, count(tokens, stride, drop_last))


SOLUTION = """\
def count_batches(tokens, block_size, stride, batch_size, drop_last):
    if tokens <= block_size:
        return 0
    windows = (tokens - block_size - 1) // stride + 1
    return windows // batch_size if drop_last else -(-windows // batch_size)
"""

ALTERNATIVES = [
    """\
def count_batches(tokens, block_size, stride, batch_size, drop_last):
    windows = max(0, math.ceil((tokens - block_size) / stride))
    batches = windows / batch_size
    return math.floor(batches) if drop_last else math.ceil(batches)
""",
    """\
def count_batches(tokens, block_size, stride, batch_size, drop_last):
    windows = start = 0
    while start + block_size < tokens:
        windows, start = windows + 1, start + stride
    full, rest = divmod(windows, batch_size)
    return float(full + (rest > 0 and not drop_last))
""",
]

MUTANTS = [
    ("short", {"    if tokens <= block_size:\n        return 0\n": ""}),
    ("target", {"tokens - block_size - 1": "tokens - block_size"}),
    ("stride", {"// stride": "// block_size"}),
    ("rest", {"windows // batch_size if drop_last else -(-windows // batch_size)": "windows // batch_size"}),
    ("dropped", {"windows // batch_size if drop_last else ": ""}),
    ("value", {"(tokens - block_size - 1) // stride + 1": "tokens // stride"}),
    ("value", {"return windows": "return windows // batch_size + 1 - drop_last\n    return windows"}),
    ("whole", {"windows // batch_size if": "windows / batch_size if"}),
]
