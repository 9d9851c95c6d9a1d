"""The GPT in the page: what it writes and shows is what torch and `generate` say, whatever the prompt is."""

import json
import math
import sys

import pytest
import torch
from browser import serve
from coursebook.widgets import scripts
from test_model import random_model
from widget_pages import overflow, page_of, wait_for_widget, write_page

from gptcourse import CharTokenizer, GPTConfig, Labels, generate, languages, load_small, probabilities, train_bpe
from gptcourse.labels import language
from gptcourse.show import piece
from gptcourse.widgets import gpt_in_page, host
from gptcourse.widgets.weights import files, pack

TEXT = "The owl sat on the old oak. شب بود. " * 20
TOKENIZER = train_bpe(TEXT, 280)
END = TOKENIZER.n_vocab - 1  # the token that ends a text
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&\u202egnp\u2066 \ud800 {count} <|endoftext|> \0\u200cش🦉"


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr("gptcourse.labels._session", Labels("en"))
    monkeypatch.delenv("GPTCOURSE_STATIC", raising=False)


def small_model(n_vocab=TOKENIZER.n_vocab, block_size=24, **shape):
    """A random model whose numbers are the same in half precision."""
    return (
        random_model(GPTConfig(n_vocab, block_size, **{"n_embd": 16, "n_head": 2, "n_layer": 2, **shape}))
        .half()
        .float()
    )


def own(prompt="The owl", count=12, **settings):
    return gpt_in_page(small_model(), TOKENIZER, prompt, count, **settings)


# ---- Python


def test_the_first_text_is_what_generate_writes(monkeypatch):
    model = small_model()
    ids = TOKENIZER.encode_ordinary("The owl")
    state = gpt_in_page(model, TOKENIZER, "The owl", 40, temperature=0).state
    assert state["ids"] == generate(model, [ids], 40, temperature=0, eos_id=END)[0]
    assert b"".join(map(bytes.fromhex, state["bytes"])) == TOKENIZER.decode_bytes(state["ids"])
    assert state["weights"] == pack(model, TOKENIZER)
    for n, chance in enumerate(state["chances"], len(ids)):
        with torch.no_grad():
            p = model(torch.tensor([state["ids"][max(0, n - 24) : n]]))[0][0, -1].softmax(-1)
        assert chance == pytest.approx(p[state["ids"][n]].item(), abs=0.00051)


def test_drawn_tokens_follow_the_distribution():
    model = small_model()
    ids = TOKENIZER.encode_ordinary("The owl")
    with torch.no_grad():
        p = probabilities(model(torch.tensor([ids]))[0][0, -1], 0.8, 5, 0.9)
    drawn = [gpt_in_page(model, TOKENIZER, "The owl", 1, 0.8, 5, 0.9, seed).state["ids"][-1] for seed in range(150)]
    counts = torch.bincount(torch.tensor(drawn), minlength=len(p))
    assert counts[p == 0].sum() == 0 and (p > 0).sum() > 1
    expected = 150 * p[p > 0]
    assert ((counts[p > 0] - expected).abs() < 4 * expected.sqrt() + 2).all()


def test_stored_outputs_name_the_books_file_and_carry_a_readers_own_model(monkeypatch):
    monkeypatch.setenv("GPTCOURSE_STATIC", "1")
    state = gpt_in_page().state
    assert state["file"] == "en.bin" in files() and "weights" not in state
    assert own().state["weights"] == pack(small_model(), TOKENIZER)
    assert gpt_in_page().html() == gpt_in_page().html()
    assert len(gpt_in_page().html()) < 20_000


def test_without_scripts_there_are_the_text_and_its_tokens():
    widget = own("</script>", 3)
    html = widget.fallback
    assert "&lt;/script&gt;" in html and "</script>" not in html
    shown = [piece(bytes.fromhex(each)) for each in widget.state["bytes"][-3:]]
    for each, chance in zip(shown, widget.state["chances"], strict=True):
        assert f"{each} {chance:.3f}" in widget.plain
        assert f'<td dir="ltr">{chance:.3f}</td>' in html
    assert "10 more are not drawn" in own(count=30).fallback
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gptcourse.labels._session", Labels("fa"))
        assert '<p dir="rtl"' in gpt_in_page(max_new_tokens=2).fallback


