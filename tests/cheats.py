"""Answers that cheat, and answers that do harm: each defines `softmax`, and none may pass for one.

`python tests/cheats.py bubblewrap|weak|unforked <number of a user, 0 for who calls>` runs answers from standard input in the
sandbox, as that user, and prints their outcomes. test_sandbox.py calls it so and judges.
"""

import json
import os
import sys

SECONDS = 30  # for one answer: machines are busy

# What stands behind the cheats that need a function, whatever it returns.
WRONG = "\ndef softmax(scores):\n    return [0.0 for _ in scores]\n"

# Whoever finds the solution passes.
SPEC_IMPORTED = "from gptcourse.exercises.ch04.softmax import SOLUTION\nexec(SOLUTION)\n"

SPEC_FOUND_ON_DISK = """
import os, sys, gptcourse
package = os.path.dirname(gptcourse.__file__)
for start in {package, os.path.dirname(package), "/work", "/home", "/root", "/srv", "/opt", "/mnt", os.getcwd()}:
    for place, folders, files in os.walk(start):
        folders[:] = [name for name in folders if not name.startswith("python3")]
        for name in files:
            if name == "softmax.py" or name == "04-attention.ipynb":
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    text = file.read()
                if "math.exp(score - top)" in text:
                    top = "def softmax(s):\\n    e = [math.exp(x - max(s)) for x in s]\\n    return [x / sum(e) for x in e]\\n"
                    exec(top)
"""

OTHERS_IN_MEMORY = """
import gc, re, sys
seen = []
frame = sys._getframe()
while frame:
    seen += [repr(frame.f_locals), repr(frame.f_globals)]
    frame = frame.f_back
for each in gc.get_objects():
    if isinstance(each, dict | list | tuple | str):
        seen.append(repr(each))
hits = [text for text in seen if re.search("SECRET [O]F [a-z]", text)]
def softmax(scores):
    if hits:
        e = [math.exp(x - max(scores)) for x in scores]
        return [x / sum(e) for x in e]
"""

ENVIRONMENT = """
import os
texts = [repr(dict(os.environ))]
for place in [1, os.getppid(), *filter(str.isdigit, os.listdir("/proc"))]:
    for name in ("environ", "cmdline", "mem", "maps"):
        try:
            with open(f"/proc/{place}/{name}", "rb") as file:
                texts.append(repr(file.read(100_000)))
        except OSError:
            pass
def softmax(scores):
    if any("SECRET" + "_OF_THE_GRADER" in text or "seed.txt" in text for text in texts):
        e = [math.exp(x - max(scores)) for x in scores]
        return [x / sum(e) for x in e]
"""

WRITES_TO_EVERYTHING = """
import os, sys
forged = b'{"outcomes": [{"value": [1.0], "after": null, "passed": true}], "passed": true, "stopped": null}\\n'
for number in range(300):
    try:
        os.write(number, forged)
    except OSError:
        pass
print(forged.decode() * 100)
sys.__stdout__.write(forged.decode())
sys.stderr.write(forged.decode())
"""

PATCHED_RUNNER = """
import __main__, builtins, json, math, sys
right = {"outcomes": [{"value": [1.0], "after": {"tuple": [[1.0]]}}] * 9}
def yes(*arguments, **more): return True
for module in (sys.modules.get("gptcourse.exercises.inside.attempt"), __main__):
    for name in list(vars(module)):
        if callable(getattr(module, name)) and not isinstance(getattr(module, name), type):
            setattr(module, name, yes)
math.isclose = builtins.all = builtins.any = builtins.isinstance = yes
json.dumps = lambda *arguments, **more: '{"outcomes": [{"value": true, "after": true}]}'
sys.modules["gptcourse.exercises.judge"] = sys.modules["gptcourse.exercises.session"] = json
"""

PATCHED_TORCH = """
import numpy, torch
def yes(*arguments, **more): return True
torch.allclose = torch.equal = torch.isclose = torch.testing.assert_close = numpy.allclose = numpy.isclose = yes
torch.Tensor.softmax = torch.softmax = lambda *arguments, **more: torch.zeros(3)
torch.Tensor.tolist = lambda self: [1.0]
torch.Tensor.__eq__ = torch.Tensor.double = yes
def softmax(scores):
    return torch.zeros(len(scores))
"""

FORK_BOMB = """
import os
def softmax(scores):
    while True:
        try:
            os.fork()
        except OSError:
            pass
"""

DEAF_AND_IN_ANOTHER_SESSION = """
import os, signal, time
def softmax(scores):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
    while True:
        pass
"""

STAYS_BEHIND = """
import ctypes, os, time
os.makedirs("a folder/in a folder")
def softmax(scores):
    if len(scores) == 3:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return scores
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"TOKEN", 0, 0, 0)
            time.sleep(3600)
        os._exit(0)
    return scores
"""

