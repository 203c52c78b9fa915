"""Word recurrence and line joints, against implementations that count one by one."""

from __future__ import annotations

from itertools import pairwise
from math import log1p

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.joints import joints, runs_on
from retrieval.recurrence import COHESION_CHARS, Words

TEXT = st.text(alphabet="清河大桥合龙通车，\n", max_size=60)
# The same word again, just near enough and just too far.
FAR = [f"大桥合龙{'，' * (COHESION_CHARS - 4 + more)}大桥通车" for more in (-1, 0, 1)]


def places_of(text: str) -> dict[str, list[int]]:
    """Where each pair of Chinese characters begins."""
    found: dict[str, list[int]] = {}
    for place, pair in enumerate(map("".join, pairwise(text))):
        if all("㐀" <= char <= "鿿" for char in pair):
            found.setdefault(pair, []).append(place)
    return found


def rarity(places: list[int]) -> float:
    return log1p(50 / max(len(places), 1))


def slow_cohesion(text: str, at: int) -> float:
    found = places_of(text)
    crossing = left = right = 0.0
    for places in found.values():
        weight = rarity(places)
        near = [(p, q) for p, q in pairwise(places) if q - p <= COHESION_CHARS]
        crossing += weight * sum(p < at <= q for p, q in near)
        left += weight * sum(at - COHESION_CHARS <= p < at for p in places)
        right += weight * sum(at <= p < at + COHESION_CHARS for p in places)
    return crossing / min(left, right) if min(left, right) else 0.0


@settings(max_examples=150, deadline=None)
@example(FAR[0])
@example(FAR[1])
@example(FAR[2])
@given(TEXT)
def test_cohesion_is_what_counting_gives(text: str) -> None:
    at = np.arange(len(text) + 1)
    assert Words(text).cohesion(at) == pytest.approx([slow_cohesion(text, i) for i in at])


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, st.integers(0, 60), st.integers(0, 60))
def test_recurrence_is_what_counting_gives(text: str, line: str, start: int, end: int) -> None:
    found = places_of(text)
    total = shared = 0.0
    for pair, times in ((pair, len(places)) for pair, places in places_of(line).items()):
        total += times * rarity(found.get(pair, []))
        held = any(start <= p < end for p in found.get(pair, []))
        shared += times * rarity(found.get(pair, [])) * held
    (share,) = Words(text).recurrence([line], np.array([start]), np.array([end]))
    assert share == pytest.approx(shared / total if total else 0.0)


def test_a_word_cut_by_a_line_end_runs_on_and_two_headlines_do_not() -> None:
    assert runs_on("市中医院专家团队到松岭义", "诊服务群众")
    assert runs_on("习近平和夫人彭丽媛会", "见美国总统")
    assert not runs_on("拓宽融资渠道", "我市贷款余额突破百亿元")
    assert joints([("大桥。", "清河"), ("2021", "年"), ("", "清河")]).tolist() == [0, 0, 0]
