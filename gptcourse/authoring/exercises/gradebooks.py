"""Fill grades into the tables that Moodle and Canvas give: their columns, their numbers, what they do not want changed.

What is known of them, and from where:

- Moodle's grading worksheet (mod/assign/gradingtable.php, mod/assign/feedback/offline/): UTF-8 with commas; headers and
  decimals in the language of who downloads it. The columns come in the order identifier ("Participant 12345", the number of
  the zip; some languages have no space), full name (not with blind marking), …, grade, maximum grade (or a scale in words),
  …, last modified (grade), feedback comments. The import needs identifier, grade and last modified (grade), named as in the
  language of who uploads; it skips grades above the maximum, and those changed in Moodle since "last modified", unless one
  ticks the box that allows it. Names in other languages are not relied on here: columns are known by their cells.
- Canvas's gradebook (lib/gradebook_exporter.rb, lib/gradebook_importer.rb): English headers Student (or LastName,
  FirstName), ID, perhaps SIS User ID, SIS Login ID, …, Section, then "Title (id)" for each assignment; below, perhaps a row
  "Manual Posting" and the row "Points Possible"; EX is excused, N/A not assigned. Comma or semicolon, decimal point or comma,
  and BOM are as the user has set; the import takes all of them.
"""

import re
from decimal import Decimal

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises.roster import Report, Roster, Student, whole
from gptcourse.authoring.exercises.sheet import Sheet, harmless, number

PARTICIPANT = re.compile(r"(\D*)(\d{1,20})")  # "Participant 12345", "Участник12345"
ASSIGNMENT = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)")
COMPUTED = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")  # columns that Canvas computes itself
OURS = re.compile(r"\d+(\.\d+)?/\d+(\.\d+)?\. ")  # how a comment of ours begins


def fill_moodle(sheet: Sheet, students: list[Student], arguments, report: Report) -> None:
    """Fill grades and comments into a grading worksheet. Raises AuthoringError where columns are not found."""
    rows, headers, columns = _columns(sheet)
    who, anonymous = _identifier(headers, columns)
    column = _grade(headers, columns, who, arguments)
    most = _maximum(headers, columns, column)
    if arguments.scale and most and arguments.scale > most:
        raise AuthoringError(
            f"--scale {plain(arguments.scale)} is above the worksheet's maximum grade {plain(most)}, and Moodle would skip "
            "such grades. Change the assignment's maximum grade in Moodle, or the scale."
        )
    names = _position(headers, "Full name")
    names = who + 1 if names is None else names  # its place in every language; with blind marking it is another column
    ids = {row: whole(PARTICIPANT.fullmatch(cell)[2]) for row, cell in zip(rows, columns[who], strict=True) if cell}
    roster = Roster(ids, {row: sheet.value(row, names).strip() for row in ids}, anonymous)
    matched = roster.match(students, "moodle", arguments.by_name, report)
    scale = arguments.scale or most
    _put_grades(sheet, column, matched, scale, _mark(sheet, columns[column : column + 2]), report)
    if not arguments.no_comments:
        _put_comments(sheet, _comments(headers, columns, column, arguments, report), matched, report)
    graded = [student for student in matched.values() if student.points is not None]
    report.say("Above the maximum, which Moodle skips", [each for each in graded if most and each.grade(scale) > most])
    report.where = f"{scaled(scale)}, in the column {headers[column]!r}"


def fill_canvas(sheet: Sheet, students: list[Student], arguments, report: Report) -> None:
    """Fill grades into an exported gradebook. Raises AuthoringError where columns are not found."""
    rows, headers, columns = _columns(sheet)
    who, section = _position(headers, "ID"), _position(headers, "Section")
    if who not in (1, 2) or section is None:  # behind Student, or LastName and FirstName
        raise AuthoringError(
            f"the template is not Canvas's gradebook: that has Student, ID, …, Section, and this {', '.join(headers)}. "
            "Export it in the Gradebook."
        )
    column = _assignment(headers, section, arguments)
    possible = [row for row in rows if "Points Possible" in sheet.value(row, 0)]
    most = number(sheet.value(possible[0], column)) if possible else None
    ids = {row: id for row, cell in zip(rows, columns[who], strict=True) if (id := whole(cell))}
    roster = Roster(ids, {row: " ".join(sheet.value(row, n) for n in range(who)).strip() for row in ids})
    matched = roster.match(students, "canvas", arguments.by_name, report)
    excused = [row for row in matched if sheet.value(row, column).strip().upper() in ("EX", "N/A")]
    report.say("Excused or not assigned in Canvas, left so", [matched.pop(row) for row in excused])
    scale = arguments.scale or most
    _put_grades(sheet, column, matched, scale, _mark(sheet, columns[section + 1 :]), report)
    report.where = f"{scaled(scale)}, in the column {headers[column]!r}"


def _columns(sheet):
    """Numbers of the rows below the header, the header, and the cells below it, column by column."""
    head, *rows = sheet.filled()
    headers = [sheet.value(head, n).strip() for n in range(len(sheet.rows[head]))]
    return rows, headers, [[sheet.value(row, n).strip() for row in rows] for n in range(len(headers))]


def _position(headers, name):
    return next((n for n, header in enumerate(headers) if header.casefold() == name.casefold()), None)


