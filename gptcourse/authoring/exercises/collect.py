"""`exercises collect`: from what Moodle or Canvas gives, or a folder, to one folder per student with a student.json.

How the platforms name files, and where that is from:

- Moodle, mod/assign/classes/downloader.php: "Full Name_12345_assignsubmission_file/path/hw.ipynb" (older versions end the
  folder in `file_`); without "Download submissions in folders" "Full Name_12345_assignsubmission_file_hw.ipynb". A `_` in a
  name becomes a space. The number is the one of the grading worksheet ("Participant 12345") and another in each assignment;
  with blind marking all are called "Participant"; for group submissions name and number are the group's. Nothing says when
  a file was handed in, or whether late. `assignsubmission_onlinetext` is text from Moodle's editor.
- Canvas, lib/content_zipper.rb: "doejane_12345_67890_hw.ipynb": the sortable name without spaces and signs, LATE if it was,
  the student's id (the column ID of the gradebook), the number of the file. "anon_x7Yz2_67890_hw.ipynb" if anonymous;
  "…_12345_text.html" and "…_link.html" are no files. A second file of the same name is "hw-1.ipynb"
  (`Attachment.make_unique_filename`). For group assignments the name is the group's, the id that of one member.

student.json: {"name", "id", "lms": "moodle" | "canvas" | "folder", "late", "files": notebooks, oldest first, "others"}.
The files' times rise in the same order.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises.archive import Entry, Refused, folder_entries, is_junk, shown, zip_entries
from gptcourse.authoring.exercises.handed_in import (
    HandedIn,
    free_name,
    looks_like_notebook,
    notebook_stem,
    safe_name,
    same,
)

RECORD = "student.json"
PLATFORMS = ("moodle", "canvas", "folder")

MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<id>[0-9]{1,20}))?_assignsubmission_(?P<kind>[a-z0-9]+)(?:_(?P<rest>.*))?")
CANVAS = [
    re.compile(who + what)
    for who in (
        "(?P<late>LATE_)?(?P<id>anon_[A-Za-z0-9]{1,20})_",
        "(?P<name>.+?)_(?P<late>LATE_)?(?P<id>[0-9]{1,20})_",
    )
    for what in (r"(?P<number>[0-9]{1,20})_(?P<rest>.+)", r"(?P<rest>(?:text|link)\.html)")
]


def add_arguments(parser):
    """Declare the options: what to collect and where to."""
    parser.add_argument("source", type=Path, help="the platform's zip, the same unpacked, or a folder of notebooks")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the class; what others have there stays"
    )
    parser.add_argument("--from", dest="platform", choices=PLATFORMS, help="where it comes from, if names do not tell")
    parser.add_argument(
        "--zip-names", metavar="ENCODING", help="of names in zips that are not UTF-8, such as cp866 (default cp437)"
    )


@dataclass(frozen=True)
class Owner:
    """Who handed a file in, as far as its name tells; `kind` is "file", or what the platform has besides files."""

    lms: str
    id: str
    name: str
    late: bool = False
    kind: str = "file"
    number: int = 0  # Canvas counts its files

    @property
    def key(self) -> tuple[str, str, str]:
        """The same for the same student in every zip."""
        return (self.lms, self.id, "" if self.id else self.name)


def owner_of(parts: tuple[str, ...], platform: str) -> tuple[Owner, str] | None:
    """(owner, name of the file) of a file that is named as Moodle or Canvas does, else None."""
    if platform == "moodle" and (found := MOODLE.fullmatch(parts[0])):
        name = parts[-1] if len(parts) > 1 else found["rest"]
        return (Owner("moodle", found["id"] or "", shown(found["name"]), kind=found["kind"]), name) if name else None
    for pattern in CANVAS if platform == "canvas" else ():
        if found := pattern.fullmatch(parts[0]):
            known = found.groupdict()
            number, kind = int(known.get("number") or 0), "file" if "number" in known else "text"
            name = shown(known.get("name") or known["id"])
            owner = Owner("canvas", known["id"], name, bool(known["late"]), kind, number)
            return owner, parts[-1] if len(parts) > 1 else known["rest"]
    return None


def plain_owner(entry: Entry) -> tuple[Owner, str] | None:
    """(owner, name of the file) in a folder of notebooks or of students' folders; None for a file that is neither."""
    if len(entry.parts) > 1:
        return Owner("folder", "", shown(entry.parts[0])), entry.parts[-1]
    name = entry.parts[0]
    ending = os.path.splitext(name)[1].lower()
    if not (ending in (".ipynb", ".zip", ".pdf") or ending in (".txt", ".json", "") and _is_notebook(entry)):
        return None
    return Owner("folder", "", shown(notebook_stem(name))), name


def _is_notebook(entry):
    try:
        return looks_like_notebook(entry.read())
    except Refused:
        return False


