"""The dates that a question names, as days: 2021年1月, 民国二十六年, 去年12月, 五一期间, 八十年代.

Relative ones count from ``today``, which the caller hands in. A date without its year means no day
by itself (1月27日), nor does a vague one (最近): it is named, and left open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.almanac import ERA_YEAR, era_year, number, year_number
from retrieval.eras import CENTURY, PART, age, century, decade
from retrieval.errors import SettingsError
from retrieval.festivals import FESTIVAL, LUNAR_DAY, festival_days, lunar_days
from retrieval.folding import fold
from retrieval.periods import Point, period_of
from retrieval.reckoning import NUMBER, UNIT, ago, near_day, past, week
from retrieval.records import NamedDate

Days = tuple[date | None, date | None]  # first and last day, both inclusive; None is open


_NO_POINT = Point()


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read up to ``end``: the point, its days, and whether they count from today."""

    end: int
    days: Days
    point: Point = _NO_POINT
    relative: bool = False


_DAY_NUMBER = r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[廿卅]?[一二三四五六七八九]|[廿卅])"
_FULL_YEAR = r"(?<![\d.])(?:1[89]|20)\d\d"
_SHORT_YEAR = (  # 98年; 20年 is how long something took
    r"(?:^|(?<=[在从到至自于是问,。 和]))(?:[6-9]\d|0\d|[六七八九零〇][〇零一二三四五六七八九])年"
    r"(?![前来间内多以历后里之期才了代])"
    # 21年1月 names a month, and so a year.
    r"|(?<![\d.第])(?:[1-5]\d|[一二三][〇零一二三四五六七八九])年"
    r"(?=\s?(?:\d{1,2}|十[一二]?|[一二三四五六七八九])\s?月)"
)
_NEAR_YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2}
_NEAR_MONTHS = {"上上个月": -2, "上上月": -2, "上个月": -1, "上月": -1, "这个月": 0, "本月": 0}
_NEAR_MONTHS |= {"下个月": 1, "下月": 1}

