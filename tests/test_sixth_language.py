"""A sixth language is a folder, a labels file and a block in book/strings.yml: built for real, in a copy of the course.

The copy also has what the course leaves unset, the addresses of its repository and its site.
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

from gptcourse.authoring import assets

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = "https://github.com/example/course"
SITE = "https://example.org/course"
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "_build", "*.egg-info")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The course with Esperanto: its first page and one notebook of its own, no chapter, almost no words."""
    copy = tmp_path_factory.mktemp("course")
    for name in ("book", "gptcourse"):
        shutil.copytree(ROOT / name, copy / name, ignore=LEFT_OUT)
    shutil.copytree(assets.ensure().parent, copy / "_build" / "assets" / assets.ensure().parent.name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"], config["html"]["baseurl"] = REPOSITORY, SITE
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    toc["chapters"].append({"file": "99-own"})
    for name, data in (("_config.yml", config), ("_toc.yml", toc)):
        (copy / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with (copy / "book" / "strings.yml").open("a", encoding="utf-8") as strings:
        strings.write("\neo:\n  name: Esperanto\n  title: Konstruu GPT\n  leads: {note: Noto}\n")
    (copy / "gptcourse" / "labels" / "eo.json").write_text("{}", encoding="utf-8")
    (copy / "book" / "eo").mkdir()
    (copy / "book" / "eo" / "index.md").write_text("# Konstruu GPT\n\n> **Noto.** Bonvenon!\n", encoding="utf-8")
    for code in ("en", "eo"):
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


@pytest.fixture(scope="module")
def site(copy) -> Path:
    """The Esperanto book, and the page above the books."""
    run(copy, "-m", "gptcourse", "book", "eo")
    return copy / "_build" / "html"


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / "eo" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_its_own_page_is_in_its_language(site):
    index = page(site, "index")
    assert (index.html["lang"], index.html["dir"]) == ("eo", "ltr")
    assert index.title.text == "Konstruu GPT"
    assert index.select_one("article .admonition.note .admonition-title").text == "Noto"
    assert not index.select(".untranslated")


def test_a_missing_chapter_is_english_and_says_so(site):
    chapter = page(site, "01-tokenization")
    english = yaml.safe_load((ROOT / "book" / "strings.yml").read_text(encoding="utf-8"))["en"]
    assert chapter.html["lang"] == "eo"
    assert chapter.select_one("article .untranslated").text == english["untranslated"]
    content = chapter.select_one('article div[lang="en"][dir="ltr"]')
    assert content.h1 is not None
    assert content.select(".cell_output")
    assert not content.select(".untranslated")


def test_its_menu_and_the_page_above_the_books_know_it(site):
    links = {link["hreflang"]: link["href"] for link in page(site, "01-tokenization").select(".language-menu a")}
    assert links["eo"] == "../eo/01-tokenization.html"
    assert links["fa"] == "../fa/01-tokenization.html"
    above = (site / "index.html").read_text(encoding="utf-8")
    assert '"eo"]' in above
    assert 'href="eo/index.html"' in above


def test_words_that_it_lacks_come_from_the_theme_or_are_english(site):
    chapter = page(site, "01-tokenization")
    assert chapter.select_one(".left-prev .prev-next-subtitle").text == "antaŭa"  # Sphinx knows some Esperanto
    assert chapter.select_one(".dropdown-download-buttons button")["aria-label"] == "Elŝutu ĉi tiun paĝon"
    assert chapter.select_one("input[name=q]")["placeholder"] == "Search this book"


def test_its_search_falls_back_to_english_stems(site):
    script = (site / "eo" / "_static" / "language_data.js").read_text(encoding="utf-8")
    assert "Porter Stemmer" in script
    index = (site / "eo" / "searchindex.js").read_text(encoding="utf-8")
    assert '"bonvenon"' in index


def test_a_figure_says_what_it_shows(site):
    assert page(site, "99-own").select_one(".cell_output img")["alt"] == "Unu punkto: 1"


def test_a_link_leads_to_the_other_book(site):
    assert page(site, "99-own").find("a", string="ligo")["href"] == "../hu/index.html"


def test_launch_buttons_lead_to_the_file_that_the_page_shows(site):
    for name, code in (("99-own", "eo"), ("01-tokenization", "en")):
        html = str(page(site, name))
        launch = re.findall(r'href="(https://(?:colab\.research\.google\.com|mybinder\.org)[^"]+)"', html)
        assert [link.split("/")[2] for link in launch] == ["mybinder.org", "colab.research.google.com"]
        assert all(link.endswith(f"book/{code}/{name}.ipynb") for link in launch), launch
        assert f"{REPOSITORY}/edit/main/book/{code}/{name}.ipynb" in html


def test_addresses_are_absolute(site):
    own = page(site, "99-own")
    assert own.find("link", rel="canonical")["href"] == f"{SITE}/eo/99-own.html"
    alternates = {link["hreflang"]: link["href"] for link in own.find_all("link", hreflang=True)}
    assert alternates == {
        "en": f"{SITE}/en/99-own.html", "eo": f"{SITE}/eo/99-own.html", "x-default": f"{SITE}/en/99-own.html"
    }  # fmt: skip


def test_an_english_page_is_not_offered_as_a_translation(site):
    chapter = page(site, "01-tokenization")
    assert chapter.find("link", rel="canonical")["href"] == f"{SITE}/en/01-tokenization.html"
    assert "eo" not in {link["hreflang"] for link in chapter.find_all("link", hreflang=True)}


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
    run(copy, "-c", main, "build", "book/eo", "-W", "-q", *options)
    built = (copy / "own" / "_build" / "html" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<html [^>]*lang="eo"', built)
    assert "Bonvenon!" in built
