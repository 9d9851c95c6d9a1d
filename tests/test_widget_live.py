"""Widgets that talk to Python: the form that `Widget.live()` gives, with a real kernel and in a page."""

import base64
import json
import sys

import pytest
from widget_pages import REAL, page_of, probe

from gptcourse.labels import Labels
from gptcourse.widgets import host
from gptcourse.widgets.host import Widget


def test_without_anywidget_its_absence_is_told(probes, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "gptcourse.widgets.live", raising=False)
    with pytest.raises(ImportError, match="needs the package anywidget, .* %pip install anywidget"):
        probe().live()


def test_the_living_form_shows_the_still_one_where_nobody_listens(probes, monkeypatch):
    live = probe().live()
    assert live._repr_mimebundle_() == probe()._repr_mimebundle_()
    monkeypatch.delenv("GPTCOURSE_STATIC")
    data, _ = live._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == live.model_id
    assert data["text/html"] == probe().html()
    assert data["text/plain"] == "hello"


def test_two_living_widgets_have_classes_of_their_own(probes):
    """anywidget keeps one style for each name of a class."""
    names = {each.live()._anywidget_id for each in (probe(), Widget("broken", {}, "", ""))}
    assert len(names) == 2


KERNEL = """
from pathlib import Path
from gptcourse.widgets import host
host.FOLDER = Path({folder!r})
live = host.Widget("probe", {{"text": "\\ud800 <", "loss": float("nan")}}, "", "").live()
live.observe(lambda change: print(change["new"]), "selection")
live.on_msg(lambda _, message, buffers: print("heard", message))
live
"""


def test_it_talks_to_a_kernel(probes, monkeypatch):
    from jupyter_client.manager import start_new_kernel

    monkeypatch.setenv("PYTHONPATH", str(REAL.parents[1]))
    monkeypatch.delenv("GPTCOURSE_STATIC")
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        opened, shown = ask(client, KERNEL.format(folder=str(probes)), "comm_open", "execute_result")
        comm = opened["comm_id"]
        state = opened["data"]["state"]
        assert state["_model_module"] == "anywidget"
        assert '"dom": (use) =>' in state["_esm"] and "font-weight: 700" in state["_css"]
        assert json.loads(state["state"])["text"] == "\ud800 <"
        assert json.loads(state["state"])["loss"] == {"$number": "NaN"}
        assert shown["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] == comm

        (changed,) = ask(client, 'live.state = {**live.state, "text": "new"}', "comm_msg")
        assert changed["data"]["method"] == "update"
        assert json.loads(changed["data"]["state"]["state"])["text"] == "new"

        (told,) = ask(client, 'live.send({"loss": float("inf")})', "comm_msg")
        assert told["data"] == {"method": "custom", "content": {"json": '{"loss":{"$number":"Infinity"}}'}}

        update = {"method": "update", "state": {"selection": '{"clicks":2,"half":"\\ud800"}'}, "buffer_paths": []}
        assert tell(client, comm, update) == "{'clicks': 2, 'half': '\\ud800'}\n"
        assert tell(client, comm, {"method": "custom", "content": {"a": 1}}) == "heard {'a': 1}\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def ask(client, code, *kinds):
    """Run code; the contents of the first message of each of these kinds."""
    asked = client.execute(code)
    return heard(client, asked, kinds)


def tell(client, comm, data):
    """Send a widget what its front end would; what Python prints."""
    message = client.session.msg("comm_msg", {"comm_id": comm, "data": data})
    client.shell_channel.send(message)
    return heard(client, message["header"]["msg_id"], ["stream"])[0]["text"]


def heard(client, asked, kinds):
    found = {}
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != asked:
            continue
        kind, content = message["msg_type"], message["content"]
        assert kind != "error", "\n".join(content.get("traceback", []))
        if kind != "comm_open" or "anywidget" in str(content["data"]["state"].get("_model_module")):
            found.setdefault(kind, content)
        if kind == "status" and content["execution_state"] == "idle":
            assert set(kinds) <= set(found), found
            return [found[kind] for kind in kinds]


FAKE = """
async (source) => {
  const widget = (await import(`data:text/javascript;base64,${source}`)).default;
  const values = { state: '{"text":"first","lang":"hu","dir":"ltr","clicks":0}', selection: '{"clicks":4}' };
  const handlers = {};
  const log = [];
  const model = {
    get: (name) => values[name],
    set: (name, value) => { values[name] = value; },
    save_changes: () => log.push(["saved", values.selection]),
    send: (message) => log.push(["sent", message]),
    on: (name, f) => { handlers[name] = f; },
    off: (name, f) => { if (handlers[name] === f) delete handlers[name]; },
  };
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  const end = widget.render({ model, el });
  const seen = () => [el.querySelector(".shown").textContent, el.querySelector("output").textContent];
  log.push(seen());
  el.querySelector("button").click();
  log.push(seen());
  values.state = '{"text":"second","lang":"hu","dir":"ltr","clicks":0}';
  handlers["change:state"]();
  log.push(seen());
  handlers["msg:custom"]({ json: '{"$number":"Infinity"}' });
  handlers["msg:custom"]({ other: 1 });
  log.push(seen()[0], [el.className, el.lang, el.dir]);
  await end();
  log.push(Object.keys(handlers).length, globalThis.removed);
  return log;
}
"""


def test_the_living_form_in_a_page(probes, reader, tmp_path):
    """With a model as anywidget has it: both directions, several views, and an end."""
    path = tmp_path / "page.html"
    path.write_text(page_of("", Labels("en")), encoding="utf-8")
    page = reader.open(path.as_uri())
    assert page.evaluate(FAKE, base64.b64encode(host.linked("probe").encode()).decode()) == [
        ["first", "4"],  # what the reader has set comes before what Python shows first
        ["saved", '{"clicks":5}'],
        ["first", "5"],
        ["second", "5"],  # only what Python has changed
        "second null {\"other\":1}",
        ["gc-widget", "hu", "ltr"],
        0,
        1,
    ]  # fmt: skip
