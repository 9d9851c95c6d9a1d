"""A key from what a model has computed: the mean of its last residual stream, each token with its weight."""

from gptcourse.exercises.expect import close, tensor

NUMBER, STARS = 7, 3
NAMES = ("read_key",)
PURE = True


def cases(draw):
    """The table and the window of a model, made by the probe; the ids of a text; a weight for each id."""
    import torch

    table = draw.normal(6, 3)
    yield table, 8, [1, 4, 2, 2], torch.ones(6)
    yield table, 8, [5, 0, 3], torch.tensor([0.5, 1.0, 2.0, 3.0, 1.0, 0.25])
    yield table, 8, [1, 0, 3], torch.tensor([0.5, -1.0, 2.0, 3.0, 1.0, 0.25])
    yield table, 4, [3, 1, 2, 5, 4, 0], torch.tensor([0.5, 1.0, 2.0, 3.0, 1.0, 0.25])
    for length in (1, 3, 5):
        yield draw.normal(6, 4), 5, draw.ids(length, 6), draw.uniform_tensor(6) + 0.1


def probe(read_key, table, window, ids, weights):
    from types import SimpleNamespace

    import torch

    class Model:
        """Reads with one block that adds up what it has seen."""

        def __init__(self, table, window):
            self.table, self.config = table, SimpleNamespace(block_size=window, n_embd=table.shape[1], vocab_size=6)

        def trace(self, ids):
            if not isinstance(ids, torch.Tensor) or ids.ndim != 2 or ids.shape[1] > self.config.block_size:
                raise ValueError(f"ids (1, T) with T of at most {self.config.block_size} are needed")
            first = self.table[ids]
            return SimpleNamespace(residual=[first, first.cumsum(dim=1)])

        def eval(self):
            return self

    return read_key(Model(table, window), ids, weights)


def verify(result, table, window, ids, weights):
    got = tensor(result, (table.shape[1],))
    rows = [table[id].double() for id in ids[:window]]
    stream = [sum(rows[: n + 1]) for n in range(len(rows))]
    shares = [max(float(weights[id]), 0) for id in ids[:window]]
    wanted = sum(share * each for share, each in zip(shares, stream, strict=True)) / sum(shares)
    key = "plain" if weights.eq(1).all() else "negative" if weights.min() < 0 else "value"
    close(got, wanted, key, rtol=1e-3, atol=1e-4)


SOLUTION = """\
def read_key(model, ids, weights):
    ids = ids[: model.config.block_size]
    stream = model.trace(torch.tensor([ids])).residual[-1][0]  # (T, C)
    chosen = weights[ids].clamp(min=0)  # (T,)
    return chosen @ stream / chosen.sum()
"""

ALTERNATIVES = [
    """\
def read_key(model, ids, weights):
    ids = torch.tensor(ids)[: model.config.block_size]
    with torch.no_grad():
        stream = model.trace(ids[None]).residual[-1].squeeze(0).double()
    chosen = torch.relu(weights)[ids].double()
    return (stream * (chosen / chosen.sum())[:, None]).sum(dim=0)
""",
    """\
def read_key(model, ids, weights):
    trace = model.trace(torch.tensor(ids[: model.config.block_size]).unsqueeze(0))
    total, key = 0.0, torch.zeros(trace.residual[-1].shape[-1])
    for place, vector in enumerate(trace.residual[-1][0]):
        weight = max(0.0, weights[ids[place]].item())
        total += weight
        key += weight * vector
    return (key / total).numpy()
""",
]

MUTANTS = [
    ("plain", {"residual[-1]": "residual[0]"}),
    ("plain", {" / chosen.sum()": ""}),
    ("plain", {"chosen @ stream / chosen.sum()": "stream[-1]"}),
    ("value", {"chosen @ stream / chosen.sum()": "stream.mean(dim=0)"}),
    ("value", {"chosen.sum()": "len(ids)"}),
    ("value", {"weights[ids]": "weights[: len(ids)]"}),
    ("negative", {".clamp(min=0)": ""}),
    ("negative", {".clamp(min=0)": ".abs()"}),
    ("value", {"ids = ids[: model.config.block_size]": "ids = ids[-model.config.block_size :]"}),
    ("raised", {"ids = ids[: model.config.block_size]": "pass"}),
    ("shape", {"residual[-1][0]": "residual[-1]"}),
]
