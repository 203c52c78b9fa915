"""What the archive holds, by paper, at random, over time; a quotation checked. Words in, card out.

Days are in ``bot.daybook``. Everything here is synchronous; the bot calls it in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot import desk, render, wording
from bot.bars import Bars, Unit, bars_of
from bot.cards import Card, again_button, plain_card
from bot.markup import escape
from bot.wording import Lang, Library, Text
from retrieval.errors import NotFoundError, TakenDownError
from retrieval.holdings import Held, Holdings
from retrieval.issues import Days, Printed
from retrieval.records import Article, CleanText, Quote, Reason, Source
from retrieval.timeline import Timeline

_PAPERS = 25  # papers of one list, some 80 characters each with their gaps; the rest are counted
_GAPS = 3  # gaps named of a paper, the longest; the rest are counted
_TERM_CHARS = 40  # of a word whose timeline is drawn; no name is longer


class Archive(desk.Archive, Protocol):
    """What the library needs of ``retrieval.archive.Archive``."""

    def taken(self, code: str) -> bool:
        """Return whether what a citation code names is on the take-down list."""
        ...

    def holdings(self) -> Holdings:
        """Return what the archive holds."""
        ...

    def issue(self, day: str) -> list[Printed]:
        """Return the articles of a day."""
        ...

    def issue_days(self, first: str | None, last: str | None) -> Days:
        """Return the days of a period."""
        ...

    def days_of_year(self, month: int, day: int | None) -> Days:
        """Return the days of a month, or a month and day, of any year."""
        ...

    def nearest_days(self, first: str, last: str) -> Days:
        """Return the days beside a period."""
        ...

    def lead(self, code: str, day: str) -> Quote:
        """Return how an article begins; raises ``NotFoundError``."""
        ...

    def random(self, seed: int) -> Quote | None:
        """Return how some article begins."""
        ...

    def timeline(self, term: str) -> Timeline:
        """Return when a term was in print."""
        ...

    def near(self, text: str, k: int) -> list[Article]:
        """Return the articles most like a text."""
        ...

    def source(self, article: Article, clean: CleanText) -> Source:
        """Return where words stand; raises ``NotFoundError``."""
        ...


def papers(archive: Archive, lang: Lang) -> Card:
    """Which newspapers the archive holds, with the days it has and those it lacks."""
    held = archive.holdings()
    if not held.articles:
        return desk_card(Reason.EMPTY_ARCHIVE, lang)
    return plain_card(papers_lines(held, lang), lang)


def papers_lines(held: Holdings, lang: Lang) -> list[str]:
    """What is held, a line each for the whole, for a paper and for what it lacks."""
    facts = {"articles": held.articles, "pages": held.pages}
    lines = [wording.say(Library.HELD, lang, undated=_undated(held.undated, lang), **facts), ""]
    for paper in held.papers[:_PAPERS]:
        lines += _paper(paper, lang)
    if len(held.papers) > _PAPERS:
        lines.append(wording.say(Library.HELD_REST, lang, n=len(held.papers) - _PAPERS))
    if any(paper.gaps for paper in held.papers):
        lines += ["", wording.say(Library.HELD_HOW, lang)]
    if last := max((paper.last for paper in held.papers if paper.last), default=None):
        lines += ["", wording.say(Library.HELD_NEXT, lang, day=last)]
    return lines


def _paper(held: Held, lang: Lang) -> list[str]:
    key = Library.HELD_PAPER if held.newspaper else Library.HELD_UNNAMED
    undated = _undated(held.undated, lang, of=held.articles)
    period = wording.period(held.first, held.last, lang)
    days = wording.say(Library.HELD_DAYS, lang, days=held.days, period=period, undated=undated)
    facts = {"newspaper": held.newspaper, "articles": held.articles}
    lines = [wording.say(key, lang, days=days if held.days else undated, **facts)]
    longest = sorted(held.gaps, key=lambda gap: (-gap.days, gap.first))[:_GAPS]
    named = [
        wording.say(
            Library.HELD_GAP, lang, period=wording.period(g.first, g.last, lang), days=g.days
        )
        for g in sorted(longest, key=lambda gap: gap.first)
    ]
    if len(held.gaps) > _GAPS:
        named.append(wording.say(Library.HELD_MORE_GAPS, lang, n=len(held.gaps) - _GAPS))
    gaps = ("、" if lang is Lang.ZH else ", ").join(named)
    return [*lines, wording.say(Library.HELD_GAPS, lang, gaps=gaps)] if gaps else lines


def _undated(n: int, lang: Lang, *, of: int = -1) -> str:
    """How many of a paper's articles state no day; nothing where all do."""
    if n == of:
        return wording.say(Library.HELD_ALL_UNDATED, lang)
    return wording.say(Library.HELD_UNDATED, lang, n=n) if n else ""


