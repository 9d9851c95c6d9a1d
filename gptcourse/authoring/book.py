"""Build the web books: one per language of `book/strings.yml`, from one `_config.yml` and one `_toc.yml`.

    python -m gptcourse book            all languages, into _build/html/<language>/
    python -m gptcourse book hu fa -j 1

A warning of Sphinx is an error. Each language is built in a process of its own, because Sphinx keeps its catalogues in
module globals; a finished book replaces the old one as a whole.
"""

import argparse
import contextlib
import html
import io
import json
import multiprocessing
import os
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from gptcourse.authoring import AuthoringError, at_least_one, find_root, languages

LEFT_OUT = shutil.ignore_patterns("*.map", ".buildinfo", "*.ttf")


@dataclass(frozen=True)
class Built:
    """What came of one language's book."""

    code: str
    ok: bool
    seconds: float
    log: str


def site_folder(root: Path) -> Path:
    """Where the finished site lies: one folder per language, and a page that picks one."""
    return root / "_build" / "html"


def build(root: Path, codes: list[str] | None = None, jobs: int | None = None) -> list[Built]:
    """Build the books of some languages, by default of all, and the page that picks a language.

    Raises AuthoringError for a language that `book/strings.yml` does not have, or that has no folder.
    """
    known = languages.load(root)
    codes = codes or list(known)
    for code in codes:
        if code not in known:
            raise AuthoringError(f"unknown language '{code}'. book/strings.yml has: {', '.join(known)}.")
        if not (root / "book" / code).is_dir():
            raise AuthoringError(f"book/strings.yml has the language '{code}', but there is no folder book/{code}.")
    results = []
    processes = ProcessPoolExecutor(
        jobs or os.cpu_count(), mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1
    )
    (root / "_build").mkdir(exist_ok=True)
    with FileLock(root / "_build" / "book.lock"), processes as pool:  # two builds would clear each other's folders
        for done in as_completed([pool.submit(build_language, root, code) for code in codes]):
            results.append(done.result())
            report(results[-1])
        write_landing_page(root, known)
    return results


def report(built: Built) -> None:
    """Print one line about a book, and what Sphinx said if it failed."""
    print(f"{built.code}: {'built' if built.ok else 'FAILED'} in {built.seconds:.1f} s", flush=True)
    if not built.ok:
        print(built.log, file=sys.stderr, flush=True)


def build_language(root: Path, code: str) -> Built:
    """Build one book and put it in place of the old one; a failed build leaves the old one alone."""
    from jupyter_book.sphinx import build_sphinx

    start = time.perf_counter()
    work = root / "_build" / "books" / code
    shutil.rmtree(work, ignore_errors=True)  # Sphinx never removes what is no longer made
    log = io.StringIO()
    with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        result = build_sphinx(
            root / "book" / code,
            work / "html",
            noconfig=True,
            path_config=root / "_config.yml",
            doctreedir=work / "doctrees",
            freshenv=True,
            quiet=True,
            warningiserror=True,
            keep_going=True,
            # the second is a key that jupyter-book looks for
            confoverrides={"book_has_siblings": True, "latex_individualpages": False},
        )
    ok = result == 0
    if ok:
        replace_folder(work / "html", site_folder(root) / code)
    said = log.getvalue().replace(str(work / "source" / code), f"book/{code}")
    return Built(code, ok, time.perf_counter() - start, said if result in (0, 1) else f"{said}\n{result}")


def replace_folder(new: Path, old: Path) -> None:
    """Copy `new` to the place of `old`, without files that no reader needs."""
    fresh = old.with_name(f".{old.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(new, fresh, ignore=LEFT_OUT)
    shutil.rmtree(old, ignore_errors=True)
    fresh.rename(old)


def write_landing_page(root: Path, known: dict[str, languages.Language]) -> None:
    """Write `index.html` above the books: the reader's last choice, else the browser's languages, else a list.

    Whatever else lies beside the books goes: a language that was taken out, or the one book that plain
    `jupyter-book build .` puts into the same folder.
    """
    site = site_folder(root)
    site.mkdir(parents=True, exist_ok=True)
    for path in site.iterdir():
        if path.name in known:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    template = (root / "book" / "landing.html").read_text(encoding="utf-8")
    (site / "index.html").write_text(landing_page(template, known), encoding="utf-8", newline="\n")
    (site / ".nojekyll").touch()  # GitHub Pages would drop folders that begin with an underscore


def landing_page(template: str, known: dict[str, languages.Language]) -> str:
    """Fill the places `%title%`, `%description%`, `%codes%`, `%alternates%` and `%links%` of `book/landing.html`."""
    source = known[languages.SOURCE]
    alternates = [f'<link rel="alternate" hreflang="{code}" href="{code}/index.html">' for code in known]
    alternates.append('<link rel="alternate" hreflang="x-default" href="index.html?choose">')
    links = [
        f'<li><a lang="{code}" dir="{language.dir}" href="{code}/index.html">'
        f"<b>{html.escape(language.name)}</b><span>{html.escape(language.title)}</span></a></li>"
        for code, language in known.items()
    ]
    places = {
        "%title%": html.escape(source.title),
        "%description%": html.escape(source.description),
        "%codes%": json.dumps(list(known)),
        "%alternates%": "\n".join(alternates),
        "%links%": "\n".join(links),
    }
    for place, text in places.items():
        template = template.replace(place, text)
    return template


def main(argv: list[str] | None = None) -> int:
    """`python -m gptcourse book`; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m gptcourse book", description="Build the web book of each language."
    )
    parser.add_argument("languages", nargs="*", metavar="language", help="codes such as hu; by default all languages")
    parser.add_argument(
        "-j", "--jobs", type=at_least_one, metavar="N", help="books built at the same time (default: one per CPU)"
    )
    arguments = parser.parse_args(argv)
    root = find_root()
    start = time.perf_counter()
    results = build(root, arguments.languages, arguments.jobs)
    failed = [built.code for built in results if not built.ok]
    if failed:
        print(f"Not built: {', '.join(failed)}. The messages above name file and line.", file=sys.stderr)
        return 1
    print(f"{len(results)} book(s) in {time.perf_counter() - start:.1f} s: {site_folder(root) / 'index.html'}")
    return 0