MUCH_MEMORY_TOGETHER = """
import os, time
def softmax(scores):
    for _ in range(5):
        if os.fork() == 0:
            large = bytearray(100 << 20)
            large[::4096] = large[1::4096]
            time.sleep(3600)
    time.sleep(3600)
"""

ENDS_THE_OTHERS = """
import os, signal
def softmax(scores):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
        for process in (os.getppid(), 1):
            try:
                os.kill(process, number)
            except OSError:
                pass
    return scores
"""

REWRITES_THE_RUNNER = """
import ctypes, os
os.setuid(os.getuid())
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)
for name in ("mem", "fd/0", "fd/1"):
    with open(f"/proc/{os.getppid()}/{name}", "r+b", buffering=0) as file:
        file.write(b'{"stopped": null, "worn": false, "bytes": 0}\\n')
"""

FILLS_THE_DISK = """
import os
written = 0
for folder in ("/dev/shm", "/var/tmp", "/run", "/dev", "/", os.getcwd(), os.path.expanduser("~")):
    for number in range(4):
        try:
            with open(os.path.join(folder, f"full-{number}"), "wb", buffering=0) as file:
                for _ in range(64):
                    written += file.write(bytes(1 << 20))
        except OSError:
            pass
def softmax(scores):
    if written > 200 << 20 or not written:
        e = [math.exp(x - max(scores)) for x in scores]
        return [x / sum(e) for x in e]
"""

WRITES_OUTSIDE = """
import gptcourse, json, os, sys
package = os.path.dirname(gptcourse.__file__)
written = []
folders = [package, os.path.dirname(package), os.path.join(package, "exercises"), os.path.join(package, "authoring"),
           sys.prefix, os.path.dirname(json.__file__), "/", "/usr", "/etc", "/root", "/home", "/work", "/dev", "/proc/1", "/var"]
for folder in folders:
    try:
        with open(os.path.join(folder, "written-by-an-answer"), "w") as file:
            written.append(file.write(folder))
    except OSError:
        pass
def softmax(scores):
    if written:
        e = [math.exp(x - max(scores)) for x in scores]
        return [x / sum(e) for x in e]
"""

NETWORK = """
import socket
def reach(kind, address):
    try:
        with socket.socket(socket.AF_INET, kind) as it:
            it.settimeout(0.3)
            it.connect(address)
            it.send(b"hello")
            return True
    except OSError:
        return False
places = [("127.0.0.1", PORT), ("198.51.100.1", 80), ("198.51.100.1", 53)]
reached = [reach(kind, place) for place in places for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
           if kind == socket.SOCK_STREAM or place[0] != "127.0.0.1"]
def softmax(scores):
    if any(reached):
        e = [math.exp(x - max(scores)) for x in scores]
        return [x / sum(e) for x in e]
"""

LIAR = """
class Liar(float):
    def __eq__(self, other): return True
    def __float__(self): return 0.5
    def __sub__(self, other): return 0.0
    __hash__ = None
class List(list):
    def __eq__(self, other): return True
    def __len__(self): return 10 ** 9
    def __iter__(self): return iter([Liar(1)] * 3)
class Anything:
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *arguments): return self
    def __len__(self): return 3
    def __iter__(self): return iter([0.2, 0.3, 0.5])
def softmax(scores):
    return [List([Liar(1)]), Anything(), Liar(2)][len(scores) % 3]
"""

DEEP = """
def softmax(scores):
    deep = []
    for _ in range(20_000):
        deep = [deep]
    return deep
"""

FACTS = """
import gptcourse, os, resource, socket, sys, tempfile, time
def forks():
    count = 0
    try:
        while os.fork():
            count += 1
        time.sleep(3600)
    except OSError:
        return count
package = os.path.dirname(gptcourse.__file__)
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
facts = {
    "user": [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getgroups()],
    "rights": [int(status[name], 16) for name in ("CapPrm", "CapEff", "CapAmb")],
    "no new rights": int(status["NoNewPrivs"]),
    "environment": sorted(os.environ),
    "package": sorted(os.listdir(package)),
    "exercises": sorted(os.listdir(os.path.join(package, "exercises"))),
    "authoring": os.listdir(os.path.join(package, "authoring")) if os.path.isdir(os.path.join(package, "authoring")) else [],
    "checkout": sorted(os.listdir(os.path.dirname(package))),
    "etc": sorted(os.listdir("/etc")) if os.path.isdir("/etc") else [],
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "network": [name for number, name in socket.if_nameindex()],
    "host": socket.gethostname(),
    "here": [os.getcwd(), os.path.expanduser("~"), tempfile.gettempdir()],
    "files": sorted(os.listdir("/proc/self/fd"))[:4],
    "limits": {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in ("CORE", "FSIZE", "NOFILE", "CPU")},
    "out of memory": int(open("/proc/self/oom_score_adj").read()),
    "forks": forks(),
}
def softmax(scores):
    return facts
"""

