"""The call of a notebook's first cell."""

import pytest

from gptcourse import labels, language, notebook


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, in a session that is put back afterwards."""
    monkeypatch.setattr(labels, "_session", None)
    displayed = []
    monkeypatch.setattr(notebook, "_show", displayed.append)
    return displayed


def test_the_language_is_chosen(shown):
    assert language("hu").lang == "hu"
    assert labels.current().lang == "hu"
    assert shown == []


def test_right_to_left_notebooks_are_put_right(shown):
    language("fa")
    assert shown == [notebook.RIGHT_TO_LEFT]
