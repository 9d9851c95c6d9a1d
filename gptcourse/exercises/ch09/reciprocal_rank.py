"""The mean of 1 divided by the rank of the right place."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 6, 2
NAMES = ("reciprocal_rank",)
PURE = True


def cases(draw):
    yield [[2, 0, 1]], [2]
    yield [[2, 0], [1, 2]], [2, 1]
    yield [[0, 3, 1]], [3]
    yield [[0, 1], [1, 0]], [5, 1]
    yield [[6, 2, 0, 5], [3, 4, 1, 2]], [5, 1]
    for count in range(2, 7):
        ranked = [draw.sample(range(6), draw.randint(2, 6)) for _ in range(count)]
        yield ranked, draw.ids(count, 6)


def verify(result, ranked, right):
    got = number(result)
    if not 0 <= got <= 1:
        raise Wrong("mean")
    found = [1 + places.index(place) for places, place in zip(ranked, right, strict=True) if place in places]
    if set(found) == {1} and len(found) == len(right):
        close(got, 1, "first")
    wanted = sum(count / rank for rank, count in ((rank, found.count(rank)) for rank in set(found))) / len(right)
    close(got, wanted, "absent" if len(found) < len(right) else "value")


SOLUTION = """\
def reciprocal_rank(ranked, right):
    values = [1 / (places.index(place) + 1) if place in places else 0 for places, place in zip(ranked, right)]
    return sum(values) / len(values)
"""

ALTERNATIVES = [
    """\
def reciprocal_rank(ranked, right):
    total = 0.0
    for places, place in zip(ranked, right):
        for rank, each in enumerate(places, start=1):
            if each == place:
                total += 1 / rank
                break
    return total / len(ranked)
""",
    """\
def reciprocal_rank(ranked, right):
    values = torch.zeros(len(right))
    for n, place in enumerate(right):
        values[n] = sum(1 / (rank + 1) for rank in range(len(ranked[n])) if ranked[n][rank] == place)
    return values.mean()
""",
]

MUTANTS = [
    ("raised", {"(places.index(place) + 1)": "places.index(place)"}),
    ("raised", {" if place in places else 0": ""}),
    ("first", {"(places.index(place) + 1)": "(places.index(place) + 2)"}),
    ("first", {"/ len(values)": "/ sum(len(places) for places in ranked)"}),
    ("mean", {" / len(values)": ""}),
    (
        "absent",
        {
            "if place in places else 0 for places, place in zip(ranked, right)": "for places, place in zip(ranked, right)"
            " if place in places"
        },
    ),
    ("absent", {"else 0": "else 1 / (len(places) + 1)"}),
    ("value", {"1 / (places.index(place) + 1)": "1 - places.index(place) / len(places)"}),
    ("value", {"1 / (places.index(place) + 1) if place in places else 0": "places[0] == place"}),
    ("number", {"return sum(values) / len(values)": "return values"}),
]
