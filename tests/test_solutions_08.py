"""The folded solutions of chapter 8, each against what it must give."""

import re

import pytest
import torch
from safetensors.torch import load_file
from test_solutions import solutions

import gptcourse
from gptcourse import GPT, GPTConfig, plots


def solve(number, **given):
    space = {"torch": torch, "gptcourse": gptcourse, "plots": plots, **given}
    exec(solutions("en", "08-loading-weights")[f"solution-{number}"], space)
    return space


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return GPT(GPTConfig(50, 12, n_embd=8, n_head=2, n_layer=3, tied=False)).eval()


@pytest.fixture(scope="module")
def stored(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    gptcourse.export_gpt2(model, folder)
    return load_file(folder / "model.safetensors")


@pytest.mark.parametrize("tied", [True, False])
def test_count_is_num_params(tied):
    model = GPT(GPTConfig(50, 12, n_embd=8, n_head=2, tied=tied))
    assert solve(1)["count"](model.state_dict()) == model.num_params()


def test_our_names_are_those_of_the_model(model, stored):
    our_name = solve(2)["our_name"]
    assert our_name("transformer.h.11.mlp.c_proj.weight") == "blocks.11.mlp.down.weight"
    assert {our_name(name) for name in stored} == set(model.state_dict())


def test_split_heads_gives_what_the_model_computes(model, stored):
    parts = solve(3)["split_heads"](stored["transformer.h.0.attn.c_attn.weight"], 2)
    assert [tuple(part.shape) for part in parts] == [(2, 8, 4)] * 3
    x = torch.randn(5, 8, generator=torch.Generator().manual_seed(0))
    attn = model.blocks[0].attn
    wanted = (attn.qkv(x) - attn.qkv.bias).view(5, 3, 2, 4)
    for i, part in enumerate(parts):
        for head in range(2):
            torch.testing.assert_close(x @ part[head], wanted[:, i, head])


def test_needs_turning(model, stored):
    our_name, needs_turning = solve(2)["our_name"], solve(4)["needs_turning"]
    theirs = {our_name(name): tensor for name, tensor in stored.items()}
    found = needs_turning(model.state_dict(), theirs)
    assert {name for name, answer in found.items() if answer is None} == {
        f"blocks.{n}.attn.proj.weight" for n in range(3)
    }
    assert {name for name, answer in found.items() if answer is False} == {"wte.weight", "wpe.weight", "head.weight"}
    assert sum(answer is True for answer in found.values()) == 9
    with pytest.raises(ValueError, match="wpe.weight"):
        needs_turning(model.state_dict(), theirs | {"wpe.weight": torch.zeros(3, 8)})


def test_rounding_error(capsys):
    rounding_error = solve(5)["rounding_error"]
    numbers = [float(each) for each in re.findall(r"[\d.]+", capsys.readouterr().out)]
    large, tiny = numbers[:2], numbers[2:]
    assert 0.0004 <= large[0] <= 0.0005 and 0.0035 <= large[1] <= 0.0039
    assert 0.01 < tiny[0] < 0.1 and 0.0035 <= tiny[1] <= 0.0039
    assert rounding_error(torch.tensor([0.0, 0.5, -2.0]), torch.float16) == 0


def test_resume_epoch_is_never_having_stopped(tmp_path):
    config = GPTConfig(30, 8, n_embd=8, n_head=2, n_layer=1)
    tokens = torch.randint(30, (500,), generator=torch.Generator().manual_seed(0))

    def train_epoch(model, optimizer, number):
        losses, shuffle = [], torch.Generator().manual_seed(number)
        for inputs, targets in gptcourse.epoch(tokens, 8, 8, generator=shuffle, drop_last=True):
            _, loss = model(inputs, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    model = GPT(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    train_epoch(model, optimizer, 1)
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, tmp_path / "both.pt")
    straight = train_epoch(model, optimizer, 2)
    resume_epoch = solve(6, config=config, train_epoch=train_epoch)["resume_epoch"]
    again, losses = resume_epoch(tmp_path / "both.pt", 2)
    assert losses == straight
    assert all(torch.equal(a, b) for a, b in zip(again.parameters(), model.parameters(), strict=True))


@pytest.mark.parametrize(
    ("changed", "index"), [("wpe", 0), ("blocks.0.attn.proj", 1), ("blocks.2.mlp.up", 3), ("head", None)]
)
def test_first_difference(model, changed, index):
    other = GPT(model.config).eval()
    other.load_state_dict(model.state_dict())
    with torch.no_grad():
        other.get_submodule(changed).weight.mul_(3).add_(0.5)
    ids = torch.arange(10)[None]
    assert solve(7)["first_difference"](model, other, ids, 1e-5) == index


def test_sizes_with_a_stand_in(capsys):
    made = []

    def fetched(name):
        torch.manual_seed(len(made))
        made.append(GPT(GPTConfig(8, 4, n_embd=4 * (len(made) + 1), n_head=2)))
        return made[-1] if len(made) < 4 else None

    def book_losses(model, tokenizer, text):
        return [float(model.num_params()), len(text)]

    class Texts:
        """The package, without what needs a network."""

        gpt2_tokenizer = staticmethod(lambda: None)
        load_text = staticmethod(lambda lang, name: "abc")

    t = {name: name for name in ("plots.scaling", "plots.parameters", "plots.loss")}
    shown = []
    solve(8, gptcourse=Texts, fetched=fetched, book_losses=book_losses, t=t, display=shown.append)
    assert len(capsys.readouterr().out.splitlines()) == 3 and len(made) == 4 and "train" in shown[0].alt
