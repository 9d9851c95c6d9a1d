"""Bare pages with widgets for the browser tests, as a live notebook shows them: each output with its script inside.

    path = write_page(tmp_path, "fa", [lambda: next_token(tokens, logits)])
    page = reader.open(path.as_uri(), width=390, scheme="dark")
    piece = wait_for_widget(page, "next_token")     # a Playwright locator
    assert piece.locator("output").first.inner_text() == "1.00"

Also two widgets of a few lines, for tests of the host (the fixture `probes`). Knows the host, no particular widget.
"""

import shutil
from pathlib import Path

import pytest

from gptcourse import labels
from gptcourse.widgets import host

REAL = host.FOLDER
# Counts its mounts, shows its state as text, and counts clicks in its state
PROBE = """
import {
  h as element,
  button,
} from "./dom.js";

export const mounted = [];
export function render({ model, el }) {
  mounted.push(el);
  globalThis.mounts = (globalThis.mounts ?? 0) + 1;
  const text = element("p", { class: "shown" }, String(model.get("text")));
  const count = element("output");
  const show = () => { count.textContent = model.get("clicks") ?? 0; text.textContent = model.get("text"); };
  show();
  model.on("change:clicks", show);
  model.on("change:text", show);
  model.on("msg:custom", (message) => text.append(` ${JSON.stringify(message)}`));
  const press = () => { model.set("clicks", (model.get("clicks") ?? 0) + 1); model.save_changes(); };
  el.append(text, button("+", press), count);
  return () => { globalThis.removed = (globalThis.removed ?? 0) + 1; };
}

export default { render };
"""
BROKEN = 'export function render({ el }) { el.append("half"); throw new Error("no such matrix"); }\nexport default { render };\n'
# Texts that have broken pages
HOSTILE = [
    "</script><script>globalThis.hacked = 1</script>",
    "<!-- <script> --><img src=x onerror='globalThis.hacked = 1'>",
    "\"'`${globalThis.hacked = 1}\\ &lt;&amp;",
    "abc\u202edef\u202c \u2067x\u2069 \u200f \u2028 \u2029",
    "\ud83d \ude00 \udc80 😀 \ufffd \ufffe",
    "line\r\n\ttab \x00 \x1b[31m \x7f \x85",
    "سلام می‌کنم",
]

HOSTILE_TOKENS = [  # as names in tables and on maps
    "</script><script>globalThis.hacked = 1</script>",
    "\"'><b onload=x>",
    "\u202eabc",
    "\ud800",
    "",
    "x" * 10_000,
    "{count}",
    "شاه",
]

# The variables that widgets draw their colours from, with the values of the book's theme, and the space that it leaves.
STYLE = """
:root { color-scheme: light; --pst-color-text-base: #222832; --pst-color-text-muted: #48566b; --pst-color-background: #fff; }
@media (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --pst-color-text-base: #ced6dd; --pst-color-text-muted: #9ca4af; --pst-color-background: #14181e; }
}
body { font: 16px/1.65 system-ui, sans-serif; margin: 0; }
body { color: var(--pst-color-text-base); background: var(--pst-color-background); }
main { max-width: 47em; margin: 1em auto; padding: 0 12px; }
"""


def write_page(folder, lang, widgets, name="page.html", static=False) -> Path:
    """Write a page in that language and return its path.

    widgets: a list of Widgets, or of functions without arguments that make one (in the language of the page).
    static: outputs as a committed notebook holds them, without their scripts.
    """
    session = labels._session
    try:
        t = labels.language(lang)
        with pytest.MonkeyPatch.context() as environment:  # while they are made, too: some hold less in stored outputs
            environment.setenv("GPTCOURSE_STATIC", "1" if static else "")
            made = [each() if callable(each) else each for each in widgets]
            outputs = "\n".join(each.html() for each in made)
    finally:
        labels._session = session
    strange = [each.module for each in made if each.state["lang"] != lang]
    assert not strange, f"made in another language than {lang}: {strange}; give write_page a function that makes them"
    path = Path(folder) / name
    path.write_text(page_of(outputs, t), encoding="utf-8")
    return path


def page_of(outputs, t) -> str:
    """HTML of a page around outputs; t: the labels of its language."""
    return f"""<!doctype html>
<html lang="{t.lang}" dir="{t.dir}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Widgets</title>
<style>{STYLE}</style></head>
<body><main><h1>Widgets</h1>
{outputs}
</main></body>
</html>
"""


def wait_for_widget(page, module, number=0):
    """The locator of a widget's living part, once it is mounted; AssertionError if it failed to."""
    root = page.locator(f'[data-widget="{module}"]').nth(number)
    page.wait_for_function(
        "([module, number]) => ['1', 'failed'].includes("
        'document.querySelectorAll(`[data-widget="${module}"]`)[number]?.dataset.mounted)',
        arg=[module, number],
    )
    assert root.get_attribute("data-mounted") == "1", f"{module} did not mount: see the page's console"
    return root.locator(".gc-alive")


def overflow(page) -> int:
    """By how many pixels the page is wider than its window: 0 unless something overflows."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def write_probes(folder) -> Path:
    """A folder of modules to take the place of the real ones: `probe`, `broken` and what every widget needs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("mount.js", "base.js", "base.css", "dom.js"):
        shutil.copy(REAL / name, folder / name)
    sources = {"probe.js": PROBE, "probe.css": ".gc-widget .shown { font-weight: 700; }\n", "broken.js": BROKEN}
    for name, text in sources.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def probe(text="hello", **state) -> host.Widget:
    """The widget `probe` with that text."""
    return host.Widget("probe", {"text": text, **state}, f"<p>{host.escape(text)}</p>", text)
