"""Text, tokens and tables as a notebook shows them: HTML with the right direction, plain text beside it.

    show.text(story[:300])
    show.tokens(tokenizer, "a red apple")
    show.table(rows, ["step", "pair"])

Every function returns an object that Jupyter displays; `str()` of it is the plain form. Colours are half transparent,
so that they serve a light and a dark page. This module knows nothing about training or models.
"""

import re
import unicodedata
from dataclasses import dataclass
from html import escape

from gptcourse.labels import current

TINTS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")  # Okabe and Ito: told apart by colour-blind readers
MARKED = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")  # code or bold; ** within code is a power
SIGNS = str.maketrans({" ": "·", "\n": "↵", "\t": "→", "\u200c": "¦"})  # what would be invisible in a box


@dataclass(frozen=True)
class Display:
    """HTML for a notebook and the same as plain text."""

    html: str
    plain: str

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html, "text/plain": self.plain}

    def __str__(self):
        return self.plain


def direction(text):
    """ "rtl" when the first letter of `text` is written from right to left, else "ltr"."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def text(passage):
    """A passage of text in its own direction, line breaks kept."""
    side = direction(passage)
    return Display(f'<div class="gc-text" dir="{side}" style="white-space:pre-wrap">{escape(passage)}</div>', passage)


def tokens(tokenizer, passage):
    """The tokens of a text (or of a list of ids) as boxes with their ids; · is a space, ↵ a line break, ¦ a ZWNJ.

    A token that is not whole characters shows its bytes in hexadecimal.
    """
    ids = tokenizer.encode(passage) if isinstance(passage, str) else list(passage)
    shown = [piece(tokenizer.decode_single_token_bytes(i)) for i in ids]
    side = direction(passage if isinstance(passage, str) else tokenizer.decode(ids))
    boxes = "".join(
        f'<span class="gc-token" style="display:inline-block;margin:2px 1px;padding:0 4px;border-radius:4px;'
        f'text-align:center;background:{TINTS[n % len(TINTS)]}40"><bdi>{escape(each)}</bdi><br>'
        f'<small dir="ltr">{i}</small></span>'
        for n, (each, i) in enumerate(zip(shown, ids, strict=True))
    )
    plain = "|".join(shown) + "\n" + " ".join(map(str, ids))
    return Display(f'<div class="gc-tokens" dir="{side}" style="line-height:1.4">{boxes}</div>', plain)


def marked(lines):
    """Sentences of this session's language, a paragraph each; `code` and **bold** as in Markdown."""
    html = "".join(f'<p style="margin:0.3em 0">{inline(line)}</p>' for line in lines)
    plain = "\n".join(MARKED.sub(lambda found: found[2] or found[0], line) for line in lines)
    return Display(f'<div class="gc-sentences" dir="{current().dir}">{html}</div>', plain)


def inline(line):
    """A sentence as HTML: what stands between backticks is code, from left to right; between ** it is bold."""
    return MARKED.sub(
        lambda found: f"<b>{found[2]}</b>" if found[2] else f'<code dir="ltr">{found[1]}</code>',
        escape(line, quote=False),
    )


def words(items):
    """Words of this session's language, each in a box of its own."""
    items = list(items)
    boxes = "".join(
        f'<span class="gc-word" style="display:inline-block;margin:2px;padding:0 6px;border-radius:4px;'
        f'border:1px solid #8886"><bdi>{escape(item)}</bdi></span>'
        for item in items
    )
    return Display(f'<div class="gc-words" dir="{current().dir}">{boxes}</div>', " ‖ ".join(items))


def pieces(tokenizer, passage):
    """The tokens of a text in a row, divided by bars."""
    return _joined([tokenizer.decode_single_token_bytes(i) for i in tokenizer.encode(passage)])


def _joined(parts, sign=" | "):
    """Bytes in a row. Each part is isolated, or hexadecimal numbers between Persian letters would change places."""
    side = direction(b"".join(parts).decode("utf-8", errors="ignore"))
    shown = [piece(part) for part in parts]
    html = escape(sign).join(f"<bdi>{escape(each)}</bdi>" for each in shown)
    return Display(f'<span dir="{side}" style="unicode-bidi:isolate">{html}</span>', sign.join(shown))


def visible(passage):
    """A text with signs for what would not be seen: · for a space, ↵ for a line break, ¦ for a ZWNJ."""
    return passage.translate(SIGNS)


def piece(data):
    """Bytes as visible text, or in hexadecimal where they are not whole characters."""
    try:
        return visible(data.decode("utf-8"))
    except UnicodeDecodeError:
        return " ".join(f"{byte:02x}" for byte in data)


def table(rows, columns):
    """Rows as a table in the direction of this session's language; each cell keeps its own direction.

    A cell is text, a number or what `pieces` returns. A column is named by a key of the catalogue's sections
    "show" and "plots", or by its heading itself.
    """
    t = current()
    header = [t.get(f"show.{column}") or t.get(f"plots.{column}") or column for column in columns]
    rows = [header, *rows]
    lines = [_row("td" if n else "th", row) for n, row in enumerate(rows)]
    plain = "\n".join(" | ".join(map(str, row)) for row in rows)
    return Display(f'<table class="gc-table" dir="{t.dir}">{"".join(lines)}</table>', plain)


def _row(tag, values):
    style = ' style="text-align:start;white-space:pre-wrap"'
    cells = (value.html if isinstance(value, Display) else f"<bdi>{escape(str(value))}</bdi>" for value in values)
    tags = ("td" if value == "" else tag for value in values)  # a heading without words is none
    return "<tr>" + "".join(f"<{tag}{style}>{cell}</{tag}>" for tag, cell in zip(tags, cells, strict=True)) + "</tr>"


def merges(learned):
    """What training learned, one row a merge: its id, the pair, how often it stood in the text, the new token."""
    rows = [[m.id, _joined([m.left, m.right], " + "), m.count, _joined([m.token])] for m in learned]
    return table(rows, ["id", "pair", "count", "token"])


def steps(explained):
    """The steps of `explain`, one row a step, pieces divided by bars."""
    rows = [[n, _joined(parts)] for n, parts in enumerate(explained)]
    return table(rows, ["step", "pieces"])
