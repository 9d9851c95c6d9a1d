"""The other row with the largest cosine to row i, equal rows and long rows among them."""

from gptcourse.exercises.expect import Wrong, whole

NUMBER, STARS = 3, 2
NAMES = ("nearest_other",)
PURE = True


def cases(draw):
    import torch

    mixed = torch.tensor([[1.0, 0.0], [10.0, 10.0], [1.0, -1.0], [-1.0, 0.5], [3.0, 1.0]])
    twins = torch.tensor([[1.0, 5.0], [4.0, 3.0], [5.0, 4.0], [4.0, 3.0], [-4.0, 3.0]])
    yield mixed, 0
    yield twins, 3
    yield twins, 1
    yield torch.tensor([[1.0, 0.0], [-1.0, 0.0]]), 0
    yield torch.tensor([[-1.0, 2.0], [-1.0, -3.0], [2.0, 0.0]]), 0
    for rows in range(4, 7):
        yield draw.normal(rows, 3), draw.randrange(rows)


def verify(result, vectors, i):
    import torch

    row = whole(result)
    others = [n for n in range(len(vectors)) if n != i]
    table = vectors.double()
    unit = table / table.norm(dim=1, keepdim=True)
    cosines = [float(unit[n] @ unit[i]) for n in range(len(vectors))]
    if row == i:
        raise Wrong("itself" if max(cosines[n] for n in others) > 0 else "negative")
    if row not in others:
        raise Wrong("no_row", rows=len(vectors))
    best = {n for n in others if cosines[n] > max(cosines[m] for m in others) - 1e-6}
    if row in best:
        return
    by_dot = max(others, key=lambda n: float(table[n] @ table[i]))
    by_distance = min(others, key=lambda n: float((table[n] - table[i]).norm()))
    twins = {n for n in others if torch.equal(vectors[n], vectors[i])}
    if twins:
        raise Wrong("twin")
    raise Wrong("long" if row in (by_dot, by_distance) else "value")


SOLUTION = """\
import torch


def nearest_other(vectors, i):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ unit[i]
    scores[i] = -2
    return int(scores.argmax())
"""

ALTERNATIVES = [
    """\
def nearest_other(vectors, i):
    best, best_row = None, None
    for n in range(len(vectors)):
        value = gptcourse.cosine(vectors[n : n + 1], vectors[i])[0]
        if n != i and (best is None or value > best):
            best, best_row = value, n
    return best_row
""",
    """\
def nearest_other(vectors, i):
    scores = torch.cosine_similarity(vectors, vectors[i][None], dim=1)
    scores[i] = -torch.inf
    return scores.argmax()
""",
    """\
def nearest_other(vectors, i):
    def cosine(n):
        return vectors[n] @ vectors[i] / vectors[n].norm()
    return max((n for n in range(len(vectors)) if n != i), key=cosine)
""",
]

MUTANTS = [
    ("itself", {"    scores[i] = -2\n": ""}),
    ("negative", {"-2": "0"}),
    ("negative", {"-2": "-1"}),
    (
        "itself",
        {"    scores[i] = -2\n    return int(scores.argmax())": "    return int(scores.sort(stable=True)[1][-2])"},
    ),
    ("twin", {"scores[i] = -2": "scores[scores > 0.9999] = -2"}),
    ("long", {"torch.nn.functional.normalize(vectors, dim=1)": "vectors", "-2": "-torch.inf"}),
    (
        "long",
        "def nearest_other(vectors, i):\n    far = torch.cdist(vectors, vectors[i][None])[:, 0]\n"
        "    far[i] = torch.inf\n    return int(far.argmin())\n",
    ),
    ("long", {"dim=1": "dim=0", "-2": "-99"}),
    ("value", {"-2": "2", "argmax": "argmin"}),
    ("no_row", {"argmax())": "argmax()) + 1"}),
    ("whole", {"int(scores.argmax())": "vectors[scores.argmax()]"}),
    ("changed", {"    unit = ": "    vectors /= vectors.norm(dim=1, keepdim=True)\n    unit = "}),
]
