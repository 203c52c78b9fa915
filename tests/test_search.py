"""Proposals of both legs under one scope, and their ranking against one worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.inverted import Entry
from retrieval.lexicon import Lexicon
from retrieval.records import Scope
from retrieval.search import Proposals, propose, rank, shortlist
from retrieval.settings import SearchSettings
from retrieval.tokens import Terms
from retrieval.vectors import Vectors

VECTORS = Vectors.build(np.array([[1, 0], [0.9, 0.1], [0, 1], [0.5, 0.5]], dtype=np.float32))
QUESTION = np.array([1, 0], dtype=np.float32)
DAYS = ["2021-01-01", "2021-01-02", "2021-01-03", "2021-01-02"]
WORDS = [("道路",), ("植树",), ("植树", "植树"), ("道路",)]


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path: Path = tmp_path_factory.mktemp("index") / "lexicon"
    entries = zip(WORDS, DAYS, strict=True)
    return Lexicon.build(
        path,
        [Entry.of(n, Terms(words, ()), day=day) for n, (words, day) in enumerate(entries)],
    )


def proposed(
    lexicon: Lexicon, scope: Scope, rows: list[int] | None, candidates: int = 50
) -> Proposals:
    within = (scope, None if rows is None else np.array(rows, dtype=np.int64))
    return propose(
        QUESTION,
        Terms(("植树",), ()),
        stores=(VECTORS, lexicon),
        within=within,
        settings=SearchSettings(candidates=candidates),
    )


def test_what_either_leg_finds_is_proposed_with_both_scores(lexicon: Lexicon) -> None:
    found = proposed(lexicon, Scope(), None)
    assert found.rows.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(found.dense, [1, 0.9, 0, 0.5], atol=1e-3)
    by_word = dict(lexicon.search(Terms(("植树",), ()), 50))
    assert set(by_word) == {1, 2}
    assert found.lexical.tolist() == [0, pytest.approx(by_word[1]), pytest.approx(by_word[2]), 0]


def test_the_scope_holds_in_both_legs(lexicon: Lexicon) -> None:
    found = proposed(lexicon, Scope("2021-01-02", "2021-01-02"), [1, 3])
    assert found.rows.tolist() == [1, 3]


def test_each_leg_proposes_no_more_than_its_candidates(lexicon: Lexicon) -> None:
    assert proposed(lexicon, Scope(), None, candidates=1).rows.tolist() == [0, 2]


def test_nothing_proposed_is_nothing_ranked(lexicon: Lexicon) -> None:
    found = proposed(lexicon, Scope(), [])
    assert found.rows.tolist() == [1, 2]  # the lexicon was given no rows
    none = np.zeros(0, dtype=np.float32)
    assert rank(Proposals(np.zeros(0, dtype=np.int64), none, none), none) == []


def test_ranking_equals_one_worked_by_hand() -> None:
    proposals = Proposals(
        np.array([3, 5, 9]),
        np.array([0.5, 0.2, 0.0], dtype=np.float32),
        np.array([0, 30, 60], dtype=np.float32),
    )
    ranked = rank(proposals, np.array([0.5, 0.6, 0.1], dtype=np.float32))
    # 2 * late + cosine + BM25 / 30: 1 + .5, 1.2 + .2 + 1, .2 + 0 + 2
    assert ranked == [(5, pytest.approx(2.4)), (9, pytest.approx(2.2)), (3, pytest.approx(1.5))]


def test_ties_are_by_row() -> None:
    same = np.ones(3, dtype=np.float32)
    ranked = rank(Proposals(np.array([2, 4, 9]), same, same), same)
    assert [row for row, _ in ranked] == [2, 4, 9]


SCORES = st.lists(st.tuples(*[st.floats(0, 1, width=32)] * 3), min_size=1, max_size=9)


@given(SCORES, st.integers(0, 2))
def test_more_of_any_score_never_ranks_lower(
    scores: list[tuple[float, float, float]], which: int
) -> None:
    def place_of_last(table: np.ndarray) -> int:
        proposals = Proposals(np.arange(len(table)), table[:, 0], table[:, 1])
        return [row for row, _ in rank(proposals, table[:, 2])].index(len(table) - 1)

    table = np.array(scores, dtype=np.float32)
    better = table.copy()
    better[-1, which] += 1
    assert place_of_last(better) <= place_of_last(table)


def test_the_shortlist_keeps_what_the_legs_like_best_in_order() -> None:
    proposals = Proposals(
        np.array([3, 5, 8, 9]),
        np.array([0.5, 0.2, 0.9, 0.0], dtype=np.float32),
        np.array([0, 30, 0, 6], dtype=np.float32),
    )
    kept = shortlist(proposals, 2)  # .5, 1.2, .9, .2
    assert kept.rows.tolist() == [5, 8]
    assert kept.dense.tolist() == [pytest.approx(0.2), pytest.approx(0.9)]
    assert kept.lexical.tolist() == [30, 0]
    assert shortlist(proposals, 9).rows.tolist() == [3, 5, 8, 9]
