"""A text cut between two lines."""

from gptcourse.exercises.expect import Wrong, sequence, string

NUMBER, STARS = 3, 2
NAMES = ("split_lines",)


def cases(draw):
    yield "ab\ncdef\ng\nhij\n", 0.7
    yield "ab\ncdef\ng\nhij\n", 0.25
    yield "ab\ncdef\ng\nhij\n", 1
    yield "abcdef\ng\n", 0.5
    yield "one line", 0.5
    for count in range(3, 8):
        lines = ["".join(draw.choices("ab \N{GREEK SMALL LETTER ALPHA}", k=draw.randint(0, 6))) for _ in range(count)]
        yield "\n".join(lines) + "\n", draw.choice([0.1, 0.2, 0.5, 0.8, 0.9])


def verify(result, text, share):
    first, rest = (string(each, "pair") for each in sequence(result, 2, "pair"))
    if first + rest != text:
        raise Wrong("together")
    if first and not first.endswith("\n"):
        raise Wrong("line")
    if len(first) > share * len(text):
        raise Wrong("most", got=len(first), most=int(share * len(text)))
    next_line = rest.find("\n") + 1
    if next_line and len(first) + next_line <= share * len(text):
        raise Wrong("none" if not first else "longest")


SOLUTION = """\
def split_lines(text, share):
    most = int(share * len(text))
    cut = text.rfind("\\n", 0, most) + 1
    return text[:cut], text[cut:]
"""

ALTERNATIVES = [
    """\
def split_lines(text, share):
    first, lines = "", text.splitlines(keepends=True)
    while lines and len(first + lines[0]) <= share * len(text):
        first += lines.pop(0)
    return [first, "".join(lines)]
""",
    """\
def split_lines(text, share):
    cut = int(share * len(text))
    while cut > 0 and text[cut - 1] != "\\n":
        cut -= 1
    return text[:cut], text[cut:]
""",
]

MUTANTS = [
    ("line", {" + 1\n": "\n"}),
    ("line", {'text.rfind("\\n", 0, most) + 1': "most"}),
    ("together", {" + 1\n": "\n", "text[cut:]": "text[cut + 1 :]"}),
    ("together", {"text[:cut], text[cut:]": "text[: cut - 1], text[cut:]"}),
    ("most", {"0, most)": "0, most + 1)"}),
    ("most", {'text.rfind("\\n", 0, most)': 'text.find("\\n", most)'}),
    ("longest", {"rfind": "find"}),
    ("longest", {"0, most)": "0, most - 2)"}),
    ("none", {"    return": "    if most < len(text) // 2:\n        return '', text\n    return"}),
    ("pair", {"text[:cut], text[cut:]": "text[:cut]"}),
]
