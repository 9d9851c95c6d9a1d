"""How well a small model learns Shakespeare's characters in the budget of a well-known lecture.

    python benchmarks/shakespeare.py             # three seeds, a minute or two each
    python benchmarks/shakespeare.py --seeds 1

4 layers, 4 heads, 64 channels and a context of 32, trained for 5,000 steps of 16 windows: the sizes with which Andrej
Karpathy's lecture "Let's build GPT" ends on a CPU, at about 1.82. The loss is in nats per character over the whole
last tenth of Tiny Shakespeare, which is downloaded when it is not there yet. Exit status 1 when a seed stays above
1.85.
"""

import argparse
import sys
import time

import torch

from gptcourse import CharTokenizer, GPTConfig, TrainConfig, load_text
from gptcourse.batches import split
from gptcourse.model import GPT
from gptcourse.training import evaluate, train

LIMIT = 1.85


def run(train_tokens, val_tokens, vocab_size, seed):
    """Validation loss, mean training loss of the last 100 steps, and seconds of the training alone."""
    torch.manual_seed(seed)  # for the first weights; the batches have their own
    model = GPT(GPTConfig(vocab_size, 32, 64, 4, 4))
    config = TrainConfig(steps=5000, batch_size=16, lr=3e-3, warmup=100, seed=seed)
    start = time.perf_counter()
    losses = [record.train_loss for record in train(model, train_tokens, config)]
    seconds = time.perf_counter() - start
    return evaluate(model, val_tokens, batch_size=64), sum(losses[-100:]) / 100, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="how many trainings (default 3)")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    text = load_text("en", "tinyshakespeare")
    tokenizer = CharTokenizer(text)
    train_tokens, val_tokens = split(torch.tensor(tokenizer.encode(text)))
    print(f"{'seed':>4} {'val loss':>9} {'train loss':>11} {'seconds':>8}")
    worst = 0.0
    for seed in range(arguments.seeds):
        val_loss, train_loss, seconds = run(train_tokens, val_tokens, tokenizer.n_vocab, seed)
        worst = max(worst, val_loss)
        print(f"{seed:4} {val_loss:9.4f} {train_loss:11.4f} {seconds:8.1f}", flush=True)
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
