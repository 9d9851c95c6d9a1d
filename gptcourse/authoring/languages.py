"""The languages of the site and their words, from `book/strings.yml`.

    site = load(root)
    site["hu"].title
    list(site)          # the codes, in the order of the language menu

What a block leaves out falls back to English. The file says what each key means.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path

import yaml

from gptcourse.authoring import AuthoringError

SOURCE = "en"  # the language that the others are translated from


class StringsError(AuthoringError):
    """`book/strings.yml` cannot be used as it is."""


@dataclass(frozen=True)
class Language:
    """One block of `book/strings.yml`, completed from the English one."""

    code: str
    name: str
    title: str
    description: str
    search: str
    contents: str
    untranslated: str
    dir: str = "ltr"
    leads: dict[str, str] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    ui: dict[str, str] = field(default_factory=dict)

    def say(self, english: str) -> str:
        """A text of the interface in this language, or as it is where no translation is known."""
        return self.ui.get(english) or english


KEYS = tuple(f.name for f in fields(Language) if f.name != "code")
REQUIRED = {"title", "description", "search", "contents", "untranslated"}  # of English


def read_yaml(path: Path) -> dict:
    """Return what a YAML file holds, {} for an empty one.

    Raises AuthoringError, with file and line, for one that is not YAML or not `key: value` lines.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.MarkedYAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise AuthoringError(f"{path}{line} is not YAML: {getattr(error, 'problem', error)}.") from None
    if not isinstance(data, dict):
        raise AuthoringError(f"{path} must consist of `key: value` lines; it holds {type(data).__name__}.")
    return data


def load(root: Path) -> dict[str, Language]:
    """Read `book/strings.yml` of the course at `root`.

    Raises StringsError for an English block that is missing or lacks a word, an unknown key, or a direction other
    than ltr and rtl; AuthoringError for a file that is not YAML.
    """
    path = Path(root) / "book" / "strings.yml"
    blocks = {code: block or {} for code, block in read_yaml(path).items()}
    if SOURCE not in blocks:
        raise StringsError(f"{path} has no block '{SOURCE}'; it is the one that the others fall back to.")
    for code, block in blocks.items():
        if not isinstance(block, dict):
            raise StringsError(f"{path}, block '{code}': {block!r} should be `key: value` lines, such as `name: …`.")
    if missing := sorted(REQUIRED - set(blocks[SOURCE])):
        raise StringsError(f"{path}, block '{SOURCE}': lacks {', '.join(missing)}, which other languages fall back to.")
    return {code: _language(path, code, block, blocks[SOURCE]) for code, block in blocks.items()}


def _language(path: Path, code: str, block: dict, english: dict) -> Language:
    unknown = sorted(set(block) - set(KEYS))
    if unknown:
        raise StringsError(f"{path}, block '{code}': unknown key {', '.join(unknown)}; known are {', '.join(KEYS)}.")
    words = {"dir": "ltr", **{key: value for key, value in english.items() if key not in ("name", "dir")}, **block}
    words.setdefault("name", code)
    for key in ("leads", "captions", "ui"):
        words[key] = {**(english.get(key) or {}), **(block.get(key) or {})}
    if words["dir"] not in ("ltr", "rtl"):
        raise StringsError(f"{path}, block '{code}': dir is '{words['dir']}'; it must be ltr or rtl.")
    return Language(code=code, **words)
