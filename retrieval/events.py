"""The dates in a story, resolved against the day of the paper, and kept apart from it.

A date is resolved only where its words and the page's day leave one reading. What may mean two
days (近日; 周三; a lunar day; in January, 3月 without a year) stays unresolved. In an agency's report
(``新华社北京1月26日电``) 今天 and 昨天 count from the day of its dateline.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.almanac import ERA_YEAR, LUNAR_DAY, STEM_YEAR, WEEKDAY, era_year, number, year_number
from retrieval.periods import (
    SOON,
    Period,
    Point,
    following,
    latest,
    may_come,
    of_months,
    period_of,
    until,
)


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date in a text: its range there, its words, and the days meant, both inclusive.

    ``first`` and ``last`` are ISO days, both ``None`` where the words do not settle them.
    """

    start: int
    end: int
    text: str
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class _Today:
    """What a text counts from: the paper's day, the report's own day, the year last named."""

    paper: date | None
    report: date | None
    named: int | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """How far a date's words reach, what they mean, and the year they name for those after."""

    end: int
    period: Period | None
    named: int | None = None


_NUMBER = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_DAY_NUMBER = r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[廿卅]?[一二三四五六七八九]|[廿卅])"
_ARABIC_YEAR = r"(?<![\d.])(?:1[89]|20)\d\d"
_YEAR = rf"(?:{_ARABIC_YEAR}|[一二][〇○零一二三四五六七八九0]{{3}})\s?年|{ERA_YEAR}"
_TO = r"\s?(?:至|到|[-—–~～－─]{1,2})\s?"
_OF_WEEK = rf"(?:\s?[(（]{WEEKDAY}[)）])?"
_OPEN_YEARS = "每年|当年|當年|同年|次年|翌年|历年|往年|那年|该年"
_NEAR_YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2, "後年": 2}
_NEAR_MONTHS = {"本月": 0, "这个月": 0, "上个月": -1, "上月": -1, "下个月": 1, "下月": 1}
_NEAR_DAYS = {"今": 0, "昨": -1, "前": -2, "明": 1, "后": 2, "後": 2}
_NEAR_WEEKS = {"本": 0, "这": 0, "這": 0, "上": -1, "下": 1}

# Where a date may begin: one pass finds these, small patterns read on from there.
_HEAD = re.compile(
    rf"(?P<lunar>(?:[农農夏阴陰旧舊][历曆]|{STEM_YEAR})\s?(?:{LUNAR_DAY}|[闰閏]?{_NUMBER}月(?:{_DAY_NUMBER}日?)?)"
    rf"|(?<![一二三四五六七八九十年])(?:{LUNAR_DAY}(?!号|號)|[正腊臘]月))"
    rf"|(?P<iso>{_ARABIC_YEAR}(?P<sign>[-/.])\d{{1,2}}(?P=sign)\d{{1,2}}(?![\d./-]))"
    rf"|(?P<span>{_ARABIC_YEAR})(?=\s?[-—–~～至到]{{1,2}}\s?(?:19|20)\d\d\s?年)"
    rf"|(?P<year>(?:{_YEAR})(?!代)|{'|'.join(_NEAR_YEARS)}|{_OPEN_YEARS})(?!同期|同月)"
    rf"|(?P<near>{'|'.join(_NEAR_MONTHS)})"
    r"|(?<!《)(?P<day>昨[日天晚夜]|(?<![的到好])今(?:[日天](?!头条|说法|视点|关注|导读|看点|的)|[晚晨早](?!报|已))"
    r"|前[日天]|(?<![好的新])(?:明[日天晚早]|[后後]天)(?=[，,、上下早晚中凌将將起在举舉开開\d]))"
    r"|(?P<week>[本这這上下]个?(?:[周週]|星期|[礼禮]拜)(?P<weekday>[一二三四五六日天])?)(?![末边邊围期刊岁年转身])"
    rf"|(?P<vague>(?<!\d)(?:近日|日前|近期|不久前|前不久|最近|连日来|連日來|前几天|前幾天"
    rf"|{WEEKDAY}(?=[，,、上下晚早至到)）])))"
    rf"|(?<![\d.第每一二三四五六七八九十])(?P<month>{_NUMBER}(?:{_TO}{_NUMBER})?\s?月)"
)
_MONTH = re.compile(
    rf"(?:(?P<since>{_NUMBER}){_TO})?(?P<month>{_NUMBER})\s?月(?![饼餅子球亮票薪租嫂龄季])"
    rf"(?:\s?(?P<day>{_DAY_NUMBER})\s?(?:[日号號](?![线楼院])){_OF_WEEK}"
    r"|(?P<part>[上中下]旬|初(?![一二三四五六七八九十])|底|末|份))?"
)
_DAY = re.compile(rf"(?P<day>{_DAY_NUMBER})\s?[日号號](?![线楼院]){_OF_WEEK}")
_PART = re.compile(r"(?P<part>[上中下]旬|初(?![一二三四五六七八九十])|底|末|份)")
_YEAR_PART = re.compile(r"(?:度)?(?P<part>[上下]半年|第?[一二三四1-4]季度)")
_JOIN, _RANGE = re.compile(r"[,，]?\s?"), re.compile(_TO)
_THEN_YEAR = re.compile(_YEAR)
_NOW = re.compile(r"今(?![日天晚年])")
_AHEAD = re.compile(
    r"(?:将[于在]|將[於在]|[定拟订訂][于於]|计划[于在]|预计[于在到]?|有望[于在]|[将將])$"
)
_WILL = re.compile(r"前?起?[，,]?\s?(?:将|將|拟)")
_DATELINE = re.compile(r"(?P<month>\d{1,2})\s?月(?P<day>\d{1,2})\s?日[电電讯訊]")
_DATELINE_CHARS = 60


