"""The folded solutions: the same code in every language, and right."""

import json
import re
from pathlib import Path

import pytest

import gptcourse
from gptcourse import bpe_merges, gpt2_tokenizer, load_text, train_bpe

BOOK = Path(__file__).resolve().parents[1] / "book"
LANGUAGES = ["en", "hu", "pl", "ru", "fa"]


def solutions(lang, chapter):
    """The Python code of each folded solution of a chapter, by the id of its cell."""
    cells = json.loads((BOOK / lang / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = {cell["id"]: "".join(cell["source"]) for cell in cells if cell["id"].startswith("solution-")}
    return {name: "\n".join(re.findall(r"```python\n(.*?)```", text, re.S)) for name, text in texts.items()}


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_solutions_have_the_same_code_in_every_language(lang):
    assert solutions(lang, "01-tokenization") == solutions("en", "01-tokenization")


@pytest.fixture(params=["en", "fa"], scope="module")
def chapter(request):
    """What the cells of chapter 1 have defined when the exercises begin, as far as its solutions use it."""
    story = load_text(request.param, "story")
    space = {
        "gptcourse": gptcourse,
        "story": story,
        "tokenizer": train_bpe(story, 1000),
        "gpt2": gpt2_tokenizer(),
        "learned": list(bpe_merges(story)),
        "bytes_per_token": lambda tokenizer, text: len(text.encode("utf-8")) / len(tokenizer.encode(text)),
    }
    return space


def solve(chapter, number, **given):
    """Run a solution; returns what it has defined."""
    space = chapter | given
    exec(solutions("en", "01-tokenization")[f"solution-{number}"], space)
    return space


def test_guess(chapter, capsys):
    solve(chapter, 1, candidates=["dog", " dog", "DOGGED", " dogdogdog"])
    assert [int(line.split()[-1]) for line in capsys.readouterr().out.splitlines()] == [1, 1, 4, 3]


def test_decode(chapter):
    decode_bytes = solve(chapter, 2)["decode_bytes"]
    tokenizer, story = chapter["tokenizer"], chapter["story"]
    token_bytes = {i: tokenizer.decode_single_token_bytes(i) for i in range(999)}
    ids = tokenizer.encode(story)
    assert decode_bytes(ids, token_bytes) == story
    assert decode_bytes([0xF0, 0x9F], token_bytes) == "\ufffd"


def test_longest(chapter):
    found = solve(chapter, 3)["longest_tokens"](chapter["tokenizer"], 10)
    tokenizer = chapter["tokenizer"]
    whole = []
    for i in range(999):
        data = tokenizer.decode_single_token_bytes(i)
        if "\ufffd" not in (text := data.decode("utf-8", errors="replace")):
            whole.append(text)
    assert found == sorted(whole, key=len, reverse=True)[:10]  # sorted() keeps the order of the ids among equals


def test_pairs(chapter):
    pairs = solve(chapter, 4)["pairs"]
    assert pairs([5, 6, 7, 8], 2) == [([5], 6), ([5, 6], 7), ([6, 7], 8)]
    assert pairs([5], 2) == pairs([], 2) == []


def test_encode(chapter):
    bpe_encode = solve(chapter, 5)["bpe_encode"]
    ranks = {bytes([b]): b for b in range(256)} | {m.token: m.id for m in chapter["learned"][:743]}
    words = {word for word in chapter["story"].split() if word.isalpha()}  # others are cut before they are merged
    assert len(words) > 300
    for word in words:
        assert bpe_encode(word.encode("utf-8"), ranks) == chapter["tokenizer"].encode(word)


def test_held_out(chapter, capsys):
    solve(chapter, 6)
    rows = [[float(value) for value in line.split()] for line in capsys.readouterr().out.splitlines()]
    seen, unseen = [row[1] for row in rows], [row[2] for row in rows]
    gaps = [s / u for s, u in zip(seen, unseen, strict=True)]
    assert seen == sorted(seen) and unseen == sorted(unseen)  # better with every merge, on both
    assert gaps == sorted(gaps) and gaps[-1] > 1.05  # and the gap widens
