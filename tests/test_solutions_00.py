"""What the folded solutions of chapter 0 print. What they define is checked with the exercises."""

import torch
from test_solutions import solutions

import gptcourse


def solve(number, **given):
    space = dict(given)
    exec(solutions("en", "00-what-is-a-gpt")[f"solution-{number}"], space)
    return space


def test_embedding_numbers_of_gpt3(capsys):
    solve(6)
    assert capsys.readouterr().out == "617,558,016\n"


def test_more_context_makes_surer(capsys):
    model, tokenizer = gptcourse.load_small("en")
    tale = max(gptcourse.load_text("en", "tales", chars=3_000, seed=11).splitlines(), key=len)
    solve(7, model=model, tokenizer=tokenizer, tale=tale, torch=torch)
    medians = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(medians) == 6 and medians[-1] > 0.9 > medians[0]
