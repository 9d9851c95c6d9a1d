"""Checkpoints: what comes back is what was saved, and the file is always the old one or the new one."""

import errno
import json
import os
import pickle
import signal

import pytest
import torch
from safetensors.torch import load_file, save_file

from gptcourse import checkpoint
from gptcourse.checkpoint import load_checkpoint, load_state, save_checkpoint
from gptcourse.config import GPTConfig
from gptcourse.model import GPT

CONFIG = GPTConfig(5, 4, n_embd=4, n_head=2, n_layer=1)


def trained(seed=0, config=CONFIG):
    """A tiny model after two steps, with its optimizer."""
    torch.manual_seed(seed)
    model = GPT(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1 + seed, betas=(0.8, 0.95))
    for _ in range(2):
        ids = torch.randint(config.vocab_size, (2, config.block_size))
        model(ids, ids)[1].backward()
        optimizer.step()
    return model, optimizer


def same(a, b):
    """Whether two nested values, tensors included, are equal to the bit and of the same types."""
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and a.dtype == b.dtype and torch.equal(a, b)
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("tied", [True, False])
def test_model_optimizer_and_state_come_back_to_the_bit(tmp_path, tied):
    config = GPTConfig(5, 4, n_embd=4, n_head=2, n_layer=1, tied=tied, bias=False)
    model, optimizer = trained(config=config)
    state = {
        "step": 7, "loss": 0.1, "best": float("inf"), "name": "ő", "none": None, "flag": True,
        "nested": {"rng": torch.get_rng_state(), "list": [1, (2, torch.ones(2, dtype=torch.bfloat16))], "empty": {}},
    }  # fmt: skip
    save_checkpoint(tmp_path / "a.safetensors", model, optimizer, **state)
    assert os.listdir(tmp_path) == ["a.safetensors"]
    again, other = trained(seed=1, config=config)
    restored, found = load_checkpoint(tmp_path / "a.safetensors", again, other)
    assert restored is again and not again.training
    assert same(model.state_dict(), again.state_dict())
    assert same(optimizer.state_dict(), other.state_dict())
    assert same(state, found) and same(state, load_state(tmp_path / "a.safetensors"))


def test_a_model_is_built_from_the_file_alone(tmp_path):
    model, _ = trained()
    save_checkpoint(tmp_path / "a", model)
    again, state = load_checkpoint(str(tmp_path / "a"))
    assert again.config == CONFIG and state == {}
    assert again.head.weight is again.wte.weight
    ids = torch.arange(4)[None]
    assert torch.equal(again(ids)[0], model.eval()(ids)[0])


def test_a_model_of_the_readers_own_is_saved_too_but_must_be_passed(tmp_path):
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))  # with buffers, one of them a number
    model(torch.randn(3, 2))
    save_checkpoint(tmp_path / "a", model)
    with pytest.raises(ValueError, match="does not say how its model is built"):
        load_checkpoint(tmp_path / "a")
    again = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    load_checkpoint(tmp_path / "a", again)
    assert same(model.state_dict(), again.state_dict())


@pytest.fixture
def saved(tmp_path):
    """A checkpoint's path and bytes."""
    file = tmp_path / "run.safetensors"
    model, optimizer = trained()
    save_checkpoint(file, model, optimizer, step=1)
    return file, file.read_bytes()


def test_a_file_cut_off_anywhere_is_refused_in_one_sentence(saved):
    file, data = saved
    model, optimizer = trained(seed=2)
    before = [p.clone() for p in model.parameters()]
    for size in {0, 1, 7, 8, 9, len(data) - 1, *range(0, len(data), 97)}:
        file.write_bytes(data[:size])
        with pytest.raises(ValueError, match="is damaged, or no checkpoint"):
            load_checkpoint(file, model, optimizer)
    assert all(map(torch.equal, before, model.parameters()))


def test_a_changed_byte_among_the_numbers_is_noticed(saved):
    file, data = saved
    begin = 8 + int.from_bytes(data[:8], "little")
    for at in {begin, len(data) - 1, *range(begin, len(data), 211)}:
        file.write_bytes(data[:at] + bytes([data[at] ^ 16]) + data[at + 1 :])
        with pytest.raises(ValueError, match="is damaged, or no checkpoint"):
            load_checkpoint(file)


