"""The distribution of the next token: what the page shows is what gptcourse.sample computes, and its draws follow it."""

import base64
import json
import math
import re

import numpy
import pytest
import tiktoken
import torch
from javascript import call
from widget_pages import HOSTILE_TOKENS, overflow, wait_for_widget, write_page

from gptcourse import labels
from gptcourse.sample import probabilities
from gptcourse.tokenizers import CharTokenizer
from gptcourse.widgets import host, next_token
from gptcourse.widgets.generate_controls import COUNTS, SHARES, TEMPERATURES


def some_logits(size, seed=0, scale=3.0):
    return torch.randn(size, generator=torch.Generator().manual_seed(seed)) * scale - 90


def shown(p):
    """A probability as a page shows it."""
    return "0" if p == 0 else "<0.001" if p < 0.0005 else f"{p:.3f}"


def summary(t, p):
    bits = sum(-each * math.log2(each) for each in p.tolist() if each > 0)
    choices = 2**bits
    return t(
        "widgets.next_token.summary",
        bits=f"{bits:.2f}",
        choices=f"{choices:.2f}" if choices < 100 else f"{choices:.0f}",
        kept=int((p > 0).sum()),
        all=len(p),
    )


def random(seed):
    """mulberry32, the page's random numbers."""
    while True:
        seed = (seed + 0x6D2B79F5) % 2**32
        t = (seed ^ (seed >> 15)) * (seed | 1) % 2**32
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) % 2**32
        yield (t ^ (t >> 14)) / 2**32


def draws(p, seed, count):
    """How often each id is drawn with that seed."""
    numbers = random(seed)
    sums = p.double().cumsum(0)
    ids = [int((sums > next(numbers) * sums[-1]).int().argmax()) for _ in range(count)]
    return torch.bincount(torch.tensor(ids), minlength=len(p)).tolist(), ids


# ---- Python


def test_state_and_fallback_hold_python_s_numbers():
    names, logits = [f" w{i}" for i in range(50)], some_logits(50, scale=1.5)
    widget = next_token(names, logits, temperature=0.7, top_k=30, top_p=0.95, seed=2**32 + 5)
    p = probabilities(logits, 0.7, 30, 0.95)
    assert widget.state["logits"] == pytest.approx(logits.tolist(), abs=1e-5)
    assert widget.state | {"temperature": 0.7, "top_k": 30, "top_p": 0.95, "seed": 5} == widget.state
    t = labels.Labels("en")
    for text in (widget.fallback, widget.plain):
        assert summary(t, p.double()) in text and "temperature: 0.7; top-k: 30; top-p: 0.95" in text
        assert t("widgets.next_token.caption", shown=20, all=50) in text
    rows = [row.split(" | ") for row in widget.plain.splitlines()[4:]]
    order = logits.argsort(descending=True).tolist()
    assert rows == [[f"{i}", f"·w{i}", f"{logits[i]:.2f}", f"{p[i]:.3f}"] for i in order[:20]]
    assert "top-k: all" in next_token(names, logits).plain


def test_many_logits_travel_as_bytes_few_as_numbers():
    few, many = some_logits(1000), some_logits(1001)
    assert isinstance(next_token(list(map(str, range(1000))), few).state["logits"], list)
    packed = next_token(list(map(str, range(1001))), many).state["logits"]
    assert numpy.frombuffer(packed, "<f4").tolist() == pytest.approx(many.tolist(), abs=1e-5)


def test_gpt2_s_vocabulary_takes_less_than_a_megabyte():
    assert len(next_token([f" t{i}" for i in range(50257)], some_logits(50257)).html()) < 1e6


def test_tokens_may_be_bytes_or_a_tokenizer():
    assert next_token([b" a", "é".encode(), b"\xc3"], [1, 2, 3]).state["tokens"] == [" a", "é", "c3"]
    chars = CharTokenizer("cba")
    assert next_token(chars, torch.zeros(3)).state["tokens"] == list(chars.chars)
    assert next_token(["x" * 30, "y" * 24], [0, 0]).state["tokens"] == ["x" * 24 + "…", "y" * 24]


def test_a_tokenizer_of_tiktoken_gives_its_tokens():
    ranks = {bytes([i]): i for i in range(256)} | {b"th": 256}
    tokenizer = tiktoken.Encoding("x", pat_str=r"\w+|\W", mergeable_ranks=ranks, special_tokens={"<|end|>": 257})
    names = next_token(tokenizer, torch.zeros(258)).state["tokens"]
    assert (names[97], names[200], names[256], names[257]) == ("a", "c8", "th", "<|end|>")


