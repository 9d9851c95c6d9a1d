"""A widget that grows in a cell of a real kernel, the loss curves: what a cell leaves, whether it ends or is interrupted."""

import json
import re
import time

import pytest

from gptcourse.widgets import host

PREPARE = """
import math, types, warnings
import torch
from gptcourse import GPTConfig, TrainConfig
from gptcourse.model import GPT
from gptcourse.training import train
from gptcourse.widgets import loss_curves
warnings.simplefilter("ignore")
torch.set_num_threads(1)
tokens = torch.arange(400) % 16
def records(steps, sample=None):
    torch.manual_seed(0)
    model = GPT(GPTConfig(16, 8, 16, 2, 1))
    return train(model, tokens, TrainConfig(steps, batch_size=2, eval_every=50), tokens[:80], sample=sample)
"""
FOREVER = 10**7
COUNT = "print(len(history), repr(history[-1].train_loss))"


@pytest.fixture(scope="module")
def kernel():
    from jupyter_client.manager import start_new_kernel

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(host.FOLDER.parents[1]))
        environment.setenv("GPTCOURSE_STATIC", "")
        manager, client = start_new_kernel(kernel_name="python3")
    yield Kernel(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


class Kernel:
    def __init__(self, manager, client):
        self.manager, self.client, self.displays = manager, client, set()
        assert self.run(PREPARE)["error"] == []

    def run(self, code, interrupt_after=None):
        """What a cell leaves: outputs by display_id or number, text, errors, and what the page was told meanwhile."""
        asked, begun = self.client.execute(code), time.monotonic()
        left = {"shown": {}, "stream": "", "error": [], "news": [], "closed": 0, "seconds": 0.0}
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind in ("display_data", "update_display_data", "execute_result"):
                name = content["transient"].get("display_id", len(left["shown"]))
                assert (name in self.displays) == (kind == "update_display_data")
                self.displays |= {name} if isinstance(name, str) else set()
                left["shown"][name] = content["data"]
            elif kind == "stream":
                left["stream"] += content["text"]
            elif kind == "error":
                left["error"].append(content["ename"])
            elif kind == "comm_close":
                left["closed"] += 1
            elif kind == "comm_msg" and content["data"].get("method") == "custom":
                left["news"].append(json.loads(content["data"]["content"]["json"]))
                if interrupt_after and len(left["news"]) == interrupt_after:
                    self.manager.interrupt_kernel()
            elif kind == "status" and content["execution_state"] == "idle":
                left["seconds"] = time.monotonic() - begun
                return left


def state_of(shown):
    (data,) = shown.values()
    assert "application/vnd.jupyter.widget-view+json" not in data, "still bound to the kernel"
    assert "gptcourseWidgets.define" in data["text/html"]
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', data["text/html"])[1])


def test_a_cell_that_ends_leaves_one_chart_without_a_kernel(kernel):
    left = kernel.run(f"history = list(loss_curves(records(200, lambda model: 'text'), 'GPT'))\n{COUNT}")
    (run,) = state_of(left["shown"])["runs"]
    assert run["count"] == 200 and run["rows"][-1][0] == 200 and run["rows"][-1][6] == ["text", 0]
    assert left["stream"].startswith("200 ") and float(left["stream"].split()[1]) == pytest.approx(
        run["rows"][-1][2], abs=1e-4
    )
    assert left["error"] == [] and left["news"] and left["closed"] >= 1
    assert len(left["news"]) / left["seconds"] <= 10
    told = [row for news in left["news"] for row in news["rows"]]
    assert [row[0] for row in told] == list(range(2, len(told) + 2))


def test_an_interrupted_training_leaves_its_records_and_a_complete_chart(kernel):
    left = kernel.run(f"history = list(loss_curves(records({FOREVER}), 'GPT'))\n{COUNT}", interrupt_after=4)
    (run,) = state_of(left["shown"])["runs"]
    count, loss = left["stream"].split()
    assert left["error"] == [] and 0 <= run["count"] - int(count) <= 1  # the interrupt may have met the chart
    if run["count"] == int(count):
        assert run["rows"][-1][2] == pytest.approx(float(loss), abs=1e-4)
    assert run["count"] == run["rows"][-1][0] >= 1 + sum(len(news["rows"]) for news in left["news"])


@pytest.mark.parametrize("body", ["sum(range(10_000_000))", "pass"])
def test_an_interrupt_in_a_loop_s_body_leaves_a_complete_chart(kernel, body):
    code = f"history = []\nfor record in loss_curves(records({FOREVER}), 'GPT'):\n    history.append(record); {body}"
    left = kernel.run(code, interrupt_after=3)
    (run,) = state_of(left["shown"])["runs"]
    after = kernel.run(COUNT)
    count, loss = after["stream"].split()
    assert left["error"] in (["KeyboardInterrupt"], []) and 0 <= run["count"] - int(count) <= 1
    assert after["shown"] == {}, "a later cell shows the chart again"


def test_a_cell_to_be_stored_shows_only_the_last_chart(kernel):
    code = "import os\nos.environ['GPTCOURSE_STATIC'] = {!r}"
    kernel.run(code.format("1"))
    try:
        first, second = (kernel.run("_ = list(loss_curves(records(50), 'GPT'))") for _ in range(2))
    finally:
        kernel.run(code.format(""))
    assert first["news"] == [] and first["closed"] == 0
    assert list(first["shown"]) == list(second["shown"]) == [0]
    assert first["shown"] == second["shown"]
    assert set(first["shown"][0]) == {"text/html", "text/plain"}
    assert "gptcourseWidgets" not in first["shown"][0]["text/html"]


def test_a_training_that_goes_on_in_another_cell_shows_its_chart_again(kernel):
    left = kernel.run("watched = loss_curves(records(60), 'GPT')\nhistory = [next(watched) for _ in range(5)]")
    assert state_of(left["shown"])["runs"][0]["count"] == 5
    again = kernel.run("print(len(list(watched)))")
    assert again["stream"] == "55\n" and list(again["shown"]) == list(left["shown"])
    assert state_of(again["shown"])["runs"][0]["count"] == 60
