"""Run the answers of a submission, each in a process of its own: what the grader starts in the sandbox.

Standard input: a line of settings, then a line for each answer, the next one when the grader has the last one's outcome.

    {"imports": code, "user": number or null, "processes": n, "memory": bytes, "output": bytes}
    {"given", "source", "names", "probe", "cases", "seconds"}

Standard output: the line {"ready": true}, then for each answer a line and as many bytes as it says:

    {"stopped": "time" | "memory" | "output" | "died" | null, "worn": bool, "bytes": n}

The bytes are JSON which the answer's process wrote, or what it says is JSON: nothing here reads them. Outcomes are those of
attempt.py, in {"outcomes": [...]}; or {"raised": {...}}, {"missing": [names]}. "worn" says that the answer has left something
behind, so that the grader is to take another process for the next one.

Where a process cannot simply be forked (macOS, Windows), this one runs the first answer itself, and that is all it does.
"""

import gc
import json
import os
import select
import signal
import sys
import time

import gptcourse
from gptcourse.exercises.inside import limits
from gptcourse.exercises.inside.attempt import attempt, define, probe_from, raised

FORKS = limits.LINUX
TICK = 0.02  # seconds between two looks at an answer's process


def main():
    """Serve answers until standard input ends."""
    settings = _read_line()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # process 1 of a sandbox cannot be sent what it has no handler for
    limits.settle(settings["processes"])
    exec(settings["imports"], {})  # once for all answers; nobody's answer yet
    gptcourse.check = gptcourse.hint = lambda *arguments, **more: None  # a cell may call them; there is nothing to show
    gc.collect()
    gc.freeze()
    others = limits.Others(settings["user"]) if FORKS else None
    before = _files()
    _write(1, json.dumps({"ready": True}).encode() + b"\n")
    while answer := _read_line():
        if not FORKS:
            _serve_here(answer, settings)
            return
        stopped, data = _serve(answer, settings, others)
        _reply(1, stopped, data, worn=not _tidy(before))
        answer = data = None


def _read_line():
    """The next line of standard input, read as JSON; None at its end. Reads no further, and keeps nothing."""
    parts = []
    while not parts or not parts[-1].endswith(b"\n"):
        parts.append(os.read(0, 1 << 16))
        if not parts[-1]:
            return None
    return json.loads(b"".join(parts))


def _files():
    """What lies about where an answer can write."""
    folders = filter(os.path.isdir, (os.path.expanduser("~"), "/dev/shm"))
    return {os.path.join(folder, name) for folder in folders for name in os.listdir(folder)}


def _tidy(before):
    """Take away what an answer has left, files and empty folders; whether all is now as it was.

    A full folder might take who knows how long: the grader then does without this process.
    """
    for path in _files() - before:
        try:
            (os.rmdir if os.path.isdir(path) and not os.path.islink(path) else os.unlink)(path)
        except OSError:
            return False
    return _files() == before


def _reply(file, stopped, data, worn):
    data = b"" if stopped else data
    _write(file, json.dumps({"stopped": stopped, "worn": worn, "bytes": len(data)}).encode() + b"\n" + data)


def _write(file, data):
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


# An answer's process, as seen from this one


def _serve(answer, settings, others):
    """Fork, watch, end; returns why the answer was stopped (or None) and what it wrote."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        _be_the_answer(answer, write, settings["memory"])
    os.close(write)
    try:
        stopped, data = _watch(child, read, answer["seconds"], settings, others)
    finally:
        _end(child)
        others.end()
        os.close(read)
    return stopped, data


def _watch(child, pipe, seconds, settings, others):
    """Wait until the answer's process is over or has to be stopped: why it was stopped (or None), what it wrote."""
    data, end, room = bytearray(), time.monotonic() + seconds, settings["output"]
    sources, next_look = [0, pipe], 0
    while True:
        ready = select.select(sources, [], [], TICK)[0]
        if 0 in ready:  # the grader sends nothing now: it is gone
            os._exit(1)
        if pipe in ready:
            chunk = os.read(pipe, 1 << 16)
            data += chunk
            if not chunk:
                sources.remove(pipe)
        over, status = os.waitpid(child, os.WNOHANG)
        if over:
            data += _rest(pipe, room)
        if len(data) > room:
            return "output", b""
        if over:
            return _reason(status), bytes(data)
        if (now := time.monotonic()) > end:
            return "time", b""
        if now > next_look:
            if others.memory() > settings["memory"]:
                return "memory", b""
            next_look = now + TICK + 9 * (time.monotonic() - now)  # looking must not keep a processor busy


def _end(child):
    """End the answer's process, unless it has come to its end."""
    try:
        if not os.waitpid(child, os.WNOHANG)[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    except ChildProcessError:  # it has
        pass


def _rest(pipe, room):
    """What is in the pipe now. (Processes that an answer has left behind may keep it open and write.)"""
    data = bytearray()
    os.set_blocking(pipe, False)
    try:
        while len(data) <= room and (chunk := os.read(pipe, 1 << 16)):
            data += chunk
    except BlockingIOError:
        pass
    return data


def _reason(status):
    if os.WIFSIGNALED(status):
        return "time" if os.WTERMSIG(status) == signal.SIGXCPU else "died"
    return None


# The answer's process itself


def _be_the_answer(answer, write, memory):
    """Everything the forked process does; never returns."""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for file in (0, 1, 2):
            os.dup2(nothing, file)
        write = os.dup2(write, 3, inheritable=False)
        os.closerange(4, limits.OPEN_FILES)
        os.chdir(os.path.expanduser("~"))
        limits.settle_answer(answer["seconds"], memory)
        _write(write, _outcome(answer))
        os._exit(0)
    finally:  # whatever goes wrong, the code of the parent must not run here
        os._exit(1)


def _outcome(answer):
    try:
        space = define(answer["given"], answer["source"])
        missing = [name for name in answer["names"] if name not in space]
        if missing:
            return json.dumps({"missing": missing}).encode()
        functions = [space[name] for name in answer["names"]]
        outcomes = attempt(functions, answer["cases"], probe_from(answer["probe"]))
        return json.dumps({"outcomes": outcomes}).encode()
    except BaseException as error:  # SystemExit and KeyboardInterrupt too
        return json.dumps({"raised": raised(error)}).encode()


def _serve_here(answer, settings):
    """Run an answer in this very process, which is over then; the grader watches it."""
    out, nothing = os.dup(1), os.open(os.devnull, os.O_RDWR)
    for file in (0, 1, 2):
        os.dup2(nothing, file)
    os.chdir(os.path.expanduser("~"))
    limits.settle_answer(answer["seconds"], settings["memory"])
    _reply(out, None, _outcome(answer), worn=True)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
