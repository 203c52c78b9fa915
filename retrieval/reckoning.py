"""Days counted from today: 昨天, 上周五, 三天前, 近三年. Weeks begin on Monday."""

from __future__ import annotations

import re
from datetime import date, timedelta

from retrieval.almanac import number
from retrieval.periods import Period, Point, period_of

NUMBER = r"(?:\d{1,2}|十[一二三四五六七八九]?|[一二两三四五六七八九](?:十[一二三四五六七八九]?)?)"
UNIT = r"(?:天|日|周|个?星期|个?礼拜|个月|年)"
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_WEEKS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1}
_LONGEST_FEBRUARY = 28  # a day that every month has


def near_day(words: str, today: date) -> Period:
    """昨天, 前天, 今晚."""
    day = today + timedelta(days=_DAYS[words[:-1]])
    return day, day


def week(words: str, weekday: str | None, today: date) -> Period:
    """上周, 本周五, 上周末."""
    weeks = _WEEKS[re.split("个|周|星期|礼拜", words)[0]]
    monday = _monday(today) + timedelta(weeks=weeks)
    if weekday is None:
        return monday, monday + timedelta(days=6)
    if weekday == "末":
        return monday + timedelta(days=5), monday + timedelta(days=6)
    day = monday + timedelta(days="一二三四五六日天".index(weekday) % 7)
    return day, day


def ago(words: str, today: date) -> Period:
    """三天前 is a day, 两周前 a week, 两个月前 a month, 五年前 a year."""
    many, unit = _many(words)
    if unit == "年":
        return date(today.year - many, 1, 1), date(today.year - many, 12, 31)
    if unit == "月":
        return _months_back(today, many)
    if unit == "天":
        day = today - timedelta(days=many)
        return day, day
    monday = _monday(today) - timedelta(weeks=many)
    return monday, monday + timedelta(days=6)


def past(words: str, today: date) -> Period:
    """近三年, 最近两周: up to today."""
    many, unit = _many(words)
    day = min(today.day, _LONGEST_FEBRUARY)
    if unit == "月":
        return _months_back(today, many)[0].replace(day=day), today
    if unit == "年":
        return date(today.year - many, today.month, day), today
    return today - timedelta(days=many * (7 if unit == "周" else 1)), today


def _many(words: str) -> tuple[int, str]:
    """The number of 两周前 and its unit: 天, 周, 月 or 年."""
    found = re.search(rf"({NUMBER})({UNIT})", words)
    if found is None:
        return 0, "天"
    units = {"天": "天", "日": "天", "年": "年", "个月": "月"}
    return number(found[1].replace("两", "二")), units.get(found[2], "周")


def _months_back(today: date, many: int) -> Period:
    """The month that lies so many months back."""
    months = today.year * 12 + today.month - 1 - many
    found = period_of(Point(month=months % 12 + 1), months // 12)
    return found or (today, today)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
