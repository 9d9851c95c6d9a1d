"""Controls for the model in memory: a prompt, the settings of `gptcourse.generate`, and a button that writes with them.

    generate_controls(model, tokenizer, prompt="Once upon a time", temperature=0.5)

They are ipywidgets and talk to a running notebook. Where nobody would answer (a stored output, the book, a terminal) there
are none: a sentence says what is needed, and what the model writes with the settings given stands below. A model that
needs no kernel is `gpt_in_page`. This module knows how a text is shown, nothing of how models are trained.
"""

import math
import time
from html import escape

import torch

from gptcourse.labels import current, message
from gptcourse.sample import stream
from gptcourse.show import direction
from gptcourse.tokenizers import END_OF_TEXT
from gptcourse.widgets.host import is_static, labels, without_surrogates

VIEW = "application/vnd.jupyter.widget-view+json"
EVERY = 0.1  # seconds between two looks at the text while it is written
DECADE = (10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95)
TEMPERATURES = (0, *(x / 100 for x in DECADE), *(x / 10 for x in DECADE), 10)  # the sliders of next_token.js
COUNTS = (*range(1, 10), *(x * ten for ten in (1, 10, 100, 1000) for x in DECADE))
SHARES = tuple(n / 100 for n in range(1, 100))
STYLE = ".gc-controls textarea { unicode-bidi: plaintext; text-align: start } .gc-controls button { min-height: 32px }"


def generate_controls(
    model, tokenizer, prompt=None, max_new_tokens=50, temperature=0.8, top_k=None, top_p=None, seed=0
):
    """A field for the prompt, the settings, and a button that continues the text with `model`, as it is at that moment.

    tokenizer: the model's own, a `tiktoken.Encoding` or a CharTokenizer. prompt: a text; an opening of a tale when left
    out. The other arguments are those of `gptcourse.generate` and stand in the fields at first; the model writes with
    them once already now. Writing ends at the end-of-text token, where the tokenizer has one.
    Raises ValueError for an empty prompt, one that the tokenizer cannot encode, and settings out of range.
    """
    return Controls(model, tokenizer, prompt, max_new_tokens, temperature, top_k, top_p, seed)


