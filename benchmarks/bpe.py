"""How fast byte-pair encoding is trained here, beside the plain algorithm and a peer.

    python benchmarks/bpe.py

Trains 1,024 merges on a megabyte of generated text. The plain algorithm counts all pairs again before each merge; it
is timed on a few merges and its time for 1,024 is reckoned from that. Hugging Face's `tokenizers` (Rust) is timed
where it is installed. Exit status 1 when the course's own trainer takes longer than 10 seconds.
"""

import random
import sys
import time
from collections import Counter
from importlib.util import find_spec
from itertools import islice, pairwise

import regex

from gptcourse import bpe_merges, languages, load_text
from gptcourse.tokenizers import WORDS, merge_pair

MERGES, SIZE, LIMIT, PLAIN_MERGES = 1024, 1_000_000, 10.0, 8


def text_of(size, seed=0):
    """Made-up prose of `size` bytes: the stories' words in all languages, inflected at random, in Zipf's proportions."""
    rng = random.Random(seed)
    words = sorted({word for lang in languages() for word in regex.findall(r"\w+", load_text(lang, "story"))})
    rng.shuffle(words)
    endings = ["", "", "", "s", "ing", "nak", "em", "ами", "ها"]
    made, length = [], 0
    while length < size:
        word = words[int(len(words) ** rng.random())] + rng.choice(endings)
        made.append(word)
        length += len(word.encode("utf-8")) + 1
    return " ".join(made)


def ours(text):
    for _ in islice(bpe_merges(text), MERGES):
        pass


def plain(text):
    pieces = [list(piece.encode("utf-8")) for piece in regex.findall(WORDS, text)]
    for new_id in range(256, 256 + PLAIN_MERGES):
        counts = Counter(pair for piece in pieces for pair in pairwise(piece))
        pair = min(counts, key=lambda pair: (-counts[pair], pair))
        pieces = [merge_pair(piece, pair, new_id) for piece in pieces]


def peer(text):
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    words = pre_tokenizers.Split(Regex(WORDS.replace(r"\u200c", "\u200c")), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(False, use_regex=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=256 + MERGES, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator([text], trainer)


def seconds(function, text):
    start = time.perf_counter()
    function(text)
    return time.perf_counter() - start


def main():
    text = text_of(SIZE)
    own = min(seconds(ours, text) for _ in range(3))
    rows = [("gptcourse.bpe_merges", own)]
    rows.append(("plain algorithm (reckoned)", seconds(plain, text) * MERGES / PLAIN_MERGES))
    if find_spec("tokenizers"):
        rows.append(("tokenizers (Rust)", min(seconds(peer, text) for _ in range(3))))
    print(f"{MERGES:,} merges on {len(text.encode('utf-8')):,} bytes")
    for name, took in rows:
        print(f"{name:28} {took:9.2f} s   {took / own:8.2f} x")
    return 0 if own < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
