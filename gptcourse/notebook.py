"""What the first cell of a notebook calls."""

from gptcourse import labels

# JupyterLab aligns every paragraph to the left, whatever its direction, and cannot be told otherwise from Markdown.
# What code prints is put in order line by line: a line that begins with a Persian letter runs from right to left.
RIGHT_TO_LEFT = """<style>
div[dir="rtl"] :is(p, li, th, td) { text-align: start }
[data-mime-type="application/vnd.jupyter.stdout"] pre { unicode-bidi: plaintext; text-align: start }
</style>"""


def language(lang):
    """Choose the language of this session's messages and figures; returns its labels.

    In a notebook of a language written from right to left, also puts the notebook's own style right.
    """
    t = labels.language(lang)
    if t.dir == "rtl":
        _show(RIGHT_TO_LEFT)
    return t


def _show(html):
    from IPython import get_ipython
    from IPython.display import HTML, display

    if get_ipython():  # elsewhere it would only print the name of an object
        display(HTML(html))
