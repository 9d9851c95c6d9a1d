"""Tables of vectors, against numbers that can be seen without a computer and against numpy."""

import numpy as np
import pytest
import torch

from gptcourse.embeddings import analogies, analogy, cosine, nearest, neighbour_share, pca

CROSS = torch.tensor([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])


def planted(seed=0, noise=0.0, pairs=5):
    """Rows he, she, he, she …: each pair a role of its own, plus or minus one common direction."""
    generator = torch.Generator().manual_seed(seed)
    roles = torch.randn(pairs, 1, 32, generator=generator)
    gender = torch.randn(32, generator=generator)
    rows = (roles + torch.stack([-gender, gender])).reshape(-1, 32)
    return rows + noise * torch.randn(rows.shape, generator=generator)


PAIRS = [(2 * i, 2 * i + 1) for i in range(5)]


def test_cosines_of_a_cross():
    assert cosine(CROSS, CROSS[0]).tolist() == [1, 1, 0, -1]
    assert cosine(CROSS, torch.tensor([3.0, 3.0])).tolist() == pytest.approx(
        [0.5**0.5, 0.5**0.5, 0.5**0.5, -(0.5**0.5)]
    )


def test_the_nearest_row_of_a_row_is_itself():
    rows = planted(noise=0.3)
    found = nearest(rows, rows[3], 3)
    assert found[0] == (3, pytest.approx(1)) and len(found) == 3 and found[1][1] >= found[2][1]
    assert len(nearest(rows, rows[3], 100)) == 10


def test_a_planted_relation_is_found():
    rows = planted(noise=0.05)
    assert analogy(rows, 1, 0, 2)[0][0] == 3
    assert analogies(rows, PAIRS) == (1, 0)


def test_without_a_relation_the_strict_test_fails_where_the_usual_one_passes():
    rows = planted(noise=0.05)
    roles = (rows[::2] + rows[1::2]).repeat_interleave(2, dim=0) / 2  # he and she all but the same
    noisy = roles + 0.01 * torch.randn(roles.shape, generator=torch.Generator().manual_seed(1))
    assert analogies(noisy, PAIRS)[0] < 0.7
    usual = [next(row for row, _ in analogy(noisy, 1, 0, he) if row not in (1, 0, he)) for he, _ in PAIRS[1:]]
    assert usual == [she for _, she in PAIRS[1:]]


def test_share_of_neighbours_in_the_same_category():
    rows = torch.tensor([[1, 0.1], [1, 0], [0, 1], [0.1, 1], [0.9, 0.2]])
    assert neighbour_share(rows, "aabba") == 1
    assert neighbour_share(rows, "abbab") == 0


def test_pca_equals_numpys_eigenvectors():
    rows = planted(noise=0.5)
    coordinates, shares = pca(rows, 3)
    values, axes = np.linalg.eigh(np.cov(rows.double().numpy().T))
    expected = (rows - rows.mean(dim=0)).double().numpy() @ axes[:, ::-1][:, :3]
    assert np.abs(coordinates.numpy()) == pytest.approx(np.abs(expected), abs=1e-4)
    assert shares.tolist() == pytest.approx(values[::-1][:3] / values.sum(), abs=1e-5)
    assert pca(rows + 100, 3)[0].numpy() == pytest.approx(coordinates.numpy(), abs=1e-2)


def test_pca_does_not_depend_on_the_sign_the_library_chose():
    rows = planted(noise=0.5)
    assert torch.allclose(pca(rows)[0], -pca(-rows)[0], atol=1e-4) or torch.allclose(
        pca(rows)[0], pca(-rows)[0], atol=1e-4
    )
    first = pca(rows)[0]
    assert torch.allclose(pca(rows.flip(0))[0].flip(0), first, atol=1e-4)


def test_parameters_are_taken_as_they_are():
    table = torch.nn.Embedding(6, 4)
    assert not pca(table.weight)[0].requires_grad
    assert nearest(table.weight, table.weight[2], 1)[0][0] == 2


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pca(CROSS, 3), r"with 3 axes.*\(4, 2\)"),
        (lambda: nearest(torch.ones(3), torch.ones(3)), r"\(3,\)"),
        (lambda: analogies(CROSS, [(0, 1)]), "two pairs"),
    ],
)
def test_wrong_arguments_are_answered(call, says):
    with pytest.raises(ValueError, match=says):
        call()
