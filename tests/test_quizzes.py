"""The quizzes: their data, and what a reader and a screen reader get."""

import json
import re
from pathlib import Path

import pytest

import gptcourse
from gptcourse import labels
from gptcourse.authoring.course import Course
from gptcourse.quizzes import FOLDER, load, quiz

COURSE = Course(Path(__file__).parents[1])
QUIZZES = [(path.parent.name, path.stem) for path in sorted(FOLDER.glob("*/*.json"))]


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(labels, "_session", None)


def test_every_chapter_has_a_quiz_and_shows_it():
    for page in COURSE.pages(".ipynb"):
        chapter = Path(page).stem
        if re.match(r"\d\d-", chapter):
            notebook = COURSE.path("en", page).read_text(encoding="utf-8")
            assert f'quiz(\\"{chapter}\\")' in notebook, chapter
            assert ("en", chapter) in QUIZZES, chapter


@pytest.mark.parametrize(("lang", "chapter"), QUIZZES)
def test_questions_have_one_right_answer_and_explain_them_all(lang, chapter):
    questions = load(lang, chapter)
    assert len(questions) == 3
    for question in questions:
        assert re.fullmatch(rf"{chapter[:2]}-[a-z0-9]+(-[a-z0-9]+)*", question["id"])
        assert question.keys() == {"id", "question", "choices"}
        assert [each["right"] for each in question["choices"]].count(True) == 1, question["id"]
        assert 3 <= len(question["choices"]) <= 4
        for choice in question["choices"]:
            assert choice.keys() == {"text", "right", "why"}
            assert len(choice["why"]) > 20 and choice["why"].rstrip('`)»”"').endswith((".", "!", "?", "؟")), choice
    assert len({question["id"] for question in questions}) == 3


@pytest.mark.parametrize(("lang", "chapter"), [each for each in QUIZZES if each[0] != "en"])
def test_a_translation_has_the_same_questions_and_answers(lang, chapter):
    def bones(lang):
        return [(each["id"], [choice["right"] for choice in each["choices"]]) for each in load(lang, chapter)]

    assert bones(lang) == bones("en")


def test_the_right_answer_is_not_always_in_the_same_place():
    places = [
        [choice["right"] for choice in question["choices"]].index(True)
        for lang, chapter in QUIZZES if lang == "en" for question in load(lang, chapter)
    ]  # fmt: skip
    assert len(places) < 9 or all(places.count(place) < 0.6 * len(places) for place in set(places))


def test_what_is_shown(tmp_path, monkeypatch):
    monkeypatch.setattr("gptcourse.quizzes.FOLDER", tmp_path)
    (tmp_path / "en").mkdir()
    choices = [
        {"text": "`a < b`", "right": True, "why": "So it is & stays."},
        {"text": "no", "right": False, "why": "It is not."},
    ]
    question = {"id": "09-x", "question": "Is <b> `x & y`?", "choices": choices}
    (tmp_path / "en" / "09-x.json").write_text(json.dumps([question]), encoding="utf-8")
    gptcourse.language("fa")
    shown = quiz("09-x")
    assert '<div class="gc-quiz" lang="en" dir="ltr">' in shown.html  # there is no Persian one yet
    assert 'Is &lt;b&gt; <code dir="ltr">x &amp; y</code>?' in shown.html
    assert shown.html.count("<details") == 2
    assert "<bdi>Right.</bdi></b> So it is &amp; stays." in shown.html and "<bdi>No.</bdi></b> It is not." in shown.html
    assert str(shown) == "1. Is <b> `x & y`?\n   a) `a < b`\n   b) no"


def test_an_unknown_quiz_names_those_there_are():
    with pytest.raises(ValueError, match="'99-none'.*01-tokenization"):
        quiz("99-none")
