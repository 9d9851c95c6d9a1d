"""Each gradient shortened by itself."""

from gptcourse.exercises.expect import Wrong, close, sequence, tensor

NUMBER, STARS = 5, 2
NAMES = ("clip_each",)
PURE = True


def cases(draw):
    import torch

    yield [torch.tensor([3.0, 4.0]), torch.zeros(2, 2), torch.tensor([[0.1]])], 1.0
    yield [torch.tensor([0.3, 0.4]), torch.tensor([[2.0, 2.0], [0.0, -1.0]])], 1.0
    yield [torch.tensor([3.0, 4.0])], 5.0
    for _ in range(3):
        yield [draw.normal(3, 2), draw.normal(4) * 5, draw.normal(2) / 9], round(draw.uniform(0.5, 2), 2)


def verify(result, grads, longest):
    import torch

    clipped = sequence(result, len(grads))
    clipped = [tensor(got, grad.shape).double() for got, grad in zip(clipped, grads, strict=True)]
    norms = [_norm(grad.double()) for grad in grads]
    factors = [min(1.0, longest / norm) if norm else 1.0 for norm in norms]
    common = min(1.0, longest / _norm(torch.tensor(norms)))
    if max(factors) > common * 1.001 and all(
        torch.allclose(got, grad.double() * common) for got, grad in zip(clipped, grads, strict=True)
    ):
        raise Wrong("together")
    for got, grad, norm, factor in zip(clipped, grads, norms, factors, strict=True):
        if norm == 0 and _norm(got) != 0:
            raise Wrong("zeros")
        if factor == 1:
            close(got, grad, "short")
        else:
            close(got * norm, grad * _norm(got), "direction", rtol=1e-3, atol=1e-4)
            close(_norm(got), longest, "long")


def _norm(values):
    return float((values * values).sum()) ** 0.5


SOLUTION = """\
def clip_each(grads, longest):
    clipped = []
    for g in grads:
        norm = g.norm().item()
        clipped.append(g * (longest / norm) if norm > longest else g)
    return clipped
"""

ALTERNATIVES = [
    """\
def clip_each(grads, longest):
    return tuple(g * min(1, longest / (g.square().sum().sqrt().item() + 1e-9)) for g in grads)
""",
    """\
def clip_each(grads, longest):
    clipped = [g.double().clone() for g in grads]
    for g in clipped:
        length = math.sqrt(sum(x * x for x in g.flatten().tolist()))
        if length > longest:
            g /= length / longest
    return clipped
""",
]

MUTANTS = [
    ("zeros", {"g * (longest / norm) if norm > longest else g": "g / g.norm() * min(norm, longest)"}),
    ("zeros", {"g * (longest / norm) if norm > longest else g": "F.normalize(g.flatten(), dim=0, eps=0).view_as(g)"}),
    ("short", {" if norm > longest else g": " if norm else g"}),
    ("together", {"norm = g.norm().item()": "norm = sum(each.norm() ** 2 for each in grads).sqrt()"}),
    ("long", {"clipped.append(g * (longest / norm)": "clipped.append(g / norm ** 2"}),
    ("direction", {"g * (longest / norm) if norm > longest else g": "g.clamp(-longest, longest)"}),
    ("direction", {"g * (longest / norm) if norm > longest else g": "g / g.norm(dim=-1, keepdim=True).clamp(min=1)"}),
    ("changed", {"g * (longest / norm)": "g.mul_(longest / norm)"}),
    ("length", {"if norm > longest else g)": ") if norm > longest else None"}),
    ("nothing", {"    return clipped": "    clipped"}),
]
