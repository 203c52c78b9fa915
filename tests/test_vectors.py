"""FAISS against numpy: the same rows, in the same order, as a sort of all products."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from retrieval.errors import IndexBroken
from retrieval.layout import Layout
from retrieval.scan import Scan
from retrieval.vectors import Scored, Vectors

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


def sorted_by_numpy(vectors: Floats, query: Floats, k: int, rows: Rows | None = None) -> Scored:
    """What the index must answer: a stable sort of every product with the half-precision rows."""
    products = vectors.astype(np.float16).astype(np.float32) @ query
    order = np.argsort(-products, kind="stable").tolist()
    allowed = range(len(vectors)) if rows is None else set(rows.tolist())
    return [(r, float(products[r])) for r in order if r in allowed and products[r] > 0][:k]


def in_shards(
    vectors: Floats, folder: Path, shard_of: Sequence[int], dead: int, *, reread: int = 0
) -> Vectors:
    """The same rows parted among three shards, page by page, each after ``dead`` dead ones."""
    of = np.array(shard_of)
    filler = np.full((dead, vectors.shape[1]), 9.0, dtype=np.float32)
    paths = [folder / f"{shard}" for shard in range(3)]
    for shard, path in enumerate(paths):
        path.mkdir()
        Scan.build([filler, vectors[of == shard]], vectors.shape[1]).save(path)
    seen = [dead] * 3
    placed = []
    for shard in shard_of:
        placed.append((shard, seen[shard], 1))
        seen[shard] += 1
    return Vectors.join(paths, Layout.of(placed, 3), reread=reread)


def random_unit_rows(n: int, dimension: int = 32, seed: int = 7) -> Floats:
    rows = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


# Whole numbers: every sum is exact, so that ties are ties in both.
WHOLE = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 40), st.just(3)), elements=st.integers(-2, 2).map(float)
)
DEAD = st.integers(0, 3)
QUERY = hnp.arrays(np.float32, 3, elements=st.integers(-2, 2).map(float))


@given(WHOLE, QUERY, st.integers(1, 45))
def test_the_index_answers_as_numpy_sorts_ties_by_row(
    vectors: Floats, query: Floats, k: int
) -> None:
    assert Vectors.build(vectors).search(query, k) == sorted_by_numpy(vectors, query, k)


@given(WHOLE, QUERY, st.integers(1, 45), st.data())
@settings(max_examples=50)
def test_rows_in_shards_are_found_as_if_they_were_in_one_and_the_dead_are_not(
    tmp_path_factory: pytest.TempPathFactory,
    vectors: Floats,
    query: Floats,
    k: int,
    data: st.DataObject,
) -> None:
    n = len(vectors)
    shard_of = data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    parted = in_shards(vectors, tmp_path_factory.mktemp("shards"), shard_of, data.draw(DEAD))
    assert len(parted) == n
    assert parted.search(query, k) == sorted_by_numpy(vectors, query, k)
    rows = np.array(data.draw(st.lists(st.integers(0, n - 1))), dtype=np.int64)
    assert parted.search(query, k, rows=rows) == sorted_by_numpy(vectors, query, k, rows)
    assert parted.scores(query, rows).tolist() == (vectors[rows] @ query).tolist()


@given(WHOLE, QUERY, st.integers(1, 45), st.data())
def test_a_filter_answers_as_numpy_sorts_what_it_leaves(
    vectors: Floats, query: Floats, k: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(vectors) - 1)))
    rows = np.array(chosen, dtype=np.int64)
    found = Vectors.build(vectors).search(query, k, rows=rows)
    assert found == sorted_by_numpy(vectors, query, k, rows)


@pytest.mark.parametrize("share", [1.0, 0.3, 0.01])
def test_unit_vectors_rank_as_their_half_precision_products(share: float) -> None:
    vectors, queries = random_unit_rows(3000), random_unit_rows(20, seed=8)
    mask = np.random.default_rng(9).random(3000) < share
    rows = None if share == 1 else np.flatnonzero(mask)
    index = Vectors.build(vectors)
    for query in queries:
        found, wanted = (
            index.search(query, 10, rows=rows),
            sorted_by_numpy(vectors, query, 10, rows),
        )
        assert [row for row, _ in found] == [row for row, _ in wanted]
        assert [s for _, s in found] == pytest.approx([s for _, s in wanted], abs=1e-6)


def test_rows_are_rounded_to_half_precision() -> None:
    third = np.array([[1 / 3, 0]], dtype=np.float32)
    ((_, score),) = Vectors.build(third).search(np.array([1, 0], dtype=np.float32), 1)
    assert score == pytest.approx(float(np.float16(1 / 3)), abs=1e-6) != float(third[0, 0])


def test_copies_of_a_passage_fill_the_last_places_from_the_first_row_on() -> None:
    copies = np.ones((100, 4), dtype=np.float32)
    assert [row for row, _ in Vectors.build(copies).search(copies[0], 7)] == list(range(7))


def test_zero_rows_and_opposite_rows_are_never_found() -> None:
    rows = np.array([[0, 0], [-1, 0], [0, 1], [1, 0]], dtype=np.float32)
    assert Vectors.build(rows).search(rows[3], 4) == [(3, 1.0)]


def test_a_question_without_direction_finds_nothing() -> None:
    assert Vectors.build(random_unit_rows(50)).search(np.zeros(32, dtype=np.float32), 10) == []


@pytest.mark.parametrize("k", [0, -1])
def test_no_places_are_no_rows(k: int) -> None:
    rows = random_unit_rows(5)
    assert Vectors.build(rows).search(rows[0], k) == []


def test_a_filter_that_leaves_nothing_finds_nothing() -> None:
    rows = random_unit_rows(5)
    assert Vectors.build(rows).search(rows[0], 5, rows=np.array([], dtype=np.int64)) == []


def test_an_empty_index_finds_nothing() -> None:
    index = Vectors.build(np.empty((0, 8), dtype=np.float32))
    assert (len(index), index.dimension) == (0, 8)
    assert index.search(np.ones(8, dtype=np.float32), 5) == []


def test_what_is_saved_and_opened_answers_the_same(tmp_path: Path) -> None:
    vectors, queries = random_unit_rows(200), random_unit_rows(5, seed=8)
    built = Vectors.build(vectors)
    Scan.build([vectors[:120], vectors[120:]], 32).save(tmp_path)
    opened = Vectors.join([tmp_path], Layout.whole(200))
    assert (len(opened), opened.dimension) == (200, 32)
    assert [opened.search(q, 20) for q in queries] == [built.search(q, 20) for q in queries]


@pytest.mark.parametrize("content", [b"", b"not an index", None])
@pytest.mark.parametrize("name", ["vectors.faiss", "codes.faiss"])
def test_a_file_that_is_no_index_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    Scan.build([random_unit_rows(5)], 32).save(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(IndexBroken, match=name.replace(".", r"\.")):
        Scan.open(tmp_path)


def test_scores_of_rows_equal_numpy() -> None:
    rng = np.random.default_rng(0)
    table = rng.standard_normal((20, 8)).astype(np.float32)
    query = rng.standard_normal(8).astype(np.float32)
    rows = np.array([3, 19, 0, 3])
    found = Vectors.build(table).scores(query, rows)
    np.testing.assert_allclose(found, table[rows] @ query, atol=2e-2)  # half precision
    assert Vectors.build(table).scores(query, rows[:0]).shape == (0,)
