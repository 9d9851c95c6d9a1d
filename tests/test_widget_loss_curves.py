"""Loss curves: the numbers on screen are those of the records, while a model trains and afterwards, whatever ended it."""

import base64
import math
import random
import re
import types
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from javascript import call
from widget_pages import overflow, page_of, wait_for_widget, write_page

from gptcourse import labels
from gptcourse.training import Record
from gptcourse.widgets import growing, host, loss_curves
from gptcourse.widgets.loss_rows import Run, thinned

HOSTILE = "</script><img src=x onerror='globalThis.hacked = 1'>\"\u202eabc \ud800"
BASELINES = {"ln V": 4.1744, "bigram": 2.4561}


@pytest.fixture(autouse=True)
def stored(monkeypatch):
    monkeypatch.setenv("GPTCOURSE_STATIC", "1")


def history(steps=120, seed=0, every=20, size=64):
    rng = random.Random(seed)
    made = []
    for step in range(1, steps + 1):
        loss = 2 + 2.2 * math.exp(-4 * step / steps) + rng.gauss(0, 0.1)
        val, sample = (loss + rng.random() / 9, f"text {step} ") if step % every == 0 else (None, None)
        lr = 0.003 * min(step / 30, 1 - step / steps / 2)
        made.append(Record(step, step * size, loss, val, lr, rng.random(), sample and sample * (step // every)))
    return made


def mean(records, i):
    return fmean(record.train_loss for record in records[max(i - 19, 0) : i + 1])


# ---- Python


def test_the_state_holds_the_records_numbers_and_only_them():
    records = history()
    state = loss_curves(records, "GPT", baselines=BASELINES).state
    (run,) = state["runs"]
    assert (run["name"], run["count"], run["left"]) == ("GPT", 120, 0)
    assert state["baselines"] == [["ln V", 4.1744], ["bigram", 2.4561]]
    for i, (record, row) in enumerate(zip(records, run["rows"], strict=True)):
        assert row[:2] == [record.step, record.tokens_seen]
        assert row[2] == pytest.approx(record.train_loss, abs=5.1e-5)
        assert row[3] == pytest.approx(mean(records, i), abs=5.1e-5)
        assert row[4] == (record.val_loss and pytest.approx(record.val_loss, abs=5.1e-5))
        assert row[5] == pytest.approx(record.lr, rel=1e-3)
        assert row[6:] == ([] if record.sample is None else [[record.sample, 0]])


@given(st.lists(st.floats(width=16), max_size=60), st.integers(4, 20))
def test_few_points_keep_the_ends_and_the_extremes(values, most):
    kept = thinned(values, most)
    assert kept == sorted(set(kept)) and len(kept) <= max(most, 0)
    if values:
        assert {0, len(values) - 1} <= set(kept)
        finite = [value for value in values if not math.isnan(value)]
        if finite and len(finite) == len(values):
            chosen = [values[i] for i in kept]
            assert (min(chosen), max(chosen)) == (min(values), max(values))
    assert len(values) > most or kept == list(range(len(values)))


def test_a_long_run_is_thinned_and_a_long_text_cut():
    records = history(20_000, every=100)
    records[99] = Record(100, 6400, 9.5, 3.5, 0.1, 1.0, "x" * 5000)
    (run,) = loss_curves(records).state["runs"]
    losses = [row[2] for row in run["rows"]]
    assert len(losses) < 750 and run["count"] == 20_000 and 9.5 in losses
    assert sum(row[4] is not None for row in run["rows"]) >= 200
    assert [len(row) for row in run["rows"]].count(7) == 40 and run["left"] == 160
    assert run["rows"][-1][0] == 20_000 and run["rows"][-1][6][0].startswith("text 20000")
    assert next(row for row in run["rows"] if len(row) > 6)[6] == ["x" * 1000, 4000]
    assert len(host.to_json(run)) < 90_000


def test_fallback_and_plain_text_show_first_lowest_and_last():
    records = history()
    widget = loss_curves({"A": records[:50], "<b>": records}, baselines=BASELINES)
    assert widget.html() == loss_curves({"A": records[:50], "<b>": records}, baselines=BASELINES).html()
    assert "gptcourseWidgets" not in widget.html()
    for found in (records[:50], records):
        for values in ([(r.train_loss, r.step) for r in found], [(r.val_loss, r.step) for r in found if r.val_loss]):
            for loss, step in (values[0], min(values), values[-1]):
                assert f"{loss:.4f} ({step})" in widget.plain and f"{loss:.4f} ({step})" in widget.fallback
    assert "■ &lt;b&gt;" in widget.fallback and "<b>" not in widget.fallback
    assert "┄ ln V | baseline | 4.1744" in widget.plain
    assert widget.fallback.count("<polyline") == 6
    heights = [float(height) for _, height in re.findall(r"([\d.]+),([\d.]+)", widget.fallback.split("<polyline")[5])]
    means = [mean(records, i) for i in range(120)]
    unit = (heights[0] - heights[-1]) / (means[0] - means[-1])
    assert heights == pytest.approx([heights[0] + unit * (value - means[0]) for value in means], abs=0.2) and unit < 0


def test_what_is_not_finite_is_shown_and_passes():
    records = [types.SimpleNamespace(step=n, train_loss=math.nan if n == 3 else 2.0 + n) for n in range(1, 31)]
    (run,) = loss_curves(records).state["runs"]
    assert math.isnan(run["rows"][2][2]) and run["rows"][2][3] == 3.5
    assert run["rows"][0][1] is run["rows"][0][4] is run["rows"][0][5] is None
    widget = loss_curves([types.SimpleNamespace(step=1, train_loss=math.inf)])
    assert "inf (1)" in widget.plain and "nan" not in widget.fallback


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: loss_curves(5), TypeError, "A int holds no records"),
        (lambda: loss_curves("abc"), TypeError, "A str holds no records"),
        (lambda: loss_curves([1.5]), TypeError, "A float holds no records"),
        (lambda: loss_curves({"a": 1.5}), TypeError, "A float holds no records"),
        (lambda: list(loss_curves(iter([1.5]))), TypeError, "A float holds no records"),
        (lambda: loss_curves([]), ValueError, "no records"),
        (lambda: loss_curves({}), ValueError, "no records"),
        (lambda: loss_curves(history(5), beside={"b": []}), ValueError, "no records"),
        (lambda: loss_curves({str(n): history(5) for n in range(13)}), ValueError, "13 runs are too many .* 12"),
        (lambda: loss_curves([*history(5), *history(5)]), ValueError, "Step 1 comes after step 5"),
        (lambda: loss_curves(history(5), baselines={"a": "b"}), TypeError, "finite loss"),
        (lambda: loss_curves(history(5), baselines=4.17), TypeError, "baselines=4.17"),
        (lambda: loss_curves(history(5), baselines={"a": math.nan}), ValueError, "finite loss"),
    ],
)
def test_what_does_not_fit_is_named(call, error, said):
    with pytest.raises(error, match=said):
        call()


