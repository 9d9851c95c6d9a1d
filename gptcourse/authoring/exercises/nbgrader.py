"""A chapter as an assignment of nbgrader (0.9, metadata of version 3): the *source* version, for instructors.

    <out>/source/04-attention/04-attention.ipynb
    <out>/nbgrader_config.py                        if there is none yet

In <out>, `nbgrader generate_assignment 04-attention` then makes the students' version, and `nbgrader autograde` grades.

An answer cell holds the solution, which nbgrader takes out again; a check cell becomes a test that is worth the exercise's
stars, with hidden cases from another seed; the other cells are read-only. Exercises that cannot be checked stay as they are.
nbgrader runs a student's whole notebook without a sandbox and shows hidden tests in its feedback, seed included:
so the seed is never the instructor's own one, only made from it. `exercises grade` does neither.
"""

import ast
import copy
import hashlib
import re
import secrets
import textwrap

from nbformat import NotebookNode

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises.private import Private
from gptcourse.exercises import spec
from gptcourse.exercises.answers import MARK

CONFIG = "nbgrader_config.py"
CONFIG_TEXT = """\
# Written by `python -m gptcourse exercises release --nbgrader`, which leaves it alone from now on.
c = get_config()  # noqa: F821
c.ClearSolutions.code_stub = {"python": "..."}  # an empty answer as in the course, and no NotImplementedError
c.Execute.timeout = 600  # seconds for one cell: some cells of the later chapters train a model
"""
SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
NAME = re.compile(r"[\w-]+", re.ASCII)  # of an assignment


def place(chapter: str, assignment: str | None = None) -> str:
    """Where nbgrader looks for a chapter ("04-attention"). Raises AuthoringError for a name it would not take."""
    assignment = assignment or chapter
    if not NAME.fullmatch(assignment):
        raise AuthoringError(f"{assignment!r} is no name for an assignment: use letters, digits, - and _.")
    return f"source/{assignment}/{chapter}.ipynb"


def hidden_seed(chapter: str, secret: Private | None) -> str:
    """A seed for hidden tests: from the instructor's own, which it does not tell; without one, a new one each time."""
    if secret is None:
        return secrets.token_hex(8)
    return hashlib.sha256(f"nbgrader/{chapter}/{secret.seed}".encode()).hexdigest()[:16]


def source_version(student: NotebookNode, seed: str) -> NotebookNode:
    """nbgrader's source version of a student's notebook.

    Raises AuthoringError for an exercise that has points but no check cell, or several.
    """
    notebook = copy.deepcopy(student)
    checked = {}
    for cell in notebook.cells:
        mark = MARK.match(cell.source) if cell.cell_type == "code" else None
        call = _check_call(cell)
        if call is not None:
            id = str(call.args[0].value)
            if id not in spec.ids(id[:2]):
                raise AuthoringError(f"cell {cell.id!r} checks {id!r}, and there is no such exercise.")
            if id in checked:
                raise AuthoringError(
                    f"{id} is checked twice, in the cells {checked[id]!r} and {cell.id!r}. Take one out."
                )
            checked[id] = cell.id
            cell.source = tested(cell.source, call, seed)
            cell.metadata.nbgrader = _metadata(id, grade=True, locked=True) | {"points": spec.load(id).stars}
        elif mark is None:
            cell.metadata.nbgrader = _metadata(cell.id, locked=True)
        elif mark[1] in spec.ids(mark[1][:2]):
            cell.source = solved(cell.source, spec.load(mark[1]).solution)
            cell.metadata.nbgrader = _metadata(f"{mark[1]}-answer", solution=True)
    _compare(notebook, checked)
    return notebook


def _metadata(name, grade=False, solution=False, locked=False):
    return {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }


def _compare(notebook, checked):
    answered = {cell.metadata.nbgrader.grade_id.removesuffix("-answer") for cell in notebook.cells
                if cell.metadata.get("nbgrader", {}).get("solution")}  # fmt: skip
    if unlike := sorted(answered ^ set(checked)):
        lacks = "answer cell" if unlike[0] in checked else f"cell that says check({unlike[0]!r}, …)"
        raise AuthoringError(f"for {unlike[0]} the notebook has no {lacks}, so that nbgrader could not grade it.")


def _check_call(cell):
    """The call `check("04-softmax", softmax)` of a check cell, as a tree; None in another cell."""
    if cell.cell_type != "code" or "check(" not in cell.source:
        return None
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:  # a line for the notebook, such as %pip
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check" and node.args:
            if isinstance(node.args[0], ast.Constant):
                return node
    return None


def tested(code: str, call: ast.Call, seed: str) -> str:
    """A check cell as a test of nbgrader: it fails where the check is not passed, and tries hidden cases as well."""
    lines = code.splitlines()
    row, column = call.lineno - 1, len(lines[call.lineno - 1].encode()[: call.func.col_offset].decode())
    lines[row] = lines[row][:column] + "require" + lines[row][column + len("check") :]
    again = f"require({', '.join(map(ast.unparse, call.args))}, seed={seed!r})"
    return "\n".join(["from gptcourse.exercises.session import require", "", *lines, HIDDEN[0], again, HIDDEN[1]])


def solved(stub: str, solution: str) -> str:
    """A stub with the solution in it, between the marks at which nbgrader cuts it out again.

    What the solution needs besides its definitions, such as imports, goes into them: what remains is the stub.
    """
    tree, lines = ast.parse(solution), stub.splitlines()
    bodies = {node.name: node.body for node in tree.body if hasattr(node, "body") and hasattr(node, "name")}
    empty = [node for node in ast.parse(stub).body if hasattr(node, "body") and getattr(node, "name", None) in bodies]
    if not empty or any(node.body[0].lineno == node.lineno for node in empty):
        return "\n".join([*lines, SOLUTION[0], solution.rstrip("\n"), SOLUTION[1]])
    named = {node.name for node in empty}
    more = [node for node in tree.body if getattr(node, "name", None) not in named and not isinstance(node, ast.Expr)]
    for node in reversed(empty):
        parts = [_code(solution, [each]) for each in more] + [_code(solution, bodies[node.name])]
        body = textwrap.indent("\n".join([SOLUTION[0], *parts, SOLUTION[1]]), " " * node.body[0].col_offset)
        lines[node.body[0].lineno - 1 : node.end_lineno] = body.splitlines()
    return "\n".join(lines)


def _code(source, nodes):
    """The lines of some neighbouring statements, from the left margin."""
    return textwrap.dedent("\n".join(source.splitlines()[nodes[0].lineno - 1 : nodes[-1].end_lineno]))


def cleared(notebook: NotebookNode) -> NotebookNode:
    """The notebook as nbgrader hands it on to students, without what stands between marks."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        for (begin, end), left in ((SOLUTION, r"\1..."), (HIDDEN, "")):
            inside = re.compile(rf"^([ ]*){begin}\n.*?^[ ]*{end}$", re.DOTALL | re.MULTILINE)
            cell.source = inside.sub(left, cell.source)
    return notebook
