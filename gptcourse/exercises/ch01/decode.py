"""Ids back to text: the bytes of all tokens together, and a sign for bytes that make no character."""

import re

from gptcourse.exercises.expect import same, string

NUMBER, STARS = 2, 1
NAMES = ("decode_bytes",)


def cases(draw):
    yield [2, 0, 1], {0: b"b", 1: b"ab", 2: b"a "}
    yield [3, 1, 2, 3], {1: b"\xc5", 2: b"\x91", 3: "kő ".encode()}
    yield [7, 5], {5: b"\xf0\x9f", 7: b"a"}
    yield [4, 9, 4], {4: b"x", 9: b"\xff"}
    yield [], {0: b"a"}
    for _ in range(5):
        data = "".join(draw.choices("ab é—شő🙂 ", k=6)).encode()
        cuts = sorted(draw.sample(range(1, len(data)), 4))
        parts = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        ids = draw.sample(range(300), len(parts))
        yield ids, dict(sorted(zip(ids, parts, strict=True)))


def verify(result, ids, token_bytes):
    import codecs

    text = string(result)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wanted = "".join(decoder.decode(token_bytes[i]) for i in ids) + decoder.decode(b"", final=True)
    text, wanted = (re.sub("\ufffd+", "\ufffd", each) for each in (text, wanted))  # how many signs was not said
    if "\ufffd" not in wanted and "\ufffd" in text:
        same(text, wanted, "split")
    same(text, wanted, "broken" if "\ufffd" in wanted else "value")


SOLUTION = """\
def decode_bytes(ids, token_bytes):
    data = b"".join(token_bytes[i] for i in ids)
    return data.decode("utf-8", errors="replace")
"""

ALTERNATIVES = [
    """\
def decode_bytes(ids, token_bytes):
    data = bytearray()
    for i in ids:
        data += token_bytes[i]
    return str(data, errors="replace")
""",
    """\
import codecs


def decode_bytes(ids, token_bytes):
    pieces = codecs.iterdecode((token_bytes[i] for i in ids), "utf-8", "replace")
    return "".join(pieces)
""",
    """\
def decode_bytes(ids, token_bytes):
    data, text = b"".join(map(token_bytes.get, ids)), ""
    while data:
        for length in range(1, 5):
            try:
                char, used = data[:length].decode(), length
                break
            except UnicodeDecodeError:
                char, used = "\\N{REPLACEMENT CHARACTER}", 1
        text, data = text + char, data[used:]
    return text
""",
]

MUTANTS = [
    (
        "split",
        """\
def decode_bytes(ids, token_bytes):
    return "".join(token_bytes[i].decode(errors="replace") for i in ids)
""",
    ),
    ("raised", {', errors="replace"': ""}),
    ("broken", {'"replace"': '"ignore"'}),
    ("value", {"utf-8": "latin-1"}),
    ("value", {'b""': 'b" "'}),
    ("value", {"in ids": "in sorted(ids)"}),
    ("string", {'.decode("utf-8", errors="replace")': ""}),
    ("nothing", {"return data": "data"}),
]