def event_dates(text: str, published: str | None) -> tuple[EventDate, ...]:
    """Each date of a text in its order, resolved against the day of the paper, if it is known."""
    paper = _paper_day(published) if published else None
    today = _Today(paper, _report_day(text, paper))
    found: list[EventDate] = []
    at = 0
    while head := _HEAD.search(text, at):
        if "\n" in text[at : head.start()]:
            today = replace(today, named=None)
        reading = _READERS[head.lastgroup or ""](text, head, today)
        if reading is not None:
            days = reading.period or (None, None)
            first, last = (day.isoformat() if day else None for day in days)
            words = text[head.start() : reading.end]
            found.append(EventDate(head.start(), reading.end, words, first, last))
            today = replace(today, named=reading.named or today.named)
        at = max(head.end(), reading.end if reading else 0)
    return tuple(found)


def _paper_day(published: str) -> date | None:
    """The paper's day, or ``None`` where it is so far off that no day can be counted from it."""
    day = date.fromisoformat(published)
    return day if 1000 <= day.year <= 9000 else None


def _report_day(text: str, paper: date | None) -> date | None:
    """The day of an agency's dateline, or else of the paper."""
    dateline = _DATELINE.search(text, 0, _DATELINE_CHARS)
    if dateline is None or paper is None:
        return paper
    point = Point(month=int(dateline["month"]), day=int(dateline["day"]))
    period = latest(point, paper)
    return period[0] if period and paper - period[0] < SOON else None


def _open(text: str, head: re.Match[str], today: _Today) -> _Reading:
    """A date that its words leave open."""
    return _Reading(head.end(), None)


def _iso(text: str, head: re.Match[str], today: _Today) -> _Reading | None:
    """``2021-01-27``; none where the calendar has no such day."""
    year, month, day = map(int, re.split(r"[-/.]", head["iso"]))
    period = period_of(Point(month=month, day=day), year)
    return _Reading(head.end(), period, year) if period else None


def _near_day(text: str, head: re.Match[str], today: _Today) -> _Reading:
    """昨日, 今天, 明晚: counted from the report's day."""
    if today.report is None:
        return _Reading(head.end(), None)
    day = today.report + timedelta(days=_NEAR_DAYS[head["day"][0]])
    return _Reading(head.end(), (day, day))


def _week(text: str, head: re.Match[str], today: _Today) -> _Reading:
    """上周, 本周五: weeks begin on Monday."""
    if today.report is None:
        return _Reading(head.end(), None)
    weeks = _NEAR_WEEKS[head["week"][0]]
    monday = today.report - timedelta(days=today.report.weekday()) + timedelta(weeks=weeks)
    if not head["weekday"]:
        return _Reading(head.end(), (monday, monday + timedelta(days=6)))
    day = monday + timedelta(days="一二三四五六日天".index(head["weekday"]) % 7)
    return _Reading(head.end(), (day, day))


def _span(text: str, head: re.Match[str], today: _Today) -> _Reading | None:
    """``2016-2020年``."""
    return _ranged(text, Point(year=int(head["span"])), head.end(), today)


def _from_year(text: str, head: re.Match[str], today: _Today) -> _Reading | None:
    """A year with what follows of month and day; 每年 and 当年 only with a month, left open."""
    word = re.sub(r"\s", "", head["year"])
    join = _JOIN.match(text, head.end())
    month = _MONTH.match(text, join.end() if join else head.end())
    if word in _OPEN_YEARS.split("|"):
        return _Reading(month.end(), None) if month else None
    if word in _NEAR_YEARS and today.paper is None:
        return _Reading(month.end() if month else head.end(), None)
    year = _year(word, today)
    if month:
        return _ranged(text, replace(_month_point(month), year=year), month.end(), today)
    part = _YEAR_PART.match(text, head.end())
    point = Point(year=year, part=part["part"] if part else "")
    return _ranged(text, point, part.end() if part else head.end(), today)


