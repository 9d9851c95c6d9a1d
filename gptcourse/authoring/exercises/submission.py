"""Find the answers in a student's notebook, whatever tools it has gone through.

An answer cell is known by its first line, `# exercise: 04-softmax`. Where that is lost, by the id that the cell had, and
where that is lost too, by what it defines. Names of files, metadata, check cells and the rest of the notebook do not matter.
"""

import ast
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from gptcourse.exercises.answers import MARK
from gptcourse.exercises.spec import Exercise

LANG = re.compile(r"""^LANG\s*=\s*["'](\w+)["']""", re.MULTILINE)  # in the set-up cell
MOST_BYTES = 50_000_000  # of a notebook file
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
    files = [path for path in sorted(folder.iterdir(), key=_age) if path.name.lower().endswith(NOTEBOOKS)]
    files = [path for path in files if path.name not in ("student.json", "result.json")]
    if not files:
        return Submission(problem="no notebook")
    best = Submission(problem=f"{files[-1].name} cannot be read as a notebook")
    for path in files:
        cells = code_cells(path)
        if cells is None:
            continue
        found = find_answers(cells, exercises)
        if best.file is None or len(found) >= len(best.answers):
            best = Submission(found, _language(cells), path.name)
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
        return [(_id(cell), _code(cell)) for cell in cells]
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
    found = {}
    for exercise in exercises:
        cell_id = f"exercise-{exercise.number}"
        marked = [code for _, code in cells if (mark := _mark(code)) and mark == exercise.id]
        named = [code for name, code in cells if name == cell_id and not _mark(code)]
        defining = [code for name, code in cells if not _mark(code) and defines(code, exercise.names)]
        for candidates in (marked, named, defining):
            candidates = [plain(code) for code in candidates]
            written = [code for code in candidates if not is_stub(code, exercise.names)]
            if candidates:
                found[exercise.id] = (written or candidates)[-1]
            if written:
                break
    return found


def _mark(code):
    match = MARK.match(plain(code))
    return match and match[1].lower()


def plain(code: str) -> str:
    """Code without what only a notebook understands: lines that begin with % or !."""
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in code.splitlines()) + "\n"


def defines(code: str, names: tuple[str, ...]) -> bool:
    """Whether a cell defines one of these names, as more than a stub."""
    return any(name == target for target, _ in _definitions(code) for name in names) and not is_stub(code, names)


def is_stub(code: str, names: tuple[str, ...]) -> bool:
    """Whether a cell is as it was handed out: its definitions are empty, or hold `...`. False for what is no Python."""
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    parts = [part for target, part in _definitions(code) if target in names]
    return all(map(_is_empty, parts))


def _definitions(code):
    """(name, tree) of what a cell defines on its top level."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def _is_empty(part):
    if isinstance(part, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return all(
            isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            for node in part.body
        )
    return any(isinstance(node, ast.Constant) and node.value in (..., None) for node in ast.walk(part))


def _language(cells):
    for _, code in cells:
        if match := LANG.search(code):
            return match[1]
    return None
