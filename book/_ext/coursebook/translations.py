"""The interface in the book's language: ours first, then what Sphinx and the theme bring."""

from gettext import NullTranslations
from pathlib import Path

from sphinx import locale

DOMAINS = ("sphinx", "booktheme")


class Words(NullTranslations):
    """A table of translations before a catalogue."""

    def __init__(self, table: dict[str, str], otherwise: NullTranslations | None) -> None:
        super().__init__()
        self.table = table
        if otherwise is not None:
            self.add_fallback(otherwise)

    def gettext(self, message: str) -> str:
        return self.table.get(message) or super().gettext(message)


def set_language(app, code: str) -> None:
    """Make `code` the language of the build, although Sphinx has already loaded its catalogues.

    `jupyter-book build` knows no option for the language, so it is set while extensions are set up; the catalogues
    loaded until then are English ones and are loaded again.
    """
    app.config.language = code
    locale.translators.clear()
    app._init_i18n()
    import pydata_sphinx_theme
    import sphinx_book_theme

    app.add_message_catalog("sphinx", str(Path(pydata_sphinx_theme.__file__).parent / "locale"))
    app.add_message_catalog("booktheme", str(sphinx_book_theme.get_html_theme_path() / "static" / "locales"))


def put_first(app, ui: dict[str, str]) -> None:
    """Let our wording win over the catalogues', which lack Persian and translate some texts loosely."""
    for domain in DOMAINS:
        key = ("general", domain)
        locale.translators[key] = Words(ui, locale.translators.get(key))
    app.translator = locale.translators["general", "sphinx"]  # the one that templates use
