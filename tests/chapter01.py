"""What chapter 1 has printed in one language, and what may hold of it: behind the claims of test_claims.py."""

import re
from collections import Counter
from functools import cache, cached_property
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

import regex

from gptcourse import Labels, bpe_merges, gpt2_tokenizer, load_text, train_bpe
from gptcourse.authoring.notebooks import read_notebook
from gptcourse.authoring.prose import rtl_unwrapped
from gptcourse.tokenizers import WORDS

BOOK = Path(__file__).resolve().parents[1] / "book"
LANGUAGES = ["en", "hu", "pl", "ru", "fa"]
WORD = r"[\w\u200c]+"


class Chapter:
    """The stored notebook of one language, and what its first cells define."""

    def __init__(self, lang):
        self.lang = lang
        self.cells = {cell.id: cell for cell in read_notebook(BOOK / lang / "01-tokenization.ipynb").cells}
        self.story = load_text(lang, "story")
        self.first_part = self.story[: len(self.story) * 9 // 10]
        self.counts = Counter(re.findall(WORD, self.story))
        # what several claims look at
        self.chars, self.tail = self.column("char-table", 1), self.column("char-table", 1)[5:]
        self.first, self.late = self.column("library-merges", 3), self.column("late-merges", 3)
        self.steps = [row[1:] for row in self.rows("explain")]
        self.family = {row[0]: row[1:] for row in self.rows("family")}
        self.heads = [pieces[0] for pieces in self.family.values()]
        self.whole = [word for word, pieces in self.family.items() if len(pieces) == 1]
        self.growth, (self.lengths, _) = self.curves("words-growth"), self.curves("how-many")
        self.per_word, self.per_token = self.bars("costs-words"), self.bars("costs-bytes")

    def prose(self, cell):
        """The Markdown of a cell, without the right-to-left wrapper."""
        return rtl_unwrapped(self.cells[cell].source).replace("\u00a0", " ")

    def lines(self, cell):
        """What a code cell printed and displayed, line by line."""
        outputs = self.cells[cell].outputs
        assert outputs, f"{self.lang}, cell {cell} has no stored output"
        texts = [out.text if out.output_type == "stream" else out.data["text/plain"] for out in outputs]
        return "\n".join(text.rstrip("\n") for text in texts).split("\n")

    def numbers(self, cell):
        """The whole numbers of the first line."""
        return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", self.lines(cell)[0])]

    def words(self, cell):
        """The words in boxes, which come last."""
        return self.lines(cell)[-1].split(" ‖ ")

    def tokens(self, cell):
        """The tokens in boxes; their ids are below them."""
        return self.lines(cell)[-2].split("|")

    def rows(self, cell):
        """The table as lists, without its header; pieces of a word are elements of their own."""
        return [line.split(" | ") for line in self.lines(cell) if " | " in line][1:]

    def column(self, cell, n):
        return [row[n] for row in self.rows(cell)]

    def curves(self, cell):
        """The points that the description of a figure with lines names: a list of (x, y) for each line."""
        parts = self.lines(cell)[-1].split(";")
        return [[(int(x), int(y)) for x, y in re.findall(r"(\d+) → (\d+)", part)] for part in parts]

    def bars(self, cell):
        """The heights that the description of a figure with bars names: a list for GPT-2 and one for our own."""
        return [[float(y) for y in re.findall(r"\d+\.\d+", part)] for part in self.lines(cell)[-1].split(";")]

    @cached_property
    def tokenizer(self):
        return train_bpe(self.story, 1000)

    @cached_property
    def ids(self):
        """The vocabulary: token, where it is whole characters -> id."""
        texts = {data.decode(errors="replace"): i for data, i in self.tokenizer._mergeable_ranks.items()}
        return {text: i for text, i in texts.items() if "\ufffd" not in text}

    def longest(self, n):
        """Solution 3."""
        return [token.strip() for token in sorted(self.ids, key=lambda token: (-len(token), self.ids[token]))[:n]]

    @cached_property
    def held_out(self):
        """Solution 6: for each vocabulary, bytes per token on the text seen and on the text not seen."""
        parts = (self.first_part, self.story[len(self.first_part) :])
        trained = [train_bpe(self.first_part, size) for size in (300, 600, 1200)]
        return [tuple(len(part.encode()) / len(each.encode(part)) for part in parts) for each in trained]


chapter = cache(Chapter)


def falling(values):
    return all(a > b for a, b in pairwise(values))


def slopes(points):
    return [(y - y0) / (x - x0) for (x0, y0), (x, y) in pairwise(points)]


def share_unseen(c):
    unseen, different = c.numbers("words-unseen")
    return unseen / different


def repeated_with(*signs):
    """The words that stand several times in the list by spaces show all these signs ("" is none)."""

    def holds(c):
        found = [(re.findall(WORD, item)[0], re.sub(WORD, "", item)) for item in c.words("words-by-space")]
        times = Counter(word for word, _ in found)
        shown = [sign for word, sign in found if times[word] > 1]
        return all(any(sign in each if sign else not each for each in shown) for sign in signs)

    return holds


def forms(text):
    """These words are in the list by letters."""
    return lambda c: set(text.split()) <= set(c.words("words-by-letters"))


def tiny(text):
    """The last row of the table of seven merges holds these words."""
    return lambda c: set(text.split()) <= set(c.lines("tiny-loop")[-1].split())


def crosses_words(text):
    """If merges crossed the borders of words, the vocabulary of section 1.4 would hold `text`."""
    return lambda c: any(text in m.token.decode(errors="replace") for m in islice(bpe_merges(c.story, ".+"), 743))


def later_are_longer_and_words(c):
    words = [token for token in c.late if token[0] == "·" and token[1:].replace("¦", "\u200c") in c.counts]
    return words and sum(map(len, c.late)) > sum(map(len, c.first))


def frequent_words_are_whole(c):
    times, story = {True: [], False: []}, Counter(regex.findall(WORDS, c.story))
    for word in regex.findall(WORDS, Labels(c.lang)["examples.sentence"]):
        times[len(c.tokenizer.encode(word)) == 1].append(story[word])
    return median(times[True]) > median(times[False])


def lengths_differ_less_than_tokens(c):
    characters, tokens = ([int(value) for value in c.column("costs", n)] for n in (2, 3))
    return max(tokens) / min(tokens) > 2 * max(characters) / min(characters)


def own_is_better(c):
    """In all languages but English, by both measures, and in Polish by a tenth at most."""
    (words, own_words), (size, own_size) = c.per_word, c.per_token
    better = [w > own_w and s < own_s for w, own_w, s, own_s in zip(words, own_words, size, own_size, strict=True)]
    return better == [False, True, True, True, True] and words[2] < 1.1 * own_words[2]


def only_ours(text):
    """After a space these words are one token of ours and several of GPT-2's."""
    return lambda c: all(
        len(c.tokenizer.encode(f" {w}")) == 1 < len(gpt2_tokenizer().encode(f" {w}")) for w in text.split()
    )


def only_gpt2s(text):
    """After a space these words are one token of GPT-2's and several of ours."""
    return lambda c: all(
        len(gpt2_tokenizer().encode(f" {w}")) == 1 < len(c.tokenizer.encode(f" {w}")) for w in text.split()
    )


def several_times(text):
    """The words stand several times in the story."""
    return lambda c: all(c.counts[word] > 1 for word in text.split())


def runs_in_gpt2(script):
    """All runs of two or more letters of a script in GPT-2's vocabulary."""
    texts = (token.decode(errors="ignore") for token in gpt2_tokenizer().token_byte_values())
    return {run for text in texts for run in regex.findall(rf"[\p{{{script}}}&&\p{{L}}]{{2,}}", text, regex.V1)}


def gap_widens(c):
    return falling(unseen for _, unseen in c.held_out[::-1]) and falling(unseen - seen for seen, unseen in c.held_out)
