"""A flat map of a table of vectors: neighbours, analogies, and how the words moved while a model trained.

    embedding_map(words, vectors, categories)                                      # one name of a category per word
    embedding_map(words, categories=categories, snapshots=[("0", before), ("500", after)])

The map is computed here, by `gptcourse.embeddings.pca`; cosines are computed in the page, from the whole vectors. This
module knows tables of numbers, no models.
"""

from html import escape
from math import floor, log10

import torch

from gptcourse.embeddings import nearest, pca
from gptcourse.labels import current, message
from gptcourse.show import visible
from gptcourse.widgets.host import Widget, rounded, table

MOST = 300  # words: more cannot be told apart on a map
MOST_ROWS = 20  # of the fallback
MOST_LETTERS = 24  # of a word that are shown


def embedding_map(words, vectors=None, categories=None, snapshots=None, chosen=None, analogy=None):
    """The first two principal components of `vectors` (V, C), one row for each of the V `words`; 300 words at most.

    categories: a name per word. snapshots: in place of `vectors`, the same words' vectors at several moments,
    [(label, vectors), …]; all are drawn on the axes of the last one, so the words move and the map stays.
    chosen: the word whose neighbours are shown first. analogy: three words (a, b, c), for a - b + c.
    Four bytes a number go into the page, for min(C, V) columns. Raises ValueError for tables that do not fit.
    """
    t = current()
    words = [str(word) for word in words]
    if (vectors is None) == (not snapshots):
        raise ValueError(message("errors.vectors_or_snapshots"))
    moments = snapshots or [("", vectors)]
    tables = [_checked(each, words) for _, each in moments]
    if len({each.shape for each in tables}) > 1:
        raise ValueError(message("errors.snapshot_shapes", shapes=", ".join(str(tuple(each.shape)) for each in tables)))
    if categories is not None and len(categories) != len(words):
        raise ValueError(message("errors.categories_count", categories=len(categories), words=len(words)))
    named = [_row(word, words[:MOST]) for word in (*([] if chosen is None else [chosen]), *(analogy or ()))]
    if analogy is not None and len(analogy) != 3:
        raise ValueError(message("errors.analogy_words", count=len(analogy)))

    count, words = len(words), words[:MOST]
    tables = [each[:MOST] for each in tables]
    categories = [str(name) for name in categories or ()][:MOST]
    names = list(dict.fromkeys(categories))
    places, shares, digits = _places(tables)
    state = {
        "words": words,
        "count": count,
        "names": names,
        "category": [names.index(name) for name in categories],
        "moments": [str(label) for label, _ in moments],
        "places": places,
        "digits": digits,
        "shares": shares,
        "columns": tables[-1].shape[1],
        "vectors": b"".join(_narrow(each).numpy().astype("<f4").tobytes() for each in tables),
        "chosen": named[0] if chosen is not None else 0,
        "analogy": named[-3:] if analogy is not None else [min(row, len(words) - 1) for row in range(3)],
    }
    near = _nearest_of_each(tables[-1])
    return Widget("embedding_map", state, _fallback(t, state, near), _plain(t, state, near))


def _checked(vectors, words):
    """A table as (V, C) floats on the CPU; ValueError if it is none, or not the words'."""
    vectors = torch.as_tensor(vectors).detach().float().cpu()
    if vectors.ndim != 2:
        raise ValueError(message("errors.not_table", shape=tuple(vectors.shape)))
    if len(vectors) != len(words):
        raise ValueError(message("errors.rows_words", rows=len(vectors), words=len(words)))
    if not vectors.isfinite().all():
        raise ValueError(message("errors.vectors_not_finite"))
    return vectors


def _row(word, words):
    if word in words:
        return words.index(word)
    raise ValueError(message("errors.not_on_map", word=word))


def _places(tables):
    """Of each table the coordinates on the last one's axes, the axes' shares of the variance, and how many digits count."""
    coordinates, shares = pca(tables[-1])
    coordinates = coordinates.double()
    mean = tables[-1].double().mean(dim=0)
    # coordinates = centred @ axes.T, whose columns are at right angles: so the axes come back out of them
    squares = coordinates.square().sum(dim=0).clamp(min=1e-30)
    axes = (coordinates / squares).T @ (tables[-1].double() - mean)  # (2, C)
    widest = coordinates.abs().max().item()
    digits = max(0, 3 - floor(log10(widest))) if widest else 3  # what a page can show, and the same on every machine
    moved = [(each.double() - mean) @ axes.T for each in tables[:-1]]
    return [rounded(each, digits) for each in (*moved, coordinates)], rounded(shares, 3), digits


def _narrow(vectors):
    """The same vectors seen along other axes, no more of them than rows: every dot product stays what it was."""
    if vectors.shape[1] <= len(vectors):
        return vectors
    return torch.linalg.qr(vectors.double().T).R.T.float()  # X.T = QR, so X @ X.T = R.T @ R


def _nearest_of_each(vectors):
    """For every row its nearest other row and their cosine."""
    found = (nearest(vectors, row, 2) for row in vectors)
    return [next((each for each in two if each[0] != i), two[0]) for i, two in enumerate(found)]


def _shown(word):
    return visible(word if len(word) <= MOST_LETTERS else word[:MOST_LETTERS] + "…")


def _sentence(t, state):
    x, y = (f"{100 * share:.1f}" for share in state["shares"])
    return t("widgets.embedding_map.variance", columns=state["columns"], x=x, y=y)


def _rest(t, state):
    return t("widgets.common.more", count=state["count"] - MOST_ROWS) if state["count"] > MOST_ROWS else ""


def _rows(state, near):
    """Word, category, place on the map, nearest word and cosine, as text."""
    digits = state["digits"]
    for i, (word, (x, y)) in enumerate(zip(state["words"][:MOST_ROWS], state["places"][-1], strict=False)):
        other, cosine = near[i]
        category = [_shown(state["names"][state["category"][i]])] if state["category"] else []
        yield [
            _shown(word),
            *category,
            f"{x:.{digits}f}",
            f"{y:.{digits}f}",
            _shown(state["words"][other]),
            f"{cosine:.3f}",
        ]


def _fallback(t, state, near):
    names = ["word", *(["category"] if state["category"] else []), "axis", "axis", "nearest", "cosine"]
    header = [t(f"widgets.embedding_map.{name}", number=names[:i].count("axis") + 1) for i, name in enumerate(names)]
    rest = f"<p>{escape(_rest(t, state))}</p>" if _rest(t, state) else ""
    return f"<p>{escape(_sentence(t, state))}</p>{table(header, _rows(state, near))}{rest}"


def _plain(t, state, near):
    return "\n".join([_sentence(t, state), *(" | ".join(row) for row in _rows(state, near)), _rest(t, state)]).rstrip()
