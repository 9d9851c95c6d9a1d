"""Training: batches in, smaller losses out, one record per step.

    config = TrainConfig(steps=500, lr=3e-3, warmup=25)
    history = list(train(model, tokens, config, val_tokens, progress=True))
    [record.train_loss for record in history]

`train` is the whole of it; the rest of this file are its parts. This module does not know what the tokens mean, nor
how text is sampled: whoever wants samples passes a function.
"""

import math
import warnings
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tqdm import tqdm

from gptcourse import distributed
from gptcourse.batches import Batches, as_tokens, windows
from gptcourse.checkpoint import load_checkpoint, load_state, save_checkpoint
from gptcourse.labels import message


@dataclass(frozen=True)
class Record:
    """What is known after one step. Losses are in nats per token."""

    step: int  # updates done so far
    tokens_seen: int  # tokens the model was trained on so far, repeated ones counted again
    train_loss: float  # of this step's batch, before the update
    val_loss: float | None  # after the update, on the steps that evaluate
    lr: float
    grad_norm: float  # length of the gradient before it was clipped
    sample: str | None = None  # what `sample(model)` returned, on the steps that evaluate


def train(
    model, tokens, config, val_tokens=None, *, sample=None, checkpoint=None, resume=False, extra=None, progress=False
):  # fmt: skip
    """Train `model` in place, on the device where it is, and yield a `Record` after each step.

    tokens, val_tokens: rows of token ids. sample: a function of the model whose result is kept in the record.
    checkpoint: a file that is written at each evaluation; the one with the lowest validation loss is also kept, as
    `best_file(checkpoint)`. With `resume`, training goes on from that file if it exists, to the bit as if it had never
    stopped. extra: a dict to be kept in the checkpoints too. progress: show a bar.

    Under torchrun (see `distributed`) every process takes its share of each batch and yields the same records.

    Between two records, and afterwards, the model is in eval mode; and the global random numbers are left alone, so
    that whoever reads the records may use both. An interrupt ends the records with a warning instead of an error: model
    and history remain.
    Raises ValueError for a text too short, for a checkpoint of another training, and for a loss that is not finite.
    """
    if resume and checkpoint is None:
        raise ValueError(message("errors.resume_what"))
    device = next(model.parameters()).device
    batches = Batches(tokens, config.batch_size, model.config.block_size, config.stride, config.seed)
    for row in (tokens, val_tokens):  # wrong tokens should be found now, not after the first hundred steps
        if row is not None:
            _check_tokens(row, model.config)
    if config.batch_size % distributed.world_size():
        raise ValueError(
            message("errors.batch_not_divisible", batch_size=config.batch_size, processes=distributed.world_size())
        )
    optimizer = make_optimizer(model, config)
    randomness = Randomness(config.seed + 1000 * distributed.rank(), device)  # each process drops out others
    step, best = 0, math.inf

    if resume and Path(checkpoint).exists():
        state = load_state(checkpoint)
        for name in ("step", "best", "batches", "randomness"):
            if name not in state:
                raise ValueError(message("errors.not_resumable", file=checkpoint, name=name))
        batches.restore(state["batches"])
        load_checkpoint(checkpoint, model, optimizer)  # last, when nothing else can fail any more
        if distributed.rank() < len(state["randomness"]):
            randomness.restore(state["randomness"][distributed.rank()])
        step, best = state["step"], state["best"]

    net = distributed.parallel(model)
    bar = tqdm(total=config.steps, initial=step, disable=not progress or distributed.rank() > 0)
    try:
        while step < config.steps:
            with randomness:
                lr = learning_rate(step + 1, config)
                inputs, targets = (part.to(device) for part in next(batches))
                model.train()
                loss = batch_loss(net, distributed.share(inputs), distributed.share(targets))
                optimizer.zero_grad()
                loss.backward()
                grad_norm = torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip).item()
                train_loss = distributed.mean(loss).item()
                if not (math.isfinite(train_loss) and math.isfinite(grad_norm)):
                    raise ValueError(
                        message("errors.diverged", step=step + 1, loss=train_loss, norm=grad_norm, lr=config.lr)
                    )
                for group in optimizer.param_groups:
                    group["lr"] = lr
                optimizer.step()
                step += 1
                model.eval()

                val_loss = text = None
                if step % config.eval_every == 0 or step == config.steps:
                    if val_tokens is not None:
                        val_loss = evaluate(model, val_tokens, config.batch_size, config.eval_batches)
                    text = sample(model) if sample is not None else None
            if checkpoint is not None and (step % config.eval_every == 0 or step == config.steps):
                is_best = val_loss is not None and val_loss < best
                best = val_loss if is_best else best
                state = {
                    "step": step,
                    "best": best,
                    "batches": batches.state(),
                    "randomness": distributed.gather(randomness.state()),
                    "config": asdict(config),
                    **(extra or {}),
                }
                if distributed.rank() == 0:
                    for file in [checkpoint] + [best_file(checkpoint)] * is_best:
                        save_checkpoint(file, model, optimizer, **state)
            bar.update()
            bar.set_postfix_str(f"{train_loss:.3f}")
            yield Record(step, step * inputs.numel(), train_loss, val_loss, lr, grad_norm, text)
    except KeyboardInterrupt:
        warnings.warn(message("errors.stopped", step=step, steps=config.steps), stacklevel=2)
    finally:
        model.eval()
        bar.close()


