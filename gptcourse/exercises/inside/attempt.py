"""Call a learner's functions with the cases of an exercise and keep what comes back, as data.

    attempt([softmax], [pack(([1.0, 2.0],))])   # [{"value": [0.27, 0.73], "after": {"tuple": [[1.0, 2.0]]}}]

An outcome is {"value", "after"}: what was returned and what the arguments are afterwards; or {"raised"}: the type and text
of an exception with the learner's own line. All packed by wire.py.
"""

import contextlib
import linecache
import os
import sys
import traceback

from gptcourse.exercises.inside.wire import pack, unpack


def define(given, source):
    """Run `given` and then an answer's code; returns what they define. `check` and `hint` do nothing there.

    Raises whatever the answer's code raises.
    """
    space = {"__name__": "answer", "check": _nothing, "hint": _nothing}
    exec(compile(given, "<given>", "exec"), space)
    linecache.cache["<answer>"] = (len(source), None, source.splitlines(keepends=True), "<answer>")
    exec(compile(source, "<answer>", "exec"), space)
    return space


def _nothing(*arguments, **more): ...


def probe_from(source):
    """The probe whose code is `source`, a plain call where that is empty."""
    space = {}
    exec(source, space)
    return space.get("probe", call)


def call(answer, *arguments):
    """The probe of most exercises: call the function, once."""
    return answer(*arguments)


def attempt(answers, cases, probe=call):
    """Call `probe(*answers, *arguments)` for each packed tuple of arguments; a list of outcomes in their order.

    What the learner prints goes nowhere, and torch's random numbers are afterwards where they were. KeyboardInterrupt passes.
    """
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere), _own_random_numbers():
        return [_outcome(answers, case, probe) for case in cases]


def _outcome(answers, case, probe):
    arguments = unpack(case)
    try:
        value = probe(*answers, *arguments)
        return {"value": pack(value), "after": pack(arguments)}
    except (Exception, SystemExit) as error:
        return {"raised": raised(error, answers)}


def raised(error, answers=()):
    """An exception as data: {"type", "text", "number", "line"}; number and text of the learner's own line, or None."""
    own = {code.co_filename for answer in answers for code in _codes(answer)} | {"<answer>"}
    # A line within the learner's cell says more than the line of torch where it ended.
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in own]
    number, line = (frames[-1].lineno, frames[-1].line) if frames else (None, None)
    if isinstance(error, SyntaxError) and error.filename in own:
        number, line = error.lineno, (error.text or "").strip()
    try:
        text = str(error)[:300]
    except Exception:  # by a `__str__` of the learner's
        text = ""
    return {"type": type(error).__name__, "text": text, "number": number, "line": line}


def _codes(answer):
    """The code objects of a function, or of a class's methods."""
    parts = vars(answer).values() if isinstance(answer, type) else [answer]
    return [part.__code__ for part in parts if hasattr(part, "__code__")]


@contextlib.contextmanager
def _own_random_numbers():
    torch = sys.modules.get("torch")
    with torch.random.fork_rng(devices=[]) if torch else contextlib.nullcontext():
        if torch:
            torch.default_generator.manual_seed(0)  # torch.manual_seed also visits all other devices: slow
        yield
