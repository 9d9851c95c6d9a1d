"""Answers that cheat or do harm earn nothing, and the honest ones beside them pass: in every variant of the sandbox.

The variants are bubblewrap and the weak one; as root, that is each of them as root and as an ordinary user.
"""

import json
import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import cheats
import psutil
import pytest

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises import bubblewrap, outcomes, sandbox
from gptcourse.authoring.exercises.sandbox import Sandbox
from gptcourse.exercises import spec
from gptcourse.exercises.inside import limits
from gptcourse.exercises.inside.wire import pack, unpack
from gptcourse.exercises.judge import judge

SOFTMAX = spec.load("04-softmax")
CASES = SOFTMAX.drawn("of these tests")
PACKED = [pack(tuple(case)) for case in CASES]

LINUX = sys.platform == "linux"
ROOT = LINUX and os.geteuid() == 0
NOBODY = 60700  # an ordinary user, for whom bubblewrap makes namespaces
VARIANTS = ["bubblewrap", "bubblewrap, another user", "weak", "weak, another user", "unforked, another user"] if ROOT else [
    "bubblewrap", "weak", "unforked"] if LINUX else ["weak"]  # fmt: skip

# What each of these comes to; of all others it is only known that they do not pass.
BECOMES = {
    "spec imported": "raised ModuleNotFoundError",
    "much forged": "stopped output",
    "leaves": "stopped died",
    "leaves when called": "stopped died",
    "crashes": "stopped died",
    "exits": "raised SystemExit",
    "exits when called": "judged raised",
    "interrupts": "raised KeyboardInterrupt",
    "much memory": "judged raised",
    "memory together": "stopped memory",
    "loop": "stopped time",
    "deaf": "stopped time",
    "fork bomb": "stopped time",
    "rewrites the runner": "raised PermissionError",
    "no Python": "raised SyntaxError",
    "another name": "missing softmax",
    "large": "stopped memory",
}


def verdict(outcome):
    """What an outcome comes to, in two words; "judged verified" is the one that earns points."""
    if "outcomes" in outcome:
        return f"judged {judge(SOFTMAX, CASES, outcome['outcomes']).key}"
    ((kind, what),) = outcome.items()
    return f"{kind} {what['type'] if kind == 'raised' else what if kind == 'stopped' else ' '.join(what)}"


def need_bubblewrap():
    path, problem = bubblewrap.find()
    if not path:
        (pytest.fail if LINUX and os.environ.get("CI") else pytest.skip)(problem)
    return path


def openly():
    """What to put before a command so that any user may read Python and the checkout: a copy of their folders' names, open."""
    needed = [Path(path).resolve() for path in (sys.base_prefix, sys.prefix, bubblewrap.PACKAGE, Path(__file__).parent)]
    closed = {}
    for path in needed:
        shut = [each for each in path.parents if not each.stat().st_mode & 0o001]
        if shut:
            closed.setdefault(shut[-1], []).append(path)
    options = []
    for folder, paths in closed.items():
        options += ["--perms", "0755", "--tmpfs", str(folder)]
        for path in paths:
            between = [each for each in reversed(path.parents) if each.is_relative_to(folder) and each != folder]
            options += [word for each in between for word in ("--perms", "0755", "--dir", str(each))]
            options += ["--ro-bind", str(path), str(path)]
    return [need_bubblewrap(), "--dev-bind", "/", "/", *options] if closed else []


@pytest.fixture(scope="module", params=VARIANTS)
def graded(request):
    """(variant, its answers, their outcomes, processes that are left afterwards)"""
    how, another_user = request.param.split(",")[0], "another" in request.param
    before = openly() if ROOT and request.param != "bubblewrap" else []
    if how == "bubblewrap":
        need_bubblewrap()
    known = cheats.EVERYWHERE if LINUX and how != "unforked" else cheats.ANYWHERE
    if request.param == "bubblewrap" or request.param == "weak" and ROOT:
        known = known | cheats.ALONE
    if how == "bubblewrap":
        known = known | cheats.BEHIND_WALLS
    token = f"left{uuid.uuid4().hex[:8]}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        # Where each answer costs a start, a single honest one at the end has to do.
        port = server.getsockname()[1]
        answers = cheats.submission(known, SOFTMAX.solution, PACKED, known is not cheats.ANYWHERE, token, port)
        done = subprocess.run(
            [*before, sys.executable, cheats.__file__, how, str(NOBODY if another_user else 0)],
            input=json.dumps(answers).encode(),
            capture_output=True,
            timeout=300,
            env={**os.environ, "SECRET_OF_THE_GRADER": "seed.txt"},
        )
    left = [each.pid for each in psutil.process_iter(["name"]) if each.info["name"] == token]
    assert done.returncode == 0, done.stderr.decode()
    return how, answers, json.loads(done.stdout), left


