// A flat map of a table of vectors, the neighbours of a word by cosine in all dimensions, and what is nearest to a - b + c.
// Places (PCA) come from Python; cosines are computed here, as gptcourse.embeddings does. Knows numbers, no models.

import { button, fill, h, slider, svg, visible } from "./dom.js";

const ROWS = 8; // of a ranking
const LINES = 5; // to neighbours
const MOST_LETTERS = 24; // of a word that are shown
const REACH = 24; // pixels from a point within which it is meant
const TALL = 14; // pixels that a name takes
const COLOURS = ["blue", "orange", "green", "pink", "yellow", "sky"];
const SHAPES = [
  "M5 0A5 5 0 1 1 -5 0A5 5 0 1 1 5 0", // circle, square, triangle, diamond, triangle, plus
  "M-4.5 -4.5H4.5V4.5H-4.5Z",
  "M0 -6L5.5 4.5H-5.5Z",
  "M0 -6.5L6 0L0 6.5L-6 0Z",
  "M0 6L5.5 -4.5H-5.5Z",
  "M-2 -6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
];
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Bytes of float32 as a table for each moment.
export function tables(bytes, rows, moments) {
  const columns = bytes.byteLength / 4 / rows / moments;
  const row = (number) => new Float32Array(bytes, number * columns * 4, columns);
  return Array.from({ length: moments }, (_, m) => Array.from({ length: rows }, (_, r) => row(m * rows + r)));
}

// [row, cosine] of the rows most similar to a query, without those of `out`.
export function nearest(table, query, count, out = []) {
  const dot = (a, b) => a.reduce((sum, each, i) => sum + each * b[i], 0);
  const length = (a) => Math.max(Math.sqrt(dot(a, a)), 1e-12);
  const found = table.map((row, i) => [i, dot(row, query) / length(row) / length(query)]).filter(([i]) => !out.includes(i));
  return found.sort((one, two) => two[1] - one[1] || one[0] - two[0]).slice(0, count);
}

// The same for a - b + c, given as rows.
export function analogy(table, [a, b, c], count, leaveOut = false) {
  const query = Float64Array.from(table[a], (each, i) => each - table[b][i] + table[c][i]);
  return nearest(table, query, count, leaveOut ? [a, b, c] : []);
}

// The next of `rows` in a direction, rather ahead than aside; where there is none, `from` itself.
export function towards(places, from, [dx, dy], rows) {
  const cost = (row) => {
    const [x, y] = [places[row][0] - places[from][0], places[row][1] - places[from][1]];
    const [ahead, aside] = [x * dx + y * dy, Math.abs(x * dy - y * dx)];
    return row !== from && ahead > 0 && aside <= 2 * ahead ? ahead + 2 * aside : Infinity;
  };
  return rows.reduce((best, row) => (cost(row) < cost(best) ? row : best), from);
}

// Which of some names {left, top, width}, the most important first, can be drawn without covering another.
export function uncovered(names) {
  const drawn = [];
  return names.map((name) => {
    const beside = (other) => name.left >= other.left + other.width || other.left >= name.left + name.width;
    const free = drawn.every((other) => Math.abs(name.top - other.top) >= TALL || beside(other));
    if (free) drawn.push(name);
    return free;
  });
}

function short(word) {
  const letters = Array.from(word.slice(0, 2 * MOST_LETTERS + 2));
  return visible(letters.length > MOST_LETTERS ? letters.slice(0, MOST_LETTERS).join("") + "…" : word);
}

const bdi = (word) => h("bdi", {}, short(word));
const number = (value, digits) => h("span", { dir: "ltr" }, value.toFixed(digits));
const shape = (i) => svg("path", { d: SHAPES[i % 6], fill: `var(--gc-${COLOURS[(i + Math.floor(i / 6)) % 6]})` });

function tick(onchange, checked, ...label) {
  const box = h("input", { type: "checkbox", checked, onchange: () => onchange(box.checked) });
  return h("label", {}, box, ...label);
}

