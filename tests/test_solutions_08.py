"""The folded solutions of chapter 8 that no exercise of gptcourse.exercises checks, each against what it must give."""

import re

import torch
from test_solutions import solutions

from gptcourse import GPT, GPTConfig, plots


def solve(number, **given):
    space = {"torch": torch, "plots": plots, **given}
    exec(solutions("en", "08-loading-weights")[f"solution-{number}"], space)
    return space


def test_rounding_errors_are_as_the_text_says(capsys):
    solve(5)
    numbers = [float(each) for each in re.findall(r"[\d.]+", capsys.readouterr().out)]
    large, tiny = numbers[:2], numbers[2:]
    assert 0.0004 <= large[0] <= 0.0005 and 0.0035 <= large[1] <= 0.0039
    assert 0.01 < tiny[0] < 0.1 and 0.0035 <= tiny[1] <= 0.0039


def test_sizes_with_a_stand_in(capsys):
    made = []

    def fetched(name):
        torch.manual_seed(len(made))
        made.append(GPT(GPTConfig(8, 4, n_embd=4 * (len(made) + 1), n_head=2)))
        return made[-1] if len(made) < 4 else None

    def book_losses(model, tokenizer, text):
        return [float(model.num_params()), len(text)]

    class Texts:
        """The package, without what needs a network."""

        gpt2_tokenizer = staticmethod(lambda: None)
        load_text = staticmethod(lambda lang, name: "abc")

    t = {name: name for name in ("plots.scaling", "plots.parameters", "plots.loss")}
    shown = []
    solve(8, gptcourse=Texts, fetched=fetched, book_losses=book_losses, t=t, display=shown.append)
    assert len(capsys.readouterr().out.splitlines()) == 3 and len(made) == 4 and "train" in shown[0].alt
