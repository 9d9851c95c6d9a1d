"""Widgets in a browser: mounted once, hostile text, failures, readers without scripts, notebooks run and saved."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from widget_pages import HOSTILE, PROBE, REAL, probe, wait_for_widget, write_page, write_probes

from gptcourse.widgets import host
from gptcourse.widgets.host import Widget


def test_each_widget_is_mounted_once_though_the_script_stands_many_times(probes, reader, tmp_path):
    page = reader.open(write_page(tmp_path, "en", [lambda: probe("one"), lambda: probe("two")]).as_uri())
    assert wait_for_widget(page, "probe", 0).locator(".shown").inner_text() == "one"
    assert wait_for_widget(page, "probe", 1).locator(".shown").inner_text() == "two"
    page.evaluate("gptcourseWidgets.mount(); gptcourseWidgets.mount()")
    page.evaluate("""() => { for (const script of document.querySelectorAll(".gc-widget > script:not([type])")) {
        const again = document.createElement("script"); again.text = script.text; script.replaceWith(again); } }""")
    assert page.evaluate("[mounts, document.querySelectorAll('.gc-alive').length]") == [2, 2]
    assert page.locator("[data-fallback]:visible").count() == 0
    assert page.locator("style[data-gc=base]").count() == page.locator("style[data-gc=probe]").count() == 1
    alive = wait_for_widget(page, "probe", 1)
    alive.get_by_role("button").click()
    alive.get_by_role("button").press("Enter")
    assert alive.locator("output").inner_text() == "2"
    assert wait_for_widget(page, "probe", 0).locator("output").inner_text() == "0"


def test_a_view_that_is_drawn_again_is_mounted_again(probes, reader, tmp_path):
    """As JupyterLab does with an output, or a browser that saves the page."""
    page = reader.open(write_page(tmp_path, "en", [probe]).as_uri())
    wait_for_widget(page, "probe")
    page.evaluate("""() => { const root = document.querySelector(".gc-widget");
        root.replaceWith(root.cloneNode(true)); gptcourseWidgets.mount(); }""")
    wait_for_widget(page, "probe").get_by_role("button").click()
    assert page.locator(".gc-alive").count() == 1
    assert page.locator("output").inner_text() == "1"


def test_jupyterlab_leaves_the_keys_to_a_widget(probes, reader, tmp_path):
    """Its shortcuts look for an attribute; its notebook hears every key that nobody stops, and takes the focus away."""
    page = reader.open(write_page(tmp_path, "en", [probe]).as_uri())
    alive = wait_for_widget(page, "probe")
    assert alive.get_attribute("data-lm-suppress-shortcuts") == ""
    page.evaluate("globalThis.heard = 0; document.body.addEventListener('keydown', () => { heard += 1; })")
    alive.get_by_role("button").press("a")
    page.evaluate("document.body.className = 'jp-Notebook'")
    alive.get_by_role("button").press("Enter")
    assert page.evaluate("heard") == 1
    assert alive.locator("output").inner_text() == "1"


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_hostile_text_is_text(probes, reader, tmp_path, lang):
    page = reader.open(write_page(tmp_path, lang, [lambda text=text: probe(text) for text in HOSTILE]).as_uri())
    for number, text in enumerate(HOSTILE):
        shown = wait_for_widget(page, "probe", number).locator(".shown")
        assert json.loads(shown.evaluate("e => JSON.stringify(e.textContent)")) == text
    assert page.evaluate("[typeof hacked, document.images.length]") == ["undefined", 0]


def test_scripts_may_run_where_no_widget_is(probes, reader, tmp_path):
    """As in VS Code: without `document.currentScript`, and after the output was put into the page."""
    page = reader.open(write_page(tmp_path, "en", [probe], static=True).as_uri())
    scripts = "".join(host.definition(name) for name in host.with_imports("probe"))
    page.evaluate(f"() => {{ {host.mount()}{scripts}gptcourseWidgets.mount(); }}")
    wait_for_widget(page, "probe").get_by_role("button").click()
    assert page.locator("output").inner_text() == "1"


def test_without_scripts_the_fallback_is_shown(probes, reader, tmp_path):
    for static in (True, False):
        path = write_page(tmp_path, "en", [probe, lambda: probe(HOSTILE[0])], static=static)
        page = reader.open(path.as_uri(), scripts=False)
        assert page.locator("[data-fallback]:visible").all_inner_texts() == ["hello", HOSTILE[0]]


def test_a_module_that_fails_leaves_its_fallback_and_its_neighbours_alone(probes, reader, tmp_path):
    broken = [lambda: Widget("broken", {}, "<p>instead</p>", ""), probe]
    page = reader.open(write_page(tmp_path, "en", broken).as_uri())
    assert wait_for_widget(page, "probe", 0).locator(".shown").inner_text() == "hello"
    assert page.locator('[data-mounted="failed"] [data-fallback]').inner_text() == "instead"
    assert page.locator(".gc-alive").count() == 1
    assert "half" not in page.locator("main").inner_text()
    assert len(reader.faults) == 1 and "widget broken: Error: no such matrix" in reader.faults[0]
    reader.faults.clear()


def test_what_a_host_has_cut_away_leaves_the_fallback(probes, reader, tmp_path):
    """A host that takes scripts out of one output, the state with them, and runs those of another."""
    page = reader.open(write_page(tmp_path, "en", [probe, probe]).as_uri())
    page.evaluate("""() => { const root = document.querySelector(".gc-widget").cloneNode(true);
        root.querySelectorAll("script").forEach((script) => script.remove());
        document.querySelector("main").append(root); gptcourseWidgets.mount(); }""")
    page.wait_for_selector('[data-mounted="failed"]')
    assert page.locator("[data-fallback]:visible").count() == 1
    assert len(reader.faults) == 1
    reader.faults.clear()


def test_a_file_of_the_book_is_refused_outside_of_it(probes, reader, tmp_path):
    page = reader.open(write_page(tmp_path, "en", [probe]).as_uri())
    said = page.evaluate("gptcourseWidgets.bytes('en.bin').catch((error) => error.message)")
    assert said == "en.bin is a file of the book, and this page is none of it"


# ---- saved notebooks


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """HTML that `jupyter nbconvert` makes of a notebook that a reader has run."""
    folder = tmp_path_factory.mktemp("converted")
    write_probes(folder)
    source = """