# Where a date begins; what may follow it is read on from there.
_HEAD = re.compile(
    rf"(?P<iso>{_FULL_YEAR}(?P<sign>[-/.])\d{{1,2}}(?:(?P=sign)\d{{1,2}})?(?![\d/-]))"
    rf"|(?P<decade>(?:{CENTURY})?(?:(?<!\d)(?:1[89]|20)\d0|(?<!\d)[1-9]0|[二三四五六七八九]十)年代)"
    rf"|(?P<century>{CENTURY})"
    r"|(?P<era>(?:解放|建国|新中国成立)(?:以?前|之前|以?后|之后|以来)|改革开放(?:以?前|之前|以?后|之后|以来)"
    r"|(?:文革|文化大革命)(?:期间|时期|中)?|伪满(?:洲国)?(?:时期|时候?|年间))"
    rf"|(?P<ago>(?<![第\d.]){NUMBER}{UNIT}(?:以前|之前|前(?!后|列|期|景|往|夕)))"
    rf"|(?P<past>(?:最近|近|过去)(?:这|的)?{NUMBER}{UNIT}(?:以来|来|里|内|间)?)"
    rf"|(?P<span>{_FULL_YEAR})(?=\s?[-至到]{{1,2}}\s?(?:1[89]|20)\d\d\s?年)"
    rf"|(?P<year>{_FULL_YEAR}\s?年|[一二][〇○零一二三四五六七八九]{{3}}年|{ERA_YEAR}|{_SHORT_YEAR}"
    rf"|{'|'.join(sorted(_NEAR_YEARS, key=len, reverse=True))})(?!代|级|版本)"
    rf"|(?P<near>{'|'.join(_NEAR_MONTHS)})"
    r"|(?P<today>(?:大前|前)[天日]|昨[天日晚夜]|今[天日晚早晨](?!头条|说法|关注|视点)|明[天日晚早]|后天)"
    r"|(?P<week>(?:上上|[上本这下])个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])?)"
    r"|(?P<vague>最近|近来|近期|近日|日前|前不久|不久前|前几[天年])"
    rf"|(?<![\d.第每一二三四五六七八九十])(?P<month>(?:\d{{1,2}}|十[一二]?|[一二三四五六七八九])\s?月(?=份|\s?{_DAY_NUMBER}\s?[日号]|[上中下]旬|[初底末]))"
    r"|(?<!\d)(?P<bare>\d{1,2}月(?!饼))"
    rf"|(?P<feast>{LUNAR_DAY}|{FESTIVAL})"
)
_YEAR_PART = re.compile(
    r"(?:的|度)?(?P<part>[上下]半年|第?[一二三四1-4]季度|(?:年)?[初底末](?!中|级|期|一|二|三)|年中|[春夏秋冬](?:季|天)|冬)"
)
_MONTH = re.compile(
    rf"的?\s?(?P<month>\d{{1,2}}|十[一二]?|[一二三四五六七八九])\s?月(?:份|(?P<part>[上中下]旬|[初底末中](?![一二三四五六七八九十秋]))|\s?(?P<day>{_DAY_NUMBER})\s?(?:[日号]|(?=[那这]|的?报|$)))?"
)
_DAY = re.compile(rf"的?(?P<day>{_DAY_NUMBER})[日号]|(?P<part>[上中下]旬|[初底末](?!一))")
_FEAST = re.compile(rf"的?(?P<lunar>{LUNAR_DAY})|的?(?P<feast>{FESTIVAL})")
_TO = re.compile(r"\s?(?:至|到|-{1,2})\s?(?!今(?![年天日])|现在)")
_SECOND_YEAR = re.compile(rf"(?P<year>{_FULL_YEAR}|[一二][〇○零一二三四五六七八九]{{3}})\s?年")
_TAIL = re.compile(
    r"(?P<since>以来|至今|到现在)|(?P<after>以后|之后)|(?P<before>以前|之前)"
    r"|(?<=年)(?:(?P<later>后)(?!来|期|勤|备|代)|(?P<earlier>前)(?!后|列|期|景|往|夕))"
)
_PAPERS = re.compile(
    r"(?:的|那天|那期|当天|这天|那份)*(?:《|[㐀-鿿]{0,6}(?:日报|晚报|农村报)|报纸|报上|报道了?|报导|头版|头条|版面|第?[\d一二三四五六七八]{1,2}版|新闻|消息|稿件|文章)"
)
_AFTER_PAPER = re.compile(r"(?:日报|晚报|农村报|》)(?:在|的)?$")
_TEN_DAYS = {"初": (1, 10), "中": (11, 20), "上旬": (1, 10), "中旬": (11, 20)}
_YEAR_MONTHS = {"初": (1, 2), "中": (6, 7), "底": (11, 12), "末": (11, 12)}
_YEAR_MONTHS |= {"春": (3, 5), "夏": (6, 8), "秋": (9, 11)}
_ANY_DAY = date(2000, 1, 1)  # no date of the caller's counts from it
_ENDS = ("iso", "year", "near", "today")  # what may end a range, beside a bare month or day
_OLDEST = "1900-01-01"  # a page's own day is looked for from here on


def named_dates(folded: str, today: date, *, edges: Set[int] | None = None) -> list[NamedDate]:
    """The dates that a folded question names, in reading order.

    ``edges`` are the places where its words begin and end: a date ends at one (前天 is none in
    前天津市长); ``None`` does not check.
    """
    found: list[NamedDate] = []
    at = 0
    while head := _HEAD.search(folded, at):
        at = head.end()
        read = _READERS[_kind(head)](folded, head, today)
        if read is None or (edges is not None and not {head.start(), read.end} <= edges):
            continue
        read = _tail(folded, _range(folded, read, today), today)
        at = max(at, read.end)
        found.append(_named(folded, head.start(), read))
    return found


def days(text: str) -> tuple[str, str]:
    """The first and last ISO day of a day, month or year such as 2021-01-27, 2021年1月 or 2021.

    Raises:
        SettingsError: it is none of these.
    """
    folded = fold(text).strip()
    whole = f"{folded}年" if folded.isdigit() else folded
    for one in named_dates(whole, _ANY_DAY):
        whole_text = (one.start, one.end) == (0, len(whole)) and not one.relative
        if whole_text and one.first and one.last and one.first >= _OLDEST:
            return one.first, one.last
    raise SettingsError(f"{text!r} is not a date; write 2021-01-27, 2021-01 or 2021")


