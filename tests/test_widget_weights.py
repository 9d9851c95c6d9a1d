"""A model packed for a page: gpt.js computes with it what torch computes, and writes what `generate` writes."""

import json
import struct
import subprocess

import pytest
import torch
from test_model import random_model

from gptcourse import CharTokenizer, GPTConfig, generate, gpt2_tokenizer, languages, load_text, small, train_bpe
from gptcourse.authoring.assets import node_binary
from gptcourse.labels import Labels
from gptcourse.small import load_small
from gptcourse.tokenizer_files import save_tokenizer
from gptcourse.weights import export_gpt2
from gptcourse.widgets import host, weights
from gptcourse.widgets.weights import files, pack

# those that the book holds, and one of the larger ones, which differ in nothing but numbers
SHIPPED = [*((lang, "tales") for lang in languages()), ("en", "story")]
TEXT = "The owl sat on the old oak. " * 20
RUN = """
import { GPT, unpack } from "FOLDER/gpt.js";
import { tokenizerOf } from "FOLDER/token_text.js";
import { readFileSync } from "node:fs";
const jobs = JSON.parse(readFileSync(0, "utf8"));
const done = [];
for (const { file, prompts, count } of jobs) {
  const data = readFileSync(file);
  const parts = unpack(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  const model = new GPT(parts);
  const tokenizer = await tokenizerOf(parts.tokenizer);
  for (const prompt of prompts) {
    const ids = typeof prompt === "string" ? tokenizer.encode(prompt) : prompt;
    const logits = Array.from(model.after(ids));
    const attention = model.attention.map((layer) => Array.from(layer));
    const written = [...ids];
    for (let n = 0; n < count; n++) {
      const next = model.after(written);
      written.push(next.indexOf(Math.max(...next)));
    }
    done.push({ ids, logits, attention, written, bytes: ids.map(tokenizer.bytes) });
  }
}
console.log(JSON.stringify(done));
"""


