"""What the tokens of a text look at, in every layer and head of a GPT, and how each number comes about.

    attention_explorer(model, tokenizer, "The king gave the queen a red apple.")
    attention_explorer(tokens=["a", "red", "apple"], q=q, k=k)                      # each (T, D), (H, T, D) or (L, H, T, D)
    attention_explorer(tokens=["a", "red", "apple"], scores=q @ k.T, head_size=2)   # (T, T), (H, T, T) or (L, H, T, T)

The page gets the products q·k; it divides, masks and takes the softmax itself. Letters: L layers, H heads, T tokens,
D head size. This module knows a GPT's blocks, nothing of training.
"""

import copy
import math
from html import escape

import torch

from gptcourse.labels import current, message
from gptcourse.model import GPT
from gptcourse.show import direction, piece, visible
from gptcourse.widgets.host import Widget, rounded

FORMS = ("model tokenizer text", "tokens q k", "tokens scores head_size")  # what belongs together
MOST_TOKENS = 48
MOST_NUMBERS = 2**16  # about 600 kB of JSON
MOST_LETTERS = 40  # of a token that are kept
MOST_SHOWN = 8  # rows and columns of the fallback
DIGITS = 6  # of a product, so that a page's four digits of a weight are those of the unrounded one


def attention_explorer(
    model=None, tokenizer=None, text=None, *, tokens=None, q=None, k=None, scores=None, head_size=None, causal=True,
    layer=0, head=0,
):  # fmt: skip
    """Every head's attention over `text` (or a list of ids), or over `tokens` with given queries and keys.

    scores: the products q·k as they are, neither divided nor masked; `head_size` is what they will be divided by the
    root of (1 divides by nothing). With causal=False every token sees all. `layer` and `head`, counted from 0: which
    is shown first. Of a long text the beginning is shown, 48 tokens at most and fewer for a model of more than 28
    heads; the page says so. Raises ValueError for what does not fit together.
    """
    given = {"model": model, "tokenizer": tokenizer, "text": text}
    given |= {"tokens": tokens, "q": q, "k": k, "scores": scores, "head_size": head_size}
    form = " ".join(name for name, value in given.items() if value is not None)
    if form not in FORMS or (form == FORMS[0] and not (isinstance(model, GPT) and causal)):
        raise ValueError(message("errors.attention_input"))
    if form == FORMS[0]:
        tokens, count, side, scores = _read(model, tokenizer, text)
        head_size = model.config.n_embd // model.config.n_head
    else:
        tokens = [str(token) for token in tokens]
        count, side = len(tokens), direction("".join(tokens))
        if not tokens:
            raise ValueError(message("errors.empty_text"))
        if form == FORMS[1]:
            q, k = (_table(name, each, count) for name, each in (("q", q), ("k", k)))
            if q.shape != k.shape:
                raise ValueError(message("errors.attention_pair", q=tuple(q.shape), k=tuple(k.shape)))
            kept = _kept(count, q, causal)
            scores, head_size = q[..., :kept, :] @ k[..., :kept, :].mT, q.shape[-1]
        else:
            scores = _table("scores", scores, count, square=True)
            kept = _kept(count, scores, causal)
            scores = scores[..., :kept, :kept]
        tokens = tokens[:kept]
    if isinstance(head_size, bool) or not isinstance(head_size, int) or head_size < 1:
        raise ValueError(message("errors.not_whole", name="head_size", value=head_size, least=1))
    if not scores.isfinite().all():
        raise ValueError(message("errors.attention_finite"))
    for name, value, size in (("layer", layer, scores.shape[0]), ("head", head, scores.shape[1])):
        if value not in range(size):
            raise ValueError(message("errors.attention_place", name=name, value=value, last=size - 1))

    state = {
        "tokens": [token if len(token) <= MOST_LETTERS else f"{token[:MOST_LETTERS]}…" for token in tokens],
        "count": count,
        "text_dir": side,
        "scores": rounded(scores, DIGITS),
        "head_size": head_size,
        "causal": bool(causal),
        "layer": int(layer),
        "head": int(head),
    }
    t, weights = current(), _weights(state)
    return Widget("attention_explorer", state, _fallback(t, state, weights), _plain(t, state, weights))


def _read(model, tokenizer, text):
    """(tokens, how many the text has, its direction, q·k of each layer and head) for the beginning of a text."""
    encode = getattr(tokenizer, "encode_ordinary", tokenizer.encode)
    ids = encode(text) if isinstance(text, str) else [int(id) for id in text]
    if not ids:
        raise ValueError(message("errors.empty_text"))
    config = model.config
    if min(ids) < 0 or max(ids) >= config.vocab_size:
        raise ValueError(message("errors.ids_range", low=min(ids), high=max(ids), vocab_size=config.vocab_size))
    read = ids[: min(_most(config.n_layer * config.n_head), config.block_size)]
    side = direction(text if isinstance(text, str) else tokenizer.decode(read))
    return [_token(tokenizer, id) for id in read], len(ids), side, _scores(model, read)


