"""Fusion against a table worked by hand, and both legs under one scope."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexicon import Entry, Lexicon
from retrieval.records import Scope
from retrieval.search import fuse, search
from retrieval.settings import SearchSettings
from retrieval.tokens import Terms
from retrieval.vectors import Scored, Vectors

RUN = st.lists(st.integers(0, 30), unique=True).map(lambda rows: [(row, 1.0) for row in rows])


def test_fusion_equals_the_table_worked_by_hand() -> None:
    dense = [(7, 0.9), (3, 0.8), (5, 0.1)]
    lexical = [(3, 12.0), (9, 11.0), (7, 2.0)]
    assert fuse([dense, lexical], rrf_k=60) == [
        (3, pytest.approx(1 / 62 + 1 / 61)),  # 0.032522
        (7, pytest.approx(1 / 61 + 1 / 63)),  # 0.032266
        (9, pytest.approx(1 / 62)),  # 0.016129
        (5, pytest.approx(1 / 63)),  # 0.015873
    ]


def test_a_smaller_constant_favours_the_first_places() -> None:
    runs: list[Scored] = [[(1, 1.0), (2, 1.0), (3, 1.0)], [(3, 1.0)], [(4, 1.0), (1, 1.0)]]
    assert fuse(runs, rrf_k=0) == [
        (1, pytest.approx(3 / 2)),
        (3, pytest.approx(4 / 3)),
        (4, pytest.approx(1)),
        (2, pytest.approx(1 / 2)),
    ]


def test_ties_are_by_row() -> None:
    assert [row for row, _ in fuse([[(9, 1.0)], [(2, 5.0)], [(4, 3.0)]], rrf_k=60)] == [2, 4, 9]


def test_only_ranks_count() -> None:
    assert fuse([[(1, 100.0), (2, 99.0)]], rrf_k=60) == fuse([[(1, 0.2), (2, 0.1)]], rrf_k=60)


@pytest.mark.parametrize("runs", [[], [[]], [[], []]])
def test_nothing_fused_is_nothing(runs: list[Scored]) -> None:
    assert fuse(runs, rrf_k=60) == []


@given(RUN)
def test_one_run_keeps_its_order(run: Scored) -> None:
    assert [row for row, _ in fuse([run, []], rrf_k=60)] == [row for row, _ in run]


@given(st.lists(RUN, max_size=4))
def test_every_row_that_a_run_proposes_is_there_once(runs: list[Scored]) -> None:
    rows = [row for row, _ in fuse(runs, rrf_k=60)]
    assert sorted(rows) == sorted({row for run in runs for row, _ in run})


VECTORS = Vectors.build(np.array([[1, 0], [0.9, 0.1], [0, 1], [0.5, 0.5]], dtype=np.float32))
QUESTION = np.array([1, 0], dtype=np.float32)
DAYS = ["2021-01-01", "2021-01-02", "2021-01-03", "2021-01-02"]
WORDS = [("道路",), ("植树",), ("植树", "植树"), ("道路",)]


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path: Path = tmp_path_factory.mktemp("index") / "lexicon"
    none = Terms((), ())
    entries = zip(WORDS, DAYS, strict=True)
    return Lexicon.build(
        path,
        [Entry(n, Terms(words, ()), none, day, None) for n, (words, day) in enumerate(entries)],
    )


def found(
    lexicon: Lexicon, scope: Scope, rows: list[int] | None, candidates: int = 50
) -> list[int]:
    within = (scope, None if rows is None else np.array(rows, dtype=np.int64))
    hits = search(
        QUESTION,
        Terms(("植树",), ()),
        vectors=VECTORS,
        lexicon=lexicon,
        within=within,
        settings=SearchSettings(candidates=candidates),
    )
    return [row for row, _ in hits]


def test_a_row_that_both_legs_find_comes_first(lexicon: Lexicon) -> None:
    # by vector 0, 1, 3; by word 2, 1
    assert found(lexicon, Scope(), None) == [1, 0, 2, 3]


def test_the_scope_holds_in_both_legs(lexicon: Lexicon) -> None:
    assert found(lexicon, Scope("2021-01-02", "2021-01-02"), [1, 3]) == [1, 3]


def test_each_leg_proposes_no_more_than_its_candidates(lexicon: Lexicon) -> None:
    assert found(lexicon, Scope(), None, candidates=1) == [0, 2]
