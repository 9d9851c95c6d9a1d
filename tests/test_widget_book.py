"""Widgets in the web book: what pages load, over http and as files.

A book of a few lines with a widget of a few lines; the last test looks at the real site.
"""

import json
import re
from pathlib import Path

import pytest
from browser import serve, weigh
from bs4 import BeautifulSoup
from coursebook import widgets
from sphinx.testing.util import SphinxTestApp
from widget_pages import wait_for_widget, write_probes

from gptcourse.labels import Labels
from gptcourse.widgets import host
from gptcourse.widgets.host import Widget

WEIGHTS = bytes(range(256)) * 40
# Asks for a file and shows how long it is, and its last byte
LOADER = """
export async function render({ model, el }) {
  const bytes = new Uint8Array(await globalThis.gptcourseWidgets.bytes(model.get("file")));
  el.append(`${bytes.length} ${bytes.at(-1)}`);
}
export default { render };
"""
CONF = """
import sys
sys.path.insert(0, EXTENSIONS)
from coursebook import widgets
extensions = ["myst_nb"]
nb_execution_mode = "off"
def setup(app):
    widgets.setup(app)
"""


def notebook(title, *outputs) -> str:
    text = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {title}\n\n{title}."}
    code = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": "widget()", "execution_count": 1, "outputs": [
            {"output_type": "execute_result", "metadata": {}, "execution_count": 1, "data": output}]}
        for n, output in enumerate(outputs)
    ]  # fmt: skip
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    return json.dumps({"cells": [text, *code], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of a small book, and the warnings that building it gave."""
    folder, source = write_probes(tmp_path_factory.mktemp("widgets")), tmp_path_factory.mktemp("book") / "source"
    for name in ("loader", "unused"):
        (folder / f"{name}.js").write_text(LOADER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(host, "FOLDER", folder)
        patch.setattr(host, "files", lambda: {"en.bin": WEIGHTS, "other.bin": b"other"})
        patch.setattr("gptcourse.labels._session", Labels("fa"))
        probes = [
            Widget("probe", {"text": text}, f"<p>{text}</p>", text)._repr_mimebundle_() for text in ("one", "two")
        ]
        loader = Widget("loader", {"file": "en.bin"}, "<p>no file</p>", "")._repr_mimebundle_()
        quoted = {"text/plain": probes[0]["text/html"]}
        stale = {"text/html": '<div class="gc-widget" data-widget="renamed"><div data-fallback>still there</div></div>'}
        pages = {
            "index.md": "# First\n\n```{toctree}\nprobes\npart/loader\nstale\nplain\n```\n",
            "probes.ipynb": notebook("Probes", *probes),
            "part/loader.ipynb": notebook("Loader", loader),
            "stale.ipynb": notebook("Stale", stale),
            "plain.ipynb": notebook("Plain", quoted),
            "conf.py": CONF.replace("EXTENSIONS", repr(str(Path(widgets.__file__).parents[1]))),
        }
        for name, text in pages.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text, encoding="utf-8")
        app = SphinxTestApp("html", source, builddir=source.parent / "build")
        try:
            app.build()
        finally:
            app.cleanup()
    return Path(app.outdir), app.warning.getvalue()


@pytest.fixture(params=["http", "file"])
def anywhere(request, built):
    """The book's address, over http and as files."""
    if request.param == "file":
        yield built[0].as_uri()
    else:
        with serve(built[0]) as address:
            yield address


def loaded(path: Path) -> list[str]:
    """Names of the scripts of ours that a page loads, in their order."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    sources = [script["src"] for script in page.find_all("script", src=re.compile("_widgets/"))]
    assert all(re.fullmatch(r"(\.\./)*_widgets/\w+\.js\?v=[0-9a-f]{8}", source) for source in sources), sources
    return [re.search(r"(\w+)\.js", source)[1] for source in sources]


def test_pages_load_what_they_hold_and_no_more(built):
    folder = built[0]
    assert loaded(folder / "probes.html") == ["mount", "base", "dom", "probe"]
    assert loaded(folder / "part" / "loader.html") == ["mount", "base", "loader"]
    for name in ("index", "plain", "stale", "search"):
        assert loaded(folder / f"{name}.html") == []
        assert "gptcourseWidgets" not in (folder / f"{name}.html").read_text(encoding="utf-8")


def test_the_book_holds_what_its_pages_ask_for_and_no_more(built):
    names = {path.name for path in (built[0] / "_widgets").iterdir()}
    assert names == {*(f"{name}.js" for name in ("mount", "base", "dom", "probe", "loader")), "en.bin", "en.bin.js"}
    assert (built[0] / "_widgets" / "en.bin").read_bytes() == WEIGHTS


def test_an_output_of_a_widget_that_is_gone_is_told_and_shows_its_fallback(built):
    assert re.search(r"stale\S*: WARNING: an output holds the widget 'renamed', .* run the notebook again", built[1])
    assert built[1].count("WARNING") == 1
    assert "still there" in (built[0] / "stale.html").read_text(encoding="utf-8")


def test_a_page_with_widgets(reader, anywhere):
    page = reader.open(f"{anywhere}/probes.html")
    assert [wait_for_widget(page, "probe", n).locator(".shown").inner_text() for n in (0, 1)] == ["one", "two"]
    assert page.evaluate("[mounts, document.querySelectorAll('.gc-alive').length]") == [2, 2]
    assert page.locator(".gc-widget").first.get_attribute("dir") == "rtl"
    wait_for_widget(page, "probe", 1).get_by_role("button").click()
    assert page.locator("output").all_inner_texts() == ["0", "1"]


def test_a_file_arrives_over_http_and_from_a_folder(reader, anywhere):
    page = reader.open(f"{anywhere}/part/loader.html")
    assert wait_for_widget(page, "loader").inner_text() == "10240 255"
    both = page.evaluate("Promise.all(['en.bin', 'en.bin'].map((name) => gptcourseWidgets.bytes(name)))"
                         ".then(([a, b]) => [a === b, a.byteLength])")  # fmt: skip
    assert both == [True, 10240]


def test_a_file_that_is_not_there_is_told(reader, anywhere):
    page = reader.open(f"{anywhere}/part/loader.html")
    wait_for_widget(page, "loader")
    said = page.evaluate("gptcourseWidgets.bytes('gone.bin').catch((error) => error.message)")
    assert re.match(r"gone\.bin: 404|gone\.bin\.js is not there", said)
    assert all("gone.bin" in fault or "404" in fault or "ERR_FILE_NOT_FOUND" in fault for fault in reader.faults)
    reader.faults.clear()


def test_a_page_without_widgets_asks_for_nothing(reader, built):
    with serve(built[0]) as address:
        page = reader.open(f"{address}/plain.html")
        assert page.evaluate("typeof gptcourseWidgets") == "undefined"
        assert not [file for file in weigh(page) if "_widgets" in file]


def test_without_scripts_the_fallback_is_shown(reader, anywhere):
    page = reader.open(f"{anywhere}/probes.html", scripts=False)
    assert page.locator("[data-fallback]:visible").all_inner_texts() == ["one", "two"]


def test_the_site_s_pages_load_what_they_hold(site):
    for path in site.rglob("*.html"):
        held = set(widgets.WIDGET.findall(path.read_text(encoding="utf-8")))
        expected = list(widgets.scripts(sorted(held))) if held else []
        assert [f"{name}.js" for name in loaded(path)] == expected, path
        for name in expected:
            assert (path.parent / "_widgets" / name).is_file(), path
