"""The map of embeddings: PCA, neighbours and analogies on screen are Python's."""

import json
import re

import pytest
import torch
from javascript import call
from widget_pages import HOSTILE_TOKENS, overflow, wait_for_widget, write_page

from gptcourse import embeddings, labels, tales
from gptcourse.widgets import embedding_map, host


def planted(lang="en", columns=32, seed=0):
    """Words of the tales, their categories, and random vectors that know a little of both."""
    kinds = tales.categories(lang)
    words, categories = zip(*((word, kind) for kind, found in kinds.items() for word in found), strict=True)
    generator = torch.Generator().manual_seed(seed)
    centres = {kind: torch.randn(columns, generator=generator) for kind in kinds}
    noise = torch.randn(len(words), columns, generator=generator)
    return list(words), torch.stack([centres[kind] for kind in categories]) + 0.7 * noise, list(categories)


def ranking(found, words):
    """Rows (word, cosine) as they should stand on screen."""
    return [[words[row], f"{value:.3f}"] for row, value in found]


def neighbours(vectors, row, words, count=8):
    found = embeddings.nearest(vectors, vectors[row], count + 1)
    return ranking([each for each in found if each[0] != row][:count], words)


def on_axes_of(last, vectors):
    """Coordinates by another way than gptcourse.embeddings': eigenvectors of the covariance, signs as there."""
    centred = (last - last.mean(dim=0)).double()
    axes = torch.linalg.eigh(centred.T @ centred).eigenvectors.flip(1)[:, :2]
    axes = axes * axes.gather(0, axes.abs().argmax(dim=0, keepdim=True)).sign()
    return (vectors.double() - last.double().mean(dim=0)) @ axes


def test_the_state_holds_places_on_the_last_snapshot_s_axes_and_every_number_of_the_vectors():
    words, last, categories = planted()
    first = last + torch.randn(last.shape, generator=torch.Generator().manual_seed(1))
    state = embedding_map(words, categories=categories, snapshots=[(0, first), ("end", last)]).state
    for found, vectors in zip(state["places"], (first, last), strict=True):
        assert torch.tensor(found).double().sub(on_axes_of(last, vectors)).abs().max() < 0.6 * 10 ** -state["digits"]
    assert state["shares"] == pytest.approx(embeddings.pca(last)[1].tolist(), abs=6e-4)
    assert torch.frombuffer(bytearray(state["vectors"]), dtype=torch.float32).equal(
        torch.stack([first, last]).flatten()
    )
    assert [state["names"][n] for n in state["category"]] == categories and state["moments"] == ["0", "end"]
    assert embedding_map(words, last).html() == embedding_map(words, last.tolist()).html()


