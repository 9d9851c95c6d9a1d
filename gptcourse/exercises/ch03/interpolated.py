"""The loss of a mixture of trigram, bigram, unigram and chance."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 8, 3
NAMES = ("interpolated_loss",)
PURE = True


def cases(draw):
    yield "abcab", "abab", (1, 0, 0, 0)
    yield "abcab", "abxab", (1, 0, 0, 0)  # x does not count for V
    yield "abab", "abab", (0, 0, 1, 0)
    yield "ababc", "abab", (0, 0, 0, 1)
    yield "ababc", "bbac", (0, 1, 0, 0)
    yield "abab", "abba", (0, 0, 0, 1)
    yield "abacab", "abxay", (0.4, 0.3, 0.2, 0.1)
    for length in range(3, 8):
        seen, text = ("".join(draw.choice("abcd") for _ in range(n)) for n in (16, length))
        parts = [draw.uniform(0.1, 1) for _ in range(4)]
        yield seen, text, tuple(part / sum(parts) for part in parts)


def verify(result, seen, text, shares):
    import math

    value = number(result)

    def loss(counts_last):
        costs = []
        for i in range(2, len(text)):
            parts = [1 / len(set(seen))]
            for n in range(3):
                before = text[i - n : i]
                starts = [j for j in range(len(seen) - n + (counts_last and n > 0)) if seen[j : j + n] == before]
                hits = sum(seen[j + n : j + n + 1] == text[i] for j in starts)
                parts.append(hits / len(starts) if starts else 0)
            p = sum(share * part for share, part in zip(shares, parts, strict=True))
            costs.append(-math.log(p) if p > 0 else math.inf)
        return sum(costs) / len(costs)

    expected = loss(False)
    if expected == math.inf:
        return close(value, expected, "infinite")
    if abs(value - loss(True)) < 1e-5 < abs(value - expected):
        raise Wrong("last")
    if 1 in shares:
        n = shares.index(1)
        try:
            return close(value, expected)
        except Wrong:
            raise Wrong("only" if n else "chance", n=n) from None
    close(value, expected, "unseen" if set(text) - set(seen) else "value")


SOLUTION = """\
def interpolated_loss(seen, text, shares):
    V = len(set(seen))
    counts = {}
    for n in (1, 2, 3):
        grams = Counter(seen[i : i + n] for i in range(len(seen) - n + 1))
        contexts = Counter(seen[i : i + n - 1] for i in range(len(seen) - n + 1))
        counts[n] = grams, contexts
    total = 0.0
    for i in range(2, len(text)):
        p = shares[0] / V
        for n, (grams, contexts) in counts.items():
            gram = text[i - n + 1 : i + 1]
            if contexts[gram[:-1]]:
                p += shares[n] * grams[gram] / contexts[gram[:-1]]
        total -= math.log(p) if p > 0 else -math.inf
    return total / (len(text) - 2)
"""

ALTERNATIVES = [
    """\
def interpolated_loss(seen, text, shares):
    followers = {}
    for i, char in enumerate(seen):
        for n in range(min(i, 2) + 1):
            followers.setdefault(seen[i - n : i], []).append(char)
    costs = []
    for i in range(2, len(text)):
        p = shares[0] / len(set(seen))
        for n in (0, 1, 2):
            came = followers.get(text[i - n : i], [])
            p += shares[n + 1] * came.count(text[i]) / max(len(came), 1)
        if not p:
            return math.inf
        costs.append(-math.log(p))
    return sum(costs) / len(costs)
""",
    """\
def interpolated_loss(seen, text, shares):
    def share(context, char):
        places = [i for i in range(len(context), len(seen)) if seen[i - len(context) : i] == context]
        return sum(seen[i] == char for i in places) / len(places) if places else 0.0

    p = torch.tensor([
        [1 / len(set(seen)), share("", c), share(b, c), share(a + b, c)]
        for a, b, c in zip(text, text[1:], text[2:])
    ], dtype=torch.float64)
    return -(p @ torch.tensor(shares, dtype=torch.float64)).log().mean()
""",
]

COUNTED = "            if contexts[gram[:-1]]:\n                p +="
HANDED_ON = """\
            if not contexts[gram[:-1]]:
                p += shares[n] / V
            else:
                p +="""

MUTANTS = [
    ("chance", {"/ (len(text) - 2)": "/ len(text)"}),
    ("chance", {" / (len(text) - 2)": ""}),
    ("chance", {"set(seen)": "set(text)"}),
    ("chance", {"set(seen)": "set(seen + text)"}),
    ("chance", {"shares[0]": "shares[3]", "shares[n]": "shares[3 - n]"}),
    ("last", {"- n + 1))\n        counts": "- n + 1 + (n > 1)))\n        counts"}),
    ("only", {"shares[n]": "shares[4 - n]"}),
    ("only", {"in (1, 2, 3)": "in (1, 3)"}),
    ("only", {"/ contexts[gram[:-1]]": "/ len(seen)"}),
    ("infinite", {"else -math.inf": "else 0"}),
    ("infinite", {"math.log(p) if p > 0 else -math.inf": "math.log(max(p, 1e-9))"}),
    ("raised", {" if p > 0 else -math.inf": ""}),
    ("raised", {"if contexts[gram[:-1]]:": "if n:"}),
    ("unseen", {COUNTED: HANDED_ON}),
    ("nothing", {"return total": "total"}),
]
