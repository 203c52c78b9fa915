"""Dates in a story: what they mean, counted from the day of the paper."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.events import event_dates

PAPER = "2021-01-27"  # a Wednesday


def meant(text: str, published: str | None = PAPER) -> list[str]:
    """Each date as ``words first last``, the last left out where it is the first."""
    return [
        " ".join(dict.fromkeys([e.text, e.first or "?", e.last or "?"]))
        for e in event_dates(text, published)
    ]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        # counted from the paper's day
        ("昨日，记者获悉", ["昨日 2021-01-26"]),
        ("昨天下午和今天上午", ["昨天 2021-01-26", "今天 2021-01-27"]),
        ("截至昨日，前天起", ["昨日 2021-01-26", "前天 2021-01-25"]),
        ("明天上午开幕", ["明天 2021-01-28"]),
        ("上周五，本周", ["上周五 2021-01-22", "本周 2021-01-25 2021-01-31"]),
        ("本月15日、上个月、上月26日", ["本月15日 2021-01-15", "上个月 2020-12-01 2020-12-31", "上月26日 2020-12-26"]),
        # month and day: the last before the paper, over the turn of the year too
        ("1月26日下午", ["1月26日 2021-01-26"]),
        ("1月27日", ["1月27日 2021-01-27"]),
        ("12月1日", ["12月1日 2020-12-01"]),
        ("1 月 26 日", ["1 月 26 日 2021-01-26"]),
        ("１月２６日", ["１月２６日 2021-01-26"]),
        ("2月29日", ["2月29日 2020-02-29"]),
        ("1月26日(星期二)，", ["1月26日(星期二) 2021-01-26"]),
        ("一月二十六日", ["一月二十六日 2021-01-26"]),
        # announced
        ("将于2月3日举行", ["2月3日 2021-02-03"]),
        ("2月3日起将停水", ["2月3日 2021-02-03"]),
        ("定于12月1日开工", ["12月1日 2021-12-01"]),
        ("2月3日举行", ["2月3日 ?"]),
        ("5月31日结束，9月1日", ["5月31日 ?", "9月1日 2020-09-01"]),
        # with a year
        ("去年12月", ["去年12月 2020-12-01 2020-12-31"]),
        ("今年3月", ["今年3月 2021-03-01 2021-03-31"]),
        ("明年，", ["明年 2022-01-01 2022-12-31"]),
        ("2022年7月12日", ["2022年7月12日 2022-07-12"]),
        ("二〇二二年七月", ["二〇二二年七月 2022-07-01 2022-07-31"]),
        ("2020年2月", ["2020年2月 2020-02-01 2020-02-29"]),
        ("2021年", ["2021年 2021-01-01 2021-12-31"]),
        ("民国二十六年七月七日", ["民国二十六年七月七日 1937-07-07"]),
        ("2021-01-25", ["2021-01-25"]),
        ("今年上半年", ["今年上半年 2021-01-01 2021-06-30"]),
        ("2020年第三季度", ["2020年第三季度 2020-07-01 2020-09-30"]),
        ("1月中旬", ["1月中旬 2021-01-11 2021-01-20"]),
        # ranges
        ("12月1日至5日", ["12月1日至5日 2020-12-01 2020-12-05"]),
        ("11月1日至2月5日", ["11月1日至2月5日 2020-11-01 2021-02-05"]),
        ("2020年11月1日至12月25日", ["2020年11月1日至12月25日 2020-11-01 2020-12-25"]),
        ("2016-2020年", ["2016-2020年 2016-01-01 2020-12-31"]),
        ("2016年至2020年", ["2016年至2020年 2016-01-01 2020-12-31"]),
        ("1至10月", ["1至10月 2020-01-01 2020-10-31"]),
        ("1月至10月", ["1月至10月 2020-01-01 2020-10-31"]),
        ("去年1-10月份", ["去年1-10月份 2020-01-01 2020-10-31"]),
        ("1月20日至今", ["1月20日至今 2021-01-20 2021-01-27"]),
        # left open
        ("近日，日前，", ["近日 ?", "日前 ?"]),
        ("星期三，周三上午", ["星期三 ?", "周三 ?"]),
        ("每年3月15日，当年12月", ["每年3月15日 ?", "当年12月 ?"]),
        ("农历正月初三、腊月廿三", ["农历正月初三 ?", "腊月廿三 ?"]),
        ("2019年3月5日开工，12月8日竣工", ["2019年3月5日 2019-03-05", "12月8日 ?"]),
        ("2019年3月5日开工。\n12月8日", ["2019年3月5日 2019-03-05", "12月8日 2020-12-08"]),
        # an agency's report counts from its own day
        ("新华社北京1月25日电 昨日", ["1月25日 2021-01-25", "昨日 2021-01-24"]),
        # no dates
        ("3个月，三月的歌，13月5日，2月30日", []),
        ("八月饼，20日前，今日头条，《今日说法》，在改革的今天", []),
        ("15.2021年", []),
        ("2020年代，去年同期，美好明天，上周边，前三季度", []),
    ],
)  # fmt: skip
def test_a_date_means_what_its_words_and_the_papers_day_leave(text: str, dates: list[str]) -> None:
    assert meant(text) == dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("1月26日", ["1月26日 ?"]),
        ("昨日", ["昨日 ?"]),
        ("去年12月", ["去年12月 ?"]),
        ("上周五", ["上周五 ?"]),
        ("本月15日", ["本月15日 ?"]),
        ("2021年1月26日至28日", ["2021年1月26日至28日 2021-01-26 2021-01-28"]),
        ("新华社北京1月25日电 昨日", ["1月25日 ?", "昨日 ?"]),
    ],
)
def test_without_the_papers_day_only_absolute_dates_are_resolved(
    text: str, dates: list[str]
) -> None:
    assert meant(text, None) == dates


@pytest.mark.parametrize(
    ("published", "words", "day"),
    [
        ("2021-01-01", "昨日", "2020-12-31"),
        ("2021-01-01", "12月31日", "2020-12-31"),
        ("2020-03-01", "昨天", "2020-02-29"),
        ("2020-12-31", "明天上午", "2021-01-01"),
        ("2020-12-28", "将于1月5日", "2021-01-05"),
        ("2021-03-01", "2月29日", "2020-02-29"),
        ("2024-02-29", "2月29日", "2024-02-29"),
    ],
)
def test_the_turn_of_the_year_and_leap_days(published: str, words: str, day: str) -> None:
    (event,) = event_dates(words, published)
    assert (event.first, event.last) == (day, day)


ALPHABET = (
    "0123456789年月日号一二三十廿初正腊至到-、，。(（去今明昨天将于周星期民国元近旬底份上本 \n汉"
)


@given(st.text(alphabet=ALPHABET, max_size=40), st.none() | st.dates(date(1900, 1, 1)))
def test_dates_stand_in_the_text_in_order_and_their_periods_run_forward(
    text: str, day: date | None
) -> None:
    end = 0
    for event in event_dates(text, day.isoformat() if day else None):
        assert end <= event.start < event.end <= len(text)
        assert text[event.start : event.end] == event.text
        assert (event.first is None) == (event.last is None)
        assert (event.first or "") <= (event.last or "")
        end = event.end


@given(st.dates(date(1901, 1, 1), date(2098, 12, 31)), st.dates(date(1901, 1, 1), date(2098, 1, 1)))
def test_a_full_date_means_itself_whatever_the_papers_day(day: date, published: date) -> None:
    text = f"{day.year}年{day.month}月{day.day}日"
    (event,) = event_dates(text, published.isoformat())
    assert event.first == event.last == day.isoformat()
