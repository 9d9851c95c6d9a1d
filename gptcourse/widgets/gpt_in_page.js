// A GPT that writes in the page: its text, its tokens, and for a chosen one what else could have stood there and where
// the heads looked. Knows the state that gpt_in_page.py makes, nothing of how the model computes (gpt.js).

import { button, fill, h, random, scroller, slider, svg } from "./dom.js";
import { GPT, ROWS, unpack } from "./gpt.js";
import { distribution, draw, entropy, ranking, softmax } from "./probabilities.js";
import { fromHex, pieceOf, stop, textOf, tokenizerOf } from "./token_text.js";

const DRAWN = 300; // tokens that are drawn as boxes
const BARS = 10; // candidates for a place
const LONGEST = 1000; // tokens that a press writes
const FRAME = 12; // milliseconds of work at once
const KS = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];

const bytesOf = (tokens) => tokens.map((each) => each.bytes).join("");
const numeral = (value, digits) => h("span", { dir: "ltr" }, value.toFixed(digits));
const shown = (bytes) => h("bdi", { class: "gc-tok" }, pieceOf(bytes));
const note = (text = "") => h("p", { class: "gc-note" }, text);
const idsOf = (tokens) => tokens.map((each) => each.id);
const directionOf = (text) => (/^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text) ? "rtl" : "ltr");

