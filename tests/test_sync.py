"""Keeping a translation in step with English, on a course of two pages in a temporary folder."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gptcourse import __main__ as cli
from gptcourse.authoring import AuthoringError, find_root, prose, sync
from gptcourse.authoring.course import Course
from gptcourse.authoring.notebooks import dump_notebook, read_notebook, source_hash

PAGE = "01-words.ipynb"
TITLE, BODY = "# Words\n\nA vocabulary of 50,257 tokens.", "The end, see `x`."
STRINGS = """\
en: {name: English, title: T, description: D, search: S, contents: C, untranslated: U}
hu: {name: Magyar}
pl: {name: Polski}
fa: {name: فارسی, dir: rtl}
"""


def english_cells():
    return [
        new_markdown_cell(TITLE, id="title"),
        new_code_cell("", id="setup"),
        new_code_cell("print(1)", id="one", metadata={"tags": ["nbval-ignore-output"]}),
        new_markdown_cell(BODY, id="end"),
    ]


@pytest.fixture
def course(tmp_path):
    """A course in English, with no page translated."""
    for lang in ("en", "hu", "pl", "fa"):
        (tmp_path / "book" / lang).mkdir(parents=True)
    (tmp_path / "gptcourse" / "labels").mkdir(parents=True)
    labels = {"en": {"setup": {"missing": 'No "gptcourse".'}}, "hu": {"setup": {"missing": "Nincs „gptcourse”."}}}
    for lang, texts in labels.items():
        (tmp_path / "gptcourse" / "labels" / f"{lang}.json").write_text(json.dumps(texts), encoding="utf-8")
    (tmp_path / "_config.yml").write_text('repository: {url: ""}\n', encoding="utf-8")
    (tmp_path / "book" / "strings.yml").write_text(STRINGS, encoding="utf-8")
    course = Course(tmp_path)
    save(course, "en", english_cells())
    return course


def save(course, lang, cells, page=PAGE):
    notebook = new_notebook(cells=cells)
    course.path(lang, page).write_text(dump_notebook(notebook), encoding="utf-8", newline="\n")


def cells_of(course, lang):
    return {cell.id: cell for cell in read_notebook(course.path(lang, PAGE)).cells}


def translated(text, english, name):
    return new_markdown_cell(text, id=name, metadata={"source_hash": source_hash(english)})


def drift_of(course, lang, **options):
    drifts, _ = sync.sync(course, course.pages(), **options)
    return next(drift for drift in drifts if drift.lang == lang)


def all_in_step(course):
    return not [line for drift in sync.sync(course, course.pages(), write=False)[0] for line in drift.lines()]


def test_a_new_translation_gets_code_order_and_english_prose(course):
    save(course, "hu", [translated("Vége.", BODY, "end"), translated("# Szavak", TITLE, "title")])
    drift = drift_of(course, "hu")
    assert (drift.code, drift.missing, drift.stale) == (["setup", "one"], [], [])
    assert list(cells_of(course, "hu")) == ["title", "setup", "one", "end"]
    assert cells_of(course, "hu")["title"].source == "# Szavak"
    assert cells_of(course, "hu")["one"].metadata.tags == ["nbval-ignore-output"]
    assert all_in_step(course)


def test_only_the_setup_cell_knows_the_language(course):
    save(course, "hu", [])
    sync.sync(course, course.pages())
    code = {lang: {i: c.source for i, c in cells_of(course, lang).items()} for lang in ("en", "hu")}
    assert code["en"].pop("setup") != (hungarian := code["hu"].pop("setup"))
    assert code["en"] == code["hu"]
    assert 'LANG = "hu"' in hungarian and 'REPOSITORY = ""' in hungarian and "Nincs „gptcourse”." in hungarian
    assert len(hungarian.splitlines()) <= 12


def test_setup_takes_the_address_and_falls_back_to_the_english_message(course):
    (course.root / "_config.yml").write_text("repository: {url: https://example.org/c/}", encoding="utf-8")
    source = sync.setup_source(course, "fa")
    assert 'REPOSITORY = "https://example.org/c"' in source and r"SystemExit(\"No" not in source
    compiled = source.replace("    %pip", "    # %pip")
    assert "LANG" in compile(compiled, "setup", "exec").co_names  # quotes inside the message are escaped


def test_missing_cell_is_inserted_as_untranslated_english(course):
    save(course, "hu", [translated("# Szavak", TITLE, "title")])
    drift = drift_of(course, "hu")
    assert drift.missing == drift.untranslated == ["end"]
    assert cells_of(course, "hu")["end"].source == BODY
    again = drift_of(course, "hu", write=False)
    assert (again.missing, again.untranslated) == ([], ["end"])


def test_stale_when_english_changes_and_accepted_when_translated(course):
    save(course, "hu", [translated("# Szavak", TITLE, "title"), translated("Vége.", "old English", "end")])
    assert drift_of(course, "hu").stale == ["end"]
    assert drift_of(course, "hu").stale == ["end"], "sync alone must not hide that the English changed"
    assert sync.accept(course, "hu", PAGE, ["end"]) == ["end"]
    assert all_in_step(course)


def test_accept_leaves_out_cells_that_are_still_english(course):
    save(course, "hu", [new_markdown_cell("# Szavak", id="title"), new_markdown_cell(BODY, id="end")])
    assert sync.accept(course, "hu", PAGE, []) == ["title"]
    assert sync.accept(course, "hu", PAGE, ["end"]) == ["end"], "named, it is taken at the translator's word"


@pytest.mark.parametrize("lang", ["pl", "fa"])
@pytest.mark.parametrize("body", ["A vocabulary: tokens, a `x`.", "See شاه, a king."])
def test_accept_knows_english_with_the_typography_of_the_language(course, lang, body):
    """sync gives inserted English a no-break space (pl) or, around a Persian word, the wrapper (fa)."""
    save(course, "en", [*english_cells()[:-1], new_markdown_cell(body, id="end")])
    save(course, lang, [translated("# Tytuł", TITLE, "title")])
    sync.sync(course, course.pages())
    assert cells_of(course, lang)["end"].source != body or (lang, body[0]) == ("fa", "A")
    assert sync.accept(course, lang, PAGE, []) == []
    save(course, lang, [*english_cells()[:-1], new_markdown_cell(body, id="end")])
    assert sync.accept(course, lang, PAGE, []) == [], "nor before sync has been there"
    assert sync.accept(course, lang, PAGE, ["end"]) == ["end"]


@pytest.mark.parametrize(
    ("lang", "ids", "words"), [("en", [], "source"), ("hu", ["nope"], "nope"), ("fa", [], "does not exist")]
)
def test_accept_refuses_what_it_cannot_record(course, lang, ids, words):
    save(course, "hu", [])
    with pytest.raises(AuthoringError, match=words):
        sync.accept(course, lang, PAGE, ids)


def test_extra_cells_stay_in_place_until_pruned(course):
    own = [
        translated("# Szavak", TITLE, "title"),
        new_markdown_cell("régi", id="old"),
        translated("Vége.", BODY, "end"),
    ]
    save(course, "hu", own)
    assert drift_of(course, "hu").extra == ["old"]
    assert list(cells_of(course, "hu"))[:2] == ["title", "old"]
    drift_of(course, "hu", prune=True)
    assert "old" not in cells_of(course, "hu")
    assert all_in_step(course)


def test_a_renamed_cell_keeps_its_translation(course):
    save(course, "hu", [translated("# Szavak", TITLE, "former-title"), translated("Vége.", BODY, "end")])
    drift = drift_of(course, "hu")
    assert (drift.missing, drift.extra, drift.untranslated) == ([], [], [])
    assert cells_of(course, "hu")["title"].source == "# Szavak"


def test_outputs_stay_with_unchanged_code_only(course):
    output = new_output("stream", name="stdout", text="egy\n")
    save(course, "hu", [new_code_cell("print(1)", id="one", outputs=[output], execution_count=7)])
    drift_of(course, "hu")
    assert cells_of(course, "hu")["one"].outputs[0].text == "egy\n"
    changed = english_cells()
    changed[2].source = "print(2)"
    save(course, "en", changed)
    assert drift_of(course, "hu").code == ["one"]
    assert cells_of(course, "hu")["one"].outputs == []
    assert cells_of(course, "hu")["one"].execution_count is None


def test_a_copy_of_the_english_notebook_loses_the_english_outputs(course):
    cells = english_cells()
    cells[2].outputs = [new_output("stream", name="stdout", text="1\n")]
    notebook = new_notebook(cells=cells, metadata={"gptcourse": {"ran": {"language": "en"}}})
    for lang in ("en", "hu"):
        course.path(lang, PAGE).write_text(dump_notebook(notebook), encoding="utf-8")
    sync.sync(course, course.pages())
    assert cells_of(course, "en")["one"].outputs and not cells_of(course, "hu")["one"].outputs
    assert "ran" not in read_notebook(course.path("hu", PAGE)).metadata.gptcourse


def test_check_changes_nothing_and_sync_twice_changes_nothing_more(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root / "book")
    save(course, "hu", [translated("# Szavak", TITLE, "title")])
    before = course.path("hu", PAGE).read_bytes()
    assert sync.main(["--check"]) == 1
    assert course.path("hu", PAGE).read_bytes() == before
    assert "hu/01-words.ipynb  missing: end" in capsys.readouterr().out
    assert sync.main([]) == 0
    after = course.path("hu", PAGE).read_bytes()
    assert sync.main([]) == 0 and course.path("hu", PAGE).read_bytes() == after
    assert sync.main(["--accept", "hu", "01", "end"]) == 0
    assert sync.main(["--check"]) == 0
    assert (
        "fa: 0 missing, 0 extra, 0 stale, 0 untranslated cells; 1 pages not translated yet" in capsys.readouterr().out
    )


def test_persian_is_wrapped_once(course):
    text = "# واژه‌ها\n\nتابع `x` و `` a`b ``.\n\n```python\na = 1\n```\n\nپایان"
    save(course, "fa", [translated(text, TITLE, "title"), translated("پایان", BODY, "end")])
    sync.sync(course, course.pages())
    wrapped = cells_of(course, "fa")["title"].source
    assert wrapped.startswith('<div dir="rtl">\n\n# واژه‌ها') and wrapped.endswith("پایان\n\n</div>")
    assert '<bdi dir="ltr">`x`</bdi> و <bdi dir="ltr">`` a`b ``</bdi>' in wrapped
    assert '<div dir="ltr">\n\n```python\na = 1\n```\n\n</div>' in wrapped
    assert prose.rtl_wrapped(wrapped) == wrapped
    assert prose.rtl_unwrapped(wrapped) == text
    assert all_in_step(course)


def test_english_text_waiting_in_a_persian_chapter_is_not_wrapped(course):
    save(course, "fa", [translated("# واژه‌ها", TITLE, "title")])
    sync.sync(course, course.pages())
    assert cells_of(course, "fa")["end"].source == BODY


def test_markdown_pages_record_the_hash_in_their_front_matter(course):
    course.path("en", "index.md").write_text("# Welcome\n", encoding="utf-8")
    own = course.path("hu", "index.md")
    own.write_text("---\ndescription: Leírás\n---\n\n# Üdv, 10 000!\n", encoding="utf-8")
    (drift,) = [d for d in sync.sync(course, course.pages())[0] if d.lang == "hu"]
    assert drift.untranslated == ["page"]
    sync.accept(course, "hu", "index.md", [])
    assert own.read_text(encoding="utf-8") == (
        f'---\ndescription: Leírás\nsource_hash: "{source_hash("# Welcome")}"\n---\n\n# Üdv, 10\u00a0000!\n'
    )
    assert all_in_step(course)
    course.path("en", "index.md").write_text("# Welcome back\n", encoding="utf-8")
    (drift,) = [d for d in sync.sync(course, ["index.md"])[0] if d.lang == "hu"]
    assert drift.stale == ["page"]


def test_a_copied_markdown_page_is_one_that_is_not_translated_yet(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    english = "# Welcome\n\nA course, a `x`, i 10 000 words.\n"
    course.path("en", "index.md").write_text(english, encoding="utf-8")
    course.path("pl", "index.md").write_text(english, encoding="utf-8")
    for _ in range(2):  # as it was copied, and with Polish typography
        drifts, absent = sync.sync(course, course.pages())
        assert "index.md" in absent["pl"] and not [drift.untranslated for drift in drifts if drift.untranslated]
    assert all_in_step(course)
    assert sync.accept(course, "pl", "index.md", []) == []
    assert sync.main(["--check"]) == 0 and "2 pages not translated yet" in capsys.readouterr().out
    course.path("pl", "index.md").write_text("# Witamy\n", encoding="utf-8")
    assert drift_of(course, "pl").untranslated == ["page"]
    assert sync.accept(course, "pl", "index.md", []) == ["page"] and sync.accept(course, "pl", "index.md", []) == []
    with pytest.raises(AuthoringError, match="one text, without cells such as end"):
        sync.accept(course, "pl", "index.md", ["end"])


def fails_in_one_sentence(capsys, words):
    assert cli.main(["sync"]) == 1
    error = capsys.readouterr().err
    assert re.search(words, error) and len(error.splitlines()) == 1, error


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("gptcourse/labels/en.json", '{\n "a": 1,\n}', r"en\.json, line \d, column \d+: "),
        ("gptcourse/labels/hu.json", '{"setup": ', r"hu\.json, line 1, column \d+: Expecting value"),
        ("gptcourse/labels/hu.json", "[]", r"hu\.json must hold one object.*list"),
        ("book/strings.yml", "en: {name: English\nhu: {", r"strings\.yml, line \d is not YAML: "),
        ("book/strings.yml", "just a line", r"strings\.yml must consist of"),
        ("book/strings.yml", STRINGS + "eo: Esperanto", "'eo': 'Esperanto' should be"),
        ("book/strings.yml", STRINGS + "eo: {name: Esperanto}", "'eo', but there is no folder book/eo"),
        ("book/strings.yml", "en: {name: English}", "'en': lacks contents, description"),
        ("_config.yml", "a: [", r"_config\.yml, line \d is not YAML"),
    ],
)
def test_a_faulty_file_is_named_with_its_line(course, monkeypatch, capsys, file, text, words):
    monkeypatch.chdir(course.root)
    save(course, "hu", english_cells())
    (course.root / file).write_text(text, encoding="utf-8")
    fails_in_one_sentence(capsys, words)


def test_a_file_that_is_not_utf8_is_named(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    (course.root / "gptcourse" / "labels" / "en.json").write_bytes(b'{"a": "\xe9"}')
    fails_in_one_sentence(capsys, r"en\.json is not UTF-8")


def test_what_an_editor_adds_is_taken_out(course):
    notebook = new_notebook(cells=english_cells(), metadata={"language_info": {"name": "python", "version": "3.11.7"}})
    notebook.cells[2].metadata = {"execution": {"started": "now"}, "tags": ["needs-download", "b", "a"]}
    course.path("en", PAGE).write_text(nbformat.writes(notebook), encoding="utf-8")
    sync.sync(course, course.pages())
    text = course.path("en", PAGE).read_text(encoding="utf-8")
    assert "3.11" not in text and "started" not in text and text.endswith("}\n")
    assert cells_of(course, "en")["one"].metadata.tags == ["a", "b", "nbval-skip", "needs-download"]


@pytest.mark.parametrize("ids", [["a", "a"], ["a", None]])
def test_ids_must_be_there_and_unique(course, ids):
    notebook = json.loads(dump_notebook(new_notebook(cells=[new_code_cell(id="a"), new_code_cell(id="b")])))
    for cell, name in zip(notebook["cells"], ids, strict=True):
        cell["id"] = name
        if name is None:
            del cell["id"]
    path = course.path("en", PAGE)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(AuthoringError, match="id"):
        read_notebook(path)


def test_unknown_pages_and_languages_are_named(course):
    with pytest.raises(AuthoringError, match="02.*It has: 01-words.ipynb"):
        course.find_page("02")
    with pytest.raises(AuthoringError, match="de.*en, hu, pl, fa"):
        course.check_language("de")
    assert course.find_page("01") == course.find_page("book/en/01-words.ipynb") == PAGE


def test_the_checkout_is_found_from_within_only(course, tmp_path_factory):
    assert find_root(course.root / "book" / "hu") == course.root.resolve()
    with pytest.raises(AuthoringError, match="not inside"):
        find_root(tmp_path_factory.mktemp("elsewhere"))
