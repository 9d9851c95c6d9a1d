"""GPT-2's weights into a GPT and back.

    model = load_gpt2("gpt2")              # 124M parameters, fetched once from Hugging Face; or gpt2-medium, …-xl
    model = load_gpt2("folder")            # config.json and model.safetensors, as transformers writes them
    model = load_gpt2("124M")              # OpenAI's own TensorFlow checkpoint; TensorFlow is not needed
    export_gpt2(model, "folder")           # what GPT2LMHeadModel.from_pretrained("folder") loads

A loaded model's parameters are the mapped file itself: nothing is copied, what is not used is not read, and processes
share what they read. Training changes the copy that the system makes of a page when it is written to, never the file.
This module knows names and layouts, nothing of training, of tokenizers or of what the numbers mean.
"""

import json
import os
import re
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch.overrides import TorchFunctionMode

from gptcourse.config import GPT2_SIZES, GPTConfig
from gptcourse.gpt2_files import (
    SAME_NAMES,
    damage,
    huggingface_sizes,
    read_json,
    shards,
    sizes_from,
    write_safetensors,
    write_whole,
)
from gptcourse.labels import message
from gptcourse.model import GPT
from gptcourse.tf_checkpoint import OpenAICheckpoint

CONFIG, WEIGHTS, HPARAMS = "config.json", "model.safetensors", "hparams.json"
INDEX = WEIGHTS + ".index.json"  # of a model that is spread over several files
PUBLISHER = "openai-community"  # the organisation that keeps OpenAI's four models on Hugging Face
RENAMED = {  # inside a block: our names and GPT-2's
    ".ln1.": ".ln_1.", ".attn.qkv.": ".attn.c_attn.", ".attn.proj.": ".attn.c_proj.",
    ".ln2.": ".ln_2.", ".mlp.up.": ".mlp.c_fc.", ".mlp.down.": ".mlp.c_proj.",
}  # fmt: skip
BUFFERS = re.compile(r"h\.\d+\.attn\.(bias|masked_bias)")  # the causal mask, which older files hold as well


def load_gpt2(name_or_folder, n_head=None, dropout=0.0):
    """A GPT with the weights of GPT-2, in float32 and evaluation mode.

    `name_or_folder` is one of gpt2, gpt2-medium, gpt2-large, gpt2-xl (looked for in the folder named by GPTCOURSE_DATA,
    then in Hugging Face's cache, then fetched); a `.safetensors` file in the layout of transformers' GPT-2, or a folder
    that holds one as `model.safetensors`, or several with their `model.safetensors.index.json`; or a folder with
    OpenAI's TensorFlow checkpoint and `hparams.json`. To read a folder that is itself called gpt2, write "./gpt2".
    Without a `config.json` beside the file the sizes follow from the tensors' shapes, and the number of heads from
    `n_head`, from what `export_gpt2` noted in the file, or from n_embd and n_layer where they are those of one of the
    four models.

    The model reads its file as long as it lives: write no other numbers into it meanwhile. Replacing it by a new file,
    as `export_gpt2` does, is safe. Matrices that GPT-2 keeps transposed are transposed views, so not contiguous.

    Raises ValueError for weights that do not fit the configuration (naming the tensor and both shapes), for damaged
    files and for a configuration that this GPT cannot follow; FileNotFoundError for what is not there; OSError when
    a download fails.
    """
    source, sizes, said_by = _open(_locate(name_or_folder))
    config = _config(source, sizes, said_by, n_head, dropout)
    with torch.device("meta"), _NoNumbers():  # shapes without memory
        model = GPT(config).eval()
    parameters = {gpt2_name(name): name for name, _ in model.named_parameters()}
    state = model.state_dict()
    _check_shapes(source, {theirs: _stored(ours, state[ours]).shape for theirs, ours in parameters.items()}, said_by)
    for theirs, ours in parameters.items():
        stored = source.read(theirs)
        if not stored.is_floating_point():
            raise ValueError(message("errors.unknown_dtype", file=source.file, name=theirs, dtype=stored.dtype))
        # .float() copies only other kinds of number; a transposed view costs a matrix product nothing
        state[ours] = _stored(ours, stored).float()
    if config.tied:
        state["head.weight"] = state["wte.weight"]
    model.load_state_dict(state, assign=True)  # takes these tensors instead of copying their numbers
    if config.tied:
        model.head.weight = model.wte.weight
    return model


