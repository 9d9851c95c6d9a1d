"""Beam search with a tiny GPT, compared with the sums of all texts that there are."""

from functools import lru_cache

from gptcourse.exercises.expect import Wrong, number, sequence
from gptcourse.exercises.expect import ids as whole_numbers

NUMBER, STARS = 8, 3
NAMES = ("beam",)
PURE = True


def cases(draw):
    yield "tiny GPT with seed 2", [1, 2], 3, 1
    yield "tiny GPT with seed 2", [1, 2], 3, 2
    yield f"tiny GPT with seed {draw.randrange(1000)}", draw.ids(2, 4), 2, draw.choice([1, 4])


def probe(beam, model, ids, n, width):
    import torch

    import gptcourse

    torch.default_generator.manual_seed(int(model.split()[-1]))
    model = gptcourse.GPT(gptcourse.GPTConfig(4, 3, n_embd=8, n_head=1, n_layer=1)).eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.mul_(4)  # an untrained model has no opinion
    return beam(model, ids, n, width)


@lru_cache
def _sums(model, ids, n):
    """The logarithm of the probability of each text of up to `n` more tokens, by text."""
    import torch

    def score_all(model, ids, n, width):
        sums, texts = {tuple(ids): 0.0}, [tuple(ids)]
        for _ in range(n):
            with torch.no_grad():
                logits, _ = model(torch.tensor([text[-3:] for text in texts]))
            rows = logits[:, -1].double().log_softmax(-1).tolist()
            sums |= {
                (*text, i): sums[text] + p for text, row in zip(texts, rows, strict=True) for i, p in enumerate(row)
            }
            texts = [(*text, i) for text in texts for i in range(4)]
        return sums

    with torch.random.fork_rng(devices=[]):
        return probe(score_all, model, ids, n, None)


def verify(result, model, ids, n, width):
    text, total = sequence(result, 2, "pair")
    text, total = tuple(whole_numbers(text, len(ids) + n, "pair")), number(total, "pair")
    if text[: len(ids)] != tuple(ids):
        raise Wrong("prompt")
    sums = _sums(model, tuple(ids), n)
    if text not in sums:
        raise Wrong("value")
    if not abs(sums[text] - total) < 1e-3:
        raise Wrong("sum")
    kept = [tuple(ids)]
    for _ in range(n):
        kept = sorted(((*each, i) for each in kept for i in range(4)), key=sums.get)[-width:]
    if abs(sums[text] - sums[kept[-1]]) > 1e-4:
        raise Wrong("greedy" if width == 1 else "worse" if sums[text] < sums[kept[-1]] else "wider")


SOLUTION = """\
def beam(model, ids, n, width):
    beams = [(0.0, list(ids))]
    for _ in range(n):
        longer = []
        for total, text in beams:
            with torch.no_grad():
                logits, _ = model(torch.tensor([text[-model.config.block_size :]]))
            best = logits[0, -1].log_softmax(dim=-1).topk(min(width, model.config.vocab_size))
            longer += [(total + float(p), text + [int(i)]) for p, i in zip(best.values, best.indices)]
        beams = sorted(longer, key=lambda each: -each[0])[:width]
    return beams[0][1], beams[0][0]
"""

ALTERNATIVES = [
    """\
def beam(model, ids, n, width):
    texts, totals = torch.tensor([ids]), torch.zeros(1, 1)
    for _ in range(n):
        with torch.no_grad():
            logits = model(texts[:, -model.config.block_size :])[0][:, -1]
        V = logits.shape[-1]
        sums = (totals + logits.log_softmax(-1)).flatten()
        totals, best = sums.topk(min(width, len(sums)))
        texts = torch.cat((texts[best // V], best[:, None] % V), dim=1)
        totals = totals[:, None]
    return texts[0], totals[0]
""",
    """\
def beam(model, ids, n, width):
    beams = {tuple(ids): 0.0}
    for _ in range(n):
        longer = {}
        for text, total in beams.items():
            p = gptcourse.probabilities(model(torch.tensor([text[-model.config.block_size :]]))[0][0, -1])
            for i, each in enumerate(p.tolist()):
                longer[text + (i,)] = total + math.log(each)
        beams = dict(sorted(longer.items(), key=lambda item: item[1], reverse=True)[:width])
    return max(beams.items(), key=lambda item: item[1])
""",
]

MUTANTS = [
    ("greedy", {"-each[0]": "each[0]", "min(width, model.config.vocab_size)": "model.config.vocab_size"}),
    ("worse", {"in beams:": "in beams[:1]:"}),
    (
        "wider",
        {
            "-each[0])[:width]": "-each[0])[: width**2]",
            "min(width, model.config.vocab_size)": "model.config.vocab_size",
        },
    ),
    ("sum", {".log_softmax(": ".softmax("}),
    ("sum", {"beams[0][0]": "beams[0][0] / n"}),
    ("prompt", {"return beams[0][1]": "return beams[0][1][-n:] + list(ids)"}),
    ("pair", {"return beams[0][1], beams[0][0]": "return beams[0]"}),
    ("raised", {"[-model.config.block_size :]": ""}),
]