def _near_month(text: str, head: re.Match[str], today: _Today) -> _Reading | None:
    """本月, 上月26日, 本月上旬."""
    day, part = _DAY.match(text, head.end()), _PART.match(text, head.end())
    more = day or part
    end = more.end() if more else head.end()
    if today.paper is None:
        return _Reading(end, None)
    months = today.paper.year * 12 + today.paper.month - 1 + _NEAR_MONTHS[head["near"]]
    point = Point(
        months // 12,
        months % 12 + 1,
        number(day["day"]) if day else None,
        part["part"] if part else "",
    )
    return _ranged(text, point, end, today)


def _bare(text: str, head: re.Match[str], today: _Today) -> _Reading | None:
    """A month, or month and day, without its year."""
    month = _MONTH.match(text, head.start())
    if month is None or _wordlike(month):
        return None
    return _ranged(text, _month_point(month), month.end(), today, month.start())


def _wordlike(month: re.Match[str]) -> bool:
    """Whether a month in Chinese numerals stands alone, as in 三月 of a song or a name."""
    return not month["month"][0].isdecimal() and not (month["day"] or month["part"])


def _ranged(
    text: str, first: Point, end: int, today: _Today, start: int | None = None
) -> _Reading | None:
    """What a point means, with the end of its range if one follows; ``start`` of a bare month."""
    second, last = _second(text, first, end)
    if second and of_months(first, second):
        first, second = replace(second, year=first.year, since=first.month), None
    ahead = start is not None and _is_ahead(text, start, last)
    period = period_of(first, first.year) if first.year else _yearless(first, today, ahead=ahead)
    if period_of(first, first.year or 2000) is None:
        return None
    if period and second:
        period = until(period[0], second, today.paper)
    named = first.year if first.month else None
    return _Reading(last, period, named)


def _second(text: str, first: Point, end: int) -> tuple[Point | None, int]:
    """The point that ends a range beginning here, and where it ends; ``None`` where none does."""
    to = _RANGE.match(text, end)
    if to is None:
        return None, end
    year = _THEN_YEAR.match(text, to.end())
    month = _MONTH.match(text, year.end() if year else to.end())
    known = _year_of(year[0]) if year else None
    if month:
        return replace(_month_point(month), year=known), month.end()
    if year:
        return Point(year=known), year.end()
    if first.day and (day := _DAY.match(text, to.end())):
        return Point(month=first.month, day=number(day["day"])), day.end()
    now = _NOW.match(text, to.end())
    return (Point(part="今"), now.end()) if now else (None, end)


def _is_ahead(text: str, start: int, end: int) -> bool:
    """Whether the words beside a date announce it: 将于2月3日, 2月3日将."""
    return bool(_AHEAD.search(text[max(0, start - 6) : start]) or _WILL.match(text, end))


def _yearless(point: Point, today: _Today, *, ahead: bool) -> Period | None:
    """The last such period before the paper's day or at it; the next where it is announced.

    Left open where it may be either, and where another year was named before it in the paragraph.
    """
    if today.paper is None:
        return None
    coming, past = following(point, today.paper), latest(point, today.paper)
    if not ahead and coming and past and may_come(coming[0], past[0], today.paper):
        return None
    period = coming if ahead else past
    return None if period and today.named not in (None, period[0].year) else period


def _month_point(match: re.Match[str]) -> Point:
    """The point that month, day and part of the month make."""
    return Point(
        month=number(match["month"]),
        day=number(match["day"]) if match["day"] else None,
        part=match["part"] or "",
        since=number(match["since"]) if match["since"] else None,
    )


def _year(word: str, today: _Today) -> int | None:
    """The year that 2021年, 民国二十六年 or 去年 names."""
    if word in _NEAR_YEARS:
        return today.paper.year + _NEAR_YEARS[word] if today.paper else None
    return _year_of(word)


def _year_of(word: str) -> int:
    """The year that ``2021年``, ``二〇二一年`` or ``民国二十六年`` names."""
    bare = re.sub(r"\s", "", word)
    return era_year(bare) if bare[0] in "民大康昭" else year_number(bare.rstrip("年"))


_READERS: dict[str, Callable[[str, re.Match[str], _Today], _Reading | None]] = {
    "lunar": _open,
    "vague": _open,
    "iso": _iso,
    "span": _span,
    "year": _from_year,
    "near": _near_month,
    "day": _near_day,
    "week": _week,
    "month": _bare,
}
