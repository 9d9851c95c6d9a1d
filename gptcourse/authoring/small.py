"""Train the small models that come with the package: `python -m gptcourse small [lang …] [--name tales|story]`.

RECIPES is all there is to tune. The same recipe, texts, machine and versions give the same bytes.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from gptcourse import tales
from gptcourse.authoring import AuthoringError, find_root
from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.data import load_text
from gptcourse.labels import languages
from gptcourse.model import GPT
from gptcourse.sample import generate
from gptcourse.small import NAMES
from gptcourse.tokenizer_files import load_tokenizer, save_tokenizer
from gptcourse.tokenizers import train_bpe
from gptcourse.training import evaluate, train
from gptcourse.weights import export_gpt2, load_gpt2

MOST_BYTES = 2_000_000  # of one model's folder: a page that runs the model has to fetch it
UNSEEN = {"chars": 150_000, "seed": 1}  # tales for the validation loss


@dataclass(frozen=True)
class Recipe:
    """A text, a vocabulary, a model and its training."""

    vocab_size: int
    sizes: dict  # GPTConfig's, without the vocabulary
    training: TrainConfig
    chars: int = 1_500_000  # of tales; a story is as long as it is


RECIPES = {
    "tales": Recipe(  # whole words are tokens, the longest story fits in, and tied tables would learn more slowly
        vocab_size=1024,
        sizes={"block_size": 80, "n_embd": 64, "n_head": 4, "n_layer": 2, "tied": False},
        training=TrainConfig(steps=3000, batch_size=8, lr=5e-3, min_lr=0, warmup=50, betas=(0.9, 0.95), eval_every=500),
    ),
    "story": Recipe(  # small and long enough to learn by heart, which is its purpose
        vocab_size=600,
        sizes={"block_size": 64, "n_embd": 128, "n_head": 4, "n_layer": 4},
        training=TrainConfig(steps=1440, batch_size=8, lr=3e-3, min_lr=0, warmup=50, eval_every=240),
    ),
}


def make(lang, name, folder, recipe=None):
    """Train the model `name` of `lang`, write it into `folder`, print losses and what the files then can do."""
    recipe = recipe or RECIPES[name]
    text = load_text(lang, name, chars=recipe.chars)
    tokenizer = train_bpe(text, recipe.vocab_size)
    tokens = torch.tensor(tokenizer.encode(text))
    torch.manual_seed(recipe.training.seed)
    model = GPT(GPTConfig(recipe.vocab_size, **recipe.sizes))
    print(f"{lang} {name}: {len(tokens):,} tokens, {model.num_params():,} parameters", flush=True)
    began = time.perf_counter()
    settings, losses = recipe.training, []
    for record in train(model, tokens, settings):
        losses.append(record.train_loss)
        if record.step % settings.eval_every == 0 or record.step == settings.steps:
            mean = sum(losses[-settings.eval_every :]) / len(losses[-settings.eval_every :])
            print(f"  step {record.step:>6}  train {mean:.4f}  {time.perf_counter() - began:.0f} s", flush=True)
    if len(losses) < settings.steps:
        raise AuthoringError(f"interrupted, so {folder} was left as it was.")
    export_gpt2(model, folder, dtype=torch.float16)
    save_tokenizer(tokenizer, folder)
    model, tokenizer = load_gpt2(folder), load_tokenizer(folder)  # with the rounded numbers that readers get
    print("  " + (_on_unseen(lang, model, tokenizer) if name == "tales" else _by_heart(model, tokens)))
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"  {size:,} bytes in {folder}", flush=True)
    if size > MOST_BYTES:
        raise AuthoringError(f"{folder} has {size:,} bytes, and {MOST_BYTES:,} are allowed: make the model smaller.")


def recited(model, tokens, prompt=32, new=32, count=200):
    """How much of a text is known by heart: `prompt` tokens from a random place are continued greedily by `new`.

    Returns the share of places continued without a mistake, and the share of tokens before the first one.
    """
    places = torch.randint(len(tokens) - prompt - new + 1, (count,), generator=torch.Generator().manual_seed(0))
    window = tokens[places[:, None] + torch.arange(prompt + new)]  # (count, prompt + new)
    same = generate(model, window[:, :prompt], new, temperature=0)[:, prompt:] == window[:, prompt:]
    right = same.cumprod(dim=1)  # 1 up to the first mistake
    return right[:, -1].float().mean().item(), right.float().mean().item()


def _by_heart(model, tokens):
    whole, part = recited(model, tokens)
    return f"of 200 places {whole:.1%} are continued by heart for 32 tokens; {part:.1%} of the tokens before a mistake"


def _on_unseen(lang, model, tokenizer):
    unseen = tales.generate(lang, **UNSEEN)
    tokens = torch.tensor(tokenizer.encode(unseen.text))
    loss = evaluate(model, tokens)
    per_char = loss * len(tokens) / len(unseen.text)
    return f"unseen tales: {loss:.4f} nats per token, {per_char:.4f} per character; possible are {unseen.entropy:.4f}"


def main(argv):
    """Run `small` with its command-line arguments; returns the exit status."""
    arguments = _parser().parse_args(argv)
    langs = arguments.langs or languages()
    if unknown := [lang for lang in langs if lang not in languages()]:
        raise AuthoringError(f"there is no language {unknown[0]!r}: choose among {', '.join(languages())}.")
    models = find_root() / "gptcourse" / "models"
    torch.set_num_threads(1)  # sums of several threads are rounded in another order
    for name in [arguments.name] if arguments.name else NAMES:
        for lang in langs:
            if has_text(lang, name):
                make(lang, name, models / lang / name)
            else:
                print(f"{lang} {name}: the language has no such text yet, so no model was trained.")
    return 0


def has_text(lang, name):
    """Whether a language has a text of its own to train the model on."""
    if name == "tales":
        return tales.has_tales(lang)
    return (Path(__file__).parents[1] / "corpora" / lang / f"{name}.txt").is_file()


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m gptcourse small", description="Train the small models that come with the package."
    )
    parser.add_argument("langs", nargs="*", metavar="lang", help="such as hu; all when left out")
    parser.add_argument("--name", choices=NAMES, help="one of the models; both when left out")
    return parser
