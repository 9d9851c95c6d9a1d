"""What a model sees: the last ids, at most as many as its window holds."""

from gptcourse.exercises.expect import Wrong, ids, same

NUMBER, STARS = 4, 2
NAMES = ("visible_window",)


def cases(draw):
    yield [1, 2, 3, 4], 3
    yield [1, 2], 3
    yield [], 3
    yield [6, 5, 4], 3
    yield [8, 9], 1
    for block_size in range(1, 6):
        yield draw.ids(draw.randrange(9), 50), block_size


def verify(result, all_ids, block_size):
    window = ids(result)
    if len(all_ids) <= block_size:
        same(window, all_ids, "short")
    if len(window) != block_size and len(all_ids) > block_size:
        raise Wrong("size", got=len(window), block_size=block_size)
    if window == all_ids[:block_size]:
        same(window, all_ids[len(all_ids) - len(window) :], "front")
    same(window, all_ids[len(all_ids) - len(window) :])


SOLUTION = """\
def visible_window(ids, block_size):
    return list(ids[-block_size:])
"""

ALTERNATIVES = [
    """\
def visible_window(ids, block_size):
    if len(ids) <= block_size:
        return tuple(ids)
    return tuple(ids[len(ids) - block_size :])
""",
    """\
from collections import deque


def visible_window(ids, block_size):
    return list(deque(ids, maxlen=block_size))
""",
    """\
def visible_window(ids, block_size):
    return torch.tensor(ids[max(0, len(ids) - block_size) :])
""",
]

MUTANTS = [
    ("front", {"ids[-block_size:]": "ids[:block_size]"}),
    ("size", {"-block_size:": "1 - block_size :"}),
    ("size", {"-block_size:": "-block_size - 1 :"}),
    ("size", {"ids[-block_size:]": "ids"}),
    ("short", {"-block_size:": "len(ids) - block_size :"}),
    ("short", {"list(ids[-block_size:])": "[0] * (block_size - len(ids)) + ids[-block_size:]"}),
    ("value", {"ids[-block_size:]": "reversed(ids[-block_size:])"}),
    ("items", {"list(ids[-block_size:])": "[ids[-block_size:]]"}),
]
