"""What all widgets share: how a piece of JavaScript with its state becomes one output of a notebook.

    Widget("next_token", {"tokens": [...], "logits": [...]}, fallback="<table>…</table>", plain="…")

The output is a `<div>` with three things: a fallback for readers without scripts, the state as JSON, and, while somebody
works in a notebook, the module itself, so that the saved notebook needs neither kernel nor network. Where GPTCOURSE_STATIC
is 1 (`python -m gptcourse run`, the tests) the module is left out: the book adds it once for all pages, and a stored
output does not change when a `.js` does. This module knows no particular widget.

A widget's module `<name>.js` beside this file exports `render({model, el})` and ends in `export default { render };`, as
anywidget asks for; it may have a `<name>.css`. A module imports from its neighbours by lines such as
`import { h, token } from "./dom.js";`. `model.get(name)` reads the state; labels stand under "labels", from the sections
"widgets.common" and "widgets.<name>" of the catalogue, "lang" and "dir" are those of the session.
"""

import base64
import importlib
import json
import math
import os
import re
from functools import cache
from html import escape
from pathlib import Path

from gptcourse.labels import SOURCE, Labels, current, message

FOLDER = Path(__file__).parent
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|let|class) (\w+))", re.MULTILINE)
DEFAULT = "export default { render };\n"  # how the module of every widget ends
BASE = "base"  # the module that every page with widgets needs, and the style that all of them share
# Characters that must not stand in JSON inside HTML, or that no editor shows: written as \uXXXX
HIDDEN = re.compile("[<\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def is_static():
    """Whether outputs are made to be stored, or for tests: without scripts."""
    return os.environ.get("GPTCOURSE_STATIC") == "1"


class Widget:
    """An interactive piece: the name of its module, its state, and what is shown where no script runs.

    fallback: HTML, already escaped. plain: text for a terminal. state: {name: what JSON can hold, or bytes}. Raises
    ValueError for a module that is not there, TypeError when the state holds something else.
    """

    def __init__(self, module, state, fallback, plain):
        if module not in modules():
            raise ValueError(f"There is no widget {module!r} in {FOLDER.name}; there are {', '.join(modules())}.")
        t = current()
        self.module = module
        self.state = {**state, "labels": labels(t, module), "lang": t.lang, "dir": t.dir}
        self.fallback, self.plain = without_surrogates(fallback), without_surrogates(plain)
        to_json(self.state)  # a mistake shows where it was made, not where the widget is displayed

    def html(self):
        """The output as one piece of HTML."""
        script = "" if is_static() else f"<script>{in_html(self._script())}</script>"
        return (
            f'<div class="gc-widget" data-widget="{self.module}" lang="{self.state["lang"]}" dir="{self.state["dir"]}">'
            f"<div data-fallback>{self.fallback}</div>"
            f'<script type="application/json">{to_json(self.state)}</script>{script}</div>'
        )

    def _script(self):
        parts = (definition(name) for name in with_imports(self.module))
        return f"{mount()}{''.join(parts)}gptcourseWidgets.mount();"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": self.plain}

    def __str__(self):
        return self.plain

    def live(self):
        """The same as an ipywidget that talks to Python.

        Its trait `state` holds what is shown: assign another dict to change it. `selection` holds what the reader has
        set in the page, by name: observe it. `send(message)` calls the module's handlers of "msg:custom".
        Raises ImportError where anywidget is not installed.
        """
        try:
            from gptcourse.widgets.live import connect  # here, because only what talks to a kernel needs anywidget
        except ModuleNotFoundError as error:
            raise ImportError(message("errors.no_anywidget", name=error.name)) from None
        return connect(self)


def labels(t, module):
    """The words of one widget in the language of `t`, in English where it lacks one."""
    found = {}
    for section in ("widgets.common", f"widgets.{module}"):
        for catalogue in (Labels(SOURCE), t):
            found |= catalogue.get(section) or {}
    return found


def to_json(state):
    """State as JSON that can stand inside HTML, and inside a file of UTF-8: `<` and lone surrogates are escaped."""
    text = json.dumps(_plain(state), ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_refuse)
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(value):
    """The same as JSON can hold it; base.js (`FORMS`) reads it back."""
    if isinstance(value, dict):
        if len(value) == 1 and str(*value).startswith("$"):
            ((key, only),) = value.items()
            return {"$dict": [key, _plain(only)]}  # no other form, but a dict that looks like one
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"$number": str(float(value)).replace("inf", "Infinity").replace("nan", "NaN")}
    if isinstance(value, bytes | bytearray | memoryview):
        return {"$bytes": base64.b64encode(value).decode()}
    return value


