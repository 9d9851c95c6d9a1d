"""Every number in the prose of an English chapter stands in what its section computes, or has a source.

A number of two or more digits, or with decimals, must occur in the code or the outputs of the same section (between two
headings `##`), as it is written or rounded to as many decimals; otherwise it stands in facts.yml, with where it comes
from. So prose cannot go on naming what a changed cell no longer prints. (test_claims.py ties whole sentences of chapter 1.)
"""

import re
from itertools import groupby
from pathlib import Path

import pytest
import yaml

from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import read_notebook
from gptcourse.authoring.prose import numbers, plain, titled_numbers

COURSE = Course(Path(__file__).parents[1])
FACTS = yaml.safe_load(Path(__file__).with_name("facts.yml").read_text(encoding="utf-8"))
PAGES = [page for page in COURSE.pages(".ipynb") if re.match(r"\d\d-", page)]
YEAR = re.compile(r"\b(?:19[4-9]|20[0-2])\d\b")  # of a paper, or of an event
TASKS = re.compile(r"(exercise|solution)-")  # what an exercise is about is given in the exercise


def sections(notebook):
    """The cells of a notebook between its second-level headings."""
    count = 0

    def number(cell):
        nonlocal count
        count += cell.cell_type == "markdown" and re.search(r"^## ", cell.source, re.MULTILINE) is not None
        return count

    return [list(cells) for _, cells in groupby(notebook.cells, number)]


def computed(cells):
    """All numbers in the code and the outputs of cells, as text without thousands separators."""
    texts = []
    for cell in cells:
        if cell.cell_type == "code":
            texts.append(cell.source)
            for output in cell.outputs:
                data = output.get("data", {})
                texts += [
                    output.get("text", ""),
                    data.get("text/plain", ""),
                    re.sub("<[^>]*>", " ", data.get("text/html", "")),
                ]
    joined = re.sub(r"(?<=\d)[,_](?=\d{3})", "", "\n".join(texts))
    return {found.lstrip("-") for found in re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", joined)}


def is_among(number, found):
    """Whether `number` is one of `found`, or one of them rounded as it is."""
    if number in found or number.rstrip("0").rstrip(".") in found:
        return True
    decimals = len(number.partition(".")[2])
    return any(f"{float(each):.{decimals}f}" == number for each in found if "." in each or "e" in each)


def prose_numbers(cell):
    # without the numbers of headings and of linked chapters
    text = re.sub(r"^#+ [\d.]+|\[\d+(?= [^]]*\]\()", "", cell.source, flags=re.MULTILINE)
    return {n for n in numbers(text) - titled_numbers(text) if not (YEAR.fullmatch(n) and YEAR.search(plain(text)))}


@pytest.mark.parametrize("page", PAGES)
def test_numbers_of_the_prose_are_computed_or_have_a_source(page):
    facts = {str(number).replace(",", "") for number in FACTS.get(page.removesuffix(".ipynb"), {})}
    loose, used = [], set()
    for cells in sections(read_notebook(COURSE.path(SOURCE, page))):
        found = computed(cells)
        for cell in cells:
            if cell.cell_type != "markdown" or TASKS.match(cell.id):
                continue
            for number in sorted(prose_numbers(cell)):
                if number in facts:
                    used.add(number)
                elif not is_among(number, found):
                    loose.append(f"{cell.id}: {number}")
    assert not loose, f"{page}: not in the section's code or outputs, and without a source in facts.yml: {loose}"
    assert used == facts, f"{page}: facts.yml names numbers that the prose no longer does: {sorted(facts - used)}"


def test_facts_name_their_source():
    for page, facts in FACTS.items():
        assert f"{page}.ipynb" in PAGES, page
        for number, source in facts.items():
            assert re.search(r"[A-Za-z]{3}", str(source)), (page, number)


def test_how_numbers_are_compared():
    assert is_among("2.49", {"2.4937"}) and is_among("65", {"65"}) and is_among("0.50", {"0.5"})
    assert not is_among("2.49", {"2.50"}) and not is_among("65", {"6", "5"}) and not is_among("67", {"65.9"})
