"""Every word a reader sees from code: one JSON catalogue per language, `<lang>.json`, beside this file.

    t = language("hu")                      # choose the language of this session
    t["examples.king"]                      # a value as it stands in the catalogue
    t("plots.tokens", count=5)              # a sentence with its values and the right plural form

A key that a language lacks is taken from English. This module knows nothing of fonts or direction beyond
what the catalogue says under "language".
"""

import json
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

FOLDER = Path(__file__).parent
SOURCE = "en"
PLURAL_FORMS = {"zero", "one", "two", "few", "many", "other"}  # CLDR's names, all of them


def languages():
    """Codes of the languages that have a catalogue, English first."""
    return sorted((path.stem for path in FOLDER.glob("*.json")), key=lambda lang: (lang != SOURCE, lang))


@lru_cache
def _catalogue(lang):
    return json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8"))


def _find(catalogue, key):
    """The value under a dotted key, or None."""
    for name in key.split("."):
        if not isinstance(catalogue, dict) or name not in catalogue:
            return None
        catalogue = catalogue[name]
    return catalogue


class Labels:
    """The catalogue of one language, with English behind it."""

    def __init__(self, lang):
        if lang not in languages():
            raise ValueError(message("errors.unknown_language", lang=lang, known=", ".join(languages())))
        self.lang = lang

    @property
    def dir(self):
        """ "ltr" or "rtl": the direction the language is written in."""
        return self["language.dir"]

    def own(self, key):
        """The value under `key` in this language's own catalogue, else None."""
        return _find(_catalogue(self.lang), key)

    def get(self, key):
        """The value under `key` in this language, else in English, else None."""
        own = self.own(key)
        return _find(_catalogue(SOURCE), key) if own is None else own

    def __getitem__(self, key):
        value = self.get(key)
        if value is not None:
            return value
        raise KeyError(f"no label {key!r} in {self.lang}.json or {SOURCE}.json of {FOLDER}")

    def __call__(self, key, count=None, **values):
        """The label under `key` with `{names}` filled in; `count` picks the plural form and fills `{count}`."""
        value = self[key]
        if isinstance(value, dict) and count is not None and value.keys() <= PLURAL_FORMS:
            form = _plural_rule(self.lang)(count)
            value = value.get(form, value.get("other"))
        return value.format(count=count, **values)

    def __repr__(self):
        return f"Labels({self.lang!r})"


@lru_cache
def _plural_rule(lang):
    try:
        return Locale.parse(lang).plural_form
    except (UnknownLocaleError, ValueError):  # a language CLDR does not know: as in English
        return Locale.parse(SOURCE).plural_form


_session = None  # set by language(), read by message(): the language a learner's error messages come in


def language(lang):
    """Choose the language of this session's error messages and figures, and return its labels."""
    global _session
    _session = Labels(lang)
    return _session


def current():
    """The labels of this session: of the language last chosen, English before any choice."""
    return _session or Labels(SOURCE)


def message(key, count=None, **values):
    """A label in this session's language, for error messages."""
    return current()(key, count=count, **values)
