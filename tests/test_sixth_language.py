"""A sixth language by the three steps of CONTRIBUTING.md: tested, run and built for real, in copies of the course.

Its code, qaa, is one that ISO 639 leaves to private use: no real language will ever have it. The copy of which the site
is built also has what the course leaves unset, the addresses of its repository and its site.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from gptcourse.authoring import assets, sync
from gptcourse.authoring import run as runner
from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import SETUP, dump_notebook, read_notebook

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = "https://github.com/example/course"
SITE = "https://example.org/course"
NAME = "Konlang"
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "_build", "*.egg-info")


@pytest.fixture(scope="module")
def documented(tmp_path_factory) -> Path:
    """A copy of the course after what CONTRIBUTING.md says under "Add a language", no more."""
    copy = tmp_path_factory.mktemp("documented")
    for name in ("book", "gptcourse", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=LEFT_OUT)
    for name in ("_config.yml", "_toc.yml", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "book" / "qaa").mkdir()
    (copy / "book" / "qaa" / "index.md").write_text("# Konstruu GPT\n\n> **Note.** Bonvenon!\n", encoding="utf-8")
    labels = {"language": {"name": NAME, "dir": "ltr"}}
    (copy / "gptcourse" / "labels" / "qaa.json").write_text(json.dumps(labels), encoding="utf-8")
    with (copy / "book" / "strings.yml").open("a", encoding="utf-8") as strings:
        strings.write(f"\nqaa:\n  name: {NAME}\n  dir: ltr\n")
    assert sync.accept(Course(copy), "qaa", "index.md", []) == ["page"]
    return copy


@pytest.fixture(scope="module")
def copy(documented, tmp_path_factory) -> Path:
    """The same with addresses, a title, a lead word, and a notebook of its own."""
    copy = tmp_path_factory.mktemp("course")
    shutil.copytree(documented, copy, ignore=LEFT_OUT, dirs_exist_ok=True)
    shutil.copytree(assets.ensure().parent, copy / "_build" / "assets" / assets.ensure().parent.name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"], config["html"]["baseurl"] = REPOSITORY, SITE
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    toc["chapters"].append({"file": "99-own"})
    for name, data in (("_config.yml", config), ("_toc.yml", toc)):
        (copy / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with (copy / "book" / "strings.yml").open("a", encoding="utf-8") as strings:
        strings.write("  title: Konstruu GPT\n  leads: {note: Noto}\n")
    index = copy / "book" / "qaa" / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("Note.", "Noto."), encoding="utf-8")
    for code in ("en", "qaa"):
        (copy / "book" / code / "99-own.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    return copy


def notebook() -> dict:
    """One heading, one figure."""
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": pixel, "text/plain": "Unu punkto:\n 1"},
    }
    code = {
        "cell_type": "code",
        "id": "c",
        "metadata": {},
        "source": "draw()",
        "outputs": [output],
        "execution_count": 1,
    }
    text = {
        "cell_type": "markdown",
        "id": "m",
        "metadata": {},
        "source": "# Propra\n\nTeksto kun [ligo](../hu/index.md).",
    }
    return {
        "cells": [text, code],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def run(copy: Path, *command: str) -> str:
    """Run a program in the copy, on the copy's own package; return what it said."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_after_the_three_steps_everything_is_in_step(documented):
    assert "qaa: 0 missing, 0 extra, 0 stale, 0 untranslated" in run(documented, "-m", "gptcourse", "sync", "--check")


def test_a_first_page_that_is_only_copied_does_not_fail(documented, tmp_path):
    shutil.copytree(documented, tmp_path, ignore=LEFT_OUT, dirs_exist_ok=True)
    shutil.copy(tmp_path / "book" / "en" / "index.md", tmp_path / "book" / "qaa" / "index.md")
    drifts, absent = sync.sync(Course(tmp_path), ["index.md"], write=False)
    assert not [line for drift in drifts for line in drift.lines()]
    assert absent["qaa"] == ["index.md"]


def test_after_the_three_steps_the_tests_of_the_translations_and_the_book_pass(documented):
    tests = [f"tests/test_{name}.py" for name in ("translations", "book")]
    said = run(documented, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "-v", *tests)
    assert "[qaa-index.md]" in said and "direction[qaa]" in said  # it was among the languages tested


def test_the_chapter_s_first_cells_run_in_it(documented, monkeypatch, tmp_path):
    """With the English story, after a sentence saying so, and English labels."""
    monkeypatch.setenv("PYTHONPATH", str(documented))
    course = Course(documented)
    notebook = read_notebook(course.path(SOURCE, "01-tokenization.ipynb"))
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:12]
    next(cell for cell in notebook.cells if cell.id == SETUP).source = sync.setup_source(course, "qaa")
    path = tmp_path / "first.ipynb"
    path.write_text(dump_notebook(notebook), encoding="utf-8")
    runner.run_notebook(path, {})
    shown = {cell.id: json.dumps(cell.outputs) for cell in read_notebook(path).cells}
    assert "There is no text 'story' in 'qaa' yet: this is the English one." in shown["story"]
    english = (documented / "gptcourse" / "corpora" / "en" / "story.txt").read_text(encoding="utf-8")
    assert f"{len(english)}\\n" in shown["story"]


