"""Find the answers in a student's notebook, whatever tools it has gone through.

An answer cell is known by its first line, `# exercise: 04-softmax`. Where that is lost, by the id that the cell had, and
where that is lost too, by what it defines. Names of files, metadata, check cells and the rest of the notebook do not matter.
"""

import ast
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from gptcourse.exercises.answers import MARK, bound, parsed
from gptcourse.exercises.spec import Exercise

LANG = re.compile(r"""^LANG\s*=\s*["'](\w+)["']""", re.MULTILINE)  # in the set-up cell
MOST_BYTES = 50_000_000  # of a notebook file
MOST_CODE = 100_000  # characters of a cell that may be an answer
NOTEBOOK_LINE = re.compile(r"\s*(?:[%!?]|[\w, ]+= *[%!]|.*\?\s*$)")
NOTEBOOKS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".json")


@dataclass(frozen=True)
class Submission:
    """What a student handed in for one chapter: code by exercise id, the language it is in, the file it comes from."""

    answers: dict[str, str] = field(default_factory=dict)
    lang: str | None = None
    file: str | None = None
    problem: str | None = None


def read(folder: Path, exercises: list[Exercise]) -> Submission:
    """The submission in a student's folder: of several notebooks, the one with the most answers, of equals the newest."""
    files = [path for path in folder.iterdir() if path.is_file() and path.name.lower().endswith(NOTEBOOKS)]
    files = sorted((path for path in files if path.name not in ("student.json", "result.json")), key=_age)
    if not files:
        return Submission(problem="no notebook")
    best, most = Submission(problem=f"{files[-1].name} cannot be read as a notebook"), (0, 0)
    for path in files:
        cells = code_cells(path)
        if cells is None:
            continue
        found = find_answers(cells, exercises)
        written = sum(not is_stub(found[each.id], each.names) for each in exercises if each.id in found)
        if (written, len(found)) >= most:
            best, most = Submission(found, _language(cells), path.name), (written, len(found))
    if best.file and not best.answers:
        return Submission(lang=best.lang, file=best.file, problem=f"no answers to these exercises in {best.file}")
    return best


def _age(path):
    return (path.stat().st_mtime, path.name)


def code_cells(path: Path) -> list[tuple[str, str]] | None:
    """(id, code) of the code cells of a notebook of any version; None where it is none."""
    if path.stat().st_size > MOST_BYTES:
        return None
    try:
        notebook = json.loads(path.read_text(encoding="utf-8-sig", errors="replace"))
        sheets = notebook.get("worksheets") or [notebook]  # worksheets: notebooks of version 3
        cells = [cell for sheet in sheets for cell in sheet["cells"] if cell.get("cell_type") == "code"]
        return [(_id(cell), code) for cell in cells if len(code := _code(cell)) <= MOST_CODE]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _id(cell):
    metadata = cell.get("metadata")
    return str(cell.get("id") or (metadata.get("id") if isinstance(metadata, dict) else None) or "")


def _code(cell):
    source = cell.get("source", cell.get("input", ""))
    text = source if isinstance(source, str) else "".join(map(str, source))
    return text.replace("\r\n", "\n").replace("\ufeff", "")


def find_answers(cells: list[tuple[str, str]], exercises: list[Exercise]) -> dict[str, str]:
    """Code by exercise id, of those exercises for which there is a cell; the last cell counts that is more than a stub."""
    found, cells = {}, [(name, plain(code)) for name, code in cells]
    marks = [_mark(code) for _, code in cells]
    unmarked = [n for n, mark in enumerate(marks) if not mark]
    for exercise in exercises:
        marked = [n for n, mark in enumerate(marks) if mark == exercise.id]
        named = [n for n in unmarked if cells[n][0] == f"exercise-{exercise.number}"]
        defining = [n for n in unmarked if _defining(cells[n][1], exercise.names)]
        stubs = [n for n in defining if is_stub(cells[n][1], exercise.names)]
        first = min([*marked, *named, *stubs], default=0)  # what a lesson defines under the same name stands before it
        for places in (marked, named, [n for n in defining if n >= first]):
            candidates = [cells[n][1] for n in places]
            written = [code for code in candidates if not is_stub(code, exercise.names)]
            if candidates:
                found[exercise.id] = (written or candidates)[-1]
            if written:
                break
    return found


def _mark(code):
    match = MARK.match(code)
    return match and match[1].lower()


def plain(code: str) -> str:
    """Code without what only a notebook understands: `%time`, `!ls`, `files = !ls`, `softmax?`."""
    lines = code.rstrip("\n").split("\n")
    if parsed(code) is None:  # in Python, such a line is the rest of a longer one
        lines = ["" if NOTEBOOK_LINE.match(line) else line for line in lines]
    return "\n".join(lines) + "\n"


def is_stub(code: str, names: tuple[str, ...]) -> bool:
    """Whether a cell is as it was handed out: its definitions are empty, or hold `...`. False for what is no Python."""
    return parsed(code) is not None and all(map(_is_empty, _defining(code, names)))


def defines_others(code: str, names: tuple[str, ...]) -> bool:
    """Whether a cell defines functions or classes, but none of these names."""
    tree = parsed(code)
    definitions = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    return bool(tree) and not _defining(code, names) and any(isinstance(node, definitions) for node in tree.body)


def _defining(code, names):
    """The statements of a cell that define one of the names."""
    tree = parsed(code)
    return [node for node in tree.body if bound(node, inner=False) & set(names)] if tree else []


def _is_empty(statement):
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return all(
            isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            for node in statement.body
        )
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    value = statement.value.body if isinstance(statement.value, ast.Lambda) else statement.value
    parts = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    return any(part is None or isinstance(part, ast.Constant) and part.value in (..., None) for part in parts)


def _language(cells):
    for _, code in cells:
        if match := LANG.search(code):
            return match[1]
    return None