def test_cheats_earn_nothing_and_harm_nobody(graded):
    _, answers, found, _ = graded
    assert list(found) == [answer["id"] for answer in answers]
    became = {name: verdict(outcome) for name, outcome in found.items()}
    honest = {name: what for name, what in became.items() if name == "first" or name.startswith("after ")}
    assert {name: what for name, what in honest.items() if what != "judged verified"} == {}
    assert [name for name, what in became.items() if what == "judged verified" and name not in honest] == []
    assert {name: what for name, what in became.items() if what != BECOMES.get(name, what)} == {}


def test_nothing_outlives_its_answer(graded):
    assert graded[-1] == []


def test_what_an_answer_finds_around_it(graded):
    how, _, found, _ = graded
    if how != "bubblewrap":
        assert "facts" not in found
        return
    facts = unpack(found["facts"]["outcomes"][0]["value"])
    assert len({each for each in facts["user"][:4]}) == 1 and facts["user"][0] in sandbox.USERS
    assert set(facts["user"][4]) <= {facts["user"][2], 65534}  # groups that have no name in here are called 65534
    assert facts["rights"] == [0, 0, 0] and facts["no new rights"] == 1
    assert "SECRET_OF_THE_GRADER" not in facts["environment"] and "OMP_NUM_THREADS" in facts["environment"]
    assert set(facts["package"]) == {path.name for path in bubblewrap.PACKAGE.iterdir()}
    assert (facts["exercises"], facts["authoring"]) == (["inside"], [])
    assert set(facts["checkout"]) <= {bubblewrap.PACKAGE.name, Path(sys.prefix).name}
    assert set(facts["etc"]) <= {Path(path).name for path in bubblewrap.SETTINGS}
    assert facts["processes"] == 2 and facts["network"] == ["lo"]
    bounds = {"CORE": 0, "FSIZE": limits.FILE_SIZE, "NOFILE": limits.OPEN_FILES, "CPU": 4 * cheats.SECONDS + 1}
    assert facts["limits"] == {name: (bound, bound) for name, bound in bounds.items()}
    assert facts["forks"] < sandbox.PROCESSES and facts["out of memory"] == 1000
    assert facts["here"] == [bubblewrap.HOME] * 3 and facts["files"] == ["0", "1", "2", "3"]


def test_patching_torch_earns_nothing():
    need_bubblewrap()
    chapter = [spec.load(id) for id in spec.ids("04")]
    cases = {each.id: each.drawn("secret") for each in chapter}
    answers = [
        {"id": each.id, "given": each.given, "source": each.solution, "names": list(each.names),
         "probe": each.probe_source, "cases": [pack(tuple(case)) for case in cases[each.id]]}
        for each in chapter]  # fmt: skip
    found = Sandbox().run(answers)
    assert {
        each.id: judge(each, cases[each.id], found[each.id].get("outcomes")).key for each in chapter
    } == dict.fromkeys(cases, "verified")
    cheating = [{**answers[0], "id": name, "source": source} for name, source in cheats.TORCH.items()]
    first, *answers = answers
    found = Sandbox(slot=1).run([*cheating, first])
    patched, large, honest = (found[each["id"]]["outcomes"] for each in [*cheating, first])
    assert judge(SOFTMAX, cases[SOFTMAX.id], patched).key == "list"
    assert large[0]["raised"]["type"] == "RuntimeError"
    assert judge(SOFTMAX, cases[SOFTMAX.id], honest).passed