# ---- records on their way


def training(records, survives=True, stop_after=None):
    """As `train`: an interrupt ends the records."""
    try:
        for record in records:
            yield record
            if record.step == stop_after:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        if not survives:
            raise


def test_outside_a_notebook_the_records_pass_and_the_chart_is_printed_once(capsys):
    records = history(30)
    passed = loss_curves(iter(records), "GPT", beside={"earlier": history(40, 1)}, baselines=BASELINES)
    assert next(passed) is records[0]
    assert capsys.readouterr().out == ""
    assert list(passed) == records[1:]
    expected = loss_curves({"earlier": history(40, 1), "GPT": records}, baselines=BASELINES)
    assert capsys.readouterr().out == f"{expected}\n"
    assert list(loss_curves(iter([]))) == [] and capsys.readouterr().out == ""


def test_an_end_before_the_end_leaves_the_chart(capsys):
    records = history(30)
    assert list(loss_curves(training(records, stop_after=7), "GPT")) == records[:7]
    assert capsys.readouterr().out == f"{loss_curves({'GPT': records[:7]})}\n"
    with pytest.raises(KeyboardInterrupt):
        list(loss_curves(training(records, survives=False, stop_after=7), "GPT"))
    assert capsys.readouterr().out == f"{loss_curves({'GPT': records[:7]})}\n"
    for record in loss_curves(training(records), "GPT"):
        if record.step == 9:
            break
    assert capsys.readouterr().out == f"{loss_curves({'GPT': records[:9]})}\n"


