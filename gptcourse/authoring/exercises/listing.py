"""`exercises list`: the exercises of the course, those without a check too."""

from gptcourse.authoring import find_root
from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import read_notebook
from gptcourse.authoring.solutions import exercise_cells
from gptcourse.exercises import spec


def add_arguments(parser):
    """Declare the options: the chapter."""
    parser.add_argument("chapter", nargs="?", help="such as 04; all when left out")


def main(arguments) -> int:
    """Print a line for each exercise."""
    course = Course(find_root())
    pages = [course.find_page(arguments.chapter, ".ipynb")] if arguments.chapter else course.pages(".ipynb")
    checked = 0
    for page in pages:
        for number, id in enumerate(in_notebook(course, page), start=1):
            title = f"{int(id[:2])}.{number}"
            if id in spec.ids(id[:2]):
                exercise = spec.load(id)
                checked += 1
                print(f"{title:<5} {id:<24} {'★' * exercise.stars:<3}  check({id!r}, {', '.join(exercise.names)})")
            else:
                print(f"{title:<5} {id:<24} open: read by a person")
    print(f"{checked} exercises are checked.")
    return 0


def in_notebook(course: Course, page: str) -> list[str]:
    """The ids of all exercises of an English notebook, in order."""
    return list(exercise_cells(read_notebook(course.path(SOURCE, page))).values())
