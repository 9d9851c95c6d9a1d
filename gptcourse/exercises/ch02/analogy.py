"""The row nearest to row a − row b + row c, none left out."""

from gptcourse.exercises.expect import Wrong, whole

NUMBER, STARS = 4, 2
NAMES = ("strict_analogy",)
PURE = True


def cases(draw):
    import torch

    table = torch.tensor(
        [[3.0, 1.0, 0.0], [3.0, 0.0, 1.0], [1.0, 3.0, 0.0], [1.0, 2.0, 1.0], [0.0, -2.0, 2.0], [0.2, 0.8, -0.2]]
    )
    lengths = torch.tensor([[2.0, 0.0], [1.0, 0.0], [1.0, 1.0], [10.0, 1.0], [20.0, 20.0], [4.0, 2.0]])
    between = torch.tensor([[1.0, 0.0], [1.0, 1.0], [3.0, 3.5], [0.0, 1.0]])  # row b is the answer
    yield table, 1, 0, 2
    yield lengths, 0, 1, 2
    yield table, 3, 3, 4
    yield table, 4, 2, 2
    yield lengths, 3, 2, 1
    yield between, 0, 1, 2
    for rows in range(5, 8):
        yield draw.normal(rows, 4), *draw.sample(range(rows), 3)


def verify(result, vectors, a, b, c):
    import torch

    row, table = whole(result), vectors.double()
    if not 0 <= row < len(table):
        raise Wrong("no_row", rows=len(table))

    def best(query):
        cosines = [float(torch.cosine_similarity(each, query, dim=0)) for each in table]
        return [n for n, value in enumerate(cosines) if value > max(cosines) - 1e-6]

    query = table[a] - table[b] + table[c]
    right = best(query)
    if row in right:
        return
    if set(right) <= {a, b, c}:
        raise Wrong("left_out")
    if row in best(table[b] - table[a] + table[c]):
        raise Wrong("turned")
    by_length = int((table @ query).argmax()), int((table - query).norm(dim=1).argmin())
    raise Wrong("long" if row in by_length else "value")


SOLUTION = """\
import torch


def strict_analogy(vectors, a, b, c):
    query = vectors[a] - vectors[b] + vectors[c]
    return int(torch.cosine_similarity(vectors, query[None], dim=1).argmax())
"""

ALTERNATIVES = [
    """\
def strict_analogy(vectors, a, b, c):
    return gptcourse.nearest(vectors, vectors[a] - vectors[b] + vectors[c], 1)[0][0]
""",
    """\
def strict_analogy(vectors, a, b, c):
    query = [x - y + z for x, y, z in zip(*(vectors[n].tolist() for n in (a, b, c)))]
    def cosine(row):
        return sum(x * y for x, y in zip(row, query)) / sum(x * x for x in row) ** 0.5
    rows = vectors.tolist()
    return rows.index(max(rows, key=cosine))
""",
]

MUTANTS = [
    ("turned", {"vectors[a] - vectors[b]": "vectors[b] - vectors[a]"}),
    ("long", {"torch.cosine_similarity(vectors, query[None], dim=1)": "(vectors @ query)"}),
    (
        "long",
        {"torch.cosine_similarity(vectors, query[None], dim=1).argmax": "torch.cdist(vectors, query[None]).argmin"},
    ),
    (
        "left_out",
        "def strict_analogy(vectors, a, b, c):\n"
        "    scores = gptcourse.cosine(vectors, vectors[a] - vectors[b] + vectors[c])\n"
        "    scores[[a, b, c]] = -2\n    return int(scores.argmax())\n",
    ),
    (
        "left_out",
        "def strict_analogy(vectors, a, b, c):\n"
        "    scores = gptcourse.cosine(vectors, vectors[a] - vectors[b] + vectors[c])\n"
        "    scores[b] = -2\n    return int(scores.argmax())\n",
    ),
    ("value", {" + vectors[c]": ""}),
    ("whole", {"int(torch.cosine_similarity(vectors, query[None], dim=1).argmax())": "query"}),
    ("no_row", {"argmax())": "argmax()) - 9"}),
    ("changed", {"    return": "    vectors /= vectors.norm(dim=1, keepdim=True)\n    return"}),
]
