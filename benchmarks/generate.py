"""How fast a model writes here, beside transformers and, where it is installed, llms-from-scratch.

    python benchmarks/generate.py            # 4 layers, 4 heads, 128 channels, block 64: a few seconds
    python benchmarks/generate.py --gpt2     # also GPT-2 small's shape with 512 tokens of context: a minute, 3 GB

One thread, one row, random weights, and the same number of tokens for all; each time is the best of several runs, the
programs taking turns. All take the likeliest token: drawing costs each of them the same call. Exit status 1 when the
small model is less than 1.5 times as fast as the faster of the others, or the large one slower than transformers.
"""

import argparse
import sys
import time
from importlib.util import find_spec

import torch

from gptcourse.config import GPTConfig
from gptcourse.model import GPT
from gptcourse.sample import generate

SMALL = GPTConfig(vocab_size=65, block_size=64, n_embd=128, n_head=4, n_layer=4)
GPT2 = GPTConfig(vocab_size=50257, block_size=1024, n_embd=768, n_head=12, n_layer=12)


def ours(config, ids, count):
    model = GPT(config)
    return lambda: generate(model, ids, count, temperature=0)


def transformers(config, ids, count):
    from transformers import GPT2Config, GPT2LMHeadModel

    sizes = {"n_embd": config.n_embd, "n_head": config.n_head, "n_layer": config.n_layer}
    sizes |= {"vocab_size": config.vocab_size, "n_positions": config.block_size}
    model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=None, eos_token_id=None)).eval()
    mask = torch.ones_like(ids)
    return lambda: model.generate(ids, attention_mask=mask, do_sample=False, max_new_tokens=count)


def llms_from_scratch(config, ids, count):
    """Its faster model, without a cache: in version 1.0.19 its GPT-2 with a cache fails at the second token."""
    from llms_from_scratch.ch04 import GPTModelFast, generate_text_simple

    sizes = {"vocab_size": config.vocab_size, "context_length": config.block_size, "emb_dim": config.n_embd}
    sizes |= {"n_heads": config.n_head, "n_layers": config.n_layer, "drop_rate": 0.0, "qkv_bias": True}
    model = GPTModelFast(sizes).eval()
    return lambda: generate_text_simple(model, ids, count, config.block_size)


def measure(config, context, count, rounds):
    """{name: tokens per second} for `count` tokens after a prompt of `context`."""
    ids = torch.randint(config.vocab_size, (1, context), generator=torch.Generator().manual_seed(0))
    programs = {"gptcourse": ours, "transformers": transformers}
    if find_spec("llms_from_scratch") and config is SMALL:  # reading 512 tokens for each new one takes it minutes
        programs["llms-from-scratch"] = llms_from_scratch
    runs = {name: make(config, ids, count) for name, make in programs.items()}
    best = dict.fromkeys(runs, float("inf"))
    for turn in range(rounds + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            written = run()
            took = time.perf_counter() - start
            assert written.shape == (1, context + count), name
            if turn:  # the first is for warming up
                best[name] = min(best[name], took)
    return {name: count / seconds for name, seconds in best.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gpt2", action="store_true", help="also measure GPT-2 small's shape")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    cases = [("4x4x128, block 64", SMALL, 1, 63, 10, 1.5)]
    if arguments.gpt2:
        cases.append(("GPT-2 small, 512 context", GPT2, 512, 32, 2, 1.0))
    reached = True
    print(f"{'model':26} {'program':18} {'tokens/s':>9}   gptcourse is")
    for label, config, context, count, rounds, bar in cases:
        rates = measure(config, context, count, rounds)
        own = rates["gptcourse"]
        for name, rate in rates.items():
            print(f"{label:26} {name:18} {rate:9.1f} {own / rate:9.2f} x as fast")
        others = [rate for name, rate in rates.items() if name != "gptcourse"]
        reached = reached and own >= bar * max(others)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
