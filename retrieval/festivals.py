"""Festivals and the days they fall on: of the solar calendar, of the lunar one, and 清明.

A festival's name with a year means the day within that year of the solar calendar; a lunar day
(腊月二十三) means the lunar year, which ends in the next solar one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from retrieval.almanac import LunarDay, lunar_day, number
from retrieval.periods import Period

_SOLAR = {
    "元旦": (1, 1),
    "三八": (3, 8),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "五四": (5, 4),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "教师节": (9, 10),
    "十一": (10, 1),
    "国庆": (10, 1),
}
_LUNAR = {
    "春节": (1, 1),
    "大年初一": (1, 1),
    "元宵": (1, 15),
    "端午": (5, 5),
    "七夕": (7, 7),
    "中秋": (8, 15),
    "重阳": (9, 9),
    "腊八": (12, 8),
    "小年": (12, 23),
}
_EVE = ("除夕", "大年三十")
_NAMES = "|".join(sorted([*_SOLAR, *_LUNAR, *_EVE, "清明"], key=len, reverse=True))
_DURING, _AROUND, _BEFORE = "期间|假期|小?长假|黄金周|假日", "前后", "前夕"
# 十一 begins 十一月 and 十一中学, 八一 a street: a name of figures needs a word that makes it a day.
_BARE = "元旦|春节|除夕|清明|中秋|国庆|元宵|端午|重阳|腊八"
FESTIVAL = (
    rf"(?:(?:{_BARE})节?(?![上路街湖门关])|(?:{_NAMES})(?=节|{_DURING}|{_AROUND}|{_BEFORE}|劳动|儿童|妇女|青年|建党|建军)"
    rf"(?:国际)?(?:劳动|儿童|妇女|青年|建党|建军)?节?)(?:{_DURING}|{_AROUND}|{_BEFORE})?"
)
_MONTH = r"(?:正|十[一二]|[二三四五六七八九十冬腊])"
_DAY = (
    r"(?:初[一二三四五六七八九十]|[廿卅][一二三四五六七八九]?|[一二]?十[一二三四五六七八九]?|三十)"
)
LUNAR_DAY = rf"(?:农历|阴历|旧历)?(?:正月|腊月|冬月|{_MONTH}月(?=初|廿)){_DAY}?(?!日|号)"
_PARTS = re.compile(rf"(?P<month>{_MONTH})月(?P<day>{_DAY})?")
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
# The days off that 期间 means, from and to the day itself, since 1999; other festivals have three.
_HOLIDAYS = {"春节": (-1, 6), "除夕": (0, 7), "国庆": (0, 6), "十一": (0, 6), "五一": (0, 4)}
_THREE = (-1, 1)
_WEEK = timedelta(days=7)
_LEAST_NEW_YEAR = (1, 20)  # the lunar year begins from 21 January to 20 February
_SEARCHED_DAYS = 66  # that month, and a leap month


def festival_days(text: str, year: int) -> Period | None:
    """The days that a festival (``FESTIVAL``) covers in a year; ``None`` where it is not known."""
    name = next((n for n in _NAMES.split("|") if text.startswith(n)), None)
    day = _day_of(name, year) if name else None
    if day is None or name is None:
        return None
    if text.endswith(_AROUND):
        return day - _WEEK, day + _WEEK
    if text.endswith(_BEFORE):
        return day - _WEEK, day - timedelta(days=1)
    if re.search(rf"(?:{_DURING})$", text):
        first, last = _HOLIDAYS.get(name, _THREE)
        return day + timedelta(days=first), day + timedelta(days=last)
    return day, day


def lunar_days(text: str, year: int) -> Period | None:
    """The days that a lunar day or month (``LUNAR_DAY``) covers in a lunar year."""
    parts = _PARTS.search(text)
    if parts is None:
        return None
    month = _MONTHS.get(parts["month"]) or number(parts["month"])
    if parts["day"]:
        day = solar_of(year, month, number(parts["day"].removeprefix("初")))
        return (day, day) if day else None
    first, after = solar_of(year, month, 1), solar_of(year + month // 12, month % 12 + 1, 1)
    return (first, after - timedelta(days=1)) if first and after else None


@lru_cache(maxsize=1024)
def solar_of(year: int, month: int, day: int) -> date | None:
    """The solar day of a lunar one; a lunar month of 29 days has no 三十, and means its last."""
    start = date(year, *_LEAST_NEW_YEAR) + timedelta(days=int(29.5 * (month - 1)) + day - 1)
    wanted = [LunarDay(month, d) for d in ((day, 29) if day == 30 else (day,))]
    days = [start + timedelta(days=n) for n in range(_SEARCHED_DAYS)]
    known = {found: d for d in reversed(days) if (found := _plain(d))}
    return next((known[w] for w in wanted if w in known), None)


def _plain(day: date) -> LunarDay | None:
    """The lunar day without its cyclic year."""
    found = lunar_day(day.isoformat())
    return LunarDay(found.month, found.day, found.leap) if found else None


def _day_of(name: str, year: int) -> date | None:
    """The day of a festival within a solar year."""
    if name == "清明":
        return _tomb_sweeping(year)
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name in _EVE:
        first = solar_of(year, 1, 1)
        return first - timedelta(days=1) if first else None
    month, day = _LUNAR[name]
    found = [solar_of(y, month, day) for y in ((year - 1, year) if month == 12 else (year,))]
    return next((d for d in found if d and d.year == year), None)


def _tomb_sweeping(year: int) -> date | None:
    """清明 by the rule of the century's constant and leap years (寿星万年历), 1901 to 2099."""
    if not 1901 <= year <= 2099:
        return None
    of_century = year % 100
    constant = 5.59 if year <= 2000 else 4.81
    if year == 2000:
        return date(2000, 4, 4)
    return date(year, 4, int(of_century * 0.2422 + constant) - of_century // 4)
