// What the host needs beside a widget's module: its state out of JSON, and the model that the module talks to.
// Knows anywidget's way of talking, no particular widget.

// How Python writes what JSON has no form for: an object with one of these names alone.
const FORMS = {
  $bytes: (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer,
  $number: Number,
  $dict: ([key, value]) => ({ [key]: value }),
};

export function parse(text) {
  return JSON.parse(text, (_, value) => {
    if (!value || typeof value !== "object" || Array.isArray(value)) return value;
    const [name, second] = Object.keys(value);
    return second === undefined && Object.hasOwn(FORMS, name ?? "") ? FORMS[name](value[name]) : value;
  });
}

// The part of anywidget's model that widgets use: get, set, save_changes, on, off, send.
// save(changes): what save_changes is to do with the values set since; send(message): to Python, if there is one.
export function modelOf(state, { save = () => {}, send = () => {} } = {}) {
  const handlers = new Map();
  let changes = {};
  const tell = (name, ...values) => [...(handlers.get(name) ?? [])].forEach((f) => f(...values));
  const put = (name, value) => {
    if (state[name] === value) return;
    state[name] = value;
    tell(`change:${name}`);
  };
  return {
    get: (name) => state[name],
    set(name, value) {
      changes[name] = value;
      put(name, value);
    },
    save_changes() {
      save(changes);
      changes = {};
    },
    send,
    on: (name, f) => void handlers.set(name, [...(handlers.get(name) ?? []), f]),
    off: (name, f) => void handlers.set(name, (handlers.get(name) ?? []).filter((each) => f && each !== f)),
    put, // from outside: not part of what is saved
    tell,
  };
}

// Keys pressed in a widget are the widget's. JupyterLab would otherwise act on them (D D deletes the cell), and with any key
// move the focus to the cell.
export function keepKeys(el) {
  el.setAttribute("data-lm-suppress-shortcuts", "");
  el.addEventListener("keydown", (event) => {
    if (el.closest(".jp-Notebook")) event.stopPropagation();
  });
}

// The same widget as an anywidget. Python's traits are JSON texts: "state", what is shown, and "selection", what the
// reader has set; its messages are {json: text}.
export function live(widget) {
  function render({ model, el }) {
    let shown = model.get("state");
    const own = modelOf(
      { ...parse(shown), ...parse(model.get("selection")) },
      {
        save(changes) {
          model.set("selection", JSON.stringify({ ...JSON.parse(model.get("selection")), ...changes }));
          model.save_changes();
        },
        send: (message) => model.send(message),
      },
    );
    const renew = () => {
      const [before, after] = [JSON.parse(shown), JSON.parse((shown = model.get("state")))];
      const values = parse(shown);
      const changed = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
      for (const name of changed) own.put(name, values[name]);
    };
    const hear = (message, buffers) => own.tell("msg:custom", "json" in message ? parse(message.json) : message, buffers);
    model.on("change:state", renew);
    model.on("msg:custom", hear);
    el.classList.add("gc-widget");
    el.lang = own.get("lang");
    el.dir = own.get("dir");
    const alive = document.createElement("div");
    alive.className = "gc-alive";
    keepKeys(alive);
    el.append(alive);
    const ended = widget.render({ model: own, el: alive });
    return async () => {
      model.off("change:state", renew);
      model.off("msg:custom", hear);
      (await ended)?.();
    };
  }
  return { render };
}
