"""Weights in both directions: against transformers, against OpenAI's layout, and against files that do not fit."""

import json
import resource
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from test_model import pairs, random_model, transposed, twin
from test_tf_checkpoint import write_bundle
from transformers import GPT2LMHeadModel

from gptcourse import weights
from gptcourse.config import GPT2_SIZES, GPTConfig
from gptcourse.model import GPT
from gptcourse.weights import export_gpt2, load_gpt2

CONFIG = GPTConfig(11, 8, n_embd=12, n_head=3, n_layer=2)
SHAPES = [
    CONFIG,
    GPTConfig(11, 8, n_embd=12, n_head=3, n_layer=2, tied=False),
    GPTConfig(23, 16, n_embd=20, n_head=5, n_layer=1),
    GPTConfig(7, 5, n_embd=8, n_head=1, n_layer=11),
]


IDS = torch.tensor([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]])


def logits(model, ids):
    with torch.no_grad():
        out = model(ids)
    return out[0] if isinstance(model, GPT) else out.logits


def some_ids(config, seed=0):
    return torch.randint(config.vocab_size, (3, config.block_size), generator=torch.Generator().manual_seed(seed))


def change(folder, tensors=None, config=None):
    """Change what an exported folder holds: tensors and settings to put in its place, None to take one out."""
    held = load_file(folder / "model.safetensors")
    held = {name: tensor.clone() for name, tensor in held.items()} | (tensors or {})
    held = {name: tensor for name, tensor in held.items() if tensor is not None}
    save_file(held, folder / "model.safetensors", {"format": "pt"})
    given = json.loads((folder / "config.json").read_text(encoding="utf-8")) | (config or {})
    given = {key: value for key, value in given.items() if value is not None}
    (folder / "config.json").write_text(json.dumps(given), encoding="utf-8")


