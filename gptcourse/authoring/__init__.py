"""Tools for those who write the course: build the book, keep five languages in step.

They work on a checkout of the course's repository and are never imported by a notebook.
"""

from argparse import ArgumentTypeError
from pathlib import Path


class AuthoringError(Exception):
    """Something a person can repair; the message says what was wrong and what to do."""


def find_root(start: Path | None = None) -> Path:
    """Return the checkout that `start` (by default the current folder) lies in.

    Raises AuthoringError outside of a checkout.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "_config.yml").is_file() and (folder / "book" / "en").is_dir():
            return folder
    raise AuthoringError(
        f"{start} is not inside the course's repository (no _config.yml with book/en beside it). "
        "Clone the repository and call the command from there."
    )


def at_least_one(text: str) -> int:
    """A whole number from one upwards, as argparse's `type`."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise ArgumentTypeError(f"{text!r} must be a whole number of at least 1")
    return number
