"""What the growing loss curves cost a training in a notebook.

    python benchmarks/live_loss.py           # a minute or two

In a real kernel, one thread, with a client that takes every message, as a notebook's server does: the model of the
tales (gptcourse/authoring/small.py) is trained twice with the same batches, once as `train(…)`, once as
`loss_curves(train(…))`, taking turns of 100 steps. The cost is the median, over all pairs of turns, of the kernel's
processor time with the chart divided by that without, less 1: all threads count, other programs do not. The same by
the clock is printed beside it. Exit status 1 when the cost is above 3 %.
"""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

LIMIT, ROUNDS, STEPS = 0.03, 12, 100
RESULT = "result "  # how the line begins on which the kernel tells what it found


def measure():
    """Runs in the kernel: takes the turns and prints [processor seconds, seconds by the clock] of each as JSON."""
    import torch

    from gptcourse import tales
    from gptcourse.authoring.small import RECIPES
    from gptcourse.config import GPTConfig
    from gptcourse.model import GPT
    from gptcourse.tokenizers import train_bpe
    from gptcourse.training import train
    from gptcourse.widgets import loss_curves

    torch.set_num_threads(1)
    recipe = RECIPES["tales"]
    text = tales.generate("en", 100_000, 0).text
    tokens = torch.tensor(train_bpe(text, recipe.vocab_size).encode(text))
    settings = replace(recipe.training, eval_every=recipe.training.steps)

    def training():
        torch.manual_seed(0)
        return train(GPT(GPTConfig(recipe.vocab_size, **recipe.sizes)), tokens, settings)

    runs = {"without": training(), "with": loss_curves(training(), "GPT", baselines={"ln V": 6.93})}
    took = {name: [] for name in runs}
    for turn in range(ROUNDS + 1):
        for name in sorted(runs, reverse=turn % 2):
            before = time.process_time(), time.perf_counter()
            for _ in range(STEPS):
                next(runs[name])
            if turn:  # the first is for warming up, and for imports
                took[name].append((time.process_time() - before[0], time.perf_counter() - before[1]))
    print(RESULT + json.dumps(took))


def run_in_kernel():
    """What `measure` found, and how many messages came in all."""
    from jupyter_client.manager import start_new_kernel

    os.environ.pop("GPTCOURSE_STATIC", None)
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        folder = str(Path(__file__).parent)
        asked = client.execute(f"import sys; sys.path.insert(0, {folder!r}); import live_loss; live_loss.measure()")
        found, messages = None, 0
        while True:
            message = client.get_iopub_msg(timeout=600)
            kind, content = message["msg_type"], message["content"]
            messages += kind == "comm_msg"
            if kind == "error":
                sys.exit("\n".join(content["traceback"]))
            if kind == "stream" and content["text"].startswith(RESULT):
                found = json.loads(content["text"].removeprefix(RESULT))
            ended = kind == "status" and content["execution_state"] == "idle"
            if ended and message["parent_header"].get("msg_id") == asked:
                return found, messages
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main():
    found, messages = run_in_kernel()
    print(f"{'':18} {'ms a step':>10} {'by the clock':>13}")
    for name, turns in found.items():
        print(
            f"{name + ' the chart':18}", *(f"{1000 * median(each) / STEPS:10.2f}" for each in zip(*turns, strict=True))
        )
    pairs = list(zip(found["with"], found["without"], strict=True))
    cost, by_clock = (median(chart[n] / bare[n] for chart, bare in pairs) - 1 for n in (0, 1))
    print(f"cost: {cost:.1%}; by the clock {by_clock:.1%}")
    rate = messages / sum(seconds for _, seconds in found["with"])
    print(f"{rate:.1f} messages a second while the training with the chart has its turn")
    return 0 if cost <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