def test_tables_with_more_columns_than_rows_become_smaller_and_keep_every_cosine():
    vectors = torch.randn(9, 700, generator=torch.Generator().manual_seed(2))
    state = embedding_map([str(n) for n in range(9)], vectors).state
    narrow = torch.frombuffer(bytearray(state["vectors"]), dtype=torch.float32).reshape(9, 9)
    assert state["columns"] == 700
    torch.testing.assert_close(narrow @ narrow.T, vectors @ vectors.T, rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("scale", [1e-6, 1e-2, 1, 1e4])
def test_places_have_digits_enough_at_every_scale(scale):
    words, vectors, _ = planted()
    state = embedding_map(words, vectors * scale).state
    expected = on_axes_of(vectors, vectors) * scale
    assert torch.tensor(state["places"][0]).double().sub(expected).abs().max() < 1e-3 * expected.abs().max()
    assert len(json.dumps(state["places"])) < 30 * len(words)


def test_the_fallback_and_the_plain_text_show_the_initial_numbers():
    words, vectors, categories = planted()
    widget = embedding_map(words, vectors, categories)
    other, cosine = neighbours(vectors, 0, words)[0]
    x, y = (f"{value:.{widget.state['digits']}f}" for value in embeddings.pca(vectors)[0][0].tolist())
    rest = labels.current()("widgets.common.more", count=len(words) - 20)
    for text in (widget.fallback, widget.plain):
        for piece in (words[0], categories[0], x, y, other, cosine, rest):
            assert piece in text
    assert widget.fallback.count("<tr>") == 21
    assert "category" not in embedding_map(words, vectors).fallback


def test_only_so_many_words_are_taken_and_hostile_ones_stay_text():
    words = [*HOSTILE_TOKENS, *map(str, range(10_000))]
    widget = embedding_map(words, torch.randn(len(words), 4, generator=torch.Generator().manual_seed(0)), words)
    assert len(widget.state["words"]) == 300 and widget.state["count"] == len(words)
    assert "<script>" not in widget.fallback and "xxxxxxxxxxxxxxxxxxxxxxxxxx" not in widget.fallback
    widget.html().encode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "either vectors or snapshots"),
        ({"vectors": torch.eye(3), "snapshots": [("", torch.eye(3))]}, "either vectors or snapshots"),
        ({"vectors": torch.eye(4)}, "4 rows for 3 words"),
        ({"vectors": torch.ones(3)}, r"not \(3,\)"),
        ({"vectors": torch.ones(3, 1)}, "at least as many rows and columns"),
        ({"vectors": torch.eye(3) * torch.nan}, "NaN or infinite"),
        ({"vectors": torch.eye(3), "categories": "ab"}, "2 categories for 3 words"),
        ({"vectors": torch.eye(3), "chosen": "queen"}, "'queen' is not among"),
        ({"vectors": torch.eye(3), "analogy": ("a", "b")}, "three words, not 2"),
        ({"snapshots": [("", torch.eye(3)), ("", torch.ones(3, 4))]}, r"\(3, 3\), \(3, 4\)"),
    ],
)
def test_what_does_not_fit_is_named(given, said):
    with pytest.raises(ValueError, match=said):
        embedding_map(["a", "b", "c"], **given)


def test_the_first_word_and_analogy_can_be_chosen():
    state = embedding_map(["a", "b", "c", "d"], torch.eye(4), chosen="c", analogy=("d", "b", "a")).state
    assert (state["chosen"], state["analogy"]) == (2, [3, 1, 0])
    state = embedding_map(["a", "b"], torch.eye(2)).state
    assert (state["chosen"], state["analogy"]) == (0, [0, 1, 1])


def test_neighbours_and_analogies_are_those_of_python(tmp_path):
    generator = torch.Generator().manual_seed(3)
    cases = []
    for number in range(120):
        rows, columns = [(2, 2), (7, 3), (60, 16), (20, 40)][number % 4]
        table = torch.randn(rows, columns, generator=generator) * [1e-3, 1, 50][number % 3]
        if number % 5 == 0:
            table[0] = 0
        terms = torch.randint(rows, (3,), generator=generator).tolist()
        cases.append({"table": table.tolist(), "terms": terms})
    body = """(cases) => cases.map(({ table, terms }) => {
      const flat = Float32Array.from([...table, ...table].flat()).buffer;
      const [, rows] = m.tables(flat, table.length, 2);
      return [m.nearest(rows, rows[terms[0]], 5), m.analogy(rows, terms, 5), m.analogy(rows, terms, 99, true)];
    })"""
    for case, found in zip(cases, call(tmp_path, "embedding_map", body, cases), strict=True):
        table, (a, b, c) = torch.tensor(case["table"]), case["terms"]
        everything = embeddings.analogy(table, a, b, c, len(table))
        allowed = [each for each in everything if each[0] not in (a, b, c)]
        for ours, theirs in zip(found, (embeddings.nearest(table, table[a], 5), everything[:5], allowed), strict=True):
            assert [value for _, value in ours] == pytest.approx([value for _, value in theirs], abs=2e-6)
            cosines = embeddings.cosine(table, table[a] if ours is found[0] else table[a] - table[b] + table[c])
            rows = [row for row, _ in ours]  # their order may differ where cosines are equal
            assert len({*rows}) == len(rows)
            assert [value for _, value in ours] == pytest.approx(cosines[rows].tolist(), abs=2e-6)


