"""Loss curves: they grow while a model trains and stay as a chart that needs no kernel; several runs side by side.

    history = list(loss_curves(train(model, tokens, config, val_tokens), "GPT", baselines={"ln V": 4.17}))
    loss_curves({"bigram": other, "GPT": history})

Knows records of training (`gptcourse.training.Record`), nothing of models. How they become rows says `loss_rows`, how
a chart grows `growing`.
"""

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from html import escape

from gptcourse.labels import current, message
from gptcourse.widgets.growing import Growing
from gptcourse.widgets.host import Widget, table
from gptcourse.widgets.loss_rows import MEAN, Run, short, short_name

MOST_RUNS = 12
MOST_STILL = 200  # points of a line where no script runs
WIDTH, HEIGHT = 640, 240  # of the picture there

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito, as in base.css
SIGNS = "●■▲◆▼"  # each run has its own, drawn in loss_curves.js


def loss_curves(records, name=None, *, beside=None, baselines=None):
    """The loss curves of runs that are over, or of one that is going on.

    records: what `train` yields gives the same records back, one by one, and draws them meanwhile; an interrupt that
    `train` survives leaves its records and a complete chart. A list of records, or {name: list}, gives the finished
    chart. name: of the one run. beside: {name: list} of earlier runs to be compared with it. baselines: {name: loss},
    drawn as dotted lines across.

    A record needs `step`, rising, and `train_loss`; `tokens_seen`, `val_loss`, `lr` and `sample` are shown where there
    are any. At most 500 steps of a run are drawn, the ends and the smallest and largest loss of every stretch among
    them, and at most 40 samples, 1,000 characters of each.
    Raises TypeError for what are no records or baselines, ValueError for runs without any, more than 12, steps that go
    back and a baseline that is not finite.
    """
    baselines = _checked(baselines or {})
    runs = [Run(each, found) for each, found in (beside or {}).items()]
    if isinstance(records, Mapping):
        return _chart([*runs, *(Run(each, found) for each, found in records.items())], baselines)
    name = current()["widgets.loss_curves.this_run"] if name is None else name
    if isinstance(records, Iterable) and not isinstance(records, list | tuple | str | bytes):
        return _watched(records, [*runs, Run(name)], baselines)
    return _chart([*runs, Run(name, records)], baselines)


def _checked(baselines):
    try:
        found = [(short_name(name), float(value)) for name, value in baselines.items()]
    except (AttributeError, TypeError, ValueError):
        raise TypeError(message("errors.baselines", given=baselines)) from None
    if not all(math.isfinite(value) for _, value in found):
        raise ValueError(message("errors.baselines", given=baselines))
    return found


def _watched(records, runs, baselines):
    """The records, drawn as they come: they are those of the last run."""
    records, run, growing = iter(records), runs[-1], None
    earlier = [each.state() for each in runs[:-1]]
    try:
        for record in records:
            run.add(record)
            if growing is None:
                growing = Growing(lambda: _chart(runs, baselines), lambda: {"runs": [*earlier, run.state()]}, run.news)
            growing.update()
            yield record
    except KeyboardInterrupt:  # it met us, but it is `train` that knows how to stop
        if not hasattr(records, "throw"):
            raise
        with suppress(StopIteration):
            records.throw(KeyboardInterrupt())
    finally:
        if growing is not None:
            growing.end()


def _chart(runs, baselines):
    if not runs or not all(run.rows for run in runs):
        raise ValueError(message("errors.no_records"))
    if len(runs) > MOST_RUNS:
        raise ValueError(message("errors.many_runs", count=len(runs), most=MOST_RUNS))
    t = current()
    state = {"runs": [run.state() for run in runs], "mean": MEAN, "baselines": [[n, short(v)] for n, v in baselines]}
    header, rows = _table(t, runs, baselines)
    plain = "\n".join(" | ".join(row) for row in [header, *rows])
    return Widget("loss_curves", state, _figure(t, runs, baselines) + table(header, rows), plain)


# ---- what is shown where no script runs


def _table(t, runs, baselines):
    """First, lowest and last losses."""
    header = [t[f"widgets.loss_curves.{name}"] for name in ("run", "loss", "first", "lowest", "last")]
    rows = []
    for number, run in enumerate(runs):
        for name, label in (("loss", "train"), ("val", "val")):
            found = [(getattr(row, name), row.step) for row in run.rows if getattr(row, name) is not None]
            if found:
                lowest = min(found, key=lambda each: (not math.isfinite(each[0]), *each))
                ends = [f"{_shown(loss)} ({step})" for loss, step in (found[0], lowest, found[-1])]
                rows.append([f"{SIGNS[number % 5]} {run.name}", t[f"widgets.loss_curves.{label}"], *ends])
    label = t["widgets.loss_curves.baseline"]
    return header, rows + [[f"┄ {name}", label, _shown(value), "", ""] for name, value in baselines]


def _shown(value):
    return str(short(value)) if abs(value) < 0.1 else f"{value:.4f}"


def _figure(t, runs, baselines):
    """A picture of the lines. What cleans HTML keeps the table below it, but no picture."""
    steps = [run.rows[i].step for run in runs for i in (0, -1)]
    lines = [('stroke="currentColor" stroke-dasharray="2 4"', [(step, v) for step in steps]) for _, v in baselines]
    for n, run in enumerate(runs):
        for name, width in (("mean", 2.5), ("val", 1)):
            colour = COLOURS[(n + (name == "val" and len(runs) == 1)) % 6]
            points = [(run.rows[i].step, getattr(run.rows[i], name)) for i in run.drawn(name, MOST_STILL)]
            finite = [point for point in points if math.isfinite(point[1])]
            lines.append((f'stroke="{colour}" stroke-width="{width}"', finite))
    losses = [loss for _, line in lines for _, loss in line] or [0]
    left, right, low, high = min(steps), max(steps), min(losses), max(losses)

    def place(step, loss):
        x = 8 + (WIDTH - 16) * (step - left) / (right - left or 1)
        return f"{x:.1f},{HEIGHT - 8 - (HEIGHT - 16) * (loss - low) / (high - low or 1):.1f}"

    drawn = [f'<polyline points="{" ".join(place(*p) for p in line)}" fill="none" {style}/>' for style, line in lines]
    words = {"low": _shown(low), "high": _shown(high), "first": left, "last": right, "count": MEAN}
    caption = " ".join(t(f"widgets.loss_curves.{name}", **words) for name in ("lines", "axes"))
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" style="max-width:100%;height:auto" role="img" '
        f'aria-label="{escape(t["widgets.loss_curves.title"])}"><path d="M1 1V{HEIGHT - 1}H{WIDTH - 1}" fill="none" '
        f'stroke="currentColor"/>{"".join(drawn)}</svg><figcaption>{escape(caption)}</figcaption></figure>'
    )
