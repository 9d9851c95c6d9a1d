"""A GPT as in GPT-2 (Radford et al. 2019): pre-norm blocks, tanh-GELU, learned positions, tied head.

    model = GPT(GPTConfig(vocab_size=65, block_size=128))
    logits, loss = model(ids, targets)

Letters: B batch, T time, C channels (n_embd), H heads, D head size, V vocabulary, S tokens already in the cache.
This module does not know how a model is trained, sampled or loaded, nor what the tokens mean.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from gptcourse.gelu import gelu
from gptcourse.labels import message

INIT_STD = 0.02  # GPT-2's; nn.Embedding's own N(0, 1) drowns what training adds


def attention(q, k, v):
    """Causal scaled dot-product attention, written out: softmax(q k^T / sqrt(D)) v (Vaswani et al. 2017, 3.2.1).

    q: (B, H, T, D); k, v: (B, H, S, D) with S >= T, the queries being the last T positions. Returns the mixed values
    (B, H, T, D) and the weights (B, H, T, S). The model itself uses torch's fused version, which gives the same.
    """
    T, S, D = q.shape[-2], k.shape[-2], q.shape[-1]
    scores = q @ k.transpose(-2, -1) / math.sqrt(D)  # (B, H, T, D) x (B, H, D, S) -> (B, H, T, S)
    future = torch.ones(T, S, dtype=torch.bool, device=q.device).triu(S - T + 1)
    weights = scores.masked_fill(future, -math.inf).softmax(dim=-1)
    return weights @ v, weights  # (B, H, T, S) x (B, H, S, D) -> (B, H, T, D)


class KVCache:
    """Keys and values of the tokens a model has already read, so that each is computed once.

    `start` (B,) says how many padding tokens stand at the left of each row; None for none.
    """

    def __init__(self, start=None):
        self.layers = {}  # layer: (k, v), each (B, H, room, D), filled up to `length`
        self.length = 0
        self.start = start

    def extend(self, layer, k, v):
        """All keys and values of a layer, (B, H, S + T, D), with those of the T new tokens appended."""
        end = self.length + k.shape[2]
        if layer not in self.layers or end > self.layers[layer][0].shape[2]:
            self._make_room(layer, k, end)
        for kept, new in zip(self.layers[layer], (k, v), strict=True):
            kept[:, :, self.length : end] = new
        return tuple(kept[:, :, :end] for kept in self.layers[layer])

    def _make_room(self, layer, k, end):
        """Twice what is needed now: copying everything for each token would take longer than reading it."""
        B, H, _, D = k.shape
        fresh = tuple(k.new_empty(B, H, 2 * end, D) for _ in "kv")
        for new, old in zip(fresh, self.layers.get(layer, ()), strict=False):
            new[:, :, : self.length] = old[:, :, : self.length]
        self.layers[layer] = fresh


class SelfAttention(nn.Module):
    """Causal multi-head self-attention."""

    def __init__(self, config, layer):
        super().__init__()
        self.n_head, self.layer, self.dropout = config.n_head, layer, config.dropout
        self.qkv = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x, cache=None, mask=None, trace=None):
        B, T, C = x.shape
        qkv = self.qkv(x).view(B, T, 3, self.n_head, C // self.n_head)
        # taken apart before transposing: the three gradients then go back side by side with one copy less
        q, k, v = (part.transpose(1, 2) for part in qkv.unbind(2))  # (B, H, T, D) each
        if cache is not None:
            k, v = cache.extend(self.layer, k, v)
        if trace is not None:
            y, weights = attention(q, k, v)
            trace.attention.append(weights)
        else:
            dropout = self.dropout if self.training else 0.0
            S = k.shape[2]
            if mask is None and 1 < T < S:  # torch's is_causal takes the first T positions for ours
                mask = torch.ones(T, S, dtype=torch.bool, device=x.device).tril(S - T)
            # a single new token sees everything before it
            causal = mask is None and T > 1
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropout, is_causal=causal)
        y = y.transpose(1, 2).reshape(B, T, C)  # heads side by side again
        return self.proj(y)


class MLP(nn.Module):
    """Two linear layers on each token by itself, four times as wide in between."""

    def __init__(self, config):
        super().__init__()
        self.up = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.down = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x):
        return self.down(gelu(self.up(x)))


class Block(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x))."""

    def __init__(self, config, layer):
        super().__init__()
        self.ln1 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.attn = SelfAttention(config, layer)
        self.ln2 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.mlp = MLP(config)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x, cache=None, mask=None, trace=None):
        x = x + self.drop(self.attn(self.ln1(x), cache, mask, trace))
        return x + self.drop(self.mlp(self.ln2(x)))


