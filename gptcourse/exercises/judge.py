"""Judge what a learner's function returned: data in, verdict out. No code of the learner runs here.

A verdict names a key of the message catalogue, never a sentence: `text(verdict, labels)` makes the sentence.
"""

from dataclasses import dataclass, field

from gptcourse.exercises.answers import used_names
from gptcourse.exercises.expect import Wrong, kind
from gptcourse.exercises.inside.wire import pack, unpack


@dataclass(frozen=True)
class Verdict:
    """`passed`, or a message key with its values, and the number of the case that failed."""

    passed: bool
    key: str = "verified"
    values: dict = field(default_factory=dict)
    case: int | None = None


def refused(exercise, source, names):
    """The verdict on a program whose definitions of `names` use what the exercise asks to do without; None for others."""
    used = sorted(set(exercise.forbidden) & used_names(source, names))
    return Verdict(False, "forbidden", {"name": used[0].removeprefix(".")}) if used else None


def judge(exercise, cases, outcomes):
    """The verdict on `outcomes` (see inside/attempt.py) of `cases`, a list of tuples of arguments."""
    if not isinstance(outcomes, list) or len(outcomes) != len(cases):
        return Verdict(False, "incomplete")
    for number, (case, outcome) in enumerate(zip(cases, outcomes, strict=True)):
        try:
            _judge_one(exercise, case, outcome)
        except Wrong as wrong:
            return Verdict(False, wrong.key, wrong.values, number)
        except Exception:  # data of a kind that `verify` did not think of
            return Verdict(False, "unreadable", {"type": _type(outcome)}, number)
    return Verdict(True)


def _type(outcome):
    try:
        return kind(unpack(outcome["value"]))
    except Exception:  # forged, such as a thousand lists in each other
        return "?"


def _judge_one(exercise, case, outcome):
    if not isinstance(outcome, dict):
        raise Wrong("incomplete")
    wanted = exercise.raises(*case)
    if "raised" in outcome:
        if outcome["raised"]["type"] != wanted:
            if wanted:
                raise Wrong("raised_other", wanted=wanted, type=outcome["raised"]["type"])
            own_line = outcome["raised"].get("line")
            raise Wrong("raised" if own_line else "raised_elsewhere", **outcome["raised"])
        return
    if wanted:
        raise Wrong("should_raise", type=wanted)
    result = unpack(outcome["value"])
    if result is None and not exercise.returns_none:
        raise Wrong("nothing")
    exercise.verify(result, *case)
    if exercise.pure and outcome["after"] != pack(tuple(case)):
        raise Wrong("changed")


def text(exercise, verdict, labels):
    """The sentence of a verdict in the language of `labels`: the exercise's own, else the common one."""
    key = f"exercises.{exercise.id}.{verdict.key}"
    if labels.get(key) is None:
        key = f"exercises.common.{verdict.key}"
    values = {name: value.rstrip(".") or "–" if name == "text" else value for name, value in verdict.values.items()}
    return labels(key, **values)
