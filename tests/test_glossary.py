"""Recognising the glossary's terms in inflected prose."""

import pytest

from gptcourse.authoring import AuthoringError, glossary


def test_glossary_finds_a_missing_term_through_inflection(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "glossary.yml").write_text(
        "exceptions:\n- {page: p, cell: c, lang: hu, terms: [byte], numbers: true}\n"
        "terms:\n- {en: vocabulary, match: 'vocabular(?:y|ies)', pl: {term: słownik (vocabulary), stem: słowni}}\n"
        "- {en: byte, pl: bajt}\n- {en: key, check: false, pl: klucz}\n",
        encoding="utf-8",
    )
    words = glossary.load(tmp_path)
    assert words.missing("pl", "Vocabularies of `bytes` and keys.", "O słowników mowa") == {}
    assert words.missing("pl", "A vocabulary of bytes.", "Zbiór bajtów") == {"vocabulary": "słownik (vocabulary)"}
    assert words.missing("pl", "Byte-pair, megabytes.", "nic") == {"byte": "bajt"}
    assert words.allowed("p", "c", "hu") == ({"byte"}, True)
    assert words.allowed("p", "c", "pl") == (set(), False)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ("- {en: a, hu: b}\n- {en: a, hu: c}", "more than one entry for a"),
        ("- {en: a, hu: {term: b, stem: '(b'}}", "'a'.*'\\(b'"),
    ],
)
def test_a_faulty_glossary_says_where(tmp_path, terms, words):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "glossary.yml").write_text(f"terms:\n{terms}\n", encoding="utf-8")
    with pytest.raises(AuthoringError, match=words):
        glossary.load(tmp_path)


def test_a_glossary_that_is_not_yaml_says_in_which_line(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "glossary.yml").write_text("terms:\n- {en: a\n", encoding="utf-8")
    with pytest.raises(AuthoringError, match=r"glossary\.yml, line \d is not YAML"):
        glossary.load(tmp_path)
