"""The distribution of the next token: what temperature, top-k and top-p make of a row of logits, and draws from it.

    next_token(["a", "b", "c"], [2.0, 1.0, -1.0])
    next_token(tokenizer, model(ids)[0][0, -1], temperature=0.8, top_k=40)

The page computes all by itself, as `gptcourse.sample.probabilities` does; its draws come from random numbers of its own,
so a seed there gives other tokens than the same seed in torch. This module knows numbers and names, no models.
"""

from html import escape

import torch

from gptcourse.labels import current, message
from gptcourse.sample import probabilities
from gptcourse.show import visible
from gptcourse.widgets.host import Widget, rounded, table

MOST_ROWS = 20  # of the fallback
MOST_LETTERS = 24  # of a token that are shown
MOST_LISTED = 1000  # logits in the state as numbers that can be read; more are written as bytes, in half the space


def next_token(tokens, logits, temperature=1.0, top_k=None, top_p=None, seed=0):
    """Sliders for the settings of `gptcourse.generate`, a bar for each of the likeliest tokens, and draws from them all.

    tokens: a text, or bytes, for each logit; or the tokenizer. logits: V numbers, -inf for a token that is excluded.
    The settings and the seed are those shown at first. A vocabulary of 50,257 tokens takes 0.7 MB.
    Raises ValueError for logits that do not fit the tokens, NaN and infinity among them, and settings out of range.
    """
    t = current()
    logits = torch.as_tensor(logits).detach().cpu()
    if logits.ndim != 1 or not logits.numel():
        raise ValueError(message("errors.one_row_of_logits", shape=tuple(logits.shape)))
    names = _names(tokens)
    if len(names) != len(logits):
        raise ValueError(message("errors.tokens_and_logits", tokens=len(names), logits=len(logits)))
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError(message("errors.not_whole", name="seed", value=seed, least=0))
    listed = rounded(logits.double())
    logits = torch.tensor(listed, dtype=torch.float32)  # what the page gets, so that this is what it shows
    p = probabilities(logits, temperature, top_k, top_p).double()
    state = {
        "tokens": names,
        "logits": listed if len(logits) <= MOST_LISTED else logits.numpy().astype("<f4").tobytes(),
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "seed": seed % 2**32,  # JavaScript's random numbers know no more
    }
    order = logits.sort(descending=True, stable=True).indices[:MOST_ROWS].tolist()
    header = [
        t[f"widgets.{key}"] for key in ("next_token.id", "common.token", "next_token.logit", "common.probability")
    ]
    rows = [[id, visible(names[id]), f"{logits[id]:.2f}", f"{p[id]:.3f}"] for id in order]
    sentences = [*_sentences(t, state, p), t("widgets.next_token.caption", shown=len(rows), all=len(p))]
    html = f"<p>{'<br>'.join(map(escape, sentences))}</p>{table(header, rows)}"
    plain = "\n".join([*sentences, *(" | ".join(map(str, row)) for row in (header, *rows))])
    return Widget("next_token", state, html, plain)


def _names(tokens):
    """A short text for each token; hexadecimal where bytes are no whole characters."""
    if hasattr(tokens, "n_vocab"):
        bytes_of = getattr(tokens, "decode_single_token_bytes", None)  # tiktoken's; a character tokenizer has texts
        tokens = [bytes_of(id) if bytes_of else tokens.decode([id]) for id in range(tokens.n_vocab)]
    texts = (each if isinstance(each, str) else _text(each) for each in tokens)
    return [text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + "…" for text in texts]


def _text(token):
    if not isinstance(token, bytes):
        raise ValueError(message("errors.not_text", type=type(token).__name__))
    try:
        return token.decode("utf-8")
    except UnicodeDecodeError:
        return token.hex(" ")


def _sentences(t, state, p):
    """The settings, and how wide the distribution is."""
    words = ("temperature", "next_token.top_k", "next_token.top_p")
    bits = torch.special.entr(p).sum().item() / torch.tensor(2.0).log().item()
    choices = 2**bits
    yield "; ".join(
        f"{t.get(f'widgets.{word}') or t[f'widgets.common.{word}']}: {t['widgets.common.all'] if value is None else value}"
        for word, value in zip(words, (state["temperature"], state["top_k"], state["top_p"]), strict=True)
    )
    yield t(
        "widgets.next_token.summary",
        bits=f"{bits:.2f}",
        choices=f"{choices:.2f}" if choices < 100 else f"{choices:.0f}",
        kept=int((p > 0).sum()),
        all=len(p),
    )
