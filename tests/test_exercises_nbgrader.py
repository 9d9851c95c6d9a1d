"""Chapters as assignments of nbgrader, and nbgrader itself on one: it hides, grades and counts as we do."""

import copy
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from filelock import FileLock
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import PyFileConfigLoader

from gptcourse.authoring import AuthoringError, find_root
from gptcourse.authoring.course import Course
from gptcourse.authoring.exercises import leaks, nbgrader, release
from gptcourse.authoring.exercises.private import Private
from gptcourse.authoring.exercises.selftest import verdicts
from gptcourse.authoring.notebooks import KERNELSPEC
from gptcourse.authoring.sync import setup_source
from gptcourse.exercises import spec
from gptcourse.exercises.inside.attempt import define
from gptcourse.exercises.session import require

COURSE = Course(find_root())
SOFTMAX, MASK, ORDER = (spec.load(f"04-{name}") for name in ("softmax", "mask", "order"))
STUBS = {
    "exercise-1": "# exercise: 04-softmax\ndef softmax(scores):\n    ...",
    "exercise-2": "# exercise: 04-mask\ndef causal_mask(T):\n    ...",
    "exercise-3": "# exercise: 04-order\ndef sees_order(f, x):\n    ...",
    "exercise-4": "# exercise: 04-free",
}
EXERCISES = {"exercise-1": SOFTMAX, "exercise-2": MASK, "exercise-3": ORDER}
SEED = "a seed that is hidden"
WARNS = "import sys\n" + SOFTMAX.solution.replace("    top", "    print('large!', file=sys.stderr)\n    top")
KNOWS_THE_PUBLIC_CASES = f"""\
from gptcourse.exercises import spec
{SOFTMAX.solution.replace("softmax", "right")}
def softmax(scores):
    return right(scores) if (scores,) in spec.load("04-softmax").drawn() else scores
"""


@pytest.fixture
def student():
    """A short chapter as `release` makes it: three exercises that can be checked, one that cannot."""
    cells = [
        new_markdown_cell("# Attention", id="title"),
        new_code_cell(setup_source(COURSE, "fa"), id="setup"),
        new_code_cell(SOFTMAX.given, id="given"),
    ]
    for name, stub in STUBS.items():
        cells.append(new_code_cell(stub, id=name))
        if exercise := EXERCISES.get(name):
            call = f'# T\ncheck("{exercise.id}", {exercise.names[0]})'
            cells.append(new_code_cell(call, id=name.replace("exercise", "check")))
    return new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})


def by_id(notebook):
    return {cell.id: cell for cell in notebook.cells}


def test_the_source_version(student):
    cells = by_id(nbgrader.source_version(student, SEED))
    answer, check = cells["exercise-1"], cells["check-1"]
    assert answer.source == (
        "# exercise: 04-softmax\ndef softmax(scores):\n    ### BEGIN SOLUTION\n"
        + "\n".join(SOFTMAX.solution.splitlines()[1:])
        + "\n    ### END SOLUTION"
    )
    assert answer.metadata.nbgrader == {"schema_version": 3, "grade_id": "04-softmax-answer", "grade": False,
                                        "solution": True, "locked": False, "task": False}  # fmt: skip
    assert check.metadata.nbgrader == {"schema_version": 3, "grade_id": "04-softmax", "grade": True, "solution": False,
                                       "locked": True, "task": False, "points": SOFTMAX.stars}  # fmt: skip
    assert check.source.splitlines()[2:] == [
        "# T", 'require("04-softmax", softmax)', "### BEGIN HIDDEN TESTS",
        f"require('04-softmax', softmax, seed='{SEED}')", "### END HIDDEN TESTS"]  # fmt: skip
    assert all(cells[name].metadata.nbgrader.locked for name in ("title", "setup", "given"))
    assert "nbgrader" not in cells["exercise-4"].metadata
    assert student.cells[0].metadata == {}  # made from a copy


