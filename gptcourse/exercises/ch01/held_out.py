"""A tokenizer trained on nine tenths of a text, and what it is worth on these and on the last tenth."""

from functools import lru_cache

from gptcourse.exercises import ch01
from gptcourse.exercises.expect import Wrong, close, numbers

NUMBER, STARS = 6, 2
NAMES = ("held_out",)
GIVEN = (
    ch01.GIVEN
    + """

def bytes_per_token(tokenizer, text):
    return len(text.encode("utf-8")) / len(tokenizer.encode(text))
"""
)


def cases(draw):
    yield "ő az erdő és ő a mező és ő az idő, ő a kő és ő a nő: űű űű", 262
    words = ["".join(draw.choices("abc", k=draw.randrange(2, 6))) for _ in range(4)]
    yield " ".join(draw.choices(words, k=12)), 259


@lru_cache
def _measured(text, vocab_size, training, unit):
    """Bytes (or characters) per token on both parts, from pieces joined step by step."""
    import gptcourse

    cut = len(text) * 9 // 10
    tokenizer = gptcourse.train_bpe(text[: training or cut], vocab_size)
    parts = text[:cut], text[cut:]
    return [len(unit(part)) / len(gptcourse.explain(tokenizer, part)[-1]) for part in parts]


def verify(result, text, vocab_size):
    seen, unseen = numbers(result, 2)
    wanted = _measured(text, vocab_size, None, str.encode)
    often = {
        "swapped": wanted[::-1],
        "leaked": _measured(text, vocab_size, len(text), str.encode),
        "characters": _measured(text, vocab_size, None, str),
    }
    if not _agree([seen, unseen], wanted):
        for key, wrong in often.items():
            if _agree([seen, unseen], wrong):
                raise Wrong(key)
    close(seen, wanted[0], "seen")
    close(unseen, wanted[1], "unseen")


def _agree(a, b):
    return all(abs(x - y) < 1e-4 for x, y in zip(a, b, strict=True))


SOLUTION = """\
def held_out(text, vocab_size):
    cut = len(text) * 9 // 10
    trained = gptcourse.train_bpe(text[:cut], vocab_size)
    return bytes_per_token(trained, text[:cut]), bytes_per_token(trained, text[cut:])
"""

ALTERNATIVES = [
    """\
def held_out(text, vocab_size):
    cut = len(text) * 9 // 10
    parts = [text[:cut], text[cut:]]
    tokenizer = gptcourse.train_bpe(parts[0], vocab_size=vocab_size)
    return [len(part.encode()) / len(tokenizer.encode_ordinary(part)) for part in parts]
""",
    """\
def held_out(text, vocab_size):
    cut = 9 * len(text) // 10
    tokenizer = gptcourse.train_bpe(text[:cut], vocab_size)
    return torch.tensor([bytes_per_token(tokenizer, part) for part in (text[:cut], text[cut:])])
""",
]

MUTANTS = [
    ("leaked", {"train_bpe(text[:cut]": "train_bpe(text"}),
    ("swapped", {"text[:cut]), bytes": "text[cut:]), bytes", "text[cut:])\n": "text[:cut])\n"}),
    (
        "characters",
        {"return ": "bytes_per_token = lambda tokenizer, text: len(text) / len(tokenizer.encode(text))\n    return "},
    ),
    ("seen", {"(trained, text[:cut])": "(trained, text)"}),
    ("unseen", {"(trained, text[cut:])": "(trained, text)"}),
    ("seen", {"* 9 // 10": "// 2"}),
    ("list", {"return bytes_per_token(trained, text[:cut]), ": "return "}),
]