@pytest.mark.parametrize("survives", [True, False, None])
def test_an_interrupt_that_meets_the_chart_is_handed_to_the_training(survives, capsys, monkeypatch):
    calls = iter(range(99))

    def update(self):
        if next(calls) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(growing.Growing, "update", update)
    records = history(30)
    watched = loss_curves(iter(records) if survives is None else training(records, survives), "GPT")
    if survives:
        assert list(watched) == records[:5]
    else:
        with pytest.raises(KeyboardInterrupt):
            list(watched)
    assert capsys.readouterr().out == f"{loss_curves({'GPT': records[:6]})}\n"


class Page:
    """What a notebook's page hears, with a clock of its own; each message takes `cost` seconds."""

    def __init__(self, monkeypatch, cost=0.0):
        self.now, self.cost, self.log, self.registered = 0.0, cost, [], []
        self.kernel, self.events = None, self  # what a notebook's shell has
        monkeypatch.setattr(growing, "is_static", lambda: False)
        monkeypatch.setattr(growing, "_shell", lambda: self)
        monkeypatch.setattr(growing, "_display", lambda what, **options: self.show("display", what))
        monkeypatch.setattr(host.Widget, "live", lambda widget: Live(self, widget))
        clock = types.SimpleNamespace(monotonic=lambda: self.now, thread_time=lambda: self.now)
        monkeypatch.setattr(growing, "time", clock)

    def show(self, how, what):
        self.log.append((how, what))
        return types.SimpleNamespace(update=lambda what: self.show("update", what))

    def register(self, event, function):
        self.registered.append((event, function))

    def unregister(self, event, function):
        self.registered.remove((event, function))


class Live:
    def __init__(self, page, widget):
        self.__dict__.update(page=page, state=widget.state)

    def __setattr__(self, name, value):
        self.__dict__[name] = value
        self.send(value, "state")

    def send(self, message, kind="news"):
        self.page.now += self.page.cost
        self.page.log.append((kind, self.page.now, message))

    def close(self):
        self.page.log.append(("close",))


def test_a_page_hears_of_every_record_a_few_times_a_second(monkeypatch):
    page = Page(monkeypatch)
    records = history(1000)
    for _ in loss_curves(iter(records), "GPT", beside={"earlier": history(30)}):
        page.now += 0.02
    kinds = [entry[0] for entry in page.log]
    assert kinds[0] == "display" and kinds[-2:] == ["update", "close"] and kinds.count("state") == 4
    times = [entry[1] for entry in page.log if entry[0] == "news"]
    assert 5 <= len(times) / 20 <= 10
    assert page.log[-2][1].state == loss_curves({"earlier": history(30), "GPT": records}).state
    assert page.registered == []
    # all messages, or any state and the messages after it, make the whole
    told = []
    for kind, _, message in page.log[1:-2]:
        if kind == "news":
            assert message["from"] == 1 + len(told)
            told += message["rows"]
        else:
            assert [run["name"] for run in message["runs"]] == ["earlier", "GPT"]
            assert message["runs"][1]["count"] == 1 + len(told)
    full = Run("GPT", records)
    assert told == [row.state() for row in full.rows[1 : 1 + len(told)]] and len(told) > 990


@pytest.mark.parametrize("cost", [0.001, 0.03, 0.5])
def test_dear_messages_are_few(monkeypatch, cost):
    page = Page(monkeypatch, cost)
    for _ in loss_curves(iter(history(2000))):
        page.now += 0.02
    messages = sum(entry[0] in ("news", "state") for entry in page.log)
    assert 1 < messages and (messages - 2) * cost <= 0.021 * page.now


