"""The secret seed and the hidden cases: a folder outside the repository, given by `--private`.

    seed.txt            any text; the cases of all exercises are drawn from it
    04-softmax.py       hidden cases of one exercise: a function `cases(draw)`, as in the exercise's own module; they are
                        tried after the exercise's own

`examples/private` in the repository is such a folder, to copy.
"""

import hashlib
import runpy
from dataclasses import dataclass
from pathlib import Path

from gptcourse.authoring import AuthoringError
from gptcourse.exercises import spec


@dataclass(frozen=True)
class Private:
    """A seed, and the folder of hidden cases, None without one."""

    seed: str = str(spec.PUBLIC_SEED)
    folder: Path | None = None

    def cases(self, exercise: spec.Exercise) -> list[tuple]:
        """The cases that an exercise is graded with. Raises AuthoringError for hidden cases that cannot be used."""
        drawn = exercise.drawn(self.seed)
        path = self.folder and self.folder / f"{exercise.id}.py"
        if not (path and path.is_file()):
            return drawn
        try:
            hidden = [
                tuple(case) for case in runpy.run_path(str(path))["cases"](spec.Draw(f"{exercise.id}/{self.seed}"))
            ]
        except Exception as error:  # whatever the instructor's own code raises
            raise AuthoringError(f"{path}: {type(error).__name__}: {error}. It needs a function cases(draw) that "
                                 "yields tuples of arguments.") from None  # fmt: skip
        return drawn + hidden

    def digest(self) -> str:
        """Changes with the seed and with the hidden cases."""
        digest = hashlib.sha256(self.seed.encode())
        for path in sorted(self.folder.glob("*.py")) if self.folder else []:
            digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()


def read(folder: Path | None) -> Private:
    """The private folder of an instructor. Raises AuthoringError for one without a seed."""
    if folder is None:
        return Private()
    path = folder / "seed.txt"
    if not path.is_file():
        raise AuthoringError(
            f"{folder} has no seed.txt. Put any secret text into it, such as a line of random letters."
        )
    seed = path.read_text(encoding="utf-8", errors="backslashreplace").strip()  # PowerShell may write UTF-16
    if not seed:
        raise AuthoringError(f"{path} is empty. Put any secret text into it, such as a line of random letters.")
    unknown = [each.name for each in folder.glob("*.py") if each.stem not in spec.ids()]
    if unknown:
        raise AuthoringError(f"{folder}: there is no exercise called {unknown[0].removesuffix('.py')!r}. "
                             "A file of hidden cases is named like its exercise: 04-softmax.py.")  # fmt: skip
    return Private(seed, folder)
