"""The folded solutions of chapter 6, and that the recipe shown there is the shipped model's."""

import ast
import json
import math
import random
import re
from pathlib import Path

import pytest
import torch

import gptcourse
from gptcourse.authoring.small import RECIPES

CELLS = {
    cell["id"]: "".join(cell["source"])
    for cell in json.loads(
        (Path(__file__).resolve().parents[1] / "book" / "en" / "06-training.ipynb").read_text(encoding="utf-8")
    )["cells"]
}


def solve(number, **given):
    """Run a solution; returns what it has defined."""
    [code] = re.findall(r"```python\n(.*?)```", CELLS[f"solution-{number}"], re.S)
    space = {"gptcourse": gptcourse, "math": math, "torch": torch} | given
    exec(code, space)
    return space


def assigned(cell, name):
    """The value that a cell gives to a name by a call of the package."""
    [value] = [
        node.value
        for node in ast.parse(CELLS[cell]).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]
    return eval(ast.unparse(value), {"gptcourse": gptcourse})


def test_the_recipe_is_the_shipped_models():
    recipe = RECIPES["tales"]
    assert assigned("recipe", "recipe") == recipe.training
    assert assigned("three-runs", "tales_config") == gptcourse.GPTConfig(recipe.vocab_size, **recipe.sizes)
    assert recipe.chars == gptcourse.load_text.__defaults__[0]
    story = RECIPES["story"]  # what the prose of section 6.6 says of it
    assert (story.vocab_size, story.sizes["n_layer"], story.sizes["n_embd"]) == (600, 4, 128)
    assert story.training.steps == 1440 and story.training.stride is None


def test_shift():
    shift = solve(1)["shift"]
    assert shift([5, 6, 7, 8], 1) == ([5, 6, 7], [6, 7, 8])
    assert shift([5, 6, 7, 8], 3) == ([5], [8])


@pytest.mark.parametrize("drop_last", [True, False])
def test_count_batches(drop_last):
    count_batches, draw = solve(2)["count_batches"], random.Random(0)
    for _ in range(100):
        tokens, block, stride, batch = (draw.randint(1, most) for most in (60, 9, 12, 7))
        if tokens > block:
            found = sum(1 for _ in gptcourse.epoch(torch.arange(tokens), batch, block, stride, drop_last=drop_last))
        else:
            found = 0
        assert count_batches(tokens, block, stride, batch, drop_last) == found


def test_split_lines():
    split_lines = solve(3)["split_lines"]
    text = "ab\ncdef\ng\nhij\n"
    for share in (0, 0.1, 0.2, 0.25, 0.5, 0.7, 0.9, 1):
        first, rest = split_lines(text, share)
        lines = text.splitlines(keepends=True)
        starts = ["".join(lines[:n]) for n in range(len(lines) + 1)]
        assert first == max((s for s in starts if len(s) <= int(share * len(text))), key=len)
        assert first + rest == text


def test_schedule():
    wsd = solve(4)["wsd"]
    rates = [wsd(n, 10, 2, 4, 1.0) for n in range(1, 11)]
    assert rates == pytest.approx([0.5, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0])
    assert wsd(1, 5, 0, 0, 2.0) == wsd(5, 5, 0, 0, 2.0) == 2.0


def test_clip_each():
    clip_each = solve(5)["clip_each"]
    grads = [torch.tensor([3.0, 4.0]), torch.zeros(2, 2), torch.tensor([[0.1]])]
    clipped = clip_each(grads, 1.0)
    assert torch.allclose(clipped[0], torch.tensor([0.6, 0.8]))
    assert torch.equal(clipped[1], grads[1]) and torch.equal(clipped[2], grads[2])


def test_perplexity_to_bits():
    bits = solve(6)["perplexity_to_bits"]
    assert bits(2, 100, 100) == 1.0
    assert f"{bits(20, 1000, 4500):.2f}" == "0.96" and f"{bits(9, 1600, 4500):.2f}" == "1.13"  # as its text says
    assert "0.96" in CELLS["solution-6"] and "1.13" in CELLS["solution-6"]


def test_early_stop():
    early_stop = solve(7)["early_stop"]
    losses = [5.0, 4.0, 4.5, 3.9, 4.0, 4.1, 3.0]
    assert early_stop(losses, 1) == (1, 2)
    assert early_stop(losses, 2) == (3, 5)
    assert early_stop(losses, 3) == (6, 6)
    assert early_stop([2.0, 2.0, 2.0], 2) == (0, 2)
    assert early_stop([1.0], 1) == (0, 0)


def test_heart():
    """On a text of a few hundred tokens random windows learn it by heart; the solution runs for both kinds."""
    config = gptcourse.GPTConfig(40, 64, n_embd=32, n_head=2, n_layer=1, tied=False)
    ids = torch.randint(40, (600,), generator=torch.Generator().manual_seed(0))
    space = {"gptcourse": gptcourse, "torch": torch}
    exec(CELLS["recite"].split("\n\n\nanywhere")[0], space)
    heart = solve(8, config=config, ids=ids, recite=space["recite"])["heart"]
    assert 0 <= heart(64, 60) <= 1 and 0 <= heart(None, 60, seed=1) <= 1
