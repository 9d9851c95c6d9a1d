"""The course's words in every language, from book/glossary.yml, and whether a translation uses them.

    glossary = load(root)
    glossary.missing("hu", "Bytes are …", "A számok …")   -> {"byte": "bájt"}, what the translation lacks

The file says what its keys mean. Knows text, not notebooks.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from gptcourse.authoring import AuthoringError, prose
from gptcourse.authoring.languages import read_yaml

KEYS = {"en", "match", "check"}  # the other keys of an entry are languages


@dataclass(frozen=True)
class Term:
    """One entry: how English says it, and the accepted stems of each language."""

    en: str
    found: re.Pattern
    stems: dict[str, re.Pattern]
    words: dict[str, str]
    checked: bool = True


@dataclass(frozen=True)
class Glossary:
    """All terms, and the cells that may do without some."""

    terms: list[Term]
    exceptions: list[dict]

    def missing(self, lang: str, english: str, translation: str) -> dict[str, str]:
        """Return the terms of the English text that the translation lacks, each with the word expected."""
        english, translation = prose.plain(english), prose.plain(prose.rtl_unwrapped(translation))
        return {
            term.en: term.words[lang]
            for term in self.terms
            if term.checked and lang in term.stems
            if term.found.search(english) and not term.stems[lang].search(translation)
        }

    def allowed(self, page: str, cell: str, lang: str) -> tuple[set[str], bool]:
        """Return the English terms a cell may lack, and whether its numbers may differ."""
        mine = [e for e in self.exceptions if (e["page"], e["cell"], e["lang"]) == (page, cell, lang)]
        return {term for e in mine for term in e.get("terms", [])}, any(e.get("numbers") for e in mine)


def load(root: Path) -> Glossary:
    """Read book/glossary.yml of the course at `root`.

    Raises AuthoringError for a file that is not YAML, and for an entry that repeats another or holds a faulty regular expression.
    """
    path = Path(root) / "book" / "glossary.yml"
    data = read_yaml(path)
    terms = [_term(path, entry) for entry in data.get("terms") or []]
    names = [term.en for term in terms]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise AuthoringError(f"{path} has more than one entry for {', '.join(repeated)}.")
    return Glossary(terms, data.get("exceptions") or [])


def _term(path: Path, entry: dict) -> Term:
    english = _without_brackets(entry["en"])
    languages = {key: value for key, value in entry.items() if key not in KEYS}
    words = {lang: value["term"] if isinstance(value, dict) else value for lang, value in languages.items()}
    stems = {lang: value["stem"] if isinstance(value, dict) else None for lang, value in languages.items()}
    try:
        return Term(
            en=entry["en"],
            found=_pattern(rf"(?<![\w-])(?:{entry.get('match', re.escape(english) + 's?')})(?!\w)"),
            stems={lang: _pattern(stem or re.escape(_without_brackets(words[lang]))) for lang, stem in stems.items()},
            words=words,
            checked=entry.get("check", True),
        )
    except re.error as error:
        raise AuthoringError(f"{path}, entry {entry['en']!r}: {error} in {error.pattern!r}.") from None


def _without_brackets(term: str) -> str:
    return re.sub(r"\s*\([^()]*\)", "", term)


def _pattern(pattern: str) -> re.Pattern:
    """A space matches any white space (a line end, a non-breaking space); a ZWNJ may be left out."""
    return re.compile(pattern.replace("\\ ", " ").replace(" ", r"\s+").replace("\u200c", "\u200c?"), re.IGNORECASE)
