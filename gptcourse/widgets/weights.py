"""A model and its tokenizer as one binary file that a page can run (`gpt.js`).

    pack(model, tokenizer)      # bytes
    files()                     # {"en.bin": …, …}: the small models, which the book holds once for all its pages

The file: four bytes with the length of the header (little-endian), the header in JSON, filled up with spaces, the
tensors in float16, one after another in the header's order, and the tokenizer's merges (see `vocabularies.packed`).
This module knows nothing of what a page does with them.
"""

import json
import struct
from dataclasses import asdict

import torch

from gptcourse import small
from gptcourse.labels import languages, message
from gptcourse.tokenizers import CharTokenizer
from gptcourse.widgets.vocabularies import vocabulary

MOST_PARAMETERS = 10_000_000  # more would make a notebook of 30 MB that takes half a second for a token
SIZES = ("vocab_size", "block_size", "n_embd", "n_head", "n_layer")


def pack(model, tokenizer):
    """The file for a GPT and its tokenizer: a `tiktoken.Encoding` or a CharTokenizer.

    Raises ValueError for a tokenizer of another size than the model's vocabulary, or one that no page can follow, for
    more than MOST_PARAMETERS, and for numbers that float16 cannot hold.
    """
    if tokenizer.n_vocab != model.config.vocab_size:
        sizes = {"n_vocab": tokenizer.n_vocab, "vocab_size": model.config.vocab_size}
        raise ValueError(message("errors.other_tokenizer", **sizes))
    if model.num_params() > MOST_PARAMETERS:
        raise ValueError(message("errors.large_for_page", parameters=model.num_params(), most=MOST_PARAMETERS))
    described, merges = _tokenizer(tokenizer)
    tensors = {name: _half(name, tensor) for name, tensor in model.named_parameters()}
    header = {
        "config": {name: value for name, value in asdict(model.config).items() if name in SIZES},
        "shapes": [[name, list(tensor.shape)] for name, tensor in tensors.items()],
        "tokenizer": described,
    }
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 4)  # numbers of two bytes have to begin at an even one
    return b"".join(
        [struct.pack("<I", len(text)), text, *(tensor.numpy().tobytes() for tensor in tensors.values()), merges]
    )


def _half(name, tensor):
    half = tensor.detach().cpu().to(torch.float16)
    if not half.isfinite().all():
        raise ValueError(message("errors.not_half", name=name))
    return half


def _tokenizer(tokenizer):
    """What the header says about the tokenizer, and its merges. A special token is named there by its id."""
    if isinstance(tokenizer, CharTokenizer):
        return {"chars": tokenizer.chars}, b""
    described = vocabulary(tokenizer)
    special = {id: name for name, id in tokenizer._special_tokens.items()}
    known = {name: described[name] for name in ("pattern", "file") if name in described}
    return {**known, "special": special}, described.get("merges", b"")


def file_name(lang):
    """The name of the file with the small model that `load_small(lang)` gives."""
    return f"{lang if (small.FOLDER / lang / 'tales').is_dir() else small.SOURCE}.bin"


def files():
    """Files that the book holds once for all pages: name -> bytes; one for each language that has a small model."""
    shipped = [lang for lang in languages() if (small.FOLDER / lang / "tales").is_dir()]
    return {file_name(lang): pack(*small.load_small(lang)) for lang in shipped}