def test_wrong_arguments_are_named():
    model = small_model()
    for arguments, words in (
        ((model,), "model and its tokenizer"),
        ((None, TOKENIZER), "model and its tokenizer"),
        ((model, TOKENIZER, 5), "int"),
        ((model, TOKENIZER, "a", 0), "max_new_tokens=0"),
        ((model, TOKENIZER, "a", 1, 1, None, None, -1), "seed=-1"),
        ((model, TOKENIZER, "a", 1, -1), "temperature"),
        ((model, TOKENIZER, "a", 1, 1, 0), "top_k"),
        ((model, TOKENIZER, "a", 1, 1, None, 2), "top_p"),
        ((small_model(300), TOKENIZER), "300"),
    ):
        with pytest.raises(ValueError, match=words):
            gpt_in_page(*arguments)


# ---- the page


def opened(reader, tmp_path, widget, lang="en", **settings):
    page = reader.open(write_page(tmp_path, lang, [widget]).as_uri(), **settings)
    return page, wait_for_widget(page, "gpt_in_page")


def written(piece):
    """Wait until the model has written; the line that says so."""
    piece.locator("button:enabled").first.wait_for()
    piece.page.wait_for_function("!document.querySelector('.gc-alive button').disabled")
    return piece.locator("p[role=status]").inner_text()


def press(piece, name):
    piece.get_by_role("button", name=name, exact=True).click()
    return written(piece)


def boxes(piece):
    """(token, probability) of each box."""
    found = piece.get_by_role("group", name="Tokens").get_by_role("button")
    return found.evaluate_all(
        "all => all.map(box => [box.querySelector('bdi').textContent, box.querySelector('small').textContent])"
    )


def expected(widget):
    """The same of a widget's state."""
    state = widget.state
    chances = [""] * (len(state["ids"]) - len(state["chances"])) + [f"{each:.3f}" for each in state["chances"]]
    return [[piece(bytes.fromhex(each)), chance] for each, chance in zip(state["bytes"], chances, strict=True)]


def test_the_page_writes_what_python_writes_with_every_setting(reader, tmp_path):
    cases = [
        {"temperature": 0, "count": 40},
        {"temperature": 0.8, "seed": 3},
        {"temperature": 1.5, "top_k": 5, "seed": 2**32 + 7},
        {"temperature": 1.0, "top_p": 0.6, "top_k": 20},
    ]
    widgets = [own(**case) for case in cases]
    page = reader.open(write_page(tmp_path, "en", widgets).as_uri())
    for number, widget in enumerate(widgets):
        part = wait_for_widget(page, "gpt_in_page", number)
        assert boxes(part) == expected(widget)
        part.get_by_role("button", name="Write", exact=True).click()
        page.wait_for_function(
            "n => !document.querySelectorAll('.gc-alive')[n].querySelector('button').disabled", arg=number
        )
        assert boxes(part) == expected(widget), cases[number]
    assert len({json.dumps(boxes(wait_for_widget(page, "gpt_in_page", n))) for n in range(4)}) == 4


def test_controls_do_what_they_say(reader, tmp_path):
    page, part = opened(reader, tmp_path, own(count=5))
    press(part, "One token more")
    assert boxes(part) == expected(own(count=6))  # it goes on as if it had never stopped
    part.get_by_label("tokens to write").fill("7")
    part.get_by_label("seed").fill("41")
    part.get_by_label("temperature").fill("1.3")
    part.get_by_label("top-p").fill("0.7")
    part.get_by_label("top-k").focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert press(part, "Next seed") == "Tokens written: 7."
    assert part.get_by_label("seed").input_value() == "42"
    assert boxes(part) == expected(own(count=7, seed=42, temperature=1.3, top_p=0.7, top_k=5))
    part.get_by_label("prompt").fill("شب بود")
    part.get_by_role("button", name="Write", exact=True).focus()
    page.keyboard.press("Enter")
    written(part)
    assert boxes(part) == expected(own("شب بود", count=7, seed=42, temperature=1.3, top_p=0.7, top_k=5))
    assert part.locator(".gc-text").get_attribute("dir") == "rtl"
    assert page.evaluate("document.activeElement.textContent") == "Write"  # not lost while it was switched off