@pytest.mark.parametrize(
    ("tokens", "logits", "settings", "said"),
    [
        ("ab", [1.0], {}, "2 tokens and 1 logits"),
        ("ab", [[1.0, 2]], {}, r"shape \(1, 2\).*logits\[0, -1\]"),
        ("", [], {}, r"shape \(0,\)"),
        ([1, 2], [1.0, 2], {}, "not int: give a string"),
        ("ab", [1, math.nan], {}, "NaN or infinite"),
        ("ab", [1, math.inf], {}, "NaN or infinite"),
        ("ab", [1, 2], {"temperature": -1}, "temperature=-1 is no temperature"),
        ("ab", [1, 2], {"top_k": 3}, "from 1 to 2"),
        ("ab", [1, 2], {"top_p": 0}, "top_p=0 is out of range"),
        ("ab", [1, 2], {"seed": -1}, "seed=-1 must be a whole number"),
    ],
)
def test_what_does_not_fit_is_named(tokens, logits, settings, said):
    with pytest.raises(ValueError, match=said):
        next_token(tokens, logits, **settings)


def test_hostile_tokens_stay_text_in_the_fallback():
    widget = next_token(HOSTILE_TOKENS, torch.zeros(len(HOSTILE_TOKENS)))
    assert "<script>" not in widget.fallback and "<b onload" not in widget.fallback and "x" * 25 not in widget.html()
    widget.html().encode()
    assert next_token(list("ab"), [0, -math.inf]).plain.endswith("1 | b | -inf | 0.000")


# ---- JavaScript


def test_the_stops_of_the_sliders(tmp_path):
    """Temperatures look alike on a logarithmic scale, all numbers are ones that a person would type."""
    body = """() => [m.temperatures(), m.shares(), m.counts(7), m.counts(50257), m.including(0.87, m.temperatures()),
        m.including(null, m.shares()), m.including(7, m.counts(7)), [0, 1e-9, 0.0004999, 0.0005, 1].map(m.shown),
        [99.994, 100.4].map(m.effective)]"""
    found = call(tmp_path, "next_token", body)
    temperatures, shares, few, many, with_own, with_null, with_seven, texts, choices = found
    assert (
        temperatures[:3] == [0, 0.1, 0.11] and temperatures[-1] == 10 and {0.2, 0.7, 0.8, 1, 1.5, 2} <= {*temperatures}
    )
    assert (temperatures, shares[:-1]) == ([*TEMPERATURES], [*SHARES])  # one scale for both pieces
    assert many[:-1] == [count for count in COUNTS if count < 50257]
    ratios = [b / a for a, b in zip(temperatures[1:], temperatures[2:], strict=False)]
    assert 1 < min(ratios) and max(ratios) < 1.2
    assert shares == [*(n / 100 for n in range(1, 100)), None] == with_null
    assert few == [1, 2, 3, 4, 5, 6, None] and with_seven == [1, 2, 3, 4, 5, 6, 7, None]
    assert {5, 10, 40, 100, 1000, 50000} < {*many} and many[-1] is None and many[:-1] == sorted({*many[:-1]})
    assert with_own == sorted([*temperatures, 0.87])
    assert texts == ["0", "<0.001", "<0.001", "0.001", "1.000"] and choices == ["99.99", "100"]


def test_it_weighs_little():
    assert sum((host.FOLDER / f"next_token.{kind}").stat().st_size for kind in ("js", "css")) < 15_000


# ---- the page


class Piece:
    """What a reader sees and can do."""

    def __init__(self, page, lang):
        self.page, self.t, self.at = page, labels.Labels(lang), wait_for_widget(page, "next_token")

    def label(self, name, **values):
        section = "common" if self.t.get(f"widgets.next_token.{name}") is None else "next_token"
        return self.t(f"widgets.{section}.{name}", **values)

    def rows(self):
        return self.at.locator("tbody tr").evaluate_all(
            "rows => rows.map((row) => [...row.cells].filter((_, i) => i !== 3).map((cell) => cell.textContent))"
        )

    def widths(self, bar):
        all_of = "bars => bars.map((each) => each.getBoundingClientRect().width)"
        return self.at.locator(f"tbody .gc-{bar}").evaluate_all(all_of)

    def slide(self, name, value):
        """Move a slider by its keys until it says `value`."""
        input = self.at.get_by_label(self.label(name), exact=True)
        input.focus()
        self.page.keyboard.press("Home")
        for _ in range(200):
            if input.get_attribute("aria-valuetext") == value:
                return
            self.page.keyboard.press("ArrowUp")
        raise AssertionError(f"{name} never says {value}")

    def press(self, name, **values):
        self.at.get_by_role("button", name=self.label(name, **values), exact=True).click()


