"""The built site as a reader meets it: every page of every language in a real browser, over http and as files.

Also fails on any request to another host and on any error in the console; see browser.py.
"""

import re
from pathlib import Path

import pytest
import yaml
from browser import weigh
from bs4 import BeautifulSoup
from conftest import ROOT
from sphinx_external_toc.parsing import parse_toc_yaml

from gptcourse.authoring import languages
from gptcourse.authoring.course import Course

LANGUAGES = languages.load(ROOT)
PAGES = list(parse_toc_yaml(ROOT / "_toc.yml"))
CHAPTER = "01-tokenization"

# Forms of words that a chapter on tokenization cannot do without. Those that do not occur in the chapter as they stand
# here must find it all the same: only a search that knows the language's inflection does.
FORMS = {
    "en": "tokenizing tokenizes merging splitting lettering characterized sentencing",
    "hu": "szótáraitokkal karakterekhez tokenjeinkből betűitekkel szavaitokkal nyelveinkhez mondatotokban",
    "pl": "słownikami słownikach tokenizacjom literom językom zdaniom tokenami",
    "ru": "словарях словарями символам предложениям токенами буквами байтами",
    "fa": "واژه‌هایشان نویسه‌هایمان توکن‌هایتان زبان‌هایمان جمله‌هایشان بایت‌هایی",
}


@pytest.fixture(params=["http", "file"])
def anywhere(request, site) -> str:
    """The site's address, over http and as files."""
    return request.getfixturevalue("address") if request.param == "http" else site.as_uri()