export function render({ model: given, el }) {
  const labels = given.get("labels");
  const settings = { temperature: given.get("temperature"), topK: given.get("top_k"), topP: given.get("top_p") };
  const end = given.get("end"); // id of the token that ends a text; it is no part of it
  let engine; // promise of the model and its tokenizer
  let turn = 0; // a task that belongs to an earlier turn is over
  let written = given.get("ids").length - given.get("chances").length; // where the model's own tokens begin
  let tokens = given.get("ids").map((id, i) => ({
    id,
    bytes: fromHex(given.get("bytes")[i]),
    chance: given.get("chances")[i - written],
  }));
  let source = random(given.get("seed")); // the numbers that tokens are drawn with
  given.get("chances").forEach(source); // Python has used these
  let found = null; // what the model made of the tokens before the chosen one
  let head = 0;

  // ---- the model at work

  function ready() {
    engine ??= (async () => {
      say(labels.loading);
      const parts = unpack(given.get("weights") ?? (await globalThis.gptcourseWidgets.bytes(given.get("file"))));
      return { model: new GPT(parts), tokenizer: await tokenizerOf(parts.tokenizer) };
    })();
    return engine.catch((error) => {
      engine = null; // the next press may ask again
      console.warn(error);
      return stop("missing");
    });
  }

  // Runs a task until it ends or another one begins, and says what is wrong if something is.
  async function run(task) {
    const mine = ++turn;
    busy(true);
    let worked = performance.now();
    const goesOn = async () => {
      if (performance.now() - worked > FRAME) {
        await new Promise(requestAnimationFrame);
        worked = performance.now();
      }
      return mine === turn && el.isConnected;
    };
    try {
      const made = await ready();
      if (await goesOn()) await task(made, goesOn);
    } catch (error) {
      if (!error.label && !(error instanceof RangeError)) throw error;
      if (mine === turn) say(error.label ? fill(labels[error.label], error.values) : labels.failed);
    } finally {
      if (mine === turn) busy(false);
    }
  }

  // Logits and attention after `ids`, read in parts; false when the task is over.
  async function read(model, ids, goesOn) {
    const window = ids.slice(-model.config.block_size);
    for (let end = model.known(window) + ROWS; (await goesOn()) && end < window.length; end += ROWS) {
      model.after(window.slice(0, end));
    }
    return (await goesOn()) && { logits: model.after(window), attention: model.attention.map((each) => each.slice()), length: window.length };
  }

  const write = (amount, anew) =>
    run(async ({ model, tokenizer }, goesOn) => {
      if (anew || prompt.value !== begun) begin(tokenizer);
      const ended = () => tokens.length > written && tokens.at(-1).id === end;
      say(labels.writing);
      for (let n = 0; n < amount && !ended(); n++) {
        const reading = await read(model, idsOf(tokens), goesOn);
        if (!reading) return;
        const id = draw(distribution(reading.logits, settings), source);
        tokens.push({ id, bytes: tokenizer.bytes(id), chance: softmax(reading.logits)[id] });
        show(true);
      }
      finish(ended() ? labels.ended : "");
    });

  function begin(tokenizer) {
    const ids = tokenizer.encode(prompt.value || "\n"); // a model needs something to go on from
    tokens = ids.map((id) => ({ id, bytes: tokenizer.bytes(id) }));
    written = ids.length;
    begun = prompt.value;
    source = random(seed.value);
    found = null;
    boxes.replaceChildren();
    details.replaceChildren();
  }

  function finish(sentence = "") {
    turn++;
    busy(false);
    show(false);
    say(`${fill(labels.written, { count: tokens.length - written })} ${sentence} ${begun ? "" : labels.empty}`);
  }

  // ---- settings

  const status = h("p", { class: "gc-note", role: "status" });
  const say = (text) => (status.textContent = text);
  const prompt = h("textarea", { rows: 2, dir: "auto" });
  prompt.value = given.get("prompt");
  let begun = prompt.value; // the prompt that the tokens begin with
  const number = (value, min, max) => h("input", { type: "number", value, min, max, dir: "ltr" });
  const seed = number(given.get("seed"), 0, 2 ** 32 - 1);
  const count = number(given.get("count"), 1, LONGEST);
  const amount = () => Math.min(Math.max(Math.round(count.value), 1), LONGEST);

  const k = settings.topK;
  const ks = KS.filter((each) => each < given.get("vocab_size") && each !== k).concat(k ?? []).sort((a, b) => a - b);
  const knob = (name, label, [min, max, step], value, meaning, show) =>
    slider({ label, min, max, step, value, show, oninput: (x) => ((settings[name] = meaning(x)), detail()) });
  const { temperature: t, topP: p } = settings;
  const knobs = [
    knob("temperature", labels.temperature, [0, Math.max(2, t), 0.01], t, Number, (x) => x.toFixed(2)),
    knob("topK", labels.top_k, [0, ks.length, 1], k ? ks.indexOf(k) : ks.length, (x) => ks[x] ?? null, (x) => `${ks[x] ?? labels.all}`),
    knob("topP", labels.top_p, [0.01, 1, 0.01], p ?? 1, Number, (x) => (x < 1 ? x.toFixed(2) : labels.all)),
  ];

  const starts = [
    button(labels.write, () => write(amount(), true)),
    button(labels.step, () => write(1, false)),
    button(labels.next_seed, () => ((seed.value = (Number(seed.value) + 1) % 2 ** 32), write(amount(), true))),
  ];
  const halt = button(labels.stop, () => finish());
  let pressed = starts[0];
  function busy(is) {
    const focused = document.activeElement; // a button that is switched off would lose it
    halt.disabled = false;
    if (is && starts.includes(focused)) (pressed = focused), halt.focus();
    for (const each of starts) each.disabled = is;
    if (!is && focused === halt) pressed.focus();
    halt.disabled = !is;
  }

  // ---- text and tokens

  const text = h("p", { class: "gc-text" });
  const more = note();
  const boxes = group(labels.tokens, (box) => choose(Number(box.dataset.i)));
  const details = h("div", { class: "gc-details" });

  // A token in a box that is filled as far as `share` says.
  function box(tag, { bytes }, share, attributes) {
    const number = h("small", { dir: "ltr" }, share?.toFixed(3) ?? "");
    return h(tag, { class: "gc-box", style: `--share: ${share ?? 0}`, ...attributes }, shown(bytes), number);
  }

  function show(going) {
    const start = textOf(bytesOf(tokens.slice(0, written)), true);
    const all = textOf(bytesOf(tokens.filter(({ id }) => id !== end)), going);
    text.replaceChildren(h("b", {}, start), all.slice(start.length));
    text.dir = boxes.dir = directionOf(all);
    const first = Math.max(0, tokens.length - DRAWN);
    more.textContent = first ? fill(labels.more, { count: first }) : "";
    while (Number(boxes.firstChild?.dataset.i) < first) boxes.firstChild.remove();
    for (let i = Math.max(first, Number(boxes.lastChild?.dataset.i ?? -1) + 1); i < tokens.length; i++) {
      boxes.append(box("button", tokens[i], tokens[i].chance, { type: "button", "data-i": i, tabindex: -1 }));
    }
    if (!boxes.querySelector("[tabindex='0']")) boxes.firstChild.tabIndex = 0;
  }

  // ---- a chosen token

  function choose(i) {
    if (!halt.disabled) finish();
    found = null;
    if (!i) return details.replaceChildren(note(labels.first));
    return run(async ({ model, tokenizer }, goesOn) => {
      const reading = await read(model, idsOf(tokens.slice(0, i)), goesOn);
      if (!reading) return;
      found = { ...reading, i, heads: model.config.n_head, bytes: tokenizer.bytes };
      say("");
      detail();
    });
  }

  function detail() {
    if (found) details.replaceChildren(candidates(), ...attention());
  }

  // The likeliest tokens for the place, before and after the settings.
  function candidates() {
    const here = tokens[found.i].id;
    const columns = [softmax(found.logits), distribution(found.logits, settings)];
    const ids = ranking(found.logits);
    const rows = [...new Set([...ids.slice(0, BARS), here])].map((id) => {
      const bars = columns.map((p) => h("td", {}, numeral(p[id], 3), h("i", { style: `--share: ${p[id]}` })));
      const mark = id === here ? ` (${labels.chosen})` : "";
      return h("tr", {}, h("td", {}, `${ids.indexOf(id) + 1}`), h("td", {}, shown(found.bytes(id)), mark), ...bars);
    });
    const titles = ["rank", "token", "before", "after"].map((each) => h("th", { scope: "col" }, labels[each]));
    const choices = columns.map((p) => h("td", {}, numeral(Math.exp(entropy(p)), 1)));
    const last = h("tr", {}, h("td"), h("th", { scope: "row" }, labels.choices), ...choices);
    return scroller(labels.candidates, h("table", {}, h("caption", {}, labels.candidates), h("tr", {}, ...titles), ...rows, last));
  }

  // Each head as a row of bars, one for each token before; the chosen head's weights on the tokens themselves.
  function attention() {
    const { i: chosen, heads, length } = found;
    const drawn = Math.min(length, DRAWN);
    const before = tokens.slice(chosen - drawn, chosen);
    const title = note();
    const weighed = h("div", { class: "gc-boxes", dir: boxes.dir });
    const pictures = group(labels.attention, (picture) => pick(Number(picture.dataset.head)));
    pictures.style.setProperty("--heads", heads);
    pictures.dir = boxes.dir;
    const all = found.attention.flatMap((layer) => {
      const ends = Array.from({ length: heads }, (_, n) => (n * layer.length) / heads + length);
      return ends.map((end) => Array.from(layer.subarray(end - drawn, end)));
    });
    const place = (i) => ({ layer: Math.floor(i / heads), head: i % heads });
    all.forEach((weights, i) => {
      const bars = svg("path", { d: weights.map((weight, x) => `M${x} 1V${1 - weight}h.8V1`).join("") });
      const picture = svg("svg", { viewBox: `0 0 ${drawn} 1`, preserveAspectRatio: "none" }, bars);
      const attributes = { type: "button", "data-head": i, "aria-label": fill(labels.head, place(i)), tabindex: -1 };
      pictures.append(h("button", attributes, h("small", { dir: "ltr" }, fill("{layer}.{head}", place(i))), picture));
    });
    function pick(i) {
      head = i;
      const rest = length > drawn ? fill(labels.more, { count: length - drawn }) : "";
      title.textContent = `${fill(labels.head, place(i))} ${rest}`;
      weighed.replaceChildren(...all[i].map((weight, n) => box("span", before[n], weight)));
    }
    pictures.children[head].tabIndex = 0;
    pictures.children[head].setAttribute("aria-pressed", true);
    pick(head);
    return [h("p", { class: "gc-title" }, labels.attention), scroller(labels.attention, pictures), title, weighed];
  }

  el.classList.add("gc-gpt_in_page");
  el.append(
    h("label", { class: "gc-prompt" }, labels.prompt, prompt),
    h("div", {}, ...knobs),
    h("div", { class: "gc-row" }, h("label", {}, labels.seed, " ", seed), h("label", {}, labels.count, " ", count)),
    h("div", { class: "gc-row" }, starts[0], halt, ...starts.slice(1)),
    status,
    text,
    more,
    boxes,
    note(labels.hint),
    details,
  );
  busy(false);
  show(false);
  return () => turn++;
}

// A group of buttons with one stop for the tab key: arrows go from one to the next, in the direction of the text.
function group(label, onpress) {
  const element = h("div", { class: "gc-boxes", role: "group", "aria-label": label });
  function focus(target) {
    element.querySelector("[tabindex='0']").tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  }
  element.addEventListener("click", ({ target }) => {
    const pressed = target.closest("button");
    if (!pressed) return;
    for (const each of element.children) each.setAttribute("aria-pressed", each === pressed);
    focus(pressed);
    onpress(pressed);
  });
  element.addEventListener("keydown", (event) => {
    const { nextSibling, previousSibling } = event.target;
    const [right, left] = element.dir === "rtl" ? [previousSibling, nextSibling] : [nextSibling, previousSibling];
    const target = { ArrowRight: right, ArrowLeft: left, Home: element.firstChild, End: element.lastChild }[event.key];
    if (!target) return;
    event.preventDefault();
    focus(target);
  });
  return element;
}

export default { render };
