"""The rows of the embedding table that get a gradient from a batch; earlier gradients do not count."""

from gptcourse.exercises.expect import Wrong, ids, sequence, truth

NUMBER, STARS = 7, 2
NAMES = ("rows_that_learn",)


def cases(draw):
    import torch

    inputs, targets = torch.tensor([[4, 2, 4], [7, 2, 1]]), torch.tensor([[2, 4, 9], [2, 1, 0]])
    yield 10, False, inputs, targets, torch.tensor([[5, 8]])
    yield 10, True, inputs, targets, None
    size = draw.randrange(8, 15)
    before, inputs, targets = draw.whole_tensor(0, size, 3, 1, 3)
    yield size, False, inputs, targets, before


def probe(rows_that_learn, vocab_size, tied, inputs, targets, before):
    import torch
    from torch import nn

    class Small(nn.Module):
        def __init__(self):
            super().__init__()
            self.wte = nn.Embedding(vocab_size, 4)
            self.head = self.wte if tied else nn.Embedding(vocab_size, 4)

        def forward(self, inputs, targets=None):
            logits = self.wte(inputs) @ self.head.weight.T
            if targets is None:
                return logits, None
            return logits, nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    model = Small()
    if before is not None:
        model(before, before)[1].backward()
    weights = model.wte.weight.detach().clone()
    return rows_that_learn(model, inputs, targets), torch.equal(weights, model.wte.weight)


def verify(result, vocab_size, tied, inputs, targets, before):
    rows, untouched = sequence(result, 2)
    if rows is None:
        raise Wrong("nothing")
    rows = ids(rows)
    seen, aims = set(inputs.flatten().tolist()), set(targets.flatten().tolist())
    wanted = set(range(vocab_size)) if tied else seen
    if set(rows) != wanted:
        if before is not None and set(rows) == wanted | set(before.flatten().tolist()):
            raise Wrong("before")
        if tied:
            raise Wrong("tied")
        if set(rows) in (seen | aims, aims):
            raise Wrong("targets")
        raise Wrong("missing" if set(rows) < wanted else "value")
    if rows != sorted(wanted):
        raise Wrong("sorted")
    if not truth(untouched):
        raise Wrong("trained")


SOLUTION = """\
def rows_that_learn(model, inputs, targets):
    model.zero_grad()
    _, loss = model(inputs, targets)
    loss.backward()
    moved = model.wte.weight.grad.abs().sum(dim=1) > 0
    model.zero_grad()
    return moved.nonzero()[:, 0].tolist()
"""

ALTERNATIVES = [
    """\
def rows_that_learn(model, inputs, targets):
    weight = model.wte.weight
    (gradient,) = torch.autograd.grad(model(inputs, targets)[1], weight)
    return [row for row in range(len(weight)) if gradient[row].any()]
""",
    """\
def rows_that_learn(model, inputs, targets):
    model.wte.weight.grad = None
    model(inputs, targets)[1].backward()
    rows = set()
    for row, gradient in enumerate(model.wte.weight.grad.tolist()):
        if gradient != [0.0] * len(gradient):
            rows.add(row)
    return tuple(sorted(rows))
""",
    """\
def rows_that_learn(model, inputs, targets):
    model.zero_grad(set_to_none=False)
    logits, loss = model(inputs, targets)
    loss.backward()
    return (model.wte.weight.grad != 0).any(dim=1).nonzero().flatten()
""",
]

MUTANTS = [
    ("before", {"    model.zero_grad()\n    _,": "    _,"}),
    ("tied", "def rows_that_learn(model, inputs, targets):\n    return sorted(set(inputs.flatten().tolist()))\n"),
    (
        "targets",
        "def rows_that_learn(model, inputs, targets):\n"
        "    return sorted(set(inputs.flatten().tolist()) | set(targets.flatten().tolist()))\n",
    ),
    ("targets", {"model(inputs, targets)": "model(targets, inputs)"}),
    ("missing", {".abs()": ""}),
    ("sorted", {"return moved.nonzero()[:, 0].tolist()": "return moved.nonzero()[:, 0].tolist()[::-1]"}),
    ("trained", {"    loss.backward()": "    loss.backward()\n    model.wte.weight.data -= model.wte.weight.grad"}),
    ("items", {"[:, 0]": ""}),
    ("value", {"return moved.nonzero()[:, 0].tolist()": "return moved.int().tolist()"}),
    ("nothing", {"return ": ""}),
]
