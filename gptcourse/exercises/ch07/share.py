"""The probability of one token at a temperature."""

import math

from gptcourse.exercises.expect import Wrong, close, number

NUMBER, STARS = 1, 1
NAMES = ("share",)
PURE = True


def cases(draw):
    import torch

    logits = torch.tensor([4.51, 0.89, -1.90, 6.75, 1.63, -1.62, -1.89, 6.28, 1.79])
    yield logits, 6, 5
    yield logits, 3, 1
    yield logits, 7, 0.05
    yield torch.tensor([1000.0, 999.0]), 1, 1
    for length in range(3, 8):
        yield draw.normal(length) * 3, draw.randrange(length), round(draw.uniform(0.4, 5), 2)


def verify(result, logits, i, temperature):
    scores = logits.double().tolist()

    def exact(temperature):
        return 1 / sum(math.exp((score - scores[i]) / temperature) for score in scores)

    share = number(result)
    if math.isnan(share):
        raise Wrong("large")
    if share < 0 or share > 1 + 1e-6:
        raise Wrong("range", got=round(share, 3))
    if abs(exact(temperature) - share) > 1e-4:
        if abs(exact(1) - share) < 1e-5:
            raise Wrong("ignored")
        if abs(exact(1 / temperature) - share) < 1e-5:
            raise Wrong("multiplied")
    close(share, exact(temperature))


SOLUTION = """\
def share(logits, i, temperature):
    return float(torch.softmax(logits / temperature, dim=-1)[i])
"""

ALTERNATIVES = [
    """\
def share(logits, i, temperature):
    scores = [z / temperature for z in logits.tolist()]
    top = max(scores)
    return math.exp(scores[i] - top) / sum(math.exp(z - top) for z in scores)
""",
    """\
def share(logits, i, temperature):
    scaled = logits.double() / temperature
    return (scaled[i] - scaled.logsumexp(0)).exp()
""",
    """\
def share(logits, i, temperature):
    return gptcourse.probabilities(logits, temperature)[i].item()
""",
]

MUTANTS = [
    ("ignored", {" / temperature": ""}),
    ("multiplied", {"logits / temperature": "logits * temperature"}),
    ("large", {"torch.softmax(logits / temperature, dim=-1)[i]": "exps[i] / exps.sum()",
               "    return": "    exps = (logits / temperature).exp()\n    return"}),
    ("raised", {"torch.softmax(logits / temperature, dim=-1)[i]": "exps[i] / sum(exps)",
                "    return": "    exps = [math.exp(z / temperature) for z in logits.tolist()]\n    return"}),
    ("range", {"torch.softmax(logits / temperature, dim=-1)[i]": "logits[i] / temperature"}),
    ("value", {"logits / temperature, dim=-1)[i]": "logits, dim=-1)[i] / temperature"}),
    ("value", {"[i]": "[i - 1]"}),
    ("number", {"float(": "", "[i])": ""}),
    ("changed", {"logits / temperature": "logits.div_(temperature)"}),
]  # fmt: skip