def _kind(head: re.Match[str]) -> str:
    return next(name for name in _READERS if head[name] is not None)


def _named(text: str, start: int, read: _Read) -> NamedDate:
    """The record of what was read; without its year a date keeps its month and day."""
    first, last = (day.isoformat() if day else None for day in read.days)
    of_paper = bool(_PAPERS.match(text, read.end) or _AFTER_PAPER.search(text[:start]))
    named = NamedDate(start, read.end, text[start : read.end], first, last)
    named = replace(named, relative=read.relative, of_paper=of_paper)
    if read.point.year is None and read.point.month and not (first or last):
        return replace(named, month=read.point.month, day=read.point.day)
    return named


def _days_of(point: Point) -> Days:
    """The days of a point in its year; nothing where the calendar has none, or no year is named."""
    if point.year is None:
        return None, None
    part = point.part.removeprefix("年")[:1] if point.part else ""
    try:
        if point.month and point.part in _TEN_DAYS:
            first, last = _TEN_DAYS[point.part]
            return date(point.year, point.month, first), date(point.year, point.month, last)
        if point.month and part in ("底", "末"):
            return period_of(replace(point, part="下旬"), point.year) or (None, None)
        if not point.month and part == "冬":
            spring = date(point.year + 1, 3, 1)
            return date(point.year, 12, 1), spring - timedelta(days=1)
        if not point.month and part in _YEAR_MONTHS:
            since, month = _YEAR_MONTHS[part]
            return period_of(Point(month=month, since=since), point.year) or (None, None)
    except ValueError:
        return None, None
    return period_of(point, point.year) or (None, None)


def _iso(text: str, head: re.Match[str], today: date) -> _Read | None:
    """``2021-01-27``, ``2021.1``."""
    year, month, *day = map(int, re.split(r"[-/.]", head["iso"]))
    point = Point(year, month, day[0] if day else None)
    period = _days_of(point)
    return _Read(head.end(), period, point) if period[0] else None


def _year(text: str, head: re.Match[str], today: date) -> _Read | None:
    """A year with what follows: a part of it, a month and day, a festival."""
    word = re.sub(r"\s", "", head["year"])
    relative = word in _NEAR_YEARS
    year = today.year + _NEAR_YEARS[word] if relative else _year_of(word)
    if not 1 <= year <= 9998:
        return None
    more = _MONTH.match(text, head.end()), _YEAR_PART.match(text, head.end())
    if more[0] and (read := _monthly(more[0], year, relative=relative)):
        return read
    if feast := _FEAST.match(text, head.end()):
        name = (feast["lunar"] or feast["feast"]).removeprefix("的")
        period = (lunar_days if feast["lunar"] else festival_days)(name, year)
        if period:
            return _Read(feast.end(), period, Point(year), relative)
    point = Point(year, part=more[1]["part"] if more[1] else "")
    return _Read((more[1] or head).end(), _days_of(point), point, relative)


def _monthly(month: re.Match[str], year: int | None, *, relative: bool = False) -> _Read | None:
    """A month of a year with its day or part; ``None`` where the calendar has none."""
    day = number(month["day"]) if month["day"] else None
    point = Point(year, number(month["month"]), day, month["part"] or "")
    period = _days_of(point)
    checked = period if year else _days_of(replace(point, year=2000))
    return _Read(month.end(), period, point, relative) if checked[0] else None


def _span(text: str, head: re.Match[str], today: date) -> _Read:
    """The first year of 2016-2020年."""
    point = Point(int(head["span"]))
    return _Read(head.end(), _days_of(point), point)


