"""A real browser for tests: find it, serve the site on loopback, and notice everything a page does wrong.

    with launch() as browser, serve(folder) as address:
        reader = Reader(browser)
        page = reader.open(f"{address}/en/index.html", width=390, scheme="dark")
        ...
        reader.close()      # AssertionError with every foreign request, console error and page error so far

Knows Playwright and Chromium, nothing of what the pages hold.
"""

import contextlib
import functools
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from gptcourse.authoring.serve import QuietHandler

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": tuple(
        os.path.join(os.environ.get(folder, ""), program)
        for program in (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
        for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
    ),
}
NO_BROWSER = (
    f"no Chromium, Chrome or Edge found (looked for {', '.join(NAMES)} and in the usual places): install one, "
    "for example Debian's package chromium, or set GPTCOURSE_BROWSER to the program"
)
LOCAL = re.compile(r"(http://127\.0\.0\.1:\d+/|file:|data:|blob:|about:)")


def find_browser() -> str | None:
    """The program to run: $GPTCOURSE_BROWSER, one on the PATH, or one in the system's usual place."""
    if chosen := os.environ.get("GPTCOURSE_BROWSER"):
        return chosen
    found = (shutil.which(name) for name in NAMES)
    usual = (place for place in PLACES.get(sys.platform, ()) if Path(place).is_file())
    return next((path for path in (*found, *usual) if path), None)


@contextlib.contextmanager
def launch() -> Iterator[Browser]:
    """A headless browser that asks nobody anything on its own. FileNotFoundError where there is none."""
    program = find_browser()
    if program is None:
        raise FileNotFoundError(NO_BROWSER)
    arguments = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root in a sandbox, as in a container
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free loopback port; gives its address without a final slash."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


class Reader:
    """Opens pages and keeps a list of what goes wrong in them.

    Every request that leaves the machine is refused and counts as a fault, as do an address that is not found, an
    error in the console and an exception in a script.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts = []
        self.faults: list[str] = []

    def open(self, address: str, width: int = 1400, scheme: str = "light", scripts: bool = True, **context) -> Page:
        """A page in a context of its own (no shared cache, storage or cookies), loaded and laid out.

        context: further settings of Playwright's `new_context`, such as `locale`.
        """
        settings = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, **context}
        new = self._browser.new_context(java_script_enabled=scripts, reduced_motion="reduce", **settings)
        self._contexts.append(new)
        new.set_default_timeout(10_000)
        new.route(lambda url: not LOCAL.match(url), self._refuse)
        page = new.new_page()
        page.on("console", lambda message: message.type == "error" and self._note(page, "console", message.text))
        page.on("pageerror", lambda error: self._note(page, "script", str(error)))
        page.on("response", lambda reply: reply.status >= 400 and self._note(page, f"status {reply.status}", reply.url))
        page.goto(address)
        if scripts:
            page.evaluate("document.fonts.ready.then(() => true)")
        return page

    def close(self) -> None:
        """Close all pages; AssertionError if anything went wrong in them."""
        for context in self._contexts:
            context.close()
        assert not self.faults, "\n".join(self.faults)

    def _refuse(self, route) -> None:
        self.faults.append(f"request to another host: {route.request.url}")
        route.abort()

    def _note(self, page: Page, kind: str, text: str) -> None:
        self.faults.append(f"{page.url}: {kind}: {text}")


def weigh(page: Page) -> dict[str, int]:
    """Uncompressed bytes of the page and of every file that it asked for, by address (over http)."""
    entries = """() => performance.getEntries()
        .filter(entry => ["navigation", "resource"].includes(entry.entryType))
        .map(entry => [entry.name, entry.decodedBodySize])"""
    return dict(page.evaluate(entries))
