"""Controls for the model in memory: alive where a kernel listens, a text elsewhere, and the same words as `stream`."""

import re
import sys
from html import unescape
from types import SimpleNamespace

import pytest
import torch
from test_widget_host import REAL

from gptcourse import GPT, GPTConfig, labels
from gptcourse.sample import stream
from gptcourse.small import load_small
from gptcourse.tokenizers import CharTokenizer
from gptcourse.widgets import generate_controls
from gptcourse.widgets.generate_controls import VIEW

HOSTILE = "</script><b onload=x>\"'& \u202eabc\u202c شاه"


@pytest.fixture(scope="module")
def tiny():
    torch.manual_seed(0)
    tokenizer = CharTokenizer("abcdefghijk lmnop\n" + HOSTILE)
    return GPT(GPTConfig(vocab_size=tokenizer.n_vocab, block_size=32, n_embd=16, n_head=2, n_layer=1)), tokenizer


@pytest.fixture
def kernel(monkeypatch):
    """As in a running notebook."""
    monkeypatch.delenv("GPTCOURSE_STATIC", raising=False)
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=object()))


def written(model, tokenizer, prompt, count, temperature, top_k=None, top_p=None, seed=0, eos_id=None):
    generator = torch.Generator().manual_seed(seed)
    return "".join(stream(model, tokenizer, prompt, count, temperature, top_k, top_p, eos_id, generator))


class Panel:
    """The controls by their names, and what they show."""

    def __init__(self, controls, t):
        *_, self.button, self.status, self.text, self.note = self.all = controls.box().children
        self.by_name = {each.description: each for each in self.all[:-4]}
        self.t = t

    def __getitem__(self, name):
        return self.by_name[self.t.get(f"widgets.generate_controls.{name}") or self.t[f"widgets.common.{name}"]]

    def choose(self, name, option):
        self[name].index = self[name].options.index(option)

    def press(self):
        self.button.click()
        return shown(self.text.value)


def shown(html):
    return unescape(re.sub("<[^>]*>", "", html))


def test_every_control_writes_what_stream_writes(tiny, kernel):
    panel = Panel(generate_controls(*tiny, prompt="ab", max_new_tokens=12, seed=3), labels.Labels("en"))
    assert shown(panel.text.value) == "ab" + written(*tiny, "ab", 12, 0.8, seed=3) == panel.press()
    panel["prompt"].value, panel["seed"].value, panel["max_new_tokens"].value = "k a", 8, 20
    panel.choose("temperature", "1.5")
    assert panel.press() == "k a" + written(*tiny, "k a", 20, 1.5, seed=8)
    panel.choose("top_k", "4")
    assert panel.press() == "k a" + written(*tiny, "k a", 20, 1.5, 4, seed=8)
    panel.choose("top_p", "0.6")
    assert panel.press() == "k a" + written(*tiny, "k a", 20, 1.5, 4, 0.6, seed=8)
    panel.choose("top_k", "all")
    assert panel.press() == "k a" + written(*tiny, "k a", 20, 1.5, None, 0.6, seed=8)
    panel.choose("temperature", "0")
    assert panel.press() == "k a" + written(*tiny, "k a", 20, 0)
    assert panel.status.value == '<div role="status" dir="ltr">The model has finished.</div>'
    assert not panel.button.disabled


def test_the_model_is_asked_as_it_is_at_that_moment(tiny, kernel):
    model, tokenizer = tiny
    panel = Panel(generate_controls(model, tokenizer, "ab", temperature=0), labels.Labels("en"))
    before = panel.press()
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)))
    after = panel.press()
    expected = "ab" + written(model, tokenizer, "ab", 50, 0)
    model.load_state_dict(kept)
    assert after == expected != before


