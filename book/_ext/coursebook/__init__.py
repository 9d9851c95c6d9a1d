"""One book per language from one `_config.yml` and one `_toc.yml`.

The language is the name of the source folder (`book/hu` is Hungarian, the repository's root is English), so plain
`jupyter-book build` works as well as `python -m gptcourse book`. What each module does:

    sources       pages and notebooks as Sphinx reads them; English pages where a language has none yet
    prose         boxes, links between languages and texts of figures out of plain Markdown
    translations  the interface's words          search   words found in all their forms
    pages         head, language menu, buttons and scripts of each page
    formulas      KaTeX while building           icons    only those in use
    mirror        the theme's styles for a right-to-left book
    widgets       scripts and files of interactive pieces, on the pages that hold some
"""

from dataclasses import dataclass
from pathlib import Path

from sphinx.errors import ConfigError
from sphinx_external_toc.parsing import parse_toc_yaml

from gptcourse.authoring import languages as site

from . import formulas, icons, mirror, pages, prose, search, sources, translations, widgets

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "book" / "_static"
TEMPLATES = ROOT / "book" / "_templates"


@dataclass(frozen=True)
class Course:
    """What the modules of this extension need to know about the build."""

    root: Path
    languages: dict[str, site.Language]
    code: str
    names: list[str]  # the pages of _toc.yml
    untranslated: set[str]  # those of them that this book shows in English

    @property
    def language(self) -> site.Language:
        """The language of this book."""
        return self.languages[self.code]

    def page_language(self, page: str) -> site.Language:
        """The language that a page is written in: English for one that is not translated yet."""
        return self.languages[site.SOURCE] if page in self.untranslated else self.language

    def has(self, code: str, page: str) -> bool:
        """Whether the page exists in that language, rather than being shown in English there."""
        return sources.find_page(self.root / "book" / code, page) is not None


def open_course(app) -> Course:
    """Find out which book this is and let Sphinx read it from a folder of its own, completed in English."""
    languages = site.load(ROOT)
    folder = Path(app.srcdir)
    code = folder.name if folder.parent == ROOT / "book" and folder.name in languages else site.SOURCE
    names = list(parse_toc_yaml(ROOT / "_toc.yml"))
    work = Path(app.doctreedir).parent / "source"
    try:
        app.srcdir, untranslated = sources.stage(ROOT / "book", code, names, work, site.SOURCE)
    except FileNotFoundError as error:
        raise ConfigError(str(error)) from error
    app.config.external_toc_path = str(ROOT / "_toc.yml")
    return Course(ROOT, languages, code, names, untranslated)


def configure(app, config) -> None:
    """Settings that differ from language to language, or that `_config.yml` has no name for."""
    language = app.course.language
    config.html_title = config.project = language.title
    if config.html_baseurl:
        config.html_baseurl = f"{config.html_baseurl.rstrip('/')}/{language.code}/"
    config.templates_path = [str(TEMPLATES), *config.templates_path]
    config.html_static_path = [str(STATIC), *config.html_static_path]
    config.template_bridge = "coursebook.pages.Templates"
    config.html_context = {**config.html_context, "default_mode": "auto", "book_dir": language.dir}
    config.html_favicon = str(STATIC / "favicon.svg")
    config.html_use_index = False
    config.nb_ipywidgets_js = {}  # what needs a kernel is not shown alive
    config.nb_merge_streams = True
    pages.configure_theme(app, config.html_theme_options)
    translations.put_first(app, language.ui)


def name_parts(app, config) -> None:
    """Part captions of the one `_toc.yml` in the book's language."""
    for page in config.external_site_map.values():
        for part in page.subtrees:
            part.caption = app.course.language.captions.get(part.caption, part.caption)


def read_source(app, page: str, text: list[str]) -> None:
    """Make a notebook ready for the book before it is parsed."""
    if str(app.env.doc2path(page)).endswith(".ipynb"):
        text[0] = sources.prepare_notebook(text[0])


def setup(app):
    """Register the extension with Sphinx."""
    app.course = open_course(app)
    translations.set_language(app, app.course.code)
    search.setup(app)
    formulas.setup(app)
    icons.setup(app)
    mirror.setup(app)
    pages.setup(app)
    widgets.setup(app)
    for transform in prose.TRANSFORMS:
        app.add_transform(transform)
    app.connect("config-inited", configure, priority=100)
    app.connect("config-inited", name_parts, priority=901)  # sphinx-external-toc reads the file at 900
    app.connect("source-read", read_source)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("book.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": False}
