"""Read the files of a zip or a folder that strangers filled: nothing is unpacked, every size has a bound, names are only data.

Names in a zip (APPNOTE.TXT 4.4.4, 4.6.9): UTF-8 if flagged or in an Info-ZIP field 0x7075, else code page 437. Many programs
write UTF-8 and no flag, so unflagged bytes that are UTF-8 are read as such.
"""

import os
import re
import stat
import struct
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

LONGEST = 255  # of a name; in a zip it may have 65,535 bytes
MOST_ENTRIES = 50_000  # of a zip
MOST_TOTAL = 8 * 2**30  # bytes of a zip, unpacked
MOST_FILE = 64 * 2**20
MOST_RATIO, SMALL = 200, 2**20  # larger than SMALL and packed better than this: no notebook

JUNK = {"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".DS_Store", "Thumbs.db", "desktop.ini"}
JOINERS = "\u200c\u200d"  # invisible too, but Persian and Indic names are spelled with them
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, RuntimeError)


class Refused(Exception):
    """Why something is not taken: the rest of a sentence that begins with its name."""


@dataclass(frozen=True)
class Entry:
    """A file that can be read: its path as a tuple, seconds since 1970, and `read`, which raises Refused."""

    parts: tuple[str, ...]
    time: float
    read: Callable[[], bytes]


def folder_entries(folder: Path, without: Path) -> Iterator[Entry]:
    """The files under `folder`, except those under `without`. Links are not followed."""
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = sorted(name for name in folders if Path(place, name).resolve() != without.resolve())
        for name in sorted(files + links):
            path = Path(place, name)
            yield Entry(path.relative_to(folder).parts, path.lstat().st_mtime, partial(_file_bytes, path))


def _file_bytes(path):
    kind = path.lstat()
    if not stat.S_ISREG(kind.st_mode):
        raise Refused("is a link or no ordinary file")
    _check_size(kind.st_size)
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})") from None


def zip_entries(file, encoding: str | None = None) -> list[Entry]:
    """The files of a zip, an open file. Raises Refused for one that is broken, encrypted or meant to do harm."""
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN as error:
        raise Refused(f"is no zip that can be read ({error})") from None
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise Refused(f"holds {len(infos):,} files, and {MOST_ENTRIES:,} are allowed")
    if (total := sum(info.file_size for info in infos)) > MOST_TOTAL:
        raise Refused(f"would be {total / 2**30:.1f} GB unpacked, and {MOST_TOTAL / 2**30:.0f} GB are allowed")
    entries = []
    for info in infos:
        name = entry_name(info, encoding)
        parts = safe_parts(name)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Refused(f"holds a link ({shown(name)})")
        if info.flag_bits & 0x1:
            raise Refused("is encrypted: it asks for a password")
        if parts and not name.endswith(("/", "\\")):
            entries.append(Entry(parts, _seconds(info.date_time), partial(_member_bytes, archive, info)))
    return entries


def entry_name(info: zipfile.ZipInfo, encoding: str | None = None) -> str:
    """The name of a file in a zip: UTF-8 if flagged, from the field 0x7075, or if the bytes are; else `encoding`, cp437."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")  # what zipfile decoded it from: all 256 bytes come back
    known, extra = zlib.crc32(raw), info.extra
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if tag == 0x7075 and body[:5] == b"\x01" + struct.pack("<I", known):  # another sum: of a name it had before
            raw = body[5:]
    for attempt in ("utf-8", encoding or "cp437"):
        try:
            return raw.decode(attempt)
        except UnicodeDecodeError:
            pass
    return raw.decode("cp437")


def safe_parts(name: str) -> tuple[str, ...]:
    """A path in a zip as a tuple. Raises Refused for one that leads out of the folder it would be unpacked in."""
    path = name.replace("\\", "/")  # as some programs for Windows write
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if path.startswith("/") or re.match("[A-Za-z]:/", path) or ".." in parts or "\0" in path:
        raise Refused(f"holds a path that could lead out of it ({shown(name)})")
    return parts


def _member_bytes(archive, info):
    _check_size(info.file_size)
    if info.file_size > max(SMALL, MOST_RATIO * info.compress_size):
        raise Refused(f"is packed {info.file_size // max(1, info.compress_size):,} to 1, like a zip bomb")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("is packed in an unusual way")  # one that zipfile unpacks without a bound
    try:
        with archive.open(info) as file:
            return file.read(MOST_FILE)
    except BROKEN as error:
        raise Refused(f"is broken ({error})") from None


def _check_size(size):
    if size > MOST_FILE:
        raise Refused(f"has {size / 2**20:.0f} MB, and {MOST_FILE / 2**20:.0f} MB are allowed")


def _seconds(date_time):
    try:
        return max(0.0, time.mktime((*date_time, 0, 0, -1)))
    except (ValueError, OverflowError):  # a zip may say month 0
        return 0.0


def is_junk(parts: tuple[str, ...]) -> bool:
    """Whether a file is one that computers leave behind, and nobody hands in."""
    return bool(JUNK & set(parts)) or parts[-1].startswith("._")


def shown(text: str) -> str:
    """A name as one line that cannot disturb a terminal: no control characters, nothing that turns the direction."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(char if char in JOINERS or unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join(text.split())[:LONGEST].strip(JOINERS + " ") or "unnamed"
