"""The division of a page: its margins, against divisions found anew with a reading forbidden."""

from __future__ import annotations

import numpy as np
import pytest
from pressroom import make_page

from retrieval import division
from retrieval.blocks import read_blocks
from retrieval.division import MAX_MARGIN, divide, net, weigh
from retrieval.settings import Settings
from retrieval.shapes import Shape
from retrieval.signs import read_signs
from retrieval.surroundings import Surroundings


@pytest.mark.parametrize("seed", [3, 11, 25])
def test_a_margin_is_what_the_other_answer_would_cost(seed: int) -> None:
    found = read_blocks(make_page(seed).text, Settings())
    blocks = [b for b in found if b.shape is not Shape.FURNITURE][:30]
    decisions = weigh(blocks)
    assert [d.step for d in decisions] == divide(blocks)
    page = Surroundings(blocks)
    gains = division._gains(page, read_signs(page))
    starts = np.array([move.step.starts for move in net().moves])
    best = total(gains)
    for at, decision in enumerate(decisions):
        forbidden = gains.copy()
        forbidden[at, starts == decision.step.starts] = -1e9
        expected = min(best - total(forbidden), MAX_MARGIN)
        assert decision.margin == pytest.approx(expected, abs=1e-2)


def total(gains: division.Floats) -> float:
    """What the best division gains."""
    return float((division._forward(gains)[-1] + net().ending).max())


def test_no_blocks_are_divided_into_nothing() -> None:
    assert divide([]) == []
    assert weigh([]) == []
