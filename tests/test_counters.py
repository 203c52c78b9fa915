"""Measure words: which count the same, who is counted in which, and what counts nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.counters import (
    MEASURES,
    counts_alike,
    counts_people,
    people_measures,
    without_dates,
)


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("名", "人"),
        ("个", "家"),
        ("个", "处"),
        ("处", "个"),
        ("辆", "台"),
        ("次", "场"),
        ("天", "日"),
        ("棵", "株"),
    ],
)
def test_these_count_the_same(asked: str, printed: str) -> None:
    assert printed in counts_alike(asked)


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("户", "个"),
        ("户", "人"),
        ("口", "名"),
        ("元", "吨"),
        ("辆", "人"),
        ("天", "年"),
        ("名", "次"),
    ],
)
def test_these_do_not(asked: str, printed: str) -> None:
    assert printed not in counts_alike(asked)


@given(st.sampled_from(MEASURES))
def test_every_measure_word_counts_what_it_counts(unit: str) -> None:
    assert unit in counts_alike(unit)


def test_measure_words_are_listed_once() -> None:
    assert len(MEASURES) == len(set(MEASURES))


@pytest.mark.parametrize(
    ("noun", "people"),
    [
        ("学员", True),
        ("大夫", True),
        ("志愿者", True),
        ("老乡", True),
        ("树木", False),
        ("灯塔镇", False),
    ],
)
def test_nouns_for_people(noun: str, people: bool) -> None:
    assert counts_people([noun]) is people


def test_households_and_heads_are_no_measure_of_people_told_by_name() -> None:
    assert not {"户", "口", "个"} & people_measures()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2022年1月25日设14个点", "设14个点"),
        ("第三届共12场", "共12场"),
        ("2021-2025年度11个县", "度11个县"),
        ("十四五期间60个", "期间60个"),
        ("36年没有火灾", "36年没有火灾"),
    ],
)
def test_dates_and_ordinals_count_nothing(text: str, left: str) -> None:
    assert without_dates(text).strip() == left