def _token(tokenizer, id):
    if hasattr(tokenizer, "decode_single_token_bytes"):
        return piece(tokenizer.decode_single_token_bytes(id))
    return tokenizer.decode([id])


@torch.no_grad()
def _scores(model, ids):
    """q·k (L, H, T, T). In float64, block by block: rounded, the numbers are then the same on every machine."""
    ids = torch.tensor([ids], device=model.wte.weight.device)
    T, H = ids.shape[1], model.config.n_head
    x = model.wte(ids) + model.wpe.weight[:T]  # (1, T, C)
    x = x.to("cpu", torch.float64)
    scores = []
    for block in model.blocks:
        block = copy.deepcopy(block).to("cpu", torch.float64).eval()
        q, k, _ = block.attn.qkv(block.ln1(x)).view(T, 3, H, -1).permute(1, 2, 0, 3)  # (H, T, D) each
        scores.append(q @ k.transpose(-2, -1))
        x = block(x)
    return torch.stack(scores)


def _table(name, values, count, square=False):
    """Given numbers as (L, H, T, D) in float64."""
    try:
        values = torch.as_tensor(values, dtype=torch.float64, device="cpu").detach()
        shape = tuple(values.shape)
    except (TypeError, ValueError, RuntimeError) as error:  # rows of different lengths, or no numbers
        shape, values = error, torch.empty(0)
    last = count if square else max(values.shape[-1], 1)
    if values.ndim not in (2, 3, 4) or values.shape[-2:] != (count, last) or not values.numel():
        wanted = f"({count}, {count})" if square else f"({count}, D)"
        raise ValueError(message("errors.attention_shape", name=name, shape=shape, count=count, wanted=wanted))
    return values.reshape((1,) * (4 - values.ndim) + values.shape)


def _kept(count, table, causal):
    """How many of the tokens are shown, for a table (L, H, …). ValueError if the others may not be left out."""
    kept = min(count, _most(table.shape[0] * table.shape[1]))
    if kept < count and not causal:
        raise ValueError(message("errors.attention_long", most=kept, count=count))
    return kept


def _most(heads):
    """How many tokens fit: a page takes only so many numbers."""
    return min(MOST_TOKENS, max(1, math.isqrt(MOST_NUMBERS // heads)))


def _weights(state):
    """Weights (T, T) of the head that is shown first, from the rounded scores as the page has them."""
    scores = torch.tensor(state["scores"][state["layer"]][state["head"]], dtype=torch.float64)
    scaled = scores / math.sqrt(state["head_size"])
    if state["causal"]:
        scaled = scaled.masked_fill(torch.ones_like(scaled, dtype=torch.bool).triu(1), -math.inf)
    return scaled.softmax(-1).tolist()


def _caption(t, state):
    return t("widgets.attention_explorer.caption", layer=state["layer"], head=state["head"])


def _cut(t, state):
    shown = len(state["tokens"])
    return t("widgets.attention_explorer.cut", shown=shown, all=state["count"]) if shown < state["count"] else ""


def _fallback(t, state, weights):
    """The beginning of the first head's map."""
    tokens = [escape(visible(token)) for token in state["tokens"][:MOST_SHOWN]]
    rest = state["count"] - len(tokens)
    note = f" {t('widgets.common.more', count=rest)}" if rest else ""
    rows = [f'<th scope="col"><bdi>{token}</bdi></th>' for token in tokens]
    rows = ["<td></td>" + "".join(rows)]
    for i, token in enumerate(tokens):
        seen = len(tokens) if not state["causal"] else i + 1
        cells = "".join(f'<td dir="ltr">{weight:.2f}</td>' for weight in weights[i][:seen])
        rows.append(f'<th scope="row"><bdi>{token}</bdi></th>{cells}' + "<td></td>" * (len(tokens) - seen))
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    caption = escape(_caption(t, state))
    return (
        f'<div role="region" tabindex="0" aria-label="{caption}" style="overflow-x:auto">'
        f'<table dir="{state["text_dir"]}"><caption dir="{t.dir}">{caption}{escape(note)}</caption>{table}</table></div>'
    )


def _plain(t, state, weights):
    """For every token, what it looks at most."""
    tokens = [visible(token) for token in state["tokens"]]
    lines = [_caption(t, state), *filter(None, [_cut(t, state)])]
    for token, row in zip(tokens, weights, strict=True):
        most = max(range(len(row)), key=row.__getitem__)
        lines.append(f"{token} → {tokens[most]} {row[most]:.2f}")
    return "\n".join(lines)