def _refuse(value):
    raise TypeError(
        f"A {type(value).__name__} cannot be part of a widget's state: make lists and numbers of it, with rounded() "
        "or .tolist()."
    )


def without_surrogates(text):
    """Text that can be written as UTF-8: half a pair becomes the sign for what cannot be read."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def in_html(script):
    """A script as it may stand between tags of HTML."""
    return script.replace("</", "<\\/").replace("<!--", "<\\!--")


def rounded(values, digits=5):
    """Nested lists of floats with so many digits behind the point: what a page shows, and the same on every machine."""
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, float):
        return round(values, digits) + 0.0  # no -0.0
    if isinstance(values, dict):
        return {key: rounded(value, digits) for key, value in values.items()}
    return [rounded(value, digits) for value in values] if isinstance(values, list | tuple) else values


def table(header, rows):
    """A fallback table; cells are escaped and keep their own direction."""
    lines = [("th", header), *(("td", row) for row in rows)]
    html = "".join(
        "<tr>" + "".join(f"<{tag}><bdi>{escape(str(cell))}</bdi></{tag}>" for cell in row) + "</tr>"
        for tag, row in lines
    )
    return f"<table>{html}</table>"


# ---- scripts


def modules():
    """Names of all widgets: those whose module exports something to render."""
    return sorted(path.stem for path in FOLDER.glob("*.js") if _source(path.stem).endswith(DEFAULT))


def mount():
    """The script that finds widgets in a page and starts them; all definitions come after it."""
    return _source("mount")


def with_imports(module):
    """Names of a module and of all that it imports, in the order in which they can be defined; BASE is one of them."""
    found = {BASE: None}
    _collect(module, found, ())
    return list(found)


def _collect(name, found, asking):
    if name in asking:
        raise ValueError(
            f"{' → '.join((*asking, name))}: these modules import each other; move what they share to another."
        )
    for _, wanted in IMPORT.findall(_source(name)):
        _collect(wanted, found, (*asking, name))
    found[name] = None


def definition(name):
    """A script that makes one module and its style known to `mount`."""
    return f"gptcourseWidgets.define({json.dumps(name)}, {json.dumps(style(name))}, {_function(name)});\n"


def style(name):
    """A module's own style, "" if it has none."""
    path = FOLDER / f"{name}.css"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def linked(module):
    """A module and what it imports as one ES module without imports, for anywidget: it has no neighbours to ask."""
    names = with_imports(module)
    parts = ",\n".join(f"{json.dumps(name)}: {_function(name)}" for name in names)
    return (
        f"const parts = {{\n{parts}\n}};\nconst made = {{}};\n"
        "const use = (name) => (made[name] ??= parts[name](use));\n"
        f'export default use("{BASE}").live(use("{module}"));\n'
    )


def _function(name):
    """A module as a function: from `use`, which gives the exports of other modules, to its own exports.

    As a function it is part of a classic script, which pages may load from anywhere and may hold inside, where a module
    needs a server or a policy that allows it. Raises ValueError for imports and exports in a form that is not known.
    """
    source = _source(name).removesuffix(DEFAULT)
    exported = ", ".join(EXPORT.findall(source))
    body = IMPORT.sub(lambda found: f'const {{{found[1].replace(" as ", ": ")}}} = use("{found[2]}");', source)
    body = EXPORT.sub("", body)
    if strange := re.search(r"^(?:import|export)\b.*", body, re.MULTILINE):
        raise ValueError(
            f"{name}.js: {strange[0]!r} is in a form that host.py does not read. Write "
            'import { a, b } from "./other.js"; or export before function, const or class.'
        )
    return f'(use) => {{\n"use strict";\n{body}\nreturn {{ {exported} }};\n}}'


def _source(name):
    path = FOLDER / f"{name}.js"
    if not path.is_file():
        raise ValueError(f"There is no module {path.name} in {FOLDER}: a file was renamed, or an import is misspelt.")
    return path.read_text(encoding="utf-8")


# ---- files


@cache
def files():
    """Files that a page of the book may ask for, name -> bytes: what the functions `files()` of the neighbours give.

    One that begins with a language and a point, such as hu.bin, is for the book of that language. Raises OSError when
    one is not to be had.
    """
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem != "host" and re.search(r"^def files\(\)", path.read_text(encoding="utf-8"), re.MULTILINE):
            found |= importlib.import_module(f"gptcourse.widgets.{path.stem}").files()
    return found


def as_script(name, data):
    """The same file as a script, for pages that are opened from a folder."""
    return f"gptcourseWidgets.deliver({json.dumps(name)}, {json.dumps(base64.b64encode(data).decode())});\n"
