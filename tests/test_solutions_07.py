"""What the folded solutions of chapter 7 print and say. What they define is checked with the exercises."""

import pytest
import torch
from test_solutions import solutions

import gptcourse
from gptcourse import show

LOGITS = torch.tensor([4.51, 0.89, -1.90, 6.75, 1.63, -1.62, -1.89, 6.28, 1.79])


def solve(number, **given):
    space = {"torch": torch, "gptcourse": gptcourse, "show": show, "display": print, **given}
    exec(solutions("en", "07-sampling")[f"solution-{number}"], space)
    return space


@pytest.fixture(scope="module")
def written():
    """What the chapter's cells have defined when the exercises begin, as far as the solutions use it."""
    model, tokenizer = gptcourse.load_small("en")

    def repeated(ids, n=8):
        runs = [tuple(ids[i : i + n]) for i in range(len(ids) - n + 1)]
        return 1 - len(set(runs)) / len(runs)

    start = torch.tensor([tokenizer.encode("\nThe king")])
    return {
        "model": model, "tokenizer": tokenizer, "start": start, "block_size": 80, "repeated": repeated,
    }  # fmt: skip


def test_share_of_the_seventh_word(capsys):
    solve(1, logits=LOGITS)
    assert capsys.readouterr().out == "0.0430 43.0\n0.0001 0.1\n"


def test_three_words_stay():
    assert int((solve(5)["min_p"](LOGITS, 0.1) > 0).sum()) == 3


def test_penalized_text_repeats_less(written, capsys):
    solve(6, **written)
    greedy = gptcourse.generate(written["model"], written["start"], 240, temperature=0)[0].tolist()
    assert float(capsys.readouterr().out) < 0.1 < 0.3 < written["repeated"](greedy)


def test_a_wider_beam_finds_a_text_as_probable(written):
    beam, ids = solve(8, **written)["beam"], written["start"][0].tolist()
    assert beam(written["model"], ids, 12, 2)[1] >= beam(written["model"], ids, 12, 1)[1]
