"""How much memory and time loading GPT-2 takes here, beside transformers.

    python benchmarks/load.py

Writes a random model of GPT-2 small's shape (124M parameters, 498 MB) into a temporary folder and loads it in fresh
processes, in turn with transformers where that is installed. Both map the file and read it only when it is used, so
each load is followed by reading every parameter once. Memory is the largest resident set through both, the file's
mapped pages included, above that of the process with its modules imported; Linux only. Exit status 1 when the
course's own loader needs more than 1.15 times the file's size, or longer than transformers for load or for both.
"""

import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median

LIMIT, ROUNDS = 1.15, 5

CHILD = """
import json, re, sys, time
import torch
{imports}

def resident(name):
    return 1024 * int(re.search(name + r":\\s*(\\d+)", open("/proc/self/status").read())[1])

open("/proc/self/clear_refs", "w").write("5")  # the largest resident set is counted anew from here
idle, start = resident("VmRSS"), time.perf_counter()
model = {call}
loaded = time.perf_counter() - start
with torch.no_grad():
    for parameter in model.parameters():
        parameter.sum()
used = time.perf_counter() - start
print(json.dumps([resident("VmHWM") - idle, loaded, used, sum(p.numel() for p in model.parameters())]))
"""
LOADERS = {
    "gptcourse.load_gpt2": ("from gptcourse.weights import load_gpt2", "load_gpt2(sys.argv[1])"),
    "transformers from_pretrained": (
        "from transformers import GPT2LMHeadModel",
        "GPT2LMHeadModel.from_pretrained(sys.argv[1])",
    ),
}


def load(name, folder):
    """Peak bytes above the idle process, seconds to load, and to load and read, in a process of its own."""
    imports, call = LOADERS[name]
    command = [sys.executable, "-c", CHILD.format(imports=imports, call=call), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *measured, count = json.loads(done.stdout.splitlines()[-1])
    assert count == 124_439_808
    return measured


def main():
    import torch

    from gptcourse.config import gpt2_config
    from gptcourse.model import GPT
    from gptcourse.weights import export_gpt2

    loaders = [name for name in LOADERS if find_spec(name.split(".")[0].split()[0])]
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        export_gpt2(GPT(gpt2_config("gpt2")), folder)
        size = (Path(folder) / "model.safetensors").stat().st_size
        runs = {name: [] for name in loaders}
        for _ in range(ROUNDS):
            for name in loaders:
                runs[name].append(load(name, folder))
    results = {}
    for name, rows in runs.items():
        peaks, *times = zip(*rows, strict=True)
        results[name] = max(peaks), *map(median, times)
    own = results[loaders[0]]
    print(f"{size:,} bytes; the largest peak and the median times of {ROUNDS} loads, and each by ours")
    print(f"{'':30} {'peak':>8} {'by file':>8} {'ratio':>6} {'load':>9} {'ratio':>6} {'and read':>9} {'ratio':>6}")
    for name, (peak, loaded, used) in results.items():
        ratios = [theirs / ours for theirs, ours in zip((peak, loaded, used), own, strict=True)]
        print(
            f"{name:30} {peak / 1e6:5.0f} MB {peak / size:8.3f} {ratios[0]:6.2f} "
            f"{loaded:7.3f} s {ratios[1]:6.2f} {used:7.3f} s {ratios[2]:6.2f}"
        )
    slower = any(theirs < ours for result in results.values() for theirs, ours in zip(result[1:], own[1:], strict=True))
    return 1 if own[0] > LIMIT * size or slower else 0


if __name__ == "__main__":
    sys.exit(main())
