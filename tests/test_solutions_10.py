"""The folded solutions of chapter 10, each against the package or a paper's number."""

import math

import torch
from test_solutions import solutions

from gptcourse import GPTConfig, gpt2_config


def solve(number, **given):
    space = {"torch": torch, **given}
    exec(solutions("en", "10-scaling")[f"solution-{number}"], space)
    return space


def test_block_share():
    block_share = solve(1)["block_share"]
    config = gpt2_config("gpt2")
    tables = (50257 + 1024) * 768 + 2 * 768
    assert math.isclose(block_share(50257, 1024, 768, 12), 1 - tables / config.num_params())


def test_training_bytes_is_the_configurations():
    config = GPTConfig(65, 32)
    assert solve(2)["training_bytes"](config.num_params()) == config.memory(training=True)
    assert solve(2)["training_bytes"](10, 2) == 80


def test_longest_context():
    longest = solve(3)["longest_context"]
    assert longest(2 * 12 * 768 * 1024 * 2, 768, 12) == 1024
    assert longest(2 * 12 * 768 * 1024 * 2 - 1, 768, 12) == 1023
    assert longest(2 * 3 * 4 * 5 * 7 * 4, 4, 3, batch=7, bytes_per_number=4) == 5


def test_training_hours_of_llama_2(capsys):
    hours = solve(4)["training_hours"](7e9, 2e12, 1, 312e12, 0.406)
    assert abs(hours / 184_320 - 1) < 0.01


def test_chinchilla():
    N, D = solve(5)["chinchilla"](5.88e23)
    assert math.isclose(6 * N * D, 5.88e23) and math.isclose(D, 20 * N)
    assert abs(N / 70e9 - 1) < 0.01  # Chinchilla's own 70 billion


def test_power_law():
    xs = [10.0, 100.0, 5000.0, 1e6]
    a, b = solve(6)["power_law"](xs, [3 * x**-0.34 for x in xs])
    assert math.isclose(a, 3, rel_tol=1e-6) and math.isclose(b, 0.34, rel_tol=1e-6)