def platform_of(entries: list[Entry]) -> str:
    """ "moodle", "canvas" or "folder": how the files are named."""
    if any(owner_of(entry.parts, "moodle") for entry in entries):
        return "moodle"
    owners = [found[0] for entry in entries if (found := owner_of(entry.parts, "canvas"))]
    numbers = [owner.number for owner in owners if owner.kind == "file"]
    names = {(owner.id, owner.name) for owner in owners}
    # Canvas gives no number to two files, and no id to two students. So these are not from Canvas:
    # hw_2024_10_anna.ipynb and hw_2024_10_bob.ipynb, anna_2024_10_hw.ipynb and bob_2024_11_hw.ipynb.
    plausible = len(set(numbers)) == len(numbers) and len({id for id, _ in names}) == len(names)
    return "canvas" if owners and plausible else "folder"


def unwrapped(entries: list[Entry], from_zip: bool) -> list[Entry]:
    """The entries without a folder that holds everything and is nobody's, such as the one that a zip was unpacked into."""
    levels = [entries]
    while len({entry.parts[0] for entry in levels[-1]}) == 1 and all(len(entry.parts) > 1 for entry in levels[-1]):
        levels.append([replace(entry, parts=entry.parts[1:]) for entry in levels[-1]])
    for level in levels[:4]:
        if platform_of(level) != "folder":
            return level
    # People pack a folder of notebooks; a folder that they name is the class.
    return levels[min(from_zip, len(levels) - 1)]


