"""bpe.js gives what tiktoken gives, for GPT-2's vocabulary and the course's own: any text, every character.

One node process answers all questions, a line of JSON each.
"""

import json
import subprocess
import unicodedata
from base64 import b64encode
from functools import lru_cache
from threading import Timer

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from gptcourse import explain, gpt2_tokenizer, labels, load_text, train_bpe
from gptcourse.authoring.assets import node_binary
from gptcourse.labels import languages
from gptcourse.small import FOLDER as MODELS
from gptcourse.tokenizer_files import load_tokenizer
from gptcourse.tokenizers import WORDS
from gptcourse.widgets import host, vocabularies

ANSWER = """
import { createInterface } from "node:readline";
const { bpe } = await import(process.argv[1]);
const { wordsOf, replay } = await import(process.argv[2]);
const tokenizers = [];
const ask = {
  load: ({ pattern, merges }) => tokenizers.push(bpe({ pattern, merges: Uint8Array.from(Buffer.from(merges, "base64")) })),
  encode: ({ text, n }) => tokenizers[n].encode(text),
  bytes: ({ ids, n }) => ids.map((id) => tokenizers[n].bytes(id)).join(""),
  pieces: ({ text, n }) => tokenizers[n].pieces(text).map(({ start, text, ids }) => [start, text, ids]),
  words: ({ text }) => wordsOf(text).map(({ start, text }) => [start, text]),
  replay: ({ text, n }) => replay(tokenizers[n], text),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [what, given] = JSON.parse(line);
  console.log(JSON.stringify(ask[what](given)));
}
"""
MIXED = (
    "".join(load_text(lang, "story")[:3000] for lang in ("en", "hu", "pl", "ru", "fa")) + "🙂🦉 cafe\u0301 ١٢٣ ½" * 3
)
HAND_PICKED = [
    "",
    " ",
    "a  b",
    "   \n\n  x\t\ty  ",
    "\r\n\r\n a \r b",
    "I'm we'll you've they're he'd don't 'sx 'S",
    "می‌خواهم نیم‌فاصله‌ها ‌ \u200c\u200c ۱۲۳ ٪",
    "Zażółć gęślą jaźń; árvíztűrő tükörfúrógép; съешь ещё этих мягких булок",
    "cafe\u0301 nai\u0308ve e\u0301\u0302\u0303 \u0301x \u0301",
    "👩🏽‍🔬👨‍👩‍👧‍👦 🏳️‍🌈 🇭🇺🇵🇱 1️⃣",
    "\ud83d",  # half of an emoji, then the other half, both in the wrong order, and as a whole
    "a\ude42b",
    "\ude42\ud83d",
    "\ud83d\ude42 \ud83d \ud83d\ud83d\ude42\ude42",
    "\ufeffa\ufeff \ufeff b",  # white space in JavaScript, not in Rust
    "a\x85b \x85 c\x1c\x1d\x1e\x1fd",  # the other way round, and what Python takes for white space
    "\u2028\u2029\u00a0\u202f\u2009\u3000 x\u200b\u2060y",
    "1234567890 3.14 ²³¼ Ⅷ ०१२ 12,345.67",
    "\x00\x01\x7f\x80\xff�￿",
    "</script><script>alert('x')</script> \"quoted\" \\n",
    "\u202eevil\u202c \u2066x\u2069",
    "<|endoftext|>",
    "中文字符 日本語テスト 한국어 ไทย हिन्दी",
    "a" * 5000,
    " " * 5000 + "x",
    "ab" * 3000,
    "паровоз" * 700,
    "🙂" * 1500,
    "x\u00a0 ",  # a piece that ends in a space: what stands after it, undefined, must not become part of GPT-2's " undefined"
]


