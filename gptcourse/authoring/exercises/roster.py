"""Whose row of a platform's table is whose result? By id; by name only if asked to, and where it can be nobody else's."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from gptcourse.authoring.exercises.archive import shown


@dataclass(frozen=True)
class Student:
    """A student of results.json; `points` is None where nothing could be graded."""

    folder: str
    name: str
    id: str
    lms: str
    points: Decimal | None
    of: Decimal
    comment: str

    def __str__(self):
        return self.folder

    def grade(self, most: Decimal | None) -> Decimal:
        """The points, scaled to `most` if it is given; two decimals, as many as Canvas shows."""
        points = self.points * most / self.of if most and self.of else self.points
        return points.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass
class Report:
    """What `export` says afterwards: `where` the grades are, how many, and sentences with names."""

    where: str = ""
    filled: int = 0
    lines: list[str] = field(default_factory=list)

    def say(self, sentence: str, who: list) -> None:
        """Add a sentence with names, if there are any."""
        if who:
            self.lines.append(f"{sentence} ({len(who)}): {', '.join(shown(str(each)) for each in who)}.")


@dataclass
class Roster:
    """The rows of a template that are students: id and name by row number; `anonymous` is a name that hides the others."""

    ids: dict[int, str]
    names: dict[int, str]
    anonymous: str = ""

    def match(self, students: list[Student], platform: str, by_name: bool, report: Report) -> dict[int, Student]:
        """Student by row; the report says who has no partner on either side, and why."""
        here = [student for student in students if student.lms == platform and student.id]
        by_id = {}
        for student in here:
            by_id.setdefault(whole(student.id) or student.id, []).append(student)
        twice = [student for several in by_id.values() if len(several) > 1 for student in several]
        found = {row: by_id[id][0] for row, id in self.ids.items() if id in by_id and len(by_id[id]) == 1}
        others = {row: student for row, student in found.items() if self._is_another(self.names[row], student.name)}
        if platform == "moodle":  # a group's number may by chance be another's participant number
            report.say("Their id has another name in the template, not filled in", list(others.values()))
            found = {row: student for row, student in found.items() if row not in others}
        else:  # for a group, Canvas gives its name and the id of one member
            report.say("Their id has another name in the template, filled in, please look", list(others.values()))
        if by_name:
            rows = [row for row in self.ids if row not in found]
            named = self._by_name(rows, _without(students, [*found.values(), *twice]))
            report.say("Matched by name", list(named.values()))
            found |= named
        report.say("Two folders with one id, not filled in", twice)
        known = [*found.values(), *twice, *(others.values() if platform == "moodle" else [])]
        hint = "" if by_name else "; --by-name matches names that occur once"
        report.say(f"Not in the template{hint}", _without(students, known))
        report.say("In the template, without results", [self.names[row] for row in self.ids if row not in found])
        return found

    def _is_another(self, name, own):
        return bool(keys(name) and keys(own)) and not keys(own) & keys(self.anonymous) and not same_person(name, own)

    def _by_name(self, rows, students):
        pairs = [(row, student) for row in rows for student in students if keys(self.names[row]) & keys(student.name)]
        rows, students = [row for row, _ in pairs], [student for _, student in pairs]
        return {row: student for row, student in pairs if rows.count(row) == students.count(student) == 1}


def _without(students, some):
    return [student for student in students if student not in some]


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: platforms drop signs, turn names round, put a group's name before."""
    long = r"[^\W\d_]{3,}"
    return bool(keys(one) & keys(other) or set(_words(one, long)) & set(_words(other, long)))


def keys(name: str) -> set[str]:
    """What two ways to write one name have in common: the letters in their order, or the words in any order."""
    words = _words(name, r"[^\W_]+")
    return {"".join(words), " ".join(sorted(words))} - {""}


def _words(name, pattern):
    return re.findall(pattern, unicodedata.normalize("NFKC", name).casefold())


def whole(text: str) -> str:
    """ "12345" for "12345", "012345", "12345.0": what a spreadsheet may have made of an id; "" for what is none."""
    found = re.fullmatch(r"(\d{1,20})(?:[.,]0+)?", text.strip())
    return str(int(found[1])) if found else ""
