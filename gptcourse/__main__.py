"""The course's one command: `python -m gptcourse <command>`.

Knows the commands' names and where they live, nothing of what they do. A command's module is
imported only when it is called, so that `--help` works in an environment without the build tools.
"""

import argparse
import importlib
import sys

from gptcourse.authoring import AuthoringError, find_root

PROGRAM = "python -m gptcourse"

# name -> (module with `main(argv) -> exit status`, one line for --help)
COMMANDS = {
    "book": ("gptcourse.authoring.book", "build the book in every language"),
    "serve": ("gptcourse.authoring.serve", "show the built book on this computer"),
    "run": ("gptcourse.authoring.run", "re-execute notebooks and store their outputs"),
    "sync": ("gptcourse.authoring.sync", "keep the translations in step with English"),
    "exercises": ("gptcourse.authoring.exercises", "assign, collect and grade the exercises"),
    "train": ("gptcourse.cli_train", "train a GPT on a text"),
    "generate": ("gptcourse.cli_generate", "write with a GPT: one of yours, a small one, or OpenAI's"),
    "export": ("gptcourse.cli_export", "hand a GPT on to Hugging Face's transformers"),
    "small": ("gptcourse.authoring.small", "train the shipped small models"),
}


def main(argv: list[str] | None = None) -> int:
    """Run the command that `argv` names; return its exit status."""
    arguments = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    module, _ = COMMANDS[arguments.command]
    try:
        if module.startswith("gptcourse.authoring.") and not {"-h", "--help"} & set(arguments.rest):
            find_root()  # fail early, and with the same words for every command that works on the checkout
        return importlib.import_module(module).main(arguments.rest)
    except AuthoringError as error:
        print(f"{PROGRAM} {arguments.command}: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if (error.name or "gptcourse").split(".")[0] == "gptcourse":
            raise  # a mistake in this package, not a missing dependency
        print(
            f"{PROGRAM} {arguments.command}: the package {error.name!r} is not installed. "
            "Install what the course is built with: pip install -r requirements.txt",
            file=sys.stderr,
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Train GPTs and write with them; build, show, re-execute and translate the course.",
        epilog="commands:\n"
        + "\n".join(f"  {name:<{width}}  {line}" for name, (_, line) in COMMANDS.items())
        + f"\n\nOptions of a command: {PROGRAM} <command> --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="command", help="one of: " + ", ".join(COMMANDS))
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="its own arguments")
    return parser


if __name__ == "__main__":
    sys.exit(main())
