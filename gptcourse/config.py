"""The sizes of a GPT and the settings of a training, checked when they are written down.

    config = GPTConfig(vocab_size=65, block_size=128)
    config.num_params()          # 421,504 without building anything
    TrainConfig(steps=1000, lr=3e-4, warmup=50)

Knows arithmetic only: no torch, no texts.
"""

from dataclasses import dataclass

from gptcourse.labels import message


@dataclass(frozen=True)
class GPTConfig:
    """What a GPT is made of. The first two depend on tokenizer and text, so they have no default.

    Raises ValueError for sizes that make no model, naming them.
    """

    vocab_size: int  # kinds of token: rows of the embedding, and logits at each position
    block_size: int  # context window, in tokens
    n_embd: int = 128  # length of a token's vector
    n_head: int = 4
    n_layer: int = 2
    dropout: float = 0.0
    bias: bool = True  # in linear layers and LayerNorm, as in GPT-2
    tied: bool = True  # input embedding and output head are one matrix, as in GPT-2

    def __post_init__(self):
        for name in ("vocab_size", "block_size", "n_embd", "n_head", "n_layer"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(message("errors.not_whole", name=name, value=value, least=1))
        if self.n_embd % self.n_head:
            raise ValueError(message("errors.heads", n_embd=self.n_embd, n_head=self.n_head))
        if not 0 <= self.dropout < 1:
            raise ValueError(message("errors.dropout", value=self.dropout))

    @property
    def head_size(self):
        """Length of a query, key or value of one head."""
        return self.n_embd // self.n_head

    def num_params(self):
        """Number of parameters, position table included; a tied head counts once."""
        C, bias = self.n_embd, int(self.bias)
        linear = 12 * C * C + bias * 9 * C  # per block: C -> 3C, C -> C, C -> 4C, 4C -> C
        norms = 2 * C * (1 + bias)
        tables = (self.vocab_size + self.block_size) * C + (0 if self.tied else self.vocab_size * C)
        return tables + self.n_layer * (linear + norms) + C * (1 + bias)

    def memory(self, training=False, bytes_per_number=4):
        """Bytes for the parameters alone or, when training, with gradients and AdamW's two averages."""
        return self.num_params() * bytes_per_number * (4 if training else 1)


@dataclass(frozen=True)
class TrainConfig:
    """How a GPT is trained. Raises ValueError for settings that no training can have, naming them."""

    steps: int  # updates of the weights
    batch_size: int = 16  # windows per step
    lr: float = 1e-3  # highest learning rate, after the warm-up
    min_lr: float | None = None  # learning rate of the last step; None: a tenth of lr, as in GPT-3
    warmup: int = 0  # steps in which the learning rate rises to lr
    weight_decay: float = 0.1  # of matrices only
    betas: tuple[float, float] = (0.9, 0.99)  # 0.999 forgets too slowly for runs of a few hundred steps
    clip: float = 1.0  # longest gradient allowed; float("inf") for no limit
    stride: int | None = None  # None: windows at random; else epochs over windows this many tokens apart
    eval_every: int = 100  # steps between two validation losses
    eval_batches: int | None = 20  # batches a validation loss is averaged over; None: all there are
    seed: int = 0  # of batches and dropout; the model's first weights were drawn when it was built

    def __post_init__(self):
        for name, least in (
            ("steps", 1), ("batch_size", 1), ("warmup", 0), ("stride", 1), ("eval_every", 1), ("eval_batches", 1),
            ("seed", 0),
        ):  # fmt: skip
            value = getattr(self, name)
            optional = value is None and name in ("stride", "eval_batches")
            if not optional and (not isinstance(value, int) or isinstance(value, bool) or value < least):
                raise ValueError(message("errors.not_whole", name=name, value=value, least=least))
        for name in ("lr", "min_lr", "weight_decay", "clip"):
            value = getattr(self, name)
            if value is None and name == "min_lr":
                continue
            if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:  # NaN is not either
                raise ValueError(message("errors.not_number", name=name, value=value, least=0))
        if self.min_lr is not None and self.min_lr > self.lr:
            raise ValueError(message("errors.min_lr", min_lr=self.min_lr, lr=self.lr))
        if self.warmup > self.steps:
            raise ValueError(message("errors.long_warmup", warmup=self.warmup, steps=self.steps))
        if not isinstance(self.betas, tuple | list) or len(self.betas) != 2 or not all(0 <= b < 1 for b in self.betas):
            raise ValueError(message("errors.not_betas", value=self.betas))


GPT2_SIZES = {  # name: (n_embd, n_layer, n_head), Radford et al. 2019
    "gpt2": (768, 12, 12),
    "gpt2-medium": (1024, 24, 16),
    "gpt2-large": (1280, 36, 20),
    "gpt2-xl": (1600, 48, 25),
}


def gpt2_config(name):
    """The configuration of one of OpenAI's four GPT-2 models. Raises ValueError for another name."""
    if name not in GPT2_SIZES:
        raise ValueError(message("errors.unknown_gpt2", name=name, known=", ".join(GPT2_SIZES)))
    n_embd, n_layer, n_head = GPT2_SIZES[name]
    return GPTConfig(vocab_size=50257, block_size=1024, n_embd=n_embd, n_head=n_head, n_layer=n_layer)