def export_gpt2(model, folder, dtype=None):
    """Write `config.json` and `model.safetensors` into `folder`, as transformers' GPT2LMHeadModel loads them.

    dtype: the kind of number to store, if not the model's own; torch.float16 takes half the room. Each file appears
    under its name only once it is whole. GPT-2's layout has biases everywhere: a model without them gets zeros, which
    give the same logits. Raises OSError when a file cannot be written; old files are kept then.
    """
    c, folder, dtype = model.config, Path(folder), dtype or model.wte.weight.dtype
    parameters = dict(model.named_parameters())
    for name, weight in list(parameters.items()):
        if is_conv1d(name) or weight.ndim == 1:  # of a linear layer or a LayerNorm
            parameters.setdefault(name.replace("weight", "bias"), weight.new_zeros(len(weight)))
    tensors = {}
    for name, parameter in parameters.items():
        theirs = gpt2_name(name) if name == "head.weight" else "transformer." + gpt2_name(name)
        tensors[theirs] = _stored(name, parameter.detach()).to(dtype)
    end = 50256 if c.vocab_size == 50257 else None  # GPT-2's <|endoftext|>, where its vocabulary is in use
    config = {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": c.vocab_size,
        "n_positions": c.block_size, "n_ctx": c.block_size, "n_embd": c.n_embd, "n_head": c.n_head,
        "n_layer": c.n_layer, "tie_word_embeddings": c.tied, "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5, "resid_pdrop": c.dropout, "embd_pdrop": c.dropout, "attn_pdrop": c.dropout,
        "bos_token_id": end, "eos_token_id": end,
        "torch_dtype": str(dtype).removeprefix("torch."),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    # The heads leave no trace in any shape. Noted in the file, they tell a config.json that belongs to other weights.
    note = {"format": "pt", "n_head": str(c.n_head)}
    write_whole(
        {
            folder / WEIGHTS: lambda path: write_safetensors(path, tensors, note),
            folder / CONFIG: lambda path: path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8"),
        }
    )


class _NoNumbers(TorchFunctionMode):
    """Leaves out initialisation: without memory it has no effect, but makes torch import its compiler, for a second."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func.__name__ in ("normal_", "uniform_", "kaiming_uniform_", "zeros_", "ones_"):
            return kwargs["tensor"] if "tensor" in kwargs else args[0]
        return func(*args, **kwargs)


def gpt2_name(name):
    """What transformers' GPT-2 calls the parameter `name` of our GPT, without its prefix "transformer."."""
    if name == "head.weight":
        return "lm_head.weight"
    for ours, theirs in RENAMED.items():
        name = name.replace(ours, theirs)
    return re.sub(r"^blocks\.", "h.", name)


def is_conv1d(name):
    """Whether GPT-2 keeps the parameter `name` of our GPT as (inputs, outputs), where nn.Linear has them reversed."""
    return name.endswith((".qkv.weight", ".proj.weight", ".up.weight", ".down.weight"))


def _stored(name, tensor):
    """A tensor of our GPT as GPT-2's layout keeps it, or the other way round: transposed or as it is."""
    return tensor.T if is_conv1d(name) else tensor


# Where the weights are


def _locate(name):
    """Path of a folder or of a .safetensors file, downloaded first where `name` is one of OpenAI's."""
    if name not in GPT2_SIZES:
        if not (path := Path(name)).exists():
            raise FileNotFoundError(message("errors.unknown_weights", name=str(name), known=", ".join(GPT2_SIZES)))
        return path
    if (data := os.environ.get("GPTCOURSE_DATA")) and (folder := Path(data) / name).is_dir():
        return folder
    from huggingface_hub import hf_hub_download  # here, because only a download needs it

    try:
        for file in (CONFIG, WEIGHTS):
            path = hf_hub_download(f"{PUBLISHER}/{name}", file)
    except Exception as error:  # its releases differ in what they raise; whatever it is, the weights are not here
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise OSError(message("errors.no_weights_download", name=name, error=reason)) from error
    return Path(path).parent


def _open(path):
    """The tensors at `path`, the sizes its configuration gives (None for none), and the file that gave them."""
    if path.is_dir() and not (path / WEIGHTS).is_file() and not (path / INDEX).is_file():
        if not (path / HPARAMS).is_file():
            raise FileNotFoundError(message("errors.no_weights_in", folder=path))
        given = read_json(path / HPARAMS)
        names = {"vocab_size": "n_vocab", "block_size": "n_ctx", **SAME_NAMES}
        return OpenAICheckpoint(path), sizes_from(given, names, path / HPARAMS), path / HPARAMS
    file = path
    if path.is_dir():
        file = path / WEIGHTS if (path / WEIGHTS).is_file() else path / INDEX
    parts = shards(file) if file.name == INDEX else [file]
    source, config = _Safetensors(file, parts), file.with_name(CONFIG)
    return (source, huggingface_sizes(config), config) if config.is_file() else (source, None, file)


class _Safetensors:
    """The tensors of one file, or of its parts, under GPT-2's names: `shapes`, and `read(name)`, which copies nothing."""

    def __init__(self, file, parts):
        self.file, self.shapes, self.stored, self.n_head = file, {}, {}, None
        for part in parts:
            try:
                tensors = safe_open(part, "pt")
            except SafetensorError as error:
                raise ValueError(damage(part, error)) from error
            except FileNotFoundError as error:
                raise FileNotFoundError(message("errors.no_weights_file", file=part)) from error
            self.n_head = self.n_head or (tensors.metadata() or {}).get("n_head")
            for stored in tensors.keys():
                name = stored.removeprefix("transformer.")
                name = f"transformer.{name}" if name in self.stored else name  # a second one is one too many
                self.stored[name] = (tensors, stored)
                self.shapes[name] = tuple(tensors.get_slice(stored).get_shape())
        for name in [name for name in self.shapes if BUFFERS.fullmatch(name)]:
            del self.shapes[name]

    def read(self, name):
        tensors, stored = self.stored[name]
        return tensors.get_tensor(stored)


# What the configuration says, and whether the weights agree


def _config(source, sizes, said_by, n_head, dropout):
    """The GPTConfig: of the sizes given or, without, of those the tensors have."""
    shapes = source.shapes
    if sizes is None:
        for name in ("wte.weight", "wpe.weight"):
            if len(shapes.get(name, ())) != 2:
                raise ValueError(message("errors.missing_tensors", file=source.file, config=said_by, names=name))
        layers = [int(match[1]) for name in shapes if (match := re.match(r"h\.(\d+)\.", name))]
        (vocab_size, n_embd), block_size = shapes["wte.weight"], shapes["wpe.weight"][0]
        n_layer = 1 + max(layers, default=0)
        sizes = dict(vocab_size=vocab_size, block_size=block_size, n_embd=n_embd, n_layer=n_layer)
    known = {(n_embd, n_layer): heads for n_embd, n_layer, heads in GPT2_SIZES.values()}
    noted = int(source.n_head) if source.n_head and source.n_head.isdecimal() else None
    says = {"n_head": n_head, str(said_by): sizes.get("n_head"), WEIGHTS: noted}
    says = {who: heads for who, heads in says.items() if heads is not None}
    heads = next(iter(says.values()), known.get((sizes["n_embd"], sizes["n_layer"])))
    if heads is None:
        raise ValueError(message("errors.n_head_unknown", file=source.file, n_embd=sizes["n_embd"]))
    if len(set(says.values())) > 1:
        listed = ", ".join(f"{heads} ({who})" for who, heads in says.items())
        raise ValueError(message("errors.n_head_differs", file=source.file, values=listed))
    tied = _is_tied(source, sizes.pop("tied", None), said_by)
    try:
        return GPTConfig(**{**sizes, "n_head": heads}, dropout=dropout, tied=tied)
    except ValueError as error:
        raise ValueError(message("errors.bad_config", file=said_by, error=error)) from error


def _is_tied(source, said, said_by):
    """Whether head and embedding are one matrix. Some files hold a tied matrix twice; the second is left out then."""
    if said is False or "lm_head.weight" not in source.shapes:
        return said is not False
    if torch.equal(source.read("lm_head.weight"), source.read("wte.weight")):
        del source.shapes["lm_head.weight"]
        return True
    if said:
        raise ValueError(message("errors.head_not_tied", file=source.file, config=said_by))
    return False


def _check_shapes(source, expected, said_by):
    """Raises ValueError for the first tensor of another shape, and for tensors missing or too many."""
    found = source.shapes
    for name, shape in expected.items():
        if name in found and found[name] != tuple(shape):
            values = {"name": name, "found": found[name], "expected": tuple(shape), "config": said_by}
            raise ValueError(message("errors.shape_mismatch", file=source.file, **values))
    for key, has, lacks in (("missing", expected, found), ("unexpected", found, expected)):
        if names := [f"{name} {tuple(shape)}" for name, shape in has.items() if name not in lacks]:
            listed = ", ".join(names[:3]) + (f", … ({len(names)})" if len(names) > 3 else "")
            raise ValueError(message(f"errors.{key}_tensors", file=source.file, config=said_by, names=listed))
