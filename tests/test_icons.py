"""The theme's style sheet cut down to the icons in use."""

import base64
import io
import re

import pytest
from coursebook import icons
from fontTools.ttLib import TTFont

SHEET = (icons.THEME / icons.SHEET).read_text(encoding="utf-8")


def fonts(sheet: str) -> list[TTFont]:
    return [TTFont(io.BytesIO(base64.b64decode(data))) for data in re.findall(r"font/woff;base64,([^)]*)\)", sheet)]


def test_only_the_icons_in_use_keep_their_rule_and_their_glyph():
    sheet = icons.trim(SHEET, {"bars", "pencil-alt", "github"})
    named = {name for rule in icons.RULE.finditer(SHEET) for name in re.findall(r"\.fa-([\w-]+):", rule[1])}
    assert {name for name in named if re.search(rf"[,}}/]\.fa-{name}:before\{{content", sheet)} == {
        "bars",
        "pencil-alt",
        "github",
    }
    solid = next(font for font in fonts(sheet) if 0xF0C9 in font.getBestCmap())
    assert 0xF303 in solid.getBestCmap()  # pencil-alt is another name of pencil
    assert 0xF135 not in solid.getBestCmap()  # rocket is not in use
    assert any(0xF09B in font.getBestCmap() for font in fonts(sheet))  # github is a brand


def test_the_theme_s_own_marks_stay():
    note = int(re.search(r"--pst-icon-info-circle:\"(.)\"", SHEET)[1].encode("unicode-escape")[2:], 16)
    assert any(note in font.getBestCmap() for font in fonts(icons.trim(SHEET, set())))


def test_marks_of_other_sheets_get_their_glyph():
    assert icons.characters('a::after{content:"\\f107"} b::before{content:"\uf0c9"} c{color:#f0f0f0}') == {
        0xF107,
        0xF0C9,
    }
    assert any(0xF107 in font.getBestCmap() for font in fonts(icons.trim(SHEET, set(), {0xF107})))


def test_no_font_is_fetched_and_the_sheet_is_smaller():
    sheet = icons.trim(SHEET, {"bars"})
    assert "webfonts" not in sheet
    assert len(sheet) < len(SHEET) - 60_000


def test_an_unknown_icon_is_named():
    with pytest.raises(KeyError, match="no-such-icon"):
        icons.trim(SHEET, {"no-such-icon"})


def test_icons_are_found_as_templates_write_them():
    page = (
        '<i class="fa-solid fa-sun      fa-lg"></i><i class="fas fa-download"></i><i class="theme fa-brands fa-github">'
    )
    assert set(icons.ICON.findall(page)) == {"sun", "download", "github"}


def test_the_script_goes_with_its_comment():
    tag = '<script defer src="_static/scripts/fontawesome.js?digest=1"></script>'
    assert icons.SCRIPT.sub("", f"a\n  <!-- So that users can add custom icons -->\n  {tag}\nb") == "a\nb"
