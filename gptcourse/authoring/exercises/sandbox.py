"""Run students' answers where they can do no harm and find no solution.

    Sandbox().run([{"id", "given", "source", "names", "probe", "cases"}, …])   # {id: outcome}

The answers of a submission run one after the other, each in a process of its own (see gptcourse/exercises/inside), with
limits of time, memory, processes and files. What they return is data, read here within bounds and never run.

    bubblewrap      no network; another user without rights; of the file system only Python and the package, read-only, with
                    `inside` alone of the exercises; an empty environment; nothing outlives the answer that started it
    weak            where there is no bubblewrap and the instructor accepts that. The limits hold on Linux, and as root the
                    other user. Whatever that user may read and reach, solutions and the network too, an answer can read
                    and reach; started by an ordinary user, it can do what this user can do.
"""

import ast
import asyncio
import contextlib
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib
import psutil

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises import bubblewrap, outcomes

LINUX = sys.platform == "linux"

MEMORY = 2 << 30  # bytes that an answer may have beyond what Python and torch take
PROCESSES = 16  # processes and threads of an answer
OUTPUT = 8 << 20  # bytes of JSON that an answer may hand back
START = 120  # seconds until the sandbox must be there: disks are slow, and machines busy
GRACE = 5  # seconds that the end of an answer may be late

# Numbers of users that no distribution gives to anybody (systemd, "Users, Groups, UIDs and GIDs").
USERS = range(60706, 61184)

# Root becomes such a user before anything else of Python is loaded.
DROP = ("import os, sys; user = int(sys.argv[1]); os.setgroups([]); os.setresgid(user, user, user); "
        "os.setresuid(user, user, user); os.execv(sys.argv[2], sys.argv[2:])")  # fmt: skip
INSIDE = "gptcourse.exercises.inside"
START_INSIDE = ["-m", INSIDE]


class Sandbox:
    """Runs submissions, one at a time. Sandboxes that run side by side have different slots.

    Raises AuthoringError without bubblewrap, unless `weak` accepts that; with weak=True it is used where it is there.
    """

    def __init__(self, weak=False, slot=0):
        self.slot = slot
        self.bubblewrap, problem = bubblewrap.find()
        if not self.bubblewrap:
            if not weak:
                problem = problem[0].upper() + problem[1:]
                raise AuthoringError(f"{problem} Or --weak-sandbox goes on without it: {_what_is_weaker()}")
            _check_weak()

    def run(self, answers, seconds=10):
        """The outcome of each answer by its id, whatever its code does. `seconds` are for one that does not say its own.

        {"outcomes": [...]}; {"raised": {...}} by the cell itself; {"missing": [names]} that it does not define;
        {"stopped": "time" | "memory" | "output" | "died"}. Raises AuthoringError where the sandbox itself does not start.
        """
        return asyncio.run(self._run(answers, seconds))

    async def _run(self, answers, seconds):
        found, runner, imports = {}, None, _imports(answers)
        try:
            for answer in answers:
                try:
                    runner = runner or await _Runner.started(self.bubblewrap, self.slot, imports)
                except AuthoringError:
                    if not found:
                        raise
                    # It did start before: an answer has left something in its way.
                    found[answer["id"]] = {"stopped": "died"}
                    continue
                found[answer["id"]] = await runner.outcome({"seconds": seconds, **answer})
                if runner.worn:
                    await runner.close()
                    runner = None
        finally:
            if runner:
                await runner.close()
        return found


def _imports(answers):
    """The imports that stand before the answers. They are done once, before the answers' processes part."""
    lines = {}
    for answer in answers:
        statements = ast.parse(answer["given"]).body
        lines |= {ast.unparse(each): None for each in statements if isinstance(each, ast.Import | ast.ImportFrom)}
        if "torch" in answer["source"]:
            lines["import torch"] = None
    return "\n".join(lines)


