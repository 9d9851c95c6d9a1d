"""Students get no solution: what `release` takes out, what it refuses to write, and that the leak scan finds what is hidden."""

import argparse
import base64
import gzip
import html
import json
from urllib.parse import quote

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gptcourse.authoring import AuthoringError, find_root
from gptcourse.authoring.course import Course
from gptcourse.authoring.exercises import leaks, release, submission
from gptcourse.authoring.notebooks import dump_notebook, read_notebook
from gptcourse.authoring.solutions import exercise_cells
from gptcourse.exercises import spec
from gptcourse.exercises.answers import MARK

COURSE = Course(find_root())
CHAPTERS = release.chapters(COURSE)
TRANSLATED = [(page, lang) for lang in COURSE.languages for page in CHAPTERS if COURSE.path(lang, page).is_file()]
PAGE = "04-attention.ipynb"
STUB = "# exercise: 04-softmax\ndef softmax(scores):\n    ..."
SOLUTION = spec.load("04-softmax").solution
STRINGS = """\
en: {name: English, title: T, description: D, search: S, contents: C, untranslated: U}
fa: {name: فارسی, dir: rtl}
"""
FOLDED = """\
<details><summary>Solution</summary>

```python
{}```

The largest score is taken off first, always. So?

</details>"""


def cells(answer=STUB):
    """A chapter with everything that must not reach a student."""
    shown = [new_output("stream", text="0.27\n"), new_output("execute_result", {"text/plain": "1"}, execution_count=3)]
    return [
        new_markdown_cell("# Attention\n\n<!-- instructor -->\nTen minutes.\n<!-- /instructor -->\n\nWho looks?", id="title"),
        new_markdown_cell("<!-- instructor -->Ask: why?<!-- /instructor -->", id="ask", metadata={"source_hash": "1"}),
        new_code_cell("LANG = 'xx'", id="setup", execution_count=1),
        new_code_cell("print(1)", id="one", execution_count=3, outputs=shown,
                      metadata={"tags": ["nbval-skip", "needs-download"], "scrolled": True, "solution": SOLUTION}),
        new_code_cell("print(2)", id="two", metadata={"tags": ["instructor"]}),
        new_markdown_cell("![x](attachment:x.png)", id="picture", metadata={"source_hash": "2"},
                          attachments={"x.png": {"image/png": "AAAA"}, "old.png": {"image/png": "BBBB"}}),
        new_markdown_cell("> **Exercise 4.1** ★ Write `softmax(scores)`.", id="exercise-1-text"),
        new_code_cell(answer, id="exercise-1", metadata={"nbgrader": {}}),
        new_code_cell('check("04-softmax", softmax)', id="check-1", outputs=[new_output("stream", text="no")]),
        new_markdown_cell(FOLDED.format(SOLUTION), id="solution-1"),
        new_code_cell('# exercise: 04-free\ncandidates = ["dog", 1, None]', id="exercise-2"),
    ]  # fmt: skip


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A checkout with one English chapter; the current folder."""
    for lang in ("en", "fa"):
        (tmp_path / "book" / lang).mkdir(parents=True)
    (tmp_path / "gptcourse" / "labels").mkdir(parents=True)
    (tmp_path / "gptcourse" / "labels" / "en.json").write_text('{"setup": {"missing": "!"}}', encoding="utf-8")
    (tmp_path / "_config.yml").write_text('repository: {url: ""}\n', encoding="utf-8")
    (tmp_path / "book" / "strings.yml").write_text(STRINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    course = Course(tmp_path)
    save(course, "en", cells())
    return course


def save(course, lang, cells):
    metadata = {"gptcourse": {"ran": {"language": lang}}, "widgets": {"solution": SOLUTION}, "authors": ["me"]}
    text = dump_notebook(new_notebook(cells=cells, metadata=metadata))
    course.path(lang, PAGE).write_text(text, encoding="utf-8")


def command(*words):
    parser = argparse.ArgumentParser()
    release.add_arguments(parser)
    return release.main(parser.parse_args(words))


def test_what_students_get(course, capsys):
    assert command("04", "--out", "new/class") == 0
    assert "04-attention.ipynb" in capsys.readouterr().out
    text = (course.root / "new" / "class" / PAGE).read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [
        "title", "setup", "one", "picture", "exercise-1-text", "exercise-1", "check-1", "exercise-2"]  # fmt: skip
    assert set(notebook.metadata) == {"kernelspec", "language_info", "gptcourse"}
    assert notebook.metadata.gptcourse == {"exercises": "04-attention", "language": "en"}
    by_id = {cell.id: cell for cell in notebook.cells}
    assert by_id["title"].source == "# Attention\n\nWho looks?"
    assert by_id["setup"].source.startswith('LANG = "en"')
    assert by_id["picture"].attachments == {"x.png": {"image/png": "AAAA"}}
    assert by_id["exercise-1"].source == STUB and by_id["check-1"].source == 'check("04-softmax", softmax)'
    assert by_id["one"].metadata == {"tags": ["needs-download"]}
    assert all(not cell.metadata for cell in notebook.cells if cell.id != "one")
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
    assert not any(word in text for word in ("exps", "nbval", "source_hash", "instructor", "stream", "BBBB", "authors"))


def test_a_chapter_that_is_not_translated_is_english_with_messages_in_the_language(course):
    notebook = release.student_version(course, PAGE, "fa")
    assert notebook.metadata.gptcourse.language == "fa"
    assert notebook.cells[0].source.startswith("# Attention")
    assert next(cell for cell in notebook.cells if cell.id == "setup").source.startswith('LANG = "fa"')


def test_an_answer_that_was_left_in_a_translation_becomes_the_stub_again(course):
    save(course, "fa", cells("# exercise: 04-softmax\n" + SOLUTION))
    notebook = release.student_version(course, PAGE, "fa")
    assert next(cell for cell in notebook.cells if cell.id == "exercise-1").source == STUB


@pytest.mark.parametrize(
    "answer",
    [SOLUTION, "softmax = lambda s: s", "softmax = [0.5, 0.5]", "for i in []:\n    pass", "def softmax(:", "print(1)"],
)
def test_an_answer_that_was_left_in_the_english_chapter_is_refused(course, answer):
    save(course, "en", cells("# exercise: 04-softmax\n" + answer))
    with pytest.raises(AuthoringError, match=r"'exercise-1' \(04-softmax\) holds an answer"):
        release.student_version(course, PAGE, "fa")


@pytest.mark.parametrize(
    "source",
    ["<!-- instructor --> x", "x <!-- /instructor -->", "<!--instructor-->a<!--/instructor--><!--instructor-->"],
)
def test_half_an_aside_is_refused(course, source):
    save(course, "en", [*cells(), new_markdown_cell(source, id="half")])
    with pytest.raises(AuthoringError, match="'half'"):
        release.student_version(course, PAGE, "en")


def test_a_leak_is_not_written_and_says_where(course):
    save(course, "en", [*cells(), new_code_cell(SOLUTION.replace("    ", "  "), id="oops")])
    with pytest.raises(AuthoringError, match=r"cell 'oops': the solution of 04-softmax"):
        command("04", "--out", "class")
    assert not (course.root / "class").exists()


def test_only_what_release_wrote_is_replaced(course):
    path = course.root / "class" / PAGE
    assert [command("04", "--out", "class"), command("04", "--out", "class", "--lang", "fa")] == [0, 0]
    assert '"fa"' in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("Who looks?", "Who?"), encoding="utf-8")
    with pytest.raises(AuthoringError, match="--force"):
        command("04", "--out", "class")
    assert "Who?" in path.read_text(encoding="utf-8")
    assert command("04", "--out", "class", "--force") == 0
    assert "Who looks?" in path.read_text(encoding="utf-8")
    assert sorted(file.name for file in path.parent.iterdir()) == [release.RECORD, PAGE]


def test_all_files_or_none(tmp_path):
    (tmp_path / "b").write_text("mine", encoding="utf-8")
    with pytest.raises(AuthoringError):
        release.write(tmp_path, {"a": "1", "b": "2"})
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_a_folder_that_cannot_be_written_to_and_a_lost_record(tmp_path):
    release.write(tmp_path, {"a": "1"})
    (tmp_path / release.RECORD).write_text("[", encoding="utf-8")
    release.write(tmp_path, {"a": "1"})  # equal: nothing is lost
    with pytest.raises(AuthoringError, match="cannot be written"):
        release.write(tmp_path / "a", {"b": "1"})


def test_options_of_nbgrader_without_it(course):
    with pytest.raises(AuthoringError, match="add --nbgrader"):
        command("04", "--out", "class", "--assignment", "week-5")


def test_for_nbgrader(course):
    assert command("04", "--out", "class", "--nbgrader", "--assignment", "week-5") == 0
    text = (course.root / "class" / "source" / "week-5" / PAGE).read_text(encoding="utf-8")
    assert "### BEGIN SOLUTION" in text and "seed='" in text
    config = course.root / "class" / "nbgrader_config.py"
    compile(config.read_text(encoding="utf-8"), config, "exec")
    config.write_text("# mine\n", encoding="utf-8")
    assert command("04", "--out", "class", "--nbgrader", "--assignment", "week-6") == 0
    assert config.read_text(encoding="utf-8") == "# mine\n"


def test_a_page_without_exercises_and_an_unknown_language(course):
    course.path("en", PAGE).write_text(dump_notebook(new_notebook()), encoding="utf-8")
    with pytest.raises(AuthoringError, match="no exercises"):
        command("04", "--out", "class")
    with pytest.raises(AuthoringError, match="'xx'"):
        command("04", "--out", "class", "--lang", "xx")


# The leak scan.

HIDDEN = {
    "as it is": str,
    "in other white space": lambda code: code.replace("    ", "\t").replace(" ", "  ").replace("\n", "\r\n\r\n"),
    "without white space": lambda code: "".join(code.split()),
    "with comments": lambda code: code.replace("\n", "  # (T,)\n"),
    "with other quotes": lambda code: code.replace('"', "'"),
    "quoted in Markdown": lambda code: "\n".join(f"> {line}" for line in code.splitlines()),
    "on lines of a list": lambda code: code.splitlines(),
    "in a list of lists": lambda code: [[line] for line in code.splitlines()],
    "as keys": lambda code: {code: 1},
    "as JSON": json.dumps,
    "as JSON in JSON": lambda code: json.dumps({"a": json.dumps(code)}),
    "with escapes": lambda code: "".join(f"\\u{ord(letter):04x}" if letter.isspace() else letter for letter in code),
    "in HTML": lambda code: f"<pre>{html.escape(code)}</pre>",
    "in coloured HTML": lambda code: "<br/>".join(f"<b class='k'>{html.escape(word)}</b>" for word in code.split(" ")),
    "in an address": lambda code: f"data:text/plain,{quote(code)}",
    "in base64": lambda code: base64.b64encode(code.encode()).decode(),
    "in base64 for addresses": lambda code: f"x/?y={base64.urlsafe_b64encode(code.encode()).decode().rstrip('=')}&z",
    "in lines of base64": lambda code: base64.encodebytes(code.encode()).decode(),
    "behind other letters": lambda code: "code" + base64.b64encode(b"x" + code.encode()).decode(),
    "compressed": lambda code: base64.b64encode(gzip.compress(code.encode())).decode(),
    "in hexadecimal": lambda code: code.encode().hex(),
}  # fmt: skip
SECRETS = leaks.of_code("04-softmax", SOLUTION)


@pytest.fixture(scope="module")
def clean():
    """A student's notebook, as JSON, with outputs, metadata and an attachment to hide things in."""
    code = new_code_cell("x = 1", id="one", outputs=[new_output("execute_result", {"text/plain": ["1"]})])
    picture = new_markdown_cell("![x](attachment:x.png)", id="two", attachments={"x.png": {"image/png": "AAAA"}})
    answer = new_code_cell(STUB, id="exercise-1", metadata={"tags": ["a"]})
    return json.loads(dump_notebook(new_notebook(cells=[code, picture, answer])))


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_solution_is_found(clean, hide):
    assert not leaks.find(json.dumps(clean), SECRETS)
    for name, metadata in (("cell 'one'", clean["cells"][0]["metadata"]), ("metadata", clean["metadata"])):
        metadata["x"] = hide(SOLUTION)
        found = leaks.find(json.dumps(clean), SECRETS)
        del metadata["x"]
        assert any(name in leak.where and leak.exercise == "04-softmax" for leak in found)


