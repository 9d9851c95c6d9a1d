// A field to type into and, side by side, how several byte-pair tokenizers read the text: tokens, ids, bytes, and the
// merges of one word step by step. Knows tokenizers (bpe.js), nothing of models.

import { fromBytes, hex, load, toBytes, wellFormed } from "./bpe.js";
import { button, fill, h, seen, slider, token, visible } from "./dom.js";

const MOST_TOKENS = 200; // drawn in a column
const MOST_LETTERS = 40; // of a word whose merges are replayed

// The words of a text, each with the space before it, and where each begins. No tokenizer's piece crosses their borders,
// so a word alone is read as it is in the text.
export function wordsOf(text) {
  return Array.from(text.matchAll(/ ?\P{White_Space}+/gu), (found) => ({ start: found.index, text: found[0] }));
}

// What a tokenizer does with a short text. A step: its parts, which of them begin a new piece (no merge crosses that
// border), the rank of each with its right neighbour (null where they make no token), and the place of the pair that is
// merged next, or -1.
export function replay(tokenizer, text) {
  const parts = tokenizer.pieces(text).flatMap((piece, n) => Array.from(toBytes(piece.text), (bytes) => ({ bytes, n })));
  const steps = [];
  for (;;) {
    const borders = parts.map(({ n }, i) => i > 0 && n !== parts[i - 1].n);
    const ranks = parts.slice(1).map(({ bytes }, i) => (borders[i + 1] ? null : (tokenizer.ranks.get(parts[i].bytes + bytes) ?? null)));
    const next = ranks.reduce((best, rank, i) => (rank !== null && (best < 0 || rank < ranks[best]) ? i : best), -1);
    steps.push({ parts: parts.map(({ bytes }) => bytes), borders, ranks, next });
    if (next < 0) return steps;
    parts.splice(next, 2, { bytes: parts[next].bytes + parts[next + 1].bytes, n: parts[next].n });
  }
}

// At most so many characters of a text.
export function first(text, most) {
  return Array.from(text.slice(0, 2 * most)).slice(0, most).join("");
}

// The direction of a text's first letter.
export function direction(text) {
  return /^\P{L}*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(text) ? "rtl" : "ltr";
}

// Bytes as a token is shown: as text, or in hexadecimal where they are not whole characters.
function box(bytes, ...more) {
  const text = fromBytes(bytes);
  return h("span", { class: "gc-box" }, text === null ? h("bdi", { class: "gc-tok", dir: "ltr" }, hex(bytes)) : token(text), ...more);
}

// A number, wherever it stands.
const number = (value) => h("bdi", { dir: "ltr" }, String(value));

// A label whose {names} are elements.
function sentence(label, parts) {
  return label.split(/\{(\w+)\}/).map((part, i) => (i % 2 ? parts[part] : part));
}

