"""All pairs of a context and the token after it, from a list of ids."""

from gptcourse.exercises.expect import Wrong, ids, same, sequence, whole

NUMBER, STARS = 4, 2
NAMES = ("pairs",)


def cases(draw):
    yield [5, 6, 7, 8], 2
    yield [5, 6, 7], 5
    yield [1, 2, 3, 4], 1
    yield [5], 2
    yield [], 2
    for _ in range(5):
        yield draw.ids(draw.randrange(2, 9), 50), draw.randrange(1, 6)


def verify(result, all_ids, block_size):
    found = sequence(result)
    if len(found) != max(0, len(all_ids) - 1):
        raise Wrong("count", got=len(found), tokens=len(all_ids))
    for n, pair in enumerate(found, 1):
        try:
            context, following = sequence(pair, 2)
            context, following = ids(context), whole(following)
        except Wrong:
            raise Wrong("pair") from None
        same(following, all_ids[n], "next")
        if not context:
            raise Wrong("no_context")
        if len(context) > block_size:
            raise Wrong("long", got=len(context), block_size=block_size)
        same(context, [each for place, each in enumerate(all_ids) if n - block_size <= place < n], "context")


SOLUTION = """\
def pairs(ids, block_size):
    return [(ids[max(0, n - block_size) : n], ids[n]) for n in range(1, len(ids))]
"""

ALTERNATIVES = [
    """\
def pairs(ids, block_size):
    found, context = [], []
    for before, token in zip(ids, ids[1:]):
        context = (context + [before])[-block_size:]
        found.append([context, token])
    return found
""",
    """\
def pairs(ids, block_size):
    return tuple((tuple(ids[:n][-block_size:]), token) for n, token in enumerate(ids) if n)
""",
    """\
def pairs(ids, block_size):
    ids = torch.tensor(ids)
    return [(ids[max(0, n - block_size) : n], ids[n]) for n in range(1, len(ids))]
""",
]

MUTANTS = [
    ("no_context", {"max(0, n - block_size)": "n - block_size"}),
    ("count", {"range(1, ": "range("}),
    ("count", {"range(1, ": "range(block_size, "}),
    ("count", {"len(ids))]": "len(ids) - 1)]"}),
    ("long", {"max(0, n - block_size)": "0"}),
    ("long", {"n - block_size)": "n - block_size - 1)"}),
    ("context", {"n - block_size)": "n - block_size + 1)"}),
    ("next", {", ids[n])": ", ids[n - 1])"}),
    ("pair", {", ids[n])": ", ids[max(0, n - block_size) + 1 : n + 1])"}),
    ("nothing", {"return ": ""}),
]