def soup(site: Path, code: str, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / code / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


# ---- every page


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_loads_without_a_fault(reader, anywhere, code):
    page = reader.open(f"{anywhere}/{code}/index.html")
    for name in (*PAGES, "search"):
        page.goto(f"{anywhere}/{code}/{name}.html")
        headings = page.locator("h1:visible")
        assert headings.count() == 1, name
        assert headings.inner_text().strip("# \n"), name
        assert page.title().strip(), name


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_can_be_read_without_scripts(reader, address, code):
    for name in PAGES:
        page = reader.open(f"{address}/{code}/{name}.html", scripts=False)
        assert page.locator("article h1").is_visible(), name


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_head(site, code, name):
    page = soup(site, code, name)
    assert page.html["lang"] == code
    assert page.html["dir"] == LANGUAGES[code].dir
    assert 40 <= len(page.find("meta", {"name": "description"})["content"]) <= 200
    alternates = {link["hreflang"]: link["href"] for link in page.find_all("link", rel="alternate", hreflang=True)}
    assert {"x-default", *LANGUAGES} >= set(alternates) >= {"x-default", languages.SOURCE}
    canonical = page.find("link", rel="canonical")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    if base := config["html"].get("baseurl"):
        assert canonical["href"].startswith(f"{base.rstrip('/')}/{code}/")
    else:  # without an address of the site, the translations' files are named
        assert canonical is None
        for href in alternates.values():
            assert (site / code / href).is_file(), href


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_has_a_description_of_its_own(site, code):
    descriptions = [soup(site, code, name).find("meta", {"name": "description"})["content"] for name in PAGES]
    assert len(set(descriptions)) == len(descriptions)


def test_nothing_of_what_jupyter_book_brings_along_is_loaded(site):
    unwanted = re.compile(
        r"require(?:\.min)?\.js|embed-amd|html-manager|thebe|mathjax|fontawesome\.js|clipboard\.min", re.I
    )
    for path in site.rglob("*.html"):
        loaded = [tag.get("src") or tag.get("href") or tag.string or "" for tag in _loading(path)]
        assert not [text for text in loaded if unwanted.search(text)], path


def _loading(path: Path) -> list:
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return [*page.find_all("script"), *page.find_all("link", rel=lambda kind: kind in ("stylesheet", "preload"))]


@pytest.mark.parametrize("code", LANGUAGES)
def test_launch_buttons_lead_to_this_language_s_notebook_or_are_absent(site, code):
    html = (site / code / f"{CHAPTER}.html").read_text(encoding="utf-8")
    links = re.findall(r'href="(https://(?:colab\.research\.google\.com|mybinder\.org)[^"]*)"', html)
    if Course(ROOT).repository:
        assert links
        assert all(f"book/{code}/{CHAPTER}.ipynb" in link.replace("%2F", "/") for link in links), links
    else:
        assert not re.search("colab.research|mybinder", html)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_notebook_can_be_downloaded(site, code):
    links = [link["href"] for link in soup(site, code, CHAPTER).find_all("a", href=re.compile(r"\.ipynb$"))]
    assert links
    for link in links:
        assert (site / code / link).is_file(), link


@pytest.mark.parametrize("code", LANGUAGES)
def test_links_lead_somewhere(site, code):
    for name in (*PAGES, "search"):
        page = soup(site, code, name)
        for link in page.find_all("a", href=re.compile(r"^(?!https?:|mailto:)")):
            path, _, target = link["href"].partition("#")
            file = site / code / path if path else site / code / f"{name}.html"
            assert file.is_file(), f"{name}: {link}"
            if target and file.suffix == ".html":
                assert f'id="{target}"' in file.read_text(encoding="utf-8"), f"{name}: {link}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_pictures_say_what_they_show(site, code):
    pictures = soup(site, code, CHAPTER).select("article img")
    assert pictures
    for picture in pictures:
        alt = picture.get("alt", "")
        assert len(alt) > 20, picture
        assert not re.search(r"\.(png|svg)|<Figure|_images", alt), alt


# ---- languages


@pytest.mark.parametrize(("locale", "lands"), [("hu-HU", "hu"), ("fa", "fa"), ("en-GB", "en"), ("de-DE", None)])
def test_the_first_page_goes_by_the_browser_s_language(reader, anywhere, locale, lands):
    page = reader.open(f"{anywhere}/index.html", locale=locale)
    if lands:
        page.wait_for_url(f"**/{lands}/index.html")
    else:
        assert page.locator("main a").evaluate_all("links => links.map(link => link.lang)") == list(LANGUAGES)


def test_the_first_page_can_always_be_asked_for_the_list(reader, anywhere):
    page = reader.open(f"{anywhere}/index.html?choose", locale="hu-HU")
    page.locator("main a[lang=pl]").click()
    page.wait_for_url("**/pl/index.html")


def test_the_reader_s_choice_is_remembered(reader, address):
    page = reader.open(f"{address}/en/index.html", locale="hu-HU")
    choose(page, "fa")
    page.wait_for_url("**/fa/index.html")
    page.goto(f"{address}/index.html", wait_until="commit")
    page.wait_for_url("**/fa/index.html")


@pytest.mark.parametrize("name", [CHAPTER, "index", "search"])
def test_the_language_menu_leads_to_the_same_page(reader, anywhere, name):
    page = reader.open(f"{anywhere}/en/{name}.html")
    for code in [*list(LANGUAGES)[1:], "en"]:
        choose(page, code)
        page.wait_for_url(f"**/{code}/{name}.html")
        assert page.locator("html").get_attribute("lang") == code


def choose(page, code: str) -> None:
    """Pick a language from the page's menu with the keyboard."""
    page.locator(".language-menu button").focus()
    page.keyboard.press("Enter")
    page.locator(f".language-menu a[hreflang={code}]").focus()
    page.keyboard.press("Enter")


# ---- search


@pytest.mark.parametrize("code", LANGUAGES)
def test_search_finds_an_inflected_word(reader, anywhere, site, code):
    if code not in FORMS:
        pytest.skip(f"no inflected words are known for {code}")
    text = soup(site, code, CHAPTER).article.get_text(" ").casefold()
    absent = [form for form in FORMS[code].split() if form.casefold() not in text]
    assert absent, f"the chapter contains every form in FORMS[{code!r}]: add rarer ones"
    page = reader.open(f"{anywhere}/{code}/search.html")
    assert [form for form in absent if CHAPTER not in found(page, form)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_search_finds_the_chapter_by_its_title_and_nothing_by_nonsense(reader, anywhere, site, code):
    title = soup(site, code, CHAPTER).h1.get_text().strip("# \n")
    word = max(re.findall(r"\w+", title), key=len)
    page = reader.open(f"{anywhere}/{code}/search.html")
    assert CHAPTER in found(page, word)
    assert not found(page, "qzxqzxqzx")


def found(page, query: str) -> list[str]:
    """Names of the pages that the search page lists for a query."""
    page.goto(page.url.partition("?")[0] + f"?q={query}")
    # Sphinx writes the summary when all results are listed
    page.wait_for_function("document.querySelector('#search-results .search-summary')?.innerText.trim()")
    links = page.locator("#search-results ul.search li > a").evaluate_all("links => links.map(link => link.href)")
    return [re.search(r"([\w-]+)\.html", link)[1] for link in links]


# ---- weight


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("first", "then"), [(CHAPTER, "index"), ("index", CHAPTER)])
def test_weight(reader, address, code, first, then, record_property):
    page = reader.open(f"{address}/{code}/{first}.html")
    loaded = weigh(page)
    page.goto(f"{address}/{code}/{then}.html")
    following = {file: size for file, size in weigh(page).items() if file not in loaded}
    record_property(
        "measured",
        f"weight of {code}: first visit of {first} {sum(loaded.values()) / 1e3:,.0f} KB in {len(loaded)} files, "
        f"then {then} {sum(following.values()) / 1e3:,.0f} KB",
    )
    assert sum(loaded.values()) <= 1_500_000, _heaviest(loaded)
    assert sum(following.values()) <= 600_000, _heaviest(following)


def _heaviest(files: dict[str, int]) -> str:
    return "\n".join(f"{size:>9,}  {file}" for file, size in sorted(files.items(), key=lambda item: -item[1])[:12])