def test_the_next_word_in_a_direction_and_names_that_cover_nothing(tmp_path):
    places = [[0, 0], [1, 0.1], [3, 0], [0.1, 2], [-1, -1]]
    body = """({ places, names }) => [
      [[1, 0], [-1, 0], [0, 1], [0, -1]].map((way) => m.towards(places, 0, way, [0, 1, 2, 3, 4])),
      [m.towards(places, 2, [1, 0], [0, 1, 2]), m.towards(places, 0, [1, 0], [0, 2])],
      m.uncovered(names),
    ]"""
    names = [{"left": left, "top": top, "width": 10} for left, top in [(0, 0), (5, 5), (10, 0), (5, 14), (5, 20)]]
    assert call(tmp_path, "embedding_map", body, {"places": places, "names": names}) == [
        [1, 4, 3, 4],
        [2, 2],
        [True, False, True, True, False],
    ]


def rows_of(table):
    return [row.split("\t") for row in table.inner_text().split("\n")[1:]]


def places_of(piece):
    """Where the points are drawn."""
    moves = piece.locator(".gc-frame path").evaluate_all("all => all.map((each) => each.style.transform)")
    return torch.tensor([[float(n) for n in re.findall(r"-?[\d.e-]+(?=px)", move)] for move in moves]).double()


