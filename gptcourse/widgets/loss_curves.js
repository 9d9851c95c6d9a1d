// Loss curves: lines over steps or tokens, and a cursor that reads off values and shows what the model wrote by then.
// Knows runs {name, count, rows, left} and rows as loss_rows.py writes them; more rows come as messages {from, rows}
// during a training. Computes no loss.

import { button, fill, h, svg } from "./dom.js";

const [STEP, TOKENS, LOSS, MEAN, VAL, RATE, SAMPLE] = [0, 1, 2, 3, 4, 5, 6]; // of a row
const COLOURS = ["blue", "orange", "green", "pink", "yellow", "sky"].map((name) => `var(--gc-${name})`);
const DASHES = ["", "9 4", "3 3", "9 3 2 3"];
const MARKS = [
  "M4 0A4 4 0 1 1-4 0A4 4 0 1 1 4 0", // circle, square, triangle, diamond, triangle
  "M-3.5-3.5h7v7h-7z",
  "M0-5 4.5 3.5h-9z",
  "M0-5 5 0 0 5-5 0z",
  "M0 5 4.5-3.5h-9z",
];
const LEFT = 50, RIGHT = 12, TOP = 22, HEIGHT = 230, LOW_HEIGHT = 70, STRIP = 24; // pixels of the picture

// The position of the sorted number that is nearest to x, the lower of two that are equally near.
export function nearest(sorted, x) {
  let low = 0, high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x - sorted[middle] > sorted[middle + 1] - x) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Round numbers from low to high, about as many as wanted.
export function ticks([low, high], wanted) {
  const ten = 10 ** Math.floor(Math.log10((high - low) / wanted));
  const step = ten * [1, 2, 5, 10].find((factor) => factor * ten * wanted >= 0.999 * (high - low));
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) found.push(Number((i * step).toPrecision(9)));
  return found;
}

// The smallest and the largest finite number, a little apart if they are equal.
export function extent(values) {
  const finite = values.filter(Number.isFinite);
  if (!finite.length) return [0, 1];
  const low = finite.reduce((a, b) => Math.min(a, b)), high = finite.reduce((a, b) => Math.max(a, b));
  return low < high ? [low, high] : [low, low + (Math.abs(low) || 1) / 10];
}

// A line through the points; it is broken where one has no place.
export function line(points) {
  let path = "", pen = "M";
  for (const [x, y] of points) {
    const here = Number.isFinite(y);
    if (here) path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = here ? "L" : "M";
  }
  return path;
}

// Puts rows of a run that is going on after those it has; one that comes twice counts once.
export function append(run, { from, rows }) {
  run.rows.push(...rows.slice(Math.max(run.count - from, 0)));
  run.count = Math.max(run.count, from + rows.length);
}

// A number with four digits behind the point, or as it came if it is small.
export function digits(value) {
  return Number.isFinite(value) && Math.abs(value) >= 0.1 ? value.toFixed(4) : String(value ?? "–");
}

const scale = ([low, high], [from, to]) => (value) => from + ((value - low) / (high - low)) * (to - from);
const ltr = (text) => h("bdi", { dir: "ltr" }, text);
const note = (...children) => h("p", { class: "gc-note" }, ...children);
const region = (name) => ({ tabindex: 0, role: "group", "aria-label": name }); // may have to be scrolled
const named = (name) => h("bdi", { class: "gc-name" }, name);

