"""What is said about the folded solutions of chapter 10. What they return is checked with the exercises."""

from gptcourse.exercises import spec


def test_training_hours_of_llama_2():
    space = {}
    exec(spec.load("10-training-hours").solution, space)
    assert abs(space["training_hours"](7e9, 2e12, 1, 312e12, 0.4) / 184_320 - 1) < 0.02
