"""Stop training when the validation loss has not improved for some epochs."""

from gptcourse.exercises.expect import Wrong, ids, same

NUMBER, STARS = 7, 2
NAMES = ("early_stop",)
PURE = True


def cases(draw):
    losses = [5.0, 4.0, 4.5, 3.9, 4.0, 4.1, 3.0]
    yield [5.0, 4.0, 3.0], 2
    yield losses, 2
    yield losses, 1
    yield losses, 3
    yield [2.0, 2.0, 2.0], 2
    yield [4.0, 3.0, 3.5, 3.2, 3.1, 2.5], 3
    yield [1.0], 1
    yield [3.0, 2.0, 2.5], 3  # the list ends first, and not with the lowest
    for length in range(6, 11):
        yield [draw.choice([1.5, 2.0, 2.5, 3.0, 3.5]) for _ in range(length)], draw.randint(1, 3)


def verify(result, losses, patience):
    best, stopped = ids(result, 2, "pair")
    last = len(losses) - 1
    ends = (
        n for n in range(patience, last) if min(losses[: n - patience + 1]) <= min(losses[n - patience + 1 : n + 1])
    )
    end = next(ends, last)
    lowest = min(losses[: end + 1])
    if best != stopped and (stopped, best) == (losses.index(lowest), end):
        raise Wrong("value")  # in the other order: neither early nor late
    if stopped > last:
        raise Wrong("outside", got=stopped, last=last)
    if stopped != end:
        raise Wrong("early" if stopped < end else "late")
    if 0 <= best <= end and losses[best] == lowest and best != losses.index(lowest):
        raise Wrong("equal")
    same(best, losses.index(lowest), "best")


SOLUTION = """\
def early_stop(losses, patience):
    best = 0
    for n, loss in enumerate(losses):
        if loss < losses[best]:
            best = n
        elif n - best >= patience:
            return best, n
    return best, len(losses) - 1
"""

ALTERNATIVES = [
    """\
def early_stop(losses, patience):
    lowest, best, waited = math.inf, 0, 0
    for n, loss in enumerate(losses):
        if loss < lowest:
            lowest, best, waited = loss, n, 0
        else:
            waited += 1
        if waited == patience:
            break
    return [best, n]
""",
    """\
def early_stop(losses, patience):
    losses = torch.tensor(losses)
    stopped = 0
    while stopped < len(losses) - 1 and stopped - int(losses[: stopped + 1].argmin()) < patience:
        stopped += 1
    return losses[: stopped + 1].argmin(), stopped
""",
]

MUTANTS = [
    ("late", {">= patience": "> patience"}),
    ("late", {"loss < losses[best]": "loss < losses[n - 1]"}),
    ("early", {"n - best >= patience": "n - best >= patience - 1"}),
    (
        "early",
        "def early_stop(losses, patience):\n    best = waited = 0\n    for n, loss in enumerate(losses):\n"
        "        if loss < losses[best]:\n            best = n\n        elif n:\n            waited += 1\n"
        "        if waited == patience:\n            return best, n\n    return best, n\n",
    ),
    ("equal", {"loss < losses[best]": "loss <= losses[best]"}),
    ("best", {"return best, n\n": "return losses.index(min(losses)), n\n"}),
    ("best", {"return best, n\n": "return n, n\n"}),
    ("best", {"return best, len(losses) - 1": "return len(losses) - 1, len(losses) - 1"}),
    ("value", {"return best, n\n": "return n, best\n", "return best, len(losses) - 1": "return len(losses) - 1, best"}),
    ("outside", {"len(losses) - 1": "len(losses)"}),
    ("pair", {"return best, n\n": "return best\n", "return best, len(losses) - 1": "return best"}),
    ("nothing", {"    return best, len(losses) - 1\n": ""}),
]
