"""Tables of vectors: who is near whom, analogies, and a flat map.

    vectors = model.wte.weight                         # (V, C), one row per token
    nearest(vectors, vectors[cat], 5)                  # the five most similar rows, the cat itself first
    analogy(vectors, queen, king, man)                 # queen - king + man: the nearest rows, inputs not excluded
    coordinates, shares = pca(vectors)                 # (V, 2) and the share of the variance each axis shows

Letters: V rows, C length of a vector. This module knows numbers only: no tokens, no models, no pictures.
"""

import torch
import torch.nn.functional as F

from gptcourse.labels import message


def cosine(vectors, query):
    """Cosine of the angle between `query` (C,) and each row of `vectors` (V, C): (V,), from -1 to 1."""
    return F.normalize(_table(vectors), dim=1) @ F.normalize(torch.as_tensor(query).detach().float(), dim=0)


def nearest(vectors, query, k=5):
    """The `k` rows most similar to `query` (C,), the most similar first: a list of (row, cosine)."""
    values, rows = cosine(vectors, query).topk(min(k, len(vectors)))
    return list(zip(rows.tolist(), values.tolist(), strict=True))


def analogy(vectors, a, b, c, k=5):
    """The rows nearest to a - b + c, given as rows: queen - king + man.

    The usual test leaves a, b and c out of the answers, and is then passed by vectors that know nothing of the relation:
    c's nearest neighbour is often enough. Here they may be answers, so that a - b has to matter.
    """
    vectors = _table(vectors)
    return nearest(vectors, vectors[a] - vectors[b] + vectors[c], k)


def analogies(vectors, pairs):
    """The strict test over all pairs of pairs [(he, she), …], given as rows: (share right, share of the control right).

    For two pairs, she - he + he' should be she', and he - she + she' should be he'. The control goes in the wrong
    direction, he - she + he', and must not give she'. Raises ValueError for fewer than two pairs.
    """
    if len(pairs) < 2:
        raise ValueError(message("errors.few_pairs", pairs=len(pairs)))
    right = control = count = 0
    both_ways = [*pairs, *((she, he) for he, she in pairs)]
    for n, (he, she) in enumerate(both_ways):
        for m, (he2, she2) in enumerate(both_ways):
            if n % len(pairs) == m % len(pairs) or (n < len(pairs)) != (m < len(pairs)):
                continue  # the same pair, or the other direction
            right += analogy(vectors, she, he, he2, 1)[0][0] == she2
            control += analogy(vectors, he, she, he2, 1)[0][0] == she2
            count += 1
    return right / count, control / count


def neighbour_share(vectors, categories):
    """The share of rows whose nearest other row is of the same category; `categories` has a name for each row."""
    unit = F.normalize(_table(vectors), dim=1)
    similar = unit @ unit.T
    similar.fill_diagonal_(-2)  # below every cosine: nobody is their own neighbour
    return sum(categories[i] == categories[j] for i, j in enumerate(similar.argmax(dim=1).tolist())) / len(unit)


def pca(vectors, k=2):
    """Principal components: coordinates (V, k) of the centred rows, and the share of the variance on each axis (k,).

    An axis has no direction of its own; here each points to where its largest loading is positive, so that the map is
    the same on every machine. Raises ValueError where there are fewer rows or columns than axes.
    """
    vectors = _table(vectors)
    if k > min(vectors.shape):
        raise ValueError(message("errors.few_vectors", shape=tuple(vectors.shape), k=k))
    centred = (vectors - vectors.mean(dim=0)).double()
    _, sizes, axes = torch.linalg.svd(centred, full_matrices=False)  # axes: (min(V, C), C), the widest first
    largest = axes.gather(1, axes.abs().argmax(dim=1, keepdim=True))
    axes = axes[:k] * largest[:k].sign()
    variance = sizes**2
    return (centred @ axes.T).float(), (variance[:k] / variance.sum().clamp(min=1e-12)).float()


def _table(vectors):
    vectors = torch.as_tensor(vectors).detach().float()
    if vectors.ndim != 2 or not len(vectors):
        raise ValueError(message("errors.not_table", shape=tuple(vectors.shape)))
    return vectors
