"""Training: the schedule and the optimizer by the book, resuming to the bit, and nothing lost when it is stopped."""

import itertools
import math
import random
import warnings

import pytest
import torch
import transformers

from gptcourse import training as trainer
from gptcourse.batches import epoch
from gptcourse.checkpoint import load_checkpoint, load_state, save_checkpoint
from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.model import GPT
from gptcourse.training import best_file, evaluate, learning_rate, make_optimizer, mean_loss, train

TINY = GPTConfig(7, 6, n_embd=8, n_head=2, n_layer=1)
TOKENS = torch.randint(7, (80,), generator=torch.Generator().manual_seed(0))
SETTINGS = TrainConfig(steps=12, batch_size=3, lr=0.01, warmup=3, eval_every=4, eval_batches=2)


@pytest.fixture(autouse=True)
def one_thread():
    """Sums in one order, so that equal means equal to the bit."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def tiny(seed=0, config=TINY):
    torch.manual_seed(seed)
    return GPT(config)


def changed(config, **values):
    return type(config)(**{**vars(config), **values})


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()]).clone()


def test_an_untrained_model_is_as_lost_as_it_can_be():
    """Losses near ln V: with GPT-2's small first weights the logits are close to equal."""
    config = GPTConfig(65, 32, n_embd=64, n_head=4, n_layer=4)
    tokens = torch.randint(65, (2000,), generator=torch.Generator().manual_seed(1))
    model = tiny(config=config)
    assert abs(evaluate(model, tokens) - math.log(65)) < 0.05
    first = next(train(model, tokens, TrainConfig(steps=1)))
    assert abs(first.train_loss - math.log(65)) < 0.1


def test_a_tiny_model_learns_a_tiny_text_by_heart():
    text = torch.tensor([ord(c) - 32 for c in "Every model can learn one short line by heart."])
    model = tiny(config=GPTConfig(96, 16, n_embd=32, n_head=2, n_layer=2))
    history = list(train(model, text, TrainConfig(steps=250, batch_size=8, lr=5e-3, warmup=10)))
    assert history[0].train_loss > 4 and history[-1].train_loss < 0.2
    ids = text[:16]
    while len(ids) < len(text):
        ids = torch.cat((ids, model(ids[None, -16:])[0][0, -1].argmax()[None]))
    assert torch.equal(ids, text)


def test_the_records_say_what_happened():
    model = tiny()
    history = list(train(model, TOKENS, SETTINGS, TOKENS, sample=lambda m: f"{m.training}"))
    assert [r.step for r in history] == list(range(1, 13))
    assert [r.tokens_seen for r in history] == [18 * step for step in range(1, 13)]
    assert [r.step for r in history if r.val_loss is not None] == [4, 8, 12]
    assert [r.sample for r in history] == [None, None, None, "False"] * 3
    assert [r.lr for r in history] == [learning_rate(step, SETTINGS) for step in range(1, 13)]
    assert all(r.grad_norm > 0 for r in history)
    assert history[-1].val_loss == evaluate(model, TOKENS, 3, 2)
    assert not model.training


def test_the_loop_equals_one_written_out_with_other_parts():
    """Against torch's plain AdamW and gradients clipped by hand; batches in the order that epochs give them."""
    config = changed(SETTINGS, stride=2, clip=0.5, weight_decay=0.3)
    mine, theirs = tiny(), tiny()
    history = list(train(mine, TOKENS, config))
    decayed = [p for p in theirs.parameters() if p.ndim > 1]
    others = [p for p in theirs.parameters() if p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": 0.3}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.99), foreach=False, fused=False)
    generator = torch.Generator().manual_seed(0)
    batches = itertools.chain.from_iterable(
        epoch(TOKENS, 3, 6, 2, generator, drop_last=True) for _ in itertools.count()
    )
    for record, (inputs, targets) in zip(history, batches, strict=False):
        _, loss = theirs(inputs, targets)
        optimizer.zero_grad()
        loss.backward()
        norm = math.sqrt(sum(p.grad.square().sum().item() for p in theirs.parameters()))
        for p in theirs.parameters():
            p.grad *= min(1, 0.5 / norm)
        for group in optimizer.param_groups:
            group["lr"] = record.lr
        optimizer.step()
        assert record.train_loss == pytest.approx(loss.item(), rel=1e-5)
        assert record.grad_norm == pytest.approx(norm, rel=1e-5)
    torch.testing.assert_close(weights(mine), weights(theirs), rtol=1e-4, atol=1e-5)


def test_the_learning_rate_equals_that_of_transformers():
    config = TrainConfig(steps=100, lr=1e-3, min_lr=0.0, warmup=27)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-3)
    schedule = transformers.get_cosine_schedule_with_warmup(optimizer, 27, 100)
    for step in range(1, 101):
        optimizer.step()
        schedule.step()
        assert learning_rate(step, config) == pytest.approx(schedule.get_last_lr()[0], abs=1e-12)


