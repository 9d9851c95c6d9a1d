"""The attention explorer: every number on its way from q·k to a weight is Python's, in the page as in the state."""

import math
import re

import pytest
import torch
from javascript import call
from test_model import random_model
from widget_pages import overflow, wait_for_widget, write_page

from gptcourse import labels, train_bpe
from gptcourse.config import GPTConfig
from gptcourse.show import visible
from gptcourse.tokenizers import CharTokenizer
from gptcourse.widgets import attention_explorer, host

TEXT = "the owl saw the red apple and the owl was glad"
PERSIAN = ["شاه", " سیب", " سرخ", " را", " دید", "."]
HOSTILE = [
    "</script><script>globalThis.hacked = 1</script>",
    "\"'><img src=x onerror='globalThis.hacked = 1'>",
    "\u202eabc",
    "\ud800",
    "",
    "x" * 10_000,
    "{layer}",
    "\u2067شاه\n\t",
]


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def small_model(**changes):
    tokenizer = train_bpe(TEXT * 5, 280)
    config = {"block_size": 32, "n_embd": 12, "n_head": 3, "n_layer": 2} | changes
    return random_model(GPTConfig(tokenizer.n_vocab, **config)).eval(), tokenizer


def steps(product, size, causal=True):
    """The four views of one head's numbers by torch."""
    scaled = product.double() / math.sqrt(size)
    future = torch.ones_like(scaled, dtype=torch.bool).triu(1)
    masked = scaled.masked_fill(future, -math.inf) if causal else scaled
    return {"product": product.double(), "scaled": scaled, "masked": masked, "weight": masked.softmax(-1)}


def written(value, digits=4):
    return "-∞" if value == -math.inf else f"{value:.{digits}f}".replace("-0." + "0" * digits, "0." + "0" * digits)


# ---- state and fallback


def test_the_state_gives_the_weights_that_the_model_uses():
    model, tokenizer = small_model()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.train()
    state = attention_explorer(model, tokenizer, TEXT, layer=1, head=2).state
    ids = tokenizer.encode(TEXT)
    scores, T = torch.tensor(state["scores"], dtype=torch.float64), len(ids)
    assert scores.shape == (2, 3, T, T) and state["head_size"] == 4 and state["count"] == T
    assert "".join(state["tokens"]) == visible(TEXT) and (state["layer"], state["head"]) == (1, 2)
    weights = torch.stack(model.trace(torch.tensor([ids])).attention)[:, 0]
    torch.testing.assert_close(steps(scores, 4)["weight"].float(), weights, rtol=0, atol=1e-5)
    assert model.training and all(value.equal(before[name]) for name, value in model.state_dict().items())
    assert attention_explorer(model, tokenizer, ids).state["scores"] == state["scores"]


def test_queries_and_keys_or_their_products_may_be_given_with_or_without_heads_and_layers():
    q, k = normal(2, 3, 4, 5), normal(2, 3, 4, 5, seed=1)
    everything = q.double() @ k.double().mT
    for part in ((), (1,), (1, 2)):
        state = attention_explorer(tokens=list("abcd"), q=q[part], k=k[part]).state
        found = torch.tensor(state["scores"], dtype=torch.float64)
        assert found.shape == (1,) * len(part) + everything[part].shape and state["head_size"] == 5
        assert (found - everything[part]).abs().max() < 6e-7
        given = everything[part].tolist()
        same = attention_explorer(tokens=list("abcd"), scores=given, head_size=5, causal=False).state
        assert same["scores"] == state["scores"] and not same["causal"]


def test_of_a_long_text_the_beginning_is_shown_and_says_so():
    model, tokenizer = small_model(block_size=64)
    long = attention_explorer(model, tokenizer, TEXT * 500)
    assert len(long.state["tokens"]) == 48 and long.state["count"] == len(tokenizer.encode(TEXT * 500))
    assert f"first 48 of {long.state['count']}" in long.plain
    first = attention_explorer(model, tokenizer, tokenizer.encode(TEXT * 500)[:48]).state
    assert long.state["scores"] == first["scores"]  # nothing that is seen depends on what comes later
    assert len(attention_explorer(*small_model(), TEXT * 500).state["tokens"]) == 32  # the window
    many = attention_explorer(tokens=["a"] * 100, q=normal(12, 12, 100, 2), k=normal(12, 12, 100, 2))
    assert len(many.state["tokens"]) == 21 and len(many.html()) < 1_000_000