def test_a_chosen_token_shows_the_distribution_and_the_attention_before_it(reader, tmp_path):
    widget = own(count=30, temperature=0.9, top_k=4)
    page, part = opened(reader, tmp_path, widget, width=390)
    model, ids = small_model(), widget.state["ids"]
    group = part.get_by_role("group", name="Tokens")
    group.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    assert "Nothing stands before" in part.locator(".gc-details").inner_text()
    for place, keys in ((2, ["ArrowRight", "ArrowRight"]), (len(ids) - 1, ["End"])):
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_function("n => document.querySelectorAll('.gc-details .gc-box').length === n", arg=min(place, 24))
        window = ids[max(0, place - 24) : place]
        trace = model.trace(torch.tensor([window]))
        before, after = trace.logits[0, -1].softmax(-1), probabilities(trace.logits[0, -1], 0.9, 4)
        rows = part.locator(".gc-details tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
        order = before.argsort(descending=True, stable=True).tolist()
        ranked = dict.fromkeys([*order[:10], ids[place]])
        assert rows[1:-1] == [
            [
                str(order.index(id) + 1),
                piece(TOKENIZER.decode_single_token_bytes(id)) + (" (stands here)" if id == ids[place] else ""),
                f"{before[id]:.3f}",
                f"{after[id]:.3f}",
            ]
            for id in ranked
        ]
        choices = [math.exp(torch.special.entr(p).sum().item()) for p in (before, after)]
        assert [float(each) for each in rows[-1][2:]] == pytest.approx(choices, abs=0.051)
        for layer, head in ((1, 0), (0, 1)):
            picture = part.get_by_role("button", name=f"layer {layer}, head {head}")
            picture.click()
            assert picture.get_attribute("aria-pressed") == "true"
            shown = part.locator(".gc-details .gc-box small").all_inner_texts()
            assert [float(each) for each in shown] == pytest.approx(
                trace.attention[layer][0, head, -1].tolist(), abs=0.00051
            )
        group.locator("[tabindex='0']").focus()
    part.get_by_label("temperature").fill("0")  # what the settings do to the place is seen at once
    assert part.locator(".gc-details tr").nth(1).locator("td").nth(3).inner_text().strip() == "1.000"
    assert overflow(page) == 0
    press(part, "Write")
    assert part.locator(".gc-details").inner_text() == ""


def test_writing_leaves_the_page_alive_and_can_be_stopped(reader, tmp_path):
    """A model that needs a quarter of a second for a token more, asked for a thousand."""
    model = small_model(block_size=128, n_embd=128, n_head=4, n_layer=4)
    page, part = opened(reader, tmp_path, gpt_in_page(model, TOKENIZER, "The owl. " * 30, 1))
    part.get_by_label("tokens to write").fill("1000")
    part.get_by_role("button", name="Write", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('p[role=status]').textContent.includes('writing')")
    page.wait_for_function("document.querySelectorAll('.gc-box[style*=\"0.\"]').length > 2")
    page.keyboard.press("Enter")  # on Stop, which has the focus now
    count = int(written(part).split()[2].rstrip("."))
    assert 2 < count < 500
    now = boxes(part)
    page.wait_for_timeout(300)
    assert boxes(part) == now
    press(part, "One token more")
    assert f"Tokens written: {count + 1}." in part.locator("p[role=status]").inner_text()
    part.get_by_role("button", name="Write", exact=True).click()
    page.evaluate("document.querySelector('.gc-widget').remove()")  # nothing goes on in what is gone


@pytest.mark.parametrize(
    "prompt", ["", HOSTILE, "The owl sat. " * 2500, "ش" * 3000], ids=["empty", "hostile", "long", "rtl"]
)
def test_any_prompt_works(reader, tmp_path, prompt):
    page, part = opened(reader, tmp_path, own(count=3), width=390)
    page.evaluate("text => { document.querySelector('textarea').value = JSON.parse(text); }", json.dumps(prompt))
    line = press(part, "Write")
    state = own(prompt, 3)
    assert line.startswith("Tokens written: 3.")
    assert ("prompt is empty" in line) is (not prompt)
    assert boxes(part) == expected(state)[-300:]
    text = b"".join(bytes.fromhex(each) for each in state.state["bytes"]).decode("utf-8", errors="replace")
    assert part.locator(".gc-text").text_content() == text
    assert page.locator("img, .gc-alive script").count() == 0
    assert overflow(page) == 0
    rest = len(state.state["ids"]) - 300
    assert (f"{rest} more are not drawn." in part.inner_text()) is (rest > 0)


def test_a_models_end_and_characters_it_does_not_know(reader, tmp_path):
    chars = CharTokenizer("abc \n<")
    model = small_model(chars.n_vocab, n_head=1, n_layer=1)
    page, part = opened(reader, tmp_path, gpt_in_page(model, chars, "ab<", 5))
    assert boxes(part) == expected(gpt_in_page(model, chars, "ab<", 5))
    before = boxes(part)
    part.get_by_label("prompt").fill("ab\u202ez")
    assert "does not know the character ␣:" in press(part, "Write")
    assert boxes(part) == before

    ending = small_model()
    with torch.no_grad():
        ending.ln_f.weight.zero_()
        ending.ln_f.bias.copy_(ending.wte.weight[END])  # the logit of every token is its product with the last one
    page, part = opened(reader, tmp_path, gpt_in_page(ending, TOKENIZER, "The owl", 9, temperature=0))
    assert press(part, "Write") == "Tokens written: 1. The model has ended the text."
    assert part.locator(".gc-text").inner_text() == "The owl"
    assert boxes(part)[-1][0] == "<|endoftext|>"


@pytest.mark.parametrize("lang", languages())
def test_the_books_model_of_every_language_over_http_and_from_a_folder(reader, tmp_path, monkeypatch, lang):
    monkeypatch.setattr("gptcourse.labels._session", Labels(lang))
    monkeypatch.setenv("GPTCOURSE_STATIC", "1")
    widget = gpt_in_page()
    name = widget.state["file"]
    (tmp_path / "_widgets").mkdir()
    for file, script in scripts(["gpt_in_page"]).items():
        (tmp_path / "_widgets" / file).write_text(script, encoding="utf-8")
    (tmp_path / "_widgets" / name).write_bytes(pack(*load_small(lang)))
    (tmp_path / "_widgets" / f"{name}.js").write_text(host.as_script(name, pack(*load_small(lang))), encoding="utf-8")
    tags = "".join(f'<script defer src="_widgets/{file}"></script>' for file in scripts(["gpt_in_page"]))
    html = page_of(widget.html(), language(lang)).replace("</head>", f"{tags}</head>")
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    with serve(tmp_path) as address:
        for place in (address, tmp_path.as_uri()):
            page = reader.open(f"{place}/page.html", width=390, scheme="dark")
            part = wait_for_widget(page, "gpt_in_page")
            text = part.locator(".gc-text").inner_text()
            assert text == b"".join(map(bytes.fromhex, widget.state["bytes"])).decode("utf-8", errors="replace").strip()
            asked = "performance.getEntriesByType('resource').filter(each => each.name.includes('.bin')).length"
            assert page.evaluate(asked) == 0  # nothing is loaded before somebody wants it
            part.get_by_role("button").first.click()
            written(part)
            assert part.locator(".gc-text").inner_text() == text
            part.get_by_role("button").first.click()
            written(part)
            assert page.evaluate(asked) == (1 if place == address else 0)  # browsers do not count files of a folder
            assert part.locator(".gc-text").get_attribute("dir") == ("rtl" if lang == "fa" else "ltr")
            assert overflow(page) == 0


def test_a_model_that_does_not_arrive_is_told_and_asked_for_again(reader, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[gpt_in_page.__module__], "is_static", lambda: True)
    page, part = opened(reader, tmp_path, gpt_in_page(max_new_tokens=3))
    assert "could not be loaded" in press(part, "Write")
    assert len(boxes(part)) > 3
    data = pack(*load_small("en")).decode("latin-1")
    arrive = (
        "data => { gptcourseWidgets.bytes = async () => Uint8Array.from(data, (char) => char.charCodeAt(0)).buffer; }"
    )
    page.evaluate(arrive, data)
    assert press(part, "Write") == "Tokens written: 3."
