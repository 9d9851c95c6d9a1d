"""A widget as an ipywidget that talks to Python, through anywidget. Imported by `Widget.live()` alone.

What crosses the line is JSON in a text, as in a page: Jupyter's own packing refuses NaN and lone surrogates.
"""

import json

import anywidget
import traitlets

from gptcourse.widgets.host import is_static, linked, style, to_json, with_imports

AS_TEXT = {"sync": True, "to_json": lambda value, _: to_json(value), "from_json": lambda text, _: json.loads(text)}


class Live(anywidget.AnyWidget):
    """What every living widget can; `connect` makes the class of a particular one."""

    state = traitlets.Dict().tag(**AS_TEXT)
    selection = traitlets.Dict().tag(**AS_TEXT)

    def __init__(self, widget):
        self._widget = widget
        super().__init__(state=widget.state)

    def send(self, content, buffers=None):
        """Send a message to all views of this widget."""
        super().send({"json": to_json(content)}, buffers)

    def _repr_mimebundle_(self, **kwargs):
        """The living view, and beside it what it shows at first; in an output to be stored only that."""
        still = self._widget._repr_mimebundle_()
        if is_static():
            return still
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, **still}, metadata


def connect(widget):
    """The living form of a widget."""
    # a class for each module: anywidget keeps one style per name of a class
    parts = {"_esm": linked(widget.module), "_css": "".join(map(style, with_imports(widget.module)))}
    return type(f"Live_{widget.module}", (Live,), parts)(widget)
