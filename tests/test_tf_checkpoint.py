"""The reader of TensorFlow's checkpoints against a writer made from the format's description.

The reader was also compared with bundles that TensorFlow 2.21 itself wrote (its Saver, SaveV2 and
MergeV2Checkpoints); the bytes of one of them stand below.
"""

import base64
import struct

import numpy as np
import pytest

from gptcourse.tf_checkpoint import Bundle, crc32c

NUMBERS = {np.dtype("f4"): 1, np.dtype("f8"): 2, np.dtype("i4"): 3, np.dtype("i8"): 9, np.dtype("f2"): 19}

# tf.raw_ops.SaveV2 of {"a/b": [[1, 2, 3], [4, 5, 6]], "a/c": 7.5} in float32: the index, then the data
REAL_INDEX = """AAAGCAEaAggBAAMTYS9iCAESCBICCAISAggDKBg1euv1qwIBDWMIARIAIBgoBDXkhY2SAAAAAAEAAAAAZCvy0gAAAAABAAAAAMDy
obAAAQJiADsAAAAAAQAAAACDuYKaQAhNDgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFf7gIskdUfb"""
REAL_DATA = """AACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADwQA=="""


def write_bundle(prefix, tensors, block_size=4096, shards=1, restart=16, change=lambda entry: entry):
    """Write arrays as a bundle: index blocks of about `block_size` bytes, tensors dealt to `shards` in turn."""
    files = [bytearray() for _ in range(shards)]
    rows = [(b"", message((1, shards), (3, message((1, 1)))))]
    for i, (name, array) in enumerate(sorted(tensors.items(), key=lambda item: item[0].encode())):
        array = np.asarray(array)
        data, shard = array.tobytes(), i % shards
        shape = message(*((2, message((1, size))) for size in array.shape))
        entry = {1: NUMBERS[array.dtype], 2: shape, 3: shard, 4: len(files[shard]), 5: len(data), 6: masked(data)}
        rows.append((name.encode(), message(*change(entry).items())))
        files[shard] += data
    out, index = bytearray(), []
    while rows:
        size = count = 0
        while count < len(rows) and (count == 0 or size < block_size):
            size += sum(map(len, rows[count]))
            count += 1
        index.append((rows[count - 1][0], add_block(out, rows[:count], restart)))
        rows = rows[count:]
    footer = add_block(out, [], restart) + add_block(out, index, 1)
    out += footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)
    prefix.with_name(prefix.name + ".index").write_bytes(out)
    for shard, data in enumerate(files):
        prefix.with_name(f"{prefix.name}.data-{shard:05d}-of-{shards:05d}").write_bytes(data)


def add_block(out, rows, restart):
    """Append a block; its handle."""
    block, starts, before = bytearray(), [], b""
    for i, (key, value) in enumerate(rows):
        shared = 0
        if i % restart == 0:
            starts.append(len(block))
        else:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        block += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    block += b"".join(struct.pack("<I", start) for start in starts or [0]) + struct.pack("<I", len(starts or [0]))
    handle = varint(len(out)) + varint(len(block))
    out += block + b"\0" + struct.pack("<I", masked(bytes(block) + b"\0"))
    return handle


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def message(*fields):
    """A protocol buffer; numbers that are 0 are left out, as proto3 does, and field 6 is of fixed width."""
    out = b""
    for number, value in fields:
        if isinstance(value, bytes):
            out += varint(number << 3 | 2) + varint(len(value)) + value
        elif number == 6:
            out += varint(number << 3 | 5) + struct.pack("<I", value)
        elif value:
            out += varint(number << 3) + varint(value)
    return out