def test_the_learning_rate_in_numbers():
    config = TrainConfig(steps=110, lr=1e-3, warmup=10)
    assert learning_rate(1, config) == pytest.approx(1e-4)
    assert learning_rate(10, config) == pytest.approx(1e-3)
    assert learning_rate(60, config) == pytest.approx(5.5e-4)  # half-way between lr and a tenth of it
    assert learning_rate(110, config) == pytest.approx(1e-4)
    constant = TrainConfig(steps=9, lr=0.5, min_lr=0.5)
    assert {learning_rate(step, constant) for step in range(1, 10)} == {0.5}
    assert learning_rate(5, TrainConfig(steps=5, warmup=5, lr=0.3)) == pytest.approx(0.3)


@pytest.mark.parametrize("tied", [True, False])
def test_only_matrices_decay_and_every_parameter_is_trained_once(tied):
    model = tiny(config=changed(TINY, tied=tied))
    names = {parameter: name for name, parameter in model.named_parameters()}
    decay, rest = make_optimizer(model, TrainConfig(steps=1, weight_decay=0.2)).param_groups
    assert (decay["weight_decay"], rest["weight_decay"]) == (0.2, 0)
    assert sorted(names[p] for p in [*decay["params"], *rest["params"]]) == sorted(names.values())
    assert all(names[p].endswith("bias") or ".ln" in names[p] or "ln_f" in names[p] for p in rest["params"])
    assert not any(names[p].endswith("bias") or "ln" in names[p] for p in decay["params"])
    before = {p: p.detach().clone() for p in names}
    optimizer = make_optimizer(model, TrainConfig(steps=1, weight_decay=0.2, lr=0.5))
    for p in names:
        p.grad = torch.zeros_like(p)
    optimizer.step()
    for p, name in names.items():
        torch.testing.assert_close(p.detach(), before[p] * (0.9 if p.ndim > 1 else 1), msg=name)


def test_frozen_parameters_stay_as_they_are():
    model = tiny()
    model.wpe.weight.requires_grad_(False)
    before = model.wpe.weight.clone()
    list(train(model, TOKENS, SETTINGS))
    assert torch.equal(model.wpe.weight, before)


@pytest.mark.parametrize("stride", [None, 3])
@pytest.mark.parametrize("stopped_after", [4, 7, 8, 11])
def test_resuming_equals_never_having_stopped_to_the_bit(tmp_path, stride, stopped_after):
    """With dropout, random batches, and somebody else who draws random numbers all the time."""
    dropout = changed(TINY, dropout=0.3)
    config = changed(SETTINGS, stride=stride)
    whole_model = tiny(config=dropout)
    whole = list(train(whole_model, TOKENS, config, TOKENS))

    file = tmp_path / "run.safetensors"
    model = tiny(config=dropout)
    for record in train(model, TOKENS, config, TOKENS, checkpoint=file):
        torch.rand(random.randrange(9))
        if record.step == stopped_after:
            break
    torch.manual_seed(random.randrange(99))
    model = tiny(seed=5, config=dropout)  # a new session: other weights, other state of the world
    rest = list(train(model, TOKENS, config, TOKENS, checkpoint=file, resume=True))
    assert rest[0].step == stopped_after - stopped_after % 4 + 1
    assert rest == whole[rest[0].step - 1 :]
    assert torch.equal(weights(model), weights(whole_model))
    assert list(train(model, TOKENS, config, TOKENS, checkpoint=file, resume=True)) == []


def test_training_goes_on_for_longer_than_first_planned(tmp_path):
    file = tmp_path / "a.safetensors"
    model = tiny()
    list(train(model, TOKENS, SETTINGS, checkpoint=file))
    more = list(train(model, TOKENS, changed(SETTINGS, steps=15), checkpoint=file, resume=True))
    assert [record.step for record in more] == [13, 14, 15]


