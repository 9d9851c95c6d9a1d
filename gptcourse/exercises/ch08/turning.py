"""Which matrices of a file must be transposed, as far as their shapes say."""

from gptcourse.exercises.expect import Wrong, mapping, truth

NUMBER, STARS = 4, 2
NAMES = ("needs_turning",)
PURE = True


def cases(draw):
    ours = {"wte.weight": (5, 2), "attn.proj.weight": (2, 2), "mlp.up.weight": (8, 2), "mlp.up.bias": (8,)}
    yield tensors(draw, ours), tensors(draw, ours | {"mlp.up.weight": (2, 8)})
    yield tensors(draw, ours), tensors(draw, ours | {"wte.weight": (4, 2)})
    yield tensors(draw, {"wpe.weight": (2, 6)}), tensors(draw, {"wpe.weight": (3, 4)})
    for _ in range(2):
        width = draw.randint(2, 4)
        shapes = {f"blocks.{n}.weight": (draw.randint(2, 4), width) for n in range(3)} | {"ln_f.weight": (width,)}
        turned = {name: shape[:: draw.choice([1, -1])] for name, shape in shapes.items()}
        yield tensors(draw, shapes), tensors(draw, turned)


def tensors(draw, shapes):
    return {name: draw.normal(*shape) for name, shape in shapes.items()}


def raises(ours, theirs):
    shapes = [(sorted(each.shape), sorted(theirs[name].shape)) for name, each in ours.items()]
    return None if all(here == there for here, there in shapes) else "ValueError"


def verify(result, ours, theirs):
    answers = mapping(result)
    matrices = {name: tuple(each.shape) for name, each in ours.items() if each.ndim == 2}
    if set(answers) - set(matrices):
        raise Wrong("vectors")
    if set(answers) != set(matrices):
        raise Wrong("missing")
    for name, (rows, columns) in matrices.items():
        if rows == columns:
            if answers[name] is not None:
                raise Wrong("square")
        elif answers[name] is None:
            raise Wrong("unsure")
        elif truth(answers[name]) != (rows == theirs[name].shape[1]):
            raise Wrong("kept" if answers[name] else "turned")


SOLUTION = """\
def needs_turning(ours, theirs):
    answers = {}
    for name, tensor in ours.items():
        if tensor.ndim != 2:
            continue
        here, there = tuple(tensor.shape), tuple(theirs[name].shape)
        if there not in (here, here[::-1]):
            raise ValueError(f"{name}: {here}, {there}")
        answers[name] = None if here == here[::-1] else there != here
    return answers
"""

ALTERNATIVES = [
    """\
def needs_turning(ours, theirs):
    def turned(a, b):
        fits = (a.shape == b.shape, a.T.shape == b.shape)
        if fits == (False, False):
            raise ValueError("neither fits")
        return None if fits == (True, True) else fits[1]

    return {name: turned(a, theirs[name]) for name, a in ours.items() if len(a.shape) == 2}
""",
    """\
def needs_turning(ours, theirs):
    answers = dict.fromkeys(name for name in ours if ours[name].dim() == 2)
    for name in answers:
        rows, columns = ours[name].size()
        if theirs[name].size() == (rows, columns):
            answers[name] = None if rows == columns else False
        elif theirs[name].size() == (columns, rows):
            answers[name] = torch.tensor(True)
        else:
            raise ValueError
    return answers
""",
]

MUTANTS = [
    ("vectors", {"tensor.ndim != 2": "False"}),
    ("missing", {"tensor.ndim != 2": "tensor.ndim != 2 or tensor.shape == theirs[name].shape"}),
    ("square", {"None if here == here[::-1] else ": ""}),
    ("unsure", {"here == here[::-1] else": "there == here else"}),
    ("turned", {"there != here": "False"}),
    ("kept", {"there != here": "there == here"}),
    ("kept", {"there != here": "True"}),
    ("should_raise", {"raise ValueError": "print"}),
    ("should_raise", {"there not in (here, here[::-1])": "math.prod(here) != math.prod(there)"}),
    ("raised_other", {"raise ValueError": "raise TypeError"}),
    ("changed", {"theirs[name].shape": "theirs.pop(name).shape"}),
    ("dict", {"return answers": "return list(answers.items())"}),
]
