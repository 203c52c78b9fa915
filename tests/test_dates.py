"""The dates that a question names: a table of them, each with the days it means.

Today is Wednesday, 27 January 2021.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from cnlunar import Lunar
from hypothesis import given
from hypothesis import strategies as st

from retrieval.dates import named_dates
from retrieval.festivals import festival_days, lunar_days, solar_of
from retrieval.folding import fold
from retrieval.records import NamedDate
from retrieval.tokens import Segmenter

TODAY = date(2021, 1, 27)

# What is said, the first and the last day that it means (None is open), whether it is relative.
SETTLED = [
    ("2021年1月27日辽源日报", "2021-01-27", "2021-01-27", False),
    ("2021-01-27", "2021-01-27", "2021-01-27", False),
    ("2021.1.27", "2021-01-27", "2021-01-27", False),
    ("2021/1/27", "2021-01-27", "2021-01-27", False),
    ("2021年2月", "2021-02-01", "2021-02-28", False),
    ("2020年2月", "2020-02-01", "2020-02-29", False),
    ("2021-02", "2021-02-01", "2021-02-28", False),
    ("1998年洪水", "1998-01-01", "1998-12-31", False),
    ("二〇二一年", "2021-01-01", "2021-12-31", False),
    ("二○二一年一月", "2021-01-01", "2021-01-31", False),
    ("二零二一年一月二十七日", "2021-01-27", "2021-01-27", False),
    ("民国二十六年", "1937-01-01", "1937-12-31", False),
    ("民国二十六年七月七日", "1937-07-07", "1937-07-07", False),
    ("民国26年7月", "1937-07-01", "1937-07-31", False),
    ("去年", "2020-01-01", "2020-12-31", True),
    ("今年", "2021-01-01", "2021-12-31", True),
    ("前年", "2019-01-01", "2019-12-31", True),
    ("大前年", "2018-01-01", "2018-12-31", True),
    ("明年", "2022-01-01", "2022-12-31", True),
    ("去年12月", "2020-12-01", "2020-12-31", True),
    ("去年十二月五日", "2020-12-05", "2020-12-05", True),
    ("去年冬天", "2020-12-01", "2021-02-28", True),
    ("今年1月27日", "2021-01-27", "2021-01-27", True),
    ("上个月", "2020-12-01", "2020-12-31", True),
    ("上月5号", "2020-12-05", "2020-12-05", True),
    ("上上个月", "2020-11-01", "2020-11-30", True),
    ("这个月", "2021-01-01", "2021-01-31", True),
    ("本月初", "2021-01-01", "2021-01-10", True),
    ("上月底", "2020-12-21", "2020-12-31", True),
    ("下个月", "2021-02-01", "2021-02-28", True),
    ("昨天", "2021-01-26", "2021-01-26", True),
    ("前天", "2021-01-25", "2021-01-25", True),
    ("大前天", "2021-01-24", "2021-01-24", True),
    ("今天", "2021-01-27", "2021-01-27", True),
    ("昨晚", "2021-01-26", "2021-01-26", True),
    ("三天前", "2021-01-24", "2021-01-24", True),
    ("10天前", "2021-01-17", "2021-01-17", True),
    ("两周前", "2021-01-11", "2021-01-17", True),
    ("两个月前", "2020-11-01", "2020-11-30", True),
    ("5年前", "2016-01-01", "2016-12-31", True),
    ("十年前", "2011-01-01", "2011-12-31", True),
    ("上周", "2021-01-18", "2021-01-24", True),
    ("上周五", "2021-01-22", "2021-01-22", True),
    ("本周", "2021-01-25", "2021-01-31", True),
    ("上上周", "2021-01-11", "2021-01-17", True),
    ("这个星期三", "2021-01-27", "2021-01-27", True),
    ("上个礼拜", "2021-01-18", "2021-01-24", True),
    ("上周末", "2021-01-23", "2021-01-24", True),
    ("近三年", "2018-01-27", "2021-01-27", True),
    ("最近两个月", "2020-11-27", "2021-01-27", True),
    ("过去一周", "2021-01-20", "2021-01-27", True),
    ("最近5年来", "2016-01-27", "2021-01-27", True),
    ("八十年代", "1980-01-01", "1989-12-31", False),
    ("80年代", "1980-01-01", "1989-12-31", False),
    ("上世纪八十年代", "1980-01-01", "1989-12-31", True),
    ("上个世纪九十年代初", "1990-01-01", "1993-12-31", True),
    ("20世纪30年代末", "1937-01-01", "1939-12-31", False),
    ("1980年代", "1980-01-01", "1989-12-31", False),
    ("本世纪初", "2000-01-01", "2009-12-31", True),
    ("上世纪末", "1990-01-01", "1999-12-31", True),
    ("21世纪", "2001-01-01", "2100-12-31", False),
    ("二十世纪五十年代中期", "1954-01-01", "1956-12-31", False),
    ("解放前", None, "1949-09-30", False),
    ("建国后", "1949-10-01", None, False),
    ("改革开放以来", "1978-12-18", None, False),
    ("文革期间", "1966-05-16", "1976-10-06", False),
    ("伪满时期", "1932-03-01", "1945-08-18", False),
    ("2020年到2021年", "2020-01-01", "2021-12-31", False),
    ("2019-2020年", "2019-01-01", "2020-12-31", False),
    ("2021年1月至3月", "2021-01-01", "2021-03-31", False),
    ("2021年1月5日至10日", "2021-01-05", "2021-01-10", False),
    ("2020年12月到2021年2月", "2020-12-01", "2021-02-28", False),
    ("2021年1月27日至2月3日", "2021-01-27", "2021-02-03", False),
    ("去年到今年", "2020-01-01", "2021-12-31", True),
    ("2020年以来", "2020-01-01", "2021-01-27", True),
    ("今年以来", "2021-01-01", "2021-01-27", True),
    ("2020年以前", None, "2019-12-31", False),
    ("2020年前", None, "2019-12-31", False),
    ("2019年之后", "2019-01-01", None, False),
    ("2015年后", "2015-01-01", None, False),
    ("2020年至今", "2020-01-01", "2021-01-27", True),
    ("2021年上半年", "2021-01-01", "2021-06-30", False),
    ("去年下半年", "2020-07-01", "2020-12-31", True),
    ("2020年第三季度", "2020-07-01", "2020-09-30", False),
    ("2020年二季度", "2020-04-01", "2020-06-30", False),
    ("2020年初", "2020-01-01", "2020-02-29", False),
    ("2020年底", "2020-11-01", "2020-12-31", False),
    ("去年年底", "2020-11-01", "2020-12-31", True),
    ("2021年1月上旬", "2021-01-01", "2021-01-10", False),
    ("2021年1月中旬", "2021-01-11", "2021-01-20", False),
    ("2021年2月下旬", "2021-02-21", "2021-02-28", False),
    ("2021年1月初", "2021-01-01", "2021-01-10", False),
    ("2020年12月底", "2020-12-21", "2020-12-31", False),
    ("2021年春节", "2021-02-12", "2021-02-12", False),
    ("2021年除夕", "2021-02-11", "2021-02-11", False),
    ("去年春节前后", "2020-01-18", "2020-02-01", True),
    ("2021年春节期间", "2021-02-11", "2021-02-18", False),
    ("2021年元宵节", "2021-02-26", "2021-02-26", False),
    ("2021年清明", "2021-04-04", "2021-04-04", False),
    ("2021年端午节", "2021-06-14", "2021-06-14", False),
    ("2020年中秋", "2020-10-01", "2020-10-01", False),
    ("2020年重阳节", "2020-10-25", "2020-10-25", False),
    ("2021年正月初三", "2021-02-14", "2021-02-14", False),
    ("2020年腊月二十三", "2021-02-04", "2021-02-04", False),
    ("2020年五一期间", "2020-05-01", "2020-05-05", False),
    ("2020年十一期间", "2020-10-01", "2020-10-07", False),
    ("2020年国庆", "2020-10-01", "2020-10-01", False),
    ("2020年国庆期间", "2020-10-01", "2020-10-07", False),
    ("2021年元旦", "2021-01-01", "2021-01-01", False),
    ("2020年六一儿童节", "2020-06-01", "2020-06-01", False),
    ("98年洪水", "1998-01-01", "1998-12-31", False),
    ("21年1月27那张辽源日报", "2021-01-27", "2021-01-27", False),
    ("辽源日报21年1月27日", "2021-01-27", "2021-01-27", False),
    ("二一年一月二十七那张报", "2021-01-27", "2021-01-27", False),
    ("12年3月的报", "2012-03-01", "2012-03-31", False),
    ("08年奥运会", "2008-01-01", "2008-12-31", False),
    ("从2020年到2021年", "2020-01-01", "2021-12-31", False),
    ("2021年1月27日那天的报纸", "2021-01-27", "2021-01-27", False),
    ("辽源日报2021年1月27日头版", "2021-01-27", "2021-01-27", False),
    ("2021年的报道", "2021-01-01", "2021-12-31", False),
    ("1937年7月7日", "1937-07-07", "1937-07-07", False),
    ("2020年十一月", "2020-11-01", "2020-11-30", False),
    ("二〇二一年十一期间", "2021-10-01", "2021-10-07", False),
    ("十五年前", "2006-01-01", "2006-12-31", True),
    ("2020年秋天", "2020-09-01", "2020-11-30", False),
    ("1912年到1949年", "1912-01-01", "1949-12-31", False),
    ("民国元年", "1912-01-01", "1912-12-31", False),
    ("2003年非典期间", "2003-01-01", "2003-12-31", False),
    ("2021年1月20日到今天", "2021-01-20", "2021-01-27", True),
    ("去年6月", "2020-06-01", "2020-06-30", True),
    ("二〇二〇年六月至八月", "2020-06-01", "2020-08-31", False),
    ("2020年春天", "2020-03-01", "2020-05-31", False),
    ("上上个星期", "2021-01-11", "2021-01-17", True),
    ("近十年", "2011-01-27", "2021-01-27", True),
    ("2008年北京奥运会", "2008-01-01", "2008-12-31", False),
    ("民国三十四年八月十五日", "1945-08-15", "1945-08-15", False),
]

OPEN = [
    ("最近", None, None),
    ("1月至3月", None, None),
    ("1月27日的报纸", 1, 27),
    ("1月27日", 1, 27),
    ("3月份", 3, None),
    ("春节前后", None, None),
    ("五一期间", None, None),
]

NONE = [
    "20年代",
    "二〇二厂",
    "12345热线",
    "2021个",
    "三月三小区",
    "八一路",
    "五一广场",
    "十一中学",
    "六一小学",
    "国庆路",
    "2021万元",
    "20年来",
    "建厂30年",
    "三天前后",
    "第三季度",
    "三年级",
    "21年",
    "十一月的会",
    "三月三",
    "今日头条",
    "中国梦",
    "一月",
]


def read(text: str) -> list[NamedDate]:
    return named_dates(fold(text), TODAY)


def test_the_table_is_long() -> None:
    assert len({text for text, *_ in SETTLED}) >= 80


@pytest.mark.parametrize(("text", "first", "last", "relative"), SETTLED)
def test_a_date_means_these_days(
    text: str, first: str | None, last: str | None, relative: bool
) -> None:
    (named,) = read(f"请问{text},有什么事?")
    assert (named.first, named.last, named.relative) == (first, last, relative)
    assert text.startswith(named.text) or named.text in fold(text)


@pytest.mark.parametrize(("text", "month", "day"), OPEN)
def test_a_date_without_its_year_is_left_open(
    text: str, month: int | None, day: int | None
) -> None:
    (named,) = read(text)
    assert (named.first, named.last, named.month, named.day) == (None, None, month, day)


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "of_paper"),
    [
        ("2021年1月27日的报纸登了什么?", True),
        ("2021年1月27日那天的报纸", True),
        ("辽源日报2021年1月27日登了什么?", True),
        ("《辽源日报》2021年1月27日", True),
        ("2021年1月27日辽源日报", True),
        ("2020年的报道", True),
        ("1月27日头版", True),
        ("2021年1月27日开了什么会?", False),
        ("2020年植树多少棵?", False),
    ],
)
def test_the_day_of_a_paper_is_told_from_that_of_an_event(text: str, of_paper: bool) -> None:
    assert read(text)[0].of_paper is of_paper


@pytest.mark.parametrize("text", ["前天津市长是谁?", "三月三小区在哪?", "二〇二厂"])
def test_a_date_ends_where_a_word_ends(text: str) -> None:
    words = Segmenter.open([]).words(text)
    assert named_dates(text, TODAY, edges={at for _, *ends in words for at in ends}) == []


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(0, 400))
def test_what_is_relative_moves_with_today(today: date, back: int) -> None:
    (before,) = named_dates("昨天", today)
    assert before.first == (today - timedelta(days=1)).isoformat()
    (week,) = named_dates("上周", today)
    assert week.first is not None
    assert week.last is not None
    first, last = date.fromisoformat(week.first), date.fromisoformat(week.last)
    assert (first.weekday(), last - first) == (0, timedelta(days=6))
    assert last < today <= last + timedelta(days=7)
    (days_ago,) = named_dates(f"{back % 99 + 1}天前", today)
    assert days_ago.first == (today - timedelta(days=back % 99 + 1)).isoformat()


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_form(day: date) -> None:
    forms = (
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
    )
    for form in forms:
        assert [(n.first, n.last) for n in read(form)] == [(day.isoformat(), day.isoformat())]


@given(st.text(st.sampled_from("12年月日去上个周前天至到-.〇二十农历正初节五一以来"), max_size=16))
def test_any_figures_are_read_or_passed_over(text: str) -> None:
    folded = fold(text)
    found = read(text)
    assert all(folded[n.start : n.end] == n.text for n in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(n.first <= n.last for n in found if n.first and n.last)


@pytest.mark.parametrize("year", range(1901, 2100, 9))
def test_lunar_days_and_tomb_sweeping_agree_with_the_almanac(year: int) -> None:
    """The oracle is cnlunar, asked day by day."""
    new_year = solar_of(year, 1, 1)
    assert new_year is not None
    known = Lunar(datetime(new_year.year, new_year.month, new_year.day, 12))
    assert (known.lunarYear, known.lunarMonth, known.lunarDay) == (year, 1, 1)
    days = festival_days("清明", year)
    assert days is not None
    terms = Lunar(datetime(year, 4, days[0].day, 12)).todaySolarTerms
    assert terms == "清明"


@pytest.mark.parametrize(
    ("text", "year", "first", "last"),
    [
        ("正月", 2021, date(2021, 2, 12), date(2021, 3, 12)),
        ("腊月", 2020, date(2021, 1, 13), date(2021, 2, 11)),
        ("正月初一", 2021, date(2021, 2, 12), date(2021, 2, 12)),
    ],
)
def test_a_lunar_month_is_whole(text: str, year: int, first: date, last: date) -> None:
    assert lunar_days(text, year) == (first, last)
