"""Texts: the shipped stories, files, and the download path against a server on this machine."""

from hashlib import sha256

import pytest
from browser import serve

from gptcourse import data, load_text, may_download
from gptcourse.data import Download

LANGUAGES = ["en", "hu", "pl", "ru", "fa"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_has_its_story_of_about_20000_characters(lang):
    story = load_text(lang, "story")
    assert 19_000 <= len(story) <= 21_000
    assert story == story.strip() + "\n" or story == story.strip()
    assert "\r" not in story and "\t" not in story and "  " not in story


def test_stories_are_different_tales():
    assert len({load_text(lang, "story")[:40] for lang in LANGUAGES}) == 5


def test_persian_letters_are_persian():
    assert not set(load_text("fa", "story")) & set("يكى")


def test_any_file_can_be_loaded(tmp_path):
    path = tmp_path / "diary.txt"
    path.write_text("žluťoučký", encoding="utf-8")
    assert load_text("en", path) == load_text("en", str(path)) == "žluťoučký"


def test_a_language_without_a_story_gets_the_english_one(monkeypatch, capsys):
    monkeypatch.setattr(data, "languages", lambda: ["en", "eo"])
    assert load_text("eo", "story") == load_text("en", "story")
    assert "no text 'story' in 'eo'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("xx", "story"), "no language 'xx': choose one of en"),
        (("en", "storry"), "no text 'storry': choose one of story"),
    ],
)
def test_unknown_names_are_answered_with_the_known_ones(arguments, says):
    with pytest.raises(ValueError, match=says):
        load_text(*arguments)


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "latin1.txt"
    path.write_bytes("née".encode("latin-1"))
    with pytest.raises(ValueError, match=r"latin1.txt is not UTF-8: the bytes b'\\xe9' at position 1"):
        load_text("en", path)


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A text "published" on a server of this machine, known under the name "poem"; the cache is empty."""
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "poem.txt").write_text("roses", encoding="utf-8")
    monkeypatch.setenv("GPTCOURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GPTCOURSE_DATA", raising=False)
    with serve(folder) as address:
        poem = Download("poem.txt", f"{address}/poem.txt", sha256(b"roses").hexdigest())
        monkeypatch.setitem(data.DOWNLOADS, "poem", poem)
        yield folder / "poem.txt"


def test_a_download_is_kept_and_not_fetched_twice(published):
    assert load_text("en", "poem") == "roses"
    published.unlink()
    assert load_text("en", "poem") == "roses"


def test_the_data_folder_is_searched_first(published, tmp_path, monkeypatch):
    (tmp_path / "poem.txt").write_text("roses", encoding="utf-8")
    published.unlink()
    monkeypatch.setenv("GPTCOURSE_DATA", str(tmp_path))
    assert load_text("en", "poem") == "roses"


def test_changed_content_is_refused_wherever_it_comes_from(published, tmp_path, monkeypatch):
    published.write_text("thorns", encoding="utf-8")
    with pytest.raises(ValueError, match="does not hold what was published"):
        load_text("en", "poem")
    (tmp_path / "poem.txt").write_text("thorns", encoding="utf-8")
    monkeypatch.setenv("GPTCOURSE_DATA", str(tmp_path))
    with pytest.raises(ValueError, match="does not hold what was published"):
        load_text("en", "poem")


def test_a_failed_download_says_what_to_do(published):
    published.unlink()
    with pytest.raises(OSError, match="poem.txt could not be fetched from .* GPTCOURSE_DATA"):
        load_text("en", "poem")


def test_downloads_are_off_unless_asked_for(monkeypatch, capsys):
    monkeypatch.delenv("GPTCOURSE_DATA", raising=False)
    monkeypatch.delenv("GPTCOURSE_DOWNLOAD", raising=False)
    assert not may_download()
    assert "GPTCOURSE_DOWNLOAD=1" in capsys.readouterr().out
    monkeypatch.setenv("GPTCOURSE_DOWNLOAD", "1")
    assert may_download()
