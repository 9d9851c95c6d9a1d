"""The prose of a Markdown text: what a person reads, apart from code, formulas and mark-up.

`pieces` takes a text apart; on it rest the right-to-left wrapper (`rtl_wrapped`), the typography
that a tool can put right (`tidy`), and the checks of tests/test_translations.py (`slips`, `numbers`).
"""

import re
from collections.abc import Iterator

# Alternatives are tried in this order at each place. Fences may be quoted (> ```) or indented.
_MARKDOWN = re.compile(
    r"""
      (?P<fence>^[ \t>]*(?P<ticks>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ \t>]*(?P=ticks)[ \t]*$)
    | (?P<directive>^:{3,}[^\n]*$)
    | (?P<code>(?<!`)(?P<mark>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=mark)(?!`))
    | (?P<math>\$\$.+?\$\$ | (?<![\\$\w])\$(?![\s$])(?:\\.|[^$\\\n])+?(?<!\s)\$(?!\d))
    | (?P<html><!--.*?--> | </?[A-Za-z][^<>]*>)
    | (?P<link>(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?\) | \bhttps?://[^\s<>)]+)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_KINDS = ("fence", "directive", "code", "math", "html", "link")
CODE_MARK = "\ufffc"  # stands in `plain` for a code span or a formula

_RTL_START, _RTL_END = '<div dir="rtl">\n\n', "\n\n</div>"
_LTR_START, _LTR_END = '<div dir="ltr">\n\n', "\n\n</div>"
_BDI_START, _BDI_END = '<bdi dir="ltr">', "</bdi>"


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text in order as (kind, piece): "prose", "fence", "code", "math", "html", "link"."""
    end = 0
    for match in _MARKDOWN.finditer(text):
        if match.start() > end:
            yield "prose", text[end : match.start()]
        yield next(kind for kind in _KINDS if match[kind] is not None), match[0]
        end = match.end()
    if end < len(text):
        yield "prose", text[end:]


def plain(text: str) -> str:
    """Return the prose alone; a code span or formula inside a line becomes CODE_MARK."""
    shown = {"code": CODE_MARK, "math": CODE_MARK}
    return "".join(piece if kind == "prose" else shown.get(kind, "") for kind, piece in pieces(text))


def has_rtl(text: str) -> bool:
    """Whether the text holds a letter of Hebrew, Arabic or a related script."""
    return re.search("[\u0590-\u08ff\ufb1d-\ufdff]", text) is not None


def rtl_wrapped(text: str) -> str:
    """Wrap a right-to-left text so that JupyterLab, Colab and GitHub lay it out as such.

    Code is isolated from the surrounding text. Applying it twice changes nothing more.
    """
    isolated = []
    for kind, piece in pieces(rtl_unwrapped(text)):
        if kind == "code":
            piece = f"{_BDI_START}{piece}{_BDI_END}"
        elif kind == "fence" and piece[0] in "`~":  # one inside a quotation cannot be wrapped
            piece = f"{_LTR_START}{piece}{_LTR_END}"
        isolated.append(piece)
    return f"{_RTL_START}{''.join(isolated)}{_RTL_END}"


def rtl_unwrapped(text: str) -> str:
    """Return what `rtl_wrapped` was given."""
    text = text.strip()
    if text.startswith(_RTL_START.strip()) and text.endswith(_RTL_END.strip()):
        text = text.removeprefix(_RTL_START.strip()).removesuffix(_RTL_END.strip()).strip()
    parts = [piece for _, piece in pieces(text)]
    kinds = [kind for kind, _ in pieces(text)]
    for i, kind in enumerate(kinds):
        if kind == "code" and 0 < i < len(kinds) - 1:
            if (parts[i - 1], parts[i + 1]) == (_BDI_START, _BDI_END):
                parts[i - 1] = parts[i + 1] = ""
        elif kind == "fence" and 1 < i < len(kinds) - 2:
            around = (parts[i - 2] + parts[i - 1], parts[i + 1] + parts[i + 2])
            if around[0] == _LTR_START and around[1] == _LTR_END:
                parts[i - 2] = parts[i - 1] = parts[i + 1] = parts[i + 2] = ""
    return "".join(parts)


# (pattern, replacement) per language, applied to prose only. None of these can be wrong, so a tool does them and a
# translator need not.
_THOUSANDS = (re.compile(r"(?<![\w,.\-\u00a0])(\d{1,3}) (?=\d{3}(?!\d))"), "\\1\u00a0")
_TIDY = {
    "hu": [_THOUSANDS],
    "pl": [_THOUSANDS, (re.compile(r"(?<![\w'’\-])([AaIiOoUuWwZz]) (?![\s|])"), "\\1\u00a0")],
    "ru": [_THOUSANDS, (re.compile(r"(?<=\d) (?=%)"), "\u00a0"), (re.compile(r"(?m)(?<!^) —(?=\s|$)"), "\u00a0—")],
}


def tidy(lang: str, text: str) -> str:
    """Put right what needs no judgement: non-breaking spaces in numbers, before dashes, after w, z, i."""
    rules = _TIDY.get(lang)
    if not rules:
        return text
    return "".join(_apply(rules, piece) if kind == "prose" else piece for kind, piece in pieces(text))


def _apply(rules, piece: str) -> str:
    for pattern, replacement in rules:
        piece = pattern.sub(replacement, piece)
    return piece


_PERSIAN = "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff"
_ANYWHERE = [(r"(?<=[^\s|]) - (?=[^\s|])", "a spaced hyphen; use a dash")]
_SLIPS = {
    "hu": [
        (r'["“]|«(?=\w)', "a quotation opens with „ and closes with ”, inside it » and «"),
        ("—", "an aside takes a spaced en dash –"),
        (r"(?<=\d)[ \u00a0]%", "73% is written without a space"),
    ],
    "pl": [(r'["“]', "a quotation opens with „ and closes with ”")],
    "ru": [
        (r'["”]', "quotations are «…», inside them „…“"),
        (r"\s–\s", "an aside takes a spaced em dash —"),
        (r"\w—|—\w", "the dash — has a space on both sides"),
    ],
    "fa": [
        (r'["“”„]', "quotations are «…»"),
        ("[—]", "no em dash"),
        (rf"(?<=[{_PERSIAN}])[يكى]|[يكى](?=[{_PERSIAN}])", "Arabic ي, ك or ى in a Persian word; use ی, ک"),
        ("[\u0660-\u0669]", "Arabic digits; use ۰–۹"),
        (  # the numbers of a Markdown list ("1. ") are Latin: the page shows them in Persian
            r"(?<![\w.+\-–])(?<![A-Za-z] )(?:(?<!^)|(?!\d+\. ))\d+(?![\w\-])(?<![۰-۹])",
            "Latin digits in prose; use ۰–۹ or a code span",
        ),
        (rf"(?<=[{_PERSIAN}])[,;?]", "Latin punctuation after a Persian word; use ، ؛ ؟"),
        ("\u200c(?=[\\s\u200c.،؛؟!:»)]|$)|(?<=[\\s\u200c«(])\u200c|^\u200c", "a ZWNJ beside a space or punctuation"),
        (
            rf"^[#>*\-| \t\d.]*[A-Za-z]|\|[ *]*[A-Za-z]|(?<=[{_PERSIAN}»])[.؟!]\*{{0,2}} [*]*[A-Za-z]",
            "begins with a Latin word",
        ),
        (rf"(?<=[{_PERSIAN}]) (?:ها|های|هایی)(?![{_PERSIAN}])", "ها is joined by a ZWNJ, not a space"),
    ],
}
_DECIMAL_COMMA = ("hu", "pl", "ru")


def slips(lang: str, text: str) -> list[str]:
    """Return what looks like a typographic slip, each with the words around it."""
    text = plain(rtl_unwrapped(text))
    found = []
    for pattern, message in [*_ANYWHERE, *_SLIPS.get(lang, [])]:
        for match in re.finditer(pattern, text, re.MULTILINE):
            around = text[max(0, match.start() - 15) : match.end() + 15].replace("\n", " ")
            found.append(f"{message}: …{around}…")
    for opening, closing in {"hu": ["„”"], "pl": ["„”", "«»"], "ru": ["«»"], "fa": ["«»"]}.get(lang, []):
        if text.count(opening) != text.count(closing):
            found.append(f"{text.count(opening)} {opening} but {text.count(closing)} {closing}")
    return found


# A number glued to a word (GPT-2, UTF-8, U+0643) is a name; one that is part of a title has no value.
_NUMBER = re.compile(r"(?<![\w+\-–./])\d[\d,]*(?:\.\d+)?(?!\d|st\b|nd\b|rd\b|th\b)")
_TITLED = re.compile(
    r"(?:^#+|exercises?|solutions?(?: to)?|python|version|chapters?|sections?)[ *]+(\d+\.\d+)",
    re.IGNORECASE | re.MULTILINE,
)


def numbers(text: str) -> set[str]:
    """Return the numbers an English text names, from ten upwards or with decimals.

    Smaller ones are often a word in another language.
    """
    found = {match[0].rstrip(",").replace(",", "") for match in _NUMBER.finditer(plain(text))}
    return {number for number in found if "." in number or len(number) > 1}


def titled_numbers(text: str) -> set[str]:
    """Return the numbers with a point that are names, not values: Exercise 1.1, Python 3.11."""
    return set(_TITLED.findall(plain(text)))


def missing_numbers(english: str, translation: str) -> set[str]:
    """Return the numbers of the English text that the translation lacks, however it writes them."""
    text = plain(rtl_unwrapped(translation)).translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789."))
    text = re.sub(r"(?<=\d)[\u00a0\u202f٬](?=\d{3})", "", text)
    there = set(re.findall(r"\d+(?:[.,]\d+)?", text)) | set(re.findall(r"\d+", text))
    return numbers(english) - {number.replace(",", ".") for number in there}


def pointed_decimals(lang: str, english: str, translation: str) -> list[str]:
    """Return the numbers that should have a decimal comma but have a point, names such as 1.1 aside."""
    digits = "[۰-۹]+" if lang == "fa" else "[0-9]+"
    if lang not in (*_DECIMAL_COMMA, "fa"):
        return []
    found = re.findall(rf"(?<![\w.]){digits}\.{digits}", plain(rtl_unwrapped(translation)))
    western = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
    return [number for number in found if number.translate(western) not in titled_numbers(english)]
