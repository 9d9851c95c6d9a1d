"""The loss log of chapter 5 at full size: one line per piece that is added on the way from a bigram table to a GPT.

    python benchmarks/loss_log.py                       # three seeds, 5,000 steps each: about ten minutes on one thread
    python benchmarks/loss_log.py --steps 500 --seeds 1 --only scale "as in GPT-2"

Characters of Tiny Shakespeare (downloaded when it is not there yet), batches of 16 windows, AdamW at 1e-3: the budget with
which Andrej Karpathy's lecture "Let's build GPT" ends on a CPU. Up to LayerNorm 32 channels, a window of 8 and, where
there are blocks, 4 of them; then 64 channels and a window of 32, the 209,729 parameters of the lecture; at last the same
sizes with GPT-2's details, which is `gptcourse.GPT`. The loss is in nats per character over the whole last tenth of the
text. Exit status 1 when the lecture's model stays above 1.87, or when a line that should be lower than the one before it
is not.
"""

import argparse
import math
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

from gptcourse import GPT, CharTokenizer, GPTConfig, get_batch, load_text, split
from gptcourse.batches import windows

BATCH, LIMIT = 16, 1.87
LR = {"bigram": 1e-2}  # its logits begin as N(0, 1) and have to go far; 1e-3 for all others
FALLING = "bigram, one head, four heads, feed-forward, + residuals, scale".split(", ")  # each well below the one before


class Attention(nn.Module):
    """Causal attention with H heads, q, k and v without bias as in the lecture."""

    def __init__(self, C, H):
        super().__init__()
        self.H = H
        self.q, self.k, self.v = (nn.Linear(C, C, bias=False) for _ in "qkv")
        self.proj = nn.Linear(C, C)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (part(x).view(B, T, self.H, C // self.H).transpose(1, 2) for part in (self.q, self.k, self.v))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # (B, H, T, D)
        return self.proj(mixed.transpose(1, 2).reshape(B, T, C))


def feed_forward(C):
    return nn.Sequential(nn.Linear(C, 4 * C), nn.ReLU(), nn.Linear(4 * C, C))


class Block(nn.Module):
    """Attention and feed-forward; with residual connections and LayerNorm, or without."""

    def __init__(self, C, H, residual, norm):
        super().__init__()
        self.parts = nn.ModuleList([Attention(C, H), feed_forward(C)])
        self.norms = nn.ModuleList(nn.LayerNorm(C) if norm else nn.Identity() for _ in self.parts)
        self.residual = residual

    def forward(self, x):
        for part, norm in zip(self.parts, self.norms, strict=True):
            y = part(norm(x))
            x = x + y if self.residual else y
        return x


class Bigram(nn.Module):
    """One table: a token's row is the logits of the next."""

    def __init__(self, V):
        super().__init__()
        self.table = nn.Embedding(V, V)

    def forward(self, ids):
        return self.table(ids)


class Model(nn.Module):
    """Two tables, `body`, a head."""

    def __init__(self, V, T, C, *body):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, C), nn.Embedding(T, C)
        self.body = nn.Sequential(*body)
        self.head = nn.Linear(C, V)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        return self.head(self.body(x))


class WithoutLoss(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids):
        return self.model(ids)[0]


def lines(V):
    """name -> (a function that builds the model, its window)."""

    def blocks(C, residual, norm):
        return [Block(C, 4, residual, norm) for _ in range(4)] + ([nn.LayerNorm(C)] if norm else [])

    return {
        "bigram": (lambda: Bigram(V), 8),
        "one head": (lambda: Model(V, 8, 32, Attention(32, 1)), 8),
        "four heads": (lambda: Model(V, 8, 32, Attention(32, 4)), 8),
        "feed-forward": (lambda: Model(V, 8, 32, Attention(32, 4), feed_forward(32)), 8),
        "4 blocks, bare": (lambda: Model(V, 8, 32, *blocks(32, False, False)), 8),
        "+ residuals": (lambda: Model(V, 8, 32, *blocks(32, True, False)), 8),
        "+ LayerNorm": (lambda: Model(V, 8, 32, *blocks(32, True, True)), 8),
        "scale": (lambda: Model(V, 32, 64, *blocks(64, True, True)), 32),
        "as in GPT-2": (lambda: WithoutLoss(GPT(GPTConfig(V, 32, 64, 4, 4))), 32),
    }


def fit(model, tokens, steps, block_size, lr, seed):
    """Train in place; seconds."""
    optimizer = torch.optim.AdamW(model.parameters(), lr)
    generator = torch.Generator().manual_seed(seed)
    start = time.perf_counter()
    for _ in range(steps):
        x, y = get_batch(tokens, BATCH, block_size, generator)
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - start


@torch.no_grad()
def validation_loss(model, tokens, block_size):
    """Mean over all windows side by side."""
    inputs, targets = windows(tokens, block_size)
    losses = [
        F.cross_entropy(model(x.long()).flatten(0, 1), y.long().flatten(), reduction="sum").item()
        for x, y in zip(inputs.split(256), targets.split(256), strict=True)
    ]
    return sum(losses) / inputs.numel()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=5000, help="of each training (%(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="how many (%(default)s)")
    parser.add_argument("--only", nargs="+", metavar="line", help="these lines, by name; all when left out")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    text = load_text("en", "tinyshakespeare")
    tokenizer = CharTokenizer(text)
    train_tokens, val_tokens = split(torch.tensor(tokenizer.encode(text)))
    print(f"{arguments.steps:,} steps; ln {tokenizer.n_vocab} = {math.log(tokenizer.n_vocab):.4f}")
    print(
        f"{'piece':<15} {'parameters':>10}  {'val loss, seed by seed':<{8 * arguments.seeds}} {'mean':>7} {'seconds':>8}"
    )
    means = {}
    every = lines(tokenizer.n_vocab)
    for name, (build, block_size) in {name: every[name] for name in arguments.only or every}.items():
        losses, seconds = [], 0.0
        for seed in range(arguments.seeds):
            torch.manual_seed(seed)
            model = build()
            seconds += fit(model, train_tokens, arguments.steps, block_size, LR.get(name, 1e-3), seed)
            losses.append(validation_loss(model, val_tokens, block_size))
        means[name] = sum(losses) / len(losses)
        size = sum(parameter.numel() for parameter in model.parameters())
        shown = " ".join(f"{loss:7.4f}" for loss in losses)
        print(f"{name:<15} {size:>10,}  {shown}  {means[name]:7.4f} {seconds / len(losses):8.1f}", flush=True)
    order = [means[name] for name in FALLING if name in means]
    return 0 if means.get("scale", 0) <= LIMIT and order == sorted(order, reverse=True) else 1


if __name__ == "__main__":
    sys.exit(main())
