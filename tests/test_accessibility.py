"""The built site for every reader: axe, keyboard, narrow screens, dark mode, print, and Persian from right to left."""

import pytest
from test_site import CHAPTER, LANGUAGES, PAGES, ROOT

from gptcourse.authoring import assets

RTL = [code for code, language in LANGUAGES.items() if language.dir == "rtl"]
WIDTHS = {"phone": 390, "tablet": 820, "desktop": 1400}


# ---- axe


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    return (assets.ensure() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def own_pages():
    """(language, page): all pages in English; in the others those they have, and one that they show in English."""
    for code in LANGUAGES:
        has = [name for name in PAGES if list((ROOT / "book" / code).glob(f"{name}.*"))]
        borrowed = [name for name in PAGES if name not in has]
        yield from ((code, name) for name in [*has, *borrowed[:1], "search"])


@pytest.mark.parametrize(("code", "name"), list(own_pages()))
def test_axe_finds_no_violation(reader, address, axe, code, name):
    """All rules, on a desktop and on a phone, in light and dark, with everything unfolded.

    All four combinations of one long page in one language of each direction, two of them elsewhere.
    """
    violations = []
    views = [("desktop", "light"), ("phone", "dark"), ("phone", "light"), ("desktop", "dark")]
    for width, scheme in views if name == CHAPTER and code in ("en", *RTL) else views[:2]:
        page = reader.open(f"{address}/{code}/{name}.html", width=WIDTHS[width], scheme=scheme)
        assert page.locator("html").get_attribute("data-theme") == scheme
        page.evaluate("document.querySelectorAll('details').forEach(details => (details.open = true))")
        page.wait_for_function("!document.querySelector('.gc-widget:not([data-mounted])')")
        page.evaluate(axe)
        violations += [f"{width}, {scheme}: {line}" for line in page.evaluate(AXE)]
    assert not violations, "\n".join(violations)


AXE = r"""async () => {
    await new Promise(resolve => setTimeout(resolve, 400));  // the theme lets the Tab key reach what now scrolls
    const result = await axe.run(document, {resultTypes: ["violations"]});
    return result.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node => [
        `${rule.id} (${rule.help})`,
        node.target.join(" "),
        node.html.replace(/\s+/g, " ").slice(0, 160),
        node.any[0]?.message ?? "",
    ].join(": ")));
}"""


# ---- keyboard


def test_the_first_tab_skips_to_the_text(reader, address):
    page = reader.open(f"{address}/en/{CHAPTER}.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_folded_solution_opens_with_the_keyboard(reader, address, code):
    page = reader.open(f"{address}/{code}/{CHAPTER}.html")
    solution = page.locator("article details:not(.toggle-details):not([class*=hide])").last
    assert solution.evaluate("details => details.open") is False
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    assert solution.evaluate("details => details.open") is True
    assert solution.locator("p, pre, ul, ol").last.is_visible()


@pytest.mark.parametrize("code", ["en", *RTL])
def test_the_search_field_opens_and_closes_with_the_keyboard(reader, address, code):
    page = reader.open(f"{address}/{code}/index.html")
    page.keyboard.press("Control+k")
    field = page.locator("#pst-search-dialog input[type=search]")
    field.wait_for(state="visible")
    page.keyboard.press("Escape")
    field.wait_for(state="hidden")


# ---- dark mode and print


def test_dark_mode_is_a_switch_that_is_remembered(reader, address):
    page = reader.open(f"{address}/en/{CHAPTER}.html")
    backgrounds = {}
    for _ in range(3):  # auto, light, dark
        page.locator(".bd-header-article .theme-switch-button").click()
        mode = page.locator("html").get_attribute("data-mode")
        backgrounds[mode] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        if mode == "dark":
            break
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto(f"{address}/en/index.html")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == backgrounds["dark"]
    light, dark = (sum(_rgb(colour)) for colour in (reader_background(reader, address, "light"), backgrounds["dark"]))
    assert light > 700 and dark < 150


def reader_background(reader, address: str, scheme: str) -> str:
    page = reader.open(f"{address}/en/index.html", scheme=scheme)
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def _rgb(colour: str) -> list[int]:
    return [int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(",")]


@pytest.mark.parametrize("code", ["en", *RTL])
def test_print_is_the_text_alone(reader, address, code):
    page = reader.open(f"{address}/{code}/{CHAPTER}.html", scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("h1:visible").count() == 1
    for part in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article", ".prev-next-footer"):
        for piece in page.locator(part).all():
            assert not piece.is_visible(), part
    colour = page.locator("article p").first.evaluate("p => getComputedStyle(p).color")
    assert sum(_rgb(colour)) < 200, f"text in {colour} on paper"
    folded = page.locator("article details:not([open])")
    assert folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() > 0
    assert page.locator("html").get_attribute("data-theme") == "dark"


# ---- layout

OVERFLOW = """() => {
    const page = document.documentElement, width = page.clientWidth;
    const wide = page.scrollWidth > width ? [`the page is ${page.scrollWidth} px wide`] : [];
    for (const element of document.querySelectorAll("main :is(h1, h2, h3, p, li, img, pre, table, .math)")) {
        const box = element.getBoundingClientRect();
        if (!box.width || (box.left >= -1 && box.right <= width + 1)) continue;
        let parent = element.parentElement;
        while (parent && !/auto|scroll|hidden/.test(getComputedStyle(parent).overflowX)) parent = parent.parentElement;
        if (!parent) wide.push(`${box.left} to ${box.right}: ${element.outerHTML.slice(0, 120)}`);
    }
    return wide;
}"""


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_is_wider_than_the_screen(reader, address, code):
    page = reader.open(f"{address}/{code}/index.html")
    for name in [name for language, name in own_pages() if language == code]:
        page.goto(f"{address}/{code}/{name}.html")
        page.evaluate("document.querySelectorAll('details').forEach(details => (details.open = true))")
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OVERFLOW) == [], f"{name} at {width} px"


@pytest.mark.parametrize("code", ["en", *RTL])
def test_the_sidebars_stand_on_their_sides(reader, address, code):
    page = reader.open(f"{address}/{code}/{CHAPTER}.html")
    chapters, text, contents = (
        page.locator(part).bounding_box()["x"] for part in (".bd-sidebar-primary", "article", ".bd-sidebar-secondary")
    )
    assert chapters > text > contents if code in RTL else chapters < text < contents


@pytest.mark.parametrize("code", ["en", *RTL])
@pytest.mark.parametrize("width", [WIDTHS["phone"], WIDTHS["tablet"]])
def test_the_chapter_list_slides_in_from_its_side(reader, address, code, width):
    page = reader.open(f"{address}/{code}/{CHAPTER}.html", width=width)
    page.locator(".bd-header-article .primary-toggle").click()
    link = page.locator(".bd-sidebar-primary a.internal, #pst-primary-sidebar-modal a.internal").last
    link.wait_for(state="visible")
    page.wait_for_timeout(400)  # it slides
    box = page.locator("#pst-primary-sidebar-modal, .bd-sidebar-primary").first.bounding_box()
    if code in RTL:
        assert box["x"] + box["width"] >= width - 1
    else:
        assert box["x"] <= 1
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")


@pytest.mark.parametrize("code", RTL)
def test_persian_text_runs_right_to_left_and_code_left_to_right(reader, address, code):
    page = reader.open(f"{address}/{code}/{CHAPTER}.html")
    style = """elements => elements.map(element => {
        const style = getComputedStyle(element);
        return `${style.direction} ${style.textAlign}`;
    })"""
    text = page.locator("article > section > p, article section > ul > li, article section > h2").evaluate_all(style)
    assert text and set(text) <= {"rtl start", "rtl right"}
    code_styles = page.locator("article pre").evaluate_all(style)
    assert code_styles and set(code_styles) <= {"ltr left", "ltr start"}
    formulas = page.locator("article .math, article .katex").evaluate_all(style)
    assert {kind.split()[0] for kind in formulas} <= {"ltr"}
    assert page.locator("article p code").first.evaluate("code => getComputedStyle(code).direction") == "ltr"


@pytest.mark.parametrize("code", RTL)
def test_persian_is_set_in_the_book_s_own_font(reader, address, code):
    page = reader.open(f"{address}/{code}/{CHAPTER}.html")
    loaded = page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)")
    assert any("vazirmatn" in family.lower() for family in loaded), loaded


def test_left_to_right_books_do_not_fetch_the_persian_font_for_their_menu_alone(reader, address):
    page = reader.open(f"{address}/en/index.html")
    loaded = page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)")
    assert not any("vazirmatn" in family.lower() for family in loaded), loaded
