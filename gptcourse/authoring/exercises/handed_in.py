"""What one student handed in: notebooks under any ending, in zips of their own too, and other files, under safe names."""

import io
import json
import os
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain, count

from gptcourse.authoring.exercises.archive import LONGEST, Entry, Refused, is_junk, shown, zip_entries

MOST_STUDENT = 256 * 2**20  # bytes of one student, unpacked
MOST_FILES = 200

COPY = re.compile(
    r"(?P<stem>.*?)(?: ?\((?P<browser>[0-9]{1,9})\)|-(?P<canvas>[0-9]{1,9}))?(?P<ending>(?:\.[A-Za-z]\w*)*)"
)
ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
RESERVED = {"CON", "PRN", "AUX", "NUL"} | {f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"}


class Enough(Refused):
    """One student's files are more than can be taken."""


@dataclass
class Item:
    """A file to keep; `order` sorts from the oldest to the newest."""

    name: str
    data: bytes
    time: float
    order: tuple


@dataclass
class HandedIn:
    """One student's notebooks and other files, under names that are safe and differ, and what was odd."""

    taken_names: set[str]  # that none of the files may have
    encoding: str | None = None  # of names in zips, see archive.py
    notebooks: list[Item] = field(default_factory=list)
    others: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0

    def read(self, files: list[tuple[tuple, str, Entry]]) -> None:
        """Take the files (age, name, entry), the zips among them too; what is refused becomes a note."""
        for age, name, entry in files:
            try:
                data = self._bytes(entry)
                if name.lower().endswith(".zip"):
                    self._unpack(name, data, entry.time, (*age, copies(name)))
                elif not self._take_notebook(name, data, entry.time, (*age, copies(name))):
                    self._keep(name, data, entry.time)
                    self.notes.append(f"{shown(name)} is no notebook (kept)")
            except Enough as enough:
                self.notes.append(f"the rest {enough}")
                break
            except Refused as refused:
                self.notes.append(f"{shown(name)} {refused} (left out)")
        self.notebooks.sort(key=lambda item: item.order)
        _tell_apart([*self.notebooks, *self.others], self.taken_names)

    def _bytes(self, entry):
        if len(self.notebooks) + len(self.others) >= MOST_FILES:
            raise Enough(f"is left out: more than {MOST_FILES} files from one student")
        data = entry.read()
        self.size += len(data)
        if self.size > MOST_STUDENT:
            raise Enough(f"is left out: more than {MOST_STUDENT / 2**20:.0f} MB from one student")
        return data

    def _take_notebook(self, name, data, moment, order):
        good = looks_like_notebook(data)
        if not good and not name.lower().endswith(".ipynb"):
            return False
        kept = safe_name(notebook_stem(name) + ".ipynb")
        self.notebooks.append(Item(kept, data, moment, order))
        if not name.lower().endswith(".ipynb"):
            self.notes.append(f"{shown(name)} kept as {kept}")
        if not good:
            self.notes.append(f"{shown(name)} cannot be read as a notebook")
        return True

    def _keep(self, name, data, moment):
        self.others.append(Item(safe_name(name), data, moment, ()))

    def _unpack(self, name, data, moment, order):
        """Take the notebooks of a student's own zip; keep the zip if anything else is in it. Zips in it stay packed."""
        before, left = len(self.notebooks), []
        try:
            for entry in zip_entries(io.BytesIO(data), self.encoding):
                if not is_junk(entry.parts) and not self._take_inner(name, entry, order):
                    left.append(shown(entry.parts[-1]))
        except Enough:
            raise
        except Refused as refused:
            self._keep(name, data, moment)
            self.notes.append(f"{shown(name)} {refused} (kept, not unpacked)")
            return
        found = len(self.notebooks) - before
        self.notes.append(f"{found} notebook{'' if found == 1 else 's'} in {shown(name)}")
        if left or not found:
            self._keep(name, data, moment)
            more = f" and {len(left) - 3} more" if len(left) > 3 else ""
            self.notes.append(f"{shown(name)} kept" + (f", it also holds {', '.join(left[:3])}{more}" if left else ""))

    def _take_inner(self, zip_name, entry, order):
        name = entry.parts[-1]
        if os.path.splitext(name)[1].lower() not in (".ipynb", ".json", ".txt", ""):
            return False
        try:
            return self._take_notebook(name, self._bytes(entry), entry.time, (*order, entry.time, copies(name)))
        except Enough:
            raise
        except Refused as refused:
            self.notes.append(f"{shown(name)} in {shown(zip_name)} {refused} (left out)")
            return False


def looks_like_notebook(data: bytes) -> bool:
    """Whether a file's bytes are a notebook, of any version, whatever its name ends in."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and any(isinstance(content.get(key), list) for key in ("cells", "worksheets"))


def notebook_stem(name: str) -> str:
    """ "hw" for "hw.ipynb", "HW.IPYNB" (as "HW"), "hw.ipynb.txt", "hw.json" and "hw"."""
    at = name.lower().find(".ipynb")
    return name[:at] if at > 0 else os.path.splitext(name)[0]


def copies(name: str) -> tuple:
    """Sorts "hw.ipynb", "hw-1.ipynb", "hw-2.ipynb", "hw (10).ipynb" in this order, as Canvas and browsers number copies."""
    if found := COPY.fullmatch(name[:LONGEST]):  # longer ones could take it long
        return (found["stem"].casefold(), int(found["browser"] or found["canvas"] or 0), name)
    return (name.casefold(), 0, name)


def safe_name(name: str, longest: int = 120) -> str:
    """A name that Windows, macOS and Linux take, of at most `longest` bytes; letters of every script stay as they are."""
    name = re.sub(r'[<>:"/\\|?*]', "_", shown(name)).strip(" .")
    ending = found[0] if (found := ENDING.search(name)) else ""
    stem = name[: len(name) - len(ending)][:longest]
    while len((stem + ending).encode()) > longest:
        stem = stem[:-1]
    stem = stem.strip(" .") or "unnamed"
    return f"_{stem}{ending}" if stem.split(".")[0].rstrip().upper() in RESERVED else stem + ending


def same(name: str) -> str:
    """Names that are one file on some system have this in common."""
    return unicodedata.normalize("NFC", name).casefold()


def free_name(name: str, taken: set[str]) -> str:
    """`name`, or "hw (2).ipynb", "hw (3).ipynb", …: one that is not yet `taken`, which it joins."""
    stem, ending = os.path.splitext(name)
    names = chain([name], (f"{stem} ({n}){ending}" for n in count(2)))
    free = next(name for name in names if same(name) not in taken)
    taken.add(same(free))
    return free


def _tell_apart(items, taken):
    for item in items:
        item.name = free_name(item.name, taken)
