"""The solution of exercise 4.8, which no check covers: it trains."""

import json
import math
import re
from pathlib import Path

import torch
import torch.nn.functional as F

import gptcourse

NOTEBOOK = Path(__file__).resolve().parents[1] / "book" / "en" / "04-attention.ipynb"
CELLS = {cell["id"]: "".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]}


def test_layers():
    """With the chapter's own cells: two layers of one head learn what one layer with four heads does not."""
    space = {"math": math, "torch": torch, "F": F, "nn": torch.nn, "gptcourse": gptcourse}
    for name in (
        "attend",
        "head-class",
        "tiny-class",
        "fit",
        "rows",
        "heads-class",
        "induction-train",
        "induction-accuracy",
    ):
        blocks = re.split(r"\n\n\n", CELLS[name])  # only what defines something, without what is run or shown
        defined = [block for block in blocks if block.startswith(("def ", "class ", "@", "SYMBOLS"))]
        exec("\n\n".join(defined), space)
        if name == "rows":
            space["SYMBOLS"], space["T"] = 30, 32
    space["ids"], period = space["repeated"](200, torch.Generator().manual_seed(1))
    space["known"] = torch.arange(space["T"] - 1) >= period
    exec("\n".join(re.findall(r"```python\n(.*?)```", CELLS["solution-8"], re.S)), space)
    lookup_accuracy = space["lookup_accuracy"]
    assert lookup_accuracy(1, 4, seed=0) < 0.6 < 0.95 < lookup_accuracy(2, 1, seed=0)
