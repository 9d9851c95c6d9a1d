"""A power law through points: a straight line through their logarithms, with the least squares."""

import math

from gptcourse.exercises.expect import Wrong, close, numbers

NUMBER, STARS = 6, 2
NAMES = ("power_law",)


def cases(draw):
    yield [10.0, 100.0, 5000.0, 1e6], [3 * x**-0.34 for x in [10.0, 100.0, 5000.0, 1e6]]
    yield [1, 2, 4], [8, 8, 4]
    yield [2.0, 3.0], [5.0, 7.0]
    for n in range(3, 7):
        xs = draw.sample(range(1, 60), n)
        a, b = draw.uniform(0.5, 5), draw.uniform(0.1, 1)
        yield xs, [a * x**-b * math.exp(draw.gauss(0, 0.3)) for x in xs]


def verify(result, xs, ys):
    import torch

    a, b = numbers(result, 2)
    points = torch.tensor([[1, -math.log(x)] for x in xs], dtype=torch.float64)
    heights = torch.tensor([[math.log(y)] for y in ys], dtype=torch.float64)
    log_a, right_b = torch.linalg.lstsq(points, heights).solution.flatten().tolist()
    right = [math.exp(log_a), right_b]
    often = {
        "swapped": [right[1], right[0]],
        "sign": [right[0], -right[1]],
        "log_a": [log_a, right[1]],
    }
    for key, wrong in often.items():
        if _agree([a, b], wrong) and not _agree([a, b], right):
            raise Wrong(key)
    misses = [abs(math.log(y) - log_a + right_b * math.log(x)) for x, y in zip(xs, ys, strict=True)]
    close([a, b], right, "on_the_line" if max(misses) < 1e-6 else "beside_the_line")


def _agree(a, b):
    return all(math.isclose(x, y, rel_tol=1e-4, abs_tol=1e-5) for x, y in zip(a, b, strict=True))


SOLUTION = """\
def power_law(xs, ys):
    x = torch.tensor([float(each) for each in xs]).double().log()
    y = torch.tensor([float(each) for each in ys]).double().log()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return (y.mean() - slope * x.mean()).exp().item(), -slope.item()
"""

ALTERNATIVES = [
    """\
import numpy as np


def power_law(xs, ys):
    slope, height = np.polyfit(np.log(xs), np.log(ys), 1)
    return np.exp(height), -slope
""",
    """\
import math


def power_law(xs, ys):
    x, y = [math.log10(each) for each in xs], [math.log10(each) for each in ys]
    n = len(x)
    slope = n * sum(a * b for a, b in zip(x, y)) - sum(x) * sum(y)
    slope /= n * sum(a * a for a in x) - sum(x) ** 2
    return [10 ** ((sum(y) - slope * sum(x)) / n), -slope]
""",
    """\
def power_law(xs, ys):
    x, y = torch.tensor(xs).float().log(), torch.tensor(ys).float().log()
    slope, height = torch.linalg.lstsq(torch.stack([x, torch.ones_like(x)], 1), y[:, None]).solution
    return torch.cat([height.exp(), -slope])
""",
]

MUTANTS = [
    ("sign", {"-slope.item()": "slope.item()"}),
    ("log_a", {".exp()": ""}),
    (
        "swapped",
        {
            "(y.mean() - slope * x.mean()).exp().item(), -slope.item()": (
                "-slope.item(), (y.mean() - slope * x.mean()).exp().item()"
            )
        },
    ),
    ("on_the_line", {".double().log()": ".double()"}),
    ("on_the_line", {"log()\n    slope": "log10()\n    slope"}),
    ("on_the_line", {"(y.mean() - slope * x.mean())": "y.mean()"}),
    (
        "beside_the_line",
        {
            "((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()": "(y[-1] - y[0]) / (x[-1] - x[0])",
        },
    ),
    ("nothing", {"return ": ""}),
]
