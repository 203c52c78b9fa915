"""How well an article suits what a question names of the pages it means; nothing is excluded."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

from retrieval.events import event_dates
from retrieval.folding import fold
from retrieval.mentions import same_page
from retrieval.records import Article, Imprint, Leaning, NamedDate, Query

_YEAR = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?:-(?:1[89]|20)\d\d)?年")

_NOWHERE = Leaning()
_KNOWN_STRETCHES = 256  # stretches of days whose print is kept: a question asks a hundred times


class Reading(StrEnum):
    """What may be read of a question beside its words, and dropped if the reader meant no such."""

    DATE = "date"
    NEWSPAPER = "newspaper"
    PAGE = "page"
    SECTION = "section"
    REPORTER = "reporter"


def dropped(query: Query, readings: Collection[Reading]) -> Query:
    """The query without these readings: it leans to no such page, and is else as it was."""
    leaning = query.leaning
    for reading in readings:
        if reading is Reading.DATE:
            leaning = replace(leaning, date_from=None, date_to=None)
            query = replace(query, dates=())
        else:
            leaning = replace(leaning, **{str(reading): None})
    return replace(query, leaning=leaning)


def leans(query: Query, article: Article, passage: str) -> float:
    """1 where the article is of the paper, days, page, section and reporter named, -1 where not.

    What its page does not state counts for nothing.
    """
    if query.leaning == _NOWHERE and not query.dates:
        return 0.0
    votes = [
        *_imprinted(query.leaning, article.imprint),
        *_signed(query.leaning, article),
        *_dated(query, article.imprint.date, passage),
    ]
    return sum(votes) / len(votes) if votes else 0.0


def told_when(query: Query, sentence: str, passage: str) -> float:
    """1 where a folded sentence writes a date of the question, -1 where it tells of other years.

    A sentence without a year tells of those that its passage writes; 0 where none is written.
    """
    named = [d for d in query.dates if d.first and d.last and not d.of_paper]
    if not named:
        return 0.0
    if any(_as_printed(str(d.first), str(d.last)) in sentence for d in named):
        return 1.0
    years = _YEAR.findall(sentence) or _YEAR.findall(passage)
    meant = any(str(d.first)[:4] <= year <= str(d.last)[:4] for d in named for year in years)
    return -1.0 if years and not meant else 0.0


@lru_cache(_KNOWN_STRETCHES)
def _as_printed(first: str, last: str) -> str:
    """How newspapers print a stretch of days: 1月27日, 2000年9月, 2021年; longer ones not at all."""
    (year, month, day), (to_year, to_month, to_day) = _parts(first), _parts(last)
    if first == last:
        return f"{month}月{day}日"
    if (year, month, day) == (to_year, to_month, 1) and to_day == monthrange(year, month)[1]:
        return f"{year}年{month}月"
    whole = (month, day, to_month, to_day) == (1, 1, 12, 31) and year == to_year
    return f"{year}年" if whole else "\n"


def _parts(day: str) -> tuple[int, int, int]:
    year, month, number = day.split("-")
    return int(year), int(month), int(number)


def _imprinted(leaning: Leaning, imprint: Imprint) -> Iterator[float]:
    """Whether the newspaper is the one named, and the page."""
    if leaning.newspaper and imprint.newspaper:
        yield 1.0 if imprint.newspaper == leaning.newspaper else -1.0
    if leaning.page and imprint.page:
        yield 1.0 if same_page(leaning.page, imprint.page) else -1.0


def _signed(leaning: Leaning, article: Article) -> Iterator[float]:
    """Whether the article stands in the section named, and is signed by the reporter."""
    if leaning.section:
        yield float(article.section is not None and leaning.section in fold(article.section))
    if leaning.reporter:
        yield float(leaning.reporter in map(fold, article.byline))


def _dated(query: Query, published: str | None, passage: str) -> Iterator[float]:
    """Whether the paper is of the days named, or the passage tells of them.

    A paper of another day is not voted against: it may report the event later.
    """
    leaning = query.leaning
    if (leaning.date_from or leaning.date_to) and published:
        first, last = leaning.date_from or "", leaning.date_to or "9999"
        if first <= published <= last:
            yield 1.0
        elif any(d.of_paper for d in query.dates if d.first or d.last):
            yield 0.0
        else:
            told = event_dates(passage, published)
            yield float(
                any(e.first <= last and e.last >= first for e in told if e.first and e.last)
            )
    elif published and (yearless := next((d for d in query.dates if d.month), None)):
        yield float(_falls_on(yearless, published))


def _falls_on(named: NamedDate, published: str) -> bool:
    """Whether a paper is of the month and day named, of whatever year."""
    month, day = int(published[5:7]), int(published[8:])
    return month == named.month and named.day in (None, day)
