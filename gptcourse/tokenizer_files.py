"""Tokenizers kept: as a description inside a checkpoint, or as the file that Hugging Face's library reads as well.

    save_tokenizer(tokenizer, "folder")    # tokenizer.json, what AutoTokenizer.from_pretrained("folder") loads
    tokenizer = load_tokenizer("folder")   # of characters, of our own byte-pair encoding, or GPT-2's
    restore(describe(tokenizer))           # the same through a small dict of strings and numbers

This module knows how vocabularies are written down, nothing of how they were found or of models.
"""

import json
from pathlib import Path
from reprlib import repr as shortened

from gptcourse.gpt2_files import write_whole
from gptcourse.labels import message
from gptcourse.tokenizers import END_OF_TEXT, GPT2_WORDS, CharTokenizer, Tokenizer, gpt2_tokenizer

FILE, SETTINGS = "tokenizer.json", "tokenizer_config.json"
WRONG = (ValueError, LookupError, TypeError, AttributeError, AssertionError)  # what wrong values give on their way

# GPT-2 writes bytes as signs: those that have a visible one as it, the others as the signs from U+0100 on.
VISIBLE = [*range(33, 127), *range(161, 173), *range(174, 256)]
HIDDEN = [byte for byte in range(256) if byte not in VISIBLE]
SIGNS = {byte: chr(byte) for byte in VISIBLE} | {byte: chr(256 + i) for i, byte in enumerate(HIDDEN)}
BYTES = {sign: byte for byte, sign in SIGNS.items()}


def describe(tokenizer):
    """A tokenizer as a checkpoint can hold it."""
    if isinstance(tokenizer, CharTokenizer):
        return {"kind": "chars", "chars": "".join(tokenizer.chars)}
    if tokenizer.name == "gpt2":
        return {"kind": "gpt2"}
    ranks = tokenizer._mergeable_ranks
    return {
        "kind": "bpe",
        "pattern": tokenizer._pat_str,
        "tokens": [token.hex() for token in sorted(ranks, key=ranks.get)],
        "special": dict(tokenizer._special_tokens),
    }


def restore(description):
    """The tokenizer that `describe` described. Raises ValueError for anything else."""
    try:
        if description["kind"] == "chars":
            return CharTokenizer(description["chars"])
        if description["kind"] == "gpt2":
            return gpt2_tokenizer()
        ranks = {bytes.fromhex(token): i for i, token in enumerate(description["tokens"])}
        return _byte_pairs(ranks, description["pattern"], description["special"])
    except WRONG as error:
        raise ValueError(message("errors.not_tokenizer", file=shortened(description), error=_short(error))) from error


def save_tokenizer(tokenizer, folder):
    """Write `tokenizer.json` and `tokenizer_config.json` into `folder`, as Hugging Face's tokenizers and transformers load them.

    They encode as ours does, special tokens included; only, a character outside the vocabulary is an error here and left
    out there. Raises OSError when a file cannot be written; old files are kept then.
    """
    folder = Path(folder)
    ends = {}
    if not isinstance(tokenizer, CharTokenizer) and END_OF_TEXT in tokenizer._special_tokens:
        ends = dict.fromkeys(("bos_token", "eos_token", "unk_token"), END_OF_TEXT)
    # Without this class transformers would take GPT-2's own, which splits words as English needs it.
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False, **ends}
    folder.mkdir(parents=True, exist_ok=True)
    contents = {FILE: _huggingface(tokenizer), SETTINGS: settings}
    write_whole({folder / name: _writer(content) for name, content in contents.items()})


