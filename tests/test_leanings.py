"""What a question names of the pages it means: the date that a sentence writes."""

from __future__ import annotations

import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.leanings import told_when
from retrieval.records import NamedDate, Query


def asked(first: str, last: str, *, of_paper: bool = False) -> Query:
    date = NamedDate(0, 1, "x", first, last, of_paper=of_paper)
    return Query("x", "x", ("x",), dates=(date,))


@pytest.mark.parametrize(
    ("first", "last", "sentence", "told"),
    [
        ("2000-09-01", "2000-09-30", "2000年9月,任副处长;", True),
        ("2000-09-01", "2000-09-30", "2000年10月,任副处长;", False),
        ("2021-01-25", "2021-01-25", "1月25日,记者获悉", True),
        ("2021-01-25", "2021-01-25", "1月2日,记者获悉", False),
        ("2021-01-01", "2021-12-31", "2021年栽树300棵", True),
        ("2021-01-01", "2021-12-31", "2020年栽树300棵", False),
        ("1980-01-01", "1989-12-31", "1985年参加工作", False),  # a decade is not printed so
    ],
)
def test_a_sentence_writes_the_date_of_the_question(
    first: str, last: str, sentence: str, told: bool
) -> None:
    assert (told_when(asked(first, last), sentence, sentence) == 1) is told


def test_the_day_of_the_paper_is_no_date_of_the_event() -> None:
    query = asked("2021-01-25", "2021-01-25", of_paper=True)
    assert told_when(query, "1月25日,记者获悉", "") == 0


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_every_month_is_found_as_it_is_printed(year: int, month: int) -> None:
    last = calendar.monthrange(year, month)[1]
    query = asked(f"{year}-{month:02}-01", f"{year}-{month:02}-{last:02}")
    assert told_when(query, f"他于{year}年{month}月任职", "") == 1


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("2020年位列榜首", "", -1),
        ("2019年位列榜首", "", 1),
        ("位列榜首", "2020年,全区奋进。位列榜首", -1),
        ("位列榜首", "2019年,全区奋进。位列榜首", 0),
        ("位列榜首", "全区奋进。位列榜首", 0),
        ("电话20201234", "", 0),
    ],
)
def test_a_sentence_of_another_year_speaks_against_itself(
    sentence: str, passage: str, expected: float
) -> None:
    assert told_when(asked("2019-01-01", "2019-12-31"), sentence, passage) == expected