class Bomb:
    """Unpickling this would create a file."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return open, (self.file, "w")


def test_what_is_no_checkpoint_is_refused_and_never_executed(tmp_path):
    file = tmp_path / "a"
    torch.save({"model": 1}, tmp_path / "torch")
    save_file({"x": torch.ones(2)}, tmp_path / "tensors")
    save_file({"x": torch.ones(2)}, tmp_path / "other", {"gptcourse": json.dumps({"format": "another"})})
    save_file({"x": torch.ones(2)}, tmp_path / "list", {"gptcourse": "[]"})
    contents = [b"", b"text", pickle.dumps(Bomb(str(tmp_path / "exploded")))]
    contents += [(tmp_path / name).read_bytes() for name in ("torch", "tensors", "other", "list")]
    for content in contents:
        file.write_bytes(content)
        with pytest.raises(ValueError, match="is damaged, or no checkpoint"):
            load_checkpoint(file)
    assert not (tmp_path / "exploded").exists()
    with pytest.raises(ValueError, match="is damaged, or no checkpoint"):
        load_checkpoint(tmp_path)  # a folder
    with pytest.raises(FileNotFoundError, match="missing"):
        load_checkpoint(tmp_path / "missing")


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs a limit on file sizes that kills")
def test_a_process_killed_at_any_byte_leaves_the_old_checkpoint(saved):
    """The kernel kills the child at the very byte that passes the limit; with room for all, the new file is there."""
    import resource

    file, old = saved
    model, optimizer = trained(seed=3)
    # The new one is as long as the old, or nearly so: the metadata hold other numbers.
    for limit in [0, 1, 7, 8, 9, *range(100, len(old) - 99, len(old) // 25), 2 * len(old)]:
        child = os.fork()
        if child == 0:
            try:
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                save_checkpoint(file, model, optimizer, step=2)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        if limit < len(old):
            assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXFSZ
            assert file.read_bytes() == old
        else:
            assert os.WIFEXITED(status)
    again, state = load_checkpoint(file)
    assert state["step"] == 2 and same(again.state_dict(), model.state_dict())
    assert os.listdir(file.parent) == [file.name]  # what the killed ones left behind is gone


@pytest.mark.parametrize("fails", ["_write", "replace"])
def test_a_full_disk_loses_nothing_and_is_one_sentence(saved, monkeypatch, fails):
    file, old = saved

    def full(part, *rest):
        part.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoint if fails == "_write" else os, fails, full)
        with pytest.raises(
            OSError, match=r"could not be saved \(.*No space left.*What stood there before is unchanged"
        ):
            save_checkpoint(file, trained(seed=1)[0])
    assert file.read_bytes() == old and os.listdir(file.parent) == [file.name]


def test_others_may_read_the_file_as_any_other_new_file(saved):
    plain = saved[0].with_name("plain")
    plain.touch()
    assert saved[0].stat().st_mode == plain.stat().st_mode


def test_safetensors_reads_the_file_too(saved):
    model, _ = trained()
    tensors = load_file(saved[0])
    assert torch.equal(tensors["model.wte.weight"], model.wte.weight) and "model.head.weight" not in tensors


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        save_checkpoint(tmp_path / "nowhere" / "a", trained()[0])


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({"vocab_size": 6}, r"'wte.weight' of .* has the shape \(5, 4\), the model's has \(6, 4\)"),
        ({"n_layer": 2}, r"has no tensor 'blocks.1.ln1.weight', which the model needs with the shape \(4,\)"),
        ({"bias": False}, r"has a tensor '.*bias' of the shape \(\d+,\), which the model does not know"),
        ({"tied": False}, r"has no tensor 'head.weight'"),
    ],
)
def test_another_models_checkpoint_is_refused_and_changes_nothing(saved, sizes, says):
    defaults = {"vocab_size": 5, "block_size": 4, "n_embd": 4, "n_head": 2, "n_layer": 1}
    model, optimizer = trained(config=GPTConfig(**{**defaults, **sizes}))
    before = [p.clone() for p in model.parameters()]
    with pytest.raises(ValueError, match=says):
        load_checkpoint(saved[0], model, optimizer)
    assert all(map(torch.equal, before, model.parameters()))


def test_a_missing_optimizer_is_named(tmp_path):
    model, optimizer = trained()
    save_checkpoint(tmp_path / "a", model)
    with pytest.raises(ValueError, match="weights only, no optimizer"):
        load_checkpoint(tmp_path / "a", model, optimizer)
