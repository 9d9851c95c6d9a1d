"""Which settings always give the same text."""

from gptcourse.exercises.expect import Wrong, truth

NUMBER, STARS = 2, 1
NAMES = ("is_deterministic",)


def cases(draw):
    yield 0, None, False
    yield 1.5, 1, False
    yield 2, 40, True
    yield 1, None, False
    yield 0.1, 2, False
    yield 0.8, None, True
    yield 0, 40, False
    yield 1, 1, True
    for top_k in (None, 1, draw.randint(2, 50)):
        for seeded in (False, True):
            yield round(draw.uniform(0.1, 2), 2), top_k, seeded


def verify(result, temperature, top_k, seeded):
    same = truth(result)
    choices = 1 if temperature == 0 else top_k
    if seeded:
        key = "seeded"
    elif choices == 1:
        key = "greedy" if temperature == 0 else "one_token"
    else:
        key = "free"
    if same != (key != "free"):
        raise Wrong(key)


SOLUTION = """\
def is_deterministic(temperature, top_k, seeded):
    return temperature == 0 or top_k == 1 or seeded
"""

ALTERNATIVES = [
    """\
def is_deterministic(temperature, top_k, seeded):
    if seeded:
        return True
    if top_k is not None and top_k < 2:
        return True
    return not temperature
""",
    """\
def is_deterministic(temperature, top_k, seeded):
    return torch.tensor([temperature == 0, top_k == 1, seeded]).any()
""",
]

MUTANTS = [
    ("greedy", {"temperature == 0 or ": ""}),
    ("one_token", {"top_k == 1 or ": ""}),
    ("seeded", {" or seeded": ""}),
    ("free", {"temperature == 0": "temperature < 0.2"}),
    ("free", {"top_k == 1": "top_k is not None"}),
    (
        "one_token",
        {"temperature == 0 or top_k == 1": "temperature == 0 and top_k == 1", "return ": "return not temperature or "},
    ),
    ("raised", {"top_k == 1": "top_k <= 1"}),
    ("truth", {" or seeded": " or seeded or None", "return ": "return 1 if seeded else "}),
    ("nothing", {"return temperature": "temperature"}),
]