class Controls:
    """What `generate_controls` returns: it shows itself with controls where a kernel listens, else as text."""

    def __init__(self, model, tokenizer, prompt, max_new_tokens, temperature, top_k, top_p, seed):
        t = current()
        self._model, self._tokenizer = model, tokenizer
        self._words, self._lang, self._dir = labels(t, "generate_controls"), t.lang, t.dir
        self._settings = {
            "prompt": t["widgets.gpt_in_page.opening"] if prompt is None else prompt,
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
            "max_new_tokens": max_new_tokens,
            "seed": seed,
        }
        self._first = "".join(_write(model, tokenizer, **self._settings))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._still("needs_kernel")

    def _ipython_display_(self):
        if not listens():
            raise NotImplementedError  # IPython then takes the form above
        from IPython.display import display

        try:
            box = self.box()
        except ModuleNotFoundError:
            display(self._still("no_ipywidgets"), raw=True)
            return
        # Two outputs: when the notebook is opened again the controls are gone, and with them the style that hides the text.
        view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
        display({VIEW: view, "text/plain": ""}, raw=True)
        display(self._still("needs_kernel", f"gc-still-{box.model_id}"), raw=True)

    def __str__(self):
        return self._still("needs_kernel")["text/plain"]

    def _still(self, why, name="gc-still"):
        settings = "; ".join(
            f"{self._words[name]}: {self._words['all'] if value is None else value}"
            for name, value in self._settings.items()
            if name != "prompt"
        )
        lines = (self._words[why], settings)
        passage = _passage(self._settings["prompt"], self._first)
        return {
            "text/html": f'<div class="{name}" lang="{self._lang}" dir="{self._dir}">'
            f"<p>{'<br>'.join(map(escape, lines))}</p>{passage}</div>",
            "text/plain": without_surrogates("\n".join((*lines, self._settings["prompt"] + self._first))),
        }

    def box(self):
        """The controls, a new set of them, as one ipywidget. Raises ModuleNotFoundError without ipywidgets."""
        import ipywidgets  # here, because only a notebook needs it

        words, given = self._words, self._settings
        common = {"style": {"description_width": "12em"}, "layout": {"width": "auto", "max_width": "44em"}}
        vocabulary = self._model.config.vocab_size
        stops = {
            "temperature": _with(given["temperature"], TEMPERATURES),
            "top_k": _with(given["top_k"], [*(count for count in COUNTS if count < vocabulary), None]),
            "top_p": _with(given["top_p"], [*SHARES, None]),
        }
        fields = {"prompt": ipywidgets.Textarea(value=given["prompt"], description=words["prompt"], rows=2, **common)}
        for name, values in stops.items():
            options = [words["all"] if value is None else f"{value:g}" for value in values]
            index = values.index(given[name])
            fields[name] = ipywidgets.SelectionSlider(options=options, index=index, description=words[name], **common)
        for name in ("max_new_tokens", "seed"):
            fields[name] = ipywidgets.IntText(value=given[name], description=words[name], **common)
        button = ipywidgets.Button(description=words["write"])
        status = ipywidgets.HTML()
        text = ipywidgets.HTML(_passage(given["prompt"], self._first))

        def say(sentence, error=False):
            role = "alert" if error else "status"
            status.value = f'<div role="{role}" dir="{self._dir}">{escape(without_surrogates(sentence))}</div>'

        def write(_):
            settings = {
                name: stops[name][field.index] if name in stops else field.value for name, field in fields.items()
            }
            new, shown = "", time.monotonic()
            button.disabled = True
            say(words["writing"])
            try:
                for piece in _write(self._model, self._tokenizer, **settings):
                    new += piece
                    if time.monotonic() - shown > EVERY:
                        text.value, shown = _passage(settings["prompt"], new), time.monotonic()
            except ValueError as error:
                say(str(error), error=True)
            except KeyboardInterrupt:
                say(words["stopped"])
            except Exception as error:  # a button has no cell below it where an error could be read
                say(f"{type(error).__name__}: {error}", error=True)
            else:
                say(words["done"])
            finally:
                if new:
                    text.value = _passage(settings["prompt"], new)
                button.disabled = False

        button.on_click(write)
        note = ipywidgets.HTML()
        box = ipywidgets.VBox([*fields.values(), button, status, text, note])
        box.add_class("gc-controls")
        style = f"<style>{STYLE} .gc-still-{box.model_id} {{ display: none }}</style>"
        note.value = f'{style}<div lang="{self._lang}" dir="{self._dir}">{escape(words["note"])}</div>'
        return box


def listens():
    """Whether controls would find a kernel: in a running notebook whose outputs are not made to be stored."""
    from IPython import get_ipython

    return not is_static() and getattr(get_ipython(), "kernel", None) is not None


def _write(model, tokenizer, prompt, temperature, top_k, top_p, max_new_tokens, seed):
    """The text that follows the prompt, in pieces. Raises ValueError, at the call, for what does not fit."""
    if not isinstance(prompt, str):
        raise ValueError(message("errors.not_text", type=type(prompt).__name__))
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError(message("errors.not_whole", name="seed", value=seed, least=0))
    special = getattr(tokenizer, "special_tokens_set", ())
    if found := [token for token in special if token in prompt]:
        raise ValueError(message("errors.special_in_prompt", token=min(found)))
    end = tokenizer.encode_single_token(END_OF_TEXT) if END_OF_TEXT in special else None
    generator = torch.Generator().manual_seed(seed % 2**64)
    return stream(model, tokenizer, prompt, max_new_tokens, temperature, top_k, top_p, end, generator)


def _with(value, values):
    """The values with one more at its place; None, which cuts nothing, is the largest."""
    return sorted({*values, value}, key=lambda each: math.inf if each is None else each)


def _passage(prompt, new):
    """The prompt and what follows it, as HTML in the direction of the text."""
    start, rest = (escape(without_surrogates(text)) for text in (prompt, new))
    return f'<div dir="{direction(prompt + new)}" style="white-space:pre-wrap"><b>{start}</b>{rest}</div>'
