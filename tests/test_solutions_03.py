"""Chapter 3: what the solutions find, beside the functions that the exercises' own checks judge."""

import math
from collections import Counter

from test_solutions import solutions

import gptcourse


def solve(number, **given):
    space = {"math": math, "Counter": Counter, **given}
    exec(solutions("en", "03-bigram-and-loss")[f"solution-{number}"], space)
    return space


def test_the_softmax_that_the_book_should_have_printed(capsys):
    solve(1)
    assert capsys.readouterr().out == "[0.786, 0.175, 0.039]\n"


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

    solve(8, seen_text=seen, held_text=held, gptcourse=gptcourse, ngram_loss=chapters_trigram)
    mixture, trigram = map(float, capsys.readouterr().out.split(")")[1].split())
    assert mixture < trigram - 0.02