def test_on_screen_it_moves_and_shows_python_s_numbers(tmp_path, reader):
    words, last, categories = planted("fa")
    first = last + 1.5 * torch.randn(last.shape, generator=torch.Generator().manual_seed(1))
    path = write_page(
        tmp_path, "fa", [lambda: embedding_map(words, categories=categories, snapshots=[(0, first), (900, last)])]
    )
    page = reader.open(path.as_uri(), width=390, has_touch=True)
    piece = wait_for_widget(page, "embedding_map")
    t = labels.Labels("fa")
    label = lambda name: t[f"widgets.embedding_map.{name}"]  # noqa: E731
    near, answers = piece.locator("table").all()
    select = {name: piece.get_by_label(name, exact=True) for name in (label("word"), "a", "b", "c")}
    chosen, said = select[label("word")], piece.locator("[aria-live]")
    map_ = piece.get_by_role("application")
    x, y = (f"{100 * share:.1f}" for share in embeddings.pca(last)[1].tolist())
    assert t("widgets.embedding_map.variance", columns=32, x=x, y=y) in piece.inner_text()
    assert overflow(page) == 0

    # places: the map is the coordinates, turned upside down and made larger
    def drawn_as(vectors):
        places, coordinates = places_of(piece), on_axes_of(last, vectors)
        size = (places[:, 0].max() - places[:, 0].min()) / (coordinates[:, 0].max() - coordinates[:, 0].min())
        flipped = coordinates * torch.tensor([1, -1]) * size
        return (places - places.mean(0) - flipped + flipped.mean(0)).abs().max() < 0.2

    assert drawn_as(last) and not drawn_as(first)

    # neighbours: by the list, by the keys, by a click on a point
    def is_chosen(row, vectors=last):
        assert chosen.input_value() == str(row) and words[row] in said.inner_text()
        assert rows_of(near) == neighbours(vectors, row, words)
        for value in on_axes_of(last, vectors)[row].tolist():
            assert f"{value:.3f}" in said.inner_text()

    is_chosen(0)
    middle = places_of(piece)[:, 1].argsort()[len(words) // 2].item()
    chosen.select_option(str(middle))
    is_chosen(middle)
    map_.focus()
    page.keyboard.press("ArrowDown")
    below = int(chosen.input_value())
    assert places_of(piece)[below, 1] > places_of(piece)[middle, 1]
    is_chosen(below)
    lonely = torch.cdist(places_of(piece), places_of(piece)).fill_diagonal_(99).min(1).values.argmax().item()
    x, y = places_of(piece)[lonely].tolist()
    map_.click(position={"x": x, "y": y})
    is_chosen(lonely)
    assert piece.locator(".gc-meant").all_text_contents() == [words[lonely]]

    # analogies
    for name, row in zip("abc", (5, 9, 12), strict=True):
        select[name].select_option(str(row))
    everything = embeddings.analogy(last, 5, 9, 12, len(words))
    assert rows_of(answers) == ranking(everything[:8], words)
    piece.get_by_label(label("leave_out")).check()
    assert rows_of(answers) == ranking([each for each in everything if each[0] not in (5, 9, 12)][:8], words)

    # time
    piece.get_by_label(label("moment")).first.focus()
    page.keyboard.press("ArrowRight")  # from right to left: the way back
    assert drawn_as(first) and not drawn_as(last)
    is_chosen(lonely, first)
    page.keyboard.press("ArrowLeft")
    is_chosen(lonely)

    # zoom: keys, buttons, wheel, two fingers; the whole map again
    wide = lambda: (places_of(piece)[:, 0].max() - places_of(piece)[:, 0].min()).item()  # noqa: E731
    whole = wide()
    piece.get_by_label(label("zoom_in")).click()
    assert wide() == pytest.approx(1.25 * whole, rel=1e-3)
    map_.focus()
    page.keyboard.press("-")
    assert wide() == pytest.approx(whole, rel=1e-3)
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    assert wide() > 1.5 * whole
    before = places_of(piece)
    page.mouse.down()
    page.mouse.move(middle[0] + 30, middle[1] - 20)
    page.mouse.up()
    assert places_of(piece).sub(before).sub(torch.tensor([30, -20])).abs().max() < 0.1
    piece.get_by_role("button", name=label("whole")).click()
    assert wide() == pytest.approx(whole, rel=1e-3)
    touch = page.context.new_cdp_session(page)
    for kind, gap in (("touchStart", 30), ("touchMove", 45), ("touchMove", 60)):
        fingers = [{"x": middle[0] + side * gap, "y": middle[1], "id": n} for n, side in enumerate((-1, 1))]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert wide() == pytest.approx(2 * whole, rel=0.02)

    # a category goes, and nothing else
    piece.locator(".gc-legend").get_by_label(categories[0]).uncheck()
    hidden = piece.locator(".gc-frame path").evaluate_all("all => all.map((each) => each.style.visibility)")
    assert [each == "hidden" for each in hidden] == [each == categories[0] for each in categories]


def test_hostile_words_are_text_and_many_do_not_hang(tmp_path, reader):
    words = [*HOSTILE_TOKENS, *map(str, range(10_000))]
    vectors = torch.randn(len(words), 8, generator=torch.Generator().manual_seed(0))
    path = write_page(tmp_path, "en", [lambda: embedding_map(words, vectors, words, chosen=HOSTILE_TOKENS[0])])
    page = reader.open(path.as_uri(), width=390)
    piece = wait_for_widget(page, "embedding_map")
    assert piece.locator("[aria-live]").inner_text().startswith("</script><script>globalT")
    assert page.evaluate("globalThis.hacked") is None
    assert f"300 of {len(words)} words" in piece.inner_text()
    assert page.locator("b[onload]").count() == 0 and overflow(page) == 0
    shown = piece.locator(".gc-frame text").all_text_contents()
    assert shown[2] == "␣abc" and shown[5] == "x" * 24 + "…" and len(shown) == 300


def test_without_scripts_the_table_stays(tmp_path, reader):
    words, vectors, categories = planted("hu")
    path = write_page(tmp_path, "hu", [lambda: embedding_map(words, vectors, categories)])
    page = reader.open(path.as_uri(), width=390, scripts=False)
    assert page.get_by_role("row").count() == 21
    assert page.get_by_text(neighbours(vectors, 0, words)[0][1]).first.is_visible()


def test_the_page_s_part_is_small():
    assert sum((host.FOLDER / f"embedding_map.{kind}").stat().st_size for kind in ("js", "css")) <= 15 * 1024
