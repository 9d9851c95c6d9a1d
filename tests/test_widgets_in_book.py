"""The page of the built book that shows every interactive piece: alive in every language, over http and from a folder.

What the pieces show is compared with Python in their own tests; axe looks at this page in test_accessibility.py.
"""

import pytest
from browser import weigh
from coursebook.widgets import WIDGET
from test_site import CHAPTER, LANGUAGES
from widget_pages import overflow, wait_for_widget

from gptcourse.widgets import host

GALLERY = "widgets"
MODULES = host.modules()
LARGEST = 15 * 1024  # bytes of a piece's own script and style
MOST_PRESSED = 30  # controls of a piece
TAPPED = "button:enabled, label, summary"
KEYED = "select:enabled, input[type=range], [tabindex='0']"


@pytest.fixture(params=["http", "file"])
def anywhere(request, site) -> str:
    """The site's address, over http and as files."""
    return request.getfixturevalue("address") if request.param == "http" else site.as_uri()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_holds_each_piece_once(site, code):
    html = (site / code / f"{GALLERY}.html").read_text(encoding="utf-8")
    assert sorted(WIDGET.findall(html)) == MODULES


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_piece_comes_to_life_once_and_fits_a_phone(reader, anywhere, code):
    page = reader.open(f"{anywhere}/{code}/{GALLERY}.html")
    for name in MODULES:
        wait_for_widget(page, name)
    roots = page.locator(".gc-widget")
    assert roots.evaluate_all("all => all.map((root) => [root.lang, root.dir])") == (
        [[code, LANGUAGES[code].dir]] * len(MODULES)
    )
    assert roots.evaluate_all("all => all.map((root) => root.querySelectorAll('.gc-alive').length)") == (
        [1] * len(MODULES)
    )
    assert page.locator("[data-fallback]:visible").count() == 0
    for width in (390, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == 0, f"at {width} px"


@pytest.mark.parametrize("code", ["en", "fa"])
@pytest.mark.parametrize("name", MODULES)
def test_every_control_can_be_used_on_a_phone(reader, address, code, name):
    """Buttons are tapped and sliders keyed, from the first to the last; the reader tells of errors."""
    page = reader.open(f"{address}/{code}/{GALLERY}.html", width=390, has_touch=True)
    alive = wait_for_widget(page, name)
    controls = alive.locator(f":is({TAPPED}, {KEYED}):visible")
    assert controls.count() > 0
    for number in range(MOST_PRESSED):
        if number >= controls.count():  # a tap may draw others in their place
            break
        control = controls.nth(number)
        if control.evaluate("(control, tapped) => control.matches(tapped)", TAPPED):
            control.tap()
        else:
            control.press("ArrowRight")
    assert overflow(page) == 0
    assert alive.locator("xpath=..").get_attribute("data-mounted") == "1"


@pytest.mark.parametrize("code", LANGUAGES)
def test_without_scripts_each_piece_shows_something_to_read(reader, address, code):
    page = reader.open(f"{address}/{code}/{GALLERY}.html", width=390, scripts=False)
    shown = page.locator(".gc-widget > [data-fallback]:visible")
    assert [len(text) > 40 for text in shown.all_inner_texts()] == [True] * len(MODULES)
    assert shown.locator("table, svg").count() >= len(MODULES)


@pytest.mark.parametrize("name", ["index", CHAPTER])
def test_a_page_loads_the_scripts_of_its_own_widgets_alone(reader, address, site, name):
    held = WIDGET.findall((site / "en" / f"{name}.html").read_text(encoding="utf-8"))
    page = reader.open(f"{address}/en/{name}.html")
    loaded = [file for file in weigh(page) if "/_widgets/" in file]
    assert bool(loaded) == bool(held)
    assert not [each for each in MODULES if each not in held and any(f"/{each}.js" in file for file in loaded)]


@pytest.mark.parametrize("name", MODULES)
def test_a_piece_is_light(name, record_property):
    files = [host.FOLDER / f"{name}{suffix}" for suffix in (".js", ".css")]
    size = sum(file.stat().st_size for file in files if file.is_file())
    record_property("measured", f"{name}: {size / 1024:.1f} KB of script and style")
    assert size <= LARGEST