def test_the_seed_decides_about_batches_and_dropout():
    config = changed(TINY, dropout=0.3)
    runs = [list(train(tiny(config=config), TOKENS, changed(SETTINGS, seed=seed))) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_the_global_random_numbers_are_left_alone():
    model = tiny(config=changed(TINY, dropout=0.3))
    before = torch.get_rng_state()
    for _ in train(model, TOKENS, SETTINGS, TOKENS, sample=lambda m: torch.rand(1)):
        assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_best_checkpoint_is_the_one_with_the_lowest_validation_loss(tmp_path):
    """The text has nothing to learn, so that more training on it makes the validation loss worse."""
    file = tmp_path / "run.safetensors"
    other = torch.randint(7, (60,), generator=torch.Generator().manual_seed(9))
    config = changed(SETTINGS, steps=200, lr=0.03, eval_every=10, eval_batches=None)
    model = tiny()
    history = list(train(model, TOKENS, config, other, checkpoint=file, extra={"extra": "é"}))
    best = min((r for r in history if r.val_loss is not None), key=lambda r: r.val_loss)
    assert best.val_loss < history[-1].val_loss - 0.1
    kept, state = load_checkpoint(best_file(file))
    assert best_file(file).name == "run.best.safetensors"
    assert state["config"]["lr"] == 0.03 and state["extra"] == "é"
    assert state["step"] == best.step and state["best"] == best.val_loss
    assert evaluate(kept, other, 3) == best.val_loss
    last, state = load_checkpoint(file)
    assert state["step"] == 200 and torch.equal(weights(last), weights(model))


def test_the_best_loss_so_far_is_remembered_when_training_goes_on(tmp_path):
    file = tmp_path / "a"
    list(train(tiny(), TOKENS, changed(SETTINGS, steps=4), TOKENS, checkpoint=file))
    best = best_file(file).read_bytes()
    settings = changed(SETTINGS, steps=5, lr=10.0)  # one step that makes everything worse
    (record,) = train(tiny(), TOKENS, settings, TOKENS, checkpoint=file, resume=True)
    assert record.val_loss > load_state(best_file(file))["best"] and best_file(file).read_bytes() == best


def test_every_step_is_in_training_mode_and_every_evaluation_is_not():
    model, seen = tiny(), []
    model.register_forward_pre_hook(lambda module, inputs: seen.append(module.training))
    list(train(model, TOKENS, changed(SETTINGS, eval_batches=1), TOKENS))
    assert seen == ([True] * 4 + [False]) * 3


@pytest.mark.parametrize("where", ["batch_loss", "evaluate"])
def test_an_interrupt_keeps_model_and_history(monkeypatch, tmp_path, where):
    calls = itertools.count(1)
    original = getattr(trainer, where)

    def interrupted(*arguments):
        if next(calls) == (6 if where == "batch_loss" else 1):
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(trainer, where, interrupted)
    model = tiny(config=changed(TINY, dropout=0.3))
    before = torch.get_rng_state()
    file = tmp_path / "a.safetensors"
    val_tokens = TOKENS if where == "evaluate" else None
    with pytest.warns(UserWarning, match=r"stopped after step \d of 12. The model keeps what it has learned"):
        history = list(train(model, TOKENS, SETTINGS, val_tokens, checkpoint=file))
    assert [r.step for r in history] == list(range(1, 6 if where == "batch_loss" else 4))
    assert not model.training and torch.equal(torch.get_rng_state(), before)
    assert weights(model).isfinite().all()
    monkeypatch.undo()
    rest = list(train(model, TOKENS, SETTINGS, val_tokens, checkpoint=file, resume=True))
    assert rest[-1].step == 12


def test_closing_the_records_keeps_the_model():
    model = tiny()
    before = weights(model)
    records = train(model, TOKENS, SETTINGS)
    history = [next(records), next(records)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        records.close()
    assert [r.step for r in history] == [1, 2]
    assert not model.training and not torch.equal(weights(model), before)
    assert len(list(train(model, TOKENS, SETTINGS))) == 12


def test_a_training_that_diverges_says_so_and_spares_the_model():
    model = tiny()
    with pytest.raises(ValueError, match=r"At step \d+ the loss is .* training has diverged"):
        for _ in train(model, TOKENS, changed(SETTINGS, lr=1e30, clip=float("inf"))):
            last = weights(model)
    assert torch.equal(weights(model), last)


def test_the_mean_loss_is_per_token_and_of_as_many_batches_as_asked_for():
    model = tiny().train()
    batches = list(epoch(TOKENS, 5, 6, drop_last=False))
    assert [len(inputs) for inputs, _ in batches] == [5, 5, 3]
    inputs, targets = (torch.cat(parts) for parts in zip(*batches, strict=True))
    assert mean_loss(model, batches) == pytest.approx(model(inputs, targets)[1].item())
    assert mean_loss(model, batches, num_batches=1) == pytest.approx(model(*batches[0])[1].item())
    assert model.training
    assert evaluate(model, TOKENS, 5) == pytest.approx(mean_loss(model, batches))
    with pytest.raises(ValueError, match="no batch"):
        mean_loss(model, [])


def test_an_evaluation_of_a_few_batches_takes_them_from_the_whole_text(monkeypatch):
    seen = []
    monkeypatch.setattr(trainer, "mean_loss", lambda model, batches: seen.extend(i[:, 0] for i, _ in batches))
    evaluate(tiny(), torch.arange(601), batch_size=5, num_batches=2)
    assert [part.tolist() for part in seen] == [[0, 60, 120, 180, 240], [300, 360, 420, 480, 540]]


def test_a_bar_shows_steps_and_loss_when_asked_for(capsys):
    list(train(tiny(), TOKENS, SETTINGS))
    assert capsys.readouterr().err == ""
    history = list(train(tiny(), TOKENS, SETTINGS, progress=True))
    shown = capsys.readouterr().err
    assert "12/12" in shown and f"{history[-1].train_loss:.3f}" in shown


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"steps": 0}, "steps=0 must be a whole number of at least 1"),
        ({"batch_size": 2.0}, "batch_size=2.0 must be a whole number"),
        ({"stride": 0}, "stride=0 must be a whole number of at least 1"),
        ({"eval_every": True}, "eval_every=True must be"),
        ({"seed": -1}, "seed=-1 must be"),
        ({"lr": float("nan")}, "lr=nan must be a number of at least 0"),
        ({"clip": "1"}, "clip='1' must be a number"),
        ({"weight_decay": -0.1}, "weight_decay=-0.1 must be"),
        ({"lr": 1e-4, "min_lr": 1e-3}, "min_lr=0.001 is above lr=0.0001"),
        ({"warmup": 11}, "warmup=11 is more than steps=10"),
        ({"betas": (0.9, 1.0)}, r"betas=\(0.9, 1.0\): two numbers"),
        ({"betas": 0.9}, "betas=0.9: two numbers"),
    ],
)
def test_settings_that_no_training_can_have_are_named(settings, says):
    with pytest.raises(ValueError, match=says):
        TrainConfig(**{"steps": 10, **settings})