# ---- JavaScript


def test_places_scales_and_lines(tmp_path):
    rng = random.Random(0)
    lists = [sorted(rng.sample(range(1000), rng.randint(1, 40))) for _ in range(300)]
    places = [rng.choice([rng.uniform(-50, 1050), rng.randint(0, 1000)]) for _ in lists]
    ranges = [[low, low + 10 ** rng.uniform(-6, 6)] for low in (rng.uniform(-5, 5) for _ in range(300))]
    values = [0, 0.1, 2.00005, -3.5, 0.0003, 1e-9, None, 12345.678]
    body = """({ lists, places, ranges, values }) => [
      lists.map((list, i) => m.nearest(list, places[i])),
      ranges.map((range) => m.ticks(range, 5)),
      [m.extent([3, NaN, -1, Infinity]), m.extent([2, 2]), m.extent([0]), m.extent([NaN])],
      m.line([[0, 1], [1, 2], [2, NaN], [3, 4], [4, 5.06]]),
      values.map(m.digits),
      m.nearest([1, 2, 3], Infinity),
    ]"""
    nearest, ticks, extents, line, digits, last = call(
        tmp_path, "loss_curves", body, {"lists": lists, "places": places, "ranges": ranges, "values": values}
    )
    assert nearest == [min(range(len(a)), key=lambda i: abs(a[i] - x)) for a, x in zip(lists, places, strict=True)]
    for (low, high), found in zip(ranges, ticks, strict=True):
        margin = 1e-8 * max(abs(low), abs(high), high - low)
        assert 2 <= len(found) <= 7 and low - margin <= found[0] and found[-1] <= high + margin
        steps = [b - a for a, b in zip(found, found[1:], strict=False)]
        assert max(steps) - min(steps) < 0.01 * max(steps) + 1e-7
    assert extents == [[-1, 3], [2, 2.2], [0, 0.1], [0, 1]]
    assert line == "M0.0 1.0L1.0 2.0M3.0 4.0L4.0 5.1"
    assert digits == ["0", "0.1000", "2.0000", "-3.5000", "0.0003", "1e-9", "–", "12345.6780"]
    assert last == 2


def test_messages_in_any_number_and_twice_make_the_rows(tmp_path):
    run = {"rows": [[1], [2]], "count": 2}
    messages = [(0, 1), (1, 3), (1, 5), (4, 5), (5, 9), (9, 9)]
    given = [{"from": start, "rows": [[n] for n in range(start + 1, end + 1)]} for start, end in messages]
    body = "({ run, given }) => { given.forEach((message) => m.append(run, message)); return run; }"
    assert call(tmp_path, "loss_curves", body, {"run": run, "given": given}) == {
        "rows": [[n] for n in range(1, 10)],
        "count": 9,
    }


# ---- in a page


def cells(piece):
    """The values at the cursor, a list for each run."""
    return [row.split("\t") for row in piece.locator("table").inner_text().split("\n")[1:]]


def expected(records, i, name=None, tokens=False):
    """The values of record i as they should stand on screen."""
    record = records[i]
    val = next((f"{each.val_loss:.4f} ({each.step})" for each in records[i::-1] if each.val_loss), "–")
    seen = [str(record.tokens_seen)] if tokens else []
    losses = [f"{record.train_loss:.4f}", f"{mean(records, i):.4f}", val]
    return [name, str(record.step), *seen, *losses, f"{float(f'{record.lr:.4g}')}"]


def drawn(piece, kind, run=0):
    """The points of a line of the picture."""
    path = piece.locator(f'path[data-line="{kind} {run}"]').get_attribute("d")
    return [[float(n) for n in point.split()] for point in re.split("[ML]", path)[1:]]


