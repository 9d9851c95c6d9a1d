"""The command `generate`: a model's name and a prompt in, text out."""

import os
import subprocess
import sys

import pytest
import torch
from test_model import random_model

from gptcourse import CharTokenizer, cli_generate, small, train_bpe
from gptcourse import __main__ as cli
from gptcourse.checkpoint import save_checkpoint
from gptcourse.config import GPTConfig
from gptcourse.sample import generate
from gptcourse.tokenizer_files import describe, save_tokenizer
from gptcourse.weights import export_gpt2

TEXT = "Ősszel a bagoly ült a tölgyön. 🦉 " * 4
CHARS = CharTokenizer(TEXT + "\n")
PAIRS = train_bpe(TEXT, 280)


def toy(vocab_size, seed=0):
    return random_model(GPTConfig(vocab_size, 8, n_embd=8, n_head=2, n_layer=1), seed)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder, which is no checkout, with a checkpoint of each kind of tokenizer."""
    monkeypatch.chdir(tmp_path)
    save_checkpoint("chars", toy(CHARS.n_vocab), tokenizer=describe(CHARS))
    save_checkpoint("bpe", toy(280), tokenizer=describe(PAIRS))
    return tmp_path


def run(*arguments):
    return cli.main(["generate", *arguments])


@pytest.mark.parametrize("name", ["chars", "bpe"])
def test_a_checkpoint_writes_what_generate_writes(name, here, capsys):
    tokenizer = CHARS if name == "chars" else PAIRS
    options = ["--max-new-tokens", "20", "--temperature", "0.9", "--top-k", "9", "--top-p", "0.95", "--seed", "7"]
    assert run(name, "--prompt", "bagoly", *options) == 0
    prompt = tokenizer.encode("bagoly")
    generator = torch.Generator().manual_seed(7)
    ids = generate(toy(tokenizer.n_vocab), [prompt], 20, 0.9, 9, 0.95, generator=generator)[0]
    captured = capsys.readouterr()
    assert captured.out == tokenizer.decode(ids) + "\n" and captured.err == ""


def test_several_texts_differ_and_come_again_with_the_seed(here, capsys):
    printed = []
    for _ in range(2):
        assert run("bpe", "--count", "2", "--seed", "3", "--max-new-tokens", "12") == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    one, two = printed[0].removeprefix("--- 1 of 2 ---\n").split("--- 2 of 2 ---\n")
    assert one != two
    for _ in range(2):  # without a seed: chance
        assert run("bpe", "--max-new-tokens", "50") == 0
        printed.append(capsys.readouterr().out)
    assert printed[2] != printed[3]


def test_pieces_are_shown_as_they_come(here, monkeypatch):
    shown = []
    monkeypatch.setattr("builtins.print", lambda *text, end="\n", flush=False, **_: shown.append((*text, flush)))
    assert run("chars", "--prompt", "a", "--max-new-tokens", "5", "--seed", "0") == 0
    assert shown[0] == ("a", True) and len(shown) == 7
    assert all(flush for *_, flush in shown[:-1])


def test_the_text_ends_where_the_model_says_so(here, capsys):
    model = toy(280)
    with torch.no_grad():
        model.wte.weight[279] = 0  # logits of 0, so that the others decide
        model.ln_f.weight.zero_()
        model.ln_f.bias.copy_(torch.randn(8, generator=torch.Generator().manual_seed(0)))
        model.wte.weight[279] = 50 * model.ln_f.bias
    save_checkpoint("ends", model, tokenizer=describe(PAIRS))
    assert run("ends", "--prompt", "bagoly") == 0
    assert capsys.readouterr().out == "bagoly\n"


def test_a_folder_brings_its_tokenizer_and_otherwise_has_gpt2s(here, capsys):
    export_gpt2(toy(280), "folder")
    save_tokenizer(PAIRS, "folder")
    assert run("folder", "--prompt", "bagoly", "--temperature", "0") == 0
    assert capsys.readouterr().out.startswith("bagoly")
    export_gpt2(toy(50257), "theirs")
    assert run("theirs", "--prompt", "An owl", "--max-new-tokens", "3") == 0
    assert capsys.readouterr().out.startswith("An owl")


def test_small_models_have_short_names(here, monkeypatch, capsys):
    monkeypatch.setattr(small, "FOLDER", here / "models")
    texts = {}
    for seed, (lang, name) in enumerate([("en", "tales"), ("hu", "tales"), ("hu", "story")]):
        export_gpt2(toy(280, seed), here / "models" / lang / name)
        save_tokenizer(PAIRS, here / "models" / lang / name)
    for source in ("small", "small:en", "small:hu", "small:hu:story"):
        assert run(source, "--temperature", "0", "--max-new-tokens", "6") == 0
        texts[source] = capsys.readouterr().out
    assert texts["small"] == texts["small:en"]
    assert len(set(texts.values())) == 3


def test_what_cannot_be_done_is_one_sentence(here, capsys):
    (here / "notes.txt").write_text("no model", encoding="utf-8")
    save_checkpoint("bare", toy(280))
    save_checkpoint("wrong", toy(270), tokenizer=describe(PAIRS))
    export_gpt2(toy(280), "alone")
    for arguments, says in [
        (["nowhere"], "There are no weights 'nowhere': choose one of gpt2"),
        (["notes.txt"], "notes.txt is damaged, or no checkpoint"),
        (["bare"], "bare holds no tokenizer: take a checkpoint that"),
        (["wrong"], "The model of wrong knows 270 tokens and its tokenizer 280: put"),
        (["alone"], "The model of alone knows 280 tokens and its tokenizer 50257: put"),
        (["small:xx"], "There is no language 'xx'"),
        (["small:en:poems"], "There is no small model 'poems': choose one of tales, story"),
        (["small:en:story:2"], "There are no weights 'small:en:story:2'"),
        (["chars", "--prompt", "Q"], "The character 'Q' (U+0051) is not in the vocabulary"),
        (["bpe", "--prompt", ""], "The text is empty"),
        (["bpe", "--prompt", "a<|endoftext|>"], "The prompt holds <|endoftext|>, which stands between texts"),
        (["bpe", "--temperature", "-1"], "temperature=-1.0 is no temperature"),
        (["bpe", "--top-k", "281"], "top_k=281 is out of range"),
        (["bpe", "--top-p", "0"], "top_p=0.0 is out of range"),
        (["bpe", "--max-new-tokens", "-1"], "max_new_tokens=-1 is no number of tokens"),
        (["bpe", "--seed", "-1"], "--seed -1 is out of range"),
    ]:
        assert run(*arguments) == 1
        error = capsys.readouterr().err
        assert error.startswith("python -m gptcourse generate: ") and says in error
        assert len(error.splitlines()) == 1


def test_an_interrupt_keeps_what_was_written(here, capsys, monkeypatch):
    def pieces(*_):
        yield "half"
        raise KeyboardInterrupt

    monkeypatch.setattr(cli_generate, "stream", pieces)
    assert run("bpe", "--prompt", "one ") == 130
    assert capsys.readouterr().out == "one half\n"


@pytest.mark.skipif(os.name != "posix", reason="pipes break otherwise elsewhere")
def test_nobody_reads_on(here):
    command = [sys.executable, "-m", "gptcourse", "generate", "bpe", "--prompt", "x", "--max-new-tokens", "100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.read(1) == b"x"
        process.stdout.close()
        assert process.wait(timeout=120) == 1
        assert process.stderr.read() == b""
