"""A class is graded: points, feedback in the student's language, hidden cases, resuming. (The sandbox: test_sandbox.)"""

import json
import math
import os
import sys

import pytest

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises import grade, private, submission
from gptcourse.authoring.exercises.grade import Grader, grade_class
from gptcourse.exercises import spec
from gptcourse.exercises.inside.attempt import attempt, define, probe_from, raised
from gptcourse.exercises.judge import Verdict

RIGHT = spec.load("04-softmax").solution
IDS = spec.ids("04")
POINTS = spec.load("04-softmax").stars


class InThisProcess:
    """Stands for the sandbox where answers are known to be harmless."""

    runs = 0

    def __init__(self, weak=False, slot=0):
        pass

    def run(self, answers, seconds):
        InThisProcess.runs += 1
        return {answer["id"]: self._one(answer) for answer in answers}

    def _one(self, answer):
        try:
            space = define(answer["given"], answer["source"])
        except Exception as error:
            return {"raised": raised(error)}
        if missing := [name for name in answer["names"] if name not in space]:
            return {"missing": missing}
        if space.get("STOP"):
            return {"stopped": space["STOP"]}
        functions = [space[name] for name in answer["names"]]
        return {"outcomes": attempt(functions, answer["cases"], probe_from(answer["probe"]))}


@pytest.fixture
def klass(tmp_path):
    """Add students: klass.add("jane", code, lang="fa")."""

    class Class:
        folder, out = tmp_path / "class", tmp_path / "results"

        def add(self, name, code, lang="en", /, **more):
            cells = [f'LANG = "{lang}"\n', f"# exercise: 04-softmax\n{code}"]
            cells = [{"cell_type": "code", "source": source} for source in cells]
            (self.folder / name).mkdir(parents=True)
            text = json.dumps({"nbformat": 4, "metadata": {}, "cells": cells})
            (self.folder / name / "a.ipynb").write_text(text, encoding="utf-8")
            if more:
                (self.folder / name / "student.json").write_text(json.dumps(more), encoding="utf-8")

        def grade(self, secret=None, **more):
            folders = sorted(self.folder.iterdir())
            grader = Grader.of("04", secret or private.Private(), **more)
            return grade_class(folders, self.out, grader, [InThisProcess(), InThisProcess()])

        def key(self, code, **more):
            self.add("one", code)
            (result,) = self.grade(**more)
            return result["verdicts"]["04-softmax"]["key"]

        def feedback(self, name):
            return (self.out / name / "feedback.html").read_text(encoding="utf-8")

    return Class()


def test_points_and_verdicts(klass):
    klass.add("ada", RIGHT, name="Ada L.", id="7", lms="moodle", late=True)
    klass.add("bob", "def softmax(scores):\n    return scores\n")
    ada, bob = klass.grade()
    assert (ada["points"], bob["points"]) == (POINTS, 0) and ada["of"] == sum(spec.load(id).stars for id in IDS)
    assert (ada["name"], ada["id"], ada["late"], bob["name"]) == ("Ada L.", "7", True, "bob")
    assert ada["verdicts"].keys() == set(IDS)
    assert {ada["verdicts"][id]["key"] for id in IDS[1:]} == {"no_cell"}
    lines = grade.table([spec.load(id) for id in IDS], [ada, bob])
    assert lines[1].startswith("Ada L.") and lines[1].split()[2] == "+" and lines[2].split()[1] == "-"
    assert "4.1  04-softmax: 1 of 2 solved it" in lines


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("def softmax(scores):\n    ...\n", "left_empty"),
        ("def other(scores):\n    return 1\n", "not_defined"),
        ("def softmax(scores:\n", "raised_graded"),
        ("1 / 0\ndef softmax(scores):\n    return 1\n", "raised_graded"),
        ("def softmax(scores):\n    return helper(scores)\n", "raised_graded"),
        ("def softmax(scores):\n    return torch.tensor(scores)\n", "forbidden"),
        ("if 0:\n    def softmax(scores): return 1\nsoftmax_ = softmax = 1\ndel softmax", "not_defined"),
        ("STOP = 'time'\ndef softmax(scores):\n    return 1\n", "stopped_time"),
        ("STOP = 'memory'\ndef softmax(scores):\n    return 1\n", "stopped_memory"),
    ],
)
def test_what_is_wrong_is_told(klass, code, key):
    assert klass.key(code) == key