def test_what_cannot_be_trained_on_is_refused_before_the_first_step(tmp_path):
    model = tiny()
    before = weights(model)
    for arguments, says in [
        ({"tokens": TOKENS[:6]}, "6 tokens, but a window of block_size=6"),
        ({"val_tokens": TOKENS[:3]}, "3 tokens, but a window of block_size=6"),
        ({"tokens": TOKENS + 1}, "The ids run from 1 to 7, but the vocabulary has 7"),
        ({"val_tokens": TOKENS - 1}, "The ids run from -1 to 5, but"),
        ({"resume": True}, "needs a file to go on from"),
    ]:
        with pytest.raises(ValueError, match=says):
            list(train(**{"model": model, "tokens": TOKENS, "config": SETTINGS, **arguments}))
        assert torch.equal(weights(model), before)
    list(train(tiny(), TOKENS, SETTINGS, checkpoint=tmp_path / "a"))
    with pytest.raises(ValueError, match="tokens was 80 and is 79 now"):
        list(train(model, TOKENS[1:], SETTINGS, checkpoint=tmp_path / "a", resume=True))
    save_checkpoint(tmp_path / "b", tiny(seed=1), step=3)
    with pytest.raises(ValueError, match="not written by a training, for it lacks 'best'"):
        list(train(model, TOKENS, SETTINGS, checkpoint=tmp_path / "b", resume=True))
    assert torch.equal(weights(model), before)
