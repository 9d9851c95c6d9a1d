"""Answers are found in notebooks that other programs have been at."""

import json

import pytest

from gptcourse.authoring.exercises import submission
from gptcourse.exercises import spec

ANSWER = "# exercise: 04-softmax\ndef softmax(scores):\n    return scores\n"
STUB = "# exercise: 04-softmax\ndef softmax(scores):\n    ...\n"
EXERCISES = [spec.load("04-softmax")]


def notebook(*codes, ids=None, **more):
    ids = ids or [f"cell-{n}" for n in range(len(codes))]
    cells = [{"cell_type": "code", "id": id, "metadata": {}, "source": code, "outputs": []}
             for id, code in zip(ids, codes, strict=True)]  # fmt: skip
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more


@pytest.fixture
def hand_in(tmp_path):
    """Write a notebook (or any text) into a student's folder and read the submission."""

    def write(content, name="04-attention.ipynb"):
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return submission.read(tmp_path, EXERCISES)

    return write


@pytest.mark.parametrize(
    "name", ["04-attention.ipynb", "my homework (1).ipynb", "تمرین.ipynb", "a.ipynb.txt", "a.JSON"]
)
def test_files_may_be_renamed(hand_in, name):
    found = hand_in(notebook('LANG = "fa"\n', ANSWER), name)
    assert found == submission.Submission({"04-softmax": ANSWER}, "fa", name)


@pytest.mark.parametrize(
    "code",
    [ANSWER, "\n\n" + ANSWER, ANSWER.replace("# exercise: ", "#exercise:"),
     ANSWER.replace("# ex", "  # Ex").replace("\n", "\r\n"),
     ANSWER.splitlines(keepends=True), "%%time\n" + ANSWER, ANSWER + "check('04-softmax', softmax)\n"],
)  # fmt: skip
def test_the_first_line_tells_the_answer(hand_in, code):
    assert "def softmax(scores):" in hand_in(notebook("x = 1", code)).answers["04-softmax"]


def test_without_the_first_line_the_cells_id_tells_it(hand_in):
    code = ANSWER.split("\n", 1)[1]
    assert hand_in(notebook("x = 1", code, ids=["a", "exercise-1"])).answers == {"04-softmax": code}


def test_as_colab_saves_it_without_ids_and_with_its_own(hand_in):
    content = notebook(ANSWER.split("\n", 1)[1])
    del content["cells"][0]["id"]
    content["cells"][0]["metadata"] = {"id": "x7Yq", "colab": {"base_uri": "…"}}
    content["metadata"] = {"colab": {"provenance": []}}
    assert "def softmax" in hand_in(content).answers["04-softmax"]  # by what the cell defines


def test_notebooks_of_version_3(hand_in):
    cell = {"cell_type": "code", "input": ANSWER.splitlines(keepends=True)}
    assert "04-softmax" in hand_in({"nbformat": 3, "worksheets": [{"cells": [cell]}]}).answers


def test_the_last_answer_counts_unless_it_is_a_stub(hand_in):
    better = ANSWER.replace("return scores", "return list(scores)")
    assert hand_in(notebook(ANSWER, better, STUB)).answers == {"04-softmax": better}
    assert hand_in(notebook(STUB)).answers == {"04-softmax": STUB}


def test_an_answer_beside_the_stub_is_found(hand_in):
    code = "def softmax(scores):\n    return [1.0]\n"
    assert hand_in(notebook(STUB, code)).answers == {"04-softmax": code}


def test_lines_of_the_notebook_are_left_out(hand_in):
    code = ANSWER + "%timeit softmax([1.0])\n!ls\nfiles = !ls\nsoftmax?\n??softmax\n"
    assert hand_in(notebook(code)).answers["04-softmax"].rstrip() == ANSWER.rstrip()


def test_a_line_that_begins_with_an_operator_stays(hand_in):
    code = "# exercise: 04-softmax\ndef softmax(scores):\n    return (len(scores)\n            % 7)\n"
    assert hand_in(notebook(code)).answers == {"04-softmax": code}


@pytest.mark.parametrize("mark", ["# exercise: 04-softmax\n", ""])
def test_what_a_lesson_defines_is_no_answer(hand_in, mark):
    lesson = "def softmax(z):\n    return z.exp() / z.exp().sum()\n"
    stub = mark + "def softmax(scores):\n    ...\n"
    assert hand_in(notebook(lesson, "x = 1", stub)).answers == {"04-softmax": stub}
    assert hand_in(notebook(lesson, "x = 1", stub, "softmax = max")).answers == {"04-softmax": "softmax = max\n"}


def test_folders_and_cells_too_large_for_an_answer_are_passed_over(hand_in, tmp_path):
    (tmp_path / "z.ipynb").mkdir()
    large = ANSWER + "#" * submission.MOST_CODE
    assert hand_in(notebook(ANSWER, large)).answers == {"04-softmax": ANSWER}


@pytest.mark.parametrize("code", ["-" * 50_000 + "1", "1" + " + 1" * 20_000])
def test_what_is_too_deep_for_the_parser_is_left_to_the_sandbox(hand_in, code):
    code = f"# exercise: 04-softmax\nsoftmax = {code}\n"
    assert hand_in(notebook(code)).answers == {"04-softmax": code}
    assert not submission.is_stub(code, ("softmax",))


def test_of_several_notebooks_the_fullest_counts(hand_in):
    hand_in(notebook("x = 1"), "b.ipynb")
    hand_in(notebook(ANSWER), "a.ipynb")
    assert hand_in("{", "c.ipynb").file == "a.ipynb"
    assert hand_in(notebook(STUB), "d.ipynb").file == "a.ipynb"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"cell_type": "code", "source": 3}]}', "PK\x03\x04",
     '{"worksheets": [1]}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_notebook_is_told(hand_in, text):
    found = hand_in(text)
    assert not found.answers and "04-attention.ipynb" in found.problem


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "student.json").write_text("{}", encoding="utf-8")
    assert submission.read(tmp_path, EXERCISES).problem == "no notebook"


def test_a_byte_order_mark_and_broken_letters_do_no_harm(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook(ANSWER)).encode() + b" \xff"[:1])
    assert "04-softmax" in submission.read(tmp_path, EXERCISES).answers


@pytest.mark.parametrize(
    ("code", "stub"),
    [(STUB, True), (ANSWER, False), ("def softmax(s):\n    '''x'''\n    pass\n", True), ("softmax = None", True),
     ("def other(s):\n    return s\n", True), ("softmax = lambda s: s", False), ("def softmax(s:\n", False),
     ("softmax = lambda s: s[None, :]", False), ("softmax = [..., 1]", True), ("softmax: list = [1]", False),
     ("softmax = lambda s: ...", True), ("from a import softmax", False)],
)  # fmt: skip
def test_stubs(code, stub):
    assert submission.is_stub(code, ("softmax",)) is stub
