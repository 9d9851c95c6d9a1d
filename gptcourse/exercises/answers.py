"""Look at a learner's answer without calling it: is it still empty, what does it use?"""

import ast
import builtins
import dis
import inspect
import linecache
import re
import textwrap

MARK = re.compile(r"\s*#\s*exercise\s*:\s*(\d\d-[\w-]+)", re.IGNORECASE)  # first line of an answer cell
DOES_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}  # what an empty function consists of


def is_empty(answer):
    """Whether an answer is as the notebook came: no value, or a function or class that does nothing yet."""
    if answer is None or answer is ...:
        return True
    if isinstance(answer, list | tuple):
        return any(each is None or each is ... for each in answer)
    if isinstance(answer, type):
        return not any(callable(part) for part in vars(answer).values())
    code = getattr(answer, "__code__", None)
    return code is not None and all(
        step.opname in DOES_NOTHING and (step.opname not in ("LOAD_CONST", "RETURN_CONST") or step.argval is None)
        for step in dis.get_instructions(code)
    )


def cell_source(answer):
    """The code of the cell (or file) that an answer was defined in, None where it cannot be found."""
    try:
        lines = linecache.getlines(inspect.unwrap(answer).__code__.co_filename)
        return "".join(lines) or None
    except AttributeError:
        try:
            return textwrap.dedent(inspect.getsource(answer))
        except (OSError, TypeError):
            return None


def parsed(source):
    """The tree of a program; None for what is no Python, or more than the parser can take."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def used_names(source, names):
    """Every name and attribute that the definitions of `names` read, and those of the same program that they lead to.

    An empty set where the program is no Python.
    """
    if (tree := parsed(source)) is None:
        return set()
    parts = {}
    for node in tree.body:
        for name in bound(node, inner=False):
            parts.setdefault(name, []).append(node)
    found, waiting, seen = set(), list(names), set()
    while waiting:
        if (name := waiting.pop()) not in seen:
            seen.add(name)
            read = set().union(*(_read(node) for node in parts.get(name, [])))
            found |= read
            waiting += read
    return found


def _read(tree):
    """The names, attributes and imported modules in a piece of a program; attributes and what is imported as `.name` too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found |= {node.attr, f".{node.attr}"}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(f".{each.name}" for each in node.names)
            found.update(part for each in node.names for part in each.name.split("."))
            found.update((getattr(node, "module", None) or "").split("."))
    return found


def names_from_elsewhere(source, given):
    """The names a program needs and neither defines nor imports nor finds in `given` (code that stands before it)."""
    if (tree := parsed(source)) is None:
        return set()
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    own = bound(tree)
    if "*" in own:  # from math import *
        return set()
    return read - own - bound(ast.parse(given)) - set(dir(builtins)) - {"check", "hint", "display", "get_ipython"}


def bound(tree, inner=True):
    """All names that a program binds: assigned, imported, defined, arguments; without `inner`, those of one statement itself."""
    found = set()
    if not inner and isinstance(tree, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return {tree.name}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update((each.asname or each.name).split(".")[0] for each in node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            found.add(node.name)
    return found
