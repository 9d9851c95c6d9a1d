"""A training that goes on from a file as if it had never stopped."""

from gptcourse.exercises.ch08 import GIVEN as IMPORTS
from gptcourse.exercises.expect import Wrong, close, numbers, sequence, tensor

NUMBER, STARS = 6, 2
NAMES = ("resume_epoch",)

GIVEN = f"""\
{IMPORTS}
config = gptcourse.GPTConfig(3, 2, n_embd=2, n_head=1, n_layer=1)


def train_epoch(model, optimizer, number): ...
"""


def cases(draw):
    yield "both.pt", draw.randint(3, 30)  # the chapter has shown 2


def probe(resume_epoch, file, number):
    """With a model and an epoch as small as can be, in place of the chapter's."""
    import tempfile
    from pathlib import Path

    import torch

    import gptcourse

    def train_epoch(model, optimizer, number):
        losses, draws = [], torch.Generator().manual_seed(number)
        for _ in range(3):
            loss = (model.wte.weight * torch.randn(3, 2, generator=draws)).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    config = gptcourse.GPTConfig(3, 2, n_embd=2, n_head=1, n_layer=1, bias=False)
    model = gptcourse.GPT(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    torch.nn.init.ones_(model.wte.weight)
    train_epoch(model, optimizer, number - 1)
    space, own = resume_epoch.__globals__, {"config": config, "train_epoch": train_epoch}
    before = {name: space[name] for name in own if name in space}
    space.update(own)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            both = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": number - 1}
            torch.save(both, Path(folder) / file)
            result = resume_epoch(Path(folder) / file, number)
    finally:
        for name in own:
            space.pop(name, None)
        space.update(before)
    if isinstance(result, tuple | list) and result and isinstance(result[0], gptcourse.GPT):
        return (result[0].wte.weight, *result[1:])
    return result


def verify(result, file, number):
    pair = sequence(result, key="pair")
    if len(pair) != 2:
        raise Wrong("pair")
    table, losses = tensor(pair[0], (3, 2), "pair"), numbers(pair[1], 3, "pair")
    saved, weights, wanted = never_stopped([number - 1, number])
    if abs(losses[0] - wanted[3]) > 1e-4:
        others = [never_stopped([number - 1, other])[2][3] for other in (1, 2, number - 1, number + 1)]
        raise Wrong("number" if any(abs(losses[0] - other) < 1e-4 for other in others) else "saved")
    if (table - saved).abs().max() < 1e-6:
        raise Wrong("stuck")
    close(losses, wanted[3:], "averages", atol=1e-4)
    close(table, weights, "averages", atol=1e-4)


def never_stopped(epochs, lr=1e-2, decay=1e-2):
    """AdamW by its formulas: the table before the last epoch, the table after it, and all losses."""
    import torch

    table, mean, square, losses = (*torch.ones(1, 3, 2), 0, 0, [])
    for number in epochs:
        before, draws = table, torch.Generator().manual_seed(number)
        for _ in range(3):
            slopes = torch.randn(3, 2, generator=draws)
            losses.append((table * slopes).sum().item())
            mean, square, step = 0.9 * mean + 0.1 * slopes, 0.999 * square + 0.001 * slopes**2, len(losses)
            size = (square / (1 - 0.999**step)).sqrt() + 1e-8
            table = table * (1 - lr * decay) - lr * mean / (1 - 0.9**step) / size
    return before, table, losses


SOLUTION = """\
def resume_epoch(file, number):
    kept = torch.load(file, weights_only=True)
    model = gptcourse.GPT(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    model.load_state_dict(kept["model"])
    optimizer.load_state_dict(kept["optimizer"])
    return model, train_epoch(model, optimizer, number)
"""

ALTERNATIVES = [
    """\
from gptcourse import GPT


def resume_epoch(file, number):
    saved = torch.load(str(file))
    model = GPT(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(saved["model"][name])
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    optimizer.load_state_dict(saved["optimizer"])
    losses = train_epoch(model, optimizer, number)
    return [model, tuple(losses)]
""",
    """\
def resume_epoch(file, number):
    saved = torch.load(file, weights_only=True)
    model = gptcourse.GPT(config)
    model.load_state_dict(saved["model"])
    optimizer = torch.optim.AdamW(model.parameters())
    optimizer.load_state_dict(saved["optimizer"])
    losses = train_epoch(model, optimizer, number)
    return model, torch.tensor(losses, dtype=torch.float64)
""",
]

MUTANTS = [
    ("averages", {'    optimizer.load_state_dict(kept["optimizer"])\n': ""}),
    ("saved", {'    model.load_state_dict(kept["model"])\n': ""}),
    ("stuck", {"AdamW(model.": "AdamW(gptcourse.GPT(config)."}),
    ("number", {"optimizer, number)": "optimizer, 1)"}),
    ("number", {"optimizer, number)": "optimizer, 2)"}),
    ("number", {"optimizer, number)": 'optimizer, kept["epoch"])'}),
    ("pair", {"return model, train_epoch": "return train_epoch"}),
    ("nothing", {"return model, ": ""}),
]
