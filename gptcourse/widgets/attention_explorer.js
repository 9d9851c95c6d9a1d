// What each token of a text looks at: all heads side by side, one head's map, lines between tokens, and every number on
// its way from q·k to a weight. Knows tokens and products of queries and keys, no model.

import { fill, h, svg, token, visible } from "./dom.js";

const DIGITS = 4; // of the number in focus
const WRITTEN = 8; // up to so many tokens, the numbers stand in the cells
const HEIGHT = 64; // of the lines above the tokens and below

// In float64, to show what Python shows; probabilities.js follows a model's float32.
export function softmax(row) {
  const greatest = Math.max(...row);
  const powers = row.map((each) => Math.exp(each - greatest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((each) => each / sum);
}

// The numbers of one head in four steps, each as a list of rows, one row a query: q·k as given; divided by the root of
// the head's size; what comes later at -Infinity; weights.
export function steps(product, size, causal = true) {
  const scaled = product.map((row) => row.map((each) => each / Math.sqrt(size)));
  const masked = scaled.map((row, i) => row.map((each, j) => (causal && j > i ? -Infinity : each)));
  return { product, scaled, masked, weight: masked.map(softmax) };
}

// How strong the colour of a number is, from 0 to 1. By the root, because most weights are small.
export function strength(value, most) {
  return Number.isFinite(value) && most > 0 ? Math.sqrt(Math.min(Math.abs(value) / most, 1)) : 0;
}

// A number as it is written; never -0.00.
export function written(value, digits = DIGITS) {
  if (value === -Infinity) return "-∞";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

export function strongest(row) {
  return row.indexOf(Math.max(...row));
}

// Where a key leads from a cell of a square table; undefined for keys that lead nowhere.
export function moved(key, [row, column], size, rtl) {
  const forward = rtl ? -1 : 1;
  const to = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - forward],
    ArrowRight: [row, column + forward],
    Home: [row, 0],
    End: [row, size - 1],
  }[key];
  return to?.map((each) => Math.min(Math.max(each, 0), size - 1));
}

export function render({ model, el }) {
  const given = (name) => model.get(name);
  const [labels, tokens, side, size, causal] = ["labels", "tokens", "text_dir", "head_size", "causal"].map(given);
  const rtl = side === "rtl";
  const T = tokens.length;
  const H = given("scores")[0].length;
  const heads = given("scores").flat().map((scores) => steps(scores, size, causal));
  const STEPS = { product: "q · k", scaled: `÷ √${size}`, ...(causal && { masked: labels.masked }), weight: labels.weight };

  const at = { head: given("layer") * H + given("head"), step: "weight", query: T - 1 };
  const now = () => heads[at.head];
  const hidden = (query, key) => now().masked[query][key] === -Infinity;
  at.key = strongest(now().weight[at.query]);
  const place = (head) => fill(labels.place, { layer: Math.floor(head / H), head: head % H });
  const ltr = (text) => h("bdi", { dir: "ltr" }, text);
  const note = (text) => h("p", { class: "gc-note" }, text);
  const nameOf = (step) => h("bdi", { dir: labels[step] ? "auto" : "ltr" }, STEPS[step]);

  // A radio button that looks like what it chooses. Of a group the Tab key reaches one, and the arrow keys the others.
  function choice(group, change, name, ...face) {
    const input = h("input", { type: "radio", name: group, "aria-label": name, onchange: () => go(change) });
    return h("label", { class: "gc-choice" }, input, ...face);
  }
  const check = (label) => (label.firstChild.checked = true);

  // ---- all heads

  const minis = heads.map((_, head) => choice("head", { head }, place(head), h("canvas", { width: T, height: T })));
  const count = (n) => h("span", { class: "gc-note", "aria-hidden": "true" }, n);
  const overview = h(
    "div",
    { class: "gc-heads", role: "radiogroup", "aria-label": labels.overview },
    count(""),
    ...minis.slice(0, H).map((_, n) => count(n)),
    ...minis.flatMap((mini, head) => (head % H ? [mini] : [count(head / H), mini])),
  );
  overview.style.setProperty("--count", H);

  function paint() {
    const colour = getComputedStyle(el).getPropertyValue("--gc-blue");
    heads.forEach(({ weight }, head) => {
      const brush = minis[head].lastChild.getContext("2d");
      brush.clearRect(0, 0, T, T);
      brush.fillStyle = colour;
      weight.forEach((row, i) =>
        row.forEach((value, j) => {
          brush.globalAlpha = strength(value, 1);
          brush.fillRect(rtl ? T - 1 - j : j, i, 1, 1);
        }),
      );
    });
  }

  // ---- the four steps, and the map of one head

  const names = Object.keys(STEPS);
  const values = names.map(() => h("b", { dir: "ltr" }));
  const choices = names.map((step, i) => choice("step", { step }, null, nameOf(step), values[i]));
  const cells = tokens.map(() => tokens.map(() => h("div", { class: "gc-cell", dir: "ltr" })));
  const columnNames = tokens.map((text) => h("div", { class: "gc-name gc-column" }, token(text)));
  const rowNames = tokens.map((text) => h("div", { class: "gc-name" }, token(text)));
  const map = h(
    "div",
    { class: "gc-map", dir: side, tabindex: 0, role: "application", "aria-label": labels.map },
    h("div"),
    ...columnNames,
    ...cells.flatMap((row, i) => [rowNames[i], ...row]),
  );
  map.style.setProperty("--count", T);
  const point = ([query, key]) => {
    go({ query, key });
    centre();
  };
  map.addEventListener("pointerover", ({ target }) => {
    const place = cells.flat().indexOf(target);
    if (place >= 0) point([Math.floor(place / T), place % T]);
  });
  map.addEventListener("keydown", (event) => {
    const to = moved(event.key, [at.query, at.key], T, rtl);
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    point(to);
    cells[at.query][at.key].scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const title = h("p", { class: "gc-title" });
  const said = h("p", { "aria-live": "polite" });
  const legend = h("div", { class: "gc-row gc-note", "aria-hidden": "true" });

  function colour(cell, value, most, masked = false) {
    cell.style.setProperty("--strength", strength(value, most).toFixed(3));
    cell.classList.toggle("gc-less", value < 0 && !masked);
    cell.classList.toggle("gc-hidden", masked);
    return cell;
  }

  function drawMap() {
    const shown = now()[at.step];
    const most = at.step === "weight" ? 1 : Math.max(...shown.flat().filter(Number.isFinite).map(Math.abs));
    const isHidden = (i, j) => ["masked", "weight"].includes(at.step) && hidden(i, j);
    shown.forEach((row, i) =>
      row.forEach((value, j) => {
        colour(cells[i][j], value, most, isHidden(i, j)).textContent = T > WRITTEN ? "" : written(value, 2);
      }),
    );
    const sample = (text, ...look) => h("span", {}, colour(h("span", { class: "gc-cell" }), ...look), text);
    const samples = at.step === "weight" ? [0.05, 0.25, 1] : [-most, -most / 4, most / 4, most];
    const stripes = isHidden(0, T - 1) ? [sample(labels.hidden, 0, most, true)] : [];
    legend.replaceChildren(...samples.map((value) => sample(ltr(written(value, 2)), value, most)), ...stripes);
  }

  // ---- tokens and the lines between them

  const words = tokens.map((text, i) => choice("query", { query: i }, `${i} ${visible(text)}`, token(text)));
  words.forEach((word, query) => word.addEventListener("pointerenter", () => go({ query })));
  const [above, below] = ["above", "below"].map((name) => ({
    picture: svg("svg", { class: `gc-${name}`, height: HEIGHT, "aria-hidden": "true" }),
    numbers: tokens.map(() => h("small", { dir: "ltr" })),
  }));
  const columns = words.map((word, i) => h("div", { class: "gc-word" }, above.numbers[i], word, below.numbers[i]));
  const row = h("div", { class: "gc-words", role: "radiogroup", "aria-label": labels.lines }, ...columns);
  const strip = h("div", { class: "gc-strip" }, above.picture, row, below.picture);
  const scroller = h("div", { class: "gc-scroll", dir: side }, strip);

  // Between the query and all tokens, on one side of them: base is where lines begin, pair says which weights.
  function drawLines({ picture, numbers }, base, pair) {
    const middle = (i) => words[i].offsetLeft + words[i].offsetWidth / 2;
    const from = middle(at.query);
    picture.replaceChildren();
    numbers.forEach((number, i) => {
      const [query, key] = pair(i);
      const value = now().weight[query][key];
      number.textContent = hidden(query, key) ? "" : written(value, 2);
      if (value < 0.02) return;
      const to = middle(i);
      const loop = i === at.query ? 6 : 0; // to itself
      const bend = Math.min(2 * HEIGHT - 16, 32 + Math.abs(from - to) * 0.6); // the curve goes half as far
      const d = `M${from - loop},${base}Q${(from + to) / 2},${base ? base - bend : bend} ${to + loop},${base}`;
      picture.append(svg("path", { d, "stroke-width": 1 + 5 * value, opacity: 0.5 + 0.5 * value }));
    });
  }

  // The chosen token into the middle of the row, which may be wider than the screen; the page itself stays.
  function centre() {
    const [outer, inner] = [scroller, words[at.query]].map((each) => each.getBoundingClientRect());
    scroller.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  }

  // ---- together

  // Choose something. A query that comes without a key brings the key that it looks at most.
  function go(change) {
    Object.assign(at, change);
    if (!("key" in change) && "query" in change) at.key = strongest(now().weight[at.query]);
    if ("head" in change || "step" in change) {
      title.textContent = place(at.head);
      drawMap();
    }
    [minis[at.head], choices[names.indexOf(at.step)], words[at.query]].forEach(check);
    el.querySelectorAll(".gc-on").forEach((each) => each.classList.remove("gc-on"));
    const marked = [cells[at.query][at.key], rowNames[at.query], columnNames[at.key], columns[at.key]];
    marked.forEach((each) => each.classList.add("gc-on"));
    const number = (step) => written(now()[step][at.query][at.key]);
    names.forEach((step, i) => (values[i].textContent = number(step)));
    const [query, key] = [at.query, at.key].map((i) => token(tokens[i]));
    const why = hidden(at.query, at.key) ? ` (${labels.hidden})` : "";
    const value = ltr(number(at.step));
    said.replaceChildren(`${labels.query}: `, query, ` · ${labels.key}: `, key, " · ", nameOf(at.step), ": ", value, why);
    drawLines(above, HEIGHT, (i) => [at.query, i]);
    drawLines(below, 0, (i) => [i, at.query]);
  }

  // Radio buttons of one form are a group, whatever other forms of the page call theirs.
  const form = h(
    "form",
    { onsubmit: (event) => event.preventDefault() }, // some browsers send a form on Enter
    given("count") > T ? note(fill(labels.cut, { shown: T, all: given("count") })) : "",
    ...(heads.length > 1 ? [note(labels.overview), h("div", { class: "gc-scroll" }, overview), title] : []),
    h("div", { class: "gc-steps", role: "radiogroup", "aria-label": labels.steps }, ...choices),
    said,
    h("div", { class: "gc-scroll" }, map),
    legend,
    note(labels.reading),
    note(labels.lines),
    h("div", { class: "gc-row gc-legend" }, h("span", {}, labels.looks), h("span", {}, labels.looked)),
    scroller,
  );
  form.style.setProperty("--full", T > WRITTEN ? "100%" : "50%"); // a number stays legible on its colour
  el.classList.add("gc-attention_explorer");
  el.append(form);
  go({ ...at });
  const watch = new ResizeObserver(() => {
    paint(); // the colour is known once the element is part of a page
    centre();
    go({});
  });
  watch.observe(strip);
  return () => watch.disconnect();
}

export default { render };