def test_what_nbgrader_cuts_out_leaves_the_stub(student):
    cleared = by_id(nbgrader.cleared(nbgrader.source_version(student, SEED)))
    assert {name: cleared[name].source for name in STUBS} == STUBS
    assert not any(SEED in cell.source for cell in cleared.values())


@pytest.mark.parametrize("id", spec.ids())
def test_every_solution_is_right_in_this_form_too(id):
    exercise = spec.load(id)
    number = next(name for name, each in release.exercise_cells(chapter(id)).items() if each == id)
    stub = by_id(chapter(id))[number].source
    code = nbgrader.solved(stub, exercise.solution)
    assert code.startswith(stub[: stub.index("...")].rstrip())
    assert [verdict.key for _, verdict in verdicts(exercise, code, {1: exercise.drawn(1)})] == ["verified"]


def chapter(id):
    return release.read_notebook(COURSE.path("en", COURSE.find_page(id[:2])))


def test_what_a_solution_needs_goes_into_its_functions_and_what_it_shows_is_left_out():
    functions = "def f(x):\n    # twice\n    return math.sqrt(x) * TWO\n\n\ndef g(x):\n    return f(x)\n"
    solution = f"import math\n\nTWO = 2\n\n\n{functions}\n\nprint(f(4))\n"
    code = nbgrader.solved("# exercise: x\ndef f(x):\n    ...\n\n\ndef g(x):\n    ...", solution)
    space = {}
    exec(code, space)
    assert space["g"](9) == 6
    assert "print" not in code and "math" not in space


def test_a_stub_without_definitions_is_followed_by_the_solution():
    assert nbgrader.solved("# exercise: x\nrows = None", "rows = [1]\n") == (
        "# exercise: x\nrows = None\n### BEGIN SOLUTION\nrows = [1]\n### END SOLUTION"
    )


@pytest.mark.parametrize("without, more, message", [
    ("check-2", [], r"04-mask the notebook has no cell that says check"),
    ("exercise-2", [], r"04-mask the notebook has no answer cell"),
    ("title", [new_code_cell('check("04-mask", causal_mask)', id="again")], "twice, in the cells 'check-2' and 'again'"),
    ("title", [new_code_cell('check("04-nothing", x)', id="wrong")], "'wrong' checks '04-nothing'"),
])  # fmt: skip
def test_what_could_not_be_graded_is_refused(student, without, more, message):
    student.cells = [cell for cell in student.cells if cell.id != without] + more
    with pytest.raises(AuthoringError, match=message):
        nbgrader.source_version(student, SEED)


def test_the_hidden_seed_comes_from_the_secret_one_and_does_not_tell_it():
    secret = Private("the instructor's seed")
    seeds = [nbgrader.hidden_seed(chapter, secret) for chapter in ("04-attention", "04-attention", "05-the-gpt-model")]
    assert seeds[0] == seeds[1] != seeds[2] and not any("instructor" in seed for seed in seeds)
    assert nbgrader.hidden_seed("04-attention", None) != nbgrader.hidden_seed("04-attention", None)


def test_where_it_goes():
    assert nbgrader.place("04-attention") == "source/04-attention/04-attention.ipynb"
    assert nbgrader.place("04-attention", "week_5") == "source/week_5/04-attention.ipynb"
    with pytest.raises(AuthoringError, match="name for an assignment"):
        nbgrader.place("04-attention", "../week")


# What the test cells call.


def test_require_raises_what_check_says(capsys):
    space = define(SOFTMAX.given, WARNS)
    require("04-softmax", space["softmax"])
    shown = capsys.readouterr()
    assert "4.1" in shown.out and shown.err == ""  # nbgrader would take the warning for a failure
    cheat = define(SOFTMAX.given, KNOWS_THE_PUBLIC_CASES)["softmax"]
    require("04-softmax", cheat)
    with pytest.raises(AssertionError, match=r"^✗ 4\.1 "):
        require("04-softmax", cheat, seed=SEED)
    with pytest.raises(AssertionError, match="hint"):
        require("04-softmax", None)
    with pytest.raises(AssertionError, match=r'check\("04-softmax", softmax\)'):
        require("04-softmax")
    with pytest.raises(AssertionError, match="04-nothing"):
        require("04-nothing", None)


