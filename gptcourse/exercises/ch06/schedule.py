"""The learning rate of a schedule with a warm-up, a stable part and a decay."""

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 4, 2
NAMES = ("wsd",)


def cases(draw):
    for n in range(1, 11):
        yield n, 10, 2, 4, 1.0
    yield 1, 5, 0, 0, 2.0
    yield 5, 5, 0, 0, 2.0
    yield 3, 6, 3, 3, 0.5
    for steps in range(8, 13):
        warmup = draw.randint(1, steps - 3)
        decay = draw.randint(1, steps - warmup)
        yield draw.randint(1, steps), steps, warmup, decay, round(draw.uniform(0.001, 2), 3)


def verify(result, n, steps, warmup, decay, lr):
    rate = number(result)
    rising = n / warmup if warmup else 1
    falling = (steps - n) / decay if decay else 1
    where = "warmup" if rising < 1 else "peak" if n == warmup else "stable" if falling >= 1 else "decay"
    if n == steps and decay and abs(rate) > 1e-6 * lr:
        raise Wrong("end")
    close(rate, lr * min(1, rising, falling), where, atol=1e-7)


SOLUTION = """\
def wsd(n, steps, warmup, decay, lr):
    if n <= warmup:
        return lr * n / warmup
    if n <= steps - decay:
        return lr
    return lr * (steps - n) / decay
"""

ALTERNATIVES = [
    """\
def wsd(n, steps, warmup, decay, lr):
    return lr * min(n / max(warmup, 1), 1, (steps - n) / decay if decay else 1)
""",
    """\
def wsd(n, steps, warmup, decay, lr):
    begin = steps - decay
    if n < warmup:
        rate = lr / warmup * n
    elif n > begin:
        rate = lr * (1 - (n - begin) / decay)
    else:
        rate = lr
    return torch.tensor(rate)
""",
]

MUTANTS = [
    ("warmup", {"lr * n / warmup": "lr * (n - 1) / warmup"}),
    ("warmup", {"lr * n / warmup": "lr"}),
    ("peak", {"if n <= warmup": "if n < warmup", "if n <= steps": "if warmup < n <= steps"}),
    ("stable", {"    if n <= steps - decay:\n        return lr\n": "", "/ decay": "/ (steps - warmup)"}),
    ("stable", {"n <= steps - decay": "n < steps - decay", "(steps - n)": "(steps - n - 1)"}),
    ("decay", {"(steps - n) / decay": "(steps - n + 1) / (decay + 1)"}),
    ("decay", {"(steps - n) / decay": "(1 + math.cos(math.pi * (n - steps + decay) / decay)) / 2"}),
    ("end", {"lr * (steps - n) / decay": "max(lr * (steps - n) / decay, 0.1 * lr)"}),
    ("end", {"n <= steps - decay:": "n <= steps - decay or n == steps:"}),
    ("raised", {"n <= warmup": "n / warmup <= 1"}),
    ("nothing", {"    return lr * (steps": "    lr * (steps"}),
]
