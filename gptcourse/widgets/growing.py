"""A widget that grows while a cell of a notebook runs, and stays as one that needs no kernel.

    growing = Growing(make, state, news)     # shows what make() gives
    growing.update()                         # when there is something new; the page is told a few times a second
    growing.end()                            # the same place, complete

An interrupted cell ends it too. Where GPTCOURSE_STATIC is 1, outside notebooks and without anywidget only `end` shows
something. Knows IPython and the clock, nothing of what is shown.
"""

import sys
import time
from contextlib import suppress

from gptcourse.widgets.host import is_static

PAUSE = 1 / 6  # seconds between two messages to the page, at least
WHOLE = 5  # seconds between two whole states
SHARE = 0.02  # of the time that messages may take: on slower machines pauses are longer


class Growing:
    """make(): the complete Widget as of now. state(): what of its state has changed. news(): a message to the page
    with what came since the last one."""

    def __init__(self, make, state, news):
        self._make, self._state, self._news = make, state, news
        self._shell, self._live, self._handle = _shell(), None, None
        self._unseen = True  # something that the last complete widget did not show
        self._next = time.monotonic() + PAUSE
        self._next_whole = self._next + 1  # by then a page has made the view
        if self._shell is None:
            return
        # An interrupt in the body of somebody's loop never comes to `end`.
        self._shell.events.register("post_run_cell", self.end)
        if hasattr(self._shell, "kernel") and not is_static():
            with suppress(ImportError):  # without anywidget
                self._live = make().live()
                self._handle = _display(self._live, display_id=True)

    def update(self):
        """Tell the page if it is time. Now and then the whole state, for a view that opened late and missed messages."""
        self._unseen = True
        now = time.monotonic()
        if self._live is None or now < self._next:
            return
        start = time.thread_time()  # by the clock, other programs would count too
        self._live.send(self._news())
        if now >= self._next_whole:
            self._live.state = {**self._live.state, **self._state()}
            self._next_whole = now + WHOLE
        self._next = now + max(PAUSE, (time.thread_time() - start) / SHARE)

    def end(self, *_):
        """Put the complete widget where the growing one was; again, if something came after the last time."""
        if self._shell is not None:
            with suppress(ValueError):  # it was not registered any more
                self._shell.events.unregister("post_run_cell", self.end)
        if self._unseen:
            widget = self._make()
            if self._handle is not None:
                self._handle.update(widget)
            elif self._shell is not None:
                _display(widget)
            else:
                print(widget)
            self._unseen = False
        if self._live is not None:
            self._live.close()
            self._live = None


def _shell():
    """IPython's shell if this runs in one."""
    ipython = sys.modules.get("IPython")  # who works in IPython has imported it
    return ipython and ipython.get_ipython()


def _display(what, **options):
    from IPython.display import display

    return display(what, **options)
