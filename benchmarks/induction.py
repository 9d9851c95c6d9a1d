"""An induction head, learned in a minute: after "… A B … A" comes B again.

    python benchmarks/induction.py           # five seeds, about half a minute each, one thread

A few symbols in random order, each once, and then the same again until the row is full. How many they are differs from
row to row, so that counting places does not help: the next symbol has to be looked up where the present one stood
before. Two layers learn it: a head of the first tells each token what stood before it, a head of the second finds the
token that was preceded by the present one (Olsson et al. 2022). The accuracy is of the likeliest token from the first
repetition on; the two attention figures are the largest share that any head gives, on average, to the token before, and to the
token after the last occurrence. Exit status 1 when an accuracy is not above 0.99.
"""

import argparse
import sys
import time
from dataclasses import replace

import torch
from torch import nn

from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.model import GPT
from gptcourse.training import train

SYMBOLS, LENGTH = 30, 48
SHORTEST, LONGEST = 4, 24  # before the repetition
CONFIG = GPTConfig(vocab_size=SYMBOLS, block_size=LENGTH, n_embd=64, n_head=2, n_layer=2, tied=False)
TRAINING = TrainConfig(steps=1200, batch_size=16, lr=3e-3, warmup=100, stride=LENGTH, betas=(0.9, 0.95))


def model_with_wide_weights():
    """A GPT with torch's own first weights, and tables to match: from GPT-2's, which are smaller, it takes far longer."""
    model = GPT(CONFIG)
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.reset_parameters()
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.3)
    return model


def repeated(rows, generator):
    """Rows of symbols (rows, LENGTH), and after how many symbols each begins again (rows, 1)."""
    symbols = torch.rand(rows, SYMBOLS, generator=generator).argsort(dim=1)  # each row in another order
    period = torch.randint(SHORTEST, LONGEST + 1, (rows, 1), generator=generator)
    return symbols.gather(1, torch.arange(LENGTH) % period), period


def scores(model, ids, period):
    """Accuracy from the repetition on, attention to the token before, and to the token after the last occurrence."""
    trace = model.trace(ids)
    place = torch.arange(LENGTH).expand_as(ids)
    known = (place >= period)[:, :-1]  # where the present symbol was seen before, and so was the next
    right = trace.logits[:, :-1].argmax(dim=-1) == ids[:, 1:]
    maps = torch.cat(trace.attention, dim=1)  # (rows, heads of all layers, T, T)
    before = maps.diagonal(-1, dim1=2, dim2=3).mean(dim=(0, 2))
    back = (place - period + 1).clamp(min=0)[:, None, :, None].expand(-1, maps.shape[1], -1, 1)
    after = maps.gather(3, back)[..., 0].transpose(1, 2)[place >= period].mean(dim=0)  # (places, heads) -> (heads,)
    return right[known].float().mean().item(), before.max().item(), after.max().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many (%(default)s)")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    reached = True
    print("seed  accuracy  token before  token after  seconds")
    for seed in range(arguments.seeds):
        generator = torch.Generator().manual_seed(seed)
        rows, _ = repeated(TRAINING.steps * TRAINING.batch_size + 1, generator)
        torch.manual_seed(seed)
        model = model_with_wide_weights()
        start = time.process_time()
        for _ in train(model, rows.flatten(), replace(TRAINING, seed=seed)):
            pass
        seconds = time.process_time() - start
        accuracy, before, after = scores(model, *repeated(200, generator))
        reached &= accuracy > 0.99
        print(f"{seed:4}  {accuracy:8.4f}  {before:12.3f}  {after:11.3f}  {seconds:7.0f}", flush=True)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
