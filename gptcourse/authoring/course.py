"""What a checkout contains: its languages, pages, labels and settings.

`Course(find_root())` reads; nothing here writes.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gptcourse.authoring import AuthoringError, languages
from gptcourse.authoring.languages import SOURCE


@dataclass(frozen=True)
class Course:
    """One checkout of the course."""

    root: Path

    @cached_property
    def strings(self) -> dict[str, languages.Language]:
        """The blocks of book/strings.yml, one per language, in the site's order.

        Raises AuthoringError for a file that cannot be used, and for a language without a folder.
        """
        try:
            strings = languages.load(self.root)
        except FileNotFoundError as error:
            raise AuthoringError(str(error)) from None
        if absent := [lang for lang in strings if not (self.root / "book" / lang).is_dir()]:
            raise AuthoringError(
                f"book/strings.yml has the language {absent[0]!r}, but there is no folder book/{absent[0]}. "
                "Make the folder, with an index.md, or take the block out."
            )
        return strings

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
        settings = languages.read_yaml(self.root / "_config.yml").get("repository") or {}
        return (settings.get("url") or "").rstrip("/")

    def label(self, lang: str, key: str) -> str:
        """The text `key` of gptcourse/labels/<lang>.json, English where it is missing.

        Raises AuthoringError when English has no such key, and for a file that is not JSON.
        """
        for code in (lang, SOURCE):
            text = _look_up(self.catalogue(code), key)
            if isinstance(text, str):
                return text
        raise AuthoringError(f"gptcourse/labels/{SOURCE}.json has no text {key!r}. Add it.")

    def catalogue(self, lang: str) -> dict:
        """What gptcourse/labels/<lang>.json holds, {} when there is no such file.

        Raises AuthoringError, with file and line, for one that is not a JSON object.
        """
        path = self.root / "gptcourse" / "labels" / f"{lang}.json"
        if not path.is_file():
            return {}
        try:
            labels = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise AuthoringError(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}.") from None
        except UnicodeDecodeError as error:
            raise AuthoringError(f"{path} is not UTF-8: {error}.") from None
        if not isinstance(labels, dict):
            raise AuthoringError(f'{path} must hold one object, {{"language": …}}; it holds {type(labels).__name__}.')
        return labels

    def has_chapter(self, lang: str) -> bool:
        """Whether book/<lang> has a notebook. Such a language must be complete in all else: labels, words of the site."""
        return any((self.root / "book" / lang).glob("*.ipynb"))

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
