"""`c_attn` taken apart: a matrix for queries, one for keys, one for values, each of them a matrix for each head."""

from gptcourse.exercises.expect import Wrong, close, sequence, tensor

NUMBER, STARS = 3, 2
NAMES = ("split_heads",)
PURE = True


def cases(draw):
    for width, n_head in [(4, 2), (6, 1), (3, 3), (6, 2), (6, 3)]:
        yield draw.normal(width, 3 * width), n_head


def verify(result, W, n_head):
    import torch

    C = W.shape[0]
    D = C // n_head
    parts = [tensor(part, (n_head, C, D)) for part in sequence(result, 3)]
    wanted = []  # numbers of a part, whatever their order
    for n, part in enumerate(parts):
        columns = [W[:, n * C + head * D : n * C + (head + 1) * D].double() for head in range(n_head)]
        wanted.append(torch.stack(columns))
        if alike(part, wanted[n]):
            continue
        whole_parts = [W[:, i * C : (i + 1) * C].double() for i in range(3) if i != n]
        raise Wrong("order" if any(alike(part, other) for other in whole_parts) else "part")
    for part, columns in zip(parts, wanted, strict=True):
        if not all(alike(got, head) for got, head in zip(part, columns, strict=True)):
            raise Wrong("heads")
        close(part, columns, "places")


def alike(a, b):
    """Whether two tensors have the same numbers, in whatever order."""
    import torch

    return torch.allclose(a.flatten().sort().values, b.flatten().sort().values)


SOLUTION = """\
def split_heads(W, n_head):
    C = W.shape[0]
    parts = W.view(C, 3, n_head, C // n_head)
    return tuple(parts[:, i].transpose(0, 1) for i in range(3))
"""

ALTERNATIVES = [
    """\
def split_heads(W, n_head):
    return [torch.stack(part.chunk(n_head, dim=1)) for part in W.chunk(3, dim=1)]
""",
    """\
def split_heads(W, n_head):
    C = len(W)
    return W.numpy().reshape(C, 3, n_head, C // n_head).transpose(1, 2, 0, 3)
""",
    """\
def split_heads(W, n_head):
    C, D = W.shape[0], W.shape[0] // n_head
    result = torch.zeros(3, n_head, C, D, dtype=torch.float64)
    for n in range(3):
        for head in range(n_head):
            for i in range(D):
                result[n, head, :, i] = W[:, n * C + head * D + i]
    return result[0], result[1], result[2]
""",
]

MUTANTS = [
    ("order", {"range(3)": "(1, 0, 2)"}),
    ("part", {"W.view(C, 3, n_head, C // n_head)": "W.view(C, n_head, 3, C // n_head).transpose(1, 2)"}),
    ("part", {"W.view(C, 3,": "W.view(3, C,", "parts[:, i]": "parts[i]"}),
    ("heads", {"W.view(C, 3, n_head, C // n_head)": "W.view(C, 3, C // n_head, n_head).transpose(2, 3)"}),
    ("heads", {"parts[:, i].transpose(0, 1)": "parts[:, i].reshape(n_head, C, C // n_head)"}),
    ("places", {".transpose(0, 1)": ".permute(1, 2, 0).reshape(n_head, C, C // n_head)"}),
    ("shape", {".transpose(0, 1)": ""}),
    ("shape", {".transpose(0, 1)": ".permute(1, 2, 0)"}),
    ("length", {"range(3)": "range(2)"}),
]