def masked(data):
    """LevelDB's checksum, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if (crc ^ byte >> bit) & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) % 2**32


def some_tensors():
    rng = np.random.default_rng(0)
    tensors = {f"model/h{i}/attn/c_attn/{'w' * (i % 3 + 1)}": rng.normal(size=(i % 4 + 1, 3)) for i in range(40)}
    tensors = {name: array.astype("f4") for name, array in tensors.items()}
    return tensors | {
        "double": np.arange(6.0).reshape(2, 3), "int": np.arange(4, dtype="i4"), "long": np.arange(200) - 2,
        "half": np.arange(3, dtype="f2"), "scalar": np.float32(7.5), "empty": np.zeros((0, 3), "f4"), "é": np.ones(2),
    }  # fmt: skip


@pytest.mark.parametrize("block_size", [1, 100, 4096])
@pytest.mark.parametrize("shards", [1, 3])
def test_every_tensor_comes_back(tmp_path, block_size, shards):
    tensors = some_tensors()
    write_bundle(tmp_path / "m", tensors, block_size, shards, restart=5)
    bundle = Bundle(tmp_path / "m")
    assert bundle.shapes == {name: np.shape(array) for name, array in tensors.items()}
    for name, array in tensors.items():
        read = bundle.read(name)
        assert read.dtype == array.dtype
        np.testing.assert_array_equal(read, array)


def test_what_tensorflow_wrote(tmp_path):
    (tmp_path / "m.index").write_bytes(base64.b64decode(REAL_INDEX))
    (tmp_path / "m.data-00000-of-00001").write_bytes(base64.b64decode(REAL_DATA))
    bundle = Bundle(tmp_path / "m")
    assert bundle.shapes == {"a/b": (2, 3), "a/c": ()}
    np.testing.assert_array_equal(bundle.read("a/b"), np.arange(1, 7, dtype="f4").reshape(2, 3))
    assert bundle.read("a/c") == np.float32(7.5)


def test_the_checksum_is_the_published_one():
    assert crc32c(b"123456789") == 0xE3069283  # the check value of CRC-32C
    assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720, B.4


def test_tensors_are_mapped_and_the_file_cannot_be_changed_through_them(tmp_path):
    write_bundle(tmp_path / "m", {"a": np.ones(4, "f4")})
    before = (tmp_path / "m.data-00000-of-00001").read_bytes()
    read = Bundle(tmp_path / "m").read("a")
    assert isinstance(read, np.memmap)
    read[:] = 2
    read.flush()
    assert (tmp_path / "m.data-00000-of-00001").read_bytes() == before


def test_an_index_cut_off_anywhere_is_refused(tmp_path):
    write_bundle(tmp_path / "m", {"a": np.ones(4, "f4"), "b": np.ones((2, 2))})
    file = tmp_path / "m.index"
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="m.index is no index of a TensorFlow checkpoint"):
            Bundle(tmp_path / "m")


def test_a_flipped_bit_never_changes_what_is_read(tmp_path):
    write_bundle(tmp_path / "m", {"a": np.ones(4, "f4"), "b": np.ones((2, 2))})
    file = tmp_path / "m.index"
    whole = file.read_bytes()
    entries, refused = Bundle(tmp_path / "m").entries, 0
    for at in range(len(whole)):
        for bit in range(8):
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
            try:
                assert Bundle(tmp_path / "m").entries == entries
            except ValueError:
                refused += 1
    assert refused > 8 * (len(whole) - 100)  # all but the footer's padding and the empty metaindex block


def test_data_cut_off_is_refused_with_the_tensors_name_and_the_sizes(tmp_path):
    write_bundle(tmp_path / "m", {"a": np.ones(4, "f4"), "b": np.ones((2, 2))})
    file = tmp_path / "m.data-00000-of-00001"
    file.write_bytes(file.read_bytes()[:-1])
    bundle = Bundle(tmp_path / "m")
    bundle.read("a")
    with pytest.raises(ValueError, match="it has 47 bytes, but the tensor b ends at byte 48"):
        bundle.read("b")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="m.index"):
        Bundle(tmp_path / "m")
    write_bundle(tmp_path / "m", {"a": np.ones(4, "f4")})
    (tmp_path / "m.data-00000-of-00001").unlink()
    with pytest.raises(FileNotFoundError, match="m.data-00000-of-00001"):
        Bundle(tmp_path / "m").read("a")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({1: 7}, "DataType 7"),  # strings
        ({7: b""}, "slices"),
        ({5: 12}, r"a: \(4,\), float32, 12 B"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, change, words):
    write_bundle(tmp_path / "m", {"a": np.ones(4, "f4")}, change=lambda entry: entry | change)
    with pytest.raises(ValueError, match=words):
        Bundle(tmp_path / "m").read("a")


def test_the_other_byte_order_is_refused(tmp_path, monkeypatch):
    write_bundle(tmp_path / "m", {"a": np.ones(4, "f4")})
    monkeypatch.setattr("sys.byteorder", "big")
    with pytest.raises(ValueError, match="other byte order"):
        Bundle(tmp_path / "m")