export function render({ model, el }) {
  const labels = model.get("labels");
  const most = model.get("most");
  let words = [];
  let chosen = ""; // the word whose merges are replayed
  let step = 0;

  const output = () => h("output", { dir: "ltr" });
  const note = (text = "") => h("p", { class: "gc-note", role: "status" }, text);
  const area = h("textarea", { rows: 3, dir: "auto", spellcheck: "false" });
  area.value = model.get("text");
  const characters = output();
  const bytes = output();
  const tooLong = note();
  const longWord = note();
  const showBytes = button(labels.show_bytes, () => showBytes.setAttribute("aria-pressed", el.classList.toggle("gc-with-bytes")));
  showBytes.setAttribute("aria-pressed", "false");

  const columns = model.get("tokenizers").map((given) => {
    const column = {
      tokenizer: null,
      steps: [],
      count: output(),
      status: note(labels.loading),
      boxes: h("div", { class: "gc-boxes" }),
      rest: h("p", { class: "gc-note" }),
      parts: h("div", { class: "gc-boxes gc-parts" }),
      said: h("p", { class: "gc-said" }),
    };
    const group = (label, ...children) =>
      h("div", { role: "group", "aria-label": label }, h("p", { class: "gc-title" }, h("bdi", {}, given.name)), ...children);
    const size = h("span", { class: "gc-note" }, ` · ${labels.vocabulary}: `, number(given.size));
    column.above = group(given.name, h("p", {}, `${labels.tokens}: `, column.count, size), column.status, column.boxes, column.rest);
    column.below = group(`${labels.merges}: ${given.name}`, column.parts, column.said);
    column.boxes.addEventListener("click", (event) => {
      const box = event.target.closest("[data-word]");
      if (box) choose(box.dataset.word);
    });
    (given.file ? seen(el) : Promise.resolve()).then(() => load(given)).then(
      (tokenizer) => {
        column.tokenizer = tokenizer;
        column.status.textContent = "";
        read();
      },
      () => (column.status.textContent = labels.missing),
    );
    return column;
  });

  const list = h("select", { onchange: () => choose(list.value) });
  const last = () => Math.max(0, ...columns.map((column) => column.steps.length - 1));
  const steps = slider({ label: labels.step, min: 0, max: 0, step: 1, value: 0, show: (n) => `${n} / ${last()}`, oninput: go });
  const handle = steps.querySelector("input");
  const back = button(labels.back, () => move(step - 1));
  const forward = button(labels.forward, () => move(step + 1));
  const stepping = h("div", { class: "gc-row" }, h("label", {}, `${labels.word}: `, list), steps, back, forward);

  function read(typed = false) {
    const kept = first(area.value, most);
    const text = wellFormed(kept);
    words = wordsOf(text);
    characters.textContent = Array.from(text).length;
    bytes.textContent = toBytes(text).length;
    tooLong.textContent = kept === area.value ? "" : fill(labels.long, { count: most });
    for (const column of columns) if (column.tokenizer) drawTokens(column, text);
    const different = [...new Set(words.map((word) => word.text))];
    list.replaceChildren(...different.map((word) => h("option", { value: word, dir: "auto" }, visible(first(word, MOST_LETTERS)))));
    const here = typed && wordAt(area.selectionEnd - 1);
    const longest = different.reduce((best, word) => (word.length > best.length ? word : best), "");
    choose(here ? here.text : different.includes(chosen) ? chosen : longest);
  }

  function wordAt(place) {
    return words.find(({ start, text }) => start <= place && place < start + text.length);
  }

  function drawTokens({ tokenizer, count, boxes, rest }, text) {
    const tokens = tokenizer.pieces(text).flatMap(({ start, ids }) => ids.map((id) => ({ id, start })));
    const drawn = tokens.slice(0, MOST_TOKENS).map(({ id, start }) => {
      const raw = tokenizer.bytes(id);
      const drawn = box(raw, h("small", { dir: "ltr" }, String(id)), h("small", { dir: "ltr", class: "gc-bytes" }, hex(raw)));
      const word = wordAt(start);
      if (word) drawn.dataset.word = word.text;
      return drawn;
    });
    count.textContent = tokens.length;
    boxes.dir = direction(text);
    boxes.replaceChildren(...drawn);
    rest.textContent = tokens.length > MOST_TOKENS ? fill(labels.more, { count: tokens.length - MOST_TOKENS }) : "";
  }

  function choose(word) {
    if (word !== chosen) step = 0;
    chosen = list.value = word;
    const kept = first(word, MOST_LETTERS);
    longWord.textContent = kept === word ? "" : fill(labels.long_word, { count: MOST_LETTERS });
    for (const column of columns) {
      column.steps = column.tokenizer && kept ? replay(column.tokenizer, kept) : [];
      for (const each of column.boxes.children) each.classList.toggle("gc-chosen", each.dataset.word === word);
    }
    move(step);
  }

  function move(to) {
    handle.max = last();
    handle.value = to;
    handle.dispatchEvent(new Event("input")); // the slider writes its value and goes there
  }

  function go(to) {
    step = to;
    columns.forEach(drawStep);
  }

  function drawStep(column) {
    const { steps, parts, said } = column;
    parts.replaceChildren();
    said.replaceChildren();
    // What changes while somebody types is not read out.
    said.setAttribute("aria-live", stepping.contains(el.getRootNode().activeElement) ? "polite" : "off");
    if (!steps.length) return;
    const { parts: shown, borders, ranks, next } = steps[Math.min(step, steps.length - 1)];
    parts.dir = direction(chosen);
    shown.forEach((part, i) => {
      const between = borders[i] ? "‖" : String(ranks[i - 1] ?? "–");
      if (i) parts.append(h("span", { class: i - 1 === next ? "gc-rank gc-next" : "gc-rank", dir: "ltr" }, between));
      parts.append(box(part));
    });
    if (next < 0) said.append(labels.merged);
    else said.append(...sentence(labels.next, { left: box(shown[next]), right: box(shown[next + 1]), rank: number(ranks[next]) }));
  }

  // The text is read at most once for every picture that the screen shows.
  let waiting = false;
  area.addEventListener("input", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      read(true);
    });
  });

  el.classList.add("gc-tokenizer_playground");
  const side = (name) => h("div", { class: "gc-columns" }, ...columns.map((column) => column[name]));
  el.append(
    h("label", { class: "gc-field" }, labels.text, area),
    h("div", { class: "gc-row" }, h("span", {}, `${labels.characters}: `, characters), h("span", {}, `${labels.bytes}: `, bytes), showBytes),
    tooLong,
    side("above"),
    h("p", { class: "gc-title" }, labels.merges),
    h("p", { class: "gc-note" }, labels.help),
    stepping,
    longWord,
    side("below"),
  );
  read();
}

export default { render };
