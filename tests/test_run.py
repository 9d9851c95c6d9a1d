"""Re-executing notebooks. Two tests start a kernel, on notebooks of a few lines."""

import re
from functools import partial
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from gptcourse.authoring import AuthoringError, run
from gptcourse.authoring.course import Course
from gptcourse.authoring.notebooks import SETUP, code_hash, dump_notebook, read_notebook

ROOT = Path(__file__).parents[1]
PINNED = {"matplotlib": "3", "regex": "4", "tiktoken": "2", "torch": "1"}


@pytest.fixture
def course(tmp_path):
    for lang in ("en", "hu"):
        (tmp_path / "book" / lang).mkdir(parents=True)
    strings = "en: {name: E, title: T, description: D, search: S, contents: C, untranslated: U}\nhu: {name: M}\n"
    (tmp_path / "book" / "strings.yml").write_text(strings, encoding="utf-8")
    (tmp_path / "_config.yml").write_text("{}", encoding="utf-8")
    return Course(tmp_path)


def save(course, lang, page, *cells):
    path = course.path(lang, page)
    path.write_text(dump_notebook(new_notebook(cells=list(cells))), encoding="utf-8")
    return path


def test_outputs_are_stored_and_a_second_run_gives_the_same_bytes(course, monkeypatch):
    monkeypatch.delenv("GPTCOURSE_DATA", raising=False)
    monkeypatch.delenv("GPTCOURSE_DOWNLOAD", raising=False)
    recorded = new_output("stream", name="stdout", text="recorded\n")
    path = save(
        course,
        "en",
        "01-a.ipynb",
        new_code_cell("import os\nprint(os.environ['OMP_NUM_THREADS'], hash('a'))\nprint(os.getcwd()[-2:])", id="one"),
        new_code_cell("{1, 2}", id="two", execution_count=9),
        new_code_cell("1 / 0", id="three", metadata={"tags": ["raises-exception"]}),
        new_code_cell("no_such_name", id="far", metadata={"tags": ["needs-download"]}, outputs=[recorded]),
    )
    assert run.outdated(read_notebook(path), "en", PINNED) == "was never run"
    run.run_notebook(path, PINNED)
    first = path.read_bytes()
    one, two, three, far = read_notebook(path).cells
    assert re.fullmatch(r"1 -?\d+\nen\n", one.outputs[0].text)
    assert two.execution_count == two.outputs[0].execution_count == 2
    assert three.outputs[0].traceback == ["ZeroDivisionError: division by zero"]
    assert far.outputs == [recorded]
    assert run.outdated(read_notebook(path), "en", PINNED) is None
    run.run_notebook(path, PINNED)
    assert path.read_bytes() == first


def test_a_failing_cell_is_named_and_the_file_left_alone(course, monkeypatch, capsys):
    good = save(course, "en", "01-a.ipynb", new_code_cell("1", id="fine"))
    bad = save(course, "hu", "01-a.ipynb", new_code_cell("1", id="fine"), new_code_cell("int('x')", id="broken"))
    before = bad.read_bytes()
    assert run.run_all([good, bad], partial(run.run_notebook, versions=PINNED), jobs=2) == 1
    printed = capsys.readouterr().out
    assert "[2/2]" in printed and "en/01-a.ipynb" in printed
    assert "hu/01-a.ipynb, cell 'broken': ValueError: invalid literal for int()" in printed
    assert bad.read_bytes() == before
    assert read_notebook(good).metadata.gptcourse.ran.versions == PINNED


def test_a_chapter_is_tried_with_the_set_up_of_another_language(course):
    setup = new_code_cell("LANG = 'en'", id=SETUP)
    path = save(course, "en", "01-a.ipynb", setup, new_code_cell("assert LANG == 'hu'", id="one"))
    before = path.read_bytes()
    with pytest.raises(run.RunError, match="cell 'one'"):
        run.try_notebook(path, "LANG = 'en'")
    assert run.try_notebook(path, "LANG = 'hu'") > 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<Line2D at 0x7f00aa>", "address"),
        (f"{Path.home() / 'x.py'}:1: UserWarning", "path"),
        ("<Figure size 640x480 with 1 Axes>", None),
        ("0x7f at 3", None),
    ],
)
def test_outputs_of_this_computer_alone_are_refused(text, words, tmp_path):
    cell = new_code_cell("", id="c", outputs=[new_output("execute_result", {"text/plain": text})])
    if words is None:
        run._normalise_outputs(cell, tmp_path / "a.ipynb")
        assert cell.outputs[0].data["text/plain"] == text
    else:
        with pytest.raises(run.RunError, match=f"cell 'c': .*{words}"):
            run._normalise_outputs(cell, tmp_path / "a.ipynb")


def test_outputs_older_than_code_or_packages_are_told():
    notebook = new_notebook(cells=[new_code_cell("a", id="a"), new_code_cell("LANG", id=SETUP)])
    notebook.metadata.gptcourse = {"ran": {"code": code_hash(notebook), "language": "hu", "versions": PINNED}}
    assert run.outdated(notebook, "hu", PINNED) is None
    notebook.cells[1].source = "LANG = 'hu'"
    assert run.outdated(notebook, "hu", PINNED) is None, "the set-up cell differs between languages"
    assert "another language (hu)" in run.outdated(notebook, "pl", PINNED)
    assert "was run with" in run.outdated(notebook, "hu", {**PINNED, "torch": "5"})
    notebook.cells[0].source = "b"
    assert "code has changed" in run.outdated(notebook, "hu", PINNED)


def test_versions_come_from_requirements_and_must_be_installed(tmp_path):
    pinned = run.pinned_versions(ROOT)
    assert set(pinned) == set(run.PACKAGES) and all(re.match(r"\d+\.\d+", version) for version in pinned.values())
    run.check_installed(pinned)
    with pytest.raises(AuthoringError, match="regex is .* here, requirements.txt has 0.0"):
        run.check_installed({"regex": "0.0"})
    (tmp_path / "requirements.txt").write_text("torch==1 ; sys_platform == 'none'\nregex==2\n-e .\n", encoding="utf-8")
    with pytest.raises(AuthoringError, match="no version of matplotlib, tiktoken, torch"):
        run.pinned_versions(tmp_path)


def test_targets_are_chapters_and_languages_in_any_order(course):
    for lang, page in (("en", "01-a.ipynb"), ("en", "02-b.ipynb"), ("hu", "01-a.ipynb")):
        save(course, lang, page)

    def named(*names):
        return [f"{path.parent.name}/{path.stem}" for path in run.targets(course, list(names))]

    assert named() == ["en/01-a", "hu/01-a", "en/02-b"]
    assert named("hu", "01") == ["hu/01-a"]
    assert named("02-b.ipynb") == ["en/02-b"]
    with pytest.raises(AuthoringError, match="not translated"):
        named("02", "hu")
    with pytest.raises(AuthoringError, match="no page 'zz'. It has: 01-a.ipynb, 02-b.ipynb. .* languages?.*: en, hu"):
        named("01", "zz")


@pytest.mark.parametrize("jobs", ["0", "-2", "x", "1.5"])
def test_the_number_of_jobs_must_be_one_or_more(jobs, capsys):
    with pytest.raises(SystemExit) as exit_:
        run.main(["-j", jobs])
    assert exit_.value.code == 2
    assert "must be a whole number of at least 1" in capsys.readouterr().err
