"""Widgets of the book: a page that holds some loads their modules, each a file of its own; other pages load nothing.

Outputs are stored without scripts (`gptcourse.widgets.host`), so that one copy serves all pages and stays in the reader's
cache. All of it lies in `_widgets`: the modules, and the files that pages ask for by name, such as a model's weights, as
they are and as scripts, for books that are opened from a folder.
"""

import hashlib
import re
from html import escape
from pathlib import Path

from sphinx.util import logging

from gptcourse.widgets import host

logger = logging.getLogger(__name__)

FOLDER = "_widgets"
WIDGET = re.compile(r'<div class="gc-widget" data-widget="(\w+)"')


def scripts(modules: list[str]) -> dict[str, str]:
    """What the widgets of these modules need, in the order in which a page must load it: file name -> script."""
    parts = dict.fromkeys(part for module in modules for part in host.with_imports(module))
    return {"mount.js": host.mount(), **{f"{part}.js": host.definition(part) for part in parts}}


def link_scripts(app, pagename, templatename, context, doctree) -> None:
    """Load what the page's widgets need, and note it and the files that their states name."""
    body = context.get("body", "")
    modules = sorted(set(WIDGET.findall(body)))
    for unknown in set(modules) - set(host.modules()):
        logger.warning("an output holds the widget %r, of which there is no module: run the notebook again", unknown,
                       location=pagename)  # fmt: skip
        modules.remove(unknown)
    if not modules:
        return
    tags = ""
    for name, script in scripts(modules).items():
        address = context["pathto"](f"{FOLDER}/{name}", resource=True)
        version = hashlib.sha256(script.encode()).hexdigest()[:8]  # for caches
        tags += f'\n    <script defer src="{escape(address)}?v={version}"></script>'
        app.widget_files[name] = script.encode()
    context["metatags"] = context.get("metatags", "") + tags
    for name in named_files(body):
        data = host.files()[name]
        app.widget_files |= {name: data, f"{name}.js": host.as_script(name, data).encode()}


def named_files(body: str) -> list[str]:
    """Names of the files that a page's widgets may ask for: those that stand in a state as a string."""
    try:
        return [name for name in host.files() if f'"{name}"' in body]
    except OSError as error:
        logger.warning("a file that widgets ask for is not to be had: %s", error)
        return []


def write_files(app, exception) -> None:
    """Put what the pages load beside them."""
    if exception or app.builder.format != "html":
        return
    for name, data in app.widget_files.items():
        path = Path(app.outdir) / FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


def setup(app) -> None:
    """Connect to Sphinx; called by the extension's own `setup`."""
    app.widget_files = {}
    app.connect("html-page-context", link_scripts)
    app.connect("build-finished", write_files)