def at_random(archive: Archive, seed: int, lang: Lang) -> Card:
    """How some article begins, and a button for another."""
    quote = archive.random(seed)
    if quote is None:
        return desk_card(Library.LEAD_NONE, lang)
    heading = wording.say(Library.LEAD, lang)
    messages = tuple(render.quotes_html([quote], heading, lang=lang))
    return Card(messages, ((again_button(lang),),))


def lead(archive: Archive, code: str, day: str, lang: Lang) -> Card:
    """How an article of a day's list begins."""
    try:
        quote = archive.lead(code, day)
    except TakenDownError as error:
        return Card((escape(wording.taken_down(error.reason, lang)),))
    except NotFoundError:
        return desk_card(Text.EXPIRED, lang)
    return Card(tuple(render.quotes_html([quote], lang=lang)))


def over_time(archive: Archive, words: str, lang: Lang, example: str) -> Card:
    """When a word was in print: a picture, and in words what it cannot show."""
    term = words.strip().strip("“”\"'《》「」")
    if not any(char.isalnum() for char in term) or len(term) > _TERM_CHARS:
        return desk_card(Library.TIMELINE_HOW, lang, term=example)
    found = archive.timeline(term)
    bars = bars_of(found)
    caption = escape("\n".join(timeline_lines(found, bars, lang)))
    if not bars.bars:
        return Card((caption,))
    from bot.chart import png  # drawing takes what no answer needs: some 50 ms

    return Card((caption,), picture=png(bars))


def timeline_lines(
    found: Timeline, bars: Bars, lang: Lang, *, blank: Library = Library.TIMELINE_BLANK
) -> list[str]:
    """How many articles hold the term, when, and what the bars leave out; ``blank`` is how."""
    if not found.articles:
        lines = [wording.say(Library.TIMELINE_NONE, lang, term=found.term)]
    else:
        lines = [wording.say(Library.TIMELINE, lang, term=found.term, n=found.articles)]
        lines += _when(found, bars, lang, blank)
    if found.misread:
        lines.append(wording.say(Text.TALLY_MISREAD, lang, n=found.misread))
    return lines


def _when(found: Timeline, bars: Bars, lang: Lang, blank: Library) -> list[str]:
    if not found.months:
        return [wording.say(Library.TIMELINE_NO_DAY, lang)]
    first, last = (month_name(found.months[at][0], lang) for at in (0, -1))
    most = max(bars.bars, key=lambda bar: bar.n)
    lines = [wording.say(Library.TIMELINE_UNDATED, lang, n=found.undated)] if found.undated else []
    if first != last:
        period = month_name(most.period, lang)
        lines.append(
            wording.say(Library.TIMELINE_SPAN, lang, first=first, last=last)
            + ("" if lang is Lang.ZH else " ")
            + wording.say(Library.TIMELINE_MOST, lang, period=period, n=most.n)
        )
    else:
        dated = wording.say(Text.TALLY_DATED, lang) if found.undated else ""
        lines.append(wording.say(Library.TIMELINE_ALL, lang, period=first, dated=dated))
    unit = Library.TIMELINE_MONTHS if bars.unit is Unit.MONTH else Library.TIMELINE_YEARS
    notes = [unit, *([blank] if bars.blank else [])]
    return [*lines, ("" if lang is Lang.ZH else " ").join(wording.say(n, lang) for n in notes)]


def month_name(period: str, lang: Lang) -> str:
    """An ISO month or year as readers write it."""
    year, _, month = period.partition("-")
    if lang is Lang.EN:
        return period
    return f"{int(year)}年{int(month)}月" if month else f"{int(year)}年"


def desk_card(key: wording.Key, lang: Lang, **facts: object) -> Card:
    """A card with one fixed sentence."""
    return Card((escape(wording.say(key, lang, **facts)),))


def words_of(arguments: Sequence[str] | None) -> str:
    """The words behind a command, fit to be searched and echoed."""
    return desk.typed(" ".join(arguments or ()))
