"""Labels: fallback to English, plural forms, the session's language."""

import pytest

from gptcourse import labels
from gptcourse.labels import Labels, language, languages, message


@pytest.fixture(autouse=True)
def small_catalogues(tmp_path, monkeypatch):
    """Two small catalogues in place of the real ones."""
    plural = '{"one": "{count} token", "few": "{count} tokeny", "many": "{count} tokenów", "other": "{count} tokenu"}'
    english = (
        '{"a": {"b": "deep", "c": "only {what} in English"}, "n": {"one": "{count} token", "other": "{count} tokens"}'
    )
    english += ', "errors": {"unknown_language": "no {lang} among {known}"}}'
    (tmp_path / "en.json").write_text(english, encoding="utf-8")
    (tmp_path / "pl.json").write_text(f'{{"a": {{"b": "głęboko"}}, "n": {plural}}}', encoding="utf-8")
    (tmp_path / "aa.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(labels, "FOLDER", tmp_path)
    monkeypatch.setattr(labels, "_session", None)
    labels._catalogue.cache_clear()
    yield
    labels._catalogue.cache_clear()


def test_languages_are_the_catalogues_english_first():
    assert languages() == ["en", "aa", "pl"]


def test_values_come_from_the_language_and_else_from_english():
    t = Labels("pl")
    assert t["a.b"] == "głęboko"
    assert t("a.c", what="this") == "only this in English"
    with pytest.raises(KeyError, match="no label 'a.x' in pl.json or en.json"):
        t["a.x"]


@pytest.mark.parametrize(("count", "text"), [(1, "1 token"), (2, "2 tokeny"), (5, "5 tokenów"), (22, "22 tokeny")])
def test_plural_forms_follow_the_language(count, text):
    assert Labels("pl")("n", count=count) == text


def test_messages_come_in_the_sessions_language():
    assert message("a.b") == "deep"
    language("pl")
    assert message("a.b") == "głęboko"


def test_an_unknown_language_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="no xx among en, aa, pl"):
        language("xx")
    assert message("a.b") == "deep"  # the session's language is left as it was
