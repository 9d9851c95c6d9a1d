"""Each page's head, language menu, buttons and scripts."""

import shutil
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.jinja2glue import BuiltinTemplateLoader

from gptcourse.authoring import assets
from gptcourse.authoring.languages import SOURCE

# Extensions that Jupyter Book always loads and that would put scripts and styles on every page for nothing. Copy
# buttons are our own: in the page's language, reachable from the keyboard, and without a clipboard library.
UNUSED = ("sphinx_thebe", "sphinx_comments", "sphinx_copybutton", "sphinx_togglebutton", "sphinx_design")
UNUSED_FILES = ("thebe", "copybutton", "clipboard", "togglebutton", "sphinx-design", "design-tabs", "translations.js")
# Texts that our script needs in the page's language
SCRIPT_TEXTS = ("Copy", "Copied!", "Failed to copy")
# and those that Sphinx's scripts say; its own translations.js holds hundreds more
SEARCH_TEXTS = (
    "Searching",
    "Preparing search...",
    "Search Results",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've "
    "selected enough categories.",
    "Search finished, found ${resultCount} page(s) matching the search query.",
    "Hide Search Matches",
)
DESCRIPTION_LENGTH = 160


class Templates(BuiltinTemplateLoader):
    """The theme's templates; its `<html>` tag gets the direction, for which the theme has no setting."""

    def render(self, template: str, context: dict) -> str:
        """Render one page."""
        return super().render(template, context).replace("<html ", f'<html dir="{context["book_dir"]}" ', 1)


def configure_theme(app, options: dict) -> None:
    """The theme's settings for this language; without a repository there is nothing to launch or to edit."""
    language = app.course.language
    options["search_bar_text"] = language.search
    options["toc_title"] = language.contents
    options["article_header_end"] = ["language-menu.html", "article-header-buttons.html"]
    options["footer_content_items"] = ["copyright.html"]
    options["navbar_persistent"] = []  # else the theme opens a second, empty bar for a search button
    options["use_fullscreen_button"] = False
    known = bool(options.get("repository_url"))
    options["use_repository_button"] = options["use_edit_page_button"] = known
    if not known:
        options["launch_buttons"] = {}


def add_words(app, pagename, templatename, context, doctree) -> None:
    """What our templates and the theme's buttons need; before the theme, which tries templates out early."""
    course = app.course
    context["book_languages"] = list(course.languages.values()) if app.config.book_has_siblings else []
    context["book_title"] = course.language.title
    context["book_switch"] = lambda code: other_page(pagename, code, course.names)
    context["book_search_texts"] = {text: course.language.say(text) for text in SEARCH_TEXTS}
    context["book_script_texts"] = {text: course.language.say(text) for text in SCRIPT_TEXTS}
    # buttons lead to the file that the page was made from: an untranslated one is English
    context["doc_path"] = f"book/{course.page_language(pagename).code}"
    app.config.html_theme_options["path_to_docs"] = context["doc_path"]


def finish(app, pagename, templatename, context, doctree) -> None:
    """The page's head and scripts, after the theme and the other extensions have said what they want."""
    course = app.course
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if is_used(file)]
    if doctree is None:
        return
    address = Addresses(app.config.html_baseurl, course.code, pagename)
    context["pageurl"] = address.absolute(course.page_language(pagename).code)
    title, description = app.env.titles[pagename].astext(), describe(course, pagename, doctree)
    tags = head_tags(course, pagename, title, description, address)
    if app.config.book_has_siblings or address.root:
        tags += alternate_tags(course, pagename, address)
    context["metatags"] = context.get("metatags", "") + "".join(f"\n    {tag}" for tag in tags)
    if pagename == "index":
        context["docstitle"] = ""  # its own title is the book's
    # MyST-NB names folds in English, over the translated words that they show
    context["body"] = context["body"].replace(' aria-label="Toggle hidden content"', "")
    if pagename in course.untranslated:
        context["body"] = in_english(context["body"], course.language)