@pytest.mark.parametrize("config", SHAPES, ids=str)
def test_what_transformers_saves_is_loaded(config, tmp_path):
    other = twin(random_model(config))
    other.save_pretrained(tmp_path)
    model = load_gpt2(tmp_path)
    assert (model.config, model.training) == (config, False)
    assert (model.head.weight is model.wte.weight) == config.tied
    for mine, theirs in pairs(model, other):
        assert torch.equal(mine, theirs.T if transposed(mine, model) else theirs)
    torch.testing.assert_close(logits(model, some_ids(config)), logits(other, some_ids(config)), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("config", SHAPES, ids=str)
def test_transformers_loads_what_is_exported(config, tmp_path):
    model = random_model(config)
    export_gpt2(model, tmp_path)
    other, info = GPT2LMHeadModel.from_pretrained(tmp_path, output_loading_info=True)
    assert not any(info.values())
    for mine, theirs in pairs(model, other):
        assert torch.equal(mine, theirs.T if transposed(mine, model) else theirs)
    ids = some_ids(config)
    torch.testing.assert_close(logits(model, ids), logits(other.eval(), ids), rtol=1e-4, atol=1e-4)
    start = ids[:, :1]
    theirs = other.generate(
        start, attention_mask=torch.ones_like(start), max_new_tokens=config.block_size - 1, do_sample=False,
        pad_token_id=0,
    )  # fmt: skip
    mine = start
    while mine.shape[1] < config.block_size:
        mine = torch.cat((mine, logits(model, mine)[:, -1:].argmax(-1)), dim=1)
    assert torch.equal(mine, theirs)


@pytest.mark.parametrize("tied", [True, False])
def test_a_model_without_biases_is_exported_with_zeros(tied, tmp_path):
    model = random_model(GPTConfig(11, 8, n_embd=12, n_head=3, n_layer=2, bias=False, tied=tied))
    export_gpt2(model, tmp_path)
    other = GPT2LMHeadModel.from_pretrained(tmp_path).eval()
    ids = some_ids(model.config)
    torch.testing.assert_close(logits(model, ids), logits(other, ids), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(logits(model, ids), logits(load_gpt2(tmp_path), ids))


def test_loading_again_gives_the_same_numbers_and_dropout_is_the_callers(tmp_path):
    model = random_model(CONFIG)
    export_gpt2(model, tmp_path)
    again = load_gpt2(tmp_path / "model.safetensors", dropout=0.1)
    assert again.config.dropout == 0.1
    assert torch.equal(logits(again, some_ids(CONFIG)), logits(model, some_ids(CONFIG)))


def test_older_files_without_prefix_with_masks_and_with_the_tied_matrix_twice(tmp_path):
    model = random_model(CONFIG)
    export_gpt2(model, tmp_path)
    held = load_file(tmp_path / "model.safetensors")
    older = {name: None for name in held} | {name.removeprefix("transformer."): t.clone() for name, t in held.items()}
    masks = {f"h.{i}.attn.bias": torch.ones(1, 1, 8, 8).tril() for i in range(2)}
    older |= masks | {"h.0.attn.masked_bias": torch.tensor(-1e4), "lm_head.weight": older["wte.weight"].clone()}
    change(tmp_path, older, {"n_positions": None, "tie_word_embeddings": None})
    again = load_gpt2(tmp_path)
    assert again.config == CONFIG
    assert torch.equal(logits(again, some_ids(CONFIG)), logits(model, some_ids(CONFIG)))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_floating_point_numbers_become_float32(dtype, tmp_path):
    model = random_model(CONFIG).to(dtype)
    export_gpt2(model, tmp_path)
    again = load_gpt2(tmp_path)
    for mine, theirs in zip(again.parameters(), model.parameters(), strict=True):
        assert torch.equal(mine, theirs.float())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("tied", [True, False])
def test_numbers_can_be_stored_in_half_the_room(tied, dtype, tmp_path):
    model = random_model(GPTConfig(11, 8, n_embd=12, n_head=3, n_layer=2, tied=tied))
    export_gpt2(model, tmp_path, dtype=dtype)
    assert {tensor.dtype for tensor in load_file(tmp_path / "model.safetensors").values()} == {dtype}
    other, again = GPT2LMHeadModel.from_pretrained(tmp_path), load_gpt2(tmp_path)
    assert (other.dtype, again.wte.weight.dtype, model.wte.weight.dtype) == (dtype, torch.float32, torch.float32)
    for mine, theirs in pairs(again, other):
        assert torch.equal(mine, (theirs.T if transposed(mine, again) else theirs).float())
    for mine, before in zip(again.parameters(), model.parameters(), strict=True):
        assert torch.equal(mine, before.to(dtype).float())


# A model spread over several files


@pytest.fixture(params=[True, False], ids=["tied", "untied"])
def spread(request, tmp_path):
    """A model of transformers, and the folder into which it was saved in several files."""
    other = twin(random_model(GPTConfig(11, 8, n_embd=12, n_head=3, n_layer=2, tied=request.param)))
    other.save_pretrained(tmp_path, max_shard_size="8KB")
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 1
    return other, tmp_path


def test_a_model_spread_over_several_files_is_loaded(spread):
    other, folder = spread
    model = load_gpt2(folder)
    for mine, theirs in pairs(model, other):
        assert torch.equal(mine, theirs.T if transposed(mine, model) else theirs)
    assert torch.equal(logits(load_gpt2(folder / "model.safetensors.index.json"), IDS), logits(model, IDS))


def test_files_of_a_spread_model_that_do_not_fit_are_named(spread):
    _, folder = spread
    index, second = folder / "model.safetensors.index.json", sorted(folder.glob("model-*"))[1]
    whole = second.read_bytes()
    second.write_bytes(whole[:-1])
    with pytest.raises(ValueError, match=f"{second.name} is cut off"):
        load_gpt2(folder)
    second.unlink()
    with pytest.raises(FileNotFoundError, match=f"There is no file .*{second.name}"):
        load_gpt2(folder)
    second.write_bytes(sorted(folder.glob("model-*"))[0].read_bytes())  # the first one twice
    with pytest.raises(ValueError, match="index.json (lacks|holds) tensors"):
        load_gpt2(folder)
    for wrong in ({}, {"weight_map": {}}, {"weight_map": ["a"]}, {"weight_map": {"a": "../a"}}):
        index.write_text(json.dumps(wrong), encoding="utf-8")
        with pytest.raises(ValueError, match="index.json describes no model: weight_map="):
            load_gpt2(folder)


# A file by itself


def test_a_lone_file_of_openais_sizes_needs_no_number_of_heads(tmp_path, monkeypatch):
    monkeypatch.setitem(GPT2_SIZES, "gpt2-tiny", (12, 2, 3))
    export_gpt2(random_model(CONFIG), tmp_path)
    change(tmp_path)  # writes the file without the note
    (tmp_path / "config.json").unlink()
    assert load_gpt2(tmp_path).config == CONFIG


@pytest.mark.parametrize("tied", [True, False])
def test_a_lone_file_tells_its_sizes(tied, tmp_path):
    model = random_model(GPTConfig(11, 8, n_embd=12, n_head=3, n_layer=2, tied=tied))
    export_gpt2(model, tmp_path)
    (tmp_path / "config.json").unlink()
    assert load_gpt2(tmp_path).config == model.config  # the heads from the exporter's note
    save_file(load_file(tmp_path / "model.safetensors"), tmp_path / "lone.safetensors")
    with pytest.raises(ValueError, match="pass n_head, a divisor of n_embd=12"):
        load_gpt2(tmp_path / "lone.safetensors")
    assert load_gpt2(tmp_path / "lone.safetensors", n_head=3).config == model.config


def test_different_numbers_of_heads_are_refused(tmp_path):
    export_gpt2(random_model(CONFIG), tmp_path)
    with pytest.raises(ValueError, match=r"4 \(n_head\), 3 \(.*config.json\), 3 \(model.safetensors\)"):
        load_gpt2(tmp_path, n_head=4)
    file = tmp_path / "config.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"n_head": 3', '"n_head": 4'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"4 \(.*config.json\), 3 \(model.safetensors\)"):
        load_gpt2(tmp_path)


# OpenAI's layout


def openai_folder(model, folder):
    """Write a model as OpenAI published GPT-2, by hand."""
    tensors = {"model/wte": model.wte.weight, "model/wpe": model.wpe.weight}
    tensors |= {"model/ln_f/g": model.ln_f.weight, "model/ln_f/b": model.ln_f.bias}
    for i, block in enumerate(model.blocks):
        for name, norm in (("ln_1", block.ln1), ("ln_2", block.ln2)):
            tensors |= {f"model/h{i}/{name}/g": norm.weight, f"model/h{i}/{name}/b": norm.bias}
        for name, layer in (
            ("attn/c_attn", block.attn.qkv), ("attn/c_proj", block.attn.proj),
            ("mlp/c_fc", block.mlp.up), ("mlp/c_proj", block.mlp.down),
        ):  # fmt: skip
            tensors |= {f"model/h{i}/{name}/w": layer.weight.T[None], f"model/h{i}/{name}/b": layer.bias}
    folder.mkdir()
    write_bundle(folder / "model.ckpt", {name: np.ascontiguousarray(t.detach()) for name, t in tensors.items()})
    c = model.config
    sizes = {"n_vocab": c.vocab_size, "n_ctx": c.block_size, "n_embd": c.n_embd, "n_head": c.n_head}
    (folder / "hparams.json").write_text(json.dumps(sizes | {"n_layer": c.n_layer}), encoding="utf-8")
    (folder / "checkpoint").write_text('model_checkpoint_path: "elsewhere/model.ckpt"\n', encoding="utf-8")


@pytest.mark.parametrize("config", [c for c in SHAPES if c.tied], ids=str)
def test_openais_layout_gives_the_logits_of_the_same_model_exported(config, tmp_path):
    model = random_model(config)
    openai_folder(model, tmp_path / "openai")
    export_gpt2(model, tmp_path / "exported")
    loaded = load_gpt2(tmp_path / "openai")
    assert loaded.config == config
    ids = some_ids(config)
    assert torch.equal(logits(loaded, ids), logits(load_gpt2(tmp_path / "exported"), ids))
    export_gpt2(loaded, tmp_path / "again")  # and on to transformers
    for name in ("config.json", "model.safetensors"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "exported" / name).read_bytes()


def test_a_tensorflow_checkpoint_that_does_not_fit_is_refused(tmp_path):
    openai_folder(random_model(CONFIG), tmp_path / "m")
    hparams = tmp_path / "m" / "hparams.json"
    sizes = hparams.read_text(encoding="utf-8")
    hparams.write_text(sizes.replace('"n_ctx": 8', '"n_ctx": 9'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"wpe.weight in .*model.ckpt.index has the shape \(8, 12\).*\(9, 12\)"):
        load_gpt2(tmp_path / "m")
    hparams.write_text(sizes.replace("n_ctx", "context"), encoding="utf-8")
    with pytest.raises(ValueError, match="hparams.json lacks n_ctx"):
        load_gpt2(tmp_path / "m")
    hparams.unlink()
    with pytest.raises(FileNotFoundError, match="holds no weights"):
        load_gpt2(tmp_path / "m")


# Mapped, never copied


def test_parameters_are_the_file_and_training_leaves_it_alone(tmp_path):
    export_gpt2(random_model(CONFIG), tmp_path)
    file = tmp_path / "model.safetensors"
    before = file.read_bytes()
    model = load_gpt2(tmp_path)
    with file.open("r+b") as written:  # seen through the mapping: so nothing was copied
        written.seek(-4, 2)
        written.write(np.float32(1234.5).tobytes())
    assert any(1234.5 in parameter for parameter in model.parameters())
    file.write_bytes(before)
    for parameter in model.parameters():
        assert parameter.requires_grad and parameter.is_leaf
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        loss = model(some_ids(CONFIG)[:, :-1], some_ids(CONFIG)[:, 1:])[1]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert file.read_bytes() == before
    export_gpt2(model, tmp_path)  # over the file that it is mapped from
    assert file.read_bytes() != before
    assert torch.equal(logits(load_gpt2(tmp_path), some_ids(CONFIG)), logits(model, some_ids(CONFIG)))


def test_loading_does_not_import_torchs_compiler(tmp_path):
    export_gpt2(random_model(CONFIG), tmp_path)
    code = f"import sys; from gptcourse.weights import load_gpt2; before = set(sys.modules); load_gpt2({str(tmp_path)!r}); "
    code += "print(len(set(sys.modules) - before), 'torch._dynamo' in set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[1] == "False"


# Files that do not fit


@pytest.mark.parametrize(
    ("tensors", "config", "words"),
    [
        ({"transformer.h.1.mlp.c_fc.weight": torch.zeros(48, 12)}, {},
         r"h.1.mlp.c_fc.weight in .*model.safetensors has the shape \(48, 12\), but by .*config.json .* \(12, 48\)"),
        ({"transformer.ln_f.bias": torch.zeros(13)}, {}, r"ln_f.bias .* \(13,\).* \(12,\)"),
        ({"transformer.h.0.ln_1.bias": None}, {}, r"lacks .*config.json calls for: h.0.ln_1.bias \(12,\)"),
        ({"transformer.wte.weight": None}, {}, r"lacks .*: wte.weight \(11, 12\)"),
        ({"transformer.h.0.attn.rope": torch.zeros(5)}, {}, r"does not have: h.0.attn.rope \(5,\)"),
        ({"wte.weight": torch.zeros(11, 12)}, {}, r"does not have: (transformer.)?wte.weight"),
        ({"lm_head.weight": torch.zeros(11, 12)}, {}, "lm_head.weight and wte.weight differ"),
        ({}, {"tie_word_embeddings": False}, r"lacks .*: lm_head.weight \(11, 12\)"),
        ({}, {"n_layer": 3}, r"lacks .*: h.2.ln_1.weight \(12,\), .*, … \(12\)"),
        ({}, {"n_layer": 1}, r"does not have: h.1.attn.c_attn.bias \(36,\), .*, … \(12\)"),
        ({}, {"vocab_size": 12}, r"wte.weight .* \(11, 12\).* \(12, 12\)"),
        ({}, {"n_embd": 15}, r"wte.weight .* \(11, 12\).* \(11, 15\)"),
        ({}, {"n_head": 5}, "config.json describes no model: n_embd=12 cannot be divided among n_head=5"),
        ({}, {"n_layer": "2"}, "config.json describes no model: n_layer='2'"),
        ({}, {"n_embd": [12]}, r"config.json describes no model: n_embd=\[12\]"),
        ({}, {"n_head": True}, "config.json describes no model: n_head=True"),
        ({}, {"vocab_size": None}, "config.json lacks vocab_size"),
        ({}, {"activation_function": "relu"}, 'activation_function is "relu", and only'),
        ({}, {"layer_norm_epsilon": 1e-6}, "layer_norm_epsilon is 1e-06, and only 1e-05"),
        ({}, {"n_inner": 24}, "n_inner is 24, and only 48"),
        ({}, {"model_type": "llama"}, 'model_type is "llama", and only "gpt2"'),
        ({}, {"scale_attn_by_inverse_layer_idx": True}, "scale_attn_by_inverse_layer_idx is true, and only false"),
        ({"transformer.ln_f.bias": torch.zeros(12, dtype=torch.int8)}, {}, "ln_f.bias in .* holds torch.int8"),
    ],
)  # fmt: skip
def test_weights_and_configurations_that_do_not_fit_are_refused(tensors, config, words, tmp_path):
    export_gpt2(random_model(CONFIG), tmp_path)
    change(tmp_path, tensors, config)
    with pytest.raises(ValueError, match=words):
        load_gpt2(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null"])
def test_a_configuration_that_is_no_json_object_is_refused(text, tmp_path):
    export_gpt2(random_model(CONFIG), tmp_path)
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="config.json describes no model"):
        load_gpt2(tmp_path)


def test_a_file_cut_off_anywhere_is_refused_with_the_tensor_and_the_sizes(tmp_path):
    export_gpt2(random_model(CONFIG), tmp_path)
    file = tmp_path / "model.safetensors"
    whole = file.read_bytes()
    start = 8 + int.from_bytes(whole[:8], "little")
    for length in [*range(0, start, 97), start - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="is no safetensors file, or it is damaged|is cut off"):
            load_gpt2(tmp_path)
    for length in [*range(start, len(whole), 997), len(whole) - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=rf"it has {length} bytes, but the tensor transformer.* ends at byte \d+"):
            load_gpt2(tmp_path)


def test_a_pickle_is_no_safetensors_file(tmp_path):
    torch.save({"wte.weight": torch.zeros(3)}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="is no safetensors file"):
        load_gpt2(tmp_path)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no weights 'gpt3': choose one of gpt2, gpt2-medium"):
        load_gpt2("gpt3")
    with pytest.raises(FileNotFoundError, match="holds no weights"):
        load_gpt2(tmp_path)


# The four published models


def test_names_are_fetched_from_hugging_face(tmp_path, monkeypatch):
    export_gpt2(random_model(CONFIG), tmp_path)
    asked = []

    def fetch(repository, file):
        asked.append((repository, file))
        return str(tmp_path / file)

    monkeypatch.delenv("GPTCOURSE_DATA", raising=False)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", fetch)
    assert load_gpt2("gpt2-xl").config == CONFIG
    repository = "openai-community/gpt2-xl"
    assert asked == [(repository, "config.json"), (repository, "model.safetensors")]


def test_the_data_folder_is_searched_first(tmp_path, monkeypatch):
    export_gpt2(random_model(CONFIG), tmp_path / "gpt2")
    monkeypatch.setenv("GPTCOURSE_DATA", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.hf_hub_download", None)
    assert load_gpt2("gpt2").config == CONFIG


def test_offline_the_error_says_what_to_do(tmp_path):
    code = "from gptcourse.weights import load_gpt2\ntry:\n    load_gpt2('gpt2')\nexcept OSError as error:\n    print(error)"
    env = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.startswith("The weights of gpt2 could not be fetched from Hugging Face (")
    assert "GPTCOURSE_DATA" in done.stdout and done.stdout.count("\n") == 1


# Export is all or nothing


def test_a_full_disk_leaves_the_old_files(tmp_path):
    export_gpt2(random_model(CONFIG), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # writing past it fails as on a full disk
        with pytest.raises(OSError, match="could not be written .*: what was there before is kept"):
            export_gpt2(random_model(CONFIG, seed=1), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_stopped_between_the_two_files_the_wrong_pair_is_noticed(tmp_path, monkeypatch):
    export_gpt2(random_model(GPTConfig(11, 8, n_embd=12, n_head=4, n_layer=2)), tmp_path)
    replace = weights.os.replace

    def stop(old, new):
        if new.name == "config.json":
            raise KeyboardInterrupt
        replace(old, new)

    monkeypatch.setattr(weights.os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        export_gpt2(random_model(CONFIG), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "model.safetensors"]
    with pytest.raises(ValueError, match=r"4 \(.*config.json\), 3 \(model.safetensors\)"):
        load_gpt2(tmp_path)


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in "ab":
        export_gpt2(random_model(CONFIG), tmp_path / name)
    for file in ("config.json", "model.safetensors"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    held = load_file(tmp_path / "a" / "model.safetensors")  # by the format's own library
    save_file(held, tmp_path / "c.safetensors")
    assert len(load_file(tmp_path / "c.safetensors")) == 2 + 2 + 12 * CONFIG.n_layer
