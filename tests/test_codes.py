"""Codes propose what exact products decide: the same rows whichever shard they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval import codes, recall, vectors
from retrieval.archive import Archive
from retrieval.codes import Codes
from retrieval.errors import IndexBroken
from retrieval.layout import Layout
from retrieval.manifest import Nearest
from retrieval.recall import LEAST_RECALL, measured, nearest
from retrieval.rowfile import RowFile, reader
from retrieval.scan import Scan
from retrieval.vectors import Vectors
from tests.test_vectors import in_shards, random_unit_rows, sorted_by_numpy

Floats = NDArray[np.float32]


def clustered(n: int, dimension: int, seed: int) -> Floats:
    """Unit rows around a tenth as many centres, as passages lie around their stories."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((n // 10, dimension))
    rows = centres[rng.integers(len(centres), size=n)] + 0.5 * rng.standard_normal((n, dimension))
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def coded_by_numpy(rows: Floats) -> Floats:
    """What the codes stand for: each pair of turned numbers is the nearest of sixteen points."""
    turned = rows @ codes._rotation(rows.shape[1])
    points = np.array(codes._POINTS, dtype=np.float32) / np.sqrt(turned.shape[1])
    pairs = turned.reshape(len(rows), -1, 2)
    nearest = ((pairs[:, :, np.newaxis] - points) ** 2).sum(axis=3).argmin(axis=2)
    return points[nearest].reshape(len(rows), -1)


@pytest.mark.parametrize("dimension", [32, 33, 5])
def test_rough_products_are_those_of_the_sixteen_points(dimension: int) -> None:
    rows, query = clustered(300, dimension, 1), clustered(300, dimension, 2)[0]
    coded = Codes.empty(dimension)
    coded.add(rows[:100])
    coded.add(rows[100:])
    products, found = coded.search(query, 300)
    wanted = coded_by_numpy(rows) @ (query @ codes._rotation(dimension))
    assert sorted(found.tolist()) == list(range(300))
    # FAISS sums one byte a pair.
    np.testing.assert_allclose(products, wanted[found], atol=0.03)


def test_the_rotation_keeps_products_and_is_the_same_each_time() -> None:
    rows = random_unit_rows(20, 33)
    turned = rows @ codes._rotation(33)
    np.testing.assert_allclose(turned @ turned.T, rows @ rows.T, atol=1e-5)
    codes._rotation.cache_clear()
    assert (rows @ codes._rotation(33)).tolist() == turned.tolist()


def test_no_point_stands_for_pairs_that_another_would_stand_for_better() -> None:
    points = np.array(codes._POINTS)
    pairs = np.random.default_rng(5).standard_normal((200_000, 2))
    nearest = ((pairs[:, np.newaxis] - points) ** 2).sum(axis=2).argmin(axis=1)
    means = np.array([pairs[nearest == i].mean(axis=0) for i in range(16)])
    np.testing.assert_allclose(means, points, atol=0.03)


SHARD_OF = st.lists(st.integers(0, 2), min_size=400, max_size=400)


# The dead are near every question: where there are many, more must be asked for.
@given(SHARD_OF, st.sampled_from([0, 3, 300]), st.integers(1, 60), st.integers(0, 99))
@settings(max_examples=25)
def test_shards_propose_what_one_would(
    tmp_path_factory: pytest.TempPathFactory, shard_of: Sequence[int], dead: int, k: int, seed: int
) -> None:
    rows, query = clustered(400, 16, seed), random_unit_rows(1, 16, seed)[0]
    folder = tmp_path_factory.mktemp("shards")
    parted = in_shards(rows, folder, shard_of, dead, reread=40)
    assert parted.search(query, k) == Vectors.build(rows, reread=40).search(query, k)


@given(st.integers(0, 99), st.integers(1, 20), st.data())
@settings(max_examples=25)
def test_a_wide_filter_is_kept_and_the_hidden_are_never_found(
    seed: int, k: int, data: st.DataObject
) -> None:
    rows, query = clustered(300, 16, seed), random_unit_rows(1, 16, seed)[0]
    wanted = np.array(sorted(data.draw(st.sets(st.integers(0, 299), min_size=1))), dtype=np.int64)
    hidden = np.array(sorted(data.draw(st.sets(st.integers(0, 299)))), dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "EXACT_ROWS", 0)
        veiled = Vectors.build(rows, reread=300).without(hidden)
        shown = np.setdiff1d(wanted, hidden)
        found = veiled.search(query, k, rows=wanted)
        assert [row for row, _ in found] == [
            row for row, _ in sorted_by_numpy(rows, query, k, shown)
        ]
        everywhere = veiled.search(query, k)
        left = np.setdiff1d(np.arange(300), hidden)
        assert [row for row, _ in everywhere] == [
            row for row, _ in sorted_by_numpy(rows, query, k, left)
        ]
        few = Vectors.build(rows, reread=20).search(query, 20, rows=wanted)
        assert {row for row, _ in few} <= set(wanted.tolist())


