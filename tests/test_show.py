"""What a notebook shows: escaped, in the right direction, with a plain form."""

import pytest

from gptcourse import labels, language, show, train_bpe

TOKENIZER = train_bpe("a <b> c & d. " * 5, 262)


@pytest.mark.parametrize(
    ("passage", "side"),
    [("abc", "ltr"), ("سلام", "rtl"), ("  12 سلام abc", "rtl"), ("«Привет» سلام", "ltr"), ("123", "ltr")],
)
def test_direction_is_that_of_the_first_letter(passage, side):
    assert show.direction(passage) == side
    assert f'dir="{side}"' in show.text(passage).html


def test_html_is_escaped_everywhere():
    evil = "<script>alert(1)</script>&"
    shown = [show.text(evil), show.words([evil]), show.table([[evil]], [evil]), show.tokens(TOKENIZER, evil)]
    assert not [each.html for each in shown if "<script" in each.html]


def test_tokens_show_pieces_and_ids():
    ids = TOKENIZER.encode("a <b>\u200c\n")
    shown = show.tokens(TOKENIZER, "a <b>\u200c\n")
    assert str(shown).splitlines()[1] == " ".join(map(str, ids))
    assert shown.html.count("gc-token") == len(ids) + 1  # one box each, and the container "gc-tokens"
    assert show.tokens(TOKENIZER, ids) == shown


def test_bytes_that_are_no_characters_are_hexadecimal():
    assert show.piece(b"\xf0\x9f") == "f0 9f"
    assert show.piece(" a\u200c\n\t".encode()) == "·a¦↵→"


def test_tables_have_the_direction_of_the_sessions_language(monkeypatch):
    monkeypatch.setattr(labels, "_session", None)  # and put back afterwards
    assert 'dir="ltr"' in show.table([[1]], ["a"]).html
    language("fa")
    assert 'dir="rtl"' in show.table([[1]], ["a"]).html


def test_columns_are_named_from_the_catalogue(monkeypatch):
    monkeypatch.setattr(labels, "_session", None)
    assert str(show.table([[1, "x", 2]], ["id", "GPT-2", "tokens"])) == "id | GPT-2 | tokens\n1 | x | 2"
    pl = language("pl")
    assert str(show.table([[1]], ["word"])) == f"{pl['show.word']}\n1"


def test_jupyter_gets_html_and_plain_text():
    assert show.text("a").__class__._repr_mimebundle_(show.text("a")).keys() == {"text/html", "text/plain"}
