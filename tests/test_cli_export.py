"""The command `export`: what it writes is loaded by transformers, and by this project again."""

import pytest
import torch
from test_model import random_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from gptcourse import CharTokenizer, train_bpe
from gptcourse import __main__ as cli
from gptcourse.checkpoint import save_checkpoint
from gptcourse.cli_generate import load_model
from gptcourse.config import GPTConfig
from gptcourse.tokenizer_files import describe

TEXT = "The owl sat on the old oak and sang; the fox listened. " * 4


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("tokenizer", [CharTokenizer(TEXT), train_bpe(TEXT, 280)], ids=["chars", "bpe"])
def test_a_checkpoint_goes_to_transformers_and_comes_back(tokenizer, tied, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    model = random_model(GPTConfig(tokenizer.n_vocab, 16, n_embd=8, n_head=2, n_layer=2, tied=tied))
    save_checkpoint("run.safetensors", model, tokenizer=describe(tokenizer))
    assert cli.main(["export", "run.safetensors", "out/folder"]) == 0
    printed = capsys.readouterr().out
    assert f"{model.num_params():,} parameters and {tokenizer.n_vocab} tokens are in out/folder." in printed

    other = AutoModelForCausalLM.from_pretrained("out/folder").eval()
    ids = AutoTokenizer.from_pretrained("out/folder")(TEXT[:14], return_tensors="pt")["input_ids"]
    again, own = load_model("out/folder")
    assert ids.tolist() == [tokenizer.encode(TEXT[:14])] == [own.encode(TEXT[:14])]
    with torch.no_grad():
        torch.testing.assert_close(other(ids).logits, model(ids)[0], rtol=1e-4, atol=1e-4)
    assert again.config == model.config
    assert all(map(torch.equal, again.parameters(), model.parameters()))


def test_half_the_room(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tokenizer = train_bpe(TEXT, 280)
    model = random_model(GPTConfig(280, 16, n_embd=32, n_head=2))
    save_checkpoint("run", model, tokenizer=describe(tokenizer))
    assert cli.main(["export", "run", "whole"]) == 0
    assert cli.main(["export", "run", "half", "--dtype", "float16"]) == 0
    whole, half = ((tmp_path / folder / "model.safetensors").stat().st_size for folder in ("whole", "half"))
    assert 1.8 < whole / half < 2
    assert AutoModelForCausalLM.from_pretrained("half").dtype == torch.float16
    again, _ = load_model("half")
    assert torch.equal(again.wte.weight, model.wte.weight.half().float())


def test_what_cannot_be_done_is_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    save_checkpoint(
        "run", random_model(GPTConfig(280, 8, n_embd=8, n_head=2)), tokenizer=describe(train_bpe(TEXT, 280))
    )
    for arguments, says in [(["nowhere", "out"], "no weights 'nowhere'"), (["run", "run"], "run")]:
        assert cli.main(["export", *arguments]) == 1
        error = capsys.readouterr().err
        assert error.startswith("python -m gptcourse export: ") and says in error
        assert len(error.splitlines()) == 1
