"""What `import gptcourse` gives, and what it leaves for later."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import gptcourse


def test_importing_the_package_imports_no_torch():
    code = "import sys, gptcourse; gptcourse.train_bpe('ab' * 9, 258); print('torch' in sys.modules)"
    code += "; gptcourse.GPT; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("name", gptcourse.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(gptcourse, name) is not None
    assert name in dir(gptcourse)


def test_names_that_come_later_are_those_of_their_modules():
    for name, module in gptcourse._LATER.items():
        value = getattr(gptcourse, name)
        assert value is getattr(importlib.import_module(module), name)
        assert value.__module__ == module  # and not only imported there


def test_no_name_changes_with_the_order_of_imports():
    """A module of the same name would take a function's place as soon as anybody imports it."""
    modules = {path.stem for path in Path(gptcourse.__file__).parent.iterdir()}
    assert modules & set(gptcourse.__all__) == {"plots", "show", "tales", "widgets"}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'gptcourse' has no attribute 'gtp'"):
        gptcourse.gtp  # noqa: B018
    with pytest.raises(ImportError, match="gtp"):
        from gptcourse import gtp  # noqa: F401