def test_on_screen_are_the_numbers_of_the_records(tmp_path, reader):
    records = history()
    path = write_page(tmp_path, "en", [lambda: loss_curves(records, "GPT", baselines=BASELINES)])
    page = reader.open(path.as_uri(), width=390)
    piece = wait_for_widget(page, "loss_curves")
    slider, plot = piece.get_by_role("slider"), piece.locator(".gc-plot")
    assert overflow(page) == 0
    assert cells(piece) == [expected(records, 119, "GPT")]
    assert piece.locator(".gc-text").inner_text() == records[119].sample

    # the lines are the numbers: one scale for losses, means and baselines
    points, losses = drawn(piece, 2), [record.train_loss for record in records]
    unit = (points[0][1] - points[-1][1]) / (losses[0] - losses[-1])
    at = lambda loss: points[0][1] + unit * (loss - losses[0])  # noqa: E731
    assert [y for _, y in points] == pytest.approx([at(loss) for loss in losses], abs=0.3)
    assert [y for _, y in drawn(piece, 3)] == pytest.approx([at(mean(records, i)) for i in range(120)], abs=0.3)
    assert [y for _, y in drawn(piece, 4)] == pytest.approx([at(r.val_loss) for r in records if r.val_loss], abs=0.3)
    assert [x for x, _ in drawn(piece, 4)] == [points[i][0] for i in range(19, 120, 20)]
    across = piece.locator('.gc-plot > svg > path[stroke-dasharray="2 4"]').evaluate_all(
        "all => all.map((each) => parseFloat(each.getAttribute('d').split(' ')[1]))"
    )
    assert across == pytest.approx([at(2.4561), at(4.1744)], abs=0.3)
    assert {"ln V", "bigram"} <= set(piece.locator(".gc-plot text").all_text_contents())
    assert "ln V 4.1744" in piece.locator(".gc-row").first.inner_text()

    # by keys
    slider.focus()
    for key, i in (("Home", 0), ("ArrowRight", 1), ("ArrowUp", 2), ("ArrowLeft", 1), ("End", 119)):
        page.keyboard.press(key)
        assert cells(piece) == [expected(records, i, "GPT")]
        assert f"training {records[i].train_loss:.4f}" in slider.get_attribute("aria-valuetext")
    # by the mouse and by touch of the picture
    box = plot.bounding_box()
    for i in (3, 57, 118):
        page.mouse.move(box["x"] + points[i][0], box["y"] + 90)
        assert cells(piece) == [expected(records, i, "GPT")]
    # samples: those up to the cursor; the strip of marks leads to them, and so do the buttons
    assert piece.locator(".gc-text").inner_text() == records[99].sample
    marks = piece.locator('.gc-plot path[fill="currentColor"]')
    assert marks.count() == 6
    marks.nth(1).hover()
    assert cells(piece) == [expected(records, 39, "GPT")]
    assert piece.locator(".gc-text").inner_text() == records[39].sample
    piece.get_by_role("button", name="Later").click()
    assert piece.locator(".gc-text").inner_text() == records[59].sample
    for i in (39, 19, 19):
        piece.get_by_role("button", name="Earlier").press("Enter")
        assert cells(piece) == [expected(records, i, "GPT")]
        assert piece.locator(".gc-text").inner_text() == records[i].sample
    assert piece.locator("[aria-live=polite]").inner_text().startswith("GPT · step 20")
    # tokens seen
    piece.get_by_role("combobox").select_option("tokens seen")
    slider.press("Home")
    slider.press("ArrowRight")
    assert cells(piece) == [expected(records, 1, "GPT", tokens=True)]
    assert "6K" in piece.locator(".gc-plot text").all_text_contents()


def test_several_runs_side_by_side_from_right_to_left(tmp_path, reader):
    runs = {"یک": history(60, 1, size=200), "B": history(120, 2), "C": history(90, 3, size=100)}
    page = reader.open(
        write_page(tmp_path, "fa", [lambda: loss_curves(runs.pop("C"), "C", beside=runs)]).as_uri(), scheme="dark"
    )
    runs["C"] = history(90, 3, size=100)
    piece = wait_for_widget(page, "loss_curves")
    slider = piece.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    assert cells(piece) == [expected(runs[name], len(runs[name]) - 1, name) for name in runs]
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert cells(piece) == [expected(records, min(99, len(records) - 1), name) for name, records in runs.items()]
    assert piece.locator(".gc-text").all_inner_texts() == [
        runs["یک"][59].sample,
        runs["B"][99].sample,
        runs["C"][79].sample,
    ]
    # at the same number of tokens they are at other steps
    piece.get_by_role("combobox").select_option(index=1)
    slider.press("Home")
    assert [row[2] for row in cells(piece)] == ["200", "64", "100"]
    ends = [drawn(piece, 2, n)[-1][0] for n in range(3)]
    assert ends[0] > ends[2] > ends[1]  # 12,000, 9,000 and 7,680 tokens


