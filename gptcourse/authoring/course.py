"""What a checkout contains: its languages, pages, labels and settings.

`Course(find_root())` reads; nothing here writes.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from gptcourse.authoring import AuthoringError, languages
from gptcourse.authoring.languages import SOURCE


@dataclass(frozen=True)
class Course:
    """One checkout of the course."""

    root: Path

    @cached_property
    def strings(self) -> dict[str, languages.Language]:
        """The blocks of book/strings.yml, one per language, in the site's order."""
        try:
            return languages.load(self.root)
        except (languages.StringsError, FileNotFoundError) as error:
            raise AuthoringError(str(error)) from None

    @property
    def languages(self) -> list[str]:
        """Language codes, English first."""
        return [SOURCE, *(lang for lang in self.strings if lang != SOURCE)]

    @property
    def translations(self) -> list[str]:
        """Language codes without English."""
        return self.languages[1:]

    def is_rtl(self, lang: str) -> bool:
        """Whether the language is written from right to left."""
        return self.strings[lang].dir == "rtl"

    @cached_property
    def repository(self) -> str:
        """The repository's address from _config.yml, "" while it is unset."""
        config = yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8")) or {}
        settings = config.get("repository") or {}
        return (settings.get("url") or "").rstrip("/")

    def label(self, lang: str, key: str) -> str:
        """The text `key` of gptcourse/labels/<lang>.json, English where it is missing.

        Raises AuthoringError when English has no such key.
        """
        for code in (lang, SOURCE):
            path = self.root / "gptcourse" / "labels" / f"{code}.json"
            text = _look_up(json.loads(path.read_text(encoding="utf-8")), key) if path.is_file() else None
            if isinstance(text, str):
                return text
        raise AuthoringError(f"gptcourse/labels/{SOURCE}.json has no text {key!r}. Add it.")

    def path(self, lang: str, page: str) -> Path:
        """Where the page `page` ("01-tokenization.ipynb") of a language lies."""
        return self.root / "book" / lang / page

    def pages(self, suffix: str = "") -> list[str]:
        """The English pages in order: notebooks (".ipynb"), plain pages (".md") or both."""
        files = (self.root / "book" / SOURCE).iterdir()
        return sorted(f.name for f in files if f.suffix in (".ipynb", ".md") and f.name.endswith(suffix))

    def find_page(self, name: str, suffix: str = "") -> str:
        """The page meant by "01", "01-tokenization", "01-tokenization.ipynb" or a path to it.

        Raises AuthoringError when there is none.
        """
        wanted = Path(name).name
        for page in self.pages(suffix):
            stem = page.rpartition(".")[0]
            if wanted in (page, stem) or stem.startswith(f"{wanted}-"):
                return page
        known = ", ".join(self.pages(suffix)) or "none yet"
        raise AuthoringError(f"book/{SOURCE} has no page {name!r}. It has: {known}.")

    def check_language(self, lang: str) -> str:
        """Return `lang`; raises AuthoringError when the course has no such language."""
        if lang not in self.languages:
            raise AuthoringError(f"unknown language {lang!r}. book/strings.yml has: {', '.join(self.languages)}.")
        return lang


def _look_up(labels: dict, key: str):
    """`labels["setup"]["missing"]` for "setup.missing", None where there is none."""
    for part in key.split("."):
        labels = labels.get(part) if isinstance(labels, dict) else None
    return labels
