"""Two processes under torchrun train as one does with the same batches."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import pytest
import torch

from gptcourse import distributed
from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.model import GPT
from gptcourse.training import train

CONFIG = GPTConfig(7, 6, n_embd=8, n_head=2, n_layer=1)
SETTINGS = TrainConfig(steps=10, batch_size=4, lr=0.01, warmup=3, eval_every=5)
TOKENS = torch.randint(7, (80,), generator=torch.Generator().manual_seed(0))

SCRIPT = """
import json, sys
from dataclasses import replace
import torch
from gptcourse import distributed
sys.path.insert(0, {tests!r})
from test_distributed import CONFIG, SETTINGS, TOKENS, run

torch.set_num_threads(1)
folder = {folder!r}
with distributed.processes():
    me = distributed.rank()
    assert distributed.world_size() == 2
    # each process would begin with other weights: those of process 0 count
    results = {{"plain": run(seed=me)}}
    dropout = replace(CONFIG, dropout=0.3)
    results["whole"] = run(seed=0, config=dropout)
    run(seed=0, config=dropout, stop=7, checkpoint=folder + "/run")
    torch.distributed.barrier()
    results["resumed"] = run(seed=3, config=dropout, checkpoint=folder + "/run", resume=True)
    try:
        run(settings=replace(SETTINGS, batch_size=3))
    except ValueError as error:
        results["error"] = str(error)
with open(f"{{folder}}/{{me}}.json", "w", encoding="utf-8") as out:
    json.dump(results, out)
"""


def run(seed=0, config=CONFIG, settings=SETTINGS, stop=None, **options):
    """Records and the final weights of one training."""
    torch.manual_seed(seed)
    model = GPT(config)
    records = []
    for record in train(model, TOKENS, settings, TOKENS, **options):
        records.append(asdict(record))
        if record.step == stop:
            break
    return records, [parameter.tolist() for parameter in model.parameters()]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What each of two processes reports, and their folder."""
    folder = tmp_path_factory.mktemp("two")
    script = folder / "script.py"
    tests = str(__file__).rsplit("test_distributed.py", 1)[0]
    script.write_text(SCRIPT.format(folder=str(folder), tests=tests), encoding="utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [json.loads((folder / f"{i}.json").read_text(encoding="utf-8")) for i in range(2)]


def test_two_processes_train_as_one_does(results):
    """Same batches, gradients averaged: equal up to the order in which floats are added."""
    records, weights = run(seed=0)
    for result in results:
        theirs, their_weights = result["plain"]
        assert len(theirs) == len(records) == 10
        for mine, other in zip(records, theirs, strict=True):
            assert other.keys() == mine.keys()
            for name, value in mine.items():
                assert other[name] == (pytest.approx(value, rel=1e-5) if isinstance(value, float) else value), name
        for mine, other in zip(weights, their_weights, strict=True):
            torch.testing.assert_close(torch.tensor(other), torch.tensor(mine), rtol=1e-4, atol=1e-5)


def test_all_processes_hold_the_same_model(results):
    assert results[0] == results[1]


def test_together_too_resuming_equals_never_having_stopped(results):
    whole, weights = results[0]["whole"]
    resumed, resumed_weights = results[0]["resumed"]
    assert resumed == whole[5:] and resumed_weights == weights


def test_dropout_differs_between_the_processes(results):
    """Otherwise half the batch would be dropped out like the other half; alone, one process draws other numbers."""
    assert results[0]["whole"][0] != run(config=replace(CONFIG, dropout=0.3))[0]


def test_a_batch_that_cannot_be_shared_is_refused(results):
    assert "batch_size=3 cannot be divided among 2 processes" in results[0]["error"]


def test_a_process_on_its_own_needs_no_company():
    assert (distributed.rank(), distributed.world_size()) == (0, 1)
    batch = torch.arange(4)
    assert torch.equal(distributed.share(batch), batch) and distributed.gather("x") == ["x"]
    with distributed.processes() as device:
        assert device.type in ("cpu", "cuda") and distributed.world_size() == 1
