"""Inverse document frequency of every id that occurs in some documents."""

import math

from gptcourse.exercises.expect import Wrong, close, mapping, number

NUMBER, STARS = 3, 2
NAMES = ("idf",)
PURE = True


def cases(draw):
    yield ([[1, 4], [2, 1], [3], [5]],)
    yield ([[1, 1, 2], [3], [4, 3, 4, 4]],)
    yield ([[7, 1], [7, 2], [7]],)
    yield ([[6]],)
    for count in range(2, 7):
        yield ([draw.ids(draw.randint(1, 6), 8) for _ in range(count)],)


def verify(result, documents):
    found = mapping(result)
    known = {id for document in documents for id in document}
    if known - set(found):
        raise Wrong("missing")
    if set(found) - known:
        raise Wrong("extra")
    for id in known:
        inside = [document.count(id) for document in documents if id in document]
        got, wanted = number(found[id], "items"), math.log(len(documents)) - math.log1p(len(inside))
        if max(inside) > 1:
            close(got, wanted, "often")
        close(got, wanted, "everywhere" if len(inside) == len(documents) else "value")


SOLUTION = """\
import math
from collections import Counter


def idf(documents):
    containing = Counter(id for document in documents for id in set(document))
    return {id: math.log(len(documents) / (1 + count)) for id, count in containing.items()}
"""

ALTERNATIVES = [
    """\
def idf(documents):
    sets = [set(document) for document in documents]
    found = {}
    for id in sorted(set().union(*sets)):
        inside = sum(id in each for each in sets)
        found[id] = torch.log(torch.tensor(len(sets) / (1 + inside)))
    return found
""",
    """\
import numpy as np


def idf(documents):
    ids = np.unique(np.concatenate(documents))
    inside = np.array([[id in document for document in documents] for id in ids]).sum(axis=1)
    return dict(zip(ids.tolist(), np.log(len(documents)) - np.log(1 + inside)))
""",
]

MUTANTS = [
    ("often", {"set(document)": "document"}),
    ("everywhere", {"math.log(len(documents) / (1 + count))": "max(0, math.log(len(documents) / (1 + count)))"}),
    ("value", {"(1 + count)": "count"}),
    ("value", {"math.log(": "math.log2("}),
    ("value", {"len(documents)": "sum(map(len, documents))"}),
    ("value", {"math.log(len(documents) / (1 + count))": "len(documents) / (1 + count)"}),
    ("value", {"len(documents) / (1 + count)": "(1 + count) / len(documents)"}),
    ("missing", {"containing.items()}": "containing.items() if count < len(documents)}"}),
    (
        "extra",
        "import math\n\n\ndef idf(documents):\n    count = [sum(id in each for each in documents) for id in range(10)]\n"
        "    return {id: math.log(len(documents) / (1 + n)) for id, n in enumerate(count)}\n",
    ),
    ("dict", {"return {id: ": "return [", "items()}": "items()]"}),
]
