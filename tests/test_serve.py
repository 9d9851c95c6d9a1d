"""What `book` and `serve` do with arguments that make no sense, and with what lies beside the books."""

import shutil

import pytest
from conftest import ROOT

from gptcourse.authoring import AuthoringError, book, languages, serve


def test_a_port_that_is_none_is_refused(tmp_path):
    with pytest.raises(AuthoringError, match="port 99999 cannot be used"):
        serve.open_server(tmp_path, 99999)


@pytest.mark.parametrize("jobs", ["0", "-2", "two"])
def test_a_number_of_jobs_is_at_least_one(jobs, capsys):
    with pytest.raises(SystemExit):
        book.main(["-j", jobs])
    assert f"'{jobs}' must be a whole number of at least 1" in capsys.readouterr().err


def test_a_language_without_a_folder_is_named(tmp_path):
    (tmp_path / "book" / "en").mkdir(parents=True)
    shutil.copy(ROOT / "book" / "strings.yml", tmp_path / "book")
    with pytest.raises(AuthoringError, match="has the language 'hu', but there is no folder book/hu"):
        book.build(tmp_path, ["hu"])


def test_only_the_books_and_the_first_page_are_published(tmp_path):
    known = languages.load(ROOT)
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book" / "landing.html", tmp_path / "book")
    site = book.site_folder(tmp_path)
    for name in ("en", "fa", "de", "_static"):
        (site / name).mkdir(parents=True)
    (site / "index.html").write_text("the English book alone", encoding="utf-8")
    (site / "01-tokenization.html").touch()
    book.write_landing_page(tmp_path, known)
    assert {path.name for path in site.iterdir()} == {"en", "fa", "index.html", ".nojekyll"}
    assert 'href="fa/index.html"' in (site / "index.html").read_text(encoding="utf-8")
