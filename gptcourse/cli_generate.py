"""Write with a model from the command line: `python -m gptcourse generate small:hu --prompt "Egyszer"`.

`load_model` finds a model and its tokenizer by what a person types; `export` uses it too.
"""

import argparse
import os
import sys
from pathlib import Path

import torch

from gptcourse.authoring import at_least_one
from gptcourse.checkpoint import load_checkpoint
from gptcourse.sample import stream
from gptcourse.small import load_small
from gptcourse.tokenizer_files import FILE, load_tokenizer, restore
from gptcourse.tokenizers import END_OF_TEXT, CharTokenizer, gpt2_tokenizer
from gptcourse.weights import load_gpt2

PROGRAM = "python -m gptcourse generate"
MODEL_HELP = (
    "a checkpoint of train; small, small:<lang> or small:<lang>:story; gpt2, gpt2-medium, gpt2-large, gpt2-xl; "
    "or a folder with GPT-2's files, whose tokenizer is GPT-2's unless it holds a tokenizer.json"
)


def main(argv):
    """Write as `argv` says; return the exit status: 0, 1 for what cannot be done, 130 when interrupted."""
    arguments = _parser().parse_args(argv)
    try:
        _generate(arguments)
    except KeyboardInterrupt:
        print()
        return 130
    except BrokenPipeError:  # whoever reads has read enough, as in … | head
        # Python still wants to write what is left at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 1
    return 0


def load_model(name):
    """The model called `name` and its tokenizer: a small one, a checkpoint's, or what `load_gpt2` takes.

    Raises ValueError and OSError as these do, and ValueError for a vocabulary too small for its tokenizer.
    """
    first, *rest = name.split(":")
    if first == "small" and len(rest) < 3:
        return load_small(*rest)
    if Path(name).is_file():
        model, state = load_checkpoint(name)
        if "tokenizer" not in state:
            raise ValueError(f"{name} holds no tokenizer: take a checkpoint that python -m gptcourse train wrote.")
        tokenizer = restore(state["tokenizer"])
    else:
        model = load_gpt2(name)
        tokenizer = load_tokenizer(name) if (Path(name) / FILE).is_file() else gpt2_tokenizer()
    if model.config.vocab_size < tokenizer.n_vocab:
        raise ValueError(
            f"The model of {name} knows {model.config.vocab_size} tokens and its tokenizer {tokenizer.n_vocab}: "
            f"put the model's own {FILE} beside its weights."
        )
    return model, tokenizer


def _generate(arguments):
    model, tokenizer = load_model(arguments.model)
    prompt, end = arguments.prompt, None
    if not isinstance(tokenizer, CharTokenizer):
        special = tokenizer.special_tokens_set
        if found := [token for token in special if token in prompt]:
            raise ValueError(f"The prompt holds {found[0]}, which stands between texts: give text only.")
        end = tokenizer.encode_single_token(END_OF_TEXT) if END_OF_TEXT in special else None
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    random = torch.Generator()
    seed = random.seed() if arguments.seed is None else arguments.seed
    if not 0 <= seed < 2**64:
        raise ValueError(f"--seed {seed} is out of range: give a whole number from 0 to 2**64 - 1.")
    random.manual_seed(seed)
    sys.stdout.reconfigure(errors="replace")  # a terminal of another encoding should show what it can
    for number in range(arguments.count):
        pieces = stream(
            model, tokenizer, prompt, arguments.max_new_tokens, arguments.temperature, arguments.top_k, arguments.top_p,
            end, random,
        )  # fmt: skip
        if arguments.count > 1:
            print(f"--- {number + 1} of {arguments.count} ---")
        print(prompt.lstrip("\n"), end="", flush=True)
        for piece in pieces:
            print(piece, end="", flush=True)
        print()
    if arguments.seed is None and sys.stderr.isatty():
        print(f"(the same again: --seed {seed})", file=sys.stderr)


def _parser():
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Write with a GPT, starting from a prompt.")
    parser.add_argument("model", help=MODEL_HELP)
    parser.add_argument("--prompt", default="\n", metavar="TEXT", help="text to go on from (default: an empty line)")
    parser.add_argument("--max-new-tokens", type=int, default=200, metavar="N", help="tokens to write (%(default)s)")
    parser.add_argument(
        "--temperature", type=float, default=0.8, help="0: the likeliest token each time; higher: bolder (%(default)s)"
    )
    parser.add_argument("--top-k", type=int, metavar="K", help="draw among the K likeliest tokens only")
    parser.add_argument("--top-p", type=float, metavar="P", help="draw among the likeliest that reach the share P")
    parser.add_argument("--seed", type=int, help="a number: the same one gives the same text (default: chance)")
    parser.add_argument("--count", type=at_least_one, default=1, metavar="N", help="texts to write (%(default)s)")
    return parser
