"""Values as plain JSON and back: what a learner's function is given and what it returns.

Only data crosses: numbers, texts, lists, tuples, sets, dictionaries, bytes, tensors. Everything else becomes an `Unreadable`
that remembers the name of its type. Imports torch only for a tensor.
"""

import math
import sys
from dataclasses import dataclass

LARGEST = 1_000_000  # numbers, texts and bytes in one value, all together
DEEPEST = 40


@dataclass(frozen=True)
class Unreadable:
    """Stands for a value that is no data, or too large; `type` is the name of what it was."""

    type: str


class _TooLarge(Exception):
    pass


def pack(value):
    """A value as what `json.dumps` takes. A tensor keeps dtype, shape and exact numbers, and loses its gradient."""
    room = [LARGEST]
    try:
        return _pack(value, room, 0)
    except _TooLarge:
        return {"unreadable": f"{type(value).__name__}, too large"}


def _pack(value, room, depth):
    room[0] -= 1
    if room[0] < 0 or depth > DEEPEST:
        raise _TooLarge
    if type(value) is float or value is None or isinstance(value, bool):  # the first for speed
        return value
    if isinstance(value, int):
        if value.bit_length() > 1000:
            raise _TooLarge
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str | bytes | bytearray):
        room[0] -= len(value)
        if room[0] < 0:
            raise _TooLarge
        return str(value) if isinstance(value, str) else {"bytes": bytes(value).hex()}
    return _pack_collection(value, room, depth + 1)


def _pack_collection(value, room, depth):
    if isinstance(value, list | range):
        return [_pack(each, room, depth) for each in value]
    for kind in (tuple, set, frozenset):
        if isinstance(value, kind):
            return {kind.__name__: [_pack(each, room, depth) for each in value]}
    if isinstance(value, dict):
        return {"dict": [[_pack(key, room, depth), _pack(each, room, depth)] for key, each in value.items()]}
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy and isinstance(value, numpy.generic):
        return _pack(value.item(), room, depth)
    if numpy and isinstance(value, numpy.ndarray) and value.dtype.kind in "bif":
        import torch

        value = torch.from_numpy(value.copy())
    if torch and isinstance(value, torch.Tensor) and not value.is_complex():
        room[0] -= value.numel()
        if room[0] < 0:
            raise _TooLarge
        flat = value.detach().cpu().reshape(-1).tolist()
        return {"tensor": [str(value.dtype).removeprefix("torch."), list(value.shape), flat]}
    return {"unreadable": type(value).__name__}


def unpack(packed):
    """The value of what `pack` made. Whatever is not of its making becomes an `Unreadable`, in place of an error."""
    if isinstance(packed, list):
        return [unpack(each) if isinstance(each, list | dict) else each for each in packed]
    if not isinstance(packed, dict):
        return packed
    try:
        ((kind, content),) = packed.items()
        return _READERS[kind](content)
    except Exception:  # forged
        return Unreadable("?")


def _tensor(content):
    import torch

    dtype, shape, flat = content
    if math.prod(shape) != len(flat) or max(shape, default=0) > max(len(flat), 10_000):  # a billion empty rows
        raise ValueError("shape and numbers do not fit")
    return torch.tensor(flat, dtype=getattr(torch, dtype)).reshape(shape)


_READERS = {
    "bytes": bytes.fromhex,
    "tuple": lambda content: tuple(map(unpack, content)),
    "set": lambda content: set(map(unpack, content)),
    "frozenset": lambda content: frozenset(map(unpack, content)),
    "dict": lambda content: {unpack(key): unpack(each) for key, each in content},
    "tensor": _tensor,
    "unreadable": Unreadable,
}
