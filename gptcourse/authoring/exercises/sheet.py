"""A CSV file of somebody else's, of which single cells are changed: whatever is not changed stays byte for byte."""

import codecs
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gptcourse.authoring import AuthoringError

DELIMITERS = ",;\t"
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # https://owasp.org/www-community/attacks/CSV_Injection


@dataclass
class Sheet:
    """Rows of raw cells (with their quotes), each with its line end; `bom` are the bytes before the first."""

    rows: list[list[str]]
    ends: list[str]
    delimiter: str
    encoding: str = "utf-8"
    bom: bytes = b""

    @classmethod
    def of(cls, path: Path, encoding: str | None = None) -> "Sheet":
        """The sheet in a file; the delimiter and, unless given, the encoding are found out.

        Raises AuthoringError for a file that is no table.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise AuthoringError(f"cannot read {path}: {error.strerror}.") from None
        bom, found = next(
            ((bom, name) for bom, name in BOMS.items() if data.startswith(bom)), (b"", encoding or "utf-8")
        )
        try:
            text = data[len(bom) :].decode(found)
        except LookupError:
            raise AuthoringError(
                f"Python knows no encoding {encoding!r}. Try utf-8, cp1250, cp1251 or cp1256."
            ) from None
        except UnicodeDecodeError:
            raise AuthoringError(
                f"{path} is not {found.upper()}, perhaps because a spreadsheet saved it anew. Download it again, "
                "or say its encoding, such as --encoding cp1250 (Central European), cp1251 (Cyrillic), cp1256 (Arabic)."
            ) from None
        if text.encode(found) != data[len(bom) :]:
            raise AuthoringError(f"{path} would not stay as it is in the encoding {found}. Try another --encoding.")
        return cls.read(text, str(path), found, bom)

    @classmethod
    def read(cls, text: str, name: str = "the text", encoding: str = "utf-8", bom: bytes = b"") -> "Sheet":
        """The sheet that a text is. Raises AuthoringError where its rows differ in length, or have one cell only."""
        tries = [cls(*split(text, delimiter), delimiter, encoding, bom) for delimiter in DELIMITERS]
        even = [
            sheet for sheet in tries if len(found := {len(sheet.rows[n]) for n in sheet.filled()}) == 1 < max(found)
        ]
        best = max(even or tries, key=lambda sheet: max(map(len, sheet.rows), default=0))
        lengths = {n: len(best.rows[n]) for n in best.filled()}
        if not lengths or max(lengths.values()) < 2:
            raise AuthoringError(f"{name} is not a table with columns, as a platform gives it. Download it again.")
        first = next(iter(lengths.values()))
        if odd := [n for n, length in lengths.items() if length != first]:
            raise AuthoringError(
                f"{name}: row {odd[0] + 1} has {lengths[odd[0]]} cells, and the first has {first}. Download it again."
            )
        return best

    def filled(self) -> list[int]:
        """The numbers of the rows that are not empty lines."""
        return [n for n, row in enumerate(self.rows) if row != [""]]

    def value(self, row: int, column: int) -> str:
        """What a cell says, without quotes."""
        raw = self.rows[row][column]
        if not raw.startswith('"'):
            return raw
        body, _, rest = raw[1:].rpartition('"')
        return body.replace('""', '"') + rest

    def put(self, row: int, column: int, text: str) -> None:
        """Change a cell; quoted if need be, or if it was."""
        self.rows[row][column] = quoted(text, self.delimiter, always=self.rows[row][column].startswith('"'))

    def text(self) -> str:
        """The whole file."""
        return "".join(self.delimiter.join(row) + end for row, end in zip(self.rows, self.ends, strict=True))

    def data(self) -> bytes:
        """The whole file as bytes."""
        return self.bom + self.text().encode(self.encoding)


def split(text: str, delimiter: str) -> tuple[list[list[str]], list[str]]:
    """Raw cells by row, and the line end of each row; joined again they are the text."""
    plain = rf"[^{delimiter}\r\n]*"
    cell = re.compile(rf'((?:"[^"]*(?:""[^"]*)*"{plain}|{plain}))({delimiter}|\r\n|\n|\r|\Z)')
    rows, ends, row, at = [], [], [], 0
    while at < len(text) or row:
        found = cell.match(text, at)
        row.append(found[1])
        at = found.end()
        if found[2] != delimiter:
            rows.append(row)
            ends.append(found[2])
            row = []
    return rows, ends


def quoted(text: str, delimiter: str, always: bool = False) -> str:
    """A cell as CSV writes it."""
    if always or text != text.strip() or set(text) & {delimiter, '"', "\r", "\n"}:
        return '"' + text.replace('"', '""') + '"'
    return text


def harmless(text: str) -> str:
    """A text of strangers that no spreadsheet takes for a formula: an apostrophe before what would begin one."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) else text


def number(text: str) -> Decimal | None:
    """The number that a cell says, with decimal point or comma, None where it is none."""
    text = text.strip().replace("٫", ".").replace(",", ".")
    try:
        found = Decimal(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None
    except InvalidOperation:
        return None
    return found
