"""Reads TensorFlow's checkpoints (format V2, "tensor bundle") without TensorFlow.

    bundle = Bundle("124M/model.ckpt")
    bundle.shapes["model/wte"]     # (50257, 768)
    bundle.read("model/wte")       # an array that is mapped from the file and not copied
    OpenAICheckpoint("124M")       # the same with the names and shapes of transformers' GPT-2

Next to the raw numbers in `model.ckpt.data-*` stands `model.ckpt.index`, a sorted table from names to where each
tensor lies. The table is LevelDB's (its doc/table_format.md); its values are the protocol buffers BundleHeaderProto
and BundleEntryProto (tensorflow/core/protobuf/tensor_bundle.proto). Checksums are verified for the index, not for
the numbers: in Python that would take minutes. This module knows nothing about models: of OpenAI's only the names.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from gptcourse.labels import message

MAGIC = 0xDB4775248B80FB57  # the last 8 bytes of a LevelDB table
FOOTER_SIZE = 48  # two block handles padded to 40 bytes, then the magic number
TRAILER_SIZE = 5  # after each block: its compression (1 byte) and its checksum (4 bytes)
DTYPES = {1: "float32", 2: "float64", 3: "int32", 9: "int64", 19: "float16"}  # tensorflow's DataType


class Damaged(Exception):
    """Bytes that are not what the format says; becomes a ValueError that names the file."""


@dataclass(frozen=True)
class Entry:
    """Where a tensor lies: bytes offset to offset + size of the data file number `shard`."""

    dtype: int
    shape: tuple
    shard: int
    offset: int
    size: int
    sliced: bool  # kept in parts, under other keys


class Bundle:
    """The tensors of a checkpoint, by name; `prefix` is its path without `.index`.

    Raises FileNotFoundError where a file is missing, ValueError for one that is damaged or cut off.
    """

    def __init__(self, prefix):
        self.prefix = Path(prefix)
        index = self.prefix.with_name(self.prefix.name + ".index")
        if not index.is_file():
            raise FileNotFoundError(message("errors.no_weights_file", file=index))
        try:
            table = dict(_read_table(index.read_bytes()))
            header = _fields(table.pop(b""))
            self.shards = header.get(1, [1])[-1]
            if header.get(2, [0])[-1] != (sys.byteorder == "big"):
                raise Damaged("other byte order")
            self.entries = {key.decode("utf-8", "backslashreplace"): _entry(value) for key, value in table.items()}
        except (Damaged, LookupError, AttributeError, TypeError) as error:
            raise ValueError(message("errors.damaged_index", file=index, error=error)) from error
        self.shapes = {name: entry.shape for name, entry in self.entries.items()}

    def file(self, name):
        """Path of the data file that holds the tensor `name`."""
        shard = self.entries[name].shard
        return self.prefix.with_name(f"{self.prefix.name}.data-{shard:05d}-of-{self.shards:05d}")

    def read(self, name):
        """The tensor `name`, mapped from the file; writing to it never reaches the file.

        Raises KeyError for an unknown name, FileNotFoundError and ValueError as above, and ValueError for a tensor
        that does not hold numbers or was saved in slices.
        """
        entry, file = self.entries[name], self.file(name)
        dtype = DTYPES.get(entry.dtype)
        if dtype is None or entry.sliced:
            kind = "slices" if entry.sliced else f"DataType {entry.dtype}"
            raise ValueError(message("errors.unknown_dtype", file=file, name=name, dtype=kind))
        if not file.is_file():
            raise FileNotFoundError(message("errors.no_weights_file", file=file))
        dtype, end, size = np.dtype(dtype), entry.offset + entry.size, file.stat().st_size
        if end > size:
            raise ValueError(message("errors.cut_off", file=file, name=name, size=size, needed=end))
        count = int(np.prod(entry.shape, dtype=np.int64))
        if count * dtype.itemsize != entry.size:
            error = f"{name}: {entry.shape}, {dtype}, {entry.size} B"
            raise ValueError(message("errors.damaged_index", file=f"{self.prefix}.index", error=error))
        if count == 0:  # nothing to map
            return np.empty(entry.shape, dtype)
        return np.memmap(file, dtype, mode="c", offset=entry.offset, shape=entry.shape or (1,)).reshape(entry.shape)


class OpenAICheckpoint:
    """The tensors in a folder of OpenAI's: model/h0/attn/c_attn/w under the name h.0.attn.c_attn.weight, and so on.

    `shapes`, and `read(name)` for a torch tensor that is mapped and not copied; errors as for a `Bundle`.
    """

    n_head = None  # hparams.json tells it, no tensor does

    def __init__(self, folder):
        listed = Path(folder) / "checkpoint"  # names the newest one, with the path it had where it was written
        text = listed.read_text(encoding="utf-8") if listed.is_file() else ""
        found = re.search(r'^model_checkpoint_path: "(?:.*[/\\])?([^"/\\]+)"', text, re.MULTILINE)
        self.bundle = Bundle(Path(folder) / (found[1] if found else "model.ckpt"))
        self.file = self.bundle.prefix.with_name(self.bundle.prefix.name + ".index")
        self.shapes, self.names = {}, {}
        for stored, shape in self.bundle.shapes.items():
            name = re.sub(r"^h(?=\d)", "h/", stored.removeprefix("model/"))
            name = re.sub(r"/[wg]$|(?<=wte)$|(?<=wpe)$", ".weight", name)
            name = re.sub(r"/b$", ".bias", name).replace("/", ".")
            self.names[name] = stored
            self.shapes[name] = shape[1:] if len(shape) == 3 and shape[0] == 1 else shape  # a convolution of width 1

    def read(self, name):
        """The tensor `name`, mapped from the file."""
        array = np.require(self.bundle.read(self.names[name]), requirements="A")  # after a string it may lie askew
        return torch.from_numpy(array).view(self.shapes[name])


# The table: blocks of sorted keys, an index block that says where they are, and a footer that says where that is.


def _read_table(data):
    """Every key and value of a LevelDB table, in order."""
    if len(data) < FOOTER_SIZE or int.from_bytes(data[-8:], "little") != MAGIC:
        raise Damaged("no table")
    footer = data[-FOOTER_SIZE:]
    _, at = _handle(footer, 0)  # of the metaindex block, where LevelDB keeps filters
    index, _ = _handle(footer, at)
    for _, value in _read_block(data, *index):
        yield from _read_block(data, *_handle(value, 0)[0])


def _read_block(data, offset, size):
    """Keys and values of one block; of each key only what differs from the key before it is stored."""
    block, trailer = data[offset : offset + size], data[offset + size : offset + size + TRAILER_SIZE]
    if len(block) != size or len(trailer) != TRAILER_SIZE:
        raise Damaged("cut off")
    if trailer[0] != 0:
        raise Damaged("compressed")  # TensorFlow never writes a compressed index
    if _masked(crc32c(block + trailer[:1])) != int.from_bytes(trailer[1:], "little"):
        raise Damaged("checksum")
    restarts = int.from_bytes(block[-4:], "little")  # places where a key is stored in full, for binary search
    end, at, key = size - 4 * (restarts + 1), 0, b""
    while at < end:
        shared, at = _varint(block, at)
        unshared, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + unshared]
        at += unshared
        yield key, block[at : at + length]
        at += length


def _handle(data, at):
    """A block's (offset, size), and where reading stopped."""
    offset, at = _varint(data, at)
    size, at = _varint(data, at)
    return (offset, size), at


def _varint(data, at):
    """A whole number, seven bits a byte, lowest first, and where reading stopped."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


# The values: protocol buffers, of which only numbers and nested messages occur here.


def _fields(data):
    """The fields of a protocol buffer: {number: [values]}, nested messages as bytes."""
    fields, at = {}, 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind in (1, 2, 5):
            length, at = (8, at) if kind == 1 else (4, at) if kind == 5 else _varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            raise Damaged(f"wire type {kind}")
        fields.setdefault(number, []).append(value)
    return fields


def _entry(data):
    """A BundleEntryProto. A field that holds 0 is not written: the default of protocol buffers."""
    fields = _fields(data)
    dtype, shard, offset, size = (fields.get(number, [0])[-1] for number in (1, 3, 4, 5))
    dims = _fields(fields.get(2, [b""])[-1]).get(2, [])
    shape = tuple(_fields(dim).get(1, [0])[-1] for dim in dims)
    return Entry(dtype, shape, shard, offset, size, sliced=7 in fields)


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC_TABLE = _crc_table()


def crc32c(data):
    """CRC-32C (Castagnoli's polynomial, RFC 3720, appendix B.4)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def _masked(crc):
    """A checksum as LevelDB stores it, so that the checksum of data holding checksums still means something."""
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
