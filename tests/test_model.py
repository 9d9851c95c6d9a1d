"""The model against transformers' GPT-2, against its own written-out parts, and against what must never happen."""

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from gptcourse.config import GPT2_SIZES, GPTConfig, gpt2_config
from gptcourse.model import GPT, KVCache, attention

SHAPES = [
    GPTConfig(11, 8, n_embd=12, n_head=3, n_layer=2),
    GPTConfig(65, 32, n_embd=20, n_head=5, n_layer=1),
    GPTConfig(17, 64, n_embd=16, n_head=1, n_layer=3),
    GPTConfig(23, 16, n_embd=16, n_head=4, n_layer=2, tied=False),
]


def random_model(config, seed=0):
    """A model with weights large enough for differences to show."""
    torch.manual_seed(seed)
    model = GPT(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.3)
    return model


def twin(model):
    """transformers' GPT-2 with the same weights; its Conv1D keeps matrices the other way round."""
    c = model.config
    other = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=c.vocab_size, n_positions=c.block_size, n_embd=c.n_embd, n_head=c.n_head, n_layer=c.n_layer,
            resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, tie_word_embeddings=c.tied, bos_token_id=0, eos_token_id=0,
        )
    ).eval()  # fmt: skip
    with torch.no_grad():
        for mine, theirs in pairs(model, other):
            theirs.copy_(mine.T if transposed(mine, model) else mine)
    return other


def transposed(parameter, model):
    """Whether a parameter belongs to a layer that transformers keeps as Conv1D."""
    return any(
        parameter is layer.weight
        for block in model.blocks
        for layer in (block.attn.qkv, block.attn.proj, block.mlp.up, block.mlp.down)
    )


def pairs(model, other):
    """The parameters of both models, side by side."""
    yield model.wte.weight, other.transformer.wte.weight
    yield model.wpe.weight, other.transformer.wpe.weight
    for mine, theirs in zip(model.blocks, other.transformer.h, strict=True):
        for a, b in (
            (mine.ln1, theirs.ln_1), (mine.attn.qkv, theirs.attn.c_attn), (mine.attn.proj, theirs.attn.c_proj),
            (mine.ln2, theirs.ln_2), (mine.mlp.up, theirs.mlp.c_fc), (mine.mlp.down, theirs.mlp.c_proj),
        ):  # fmt: skip
            yield a.weight, b.weight
            yield a.bias, b.bias
    yield model.ln_f.weight, other.transformer.ln_f.weight
    yield model.ln_f.bias, other.transformer.ln_f.bias
    if not model.config.tied:
        yield model.head.weight, other.lm_head.weight


