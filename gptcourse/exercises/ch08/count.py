"""How many numbers a state dict holds, a tensor under two names counted once."""

import math

from gptcourse.exercises.expect import Wrong, same, whole

NUMBER, STARS = 1, 1
NAMES = ("count",)


def cases(draw):
    """A state dict by its shapes; a name in place of a shape means: the same tensor as that one."""
    yield ({"wte.weight": (5, 3), "wpe.weight": (4, 3), "qkv.bias": (9,)},)
    yield ({"wte.weight": (5, 3), "up.bias": (12,), "head.weight": "wte.weight"},)
    yield ({"ln1.weight": (3,), "ln1.bias": (3,), "ln2.weight": (3,)},)
    for _ in range(5):
        rows, width = draw.randint(2, 9), draw.randint(2, 9)
        state = {"entrance": (rows, width), "up.weight": (4 * width, width), "up.bias": (4 * width,)}
        yield (state | {"exit": draw.choice(["entrance", (rows, width)])},)


def probe(count, shapes):
    import torch

    state = {}
    for name, shape in shapes.items():
        state[name] = state[shape].detach() if isinstance(shape, str) else torch.zeros(shape)
    return count(state)


def verify(result, shapes):
    got = whole(result)
    sizes = {name: math.prod(shape) for name, shape in shapes.items() if not isinstance(shape, str)}
    twins = [shape for shape in shapes.values() if isinstance(shape, str)]
    if twins and got == sum(sizes.values()) + sum(sizes[name] for name in twins):
        raise Wrong("twice")
    different = sum(math.prod(shape) for shape in set(shapes.values()) - set(twins))
    if got == different < sum(sizes.values()):
        raise Wrong("alike")
    same(got, sum(sizes.values()))


SOLUTION = """\
def count(state):
    return sum({tensor.data_ptr(): tensor.numel() for tensor in state.values()}.values())
"""

ALTERNATIVES = [
    """\
def count(state):
    total, seen = 0, set()
    for tensor in state.values():
        address = tensor.untyped_storage().data_ptr()
        if address not in seen:
            seen.add(address)
            total += math.prod(tensor.shape)
    return total
""",
    """\
def count(state):
    kept = []
    for tensor in state.values():
        if not any(tensor.is_set_to(other) for other in kept):
            kept.append(tensor)
    return torch.tensor([tensor.numel() for tensor in kept]).sum()
""",
]

MUTANTS = [
    ("twice", "def count(state):\n    return sum(tensor.numel() for tensor in state.values())\n"),
    ("twice", {"tensor.data_ptr()": "id(tensor)"}),
    ("alike", {"tensor.data_ptr()": "tensor.shape"}),
    ("alike", {"tensor.data_ptr()": "str(tensor)"}),
    ("value", {"tensor.numel()": "len(tensor)"}),
    ("value", "def count(state):\n    return len(state)\n"),
    ("whole", {"return sum(": "return list("}),
    ("nothing", {"return sum": "sum"}),
]