def test_the_fallback_and_the_plain_text_show_the_weights():
    q, k = normal(1, 2, 9, 5), normal(1, 2, 9, 5, seed=1)
    tokens = [*PERSIAN, "<b>", "y", "z"]
    widget = attention_explorer(tokens=tokens, q=q, k=k, head=1)
    weights = steps(q[0, 1].double() @ k[0, 1].double().mT, 5)["weight"]
    cells = [f'<td dir="ltr">{weights[i, j]:.2f}</td>' for i in range(8) for j in range(i + 1)]
    assert re.findall('<td dir="ltr">.*?</td>', widget.fallback) == cells
    assert '<table dir="rtl">' in widget.fallback and "&lt;b&gt;" in widget.fallback
    best = weights[8].argmax().item()
    assert widget.plain.splitlines()[-1].split(" → ")[1].endswith(f"{weights[8, best]:.2f}")


def test_hostile_tokens_stay_text_and_are_cut():
    count = len(HOSTILE)
    widget = attention_explorer(tokens=HOSTILE, q=normal(count, 3), k=normal(count, 3))
    assert "<script>" not in widget.fallback and "<img" not in widget.fallback and "x" * 41 not in widget.html()
    widget.html().encode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "tokens with q and k"),
        ({"tokens": ["a"], "q": [[1.0]]}, "tokens with q and k"),
        ({"tokens": ["a"], "scores": [[1.0]]}, "tokens with q and k"),
        ({"model": "GPT", "tokenizer": 1, "text": "a"}, "takes a GPT"),
        ({"tokens": [], "q": [[1.0]], "k": [[1.0]]}, "empty"),
        ({"tokens": ["a", "b"], "q": [[1.0]], "k": [[1.0], [2.0]]}, r"q has the shape \(1, 1\)"),
        ({"tokens": ["a", "b"], "q": [[1.0], [2.0, 3.0]], "k": [[1.0], [2.0]]}, "q has the shape"),
        ({"tokens": ["a"], "q": [[1.0]], "k": [[1.0, 2.0]]}, "of the same size"),
        ({"tokens": ["a", "b"], "scores": torch.ones(2, 3), "head_size": 1}, r"\(2, 2\)"),
        ({"tokens": ["a"], "scores": [[math.nan]], "head_size": 1}, "finite"),
        ({"tokens": ["a"], "scores": [[1.0]], "head_size": 0}, "head_size=0"),
        ({"tokens": ["a"], "scores": [[1.0]], "head_size": 1, "layer": 1}, "no layer=1"),
        ({"tokens": ["a"], "scores": [[1.0]], "head_size": 1, "head": -1}, "no head=-1"),
        ({"tokens": ["a"] * 49, "scores": torch.ones(49, 49), "head_size": 1, "causal": False}, "at most 48"),
    ],
)
def test_what_does_not_fit_is_named(given, said):
    with pytest.raises(ValueError, match=said):
        attention_explorer(**given)


def test_a_text_that_the_model_cannot_read_is_named():
    model, tokenizer = small_model()
    for text, said in ((" "[:0], "empty"), ([0, 999], "999"), ([-1], "-1")):
        with pytest.raises(ValueError, match=said):
            attention_explorer(model, tokenizer, text)
    letters = CharTokenizer(TEXT)
    model = random_model(GPTConfig(letters.n_vocab, 8, n_embd=4, n_head=1, n_layer=1))
    assert attention_explorer(model, letters, "the owl saw").state["tokens"] == list("the owl ")


# ---- in node


def test_the_four_steps_are_torch_s(tmp_path):
    cases = [
        {
            "product": (normal(size, size, seed=number).double() * 10 ** (number % 5 - 2)).tolist(),
            "size": [1, 2, 16, 64][number % 4],
            "causal": number % 3 != 0,
        }
        for number, size in enumerate([1, 2, 3, 7, 20] * 40)
    ]
    found = call(
        tmp_path,
        "attention_explorer",
        "(all) => all.map(({ product, size, causal }) => m.steps(product, size, causal))",
        cases,
    )
    for case, ours in zip(cases, found, strict=True):
        theirs = steps(torch.tensor(case["product"], dtype=torch.float64), case["size"], case["causal"])
        assert list(ours) == list(theirs)
        for name, values in theirs.items():
            got = [[-math.inf if each is None else each for each in row] for row in ours[name]]
            got = torch.tensor(got, dtype=torch.float64)
            torch.testing.assert_close(got, values, rtol=1e-12, atol=1e-14)


