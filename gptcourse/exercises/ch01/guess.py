"""A guess before measuring: which of four texts costs the most GPT-2 tokens, and which two the fewest."""

from gptcourse.exercises.expect import Wrong, numbers

NUMBER, STARS = 1, 1
NAMES = ("guess",)


def cases(draw):
    yield ()


def probe(guess):
    return guess


def verify(result):
    costs = {"dog": 1, " dog": 1, "DOGGED": 4, " dogdogdog": 3}
    try:
        by_text = dict(zip(costs, numbers(result, len(costs)), strict=True))
    except Wrong:
        raise Wrong("four") from None
    if not all(tokens >= 1 for tokens in by_text.values()):
        raise Wrong("no_token")
    most, *_, second, first = sorted(costs, key=costs.get, reverse=True)
    guessed = sorted(by_text.values())
    if guessed[-1] == guessed[-2]:
        raise Wrong("most_tied")
    if by_text[most] != guessed[-1]:
        raise Wrong("most")
    if guessed[1] == guessed[2]:
        raise Wrong("fewest_tied")
    if max(by_text[first], by_text[second]) != guessed[1]:
        raise Wrong("fewest")


SOLUTION = """\
guess = [1, 1, 4, 3]
"""

ALTERNATIVES = [
    "guess = (2, 1, 5, 4)\n",
    """\
candidates = ["dog", " dog", "DOGGED", " dogdogdog"]
guess = [len(gptcourse.gpt2_tokenizer().encode(text)) for text in candidates]
""",
    "guess = torch.tensor([1, 2, 6, 3])\n",
]

MUTANTS = [
    ("most", "guess = [1, 1, 3, 4]\n"),
    ("most", "guess = [3, 1, 2, 1]\n"),
    ("most_tied", "guess = [1, 1, 3, 3]\n"),
    ("most_tied", "guess = [1, 1, 1, 1]\n"),
    ("fewest", "guess = [1, 2, 4, 1]\n"),
    ("fewest_tied", "guess = [1, 2, 4, 2]\n"),
    ("no_token", "guess = [0, 1, 4, 3]\n"),
    ("four", "guess = [1, 1, 4]\n"),
    ("four", 'guess = ["1", "1", "4", "3"]\n'),
    ("four", 'guess = "DOGGED"\n'),
]