@pytest.mark.parametrize("lang", ["en", "hu", "pl", "ru", "fa"])
def test_feedback_is_in_the_language_of_the_notebook(klass, lang):
    klass.add("one", "def softmax(scores):\n    return [0.5 for <b> in scores]\n", lang, name="<i>One</i>")
    klass.grade(lang="en")
    html = klass.feedback("one")
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "fa" else "ltr"}">' in html
    assert "&lt;b&gt;" in html and "<i>" not in html and "<b> in" not in html
    assert html.count("<li>") == len(IDS)


def test_nothing_that_the_learner_made_up_carries_hidden_cases_out(klass):
    klass.add("one", "def softmax(scores):\n    raise type('Case ' + repr(scores), (Exception,), {})(repr(scores))\n")
    klass.add("two", "def softmax(scores):\n    return type('Case ' + repr(scores), (), {})()\n")
    for result in klass.grade():
        assert "?" in result["verdicts"]["04-softmax"]["values"].values()
        assert "1.0" not in klass.feedback(result["name"])


def test_what_a_verdict_may_carry_out_of_the_sandbox():
    code = "class Mine:\n    attn = 1\n"
    for harmless in (3, -1.5, "1.5e-07", "(2, 3, 4)", "int", "tensor", "Mine, attn", math.inf):
        assert grade._discreet(Verdict(False, "x", {"got": harmless}), code).values == {"got": harmless}
    for telling in (10**30, "case 1", "1" * 25, str(tuple(range(30))), "Mine, other", "\ud800"):
        assert grade._discreet(Verdict(False, "x", {"got": telling}), code).values == {"got": "?"}
    forged = {"type": "Case", "text": "1.0", "number": 2, "line": "[1.0, 2.0]"}
    assert grade._discreet(Verdict(False, "raised", forged), code) == Verdict(
        False, "raised_graded", {"type": "?", "number": 2, "line": "attn = 1"}
    )
    for number in (None, 0, 99, -1):
        beyond = grade._discreet(Verdict(False, "raised", forged | {"number": number}), code)
        assert (beyond.key, beyond.values) == ("raised_somewhere", {"type": "?", "number": None, "line": ""})


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are text")
def test_a_file_whose_name_is_no_text_is_graded(klass):
    klass.add("one", RIGHT)
    os.rename(klass.folder / "one" / "a.ipynb", os.fsencode(klass.folder / "one") + b"/\xf1.ipynb")
    (result,) = klass.grade()
    assert (
        result["points"] == POINTS
        and json.loads((klass.out / "one" / "result.json").read_text("utf-8"))["file"] == "?.ipynb"
    )


def test_an_empty_folder_gets_no_points_and_a_word(klass):
    (klass.folder / "one").mkdir(parents=True)
    (result,) = klass.grade()
    assert result["points"] == 0 and result["problem"] == "no notebook" and "No notebook" in klass.feedback("one")


def test_one_odd_folder_does_not_keep_the_class_waiting(klass, monkeypatch):
    klass.add("ada", RIGHT)
    klass.add("bob", RIGHT)
    read = submission.read

    def fail(folder, exercises):
        if folder.name == "ada":
            raise PermissionError("ada/a.ipynb")
        return read(folder, exercises)

    monkeypatch.setattr(submission, "read", fail)
    ada, bob = klass.grade()
    assert (ada["points"], bob["points"]) == (None, POINTS)
    assert ada["problem"] == "could not be graded: PermissionError: ada/a.ipynb"
    lines = grade.table([spec.load(id) for id in IDS], [ada, bob])
    assert lines[1].split()[1] == "?" and "could not be graded" in lines[1]
    monkeypatch.undo()
    assert klass.grade()[0]["points"] == POINTS


