"""Models saved in the middle of their training, and found again: one safetensors file, old or new, never half.

    save_checkpoint("run.safetensors", model, optimizer, step=100)
    model, state = load_checkpoint("run.safetensors")              # a new model; state["step"] is 100
    load_checkpoint("run.safetensors", model, optimizer)           # into those that are there, to train on

The tensors are named "model.…" and "optimizer.…"; everything else stands as JSON in the file's metadata. Nothing in such
a file is ever executed. This module does not know how a model is trained.
"""

import json
import os
import zlib
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from gptcourse.config import GPTConfig
from gptcourse.labels import message
from gptcourse.model import GPT

FORMAT = "gptcourse checkpoint 1"
DTYPES = {  # as safetensors calls them
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}  # fmt: skip


def save_checkpoint(file, model, optimizer=None, **state):
    """Save a model, its optimizer where given, and `state`: numbers, strings, tensors, and lists and dicts of them.

    The file is written beside its final place as `<file>.part` and then put there in one move, so that whatever
    happens meanwhile, `file` is the old checkpoint or the new one. Raises OSError if it cannot be written.
    """
    file = Path(file)
    part = file.with_name(file.name + ".part")
    tensors = {f"model.{name}": tensor for name, tensor in _distinct(model).items()}
    about = {"format": FORMAT, "state": _take_tensors(state, "state", tensors)}
    if isinstance(getattr(model, "config", None), GPTConfig):
        about["config"] = asdict(model.config)
    if optimizer is not None:
        about["optimizer"] = _take_tensors(optimizer.state_dict(), "optimizer", tensors)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    about["checksum"] = _checksum(tensors)
    try:
        _write(part, tensors, {"gptcourse": json.dumps(about)})
        os.replace(part, file)
        if os.name == "posix":  # elsewhere a folder cannot be opened
            _flush(file.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(message("errors.not_saved", file=file, error=error)) from error


def load_checkpoint(file, model=None, optimizer=None, device="cpu"):
    """The model of a checkpoint, in eval mode, and the `state` saved with it.

    Given a `model`, its weights are replaced; otherwise one is built on `device`. An `optimizer` takes up its averages
    again. Raises ValueError for a file that is damaged or no checkpoint, for tensors that do not fit the model, and
    for a missing optimizer or configuration; then model and optimizer are as they were.
    """
    file = Path(file)
    tensors, about = _read(file)
    if optimizer is not None and "optimizer" not in about:
        raise ValueError(message("errors.no_optimizer", file=file))
    if model is None:
        if "config" not in about:
            raise ValueError(message("errors.no_config", file=file))
        model = GPT(GPTConfig(**about["config"])).to(device)
    own = _distinct(model)
    found = {name.removeprefix("model."): t for name, t in tensors.items() if name.startswith("model.")}
    _compare(file, own, found)
    if optimizer is not None:
        optimizer.load_state_dict(_give_tensors(about["optimizer"], tensors))
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(found[name])
    return model.eval(), _give_tensors(about["state"], tensors)


def load_state(file):
    """Only the `state` of a checkpoint, without a model. Raises ValueError for a file that is damaged or none."""
    tensors, about = _read(Path(file))
    return _give_tensors(about["state"], tensors)


def _distinct(model):
    """The tensors of a model by name, each once: tied matrices are one tensor with two names."""
    named = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        if not any(tensor is other for other in named.values()):
            named[name] = tensor
    return named


def _compare(file, own, found):
    for name, tensor in own.items():
        shape = tuple(tensor.shape)
        if name not in found:
            raise ValueError(message("errors.tensor_missing", file=file, name=name, shape=shape))
        if found[name].shape != tensor.shape:
            there = tuple(found[name].shape)
            raise ValueError(message("errors.tensor_shape", file=file, name=name, found=there, shape=shape))
    for name, tensor in found.items():
        if name not in own:
            raise ValueError(message("errors.tensor_unexpected", file=file, name=name, shape=tuple(tensor.shape)))


def _take_tensors(value, name, tensors):
    """`value` as JSON can hold it; its tensors go to `tensors` and leave their name behind.

    A dict becomes a list of pairs, because JSON would turn the whole numbers that optimizers use as keys into strings.
    """
    if isinstance(value, torch.Tensor):
        tensors[name] = value
        return {"tensor": name}
    if isinstance(value, dict):
        return {"dict": [[key, _take_tensors(item, f"{name}.{key}", tensors)] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        items = [_take_tensors(item, f"{name}.{i}", tensors) for i, item in enumerate(value)]
        return {"tuple" if isinstance(value, tuple) else "list": items}
    return value


def _give_tensors(value, tensors):
    """What `_take_tensors` was given."""
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "tensor":
        return tensors[content]
    if kind == "dict":
        return {key: _give_tensors(item, tensors) for key, item in content}
    return (tuple if kind == "tuple" else list)(_give_tensors(item, tensors) for item in content)


def _checksum(tensors):
    """CRC-32 of all tensors in the order of their names: safetensors itself does not notice a changed byte."""
    checksum = 0
    for name in sorted(tensors):
        checksum = zlib.crc32(_bytes(tensors[name]), zlib.crc32(name.encode(), checksum))
    return checksum


def _read(file):
    """All tensors of a file, and what its metadata say."""
    try:
        with safe_open(file, framework="pt") as opened:
            about = json.loads((opened.metadata() or {})["gptcourse"])
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}
        if about["format"] != FORMAT or about["checksum"] != _checksum(tensors):
            raise ValueError("checksum")
    except FileNotFoundError:
        raise
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(message("errors.not_checkpoint", file=file, error=error)) from error
    return tensors, about


def _write(file, tensors, metadata):
    """Write a safetensors file and wait until it is on the disk: length of the header, header, numbers.

    safetensors' own writer would first make a second copy of everything, or leave files of changing names behind when
    it is killed, and lets nobody but their owner read them.
    """
    header, at = {"__metadata__": metadata}, 0
    tensors = dict(sorted(tensors.items(), key=lambda item: -item[1].element_size()))  # keeps numbers aligned
    for name, tensor in tensors.items():
        offsets = [at, at := at + tensor.nbytes]
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": offsets}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    with open(file, "wb") as out:
        out.write(len(head).to_bytes(8, "little") + head)
        for tensor in tensors.values():
            out.write(_bytes(tensor))
        out.flush()
        os.fsync(out.fileno())  # or a power cut after the move could leave a name without its bytes


def _bytes(tensor):
    """The memory of a tensor as it is, also of types that numpy does not know."""
    return tensor.reshape(-1).view(torch.uint8).numpy()


def _flush(folder):
    """Wait until a folder's list of names is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