class _Runner:
    """A process of `gptcourse.exercises.inside`. It serves answers until one stops it or leaves it untidy: it is `worn` then."""

    @classmethod
    async def started(cls, walls, slot, imports):
        """One that is ready; `walls` is the path of bubblewrap, None without. Raises AuthoringError if it does not start."""
        self = cls()
        try:
            await self._start(walls, slot, imports)
        except BaseException:
            await self.close()
            raise
        return self

    def __init__(self):
        self.process = self.user = self.folder = None
        self.worn = self.too_large = False
        self.errors = tempfile.TemporaryFile()

    async def _start(self, walls, slot, imports):
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        user = _free_user(slot) if root or walls else None
        run = [sys.executable, "-s", *START_INSIDE]
        if root:
            run = [sys.executable, "-I", "-S", "-c", DROP, str(user), *run]
        if walls:
            environment = _environment(bubblewrap.HOME, bubblewrap.PACKAGE.parent)
            run = bubblewrap.command(walls, user, environment, run, _fonts())
        else:
            self.user = user
            self.folder = tempfile.mkdtemp(prefix="gptcourse-")
            environment = _environment(*_furnish(Path(self.folder), user))
        self.process = await asyncio.create_subprocess_exec(
            *run, env=environment, cwd=os.path.abspath(os.sep), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.errors, start_new_session=True, limit=1 << 16)  # fmt: skip
        settings = {
            "imports": imports,
            "user": self.user,
            "processes": PROCESSES + (0 if user and (root or _counts_apart()) else _own_threads()),
            "memory": MEMORY,
            "output": OUTPUT,
        }
        try:
            await asyncio.wait_for(self._send(settings), START)
            json.loads(await asyncio.wait_for(self.process.stdout.readline(), START))
        except (asyncio.TimeoutError, OSError, ValueError):
            raise AuthoringError(f"The sandbox does not start. {self._complaint()}") from None

    def _complaint(self):
        self.errors.seek(0)
        said = self.errors.read(1 << 16).decode(errors="replace").strip()
        return "It said: " + "\n".join(said.splitlines()[-5:]) if said else "It said nothing."

    async def _send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        await self.process.stdin.drain()

    async def outcome(self, answer):
        """The outcome of an answer."""
        try:
            # On Linux the process inside looks at the clock, and at the memory.
            async with _MemoryWatch(self, not LINUX):
                stop, data = await asyncio.wait_for(self._reply(answer), answer["seconds"] + (GRACE if LINUX else 0))
        except asyncio.TimeoutError:
            stop = "time"
        except (OSError, ValueError, TypeError, KeyError, RecursionError, EOFError):  # it was ended, or forged
            stop = "memory" if self.too_large else "died"
        else:
            if stop is None:
                return outcomes.read(data, answer["names"])
            return {"stopped": stop if stop in outcomes.STOPS else "died"}
        self.worn = True
        return {"stopped": stop}

    async def _reply(self, message):
        await self._send(message)
        header = json.loads(await self.process.stdout.readline())
        self.worn = header["worn"] is not False
        if not 0 <= header["bytes"] <= OUTPUT:
            return "output", b""
        return header["stopped"], await self.process.stdout.readexactly(header["bytes"])

    async def close(self):
        """End it and whatever answers have left running, and take its files away."""
        if self.process:
            _end(self.process.pid)
            await self.process.wait()
        if self.user:
            _end_all_of(self.user)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.errors.close()


class _MemoryWatch:
    """Ends a runner that takes too much memory, for systems where it cannot be limited."""

    def __init__(self, runner, needed):
        self.runner, self.needed = runner, needed

    async def __aenter__(self):
        self.task = asyncio.create_task(self._look()) if self.needed else None

    async def __aexit__(self, *error):
        if self.task:
            self.task.cancel()

    async def _look(self):
        before = _memory(self.runner.process.pid)
        while _memory(self.runner.process.pid) - before < MEMORY:
            await asyncio.sleep(0.1)
        self.runner.too_large = True
        _end(self.runner.process.pid)


def _memory(pid):
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return sum(each.memory_info().rss for each in family)
    except psutil.Error:
        return 0


