"""Byte-pair vocabularies in the form that `bpe.js` reads: small enough to travel with a page.

    state["vocabulary"] = vocabulary(tokenizer)

GPT-2's is large: the book holds it once, as one of the `files()` that its pages may ask for, and a stored output only
names it. Where somebody works in a notebook, outside the book, the output carries it. This module knows
vocabularies, no particular widget.
"""

import re
import struct
from functools import lru_cache

from gptcourse.labels import message
from gptcourse.tokenizers import GPT2_VOCAB_SIZE, GPT2_WORDS, gpt2_tokenizer
from gptcourse.widgets.host import is_static

GPT2_FILE = "gpt2.bpe"
GPT2 = {"pattern": GPT2_WORDS, "size": GPT2_VOCAB_SIZE, "file": GPT2_FILE}
LARGEST = 1 << 16  # ids are written in 16 bits
# What JavaScript reads in another way, or not at all: possessive quantifiers, atomic groups and flags inside.
STRANGE = re.compile(r"(?:(?<!\\)[+*?]|\{[\d,]+\})\+|\(\?[>a-zP-]")


def vocabulary(tokenizer):
    """What `bpe` of bpe.js needs, as part of a widget's state: pattern, size, and merges or the file that holds them.

    Raises ValueError for what is no byte-pair tokenizer, or one that a page cannot follow exactly.
    """
    if not hasattr(tokenizer, "_mergeable_ranks"):
        raise ValueError(message("errors.not_for_pages", reason=type(tokenizer).__name__))
    found = {"pattern": tokenizer._pat_str, "size": tokenizer.n_vocab}
    if STRANGE.search(found["pattern"]):
        raise ValueError(message("errors.not_for_pages", reason=found["pattern"]))
    if tokenizer.name == "gpt2" and is_static():
        return GPT2
    return {**found, "merges": packed(tokenizer)}


def files():
    """Files that the book holds once for all pages: name -> bytes. Raises OSError where GPT-2's vocabulary is not to be had."""
    return {GPT2_FILE: packed(gpt2_tokenizer())}


@lru_cache(maxsize=8)
def packed(tokenizer):
    """256 bytes in the order of their ids, then for every further token the ids of two that make it, 16 bits each.

    Which two does not matter, because tiktoken looks at the bytes of a token only.
    """
    ranks = tokenizer._mergeable_ranks
    tokens = sorted(ranks, key=ranks.get)
    if len(tokens) > LARGEST or list(map(ranks.get, tokens)) != list(range(len(tokens))):
        raise ValueError(message("errors.not_for_pages", reason=f"{len(tokens)} tokens"))
    if sorted(tokens[:256]) != [bytes([byte]) for byte in range(256)]:
        raise ValueError(message("errors.not_for_pages", reason="256 bytes"))
    pairs = (_pair(token, id, ranks) for id, token in enumerate(tokens[256:], 256))
    return b"".join(tokens[:256]) + b"".join(struct.pack("<HH", *pair) for pair in pairs)


def _pair(token, id, ranks):
    """The ids of two earlier tokens that make up `token`."""
    for i in range(1, len(token)):
        pair = ranks.get(token[:i], id), ranks.get(token[i:], id)
        if max(pair) < id:
            return pair
    raise ValueError(message("errors.not_for_pages", reason=token))
