"""The places of the k largest numbers of a list."""

from gptcourse.exercises.expect import Wrong, ids, numbers, same

NUMBER, STARS = 1, 1
NAMES = ("top_k",)
PURE = True


def cases(draw):
    yield [0.1, -3.0, 2.5, 0.7], 2
    yield [5.0, 7.0], 3
    yield [0.1, 3.0, 2.0, 3.0, 3.0], 3
    yield [-2.0, -1.0, -4.0], 1
    yield [], 2
    for length in range(4, 10):
        yield [round(draw.gauss(0, 1), 1) for _ in range(length)], draw.randint(1, length)


def verify(result, scores, k):
    left, wanted = list(enumerate(scores)), []
    while left and len(wanted) < k:
        wanted.append(max(left, key=lambda each: each[1]))  # the first of equals
        left.remove(wanted[-1])
    got = numbers(result)
    if got == [score for _, score in wanted] != [place for place, _ in wanted]:
        raise Wrong("scores")
    places = ids(got, len(wanted))
    if any(not 0 <= place < len(scores) for place in places) or len(set(places)) < len(places):
        raise Wrong("places")
    chosen = [scores[place] for place in places]
    if sorted(chosen, reverse=True) != [score for _, score in wanted]:
        raise Wrong("smaller")
    if chosen != [score for _, score in wanted]:
        raise Wrong("order")
    same(places, [place for place, _ in wanted], "equals")


SOLUTION = """\
def top_k(scores, k):
    return sorted(range(len(scores)), key=lambda n: -scores[n])[:k]
"""

ALTERNATIVES = [
    """\
def top_k(scores, k):
    left, places = dict(enumerate(scores)), ()
    while left and len(places) < k:
        best = max(left, key=left.get)
        places += (best,)
        del left[best]
    return places
""",
    """\
def top_k(scores, k):
    return torch.tensor(scores).sort(descending=True, stable=True).indices[:k]
""",
    """\
import heapq


def top_k(scores, k):
    pairs = heapq.nsmallest(k, [(-score, place) for place, score in enumerate(scores)])
    return [place for _, place in pairs]
""",
]

MUTANTS = [
    ("scores", "def top_k(scores, k):\n    return sorted(scores, reverse=True)[:k]\n"),
    ("smaller", {"-scores[n]": "scores[n]"}),
    ("smaller", {"-scores[n]": "-abs(scores[n])"}),
    ("order", {"[:k]": "[:k][::-1]"}),
    (
        "order",
        "def top_k(scores, k):\n    best = sorted(scores)[::-1][:k]\n"
        "    return [n for n, score in enumerate(scores) if score in best][:k]\n",
    ),
    ("equals", "def top_k(scores, k):\n    return sorted(range(len(scores)), key=lambda n: scores[n])[::-1][:k]\n"),
    ("places", "def top_k(scores, k):\n    return [scores.index(s) for s in sorted(scores, reverse=True)[:k]]\n"),
    ("places", {"range(len(scores))": "range(1, len(scores) + 1)", "scores[n]": "scores[n - 1]"}),
    ("length", {"[:k]": ""}),
    ("length", {"[:k]": "[: k - 1]"}),
    ("raised", "def top_k(scores, k):\n    return torch.tensor(scores).topk(k).indices.tolist()\n"),
    ("changed", {"    return": "    found =", "[:k]": "[:k]\n    scores.sort()\n    return found"}),
]