@pytest.fixture(scope="module")
def site(copy) -> Path:
    """The book of that language, and the page above the books."""
    run(copy, "-m", "gptcourse", "book", "qaa")
    return copy / "_build" / "html"


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / "qaa" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_its_own_page_is_in_its_language(site):
    index = page(site, "index")
    assert (index.html["lang"], index.html["dir"]) == ("qaa", "ltr")
    assert index.title.text == "Konstruu GPT"
    assert index.select_one("article .admonition.note .admonition-title").text == "Noto"
    assert not index.select(".untranslated")


def test_a_missing_chapter_is_english_and_says_so(site):
    chapter = page(site, "01-tokenization")
    english = yaml.safe_load((ROOT / "book" / "strings.yml").read_text(encoding="utf-8"))["en"]
    assert chapter.html["lang"] == "qaa"
    assert chapter.select_one("article .untranslated").text == english["untranslated"]
    content = chapter.select_one('article div[lang="en"][dir="ltr"]')
    assert content.h1 is not None
    assert content.select(".cell_output")
    assert not content.select(".untranslated")


def test_its_menu_and_the_page_above_the_books_know_it(site):
    links = {link["hreflang"]: link["href"] for link in page(site, "01-tokenization").select(".language-menu a")}
    assert links["qaa"] == "../qaa/01-tokenization.html"
    assert links["fa"] == "../fa/01-tokenization.html"
    above = (site / "index.html").read_text(encoding="utf-8")
    assert '"qaa"]' in above
    assert 'href="qaa/index.html"' in above


def test_words_that_it_lacks_are_english(site):
    chapter = page(site, "01-tokenization")
    assert chapter.select_one(".left-prev .prev-next-subtitle").text == "previous"
    assert chapter.select_one(".dropdown-download-buttons button")["aria-label"] == "Download this page"
    assert chapter.select_one("input[name=q]")["placeholder"] == "Search this book"


def test_its_search_falls_back_to_english_stems(site):
    script = (site / "qaa" / "_static" / "language_data.js").read_text(encoding="utf-8")
    assert "Porter Stemmer" in script
    index = (site / "qaa" / "searchindex.js").read_text(encoding="utf-8")
    assert '"bonvenon"' in index


def test_a_figure_says_what_it_shows(site):
    assert page(site, "99-own").select_one(".cell_output img")["alt"] == "Unu punkto: 1"


def test_a_link_leads_to_the_other_book(site):
    assert page(site, "99-own").find("a", string="ligo")["href"] == "../hu/index.html"


def test_launch_buttons_lead_to_the_file_that_the_page_shows(site):
    for name, code in (("99-own", "qaa"), ("01-tokenization", "en")):
        html = str(page(site, name))
        launch = re.findall(r'href="(https://(?:colab\.research\.google\.com|mybinder\.org)[^"]+)"', html)
        assert [link.split("/")[2] for link in launch] == ["mybinder.org", "colab.research.google.com"]
        assert all(link.endswith(f"book/{code}/{name}.ipynb") for link in launch), launch
        assert f"{REPOSITORY}/edit/main/book/{code}/{name}.ipynb" in html


def test_addresses_are_absolute(site):
    own = page(site, "99-own")
    assert own.find("link", rel="canonical")["href"] == f"{SITE}/qaa/99-own.html"
    alternates = {link["hreflang"]: link["href"] for link in own.find_all("link", hreflang=True)}
    assert alternates == {
        "en": f"{SITE}/en/99-own.html", "qaa": f"{SITE}/qaa/99-own.html", "x-default": f"{SITE}/en/99-own.html"
    }  # fmt: skip


def test_an_english_page_is_not_offered_as_a_translation(site):
    chapter = page(site, "01-tokenization")
    assert chapter.find("link", rel="canonical")["href"] == f"{SITE}/en/01-tokenization.html"
    assert "qaa" not in {link["hreflang"] for link in chapter.find_all("link", hreflang=True)}


def test_plain_jupyter_book_gives_the_english_book_alone(copy):
    config = yaml.safe_load((copy / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"] = config["html"]["baseurl"] = ""
    (copy / "plain.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    main = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    run(copy, "-c", main, "build", ".", "-W", "-q", "--config", "plain.yml", "--path-output", "plain")
    built = (copy / "plain" / "_build" / "html" / "99-own.html").read_text(encoding="utf-8")
    assert re.search(r'<html [^>]*lang="en"', built)
    assert not re.search("colab.research|mybinder|github.com", built)  # no repository, no links into it
    assert "canonical" not in built
    assert "hreflang" not in built  # nor links to books that are not there


def test_plain_jupyter_book_gives_another_language_by_its_folder(copy):
    main = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    options = ["--config", "_config.yml", "--toc", "_toc.yml", "--path-output", "own"]
    run(copy, "-c", main, "build", "book/qaa", "-W", "-q", *options)
    built = (copy / "own" / "_build" / "html" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<html [^>]*lang="qaa"', built)
    assert "Bonvenon!" in built