def places(value):
    """All lists and dictionaries within a JSON value."""
    if isinstance(value, dict | list):
        yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from places(each)


@given(st.data())
def test_a_solution_is_found_wherever_it_is_hidden(clean, data):
    notebook = json.loads(json.dumps(clean))
    hidden = data.draw(st.sampled_from(list(HIDDEN.values())))(SOLUTION)
    place = data.draw(st.sampled_from([each for each in places(notebook) if each is not notebook["cells"]]))
    if isinstance(place, list):
        place.insert(data.draw(st.integers(0, len(place))), hidden)
    else:
        place[data.draw(st.sampled_from(sorted(set(place) - {"cells"}) + ["extra"]))] = hidden
    assert leaks.find(json.dumps(notebook), SECRETS)


def test_a_solution_cut_into_cells_is_found():
    lines = [new_code_cell(line) for line in SOLUTION.splitlines()]
    found = leaks.find(dump_notebook(new_notebook(cells=lines)), SECRETS)
    assert {leak.where for leak in found} == {leaks.WHOLE}


def test_a_key_that_stands_twice_hides_nothing():
    text = dump_notebook(new_notebook(metadata={"x": 1})).replace('"x": 1', f'"x": {json.dumps(SOLUTION)}, "x": 1')
    assert json.loads(text)["metadata"]["x"] == 1
    assert leaks.find(text, SECRETS)


