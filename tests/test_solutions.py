"""The folded solutions: the same code in every language; and what those of chapter 1 print.

What they define is checked with the exercises."""

import json
import re
from pathlib import Path

import pytest

import gptcourse
from gptcourse import gpt2_tokenizer, load_text

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
    return {
        "gptcourse": gptcourse,
        "story": load_text(request.param, "story"),
        "gpt2": gpt2_tokenizer(),
        "bytes_per_token": lambda tokenizer, text: len(text.encode("utf-8")) / len(tokenizer.encode(text)),
    }


def solve(chapter, number, **given):
    """Run a solution; returns what it has defined."""
    space = chapter | given
    exec(solutions("en", "01-tokenization")[f"solution-{number}"], space)
    return space


def test_guess(chapter, capsys):
    solve(chapter, 1, candidates=["dog", " dog", "DOGGED", " dogdogdog"])
    assert [int(line.split()[-1]) for line in capsys.readouterr().out.splitlines()] == [1, 1, 4, 3]


def test_held_out(chapter, capsys):
    solve(chapter, 6)
    rows = [[float(value) for value in line.split()] for line in capsys.readouterr().out.splitlines()]
    seen, unseen = [row[1] for row in rows], [row[2] for row in rows]
    gaps = [s / u for s, u in zip(seen, unseen, strict=True)]
    assert seen == sorted(seen) and unseen == sorted(unseen)  # better with every merge, on both
    assert gaps == sorted(gaps) and gaps[-1] > 1.05  # and the gap widens