def test_numbers_as_they_are_written_and_coloured_and_where_keys_lead(tmp_path):
    body = """({ numbers, keys }) => [
      numbers.map((each) => m.written(each, 2)).concat(m.written(-Infinity)),
      [[0, 1], [0.25, 1], [-1, 4], [9, 4], [1, 0]].map(([value, most]) => m.strength(value, most)),
      m.strength(-Infinity, 1),
      [false, true].map((rtl) => keys.map((key) => m.moved(key, [1, 1], 4, rtl) ?? null)),
      m.moved("ArrowUp", [0, 3], 4), m.moved("ArrowRight", [0, 3], 4), m.strongest([0.2, 0.5, 0.5]),
    ]"""
    keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"]
    given = {"numbers": [0, -0.0, -0.004, 0.005, -12.345, 1e6], "keys": keys}
    ways = [[0, 1], [2, 1], [1, 0], [1, 2], [1, 0], [1, 3], None]
    assert call(tmp_path, "attention_explorer", body, given) == [
        ["0.00", "0.00", "0.00", f"{0.005:.2f}", f"{-12.345:.2f}", "1000000.00", "-∞"],
        [0, 0.5, 0.5, 1, 0],
        0,
        [ways, [*ways[:2], ways[3], ways[2], *ways[4:]]],
        [0, 3],
        [0, 3],
        1,
    ]


# ---- in a browser


def test_on_screen_it_shows_python_s_numbers_from_right_to_left(tmp_path, reader):
    T, size = len(PERSIAN), 5
    q, k = normal(2, 3, T, size).double(), normal(2, 3, T, size, seed=1).double()
    path = write_page(tmp_path, "fa", [lambda: attention_explorer(tokens=PERSIAN, q=q, k=k, layer=1)])
    page = reader.open(path.as_uri(), width=390, has_touch=True)
    piece = wait_for_widget(page, "attention_explorer")
    t = labels.Labels("fa")
    label = lambda name, **values: t(f"widgets.attention_explorer.{name}", **values)  # noqa: E731
    head = lambda *place: piece.get_by_label(label("place", layer=place[0], head=place[1]), exact=True)  # noqa: E731
    choice = piece.locator(".gc-steps .gc-choice")
    word = piece.locator(".gc-words .gc-choice")
    cell = piece.locator(".gc-map .gc-cell")
    map_ = piece.get_by_role("application")
    assert overflow(page) == 0

    def shows(layer, n, step, query, key):
        numbers = steps(q[layer, n] @ k[layer, n].mT, size)
        assert head(layer, n).is_checked()
        assert piece.locator(".gc-title").inner_text() == label("place", layer=layer, head=n)
        assert cell.all_text_contents() == [written(each, 2) for each in numbers[step].flatten().tolist()]
        assert choice.locator("b").all_text_contents() == [written(numbers[name][query, key]) for name in numbers]
        assert choice.locator("input").nth(list(numbers).index(step)).is_checked()
        assert word.nth(query).locator("input").is_checked()
        on = cell.evaluate_all("all => all.flatMap((each, i) => (each.matches('.gc-on') ? [i] : []))")
        assert on == [query * T + key]
        said = piece.locator("[aria-live]").inner_text()
        assert (
            all(PERSIAN[each].strip() in said for each in (query, key)) and written(numbers[step][query, key]) in said
        )
        assert (label("hidden") in said) == (key > query)
        weight = numbers["weight"]
        looks = [written(each, 2) if j <= query else "" for j, each in enumerate(weight[query].tolist())]
        looked = [written(each, 2) if i >= query else "" for i, each in enumerate(weight[:, query].tolist())]
        assert piece.locator("small:first-child").all_text_contents() == looks
        assert piece.locator("small:last-child").all_text_contents() == looked
        for picture, values in ((".gc-above", weight[query]), (".gc-below", weight[:, query])):
            assert piece.locator(f"{picture} path").count() == (values >= 0.02).sum()

    def most(layer, n, query):
        return steps(q[layer, n] @ k[layer, n].mT, size)["weight"][query].argmax().item()

    shows(1, 0, "weight", T - 1, most(1, 0, T - 1))

    # from right to left: the first token, key and head stand at the right, and lines end over their tokens
    for places in (word, cell, piece.locator(".gc-heads .gc-choice")):
        assert places.nth(0).bounding_box()["x"] > places.nth(1).bounding_box()["x"]
    left = piece.locator(".gc-strip").bounding_box()["x"]
    middles = [box["x"] + box["width"] / 2 - left for box in (each.bounding_box() for each in word.all())]
    lines = piece.locator(".gc-above path").evaluate_all("all => all.map((each) => each.getAttribute('d'))")
    ends = [float(re.search(r" ([\d.]+),\d+$", line)[1]) for line in lines]
    assert all(any(abs(end - middle) < 7 for middle in middles) for end in ends) and max(ends) > middles[1] + 7
    first_row = (
        "(each) => [...each.getContext('2d').getImageData(0, 0, each.width, 1).data].filter((_, i) => i % 4 === 3)"
    )
    assert piece.locator("canvas").first.evaluate(first_row) == [0] * (T - 1) + [255]  # how opaque

    # by keys
    map_.focus()
    page.keyboard.press("End")
    shows(1, 0, "weight", T - 1, T - 1)
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):  # to the right is back
        page.keyboard.press(key)
    shows(1, 0, "weight", T - 3, T - 2)  # hidden by the mask
    head(1, 0).focus()
    page.keyboard.press("ArrowDown")
    shows(1, 1, "weight", T - 3, T - 2)
    choice.nth(3).locator("input").focus()
    for step in ("masked", "scaled", "product"):
        page.keyboard.press("ArrowUp")
        shows(1, 1, step, T - 3, T - 2)
    word.nth(T - 3).locator("input").focus()
    page.keyboard.press("ArrowDown")
    shows(1, 1, "product", T - 2, most(1, 1, T - 2))

    # by pointer
    head(0, 2).check()
    choice.nth(2).click()
    word.nth(1).hover()
    shows(0, 2, "masked", 1, most(0, 2, 1))
    cell.nth(4 * T + 3).hover()
    shows(0, 2, "masked", 4, 3)
    cell.nth(2 * T).tap()
    shows(0, 2, "masked", 2, 0)
    word.nth(4).tap()
    shows(0, 2, "masked", 4, most(0, 2, 4))


