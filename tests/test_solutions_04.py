"""The folded solutions of chapter 4, each against an independent check."""

import json
import math
import re
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

import gptcourse

NOTEBOOK = Path(__file__).resolve().parents[1] / "book" / "en" / "04-attention.ipynb"
CELLS = {cell["id"]: "".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]}


def solve(number, **given):
    """Run a solution; returns what it has defined."""
    space = {"math": math, "torch": torch, "F": F, "gptcourse": gptcourse, **given}
    exec("\n".join(re.findall(r"```python\n(.*?)```", CELLS[f"solution-{number}"], re.S)), space)
    return space


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize(
    "scores", [[0.0], [1.0, 2.0, 3.0], [1000.0, 999.0], [-1000.0, -math.inf], [-math.inf, 5.0, 5.0]]
)
def test_softmax(scores):
    found = solve(1)["softmax"](scores)
    assert found == pytest.approx(torch.tensor(scores, dtype=torch.float64).softmax(0).tolist())


@pytest.mark.parametrize("T", [1, 2, 7])
def test_causal_mask(T):
    found = solve(2)["causal_mask"](T)
    assert found.dtype == torch.bool and torch.equal(found, torch.ones(T, T).tril().bool())


@pytest.mark.parametrize(("D", "a", "b"), [(16, 1.0, 1.0), (64, 2.0, 0.5), (100, 0.1, 3.0)])
def test_divisor(D, a, b, generator):
    q, k = a * torch.randn(20_000, D, generator=generator), b * torch.randn(20_000, D, generator=generator)
    # the variance of 20,000 draws is off by 1 % on average
    assert ((q * k).sum(-1) / solve(3)["divisor"](D, a, b)).var().item() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("shape", [(5, 6), (2, 5, 6)])
@pytest.mark.parametrize("causal", [True, False])
def test_head(shape, causal, generator):
    x = torch.randn(shape, generator=generator)
    W_q, W_k, W_v = torch.randn(3, 6, 4, generator=generator)
    y, weights = solve(4)["head"](x, W_q, W_k, W_v, causal=causal)
    fused = F.scaled_dot_product_attention(x @ W_q, x @ W_k, x @ W_v, is_causal=causal)
    torch.testing.assert_close(y, fused)
    assert weights.shape == (*shape[:-1], 5)
    torch.testing.assert_close(weights.sum(-1), torch.ones(shape[:-1]))


@pytest.mark.parametrize(("T", "width"), [(6, 1), (6, 3), (6, 9)])
def test_window(T, width):
    found = solve(5)["window_mask"](T, width)
    assert found.tolist() == [[i - width < j <= i for j in range(T)] for i in range(T)]


def test_order(generator):
    sees_order = solve(6)["sees_order"]
    x, places = torch.randn(2, 5, 3, generator=generator)

    def average(x):
        return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]

    def fading(x):
        rows = [x[0]]
        for row in x[1:]:
            rows.append(rows[-1] / 2 + row)
        return torch.stack(rows)

    def attend(x):
        return F.scaled_dot_product_attention(x, x, x, is_causal=True)

    assert not sees_order(average, x) and not sees_order(attend, x)
    assert sees_order(fading, x) and sees_order(lambda x: attend(x + places), x)


def test_entropies(generator):
    entropies = solve(7)["entropies"]
    weights = (
        torch.randn(2, 3, 5, 5, generator=generator).masked_fill(torch.ones(5, 5).triu(1) > 0, -math.inf).softmax(-1)
    )
    found = entropies(weights)
    assert found.shape == (2, 3, 5) and found.isfinite().all()
    rows = weights.double()[0, 1].tolist()
    assert found[0, 1].tolist() == pytest.approx([-sum(w * math.log(w) for w in row if w) for row in rows], abs=1e-5)
    even = torch.ones(5, 5).tril() / torch.arange(1, 6)[:, None]
    torch.testing.assert_close(entropies(even), torch.arange(1.0, 6).log())


def test_layers():
    """With the chapter's own cells: two layers of one head learn what one layer with four heads does not."""
    space = {"math": math, "torch": torch, "F": F, "nn": torch.nn, "gptcourse": gptcourse}
    for name in (
        "attend",
        "head-class",
        "tiny-class",
        "fit",
        "rows",
        "heads-class",
        "induction-train",
        "induction-accuracy",
    ):
        blocks = re.split(r"\n\n\n", CELLS[name])  # only what defines something, without what is run or shown
        defined = [block for block in blocks if block.startswith(("def ", "class ", "@", "SYMBOLS"))]
        exec("\n\n".join(defined), space)
        if name == "rows":
            space["SYMBOLS"], space["T"] = 30, 32
    space["ids"], period = space["repeated"](200, torch.Generator().manual_seed(1))
    space["known"] = torch.arange(space["T"] - 1) >= period
    lookup_accuracy = solve(8, **space)["lookup_accuracy"]
    assert lookup_accuracy(1, 4, seed=0) < 0.6 < 0.95 < lookup_accuracy(2, 1, seed=0)
