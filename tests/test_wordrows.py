"""The rows of a static model: what eight bits keep, sums, and damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.numpy import load_file, save_file

from retrieval.errors import EncoderError
from retrieval.wordrows import WordRows

tables = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 8), st.integers(1, 5)),
    elements=st.floats(-100, 100, width=32).filter(lambda x: x == 0 or abs(x) > 1e-6),
)


@given(tables)
def test_eight_bits_keep_each_number_within_half_a_step(rows: np.ndarray) -> None:
    found = WordRows.quantise(rows)
    assert found.stored.dtype == np.int8
    error = np.abs(found.take(range(len(rows))) - rows)
    step = np.abs(rows).max(axis=1, keepdims=True) / 127
    assert (error <= step * 0.501).all()
    assert (np.abs(found.stored).max(axis=1) == np.where(step[:, 0] > 0, 127, 0)).all()


@given(tables, st.lists(st.lists(st.integers(0, 7), max_size=6), max_size=4))
def test_sums_equal_adding_one_by_one(rows: np.ndarray, texts: list[list[int]]) -> None:
    texts = [[row % len(rows) for row in text] for text in texts]
    table = WordRows(rows, np.linspace(0.5, 2, len(rows), dtype=np.float32))
    expected = np.zeros((len(texts), rows.shape[1]))
    for place, text in enumerate(texts):
        for row in text:
            expected[place] += rows[row].astype(np.float64) * float(table.scale[row])
    found = table.sums(texts)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-3)


def test_a_worked_example() -> None:
    table = WordRows.quantise(np.array([[127, -64, 0], [0, 0, 0]], dtype=np.float32) / 127)
    assert table.stored.tolist() == [[127, -64, 0], [0, 0, 0]]
    np.testing.assert_allclose(table.scale, [1 / 127, 1 / 127], rtol=1e-5)
    assert (len(table), table.dimension) == (2, 3)


def test_rows_come_back_from_their_file(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).standard_normal((5, 4)).astype(np.float32)
    table = WordRows.quantise(rows)
    table.save(tmp_path / "new")
    again = WordRows.open(tmp_path / "new")
    np.testing.assert_array_equal(again.stored, table.stored)
    np.testing.assert_array_equal(again.scale, table.scale)
    assert set(load_file(tmp_path / "new" / "model.safetensors")) == {
        "embedding.weight",
        "embedding.scale",
    }


@pytest.mark.parametrize("name", ["embedding.weight", "embeddings"])
def test_floats_of_others_are_read_as_they_are(tmp_path: Path, name: str) -> None:
    rows = np.array([[1, 2], [3, 4]], dtype=np.float16)
    save_file({name: rows}, tmp_path / "model.safetensors")
    table = WordRows.open(tmp_path)
    assert table.take([1, 0]).tolist() == [[3, 4], [1, 2]]
    assert table.sums([[0, 1], []]).tolist() == [[4, 6], [0, 0]]


@pytest.mark.parametrize(
    ("tensors", "why"),
    [
        ({"other": np.zeros((2, 2), np.float32)}, "StopIteration"),
        ({"embedding.weight": np.zeros(2, np.float32)}, r"rows of shape \(2,\)"),
        ({"embedding.weight": np.zeros((2, 2), np.int8)}, "type int8"),
        (
            {
                "embedding.weight": np.zeros((2, 2), np.int8),
                "embedding.scale": np.ones(3, np.float32),
            },
            r"2 rows and scales of shape \(3,\)",
        ),
    ],
)
def test_damage_is_said(tmp_path: Path, tensors: dict[str, np.ndarray], why: str) -> None:
    save_file(tensors, tmp_path / "model.safetensors")
    with pytest.raises(EncoderError, match=why):
        WordRows.open(tmp_path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"model\.safetensors cannot be read"):
        WordRows.open(tmp_path)
