"""The exercises: one module each, `ch04/softmax.py` for "04-softmax".

    NUMBER, STARS   4.1 is exercise number 1 of chapter 4; its stars are its points
    NAMES           what the learner defines and hands to `check`: ("softmax",)
    cases(draw)     yields tuples of arguments: edge cases first, then some drawn from `draw`; data only (see inside/wire.py)
    verify(result, *arguments)
                    raises Wrong("key") for the first property that does not hold, compared with something that was not
                    copied from the solution
    SOLUTION        the code that `sync` writes into the folded cell
    ALTERNATIVES    at least two more programs that are right, in another style or with another dtype
    MUTANTS         at least four wrong ones: (key of the message, {old: new} in SOLUTION) or (key, whole program)

And where an exercise needs them:

    probe(*answers, *arguments)
                    how the learner's functions are called, if not once with the arguments. Its source is sent into the
                    sandbox: it imports what it needs inside itself, and knows no answer
    raises(*arguments)
                    name of the exception that is right here, or None
    PURE = True     the arguments must be left as they were
    RETURNS_NONE    None is a possible answer
    FORBIDDEN       names that the statement asks to do without: ("tril", "triu")
                    (".one_hot": only as an attribute or import, where the answer may well call something of its own so)
    GIVEN           code that stands before the answer, in place of the chapter's GIVEN (in ch04/__init__.py)
"""

import importlib
import inspect
import pkgutil
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gptcourse.exercises.inside.attempt import call
from gptcourse.labels import message

FOLDER = Path(__file__).parent
ID = re.compile(r"\d\d-[a-z0-9-]+")
PUBLIC_SEED = 0  # of the cases in a notebook; a grader has a secret one


@dataclass(frozen=True)
class Exercise:
    """One exercise, read from its module."""

    id: str
    number: int
    stars: int
    names: tuple[str, ...]
    cases: Callable
    verify: Callable
    probe: Callable
    raises: Callable
    pure: bool
    returns_none: bool
    forbidden: tuple[str, ...]
    given: str
    solution: str
    alternatives: list[str]
    mutants: list[tuple]

    @property
    def title(self):
        """ "4.1" """
        return f"{int(self.id[:2])}.{self.number}"

    @property
    def probe_source(self):
        """The code of the probe, "" for a plain call."""
        return "" if self.probe is call else inspect.getsource(self.probe)

    def drawn(self, seed=PUBLIC_SEED):
        """The cases of a seed, a list of tuples."""
        return list(self.cases(Draw(f"{self.id}/{seed}")))

    def wrong_programs(self):
        """(key, code) of each mutant. Raises ValueError for one that is the solution itself."""
        for key, change in self.mutants:
            code = change
            if isinstance(change, dict):
                code = self.solution
                for old, new in change.items():
                    if old not in code:
                        raise ValueError(f"{self.id}: the solution has no {old!r} to make a mutant of.")
                    code = code.replace(old, new)
            yield key, code


class Draw(random.Random):
    """Random numbers for cases: those of `random.Random`, and tensors."""

    def normal(self, *shape):
        """A float32 tensor of standard normal numbers."""
        import torch

        return torch.randn(shape, generator=self._generator())

    def uniform_tensor(self, *shape):
        """A float32 tensor of numbers from 0 to 1."""
        import torch

        return torch.rand(shape, generator=self._generator())

    def whole_tensor(self, low, high, *shape):
        """An int64 tensor of numbers from `low` to `high - 1`."""
        import torch

        return torch.randint(low, high, shape, generator=self._generator())

    def ids(self, length, vocab_size):
        """A list of ids."""
        return [self.randrange(vocab_size) for _ in range(length)]

    def _generator(self):
        import torch

        return torch.Generator().manual_seed(self.getrandbits(32))


@lru_cache
def ids(chapter=None):
    """The ids of the exercises that can be checked, in the order of the book; of one chapter ("04") if it is named."""
    folders = [f"ch{chapter}"] if chapter else [f"ch{n:02}" for n in range(11)]
    found = [load(f"{folder[2:]}-{module.name.replace('_', '-')}")
             for folder in folders for module in pkgutil.iter_modules([str(FOLDER / folder)])]  # fmt: skip
    return [each.id for each in sorted(found, key=lambda each: (each.id[:2], each.number))]


@lru_cache
def load(id):
    """The exercise called `id`. Raises ValueError for one that there is not."""
    chapter, _, name = str(id).partition("-")
    path = FOLDER / f"ch{chapter}" / f"{name.replace('-', '_')}.py"
    if not (ID.fullmatch(str(id)) and path.is_file()):
        known = ", ".join(each for each in ids() if each[:2] == chapter) or ", ".join(ids())
        raise ValueError(message("errors.unknown_exercise", id=id, known=known))
    package = f"gptcourse.exercises.ch{chapter}"
    module = importlib.import_module(f"{package}.{path.stem}")
    return Exercise(
        id=id,
        number=module.NUMBER,
        stars=module.STARS,
        names=tuple(module.NAMES),
        cases=module.cases,
        verify=module.verify,
        probe=getattr(module, "probe", call),
        raises=getattr(module, "raises", lambda *arguments: None),
        pure=getattr(module, "PURE", False),
        returns_none=getattr(module, "RETURNS_NONE", False),
        forbidden=tuple(getattr(module, "FORBIDDEN", ())),
        given=getattr(module, "GIVEN", importlib.import_module(package).GIVEN),
        solution=module.SOLUTION,
        alternatives=module.ALTERNATIVES,
        mutants=module.MUTANTS,
    )