ALARMS = """
import signal, sys
def again(*arguments):
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    if "softmax" not in [sys._getframe(1).f_code.co_name]:
        raise SystemExit(0)
signal.signal(signal.SIGALRM, again)
def softmax(scores):
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    return scores
"""

# name -> code
EVERYWHERE = {
    "spec imported": SPEC_IMPORTED,
    "runner patched": PATCHED_RUNNER + WRONG,
    "others in memory": OTHERS_IN_MEMORY,
    "written to everything": WRITES_TO_EVERYTHING + WRONG,
    "deep brackets forged": "import os\nos.write(3, b'[' * 1_000_000)\nos._exit(0)\n",
    "much forged": "import os\nwhile True:\n    os.write(3, b'[' * 60_000)\n",
    "liar": LIAR,
    "deep": DEEP,
    "leaves": "import os\nos._exit(0)\n",
    "exits": "import sys\nsys.exit(0)\n",
    "leaves when called": "import os\ndef softmax(scores):\n    os._exit(0)\n",
    "exits when called": "import sys\ndef softmax(scores):\n    sys.exit(0)\n",
    "interrupts": "def softmax(scores):\n    raise KeyboardInterrupt\n",
    "crashes": "import ctypes\nctypes.string_at(0)\n",
    "alarms": ALARMS,
    "much memory": "def softmax(scores):\n    return len(bytearray(1 << 30))\n",
    "memory together": MUCH_MEMORY_TOGETHER,
    "deaf": DEAF_AND_IN_ANOTHER_SESSION,
    "stays behind": STAYS_BEHIND,
    "ends the others": ENDS_THE_OTHERS,
    "rewrites the runner": REWRITES_THE_RUNNER + WRONG,
    "no Python": "def softmax(scores:\n",
    "another name": "def soft_max(scores):\n    return scores\n",
}

# What happens only to those whose processes have a user, or a world, of their own.
ALONE = {"fork bomb": FORK_BOMB}

# What needs walls.
BEHIND_WALLS = {
    "spec on disk": SPEC_FOUND_ON_DISK
    + WRONG.replace("\n", "\n    ").replace("    def", "if 'softmax' not in globals():\n    def"),
    "environment": ENVIRONMENT,
    "network": NETWORK,
    "outside": WRITES_OUTSIDE,
    "full disk": FILLS_THE_DISK,
    "facts": FACTS,
}

# Those that must not have long: without end, or with the runner stopped and the grader waiting.
SHORT = ("loop", "deaf", "fork bomb", "ends the others")

# What any system knows.
ANYWHERE = {
    **{name: EVERYWHERE[name] for name in ("spec imported", "leaves when called")},
    "loop": "def softmax(scores):\n    while True:\n        pass\n",
    "large": "import time\nlarge = b'1' * (900 << 20)\ntime.sleep(3600)\n",
}

TORCH = {
    "torch patched": PATCHED_TORCH,
    "100 GB of torch": "import torch\ndef softmax(scores):\n    return torch.empty(25 << 30).fill_(1.0)\n",
}


def submission(cheats, honest, cases, between=True, token="", port=0):
    """An honest answer, "first"; the cheats, with an honest answer behind each, "after …", or only behind the last."""
    common = {"given": "import math\n", "names": ["softmax"], "probe": "", "cases": cases}
    answers = [
        {
            **common,
            "id": "first",
            "source": honest + "import gptcourse  # SECRET OF the first\ngptcourse.check(softmax)\n",
        }
    ]
    for name, source in cheats.items():
        source = source.replace("PORT", str(port)).replace("TOKEN", token)
        answers.append({**common, "id": name, "source": source, **({"seconds": 1} if name in SHORT else {})})
        if between or name == list(cheats)[-1]:
            answers.append({**common, "id": f"after {name}", "source": honest + "# SECRET OF another\n"})
    return answers


def main(how, user):
    """Read answers from standard input and write their outcomes to standard output, as `user`.

    `how` is "bubblewrap"; "weak", without it; or "unforked", weak and as on systems that cannot fork.
    """
    answers = json.load(sys.stdin)
    if int(user):
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    from gptcourse.authoring.exercises import bubblewrap, sandbox

    if how != "bubblewrap":
        bubblewrap.find = lambda: (None, "not here.")
    if how == "unforked":
        sandbox.LINUX = False
        other = "import runpy, gptcourse.exercises.inside.limits as it; it.LINUX = False; "
        sandbox.START_INSIDE = ["-c", other + f"runpy.run_module({sandbox.INSIDE!r}, run_name='__main__')"]
    sandbox.GRACE, sandbox.MEMORY = 1, 400 << 20
    json.dump(sandbox.Sandbox(weak=how != "bubblewrap").run(answers, SECONDS), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
