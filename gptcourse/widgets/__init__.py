"""The interactive pieces of the course: `gptcourse.widgets.<name>(...)`, the function `<name>` of the file `<name>.py`.

A file is imported when its name is first asked for: some need torch, which takes seconds. What a piece is made of, and
how it comes into a notebook and into the book, says `host`.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType

__all__ = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if f"\ndef {path.stem}(" in path.read_text(encoding="utf-8")
)


class _Package(ModuleType):
    """Importing `next_token.py` would put that module where its function belongs; here the function stays."""

    def __setattr__(self, name, value):
        super().__setattr__(name, getattr(value, name, value) if isinstance(value, ModuleType) else value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    importlib.import_module(f"{__name__}.{name}")
    return globals()[name]


def __dir__():
    return sorted({*globals(), *__all__})
