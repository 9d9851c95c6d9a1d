"""The median probability of the tokens that really come, when a model sees only the last few before them."""

import math
import statistics
from functools import lru_cache

from gptcourse.exercises.expect import Wrong, number

NUMBER, STARS = 7, 3
NAMES = ("median_given",)


def cases(draw):
    yield 3, [4, 3, 2, 0, 1, 1], 2  # a seed for which the wrong ways give other numbers
    yield draw.randrange(1000), draw.ids(4, 6), 3


def probe(median_given, seed, ids, width):
    import torch

    import gptcourse

    torch.manual_seed(seed)
    model = gptcourse.GPT(gptcourse.GPTConfig(6, 8, n_layer=1, n_head=1, n_embd=4))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    return median_given(model, ids, width)


@lru_cache
def _given(seed, ids, width):
    """The probabilities of the tokens that really come, in the order of the text."""
    import torch

    def given(model, ids, width):
        for n in range(1, len(ids)):
            logits = model(torch.tensor(ids[:n][-width:])[None])[0][0, -1]
            yield torch.nn.functional.cross_entropy(logits, torch.tensor(ids[n])).neg().exp().item()

    with torch.random.fork_rng(devices=[]):
        return list(probe(given, seed, ids, width))


def _is_median(found, values):
    """Of an even number of values, either of the two in the middle will do, and what lies half-way."""
    medians = (statistics.median_low, statistics.median, statistics.median_high)
    return any(math.isclose(found, median(values), abs_tol=1e-5) for median in medians)


def verify(result, seed, ids, width):
    median, given = number(result), _given(seed, tuple(ids), width)
    if not 0 <= median <= 1:
        raise Wrong("probability", got=f"{median:.3g}")
    if _is_median(median, given):
        return
    if abs(median - sum(given) / len(given)) < 1e-5:
        raise Wrong("mean")
    if _is_median(median, _given(seed, tuple(ids), len(ids))):
        raise Wrong("everything")
    raise Wrong("beginning" if _is_median(median, given[width - 1 :]) else "value")


SOLUTION = """\
def median_given(model, ids, width):
    given = []
    for n in range(1, len(ids)):
        seen = torch.tensor([ids[max(0, n - width) : n]])
        with torch.no_grad():
            p = model(seen)[0][0, -1].softmax(dim=-1)
        given.append(float(p[ids[n]]))
    return sorted(given)[len(given) // 2]
"""

ALTERNATIVES = [
    """\
import statistics


@torch.no_grad()
def median_given(model, ids, width):
    given = []
    for i, token in enumerate(ids[1:], start=1):
        logits, _ = model(torch.tensor(ids[:i][-width:])[None])
        given.append(logits.double().softmax(-1)[0, -1, token].item())
    return statistics.median(given)
""",
    """\
def median_given(model, ids, width):
    losses = []
    for n in range(1, len(ids)):
        logits = model(torch.tensor([ids[:n][-width:]]))[0][:, -1]
        losses.append(torch.nn.functional.cross_entropy(logits, torch.tensor([ids[n]])))
    return torch.stack(losses).neg().exp().median()
""",
]

MUTANTS = [
    ("mean", {"sorted(given)[len(given) // 2]": "sum(given) / len(given)"}),
    ("everything", {"max(0, n - width)": "0"}),
    ("beginning", {"range(1, len(ids))": "range(width, len(ids))"}),
    ("probability", {"float(p[ids[n]])": "float(p[ids[n]].log())"}),
    ("value", {"n - width)": "n - width - 1)"}),
    ("value", {"sorted(given)": "given"}),
    ("value", {"p[ids[n]]": "p.max()"}),
]
