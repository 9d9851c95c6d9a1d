"""How fast a model is trained here, beside transformers and, where it is installed, llms-from-scratch.

    python benchmarks/train.py     # 4 layers, 4 heads, 128 channels, block 64, batch 12: one or two minutes

One thread, float32, nothing compiled, no dropout. All run the same bare loop with the same batches, the same fused
AdamW and the same clipping; `train` is the course's own loop around the same step. A last row runs nothing but the
matrix products of the linear layers, forward and backward: nobody who uses them can be faster. Each time is the best
of all steps, the programs taking turns.

Exit status 1 when the course is less than 1.65 times as fast as transformers or 1.95 times as fast as
llms-from-scratch's GPTModel (its GPTModelFast, a bonus outside the book's text, is shown without a bar).
"""

import sys
import time
from importlib.util import find_spec
from itertools import cycle

import torch
import torch.nn.functional as F

from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.model import GPT
from gptcourse.training import train

SIZES = GPTConfig(vocab_size=65, block_size=64, n_embd=128, n_head=4, n_layer=4)
BATCH, ROUNDS, STEPS = 12, 20, 8  # each program takes ROUNDS turns of STEPS steps
BARS = {"transformers": 1.65, "llms-from-scratch": 1.95}


def ours():
    model = GPT(SIZES)
    return model, lambda inputs, targets: model(inputs, targets)[1]


def transformers():
    from transformers import GPT2Config, GPT2LMHeadModel

    sizes = {"n_embd": SIZES.n_embd, "n_head": SIZES.n_head, "n_layer": SIZES.n_layer}
    sizes |= {"vocab_size": SIZES.vocab_size, "n_positions": SIZES.block_size}
    sizes |= {"resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0, "bos_token_id": None, "eos_token_id": None}
    model = GPT2LMHeadModel(GPT2Config(**sizes))
    return model, lambda inputs, targets: cross_entropy(model(inputs).logits, targets)


def llms_from_scratch(name):
    from llms_from_scratch import ch04

    sizes = {"vocab_size": SIZES.vocab_size, "context_length": SIZES.block_size, "emb_dim": SIZES.n_embd}
    sizes |= {"n_heads": SIZES.n_head, "n_layers": SIZES.n_layer, "drop_rate": 0.0, "qkv_bias": True}
    model = getattr(ch04, name)(sizes)
    return model, lambda inputs, targets: cross_entropy(model(inputs), targets)


def cross_entropy(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def bare_loop(model, loss_of, batches):
    """A function that takes one step of training; the same for all."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), fused=True)
    batches = cycle(batches)

    def step():
        loss = loss_of(*next(batches))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return step


def whole_train(tokens):
    """The same step within `train`, which also draws the batch, keeps the schedule and makes a record."""
    records = train(GPT(SIZES), tokens, TrainConfig(steps=(ROUNDS + 1) * STEPS, batch_size=BATCH))
    return lambda: next(records)


def products():
    """The matrix products of a step's linear layers alone: forward, gradient of the input, gradient of the weight."""
    C, rows = SIZES.n_embd, BATCH * SIZES.block_size
    layers = [(C, 3 * C), (C, C), (C, 4 * C), (4 * C, C)] * SIZES.n_layer + [(C, SIZES.vocab_size)]
    tensors = [(torch.randn(rows, i), torch.randn(o, i), torch.randn(rows, o)) for i, o in layers]

    def step():
        for x, weight, _ in tensors:
            x @ weight.T
        for x, weight, gradient in reversed(tensors):
            gradient @ weight
            gradient.T @ x

    return step


def measure():
    """{name: seconds of the best step}."""
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(SIZES.vocab_size, (10_000,), generator=generator)
    rows = tokens[: STEPS * BATCH * (SIZES.block_size + 1)].view(STEPS, BATCH, -1)
    batches = [(row[:, :-1], row[:, 1:]) for row in rows]
    steps = {
        "gptcourse": bare_loop(*ours(), batches),
        "gptcourse, train()": whole_train(tokens),
        "transformers": bare_loop(*transformers(), batches),
    }
    if find_spec("llms_from_scratch"):
        steps["llms-from-scratch"] = bare_loop(*llms_from_scratch("GPTModel"), batches)
        steps["llms-from-scratch Fast"] = bare_loop(*llms_from_scratch("GPTModelFast"), batches)
    steps["matrix products alone"] = products()
    best = dict.fromkeys(steps, float("inf"))
    for turn in range(ROUNDS + 1):
        for name, step in steps.items():
            for _ in range(STEPS):
                start = time.perf_counter()
                step()
                took = time.perf_counter() - start
                if turn:  # the first is for warming up
                    best[name] = min(best[name], took)
    return best


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    best = measure()
    own, alone = best["gptcourse"], best["matrix products alone"]
    print(f"{'program':24} {'ms a step':>9} {'tokens/s':>9}   gptcourse is    at most   wanted")
    for name, seconds in best.items():
        row = f"{name:24} {1000 * seconds:9.2f} {BATCH * SIZES.block_size / seconds:9,.0f}"
        if name in BARS:
            row += f" {seconds / own:8.2f} x as fast {seconds / alone:8.2f} {BARS[name]:8.2f}"
        else:
            row += f" {seconds / own:8.2f} x as fast"
        print(row)
    print(f"Matrix products are {alone / own:.0%} of a step; 'at most' is the ratio if they were all of it.")
    print(f"train() adds {best['gptcourse, train()'] / own - 1:.1%} to the bare loop.")
    return 0 if all(best[name] >= bar * own for name, bar in BARS.items() if name in best) else 1


if __name__ == "__main__":
    sys.exit(main())
