// The distribution of the next token: sliders for temperature, top-k and top-p, a bar for each of the likeliest tokens, and
// draws that are counted beside their chances. Knows the state that next_token.py makes; the numbers are probabilities.js.

import { button, fill, h, random, scroller, slider, token } from "./dom.js";
import { distribution, drawer, entropy, ranking } from "./probabilities.js";

const BARS = 30; // more would not be looked at
const LAST = 20; // draws that are listed
const DRAWS = [1, 10, 100, 1000];
const WIDTHS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]; // what the whole width of a bar may stand for
const COLUMNS = ["gc-id", "gc-name", "gc-logit", "gc-bars", "gc-number", "gc-number", "gc-number gc-share"]; // classes

// A tenfold in steps that look alike on a logarithmic scale, with numbers that a person would write.
const DECADE = [10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95];
export const temperatures = () => [0, ...DECADE.map((x) => x / 100), ...DECADE.map((x) => x / 10), 10];
export const shares = () => [...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), null];
export function counts(size) {
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, ...[1, 10, 100, 1000].flatMap((ten) => DECADE.map((x) => x * ten))];
  return [...all.filter((x) => x < size), null];
}

// The values with one more at its place; null, which cuts nothing, is the largest.
export const including = (value, values) =>
  [...new Set([...values, value])].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));

// A probability as it is shown: a token that cannot be drawn is told from one that hardly ever is.
export const shown = (p) => (p > 0 && p < 0.0005 ? "<0.001" : p === 0 ? "0" : p.toFixed(3));

export const effective = (choices) => choices.toFixed(choices < 100 ? 2 : 0);

export function render({ model, el }) {
  el.classList.add("gc-next_token");
  const build = () => {
    const logits = new Float32Array(model.get("logits"));
    if (logits.length === model.get("tokens").length) el.replaceChildren(...parts(model, logits)); // else half of a change
  };
  model.on("change:logits", build);
  model.on("change:tokens", build);
  build();
  return () => {
    model.off("change:logits", build);
    model.off("change:tokens", build);
  };
}

