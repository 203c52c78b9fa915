"""Reliability against values worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reliability import Bin, reliability


def test_bins_and_errors_equal_what_was_worked_by_hand() -> None:
    found = reliability([(0.1, False), (0.3, True), (0.9, True), (0.9, False)], n_bins=2)
    assert found.bins == (
        Bin(0.0, 0.5, 2, pytest.approx(0.2), 0.5),
        Bin(0.5, 1.0, 2, pytest.approx(0.9), 0.5),
    )
    assert found.ece == pytest.approx((2 * 0.3 + 2 * 0.4) / 4)
    assert found.brier == pytest.approx((0.01 + 0.49 + 0.01 + 0.81) / 4)


def test_the_surest_answers_have_a_bin_and_empty_bins_are_left_out() -> None:
    assert reliability([(1.0, True)]).bins == (Bin(0.9, 1.0, 1, 1.0, 1.0),)
    assert reliability([]) == reliability([], n_bins=3)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_every_answer_lies_in_one_bin_that_holds_its_confidence(
    pairs: list[tuple[float, bool]],
) -> None:
    found = reliability(pairs)
    assert sum(one.n for one in found.bins) == len(pairs)
    assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in found.bins)
    assert 0 <= found.ece <= 1
    assert found.ece**2 <= found.brier + 1e-9  # Jensen: the error of the means is the lesser
