"""Writing with a model: from its logits to a distribution, a token drawn from it, and so on.

    ids = generate(model, [tokenizer.encode("Once upon a time")], max_new_tokens=50)
    print(tokenizer.decode(ids[0]))
    for piece in stream(model, tokenizer, "Once upon a time", max_new_tokens=50, temperature=0.8):
        print(piece, end="")

This module does not know how a model is built or trained, nor how a tokenizer found its tokens.
"""

import codecs
import math
from contextlib import contextmanager
from numbers import Integral, Real
from reprlib import repr as shortened

import torch

from gptcourse.labels import message
from gptcourse.model import KVCache


def probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    """The distribution (..., V) that `generate` draws from, for logits (..., V): softmax(logits / temperature).

    Temperature 0 is greedy: all on the largest logit, the first of equals. After the temperature, `top_k` keeps the k
    likeliest tokens (Fan et al. 2018), and of those `top_p` the smallest set whose share reaches p (nucleus sampling,
    Holtzman et al. 2020); what is kept is scaled up to sum to 1. Among equals the first are kept.
    Raises ValueError for settings out of range and for logits that are NaN or infinite (-inf excludes a token).
    """
    logits = torch.as_tensor(logits)
    logits = logits if logits.dtype == torch.float64 else logits.float()  # half precision is too coarse for sums
    _check_settings(logits.shape[-1], temperature, top_k, top_p)
    greatest = _greatest(logits)
    if temperature == 0:
        return torch.zeros_like(logits).scatter(-1, logits.argmax(-1, keepdim=True), 1.0)
    # Tokens are ranked by their logits as they are: scaling may round two that differ to one number.
    if top_k is not None:
        kth = logits.topk(top_k).values[..., -1:]  # sorting a vocabulary of 50,257 takes ten times as long
        tied = logits == kth
        room = top_k - (logits > kth).sum(-1, keepdim=True)
        logits = logits.masked_fill((logits < kth) | (tied & (tied.cumsum(-1) > room)), -math.inf)
    # The greatest first becomes 0, so that no temperature makes it overflow; nor may the temperature itself do so.
    limits = torch.finfo(logits.dtype)
    scaled = (logits - greatest) / min(max(temperature, limits.tiny), limits.max)
    if top_p is not None and top_p < 1:  # a sum of rounded numbers may reach 1 too early
        order = logits.sort(dim=-1, descending=True, stable=True).indices
        ranked = scaled.gather(-1, order)
        reached = ranked.softmax(-1).cumsum(-1) >= top_p
        ranked[..., 1:].masked_fill_(reached[..., :-1], -math.inf)  # the token that reaches p still belongs
        scaled = scaled.scatter(-1, order, ranked)
    return scaled.softmax(-1)


def generate(model, ids, max_new_tokens, temperature=1.0, top_k=None, top_p=None, eos_id=None, generator=None):
    """Continue each prompt by at most `max_new_tokens` tokens, each drawn from `probabilities` of the model's logits.

    ids: a tensor (B, T), or a list of B lists of any lengths; what goes in comes out, prompts included. A row stops
    once it has drawn `eos_id`, which stays at its end; in a tensor, which needs rows of one length, such a row is
    filled up with `eos_id` until the last row stops. The model sees the last `block_size` tokens. Draws come from
    `generator`, a torch.Generator, or from torch's global one. The model may be in training mode, and returns to it.
    Raises ValueError for an empty prompt, ids outside the vocabulary and settings out of range.
    """
    prompts = _prompts(ids, model.config.vocab_size)
    _check_generation(model.config.vocab_size, max_new_tokens, temperature, top_k, top_p, eos_id)
    with _reading(model):
        steps = list(_steps(model, prompts, max_new_tokens, temperature, top_k, top_p, eos_id, generator))
    if isinstance(ids, torch.Tensor):
        ids = ids.to(_device(model), torch.long)
        return torch.cat((ids, *[step[:, None] for step in steps]), dim=1)
    new = torch.stack(steps, dim=1).tolist() if steps else [[]] * len(prompts)
    return [prompt + _until(tokens, eos_id) for prompt, tokens in zip(prompts, new, strict=True)]


def stream(
    model, tokenizer, prompt, max_new_tokens, temperature=1.0, top_k=None, top_p=None, eos_id=None, generator=None
):
    """Continue the text `prompt` like `generate`, yielding the new text piece by piece as it arises.

    A piece holds complete characters only: the bytes of an emoji or of a Persian letter may be spread over several
    tokens, and wait for each other. Joined, the pieces are what `tokenizer.decode` makes of the new tokens; half a
    character at the end gives U+FFFD. `eos_id` ends the text and is not part of it.
    Raises ValueError, at the call, for an empty prompt and for settings out of range.
    """
    if not prompt:
        raise ValueError(message("errors.empty_text"))
    prompts = _prompts([tokenizer.encode(prompt)], model.config.vocab_size)
    _check_generation(model.config.vocab_size, max_new_tokens, temperature, top_k, top_p, eos_id)
    steps = _steps(model, prompts, max_new_tokens, temperature, top_k, top_p, eos_id, generator)
    return _pieces(model, tokenizer, steps, eos_id)


