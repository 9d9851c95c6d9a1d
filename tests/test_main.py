"""The entry point `python -m gptcourse`: finding commands, and failing in one sentence."""

import importlib
import types
from pathlib import Path

import pytest

from gptcourse import __main__ as cli
from gptcourse.authoring import AuthoringError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def command(monkeypatch):
    """Replace the module of a command by one whose `main` is given; return what it was called with."""

    def replace(main):
        calls = []
        module = types.SimpleNamespace(main=lambda argv: calls.append(argv) or main())
        monkeypatch.setattr(importlib, "import_module", lambda name: module)
        return calls

    monkeypatch.chdir(ROOT / "book" / "en")
    return replace


def test_arguments_and_exit_status_pass_through(command):
    calls = command(lambda: 3)
    assert cli.main(["run", "01", "-j", "2"]) == 3
    assert calls == [["01", "-j", "2"]]


def test_a_missing_package_is_one_sentence(command, monkeypatch, capsys):
    def missing(name):
        raise ModuleNotFoundError("No module named 'nbclient.x'", name="nbclient.x")

    monkeypatch.setattr(importlib, "import_module", missing)
    assert cli.main(["run"]) == 1
    error = capsys.readouterr().err
    assert "'nbclient.x' is not installed" in error and "pip install -r requirements.txt" in error
    assert len(error.splitlines()) == 1


def test_a_mistake_of_our_own_is_not_blamed_on_the_installation(command, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError("No module named 'gptcourse.nothing'", name="gptcourse.nothing")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        cli.main(["run"])


def test_an_authoring_error_is_one_sentence(command, capsys):
    def fail():
        raise AuthoringError("no page '09'.")

    command(fail)
    assert cli.main(["sync", "09"]) == 1
    assert capsys.readouterr().err == "python -m gptcourse sync: no page '09'.\n"


@pytest.mark.parametrize("name", [name for name, (module, _) in cli.COMMANDS.items() if "authoring" in module])
def test_outside_a_checkout_every_command_that_works_on_it_says_so(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main([name]) == 1
    assert "not inside the course's repository" in capsys.readouterr().err


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_anywhere(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as exit_:
        cli.main([name, "--help"])
    assert exit_.value.code == 0
    assert f"usage: python -m gptcourse {name}" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [[], ["bild"]])
def test_an_unknown_command_lists_the_known_ones(argv, capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(argv)
    assert exit_.value.code == 2
    error = capsys.readouterr().err
    assert "bild" in error if argv else "command" in error
    assert argv == [] or all(name in error for name in cli.COMMANDS)


def test_help_lists_every_command_with_its_line(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    printed = capsys.readouterr().out
    assert all(f"{name}" in printed and line in printed for name, (_, line) in cli.COMMANDS.items())
