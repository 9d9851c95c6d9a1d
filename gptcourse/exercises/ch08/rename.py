"""From a name in GPT-2's layout to the name in the course's model."""

from gptcourse.exercises.expect import Wrong, same, string

NUMBER, STARS = 2, 2
NAMES = ("our_name",)

PARTS = {
    "ln_1": "ln1",
    "ln_2": "ln2",
    "attn.c_attn": "attn.qkv",
    "attn.c_proj": "attn.proj",
    "mlp.c_fc": "mlp.up",
    "mlp.c_proj": "mlp.down",
}
OUTSIDE = {
    "transformer.wte.weight": "wte.weight",
    "transformer.wpe.weight": "wpe.weight",
    "transformer.ln_f.weight": "ln_f.weight",
    "transformer.ln_f.bias": "ln_f.bias",
    "lm_head.weight": "head.weight",
}


def cases(draw):
    yield ("transformer.h.11.mlp.c_proj.weight",)
    for name in OUTSIDE:
        yield (name,)
    for part in PARTS:
        for kind in ("weight", "bias"):
            yield (f"transformer.h.{draw.randrange(48)}.{part}.{kind}",)


def verify(result, name):
    got = string(result)
    if name in OUTSIDE:
        return same(got, OUTSIDE[name], "outside")
    _, _, layer, *part, kind = name.split(".")
    if "transformer" in got or got.startswith("h."):
        raise Wrong("prefix")
    if got.split(".")[1:2] != [layer]:
        raise Wrong("layer")
    same(got, f"blocks.{layer}.{PARTS['.'.join(part)]}.{kind}", "projection" if "c_proj" in part else "value")


SOLUTION = """\
def our_name(name):
    name = name.removeprefix("transformer.").replace("lm_head.", "head.")
    if name.startswith("h."):
        name = "blocks." + name[2:]
    pairs = [(".ln_1.", ".ln1."), (".ln_2.", ".ln2."), (".attn.c_attn.", ".attn.qkv."),
             (".attn.c_proj.", ".attn.proj."), (".mlp.c_fc.", ".mlp.up."), (".mlp.c_proj.", ".mlp.down.")]
    for theirs, ours in pairs:
        name = name.replace(theirs, ours)
    return name
"""

ALTERNATIVES = [
    """\
OURS = {
    "transformer": [], "lm_head": ["head"], "h": ["blocks"], "ln_1": ["ln1"], "ln_2": ["ln2"],
    "c_attn": ["qkv"], "c_fc": ["up"],
}


def our_name(name):
    result, before = [], ""
    for part in name.split("."):
        if part == "c_proj":
            result.append("proj" if before == "attn" else "down")
        else:
            result.extend(OURS.get(part, [part]))
        before = part
    return ".".join(result)
""",
    """\
import re


def our_name(name):
    if name == "lm_head.weight":
        return "head.weight"
    name = re.sub(r"^transformer\\.(h\\b)?", lambda match: "blocks" if match[1] else "", name)
    name = re.sub(r"ln_(\\d)", r"ln\\1", name)
    name = name.replace("c_attn", "qkv").replace("c_fc", "up").replace("mlp.c_proj", "mlp.down")
    return name.replace("c_proj", "proj")
""",
]

MUTANTS = [
    ("prefix", {'.removeprefix("transformer.")': ""}),
    ("prefix", {'name = "blocks." + name[2:]': "pass"}),
    ("outside", {'.replace("lm_head.", "head.")': ""}),
    ("outside", {'(".ln_1.", ".ln1.")': '("ln_", "ln")'}),
    ("projection", {'(".attn.c_proj.", ".attn.proj.")': '("c_proj", "proj")'}),
    ("projection", {'(".attn.c_proj.", ".attn.proj.")': '("c_proj", "down")'}),
    ("layer", {"name[2:]": '"0" + name[3:]'}),
    ("layer", {"name[2:]": "name[2] + name[name.index('.', 3) :]"}),
    ("value", {'(".ln_1.", ".ln1."), ': ""}),
    ("nothing", {"return name": "name"}),
]