def test_rows_that_tie_for_the_last_place_are_all_read_again() -> None:
    copies = np.repeat(random_unit_rows(3, 16), 200, axis=0)
    found = Vectors.build(copies, reread=10).search(copies[300], 50)
    assert [row for row, _ in found] == list(range(200, 250))


def test_enough_rows_are_read_again_to_find_the_nearest() -> None:
    rows, queries = clustered(20_000, 32, 3), clustered(20_000, 32, 4)[:40]
    built = Vectors.build(rows)
    found = measured(built, list(queries))
    assert (found.form, found.rows) == ("codes", 20_000)
    coded = built.rereading(found.reread)
    shares = [
        len(
            {row for row, _ in coded.search(query, 10)}
            & {row for row, _ in sorted_by_numpy(rows, query, 10)}
        )
        / 10
        for query in queries
    ]
    assert found.recall == pytest.approx(float(np.mean(shares)), abs=1e-3)
    assert found.recall >= LEAST_RECALL


def test_codes_that_do_not_find_enough_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def astray(scan: Scan, _query: Floats, _n: int) -> tuple[NDArray[np.int64], Floats, float]:
        return np.array([len(scan) - 1]), np.zeros(1, dtype=np.float32), -np.inf

    rows = clustered(3_000, 16, 3)
    monkeypatch.setattr(Scan, "rough", astray)
    found = measured(Vectors.build(rows), [rows[0], rows[1]])
    assert (found.form, found.reread, found.rows) == ("exact", 0, 3_000)


class Numbered:
    """An encoder whose vector of a text is one of some rows, by the text's length."""

    def __init__(self, rows: Floats) -> None:
        self.rows = rows
        self.asked: list[str] = []

    def encode_query(self, text: str) -> Floats:
        self.asked.append(text)
        row: Floats = self.rows[len(text)]
        return row


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        (None, True),
        (Nearest("codes", 700, 0.99, 1_300), False),
        (Nearest("exact", 0, 1.0, 1_300), False),  # codes that did not find enough
        (Nearest("codes", 700, 0.99, 700), True),
        (Nearest("codes", 700, 0.99, 1_500), True),
        (Nearest("exact", 0, 1.0, 900), True),  # it was small
    ],
)
def test_what_was_measured_stands_while_the_archive_is_about_as_large(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, before: Nearest | None, *, asked: bool
) -> None:
    rows = clustered(1_100, 16, 3)
    encoder = Numbered(rows)
    ledgers = archive.catalogue._ledgers
    monkeypatch.setattr(recall, "EXACT_ROWS", 1_000)
    found = nearest(Vectors.build(rows), ledgers, encoder, before=before)  # type: ignore[arg-type]
    assert bool(encoder.asked) == asked
    assert found == before if not asked else (found.form, found.rows) == ("codes", 1_100)
    texts = "".join(p.clean.text for ledger in ledgers for p in ledger.passages(range(len(ledger))))
    assert all(text and text in texts for text in encoder.asked)
    monkeypatch.setattr(recall, "EXACT_ROWS", 1_100)
    small = nearest(Vectors.build(rows), ledgers, encoder, before=before)  # type: ignore[arg-type]
    assert small == Nearest("exact", 0, 1.0, 1_100)


def test_single_rows_are_read_from_the_file_as_faiss_gives_them(tmp_path: Path) -> None:
    rows = random_unit_rows(50)
    Scan.build([rows], 32).save(tmp_path)
    opened = Scan.open(tmp_path)
    wanted = np.array([49, 0, 7, 7])
    half = rows.astype(np.float16).astype(np.float32)
    assert isinstance(opened.take.__self__, RowFile)  # type: ignore[attr-defined]
    assert opened.take(wanted).tolist() == half[wanted].tolist()
    assert opened.take(wanted[:0]).shape == (0, 32)
    assert Vectors.join([tmp_path], Layout.whole(50)).scores(rows[3], wanted) == pytest.approx(
        half[wanted] @ rows[3], abs=1e-5
    )


@pytest.mark.parametrize("tail", [b"something behind the rows", b""])
def test_a_file_that_does_not_end_with_the_rows_is_read_by_faiss(
    tmp_path: Path, tail: bytes
) -> None:
    rows = random_unit_rows(4)
    path = tmp_path / "rows"
    held = rows.astype(np.float16).tobytes()
    path.write_bytes(held + tail if tail else held[:-200])

    def take(wanted: NDArray[np.int64]) -> Floats:
        return rows.astype(np.float16).astype(np.float32)[wanted]

    assert reader(path, 4, take, 32) is take
    path.write_bytes(b"header" + held)
    assert reader(path, 4, take, 32) is not take


def test_codes_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "codes.faiss"
    path.write_bytes(b"rubbish")
    with pytest.raises(IndexBroken, match=r"codes\.faiss"):
        Codes.open(path, 8)
