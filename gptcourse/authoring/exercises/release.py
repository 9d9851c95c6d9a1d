"""`exercises release`: a chapter's notebook as students get it: no solutions, no outputs, empty answer cells.

`student_version` works in memory; `main` looks for leaks (leaks.py) and writes: all files, or none.
"""

import ast
import hashlib
import json
import os
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gptcourse.authoring import AuthoringError, find_root
from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.exercises import leaks, nbgrader, private, submission
from gptcourse.authoring.notebooks import KERNELSPEC, LANGUAGE_INFO, SETUP, read_notebook, write_text
from gptcourse.authoring.prose import rtl_unwrapped
from gptcourse.authoring.solutions import exercise_cells
from gptcourse.authoring.sync import setup_source
from gptcourse.exercises import spec

SOLUTION, INSTRUCTOR = "solution-", "instructor"  # how ids of folded solutions begin; a tag
FOR_TESTS = ("nbval-",)  # how tags begin that students do not need
ASIDE = re.compile(r"<!--\s*instructor\s*-->.*?<!--\s*/instructor\s*-->", re.DOTALL)
RECORD = ".released.json"  # in the folder: what was written there, by name


def add_arguments(parser):
    """Declare the options: the chapter, its language and form."""
    parser.add_argument("chapter", help="such as 04 or 04-attention, or all")
    parser.add_argument("--lang", default=SOURCE, help="language of the notebook and its messages (default en)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the notebook goes")
    parser.add_argument("--force", action="store_true", help="replace files, even those that were changed by hand")
    parser.add_argument("--nbgrader", action="store_true", help="write an assignment's source version for nbgrader")
    parser.add_argument("--assignment", metavar="NAME", help="nbgrader's name for it (default: the chapter's)")
    parser.add_argument("--private", type=Path, metavar="DIR", help="your secret seed, for nbgrader's hidden tests")


def main(arguments) -> int:
    """Write the notebooks that the arguments name."""
    course = Course(find_root())
    lang = course.check_language(arguments.lang)
    pages = chapters(course) if arguments.chapter == "all" else [course.find_page(arguments.chapter, ".ipynb")]
    if (arguments.assignment or arguments.private) and not arguments.nbgrader:
        raise AuthoringError("--assignment and --private are for nbgrader: add --nbgrader, or leave them out.")
    secret = private.read(arguments.private) if arguments.private else None
    files = {}
    for page in pages:
        notebook, name = student_version(course, page, lang), page
        check_leaks(course, page, lang, dump(notebook))
        if arguments.nbgrader:
            chapter = Path(page).stem
            name = nbgrader.place(chapter, arguments.assignment)
            notebook = nbgrader.source_version(notebook, nbgrader.hidden_seed(chapter, secret))
            check_leaks(course, page, lang, dump(nbgrader.cleared(notebook)))
        files[name] = dump(notebook)
    if arguments.nbgrader and not (arguments.out / nbgrader.CONFIG).exists():
        files[nbgrader.CONFIG] = nbgrader.CONFIG_TEXT
    write(arguments.out, files, arguments.force)
    print(*(f"wrote {arguments.out / name}" for name in files), sep="\n")
    return 0


def chapters(course: Course) -> list[str]:
    """The pages that have exercises."""
    return [page for page in course.pages(".ipynb") if exercise_cells(read_notebook(course.path(SOURCE, page)))]


def student_version(course: Course, page: str, lang: str) -> NotebookNode:
    """The notebook of a chapter for students, in English with the language's messages where the language lacks it.

    Raises AuthoringError for a chapter without exercises, and for an answer in a cell that should hold a stub.
    """
    english = read_notebook(course.path(SOURCE, page))
    path = course.path(lang, page)
    own = read_notebook(path) if path.is_file() else read_notebook(course.path(SOURCE, page))
    if not exercise_cells(english):
        raise AuthoringError(f"{page} has no exercises.")
    return reduced(own, stubs(english), setup_source(course, lang), {"exercises": Path(page).stem, "language": lang})


def stubs(notebook: NotebookNode) -> dict[str, str]:
    """The answer cells of a notebook: id -> code. Raises AuthoringError where somebody has left an answer."""
    marked, found = exercise_cells(notebook), {}
    for cell in notebook.cells:
        if id := marked.get(cell.id):
            names = spec.load(id).names if id in spec.ids(id[:2]) else ()
            if not (is_stub(cell.source) and submission.is_stub(cell.source, names)):
                raise AuthoringError(
                    f"cell {cell.id!r} ({id}) holds an answer, or part of one. Put the stub back: "
                    "`def f(x):` with only `...` in it."
                )
            found[cell.id] = cell.source
    return found