# What answers hand back is only read within bounds


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"outcomes": 1}', b'{"outcomes": [1]}', b'{"outcomes": [{"value": 1}]}', 
        b'{"passed": true}',
        b'{"raised": "x"}', b'{"missing": []}', b'{"missing": ["other"]}', b'{"stopped": null}', b"1" * 10_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_outcome_counts_as_death(data):
    assert outcomes.read(data, ["softmax"]) == {"stopped": "died"}


def test_outcomes_that_would_cost_too_much_are_refused():
    def read(value):
        return outcomes.read(json.dumps({"outcomes": [{"value": value, "after": None}]}).encode(), ["softmax"])

    deep = []
    for _ in range(outcomes.DEEPEST):
        deep = [deep]
    colliding = [number * (2**61 - 1) for number in range(30_000)]  # all with the same hash
    for value in (deep, {"set": colliding}, {"dict": [[each, 0] for each in colliding]}, [[]] * outcomes.COLLECTIONS):
        assert read(value) == {"stopped": "output"}
    assert read({"set": colliding[:1000]})["outcomes"]


def test_what_an_exception_says_is_short_and_can_be_written():
    forged = {"type": "\ud800" * 9999, "text": ["x"], "number": -1, "line": {"a": 1}, "key": "verified", "passed": True}
    for data in ({"raised": forged}, {"outcomes": [{"raised": forged}]}):
        found = outcomes.read(json.dumps(data).encode(), ["softmax"])
        error = found.get("raised") or found["outcomes"][0]["raised"]
        assert error == {"type": "?" * 300, "text": "?", "number": None, "line": "?"}
    forged = json.dumps({"outcomes": [{"value": {"unreadable": ["\ud800"]}, "after": None}]}).encode()
    assert outcomes.read(forged, [])["outcomes"][0]["value"] == {"unreadable": "?"}


# What instructors are told


def test_without_bubblewrap_only_the_weak_sandbox_is_left(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    bubblewrap.find.cache_clear()
    try:
        with pytest.raises(
            AuthoringError, match="(?s)apt install bubblewrap.*--weak-sandbox.*network" if LINUX else "--weak-sandbox"
        ):
            Sandbox()
        monkeypatch.setattr(sandbox, "_check_weak", lambda: None)
        assert Sandbox(weak=True).bubblewrap is None
    finally:
        bubblewrap.find.cache_clear()


@pytest.mark.skipif(not LINUX, reason="bubblewrap is for Linux")
def test_a_bubblewrap_that_may_not_make_namespaces_says_so(monkeypatch, tmp_path):
    path = tmp_path / "bwrap"
    path.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    bubblewrap.find.cache_clear()
    try:
        with pytest.raises(AuthoringError, match="setting up uid map: Permission denied.*apparmor"):
            Sandbox()
    finally:
        bubblewrap.find.cache_clear()


@pytest.mark.skipif(not ROOT, reason="root alone becomes another user")
def test_root_is_told_which_folder_is_closed(monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    (closed / "bin").mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr(sandbox.sys, "executable", str(closed / "bin" / "python"))
    with pytest.raises(AuthoringError, match="may not enter"):
        sandbox._check_weak()


@pytest.mark.skipif(not LINUX, reason="bubblewrap is for Linux")
def test_a_sandbox_that_does_not_start_says_why(monkeypatch):
    need_bubblewrap()
    answer = {"id": "a", "given": "import no_such_module\n", "source": "", "names": [], "probe": "", "cases": []}
    with pytest.raises(AuthoringError, match="no_such_module"):
        Sandbox().run([answer])


@pytest.mark.skipif(not LINUX, reason="bubblewrap is for Linux")
def test_a_checkout_within_a_folder_that_is_shown_stays_hidden(monkeypatch, tmp_path):
    package = Path("/usr/src/app/gptcourse")
    monkeypatch.setattr(bubblewrap, "PACKAGE", package)
    options = " ".join(bubblewrap._file_system(()))
    order = [f"--ro-bind {path} {path}" if shown else f"--tmpfs {path}" for path, shown in
             [(Path("/usr"), True), (package.parent, False), (package, True), (package / "exercises/inside", True)]]  # fmt: skip
    assert [options.find(each) for each in order] == sorted(options.find(each) for each in order) and -1 not in map(
        options.find, order
    )