@dataclass
class Trace:
    """What went on inside a model while it read.

    attention: a list with the weights of each layer, (B, H, T, T). residual: the residual stream before the first and
    after each block, n_layer + 1 times (B, T, C). logits: (B, T, V).
    """

    attention: list
    residual: list
    logits: torch.Tensor | None = None


class GPT(nn.Module):
    """A language model: for each token, logits for the token that comes next."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.block_size, config.n_embd)
        self.drop = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config, layer) for layer in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        if config.tied:
            self.head.weight = self.wte.weight
        self.reset_parameters()

    def reset_parameters(self):
        """GPT-2's initialisation; what is added to the residual stream starts smaller, by 1 / sqrt(2 n_layer)."""
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                into_residual = name.endswith(("attn.proj.weight", "mlp.down.weight"))
                std = INIT_STD / math.sqrt(2 * self.config.n_layer) if into_residual else INIT_STD
                nn.init.normal_(parameter, std=std)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, ids, targets=None, cache=None, trace=None, last=False):
        """Logits (B, T, V) and, where targets (B, T) are given, the mean cross-entropy in nats; else None.

        With `last`, only the logits of the last position, (B, 1, V).
        With a `KVCache`, `ids` are only the tokens that the cache has not seen. Raises ValueError for ids of another
        shape or outside the vocabulary, and for more tokens than the context window holds.
        """
        B, T = self._check(ids, cache)
        read = cache.length if cache is not None else 0
        positions = torch.arange(read, read + T, device=ids.device)
        mask = None
        if cache is not None and cache.start is not None:
            mask = _padding_mask(positions, cache.start)
            positions = (positions - cache.start[:, None]).clamp(min=0)
        x = self.drop(self.wte(ids) + self.wpe(positions))  # (B, T, C) + (T, C)
        if trace is not None:
            trace.residual.append(x)
        for block in self.blocks:
            x = block(x, cache, mask, trace)
            if trace is not None:
                trace.residual.append(x)
        if cache is not None:
            cache.length += T
        if last:  # writing needs no others, and at GPT-2's sizes the head is a third of the work
            x = x[:, -1:]
        logits = self.head(self.ln_f(x))  # (B, T, C) x (C, V) -> (B, T, V)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.view(B * T, -1), targets.reshape(B * T))

    def _check(self, ids, cache):
        if ids.ndim != 2 or ids.shape[1] == 0:
            raise ValueError(message("errors.ids_shape", shape=tuple(ids.shape)))
        total, window = ids.shape[1] + (cache.length if cache is not None else 0), self.config.block_size
        if total > window:
            raise ValueError(message("errors.window", tokens=total, block_size=window))
        if ids.device.type == "cpu":  # on a GPU the comparison would wait for it; there torch itself stops the kernel
            low, high = (int(end) for end in ids.aminmax())
            if low < 0 or high >= self.config.vocab_size:
                raise ValueError(message("errors.ids_range", low=low, high=high, vocab_size=self.config.vocab_size))
        return ids.shape

    @torch.no_grad()
    def trace(self, ids):
        """Read `ids` (B, T) with explicit attention and keep what went on inside: a `Trace`."""
        trace = Trace([], [])
        training = self.training
        self.eval()
        try:
            trace.logits, _ = self(ids, trace=trace)
        finally:
            self.train(training)
        return trace

    def num_params(self):
        """Number of parameters, counted; the configuration's formula gives the same."""
        return sum(parameter.numel() for parameter in self.parameters())


def _padding_mask(positions, start):
    """(B, 1, T, S): which of the S tokens so far each of the T new ones may see, padding at the left left out."""
    seen = torch.arange(positions[-1] + 1, device=positions.device)
    causal = seen <= positions[:, None]  # (T, S)
    real = seen >= start[:, None, None]  # (B, 1, S)
    # a padding token sees itself, or its softmax would have nothing to choose from
    return ((causal & real) | (seen == positions[:, None]))[:, None]