def test_settings_that_are_no_stop_of_a_slider_have_one(tiny, kernel):
    given = {"temperature": 0.833, "top_k": 17, "top_p": 0.995}
    panel = Panel(generate_controls(*tiny, "ab", **given), labels.Labels("en"))
    assert [panel[name].value for name in given] == ["0.833", "17", "0.995"]
    assert panel["top_k"].options[-2:] == ("30", "all")
    assert panel.press() == "ab" + written(*tiny, "ab", 50, 0.833, 17, 0.995)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("prompt", "", "give at least one character"),
        ("prompt", "€", "€"),
        ("seed", -1, "seed=-1 must be a whole number"),
    ]
    + [("max_new_tokens", -5, "max_new_tokens=-5 is no number of tokens")],
)
def test_bad_values_become_a_sentence(tiny, kernel, field, value, said):
    panel = Panel(generate_controls(*tiny, "ab", 5), labels.Labels("en"))
    before = shown(panel.text.value)
    panel[field].value = value
    assert panel.press() == before
    assert 'role="alert"' in panel.status.value and said in shown(panel.status.value) and not panel.button.disabled
    panel["prompt"].value, panel["seed"].value, panel["max_new_tokens"].value = "ab", 0, 5
    assert panel.press() == before and "finished" in panel.status.value


@pytest.mark.parametrize(
    ("error", "said"),
    [(KeyboardInterrupt(), "Interrupted"), (RuntimeError("<no memory>"), "RuntimeError: &lt;no memory&gt;")],
)
def test_what_was_written_stays_when_something_goes_wrong(tiny, kernel, monkeypatch, error, said):
    def broken(*_):
        yield "half"
        raise error

    panel = Panel(generate_controls(*tiny, "ab", 5), labels.Labels("en"))
    monkeypatch.setattr(sys.modules["gptcourse.widgets.generate_controls"], "stream", broken)
    assert panel.press() == "abhalf"
    assert said in panel.status.value and not panel.button.disabled


def test_hostile_text_stays_text(tiny, kernel):
    controls = generate_controls(*tiny, HOSTILE, 5)
    panel = Panel(controls, labels.Labels("en"))
    for html in (panel.text.value, controls._repr_mimebundle_()["text/html"]):
        assert "</script" not in html and "<b onload" not in html and HOSTILE in shown(html)
    panel["prompt"].value = "\ud800"
    panel.press()
    panel.status.value.encode()


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_where_nobody_listens_there_is_a_text_without_controls(lang, monkeypatch):
    monkeypatch.setattr(labels, "_session", labels.Labels(lang))
    t = labels.Labels(lang)
    model, tokenizer = load_small(lang)
    opening, end = t["widgets.gpt_in_page.opening"], tokenizer.eot_token
    expected = opening + written(model, tokenizer, opening, 20, 0.5, 30, None, 2, end)
    controls = generate_controls(model, tokenizer, max_new_tokens=20, temperature=0.5, top_k=30, seed=2)
    no_kernel = controls._repr_mimebundle_()
    monkeypatch.setenv("GPTCOURSE_STATIC", "1")
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=object()))
    stored = controls._repr_mimebundle_()
    with pytest.raises(NotImplementedError):
        controls._ipython_display_()
    assert stored == no_kernel and set(stored) == {"text/html", "text/plain"}
    for text in (shown(stored["text/html"]), stored["text/plain"], str(controls)):
        assert expected in text and t["widgets.generate_controls.needs_kernel"] in text
        assert f"{t['widgets.common.temperature']}: 0.5; top-k: 30; top-p: {t['widgets.common.all']}" in text
    assert f'lang="{lang}" dir="{t.dir}"' in stored["text/html"]
    assert not re.search("<(button|input|textarea|select)", stored["text/html"])


@pytest.fixture
def outputs(monkeypatch):
    """What is displayed."""
    found = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: found.append(bundle))
    return found


def test_with_a_kernel_the_text_is_hidden_as_long_as_the_controls_are_there(tiny, kernel, outputs):
    generate_controls(*tiny, "ab", 5)._ipython_display_()
    view, still = outputs
    assert set(view) == {VIEW, "text/plain"} and view[VIEW]["model_id"] in still["text/html"]
    assert "needs the running notebook" in still["text/html"]


