"""Figures: what they say in words, and that every label is drawn."""

import base64

import matplotlib
import pytest

from gptcourse import plots


def texts(chart):
    """All texts drawn in a figure."""
    return [text.get_text() for text in chart.findobj(matplotlib.text.Text) if text.get_text()]


def test_bars_say_every_number_and_draw_every_name():
    chart = plots.bars(["English", "فارسی"], {"GPT-2": [1.125, 5.0], "own": [2, 3]}, title="Tokens")
    assert chart.alt == "Tokens. GPT-2: English 1.12, فارسی 5.00; own: English 2, فارسی 3."
    assert {"Tokens", "GPT-2", "own", "English", "فارسی", "1.12", "5.00", "2", "3"} <= set(texts(chart))


def test_lines_say_their_ends_and_points_between():
    chart = plots.lines({"words": (range(0, 101), range(0, 201, 2))}, title="How many?", x="read", y="seen")
    assert chart.alt == "How many? read → seen. words: 0 → 0, 25 → 50, 50 → 100, 75 → 150, 100 → 200."
    assert {"How many?", "read", "seen"} <= set(texts(chart))


def test_every_line_is_drawn_however_many():
    series = {f"line {n}": ([1, 2], [n, n]) for n in range(9)}
    chart = plots.lines(series, title="T", x="x", y="y")
    assert len(chart.axes[0].lines) == 9
    assert all(label in texts(chart) and label in chart.alt for label in series)


def test_a_line_of_one_point():
    assert plots.lines({"a": ([1], [2])}, title="T", x="x", y="y").alt == "T. x → y. a: 1 → 2."


def test_lines_below_zero_and_on_logarithmic_axes():
    below = plots.lines({"a": ([0, 1], [-2, 3])}, title="T", x="x", y="y")
    assert below.axes[0].get_ylim()[0] < -2
    chart = plots.lines({"a": ([1, 1000], [5, 2])}, title="T", x="x", y="y", scale="log")
    assert chart.axes[0].get_xscale() == chart.axes[0].get_yscale() == "log"


def test_heatmap_says_and_draws_every_number():
    chart = plots.heatmap([[1, 0], [0.25, 0.75]], ["he", "sees"], ["a", "b"], title="Weights", x="key", y="query")
    assert chart.alt == "Weights. a, b. he: 1.00 0.00; sees: 0.25 0.75."
    assert {"Weights", "he", "sees", "a", "b", "key", "query", "1.00", "0.00", "0.25", "0.75"} <= set(texts(chart))


def test_large_heatmap_has_no_numbers_in_it_and_an_even_one_is_no_error():
    names = [f"n{n}" for n in range(9)]
    assert "0.50" not in texts(plots.heatmap([[0.5] * 9] * 9, names, names, title="T"))


def test_points_are_named_and_arrows_drawn():
    groups = {"people": [("king", 0, 1), ("queen", 1, 1.5)], "foods": [("bread", -1, 0)]}
    chart = plots.points(groups, title="Map", arrows=[("king", "queen")])
    assert chart.alt == "Map. people: king (0.00, 1.00), queen (1.00, 1.50); foods: bread (-1.00, 0.00)."
    assert {"Map", "king", "queen", "bread", "people", "foods"} <= set(texts(chart))


def test_jupyter_gets_the_picture_and_the_words():
    chart = plots.bars(["a"], {"b": [1]}, title="T")
    data, metadata = chart._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == repr(chart) == metadata["image/png"]["alt"] == chart.alt
    assert metadata["image/png"]["width"] == 550


def test_the_same_data_gives_the_same_bytes():
    first, second = (plots.bars(["a"], {"b": [1]}, title="T")._repr_mimebundle_()[0] for _ in range(2))
    assert first == second


def test_drawing_changes_no_global_setting():
    before = dict(matplotlib.rcParams)
    plots.lines({"a": ([1, 2], [2, 3])}, title="T", x="x", y="y")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("version", ["3.11.0", "3.12.1"])
def test_new_matplotlib_gets_labels_as_they_are(monkeypatch, version):
    monkeypatch.setattr(matplotlib, "__version__", version)
    assert plots.shape("سلام") == "سلام"


def test_old_matplotlib_gets_joined_letters_in_visual_order(monkeypatch):
    monkeypatch.setattr(matplotlib, "__version__", "3.10.0")
    assert plots.shape("GPT-2") == "GPT-2"
    assert plots.shape("سلام") == "ﻡﻼﺳ"