def _asked(headers, name, option):
    if (found := _position(headers, name)) is None:
        raise AuthoringError(f"the template has no column {name!r} ({option}). It has: {', '.join(headers)}.")
    return found


def _identifier(headers, columns):
    """(column, word) of Moodle's identifiers: the same word in all rows, with a number behind it that differs."""
    for n, cells in enumerate(columns):
        found = [PARTICIPANT.fullmatch(cell) for cell in cells if cell]
        if found and all(found) and len({match[2] for match in found}) == len(found):
            word = found[0][1]
            if all(match[1] == word for match in found) and sum(map(str.isalpha, word)) > 2:
                return n, word.strip()
    raise AuthoringError(
        f"the template has no column with identifiers such as 'Participant 123'. It has: {', '.join(headers)}. "
        "Download the grading worksheet of the assignment, not a list of participants or the gradebook."
    )


def _grade(headers, columns, who, arguments):
    if arguments.column:
        return _asked(headers, arguments.column, "--column")
    if (found := _position(headers, "Grade")) is not None:
        return found
    # The maximum is one number in all rows, and left of it is the grade: empty, or numbers up to it.
    found = [
        n - 1
        for n in range(who + 2, len(columns))
        if (most := _one_number(columns[n])) and all(map(_up_to(most), filter(_is_there, columns[n - 1])))
    ]
    if len(found) == 1:
        return found[0]
    raise AuthoringError(
        f"which column is the grade's? Say --column NAME with one of: {', '.join(headers)}. "
        "(It stands left of the maximum grade; an assignment that is graded in words has none, and cannot be filled.)"
    )


def _up_to(most):
    return lambda cell: (value := number(cell)) is not None and value <= most


def _is_there(cell):
    return cell not in ("", "-")


def _one_number(cells):
    return number(cells[0]) if cells and len(set(cells)) == 1 else None


def _maximum(headers, columns, column):
    """The maximum grade, None if the worksheet has none. Raises AuthoringError for grades that are words."""
    beside = columns[column + 1] if column + 1 < len(columns) else []
    words = [cell for cell in filter(_is_there, columns[column]) if number(cell) is None]
    if words or any("\n" in cell for cell in beside):
        raise AuthoringError(
            f"the grades in the column {headers[column]!r} are words, and numbers do not belong there."
        )
    return _one_number(beside)


def _comments(headers, columns, grade, arguments, report):
    """The column of feedback comments: asked for, by its English name, or the last one if it is empty in all rows."""
    if arguments.comments:
        return _asked(headers, arguments.comments, "--comments")
    if (found := _position(headers, "Feedback comments")) is not None:
        return found
    last = len(headers) - 1
    if _position(headers, "Grade") is None and last > grade + 2 and not any(columns[last]):
        report.lines.append(f"Comments are in the last column, {headers[last]!r}, which was empty.")
        return last
    report.lines.append("No comments: the template has no column that is surely for them (--comments NAME).")
    return None


def _put_comments(sheet, column, matched, report):
    kept = []
    for row, student in matched.items() if column is not None else ():
        before = sheet.value(row, column).strip()
        if student.points is not None and (not before or OURS.match(before)):
            comment = student.comment.encode(sheet.encoding, "replace").decode(sheet.encoding)
            sheet.put(row, column, harmless(comment))
        elif student.points is not None:
            kept.append(student)
    report.say("Has a comment in the template, which was kept", kept)


def _assignment(headers, section, arguments):
    known = {n: {header} for n, header in enumerate(headers) if n > section and not COMPUTED.search(header)}
    numbered = {n: found for n, (header,) in known.items() if (found := ASSIGNMENT.fullmatch(header))}
    if wanted := arguments.assignment or arguments.column:
        for n, found in numbered.items():
            known[n] |= {found["title"], found["id"]}
        found = [n for n, names in known.items() if wanted.casefold() in map(str.casefold, names)]
        problem = f"{'more than one' if found else 'no'} column {wanted!r}"
    else:
        found, problem = list(numbered), f"{len(numbered)} assignments"
    if len(found) == 1:
        return found[0]
    raise AuthoringError(
        f"which column is it? The gradebook has {problem}. "
        f"Say --assignment with one of: {', '.join(headers[n] for n in known) or '(there is none)'}."
    )


def _mark(sheet, columns):
    """ "," or ".": as the numbers in these columns have it, else as it goes with the delimiter."""
    for mark in ",.":
        if any(re.fullmatch(rf"\d+[{mark}]\d+", cell) for cells in columns for cell in cells):
            return mark
    return "," if sheet.delimiter == ";" else "."


def _put_grades(sheet, column, matched, scale, mark, report):
    graded = {row: student for row, student in matched.items() if student.points is not None}
    changed = []
    for row, student in graded.items():
        before, grade = sheet.value(row, column).strip(), student.grade(scale)
        if number(before) == grade:
            continue
        if _is_there(before):
            changed.append(f"{student} {before} → {plain(grade, mark)}")
        sheet.put(row, column, plain(grade, mark))
    report.filled = len(graded)
    report.say("Not graded, left as it is", [each for row, each in matched.items() if row not in graded])
    report.say("Had another grade", changed)


def scaled(scale: Decimal | None) -> str:
    """How points became grades."""
    return f"scaled to {plain(scale)}" if scale else "in points"


def plain(value: Decimal, mark: str = ".") -> str:
    """A number without zeros at its end."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", mark)