def test_without_ipywidgets_its_absence_is_told(tiny, kernel, outputs, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    generate_controls(*tiny, "ab", 5)._ipython_display_()
    (output,) = outputs
    assert VIEW not in output and "%pip install ipywidgets" in output["text/plain"]


@pytest.mark.parametrize(
    ("given", "said"),
    [({"prompt": ""}, "at least one"), ({"prompt": 5}, "not int"), ({"prompt": "€"}, "€"), ({"seed": 0.5}, "seed=0.5")]
    + [
        ({"temperature": -1}, "temperature=-1"),
        ({"top_k": 0}, "top_k=0"),
        ({"max_new_tokens": None}, "None is no num"),
    ],
)
def test_what_does_not_fit_is_named_at_the_call(tiny, given, said):
    with pytest.raises(ValueError, match=said):
        generate_controls(*tiny, **{"prompt": "ab", **given})


def test_the_end_of_text_is_no_prompt():
    model, tokenizer = load_small("en")
    with pytest.raises(ValueError, match=r"The prompt holds <\|endoftext\|>"):
        generate_controls(model, tokenizer, "a<|endoftext|>b")


def test_the_names_of_a_language_are_all_there():
    english = {*(labels.Labels("en").get("widgets.generate_controls"))}
    for lang in labels.languages():
        assert {*(labels.Labels(lang).get("widgets.generate_controls"))} == english, lang


# ---- a real kernel

CODE = """
from gptcourse.small import load_small
from gptcourse.widgets import generate_controls
generate_controls(*load_small("en"), prompt="Once upon a time", max_new_tokens=8, temperature=0, seed=1)
"""


def test_a_front_end_sets_a_field_and_presses_the_button(monkeypatch):
    from jupyter_client.manager import start_new_kernel

    monkeypatch.setenv("PYTHONPATH", str(REAL.parents[1]))
    monkeypatch.delenv("GPTCOURSE_STATIC", raising=False)
    model, tokenizer = load_small("en")
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        messages = until_idle(client, client.execute(CODE))
        output, still = [content["data"] for kind, content in messages if kind == "display_data"]
        states = {c["comm_id"]: c["data"]["state"] for kind, c in messages if kind == "comm_open"}
        assert output[VIEW]["model_id"] in states and "needs the running notebook" in still["text/plain"]
        of = lambda kind: [id for id, state in states.items() if state["_model_name"] == f"{kind}Model"]  # noqa: E731
        (prompt,), (button,), (_, text, _) = of("Textarea"), of("Button"), of("HTML")
        assert written(model, tokenizer, "Once upon a time", 8, 0) in unescape(states[text]["value"])

        tell(client, prompt, {"method": "update", "state": {"value": "The king"}, "buffer_paths": []})
        changes = tell(client, button, {"method": "custom", "content": {"event": "click"}})
        values = [state["value"] for comm, state in changes if comm == text]
        assert shown(values[-1]) == "The king" + written(model, tokenizer, "The king", 8, 0)
        assert [state["disabled"] for comm, state in changes if comm == button and "disabled" in state] == [True, False]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def tell(client, comm, data):
    """Send a control what its front end would; the changes that the kernel answers with."""
    message = client.session.msg("comm_msg", {"comm_id": comm, "data": data})
    client.shell_channel.send(message)
    answers = until_idle(client, message["header"]["msg_id"])
    updates = [content for kind, content in answers if kind == "comm_msg" and content["data"]["method"] == "update"]
    return [(content["comm_id"], content["data"]["state"]) for content in updates]


def until_idle(client, asked):
    """Kind and content of what a kernel publishes until it has done what it was asked."""
    found = []
    while not found or found[-1] != ("status", {"execution_state": "idle"}):
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == asked:
            found.append((message["msg_type"], message["content"]))
            assert message["msg_type"] != "error", "\n".join(message["content"]["traceback"])
    return found
