"""The README's commands and its screen of code are true."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_screen_of_code_runs_and_prints_what_it_says(capsys):
    code = re.search(r"```python\n(.*?)```", README, re.S)[1]
    exec(code, {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "l|i|g|h|t|h|o|u|s|e"
    numbers = re.findall(r"# (\d+)$", code, re.M)
    end = printed.index(numbers[-1]) + 1
    assert printed[end - len(numbers) : end] == numbers
    assert len(" ".join(printed[end:])) > 100  # what the model wrote


def test_continuous_integration_runs_the_readme_s_test_command():
    command = re.search(r"^python3 -m venv .*-m pytest$", README, re.M)[0]
    for name in (".ci/run", ".github/workflows/test.yml"):
        assert command in (ROOT / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("name", re.findall(r"^ {0,4}([\w./]+?\.(?:py|md|yml|json|toml|txt|ipynb))\b", README, re.M))
def test_files_of_the_tree_exist(name):
    assert list(ROOT.glob(name)) or list(ROOT.glob(f"book/{name}")) or list(ROOT.glob(f"gptcourse/{name}"))
