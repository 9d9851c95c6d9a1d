"""The five languages of the real book: in step with English, up to date, and free of mechanical slips.

A failure names the file, the cell and what to do. `python -m gptcourse sync` repairs most drift.
"""

import json
import re
import string
from pathlib import Path

import pytest

from gptcourse import labels
from gptcourse.authoring import glossary, prose, run, sync
from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import SETUP, read_notebook, read_page

COURSE = Course(Path(__file__).parents[1])
WORDS = glossary.load(COURSE.root)
PAGES = [(lang, page) for page in COURSE.pages() for lang in COURSE.languages if COURSE.path(lang, page).is_file()]
NOTEBOOKS = [(lang, page) for lang, page in PAGES if page.endswith(".ipynb")]
TRANSLATED = [(lang, page) for lang, page in PAGES if lang != SOURCE]
COMPLETE = [(lang, page) for lang, page in TRANSLATED if COURSE.has_chapter(lang)]  # a new language may greet briefly


def texts(lang, page):
    """Cell id -> Markdown of a page; a plain page is one cell."""
    path = COURSE.path(lang, page)
    if page.endswith(".md"):
        return {"page": read_page(path)[1]}
    return {cell.id: cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown"}


def pairs(lang, page):
    """(cell id, English text, translated text) of the cells that both have."""
    english, own = texts(SOURCE, page), texts(lang, page)
    return [(name, text, own[name]) for name, text in english.items() if name in own]


def nothing_wrong(lang, page, found):
    """Fail with one line for each finding; `found` is cell id -> findings. Exceptions: top of book/glossary.yml."""
    lines = [f"{lang}/{page}, cell {name}: {what}" for name, findings in found.items() for what in findings]
    assert not lines, "\n" + "\n".join(lines)


def test_there_is_something_to_test():
    """The tests below are made from what is there; without this one an empty book would pass."""
    assert COURSE.pages(".ipynb"), "book/en has no chapter"
    assert set(COURSE.translations) >= {"hu", "pl", "ru", "fa"}
    _, absent = sync.sync(COURSE, COURSE.pages(), write=False)
    for lang in ("hu", "pl", "ru", "fa"):
        assert {"index.md", "01-tokenization.ipynb"}.isdisjoint(absent[lang]), f"{lang} is not translated"


def test_nothing_is_missing_extra_stale_untranslated_or_rewritten():
    drifts, _ = sync.sync(COURSE, COURSE.pages(), write=False)
    lines = [line for drift in drifts for line in drift.lines()]
    assert not lines, "\n" + "\n".join(lines)


@pytest.mark.parametrize(("lang", "page"), NOTEBOOKS)
def test_code_is_the_same_in_every_language(lang, page):
    """Independent of sync's own code: compare the files as they are."""

    def code(lang):
        cells = json.loads(COURSE.path(lang, page).read_text(encoding="utf-8"))["cells"]
        kept = [cell for cell in cells if cell["cell_type"] == "code" and cell["id"] != SETUP]
        return [(cell["id"], cell["source"], cell["metadata"]) for cell in kept]

    def ids(lang):
        return [cell["id"] for cell in json.loads(COURSE.path(lang, page).read_text(encoding="utf-8"))["cells"]]

    assert code(lang) == code(SOURCE)
    assert ids(lang) == ids(SOURCE)


@pytest.mark.parametrize(("lang", "page"), NOTEBOOKS)
def test_outputs_belong_to_the_code_and_the_packages(lang, page):
    why = run.outdated(read_notebook(COURSE.path(lang, page)), lang, run.pinned_versions(COURSE.root))
    assert why is None, f"{lang}/{page} {why}. python -m gptcourse run {page.split('-')[0]} {lang}"


@pytest.mark.parametrize(("lang", "page"), TRANSLATED)
def test_typography(lang, page):
    nothing_wrong(lang, page, {name: prose.slips(lang, text) for name, text in texts(lang, page).items()})


@pytest.mark.parametrize(("lang", "page"), COMPLETE)
def test_numbers_of_the_english_text_are_in_the_translation(lang, page):
    wrong = {}
    for name, english, own in pairs(lang, page):
        _, may_differ = WORDS.allowed(page, name, lang)
        missing = set() if may_differ else prose.missing_numbers(english, own)
        pointed = prose.pointed_decimals(lang, english, own)
        wrong[name] = [f"{number} is missing" for number in sorted(missing)]
        wrong[name] += [f"{number} should have the language's decimal mark" for number in pointed]
    nothing_wrong(lang, page, wrong)


@pytest.mark.parametrize(("lang", "page"), COMPLETE)
def test_terms_are_those_of_the_glossary(lang, page):
    wrong = {}
    for name, english, own in pairs(lang, page):
        allowed, _ = WORDS.allowed(page, name, lang)
        lacking = WORDS.missing(lang, english, own).items()
        wrong[name] = [f"{term}: the glossary has {word}" for term, word in lacking if term not in allowed]
    nothing_wrong(lang, page, wrong)


def test_glossary_is_complete_and_its_stems_match_its_own_terms():
    for term in WORDS.terms:
        assert set(term.words) >= {"hu", "pl", "ru", "fa"}, term.en
        for lang, word in term.words.items():
            assert lang in COURSE.languages, (term.en, lang)
            assert term.stems[lang].search(word), (term.en, lang)
        bare = re.sub(r" \([^()]*\)", "", term.en)
        assert not term.checked or term.found.search(bare), f"{term.en}: `match` does not find the term itself"


def test_glossary_exceptions_are_still_needed():
    """An exception for a cell that is gone, or that has the term by now, hides the next slip."""
    for entry in WORDS.exceptions:
        lang, page, name = entry["lang"], entry["page"], entry["cell"]
        english, own = texts(SOURCE, page).get(name), texts(lang, page).get(name)
        assert english is not None and own is not None, f"{entry}: no such cell"
        needless = set(entry.get("terms", [])) - set(WORDS.missing(lang, english, own))
        assert not needless, f"{entry}: the cell has {needless}, or English no longer does"
        assert not entry.get("numbers") or prose.missing_numbers(english, own), f"{entry}: no number differs"


def leaves(value, key=""):
    """Yield (dotted key, value); a text with plural forms, or a language's own example, is one leaf."""
    if isinstance(value, dict) and not value.keys() <= labels.PLURAL_FORMS and not key.startswith("examples."):
        for name, inner in value.items():
            yield from leaves(inner, f"{key}.{name}" if key else name)
    else:
        yield key, value


def placeholders(value):
    """The names in braces of a text, of all its plural forms together, or of a list's texts."""
    if isinstance(value, str):
        return {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return set().union(*(placeholders(item) for item in items))


@pytest.mark.parametrize("lang", [lang for lang in labels.languages() if lang != SOURCE])
def test_labels_have_the_keys_shapes_and_placeholders_of_english(lang):
    """All keys where the language has a chapter; before that, what is missing is shown in English."""
    english, own = dict(leaves(COURSE.catalogue(SOURCE))), dict(leaves(COURSE.catalogue(lang)))
    assert not COURSE.has_chapter(lang) or sorted(english.keys() - own.keys()) == [], f"{lang}.json lacks these"
    assert sorted(own.keys() - english.keys()) == [], f"{lang}.json has these, en.json does not"
    for key in own:
        value = english[key]
        assert type(own[key]) is type(value), f"{lang}.json, {key}: not the same kind of value"
        assert placeholders(own[key]) == placeholders(value), f"{lang}.json, {key}"
        assert not isinstance(value, list) or own[key], f"{lang}.json, {key} is empty"
        if isinstance(value, dict) and not key.startswith("examples."):
            assert "other" in own[key], f"{lang}.json, {key}: no form 'other'"


@pytest.mark.parametrize("lang", COURSE.languages)
def test_labels_and_site_agree_about_a_language_s_direction(lang):
    assert lang in labels.languages(), f"{lang} lacks gptcourse/labels/{lang}.json; its language.name and .dir will do"
    assert labels.Labels(lang).dir == COURSE.strings[lang].dir, f"dir in labels/{lang}.json and in book/strings.yml"
