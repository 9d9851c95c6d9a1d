"""The walls of the sandbox: a command that runs another one under bubblewrap, with what Python needs and nothing else.

Inside are system libraries, the interpreter and its packages, and `gptcourse` without `authoring` and without `exercises`,
but for `exercises/inside`; all of it read-only. No network, no home, no other file of the checkout, no other process, no
environment. HOME, and /tmp where it is free, are one small folder in memory.
"""

import os
import shutil
import site
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import gptcourse

PACKAGE = Path(gptcourse.__file__).resolve().parent
HIDDEN = ("exercises", "authoring")
SHOWN = "exercises/inside"
HOME = "/home/answer"  # nothing of a checkout can lie below it, as it may below /tmp
DISK = 64 << 20  # bytes that an answer can write

SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
PYTHON = ("bin", "lib", "lib32", "lib64", "pyvenv.cfg")  # of an environment; a checkout may lie there too
SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives")
NAMESPACES = ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]

INSTALL = "Install it (sudo apt install bubblewrap, sudo dnf install bubblewrap)."
NOT_HERE = ("the sandbox that keeps answers away from solutions, files and network needs bubblewrap, which is for Linux only. "
            "Grade on Linux: another computer, WSL, a virtual machine.")  # fmt: skip
BLOCKED = ("Ubuntu from 23.10 on forbids it to ordinary users: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 "
           "allows it; a container needs the right to make namespaces.")  # fmt: skip


@lru_cache
def find():
    """(path of a bwrap that works here, ""), or (None, what is missing and what to do)."""
    if sys.platform != "linux":
        return None, NOT_HERE
    path = shutil.which("bwrap")
    if path is None:
        return None, f"bubblewrap, which shuts students' answers in, is not installed. {INSTALL}"
    tried = subprocess.run(
        command(path, 60706, {}, [shutil.which("true")]), capture_output=True, text=True, errors="replace", check=False
    )
    if tried.returncode:
        return None, f"{path} does not work here: {tried.stderr.strip()[-300:]}. {BLOCKED}"
    return path, ""


def command(path, user, environment, run, fonts=()):
    """The command line that runs `run`: as `user`, or, called by root, as root with no other right than to become `user`."""
    if os.geteuid() == 0:
        rights = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        rights = ["--unshare-user", "--uid", str(user), "--gid", str(user)]
    variables = [word for name, value in environment.items() for word in ("--setenv", name, value)]
    # Process 1 can be neither ended nor stopped by the others, and all others end with it.
    return [path, *NAMESPACES, "--new-session", "--die-with-parent", "--as-pid-1", *rights, *_file_system(fonts),
            "--clearenv", *variables, "--chdir", "/", "--", *run]  # fmt: skip


def _file_system(fonts):
    """The options that build it: what lies further out first."""
    mounts = {**_system(), **_python(), **_package()}
    mounts[HOME] = ["--perms", "1777", *_size(), "--tmpfs", HOME]
    if not any(_lies_in(path, ["/tmp"]) for path in mounts):
        mounts["/tmp"] = ["--symlink", HOME, "/tmp"]
    options, made = [], {"/": False}
    for path in sorted(mounts, key=lambda path: path.count("/")):
        options += _parents(Path(path), made) + mounts[path]
        made[path] = "--ro-bind" in mounts[path] or "--symlink" in mounts[path]
    options += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", *_size(), "--tmpfs", "/dev/shm"]
    options += ["--perms", "1777", "--dir", f"{HOME}/.matplotlib"]
    for each in fonts:
        options += ["--ro-bind", str(each), f"{HOME}/.matplotlib/{each.name}"]
    for path in ("/dev", *(path for path, how in mounts.items() if "--tmpfs" in how and path != HOME), "/"):
        options += ["--remount-ro", path]
    return options


def _parents(path, made):
    """Make the folders above a mount point. (Left to itself, bwrap 0.8 makes them for root alone.)"""
    options = []
    for parent in reversed(path.parents):
        above = next(made[str(each)] for each in (parent, *parent.parents) if str(each) in made)
        if not above and str(parent) not in made:
            options += ["--perms", "0755", "--dir", str(parent)]
            made[str(parent)] = False
    return options


def _system():
    """Libraries and tools of the system; on many, /lib and the like are links into /usr."""
    mounts = {"/usr": _read_only("/usr")}
    for path in filter(os.path.exists, SYSTEM):
        link = os.path.islink(path)
        mounts[path] = ["--symlink", os.readlink(path), path] if link else _read_only(path)
    return mounts | {path: _read_only(path) for path in SETTINGS if os.path.exists(path)}


def _python():
    """The interpreter, its library and its packages, under all the names that lead to them."""
    mounts, links, link = {}, {}, Path(sys.executable)
    for path in (sys.prefix, sys.base_prefix, sys.exec_prefix):
        mounts |= _environment(Path(path))
    for path in user_packages():
        mounts[path] = _read_only(path)
    while link.is_symlink():
        links[str(link)] = ["--symlink", os.readlink(link), str(link)]
        link = Path(os.path.normpath(link.parent / os.readlink(link)))
    mounts |= _environment(link.parents[1])
    return mounts | {path: how for path, how in links.items() if not _lies_in(path, ("/usr", *SYSTEM, *mounts))}


def _lies_in(path, folders):
    return any(Path(path).is_relative_to(folder) for folder in folders)


def user_packages():
    """The folder of packages that `pip install --user` fills, where Python uses it."""
    path = site.getusersitepackages() if site.ENABLE_USER_SITE else ""
    return [path] if path and os.path.isdir(path) else []


def _package():
    """The package without what answers must not see, and without the checkout it lies in."""
    mounts, outside = {}, PACKAGE.parent
    if not outside.name.endswith("-packages"):
        if _lies_in(outside, ["/usr"]):  # a container's /usr/src/app
            mounts[str(outside)] = ["--tmpfs", str(outside)]
        mounts[str(PACKAGE)] = _read_only(PACKAGE)
    # There may be a second, installed copy.
    copies = {PACKAGE, *(Path(path) / "gptcourse" for path in sys.path if path.endswith("-packages"))}
    for copy in copies:
        for name in HIDDEN:
            if (copy / name).is_dir():
                mounts[str(copy / name)] = ["--tmpfs", str(copy / name)]
    mounts[str(PACKAGE / SHOWN)] = _read_only(PACKAGE / SHOWN)
    return mounts


def _environment(folder):
    """What Python needs of the folder it is installed in, or of a virtual environment."""
    if folder == Path("/usr"):
        return {}
    names = {folder, folder.resolve()}
    parts = [part for part in PYTHON if (folder / part).exists()]
    return {str(name / part): ["--ro-bind", str((folder / part).resolve()), str(name / part)]
            for name in names for part in parts}  # fmt: skip


def _read_only(path):
    return ["--ro-bind", str(path), str(path)]


@lru_cache
def _size():
    """The option for the size of a folder in memory, for bwrap from 0.7 on. (Else it is half of the memory.)"""
    known = subprocess.run([shutil.which("bwrap"), "--help"], capture_output=True, text=True, check=False)
    return ["--size", str(DISK)] if "--size" in known.stdout + known.stderr else []