function parts(model, logits) {
  const labels = model.get("labels");
  const tokens = model.get("tokens");
  const size = logits.length;
  const order = ranking(logits);
  let p, draw; // the distribution, and draws from it
  let drawn, total, last, source; // how often each was drawn, all draws, the last of them, and the random numbers

  // ---- settings

  function knob(name, label, values) {
    const stops = including(model.get(name), values);
    const show = (i) => (stops[i] === null ? labels.all : String(stops[i]));
    const oninput = (i) => {
      model.set(name, stops[i]);
      model.save_changes();
      spread();
    };
    return slider({ label, min: 0, max: stops.length - 1, step: 1, value: stops.indexOf(model.get(name)), show, oninput });
  }
  const knobs = [
    knob("temperature", labels.temperature, temperatures()),
    knob("top_k", labels.top_k, counts(size)),
    knob("top_p", labels.top_p, shares()),
  ];
  const greedy = h("p", { class: "gc-note" }, labels.greedy);
  const summary = h("p", {});

  // ---- bars

  const number = (value = "") => h("bdi", { dir: "ltr" }, value);
  function line(name, id, logit) {
    const bars = [h("i", { class: "gc-chance" }), h("i", { class: "gc-drawn" })];
    const numbers = [number(), number(), number()]; // probability, draws, their share
    const contents = [[number(id)], [name], [number(logit)], bars, ...numbers.map((each) => [each])];
    return { row: h("tr", {}, ...contents.map((content, i) => h("td", { class: COLUMNS[i] }, ...content))), bars, numbers };
  }
  const lines = order.slice(0, BARS).map((id) => ({ ...line(token(tokens[id]), id, logits[id].toFixed(2)), id }));
  const rest = line(fill(labels.others, { count: size - lines.length }));
  const key = (name, label) => h("span", { class: "gc-key" }, h("i", { class: name }), label);
  const width = number();
  const titles = [labels.id, labels.token, labels.logit, width, labels.probability, labels.drawn, labels.share];
  const head = titles.map((title, i) => h("th", { scope: "col", class: COLUMNS[i] }, title));
  const body = h("tbody");
  const caption = h("caption", {}, fill(labels.caption, { shown: lines.length, all: size }));
  const table = h("table", {}, caption, h("thead", {}, h("tr", {}, ...head)), body);

  const orders = [
    [labels.sorted, () => 0],
    [labels.by_id, (a, b) => a.id - b.id],
  ].map(([label, compare], n) => button(label, () => arrange(n, compare)));
  function arrange(n, compare) {
    orders.forEach((each, i) => each.setAttribute("aria-pressed", i === n));
    body.replaceChildren(...[...lines].sort(compare).map(({ row }) => row), ...(size > lines.length ? [rest.row] : []));
  }

  function show() {
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    const rows = lines.map((each) => ({ ...each, chance: p[each.id], hits: drawn.get(each.id) ?? 0 }));
    const others = { chance: sum(order.slice(BARS).map((id) => p[id])), hits: total - sum(rows.map(({ hits }) => hits)) };
    const most = Math.max(...rows.map(({ chance, hits }) => Math.max(chance, hits / (total || 1))));
    const full = WIDTHS.find((each) => each >= most) ?? 1;
    width.textContent = `0…${full}`;
    for (const { chance, hits, bars, numbers } of [...rows, { ...rest, ...others }]) {
      const part = hits / (total || 1);
      [chance, part].forEach((x, i) => (bars[i].style.inlineSize = `${Math.min(100, (100 * x) / full)}%`));
      [shown(chance), total ? hits : "–", total ? part.toFixed(3) : "–"].forEach((text, i) => (numbers[i].textContent = text));
    }
  }

  // ---- draws

  const seed = h("input", { type: "number", min: 0, max: 2 ** 32 - 1, dir: "ltr", value: model.get("seed"), oninput: reset });
  const status = h("p", { role: "status" });
  function reset() {
    [drawn, total, last, source] = [new Map(), 0, [], random(Number(seed.value))];
    show();
    report();
  }

  function more(count) {
    for (let i = 0; i < count; i++) {
      const id = draw(source);
      drawn.set(id, (drawn.get(id) ?? 0) + 1);
      last.push(id);
    }
    total += count;
    last = last.slice(-LAST);
    show();
    report();
  }

  function report() {
    const list = last.flatMap((id) => [" ", token(tokens[id])]);
    status.replaceChildren(...(total ? [fill(labels.total, { count: total }), " ", labels.last, ...list] : [labels.none]));
  }

  // Another distribution: what was drawn from the old one says nothing about it.
  function spread() {
    const [temperature, topK, topP] = ["temperature", "top_k", "top_p"].map(model.get);
    p = distribution(logits, { temperature, topK, topP, order });
    draw = drawer(p);
    greedy.hidden = temperature !== 0;
    const nats = entropy(p);
    const values = { bits: (nats / Math.LN2).toFixed(2), choices: effective(Math.exp(nats)) };
    summary.textContent = fill(labels.summary, { ...values, kept: p.filter((each) => each > 0).length, all: size });
    reset();
  }

  arrange(0, () => 0);
  spread();
  const draws = DRAWS.map((count) => button(fill(labels.draw, { count }), () => more(count)));
  return [
    h("div", {}, ...knobs),
    greedy,
    summary,
    h("div", { class: "gc-row", role: "group", "aria-label": labels.order }, h("span", {}, labels.order), ...orders),
    h("div", { class: "gc-row" }, h("label", {}, labels.seed, " ", seed), ...draws, button(labels.reset, reset)),
    status,
    h("div", { class: "gc-row" }, key("gc-chance", labels.probability), key("gc-drawn", labels.share)),
    scroller(labels.probability, table),
  ];
}

export default { render };
