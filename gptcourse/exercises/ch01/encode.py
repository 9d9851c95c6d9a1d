"""Byte-pair encoding of one word: join the pair with the smallest id as long as there is one."""

from functools import lru_cache
from itertools import pairwise

from gptcourse.exercises.expect import Wrong, ids, same

NUMBER, STARS = 5, 2
NAMES = ("bpe_encode",)


def cases(draw):
    yield b"abcd", {b"a": 0, b"b": 1, b"c": 2, b"d": 3, b"bc": 4, b"ab": 5, b"cd": 6}
    yield b"aaa", {b"a": 7, b"aa": 8}
    yield b"abc", {b"a": 0, b"b": 1, b"c": 2}
    yield b"x", {b"x": 120}
    yield "éé".encode(), {b"\xc3": 195, b"\xa9": 169, b"\xc3\xa9": 256, b"\xc3\xa9\xc3\xa9": 257}
    for _ in range(4):
        yield from _drawn(draw)


def _drawn(draw):
    from gptcourse import bpe_merges

    words = ["".join(draw.choices("abc", k=draw.randrange(3, 8))) for _ in range(4)]
    learned = {merge.token: merge.id for merge in bpe_merges(" ".join(words))}
    ranks = {bytes([b]): b for b in b"abc "} | learned
    yield draw.choice(words).encode(), ranks
    yield "".join(draw.choices("abc", k=7)).encode(), ranks


@lru_cache
def _tiktoken(data, ranks):
    import tiktoken

    encoding = tiktoken.Encoding("word", pat_str=r"(?s).+", mergeable_ranks=dict(ranks), special_tokens={})
    return encoding.encode_ordinary(data.decode("utf-8"))


def verify(result, data, ranks):
    found = ids(result)
    tokens = {i: token for token, i in ranks.items()}
    if any(i not in tokens for i in found):
        raise Wrong("unknown")
    parts = [tokens[i] for i in found]
    same(b"".join(parts), data, "lost")
    if any(a + b in ranks for a, b in pairwise(parts)):
        raise Wrong("too_early")
    same(found, _tiktoken(data, tuple(ranks.items())), "leftmost" if len(set(data)) == 1 else "order")


SOLUTION = """\
def bpe_encode(data, ranks):
    parts = [data[i : i + 1] for i in range(len(data))]
    while True:
        joined = [(ranks[a + b], i) for i, (a, b) in enumerate(zip(parts, parts[1:])) if a + b in ranks]
        if not joined:
            return [ranks[part] for part in parts]
        _, i = min(joined)
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
"""

ALTERNATIVES = [
    """\
def bpe_encode(data, ranks):
    parts = [bytes([b]) for b in data]
    while len(parts) > 1:
        pairs = [left + right for left, right in zip(parts, parts[1:])]
        best = min(pairs, key=lambda pair: ranks.get(pair, float("inf")))
        if best not in ranks:
            break
        i = pairs.index(best)
        parts = parts[:i] + [best] + parts[i + 2 :]
    return tuple(map(ranks.get, parts))
""",
    """\
def bpe_encode(data, ranks):
    if data in ranks:
        return [ranks[data]]
    ends = list(range(len(data) + 1))
    while True:
        spans = [(ranks.get(data[a:b], len(ranks) + 1000), n) for n, (a, b) in enumerate(zip(ends, ends[2:]))]
        rank, n = min(spans, default=(len(ranks) + 1000, 0))
        if rank == len(ranks) + 1000:
            return [ranks[data[a:b]] for a, b in zip(ends, ends[1:])]
        del ends[n + 1]
""",
]

MUTANTS = [
    ("too_early", {"        if not joined:\n": "        if True:\n"}),
    (
        "too_early",
        {
            "    while True:\n": "    for _ in range(1):\n",
            "[parts[i] + parts[i + 1]]\n": "[parts[i] + parts[i + 1]]\n    return [ranks[part] for part in parts]\n",
        },
    ),
    ("order", {"min(joined)": "max(joined)"}),
    ("order", {"(ranks[a + b], i) for": "(i, i) for"}),
    ("leftmost", {"min(joined)": "min(joined, key=lambda pair: (pair[0], -pair[1]))"}),
    ("lost", {"parts[i : i + 2] =": "parts[i : i + 1] ="}),
    ("items", {"[ranks[part] for part in parts]": "parts"}),
    ("unknown", {"[ranks[part] for part in parts]": "list(data)"}),
    ("nothing", {"return [ranks[part] for part in parts]": "return"}),
    (
        "order",
        """\
def bpe_encode(data, ranks):
    found = []
    while data:
        length = max(n for n in range(1, len(data) + 1) if data[:n] in ranks)
        found.append(ranks[data[:length]])
        data = data[length:]
    return found
""",
    ),
]
