"""A chapter that a language does not have yet runs there all the same: its code is the same in all languages.

Each English chapter without translations is run with the set-up of one other language, a different one from chapter to
chapter; `python -m gptcourse run <chapter> --as <language>` runs it in any.
"""

from itertools import cycle
from pathlib import Path

import pytest

from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.run import try_notebook
from gptcourse.authoring.sync import setup_source

COURSE = Course(Path(__file__).parents[1])
OTHERS = [lang for lang in COURSE.languages if lang != SOURCE]
UNTRANSLATED = [
    (page, lang)
    for page, lang in zip(COURSE.pages(".ipynb"), cycle(OTHERS), strict=False)
    if not COURSE.path(lang, page).is_file()
]


@pytest.mark.parametrize(("page", "lang"), UNTRANSLATED)
def test_chapter_runs_in_another_language(page, lang):
    assert try_notebook(COURSE.path(SOURCE, page), setup_source(COURSE, lang)) < 180
