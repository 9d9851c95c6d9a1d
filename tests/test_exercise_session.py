"""`check` and `hint` in a session: a sentence in the reader's language, whatever is handed over."""

import math

import pytest

import gptcourse
from gptcourse import check, hint
from gptcourse.exercises import session
from gptcourse.exercises.inside.attempt import define


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(session, "_solved", set())
    monkeypatch.setattr(session, "_hints_seen", {})
    gptcourse.language("en")
    yield
    gptcourse.language("en")


@pytest.fixture
def said(capsys):
    """What was printed since the last call, as lines."""
    return lambda: capsys.readouterr().out.splitlines()


def softmax(scores):
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]


def test_a_right_answer(said):
    check("04-softmax", softmax)
    first, *_, progress = said()
    assert first.startswith("✅ 4.1 ") and "add up to 1" in first
    assert progress.startswith("Chapter 4: 1 of ") and progress.count("■") == 1


def test_a_wrong_answer_names_the_property_and_shows_the_call(said):
    check("04-softmax", lambda scores: [math.exp(score) / 3 for score in scores if score < 700])
    lines = said()
    assert lines[0].startswith("✗ 4.1 ")
    assert lines[1] == "It was called like this: `softmax([1.0, 2.0, 3.0])`"
    assert "0.09" not in "".join(lines)  # the answer is not told


def test_what_was_solved_can_be_lost_again(said):
    check("04-softmax", softmax)
    check("04-softmax", lambda scores: scores)
    assert said()[-1].startswith("Chapter 4: 0 of ")


def stub(scores): ...


def text():
    return ""


def documented(scores):
    """Weights."""


@pytest.mark.parametrize("answer", [stub, documented, None, ...])
def test_an_empty_answer_is_not_yet_one(answer, said):
    check("04-softmax", answer)
    (line,) = said()
    assert line.startswith("4.1 Not yet") and 'hint("04-softmax")' in line


def test_an_exception_is_shown_with_the_learners_own_line(said):
    def softmax(scores):
        return [int(score) // 0 for score in scores]

    check("04-softmax", softmax)
    line = said()[0]
    assert "ZeroDivisionError: " in line
    assert "`return [int(score) // 0 for score in scores]`" in line


def loop(scores):
    return loop(scores)


def leave(scores):
    raise SystemExit(3)


def interrupted(scores):
    raise KeyboardInterrupt


class Mute(Exception):
    def __str__(self):
        return 3


def mute(scores):
    raise Mute


def huge(scores):
    return [0] * 10**7


class Liar(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0


@pytest.mark.parametrize(
    "answer",
    [loop, leave, interrupted, mute, huge, 3, "softmax", softmax([1.0]), lambda: 1, text, lambda scores: softmax,
     type("softmax", (), {}), lambda scores: Liar(0.5), lambda scores: [Liar(0.5)] * len(scores),
     lambda scores: 10**5000,
     lambda scores: float("nan")],
)  # fmt: skip
def test_odd_answers_get_a_sentence(answer, said):
    check("04-softmax", answer)
    lines = said()
    assert lines and "Traceback" not in "".join(lines) and not lines[0].startswith("✅")


def test_the_wrong_number_of_answers(said):
    check("04-softmax")
    assert said() == ['4.1 Call it like this: `check("04-softmax", softmax)`.']


@pytest.mark.parametrize("call", [check, hint])
def test_an_unknown_exercise(call, said):
    call("04-soft")
    (line,) = said()
    assert "'04-soft'" in line and "04-softmax" in line


def test_what_is_asked_to_do_without_is_seen(said):
    check("04-softmax", by_helper)
    assert "`torch`" in said()[0]
    check("04-softmax", softmax)
    assert said()[0].startswith("✅")  # whatever else stands in the same file


def by_helper(scores):
    return helper(scores)


def helper(scores):
    import torch

    return torch.tensor(scores).softmax(0).tolist()


def test_a_lambda_is_looked_into_too(said):
    space = define("import torch", "softmax = lambda scores: torch.tensor(scores).softmax(0)")
    check("04-softmax", space["softmax"])
    assert "`torch`" in said()[0]


def test_prints_of_the_learner_are_not_shown(said):
    check("04-softmax", lambda scores: print("here") or softmax(scores))
    assert "here" not in said()


def test_random_numbers_go_on_as_if_nothing_had_been_checked():
    import torch

    torch.manual_seed(1)
    wanted = torch.rand(2)
    torch.manual_seed(1)
    first = torch.rand(1)
    check("04-softmax", lambda scores: torch.rand(3))
    assert torch.equal(torch.cat([first, torch.rand(1)]), wanted)


def test_hints_come_one_at_a_time_and_the_last_stays(said):
    total = len(gptcourse.Labels("en")["exercises.02-cosine.hints"])
    first = []
    for _ in range(total + 1):
        hint("02-cosine")
        first.append(said()[0])
    assert [line.split(":")[0] for line in first] == [
        f"2.1 Hint {min(n, total)} of {total}" for n in range(1, total + 2)
    ]
    assert first[-1] == first[-2]


def test_persian_comes_from_right_to_left(said):
    gptcourse.language("fa")
    check("04-softmax", lambda scores: scores)
    assert any("\u0600" <= char <= "\u06ff" for char in said()[0])
    html = gptcourse.show.marked(["متن `x < y` **۴**"]).html
    assert html.startswith('<div class="gc-sentences" dir="rtl">')
    assert '<code dir="ltr">x &lt; y</code>' in html and "<b>۴</b>" in html


def test_names_from_other_cells_are_told(said):
    session._show(list(session._elsewhere(session.spec.load("04-softmax"), [uses_helper], gptcourse.Labels("en"))))
    assert "`somewhere_else`" in said()[0]


@pytest.mark.parametrize(
    "code",
    ["from math import *\ndef f(x):\n    return exp(x)\n",
     "def f(x):\n    match x:\n        case [a, *rest]:\n            return a, rest\n",
     "def f(x):\n    try:\n        return [y := x, *(z for z in y)]\n    except ValueError as error:\n        raise error\n"],
)  # fmt: skip
def test_names_that_the_cell_binds_itself_are_not_from_elsewhere(code):
    assert session.answers.names_from_elsewhere(code, "") == set()


def uses_helper(scores):
    return somewhere_else(scores)  # noqa: F821


def test_a_small_tensor_is_shown_with_its_numbers():
    import torch

    exercise = session.spec.load("07-entropies")
    assert session._call(exercise, (torch.tensor([[0.25, 1 / 3]]),)) == "entropies(tensor([[0.25, 0.3333]]))"
    assert session._call(exercise, (torch.zeros(2, 8),)) == "entropies(<tensor 2×8>)"
    assert session._call(exercise, ([torch.tensor([3, -1])],)) == "entropies([tensor([3, -1])])"


def test_where_two_functions_are_asked_for_both_are_named(said):
    check("05-feed-forward", lambda *tensors: 1, lambda *tensors: 2)
    assert said()[1].startswith("It was called like this: `feed_forward, without: hidden=")
