"""probabilities.js gives what gptcourse.sample.probabilities gives: every cut, every tie."""

import pytest
import torch
from javascript import call

from gptcourse.sample import probabilities
from gptcourse.widgets import host


def settings():
    """Seeded logits of several kinds with several settings: rounded ones have many ties."""
    generator = torch.Generator().manual_seed(0)
    cases = []
    for number in range(600):
        size = [2, 5, 50, 1024][number % 4]
        logits = torch.randn(size, generator=generator) * [0.3, 3, 30][number % 3]
        if number % 5 == 0:
            logits = logits.round()
        if number % 7 == 0:
            logits[torch.rand(size, generator=generator) < 0.3] = -torch.inf
            logits[0] = 1.0
        if number % 11 == 0:
            logits = torch.ones(size)
        cases.append(
            {
                "logits": logits.tolist(),
                "temperature": [0, 1e-50, 1e-6, 0.2, 0.8, 1, 1.7, 1e6, 1e50][number % 9],
                "topK": [None, 1, 2, size // 2, size][number // 3 % 5],
                "topP": [None, 1e-9, 0.1, 0.3, 0.5, 0.9, 0.999, 1][number // 2 % 8],
            }
        )
    return cases


def test_it_equals_python_for_many_logits_and_settings(tmp_path):
    cases = settings()
    given = [{**case, "logits": ["-inf" if x == -torch.inf else x for x in case["logits"]]} for case in cases]
    found = call(
        tmp_path, "probabilities", "(cases) => cases.map((c) => Array.from(m.distribution(c.logits, c)))", given
    )
    for case, ours in zip(cases, found, strict=True):
        expected = probabilities(case["logits"], case["temperature"], case["topK"], case["topP"])
        ours = torch.tensor(ours, dtype=torch.float32)
        kept, right = (p > 1e-36 for p in (ours, expected))  # below, float32 runs out
        assert torch.equal(kept, right), (case["temperature"], case["topK"], case["topP"])
        torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-7)
        assert ours.sum().item() == pytest.approx(1, abs=1e-6)


def test_greedy_takes_the_first_of_equals_and_softmax_cuts_nothing(tmp_path):
    body = "(x) => [Array.from(m.softmax(x, 0)), Array.from(m.softmax(x, 2)), m.ranking(x)]"
    greedy, soft, order = call(tmp_path, "probabilities", body, [1, 3, 3, 0])
    assert greedy == [0, 1, 0, 0]
    assert torch.tensor(soft).tolist() == pytest.approx(probabilities([1.0, 3, 3, 0], 2).tolist(), abs=1e-7)
    assert order == [1, 2, 0, 3]


def test_entropy_is_in_nats(tmp_path):
    found = call(tmp_path, "probabilities", "(x) => x.map((p) => m.entropy(p))", [[0.25] * 4, [1, 0], [0.5, 0.5, 0]])
    assert found == pytest.approx([1.3862944, 0, 0.6931472], abs=1e-6)


def test_draws_follow_the_chances_and_a_seed_repeats_them(tmp_path):
    body = """(p) => {
        const counts = p.map(() => 0), source = m.random(7);
        for (let i = 0; i < 20000; i++) counts[m.draw(p, source)]++;
        const some = (seed) => { const r = m.random(seed); return Array.from({ length: 20 }, () => m.draw(p, r)); };
        return { counts, same: [some(1), some(1), some(2)], edges: [m.draw(p, () => 0), m.draw(p, () => 1 - 2 ** -53)] };
    }"""
    p = [0, 0.1, 0.6, 0, 0.3, 0]
    found = call(tmp_path, "probabilities", body, p)
    for count, chance in zip(found["counts"], p, strict=True):
        assert abs(count / 20000 - chance) < 4 * (chance * (1 - chance) / 20000) ** 0.5 + 1e-9
    first, again, other = found["same"]
    assert first == again != other
    assert found["edges"] == [1, 4]


def test_logits_without_a_largest_number_are_an_error(tmp_path):
    body = """() => [[NaN, 1], [1, NaN], [Infinity], []].map((logits) => {
        try { return m.distribution(logits); } catch (error) { return error.name; }
    })"""
    assert call(tmp_path, "probabilities", body, None) == ["RangeError"] * 4


def test_the_file_stands_alone():
    assert not host.IMPORT.search((host.FOLDER / "probabilities.js").read_text(encoding="utf-8"))