def is_stub(code: str) -> bool:
    """Whether a cell only names what is to be written: empty definitions, and perhaps data that the exercise gives."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return all(_is_empty(node) or isinstance(node, ast.Assign) and _is_data(node.value) for node in tree.body)


def _is_empty(node):
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return all(map(_is_empty, node.body))
    return isinstance(node, ast.Pass | ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _is_data(value):
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def reduced(own: NotebookNode, stubs: dict[str, str], setup: str, about: dict[str, str]) -> NotebookNode:
    """A new notebook with what a student needs of `own`; `about` becomes its metadata under "gptcourse"."""
    cells = [_cell(cell, stubs, setup) for cell in own.cells
             if not cell.id.startswith(SOLUTION) and INSTRUCTOR not in cell.metadata.get("tags", [])]  # fmt: skip
    cells = [cell for cell in cells if rtl_unwrapped(cell.source) or cell.cell_type == "code"]
    metadata = {"gptcourse": about, "kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _cell(cell, stubs, setup):
    source, more = cell.source, {}
    if cell.cell_type == "markdown":
        source = re.sub(r"\n{3,}", "\n\n", ASIDE.sub("", source)).strip() if ASIDE.search(source) else source
        if leaks.MARKS["an instructor's mark"].search(source):
            raise AuthoringError(
                f"cell {cell.id!r}: of <!-- instructor --> and <!-- /instructor -->, one is there without the other."
            )
        pictures = {name: data for name, data in cell.get("attachments", {}).items() if f"attachment:{name}" in source}
        more = {"attachments": pictures} if pictures else {}
    elif cell.id == SETUP:
        source = setup
    else:
        source = stubs.get(cell.id, source)
    make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
    tags = [tag for tag in cell.metadata.get("tags", []) if not tag.startswith(FOR_TESTS)]
    return make(source.rstrip(), id=cell.id, metadata={"tags": tags} if tags else {}, **more)


def dump(notebook: NotebookNode) -> str:
    """The text of the file; the same notebook always gives the same text."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def check_leaks(course: Course, page: str, lang: str, text: str) -> None:
    """Raise AuthoringError, with cell and exercise, if a student's notebook holds a solution of its chapter."""
    if found := leaks.find(text, *secrets(course, page, lang)):
        raise AuthoringError("\n  ".join([f"{page} ({lang}) is not written, for a solution shows:", *map(str, found)]))


def secrets(course: Course, page: str, lang: str) -> tuple[list[leaks.Secret], set[str]]:
    """What must not be in a student's notebook: right programs and explanations, and the words over folded solutions."""
    found, summaries = [], set()
    notebooks = [read_notebook(path) for each in {SOURCE, lang} if (path := course.path(each, page)).is_file()]
    ids = {name: id for notebook in notebooks for name, id in exercise_cells(notebook).items()}
    for id in ids.values():
        if id in spec.ids(id[:2]):
            for code in (spec.load(id).solution, *spec.load(id).alternatives):
                found += leaks.of_code(id, code)
    for cell in (cell for notebook in notebooks for cell in notebook.cells if cell.id.startswith(SOLUTION)):
        found += leaks.of_prose(ids.get(cell.id.replace("solution", "exercise"), cell.id), cell.source)
        summaries.update(leaks.SUMMARY.findall(cell.source))
    return list(dict.fromkeys(found)), summaries


def write(folder: Path, files: dict[str, str], force: bool = False) -> None:
    """Write files, name -> text, into a folder: all of them, or none.

    Raises AuthoringError for a file that is there and is not, byte for byte, one that this command wrote, unless `force`.
    """
    known = _record(folder / RECORD)
    for name, text in files.items():
        path = folder / name
        if path.exists() and not force and _digest(path.read_bytes()) not in (known.get(name), _digest(text.encode())):
            raise AuthoringError(
                f"{path} is there already, and was changed or not written by this command. "
                "Move it away, choose another --out, or replace it with --force."
            )
    known |= {name: _digest(text.encode()) for name, text in files.items()}
    paths = {folder / name: text for name, text in {**files, RECORD: json.dumps(known, indent=1) + "\n"}.items()}
    parts = {path: path.with_name(path.name + ".part") for path in paths}
    try:
        for path, text in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(parts[path], text)
        for path, part in parts.items():
            os.replace(part, path)
    except OSError as error:
        for part in filter(Path.is_file, parts.values()):
            part.unlink()
        raise AuthoringError(f"{folder} cannot be written to: {error}. Choose another --out.") from None


def _record(path):
    """What was written into the folder, name -> digest; nothing where the record is lost."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _digest(data):
    return hashlib.sha256(data).hexdigest()
