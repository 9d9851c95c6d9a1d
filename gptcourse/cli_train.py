"""Train a GPT from the command line: `python -m gptcourse train tinyshakespeare --out run.safetensors`.

On several processes: `torchrun --nproc-per-node=2 -m gptcourse train …`. The checkpoint holds, beside what `train` keeps,
the tokenizer: `load_checkpoint(file)` gives it as state["tokenizer"], for `restore`.
"""

import argparse
import contextlib
import sys
import time
import warnings
from dataclasses import MISSING, fields
from pathlib import Path

import torch

from gptcourse.batches import split
from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.data import load_text
from gptcourse.distributed import processes, rank
from gptcourse.labels import SOURCE, languages
from gptcourse.model import GPT
from gptcourse.tokenizer_files import describe
from gptcourse.tokenizers import CharTokenizer, gpt2_tokenizer, train_bpe
from gptcourse.training import best_file, train

PROGRAM = "python -m gptcourse train"
DEFAULTS = {"block_size": 64, "steps": 1000}  # of what has none in Python
HELP = {
    "block_size": "context window, in tokens",
    "n_embd": "length of a token's vector",
    "n_head": "attention heads per block",
    "n_layer": "blocks",
    "dropout": "share of activations dropped out in training",
    "bias": "biases in linear layers and LayerNorm",
    "tied": "input embedding and output head are one matrix",
    "steps": "updates of the weights",
    "batch_size": "windows per step, over all processes",
    "lr": "highest learning rate",
    "min_lr": "learning rate of the last step (default: a tenth of --lr)",
    "warmup": "steps in which the learning rate rises",
    "weight_decay": "AdamW's weight decay, of matrices only",
    "betas": "how slowly AdamW's two averages forget",
    "clip": "longest gradient allowed",
    "stride": "epochs over windows this many tokens apart (default: windows at random)",
    "eval_every": "steps between two validation losses; the checkpoint is written then",
    "eval_batches": "batches a validation loss is averaged over",
    "seed": "of first weights, batches and dropout",
}


def main(argv):
    """Train as `argv` says; return the exit status: 0, 1 for what cannot be done, 130 when interrupted."""
    arguments = _parser().parse_args(argv)
    try:
        with processes() as device, _plain_warnings():
            return _train(arguments, device)
    except (ValueError, OSError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 1


def _train(arguments, device):
    out = Path(arguments.out)
    if out.exists() and not arguments.resume:
        raise OSError(f"{out} exists: pass --resume to go on from it, or another name to --out.")
    if not out.absolute().parent.is_dir():
        raise OSError(f"{out.parent} is no folder: create it, or pass another --out.")
    text = load_text(arguments.lang, arguments.text)
    tokenizer = make_tokenizer(arguments.tokenizer, text)
    train_tokens, val_tokens = (torch.tensor(tokenizer.encode(part)) for part in split(text))
    config = _settings(GPTConfig, arguments, vocab_size=tokenizer.n_vocab)
    settings = _settings(TrainConfig, arguments)
    torch.manual_seed(settings.seed)
    model = GPT(config).to(device)

    first = rank() == 0
    if first:
        print(f"{len(train_tokens):,} + {len(val_tokens):,} tokens, {model.num_params():,} parameters, {device.type}")
    records = train(
        model,
        train_tokens,
        settings,
        val_tokens,
        checkpoint=out,
        resume=arguments.resume,
        extra={"tokenizer": describe(tokenizer)},
        progress=sys.stderr.isatty(),
    )
    start, step, tokens, already = time.perf_counter(), None, 0, None
    for record in records:
        already = record.tokens_seen * (record.step - 1) // record.step if already is None else already
        step, tokens = record.step, record.tokens_seen - already
        if record.val_loss is not None and first:
            print(f"step {step:>6}  train {record.train_loss:.4f}  val {record.val_loss:.4f}  lr {record.lr:.2e}")
    if first and step is None:
        print(f"{out} has been trained for {settings.steps} steps already.")
    elif first:
        print(f"{tokens / (time.perf_counter() - start):,.0f} tokens per second; saved: {out}, {best_file(out)}")
    return 0 if step in (None, settings.steps) else 130


def make_tokenizer(name, text):
    """The tokenizer called "chars", "bpe:<vocabulary size>" or "gpt2". Raises ValueError for another name."""
    kind, _, size = name.partition(":")
    if name == "chars":
        return CharTokenizer(text)
    if name == "gpt2":
        return gpt2_tokenizer()
    if kind == "bpe" and size.isdecimal():
        return train_bpe(text, int(size))
    raise ValueError(f"There is no tokenizer {name!r}: choose chars, gpt2, or bpe:1000 for a vocabulary of 1000.")


def _settings(kind, arguments, **given):
    names = [field.name for field in fields(kind) if field.name not in given]
    values = {name: getattr(arguments, name) for name in names}
    return kind(**given, **{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})


def _parser():
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__.splitlines()[0].split(":")[0] + ".")
    parser.add_argument("text", help="name of a text (story, tinyshakespeare, …) or path of a UTF-8 file")
    parser.add_argument(
        "--out",
        required=True,
        help="the checkpoint to write, as run.safetensors; the best one becomes run.best.safetensors",
    )
    parser.add_argument("--lang", default=SOURCE, choices=languages(), help="language of a named text (%(default)s)")
    parser.add_argument("--tokenizer", default="chars", help="chars, gpt2, or bpe:<vocabulary size> (%(default)s)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint if it exists")
    for title, kind in (("the model", GPTConfig), ("the training", TrainConfig)):
        group = parser.add_argument_group(title)
        for field in fields(kind):
            if field.name != "vocab_size":  # the tokenizer's
                group.add_argument(f"--{field.name.replace('_', '-')}", **_option(field))
    return parser


def _option(field):
    """What argparse must know about a setting."""
    default = DEFAULTS[field.name] if field.default is MISSING else field.default
    options = {"default": default, "help": HELP[field.name]}
    if default is not None:
        options["help"] += f" ({default})"
    if field.type is bool:
        return {**options, "action": argparse.BooleanOptionalAction}
    if field.name == "betas":
        return {**options, "type": float, "nargs": 2}
    return {**options, "type": int if field.type in (int, int | None) else float}


@contextlib.contextmanager
def _plain_warnings():
    """Warnings as a sentence, without the line of code they come from."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda text, *_: print(f"{PROGRAM}: {text}", file=sys.stderr)
        yield
