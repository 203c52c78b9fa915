"""The papers of a day, page by page: which day is meant, what stands in it, what lies beside it."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from bot import wording
from bot.buttons import Rows
from bot.cards import (
    Card,
    day_button,
    days_button,
    lead_button,
    pager,
    plain_card,
    side_by_side,
)
from bot.library import Archive, desk_card
from bot.markup import Block, escape, pack
from bot.wording import Lang, Library, Text
from retrieval.dates import named_dates
from retrieval.folding import fold
from retrieval.issues import Days, Printed
from retrieval.records import NamedDate

LISTED: Final = 10  # articles or days of one page of a list, as many lines as a phone shows
_TITLE_CHARS = 60  # the longest headline of the seeds has 42
_PARTS = 6  # papers counted apart in the heading of a day
_DIGITS = 8  # of a day written as 20210127


def asked_day(words: str, today: date) -> NamedDate | None:
    """The date that is meant by what stands behind a command; a year may stand bare."""
    folded = "".join(fold(words).split())
    if folded.isdigit() and len(folded) == _DIGITS:
        folded = f"{folded[:4]}-{folded[4:6]}-{folded[6:]}"
    elif folded.isdigit() and len(folded) == 4:
        folded += "年"
    found = [one for one in named_dates(folded, today) if one.first or one.last or one.month]
    return found[0] if found else None


def day_card(archive: Archive, words: str, today: date, lang: Lang) -> Card:
    """The papers of the day that is meant, or the days to choose from."""
    asked = asked_day(words, today)
    if asked is None:
        return _how(archive, words, lang)
    if asked.first is None and asked.last is None:
        return _any_year(archive, asked, lang)
    return period_card(archive, asked.first, asked.last, 0, lang)


def period_card(
    archive: Archive, first: str | None, last: str | None, page: int, lang: Lang
) -> Card:
    """The days of a period, to choose from; the papers themselves of a single day."""
    days = archive.issue_days(first, last)
    if not days:
        return _none(archive, first, last, lang)
    if len(days) == 1:
        return issue_card(archive, days[0][0], page, lang)
    period, n = wording.period(first, last, lang), sum(n for _, n in days)
    heading = wording.say(Library.DAYS_COUNT, lang, period=period, days=len(days), n=n)
    pages = -(-len(days) // LISTED)
    page = min(page, pages - 1)
    to = pager(page, pages, lang, lambda at, label: days_button(first, last, at, label))
    shown = days[page * LISTED : (page + 1) * LISTED]
    return plain_card([heading], lang, (*_choice(shown, lang), *to))


def issue_card(archive: Archive, day: str, page: int, lang: Lang) -> Card:
    """A page of the list of a day's articles, with a button for how each begins."""
    listed = archive.issue(day)
    if not listed:
        return _none(archive, day, day, lang)
    pages = -(-len(listed) // LISTED)
    page = min(page, pages - 1)
    at = page * LISTED
    shown = listed[at : at + LISTED]
    blocks = [_plain(f"{issue_heading(day, listed, lang)}\n"), *_entries(shown, at, listed, lang)]
    opening = [_plain(f"\n{wording.say(Library.DAY_OPEN, lang)}")]
    numbers = [lead_button(one.code, day, str(n)) for n, one in enumerate(shown, at + 1)]
    to = pager(page, pages, lang, lambda at, label: day_button(day, at, label))
    messages = pack([*blocks, *opening], wording.say(Text.CONTINUED, lang))
    return Card(tuple(messages), (*side_by_side(numbers), *to))


@dataclass(frozen=True, slots=True)
class Listing:
    """All that a date names: the articles of a day, or the days of a period; both may be none.

    ``first`` and ``last`` are the period; ``None`` where it is open or no date was read.
    """

    words: str
    asked: NamedDate | None
    days: Days = ()
    articles: Sequence[Printed] = ()
    first: str | None = None
    last: str | None = None

    @property
    def rows(self) -> list[bytes]:
        """A line of JSON for each article, or for each day."""
        days = [{"date": day, "articles": n} for day, n in self.days]
        return [msgspec.json.encode(row) for row in self.articles or days]


def listing(archive: Archive, words: str, today: date) -> Listing:
    """All articles of the day that is meant, or the days of the period."""
    asked = asked_day(words, today)
    if asked is None:
        return Listing(words, None)
    if asked.first is None and asked.last is None:
        days = archive.days_of_year(asked.month or 0, asked.day)
    else:
        days = archive.issue_days(asked.first, asked.last)
    articles = archive.issue(days[0][0]) if len(days) == 1 else ()
    return Listing(words, asked, days, articles, asked.first, asked.last)


def listing_lines(archive: Archive, found: Listing, lang: Lang) -> list[str]:
    """The listing as lines, none left out; where it is empty, what there is beside it."""
    if found.articles:
        lines = [issue_heading(found.days[0][0], found.articles, lang)]
        several = len({one.newspaper for one in found.articles}) > 1
        for n, one in enumerate(found.articles, 1):
            paper = [f"《{one.newspaper}》"] if several and one.newspaper else []
            where = " · ".join([*paper, entry(one, lang)])
            lines.append(wording.say(Library.DAY_LINE, lang, n=n, where=where))
        return lines
    if found.days:
        return [wording.say(Library.DAYS_DAY, lang, day=day, n=n) for day, n in found.days]
    if found.asked is None:
        return [
            wording.say(Library.DAY_UNREAD, lang, words=found.words[:_TITLE_CHARS]),
            *_span(archive, lang),
        ]
    period = wording.period(found.first, found.last, lang) or found.asked.text
    none = wording.say(Library.DAY_NONE, lang, period=period)
    beside = archive.nearest_days(found.first or "", found.last or "9999")
    named = [wording.say(Library.DAYS_DAY, lang, day=wording.day(d, lang), n=n) for d, n in beside]
    near = [wording.say(Library.DAY_NEAREST, lang), *named] if named else _span(archive, lang)
    return [none, *near]


def issue_heading(day: str, listed: Sequence[Printed], lang: Lang) -> str:
    """How many articles of which papers a day has; all of them are counted."""
    papers = Counter(one.newspaper for one in listed)
    paper, parts = "", ""
    if len(papers) == 1:
        (only,) = papers
        paper = f"《{only}》" + ("" if lang is Lang.ZH else " ") if only else ""
    if len(papers) > 1 or not listed[0].newspaper:
        joint = "、" if lang is Lang.ZH else ", "
        counted = [_part(name, n, lang) for name, n in papers.most_common(_PARTS)]
        parts = wording.say(Library.DAY_PARTS, lang, parts=joint.join(counted))
    named = wording.day(day, lang)
    return wording.say(Library.DAY_COUNT, lang, paper=paper, day=named, n=len(listed), parts=parts)


def _part(newspaper: str | None, n: int, lang: Lang) -> str:
    paper = f"《{newspaper}》" if newspaper else wording.say(Library.DAY_UNNAMED, lang)
    return wording.say(Library.DAY_PART, lang, paper=paper, n=n)


def entry(one: Printed, lang: Lang) -> str:
    """Page and headline of an article."""
    title = " ".join((one.title or wording.say(Library.DAY_UNTITLED, lang)).split())
    title = title if len(title) <= _TITLE_CHARS else title[: _TITLE_CHARS - 1] + "…"
    return " · ".join([*([wording.page(one.page, lang)] if one.page else []), title])


def _entries(
    shown: Sequence[Printed], at: int, listed: Sequence[Printed], lang: Lang
) -> list[Block]:
    """The lines of a page of the list; where there are several papers, each above its own."""
    several = len({one.newspaper for one in listed}) > 1
    blocks: list[Block] = []
    for n, one in enumerate(shown, at + 1):
        if several and (n == at + 1 or one.newspaper != listed[n - 2].newspaper):
            name = f"《{one.newspaper}》" if one.newspaper else None
            name = name or wording.say(Library.DAY_UNNAMED, lang)
            blocks.append(Block(f"<b>{escape(name)}</b>", name))
        blocks.append(_plain(wording.say(Library.DAY_LINE, lang, n=n, where=entry(one, lang))))
    return blocks


def _plain(text: str) -> Block:
    return Block(escape(text), text)


def _any_year(archive: Archive, asked: NamedDate, lang: Lang) -> Card:
    """The days of that month and day in whichever year, or the months; the only one at once."""
    days = archive.days_of_year(asked.month or 0, asked.day)
    if not days:
        none = wording.say(Library.DAY_NONE, lang, period=asked.text)
        return plain_card([none, *_span(archive, lang)], lang)
    months = [whole_month(month) for month in dict.fromkeys(day[:7] for day, _ in days)]
    if asked.day is not None and len(days) == 1:
        return issue_card(archive, days[0][0], 0, lang)
    if asked.day is None and len(months) == 1:
        return period_card(archive, *months[0], 0, lang)
    which = wording.say(Library.DAY_WHICH, lang, words=asked.text)
    if asked.day is None:
        named = [(*month, wording.period(*month, lang)) for month in months[-LISTED:]]
        return plain_card([which], lang, tuple((days_button(a, b, 0, n),) for a, b, n in named))
    return plain_card([which], lang, _choice(days[-LISTED:], lang))


def whole_month(month: str) -> tuple[str, str]:
    """The first and the last ISO day of an ISO month."""
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    return f"{month}-01", f"{month}-{last:02}"


def _none(archive: Archive, first: str | None, last: str | None, lang: Lang) -> Card:
    """That there is nothing, and what there is beside it."""
    none = wording.say(Library.DAY_NONE, lang, period=wording.period(first, last, lang))
    days = archive.nearest_days(first or "", last or "9999")
    if not days:
        return plain_card([none, wording.say(Library.DAY_UNDATED, lang)], lang)
    return plain_card([none, wording.say(Library.DAY_NEAREST, lang)], lang, _choice(days, lang))


def _choice(days: Days, lang: Lang) -> Rows:
    """A button for each day, one below the other."""
    named = [
        (d, wording.say(Library.DAYS_DAY, lang, day=wording.day(d, lang), n=n)) for d, n in days
    ]
    return tuple((day_button(day, 0, label),) for day, label in named)


def _how(archive: Archive, words: str, lang: Lang) -> Card:
    """How a day is asked for, with one that the archive has."""
    held = archive.holdings()
    last = max((paper.last for paper in held.papers if paper.last), default=None)
    if last is None:
        return desk_card(Library.DAY_UNDATED, lang)
    unread = [wording.say(Library.DAY_UNREAD, lang, words=words[:_TITLE_CHARS])] if words else []
    when = date.fromisoformat(last)
    facts = {
        "day": last,
        "month": f"{when.year}年{when.month}月",
        "yearless": f"{when.month}月{when.day}日",
    }
    how = wording.say(Library.DAY_HOW, lang, **facts)
    return plain_card([*unread, how, *_span(archive, lang)], lang)


def _span(archive: Archive, lang: Lang) -> list[str]:
    """From when to when the archive has dated papers."""
    held = archive.holdings()
    dated = [(p.first, p.last) for p in held.papers if p.first and p.last]
    if not dated:
        return [wording.say(Library.DAY_UNDATED, lang)]
    first, last = min(a for a, _ in dated), max(b for _, b in dated)
    return [wording.say(Library.DAY_SPAN, lang, period=wording.period(first, last, lang))]
