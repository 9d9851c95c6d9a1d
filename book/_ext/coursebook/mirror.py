"""The theme's style sheets for a right-to-left book: left and right become start and end.

The theme is written in physical properties (`margin-left`), as are Bootstrap, Sphinx and MyST-NB beneath it. Logical
ones (`margin-inline-start`) mean the same in a left-to-right page, and the opposite side in a right-to-left one. So a
translation of every declaration replaces a list of corrections that each release of the theme would break. What no
property tells (translations, shadows, arrows) is corrected in `book.css`.
"""

import re
from pathlib import Path

SIDES = {"left": "inline-start", "right": "inline-end"}
CORNERS = {
    "top-left": "start-start",
    "top-right": "start-end",
    "bottom-left": "end-start",
    "bottom-right": "end-end",
}
DECLARATION = re.compile(r"(?P<before>[{;]\s*)(?P<name>[a-z-]+)\s*:\s*(?P<value>[^;{}]+)")
BOX = ("margin", "padding", "border-width", "border-color", "border-style", "inset")
SHEETS = ("styles/*.css", "basic.css", "mystnb*.css")


def logical(css: str) -> str:
    """The same style sheet in logical properties."""
    return DECLARATION.sub(lambda m: m["before"] + _declaration(m["name"], m["value"]), css)


def _declaration(name: str, value: str) -> str:
    if name in ("float", "clear", "text-align"):
        side = SIDES.get(value.split("!")[0].strip())
        if side and name == "text-align":
            side = side.removeprefix("inline-")
        return f"{name}:{side}{'!important' if '!' in value else ''}" if side else f"{name}:{value}"
    if name in SIDES:
        return f"inset-{SIDES[name]}:{value}"
    if found := re.fullmatch(r"(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-\w+)?", name):
        return f"{found[1]}-{SIDES[found[2]]}{found[3] or ''}:{value}"
    if found := re.fullmatch(r"border-(top|bottom)-(left|right)-radius", name):
        return f"border-{CORNERS[f'{found[1]}-{found[2]}']}-radius:{value}"
    if name == "justify-content" and value in SIDES:
        return f"{name}:{'flex-start' if value == 'left' else 'flex-end'}"
    if name == "transition":
        return f"{name}:" + re.sub(r"(?<=margin-)(left|right)", lambda side: SIDES[side[0]], value)
    if name in BOX:
        return _four_sides(name, value)
    return f"{name}:{value}"


def _four_sides(name: str, value: str) -> str:
    """`margin: 1px 2px 3px 4px` names the left side too; browsers know no logical form of it."""
    value, important = re.subn(r"\s*!important", "", value)
    parts = re.findall(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+", value)
    if len(parts) != 4 or parts[1] == parts[3]:
        return f"{name}:{value}" + "!important" * important
    top, right, bottom, left = parts
    stem, _, kind = name.partition("-")
    kind = f"-{kind}" if kind else ""
    end = "!important" * important
    return f"{stem}-block{kind}:{top} {bottom}{end};{stem}-inline{kind}:{left} {right}{end}"


def _mirror(app, exception: Exception | None) -> None:
    if exception or app.builder.format != "html" or app.course.language.dir != "rtl":
        return
    static = Path(app.outdir) / "_static"
    for pattern in SHEETS:
        for sheet in static.glob(pattern):
            sheet.write_text(logical(sheet.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def setup(app) -> None:
    """Connect to Sphinx; called by the extension's own `setup`."""
    app.connect("build-finished", _mirror, priority=900)  # after `icons` has written the theme's sheet anew
