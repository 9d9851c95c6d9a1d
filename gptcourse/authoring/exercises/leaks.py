"""Does a notebook that students get still hold a solution? Looks at every string of its JSON, not only at the cells' text.

    secrets = of_code("04-softmax", solution) + of_prose("04-softmax", explanation)
    find(text, secrets, summaries={"Solution"})     # a list of leaks: where, which exercise, what

Solutions are compared without white space, comments and quotes, and are also found escaped (in JSON within JSON, in HTML, in
an address), in base64 and hexadecimal, compressed, and cut into lines that stand in one list or in neighbouring cells.
Renamed variables are another program, and not found.

A line of a lesson may be a solution's only line. So in the text of lessons a whole definition counts, or the body of one
with several statements; everywhere else (metadata, outputs, attachments, answer cells) any body does.
"""

import ast
import base64
import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from gptcourse.exercises.answers import MARK

WHOLE = "the notebook as a whole"
SHORTEST_CODE, SHORTEST_SENTENCE = 12, 24  # characters, as they are compared
DEEPEST = 3  # layers of encodings

ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[nrt])")
COMMENT = re.compile(r"#.*")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
SAME = re.compile(r"""[\s'"`\\,>*_$\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+""")  # > begins a quoted line
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
FOLD = re.compile(r"</?details[^>]*>|<summary[^>]*>.*?</summary>", re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.!?؟…])\s+|\n\s*\n")
BASE64, HEXADECIMAL = re.compile(r"[A-Za-z0-9+/_-]{16,}"), re.compile(r"(?:[0-9a-fA-F]{2}){12,}")
SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.DOTALL)
MARKS = {
    "an instructor's mark": re.compile(r"<!--\s*/?\s*instructor\b", re.IGNORECASE),
    "the id of a solution": re.compile(r"\bsolution-\d", re.IGNORECASE),
    "a mark of nbgrader": re.compile(r"\b(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)\b"),
}


@dataclass(frozen=True)
class Secret:
    """Something that must not stand in a student's notebook; `text` as it is compared."""

    exercise: str
    what: str
    text: str
    in_lessons: bool = True  # counts in the text of a lesson too


@dataclass(frozen=True)
class Leak:
    """Where (cell, metadata) something stands that must not, of which exercise ("" for a mark), and what."""

    where: str
    exercise: str
    what: str

    def __str__(self):
        return f"{self.where}: {self.what}" + (f" of {self.exercise}" if self.exercise else "")


