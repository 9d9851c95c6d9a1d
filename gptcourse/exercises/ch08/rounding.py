"""The largest relative error when numbers are stored in fewer bits."""

import math

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 5, 2
NAMES = ("rounding_error",)
PURE = True

# binary digits, and the exponent of the smallest number above zero
FORMATS = {"float16": (11, -24), "bfloat16": (8, -133), "float32": (24, -149)}


def cases(draw):
    import torch

    yield torch.tensor([0.0, 0.5, -2.0]), "float16"
    yield torch.tensor([1000.7]), "float16"
    yield torch.tensor([3e-6, -1e-6, 1e-9]), "float16"
    yield torch.tensor([[1.0, 100.1], [-0.3, 5.7]]), "bfloat16"
    yield torch.tensor([1 / 3, -1e-6]), "float32"
    for name in ("float16", "bfloat16", "float16", "bfloat16"):
        yield draw.normal(2, 5) * draw.choice([1e-6, 1.0, 100.0]), name


def probe(rounding_error, tensor, name):
    import torch

    return rounding_error(tensor, getattr(torch, name))


def verify(result, tensor, name):
    got = number(result)
    old = tensor.double().flatten().tolist()
    if math.isnan(got) and 0 in old:
        raise Wrong("zeros")
    errors = [abs(stored(each, name) - each) / abs(each) for each in old if each]
    if got < 0:
        raise Wrong("sign")
    if got > 0 and not any(errors):
        raise Wrong("exact")
    if got < 0.999 * max(errors):
        raise Wrong("smaller")
    close(got, max(errors), "tiny" if max(map(abs, old)) < 1e-4 else "value", rtol=1e-3, atol=1e-9)


def stored(x, name):
    """A number as it is read back from a format."""
    digits, lowest = FORMATS[name]
    step = 2.0 ** max(math.frexp(x)[1] - digits, lowest)
    return round(x / step) * step


SOLUTION = """\
def rounding_error(tensor, dtype):
    old = tensor.float()[tensor != 0]
    new = old.to(dtype).float()
    return float(((new - old).abs() / old.abs()).max())
"""

ALTERNATIVES = [
    """\
def rounding_error(tensor, dtype):
    errors = [0.0]
    for old in tensor.flatten().tolist():
        new = torch.tensor(old, dtype=dtype).float().item()
        if old != 0:
            errors.append(abs(new - old) / abs(old))
    return max(errors)
""",
    """\
def rounding_error(tensor, dtype):
    new = tensor.to(dtype).to(torch.float32)
    relative = ((new - tensor) / tensor).abs().double()
    return relative.nan_to_num(0, posinf=math.inf).max()
""",
]

MUTANTS = [
    ("zeros", {"[tensor != 0]": ""}),
    ("exact", {"[tensor != 0]": "+ 0.01"}),
    ("sign", {"(new - old).abs()": "(new - old)"}),
    ("smaller", {"/ old.abs()": "/ old", "new - old": "old - new"}),
    ("smaller", {".max()": ".mean()"}),
    ("smaller", {"old.to(dtype)": "old.to(torch.float16)"}),
    ("value", {" / old.abs()": ""}),
    ("tiny", {"old.abs()": "new.abs()"}),
    ("number", {"float(((new - old).abs() / old.abs()).max())": "new - old"}),
    ("nothing", {"return": "error ="}),
]
