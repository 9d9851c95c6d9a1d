"""Input and target from one list of ids, the target `n` places later."""

from gptcourse.exercises.expect import Wrong, ids, same, sequence

NUMBER, STARS = 1, 1
NAMES = ("shift",)
PURE = True


def cases(draw):
    yield [5, 6, 7, 8], 1
    yield [5, 6, 7, 8, 9, 10], 2
    yield [5, 6, 7, 8], 3
    for length in range(5, 10):
        yield draw.ids(length, 100), draw.randrange(1, length)


def verify(result, tokens, n):
    inputs, targets = map(ids, sequence(result, 2, "pair"))
    expected = [(tokens[i], tokens[i + n]) for i in range(len(tokens) - n)]
    if len(inputs) != len(targets):
        raise Wrong("unequal", inputs=len(inputs), targets=len(targets))
    if len(inputs) != len(expected):
        raise Wrong("count", got=len(inputs), wanted=len(expected))
    first, second = map(list, zip(*expected, strict=True))
    if (inputs, targets) == (second, first) != (first, second):
        raise Wrong("swapped")
    same(inputs, first, "input")
    same(targets, second, "target")


SOLUTION = """\
def shift(ids, n):
    return ids[:-n], ids[n:]
"""

ALTERNATIVES = [
    """\
def shift(ids, n):
    pairs = list(zip(ids, ids[n:]))
    return [a for a, b in pairs], [b for a, b in pairs]
""",
    """\
def shift(ids, n):
    ids = torch.tensor(ids)
    return ids[: len(ids) - n], ids[n:]
""",
    """\
def shift(ids, n):
    x, y = [], []
    for i in range(n, len(ids)):
        x.append(ids[i - n])
        y.append(ids[i])
    return [x, y]
""",
]

MUTANTS = [
    ("unequal", {"ids[:-n]": "ids[:-1]"}),
    ("unequal", {"ids[:-n]": "ids"}),
    ("count", {"ids[:-n], ids[n:]": "ids[:-1], ids[1:]"}),
    ("count", {"ids[:-n], ids[n:]": "ids[: -n - 1], ids[n:-1]"}),
    ("swapped", {"ids[:-n], ids[n:]": "ids[n:], ids[:-n]"}),
    ("input", {"ids[:-n]": "ids[n:]"}),
    ("target", {"ids[n:]": "ids[:-n]"}),
    ("pair", {"return ids[:-n], ids[n:]": "return dict(zip(ids, ids[n:]))"}),
    ("changed", "def shift(ids, n):\n    y = ids[n:]\n    del ids[-n:]\n    return ids, y\n"),
    ("nothing", {"return ids": "ids"}),
]