def other_page(page: str, code: str, names: list[str]) -> str:
    """Relative address of the same page in another language; its first page where there is no same one (search)."""
    target = page if page in names or page == "search" else "index"
    return "../" * (page.count("/") + 1) + f"{code}/{target}.html"


def leave_out_unused(app) -> None:
    """Silence the extensions that this book does not use; `_config.yml` cannot take them off the list."""
    for event in app.events.listeners.values():
        for listener in list(event):
            if listener.handler.__module__.split(".")[0] in UNUSED:
                app.disconnect(listener.id)


def is_used(file) -> bool:
    """Whether this book uses a script or style."""
    return not any(name in str(getattr(file, "filename", file)) for name in UNUSED_FILES)


def in_english(body: str, language) -> str:
    """The body of a page that is not translated yet: a sentence in the reader's language, then the English text."""
    sentence = escape(language.untranslated)
    notice = f'<div class="admonition untranslated" role="note"><p>{sentence}</p></div>'
    return f'{notice}\n<div lang="{SOURCE}" dir="ltr">{body}</div>'


class Addresses:
    """Where a page is in each language: absolute when the site's address is set, else relative.

    Search engines follow absolute hreflang links only, but a page that is read offline, or that is built before it
    has an address, can still name its translations to the browser.
    """

    def __init__(self, base: str, code: str, page: str) -> None:
        self.root = base.removesuffix(f"{code}/") if base else ""
        self.page = page
        self.up = "../" * (page.count("/") + 1)

    def absolute(self, code: str) -> str | None:
        """The address in the language `code`, None while the site's own is not known."""
        return f"{self.root}{code}/{self._file()}" if self.root else None

    def best(self, code: str) -> str:
        """The absolute address or, without one, the relative."""
        return self.absolute(code) or f"{self.up}{code}/{self.page}.html"

    def _file(self) -> str:
        return "" if self.page == "index" else f"{self.page}.html"


def head_tags(course, page: str, title: str, description: str, address: Addresses) -> list[str]:
    """Description of a page and preview for shared links."""
    language = course.page_language(page)
    tags = [
        f'<meta name="description" content="{escape(description)}" />',
        '<meta property="og:type" content="article" />',
        f'<meta property="og:site_name" content="{escape(course.language.title)}" />',
        f'<meta property="og:title" content="{escape(title)}" />',
        f'<meta property="og:description" content="{escape(description)}" />',
        f'<meta property="og:locale" content="{language.code}" />',
    ]
    if url := address.absolute(language.code):
        tags.append(f'<meta property="og:url" content="{escape(url)}" />')
    return tags


def alternate_tags(course, page: str, address: Addresses) -> list[str]:
    """The page's translations; a language that shows it in English has none."""
    places = {code: address.best(code) for code in course.languages if course.has(code, page)}
    places["x-default"] = address.best(SOURCE)
    return [f'<link rel="alternate" hreflang="{code}" href="{escape(href)}" />' for code, href in places.items()]


def describe(course, page: str, doctree) -> str:
    """One or two sentences about a page: its first paragraph, cut at a word; the book's own for its first page."""
    if page == "index":
        return course.page_language(page).description
    paragraphs = (p for p in doctree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section))
    texts = (" ".join(p.astext().split()) for p in paragraphs)
    text = next((text for text in texts if len(text) > 40), course.language.description)
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:،؛–—") + "…"


def copy_font(app, exception) -> None:
    """The font for Arabic script, from npm, beside our style sheet."""
    if exception is None and app.builder.format == "html":
        target = Path(app.outdir) / "_static" / "fonts" / "vazirmatn.woff2"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(assets.ensure() / assets.VAZIRMATN, target)


def setup(app) -> None:
    """Connect to Sphinx; called by the extension's own `setup`."""
    # set by `python -m gptcourse book`; a book that plain `jupyter-book build` makes stands alone
    app.add_config_value("book_has_siblings", False, "html")
    leave_out_unused(app)
    app.connect("html-page-context", add_words, priority=400)  # the theme works at 500 and 501
    app.connect("html-page-context", finish, priority=900)
    app.connect("build-finished", copy_font)