ONE_LINE = "def gelu(x):\n    return x * (1 + torch.erf(x / math.sqrt(2))) / 2\n"
LESSON = "y = h\nreturn x * (1 + torch.erf(x / math.sqrt(2))) / 2"


def test_a_lesson_may_have_a_line_in_common_with_a_solution_and_nothing_else_may():
    secrets = leaks.of_code("05-gelu", ONE_LINE)
    for lesson in (new_code_cell(LESSON), new_markdown_cell(f"Compute `{LESSON}`.")):
        assert not leaks.find(dump_notebook(new_notebook(cells=[lesson])), secrets)
    for cell in (
        new_code_cell(ONE_LINE),
        new_code_cell("# exercise: 05-gelu\n" + LESSON),
        new_code_cell("1", metadata={"x": LESSON}),
        new_code_cell("1", outputs=[new_output("stream", text=LESSON)]),
        new_markdown_cell("1", attachments={"a.txt": {"text/plain": LESSON}}),
    ):
        assert leaks.find(dump_notebook(new_notebook(cells=[cell])), secrets)


def test_a_method_and_one_of_two_functions_count():
    method = "class A:\n    def f(self):\n        x = compute(1)\n        return x\n"
    function = "def g(y):\n    '''Doc.'''\n    y += 1\n    return twice(y)\n"
    secrets = leaks.of_code("05-x", f"{method}\n\n{function}")
    for part in ("x = compute(1)\nreturn x", "y += 1; pass", "y += 1\nreturn twice(y)  # (T,)"):
        found = leaks.find(dump_notebook(new_notebook(cells=[new_code_cell(part)])), secrets)
        assert bool(found) == ("return" in part)


