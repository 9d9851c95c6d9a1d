"""Hand a model on to transformers from the command line: `python -m gptcourse export run.safetensors folder`."""

import argparse
import sys

import torch

from gptcourse.cli_generate import MODEL_HELP, load_model
from gptcourse.tokenizer_files import save_tokenizer
from gptcourse.weights import export_gpt2

PROGRAM = "python -m gptcourse export"
NUMBERS = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


def main(argv):
    """Export as `argv` says; return the exit status: 0, 1 for what cannot be done, 130 when interrupted."""
    arguments = _parser().parse_args(argv)
    try:
        model, tokenizer = load_model(arguments.model)
        export_gpt2(model, arguments.folder, NUMBERS[arguments.dtype])
        save_tokenizer(tokenizer, arguments.folder)
    except KeyboardInterrupt:
        return 130
    except (ValueError, OSError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 1
    print(f"{model.num_params():,} parameters and {tokenizer.n_vocab:,} tokens are in {arguments.folder}.")
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Write a model and its tokenizer as transformers' AutoModelForCausalLM and AutoTokenizer, and generate, "
        "load them.",
    )
    parser.add_argument("model", help=MODEL_HELP)
    parser.add_argument("folder", help="where config.json, model.safetensors and tokenizer.json go")
    parser.add_argument("--dtype", choices=NUMBERS, default="float32", help="kind of number to store (%(default)s)")
    return parser