def test_on_screen_stand_python_s_numbers_whatever_the_settings(tmp_path, reader):
    size = 50
    names, logits = [f" w{i}" for i in range(size)], some_logits(size, seed=1, scale=1.5)
    page = reader.open(
        write_page(tmp_path, "fa", [lambda: next_token(names, logits, top_p=0.995, seed=3)]).as_uri(),
        width=390,
        has_touch=True,
    )
    piece = Piece(page, "fa")
    order = logits.argsort(descending=True).tolist()

    def stands(p, ids=order[:30]):
        assert summary(piece.t, p.double()) in piece.at.inner_text()
        rows = piece.rows()
        assert [row[:4] for row in rows[:-1]] == [[f"{i}", f"·w{i}", f"{logits[i]:.2f}", shown(p[i])] for i in ids]
        rest = p[order[30:]].double().sum().item()
        assert rows[-1][1] == piece.label("others", count=20) and rows[-1][3] == shown(rest)

    assert overflow(page) == 0
    stands(probabilities(logits, 1.0, None, 0.995))
    for setting, value, given in [
        ("temperature", "0.7", {"temperature": 0.7, "top_p": 0.995}),
        ("top_k", "12", {"temperature": 0.7, "top_k": 12, "top_p": 0.995}),
        ("top_p", "0.8", {"temperature": 0.7, "top_k": 12, "top_p": 0.8}),
        ("temperature", "10", {"temperature": 10, "top_k": 12, "top_p": 0.8}),
        ("top_k", piece.label("all"), {"temperature": 10, "top_p": 0.8}),
        ("top_p", piece.label("all"), {"temperature": 10}),
    ]:
        piece.slide(setting, value)
        stands(probabilities(logits, **given))
    assert not piece.at.get_by_text(piece.label("greedy")).is_visible()
    piece.slide("temperature", "0")
    stands(probabilities(logits, 0))
    assert piece.at.get_by_text(piece.label("greedy")).is_visible()

    # the other order, with the same tokens; bars as long as the numbers say
    piece.slide("temperature", "1.3")
    piece.at.get_by_role("button", name=piece.label("by_id")).tap()
    p = probabilities(logits, 1.3)
    stands(p, sorted(order[:30]))
    full = min(each for each in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1) if each >= p.max())
    assert f"0…{full}" in piece.at.locator("thead").inner_text()
    widths, space = piece.widths("chance"), piece.at.locator(".gc-bars").nth(1).evaluate("each => each.clientWidth")
    assert space * 0.8 < max(widths) / (p.max().item() / full) <= space
    longest = max(range(30), key=widths.__getitem__)
    assert sorted(order[:30])[longest] == order[0]
    for width, i in zip(widths, sorted(order[:30]), strict=False):
        assert width / max(widths) == pytest.approx((p[i] / p.max()).item(), abs=0.02)
    piece.press("sorted")
    stands(p)


def test_draws_repeat_with_their_seed_and_are_counted_beside_the_chances(tmp_path, reader):
    size = 40
    names, logits = [f"w{i}" for i in range(size)], some_logits(size, seed=2, scale=1.0)
    page = reader.open(
        write_page(tmp_path, "en", [lambda: next_token(names, logits, temperature=0.9, seed=7)]).as_uri()
    )
    piece = Piece(page, "en")
    order = logits.argsort(descending=True).tolist()
    p = probabilities(logits, 0.9)

    def counted(p, seed, total):
        counts, ids = draws(p, seed, total)
        rows = piece.rows()
        numbers = [counts[i] for i in order[:30]]
        numbers.append(total - sum(numbers))
        assert [row[4:] for row in rows] == [[f"{n}", f"{n / total:.3f}"] for n in numbers]
        status = piece.at.get_by_role("status").filter(has_text="Draws")
        last = " ".join(names[i] for i in ids[-20:])
        assert re.sub(r"\s+", " ", status.inner_text()) == f"Draws: {total}. The last ones: {last}"

    nothing = [["–", "–"]] * 31
    assert [row[4:] for row in piece.rows()] == nothing and piece.label("none") in piece.at.inner_text()
    total = 0
    for count in (1, 100, 1, 1000, 10):
        piece.press("draw", count=count)
        total += count
        counted(p, 7, total)
    widths, hits = piece.widths("drawn")[:30], [draws(p, 7, total)[0][i] for i in order[:30]]
    assert widths == pytest.approx([max(widths) * n / max(hits) for n in hits], abs=0.5)
    piece.press("reset")
    assert [row[4:] for row in piece.rows()] == nothing
    piece.press("draw", count=10)
    counted(p, 7, 10)

    # another seed, other draws; another distribution, a histogram from the start
    piece.at.get_by_label(piece.label("seed")).fill("8")
    assert [row[4:] for row in piece.rows()] == nothing
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    counted(p, 8, 10)
    piece.slide("top_k", "3")
    assert [row[4:] for row in piece.rows()] == nothing
    piece.press("draw", count=1000)
    counted(probabilities(logits, 0.9, 3), 8, 1000)
    piece.slide("temperature", "0")
    piece.press("draw", count=10)
    assert piece.rows()[0][4:] == ["10", "1.000"]