def _near_month(text: str, head: re.Match[str], today: date) -> _Read:
    """上个月, 本月初, 上月26日."""
    months = today.year * 12 + today.month - 1 + _NEAR_MONTHS[head["near"]]
    day = _DAY.match(text, head.end())
    number_ = number(day["day"]) if day and day["day"] else None
    point = Point(months // 12, months % 12 + 1, number_, (day["part"] or "") if day else "")
    return _Read((day or head).end(), _days_of(point), point, relative=True)


def _ago(text: str, head: re.Match[str], today: date) -> _Read:
    return _Read(head.end(), ago(head["ago"], today), relative=True)


def _past(text: str, head: re.Match[str], today: date) -> _Read:
    return _Read(head.end(), past(head["past"], today), relative=True)


def _near_day(text: str, head: re.Match[str], today: date) -> _Read:
    days = near_day(head["today"], today)
    return _Read(head.end(), days, relative=True)


def _week(text: str, head: re.Match[str], today: date) -> _Read:
    return _Read(head.end(), week(head["week"], head["weekday"], today), relative=True)


def _age(text: str, head: re.Match[str], today: date) -> _Read:
    return _Read(head.end(), age(head["era"]))


def _decade(text: str, head: re.Match[str], today: date) -> _Read | None:
    part = PART.match(text, head.end())
    found = decade(head["decade"], part, today)
    relative = head["decade"][0] in "上本"
    return _Read((part or head).end(), found, relative=relative) if found else None


def _century(text: str, head: re.Match[str], today: date) -> _Read:
    part = PART.match(text, head.end())
    relative = head["century"][0] in "上本"
    return _Read((part or head).end(), century(head["century"], part, today), relative=relative)


def _open(text: str, head: re.Match[str], today: date) -> _Read:
    """最近, and festivals without a year: named, and left open."""
    return _Read(head.end(), (None, None))


def _yearless(text: str, head: re.Match[str], today: date) -> _Read | None:
    """A month, or month and day, without its year."""
    month = _MONTH.match(text, head.start())
    return _monthly(month, None) if month else None


def _range(text: str, read: _Read, today: date) -> _Read:
    """The reading with the end of its range, if one follows: 2020年到2021年, 1月5日至10日."""
    to = _TO.match(text, read.end)
    if to is None or not (read.days[0] or read.point.month):
        return read
    second = _second(text, to.end(), read.point, today)
    if second is None:
        return read
    first, last = read.days[0], second.days[1]
    if first and last and first > last:
        return read
    point = Point() if first is None else read.point
    days = (first, last) if first and last else (None, None)
    return _Read(second.end, days, point, read.relative or second.relative)


def _second(text: str, at: int, first: Point, today: date) -> _Read | None:
    """The point that ends a range; year and month are those of its beginning where left out."""
    year = _SECOND_YEAR.match(text, at)
    if year is None and (head := _HEAD.match(text, at)) and _kind(head) in _ENDS:
        return _READERS[_kind(head)](text, head, today)
    number_ = _year_of(year[0]) if year else first.year
    month = _MONTH.match(text, year.end() if year else at)
    if month:
        return _monthly(month, number_)
    if year:
        point = Point(number_)
        return _Read(year.end(), _days_of(point), point)
    day = _DAY.match(text, at)
    if day and day["day"] and first.day:
        point = Point(first.year, first.month, number(day["day"]))
        return _Read(day.end(), _days_of(point), point)
    return None


def _tail(text: str, read: _Read, today: date) -> _Read:
    """The reading opened at an end by what follows: 2020年以来, 2020年以前, 2020年后."""
    tail = _TAIL.match(text, read.end)
    first, last = read.days
    if tail is None or first is None or last is None or first == last == today:
        return read
    if tail["since"] and first <= today:
        return _Read(tail.end(), (first, today), read.point, relative=True)
    if tail["before"] or tail["earlier"]:
        return _Read(tail.end(), (None, first - timedelta(days=1)), read.point, read.relative)
    if tail["after"] or tail["later"]:
        return _Read(tail.end(), (first, None), read.point, read.relative)
    return read


def _year_of(word: str) -> int:
    """The year that 2021年, 二〇二一年, 民国二十六年 or 98年 names."""
    bare = re.sub(r"\s", "", word).removesuffix("年")
    if bare[0] in "民大康昭":
        return era_year(bare)
    if len(bare) > 2:
        return year_number(bare)
    short = year_number(bare)
    return short + (1900 if short >= 60 else 2000)


_READERS: dict[str, Callable[[str, re.Match[str], date], _Read | None]] = {
    "iso": _iso,
    "decade": _decade,
    "century": _century,
    "era": _age,
    "ago": _ago,
    "past": _past,
    "span": _span,
    "year": _year,
    "near": _near_month,
    "today": _near_day,
    "week": _week,
    "vague": _open,
    "month": _yearless,
    "bare": _yearless,
    "feast": _open,
}