def load_tokenizer(path):
    """The tokenizer in a `tokenizer.json`, or in a folder with one: of `save_tokenizer`, or GPT-2's from Hugging Face.

    Raises ValueError for a file that holds no tokenizer or one of another kind, FileNotFoundError where there is none.
    """
    file = Path(path)
    file = file / FILE if file.is_dir() else file
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
        vocab, merges = given["model"]["vocab"], given["model"]["merges"]
        if given["model"]["type"] != "BPE" or given["normalizer"] is not None:
            raise ValueError("model, normalizer")
        if given["pre_tokenizer"] is None and not merges:
            tokenizer = CharTokenizer("".join(vocab))
            if tokenizer.ids != vocab:
                raise ValueError("vocab")
            return tokenizer
        special = {token["content"]: token["id"] for token in given["added_tokens"]}
        ranks = {bytes(BYTES[sign] for sign in token): i for token, i in vocab.items() if token not in special}
        joined = [vocab["".join(pair.split(" ") if isinstance(pair, str) else pair)] for pair in merges]
        if joined != sorted(joined):  # the ids must be in the order in which tokens are merged
            raise ValueError("merges")
        return _byte_pairs(ranks, _pattern(given["pre_tokenizer"]), special)
    except WRONG as error:
        raise ValueError(message("errors.not_tokenizer", file=file, error=_short(error))) from error


def _byte_pairs(ranks, pattern, special):
    if not {bytes([byte]) for byte in range(256)} <= ranks.keys():
        raise ValueError("256 bytes")
    n_vocab = len(ranks) + len(special)
    return Tokenizer(
        name=f"bpe-{n_vocab}",
        pat_str=pattern,
        mergeable_ranks=ranks,
        special_tokens=special,
        explicit_n_vocab=n_vocab,
    )


def _huggingface(tokenizer):
    """What tokenizer.json says."""
    if isinstance(tokenizer, CharTokenizer):
        model = {"type": "BPE", "vocab": tokenizer.ids, "merges": []}
        steps = {"normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": {"type": "Fuse"}}
        return {"version": "1.0", "added_tokens": [], **steps, "model": model}
    special = sorted(tokenizer._special_tokens.items(), key=lambda item: item[1])
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    in_bytes = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": tokenizer._pat_str}, "behavior": "Isolated", "invert": False}
    ranks = tokenizer._mergeable_ranks
    tokens = sorted(ranks, key=ranks.get)
    return {
        "version": "1.0",
        "added_tokens": [{"id": i, "content": content, **flags} for content, i in special],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, in_bytes]},
        "post_processor": None,
        "decoder": in_bytes,
        "model": {
            "type": "BPE",
            "ignore_merges": True,  # a whole word that is a token is one, as tiktoken sees it
            "vocab": {**{_signs(token): ranks[token] for token in tokens}, **dict(special)},
            "merges": [[_signs(part) for part in pair] for token in tokens for pair in _splits(token, ranks)],
        },
    }


def _splits(token, ranks):
    """Every pair of tokens that make up `token`: tiktoken joins neighbours by their bytes, whichever pair it learned."""
    pairs = [(token[:i], token[i:]) for i in range(1, len(token))]
    pairs = [pair for pair in pairs if pair[0] in ranks and pair[1] in ranks]
    return sorted(pairs, key=lambda pair: (ranks[pair[0]], ranks[pair[1]]))


def _pattern(pre_tokenizer):
    """The pattern of a `save_tokenizer`, or GPT-2's, which is built into the library."""
    if pre_tokenizer["type"] == "Sequence":
        split, in_bytes = pre_tokenizer["pretokenizers"]
        if split["type"] == "Split" and split["behavior"] == "Isolated" and not split["invert"] | in_bytes["use_regex"]:
            return split["pattern"]["Regex"]
    elif pre_tokenizer["type"] == "ByteLevel" and pre_tokenizer.get("use_regex", True):
        if not pre_tokenizer["add_prefix_space"]:
            return GPT2_WORDS
    raise ValueError("pre_tokenizer")


def _signs(token):
    return "".join(SIGNS[byte] for byte in token)


def _writer(content):
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
    return lambda path: path.write_text(text, encoding="utf-8", newline="\n")


def _short(error):
    return f"{type(error).__name__}: {error}".splitlines()[0][:100]