def test_hostile_text_is_text_and_much_does_not_hang(tmp_path, reader):
    records = history(20_000, every=10)
    records[-1] = Record(20_000, 10**9, math.nan, 2.0, 0.1, 1.0, HOSTILE * 1000)
    widget = lambda: loss_curves({HOSTILE: records, "x" * 10_000: history()}, baselines={HOSTILE: 3})  # noqa: E731
    page = reader.open(write_page(tmp_path, "en", [widget]).as_uri(), width=390)
    piece = wait_for_widget(page, "loss_curves")
    assert overflow(page) == 0 and page.evaluate("globalThis.hacked") is None and page.locator("img").count() == 0
    shown = piece.locator(".gc-text").first.inner_text()
    assert shown.startswith("</script><img src=x") and len(shown) <= 1000
    assert f"{1000 * len(HOSTILE) - 1000} more characters are not shown" in piece.inner_text()
    assert "1960 samples in between are left out" in piece.inner_text()
    assert cells(piece)[0][2] == "NaN"


def test_without_scripts_there_are_a_picture_and_a_table(tmp_path, reader):
    records = history()
    path = write_page(tmp_path, "hu", [lambda: loss_curves(records, "GPT")])
    page = reader.open(path.as_uri(), width=390, scripts=False)
    assert page.locator("figure svg").is_visible()
    assert page.get_by_text(f"{records[-1].train_loss:.4f} (120)").first.is_visible()


LIVE = """
async ({ source, state, messages, later }) => {
  const widget = (await import(`data:text/javascript;base64,${source}`)).default;
  const values = { state, selection: "{}" };
  const handlers = {};
  const model = {
    get: (name) => values[name], set() {}, save_changes() {}, send() {},
    on: (name, f) => { handlers[name] = f; }, off: (name) => { delete handlers[name]; },
  };
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  const end = widget.render({ model, el });
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const seen = () => [...el.querySelectorAll("tr:last-child :is(th, td)")].map((each) => each.textContent);
  const log = [];
  for (const message of messages) {
    handlers["msg:custom"]({ json: message });
    await frame();
    log.push(seen());
  }
  el.querySelector("input").value = 4; // the cursor stays where somebody put it
  el.querySelector("input").dispatchEvent(new Event("input"));
  values.state = later;
  handlers["change:state"]();
  await frame();
  log.push(seen());
  await end();
  return [log, Object.keys(handlers).length, el.querySelector('[data-line="2 0"]').getAttribute("d").split("L").length];
}
"""


def test_it_grows_in_a_page(tmp_path, reader):
    records = history(60, every=5)
    run = Run("GPT", records[:1])
    state, messages = loss_curves(records[:1], "GPT").state, []
    run.news()
    for end in (10, 40):
        for record in records[len(run.rows) : end]:
            run.add(record)
        messages.append(host.to_json(run.news()))
    path = tmp_path / "page.html"
    path.write_text(page_of("", labels.Labels("en")), encoding="utf-8")
    log, handlers, points = reader.open(path.as_uri()).evaluate(
        LIVE,
        {
            "source": base64.b64encode(host.linked("loss_curves").encode()).decode(),
            "state": host.to_json(state),
            "messages": messages,
            "later": host.to_json(loss_curves(records, "GPT").state),
        },
    )
    assert log == [expected(records, i, "GPT") for i in (9, 39, 4)]
    assert (handlers, points) == (0, 60)