# nbgrader itself.


@pytest.fixture(scope="module")
def installed():
    """The folder that nbgrader is installed in, apart from the environment; fetched once for each list of versions."""
    versions = Path(__file__).parent / "nbgrader.txt"
    folder = COURSE.root / "_build" / "nbgrader" / hashlib.sha256(versions.read_bytes()).hexdigest()[:12]
    with FileLock(COURSE.root / "_build" / "nbgrader.lock"):
        if not folder.is_dir():
            unfinished = folder.with_suffix(".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(unfinished)]
            done = subprocess.run([*pip, "-r", str(versions)], capture_output=True, text=True)
            if done.returncode:
                (pytest.fail if os.environ.get("CI") else pytest.skip)(f"nbgrader cannot be installed: {done.stderr}")
            unfinished.rename(folder)
    return folder


@pytest.fixture
def classroom(tmp_path, monkeypatch, installed):
    """nbgrader's interface to a course in an empty folder."""
    monkeypatch.syspath_prepend(installed)
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.setenv("PATH", str(installed / "bin"), prepend=os.pathsep)  # nbgrader calls `alembic`
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    (tmp_path / nbgrader.CONFIG).write_text(nbgrader.CONFIG_TEXT, encoding="utf-8")
    config = PyFileConfigLoader(nbgrader.CONFIG, path=str(tmp_path)).load_config()
    config.CourseDirectory.root = str(tmp_path)
    config.Exchange.root = str(tmp_path / "exchange")
    api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    api.log.setLevel("ERROR")
    return api


ANSWERS = {
    "ada": {"exercise-1": WARNS, "exercise-2": MASK.solution, "exercise-3": ORDER.solution, "exercise-4": "1 / 0"},
    # Wrong in the hidden cases only; right in another way; left empty.
    "bob": {"exercise-1": KNOWS_THE_PUBLIC_CASES, "exercise-2": MASK.alternatives[0]},
}


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_nbgrader_releases_collects_and_grades(student, classroom):
    assignment, root = "04-attention", Path(classroom.coursedir.root)
    release.write(root, {nbgrader.place(assignment): release.dump(nbgrader.source_version(student, SEED))})

    done = classroom.generate_assignment(assignment)
    assert done["success"], done["log"]
    released = (root / "release" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8")
    secrets = [secret for each in EXERCISES.values() for secret in leaks.of_code(each.id, each.solution)]
    assert leaks.find(released, secrets) == [] and SEED not in released
    handed_out = nbformat.reads(released, as_version=4)
    assert {name: by_id(handed_out)[name].source for name in STUBS} == STUBS

    points = {}
    for name, answers in ANSWERS.items():
        notebook = copy.deepcopy(handed_out)
        for cell in notebook.cells:
            if cell.id in answers:
                cell.source = f"# exercise\n{answers[cell.id]}"
        path = root / "submitted" / name / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(notebook), encoding="utf-8")
        done = classroom.autograde(assignment, name)
        assert done["success"], done["log"]
        with classroom.gradebook as gradebook:
            grades = gradebook.find_submission(assignment, name).notebooks[0].grades
            points[name] = {grade.name: (grade.score, grade.max_score) for grade in grades}
    assert points == {name: {each.id: (ours(each, answers.get(cell, "")), each.stars) for cell, each in EXERCISES.items()}
                      for name, answers in ANSWERS.items()}  # fmt: skip
    assert [sum(score for score, _ in grades.values()) for grades in points.values()] == [4, 1]

    done = classroom.generate_feedback(assignment, "bob")
    assert done["success"], done["log"]
    page = (root / "feedback" / "bob" / assignment / f"{assignment}.html").read_text(encoding="utf-8")
    assert page.count("AssertionError") >= 2 and "hint(" in page  # the learner's sentences


def ours(exercise, code):
    """The points that this course's own judge gives."""
    return exercise.stars * all(verdict.passed for _, verdict in verdicts(exercise, code, {SEED: exercise.drawn(SEED)}))
