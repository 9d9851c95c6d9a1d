"""Make the head of a model use its token table. The probe builds the model and looks at it before and after."""

from gptcourse.exercises.expect import Wrong, close, same, sequence, whole

NUMBER, STARS = 7, 2
NAMES = ("tie",)


def cases(draw):
    yield 5, 3, 4, 1
    yield draw.randrange(8, 20), draw.randrange(2, 9), 2 * draw.randrange(2, 6), draw.randrange(100)


def probe(tie, V, T, C, seed):
    import torch

    import gptcourse

    torch.manual_seed(seed)
    model = gptcourse.GPT(gptcourse.GPTConfig(V, T, C, n_head=1, n_layer=1, tied=False))
    before = model.num_params()
    table = model.wte.weight.detach().clone()
    saved = tie(model)
    after, kept = model.num_params(), model.wte.weight.detach().clone()
    with torch.no_grad():
        x = torch.randn(C)
        old = model.head(x)
        model.wte.weight[1] *= 2
        new = model.head(x)
    return saved, table, kept, old, new, before, after


def verify(result, V, T, C, seed):
    saved, table, kept, old, new, before, after = sequence(result, 7)
    if saved is None:
        raise Wrong("nothing")
    close(kept, table, "table")
    close(new[1], 2 * old[1], "apart", atol=1e-9)
    close(before, after + V * C, "two")
    same(whole(saved), V * C, "saved")


SOLUTION = """\
def tie(model):
    before = sum(p.numel() for p in model.parameters())
    model.head.weight = model.wte.weight
    return before - sum(p.numel() for p in model.parameters())
"""

ALTERNATIVES = [
    """\
def tie(model):
    model.head.weight = model.wte.weight
    V, C = model.wte.weight.shape
    return float(V * C)
""",
    """\
def tie(model):
    V, C = model.wte.num_embeddings, model.wte.embedding_dim
    model.head = nn.Linear(C, V, bias=False)
    setattr(model.head, "weight", model.wte.weight)
    return torch.tensor(model.head.weight.numel())
""",
]

MUTANTS = [
    ("apart", {"model.head.weight = model.wte.weight": "model.head.weight.data.copy_(model.wte.weight.data)"}),
    ("apart", {"= model.wte.weight": "= nn.Parameter(model.wte.weight.detach().clone())"}),
    ("apart", {"    model.head.weight = model.wte.weight\n": ""}),
    ("two", {"= model.wte.weight": "= nn.Parameter(model.wte.weight)"}),
    ("two", {"model.head.weight = model.wte.weight": "model.head.weight.data = model.wte.weight.data"}),
    ("table", {"model.head.weight = model.wte.weight": "model.wte.weight = model.head.weight"}),
    ("saved", {"return before - ": "return "}),
    ("saved", {"return before - sum(p.numel() for p in model.parameters())": "return len(model.wte.weight)"}),
    ("whole", {"return before - sum(p.numel() for p in model.parameters())": "return model"}),
    ("nothing", {"return ": ""}),
]