def test_a_vocabulary_of_50257_is_quick_and_hostile_tokens_are_text(tmp_path, reader, record_property):
    size = 50257
    names, logits = (
        [*HOSTILE_TOKENS, *(f" t{i}" for i in range(len(HOSTILE_TOKENS), size))],
        some_logits(size, seed=4, scale=2.0),
    )
    logits[: len(HOSTILE_TOKENS)] = -75.0 - torch.arange(len(HOSTILE_TOKENS)) / 10  # they stand first
    p = probabilities(logits, top_p=0.9)
    page = reader.open(
        write_page(tmp_path, "en", [lambda: next_token(names, logits, top_p=0.9)]).as_uri(), width=390, scheme="dark"
    )
    piece = Piece(page, "en")
    assert overflow(page) == 0 and piece.label("caption", shown=30, all=size) in piece.at.inner_text()
    assert summary(piece.t, p.double()) in piece.at.inner_text()
    rows = piece.rows()
    assert len(rows) == 31 and [row[3] for row in rows[: len(HOSTILE_TOKENS)]] == [
        shown(each) for each in p[: len(HOSTILE_TOKENS)]
    ]
    assert rows[0][1] == "</script><script>globalT…" and rows[2][1] == "␣abc" and rows[5][1] == "x" * 24 + "…"
    for name in ("temperature", "top_k", "top_p"):
        piece.at.get_by_label(piece.label(name), exact=True).focus()
        page.keyboard.press("ArrowLeft")
    slow = page.evaluate(
        """() => {
          const [slider] = document.querySelectorAll(".gc-alive input"), buttons = [...document.querySelectorAll("button")];
          const begun = performance.now();
          slider.dispatchEvent(new Event("input"));
          const moved = performance.now();
          buttons.find((each) => each.textContent.includes("1000")).click();
          return [moved - begun, performance.now() - moved];
        }"""
    )
    record_property("measured", "next_token, 50,257 tokens: {:.0f} ms a move, {:.0f} ms 1,000 draws".format(*slow))
    assert max(slow) < 1000
    assert page.evaluate("globalThis.hacked") is None and page.locator("b[onload]").count() == 0
    assert overflow(page) == 0


ALIVE = """
async ({ source, first, second }) => {
  const widget = (await import(`data:text/javascript;base64,${source}`)).default;
  const values = { state: first, selection: "{}" }, handlers = {};
  const model = {
    get: (name) => values[name],
    set: (name, value) => (values[name] = value),
    on: (name, f) => (handlers[name] = f),
    off: (name) => delete handlers[name],
    save_changes: () => {},
  };
  const el = document.body.appendChild(document.createElement("div"));
  await widget.render({ model, el });
  const [slider] = el.querySelectorAll("input");
  slider.value = 0;
  slider.dispatchEvent(new Event("input"));
  values.state = second;
  handlers["change:state"]();
  return [el.querySelector("tbody").innerText.trim().split(/\\s+/), values.selection];
}
"""


def test_alive_it_follows_python_and_tells_it_the_settings(tmp_path, reader):
    page = reader.open(write_page(tmp_path, "en", []).as_uri())
    source = base64.b64encode(host.linked("next_token").encode()).decode()
    first, second = (host.to_json(next_token(*given).state) for given in (("ab", [1, 2]), ("cde", [5, 7, 6])))
    cells, selection = page.evaluate(ALIVE, {"source": source, "first": first, "second": second})
    assert cells == "1 d 7.00 1.000 – – 2 e 6.00 0 – – 0 c 5.00 0 – –".split()
    assert json.loads(selection) == {"temperature": 0}


def test_without_scripts_the_table_stays(tmp_path, reader):
    path = write_page(tmp_path, "hu", [lambda: next_token(["a", "b"], [1, 2])])
    page = reader.open(path.as_uri(), width=390, scripts=False)
    assert page.get_by_role("row").count() == 3 and page.get_by_text("0.731").is_visible()


def test_the_names_of_a_language_are_all_there():
    english = {*(labels.Labels("en").get("widgets.next_token"))}
    for lang in labels.languages():
        assert {*(labels.Labels(lang).get("widgets.next_token"))} == english, lang
    used = (host.FOLDER / "next_token.js").read_text(encoding="utf-8")
    known = host.labels(labels.Labels("en"), "next_token")
    assert {*re.findall(r"labels\.(\w+)", used)} <= {*known}
