"""The tokenizer playground: tokens, ids, bytes and merges on screen are tiktoken's; hostile texts stay text."""

import json
import re
from html import unescape

import pytest
from browser import serve
from coursebook.widgets import scripts
from playwright.sync_api import expect
from widget_pages import overflow, wait_for_widget, write_page

from gptcourse import explain, gpt2_tokenizer, labels, load_text, show, train_bpe
from gptcourse.labels import Labels
from gptcourse.widgets import host, tokenizer_playground, vocabularies
from gptcourse.widgets.host import Widget

NAME = "tokenizer_playground"
LANGUAGES = ["en", "hu", "pl", "ru", "fa"]
HOSTILE = "</script><script>alert(1)</script> \"'&amp; <b onload=x> \u202eevil\u202c \ud800 {count} $& 👩‍🔬\r\n\x00 شاه"


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(labels, "_session", None)


def both(lang):
    return {"own": train_bpe(load_text(lang, "story"), 1000), "GPT-2": gpt2_tokenizer()}


def label(lang, key, **values):
    return Labels(lang)(f"widgets.{NAME}.{key}", **values)


# ---- Python


def test_the_usual_tokenizers_are_the_language_s_own_and_gpt2s(monkeypatch):
    monkeypatch.delenv("GPTCOURSE_STATIC", raising=False)
    labels.language("hu")
    state = tokenizer_playground().state
    own, gpt2 = state["tokenizers"]
    assert state["text"] == Labels("hu")["examples.king"]
    assert own["merges"] == vocabularies.packed(both("hu")["own"]) and own["size"] == 1000
    assert (gpt2["name"], gpt2["merges"]) == ("GPT-2", vocabularies.files()["gpt2.bpe"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stored_output_is_small_names_the_file_and_holds_no_script(lang, monkeypatch):
    monkeypatch.setenv("GPTCOURSE_STATIC", "1")
    labels.language(lang)
    html = tokenizer_playground().html()
    assert len(html.encode()) < 14_000 and html == tokenizer_playground().html()
    assert '"file":"gpt2.bpe"' in html and html.count("<script") == 1
    monkeypatch.setattr(Widget, "_script", lambda self: pytest.fail("asked for the module"))
    assert tokenizer_playground().html() == html


@pytest.mark.parametrize("static", ["1", ""])
def test_without_gpt2s_vocabulary_the_own_one_works_and_the_other_is_said_to_be_missing(static, monkeypatch):
    def gone():
        raise OSError("no network")

    monkeypatch.setenv("GPTCOURSE_STATIC", static)
    monkeypatch.setitem(tokenizer_playground.__globals__, "gpt2_tokenizer", gone)
    widget = tokenizer_playground()
    assert widget.state["tokenizers"][1] == {"name": "GPT-2", **vocabularies.GPT2}
    assert "merges" in widget.state["tokenizers"][0]
    for shown in (unescape(widget.fallback), widget.plain):
        assert label("en", "missing") in shown and "·gave" in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_fallback_shows_every_token_and_its_id_in_the_direction_of_the_text(lang):
    labels.language(lang)
    text, tokenizers = Labels(lang)["examples.sentence"], both(lang)
    widget = tokenizer_playground(text, tokenizers)
    for name, tokenizer in tokenizers.items():
        ids = tokenizer.encode(text)
        pieces = [show.piece(tokenizer.decode_single_token_bytes(i)) for i in ids]
        row = re.search(rf"<bdi>{name}</bdi></th>(.*?)</tr>", widget.fallback)[1]
        assert f"<td>{len(ids)}</td>" in row and row.count(f'dir="{"rtl" if lang == "fa" else "ltr"}"') == 2
        assert re.findall("<bdi>(.*?)</bdi>", row) == [*pieces, *map(str, ids)]
        assert f"{name}: {len(ids)}\n{' | '.join(pieces)}" in widget.plain
    assert f"{label(lang, 'bytes')}: {len(text.encode())}" in widget.fallback


def test_hostile_and_long_texts():
    widget = tokenizer_playground(HOSTILE + "xyz " * 10_000, both("en"))
    assert len(widget.state["text"]) == widget.state["most"] + 1 == 5001
    assert "<script" not in widget.fallback and "<b " not in widget.fallback
    assert len(widget.fallback) < 30_000 and len(widget.plain) < 10_000
    more = len(gpt2_tokenizer().encode_ordinary(widget.state["text"][:5000])) - 100
    assert Labels("en")("widgets.common.more", count=more) in widget.fallback
    widget.html().encode()
    assert tokenizer_playground("a\r\nb\rc \ud800").state["text"] == "a\nb\nc \ufffd"


@pytest.mark.parametrize(
    ("given", "key", "values"),
    [
        ({"text": 5}, "not_text", {"type": "int"}),
        ({"tokenizers": {}}, "no_tokenizers", {"type": "dict"}),
        ({"tokenizers": [gpt2_tokenizer]}, "no_tokenizers", {"type": "list"}),
        ({"tokenizers": {"x": None}}, "not_for_pages", {"reason": "NoneType"}),
    ],
)
def test_what_does_not_fit_is_named(given, key, values):
    with pytest.raises(ValueError) as caught:
        tokenizer_playground(**given)
    assert str(caught.value) == labels.message(f"errors.{key}", **values)


def test_its_weight():
    files = [host.FOLDER / name for name in (f"{NAME}.js", f"{NAME}.css", "bpe.js")]
    assert sum(path.stat().st_size for path in files) <= 15 * 1024


# ---- in a page


def loaded(page):
    """The living piece, with all its vocabularies."""
    piece = wait_for_widget(page, NAME)
    for status in piece.locator(".gc-columns [role=status]").all():
        expect(status).to_be_empty()
    return piece


def column(piece, number):
    return piece.locator(".gc-columns").first.locator("> div").nth(number)


def merges(piece, number):
    return piece.locator(".gc-columns").nth(1).locator("> div").nth(number)


def shown(piece, number):
    """(text, id, bytes) of every box, and the number of tokens that is told."""
    boxes = (
        column(piece, number)
        .locator(".gc-boxes > .gc-box")
        .evaluate_all("all => all.map((box) => [...box.children].map((part) => part.textContent))")
    )
    return boxes, int(column(piece, number).locator("output").inner_text())


def expected(tokenizer, text):
    data = [tokenizer.decode_single_token_bytes(i) for i in tokenizer.encode_ordinary(text)]
    boxes = [[show.piece(each), str(tokenizer._mergeable_ranks[each]), each.hex(" ")] for each in data]
    return boxes[:200], len(boxes)


def write(page, piece, text):
    piece.locator("textarea").fill(text)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def steps_shown(page, piece, number):
    """What stands there from the first step to the last, going on by keyboard."""
    found = []
    piece.get_by_role("slider").press("Home")
    last = int(piece.locator(".gc-slider output").inner_text().split("/")[1])
    for _ in range(last + 1):
        row = merges(piece, number)
        parts = [text.split("\n")[0] for text in row.locator(".gc-parts > .gc-box").all_inner_texts()]
        found.append((parts, row.locator(".gc-rank").all_inner_texts(), row.locator(".gc-next").all_inner_texts()))
        piece.get_by_role("button", name=label("fa", "forward")).press("Enter")
    return found


def test_on_screen_it_follows_what_is_typed_and_replays_merges(tmp_path, reader):
    tokenizers = both("fa")
    path = write_page(tmp_path, "fa", [lambda: tokenizer_playground(Labels("fa")["examples.sentence"], tokenizers)])
    page = reader.open(path.as_uri(), width=390, scheme="dark")
    piece = loaded(page)
    texts = [Labels(lang)["examples.king"] for lang in LANGUAGES]
    texts += [Labels("fa")["examples.sentence"], "naïve 👩🏽‍🔬 می‌خواهم\n\n  e\u0301 12", "", " "]
    for text in texts:
        write(page, piece, text)
        for number, tokenizer in enumerate(tokenizers.values()):
            assert shown(piece, number) == expected(tokenizer, text)
        counts = [int(each) for each in piece.locator(".gc-row output").all_inner_texts()[:2]]
        assert counts == [len(text), len(text.encode())]
        assert overflow(page) == 0

    # merges, step by step: a word by the list, another by a click on one of its tokens
    write(page, piece, "شاه بادگیر")
    piece.get_by_label(label("fa", "word")).select_option("شاه")
    for word in ("شاه", " بادگیر"):
        for number, tokenizer in enumerate(tokenizers.values()):
            steps, found = explain(tokenizer, word), steps_shown(page, piece, number)
            length = max(len(explain(each, word)) for each in tokenizers.values())
            assert len(found) == length
            for n, (parts, ranks, chosen) in enumerate(found):
                now = steps[min(n, len(steps) - 1)]
                assert parts == [show.piece(part) for part in now]
                pairs = [tokenizer._mergeable_ranks.get(a + b) for a, b in zip(now, now[1:], strict=False)]
                assert ranks == ["–" if rank is None else str(rank) for rank in pairs]
                assert chosen == ([str(min(filter(None, pairs)))] if n + 1 < len(steps) else [])
            assert label("fa", "merged") in merges(piece, number).inner_text()
        column(piece, 1).locator(".gc-box").last.click()
        assert piece.get_by_label(label("fa", "word")).input_value() == " بادگیر"
    assert column(piece, 0).locator(".gc-chosen").count() == len(tokenizers["own"].encode(" بادگیر"))

    # bytes
    pressed = piece.get_by_role("button", name=label("fa", "show_bytes"))
    assert not column(piece, 0).locator(".gc-bytes").first.is_visible()
    pressed.press("Space")
    assert column(piece, 0).locator(".gc-bytes").first.is_visible() and pressed.get_attribute("aria-pressed") == "true"
    assert overflow(page) == 0


# Puts a text (as JSON: it may hold half of a pair) into the field, and waits until the page shows it.
PASTE = """(json) => new Promise((done) => {
  const area = document.querySelector("textarea");
  start = performance.now();
  area.value = JSON.parse(json);
  area.dispatchEvent(new Event("input"));
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""


def test_on_screen_hostile_and_endless_texts_stay_text_and_hang_nothing(tmp_path, reader):
    tokenizers = both("en") | {HOSTILE: train_bpe("ab abab", 258)}
    path = write_page(tmp_path, "en", [lambda: tokenizer_playground(HOSTILE, tokenizers)])
    page = reader.open(path.as_uri(), width=390)
    page.on("dialog", lambda dialog: reader.faults.append(f"alert: {dialog.message}"))
    piece = loaded(page)
    before = page.locator("*").count()
    text = HOSTILE.replace("\r\n", "\n").replace("\ud800", "\ufffd")
    for number, tokenizer in enumerate(tokenizers.values()):
        boxes, count = shown(piece, number)
        assert [int(id) for _, id, _ in boxes] == tokenizer.encode_ordinary(text)[:200] and count > 0
        assert not any("\u202e" in shown for shown, _, _ in boxes)
    assert overflow(page) == 0

    for endless in ("🙂" * 10_000, "a" * 10_000, "a b " * 10_000, "x" * 10_000 + "\u202e", "\ud800" * 10_000):
        page.evaluate(PASTE, json.dumps(endless))
        assert page.evaluate("performance.now() - start") < 5000
        kept = endless[:5000].replace("\ud800", "\ufffd")
        for number, tokenizer in enumerate(tokenizers.values()):
            boxes, count = shown(piece, number)
            assert count == len(tokenizer.encode_ordinary(kept)) and len(boxes) == min(count, 200)
        assert label("en", "long", count=5000) in piece.inner_text() and overflow(page) == 0
    assert page.locator("*").count() < before + 6000


@pytest.fixture(params=["http", "file"])
def book(request, tmp_path, monkeypatch):
    """A page of the book with a stored output, over http and as a file: its address."""
    page = write_page(tmp_path, "pl", [tokenizer_playground], static=True)
    (tmp_path / "_widgets").mkdir()
    data = vocabularies.files()["gpt2.bpe"]
    parts = scripts([NAME]) | {"gpt2.bpe.js": host.as_script("gpt2.bpe", data)}
    for name, script in parts.items():
        (tmp_path / "_widgets" / name).write_text(script, encoding="utf-8")
    (tmp_path / "_widgets" / "gpt2.bpe").write_bytes(data)
    tags = "".join(f'<script defer src="_widgets/{name}"></script>' for name in scripts([NAME]))
    page.write_text(page.read_text(encoding="utf-8").replace("</head>", f"{tags}</head>"), encoding="utf-8")
    if request.param == "file":
        yield tmp_path, page.as_uri()
    else:
        with serve(tmp_path) as address:
            yield tmp_path, f"{address}/{page.name}"


def test_in_the_book_gpt2s_vocabulary_arrives(book, reader):
    page = reader.open(book[1])
    piece = loaded(page)
    text = Labels("pl")["examples.king"]
    assert shown(piece, 1) == expected(gpt2_tokenizer(), text)
    assert label("pl", "loading") not in piece.inner_text() and label("pl", "missing") not in piece.inner_text()


def test_in_a_book_without_it_the_own_one_works_and_the_other_is_said_to_be_missing(book, reader):
    for name in ("gpt2.bpe", "gpt2.bpe.js"):
        (book[0] / "_widgets" / name).unlink()
    page = reader.open(book[1])
    piece = wait_for_widget(page, NAME)
    column(piece, 1).get_by_text(label("pl", "missing")).wait_for()
    write(page, piece, "młynarz")
    assert shown(piece, 0) == expected(both("pl")["own"], "młynarz")
    assert all("gpt2.bpe" in fault or "404" in fault or "ERR_FILE_NOT_FOUND" in fault for fault in reader.faults)
    reader.faults.clear()
