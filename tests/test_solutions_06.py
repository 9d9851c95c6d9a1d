"""What the folded solutions of chapter 6 say, and that the recipe shown there is the shipped model's.

What the solutions define is checked with the exercises.
"""

import ast
import json
import math
import re
from pathlib import Path

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


def test_perplexity_to_bits():
    bits = solve(6)["perplexity_to_bits"]
    assert f"{bits(20, 1000, 4500):.2f}" == "0.96" and f"{bits(9, 1600, 4500):.2f}" == "1.13"  # as its text says
    assert "0.96" in CELLS["solution-6"] and "1.13" in CELLS["solution-6"]


def test_heart():
    """On a text of a few hundred tokens random windows learn it by heart; the solution runs for both kinds."""
    config = gptcourse.GPTConfig(40, 64, n_embd=32, n_head=2, n_layer=1, tied=False)
    ids = torch.randint(40, (600,), generator=torch.Generator().manual_seed(0))
    space = {"gptcourse": gptcourse, "torch": torch}
    exec(CELLS["recite"].split("\n\n\nanywhere")[0], space)
    heart = solve(8, config=config, ids=ids, recite=space["recite"])["heart"]
    assert 0 <= heart(64, 60) <= 1 and 0 <= heart(None, 60, seed=1) <= 1
