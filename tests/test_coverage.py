"""What the course must teach is taught: every row of coverage.yml names the cells that do it, and they are there.

A row is one thing that a reader can run or see. When a cell goes, its rows must find another, or the course has lost
something. (That cells run, and print what is stored, is nbval's matter.)
"""

from pathlib import Path

import pytest
import yaml

from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import read_notebook

COURSE = Course(Path(__file__).parents[1])
ROWS = yaml.safe_load(Path(__file__).with_name("coverage.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("chapter", sorted(ROWS))
def test_every_row_has_its_cells(chapter):
    cells = {cell.id: cell for cell in read_notebook(COURSE.path(SOURCE, f"{chapter}.ipynb")).cells}
    lost = []
    for row in ROWS[chapter]:
        assert row.keys() == {"row", "cells"} and row["cells"], row
        lost += [f"{row['row']}: {name}" for name in row["cells"] if name not in cells]
        runs = any(cells[name].cell_type == "code" for name in row["cells"] if name in cells)
        if not runs and not row["row"].startswith("spot the mistake"):  # these are to be thought about
            lost.append(f"{row['row']}: no cell of it can be run")
    assert not lost, f"{chapter}: no such cells; say which ones teach it now: {lost}"


def test_every_chapter_has_rows():
    chapters = {page.removesuffix(".ipynb") for page in COURSE.pages(".ipynb") if page[:2].isdigit()}
    assert chapters == set(ROWS)