from pathlib import Path
from gptcourse.widgets import host
host.FOLDER = Path(".").resolve()
text = "</script><script>globalThis.hacked = 1</script>"
host.Widget("probe", {"text": text}, host.table([text], []), text)
"""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "run.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    options = [f"--HTMLExporter.{library}_url=" for library in ("require_js", "mathjax", "jquery")]
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", *options, "run.ipynb"],
        cwd=folder,
        env={**os.environ, "GPTCOURSE_STATIC": ""},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return folder / "run.html"


def test_a_notebook_that_nbconvert_made_a_page_is_alive(converted, reader):
    page = reader.open(converted.as_uri())
    alive = wait_for_widget(page, "probe")
    alive.get_by_role("button").click()
    assert alive.locator("output").inner_text() == "1"
    assert alive.locator(".shown").inner_text().startswith("</script>")
    assert page.evaluate("typeof hacked") == "undefined"
    reader.faults = [fault for fault in reader.faults if "widget" in fault]  # nbconvert's own are not ours


NBVAL = """
import os
from pathlib import Path
from gptcourse.widgets import host
host.FOLDER = Path(os.environ["WIDGETS"])
host.Widget("probe", {"text": "a"}, "<p>a</p>", "a")
"""


def test_nbval_stays_quiet_when_a_script_was_edited(probes, tmp_path, monkeypatch):
    from nbformat.v4 import new_code_cell, new_notebook

    from gptcourse.authoring import run
    from gptcourse.authoring.notebooks import dump_notebook, read_notebook

    root = REAL.parents[1]
    (tmp_path / "tests").mkdir()
    for name in ("conftest.py", "pyproject.toml", "tests/nbval.cfg"):
        shutil.copy(root / name, tmp_path / name)
    monkeypatch.setenv("WIDGETS", str(probes))
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.delenv("GPTCOURSE_STATIC")
    path = tmp_path / "book" / "en" / "01-a.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(dump_notebook(new_notebook(cells=[new_code_cell(NBVAL, id="a")])), encoding="utf-8")
    run.run_notebook(path, {})
    assert read_notebook(path).cells[0].outputs[0].data["text/html"].count("<script") == 1
    (probes / "probe.js").write_text("// edited\n" + PROBE, encoding="utf-8")
    assert run.outdated(read_notebook(path), "en", {}) is None
    other = path.with_name("02-b.ipynb")
    other.write_text(path.read_text(encoding="utf-8").replace("<p>a</p></div>", "<p>b</p></div>"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "-rA", str(path), str(other)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert re.search(r"PASSED .*01-a.ipynb", done.stdout), done.stdout
    assert re.search(r"FAILED .*02-b.ipynb", done.stdout), "nbval compares nothing"
