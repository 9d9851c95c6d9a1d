"""`list` and `selftest`: what there is, and that a wrong verdict would be seen."""

from dataclasses import replace

import pytest

from gptcourse.authoring import AuthoringError, exercises
from gptcourse.authoring.exercises import selftest
from gptcourse.exercises import spec

SOFTMAX = spec.load("04-softmax")


class NoSandbox:
    """Stands for the sandbox; finds nothing, as one that does not work."""

    def __init__(self, weak=False, slot=0):
        pass

    def run(self, answers, seconds):
        return {answer["id"]: {"stopped": "died"} for answer in answers}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"solution": SOFTMAX.solution.replace("e / sum(exps)", "e")}, "the solution is judged wrong"),
        ({"alternatives": ["def softmax(scores):\n    return scores\n"]}, "alternative 1 is judged wrong"),
        ({"mutants": [("sum", SOFTMAX.solution)]}, "mutant 1 should fail with 'sum'"),
        (
            {"mutants": [("length", SOFTMAX.solution.replace("e / sum(exps)", "e"))]},
            "mutant 1 should fail with 'length'",
        ),
    ],
)
def test_wrong_verdicts_are_seen(changes, told):
    found = list(selftest.failures(replace(SOFTMAX, **{"mutants": []} | changes), range(3)))
    assert len(found) == 3 and all(told in line for line in found)


def test_a_mutant_that_changes_nothing_is_refused():
    with pytest.raises(ValueError, match="has no 'nowhere'"):
        list(replace(SOFTMAX, mutants=[("sum", {"nowhere": ""})]).wrong_programs())


def test_the_command_tells_of_a_sandbox_that_does_not_work(monkeypatch, capsys):
    monkeypatch.setattr(selftest, "Sandbox", NoSandbox)
    assert exercises.main(["selftest", "10", "--seeds", "2"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"{len(spec.ids('10'))} exercises, 2 seeds: {len(spec.ids('10'))} wrong verdicts."
    assert all("fails in the sandbox" in line and "stopped_died" in line for line in lines[:-1])


def test_nothing_to_try_is_no_success():
    with pytest.raises(AuthoringError, match="chapter '4'"):
        exercises.main(["selftest", "4"])


def test_the_list_has_the_open_exercises_too(capsys):
    assert exercises.main(["list", "10"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "10.6" in lines[5] and "check('10-power-law', power_law)" in lines[5]
    assert "10.7" in lines[6] and "open" in lines[6] and lines[-1] == "6 exercises are checked."
