"""Recall at k: the share of questions whose right place is among the first k."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 4, 2
NAMES = ("recall_at",)
PURE = True


def cases(draw):
    yield [[3, 1, 2]], [1], 2
    yield [[3, 1, 2]], [2], 2
    yield [[2, 0, 1], [0, 1, 2], [2, 1, 0], [1, 0, 2]], [0, 0, 0, 0], 2
    yield [[4, 2], [5]], [2, 0], 3
    for k in range(1, 6):
        ranked = [draw.sample(range(8), draw.randint(4, 8)) for _ in range(4)]
        yield ranked, draw.ids(4, 8), k


def verify(result, ranked, right, k):
    got = number(result)
    if not 0 <= got <= 1:
        raise Wrong("share")
    ranks = [
        {place: rank for rank, place in enumerate(places, 1)}.get(place)
        for places, place in zip(ranked, right, strict=True)
    ]
    if ranks == [k]:
        close(got, 1, "value" if got else "last")
    if ranks == [k + 1]:
        close(got, 0, "after")
    close(got, sum(1 for rank in ranks if rank and rank <= k) / len(ranks))


SOLUTION = """\
def recall_at(ranked, right, k):
    hits = [place in places[:k] for places, place in zip(ranked, right)]
    return sum(hits) / len(hits)
"""

ALTERNATIVES = [
    """\
def recall_at(ranked, right, k):
    found = 0
    for n in range(len(right)):
        for rank, place in enumerate(ranked[n]):
            if rank < k and place == right[n]:
                found += 1
                break
    return found / len(right)
""",
    """\
def recall_at(ranked, right, k):
    hits = torch.tensor([float(place in set(places[:k])) for places, place in zip(ranked, right)])
    return hits.mean()
""",
]

MUTANTS = [
    ("share", {" / len(hits)": ""}),
    ("last", {"[:k]": "[: k - 1]"}),
    ("last", {"[:k]": "[:1]"}),
    ("after", {"[:k]": "[: k + 1]"}),
    ("after", {"[:k]": ""}),
    ("last", {"place in places[:k]": "places[0] == place"}),
    ("value", {"sum(hits) / len(hits)": "all(hits) + 0.0"}),
    ("value", {"sum(hits)": "bool(sum(hits))"}),
    ("raised", {"place in places[:k]": "places.index(place) < k"}),
    ("value", {"/ len(hits)": "/ k"}),
    ("number", {"return sum(hits) / len(hits)": "return hits"}),
]
