// Small helpers that every widget uses. Knows the page, nothing of models.

// An element with attributes and children; text among the children is text, never HTML.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  assign(element, attributes);
  element.append(...children);
  return element;
}

// The same for a picture.
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  assign(element, attributes);
  element.append(...children);
  return element;
}

function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
}

// A label with its values filled in: fill("{count} tokens", {count: 5}).
export function fill(label, values) {
  return label.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// A token as it is shown: signs for what would be invisible, as in gptcourse.show.
const SIGNS = { " ": "·", "\n": "↵", "\t": "→", "\u200c": "¦" };
export function visible(text) {
  return text.replace(/[ \n\t\u200c]/g, (char) => SIGNS[char]).replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "␣");
}

// A token in its own direction.
export function token(text, attributes = {}) {
  return h("bdi", { class: "gc-tok", ...attributes }, visible(text));
}

// A slider with its name and its value beside it; `show` writes the value.
export function slider({ label, min, max, step, value, show, oninput }) {
  const output = h("output", { dir: "ltr" }, show(value));
  const input = h("input", { type: "range", min, max, step, "aria-label": label });
  input.value = value;
  const say = () => input.setAttribute("aria-valuetext", show(Number(input.value)));
  say();
  input.addEventListener("input", () => {
    output.textContent = show(Number(input.value));
    say();
    oninput(Number(input.value));
  });
  return h("label", { class: "gc-slider" }, h("span", {}, label), input, output);
}

export function button(label, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, label);
}

// What may be wider than a phone: it scrolls by itself, with the keyboard too.
export function scroller(name, ...children) {
  return h("div", { class: "gc-scroll", tabindex: 0, role: "group", "aria-label": name }, ...children);
}

// Random numbers from a seed (mulberry32): the same sequence on every machine, from 0 up to but not 1.
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// When an element comes near the screen: what costs the reader a download can wait until then.
export function seen(element) {
  return new Promise((resolve) => {
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        resolve();
      },
      { rootMargin: "50%" },
    );
    watch.observe(element);
  });
}