def test_two_in_a_page_do_not_share_their_buttons_and_without_mask_all_is_seen(tmp_path, reader):
    q, k = normal(1, 2, 4, 3), normal(1, 2, 4, 3, seed=1)
    make = lambda: attention_explorer(tokens=list("abcd"), scores=q @ k.mT, head_size=3, causal=False)  # noqa: E731
    page = reader.open(write_page(tmp_path, "en", [make, make]).as_uri(), scheme="dark")
    one, two = (wait_for_widget(page, "attention_explorer", number) for number in (0, 1))
    one.get_by_label("layer 0, head 1").check()
    assert two.get_by_label("layer 0, head 0").is_checked() and one.get_by_label("layer 0, head 1").is_checked()
    weight = steps(q[0, 1] @ k[0, 1].mT, 3, causal=False)["weight"]
    assert one.locator(".gc-map .gc-cell").all_text_contents() == [
        written(each, 2) for each in weight.flatten().tolist()
    ]
    assert one.locator(".gc-steps input").count() == 3 and one.locator(".gc-hidden").count() == 0


def test_hostile_and_many_tokens_are_text_and_do_not_hang(tmp_path, reader):
    tokens = [*HOSTILE, *(["word"] * 10_000)]
    scores = normal(48, 48).expand(len(tokens) // 48 + 1, -1, -1).reshape(-1, 48)[: len(tokens)]
    make = lambda: attention_explorer(tokens=tokens, q=scores, k=scores)  # noqa: E731
    path = write_page(tmp_path, "en", [make])
    page = reader.open(path.as_uri(), width=390)
    piece = wait_for_widget(page, "attention_explorer")
    assert f"first 48 of {len(tokens)} tokens" in piece.inner_text() and overflow(page) == 0
    assert page.evaluate("globalThis.hacked") is None and page.locator("img").count() == 0
    shown = piece.locator(".gc-words .gc-tok").all_text_contents()
    assert len(shown) == 48 and shown[2] == "␣abc" and shown[5] == "x" * 40 + "…" and shown[6] == "{layer}"
    assert piece.get_by_role("radio", name="4", exact=True).count() == 1  # an empty one has a name, too
    piece.locator(".gc-words input").first.check()
    assert piece.locator("[aria-live]").inner_text().count(HOSTILE[0][:40].replace(" ", "·")) == 2


def test_without_scripts_the_table_stays(tmp_path, reader):
    path = write_page(tmp_path, "fa", [lambda: attention_explorer(tokens=PERSIAN, q=normal(6, 2), k=normal(6, 2))])
    page = reader.open(path.as_uri(), width=390, scripts=False)
    first, second = page.get_by_role("row").nth(2).locator("td").all()[:2]
    assert page.get_by_role("row").count() == 7 and overflow(page) == 0
    assert float(first.inner_text()) + float(second.inner_text()) == pytest.approx(1, abs=0.011)
    assert first.bounding_box()["x"] > second.bounding_box()["x"]


def test_the_page_s_part_is_small():
    assert sum((host.FOLDER / f"attention_explorer.{kind}").stat().st_size for kind in ("js", "css")) <= 15 * 1024
