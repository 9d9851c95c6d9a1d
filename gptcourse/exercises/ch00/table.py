"""How many numbers a table of token vectors has: one row for each token, one column for each dimension."""

from gptcourse.exercises.expect import same, whole

NUMBER, STARS = 6, 1
NAMES = ("embedding_numbers",)


def cases(draw):
    yield 7, 1
    yield 1, 5
    yield 65, 128
    for _ in range(5):
        yield draw.randrange(2, 300), draw.randrange(2, 100)


def verify(result, vocab_size, n_embd):
    count = whole(result)
    if n_embd == 1:
        same(count, vocab_size, "one_column")
    if vocab_size == 1:
        same(count, n_embd, "one_row")
    same(count, sum(n_embd for _ in range(vocab_size)))


SOLUTION = """\
def embedding_numbers(vocab_size, n_embd):
    return vocab_size * n_embd
"""

ALTERNATIVES = [
    """\
def embedding_numbers(vocab_size, n_embd):
    total = 0
    for _ in range(vocab_size):
        total += n_embd
    return total
""",
    """\
def embedding_numbers(vocab_size, n_embd):
    table = torch.empty(vocab_size, n_embd, device="meta")
    return table.numel()
""",
    "import math\n\n\ndef embedding_numbers(vocab_size, n_embd):\n    return math.prod([float(vocab_size), n_embd])\n",
]

MUTANTS = [
    ("one_column", {"*": "+"}),
    ("one_column", {"* n_embd": "* n_embd + n_embd"}),
    ("one_column", {"vocab_size *": "4 * vocab_size *"}),
    ("one_row", {"* n_embd": "** n_embd"}),
    ("value", {"vocab_size * n_embd": "max(vocab_size, n_embd)"}),
    ("whole", {"vocab_size * n_embd": "(vocab_size, n_embd)"}),
]
