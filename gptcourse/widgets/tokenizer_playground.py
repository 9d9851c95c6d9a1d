"""A field to type into: the tokens, ids and bytes of the text for several byte-pair tokenizers, merges step by step.

    tokenizer_playground(t["examples.king"])                                    # our own vocabulary and GPT-2's
    tokenizer_playground("a king", {"small": small_tokenizer, "large": large_tokenizer})

The page does the same as tiktoken (`bpe.js`). This module knows tokenizers, nothing of models.
"""

from functools import lru_cache
from html import escape

from gptcourse.data import load_text
from gptcourse.labels import current, message
from gptcourse.show import direction, piece
from gptcourse.tokenizers import gpt2_tokenizer, train_bpe
from gptcourse.widgets.host import Widget
from gptcourse.widgets.vocabularies import GPT2, vocabulary

MOST_CHARACTERS = 5000  # of a text that are read
MOST_SHOWN = 100  # tokens in the fallback
OWN_SIZE = 1000  # of the language's own vocabulary: chapter 01 trains the same


def tokenizer_playground(text=None, tokenizers=None):
    """A text to change, and how byte-pair tokenizers read it.

    text: what stands there first; an example sentence when left out. tokenizers: {name: tiktoken.Encoding}; the
    language's own (1,000 tokens, trained on its story) and GPT-2's when left out. Raises ValueError for a text that is
    no string and for a tokenizer that a page cannot run.
    """
    t = current()
    text = t["examples.king"] if text is None else text
    if not isinstance(text, str):
        raise ValueError(message("errors.not_text", type=type(text).__name__))
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half a pair is U+FFFD, as in tiktoken
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as in the field of a page
    tokenizers = _usual(t) if tokenizers is None else tokenizers
    if not isinstance(tokenizers, dict) or not tokenizers:
        raise ValueError(message("errors.no_tokenizers", type=type(tokenizers).__name__))
    state = {
        "text": text[: MOST_CHARACTERS + 1],  # one too many is enough for the page to say that it is too long
        "most": MOST_CHARACTERS,
        "tokenizers": [
            {"name": name, **(each if each is GPT2 else vocabulary(each))} for name, each in tokenizers.items()
        ],
    }
    text = text[:MOST_CHARACTERS]
    found = {name: None if each is GPT2 else _pieces(each, text) for name, each in tokenizers.items()}
    return Widget("tokenizer_playground", state, _fallback(t, text, found), _plain(t, text, found))


def _usual(t):
    try:
        gpt2 = gpt2_tokenizer()
    except OSError:  # neither installed nor to be fetched: the page says so in its column
        gpt2 = GPT2
    return {t["plots.own"]: _own(t.lang), "GPT-2": gpt2}


@lru_cache
def _own(lang):
    return train_bpe(load_text(lang, "story"), OWN_SIZE)


def _pieces(tokenizer, text):
    """(bytes, id) of every token."""
    return [(tokenizer.decode_single_token_bytes(i), i) for i in tokenizer.encode_ordinary(text)]


def _fallback(t, text, found):
    """A table with a row for each tokenizer."""
    label = {name: t[f"widgets.tokenizer_playground.{name}"] for name in ("tokenizer", "tokens", "ids", "missing")}
    long = 'style="overflow-wrap:anywhere"'  # what may be longer than a line
    side = direction(text)
    rows = ""
    for name, pieces in found.items():
        if pieces is None:
            cells = f'<td colspan="3">{escape(label["missing"])}</td>'
        else:
            cells = f"<td>{len(pieces)}</td>"
            for part in ([piece(data) for data, _ in pieces], [id for _, id in pieces]):
                cells += f'<td dir="{side}" {long}>{_joined(t, part)}</td>'
        rows += f'<tr><th scope="row" style="overflow-wrap:anywhere;min-width:5em"><bdi>{escape(name)}</bdi></th>{cells}</tr>'
    columns = (label["tokenizer"], label["tokens"], t["show.pieces"], label["ids"])
    header = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    caption = f"<bdi>{escape(text)}</bdi><br>{_counts(t, text)}"
    return f"<table><caption {long}>{caption}</caption><tr>{header}</tr>{rows}</table>"


def _counts(t, text):
    counts = {"characters": len(text), "bytes": len(text.encode("utf-8"))}
    return " · ".join(f"{t[f'widgets.tokenizer_playground.{name}']}: {count}" for name, count in counts.items())


def _joined(t, parts):
    """Parts in a row, each in its own direction."""
    row = " | ".join(f"<bdi>{escape(str(part))}</bdi>" for part in parts[:MOST_SHOWN])
    rest = len(parts) - MOST_SHOWN
    return f"{row} … <bdi>{escape(t('widgets.common.more', count=rest))}</bdi>" if rest > 0 else row


def _plain(t, text, found):
    lines = [text]
    for name, pieces in found.items():
        if pieces is None:
            lines.append(f"{name}: {t['widgets.tokenizer_playground.missing']}")
        else:
            lines += [f"{name}: {len(pieces)}", " | ".join(piece(data) for data, _ in pieces[:MOST_SHOWN])]
    return "\n".join(lines)
