"""The folded solutions of chapter 9."""

import math

import torch
from test_solutions import solutions

import gptcourse


def solve(number, **given):
    space = {"torch": torch, **given}
    exec(solutions("en", "09-retrieval")[f"solution-{number}"], space)
    return space


def test_top_k():
    top_k = solve(1)["top_k"]
    assert top_k([0.1, 3.0, 2.0, 3.0], 3) == [1, 3, 2]
    assert top_k([5], 3) == [0] and top_k([], 2) == []


def test_look_up_is_attention_at_its_scale_and_a_choice_at_a_large_one():
    look_up = solve(2)["look_up"]
    draws = torch.Generator().manual_seed(0)
    K, V = torch.randn(7, 4, generator=draws), torch.randn(7, 3, generator=draws)
    mixed, _ = gptcourse.attention(K[None, None, -1:], K[None, None], V[None, None])
    torch.testing.assert_close(look_up(K[-1], K, V, 0.5), mixed[0, 0, 0])
    torch.testing.assert_close(look_up(K[2], K, V, 1e4), V[(K @ K[2]).argmax()])


def test_idf():
    found = solve(3)["idf"]([[1, 1, 2], [1, 3], [1, 2]])
    assert found == {1: math.log(3 / 4), 2: 0.0, 3: math.log(3 / 2)}


def test_recall_and_reciprocal_rank():
    ranked, right = [[2, 0, 1], [0, 1, 2], [1, 2, 0], [0, 2]], [0, 0, 0, 1]
    recall_at = solve(4)["recall_at"]
    assert [recall_at(ranked, right, k) for k in (1, 2, 3)] == [0.25, 0.5, 0.75]
    assert math.isclose(solve(6)["reciprocal_rank"](ranked, right), (1 / 2 + 1 + 1 / 3 + 0) / 4)


def test_fill_prompt():
    fill_prompt = solve(5)["fill_prompt"]
    assert fill_prompt([[1, 2], [3, 4, 5], [6]], [8, 9], 5) == [1, 2, 8, 9]  # the second does not fit: stop
    assert fill_prompt([[1, 2], [6]], [8, 9], 5) == [1, 2, 6, 8, 9]
    assert fill_prompt([[1]], [7, 8, 9], 2) == [8, 9] and fill_prompt([], [7], 4) == [7]