def of_code(exercise: str, code: str) -> list[Secret]:
    """The secrets in a solution's code: the whole, each definition, the body of each function."""
    found = [("the solution", code, True)]
    try:
        tree = ast.parse(code)
    except SyntaxError:  # with a line that only a notebook understands
        tree = ast.Module([], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            found.append((f"the definition of {node.name} in the solution", _lines(code, [node]), True))
            if body and not isinstance(node, ast.ClassDef):
                found.append((f"the body of {node.name} in the solution", _lines(code, body), len(body) > 1))
    forms = [(what, form, lessons) for what, text, lessons in found for form in {squeezed(text), _bare(text)}]
    return [Secret(exercise, what, form, lessons) for what, form, lessons in forms if len(form) >= SHORTEST_CODE]


def _lines(code, nodes):
    return "\n".join(code.splitlines()[nodes[0].lineno - 1 : nodes[-1].end_lineno])


def of_prose(exercise: str, explanation: str) -> list[Secret]:
    """The sentences of a folded explanation, a Markdown text. The code blocks in it count as code."""
    words = TAG.sub("", FOLD.sub("\n\n", FENCE.sub("\n\n", explanation)))
    forms = {squeezed(sentence) for sentence in SENTENCE_END.split(words)}
    found = [Secret(exercise, "a sentence of the explanation", form) for form in sorted(forms)
             if len(form) >= SHORTEST_SENTENCE]  # fmt: skip
    for block in re.findall(r"^```\w*\n(.*?)^```", explanation, re.DOTALL | re.MULTILINE):
        found += of_code(exercise, block)
    return found


def find(text: str, secrets: Iterable[Secret], summaries: Iterable[str] = ()) -> list[Leak]:
    """What must not be in a notebook, given as the text of its file; `summaries` are the words over folded solutions."""
    secrets, found = list(secrets), {}
    summaries = {summary.strip().casefold() for summary in summaries}
    for where, string, lesson in strings(text):
        for reading in set(readings(string)):
            found |= dict.fromkeys(_in(reading, where, lesson, secrets, summaries))
    placed = {(leak.exercise, leak.what) for leak in found if leak.where != WHOLE}
    return [leak for leak in found if leak.where != WHOLE or (leak.exercise, leak.what) not in placed]


def strings(text: str) -> Iterator[tuple[str, str, bool]]:
    """(where, string, whether it is the text of a lesson) of all strings of a notebook's JSON, keys too."""
    notebook = json.loads(text)
    cells = notebook.pop("cells", [])
    for cell in cells:
        where = f"cell {cell.get('id')!r}"
        source = "".join(_leaves(cell.pop("source", "")))
        yield where, source, not MARK.match(source)
        yield from ((f"{where}, {part}", string, False) for part in cell for string in _strings({part: cell[part]}))
    yield from (("the notebook's metadata", string, False) for string in _strings(notebook))
    # Pieces of a solution in neighbouring cells; and what json.loads passes over, such as a key that stands twice.
    yield WHOLE, "\n".join("".join(_leaves(cell.get("source", ""))) for cell in json.loads(text).get("cells", [])), True
    yield WHOLE, text, True


def _strings(value):
    """Each string on its own, and all together: a solution may stand in a list, line by line."""
    for found in (list(_leaves(value)), list(_keys(value))):
        yield from found
        yield "\n".join(found)


def _leaves(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)


def _keys(value):
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _keys(each)


def readings(text: str, depth: int = DEEPEST) -> Iterator[str]:
    """The text, and what it says to those who decode it."""
    yield text
    if depth == 0:
        return
    decoded = {html.unescape(TAG.sub("", text)), unquote(text)} - {text}
    if len(text) >= 16:
        decoded.update(_from_bytes(text))
    for each in decoded:
        yield from readings(each, depth - 1)


def _from_bytes(text):
    for dense in {text, re.sub(r"(?:\s|\\[nr])+", "", text)}:  # long base64 comes in lines
        for match in HEXADECIMAL.finditer(dense):
            yield from _as_text(bytes.fromhex(match[0]))
        for match in BASE64.finditer(dense):
            run = match[0].replace("-", "+").replace("_", "/")
            for start in range(4):  # something of the same letters may stand before it
                part = run[start:]
                yield from _as_text(base64.b64decode(part[: len(part) // 4 * 4] + _padded(part[len(part) // 4 * 4 :])))


def _padded(rest):
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def _as_text(data):
    if data[:2] in (b"\x1f\x8b", b"x\x9c", b"x\x01", b"x\xda"):
        try:
            data = zlib.decompressobj(47).decompress(data, 1_000_000)
        except zlib.error:
            return
    text = data.decode("utf-8", errors="replace")
    if text.count("\ufffd") + text.count("\0") < len(text) / 8:  # most runs of letters are no base64
        yield text


def squeezed(text: str) -> str:
    """A text without what does not count: white space, quotes, escapes, emphasis, invisible characters."""
    return SAME.sub("", ESCAPE.sub(_escaped, text))


def _escaped(match):
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else "\n"


def _bare(code):
    """Squeezed, without comments."""
    return SAME.sub("", COMMENT.sub("", ESCAPE.sub(_escaped, code)))


def _in(reading, where, lesson, secrets, summaries):
    for what, mark in MARKS.items():
        if mark.search(reading):
            yield Leak(where, "", what)
    for match in SUMMARY.finditer(reading):
        if TAG.sub("", match[1]).strip().casefold() in summaries:
            yield Leak(where, "", "a folded solution")
    forms = (squeezed(reading), _bare(reading))
    for secret in secrets:
        if (secret.in_lessons or not lesson) and any(secret.text in form for form in forms):
            yield Leak(where, secret.exercise, secret.what)
