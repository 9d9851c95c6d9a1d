"""Chapter 2: what the exercises' own checks leave out. The course's model, and the solution that trains one."""

import torch
from test_solutions import solutions

import gptcourse
from gptcourse import tales
from gptcourse.tales.world import FACTS


def solve(number, **given):
    space = dict(given)
    exec(solutions("en", "02-embeddings")[f"solution-{number}"], space)
    return space


def test_rows_that_learn_are_the_inputs_or_with_tied_tables_all():
    rows_that_learn = solve(7)["rows_that_learn"]
    ids, targets = torch.tensor([[4, 2, 4], [7, 2, 1]]), torch.tensor([[2, 4, 9], [2, 1, 0]])
    for tied, expected in ((False, [1, 2, 4, 7]), (True, list(range(10)))):
        torch.manual_seed(0)
        model = gptcourse.GPT(gptcourse.GPTConfig(10, 4, n_embd=8, n_head=2, n_layer=1, tied=tied))
        model(torch.tensor([[5, 6]]), torch.tensor([[6, 5]]))[1].backward()
        assert rows_that_learn(model, ids, targets) == expected


def test_a_word_with_two_meanings_lies_near_both_kinds(capsys):
    _, tokenizer = gptcourse.load_small("en")
    told, kinds = tales.generate("en", 400_000, seed=5), tales.categories("en")
    words = [word for kind in kinds.values() for word in kind]
    facts = [text for text, plot in zip(told.stories, told.plots, strict=True) if plot in FACTS]
    solve(
        8,
        gptcourse=gptcourse,
        torch=torch,
        kinds=kinds,
        words=words,
        rows=torch.tensor([tokenizer.encode(f" {word}")[0] for word in words]),
        tokens=torch.tensor(tokenizer.encode("\n".join(facts))),
        config=gptcourse.TrainConfig(steps=200, batch_size=32, lr=1e-2, warmup=20),
        sizes=gptcourse.GPTConfig(tokenizer.n_vocab, 16, n_embd=32, n_head=2, n_layer=1, tied=False),
    )
    foods, places, people = (float(line.split()[1]) for line in capsys.readouterr().out.splitlines())
    assert min(foods, places) > 0.4 and min(foods, places) > people + 0.2
