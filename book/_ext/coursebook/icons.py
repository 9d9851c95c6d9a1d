"""Only the icons that the book uses: a few kilobytes instead of FontAwesome's 1.5 MB.

The theme loads FontAwesome as a script that draws every icon as SVG once it has run. It also ships the same icons as
fonts, with two thousand rules in its style sheet to name them. So after the pages are written, this module finds the
icons in them, takes the script away, and cuts rules and fonts down to what was found. Nothing has to be listed by hand:
an `<i class="fa-solid fa-NAME"></i>` in any template is found.

Icons stay text in the current colour: they print, follow dark mode and high contrast, and need no script.
"""

import base64
import io
import re
from collections.abc import Iterable
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
SHEET = "styles/pydata-sphinx-theme.css"

ICON = re.compile(r"\b(?:fa-solid|fa-regular|fa-brands|fas|far|fab)\s+fa-([a-z0-9-]+)")
RULE = re.compile(r'((?:\.fa-[\w-]+::?before,?)+)\{content:("[^"]*")\}')
FACE = re.compile(r"(@font-face\{[^}]*font-family:Font Awesome[^}]*)src:url\(\.\./([^)]*)\.woff2\)[^}]*\}")
SCRIPT = re.compile(r"\s*(?:<!-- So that users can add custom icons -->\s*)?<script[^>]*fontawesome\.js[^>]*></script>")

# The theme sizes its icons as the SVGs that its script made of them.
STYLE = ".bd-header-article .btn .fa-lg{font-size:1em}"


def trim(sheet: str, used: Iterable[str], drawn: Iterable[int] = ()) -> str:
    """The theme's style sheet with rules and fonts for `used` icons alone.

    drawn: code points of icons that other style sheets draw themselves. Raises KeyError for an icon that has no rule.
    """
    wanted = set(used)

    def keep(rule: re.Match) -> str:
        found = [name for name in re.findall(r"\.fa-([\w-]+):", rule[1]) if name in wanted]
        wanted.difference_update(found)
        selector = ",".join(f".fa-{name}:before" for name in found)
        # the second form gives screen readers an empty text; browsers that do not know it keep the first
        return f'{selector}{{content:{rule[2]};content:{rule[2]}/""}}' if found else ""

    sheet = RULE.sub(keep, sheet)
    if wanted:
        raise KeyError(*sorted(wanted))
    points = characters(sheet) | set(drawn)
    sheet = FACE.sub(lambda face: f"{face[1]}src:url({_font(THEME / f'{face[2]}.ttf', points)})}}", sheet)
    return sheet + STYLE


def characters(sheet: str) -> set[int]:
    """Icons in the strings of a style sheet: private-use characters, written out or as escapes."""
    escaped = {int(code, 16) for code in re.findall(r"\\([0-9a-fA-F]{4})\b", sheet)}
    return {point for point in escaped | set(map(ord, sheet)) if 0xE000 <= point <= 0xF8FF}


def _font(path: Path, points: set[int]) -> str:
    """A data address of the font at `path`, cut down to these characters."""
    with TTFont(path) as font:
        cutter = subset.Subsetter(subset.Options(layout_features=[], glyph_names=False, hinting=False))
        cutter.populate(unicodes=points)
        cutter.subset(font)
        font.flavor = "woff"
        packed = io.BytesIO()
        font.save(packed)
    return "data:font/woff;base64," + base64.b64encode(packed.getvalue()).decode("ascii")


def _replace(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    used, drawn = set(), set()
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        used.update(ICON.findall(html))
        if SCRIPT.search(html):
            page.write_text(SCRIPT.sub("", html), encoding="utf-8", newline="\n")
    for left_over in (*static.glob("scripts/fontawesome.js*"), *static.glob("vendor/fontawesome/webfonts/*")):
        left_over.unlink()
    for script in static.rglob("*.js"):  # the theme's script adds icons too
        used.update(ICON.findall(script.read_text(encoding="utf-8")))
    for sheet in static.rglob("*.css"):
        if sheet != static / SHEET:
            drawn |= characters(sheet.read_text(encoding="utf-8"))
    whole = (THEME / SHEET).read_text(encoding="utf-8")
    named = {name for rule in RULE.finditer(whole) for name in re.findall(r"\.fa-([\w-]+):", rule[1])}
    for name in sorted(used - named):
        logger.warning("icon 'fa-%s' does not exist in the theme's FontAwesome (%s)", name, THEME / SHEET)
    (static / SHEET).write_text(trim(whole, used & named, drawn), encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Swap the theme's icon script for the icons in use; called by the extension's own `setup`."""
    app.connect("build-finished", _replace)
