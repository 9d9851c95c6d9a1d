"""Tokenizers kept and found again, by us and by Hugging Face's library."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as HuggingFace
from tokenizers import decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

from gptcourse import CharTokenizer, gpt2_tokenizer, languages, load_text, train_bpe
from gptcourse.tokenizer_files import _huggingface, describe, load_tokenizer, restore, save_tokenizer

TEXT = "The owl can't sleep; the owls couldn't either. 1024 می‌خواهم, naïve 🦉\n\n  two spaces " * 4
END = "<|endoftext|>"
SMALL = train_bpe(TEXT, 300)
PERIODIC = train_bpe("abaab aabab abbab baaba " * 3 + "aaaaaaa abababa bbabbab", 279)  # many ways to cut a token


def kept(tokenizer, folder):
    """The tokenizer by way of a file, and by way of a checkpoint's JSON."""
    save_tokenizer(tokenizer, folder)
    return load_tokenizer(folder), restore(json.loads(json.dumps(describe(tokenizer))))


@pytest.mark.parametrize("tokenizer", [CharTokenizer(TEXT), SMALL, gpt2_tokenizer()], ids=["chars", "bpe", "gpt2"])
def test_a_tokenizer_comes_back_as_it_was(tokenizer, tmp_path):
    for again in kept(tokenizer, tmp_path):
        assert type(again) is type(tokenizer) and again.n_vocab == tokenizer.n_vocab
        assert again.encode(TEXT) == tokenizer.encode(TEXT)
        assert again.decode(again.encode(TEXT)) == TEXT


def test_special_tokens_come_back(tmp_path):
    for again in kept(SMALL, tmp_path):
        assert again.encode("owl" + END, allowed_special={END})[-1] == 299
        assert again.decode([299]) == END
        with pytest.raises(ValueError, match="special token"):
            again.encode(END)


@pytest.mark.parametrize("tokenizer", [CharTokenizer(TEXT), SMALL, gpt2_tokenizer()], ids=["chars", "bpe", "gpt2"])
def test_transformers_encodes_as_we_do(tokenizer, tmp_path):
    save_tokenizer(tokenizer, tmp_path)
    other = AutoTokenizer.from_pretrained(tmp_path)
    assert len(other) == tokenizer.n_vocab
    assert other.encode(TEXT) == tokenizer.encode(TEXT)
    assert other.decode(tokenizer.encode(TEXT)) == TEXT
    if not isinstance(tokenizer, CharTokenizer):
        assert other.encode(f"owl{END}owl") == tokenizer.encode(f"owl{END}owl", allowed_special="all")
        assert other.eos_token_id == tokenizer.n_vocab - 1


@pytest.mark.parametrize("lang", languages())
def test_the_library_encodes_whole_books_of_any_language_as_we_do(lang):
    tokenizer = train_bpe(load_text(lang, "story"), 600)
    other = HuggingFace.from_str(json.dumps(_huggingface(tokenizer)))
    for text in (load_text(each, "story") for each in languages()):
        assert other.encode(text).ids == tokenizer.encode(text)


PERIODIC_HF = HuggingFace.from_str(json.dumps(_huggingface(PERIODIC)))
SMALL_HF = HuggingFace.from_str(json.dumps(_huggingface(SMALL)))


@given(st.text(alphabet="ab ", max_size=40))
def test_the_library_agrees_where_a_token_can_be_cut_in_many_ways(text):
    assert PERIODIC_HF.encode(text).ids == PERIODIC.encode(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_library_agrees_on_any_text(text):
    assert SMALL_HF.encode(text).ids == SMALL.encode_ordinary(text) or END in text


def test_the_same_tokenizer_gives_the_same_bytes(tmp_path):
    for name in "ab":
        save_tokenizer(SMALL, tmp_path / name)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_file_in_gpt2s_own_form_is_read(tmp_path):
    """As the library writes it: merges as pairs or as one string, the pattern built in."""
    other = HuggingFace(models.BPE())
    other.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    other.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=320, initial_alphabet=alphabet, show_progress=False)
    other.train_from_iterator([TEXT], trainer)
    other.add_special_tokens([END])
    other.save(str(tmp_path / "tokenizer.json"))
    again = load_tokenizer(tmp_path)
    assert again.encode(TEXT) == other.encode(TEXT).ids
    assert again.encode(END, allowed_special="all") == [again.n_vocab - 1]
    given = json.loads((tmp_path / "tokenizer.json").read_text(encoding="utf-8"))
    given["model"]["merges"] = [" ".join(pair) for pair in given["model"]["merges"]]
    (tmp_path / "tokenizer.json").write_text(json.dumps(given), encoding="utf-8")
    assert load_tokenizer(tmp_path / "tokenizer.json").encode(TEXT) == again.encode(TEXT)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["model", "type"], "Unigram"),
        (["model", "vocab"], {"a": 0}),
        (["model", "vocab", "ĀĀ"], 7),  # two tokens with one id
        (["model", "vocab", "あ"], 300),  # no byte
        (["model", "merges"], [["o", "w"], [" ", "o"]]),
        (["normalizer"], {"type": "Lowercase"}),
        (["pre_tokenizer"], {"type": "Whitespace"}),
        (["pre_tokenizer"], {"type": "ByteLevel", "add_prefix_space": True}),
        (["pre_tokenizer", "pretokenizers", 0, "invert"], True),
        (["pre_tokenizer", "pretokenizers", 0, "pattern", "Regex"], "("),
        (["added_tokens", 0, "id"], 900),
        (["added_tokens"], None),
    ],
)
def test_another_kind_of_tokenizer_is_refused(path, value, tmp_path):
    save_tokenizer(SMALL, tmp_path)
    given = json.loads((tmp_path / "tokenizer.json").read_text(encoding="utf-8"))
    place = given
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    (tmp_path / "tokenizer.json").write_text(json.dumps(given), encoding="utf-8")
    with pytest.raises(ValueError, match=r"tokenizer.json is no tokenizer that this course can use \(\w+"):
        load_tokenizer(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b'{"model": 3}', b"\xff\xfe"])
def test_what_is_no_tokenizer_is_refused(content, tmp_path):
    (tmp_path / "other.json").write_bytes(content)
    with pytest.raises(ValueError, match="other.json is no tokenizer that this course can use"):
        load_tokenizer(tmp_path / "other.json")
    with pytest.raises(FileNotFoundError):
        load_tokenizer(tmp_path)


@pytest.mark.parametrize(
    "description",
    [
        None,
        {},
        {"kind": "words"},
        {"kind": "chars", "chars": ""},
        {"kind": "bpe", "pattern": ".", "tokens": ["61"], "special": {}},
        {"kind": "bpe", "pattern": ".", "tokens": ["xy"], "special": {}},
        {**describe(SMALL), "special": {END: 4}},
    ],
)
def test_what_describes_no_tokenizer_is_refused(description):
    with pytest.raises(ValueError, match="is no tokenizer|The text is empty"):
        restore(description)
