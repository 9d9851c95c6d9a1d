"""Windows of a text, with the next token as target, in batches.

    train_text, val_text = split(text)                    # the last tenth for validation
    inputs, targets = get_batch(tokens, 16, 64, generator)    # windows at random
    for inputs, targets in epoch(tokens, 2, 256, generator=generator): ...    # each window once, shuffled

Letters: B batch, T time (block_size), N tokens of the text, W windows.
This module knows token ids only: no texts, no models.
"""

import torch

from gptcourse.labels import message


def split(text, train=0.9):
    """Two parts of a text, or of a row of tokens: the first `train` of it, and the rest for validation."""
    cut = int(train * len(text))
    return text[:cut], text[cut:]


def as_tokens(tokens):
    """Token ids as a tensor (N,). Raises ValueError for another shape, or for anything but whole numbers."""
    tokens = torch.as_tensor(tokens)
    if tokens.ndim != 1 or tokens.is_floating_point() or tokens.is_complex() or tokens.dtype == torch.bool:
        if tokens.shape != (0,):  # an empty list has no type of its own; it is too short, which is said later
            raise ValueError(message("errors.tokens_shape", shape=tuple(tokens.shape), dtype=tokens.dtype))
    return tokens


def get_batch(tokens, batch_size, block_size, generator=None):
    """Inputs (B, T) and targets (B, T), one token later: windows that begin anywhere in the text, at random.

    Raises ValueError for a text shorter than a window and the token after it.
    """
    tokens = as_tokens(tokens)
    _check_length(tokens, block_size)
    starts = torch.randint(len(tokens) - block_size, (batch_size,), generator=generator)
    at = starts[:, None] + torch.arange(block_size + 1)  # (B, 1) + (T + 1,) -> (B, T + 1)
    both = tokens[at].long()
    return both[:, :-1], both[:, 1:]


def windows(tokens, block_size, stride=None):
    """Inputs (W, T) and targets (W, T): all windows that begin every `stride` tokens, by default side by side.

    Views into `tokens`: they cost no memory. Tokens after the last whole window are left out. Raises ValueError for a
    text shorter than a window and the token after it.
    """
    tokens = as_tokens(tokens)
    _check_length(tokens, block_size)
    stride = block_size if stride is None else stride
    return tokens[:-1].unfold(0, block_size, stride), tokens[1:].unfold(0, block_size, stride)


def epoch(tokens, batch_size, block_size, stride=None, generator=None, drop_last=False):
    """Yield batches (inputs, targets), both (B, T), that visit every window once: in order, or shuffled by `generator`.

    The last batch may be smaller; with `drop_last` such a batch is left out, so that all count the same in training.
    """
    inputs, targets = windows(tokens, block_size, stride)
    order = torch.arange(len(inputs)) if generator is None else torch.randperm(len(inputs), generator=generator)
    for chosen in order.split(batch_size):
        if len(chosen) == batch_size or not drop_last:
            yield inputs[chosen].long(), targets[chosen].long()


class Batches:
    """An endless stream of batches for training, whose position can be saved and found again.

    Without `stride` each batch holds windows at random (`get_batch`); with it, epochs over the windows that begin every
    `stride` tokens, shuffled anew each time. `per_epoch` is the number of batches that cover the text once.
    Raises ValueError for a text too short for one batch.
    """

    def __init__(self, tokens, batch_size, block_size, stride=None, seed=0):
        self.tokens = as_tokens(tokens)
        self.settings = {
            "tokens": len(self.tokens), "batch_size": batch_size, "block_size": block_size, "stride": stride,
        }  # fmt: skip
        count = len(windows(self.tokens, block_size, stride)[0])
        if stride is not None and count < batch_size:
            raise ValueError(message("errors.few_windows", windows=count, batch_size=batch_size))
        self.per_epoch = max(1, count // batch_size)
        self.generator = torch.Generator().manual_seed(seed)
        self._start_epoch()

    def _start_epoch(self):
        self.epoch_began = self.generator.get_state()  # with it the same shuffle can be drawn again
        self.taken = 0
        s = self.settings
        if s["stride"] is not None:
            self.rest = epoch(
                self.tokens, s["batch_size"], s["block_size"], s["stride"], self.generator, drop_last=True
            )

    def __iter__(self):
        return self

    def __next__(self):
        s = self.settings
        if s["stride"] is None:
            return get_batch(self.tokens, s["batch_size"], s["block_size"], self.generator)
        if self.taken == self.per_epoch:
            self._start_epoch()
        self.taken += 1
        return next(self.rest)

    def state(self):
        """The position in the stream, as numbers and tensors."""
        random = self.settings["stride"] is None
        generator = self.generator.get_state() if random else self.epoch_began
        return {"settings": self.settings, "generator": generator, "taken": self.taken}

    def restore(self, state):
        """Go on where `state()` was taken. Raises ValueError if that was with another text or other settings."""
        for name, given in self.settings.items():
            if state["settings"][name] != given:
                raise ValueError(message("errors.other_data", name=name, saved=state["settings"][name], given=given))
        self.generator.set_state(state["generator"])
        self._start_epoch()
        for _ in range(state["taken"]):
            next(self)


def _check_length(tokens, block_size):
    if len(tokens) <= block_size:
        raise ValueError(message("errors.short_text", tokens=len(tokens), block_size=block_size, needed=block_size + 1))
