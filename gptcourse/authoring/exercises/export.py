"""`exercises export`: the points in results.json as a CSV file for Moodle or Canvas, best in the file that they give.

With a template only grades and comments change (gradebooks.py says what is known of these files), and everything else stays
byte for byte. Without one, the fewest columns that the imports take, as their programs have them; this was not tried on a
platform:

- Moodle: Identifier, Grade, Last modified (grade), which its import needs, Full name, and Feedback comments. The headers are
  English, so Moodle must be set to English for the upload. "Last modified" is empty: where Moodle has a grade already, tick
  the box that allows changing it.
- Canvas: Student, ID, Section, one assignment, and the row Points Possible. A title that it does not know becomes a new
  assignment; of one that it knows, points possible become those given here.
"""

import argparse
import json
from decimal import Decimal
from html import escape
from pathlib import Path

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises.collect import write_whole
from gptcourse.authoring.exercises.grade import SUMMARY
from gptcourse.authoring.exercises.gradebooks import fill_canvas, fill_moodle, plain, scaled
from gptcourse.authoring.exercises.roster import Report, Student
from gptcourse.authoring.exercises.sheet import Sheet, harmless, number, quoted

FEWEST = {
    "moodle": ["Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments"],
    "canvas": ["Student", "ID", "Section"],
}


def add_arguments(parser):
    """Declare the options: the platform and its table."""
    parser.add_argument("results", type=Path, help="what `grade` wrote: the folder, or its results.json")
    parser.add_argument("--for", dest="platform", choices=tuple(FEWEST), required=True)
    parser.add_argument(
        "--template", type=Path, metavar="CSV", help="Moodle's grading worksheet, or Canvas's exported gradebook"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="what to write; never the template")
    parser.add_argument("--scale", type=_positive, metavar="N", help="full marks; if not given, the template's maximum")
    parser.add_argument("--assignment", metavar="NAME", help="the title or number of Canvas's column")
    parser.add_argument("--column", metavar="NAME", help="the header of the column for grades, if it is not found")
    parser.add_argument(
        "--comments", metavar="NAME", help="the header of Moodle's column for comments, if it is not found"
    )
    parser.add_argument("--no-comments", action="store_true", help="fill in grades only")
    parser.add_argument("--by-name", action="store_true", help="where ids do not match, match names that occur once")
    parser.add_argument("--encoding", help="of the template, if it is not UTF-8")


def _positive(text):
    found = number(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} must be a number above 0")
    return found


def read_results(path: Path) -> tuple[list[Student], str]:
    """The students of a results.json, and the chapter. Raises AuthoringError for a file that is none."""
    path = path / SUMMARY if path.is_dir() else path
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
        return [_student(each, results["points"]) for each in results["students"]], str(results["chapter"])
    except OSError as error:
        raise AuthoringError(f"cannot read {path}: {error.strerror}. `exercises grade` writes it.") from None
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError) as error:
        raise AuthoringError(f"{path} is not what `exercises grade` writes ({error!r}). Grade again.") from None


def _student(result, stars):
    problem, verdicts = result["problem"], result["verdicts"]
    graded = result["points"] is not None and not (problem and not result["points"])
    points, of = Decimal(str(result["points"] or 0)), Decimal(str(result["of"]))
    if not (points.is_finite() and of.is_finite() and points >= 0 and of >= 0):
        raise ValueError(f"{points} of {of} points")
    each = "; ".join(f"{id}: {stars[id] if verdicts[id]['passed'] else 0}/{stars[id]}" for id in verdicts)
    comment = f"{plain(points)}/{plain(of)}. {each}" + (f". {problem}" if problem else "")
    return Student(
        **{key: str(result[key]) for key in ("folder", "name", "id", "lms")},
        points=points if graded else None,
        of=of,
        comment=escape(comment, quote=False),  # Moodle shows it as HTML, and it may quote the name of a student's file
    )


def fresh(platform: str, students: list[Student], title: str, scale: Decimal | None, report: Report) -> Sheet:
    """A sheet with the fewest columns that the platform's import takes."""
    own = [student for student in students if student.lms == platform and student.id.isdecimal()]
    report.say(f"Without a number of {platform.title()}'s, left out", [each for each in students if each not in own])
    report.say("Not graded, left out", [student for student in own if student.points is None])
    own = [student for student in own if student.points is not None]
    report.filled, report.where = len(own), scaled(scale)
    rows = [FEWEST[platform] + ([title] if platform == "canvas" else [])]
    if platform == "moodle":
        rows += [[f"Participant {each.id}", each.name, plain(each.grade(scale)), "", each.comment] for each in own]
        report.lines.append("Set Moodle to English for the upload: the headers are English.")
    else:
        most = scale or max((student.of for student in own), default=Decimal(0))
        rows += [["    Points Possible", "", "", plain(most)]]
        rows += [[each.name, each.id, "", plain(each.grade(scale))] for each in own]
        report.lines.append(f"Canvas makes a new assignment, unless it has one with the title {title!r}.")
    return Sheet([[quoted(harmless(cell), ",") for cell in row] for row in rows], ["\r\n"] * len(rows), ",")


def main(arguments) -> int:
    """Write the file, and say who is not in it."""
    students, chapter = read_results(arguments.results)
    report = Report()
    if arguments.template:
        if arguments.out.resolve() == arguments.template.resolve() or _are_one(arguments.out, arguments.template):
            raise AuthoringError(f"{arguments.out} is the template, which is never written over. Choose another --out.")
        sheet = Sheet.of(arguments.template, arguments.encoding)
        (fill_moodle if arguments.platform == "moodle" else fill_canvas)(sheet, students, arguments, report)
    else:
        title = arguments.assignment or arguments.column or chapter
        sheet = fresh(arguments.platform, students, title, arguments.scale, report)
    try:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(arguments.out, sheet.data())
    except OSError as error:
        raise AuthoringError(f"cannot write {arguments.out}: {error.strerror}. Is it open in a spreadsheet?") from None
    print(f"{arguments.out}: {report.filled} of {len(students)} students, {report.where}.", *report.lines, sep="\n")
    return 0


def _are_one(path, other):
    return path.exists() and other.exists() and path.samefile(other)
