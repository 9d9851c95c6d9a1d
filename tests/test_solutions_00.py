"""The folded solutions of chapter 0, each against what it must give."""

import torch
from test_solutions import solutions

import gptcourse


def solve(number, **given):
    space = dict(given)
    exec(solutions("en", "00-what-is-a-gpt")[f"solution-{number}"], space)
    return space


def test_greedy():
    greedy = solve(1)["greedy"]
    assert [greedy([0.5]), greedy([1, 3, 3, 2]), greedy([-2.0, -1.0, -7.0])] == [0, 1, 1]


def test_shares():
    shares = solve(2)["shares"]
    assert shares([1, 0, 3]) == [0.25, 0, 0.75]
    assert abs(sum(shares(range(1, 50))) - 1) < 1e-12


def test_continue_ids_is_what_generate_does():
    model, tokenizer = gptcourse.load_small("en")
    start = tokenizer.encode("\nThe king")

    def next_id(ids):
        with torch.no_grad():
            return int(model(torch.tensor([ids]))[0][0, -1].argmax())

    before = list(start)
    written = solve(3)["continue_ids"](next_id, start, 6)
    assert [written] == gptcourse.generate(model, [start], 6, temperature=0)
    assert start == before


def test_visible_window():
    visible_window = solve(4)["visible_window"]
    assert visible_window([1, 2, 3, 4], 3) == [2, 3, 4]
    assert visible_window([1, 2], 3) == [1, 2] and visible_window([], 3) == []


def test_left_of_first_is_what_the_memory_of_the_chapter_keeps():
    left_of_first = solve(5)["left_of_first"]
    for keep in (0.5, 0.9):
        memory = torch.zeros(10)
        for word in torch.eye(10):
            memory = keep * memory + (1 - keep) * word
        assert abs(left_of_first(keep, 10) - memory[0].item()) < 1e-6
    assert left_of_first(0.25, 1) == 0.75


def test_embedding_numbers_of_gpt3(capsys):
    assert solve(6)["embedding_numbers"](65, 128) == 8320
    assert capsys.readouterr().out == "617,558,016\n"


def test_more_context_makes_surer(capsys):
    model, tokenizer = gptcourse.load_small("en")
    tale = max(gptcourse.load_text("en", "tales", chars=3_000, seed=11).splitlines(), key=len)
    solve(7, model=model, tokenizer=tokenizer, tale=tale, torch=torch)
    medians = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(medians) == 6 and medians[-1] > 0.9 > medians[0]
