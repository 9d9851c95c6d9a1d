"""What the exercises of chapter 5 say is so in the chapter and in `gptcourse.GPT`."""

import math
from pathlib import Path

import pytest
import torch

import gptcourse
from gptcourse.authoring.notebooks import read_notebook
from gptcourse.exercises import spec

NOTEBOOK = Path(__file__).resolve().parents[1] / "book" / "en" / "05-the-gpt-model.ipynb"


def solve(id):
    """The function that a solution defines."""
    exercise = spec.load(id)
    space = {"math": math}
    exec(exercise.solution, space)
    return space[exercise.names[0]]


@pytest.mark.parametrize("tied", [True, False])
def test_count(tied):
    for V, T, C, H, L in [(65, 128, 128, 4, 2), (11, 5, 6, 2, 3)]:
        model = gptcourse.GPT(gptcourse.GPTConfig(V, T, C, H, L, tied=tied))
        assert solve("05-count")(V, T, C, L, tied) == model.num_params()


def test_init():
    torch.manual_seed(0)
    model = gptcourse.GPT(gptcourse.GPTConfig(50, 32, n_layer=8))
    for name, p in model.named_parameters():
        expected = p.std().item() if p.ndim == 2 else 0.0
        assert solve("05-init")(name, p.shape, 8) == pytest.approx(expected, rel=0.05), name


def test_parallel_is_given_what_the_chapter_defines():
    chapter = [cell.source for cell in read_notebook(NOTEBOOK).cells if cell.cell_type == "code"]
    _, *definitions = spec.load("05-parallel").given.split("\n\n\n")
    assert len(definitions) == 5
    for definition in definitions:
        assert any(source.startswith(definition.strip() + "\n\n\n") for source in chapter), definition
