"""GPT-2's two files as such: what a configuration says, what is wrong with a damaged file, and how both are written.

    huggingface_sizes(Path("gpt2/config.json"))          # {"vocab_size": 50257, "block_size": 1024, ...}
    write_safetensors(path, {"wte.weight": matrix}, {})  # the same bytes for the same tensors

Knows the formats, no model.
"""

import json
import os
from pathlib import Path
from uuid import uuid4

import torch

from gptcourse.labels import message

SAME_NAMES = {key: key for key in ("n_embd", "n_head", "n_layer")}  # sizes that everybody calls alike
DTYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
}  # safetensors' names


def read_json(file):
    """The object in a JSON file. Raises ValueError for anything else."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(message("errors.bad_config", file=file, error=error)) from error
    if not isinstance(given, dict):
        raise ValueError(message("errors.bad_config", file=file, error=type(given).__name__))
    return given


def sizes_from(given, names, file):
    """GPTConfig's sizes from a configuration with other names for them. Raises ValueError where one is missing."""
    for name in names.values():
        if name not in given:
            raise ValueError(message("errors.config_lacks", file=file, setting=name))
        if type(given[name]) is not int:
            raise ValueError(message("errors.bad_config", file=file, error=f"{name}={given[name]!r}"))
    return {ours: given[name] for ours, name in names.items()}


def huggingface_sizes(file):
    """The sizes in a config.json. Raises ValueError where it describes a variant that GPT is not."""
    given = read_json(file)
    block_size = "n_positions" if "n_positions" in given else "n_ctx"
    found = sizes_from(given, {"vocab_size": "vocab_size", "block_size": block_size, **SAME_NAMES}, file)
    can = {
        "model_type": ["gpt2"], "activation_function": ["gelu_new", "gelu_pytorch_tanh"], "layer_norm_epsilon": [1e-5],
        "n_inner": [None, 4 * found["n_embd"]], "scale_attn_weights": [True],
        "scale_attn_by_inverse_layer_idx": [False], "add_cross_attention": [False],
    }  # fmt: skip
    for key, values in can.items():
        if key in given and given[key] not in values:
            known = json.dumps(values[-1])
            value = json.dumps(given[key])
            raise ValueError(message("errors.other_variant", file=file, setting=key, value=value, known=known))
    return {**found, "tied": given.get("tie_word_embeddings", True)}


def shards(index):
    """The files over which a model is spread, by their index. Raises ValueError where it names none beside it."""
    names = read_json(index).get("weight_map")
    names = sorted(set(map(str, names.values()))) if isinstance(names, dict) else []
    if not names or any(Path(name).name != name for name in names):
        raise ValueError(message("errors.bad_config", file=index, error=f"weight_map={', '.join(names)}"))
    return [index.with_name(name) for name in names]


def damage(file, error):
    """What is wrong with a file that safetensors refuses: where it is cut off, the tensor that is not whole."""
    size = file.stat().st_size
    try:
        with file.open("rb") as data:
            start = 8 + int.from_bytes(data.read(8), "little")
            header = json.loads(data.read(start - 8))
        header.pop("__metadata__", None)
        needed, name = min(
            (start + tensor["data_offsets"][1], name)
            for name, tensor in header.items()
            if start + tensor["data_offsets"][1] > size
        )
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, MemoryError):
        return message("errors.damaged_weights", file=file, error=error)  # it is not that
    return message("errors.cut_off", file=file, name=name, size=size, needed=needed)


def write_safetensors(path, tensors, note):
    """Write tensors, one at a time, and the strings of `note` as a safetensors file, always in the order given.

    The format: the header's length in 8 bytes; the header, JSON padded with spaces; the numbers. Written here because
    the library writes the note's strings in random order, and the same model should give the same bytes.
    """
    header, end = {"__metadata__": note}, 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)  # so that the numbers begin at a multiple of 8
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            file.write(tensor.cpu().contiguous().view(torch.uint8).numpy())


def write_whole(files):
    """Write every file under a temporary name first; only when all are on the disk do they get their own."""
    temporary = {path: path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp") for path in files}
    try:
        for path, write in files.items():
            write(temporary[path])
            with temporary[path].open("rb+") as written:
                os.fsync(written.fileno())
        for path in files:
            os.replace(temporary[path], path)
    except OSError as error:
        raise OSError(message("errors.not_written", file=path, error=error)) from error
    finally:
        for path in temporary.values():
            path.unlink(missing_ok=True)
