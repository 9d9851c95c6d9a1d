"""`check` and `hint`, as a notebook calls them. Whatever a learner hands over, the answer is a sentence and no traceback.

What was solved is remembered as long as the session lasts; running the notebook again finds it again.
"""

import contextlib
import inspect
import os
import re
import reprlib

from gptcourse import show
from gptcourse.exercises import answers, spec
from gptcourse.exercises.inside.attempt import attempt
from gptcourse.exercises.inside.wire import pack
from gptcourse.exercises.judge import Verdict, judge, refused, text
from gptcourse.labels import current

_solved = set()
_hints_seen = {}


def check(id, *given):
    """Check an exercise and show the verdict: `check("04-softmax", softmax)`."""
    _show(_checked(str(id), given)[1])


def require(id, *given, seed=spec.PUBLIC_SEED):
    """`check`, but an AssertionError where it is not passed: a test cell of nbgrader. Another `seed` draws other cases."""
    # For nbgrader, whatever stands on stderr is a failure, and a warning is none.
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        passed, lines = _checked(id, given, seed)
    if not passed:
        raise AssertionError("\n".join(lines).replace("**", ""))
    _show(lines)


def _checked(id, given, seed=spec.PUBLIC_SEED):
    """Whether the exercise is solved, and what to tell the learner, line by line."""
    t = current()
    try:
        exercise = spec.load(id)
    except ValueError as error:
        return False, [str(error)]
    if len(given) != len(exercise.names):
        names = ", ".join(exercise.names)
        return False, [t("exercises.common.call_so", title=exercise.title, call=f'check("{id}", {names})')]
    if any(map(answers.is_empty, given)):
        return False, [t("exercises.common.empty", title=exercise.title, call=f'hint("{id}")')]
    verdict, cases = _verdict(exercise, given, seed)
    sentence = text(exercise, verdict, t)
    if verdict.passed:
        _solved.add(id)
        lines = [f"✅ **{exercise.title}** {sentence}", *_elsewhere(exercise, given, t)]
    else:
        _solved.discard(id)
        lines = [f"✗ **{exercise.title}** {sentence}"]
        if verdict.case is not None and cases[verdict.case]:
            lines.append(t("exercises.common.input", call=_call(exercise, cases[verdict.case])))
    return verdict.passed, [*lines, _progress(id[:2], t)]


def hint(id):
    """Show the next hint of an exercise; after the last one, the last one again."""
    t, id = current(), str(id)
    try:
        exercise = spec.load(id)
    except ValueError as error:
        return _show([str(error)])
    hints = t[f"exercises.{id}.hints"]
    seen = _hints_seen[id] = min(_hints_seen.get(id, 0) + 1, len(hints))
    lines = [t("exercises.common.hint", title=exercise.title, number=seen, total=len(hints)) + " " + hints[seen - 1]]
    if seen == len(hints):
        lines.append(t["exercises.common.last_hint"])
    _show(lines)


def _verdict(exercise, given, seed):
    """The verdict, and the cases it was found with."""
    cases = exercise.drawn(seed)
    names = [*exercise.names, *(getattr(each, "__name__", "") for each in given)]  # a lambda's own name says nothing
    sources = "\n".join({answers.cell_source(each) or "" for each in given})
    if verdict := refused(exercise, sources, names):
        return verdict, cases
    try:
        outcomes = attempt(given, [pack(tuple(case)) for case in cases], exercise.probe)
    except KeyboardInterrupt:
        return Verdict(False, "stopped"), cases
    return judge(exercise, cases, outcomes), cases


def _elsewhere(exercise, given, t):
    """A line about names that the answer takes from other cells: a grader would not find them."""
    source = "\n".join(filter(None, {answers.cell_source(each) for each in given}))
    if missing := sorted(answers.names_from_elsewhere(source, exercise.given)):
        yield t("exercises.common.elsewhere", names=", ".join(f"`{name}`" for name in missing))


def _call(exercise, arguments):
    """ "softmax([1.0, 2.0])": what was called, long values cut; with a probe of its own, its arguments by name."""
    short = reprlib.Repr()
    short.maxlist = short.maxtuple = short.maxdict = 8
    short.maxstring = short.maxother = 60
    short.repr_Tensor = _tensor  # also within a list or a dictionary
    shown = [short.repr(each) for each in arguments]
    if exercise.probe_source:
        names = list(inspect.signature(exercise.probe).parameters)[len(exercise.names) :]
        shown = [f"{name}={each}" for name, each in zip(names, shown, strict=False)]  # defaults may be left out
    if len(exercise.names) > 1:  # it may be any of them
        return f"{', '.join(exercise.names)}: {', '.join(shown)}"
    return f"{exercise.names[0]}({', '.join(shown)})"


def _tensor(value, level=0):
    """A small tensor with its numbers, so that a learner can try it; of a large one the shape."""
    if value.numel() > 12:
        return f"<tensor {'×'.join(map(str, value.shape))}>"
    numbers = repr(value.tolist())
    return f"tensor({re.sub(r'-?[0-9]+[.][0-9]+(e-?[0-9]+)?', lambda found: f'{float(found[0]):.4g}', numbers)})"


def _progress(chapter, t):
    known = spec.ids(chapter)
    solved = len(_solved & set(known))
    bar = "■" * solved + "□" * (len(known) - solved)
    return t("exercises.common.progress", chapter=int(chapter), solved=solved, total=len(known)) + " " + bar


def _show(lines):
    from IPython import get_ipython
    from IPython.display import display

    shown = show.marked(lines)
    if get_ipython():
        display(shown)
    else:
        print(shown)
