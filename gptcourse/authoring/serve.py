"""Show the built books in a browser: `python -m gptcourse serve`.

Listens on the loopback address only. Builds first when a book is missing or older than its sources.
"""

import argparse
import contextlib
import functools
import http.server
import os
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from gptcourse.authoring import AuthoringError, book, find_root, languages

HOST = "127.0.0.1"
PORT = 8000


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line per request, and never lets a browser keep an old page."""

    # Windows may have its registry say text/plain for scripts, which browsers refuse
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".css": "text/css",
    }

    def copyfile(self, source, outputfile) -> None:
        with contextlib.suppress(ConnectionError):  # the reader has gone on to another page
            super().copyfile(source, outputfile)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args) -> None:
        pass


def stale(root: Path, codes: list[str]) -> list[str]:
    """Languages whose book is missing or older than what it is made from."""
    shared = newest(path for path in sources(root) if not set(path.relative_to(root).parts[1:2]) & set(codes))
    return [code for code in codes if built_at(root, code) < max(shared, newest(pages(root, code)))]


def sources(root: Path) -> Iterator[Path]:
    """Every file that a book may be made from."""
    yield root / "_config.yml"
    yield root / "_toc.yml"
    yield from pages(root, "")


def pages(root: Path, code: str) -> Iterator[Path]:
    """The files of `book/<code>`; an untranslated page comes from the English ones."""
    for folder in {root / "book" / code, root / "book" / (languages.SOURCE if code else "")}:
        yield from (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def newest(paths: Iterator[Path]) -> float:
    """Time of the last change among the files, 0 for none."""
    return max((path.stat().st_mtime for path in paths), default=0.0)


def built_at(root: Path, code: str) -> float:
    """When a language's book was built, 0 if it was not."""
    page = book.site_folder(root) / code / "index.html"
    return page.stat().st_mtime if page.is_file() else 0.0


class Server(http.server.ThreadingHTTPServer):
    """One server per port; on Windows, "reuse" would let two of them share it."""

    allow_reuse_address = os.name != "nt"


def open_server(folder: Path, port: int | None = None) -> Server:
    """A server for `folder`, at PORT or, where that is taken, at any free port.

    Raises AuthoringError when a port that was asked for is taken or is none.
    """
    handler = functools.partial(QuietHandler, directory=str(folder))
    try:
        return Server((HOST, PORT if port is None else port), handler)
    except (OSError, OverflowError) as error:
        if port is None:
            return Server((HOST, 0), handler)
        reason = getattr(error, "strerror", None) or error
        raise AuthoringError(f"port {port} cannot be used ({reason}). Leave out --port to get a free one.") from error


def main(argv: list[str] | None = None) -> int:
    """`python -m gptcourse serve`; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m gptcourse serve", description="Open the built books in a browser.")
    parser.add_argument("--port", type=int, help=f"port on {HOST} (default: {PORT}, or a free one where that is taken)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    arguments = parser.parse_args(argv)
    root = find_root()
    known = languages.load(root)
    missing = stale(root, list(known))
    if missing:
        print(f"Building {', '.join(missing)} …", flush=True)
        if not all(built.ok for built in book.build(root, missing)):
            return 1
    book.write_landing_page(root, known)  # plain `jupyter-book build .` may have put its own there
    with open_server(book.site_folder(root), arguments.port) as server:
        address = f"http://{HOST}:{server.server_port}/"
        print(f"The books are at {address} (stop with Ctrl+C)", flush=True)
        if not arguments.no_browser:
            webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0
