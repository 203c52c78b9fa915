"""The printed day: solar, weekday and lunar, each a witness of the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.almanac import (
    Judgement,
    LunarDay,
    Witnesses,
    era_year,
    iso_day,
    judge,
    lunar_day,
    lunar_of,
    number,
    weekday_of,
)

WED = 2
FULL_MOON = LunarDay(12, 15, year="庚子")  # 2021-01-27, a Wednesday


@pytest.mark.parametrize(
    ("day", "lunar"),
    [  # from printed calendars
        ("1931-02-17", LunarDay(1, 1, year="辛未")),
        ("1937-07-07", LunarDay(5, 29, year="丁丑")),
        ("1949-10-01", LunarDay(8, 10, year="己丑")),
        ("1976-10-01", LunarDay(8, 8, leap=True, year="丙辰")),
        ("2000-02-05", LunarDay(1, 1, year="庚辰")),
        ("2003-06-09", LunarDay(5, 10, year="癸未")),
        ("2020-05-23", LunarDay(4, 1, leap=True, year="庚子")),
        ("2021-01-27", FULL_MOON),
        ("2033-12-22", LunarDay(11, 1, leap=True, year="癸丑")),
    ],
)
def test_lunar_days_are_those_of_printed_calendars(day: str, lunar: LunarDay) -> None:
    assert lunar_day(day) == lunar


@given(st.dates(date(1901, 1, 1), date(2099, 12, 30)))
def test_lunar_days_run_on_one_by_one(day: date) -> None:
    today, next_ = lunar_day(day.isoformat()), lunar_day((day + timedelta(days=1)).isoformat())
    assert today is not None
    assert next_ is not None
    assert 1 <= today.day <= 30
    begins = next_.day == 1 and today.day >= 29
    assert begins or (next_.day, next_.month, next_.leap) == (
        today.day + 1,
        today.month,
        today.leap,
    )


def test_outside_the_years_that_are_known_no_lunar_day_is_said() -> None:
    assert lunar_day("1900-06-01") is None
    assert lunar_day("2150-06-01") is None


@pytest.mark.parametrize(
    ("text", "lunar"),
    [
        ("2021年1月27日 星期三\n庚子年十二月十五 十二月廿二立春", FULL_MOON),
        ("庚子年腊月廿三", LunarDay(12, 23, year="庚子")),
        ("農曆庚子年臘月廿三", LunarDay(12, 23, year="庚子")),
        ("农历正月初三", LunarDay(1, 3)),
        ("星期六 闰四月初十", LunarDay(4, 10, leap=True)),
        ("夏历冬月三十", LunarDay(11, 30)),
        ("十二月廿二立春", None),
        ("十二月廿二 立春", None),
        ("十月十五日", None),
        ("第十五版", None),
    ],
)
def test_a_lunar_day_is_read_and_a_solar_terms_forecast_is_none(
    text: str, lunar: LunarDay | None
) -> None:
    assert lunar_of(text) == lunar


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("星期三", 2),
        ("礼拜天", 6),
        ("週六", 5),
        ("禮拜一", 0),
        ("周一至周五 9:00", None),
        ("星期三 星期四", None),
        ("", None),
    ],
)
def test_a_weekday_is_read_where_one_is_printed(text: str, weekday: int | None) -> None:
    assert weekday_of(text) == weekday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021年1月27日", "2021-01-27"),
        ("2021 年 1 月 27 日", "2021-01-27"),
        ("2021.01.27", "2021-01-27"),
        ("二〇二一年一月二十七日", "2021-01-27"),
        ("一九八五年十月三十一日", "1985-10-31"),
        ("中華民國二十六年七月七日", "1937-07-07"),
        ("民国元年1月1日", "1912-01-01"),
        ("康德三年五月一日", "1936-05-01"),
        ("2021年2月29日", None),
        ("2020年2月29日", "2020-02-29"),
    ],
)
def test_a_solar_day_is_read_in_every_form(text: str, day: str | None) -> None:
    assert iso_day(text) == day


def test_numerals_and_eras() -> None:
    numerals = ["一", "十", "十二", "二十", "廿三", "卅", "三十一", "7", "元"]
    assert [number(t) for t in numerals] == [1, 10, 12, 20, 23, 30, 31, 7, 1]
    assert [era_year(t) for t in ("民国26年", "康德元年", "昭和十二年")] == [1937, 1934, 1937]


@pytest.mark.parametrize(
    ("said", "judgement"),
    [
        (Witnesses("2021-01-27"), Judgement("2021-01-27")),
        (Witnesses("2021-01-27", WED), Judgement("2021-01-27")),
        (Witnesses("2021-01-27", WED, FULL_MOON), Judgement("2021-01-27")),
        # one against one
        (Witnesses("2021-01-28", WED), Judgement(None, ("weekday",))),
        (Witnesses("2021-01-28", None, FULL_MOON), Judgement(None, ("lunar",))),
        # two against one
        (Witnesses("2021-01-27", WED + 1, FULL_MOON), Judgement("2021-01-27", ("weekday",))),
        (Witnesses("2021-01-27", WED, LunarDay(11, 15)), Judgement("2021-01-27", ("lunar",))),
        (Witnesses("2021-07-27", WED, FULL_MOON), Judgement("2021-01-27", ("solar",))),
        (Witnesses("2021-01-21", WED, LunarDay(12, 15)), Judgement("2021-01-27", ("solar",))),
        # the weekday fits the misread year too, by chance
        (Witnesses("2027-01-27", WED, FULL_MOON), Judgement("2021-01-27", ("solar",))),
        # no two agree, or two parts of the day would have to be misread
        (Witnesses("2021-07-27", WED + 1, FULL_MOON), Judgement(None, ("weekday", "lunar"))),
        (Witnesses("2022-07-28", WED, FULL_MOON), Judgement(None, ("weekday", "lunar"))),
    ],
)
def test_two_witnesses_outweigh_one_and_one_against_one_proves_nothing(
    said: Witnesses, judgement: Judgement
) -> None:
    assert judge(said) == judgement


@given(st.dates(date(1931, 1, 1), date(2039, 12, 31)), st.dates(date(1931, 1, 1)), st.booleans())
def test_what_is_judged_is_met_by_all_witnesses_but_those_named(
    day: date, other: date, dated: bool
) -> None:
    known = lunar_day(day.isoformat())
    lunar = known if known and dated else None
    assert judge(Witnesses(day.isoformat(), day.weekday(), known)) == Judgement(day.isoformat())
    found = judge(Witnesses(other.isoformat(), day.weekday(), lunar))
    if found.day is None:
        assert found.against
    elif found.day != other.isoformat():
        assert found.day == day.isoformat()
        assert found.against == ("solar",)
