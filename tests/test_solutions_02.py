"""The folded solutions of chapter 2, each against what it must give."""

import math

import pytest
import torch
from test_solutions import solutions

import gptcourse
from gptcourse import tales
from gptcourse.tales.world import FACTS


def solve(number, **given):
    space = dict(given)
    exec(solutions("en", "02-embeddings")[f"solution-{number}"], space)
    return space


def table(rows=9, columns=5):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(3))


def test_cosine():
    cosine = solve(1)["cosine"]
    assert math.isclose(cosine([1, 2, 2], [2, 4, 4]), 1) and cosine([0, 0], [1, 2]) == 0.0
    x, y = table(2).tolist()
    assert math.isclose(cosine(x, y), float(gptcourse.cosine([x], y)[0]), abs_tol=1e-6)


def test_one_hot_looks_up_rows():
    one_hot, ids = solve(2)["one_hot"], [3, 0, 3, 8]
    assert torch.equal(one_hot(ids, 9), torch.nn.functional.one_hot(torch.tensor(ids), 9).float())
    assert torch.equal(one_hot(ids, 9) @ table(), table()[ids])


def test_nearest_other_leaves_out_the_row_and_not_its_twin():
    nearest_other = solve(3)["nearest_other"]
    vectors = table(12)
    for i in range(12):
        assert nearest_other(vectors, i) == gptcourse.nearest(vectors, vectors[i], 2)[1][0]
    vectors[7] = vectors[2]
    assert nearest_other(vectors, 7) == 2 and nearest_other(vectors, 2) == 7


def test_strict_analogy_may_answer_with_the_question():
    strict_analogy = solve(4)["strict_analogy"]
    vectors = table(20)
    for a, b, c in ((0, 1, 2), (5, 9, 4), (11, 3, 17)):
        assert strict_analogy(vectors, a, b, c) == gptcourse.analogy(vectors, a, b, c, 1)[0][0]
    assert strict_analogy(vectors, 6, 6, 2) == 2


def test_variance_share():
    variance_share = solve(5)["variance_share"]
    vectors = table(30)
    _, shares = gptcourse.pca(vectors, 5)
    for k in range(6):
        assert math.isclose(variance_share(vectors, k), float(shares[:k].sum()), abs_tol=1e-5)


def test_embed_is_what_enters_the_model():
    embed = solve(6)["embed"]
    model, _ = gptcourse.load_small("en")
    ids = torch.tensor([[5, 6, 5], [1, 1, 900]])
    assert torch.equal(embed(ids, model.wte.weight, model.wpe.weight), model.trace(ids).residual[0])
    with pytest.raises(ValueError):
        embed(torch.zeros(1, 4, dtype=torch.long), table(), table(3))


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
