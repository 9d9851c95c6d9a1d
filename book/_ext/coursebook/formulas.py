"""Formulas rendered while the book is built: pages carry KaTeX's HTML and MathML and no script.

MathJax would load 1.2 MB on every page with a formula. The extension sphinxcontrib-katex also renders ahead, but shows
a mistake in a formula as red text in the page, where this one reports a Sphinx warning that names the page, and it
links its style on every page.

All formulas of a build go through one node process, which starts with the first of them. Not safe for parallel
writing (`sphinx-build -j`): the process answers one writer.
"""

import json
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number, wrap_displaymath

from gptcourse.authoring import assets

logger = logging.getLogger(__name__)

# A formula reads left to right in every language. In a line of text it may break where mathematics allows it; one set
# apart that is wider than a phone scrolls by itself. (The theme lays .math out for MathJax, as unbreakable boxes.)
STYLE = """
.math { direction: ltr; unicode-bidi: isolate; }
span.math { display: inline; overflow: visible; }
div.math > .katex-display { flex: 1; min-width: 0; margin: 0.5em 0; padding: 0.2em 0; overflow: auto hidden; }
"""


class FormulaError(ValueError):
    """KaTeX cannot read a formula."""


class Katex:
    """KaTeX in a node process that starts with the first formula and lives until `close`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._known: dict[tuple[str, bool], dict] = {}

    def render(self, tex: str, display: bool = False) -> str:
        """HTML with MathML inside for one formula; FormulaError with KaTeX's message if it cannot be read."""
        if (tex, display) not in self._known:
            self._known[tex, display] = self._ask({"tex": tex, "display": display})
        answer = self._known[tex, display]
        if "error" in answer:
            raise FormulaError(answer["error"])
        return answer["html"]

    def _ask(self, request: dict) -> dict:
        if self._process is None:
            script = Path(__file__).with_name("formulas.cjs")
            command = [assets.node_binary(), script, assets.ensure() / "katex" / "dist"]
            self._process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
            )
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"The node process that renders formulas ended at: {request['tex']}")
        return json.loads(answer)

    def close(self) -> None:
        """End the node process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


def display_tex(node: nodes.math_block) -> str:
    """What KaTeX gets for a display formula.

    Sphinx numbers equations itself, so that references to them work; KaTeX's own numbers are switched off with the
    starred form of an environment. Several equations or lines without an environment are aligned as MathJax did.
    """
    tex = node.astext().strip()
    if node.get("nowrap"):
        return re.sub(r"\\(begin|end)\{(equation|align|alignat|gather|CD)\}", r"\\\1{\2*}", tex)
    if r"\\" in tex or "\n\n" in tex:
        return wrap_displaymath(tex, None, False)
    return tex


def _rendered(katex: Katex, node: nodes.Element, tex: str, display: bool) -> str:
    try:
        return katex.render(tex, display)
    except FormulaError as error:
        logger.warning("formula %r: %s", node.astext().strip(), error, location=node)
        return ""


def _visit_inline(katex: Katex, writer, node: nodes.math) -> None:
    tag = writer.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    writer.body.append(tag + _rendered(katex, node, node.astext(), False) + "</span>")
    raise nodes.SkipNode


def _visit_display(katex: Katex, writer, node: nodes.math_block) -> None:
    writer.body.append(writer.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    if node.get("number"):
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, _("Link to this equation"))
        writer.body.append("</span>")
    html = _rendered(katex, node, display_tex(node), True)
    # what scrolls must scroll from the keyboard too
    writer.body.append(html.replace('<span class="katex-display"', '<span class="katex-display" tabindex="0"', 1))
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def _copy_style(app: Sphinx) -> None:
    """KaTeX's style with its woff2 fonts alone (every browser of the last ten years reads woff2)."""
    if app.builder.format != "html":
        return
    dist = assets.ensure() / "katex" / "dist"
    target = Path(app.outdir) / "_static" / "katex"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(dist / "fonts", target / "fonts", ignore=lambda _dir, names: [n for n in names if "woff2" not in n])
    css = (dist / "katex-swap.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\) format\("(?:woff|truetype)"\)', "", css)
    (target / "katex.css").write_text(css + STYLE, encoding="utf-8")


def _link_style(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    formula = nodes.math, nodes.math_block
    if doctree is not None and any(isinstance(node, formula) for node in doctree.findall()):
        app.add_css_file("katex/katex.css")


def _use_katex(app: Sphinx, config) -> None:
    config.html_math_renderer = "katex"


def setup(app: Sphinx) -> None:
    """Make KaTeX the renderer of formulas; called by the extension's own `setup`."""
    katex = Katex()
    app.add_html_math_renderer("katex", (partial(_visit_inline, katex), None), (partial(_visit_display, katex), None))
    app.connect("config-inited", _use_katex)
    app.connect("builder-inited", _copy_style)
    app.connect("html-page-context", _link_style)
    app.connect("build-finished", lambda _app, _exception: katex.close())
