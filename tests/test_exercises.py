"""The exercises judge rightly, and say so in every language: solutions and other right programs pass, wrong ones fail."""

import string
from pathlib import Path

import pytest

from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.exercises.selftest import failures
from gptcourse.authoring.notebooks import read_notebook
from gptcourse.authoring.solutions import exercise_cells
from gptcourse.exercises import spec
from gptcourse.exercises.answers import names_from_elsewhere
from gptcourse.exercises.inside.wire import pack
from gptcourse.exercises.judge import judge, text
from gptcourse.labels import Labels, languages

COURSE = Course(Path(__file__).parents[1])
CHAPTERS = {page[:2]: page for page in COURSE.pages(".ipynb") if page[:2].isdigit()}
SEEDS = range(100)
FORMATTER = string.Formatter()


@pytest.mark.parametrize("id", spec.ids())
def test_no_wrong_verdict_over_100_seeds(id):
    exercise = spec.load(id)
    assert len(exercise.alternatives) >= 2 and len(exercise.mutants) >= 4
    assert len({exercise.solution, *exercise.alternatives}) >= 3
    found = list(failures(exercise, SEEDS))
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("id", spec.ids())
def test_cases_come_from_the_seed(id):
    exercise = spec.load(id)
    assert repr(exercise.drawn(1)) == repr(exercise.drawn(1))
    assert repr(exercise.drawn(1)) != repr(exercise.drawn(2)) or exercise.drawn(1) == [()]  # a value is looked at once


@pytest.mark.parametrize("id", spec.ids())
def test_solutions_need_nothing_from_other_cells(id):
    exercise = spec.load(id)
    for code in (exercise.solution, *exercise.alternatives):
        assert names_from_elsewhere(code, exercise.given) == set()


@pytest.mark.parametrize("id", spec.ids())
def test_messages_exist_in_every_language_with_the_same_places(id):
    english = Labels(SOURCE)
    own = english[f"exercises.{id}"]
    keys = {key for key, _ in spec.load(id).mutants}
    common = english["exercises.common"]
    assert keys - set(own) <= set(common), "messages that are nowhere"
    assert set(own) - keys <= {"verified", "hints"}, "messages that no mutant reaches"
    assert 1 <= len(own["hints"]) <= 3
    for lang in languages():
        theirs = Labels(lang).own(f"exercises.{id}")
        assert theirs is not None and theirs.keys() == own.keys(), f"{lang}: exercises.{id}"
        assert len(theirs["hints"]) == len(own["hints"]), lang
        for key, sentence in own.items():
            assert places(theirs[key]) == places(sentence), f"{lang}: exercises.{id}.{key}"


def places(text):
    """The names in braces, and how many pieces of code there are."""
    text = text if isinstance(text, str) else "\n".join(text)
    return {name for _, name, _, _ in FORMATTER.parse(text) if name}, text.count("`")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_notebook_has_each_exercise_and_its_check(chapter):
    cells = {cell.id: cell for cell in read_notebook(COURSE.path(SOURCE, CHAPTERS[chapter])).cells}
    checked = []
    for number, (cell, id) in enumerate(
        exercise_cells(read_notebook(COURSE.path(SOURCE, CHAPTERS[chapter]))).items(), 1
    ):
        check = cells.get(cell.replace("exercise", "check"))
        if id not in spec.ids(chapter):
            assert check is None
            continue
        exercise = spec.load(id)
        checked.append(id)
        statement = cells[f"{cell}-text"].source
        assert statement.startswith(f"> **Exercise {exercise.title}** {'★' * exercise.stars} ")
        assert exercise.number == number
        assert check.source == f'check("{id}", {", ".join(exercise.names)})'
        assert all(name in cells[cell].source for name in exercise.names)
        assert exercise.solution in cells[cell.replace("exercise", "solution")].source
    assert checked == spec.ids(chapter)


def test_there_are_enough():
    assert len(spec.ids()) >= 60 and all(spec.ids(chapter) for chapter in CHAPTERS)


def test_an_unknown_exercise_is_told_with_those_of_its_chapter():
    with pytest.raises(ValueError, match="'04-soft'.*04-softmax"):
        spec.load("04-soft")
    for id in ("../x", "04-../x", "04-__init__", "06-early_stop", "04-Softmax", 3):
        with pytest.raises(ValueError, match=str(id)):
            spec.load(id)


ODD = ["text", 3, -1.5, True, [], [[1], "a"], {"a": 1}, {1, 2}, (), b"x", float("nan"), object(), [None] * 3, 10**400]


@pytest.mark.parametrize("id", spec.ids())
def test_odd_results_are_judged_wrong(id):
    exercise = spec.load(id)
    cases = exercise.drawn()
    for odd in ODD:
        verdict = judge(exercise, cases, [{"value": pack(odd), "after": pack(tuple(case))} for case in cases])
        assert not verdict.passed and text(exercise, verdict, Labels(SOURCE)), odd


@pytest.mark.parametrize(
    "outcome",
    [None, 3, {}, {"value": {"tensor": 3}}, {"raised": None}, {"raised": {}}, {"after": []},
     {"value": {"tensor": ["float32", [10**9, 0], []]}, "after": []}],
)  # fmt: skip
def test_forged_outcomes_are_judged_wrong(outcome):
    exercise = spec.load("04-softmax")
    cases = exercise.drawn()
    verdict = judge(exercise, cases, [outcome] * len(cases))
    assert not verdict.passed and text(exercise, verdict, Labels(SOURCE))
    assert not judge(exercise, cases, outcome).passed
