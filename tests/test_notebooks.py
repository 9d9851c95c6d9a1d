"""Rules of CONTRIBUTING for the cells of the English notebooks: readable ids, no words in code.

The other languages have the same ids and code; tests/test_translations.py sees to that.
"""

import ast
import io
import re
import tokenize
from pathlib import Path
from statistics import median

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import SETUP, read_notebook

COURSE = Course(Path(__file__).parents[1])
SHOWN = {"title", "x", "y", "xlabel", "ylabel", "label"}  # keyword arguments whose text is seen in a figure


def is_readable(name):
    """Lower-case words joined by hyphens, beginning with a letter, and not the hexadecimal id an editor gives."""
    slug = re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    return slug is not None and not re.match(r"[0-9a-f]{8}(-|$)", name)


def comments(source):
    """Yield (line number, text) of the comments of a cell's code."""
    plain = TransformerManager().transform_cell(source)  # %pip and !ls are no Python
    for token in tokenize.generate_tokens(io.StringIO(plain).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def wordy_comments(page, source):
    """The comments that hold prose: two words in a row, where shapes and symbols have none."""
    exercise = rf"# exercise: {page.split('-')[0]}-[a-z0-9]+(-[a-z0-9]+)*"
    for line, text in comments(source):
        if text.startswith("# exercise"):
            allowed = line == 1 and re.fullmatch(exercise, text)
        else:
            allowed = not re.search(r"[^\W\d_]{2,}[.;:]? +[^\W\d_]{2,}", text)
        if not allowed:
            yield text


def wordy_strings(source):
    """The sentences that code prints or writes into a figure: literals with two or more words."""
    for call in ast.walk(ast.parse(TransformerManager().transform_cell(source))):
        if isinstance(call, ast.Call):
            printed = call.args if isinstance(call.func, ast.Name) and call.func.id == "print" else []
            for value in [*printed, *(keyword.value for keyword in call.keywords if keyword.arg in SHOWN)]:
                text = literal(value)
                if len(re.findall(r"(?<!\S)[^\w\s]*[^\W\d_]{2,}[^\w\s]*(?!\S)", text)) > 1:
                    yield text


def literal(node):
    """The text that stands in the code itself: of a string, an f-string, a sum of them."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or "{}" for part in node.values)
    return literal(node.left) + literal(node.right) if isinstance(node, ast.BinOp) else ""


@pytest.mark.parametrize("page", COURSE.pages(".ipynb"))
def test_cells_have_readable_ids_and_code_has_no_words(page):
    found = []
    for cell in read_notebook(COURSE.path(SOURCE, page)).cells:
        where = f"{SOURCE}/{page}, cell {cell.id}: "
        if not is_readable(cell.id):
            found.append(f"{where}an editor's id; give it a short English name such as why-not-words")
        if cell.cell_type == "code" and cell.id != SETUP:  # that one is sync's own
            found += [f"{where}{text!r}: move the words to the text" for text in wordy_comments(page, cell.source)]
            remedy = f't["…"] with the words in gptcourse/labels/{SOURCE}.json'
            found += [f"{where}{text!r}: write {remedy}" for text in wordy_strings(cell.source)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("page", [page for page in COURSE.pages(".ipynb") if page[:2].isdigit()])
def test_chapters_end_in_exercises_and_their_cells_are_short(page):
    cells = {cell.id: cell for cell in read_notebook(COURSE.path(SOURCE, page)).cells}
    exercises = [name for name, cell in cells.items() if cell.source.startswith("# exercise: ")]
    assert 6 <= len(exercises) <= 8
    for name in exercises:
        assert "> **Exercise " in cells[f"{name}-text"].source and "★" in cells[f"{name}-text"].source
        assert cells[name.replace("exercise", "solution")].source.startswith("<details><summary>Solution</summary>")
    code = [cell.source for name, cell in cells.items() if cell.cell_type == "code" and name not in (SETUP, *exercises)]
    assert median(len([line for line in source.splitlines() if line.strip()]) for source in code) <= 8


@pytest.mark.parametrize("name", ["story", "words-by-space-2", "utf8", "decoded", "setup"])
def test_readable_ids(name):
    assert is_readable(name)


@pytest.mark.parametrize(
    "name",
    [
        "1f0c9b2e",
        "deadbeef",
        "a3f1c2d4-77aa-4b1c-9d3e-0123456789ab",
        "Xy3kQ9_aB-1c",
        "Why-not",
        "why_not",
        "2nd",
        "a--b",
    ],
)
def test_ids_of_editors_are_told(name):
    assert not is_readable(name)


@pytest.mark.parametrize(
    "comment",
    [
        "# (batch, time, channels)",
        "# B × T × C",
        "# x[i, :3] → 5",
        "# float32",
        "# exercise: 01-held-out",
        "# noqa: E501",
    ],
)
def test_comments_of_shapes_and_symbols_pass(comment):
    assert list(wordy_comments("01-a.ipynb", f"{comment}\nx = '# not a comment, but a text'")) == []


@pytest.mark.parametrize(
    "source",
    ["x = 1  # the first token", "# for each of them", "# exercise: 02-other", "x = 1\n# exercise: 01-late",
     "# exercise 01-a", "# первый токен", "%pip install x\n# so it is: done"],
)  # fmt: skip
def test_comments_with_prose_are_told(source):
    assert len(list(wordy_comments("01-a.ipynb", source))) == 1


@pytest.mark.parametrize(
    "source",
    ["print(len(x), '/', n)", "print(gpt2.encode('The end.' + end))", "print(t('plots.tokens', count=5))",
     "show.tokens(gpt2, 'a red apple')", "print(f'{n:,} {m}', 'loss')", "plot(title=t['plots.length'], x='GPT-2')",
     "print('torch.Size', sep=' ')"],
)  # fmt: skip
def test_code_without_words_passes(source):
    assert list(wordy_strings(source)) == []


@pytest.mark.parametrize(
    "source",
    ["print('The end.')", "print(f'{n} tokens in {m} words')", "print('the ' + 'loss')", "print('tokens per %d s' % n)",
     "plots.lines(x, title='Loss over time')", "%time x\nprint('all done')"],
)  # fmt: skip
def test_code_with_words_is_told(source):
    assert len(list(wordy_strings(source))) == 1
