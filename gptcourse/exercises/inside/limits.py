"""What an answer may not do: keep the machine's memory, its processes, its disk, or outlive its turn.

Two situations. Where every process that this one could end is an answer's (it is process 1, or has a user made for it), one
signal to all of them ends them all. Elsewhere only descendants can be looked for: weaker, see `authoring/exercises/sandbox.py`.
On macOS and Windows only the limits that these systems know.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from pathlib import Path

LINUX = sys.platform == "linux"
FILE_SIZE = 32 << 20
OPEN_FILES = 64

# prctl(2)
_DEATH_SIGNAL, _DUMPABLE, _CHILD_SUBREAPER, _NO_NEW_PRIVILEGES = 1, 4, 36, 38


def settle(processes):
    """Limit this process and all that it will start. Raises RuntimeError where it still has rights of a root user."""
    if LINUX:
        # Should memory run out all the same, the kernel is to end this first, not the grader.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
        _prctl(_NO_NEW_PRIVILEGES, 1)
        _prctl(_DEATH_SIGNAL, signal.SIGKILL)
        _prctl(_CHILD_SUBREAPER, 1)  # orphans of an answer become children of this process, so that it can end them
        _prctl(_DUMPABLE, 0)  # an answer has the same user: without this it could read and write this process
        status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        rights = [line for line in status if line.startswith(("CapPrm", "CapEff", "CapAmb"))]
        if any(int(line.split()[1], 16) for line in rights):
            raise RuntimeError(f"the sandbox still has capabilities: {', '.join(rights)}")
    if hasattr(os, "geteuid") and 0 in (os.getuid(), os.geteuid()):
        raise RuntimeError("the sandbox still runs as root")
    _limit("CORE", 0)
    _limit("FSIZE", FILE_SIZE)
    _limit("NOFILE", OPEN_FILES)
    if LINUX:  # elsewhere it counts what else the user runs
        _limit("NPROC", processes)


def settle_answer(seconds, memory):
    """What is limited for a single answer: processor time, and memory beyond what this process has already."""
    if LINUX:
        _prctl(_DEATH_SIGNAL, signal.SIGKILL)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        _limit("AS", pages * os.sysconf("SC_PAGE_SIZE") + memory)
    _limit("CPU", int(4 * seconds) + 1)  # a second line of defence; several threads may use it up before the clock does


def _prctl(option, value):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _limit(name, value):
    """Set a limit of setrlimit(2) for good, no higher than it is."""
    try:
        import resource
    except ImportError:  # Windows
        return
    which = getattr(resource, f"RLIMIT_{name}", None)
    if which is not None:
        highest = resource.getrlimit(which)[1]
        value = value if highest == resource.RLIM_INFINITY else min(value, highest)
        resource.setrlimit(which, (value, value))


class Others:
    """All processes that answers have started. Linux only."""

    def __init__(self, user):
        # Whether every process that this one could end is one of them: `user` was made for the sandbox, None if there is none.
        self.alone = os.getpid() == 1 or os.getuid() == user
        self.common = _memory(os.getpid())  # what a fork shares with this process until one of them changes it

    def memory(self):
        """Bytes that they have beyond what they share with this process, without files."""
        return sum(max(0, _memory(pid) - self.common) for pid in self._pids())

    def end(self):
        """End them all and wait until none is left."""
        while True:
            self._kill()
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:  # orphans come to this process, so that it sees each of them
                    pass
                time.sleep(0.001)
            except ChildProcessError:
                return

    def _kill(self):
        if self.alone:  # in one step: nobody can fork away from it
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            return
        for pid in self._pids():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _pids(self):
        """Their numbers: all descendants of this process that /proc shows."""
        parents = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError, IndexError, ValueError):
                    text = Path(f"/proc/{name}/stat").read_text(encoding="utf-8", errors="replace")
                    parents[int(name)] = int(text.rpartition(")")[2].split()[1])
        found, mine = [os.getpid()], []
        while found:
            parent = found.pop()
            children = [pid for pid, its in parents.items() if its == parent]
            found += children
            mine += children
        return mine


def _memory(pid):
    with contextlib.suppress(OSError, IndexError, ValueError):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
        return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(("RssAnon", "RssShmem")))
    return 0
