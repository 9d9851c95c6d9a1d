"""The mean negative log-likelihood of a text under counted pairs, infinite for what was never counted."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 4, 2
NAMES = ("bigram_nll",)
PURE = True


def cases(draw):
    counts = {("a", "b"): 3, ("a", "a"): 1, ("b", "a"): 2, ("c", "b"): 5}
    yield counts, "aab"
    yield {("x", "y"): 4, ("y", "x"): 1}, "xyxy"
    yield counts, "abb"
    yield counts, "acb"
    yield counts, "dab"
    yield counts, "abaab"  # one pair twice
    for length in range(3, 8):
        text = "".join(draw.choice("abc") for _ in range(length))
        seen = text + "".join(draw.choice("abc") for _ in range(8))
        pairs = [*zip(seen, seen[1:], strict=False)]
        yield {pair: pairs.count(pair) for pair in pairs}, text


def verify(result, counts, text):
    import math

    value = number(result)
    pairs = [*zip(text, text[1:], strict=False)]
    firsts = {a for a, _ in counts}
    if any(pair not in counts for pair in pairs):
        if value != math.inf:
            raise Wrong("missing" if {a for a, _ in pairs} <= firsts else "unknown")
        return
    if value < -1e-9:
        raise Wrong("negative")

    def cost(in_all):
        return sum(math.log(in_all(*pair)) - math.log(counts[pair]) for pair in pairs)

    total = cost(lambda a, _: sum(count for (first, _), count in counts.items() if first == a))
    mistakes = {
        "turned": cost(lambda _, b: sum(count for (_, second), count in counts.items() if second == b)) / len(pairs),
        "together": cost(lambda *_: sum(counts.values())) / len(pairs),
        "mean": total,
        "length": total / len(text),
    }
    expected = total / len(pairs)
    for key, mistake in mistakes.items():
        if abs(value - mistake) < 1e-5 < abs(value - expected):
            raise Wrong(key if key != "length" else "mean")
    close(value, expected)


SOLUTION = """\
def bigram_nll(counts, text):
    totals = Counter()
    for (a, _), count in counts.items():
        totals[a] += count
    total = 0.0
    for a, b in zip(text, text[1:]):
        if not counts.get((a, b)):
            return math.inf
        total -= math.log(counts[a, b] / totals[a])
    return total / (len(text) - 1)
"""

ALTERNATIVES = [
    """\
def bigram_nll(counts, text):
    costs = []
    for i in range(1, len(text)):
        a, b = text[i - 1 : i + 1]
        try:
            p = counts[a, b] / sum(n for pair, n in counts.items() if pair[0] == a)
        except KeyError:
            return float("inf")
        costs.append(-math.log(p))
    return sum(costs) / len(costs)
""",
    """\
def bigram_nll(counts, text):
    chars = sorted(set(text).union(*counts))
    N = torch.zeros(len(chars), len(chars), dtype=torch.float64)
    for (a, b), count in counts.items():
        N[chars.index(a), chars.index(b)] = count
    P = N / N.sum(dim=1, keepdim=True).clamp(min=1)
    ids = torch.tensor([chars.index(c) for c in text])
    return -P[ids[:-1], ids[1:]].log().mean()
""",
]

INFINITE = "            return math.inf\n"
INFINITE_AFTER_KNOWN = "            if totals[a]:\n                return math.inf\n            continue\n"
START = "    totals = Counter()\n"

MUTANTS = [
    ("raised", {"        if not counts.get((a, b)):\n" + INFINITE: ""}),
    ("missing", {"return math.inf": "continue"}),
    ("missing", {"return math.inf": "return 0.0"}),
    ("unknown", {INFINITE: INFINITE_AFTER_KNOWN}),
    ("negative", {"total -=": "total +="}),
    ("mean", {" / (len(text) - 1)": ""}),
    ("mean", {"(len(text) - 1)": "len(text)"}),
    ("together", {"totals[a])": "sum(counts.values()))"}),
    ("turned", {"(a, _), count": "(_, a), count", "totals[a])": "totals[b])"}),
    ("value", {"zip(text, text[1:])": "set(zip(text, text[1:]))", "(len(text) - 1)": "len(set(zip(text, text[1:])))"}),
    ("value", {"math.log(counts": "math.log2(counts"}),
    ("changed", {START: "    for a in text:\n        counts.setdefault((a, 'z'), 0)\n" + START}),
    ("nothing", {"return total": "total"}),
]