def run(tmp_path, jobs):
    """What gpt.js makes of the prompts (texts, or ids) of each (packed file, prompts, tokens to write)."""
    given = []
    for number, (packed, prompts, count) in enumerate(jobs):
        (tmp_path / f"{number}.bin").write_bytes(packed)
        given.append({"file": str(tmp_path / f"{number}.bin"), "prompts": prompts, "count": count})
    script = tmp_path / "run.mjs"
    script.write_text(RUN.replace("FOLDER", host.FOLDER.as_uri()), encoding="utf-8")
    command = [node_binary(), "--no-warnings", script]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def in_half(model):
    """The same model with the numbers that the file holds."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half())
    return model


def logits_of(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids[-model.config.block_size :]]))[0][0, -1]


@pytest.mark.parametrize(("lang", "name"), SHIPPED, ids=["-".join(each) for each in SHIPPED])
def test_the_shipped_models_give_torchs_logits_and_greedy_text_for_five_prompts(tmp_path, lang, name):
    model, tokenizer = load_small(lang, name)
    text = load_text(lang, name, chars=5000)
    prompts = [
        text[start : start + length] for start, length in ((0, 20), (700, 3), (1500, 60), (2500, 300), (4000, 1))
    ]
    count = 90 if name == "tales" else 20  # the window slides: over the longest prompt from the first token
    found = run(tmp_path, [(pack(model, tokenizer), prompts, count)])
    assert len(found) == 5
    for prompt, ours in zip(prompts, found, strict=True):
        assert ours["ids"] == tokenizer.encode_ordinary(prompt)
        expected = logits_of(model, ours["ids"])
        torch.testing.assert_close(torch.tensor(ours["logits"]), expected, rtol=0, atol=1e-4)
        assert ours["written"] == generate(model, [ours["ids"]], count, temperature=0)[0]


SHAPES = {
    "tied": {"n_embd": 16, "n_head": 4, "n_layer": 2},
    "untied": {"n_embd": 16, "n_head": 2, "n_layer": 1, "tied": False},
    "no bias": {"n_embd": 8, "n_head": 1, "n_layer": 3, "bias": False},
    "odd": {"n_embd": 15, "n_head": 5, "n_layer": 2, "bias": False, "tied": False},
    "one": {"n_embd": 1, "n_head": 1, "n_layer": 1},
}


def test_models_of_every_shape_give_torchs_logits_and_attention(tmp_path):
    tokenizer = train_bpe(TEXT, 270)
    models = [random_model(GPTConfig(270, 37, **shape)) for shape in SHAPES.values()]
    generator = torch.Generator().manual_seed(1)
    prompts = [torch.randint(269, (length,), generator=generator).tolist() for length in (1, 2, 5, 16, 17, 37, 60)]
    found = run(tmp_path, [(pack(model, tokenizer), prompts, 40) for model in models])
    for number, model in enumerate(models):
        rounded = in_half(random_model(model.config))
        for ids, ours in zip(prompts, found[number * len(prompts) :], strict=False):
            logits = torch.tensor(ours["logits"])
            scale = logits_of(model, ids).abs().max().item()
            torch.testing.assert_close(logits, logits_of(rounded, ids), rtol=0, atol=1e-5 * max(scale, 1))
            torch.testing.assert_close(logits, logits_of(model, ids), rtol=0, atol=5e-3 * max(scale, 1))
            assert ours["written"] == generate(rounded, [ids], 40, temperature=0)[0]
            window = ids[-37:]
            T, traced = len(window), rounded.trace(torch.tensor([window])).attention
            for layer, expected in zip(ours["attention"], traced, strict=True):
                # JSON has no 1.0, only 1: a head of one token is a list of whole numbers
                rows = torch.tensor(layer, dtype=torch.float32).view(model.config.n_head, 37)[:, :T]
                torch.testing.assert_close(rows, expected[0, :, -1], rtol=0, atol=1e-5)


def test_a_file_holds_the_numbers_in_half_precision_and_little_else():
    tokenizer = train_bpe(TEXT, 270)
    model = random_model(GPTConfig(270, 8, n_embd=8, n_head=2, n_layer=1))
    packed = pack(model, tokenizer)
    (length,) = struct.unpack("<I", packed[:4])
    header = json.loads(packed[4 : 4 + length])
    assert header["config"] == {"vocab_size": 270, "block_size": 8, "n_embd": 8, "n_head": 2, "n_layer": 1}
    name, shape = header["shapes"][0]
    assert (name, shape) == ("wte.weight", [270, 8])
    first = torch.frombuffer(bytearray(packed[4 + length :][: 270 * 8 * 2]), dtype=torch.float16).view(270, 8)
    assert torch.equal(first, model.wte.weight.half())
    assert len(packed) - 2 * model.num_params() < 2000


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_a_model_in_training_or_half_precision_can_be_packed(half):
    tokenizer = train_bpe(TEXT, 270)
    model = in_half(random_model(GPTConfig(270, 8, n_embd=8, n_head=2, n_layer=1))).train()
    before = pack(model, tokenizer)
    assert model.training and len(pack(model.to(half), tokenizer)) == len(before)


def test_bytes_special_tokens_and_characters_come_through(tmp_path):
    tokenizer, chars = train_bpe(TEXT, 270), CharTokenizer("ab é\u200cش🦉\n")
    models = [random_model(GPTConfig(each.n_vocab, 8, n_embd=4, n_head=1, n_layer=1)) for each in (tokenizer, chars)]
    jobs = [(pack(models[0], tokenizer), [list(range(270))], 0), (pack(models[1], chars), ["🦉 شa\u200cb\né"], 0)]
    ours, theirs = run(tmp_path, jobs)
    assert [each.encode("latin-1") for each in ours["bytes"]] == [
        tokenizer.decode_single_token_bytes(id) for id in range(270)
    ]
    assert theirs["ids"] == chars.encode("🦉 شa\u200cb\né")
    assert b"".join(each.encode("latin-1") for each in theirs["bytes"]).decode() == "🦉 شa\u200cb\né"


def test_gpt2s_vocabulary_is_a_file_of_the_book_where_outputs_are_stored(monkeypatch):
    tokenizer = gpt2_tokenizer()
    model = random_model(GPTConfig(tokenizer.n_vocab, 8, n_embd=4, n_head=1, n_layer=1))
    monkeypatch.setenv("GPTCOURSE_STATIC", "1")
    named = pack(model, tokenizer)
    monkeypatch.delenv("GPTCOURSE_STATIC")
    assert b'"file":"gpt2.bpe"' in named and len(named) + 100_000 < len(pack(model, tokenizer))


def test_what_no_page_can_run_is_refused(monkeypatch):
    tokenizer = train_bpe(TEXT, 270)
    model = random_model(GPTConfig(270, 8, n_embd=4, n_head=1, n_layer=1))
    with pytest.raises(ValueError, match="The tokenizer has 271 tokens, the model 270"):
        pack(model, train_bpe(TEXT, 271))
    with pytest.raises(ValueError, match="cannot"):
        pack(model, type("Other", (), {"n_vocab": 270})())
    with torch.no_grad():
        model.ln_f.weight[0] = 1e6
    with pytest.raises(ValueError, match="The tensor ln_f.weight holds numbers"):
        pack(model, tokenizer)
    monkeypatch.setattr(weights, "MOST_PARAMETERS", 1000)
    with pytest.raises(ValueError, match=r"The model has [\d,]+ parameters, and a page can run at most 1,000"):
        pack(model, tokenizer)


def test_the_book_holds_one_file_for_each_language_with_a_model(tmp_path, monkeypatch):
    monkeypatch.setattr(small, "FOLDER", tmp_path)
    tokenizer = train_bpe(TEXT, 270)
    for lang in ("en", "fa"):
        export_gpt2(random_model(GPTConfig(270, 8, n_embd=4, n_head=1, n_layer=1)), tmp_path / lang / "tales")
        save_tokenizer(tokenizer, tmp_path / lang / "tales")
    found = files()
    assert sorted(found) == ["en.bin", "fa.bin"]
    assert found["fa.bin"] == pack(*load_small("fa"))
    assert [weights.file_name(lang) for lang in ("fa", "hu")] == ["fa.bin", "en.bin"]


@pytest.mark.parametrize("lang", languages())
def test_each_file_of_the_book_is_at_most_a_megabyte(lang):
    assert len(pack(*load_small(lang))) < 1_000_000


@pytest.mark.parametrize("key", ["other_tokenizer", "large_for_page", "not_half", "model_and_tokenizer"])
def test_the_errors_are_written_in_every_language(key):
    values = {"n_vocab": 1, "vocab_size": 2, "parameters": 3, "most": 4, "name": "x"}
    assert len({Labels(lang)(f"errors.{key}", **values) for lang in languages()}) == len(languages())
