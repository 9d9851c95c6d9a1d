"""The folded solutions of chapter 7, each against what it must give."""

import math

import pytest
import torch
from test_solutions import solutions

import gptcourse
from gptcourse import GPTConfig, show

LOGITS = torch.tensor([4.51, 0.89, -1.90, 6.75, 1.63, -1.62, -1.89, 6.28, 1.79])


def solve(number, **given):
    space = {"torch": torch, "gptcourse": gptcourse, "show": show, "display": print, **given}
    exec(solutions("en", "07-sampling")[f"solution-{number}"], space)
    return space


@pytest.fixture(scope="module")
def written():
    """What the chapter's cells have defined when the exercises begin, as far as the solutions use it."""
    model, tokenizer = gptcourse.load_small("en")

    def repeated(ids, n=8):
        runs = [tuple(ids[i : i + n]) for i in range(len(ids) - n + 1)]
        return 1 - len(set(runs)) / len(runs)

    start = torch.tensor([tokenizer.encode("\nThe king")])
    return {
        "model": model, "tokenizer": tokenizer, "start": start, "block_size": 80, "repeated": repeated,
    }  # fmt: skip


def effective(logits, settings):
    return math.exp(torch.special.entr(gptcourse.probabilities(logits, **settings)).sum())


def test_share_of_the_seventh_word(capsys):
    share = solve(1, logits=LOGITS)["share"]
    assert capsys.readouterr().out == "0.0430 43.0\n0.0001 0.1\n"
    exact = math.exp(-1.89 / 5) / sum(math.exp(z / 5) for z in LOGITS.tolist())
    assert abs(share(LOGITS, 6, 5) - exact) < 1e-6


def test_is_deterministic():
    is_deterministic = solve(2)["is_deterministic"]
    assert is_deterministic(0, None, False) and is_deterministic(1.5, 1, False) and is_deterministic(2, 40, True)
    assert not is_deterministic(1, None, False) and not is_deterministic(0.1, 2, False)


def test_settings_for_have_the_widths_asked_for():
    settings_for = solve(3)["settings_for"]
    assert effective(LOGITS, settings_for("copy")) == 1
    assert 2 < effective(LOGITS, settings_for("story")) < 3
    assert (gptcourse.probabilities(LOGITS, **settings_for("story")) > 0).sum() <= 5
    assert effective(LOGITS, settings_for("names")) > 6


def test_entropies_of_rows_with_zeros():
    entropies = solve(4)["entropies"]
    p = gptcourse.probabilities(torch.randn(2, 3, 9, generator=torch.Generator().manual_seed(0)), top_k=4)
    torch.testing.assert_close(entropies(p), torch.special.entr(p).sum(-1))
    assert abs(float(entropies(torch.full((9,), 1 / 9))) - math.log(9)) < 1e-6


def test_min_p():
    min_p = solve(5)["min_p"]
    p = LOGITS.softmax(-1)
    for share, kept in ((0.1, 3), (0.5, 2), (1.0, 1), (1e-9, 9)):
        expected = torch.where(p >= share * p.max(), p, 0)
        assert int((min_p(LOGITS, share) > 0).sum()) == kept
        torch.testing.assert_close(min_p(LOGITS, share), expected / expected.sum())
    rows = torch.stack([LOGITS, LOGITS.flip(0) / 2])
    torch.testing.assert_close(min_p(rows, 0.2)[1], min_p(rows[1], 0.2))


def test_penalized_text_repeats_less(written, capsys):
    penalized = solve(6, **written)["penalized"]
    greedy = gptcourse.generate(written["model"], written["start"], 240, temperature=0)[0].tolist()
    assert float(capsys.readouterr().out) < 0.1 < 0.3 < written["repeated"](greedy)
    logits = torch.tensor([2.0, -2.0, 1.0, -1.0])
    assert penalized(logits, [0, 1, 0], 2.0).tolist() == [1.0, -4.0, 1.0, -1.0]
    assert logits.tolist() == [2.0, -2.0, 1.0, -1.0]


def test_top_p_is_that_of_the_package():
    top_p = solve(7)["top_p"]
    logits = torch.randn(4, 5, 30, generator=torch.Generator().manual_seed(1)) * 3
    for share in (0.01, 0.5, 0.9, 0.99):
        torch.testing.assert_close(top_p(logits, share), gptcourse.probabilities(logits, top_p=share))


def test_beam_is_greedy_with_one_and_exact_with_all(written):
    beam = solve(8, **written)["beam"]
    torch.manual_seed(0)
    small = gptcourse.GPT(GPTConfig(5, 8, n_embd=8, n_head=2)).eval()
    with torch.no_grad():
        for parameter in small.parameters():
            parameter.mul_(8)  # far from uniform
    assert beam(small, [1, 2], 6, 1)[0] == gptcourse.generate(small, [[1, 2]], 6, temperature=0)[0]
    texts = torch.cartesian_prod(*[torch.arange(5)] * 3)  # all of 3 tokens
    ids = torch.cat([torch.tensor([[1, 2]]).expand(len(texts), 2), texts], dim=1)
    with torch.no_grad():
        log_p = small(ids)[0].log_softmax(-1)[:, 1:4].gather(-1, texts[..., None])[..., 0].sum(-1)
    text, total = beam(small, [1, 2], 3, 25)
    assert text == ids[log_p.argmax()].tolist() and abs(total - float(log_p.max())) < 1e-4
    ids = written["start"][0].tolist()
    assert beam(written["model"], ids, 12, 2)[1] >= beam(written["model"], ids, 12, 1)[1]
