"""The longest tokens of a vocabulary that are whole characters."""

from functools import lru_cache

from gptcourse.exercises.expect import Wrong, same, sequence

NUMBER, STARS = 3, 2
NAMES = ("longest_tokens",)


def cases(draw):
    yield "ő az erdő, ő a mező, ő az idő és ő a kő", 275, 16
    words = ["".join(draw.choices("abcé", k=draw.randrange(2, 6))) for _ in range(6)]
    yield " ".join(words), 259, draw.randrange(2, 6)


def probe(longest_tokens, text, vocab_size, n):
    import gptcourse

    return longest_tokens(gptcourse.train_bpe(text, vocab_size), n)


@lru_cache
def _strings(text, vocab_size):
    """The tokens that are whole characters, in the order of their ids."""
    from gptcourse import bpe_merges

    data = [bytes([b]) for b in range(256)] + [merge.token for merge in bpe_merges(text)]
    texts = [each.decode("utf-8", errors="replace") for each in data[: vocab_size - 1]]
    return [each for each in texts if "\ufffd" not in each]


def verify(result, text, vocab_size, n):
    from gptcourse.tokenizers import END_OF_TEXT

    strings = _strings(text, vocab_size)
    found = sequence(result, n)
    if not all(isinstance(each, str) for each in found):
        raise Wrong("items", got=next(type(each).__name__ for each in found if not isinstance(each, str)))
    if any("\ufffd" in each for each in found):
        raise Wrong("halves")
    if any(each not in (*strings, END_OF_TEXT) for each in found):
        raise Wrong("unknown")
    if END_OF_TEXT in found:  # whether it counts was not said
        strings = [*strings, END_OF_TEXT]
    wanted = sorted(strings, key=len, reverse=True)[:n]  # sorted() leaves equals in the order of their ids
    lengths = list(map(len, found))
    same(lengths, sorted(lengths, reverse=True), "order")
    same(lengths, list(map(len, wanted)), "longer")
    same(found, wanted, "ties")


SOLUTION = """\
def longest_tokens(tokenizer, n):
    found = []
    for data in tokenizer.token_byte_values():
        i = tokenizer.encode_single_token(data)
        try:
            found.append((-len(data.decode("utf-8")), i, data.decode("utf-8")))
        except UnicodeDecodeError:
            pass
    return [text for _, _, text in sorted(found)[:n]]
"""

ALTERNATIVES = [
    """\
def longest_tokens(tokenizer, n):
    texts = [tokenizer.decode([i]) for i in range(tokenizer.n_vocab)]
    texts = [text for text in texts if "\\N{REPLACEMENT CHARACTER}" not in text]
    return tuple(sorted(texts, key=len, reverse=True)[:n])
""",
    """\
def longest_tokens(tokenizer, n):
    texts = {}
    for i in range(tokenizer.n_vocab - 1):
        try:
            texts[i] = tokenizer.decode([i], errors="strict")
        except UnicodeDecodeError:
            continue
    best = sorted(texts, key=lambda i: (len(texts[i]), -i))[-n:]
    return [texts[i] for i in reversed(best)]
""",
]

MUTANTS = [
    ("halves", {'data.decode("utf-8")': 'data.decode("utf-8", errors="replace")'}),
    ("order", {'(-len(data.decode("utf-8"))': '(-len(data) + 0 * len(data.decode("utf-8"))'}),
    ("order", {"(-len(": "(len(", "[:n]": "[-n:]"}),
    ("longer", {"(-len(": "(len("}),
    ("ties", {", i, data": ", -i, data"}),
    ("ties", {", i, data.decode": ", data, data.decode"}),
    ("items", {", text in sorted": ", text in [(a, b, c.encode()) for a, b, c in sorted", "[:n]]": "[:n]]]"}),
    ("length", {"[:n]": "[: n + 1]"}),
    ("unknown", {"[text for": "[text.strip() for"}),
]
