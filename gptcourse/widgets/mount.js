// Starts the widgets of a page, without kernel and without network. A classic script, because a page that is opened
// from a folder may not load modules. It may stand in a page many times; the first one counts.
globalThis.gptcourseWidgets ??= (() => {
  const known = new Map(); // name of a module -> what makes it, and its style
  const made = new Map(); // name -> what it exports
  const started = new WeakSet();
  const base = document.currentScript?.src ? new URL(".", document.currentScript.src).href : null;

  // A module of host.py's making; the newest of several with one name counts.
  function define(name, css, make) {
    known.set(name, { css, make });
    made.delete(name);
  }

  function use(name) {
    if (!made.has(name)) {
      const { css, make } = known.get(name) ?? absent(name);
      if (css) dress(name, css);
      made.set(name, make(use));
    }
    return made.get(name);
  }

  function absent(name) {
    throw new Error(`its part ${name} did not arrive`);
  }

  function dress(name, css) {
    let style = document.querySelector(`style[data-gc="${name}"]`);
    if (!style) {
      style = document.createElement("style");
      style.dataset.gc = name;
      document.head.append(style);
    }
    style.textContent = css;
  }

  function mount() {
    for (const root of document.querySelectorAll(".gc-widget[data-widget]")) {
      if (started.has(root) || !known.has(root.dataset.widget)) continue; // if unknown, its module is still to come
      started.add(root);
      start(root);
    }
  }

  async function start(root) {
    root.querySelector(":scope > .gc-alive")?.remove(); // of a copy: a page saved by the browser
    const fallback = root.querySelector(":scope > [data-fallback]");
    const el = document.createElement("div");
    el.className = "gc-alive";
    try {
      const { parse, modelOf, keepKeys } = use("base");
      const { render } = use(root.dataset.widget);
      const state = parse(root.querySelector(":scope > script[type='application/json']").textContent);
      keepKeys(el);
      root.append(el);
      await render({ model: modelOf(state), el });
      fallback.hidden = true;
      root.dataset.mounted = "1";
    } catch (error) {
      el.remove();
      if (fallback) fallback.hidden = false;
      root.dataset.mounted = "failed";
      console.error(`widget ${root.dataset.widget}:`, error);
    }
  }

  // A file of the book, such as a model's weights: fetched over http; as a script where pages are opened from a folder,
  // because browsers refuse to fetch there.
  const files = new Map();
  const arrivals = new Map();

  function bytes(name) {
    if (!files.has(name)) {
      const asked = base ? (base.startsWith("file:") ? load(name) : download(name)) : nowhere(name);
      files.set(name, asked);
      asked.catch(() => files.delete(name)); // the next one may ask again
    }
    return files.get(name);
  }

  async function nowhere(name) {
    throw new Error(`${name} is a file of the book, and this page is none of it`);
  }

  async function download(name) {
    const reply = await fetch(`${base}${name}`);
    if (!reply.ok) throw new Error(`${name}: ${reply.status} ${reply.statusText}`);
    return reply.arrayBuffer();
  }

  function load(name) {
    return new Promise((resolve, reject) => {
      arrivals.set(name, resolve);
      const script = document.createElement("script");
      script.src = `${base}${name}.js`;
      script.onload = () => script.remove();
      script.onerror = () => reject(new Error(`${name}.js is not there`));
      document.head.append(script);
    });
  }

  function deliver(name, text) {
    arrivals.get(name)?.(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer);
  }

  // In the book this script comes before its modules, all of them before this event.
  if (document.readyState !== "complete") document.addEventListener("DOMContentLoaded", mount);
  return { define, mount, bytes, deliver };
})();