def _end(pid):
    """End a process and its descendants, these first: their parent holds them together."""
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for _ in range(20):
            children = parent.children(recursive=True)
            for child in children:
                with contextlib.suppress(psutil.Error):
                    child.kill()
            if not children:
                break
        parent.kill()


def _end_all_of(user):
    """End all processes of a user made for the sandbox: no descendant has got away from that."""
    code = "import os, sys\nif os.getuid() == int(sys.argv[1]): os.kill(-1, 9)"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(user)], user=user, group=user, extra_groups=[],
                   check=False, cwd="/", stderr=subprocess.DEVNULL)  # fmt: skip


def _free_user(slot):
    """The number of a user who has no processes. Graders that run at the same time begin to look at different ones."""
    taken = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            taken.add(process.uids().real)
    first = (8 * os.getpid() + slot) % len(USERS)
    return next(user for user in [*USERS[first:], *USERS[:first]] if user not in taken)


def _counts_apart():
    """Whether processes in a user namespace are counted by themselves: from Linux 5.14 on."""
    return tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) >= (5, 14)


def _own_threads():
    """How many processes and threads the instructor has, where the limit counts them too."""
    if not hasattr(os, "getuid"):
        return 0
    count = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            count += process.num_threads() if process.uids().real == os.getuid() else 0
    return count


def _environment(home, packages):
    """All that the sandbox finds in its environment."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # Windows needs it
    paths = [packages] if not str(packages).endswith("-packages") else []
    folders = {name: str(home) for name in ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {
        **kept,
        **folders,
        **threads,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "USER": "answer",
        "MPLCONFIGDIR": os.path.join(home, ".matplotlib"),
        "PYTHONPATH": os.pathsep.join(map(str, [*paths, *bubblewrap.user_packages()])),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GPTCOURSE_STATIC": "1",
    }


def _fonts():
    """Matplotlib's list of fonts, which takes it half a second to make."""
    return [Path(path) for path in glob.glob(os.path.join(glob.escape(matplotlib.get_cachedir()), "fontlist-*.json"))]


# Without bubblewrap


def _furnish(folder, user):
    """Make a home for answers, and a copy of the package without what they must not see: returns both folders."""
    folder.chmod(0o755)
    home, packages = folder / "home", folder / "packages"
    (home / ".matplotlib").mkdir(parents=True)
    for font in _fonts():
        shutil.copy(font, home / ".matplotlib")
    hidden = shutil.ignore_patterns("__pycache__", *bubblewrap.HIDDEN)
    shutil.copytree(bubblewrap.PACKAGE, packages / "gptcourse", ignore=hidden)
    shutil.copytree(bubblewrap.PACKAGE / bubblewrap.SHOWN, packages / "gptcourse" / bubblewrap.SHOWN)
    if user:
        for path in (home, home / ".matplotlib"):
            os.chown(path, user, user)
    return home, packages


def _what_is_weaker():
    if LINUX and os.geteuid() == 0:
        return ("answers run as a user without rights, but can reach the network and read what every user may read, "
                "the solutions among it.")  # fmt: skip
    more = "" if LINUX else f" On {sys.platform} the limits of memory and processes are loose, too."
    return ("answers can do what you can do on this computer: read your files and the solutions, delete them, "
            f"and reach the network.{more}")  # fmt: skip


def _check_weak():
    """Raise AuthoringError where the user that root becomes could not run Python."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    for path in (os.path.dirname(sys.executable), sys.prefix, sys.base_prefix, os.path.dirname(matplotlib.__file__)):
        folder = Path(path).resolve()
        closed = [each for each in (folder, *folder.parents) if not each.stat().st_mode & 0o001]
        if closed:
            raise AuthoringError(
                f"you are root, so answers run as a user without rights, who may not enter {closed[-1]}, where this Python "
                f"lies ({sys.executable}). Grade as an ordinary user, with a Python that everybody may read, or with bubblewrap."
            )
