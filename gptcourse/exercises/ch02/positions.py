"""The vectors that enter a GPT's first block: token rows plus position rows."""

from gptcourse.exercises.expect import Wrong, close, tensor

NUMBER, STARS = 6, 2
NAMES = ("embed",)
PURE = True


def cases(draw):
    import torch

    yield torch.tensor([[5, 6, 5], [1, 1, 0]]), draw.normal(7, 4), draw.normal(8, 4)
    yield torch.tensor([[2, 0]]), draw.normal(3, 2), draw.normal(2, 2)
    yield torch.tensor([[1, 0, 1]]), draw.normal(3, 2), draw.normal(1, 2)
    yield torch.tensor([[0, 1, 2, 1, 0]]), draw.normal(3, 2), draw.normal(4, 2)
    for length in range(1, 4):
        size, width, places = draw.randrange(3, 9), draw.randrange(1, 5), draw.randrange(length, 9)
        ids = draw.whole_tensor(0, size, draw.randrange(1, 4), length)
        yield ids, draw.normal(size, width), draw.normal(places, width)


def raises(ids, wte, wpe):
    return "ValueError" if ids.shape[1] > len(wpe) else None


def verify(result, ids, wte, wpe):
    import torch

    vectors = tensor(result, (*ids.shape, wte.shape[1])).double()
    tokens = torch.stack([wte.double().index_select(0, text) for text in ids])
    added = vectors - tokens
    if not added.any():
        raise Wrong("no_positions")
    close(added, added[:1].expand_as(added), "each_text")
    close(added[0, 0], wpe[0], "first")
    close(added[0], wpe[: ids.shape[1]])


SOLUTION = """\
def embed(ids, wte, wpe):
    B, T = ids.shape
    if T > len(wpe):
        raise ValueError(f"{T} > {len(wpe)}")
    return wte[ids] + wpe[:T]
"""

ALTERNATIVES = [
    """\
def embed(ids, wte, wpe):
    if ids.shape[1] > wpe.shape[0]:
        raise ValueError
    places = torch.arange(ids.shape[1]).expand_as(ids)
    return nn.functional.embedding(ids, wte.double()) + nn.functional.embedding(places, wpe.double())
""",
    """\
def embed(ids, wte, wpe):
    texts = []
    for text in ids.tolist():
        rows = []
        for place, id in enumerate(text):
            if place == len(wpe):
                raise ValueError("too long")
            rows.append(wte[id] + wpe[place])
        texts.append(torch.stack(rows))
    return torch.stack(texts)
""",
]

CHECK = '    if T > len(wpe):\n        raise ValueError(f"{T} > {len(wpe)}")\n'

MUTANTS = [
    ("should_raise", {CHECK: ""}),
    ("raised", {"T > len(wpe):": "T >= len(wpe):"}),
    ("raised_other", {"ValueError": "IndexError"}),
    ("no_positions", {" + wpe[:T]": ""}),
    ("each_text", {"wpe[:T]": "wpe[ids]"}),
    ("each_text", {"wpe[:T]": "wpe[: B * T].reshape(B, T, -1)"}),
    ("first", {"wpe[:T]": "wpe[-T:]"}),
    ("first", {"wpe[:T]": "wpe[1 : T + 1]"}),
    ("value", {"wpe[:T]": "wpe[0]"}),
    ("each_text", {"wte[ids] +": "wte[ids] *"}),
    ("shape", {"wte[ids] + wpe[:T]": "torch.cat([wte[ids], wpe[:T].expand(B, T, -1)], dim=-1)"}),
    ("nothing", {"return ": ""}),
]
