"""Read and write notebooks and Markdown pages so that equal content gives equal bytes.

Editors and kernels add things that differ from one computer to the next (Python's patch version,
timings, scroll positions); `normalise` takes them out. Knows nothing of languages.
"""

import hashlib
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gptcourse.authoring import AuthoringError

SETUP = "setup"  # id of the one code cell that differs between languages

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"name": "python", "pygments_lexer": "ipython3"}
NOTEBOOK_NOISE = ("colab", "vscode", "widgets", "toc", "celltoolbar", "accelerator")
CELL_NOISE = ("execution", "ExecuteTime", "collapsed", "scrolled", "colab", "outputId", "id", "vscode", "editable")

FRONT_MATTER = re.compile(r"\A---\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
HASH_LINE = re.compile(r"^source_hash:[ \t]*[\"']?(\w*)[\"']?[ \t]*\n?", re.MULTILINE)


def source_hash(text: str) -> str:
    """Twelve hex digits that change when the text does; surrounding space does not count."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


def code_hash(notebook: NotebookNode) -> str:
    """Hash of all code but the set-up cell's: the same in every language."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.id != SETUP]
    return source_hash("\0".join(cells))


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook at `path`.

    Raises AuthoringError when it is not valid, or two cells share an id or have none.
    """
    try:
        notebook = nbformat.reader.reads(path.read_text(encoding="utf-8"))
    except nbformat.reader.NotJSONError as error:
        raise AuthoringError(f"{path} is not a notebook: {error}") from None
    if notebook.get("nbformat") != 4:
        raise AuthoringError(f"{path} has notebook format {notebook.get('nbformat')}, not 4. Save it anew.")
    ids = [cell.get("id") for cell in notebook.get("cells", [])]
    if None in ids:
        raise AuthoringError(f"{path}: cell {ids.index(None) + 1} has no id. Give it a readable one.")
    if repeated := sorted({name for name in ids if ids.count(name) > 1}):
        raise AuthoringError(f"{path}: more than one cell has the id {', '.join(repeated)}.")
    notebook.nbformat_minor = max(notebook.get("nbformat_minor", 0), 5)
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise AuthoringError(f"{path} is not a valid notebook: {error.message}") from None
    return notebook


def dump_notebook(notebook: NotebookNode) -> str:
    """Return the notebook as text; the same content always gives the same text."""
    return nbformat.writes(normalise(notebook), version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with Unix line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Take out what depends on the computer or the editor; returns the same object."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for key in NOTEBOOK_NOISE:
        notebook.metadata.pop(key, None)
    notebook.metadata.kernelspec = KERNELSPEC
    notebook.metadata.language_info = LANGUAGE_INFO
    for cell in notebook.cells:
        for key in CELL_NOISE:
            cell.metadata.pop(key, None)
        _order_tags(cell)
        cell.source = cell.source.rstrip()
    _count_executions(notebook)
    return notebook


def _order_tags(cell: NotebookNode) -> None:
    """Sort tags; a cell that needs a download is not re-executed by nbval, which runs offline."""
    tags = set(cell.metadata.pop("tags", []))
    if "needs-download" in tags:
        tags.add("nbval-skip")
    if tags:
        cell.metadata.tags = sorted(tags)


def _count_executions(notebook: NotebookNode) -> None:
    """Number the executed cells 1, 2, … from top to bottom."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        if cell.execution_count is None and not cell.outputs:
            continue
        cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number


def read_page(path: Path) -> tuple[str, str]:
    """Return front matter (without its fences, "" if there is none) and body of a Markdown page."""
    text = path.read_text(encoding="utf-8")
    match = FRONT_MATTER.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def dump_page(front: str, body: str) -> str:
    """Return the text of a Markdown page."""
    head = f"---\n{front}---\n\n" if front else ""
    return f"{head}{body.strip()}\n"


def page_hash(front: str) -> str | None:
    """The `source_hash` that a translated page's front matter records."""
    match = HASH_LINE.search(front)
    return match[1] if match and match[1] else None


def with_page_hash(front: str, value: str) -> str:
    """Return the front matter with `source_hash` set; its other lines stay as they are.

    The value is quoted: YAML would read twelve digits as a number.
    """
    line = f'source_hash: "{value}"\n'
    return HASH_LINE.sub(line, front, count=1) if HASH_LINE.search(front) else front + line