@pytest.mark.parametrize("text, what", [
    ("<details open><summary> <b>solution</b></summary>x</details>", "a folded solution"),
    ("The LARGEST score is *taken off* first, always.", "a sentence of the explanation"),
    ("see solution-3", "the id of a solution"),
    ("&lt;!-- instructor --&gt;", "an instructor's mark"),
    ("### BEGIN SOLUTION", "a mark of nbgrader"),
    ("<details><summary>Answer</summary>The largest score matters. A solution.</details>", None),
])  # fmt: skip
def test_words_and_marks(text, what):
    secrets = leaks.of_prose("04-softmax", FOLDED.format(SOLUTION).replace("largest", "LARGEST"))
    found = leaks.find(dump_notebook(new_notebook(cells=[new_markdown_cell(text, id="a")])), secrets, {"Solution"})
    assert [leak.what for leak in found] == [what] * (what is not None)
    assert all(leak.where == "cell 'a'" for leak in found)


# The real chapters.


@pytest.mark.parametrize("page, lang", TRANSLATED)
def test_no_chapter_leaks_and_before_its_release_every_exercise_does(page, lang):
    secrets, summaries = release.secrets(COURSE, page, lang)
    student = release.student_version(COURSE, page, lang)
    assert [str(leak) for leak in leaks.find(release.dump(student), secrets, summaries)] == []
    notebook = read_notebook(COURSE.path(lang, page))
    for cell in notebook.cells:
        cell.update({"outputs": []} if cell.cell_type == "code" else {})
    found = {leak.exercise for leak in leaks.find(dump_notebook(notebook), secrets, summaries)}
    assert found >= set(exercise_cells(notebook).values())


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_that_nobody_has_touched_holds_no_answer(page):
    exercises = [spec.load(id) for id in spec.ids(page[:2])]
    student = release.student_version(COURSE, page, "en")
    cells = [(cell.id, cell.source) for cell in student.cells if cell.cell_type == "code"]
    for handed_in in (cells, [("", MARK.sub("#", code)) for _, code in cells]):  # and where a tool was at work
        found = submission.find_answers(handed_in, exercises)
        assert [each.id for each in exercises if not submission.is_stub(found[each.id], each.names)] == []


def test_the_released_chapter_runs_from_the_first_cell_to_the_last():
    notebook = release.student_version(COURSE, "00-what-is-a-gpt.ipynb", "fa")
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    NotebookClient(notebook, kernel_name="python3", timeout=100).execute()
    assert any(cell.outputs for cell in notebook.cells if cell.cell_type == "code")