export function render({ model, el }) {
  el.classList.add("gc-embedding_map");
  const get = (name) => model.get(name);
  const [label, words, names, category, places] = ["labels", "words", "names", "category", "places"].map(get);
  const [moments, count, columns] = ["moments", "count", "columns"].map(get);
  const vectors = tables(get("vectors"), words.length, moments.length);
  const terms = [...get("analogy")];
  const hidden = new Set(); // categories
  let moment = moments.length - 1;
  let chosen = get("chosen");
  let hovered = null;
  let leaveOut = false;
  let near = []; // of the chosen word
  let answers = []; // of the analogy

  // The map
  const lines = svg("g", { opacity: 0.6 });
  const ring = svg("circle", { r: 10, fill: "none", "stroke-width": 2 });
  const points = words.map((_, row) => shape(category[row] ?? 0));
  const signs = words.map((word) => svg("text", { y: 4 }, short(word)));
  const map = svg("svg", { role: "application", tabindex: 0, "aria-label": label.map }, lines, ring, ...points, ...signs);
  const size = { width: 0, height: 0 };
  const view = { unit: 1, zoom: 1, x: 0, y: 0 }; // pixels a unit, how many times that, and what is in the middle
  const shown = () => words.map((_, row) => row).filter((row) => !hidden.has(category[row]));
  const scale = () => view.unit * view.zoom;
  const at = (row) => {
    const [x, y] = places[moment][row];
    return [size.width / 2 + (x - view.x) * scale(), size.height / 2 - (y - view.y) * scale()];
  };

  function draw(moving = false) {
    if (!size.width) return; // in a part of the page that is folded away
    el.classList.toggle("gc-moving", moving); // only time moves the words: pan and zoom are at once
    const kept = new Set(shown());
    const close = near.slice(0, LINES).map(([row]) => row);
    const answer = answers[0]?.[0] ?? terms[2];
    const order = [...new Set([hovered, chosen, ...close, ...terms, answer, ...kept])].filter((row) => kept.has(row));
    const free = uncovered(order.map((row) => {
      const [x, y] = at(row);
      const width = (signs[row].width ||= signs[row].getComputedTextLength());
      const left = x + 10 + width > size.width ? -10 - width : 10; // beside the point, on the side that has room
      signs[row].setAttribute("x", left);
      return { left: x + left, top: y, width };
    }));
    const named = new Set(order.filter((_, i) => free[i]));
    for (const row of words.keys()) {
      const [x, y] = at(row);
      for (const part of [points[row], signs[row], ...(row === chosen ? [ring] : [])]) {
        part.style.transform = `translate(${x}px, ${y}px)`;
        part.style.visibility = (part === signs[row] ? named : kept).has(row) ? "" : "hidden";
      }
      signs[row].classList.toggle("gc-meant", row === chosen || row === hovered);
    }
    const pairs = [[terms[1], terms[0], "6 4"], [terms[2], answer, "6 4"], ...close.map((row) => [chosen, row])];
    const drawn = pairs.filter(([from, to]) => kept.has(from) && kept.has(to));
    const line = ([from, to, dashes]) => svg("polyline", { points: `${at(from)} ${at(to)}`, "stroke-dasharray": dashes });
    lines.replaceChildren(...drawn.map(line));
    map.style.touchAction = view.zoom > 1 ? "none" : "pan-y"; // a finger can scroll the page past the whole map
  }

  // Everything in sight, at all moments
  function whole() {
    const [[x, across], [y, up]] = [size.width - 90, size.height - 40].map((room, axis) => {
      const all = places.flat().map((place) => place[axis]);
      const [low, high] = [Math.min(...all), Math.max(...all)];
      return [(low + high) / 2, Math.max(room, 1) / Math.max(high - low, 1e-12)];
    });
    Object.assign(view, { unit: Math.min(across, up), zoom: 1, x, y });
    draw();
  }

  // What is under x, y stays there.
  function zoom(factor, x = size.width / 2, y = size.height / 2) {
    const before = 1 / scale();
    view.zoom = Math.max(0.5, Math.min(50, view.zoom * factor));
    view.x += (x - size.width / 2) * (before - 1 / scale());
    view.y -= (y - size.height / 2) * (before - 1 / scale());
    draw();
  }

  // Pointers: one moves the map or chooses a word, two zoom
  const down = new Map();
  let moved = 0;
  const local = (event) => {
    const box = map.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const between = (one, two) => Math.hypot(one[0] - two[0], one[1] - two[1]);
  const under = (event) => {
    const distance = (row) => (row === null ? REACH : between(at(row), local(event)));
    return shown().reduce((best, row) => (distance(row) < distance(best) ? row : best), null);
  };
  const hover = (row) => {
    if (row === hovered) return;
    hovered = row;
    draw();
  };
  const on = map.addEventListener.bind(map);
  on("pointerdown", (event) => {
    if (!down.size) moved = 0;
    down.set(event.pointerId, local(event));
    map.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return hover(event.pointerType === "mouse" ? under(event) : null);
    const now = local(event);
    moved += between(before, now);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (other) return zoom(between(now, other) / Math.max(1, between(before, other)), ...other);
    view.x -= (now[0] - before[0]) / scale();
    view.y += (now[1] - before[1]) / scale();
    draw();
  });
  on("pointerup", (event) => {
    const row = down.size === 1 && moved < 6 ? under(event) : null;
    down.delete(event.pointerId);
    if (row !== null) choose(row);
  });
  on("pointercancel", (event) => down.delete(event.pointerId));
  on("pointerleave", () => hover(null));
  // Two fingers are for the map; the wheel is so once somebody has turned to it: a page must scroll past it
  on("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
  on("wheel", (event) => {
    if (!event.ctrlKey && !map.matches(":focus")) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), ...local(event));
  }, { passive: false });
  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in WAYS) choose(towards(places[moment], chosen, WAYS[event.key], shown()));
    else if ("+=".includes(event.key)) zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") whole();
    else return;
    event.preventDefault();
  });

  // Words and numbers beside the map
  const select = (name, row, onchange) => {
    const all = words.map((word, i) => h("option", { value: i, dir: "auto", selected: i === row }, short(word)));
    return h("select", { "aria-label": name, onchange: (event) => onchange(Number(event.target.value)) }, ...all);
  };
  const ranking = (title) => {
    const header = h("tr", {}, ...[label.word, label.cosine].map((name) => h("th", { scope: "col" }, name)));
    const row = ([found, cosine]) => h("tr", {}, h("td", {}, bdi(words[found])), h("td", {}, number(cosine, 3)));
    const table = h("table", { "aria-label": title });
    return { table, show: (found) => table.replaceChildren(header, ...found.map(row)) };
  };
  const said = h("div", { "aria-live": "polite" });
  const wanted = select(label.word, chosen, choose);
  const neighbours = ranking(label.nearest);
  const solutions = ranking(label.analogy);

  function compute(moving) {
    near = nearest(vectors[moment], vectors[moment][chosen], ROWS, [chosen]);
    answers = analogy(vectors[moment], terms, ROWS, leaveOut);
    neighbours.show(near);
    solutions.show(answers);
    const axis = (value, i) => [` · ${fill(label.axis, { number: i + 1 })}: `, number(value, get("digits"))];
    const kind = names.length ? [" · ", bdi(names[category[chosen]])] : [];
    said.replaceChildren(bdi(words[chosen]), ...kind, ...places[moment][chosen].flatMap(axis));
    draw(moving);
  }

  function choose(row) {
    chosen = row;
    wanted.value = row;
    const [x, y] = at(row);
    if (Math.min(x, y, size.width - x, size.height - y) < 0) [view.x, view.y] = places[moment][row]; // out of sight
    compute();
  }

  const note = (text) => h("p", { class: "gc-note" }, text);
  const legend = names.map((name, i) => tick((checked) => {
    hidden[checked ? "delete" : "add"](i);
    draw();
  }, true, svg("svg", { width: 16, height: 16, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, shape(i)), bdi(name)));
  const step = (i) => {
    moment = i;
    compute(true);
  };
  const time = { label: label.moment, min: 0, max: moment, step: 1, value: moment, show: (i) => short(moments[i]), oninput: step };
  const term = (name, i) => h("label", {}, name, select(name, terms[i], (row) => {
    terms[i] = row;
    compute();
  }));
  const usual = tick((checked) => {
    leaveOut = checked;
    compute();
  }, false, label.leave_out);
  const [x, y] = get("shares").map((share) => (100 * share).toFixed(1));
  el.append(
    note(fill(label.variance, { columns, x, y })),
    count > words.length ? note(fill(label.first, { shown: words.length, count })) : "",
    names.length ? h("div", { class: "gc-row gc-legend", role: "group", "aria-label": label.category }, ...legend) : "",
    ...(moment ? [slider(time), note(label.fixed)] : []),
    h("div", { class: "gc-frame", dir: "ltr" }, map),
    h("div", { class: "gc-row" }, button("+", () => zoom(1.25), { "aria-label": label.zoom_in }),
      button("−", () => zoom(0.8), { "aria-label": label.zoom_out }), button(label.whole, whole)),
    note(`${label.hint} ${label.lines}`),
    said,
    h("div", { class: "gc-two" },
      h("div", {}, h("b", {}, fill(label.neighbours, { columns })), wanted, neighbours.table),
      h("div", {}, h("b", {}, label.analogy),
        h("div", { class: "gc-row", dir: "ltr" }, term("a", 0), "−", term("b", 1), "+", term("c", 2)), usual, solutions.table)),
  );
  compute();
  const watch = new ResizeObserver(() => {
    const { width, height } = map.getBoundingClientRect();
    Object.assign(size, { width, height });
    whole();
  });
  watch.observe(map);
  return () => watch.disconnect();
}

export default { render };
