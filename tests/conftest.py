"""What several test files share: the checkout, the built site, a browser and pages that must not go wrong."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from browser import NO_BROWSER, Reader, find_browser, launch, serve
from filelock import FileLock
from hypothesis import settings
from widget_pages import write_probes

from gptcourse.authoring import book, languages
from gptcourse.widgets import host

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("shared machine", deadline=None)  # how long an example takes says nothing about the code
settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The built books of all languages, in a copy that no later build can change under a running test."""
    with FileLock(ROOT / "_build" / "tests.lock"):
        _build_if_stale()
        copy = tmp_path_factory.mktemp("site") / "html"
        shutil.copytree(book.site_folder(ROOT), copy)
    return copy


def _build_if_stale() -> None:
    """Build unless the books there are, byte for byte, those that a test session built from these very sources."""
    record = ROOT / "_build" / "tests.json"
    sources = _digest(
        [*(ROOT / "book").rglob("*"), *(ROOT / "gptcourse" / "authoring").rglob("*.py")]
        + [path for name in ("widgets", "models") for path in (ROOT / "gptcourse" / name).rglob("*")]
        + [ROOT / name for name in ("_config.yml", "_toc.yml", "requirements.txt")]
    )
    known = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else None
    if known == [sources, _digest(book.site_folder(ROOT).rglob("*"))]:
        return
    record.unlink(missing_ok=True)
    failed = [f"{built.code}:\n{built.log}" for built in book.build(ROOT) if not built.ok]
    if failed:
        pytest.fail("the book cannot be built\n" + "\n".join(failed), pytrace=False)
    record.write_text(json.dumps([sources, _digest(book.site_folder(ROOT).rglob("*"))]), encoding="utf-8")


def _digest(paths) -> str:
    """A hash of names and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def words() -> dict[str, languages.Language]:
    """The languages of the site by their codes, with their words."""
    return languages.load(ROOT)


@pytest.fixture(scope="module")
def browser():
    """One browser for a file of tests. (Not for the session: Playwright's event loop would be in nbval's way.)"""
    if find_browser() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_BROWSER)
    with launch() as launched:
        yield launched


@pytest.fixture(scope="module")
def address(site) -> str:
    """The site over http."""
    with serve(site) as served:
        yield served


@pytest.fixture
def reader(browser) -> Reader:
    """Opens pages; the test fails if one of them asks another host for anything or reports an error."""
    opened = Reader(browser)
    yield opened
    opened.close()


@pytest.fixture
def probes(tmp_path, monkeypatch) -> Path:
    """The folder of the widgets `probe` and `broken` (see widget_pages), which are there in place of the real ones."""
    monkeypatch.setattr(host, "FOLDER", write_probes(tmp_path / "widgets"))
    return host.FOLDER


def pytest_terminal_summary(terminalreporter) -> None:
    """Print what tests measured (`record_property("measured", ...)`), whether they passed or not."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "measured" and report.when == "call":
                    terminalreporter.write_line(value)
