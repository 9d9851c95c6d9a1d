"""The page of words: every word that a chapter says it introduces is explained there, and leads back to the chapter."""

import re
from pathlib import Path

import pytest

from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import read_notebook

COURSE = Course(Path(__file__).parents[1])
CHAPTERS = [page for page in COURSE.pages(".ipynb") if re.match(r"\d\d-", page)]
ENTRY = re.compile(r"^- \*\*(.+?)\*\* \((.*?)\): (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def entries():
    text = COURSE.path(SOURCE, "glossary.md").read_text(encoding="utf-8")
    return {term: (links, sentence) for term, links, sentence in ENTRY.findall(text)}


def words_of(page):
    for cell in read_notebook(COURSE.path(SOURCE, page)).cells:
        if cell.cell_type == "markdown" and (
            found := re.search(r"\*\*Words of this chapter:\*\* (.*?)\. .*\]\(glossary\.md\)", cell.source)
        ):
            return found[1].split(", ")
    return []


@pytest.mark.parametrize("page", CHAPTERS)
def test_words_of_a_chapter_are_explained_and_lead_back_to_it(page, entries):
    words = words_of(page)
    assert len(words) >= 8, "a chapter's summary ends with **Words of this chapter:** and a list"
    assert [word for word in words if word not in entries] == []
    assert [word for word in words if f"]({page})" not in entries[word][0]] == []


def test_every_word_belongs_to_a_chapter_and_is_explained_in_one_sentence(entries):
    introduced = {word for page in CHAPTERS for word in words_of(page)}
    assert sorted(entries.keys() - introduced) == []
    assert list(entries) == sorted(entries, key=lambda term: term.strip("`").lower())
    assert [term for term, (_, sentence) in entries.items() if not sentence.endswith((".", ".)"))] == []
