"""`python -m gptcourse run`: re-execute notebooks and store their outputs.

Outputs are made so that a second run gives the same bytes: one thread, fixed hash seed, no timings.
Each notebook records which code, language and package versions its outputs come from, so that a test
can tell outputs that are older than their code (`outdated`).
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from packaging.requirements import InvalidRequirement, Requirement

from gptcourse.authoring import AuthoringError, at_least_one, find_root
from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import SETUP, code_hash, dump_notebook, read_notebook, write_text
from gptcourse.authoring.sync import setup_source

# Their versions show in outputs: numbers, tokens, figures. All have one version for every Python.
PACKAGES = ("torch", "tiktoken", "matplotlib", "regex")
DOWNLOAD = "needs-download"  # tag of cells that need what no package registry has
TIMEOUT = 600  # seconds for one cell
VIEW = "application/vnd.jupyter.widget-view+json"  # names a widget in a kernel that is gone
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
ADDRESS = re.compile(r"<[^<>\n]{1,80} at 0x[0-9a-fA-F]+>")


class RunError(AuthoringError):
    """A notebook did not run, or shows what differs from computer to computer."""


def run_notebook(path: Path, versions: dict[str, str]) -> float:
    """Execute the notebook, store its outputs, return the seconds it took.

    Raises RunError, and leaves the file as it was, when a cell fails or its output is not reproducible.
    """
    notebook = read_notebook(path)
    started = time.monotonic()
    _run(notebook, path)
    ran = {"code": code_hash(notebook), "language": path.parent.name, "versions": versions}
    notebook.metadata.gptcourse = {"ran": ran}
    write_text(path, dump_notebook(notebook))
    return time.monotonic() - started


def try_notebook(path: Path, setup: str) -> float:
    """Execute the notebook with another first cell, store nothing, return the seconds it took.

    For a chapter that a language does not have yet: its code must run there too. Raises RunError when a cell fails.
    """
    notebook = read_notebook(path)
    next(cell for cell in notebook.cells if cell.id == SETUP).source = setup
    started = time.monotonic()
    _run(notebook, path)
    return time.monotonic() - started


def _run(notebook: NotebookNode, path: Path) -> None:
    _execute(notebook, path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            _normalise_outputs(cell, path)


def _execute(notebook: NotebookNode, path: Path) -> None:
    running = []  # id of the cell that runs, for the message when it fails
    client = NotebookClient(
        notebook,
        kernel_name=NATIVE_KERNEL_NAME,
        timeout=TIMEOUT,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        skip_cells_with_tag="" if downloads_allowed() else DOWNLOAD,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: running.append(cell.id),
    )
    environment = {**os.environ, **ONE_THREAD, "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    environment["GPTCOURSE_STATIC"] = "1"  # a change of a widget's script shall not change the output
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        raise RunError(f"{_name(path)}, cell {running[-1]!r}: {error.ename}: {error.evalue}") from None
    except CellTimeoutError:
        raise RunError(f"{_name(path)}, cell {running[-1]!r}: took more than {TIMEOUT} s") from None
    except DeadKernelError:
        raise RunError(f"{_name(path)}, cell {running[-1]!r}: the kernel died (out of memory?)") from None


def downloads_allowed() -> bool:
    """Whether cells that need a download can run: their data is there, or may be fetched."""
    return bool(os.environ.get("GPTCOURSE_DATA")) or os.environ.get("GPTCOURSE_DOWNLOAD") == "1"


def _normalise_outputs(cell: NotebookNode, path: Path) -> None:
    """Keep what can be shown without a kernel, shorten expected errors to their message, refuse what no second run repeats."""
    for output in cell.outputs:
        output.get("metadata", {}).pop("execution", None)
        output.get("data", {}).pop(VIEW, None)
        if output.output_type == "error":
            output.traceback = [f"{output.ename}: {output.evalue}"]
        for text in _texts(output):
            if reason := _unrepeatable(text):
                raise RunError(f"{_name(path)}, cell {cell.id!r}: {reason}")


def _texts(output: NotebookNode) -> list[str]:
    if output.output_type == "stream":
        return [output.text]
    return [text for kind, text in output.get("data", {}).items() if kind.startswith("text/") and isinstance(text, str)]


def _unrepeatable(text: str) -> str | None:
    if found := ADDRESS.search(text):
        return f"shows an object's address, {found[0]}. End the cell's last line with a semicolon or show what matters."
    for folder in {str(Path.home()), sys.prefix, tempfile.gettempdir(), str(Path(__file__).parents[2])}:
        if len(folder) > 3 and folder in text:
            return f"shows a path of this computer ({folder}), perhaps in a warning. Show the name alone."
    return None


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def pinned_versions(root: Path) -> dict[str, str]:
    """Return the versions of PACKAGES that requirements.txt fixes for this Python."""
    pinned = {}
    for line in (root / "requirements.txt").read_text(encoding="utf-8").splitlines():
        try:
            requirement = Requirement(line.split("#")[0].strip())
        except InvalidRequirement:
            continue  # an option such as "-e ."
        if requirement.name in PACKAGES and (requirement.marker is None or requirement.marker.evaluate()):
            pinned[requirement.name] = str(requirement.specifier).removeprefix("==")
    if absent := set(PACKAGES) - set(pinned):
        raise AuthoringError(f"requirements.txt fixes no version of {', '.join(sorted(absent))}.")
    return dict(sorted(pinned.items()))


def check_installed(pinned: dict[str, str]) -> None:
    """Raise AuthoringError when this environment has other versions than requirements.txt."""
    for name, wanted in pinned.items():
        try:
            installed = version(name).split("+")[0]  # torch calls its CPU build 2.13.0+cpu
        except PackageNotFoundError:
            installed = "missing"
        if installed != wanted:
            raise AuthoringError(
                f"{name} is {installed} here, requirements.txt has {wanted}: outputs would not be the book's. "
                "pip install -r requirements.txt"
            )


def outdated(notebook: NotebookNode, lang: str, pinned: dict[str, str]) -> str | None:
    """Say why the stored outputs are not those of this code, language and packages; None when they are."""
    ran = notebook.metadata.get("gptcourse", {}).get("ran")
    if ran is None:
        return "was never run"
    if ran.get("code") != code_hash(notebook):
        return "its code has changed since it was run"
    if ran.get("language") != lang:
        return f"shows outputs of another language ({ran.get('language')})"
    if ran.get("versions") != pinned:
        return f"was run with {ran.get('versions')}, requirements.txt has {pinned}"
    return None


def targets(course: Course, names: list[str]) -> list[Path]:
    """Return the notebooks that a list of chapters and languages names; all of them for an empty list.

    Raises AuthoringError for a name that is neither, and when no notebook is left.
    """
    langs = [name for name in names if name in course.languages] or course.languages
    chapters = [_chapter(course, name) for name in names if name not in course.languages]
    paths = [course.path(lang, page) for page in chapters or course.pages(".ipynb") for lang in langs]
    found = [path for path in paths if path.is_file()]
    if not found:
        wanted = " ".join(names) or "any chapter"
        raise AuthoringError(f"there is no notebook for {wanted}: it is not translated, or not written, yet.")
    return found


def _chapter(course: Course, name: str) -> str:
    try:
        return course.find_page(name, ".ipynb")
    except AuthoringError as error:
        raise AuthoringError(f"{error} Nor is it a language; these are: {', '.join(course.languages)}.") from None


def run_all(paths: list[Path], run_one: Callable[[Path], float], jobs: int = 1) -> int:
    """Execute notebooks with `run_one`, `jobs` at a time, telling of each; return how many failed."""
    failed = 0
    with ThreadPoolExecutor(jobs) as pool:  # a kernel is a process of its own; the threads only wait
        waiting = {pool.submit(run_one, path): path for path in paths}
        for number, done in enumerate(as_completed(waiting), start=1):
            try:
                result = f"{done.result():.1f} s"
            except AuthoringError as error:
                failed += 1
                result = f"FAILED\n    {error}"
            print(f"[{number}/{len(paths)}] {_name(waiting[done])}  {result}", flush=True)
    return failed


def main(argv: list[str]) -> int:
    """Run `run` with its command-line arguments; 1 when a notebook fails."""
    arguments = _parser().parse_args(argv)
    course = Course(find_root())
    versions = pinned_versions(course.root)
    check_installed(versions)
    paths = targets(course, arguments.names)
    run_one = partial(run_notebook, versions=versions)
    if arguments.tried:
        if arguments.tried not in course.languages:
            raise AuthoringError(f"there is no language {arguments.tried!r}; these are: {', '.join(course.languages)}.")
        paths = [path for path in paths if path.parent.name == SOURCE]
        run_one = partial(try_notebook, setup=setup_source(course, arguments.tried))
    print(f"Notebooks: {len(paths)}, {min(arguments.jobs, len(paths))} at a time", flush=True)
    if not downloads_allowed() and any(DOWNLOAD in path.read_text(encoding="utf-8") for path in paths):
        print(f"Cells tagged {DOWNLOAD} keep what they show: neither GPTCOURSE_DATA nor GPTCOURSE_DOWNLOAD=1 is set.")
    if failed := run_all(paths, run_one, arguments.jobs):
        print(f"{failed} of {len(paths)} failed and were left as they were.", file=sys.stderr)
    return int(failed > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gptcourse run", description="Re-execute notebooks and store their outputs."
    )
    parser.add_argument("names", nargs="*", metavar="chapter|lang", help="such as 01, hu; all when left out")
    parser.add_argument(
        "--as",
        dest="tried",
        metavar="LANG",
        help="run the English notebooks with the set-up of this language, and store nothing",
    )
    parser.add_argument(
        "-j", "--jobs", type=at_least_one, default=1, metavar="N", help="notebooks at a time (default 1)"
    )
    return parser