class Class:
    """The folder of a class: which student is where. Raises AuthoringError for a damaged student.json."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.known = {}
        for record in sorted(folder.glob(f"*/{RECORD}")):
            student = read_record(record)
            self.known[Owner(student["lms"], student["id"], student["name"]).key] = record.parent
        self.taken = {same(path.name) for path in folder.iterdir()} if folder.is_dir() else set()

    def place(self, owner: Owner) -> Path:
        """The folder of a student: the one that is there, or a new one, told apart by id and, if need be, a number."""
        if owner.key not in self.known:
            name = safe_name(owner.name, 100)
            name = f"{name}_{owner.id}" if owner.id and owner.id != owner.name else name
            self.known[owner.key] = self.folder / free_name(name, self.taken)
        return self.known[owner.key]

    def store(self, owner: Owner, handed_in: HandedIn) -> tuple[Path, int]:
        """Write what a student handed in; return folder and number of notebooks.

        Earlier files of other names stay, and count as older.
        """
        folder = self.place(owner)
        if folder.is_symlink():
            raise AuthoringError(f"{folder} is a link to somewhere else. Remove it, or choose another --out.")
        folder.mkdir(parents=True, exist_ok=True)
        record = folder / RECORD
        before = read_record(record) if record.is_file() else {"name": owner.name}
        if before["name"] != owner.name:
            handed_in.notes.append(f"was {shown(before['name'])} before")
        spelled = {same(path.name): path.name for path in folder.iterdir()}
        for item in (items := [*handed_in.notebooks, *handed_in.others]):
            item.name = spelled.get(same(item.name), item.name)  # HW.ipynb and hw.ipynb are one file on Windows
            write_whole(folder / item.name, item.data)
        new = {item.name for item in items}
        stay = {
            key: [name for name in before.get(key, []) if name not in new and (folder / name).is_file()]
            for key in ("files", "others")
        }
        if stay["files"]:
            handed_in.notes.append(f"from before: {', '.join(stay['files'])}")
        files = stay["files"] + [item.name for item in handed_in.notebooks]
        _let_times_rise(folder, files, {item.name: item.time for item in handed_in.notebooks})
        others = stay["others"] + [item.name for item in handed_in.others]
        student = {"name": owner.name, "id": owner.id, "lms": owner.lms, "late": owner.late}
        text = json.dumps({**student, "files": files, "others": others}, ensure_ascii=False, indent=1)
        write_whole(record, f"{text}\n".encode())
        return folder, len(files)


def read_record(path: Path) -> dict:
    """What a student.json says. Raises AuthoringError where it is damaged."""
    try:
        student = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(student["files"], list) and all(isinstance(student[key], str) for key in ("lms", "id", "name")):
            return student
    except (ValueError, KeyError, TypeError):
        pass
    raise AuthoringError(f"{path} is damaged. Remove that student's folder, and collect it again.")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that is the same already is left alone."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
        return
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    part.write_bytes(data)
    os.replace(part, path)


def _let_times_rise(folder, names, times):
    """Let the times of files rise in the order of their names: where two are equally good, the newest counts."""
    latest = 0.0
    for name in names:
        latest = max(times.get(name) or (folder / name).stat().st_mtime, latest + 2)  # FAT counts in steps of 2 s
        os.utime(folder / name, (latest, latest))


@contextmanager
def entries_of(source: Path, out: Path, encoding: str | None = None) -> Iterator[list[Entry]]:
    """The files of a zip or a folder, without junk. Raises AuthoringError for what cannot or should not be read."""
    if source.is_dir():
        if source.resolve() == out.resolve():
            raise AuthoringError(f"{out} is what you collect from. Choose another --out.")
        yield unwrapped([entry for entry in folder_entries(source, out) if not is_junk(entry.parts)], from_zip=False)
        return
    if not source.is_file():
        raise AuthoringError(f"there is no {source}. Name the zip that Moodle or Canvas gave, or a folder.")
    with source.open("rb") as file:
        try:
            entries = [entry for entry in zip_entries(file, encoding) if not is_junk(entry.parts)]
        except Refused as refused:
            raise AuthoringError(
                f"{source} {refused}. Download it again; if it is as it should be, unpack it yourself "
                "and name the folder instead of the zip."
            ) from None
        yield unwrapped(entries, from_zip=True)


@dataclass(frozen=True)
class Row:
    """A student in the table that `collect` prints."""

    folder: str
    notebooks: int
    late: bool
    notes: list[str]


def collect(
    source: Path, out: Path, platform: str | None = None, encoding: str | None = None
) -> tuple[list[Row], list[str]]:
    """Fill the class `out` from `source`; return a row for each student, and sentences about the rest.

    Raises AuthoringError where nothing can be collected.
    """
    try:
        b"x".decode(encoding or "utf-8", "replace")
    except LookupError:
        raise AuthoringError(f"Python knows no encoding {encoding!r}. Try cp866, cp852 or cp1256.") from None
    with entries_of(source, out, encoding) as entries:
        platform = platform or platform_of(entries)
        students, texts, strays = _by_student(entries, platform)
        if not students:
            raise AuthoringError(
                f"{source} holds no file that a student handed in. Expected are names as Moodle gives them "
                "(Jane Doe_123_assignsubmission_file), or Canvas (doejane_123_456_hw.ipynb), "
                "or notebooks, or a folder for each student."
            )
        group = Class(out)
        try:
            rows = [_store(group, files, platform, encoding) for files in students.values()]
        except OSError as error:
            raise AuthoringError(
                f"cannot write {error.filename or out}: {error.strerror}. What was written so far stays; "
                "close the files that are open, make room, and collect again."
            ) from None
    return rows, list(_remarks(platform, {name for key, name in texts.items() if key not in students}, strays))


def _by_student(entries, platform):
    """Files (owner, name, entry) by student; names by student of texts typed into the platform; files of nobody."""
    students, texts, strays = {}, {}, []
    for entry in entries:
        found = owner_of(entry.parts, platform) or plain_owner(entry)
        if not found:
            strays.append(shown("/".join(entry.parts)))
        elif found[0].kind != "file":
            texts[found[0].key] = found[0].name
        else:
            students.setdefault(found[0].key, []).append((*found, entry))
    return students, texts, strays


def _store(group, files, platform, encoding):
    owner = replace(files[-1][0], late=any(each.late for each, _, _ in files))
    handed_in = HandedIn({same(RECORD)}, encoding)
    # The times in a platform's zip are when it was packed.
    handed_in.read([((each.number, entry.time * (each.lms == "folder")), name, entry) for each, name, entry in files])
    if platform != "folder" and owner.lms == "folder":
        handed_in.notes.insert(0, f"not a name that {platform.title()} gives")
    folder, notebooks = group.store(owner, handed_in)
    if not notebooks:
        handed_in.notes.insert(0, "no notebook")
    return Row(folder.name, notebooks, owner.late, handed_in.notes)


def _remarks(platform, only_text, strays):
    if only_text:
        yield f"Only text, typed into the platform, which is left out: {', '.join(sorted(only_text))}."
    if strays:
        yield f"Left aside, nobody's notebook: {', '.join(strays[:5])}{', …' if len(strays) > 5 else ''}."
    if platform == "moodle":
        yield "Moodle's zip does not say who was late; the grading worksheet does."


def table(rows: list[Row]) -> list[str]:
    """A line for each student: folder, number of notebooks, late, what was odd."""
    cells = [("student", "notebooks", "late", "odd")]
    cells += [(row.folder, str(row.notebooks), "late" if row.late else "", "; ".join(row.notes)) for row in rows]
    width = max(_width(name) for name, *_ in cells)
    return [f"{a}{' ' * (width - _width(a))}  {b:>9}  {c:<4}  {d}".rstrip() for a, b, c, d in cells]


def _width(text):
    """How many columns a terminal takes for a text."""
    kinds = [(unicodedata.category(char), unicodedata.east_asian_width(char)) for char in text]
    return sum(0 if category in ("Mn", "Me", "Cf") else 1 + (width in "WF") for category, width in kinds)


def main(arguments) -> int:
    """Collect, and print a table."""
    rows, remarks = collect(arguments.source, arguments.out, arguments.platform, arguments.zip_names)
    print(*table(sorted(rows, key=lambda row: same(row.folder))), *remarks, sep="\n")
    print(f"{len(rows)} students in {arguments.out}")
    return 0