def _check_tokens(tokens, config):
    """Raise ValueError for a text shorter than a window, and for ids outside the vocabulary."""
    windows(tokens, config.block_size)
    low, high = map(int, as_tokens(tokens).aminmax())
    if low < 0 or high >= config.vocab_size:
        raise ValueError(message("errors.ids_range", low=low, high=high, vocab_size=config.vocab_size))


def learning_rate(step, config):
    """The learning rate of step 1, 2, …: a straight line up to `lr`, then half a cosine down to `min_lr`."""
    low = config.lr / 10 if config.min_lr is None else config.min_lr
    if step <= config.warmup:
        return config.lr * step / config.warmup
    done = (step - config.warmup) / (config.steps - config.warmup)  # above 0, and 1 in the last step
    return low + (config.lr - low) * (1 + math.cos(math.pi * done)) / 2


def make_optimizer(model, config):
    """AdamW (Loshchilov and Hutter 2019) that lets matrices decay; vectors (biases, LayerNorm) are left alone.

    A LayerNorm's gain belongs near 1 and a bias where the data want it: pulling them to 0 helps nobody.
    """
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": config.weight_decay},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    options = {"lr": config.lr, "betas": tuple(config.betas)}
    try:
        return torch.optim.AdamW(groups, fused=True, **options)  # all tensors in one go
    except RuntimeError:  # this torch has no such version for this device
        return torch.optim.AdamW(groups, **options)


def batch_loss(model, inputs, targets):
    """The loss of one batch: inputs and targets (B, T) -> mean cross-entropy in nats, a tensor without dimensions."""
    on_cuda = inputs.device.type == "cuda"
    # bfloat16 has float32's range, so losses need no scaling; weights and their updates stay float32
    with torch.autocast("cuda", torch.bfloat16) if on_cuda else nullcontext():
        _, loss = model(inputs, targets)
    return loss


@torch.no_grad()
def mean_loss(model, batches, num_batches=None):
    """The mean loss per token over `batches` of (inputs, targets), or over the first `num_batches`, in eval mode.

    Raises ValueError if there is none.
    """
    device = next(model.parameters()).device
    training = model.training
    model.eval()
    total = count = 0
    try:
        for i, (inputs, targets) in enumerate(batches):
            if i == num_batches:
                break
            total += batch_loss(model, inputs.to(device), targets.to(device)).item() * inputs.numel()
            count += inputs.numel()
    finally:
        model.train(training)
    if not count:
        raise ValueError(message("errors.no_batches"))
    return total / count


def evaluate(model, tokens, batch_size=16, num_batches=None):
    """The mean loss per token over windows side by side; with `num_batches`, over that many from the whole text.

    The same windows each time, so that two models, or one model at two times, are compared on the same text.
    """
    inputs, targets = windows(tokens, model.config.block_size)
    count = len(inputs)
    wanted = count if num_batches is None else min(count, num_batches * batch_size)
    chosen = (torch.arange(wanted) * count // wanted).split(batch_size)
    return mean_loss(model, ((inputs[some].long(), targets[some].long()) for some in chosen))


def best_file(checkpoint):
    """Where `train` keeps the checkpoint with the lowest validation loss: run.safetensors -> run.best.safetensors."""
    checkpoint = Path(checkpoint)
    return checkpoint.with_name(f"{checkpoint.stem}.best{checkpoint.suffix}")


class Randomness:
    """The global random numbers that dropout draws, kept apart from everybody else's: `with randomness: …`."""

    def __init__(self, seed, device):
        self.device = device
        self.inside = {"cpu": torch.Generator().manual_seed(seed).get_state()}
        if device.type == "cuda":
            self.inside["cuda"] = torch.Generator(device).manual_seed(seed).get_state()

    def __enter__(self):
        self.outside = self._now()
        self._set(self.inside)

    def __exit__(self, *error):
        self.inside = self._now()
        self._set(self.outside)

    def state(self):
        """The state to be used next, as tensors."""
        return self.inside

    def restore(self, state):
        """Go on where `state()` was taken; a state from a CPU does on CUDA what it can."""
        self.inside = {**self.inside, **state}

    def _now(self):
        now = {"cpu": torch.get_rng_state()}
        if self.device.type == "cuda":
            now["cuda"] = torch.cuda.get_rng_state(self.device)
        return now

    def _set(self, state):
        torch.set_rng_state(state["cpu"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(state["cuda"], self.device)