@pytest.fixture(scope="module")
def ask():
    """Ask node: ask("encode", text=…, n=0)."""
    files = [(host.FOLDER / name).as_uri() for name in ("bpe.js", "tokenizer_playground.js")]
    command = [node_binary(), "--no-warnings", "--input-type=module", "-e", ANSWER, *files]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    too_long = Timer(240, process.kill)
    too_long.start()

    def asked(what, **given):
        process.stdin.write(json.dumps([what, given]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    for tokenizer in tokenizers():
        merges = b64encode(vocabularies.packed(tokenizer)).decode()
        asked("load", pattern=tokenizer._pat_str, merges=merges)
    yield asked
    too_long.cancel()
    process.stdin.close()
    process.wait()


@lru_cache
def tokenizers():
    """GPT-2's, one of five languages, a tiny one where most merges are of one letter, and the shipped ones."""
    shipped = [folder for lang in languages() for folder in sorted((MODELS / lang).glob("*/tokenizer.json"))]
    tiny = train_bpe("aaaaaaaa aaaa aa abab ababcababd  \n\n ", 268)
    return [gpt2_tokenizer(), train_bpe(MIXED, 1000), tiny, *map(load_tokenizer, shipped)]


characters = st.characters(
    exclude_categories=["Cn"]
)  # what is not assigned may be in the next Unicode; halves are in it
text = st.text(characters, max_size=60) | st.text(
    st.sampled_from(
        [*"aábcżя سیک'stdm12", "\u200c", "\u0301", "\n", "\t", "\ud83d", "\ude42", "🙂", "\ufeff", "\x85", "\u00a0"]
    ),
    max_size=60,
)


def check(ask, passage):
    for n, tokenizer in enumerate(tokenizers()):
        ids = tokenizer.encode_ordinary(passage)
        assert ask("encode", text=passage, n=n) == ids, (tokenizer.name, passage)
        assert ask("bytes", ids=ids, n=n).encode("latin-1") == tokenizer.decode_bytes(ids)


@pytest.mark.parametrize("passage", HAND_PICKED, ids=range(len(HAND_PICKED)))
def test_hand_picked_texts(ask, passage):
    check(ask, passage)


@pytest.mark.parametrize("lang", ["en", "hu", "pl", "ru", "fa"])
def test_stories(ask, lang):
    check(ask, load_text(lang, "story"))


@given(passage=text)
def test_any_text(ask, passage):
    check(ask, passage)


def test_every_character_is_of_the_same_kind(ask):
    """Each assigned character between letters and beside spaces: the two patterns cut alike."""
    alike = ("CJK", "HANGUL SYLLABLE", "TANGUT", "<")
    chars = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs")]
    chars = [char for char in chars if not unicodedata.name(char, " ").startswith(alike)]
    passage = "".join(f"a{char}b {char}1 {char} {char}" for char in chars)
    for n, tokenizer in enumerate(tokenizers()[:2]):
        assert ask("encode", text=passage, n=n) == tokenizer.encode_ordinary(passage)


@given(data=st.data())
def test_any_ids_are_turned_back(ask, data):
    for n, tokenizer in enumerate(tokenizers()[:2]):
        ids = data.draw(st.lists(st.integers(0, len(tokenizer._mergeable_ranks) - 1), max_size=12))
        assert ask("bytes", ids=ids, n=n).encode("latin-1") == tokenizer.decode_bytes(ids)


def units(passage):
    """A text's number of characters as JavaScript counts them."""
    return len(passage.encode("utf-16-le", "surrogatepass")) // 2


@given(passage=text)
def test_a_word_alone_is_read_as_in_its_text(ask, passage):
    for n in range(len(tokenizers())):
        pieces = ask("pieces", text=passage, n=n)
        for start, word in ask("words", text=passage):
            inside = [ids for at, _, ids in pieces if start <= at < start + units(word)]
            assert ask("encode", text=word, n=n) == sum(inside, [])


@given(passage=text)
def test_replayed_steps_are_those_of_explain(ask, passage):
    passage = passage.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for n, tokenizer in enumerate(tokenizers()):
        steps, expected = ask("replay", text=passage, n=n), explain(tokenizer, passage)
        parts = [[part.encode("latin-1") for part in step["parts"]] for step in steps]
        if not any(map(any, (step["borders"] for step in steps))):  # of several pieces, explain takes one after another
            assert parts == expected
        assert (parts[-1], len(parts)) == (expected[-1], len(expected))
        for step, joined in zip(steps, parts[1:], strict=False):
            i, shown = step["next"], [part.encode("latin-1") for part in step["parts"]]
            rank = tokenizer._mergeable_ranks[shown[i] + shown[i + 1]]
            assert step["ranks"][i] == rank == min(each for each in step["ranks"] if each is not None)
            assert joined == [*shown[:i], shown[i] + shown[i + 1], *shown[i + 2 :]]
        assert steps[-1]["next"] == -1
        assert set(steps[-1]["ranks"]) <= {None}


# ---- vocabularies.py


def unpacked(data):
    tokens = [data[i : i + 1] for i in range(256)]
    for at in range(256, len(data), 4):
        left, right = (int.from_bytes(data[i : i + 2], "little") for i in (at, at + 2))
        tokens.append(tokens[left] + tokens[right])
    return tokens


def test_a_packed_vocabulary_holds_every_token_in_the_order_of_ids():
    for tokenizer in tokenizers():
        ranks = tokenizer._mergeable_ranks
        assert unpacked(vocabularies.packed(tokenizer)) == sorted(ranks, key=ranks.get)


def test_the_books_file_is_gpt2s_vocabulary_and_small():
    (name, data), *others = vocabularies.files().items()
    assert (name, others) == ("gpt2.bpe", [])
    assert len(data) == 256 + 4 * 50_000
    assert host.files()["gpt2.bpe"] == data


def test_gpt2s_vocabulary_is_named_in_stored_outputs_and_carried_by_live_ones(monkeypatch):
    monkeypatch.setenv("GPTCOURSE_STATIC", "1")
    assert vocabularies.vocabulary(gpt2_tokenizer()) == vocabularies.GPT2
    assert "merges" in vocabularies.vocabulary(tokenizers()[1])
    monkeypatch.delenv("GPTCOURSE_STATIC")
    assert vocabularies.vocabulary(gpt2_tokenizer())["merges"] == vocabularies.files()["gpt2.bpe"]
    assert vocabularies.GPT2["pattern"] == gpt2_tokenizer()._pat_str
    assert vocabularies.GPT2["size"] == gpt2_tokenizer().n_vocab


def encoding(ranks, pattern=WORDS):
    return tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


BYTES = {bytes([byte]): byte for byte in range(256)}
NOT_FOR_PAGES = {
    "characters": (lambda: object(), "object"),
    "possessive": (lambda: encoding(BYTES, r"\s++|\S+"), r"\s++|\S+"),
    "possessive braces": (lambda: encoding(BYTES, r"\p{N}{1,3}+|\P{N}+"), r"\p{N}{1,3}+|\P{N}+"),
    "flags": (lambda: encoding(BYTES, r"(?i:'s)|.+"), r"(?i:'s)|.+"),
    "gap": (lambda: encoding({**BYTES, b"ab": 300}), "257 tokens"),
    "no way to it": (lambda: encoding({**BYTES, b"abc": 256}), "b'abc'"),
}


@pytest.mark.parametrize("case", NOT_FOR_PAGES)
def test_what_a_page_cannot_run_is_refused(case, monkeypatch):
    make, reason = NOT_FOR_PAGES[case]
    monkeypatch.setattr(labels, "_session", None)
    with pytest.raises(ValueError) as caught:
        vocabularies.vocabulary(make())
    assert str(caught.value) == labels.message("errors.not_for_pages", reason=reason)
