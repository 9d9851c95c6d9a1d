"""The folded solutions of chapter 5, checked independently."""

import math

import pytest
import torch
import torch.nn.functional as F
from test_solutions import solutions
from torch import nn

import gptcourse
from gptcourse.authoring.course import SOURCE
from gptcourse.authoring.notebooks import read_notebook

CHAPTER = "05-the-gpt-model"


def solve(number, **given):
    """Run a solution; returns what it has defined."""
    space = {"torch": torch, "nn": nn, "math": math, **given}
    exec(solutions(SOURCE, CHAPTER)[f"solution-{number}"], space)
    return space


@pytest.fixture
def chapter():
    """The pieces that the chapter builds, from its own cells."""
    from test_solutions import BOOK

    cells = {cell.id: cell.source for cell in read_notebook(BOOK / SOURCE / f"{CHAPTER}.ipynb").cells}
    space = {"torch": torch, "nn": nn, "math": math, "F": F}
    exec(cells["attend"].split("\n\n\n")[0], space)
    exec(cells["attention"].split("\n\n\n")[0], space)
    exec(cells["mlp"].split("\n\n\n")[0], space)
    return space


@pytest.mark.parametrize("tied", [True, False])
def test_count(tied):
    num_params = solve(1)["num_params"]
    for V, T, C, H, L in [(65, 128, 128, 4, 2), (11, 5, 6, 2, 3), (7, 3, 4, 1, 1)]:
        model = gptcourse.GPT(gptcourse.GPTConfig(V, T, C, H, L, tied=tied))
        assert num_params(V, T, C, L, tied) == model.num_params()
    assert solve(1)["num_params"](50257, 1024, 768, 12) == 124_439_808


def test_layer_norm():
    layer_norm = solve(2)["layer_norm"]
    for shape in [(3,), (4, 5), (2, 3, 7)]:
        x, gain, bias = torch.randn(shape), torch.randn(shape[-1]), torch.randn(shape[-1])
        torch.testing.assert_close(layer_norm(x, gain, bias), F.layer_norm(x, shape[-1:], gain, bias))


def test_gelu():
    x = torch.linspace(-6, 6, 101)
    torch.testing.assert_close(solve(3)["gelu"](x), F.gelu(x))


def test_feed_forward():
    space = solve(4)
    x, W_1, b_1, W_2, b_2 = torch.randn(2, 5, 3), torch.randn(3, 8), torch.randn(8), torch.randn(8, 3), torch.randn(3)
    twin = F.linear(F.relu(F.linear(x, W_1.T, b_1)), W_2.T, b_2)
    torch.testing.assert_close(space["feed_forward"](x, W_1, b_1, W_2, b_2), twin)
    W_without = W_2.clone()
    W_without[6] = 0
    expected = space["feed_forward"](x, W_1, b_1, W_without, b_2)
    torch.testing.assert_close(space["without"](6, x, W_1, b_1, W_2, b_2), expected)


def test_stream():
    x = torch.randn(2, 4)
    states, added = solve(5)["stream"](x, [torch.sin, torch.cos, lambda x: 2 * x])
    assert len(states) == 4 and len(added) == 3
    assert torch.equal(states[0], x) and torch.equal(added[1], torch.cos(x + x.sin()))
    torch.testing.assert_close(states[-1], x + sum(added))


def test_init():
    init_std = solve(6)["init_std"]
    torch.manual_seed(0)
    model = gptcourse.GPT(gptcourse.GPTConfig(50, 32, n_layer=8))
    for name, p in model.named_parameters():
        expected = p.std().item() if p.ndim == 2 else 0.0
        assert init_std(name, p.shape, 8) == pytest.approx(expected, rel=0.05), name


def test_tie():
    model = gptcourse.GPT(gptcourse.GPTConfig(50, 8, tied=False))
    before = model.num_params()
    assert solve(7)["tie"](model) == before - model.num_params() == 50 * 128
    ids = torch.tensor([[1, 2, 3]])
    logits, _ = model(ids)
    with torch.no_grad():
        model.wte.weight[7] *= 2
    torch.testing.assert_close(model(ids)[0][..., 7], 2 * logits[..., 7])


def test_parallel(chapter):
    block = solve(8, **chapter)["Parallel"](32, 4)
    x = torch.randn(2, 5, 32)
    n = F.layer_norm(x, (32,))
    torch.testing.assert_close(block(x), x + block.attn(n) + block.mlp(n))
    changed = x.clone()
    changed[:, 3] += 1
    assert torch.equal(block(x)[:, :3], block(changed)[:, :3])  # nobody looks ahead