def test_a_run_goes_on_where_it_stopped(klass):
    for name in "abc":
        klass.add(name, RIGHT)
    InThisProcess.runs = 0
    klass.grade()
    assert InThisProcess.runs == 3
    (klass.out / "b" / "result.json").write_text('{"digest": ', encoding="utf-8")  # killed while it wrote
    (klass.out / "c" / "feedback.html").unlink()
    first = klass.grade()
    assert InThisProcess.runs == 5
    assert klass.grade() == first and InThisProcess.runs == 5
    klass.grade(private.Private("another seed"))
    assert InThisProcess.runs == 8
    with open(klass.folder / "a" / "a.ipynb", "a", encoding="utf-8") as file:
        file.write(" ")
    klass.grade(private.Private("another seed"))
    assert InThisProcess.runs == 9


def test_hidden_cases_and_seed(klass, tmp_path):
    known = spec.load("04-softmax").drawn()
    code = f"ANSWERS = {{repr(case): softmax_(case) for case in {[case[0] for case in known]!r}}}\n"
    code = RIGHT.replace("softmax(", "softmax_(") + code.replace("-inf", "-math.inf")
    code += "def softmax(scores):\n    return ANSWERS.get(repr(scores), [1.0])\n"
    assert klass.key(code) == "verified"  # has learnt the public cases by heart
    secret = tmp_path / "private"
    secret.mkdir()
    (secret / "seed.txt").write_text("a secret\n", encoding="utf-8")
    (result,) = klass.grade(private.read(secret))
    assert not result["verdicts"]["04-softmax"]["passed"]
    (secret / "04-softmax.py").write_text("def cases(draw):\n    yield ([draw.random()] * 50,)\n", encoding="utf-8")
    with_hidden = private.read(secret)
    assert len(with_hidden.cases(spec.load("04-softmax"))) == len(known) + 1
    assert with_hidden.digest() != private.Private("a secret").digest()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no seed.txt"),
        ({"seed.txt": "\n"}, "is empty"),
        ({"seed.txt": "x", "04-softmaks.py": ""}, "no exercise called '04-softmaks'"),
    ],
)
def test_a_private_folder_that_cannot_be_used(tmp_path, files, message):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match=message):
        private.read(tmp_path)


def test_a_seed_in_another_encoding_is_a_seed(tmp_path):
    seeds = []
    for text in ("секрет", "тайна!"):
        (tmp_path / "seed.txt").write_text(text, encoding="cp1251")
        seeds.append(private.read(tmp_path).cases(spec.load("04-softmax"))[-1])
    assert seeds[0] != seeds[1]


@pytest.mark.parametrize("code", ["def cases(draw):\n    yield 3\n", "x = 1", "def cases(draw:", "1 / 0"])
def test_hidden_cases_that_cannot_be_used(tmp_path, code):
    (tmp_path / "04-softmax.py").write_text(code, encoding="utf-8")
    with pytest.raises(AuthoringError, match=r"04-softmax.py: .* needs a function cases\(draw\)"):
        private.Private("x", tmp_path).cases(spec.load("04-softmax"))


def test_the_command(klass, capsys, monkeypatch):
    from gptcourse.authoring import exercises

    monkeypatch.setattr(grade, "Sandbox", InThisProcess)
    klass.add("one", RIGHT)
    command = ["grade", str(klass.folder), "--chapter", "04", "--out", str(klass.out), "--weak-sandbox"]
    assert exercises.main(command) == 0
    printed = capsys.readouterr().out
    assert f"one  {'+':^3}" in printed and "Without --private" in printed
    summary = json.loads((klass.out / "results.json").read_text(encoding="utf-8"))
    assert summary["chapter"] == "04-attention" and summary["exercises"] == IDS
    assert summary["students"][0]["points"] == POINTS
    with pytest.raises(AuthoringError, match="is not a folder"):
        exercises.main(["grade", str(klass.folder / "none"), "--chapter", "04", "--out", "x"])
    with pytest.raises(AuthoringError, match="has no folders"):
        exercises.main(["grade", str(klass.folder / "one"), "--chapter", "04", "--out", "x"])


def test_the_example_can_be_used():
    from pathlib import Path

    example = private.read(Path(__file__).parents[1] / "examples" / "private")
    for path in example.folder.glob("*.py"):
        exercise = spec.load(path.stem)
        assert len(example.cases(exercise)) > len(exercise.drawn())
