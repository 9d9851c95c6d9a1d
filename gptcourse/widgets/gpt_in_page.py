"""A GPT that writes in the page itself: no kernel, no network.

    gpt_in_page()                                               # the small model of the session's language
    gpt_in_page(model, tokenizer, "To be", temperature=0.5)     # the reader's own, packed into the output

What Python writes here, for the first sight and for readers without scripts, is what the page writes with the same
settings and seed. This module knows how a text is shown, nothing of how models are trained.
"""

from copy import deepcopy
from html import escape

import torch

from gptcourse.labels import current, message
from gptcourse.model import KVCache
from gptcourse.sample import probabilities
from gptcourse.show import direction, piece
from gptcourse.small import load_small
from gptcourse.tokenizers import END_OF_TEXT, CharTokenizer
from gptcourse.widgets.host import Widget, is_static, rounded
from gptcourse.widgets.weights import file_name, pack

MOST_SHOWN = 20  # tokens in the fallback's table


def gpt_in_page(
    model=None, tokenizer=None, prompt=None, max_new_tokens=40, temperature=0.8, top_k=None, top_p=None, seed=1
):
    """A field for a prompt, the settings of sampling, and a model that continues the text in the page.

    model, tokenizer: a GPT and its `tiktoken.Encoding` or CharTokenizer; the small model of the session's language when
    left out. prompt: a text; an opening of a tale when left out; from an empty one the model goes on as from a line
    break. The other arguments are those of `gptcourse.generate` and stand in the fields at first. Writing ends at the
    end-of-text token, where the tokenizer has one.
    Raises ValueError for a model without a tokenizer (or the reverse), settings out of range, and a model that no page
    can run.
    """
    t = current()
    if (model is None) != (tokenizer is None):
        raise ValueError(message("errors.model_and_tokenizer"))
    for name, value, least in (("max_new_tokens", max_new_tokens, 1), ("seed", seed, 0)):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(message("errors.not_whole", name=name, value=value, least=least))
    own = model is not None
    if not own:
        model, tokenizer = load_small(t.lang)
    weights = {"file": file_name(t.lang)} if is_static() and not own else {"weights": pack(model, tokenizer)}
    prompt = t["widgets.gpt_in_page.opening"] if prompt is None else prompt
    if not isinstance(prompt, str):
        raise ValueError(message("errors.not_text", type=type(prompt).__name__))
    prompt = prompt.replace("\r\n", "\n").replace("\r", "\n")  # as in the field of a page
    encode = getattr(tokenizer, "encode_ordinary", tokenizer.encode)  # a CharTokenizer knows nothing but text
    first = encode(prompt or "\n")
    end = getattr(tokenizer, "_special_tokens", {}).get(END_OF_TEXT)
    new, chances = _write(_as_packed(model), first, end, max_new_tokens, temperature, top_k, top_p, seed)
    chances = rounded(chances, 3)
    data = [_bytes(tokenizer, id) for id in first + new]
    state = {
        **weights,
        "prompt": prompt,
        "count": max_new_tokens,
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "seed": seed % 2**32,  # JavaScript's random numbers know no more
        "vocab_size": model.config.vocab_size,
        "end": end,
        "ids": first + new,
        "bytes": [each.hex() for each in data],
        "chances": chances,  # of those after the prompt
    }
    text = b"".join(data[:-1] if new[-1] == end else data).decode("utf-8", errors="replace")
    rows = [(piece(each), f"{chance:.3f}") for each, chance in zip(data[len(first) :], chances, strict=True)]
    return Widget("gpt_in_page", state, _fallback(t, text, rows), _plain(t, text, rows))


def _bytes(tokenizer, id):
    if isinstance(tokenizer, CharTokenizer):
        return tokenizer.decode([id]).encode("utf-8", errors="replace")
    return tokenizer.decode_single_token_bytes(id)


def _as_packed(model):
    """The model with the numbers that the page gets, which have 16 bits; in float64, to give the same on every machine."""
    return deepcopy(model).cpu().half().double().eval()


def _write(model, ids, end, count, temperature, top_k, top_p, seed):
    """The ids of the continuation, and the model's probability of each."""
    window, random = model.config.block_size, _random(seed)
    ids, new, chances, cache = list(ids), [], [], KVCache()
    while len(new) < count and (not new or new[-1] != end):
        if len(ids) > window:  # it slides: every token gets another position, and nothing in the cache holds
            cache = KVCache()
        with torch.no_grad():
            logits = model(torch.tensor([ids[-window:][cache.length :]]), cache=cache, last=True)[0][0, -1]
        new.append(_draw(probabilities(logits, temperature, top_k, top_p).tolist(), next(random)))
        ids.append(new[-1])
        chances.append(logits.softmax(-1)[new[-1]].item())
    return new, chances


def _random(seed):
    """Numbers from 0 up to but not 1: mulberry32, as in dom.js."""
    state = seed % 2**32
    while True:
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ (state >> 15)) * (state | 1) % 2**32
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) % 2**32
        yield (t ^ (t >> 14)) / 2**32


def _draw(p, number):
    """The id that `draw` of probabilities.js draws."""
    left, last = number * sum(p), None
    for id, each in enumerate(p):
        if each > 0:
            last, left = id, left - each
            if left < 0:
                break
    return last


def _fallback(t, text, rows):
    header = (t["widgets.common.token"], t["widgets.common.probability"])
    cells = "".join(
        f'<tr><td><bdi>{escape(shown)}</bdi></td><td dir="ltr">{chance}</td></tr>'
        for shown, chance in rows[:MOST_SHOWN]
    )
    rest = len(rows) - MOST_SHOWN
    more = f"<p>{t('widgets.common.more', count=rest)}</p>" if rest > 0 else ""
    return (
        f'<p dir="{direction(text)}" style="white-space:pre-wrap">{escape(text)}</p>'
        f"<table><caption>{escape(t['widgets.gpt_in_page.caption'])}</caption>"
        f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in header)}</tr>{cells}</table>{more}"
    )


def _plain(t, text, rows):
    return "\n".join([text, t["widgets.gpt_in_page.caption"], " ".join(f"{shown} {chance}" for shown, chance in rows)])
