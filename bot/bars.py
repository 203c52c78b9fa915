"""A timeline as bars: which months or years stand side by side, and which of them are blank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from retrieval.timeline import Timeline

MOST_MONTH_YEARS = 4  # of whole years by the month: 48 bars are as many as a phone shows apart
_MONTHS = range(1, 13)


class Unit(StrEnum):
    """What one bar stands for."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Bar:
    """One month or year (``2021-01``, ``2021``); ``held``: the archive has something of it."""

    period: str
    n: int
    held: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of whole years in time, none left out."""

    unit: Unit
    bars: tuple[Bar, ...]

    @property
    def blank(self) -> bool:
        """Whether there is a bar of which the archive holds nothing."""
        return not all(bar.held for bar in self.bars)


def bars_of(timeline: Timeline) -> Bars:
    """The bars of a timeline: months where it spans few years, else years."""
    years = [int(month[:4]) for month, _ in timeline.months]
    span = range(min(years), max(years) + 1) if years else range(0)
    if len(span) <= MOST_MONTH_YEARS:
        counts, held = dict(timeline.months), {*timeline.held}
        periods = [f"{year:04}-{month:02}" for year in span for month in _MONTHS]
        return Bars(Unit.MONTH, tuple(Bar(p, counts.get(p, 0), p in held) for p in periods))
    yearly: Counter[str] = Counter()
    for month, n in timeline.months:
        yearly[month[:4]] += n
    kept = {month[:4] for month in timeline.held}
    named = [f"{year:04}" for year in span]
    return Bars(Unit.YEAR, tuple(Bar(y, yearly[y], y in kept) for y in named))
