"""The course's figures: plain data in, a matplotlib figure out.

    plots.lines({"words": ([1, 2], [3, 4])}, title=…, x=…, y=…)
    plots.bars(["English", "Polski"], {"GPT-2": [9, 20]}, title=…)
    plots.heatmap([[1.0, 0.0], [0.3, 0.7]], ["he", "sees"], ["he", "sees"], title=…)
    plots.points({"people": [("king", 0.2, 1.3)], "foods": [("bread", -0.9, 0.1)]}, title=…)

A figure carries its own description (`alt`) with the numbers it shows. Jupyter gets that as the plain-text form of
the figure, so strict nbval compares the numbers of a figure like any other output. Nothing here saves or shows.
"""

import base64
import io
from itertools import cycle

import matplotlib
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")  # Okabe and Ito
MARKERS = "os^Dv"  # colour alone tells nothing to some readers
STYLE = {
    "font.size": 12,  # a figure 5 inches wide is 350 pixels wide on a phone: 12 points stay 12 pixels
    "axes.prop_cycle": matplotlib.cycler(color=COLOURS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "font.family": "DejaVu Sans",  # ships with matplotlib; has Cyrillic and Arabic letters
}
WIDTH = 5.0  # inches
DPI = 200  # of the stored picture
SHOWN_DPI = 110  # of the picture on the page


class Chart(Figure):
    """A figure that describes itself in words."""

    alt = ""

    def _repr_mimebundle_(self, include=None, exclude=None):
        drawn, small = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png", dpi=DPI)
        # 64 colours are enough for a chart and make a third of the bytes: pages stay light, and so does the repository
        Image.open(drawn).convert("RGB").quantize(64).save(small, format="png", optimize=True)
        width = round(self.get_figwidth() * SHOWN_DPI)
        data = {"image/png": base64.b64encode(small.getvalue()).decode("ascii"), "text/plain": self.alt}
        return data, {"image/png": {"width": width, "alt": self.alt}}

    def __repr__(self):
        return self.alt


def shape(label):
    """A label as this matplotlib draws it rightly: 3.11 joins and orders Persian letters itself, older ones do not."""
    if tuple(map(int, matplotlib.__version__.split(".")[:2])) >= (3, 11) or label.isascii():
        return label
    from arabic_reshaper import reshape
    from bidi.algorithm import get_display

    return get_display(reshape(label))


def _chart(title, height):
    chart = Chart(figsize=(WIDTH, height), layout="constrained")
    axes = chart.add_subplot()
    axes.set_title(shape(title), fontsize=13, wrap=True)
    return chart, axes


def lines(series, title, x, y, scale="linear"):
    """One line for each entry of `series`: {label: (xs, ys)}. `x` and `y` name the axes.

    scale="log" makes both axes logarithmic.
    """
    with rc_context(STYLE):
        chart, axes = _chart(title, height=3.6)
        for (label, (xs, ys)), marker in zip(series.items(), cycle(MARKERS), strict=False):
            axes.plot(xs, ys, label=shape(label), marker=marker, markersize=4)
        axes.set_xlabel(shape(x))
        axes.set_ylabel(shape(y))
        if scale == "log":
            axes.set(xscale="log", yscale="log")
        else:
            axes.set_ylim(bottom=0 if all(min(ys) >= 0 for _, ys in series.values()) else None)
            whole = all(float(x).is_integer() for xs, _ in series.values() for x in xs)
            axes.xaxis.set_major_locator(MaxNLocator(5, integer=whole))
        _legend(chart, series)
    described = [f"{label}: " + ", ".join(_at(xs, ys)) for label, (xs, ys) in series.items()]
    chart.alt = f"{_sentence(title)} {x} → {y}. " + "; ".join(described) + "."
    return chart


def _at(xs, ys, points=5):
    """A few points of a line in words, the ends among them."""
    last = len(xs) - 1
    chosen = sorted({round(i * last / (points - 1)) for i in range(points)}) if last else [0]
    return [f"{_number(xs[i])} → {_number(ys[i])}" for i in chosen]


def bars(names, series, title, x=""):
    """Horizontal bars, one group for each name, one bar in it for each entry of `series`: {label: values}."""
    thick = 0.8 / len(series)
    with rc_context(STYLE):
        chart, axes = _chart(title, height=1.4 + 0.34 * len(names) * max(len(series), 1.2))
        for n, (label, values) in enumerate(series.items()):
            places = [i + (n - (len(series) - 1) / 2) * thick for i in range(len(names))]
            drawn = axes.barh(
                places,
                values,
                thick * 0.9,
                label=shape(label),
                hatch="//" if n % 2 else None,
                edgecolor="white",
                linewidth=0,
            )
            axes.bar_label(drawn, [_number(value) for value in values], padding=3)
        axes.set_yticks(range(len(names)), [shape(name) for name in names])
        axes.invert_yaxis()
        axes.grid(False, axis="y")
        axes.margins(x=0.15)
        axes.set_xlabel(shape(x))
        _legend(chart, series)
    described = [
        f"{label}: " + ", ".join(f"{name} {_number(value)}" for name, value in zip(names, values, strict=True))
        for label, values in series.items()
    ]
    chart.alt = f"{_sentence(title)} " + "; ".join(described) + "."
    return chart


def heatmap(values, rows, columns, title, x="", y=""):
    """A table of numbers as a grid of colours, each number in its square where there are few: `values` (rows, columns)."""
    values = [[float(value) for value in row] for row in values]
    low, high = min(map(min, values)), max(map(max, values))
    few = len(rows) <= 8 and len(columns) <= 8
    with rc_context(STYLE):
        chart, axes = _chart(title, height=1.6 + 0.42 * min(len(rows), 12))
        axes.imshow(values, cmap="Blues", aspect="auto", vmin=low, vmax=high if high > low else low + 1)
        axes.grid(False)
        flat = few and sum(len(str(name)) + 2 for name in columns) <= 42  # else they would run into each other
        axes.set_xticks(range(len(columns)), [shape(str(name)) for name in columns], rotation=0 if flat else 90)
        axes.set_yticks(range(len(rows)), [shape(str(name)) for name in rows])
        axes.set_xlabel(shape(x))
        axes.set_ylabel(shape(y))
        axes.tick_params(labelsize=10, length=0)
        for i, row in enumerate(values if few else []):
            for j, value in enumerate(row):
                dark = value - low > 0.6 * (high - low)
                axes.text(j, i, _number(value), ha="center", va="center", color="white" if dark else "black", size=10)
    described = [f"{name}: " + " ".join(map(_number, row)) for name, row in zip(rows, values, strict=True)]
    chart.alt = f"{_sentence(title)} {', '.join(map(str, columns))}. " + "; ".join(described) + "."
    return chart


def points(groups, title, x="", y="", arrows=()):
    """Named points in the plane: {group: [(name, x, y), …]}, a colour and a marker for each group.

    arrows: pairs of names; each is drawn from the first point to the second.
    """
    places = {name: (px, py) for group in groups.values() for name, px, py in group}
    with rc_context(STYLE):
        chart, axes = _chart(title, height=4.6)
        for (label, group), marker in zip(groups.items(), cycle(MARKERS), strict=False):
            axes.scatter(
                [px for _, px, _ in group], [py for _, _, py in group], label=shape(label), marker=marker, s=28
            )
            for name, px, py in group:
                axes.annotate(shape(name), (px, py), xytext=(4, 4), textcoords="offset points", size=10)
        for start, end in arrows:
            axes.annotate("", places[end], places[start], arrowprops={"arrowstyle": "->", "color": "#888888"})
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.margins(0.12)
        axes.set_xlabel(shape(x))
        axes.set_ylabel(shape(y))
        _legend(chart, groups)
    described = [
        f"{label}: " + ", ".join(f"{name} ({_number(float(px))}, {_number(float(py))})" for name, px, py in group)
        for label, group in groups.items()
    ]
    chart.alt = f"{_sentence(title)} " + "; ".join(described) + "."
    return chart


def _legend(chart, labels):
    """The names of lines, bars or groups below the chart, where they cover nothing, as many in a row as fit."""
    if len(labels) > 1:
        widest = max(len(str(label)) for label in labels) + 5  # with its sign
        chart.legend(loc="outside lower center", ncols=max(1, min(len(labels), 54 // widest)))


def _sentence(title):
    return title if title[-1] in ".?!؟" else f"{title}."


def _number(value):
    return f"{value:.2f}" if isinstance(value, float) else str(value)
