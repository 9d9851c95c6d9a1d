"""The folded solutions in the notebooks: their code stands in the exercise's own module, and `sync` writes it into the cell."""

import re

from nbformat import NotebookNode

from gptcourse.exercises import spec
from gptcourse.exercises.answers import MARK

FIRST_BLOCK = re.compile(r"(?<=^```python\n).*?(?=^```)", re.DOTALL | re.MULTILINE)


def write_solutions(notebook: NotebookNode) -> None:
    """Put each exercise's code into the first block of its folded cell; the words around it stay as they are."""
    cells = {cell.id: cell for cell in notebook.cells}
    for name, id in exercise_cells(notebook).items():
        folded = cells.get(name.replace("exercise", "solution"))
        if folded is not None and id in spec.ids(id[:2]):
            folded.source = FIRST_BLOCK.sub(lambda _, id=id: spec.load(id).solution, folded.source, count=1)


def exercise_cells(notebook: NotebookNode) -> dict[str, str]:
    """Cell id -> exercise id of the answer cells, in order."""
    marks = {cell.id: MARK.match(cell.source) for cell in notebook.cells if cell.cell_type == "code"}
    return {name: mark[1] for name, mark in marks.items() if mark}
