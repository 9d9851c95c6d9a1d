"""The folded solutions of chapter 3, each against what it must give."""

import math
from collections import Counter

import pytest
import torch
import torch.nn.functional as F
from test_solutions import solutions

import gptcourse


def solve(number, **given):
    space = {"math": math, "torch": torch, "F": F, "Counter": Counter, **given}
    exec(solutions("en", "03-bigram-and-loss")[f"solution-{number}"], space)
    return space


def test_softmax_and_what_the_book_should_have_said(capsys):
    softmax = solve(1)["softmax"]
    assert capsys.readouterr().out == "[0.786, 0.175, 0.039]\n"
    for logits in ([0.0], [1000, 999], [-3.0, 2.5, 0.0]):
        assert softmax(logits) == pytest.approx(torch.tensor(logits).double().softmax(dim=0).tolist())


def test_perplexity_is_what_the_model_hesitates_between():
    perplexity = solve(2)["perplexity"]
    assert perplexity([1.0, 1.0]) == 1
    assert perplexity([0.25] * 7) == pytest.approx(4)
    assert perplexity([0.5, 0.125]) == pytest.approx(4)


def test_bits_per_char():
    bits_per_char = solve(3)["bits_per_char"]
    assert bits_per_char(math.log(256), 10, 40) == pytest.approx(2)
    assert bits_per_char(1.0, 5, 5) == pytest.approx(1 / math.log(2))


def test_bigram_nll():
    bigram_nll = solve(4)["bigram_nll"]
    counts = {("a", "b"): 3, ("a", "a"): 1, ("b", "a"): 2}
    assert bigram_nll(counts, "aab") == pytest.approx(-(math.log(1 / 4) + math.log(3 / 4)) / 2)
    assert bigram_nll(counts, "abb") == bigram_nll(counts, "acb") == math.inf
    text = "the hungry cat saw a mouse"
    pairs = Counter(zip(text, text[1:], strict=False))
    assert bigram_nll(pairs, text) < math.log(len(set(text)))
    assert counts == {("a", "b"): 3, ("a", "a"): 1, ("b", "a"): 2}


def test_add_k():
    add_k = solve(5)["add_k"]
    N = torch.tensor([[3.0, 1.0], [0.0, 0.0]])
    kept = N.clone()
    assert add_k(N, 0).tolist() == [[0.75, 0.25], [0.5, 0.5]]
    assert add_k(N, 1)[0].tolist() == pytest.approx([4 / 6, 2 / 6])
    assert torch.equal(N, kept)


def test_cross_entropy_is_torchs():
    cross_entropy = solve(6)["cross_entropy"]
    generator = torch.Generator().manual_seed(0)
    logits = 50 * torch.randn(2, 3, 7, generator=generator)
    targets = torch.randint(7, (2, 3), generator=generator)
    torch.testing.assert_close(cross_entropy(logits, targets), F.cross_entropy(logits.flatten(0, 1), targets.flatten()))
    assert cross_entropy(torch.tensor([[[0.0, 200.0]]]), torch.tensor([[0]])) == 200


def test_gradient_is_autograds():
    loss_gradient = solve(7)["loss_gradient"]
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(5, 4, generator=generator, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([0, 3, 3, 1, 2])
    F.cross_entropy(logits, targets).backward()
    torch.testing.assert_close(loss_gradient(logits.detach(), targets), logits.grad)


def test_a_mixture_beats_the_trigram_alone(capsys):
    seen, held = gptcourse.split(gptcourse.load_text("en", "story"))

    def chapters_trigram(n, seen, text, k=0.01):
        V = len(set(seen))
        grams = Counter(seen[i : i + n] for i in range(len(seen) - n + 1))
        contexts = Counter(seen[i : i + n - 1] for i in range(len(seen) - n + 1))
        costs = [
            -math.log((grams[gram] + k) / (contexts[gram[:-1]] + k * V))
            for gram in (text[i : i + n] for i in range(len(text) - n + 1))
        ]
        return sum(costs) / len(costs)

    space = solve(8, seen_text=seen, held_text=held, gptcourse=gptcourse, ngram_loss=chapters_trigram)
    mixture, trigram = map(float, capsys.readouterr().out.split(")")[1].split())
    assert mixture < trigram - 0.02
    interpolated_loss = space["interpolated_loss"]
    assert interpolated_loss("abab", "abab", (1, 0, 0, 0)) == pytest.approx(math.log(2))
    assert interpolated_loss("abab", "abab", (0, 0, 0, 1)) == pytest.approx(0)
    assert interpolated_loss("abab", "abba", (0, 0, 0, 1)) == math.inf
