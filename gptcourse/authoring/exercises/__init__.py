"""`python -m gptcourse exercises …`: the instructor's way from a chapter to grades.

listing.py      list: what there is to assign
release.py      release: a notebook for students; leaks.py looks whether a solution got into it, nbgrader.py adapts it
collect.py      collect: what a platform gives, one folder per student; archive.py reads it safely, handed_in.py keeps it
grade.py        grade: verdicts, points, a table; a run that was cut off goes on
- submission.py     finds the answers in a student's notebook
- sandbox.py        runs them where they can do no harm; bubblewrap.py has its walls, outcomes.py reads what comes back
- private.py        the secret seed and the hidden cases
- feedback.py       writes a page for each student
export.py       export: points for Moodle or Canvas; gradebooks.py and roster.py know their tables, sheet.py keeps the rest
selftest.py     selftest: do the exercises judge rightly on this computer?
"""

import argparse
import importlib
import sys

# name -> one line for --help; each is a module here with `add_arguments(parser)` and `main(arguments) -> exit status`
COMMANDS = {
    "list": "show the exercises, with their points",
    "release": "write a chapter's notebook for students, without solutions",
    "collect": "unpack what Moodle or Canvas gives, one folder per student",
    "grade": "run and judge the answers of a class",
    "export": "write the points as a table for Moodle or Canvas",
    "selftest": "try all solutions and known mistakes on this computer",
}
MODULES = {"list": "listing"}


def main(argv: list[str]) -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(
        prog="python -m gptcourse exercises", description="Assign, collect and grade the course's exercises."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    modules = {}
    for name, line in COMMANDS.items():
        modules[name] = importlib.import_module(f"gptcourse.authoring.exercises.{MODULES.get(name, name)}")
        modules[name].add_arguments(commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + "."))
    arguments = parser.parse_args(argv)
    sys.stdout.reconfigure(errors="replace")  # a terminal of another encoding should show what it can
    return modules[arguments.command].main(arguments)
