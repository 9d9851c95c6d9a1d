"""Batches: nothing leaks, nothing leaves the text, every window comes once, and a position can be found again."""

import os
import random
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gptcourse.batches import Batches, epoch, get_batch, split, windows
from gptcourse.data import load_text
from gptcourse.tokenizers import gpt2_tokenizer


@st.composite
def texts(draw):
    """A row of tokens that are their own positions, and a window that fits into it."""
    block_size = draw(st.integers(1, 12))
    return torch.arange(draw(st.integers(block_size + 1, 60))), block_size


def check(inputs, targets, tokens):
    """Inputs lie in the text, without a gap; each target is the one token after its input."""
    assert inputs.shape == targets.shape and inputs.dtype == targets.dtype == torch.long
    assert inputs.min() >= 0 and targets.max() < len(tokens)
    assert torch.equal(inputs[:, 1:], targets[:, :-1])
    assert torch.equal(targets, inputs + 1)  # tokens are positions


@given(texts(), st.integers(1, 9), st.integers(0, 99))
def test_random_batches_never_leave_the_text_nor_show_the_target(text, batch_size, seed):
    tokens, block_size = text
    inputs, targets = get_batch(tokens, batch_size, block_size, torch.Generator().manual_seed(seed))
    assert inputs.shape == (batch_size, block_size)
    check(inputs, targets, tokens)


@given(texts(), st.integers(1, 9), st.integers(1, 15), st.booleans(), st.booleans())
def test_an_epoch_visits_every_window_once(text, batch_size, stride, shuffle, drop_last):
    tokens, block_size = text
    generator = torch.Generator().manual_seed(3) if shuffle else None
    starts = []
    for inputs, targets in epoch(tokens, batch_size, block_size, stride, generator, drop_last):
        check(inputs, targets, tokens)
        assert inputs.shape[1] == block_size
        starts += inputs[:, 0].tolist()
    expected = [start for start in range(0, len(tokens), stride) if start + block_size < len(tokens)]
    if drop_last:
        assert len(starts) == len(expected) - len(expected) % batch_size and set(starts) <= set(expected)
        assert len(set(starts)) == len(starts)
    else:
        assert sorted(starts) == expected
    if not shuffle:
        assert starts == expected[: len(starts)]


def test_every_window_of_a_text_is_drawn_the_last_one_too():
    """6 windows, 400 draws: one of them missing has probability below 1e-30."""
    inputs, _ = get_batch(torch.arange(9), 400, 3, torch.Generator().manual_seed(0))
    assert sorted(set(inputs[:, 0].tolist())) == [0, 1, 2, 3, 4, 5]


def test_the_generator_alone_decides():
    torch.manual_seed(0)
    first = get_batch(torch.arange(99), 4, 5, torch.Generator().manual_seed(7))
    before = torch.get_rng_state()
    second = get_batch(torch.arange(99), 4, 5, torch.Generator().manual_seed(7))
    other = get_batch(torch.arange(99), 4, 5, torch.Generator().manual_seed(8))
    assert torch.equal(first[0], second[0]) and not torch.equal(first[0], other[0])
    assert torch.equal(before, torch.get_rng_state())


def test_windows_are_views():
    tokens = torch.arange(50)
    inputs, targets = windows(tokens, 10)
    assert inputs.data_ptr() == tokens.data_ptr() and targets.shape == (4, 10)


@pytest.mark.parametrize("kind", [list, lambda t: t.to(torch.int32), lambda t: t.to(torch.uint8), lambda t: t.numpy()])
def test_tokens_may_be_a_list_an_array_or_smaller_numbers(kind):
    inputs, targets = get_batch(kind(torch.arange(30)), 3, 4, torch.Generator().manual_seed(0))
    check(inputs, targets, range(30))


def stand_in():
    """A text with as many characters (20,479) and tokens (5,145) as The Verdict, the tokens being its words."""
    pieces = ["abc "] * 5044 + ["ab "] * 101
    random.Random(1).shuffle(pieces)
    return "".join(pieces), lambda text: list(range(text.count(" ")))


@pytest.mark.parametrize("source", ["stand-in", "the-verdict"])
def test_the_small_book_gives_nine_batches_and_one(source):
    """coverage.md D: split 90/10 by characters, windows of 256 side by side, batches of 2."""
    if source == "the-verdict":
        if not (Path(os.environ.get("GPTCOURSE_DATA", "")) / "the-verdict.txt").is_file():
            pytest.skip("GPTCOURSE_DATA names no folder with the-verdict.txt")
        text, encode = load_text("en", source), gpt2_tokenizer().encode
    else:
        text, encode = stand_in()
    assert (len(text), len(encode(text))) == (20479, 5145)
    train_text, val_text = split(text)
    assert train_text + val_text == text and len(train_text) == 18431
    generator = torch.Generator().manual_seed(123)
    training = list(epoch(encode(train_text), 2, 256, generator=generator, drop_last=True))
    validation = list(epoch(encode(val_text), 2, 256))
    assert (len(training), len(validation)) == (9, 1)
    assert {inputs.shape for inputs, _ in training + validation} == {(2, 256)}
    assert Batches(encode(train_text), 2, 256, stride=256).per_epoch == 9


@pytest.mark.parametrize("stride", [None, 2, 5])
@pytest.mark.parametrize("taken", [0, 1, 4, 11, 12, 30])
def test_a_stream_goes_on_where_its_state_was_taken(stride, taken):
    stream, other = (Batches(torch.arange(60), 2, 5, stride, seed=4) for _ in range(2))
    for _ in range(taken):
        next(stream)
    state = stream.state()
    expected = [next(stream)[0] for _ in range(25)]
    for _ in range(3):
        next(other)
    other.restore(state)
    assert all(torch.equal(a, next(other)[0]) for a in expected)


def test_a_stream_with_stride_shuffles_every_epoch_anew():
    stream = Batches(torch.arange(61), 2, 5, stride=5, seed=0)
    assert stream.per_epoch == 6
    epochs = [torch.cat([next(stream)[0][:, 0] for _ in range(6)]).tolist() for _ in range(3)]
    assert [sorted(starts) for starts in epochs] == [list(range(0, 60, 5))] * 3
    assert epochs[0] != epochs[1] != epochs[2]


def test_a_state_of_another_text_is_refused():
    state = Batches(torch.arange(60), 2, 5).state()
    with pytest.raises(ValueError, match="tokens was 60 and is 61 now"):
        Batches(torch.arange(61), 2, 5).restore(state)
    with pytest.raises(ValueError, match="stride was None and is 3 now"):
        Batches(torch.arange(60), 2, 5, stride=3).restore(state)


@pytest.mark.parametrize("make", [lambda t: get_batch(t, 2, 5), lambda t: windows(t, 5), lambda t: Batches(t, 1, 5)])
@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_text_shorter_than_a_window_is_refused(make, length):
    with pytest.raises(ValueError, match=f"has {length} tokens, but a window of block_size=5 .* need 6"):
        make(list(range(length)))
    make(list(range(6)))


@pytest.mark.parametrize("tokens", [torch.zeros(2, 9, dtype=torch.long), torch.zeros(9), [True] * 9, torch.tensor(3)])
def test_what_is_no_row_of_whole_numbers_is_refused(tokens):
    with pytest.raises(ValueError, match="one row of whole numbers is needed"):
        get_batch(tokens, 2, 3)


def test_fewer_windows_than_a_batch_are_refused():
    with pytest.raises(ValueError, match="4 windows, fewer than batch_size=5"):
        Batches(torch.arange(21), 5, 5, stride=5)
