"""Write on: a new list of the old ids and n new ones, each found from all that stand before it."""

from gptcourse.exercises.expect import Wrong, ids, same

NUMBER, STARS = 3, 2
NAMES = ("continue_ids",)
PURE = True


def cases(draw):
    yield "lambda ids: 3 * ids[-1] + len(ids)", [2, 5], 3
    yield "lambda ids: sum(ids) % 50", [7], 1
    yield "lambda ids: sum(ids) + 1", [4, 4, 4], 0
    for n in range(2, 6):
        rule = f"lambda ids: ({draw.randrange(2, 9)} * sum(ids) + len(ids)) % 97"
        yield rule, draw.ids(draw.randrange(1, 4), 50), n


def probe(continue_ids, next_id, ids, n):
    result = continue_ids(eval(next_id), ids, n)
    return result, result is ids


def verify(result, next_id, before, n):
    found, same_list = result if isinstance(result, tuple) and len(result) == 2 else (result, False)
    if found is None:
        raise Wrong("nothing")
    found = ids(found)
    if found[: len(before)] != before:
        raise Wrong("beginning")
    if len(found) != len(before) + n:
        raise Wrong("count", got=len(found) - len(before), n=n)
    rule = eval(next_id)
    for place in range(len(before), len(found)):
        same(found[place], rule(found[:place]), "first" if place == len(before) else "later")
    if same_list and n == 0:
        raise Wrong("same_list")


SOLUTION = """\
def continue_ids(next_id, ids, n):
    ids = list(ids)
    for _ in range(n):
        ids.append(next_id(ids))
    return ids
"""

ALTERNATIVES = [
    """\
def continue_ids(next_id, ids, n):
    if n == 0:
        return [*ids]
    longer = ids + [next_id(ids)]
    return continue_ids(next_id, longer, n - 1)
""",
    """\
def continue_ids(next_id, ids, n):
    written = ids[:]
    while len(written) < len(ids) + n:
        written = written + [next_id(written)]
    return tuple(written)
""",
]

MUTANTS = [
    ("changed", {"list(ids)": "ids"}),
    ("count", {"range(n)": "range(n + 1)"}),
    ("count", {"range(n)": "range(n - len(ids))"}),
    ("beginning", {"return ids": "return ids[-n:]"}),
    ("later", {"ids = list(ids)": "new = list(ids)", "ids.append": "new.append", "return ids": "return new"}),
    ("first", {"next_id(ids)": "next_id(ids[-1:])"}),
    ("same_list", {"    ids = list(ids)\n": "    if n:\n        ids = list(ids)\n"}),
    ("nothing", {"    return ids\n": ""}),
    ("count", {"    return": "        return"}),
]