def _pieces(model, tokenizer, steps, eos_id):
    utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
    in_bytes = hasattr(tokenizer, "decode_single_token_bytes")  # tiktoken's; a character tokenizer has whole ones
    while True:
        with _reading(model):  # not around the loop: between two pieces the model is the caller's
            step = next(steps, None)
        if step is None:
            break
        token = step.item()
        if token == eos_id:
            break
        if token >= tokenizer.n_vocab:
            raise ValueError(message("errors.unknown_id", id=token, last=tokenizer.n_vocab - 1))
        piece = utf8.decode(tokenizer.decode_single_token_bytes(token)) if in_bytes else tokenizer.decode([token])
        if piece:
            yield piece
    if rest := utf8.decode(b"", final=True):
        yield rest


def _steps(model, prompts, max_new_tokens, temperature, top_k, top_p, eos_id, generator):
    """Yield the next token of every row, (B,), until all rows have stopped; a stopped row repeats `eos_id`."""
    window, device = model.config.block_size, _device(model)
    prompts = [prompt[-window:] for prompt in prompts]
    width = max(map(len, prompts))
    padding = [width - len(prompt) for prompt in prompts]  # at the left: the newest tokens stand below each other
    rows = [[0] * columns + prompt for columns, prompt in zip(padding, prompts, strict=True)]
    ids = torch.tensor(rows, device=device)  # (B, T)
    stopped = torch.zeros(len(prompts), dtype=torch.bool, device=device)
    cache = None
    for _ in range(max_new_tokens):
        if cache is None:
            cache = KVCache(torch.tensor(padding, device=device) if any(padding) else None)
        logits, _ = model(ids[:, cache.length :], cache=cache, last=True)  # only what the cache has not seen
        token = _choose(logits[:, -1], temperature, top_k, top_p, generator)
        if eos_id is not None:
            token = token.masked_fill(stopped, eos_id)
            stopped = stopped | (token == eos_id)
        yield token
        if eos_id is not None and stopped.all():
            return
        ids = torch.cat((ids, token[:, None]), dim=1)
        if ids.shape[1] > window:  # it slides: every token gets another position, and nothing in the cache holds
            ids, padding, cache = ids[:, 1:], [max(0, columns - 1) for columns in padding], None


def _choose(logits, temperature, top_k, top_p, generator):
    """One token per row, (B,), from logits (B, V)."""
    if temperature == 0:
        _greatest(logits)
        return logits.argmax(-1)  # the first of equals, as torch promises
    chances = probabilities(logits, temperature, top_k, top_p)
    if generator is not None:  # drawn where the generator lives: a seed on the CPU also serves a model on a GPU
        chances = chances.to(generator.device)
    return torch.multinomial(chances, 1, generator=generator).squeeze(-1).to(logits.device)


def _greatest(logits):
    """The largest logit of each row, (..., 1). Raises ValueError where it is no number."""
    greatest = logits.amax(-1, keepdim=True)  # NaN anywhere makes it NaN
    if not greatest.isfinite().all():
        raise ValueError(message("errors.bad_logits"))
    return greatest


@contextmanager
def _reading(model):
    """The model without dropout and gradients; afterwards every part of it is in its own mode again."""
    training = [module for module in model.modules() if module.training]
    for module in training:
        module.training = False
    try:
        with torch.no_grad():
            yield
    finally:
        for module in training:
            module.training = True


def _device(model):
    return next(model.parameters()).device


def _until(tokens, eos_id):
    """`tokens` up to the first `eos_id`, which is kept."""
    return tokens[: tokens.index(eos_id) + 1] if eos_id in tokens else tokens


def _prompts(ids, vocab_size):
    """`ids`, a tensor (B, T) or a list of lists, as a checked list of lists of ints."""
    if isinstance(ids, torch.Tensor):
        if ids.ndim != 2 or ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
            raise ValueError(message("errors.no_prompts", given=f"{ids.dtype} {tuple(ids.shape)}"))
        rows = ids.tolist()
    else:
        rows = ids
    if not isinstance(rows, list | tuple) or not rows or not all(isinstance(row, list | tuple) for row in rows):
        raise ValueError(message("errors.no_prompts", given=shortened(ids)))
    for number, row in enumerate(rows):
        if not row:
            raise ValueError(message("errors.empty_prompt", row=number))
        for i in row:
            if not _whole(i):
                raise ValueError(message("errors.no_prompts", given=shortened(ids)))
            if not 0 <= i < vocab_size:
                raise ValueError(message("errors.unknown_id", id=i, last=vocab_size - 1))
    return [[int(i) for i in row] for row in rows]


def _whole(value):
    return isinstance(value, Integral) and not isinstance(value, bool)


def _real(value):
    return isinstance(value, Real) and not isinstance(value, bool)


def _check_settings(vocab_size, temperature, top_k, top_p):
    if not _real(temperature) or not 0 <= temperature < math.inf:
        raise ValueError(message("errors.temperature", temperature=temperature))
    if top_k is not None and not (_whole(top_k) and 1 <= top_k <= vocab_size):
        raise ValueError(message("errors.top_k", top_k=top_k, vocab_size=vocab_size))
    if top_p is not None and not (_real(top_p) and 0 < top_p <= 1):
        raise ValueError(message("errors.top_p", top_p=top_p))


def _check_generation(vocab_size, max_new_tokens, temperature, top_k, top_p, eos_id):
    _check_settings(vocab_size, temperature, top_k, top_p)
    if not _whole(max_new_tokens) or max_new_tokens < 0:
        raise ValueError(message("errors.max_new_tokens", max_new_tokens=max_new_tokens))
    if eos_id is not None and not (_whole(eos_id) and 0 <= eos_id < vocab_size):
        raise ValueError(message("errors.eos_id", eos_id=eos_id, last=vocab_size - 1))
