"""The small models: those that are shipped, how they are found, and how they are trained."""

import pytest
import torch
from test_model import random_model
from transformers import GPT2LMHeadModel

from gptcourse import languages, load_text, small, train_bpe
from gptcourse.authoring import AuthoringError
from gptcourse.authoring import small as trainer
from gptcourse.config import GPTConfig, TrainConfig
from gptcourse.data import SHIPPED as SHIPPED_TEXTS
from gptcourse.small import NAMES, load_small
from gptcourse.tokenizer_files import save_tokenizer
from gptcourse.weights import export_gpt2

SHIPPED = sorted(folder for folder in small.FOLDER.glob("*/*"))
TEXT = "The owl sat on the old oak. " * 20
TOY = trainer.Recipe(
    300, {"block_size": 64, "n_embd": 8, "n_head": 2, "n_layer": 1}, TrainConfig(steps=3, batch_size=2), chars=3000
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in place of the shipped models."""
    monkeypatch.setattr(small, "FOLDER", tmp_path)
    return tmp_path


def ship(folder, seed=0):
    tokenizer = train_bpe(TEXT, 270)
    model = random_model(GPTConfig(270, 8, n_embd=8, n_head=2, n_layer=1), seed)
    export_gpt2(model, folder, dtype=torch.float16)
    save_tokenizer(tokenizer, folder)
    return model


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_shipped_model_is_small_and_gives_the_logits_that_transformers_computes(path):
    assert sum(file.stat().st_size for file in path.iterdir()) <= trainer.MOST_BYTES
    model, tokenizer = load_small(path.parent.name, path.name)
    assert model.config.vocab_size == tokenizer.n_vocab and model.wte.weight.dtype == torch.float32
    other = GPT2LMHeadModel.from_pretrained(path, dtype=torch.float32).eval()
    text = load_text(path.parent.name, path.name, chars=1000)
    ids = torch.tensor([tokenizer.encode(text)[: model.config.block_size]])
    with torch.no_grad():
        torch.testing.assert_close(model(ids)[0], other(ids).logits, rtol=1e-4, atol=1e-4)


def test_every_language_of_the_course_has_both_models():
    own = {path.name for path in SHIPPED_TEXTS.iterdir()}
    assert {(path.parent.name, path.name) for path in SHIPPED} == {(lang, name) for lang in own for name in NAMES}


@pytest.mark.parametrize("lang", [path.parent.name for path in SHIPPED if path.name == "story"])
def test_the_shipped_story_models_know_their_book_by_heart(lang):
    model, tokenizer = load_small(lang, "story")
    tokens = torch.tensor(tokenizer.encode(load_text(lang, "story")))
    whole, part = trainer.recited(model, tokens, count=50)
    assert part > 0.9 and whole > 0.8


def test_numbers_stored_in_half_precision_come_back_as_float32(folder):
    model = ship(folder / "en" / "tales")
    again, tokenizer = load_small()
    assert tokenizer.decode(tokenizer.encode(TEXT)) == TEXT
    for mine, theirs in zip(again.parameters(), model.parameters(), strict=True):
        assert mine.dtype == torch.float32
        assert torch.equal(mine, theirs.half().float())


def test_a_language_without_its_model_gets_the_english_one(folder, capsys):
    english = ship(folder / "en" / "story")
    model, _ = load_small("hu", "story")
    assert torch.equal(model.wpe.weight, english.wpe.weight.half().float())
    assert capsys.readouterr().out == "There is no small model 'story' in 'hu' yet: this is the English one.\n"
    own = ship(folder / "hu" / "story", seed=1)
    model, _ = load_small("hu", "story")
    assert torch.equal(model.wpe.weight, own.wpe.weight.half().float())
    assert capsys.readouterr().out == ""


def test_what_is_not_there_is_named(folder):
    with pytest.raises(ValueError, match="no language 'xx': choose one of en"):
        load_small("xx")
    with pytest.raises(ValueError, match="no small model 'poems': choose one of tales, story"):
        load_small("en", "poems")
    with pytest.raises(FileNotFoundError, match="'tales' is not there yet: .* python -m gptcourse small --name tales"):
        load_small("hu")


def test_every_model_has_a_recipe():
    assert tuple(trainer.RECIPES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_training_again_gives_the_same_bytes(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(trainer, "UNSEEN", {"chars": 2000, "seed": 1})
    for run in "ab":
        trainer.make("en", name, tmp_path / run, TOY)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    printed = capsys.readouterr().out
    assert "step      3" in printed
    assert ("nats per token" if name == "tales" else "by heart") in printed


def test_a_model_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(trainer, "MOST_BYTES", 10_000)
    with pytest.raises(AuthoringError, match="and 10,000 are allowed"):
        trainer.make("en", "story", tmp_path, TOY)


def test_the_command_trains_what_it_is_asked_for(tmp_path, monkeypatch, capsys):
    (tmp_path / "_config.yml").touch()
    (tmp_path / "book" / "en").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    made = []
    monkeypatch.setattr(trainer, "make", lambda lang, name, folder: made.append((lang, name, folder)))
    monkeypatch.setattr(trainer, "has_text", lambda lang, name: name == "story" or lang == "en")
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
    assert trainer.main(["hu", "en", "--name", "story"]) == 0
    models = tmp_path / "gptcourse" / "models"
    assert made == [("hu", "story", models / "hu" / "story"), ("en", "story", models / "en" / "story")]
    made.clear()
    assert trainer.main([]) == 0
    assert [each[:2] for each in made] == [("en", "tales"), *((lang, "story") for lang in languages())]
    assert "hu tales: the language has no such text yet" in capsys.readouterr().out
    with pytest.raises(AuthoringError, match="no language 'xx'"):
        trainer.main(["xx"])


def test_recitation_counts_the_tokens_before_the_first_mistake():
    class Parrot(torch.nn.Module):
        """Continues the alphabet of 0, 1, 2, …, except that after 9 it says 0."""

        config = GPTConfig(100, 64)

        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def forward(self, ids, cache=None, last=False):
            cache.length += ids.shape[1]
            said = torch.where(ids == 9, 0, ids + 1)
            return torch.nn.functional.one_hot(said[:, -1:], 100).float(), None

    assert trainer.recited(Parrot(), torch.arange(10, 100), prompt=4, new=8) == (1, 1)
    # from 4 on: 5 6 7 8 | 9 and then 10 is expected and 0 is said
    assert trainer.recited(Parrot(), torch.arange(5, 13), prompt=4, new=4) == (0, 0.25)
