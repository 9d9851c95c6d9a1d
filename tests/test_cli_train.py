"""The command `train`: a text in, a checkpoint out that knows its tokenizer."""

import subprocess
import sys
from dataclasses import fields

import pytest
import torch

from gptcourse import __main__ as cli
from gptcourse.checkpoint import load_checkpoint
from gptcourse.cli_train import HELP, make_tokenizer
from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.tokenizer_files import restore
from gptcourse.training import best_file

TEXT = "The owl sat on the old oak and sang; the fox sat below and listened. " * 12
SIZES = "--block-size 16 --n-embd 8 --n-head 2 --n-layer 1 --dropout 0.1 --batch-size 4 --eval-every 5".split()


@pytest.fixture
def text(tmp_path, monkeypatch):
    """A text file in an empty folder, which is no checkout."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "owl.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "owl.txt"


def train(*arguments):
    return cli.main(["train", "owl.txt", "--out", "run.safetensors", *SIZES, *arguments])


def test_a_text_becomes_a_model_with_its_tokenizer(text, capsys):
    assert train("--steps", "10", "--no-tied", "--lr", "0.01", "--betas", "0.8", "0.9", "--tokenizer", "bpe:270") == 0
    model, state = load_checkpoint("run.safetensors")
    assert model.config == GPTConfig(270, 16, n_embd=8, n_head=2, n_layer=1, dropout=0.1, tied=False)
    settings = state["config"]
    assert (settings["steps"], settings["lr"], settings["betas"], settings["seed"]) == (10, 0.01, (0.8, 0.9), 0)
    assert restore(state["tokenizer"]).decode(make_tokenizer("bpe:270", TEXT).encode(TEXT)) == TEXT
    assert best_file("run.safetensors").exists()
    printed = capsys.readouterr().out
    assert "step      5" in printed and "step     10" in printed and f"{model.num_params():,} parameters" in printed


def test_resuming_gives_what_one_run_gives(text, capsys):
    assert train("--steps", "10", "--min-lr", "0.001") == 0
    whole, _ = load_checkpoint("run.safetensors")
    text.with_name("run.safetensors").unlink()
    assert train("--steps", "5", "--min-lr", "0.001") == 0
    assert train("--steps", "10", "--min-lr", "0.001", "--resume") == 0
    again, _ = load_checkpoint("run.safetensors")
    assert all(map(torch.equal, whole.parameters(), again.parameters()))
    capsys.readouterr()
    assert train("--steps", "10", "--resume") == 0
    assert "has been trained for 10 steps already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--steps", "0"], "steps=0 must be a whole number"),
        (["--n-head", "3"], "n_embd=8 cannot be divided among n_head=3"),
        (["--tokenizer", "words"], "There is no tokenizer 'words': choose chars, gpt2, or bpe:1000"),
        (["--block-size", "999"], "a window of block_size=999 and the token after it need 1000"),
        (["--out", "owl.txt"], "owl.txt exists: pass --resume"),
        (["--out", "owl.txt", "--resume"], "owl.txt is damaged, or no checkpoint"),
        (["--out", "nowhere/run", "--steps", "1"], "nowhere is no folder: create it"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(text, capsys, arguments, says):
    assert train(*arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("python -m gptcourse train: ") and says in error
    assert len(error.splitlines()) == 1 and text.read_text(encoding="utf-8") == TEXT


def test_an_interrupt_is_one_sentence_and_its_own_exit_status(text, capsys, monkeypatch):
    from gptcourse import training as trainer

    calls = iter(range(99))
    original = trainer.batch_loss

    def interrupted(*arguments):
        if next(calls) == 4:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(trainer, "batch_loss", interrupted)
    assert train("--steps", "10") == 130
    assert capsys.readouterr().err == (
        "python -m gptcourse train: Training was stopped after step 4 of 10. The model keeps what it has learned.\n"
    )


def test_every_setting_is_an_option_with_help():
    assert HELP.keys() == {field.name for kind in (GPTConfig, TrainConfig) for field in fields(kind)} - {"vocab_size"}


def test_two_processes_train_from_the_command_line(text):
    """The same validation losses, to float32 accuracy, as one process with the same batches."""
    options = "train owl.txt --steps 10".split() + SIZES + ["--dropout", "0"]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command = [*torchrun, "-m", "gptcourse", *options, "--out", "two"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("step     10") == 1
    assert cli.main([*options, "--out", "one"]) == 0
    (one, state), (two, other) = load_checkpoint("one"), load_checkpoint("two")
    assert other["step"] == 10 and other["best"] == pytest.approx(state["best"], rel=1e-5)
    for mine, theirs in zip(one.parameters(), two.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)
