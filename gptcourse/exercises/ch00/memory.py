"""How much of the first word is left in a memory that keeps a share of the old with each new word."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 5, 2
NAMES = ("left_of_first",)


def cases(draw):
    yield 0.25, 1
    yield 0.25, 3
    yield 0.5, 4
    yield 0.0, 2
    yield 0.9, 10
    for n in range(1, 6):
        yield draw.uniform(0.05, 0.95), n


def verify(result, keep, n):
    left = number(result)
    if not -1e-6 <= left <= 1 + 1e-6:
        raise Wrong("share", got=f"{left:.3g}")
    memory = [0.0] * n
    for new in range(n):
        memory = [keep * old + (1 - keep) * (word == new) for word, old in enumerate(memory)]
    if n == 1:
        close(left, memory[0], "one_word")
    close(left, memory[0], "all_words" if abs(left - sum(memory)) < 1e-6 else "more_words")


SOLUTION = """\
def left_of_first(keep, n):
    return (1 - keep) * keep ** (n - 1)
"""

ALTERNATIVES = [
    """\
def left_of_first(keep, n):
    left = 1 - keep
    for _ in range(n - 1):
        left *= keep
    return left
""",
    """\
def left_of_first(keep, n):
    memory = torch.zeros(n)
    for word in torch.eye(n):
        memory = keep * memory + (1 - keep) * word
    return memory[0]
""",
    """\
def left_of_first(keep, n):
    if n == 1:
        return 1 - keep
    return keep * left_of_first(keep, n - 1)
""",
]

MUTANTS = [
    ("one_word", {"(1 - keep) * ": ""}),
    ("one_word", {"(n - 1)": "n"}),
    ("one_word", {"(1 - keep) * keep **": "keep * (1 - keep) **"}),
    ("more_words", {"keep ** (n - 1)": "1 / n"}),
    ("all_words", "def left_of_first(keep, n):\n    return 1 - keep**n\n"),
    ("share", {"* keep **": "/ keep **"}),
    ("nothing", {"return ": ""}),
]
