"""The parts of the book's machinery that need no build."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from coursebook import mirror, pages, prose, sources
from docutils import nodes

from gptcourse.authoring import AuthoringError, book, languages, serve
from gptcourse.authoring.course import Course
from gptcourse.authoring.prose import rtl_wrapped

ROOT = Path(__file__).resolve().parents[1]


# ---- words of the site


def write_strings(root: Path, text: str) -> Path:
    (root / "book").mkdir(parents=True, exist_ok=True)
    (root / "book" / "strings.yml").write_text(text, encoding="utf-8")
    return root


ENGLISH = """
en: {name: English, title: A book, description: About it, search: Search, contents: Contents, untranslated: Not yet,
     leads: {note: Note, exercise: Exercise}, ui: {}}
"""


def test_what_a_language_leaves_out_is_english(tmp_path):
    known = languages.load(write_strings(tmp_path, ENGLISH + "eo: {name: Esperanto, leads: {note: Noto}}"))
    assert list(known) == ["en", "eo"]
    assert known["eo"].title == "A book"
    assert known["eo"].dir == "ltr"
    assert known["eo"].leads == {"note": "Noto", "exercise": "Exercise"}


def test_an_empty_block_is_a_language(tmp_path):
    known = languages.load(write_strings(tmp_path, ENGLISH + "eo:"))
    assert (known["eo"].name, known["eo"].say("Search")) == ("eo", "Search")


def test_direction_does_not_come_from_english(tmp_path):
    known = languages.load(write_strings(tmp_path, ENGLISH + "he: {name: Ivrit, dir: rtl}"))
    assert (known["he"].dir, known["en"].dir) == ("rtl", "ltr")


@pytest.mark.parametrize(
    ("block", "said"),
    [("eo: {titel: X}", "unknown key titel"), ("eo: {dir: left}", "dir is 'left'")],
)
def test_mistakes_in_strings_are_named(tmp_path, block, said):
    with pytest.raises(languages.StringsError, match=said):
        languages.load(write_strings(tmp_path, ENGLISH + block))


def test_strings_need_english(tmp_path):
    with pytest.raises(languages.StringsError, match="no block 'en'"):
        languages.load(write_strings(tmp_path, "hu: {name: Magyar}"))


COURSE = Course(ROOT)
BLOCKS = {code: block or {} for code, block in languages.read_yaml(ROOT / "book" / "strings.yml").items()}
COMPLETE = [code for code in COURSE.translations if COURSE.has_chapter(code)]
COPYRIGHT = {"© Copyright %(copyright)s.", "&#169; %(copyright_prefix)s %(copyright)s.", "Copyright"}  # Sphinx has them


def words_of(code: str, key: str) -> set[str]:
    return set(BLOCKS[code].get(key) or {})


@pytest.mark.parametrize("code", COMPLETE)
def test_every_language_with_a_chapter_has_every_word(code):
    texts = set().union(*(words_of(other, "ui") for other in COMPLETE)) - COPYRIGHT
    assert set(BLOCKS["en"]) - set(BLOCKS[code]) == set(), f"the block {code} of book/strings.yml lacks these"
    assert texts - words_of(code, "ui") == set(), f"the block {code} of book/strings.yml, ui, lacks these"
    assert words_of("en", "leads") - words_of(code, "leads") == set(), f"leads of {code}"
    assert {*pages.SCRIPT_TEXTS, *pages.SEARCH_TEXTS} <= texts


@pytest.mark.parametrize("code", COURSE.translations)
def test_no_language_has_words_that_nothing_asks_for(code):
    """A misspelt key would be shown in English and nobody would know why."""
    texts = set().union(*(words_of(other, "ui") for other in COMPLETE))
    assert words_of(code, "leads") - words_of("en", "leads") == set(), f"leads of {code} in book/strings.yml"
    assert code in COMPLETE or words_of(code, "ui") - texts == set(), f"ui of {code} in book/strings.yml"


# ---- what Sphinx reads


@pytest.fixture
def books(tmp_path) -> Path:
    for name, text in {
        "en/index.md": "# English", "en/01-a.ipynb": "{}", "en/02-b.md": "# B", "eo/index.md": "# Esperanto",
        "eo/own.png": "", "images/shared.png": "", "eo/.ipynb_checkpoints/01-a.ipynb": "{}",
    }.items():  # fmt: skip
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "book"


def test_missing_pages_are_english(books, tmp_path):
    folder, untranslated = sources.stage(books, "eo", ["index", "01-a", "02-b"], tmp_path / "work")
    assert untranslated == {"01-a", "02-b"}
    assert sorted(p.name for p in folder.iterdir()) == ["01-a.ipynb", "02-b.md", "index.md", "own.png"]
    assert (folder / "index.md").read_text(encoding="utf-8") == "# Esperanto"
    assert (folder.parent / "images" / "shared.png").is_file()


def test_a_language_without_a_folder_is_all_english(books, tmp_path):
    _, untranslated = sources.stage(books, "xx", ["index"], tmp_path / "work")
    assert untranslated == {"index"}


def test_staging_forgets_what_was_there(books, tmp_path):
    sources.stage(books, "en", ["index"], tmp_path / "work")
    (books / "en" / "02-b.md").unlink()
    folder, _ = sources.stage(books, "en", ["index"], tmp_path / "work")
    assert not (folder / "02-b.md").exists()


def test_a_page_that_is_nowhere_is_named(books, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"'09-z', but .* has no 09-z.ipynb"):
        sources.stage(books, "eo", ["09-z"], tmp_path / "work")


@pytest.mark.parametrize("text", ["plain", '<div class="x">\n\na\n\n</div>', '<div dir="rtl">\n\na\n\n</div>\n\nb'])
def test_the_rtl_wrapper_goes_and_other_markup_stays(text):
    for written in (text, rtl_wrapped(text)):
        notebook = {"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": [written]}]}
        assert json.loads(sources.prepare_notebook(json.dumps(notebook)))["cells"][0]["source"] == text


def test_the_setup_cell_is_folded_and_others_are_not():
    cells = [
        {"cell_type": "code", "id": "setup", "metadata": {}, "source": "x"},
        {"cell_type": "code", "id": "other", "metadata": {}, "source": "y"},
        {
            "cell_type": "markdown",
            "id": "m",
            "metadata": {},
            "source": ['<div dir="rtl">\n', "\n", "a\n", "\n", "</div>"],
        },
    ]
    made = json.loads(sources.prepare_notebook(json.dumps({"cells": cells})))["cells"]
    assert made[0]["metadata"] == {"tags": ["hide-input"]}
    assert made[1]["metadata"] == {}
    assert made[2]["source"] == "a"


# ---- prose


LEADS = {"note": "Note", "exercise": "Exercise"}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Note", "note"), ("note", "note"), ("Exercise 1.2", "exercise"), ("1.2. Exercise", "exercise"),
        ("Exercises", None), ("Never", None), ("Note: why?", "note"),
    ],
)  # fmt: skip
def test_leads(title, kind):
    assert prose.lead_kind(title, LEADS) == kind


def test_leads_of_several_languages():
    assert prose.lead_kind("۱٫۲ تمرین", {"exercise": "تمرین"}, LEADS) == "exercise"
    assert prose.lead_kind("Exercise 1", {"exercise": "تمرین"}, LEADS) == "exercise"


def test_a_box_keeps_title_and_text_apart():
    first = nodes.paragraph("", "", nodes.strong("", "Note."), nodes.Text(" The rest."))
    quote = nodes.block_quote("", first, nodes.paragraph("", "More."))
    box = prose._box(quote, first, first[0], "Note", "note")
    assert [child.astext() for child in box] == ["Note", "The rest.", "More."]
    assert box["classes"] == ["note"]


def test_a_box_whose_lead_stands_alone_has_no_empty_paragraph():
    first = nodes.paragraph("", "", nodes.strong("", "Note."))
    box = prose._box(nodes.block_quote("", first, nodes.paragraph("", "More.")), first, first[0], "Note", "note")
    assert [child.astext() for child in box] == ["Note", "More."]


# ---- pages


def course(**changes):
    known = languages.load(ROOT)
    values = {
        "languages": known,
        "language": known["hu"],
        "code": "hu",
        "names": ["index", "01-a"],
        "untranslated": set(),
    }
    values |= changes
    missing = values["untranslated"]
    values["page_language"] = lambda page: known["en"] if page in missing else values["language"]
    values["has"] = lambda code, page: code != "fa"
    return SimpleNamespace(**values)


@pytest.mark.parametrize(
    ("page", "address"),
    [("01-a", "../fa/01-a.html"), ("search", "../fa/search.html"), ("other", "../fa/index.html")],
)
def test_the_menu_leads_to_the_same_page(page, address):
    assert pages.other_page(page, "fa", ["index", "01-a"]) == address


def test_a_page_in_a_folder_finds_the_other_languages():
    assert pages.other_page("part/a", "fa", ["part/a"]) == "../../fa/part/a.html"


def test_addresses_are_relative_until_the_site_has_one():
    address = pages.Addresses("", "hu", "01-a")
    assert address.absolute("en") is None
    assert address.best("en") == "../en/01-a.html"


def test_addresses_are_absolute_when_the_site_has_one():
    address = pages.Addresses("https://example.org/course/hu/", "hu", "01-a")
    assert address.best("en") == "https://example.org/course/en/01-a.html"
    assert (
        pages.Addresses("https://example.org/course/hu/", "hu", "index").best("hu") == "https://example.org/course/hu/"
    )


def test_translations_of_a_page_leave_out_languages_that_show_it_in_english():
    tags = "".join(pages.alternate_tags(course(), "01-a", pages.Addresses("", "hu", "01-a")))
    assert 'hreflang="hu" href="../hu/01-a.html"' in tags
    assert 'hreflang="x-default" href="../en/01-a.html"' in tags
    assert 'hreflang="fa"' not in tags


def test_descriptions_are_escaped():
    tags = pages.head_tags(course(), "01-a", 'a "b"', "<c>", pages.Addresses("", "hu", "01-a"))
    assert '<meta name="description" content="&lt;c&gt;" />' in tags
    assert '<meta property="og:title" content="a &quot;b&quot;" />' in tags


def test_a_description_is_the_first_real_paragraph_cut_at_a_word():
    document = nodes.section("", nodes.paragraph("", "Short."), nodes.paragraph("", "word " * 60))
    text = pages.describe(course(), "01-a", document)
    assert text.startswith("word word")
    assert text.endswith("word…")
    assert len(text) <= pages.DESCRIPTION_LENGTH + 1


def test_an_english_page_in_another_book_is_marked():
    known = languages.load(ROOT)
    body = pages.in_english("<p>text</p>", known["fa"])
    assert known["fa"].untranslated in body
    assert '<div lang="en" dir="ltr"><p>text</p></div>' in body


@pytest.mark.parametrize(("name", "used"), [("copybutton.js", False), ("doctools.js", True), ("katex/katex.css", True)])
def test_what_the_book_does_not_use_is_left_out(name, used):
    assert pages.is_used(SimpleNamespace(filename=name)) is used


# ---- right to left


@pytest.mark.parametrize(
    ("css", "mirrored"),
    [
        ("a{margin-left:1px;margin-right:2px}", "a{margin-inline-start:1px;margin-inline-end:2px}"),
        ("a{left:0;right:auto}", "a{inset-inline-start:0;inset-inline-end:auto}"),
        ("a{float:left;text-align:right!important}", "a{float:inline-start;text-align:end!important}"),
        ("a{text-align:center;float:none}", "a{text-align:center;float:none}"),
        ("a{padding:1px 2px 3px 4px}", "a{padding-block:1px 3px;padding-inline:4px 2px}"),
        ("a{padding:1px 2px 3px 2px}", "a{padding:1px 2px 3px 2px}"),
        ("a{inset:0 calc(1px + (2*3)) 0 0}", "a{inset-block:0 0;inset-inline:0 calc(1px + (2*3))}"),
        ("a{margin:0 1px 0 0!important}", "a{margin-block:0 0!important;margin-inline:0 1px!important}"),
        ("a{border-left:1px solid;border-left-color:red}", "a{border-inline-start:1px solid;border-inline-start-color:red}"),
        ("a{border-color:red blue red green}", "a{border-block-color:red red;border-inline-color:green blue}"),
        ("a{border-top-left-radius:1px}", "a{border-start-start-radius:1px}"),
        ("a{transition:margin-left .2s,opacity 1s}", "a{transition:margin-inline-start .2s,opacity 1s}"),
        ("a{--x-left:1;background:left}", "a{--x-left:1;background:left}"),
        ("a:hover,b{color:red}", "a:hover,b{color:red}"),
    ],
)  # fmt: skip
def test_left_and_right_become_start_and_end(css, mirrored):
    assert mirror.logical(css) == mirrored


def test_mirroring_twice_changes_nothing_more():
    css = mirror.logical("a{padding:1px 2px 3px 4px;float:right}")
    assert mirror.logical(css) == css


# ---- the commands


def test_an_unknown_language_is_named():
    with pytest.raises(AuthoringError, match="unknown language 'xx'. book/strings.yml has: en, hu"):
        book.build(ROOT, ["xx"])


def test_the_landing_page_lists_all_languages():
    known = languages.load(ROOT)
    page = book.landing_page((ROOT / "book" / "landing.html").read_text(encoding="utf-8"), known)
    assert "%" not in page.replace("100%", "")
    assert json.dumps(list(known)) in page
    for code, language in known.items():
        assert f'lang="{code}" dir="{language.dir}" href="{code}/index.html"' in page
        assert f'hreflang="{code}"' in page


def test_a_new_book_takes_the_old_one_s_place(tmp_path):
    new, old = tmp_path / "new", tmp_path / "site" / "hu"
    for folder, name in ((new, "a.html"), (new, "a.js.map"), (old, "gone.html")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    book.replace_folder(new, old)
    assert [p.name for p in old.iterdir()] == ["a.html"]
    assert [p.name for p in old.parent.iterdir()] == ["hu"]


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A course of two languages whose books are newer than their sources."""
    write_strings(tmp_path, ENGLISH + "eo:")
    for name in ("_config.yml", "_toc.yml", "book/en/index.md", "book/eo/index.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for path in tmp_path.rglob("*"):
        os.utime(path, (1000, 1000))
    for code in ("en", "eo"):
        built = tmp_path / "_build" / "html" / code / "index.html"
        built.parent.mkdir(parents=True)
        built.touch()
        os.utime(built, (2000, 2000))
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        (None, []),
        ("book/eo/index.md", ["eo"]),
        ("book/en/index.md", ["en", "eo"]),  # it may stand in for a missing translation
        ("_config.yml", ["en", "eo"]),
        ("book/strings.yml", ["en", "eo"]),
    ],
)
def test_serve_builds_what_is_older_than_its_sources(checkout, changed, codes):
    if changed:
        os.utime(checkout / changed, (3000, 3000))
    assert serve.stale(checkout, ["en", "eo"]) == codes


def test_serve_builds_what_is_missing(checkout):
    (checkout / "_build" / "html" / "eo" / "index.html").unlink()
    assert serve.stale(checkout, ["en", "eo"]) == ["eo"]


def test_serve_listens_on_this_machine_only(tmp_path):
    with serve.open_server(tmp_path, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
        with pytest.raises(AuthoringError, match="cannot be used"):
            serve.open_server(tmp_path, server.server_port)


def test_serve_finds_a_free_port(tmp_path, monkeypatch):
    with serve.open_server(tmp_path, 0) as taken:
        monkeypatch.setattr(serve, "PORT", taken.server_port)
        with serve.open_server(tmp_path) as server:
            assert server.server_port not in (0, taken.server_port)