@pytest.mark.parametrize("config", SHAPES, ids=str)
def test_logits_loss_and_gradients_equal_those_of_transformers(config):
    model = random_model(config)
    other = twin(model)
    ids = torch.randint(config.vocab_size, (3, config.block_size))
    logits, loss = model(ids[:, :-1], ids[:, 1:])
    theirs = other(ids[:, :-1]).logits
    torch.testing.assert_close(logits, theirs, rtol=1e-4, atol=1e-4)
    their_loss = torch.nn.functional.cross_entropy(theirs.flatten(0, 1), ids[:, 1:].flatten())
    torch.testing.assert_close(loss, their_loss)
    loss.backward()
    their_loss.backward()
    for mine, their in pairs(model, other):
        gradient = their.grad.T if transposed(mine, model) else their.grad
        torch.testing.assert_close(mine.grad, gradient, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("tied", [True, False])
def test_parameters_by_formula_and_by_count(bias, tied):
    config = GPTConfig(13, 7, n_embd=12, n_head=2, n_layer=3, bias=bias, tied=tied)
    assert config.num_params() == GPT(config).num_params()


@pytest.mark.parametrize(
    ("name", "count"), [*zip(GPT2_SIZES, [124_439_808, 354_823_168, 774_030_080, 1_557_611_200], strict=True)]
)
def test_parameters_of_openais_models(name, count):
    config = gpt2_config(name)
    with torch.device("meta"):
        assert GPT(config).num_params() == config.num_params() == count


def test_memory_is_four_bytes_a_parameter_and_four_times_that_in_training():
    config = gpt2_config("gpt2")
    assert config.memory() == 4 * 124_439_808
    assert config.memory(training=True) == 16 * 124_439_808


def test_an_untrained_model_knows_nothing():
    torch.manual_seed(0)
    model = GPT(GPTConfig(65, 32))
    ids = torch.randint(65, (16, 33))
    _, loss = model(ids[:, :-1], ids[:, 1:])
    assert abs(loss.item() - torch.tensor(65.0).log().item()) < 0.1


def test_fused_attention_is_the_written_out_one():
    model = random_model(SHAPES[0])
    ids = torch.randint(11, (2, 8))
    trace = model.trace(ids)
    torch.testing.assert_close(trace.logits, model(ids)[0], rtol=1e-4, atol=1e-5)
    assert [tuple(each.shape) for each in trace.attention] == [(2, 3, 8, 8)] * 2
    assert [tuple(each.shape) for each in trace.residual] == [(2, 8, 12)] * 3
    for weights in trace.attention:
        torch.testing.assert_close(weights.sum(-1), torch.ones(2, 3, 8))
        assert torch.equal(weights, weights.tril())


def test_tracing_leaves_the_model_in_its_mode():
    model = GPT(SHAPES[0]).train()
    model.trace(torch.zeros(1, 2, dtype=torch.long))
    assert model.training


def test_nothing_leaks_from_the_future():
    model = random_model(SHAPES[0])
    ids = torch.randint(11, (1, 8))
    changed = ids.clone()
    changed[0, 5:] = (changed[0, 5:] + 1) % 11
    torch.testing.assert_close(model(ids)[0][:, :5], model(changed)[0][:, :5])


@pytest.mark.parametrize("pieces", [[1] * 8, [5, 3], [3, 1, 1, 3]])
def test_the_cache_changes_nothing(pieces):
    model = random_model(SHAPES[0])
    ids = torch.randint(11, (2, 8))
    cache = KVCache()
    parts = [model(part, cache=cache)[0] for part in ids.split(pieces, dim=1)]
    torch.testing.assert_close(torch.cat(parts, dim=1), model(ids)[0], rtol=1e-4, atol=1e-5)


def test_the_last_position_alone_has_the_same_logits():
    model = random_model(SHAPES[0])
    ids = torch.randint(11, (2, 8))
    torch.testing.assert_close(model(ids, last=True)[0], model(ids)[0][:, -1:])


def test_padding_at_the_left_changes_nothing():
    model = random_model(SHAPES[0])
    short, long = torch.randint(11, (1, 3)), torch.randint(11, (1, 6))
    padded = torch.cat((torch.zeros(1, 3, dtype=torch.long), short), dim=1)
    cache = KVCache(start=torch.tensor([3, 0]))
    logits, _ = model(torch.cat((padded, long)), cache=cache)
    torch.testing.assert_close(logits[:1, 3:], model(short)[0], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(logits[1:], model(long)[0], rtol=1e-4, atol=1e-5)
    following, _ = model(torch.tensor([[4], [5]]), cache=cache)
    expected = model(torch.cat((short, torch.tensor([[4]])), dim=1))[0][:, -1:]
    torch.testing.assert_close(following[:1], expected, rtol=1e-4, atol=1e-5)


def test_the_written_out_attention_takes_the_mean_when_all_keys_are_alike():
    v = torch.randn(1, 1, 4, 2)
    mixed, weights = attention(torch.zeros(1, 1, 4, 2), torch.zeros(1, 1, 4, 2), v)
    torch.testing.assert_close(mixed[0, 0], v[0, 0].cumsum(0) / torch.arange(1, 5)[:, None])
    torch.testing.assert_close(weights[0, 0, 1], torch.tensor([0.5, 0.5, 0, 0]))


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({"n_embd": 10, "n_head": 4}, "n_embd=10 cannot be divided among n_head=4 heads: .* multiple of 4"),
        ({"vocab_size": 0}, "vocab_size=0 must be a whole number"),
        ({"block_size": 2.5}, "block_size=2.5 must be a whole number"),
        ({"n_layer": True}, "n_layer=True must be a whole number"),
        ({"dropout": 1.0}, "dropout=1.0 must be at least 0 and below 1"),
        ({"dropout": float("nan")}, "dropout=nan"),
    ],
)
def test_sizes_that_make_no_model_are_named(sizes, says):
    with pytest.raises(ValueError, match=says):
        GPTConfig(**{"vocab_size": 5, "block_size": 5, **sizes})


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        (torch.zeros(8, dtype=torch.long), r"shape \(8,\)"),
        (torch.zeros(1, 0, dtype=torch.long), "at least one token"),
        (torch.zeros(1, 9, dtype=torch.long), "9 tokens do not fit into the context window of 8"),
        (torch.tensor([[0, 11]]), "The ids run from 0 to 11, but the vocabulary has 11"),
        (torch.tensor([[-1, 0]]), "The ids run from -1 to 0"),
    ],
)
def test_ids_that_cannot_be_read_are_refused(ids, says):
    with pytest.raises(ValueError, match=says):
        GPT(SHAPES[0])(ids)
