"""Points of the calendar as stories write them, and the days they cover."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.almanac import number

Period = tuple[date, date]  # first and last day, both inclusive

# Papers write 去年2月3日, not 2月3日, of a day that will come again as soon as this.
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Point:
    """A calendar point as written: what is ``None`` is left open. ``since`` is the 1 of 1至10月."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""
    since: int | None = None


def of_months(first: Point, second: Point) -> bool:
    """Whether a range is of whole months of one year: 1月至10月."""
    if first.month is None or second.month is None or first.day or second.day:
        return False
    return second.year in (None, first.year) and first.month <= second.month and not first.part


def latest(point: Point, day: date) -> Period | None:
    """The last period of a point that had begun by a day; a leap day may be years ago.

    Of several months (the figures for 1至10月) the last must have begun.
    """
    begun = replace(point, since=None)
    years = range(day.year, max(0, day.year - 9), -1)
    found = ((period_of(begun, year), period_of(point, year)) for year in years)
    return next((whole for last, whole in found if last and last[0] <= day), None)


def following(point: Point, day: date) -> Period | None:
    """The first period of a point that has not ended before a day."""
    periods = (period_of(point, year) for year in range(day.year, min(9999, day.year + 9)))
    return next((p for p in periods if p and p[1] >= day), None)


def period_of(point: Point, year: int | None) -> Period | None:
    """The first and last day of a point in a year, or ``None`` where the calendar has none."""
    if year is None:
        return None
    try:
        if point.month is None:
            first, last = _year_part(point.part)
        else:
            first, last = point.since or point.month, point.month
        days = monthrange(year, last)[1]
        low, high = _month_part(point.part, days) if point.month else (1, days)
        low, high = (point.day, point.day) if point.day is not None else (low, high)
        return date(year, first, low), date(year, last, high)
    except ValueError:
        return None


def _year_part(part: str) -> tuple[int, int]:
    """The first and last month of a part of the year: 上半年, 第三季度, or the whole."""
    if part.endswith("半年"):
        return (1, 6) if part[0] == "上" else (7, 12)
    if part.endswith("季度"):
        quarter = number(part[-3])
        return quarter * 3 - 2, quarter * 3
    return 1, 12


def _month_part(part: str, days: int) -> tuple[int, int]:
    """The first and last day of a third of a month; 初, 底 and 末 have no bounds of their own."""
    return {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, days)}.get(part, (1, days))


def until(start: date, second: Point, paper: date | None) -> Period | None:
    """The period from a day to the end of a second point, which may lie in the next year."""
    if second.part == "今":
        return (start, paper) if paper and start <= paper else None
    years = (second.year,) if second.year else (start.year, start.year + 1)
    ends = (period_of(second, year) for year in years)
    last = next((end[1] for end in ends if end and end[1] >= start), None)
    return (start, last) if last else None


def may_come(coming: date, past: date, paper: date) -> bool:
    """Whether a day that nothing announces may still be the coming one.

    It may if it comes soon, or if the past one lies in another year and further off: papers write
    去年 then. In television news 25 of 817 yearless dates are such; none looked at meant last year.
    """
    if coming <= paper:
        return False
    return coming - paper <= SOON or (past.year < paper.year and coming - paper < paper - past)
