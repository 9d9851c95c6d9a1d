"""The standard deviation with which GPT-2's first numbers are drawn."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 6, 2
NAMES = ("init_std",)

ADD = ("attn.proj.weight", "mlp.down.weight")
MATRICES = {"attn.qkv.weight": (96, 32), ADD[0]: (32, 32), "mlp.up.weight": (128, 32), ADD[1]: (32, 128)}
VECTORS = {
    "ln1.weight": (32,),
    "ln2.bias": (32,),
    "attn.qkv.bias": (96,),
    "attn.proj.bias": (32,),
    "mlp.down.bias": (32,),
}


def cases(draw):
    yield "wte.weight", (50, 32), 2
    yield "wpe.weight", (16, 32), 8
    yield "head.weight", (50, 32), 8
    for name, shape in (MATRICES | VECTORS).items():
        yield f"blocks.1.{name}", shape, 8
    yield "ln_f.weight", (32,), 8
    for name in draw.sample([*MATRICES, *VECTORS], 5):
        yield f"blocks.{draw.randrange(3)}.{name}", (MATRICES | VECTORS)[name], draw.randrange(3, 40)


def verify(result, name, shape, n_layer):
    std = number(result)
    if len(shape) == 1:
        close(std, 0, "vector")
    elif not name.endswith(ADD):
        close(std, 0.02, "matrix")
    elif std > 0.0199:
        raise Wrong("attention" if "attn" in name else "feed_forward")
    elif std < 0:
        raise Wrong("depth")
    else:  # the variances of all 2 L parts add up to that of another matrix
        close(sum([std**2] * 2 * n_layer), 0.02**2, "depth", atol=0)


SOLUTION = """\
def init_std(name, shape, n_layer):
    if len(shape) < 2:
        return 0.0
    adds = name.endswith(("attn.proj.weight", "mlp.down.weight"))
    return 0.02 / math.sqrt(2 * n_layer) if adds else 0.02
"""

ALTERNATIVES = [
    """\
def init_std(name, shape, n_layer):
    match name.split(".")[-2:]:
        case [_, "bias"] | ["ln1" | "ln2" | "ln_f", _]:
            return 0
        case ["proj" | "down", "weight"]:
            return (0.02**2 / n_layer / 2) ** 0.5
        case _:
            return 2e-2
""",
    """\
def init_std(name, shape, n_layer):
    if "proj" in name or "down" in name:
        std = torch.tensor(0.02) / (n_layer * 2) ** 0.5
    else:
        std = torch.tensor(0.02)
    return std * (len(shape) == 2)
""",
]

MUTANTS = [
    ("vector", {"len(shape) < 2": "len(shape) < 1"}),
    ("vector", {"len(shape) < 2": 'name.endswith("bias")'}),
    ("matrix", {'"attn.proj.weight", "mlp.down.weight"': '"weight",'}),
    ("matrix", {'"mlp.down.weight"': '"mlp.down.weight", "head.weight"'}),
    ("matrix", {"else 0.02": "else 1.0"}),
    ("attention", {'"attn.proj.weight", ': ""}),
    ("feed_forward", {'"attn.proj.weight", "mlp.down.weight"': '"proj.weight", "up.bias"'}),
    ("depth", {"2 * n_layer": "n_layer"}),
    ("depth", {"math.sqrt(2 * n_layer)": "(2 * n_layer)"}),
    ("depth", {"2 * n_layer": "2"}),
    ("nothing", {" if adds else 0.02": " if adds else None"}),
]
