"""Records of training as rows of numbers, and the few of them that a chart draws. Knows no chart."""

import math
from collections import deque
from collections.abc import Iterable
from statistics import fmean
from typing import NamedTuple

from gptcourse.labels import message

MEAN = 20  # steps over which the smooth line is the mean
MOST_ROWS = 500  # of a run in the page, and as many again of those with a validation loss
MOST_SAMPLES = 40  # of a run
MOST_CHARACTERS = 1000  # of a sample
MOST_LETTERS = 40  # of a name


class Row(NamedTuple):
    """What a chart shows of a record."""

    step: int
    tokens: int | None
    loss: float
    mean: float  # of the last MEAN losses that are finite
    val: float | None
    lr: float | None
    sample: str | None

    def state(self, with_sample=True):
        """As loss_curves.js reads it: numbers shortened and, if there is one, [sample, how many characters were cut]."""
        text = self.sample if with_sample else None
        cut = [] if text is None else [[text[:MOST_CHARACTERS], max(len(text) - MOST_CHARACTERS, 0)]]
        return [*map(short, self[:-1]), *cut]


class Run:
    """A name and a row for each record."""

    def __init__(self, name, records=()):
        if not isinstance(records, Iterable) or isinstance(records, str | bytes):
            raise TypeError(message("errors.not_records", given=type(records).__name__))
        self.name = short_name(name)
        self.rows = []
        self._last = deque(maxlen=MEAN)
        self._told = 0  # rows that the page knows of
        for record in records:
            self.add(record)

    def add(self, record):
        try:
            step, loss = int(record.step), float(record.train_loss)
        except (AttributeError, TypeError, ValueError):
            raise TypeError(message("errors.not_records", given=type(record).__name__)) from None
        if self.rows and step <= self.rows[-1].step:
            raise ValueError(message("errors.steps_back", step=step, before=self.rows[-1].step))
        tokens, val, lr, sample = (getattr(record, each, None) for each in ("tokens_seen", "val_loss", "lr", "sample"))
        if math.isfinite(loss):  # one NaN should not be seen MEAN times
            self._last.append(loss)
        self.rows.append(
            Row(
                step=step,
                tokens=None if tokens is None else int(tokens),
                loss=loss,
                mean=fmean(self._last) if self._last else loss,
                val=None if val is None else float(val),
                lr=None if lr is None else float(lr),
                sample=None if sample is None else str(sample),
            )
        )

    def state(self):
        """What the page needs: the rows that are drawn."""
        self._told = len(self.rows)
        written = [i for i, row in enumerate(self.rows) if row.sample is not None]
        samples = {written[i] for i in _spread(len(written), MOST_SAMPLES)}
        kept = sorted({*self.drawn("loss"), *self.drawn("val"), *samples})
        return {
            "name": self.name,
            "count": len(self.rows),
            "rows": [self.rows[i].state(i in samples) for i in kept],
            "left": len(written) - len(samples),
        }

    def news(self):
        """The rows that the page does not know yet."""
        start, self._told = self._told, len(self.rows)
        return {"from": start, "rows": [row.state() for row in self.rows[start:]]}

    def drawn(self, name, most=MOST_ROWS):
        """Numbers of the rows that make a line of at most so many points of what has this name."""
        values = {i: getattr(row, name) for i, row in enumerate(self.rows) if getattr(row, name) is not None}
        numbers = list(values)
        return [numbers[i] for i in thinned(list(values.values()), most)]


def thinned(values, most):
    """Positions of at most so many values: the ends, and the smallest and the largest of stretches of equal length.

    All positions if they are few enough. A NaN counts as large: it should be seen.
    """
    count = len(values)
    if count <= most:
        return list(range(count))
    size = [math.inf if math.isnan(value) else value for value in values].__getitem__
    borders = [1 + position for position in _spread(count - 1, most // 2)]
    kept = {0, count - 1}
    for start, end in zip(borders, borders[1:], strict=False):
        kept |= {min(range(start, end), key=size), max(range(start, end), key=size)}
    return sorted(kept)


def _spread(count, most):
    """At most so many positions, evenly spread, the ends among them."""
    return range(count) if count <= most else [i * (count - 1) // (most - 1) for i in range(most)]


def short(value):
    """A number with four digits behind the point, or four that count if it is small; whole ones as they are."""
    if value is None or isinstance(value, int) or not math.isfinite(value):
        return value
    return float(f"{value:.4f}" if abs(value) >= 0.1 else f"{value:.4g}")


def short_name(name):
    """A run's name as it is shown: its first letters, if there are many."""
    return str(name) if len(str(name)) <= MOST_LETTERS else f"{str(name)[:MOST_LETTERS]}…"