export function render({ model, el }) {
  const labels = model.get("labels");
  const baselines = [...model.get("baselines")].sort((a, b) => a[1] - b[1]);
  const mean = fill(labels.smooth, { count: model.get("mean") });
  const columns = [[STEP, labels.step], [TOKENS, labels.tokens], [LOSS, labels.train], [MEAN, mean], [VAL, labels.val], [RATE, labels.lr]];
  let runs, x = STEP; // what stands on the horizontal axis: a place in a row
  let cursor = null; // a place on that axis; null: the end, wherever it moves
  let positions, marked, X, Y; // what the last drawing drew: all places, those with samples, and where they are
  const has = (field) => runs.some((run) => run.rows.some((row) => row[field] != null));

  // ---- parts of the page

  const holder = h("div", { class: "gc-plot", dir: "ltr", onpointermove: follow, onpointerdown: follow });
  const here = svg("g"); // the cursor in the picture
  const legend = h("div", { class: "gc-row" });
  const slide = () => put(positions[input.value]); // every place is one step of the slider
  const input = h("input", { type: "range", min: 0, dir: "ltr", "aria-label": labels.cursor, oninput: slide });
  const axis = h("select", { onchange() {
    x = this.selectedIndex ? TOKENS : STEP;
    cursor = null;
    draw();
  } }, ...[labels.steps, labels.tokens].map((name) => h("option", {}, name)));
  const horizontal = h("label", { class: "gc-row" }, labels.horizontal, axis);
  const values = h("table");
  const texts = h("div", { class: "gc-texts" });
  const left = note();
  const samples = h("div", { class: "gc-samples" },
    h("div", { class: "gc-row" }, h("b", {}, labels.samples), button(labels.before, () => turn(-1)), button(labels.after, () => turn(1))),
    texts, left);

  // ---- drawing

  // How a line of one kind looks, of the run number i or, in the legend of several runs, of any.
  function look(kind, i) {
    const stroke = i === undefined ? "currentColor" : COLOURS[(i + (kind === VAL && runs.length === 1)) % 6];
    const dashes = kind === MEAN || kind === RATE ? DASHES[(i ?? 0) % 4] : "";
    return { fill: "none", stroke, "stroke-width": kind === MEAN ? 2.5 : 1.2, "stroke-dasharray": dashes, opacity: kind === LOSS ? 0.6 : 1 };
  }

  const mark = (i, x, y, fill) => svg("path", { d: MARKS[i % 5], transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, fill });

  // A piece of a line for the legend; with the mark of run i.
  function swatch(style, i) {
    const drawn = svg("svg", { width: 30, height: 12, "aria-hidden": "true" }, svg("path", { d: "M0 6H30", ...style }));
    if (i !== undefined) drawn.append(mark(i, 15, 6, style.stroke));
    return drawn;
  }

  const dotted = { stroke: "currentColor", "stroke-dasharray": "2 4", "stroke-width": 1.5 };
  const label = (x, y, anchor, text) => svg("text", { x, y: y + 4, "text-anchor": anchor }, text);

  // Draws kinds of lines of all runs, with their axis; gives the scale of that axis.
  function panel(picture, width, kinds, top, height, title, across) {
    const lines = runs.flatMap((run, i) => kinds.map((kind) => {
      return { i, kind, points: run.rows.filter((row) => row[kind] != null).map((row) => [X(row[x]), row[kind]]) };
    }));
    const ends = extent([...lines.flatMap(({ points }) => points.map(([, y]) => y)), ...across.map(([, y]) => y)]);
    const Y = scale(ends, [top + height - 4, top + 4]);
    const level = (y) => `M${LEFT} ${Y(y).toFixed(1)}H${width - RIGHT}`;
    picture.append(label(4, top - 12, "start", title), svg("path", { class: "gc-axis", d: `M${LEFT} ${top}v${height}H${width - RIGHT}` }));
    for (const y of ticks(ends, height / 35)) {
      picture.append(svg("path", { class: "gc-grid", d: level(y) }), label(LEFT - 5, Y(y), "end", y));
    }
    across.forEach(([name, y], n) => {
      const end = width - RIGHT - (n % 2) * 0.4 * width; // of a name: neighbours should not cover each other
      picture.append(svg("path", { ...dotted, d: level(y) }));
      picture.append(label(end, Y(y) < top + 18 ? Y(y) + 11 : Y(y) - 9, "end", name));
    });
    for (const { i, kind, points } of lines) {
      const places = points.map(([x, y]) => [x, Y(y)]);
      picture.append(svg("path", { d: line(places), "data-line": `${kind} ${i}`, ...look(kind, i) }));
      const every = Math.ceil((16 * places.length) / width); // marks should not become a band
      const some = kind === VAL ? places.filter(([, y], n) => n % every === 0 && Number.isFinite(y)) : [];
      picture.append(...some.map(([x, y]) => mark(i, x, y, look(kind, i).stroke)));
    }
    return Y;
  }

  function draw() {
    const width = Math.max(holder.clientWidth || 640, 240);
    const sorted = (rows) => [...new Set(rows.map((row) => row[x]))].sort((a, b) => a - b);
    positions = sorted(runs.flatMap((run) => run.rows));
    marked = sorted(runs.flatMap((run) => run.rows.filter((row) => row[SAMPLE])));
    const ends = extent(positions);
    X = scale(ends, [LEFT, width - RIGHT]);
    const bottom = TOP + HEIGHT, numbers = bottom + (marked.length ? STRIP : 0) + 12, low = numbers + 36;
    const height = has(RATE) ? low + LOW_HEIGHT + 2 : numbers + 8;
    const picture = svg("svg", { width, height, role: "img", "aria-label": labels.title });
    Y = panel(picture, width, [LOSS, VAL, MEAN], TOP, HEIGHT, labels.loss, baselines);
    if (has(RATE)) panel(picture, width, [RATE], low, LOW_HEIGHT, labels.lr, []);
    const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
    for (const each of ticks(ends, width / 75)) {
      picture.append(svg("path", { class: "gc-axis", d: `M${X(each).toFixed(1)} ${bottom}v5` }), label(X(each), numbers, "middle", compact.format(each)));
    }
    picture.append(...marked.map((each) => svg("path", { d: `M${X(each).toFixed(1)} ${bottom + 7}l6 12h-12z`, fill: "currentColor" })));
    picture.append(here);
    holder.replaceChildren(picture);

    const kinds = columns.slice(LOSS, RATE).filter(([kind]) => has(kind)).map(([kind, name]) =>
      h("span", {}, swatch(look(kind, runs.length > 1 ? undefined : 0), kind === VAL ? 0 : undefined), name));
    const across = baselines.map(([name, value]) => h("span", {}, swatch(dotted), named(name), " ", ltr(digits(value))));
    legend.replaceChildren(...kinds, ...across);
    horizontal.hidden = runs.some((run) => run.rows.some((row) => row[TOKENS] === null));
    samples.hidden = !marked.length;
    const more = runs.reduce((sum, run) => sum + run.left, 0);
    left.textContent = more ? fill(labels.left, { count: more }) : "";
    input.max = positions.length - 1;
    put(cursor);
  }

  // ---- reading off

  function follow(event) {
    const box = holder.getBoundingClientRect();
    const below = event.clientY - box.top - TOP - HEIGHT;
    const among = marked.length && below > 0 && below < STRIP ? marked : positions;
    put(among[nearest(among.map(X), event.clientX - box.left)]);
  }

  // The cursor to the place nearest to `wanted`, and all runs' values there. manner: aria-live of a new sample.
  function put(wanted, manner = "off") {
    const n = nearest(positions, wanted ?? Infinity), found = positions[n];
    cursor = n < positions.length - 1 ? found : null;
    input.value = n;
    const rows = runs.map((run) => run.rows[nearest(run.rows.map((row) => row[x]), found)]);
    const dots = rows.map((row, i) => [X(row[x]), Y(row[MEAN]), i]).filter(([, y]) => Number.isFinite(y));
    const pen = svg("path", { class: "gc-cursor", d: `M${X(found).toFixed(1)} ${TOP}v9999` });
    here.replaceChildren(pen, ...dots.map(([x, y, i]) => mark(i, x, y, look(MEAN, i).stroke)));

    const shown = columns.filter(([field]) => (field === TOKENS ? x === TOKENS : has(field)));
    const cells = runs.map((run, i) => shown.map(([field]) => {
      if (field !== VAL) return field < LOSS ? String(rows[i][field]) : digits(rows[i][field]);
      const last = run.rows.findLast((row) => row[STEP] <= rows[i][STEP] && row[VAL] !== null);
      return last ? `${digits(last[VAL])} (${last[STEP]})` : "–";
    }));
    values.replaceChildren(
      h("tr", {}, ...[labels.run, ...shown.map(([, name]) => name)].map((name) => h("th", { scope: "col" }, name))),
      ...runs.map((run, i) => h("tr", {}, h("th", { scope: "row" }, swatch(look(MEAN, i), i), named(run.name)),
        ...cells[i].map((text) => h("td", {}, ltr(text))))),
    );
    const said = runs.map((run, i) => `${run.name}: ${shown.map(([, name], n) => `${name} ${cells[i][n]}`).join(", ")}`);
    input.setAttribute("aria-valuetext", said.join("; "));
    write(found, manner);
  }

  // ---- samples

  let written = ""; // which samples are shown
  function write(found, manner) {
    const last = runs.map((run) => run.rows.findLast((row) => row[SAMPLE] && row[x] <= found));
    const now = JSON.stringify(last.map((row) => row?.[STEP]));
    if (now === written) return;
    written = now;
    texts.setAttribute("aria-live", manner);
    texts.replaceChildren(...last.flatMap((row, i) => {
      if (!row) return [];
      const [text, cut] = row[SAMPLE];
      return [h("div", {}, note(named(runs[i].name), ` · ${labels.step} `, ltr(row[STEP])),
        h("div", { class: "gc-text", dir: "auto", ...region(`${labels.samples}: ${runs[i].name}`) }, text),
        cut ? note(fill(labels.cut, { count: cut })) : "")];
    }));
  }

  function turn(by) {
    const n = marked.findLastIndex((each) => each <= (cursor ?? Infinity)) + by;
    if (n in marked) put(marked[n], "polite");
  }

  // ---- what comes from Python

  let frame = 0;
  const soon = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
  const receive = () => {
    runs = model.get("runs");
    soon();
  };
  const hear = (message) => {
    append(runs.at(-1), message);
    soon();
  };
  el.classList.add("gc-loss_curves");
  el.append(legend, holder, input, h("div", { class: "gc-scroll", ...region(labels.title) }, values), horizontal, samples);
  receive();
  draw();
  const sizes = new ResizeObserver(soon);
  sizes.observe(holder);
  model.on("change:runs", receive);
  model.on("msg:custom", hear);
  return () => {
    sizes.disconnect();
    cancelAnimationFrame(frame);
    model.off("change:runs", receive);
    model.off("msg:custom", hear);
  };
}

export default { render };
