"""What going through every article adds up to, in words; plain lines, to be escaped by who sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import wording
from bot.wording import Lang, Text
from retrieval.records import Answer, Listed, Tally, TallyKind

_TITLE_CHARS = 120  # the longest headline of the seeds has 42
_NAMES = 12  # reporters, papers or days of one line; the rest are counted
_LISTED = 20  # articles of a list, some 800 characters; the rest are counted, and JSON holds all


def tally_lines(answer: Answer, lang: Lang = Lang.ZH) -> list[str]:
    """The lines that say what was counted, best known first; none where nothing was counted."""
    tally = answer.tally
    if tally is None:
        return []
    where = wording.scope(answer.query.scope, lang)
    inside = wording.say(Text.TALLY_WHERE, lang, where=where) if where else ""
    key = Text.TALLY if tally.articles else Text.TALLY_NONE
    facts = {"n": tally.articles, "hold": _hold(tally, lang), "ought": _unstated(tally, lang)}
    lines = [wording.say(key, lang, where=inside, **facts), *_told(tally, lang)]
    lines += _listed(tally, lang)
    if tally.misread:
        lines.append(wording.say(Text.TALLY_MISREAD, lang, n=tally.misread))
    if tally.hidden:
        lines.append(wording.say(Text.TALLY_HIDDEN, lang, n=tally.hidden))
    if not tally.complete:
        lines.append(wording.say(Text.TALLY_CHANGED, lang))
    if 0 < len(answer.quotes) < tally.articles:
        lines.append(wording.say(Text.TALLY_QUOTES, lang, n=len(answer.quotes)))
    return lines


def _hold(tally: Tally, lang: Lang) -> str:
    """What the articles have in common: the terms, the reporter, or both."""
    if not tally.terms:
        return wording.say(Text.TALLY_SIGNED, lang, byline=tally.byline)
    terms = "".join(f"“{term}”" for term in tally.terms)
    key = Text.TALLY_HOLD if len(tally.terms) == 1 else Text.TALLY_HOLD_ALL
    hold = wording.say(key, lang, terms=terms)
    if tally.byline is None:
        return hold
    return wording.say(Text.TALLY_SIGNED_ON, lang, byline=tally.byline, hold=hold)


def _unstated(tally: Tally, lang: Lang) -> str:
    """How many of the articles do not state what matters to the question."""
    kinds = {Text.TALLY_UNDATED: tally.undated}
    if tally.kind is TallyKind.REPORTERS:
        kinds[Text.TALLY_UNSIGNED] = tally.unsigned
    if tally.kind is TallyKind.PAPERS:
        kinds[Text.TALLY_UNNAMED] = tally.unnamed
    comma = "，" if lang is Lang.ZH else ", "
    facts = comma.join(wording.say(key, lang, n=n) for key, n in kinds.items() if n)
    return wording.say(Text.TALLY_OUGHT, lang, facts=facts) if facts else ""


def _told(tally: Tally, lang: Lang) -> Iterator[str]:
    """The facts that the question asks for, and when the articles were printed."""
    named = {
        TallyKind.REPORTERS: (Text.TALLY_REPORTERS, tally.reporters),
        TallyKind.PAPERS: (Text.TALLY_PAPERS, tally.newspapers),
        TallyKind.DAYS: (
            Text.TALLY_DAYS,
            [(wording.day(day, lang), n) for day, n in tally.days],
        ),
    }
    key, names = named.get(tally.kind, (Text.TALLY_DAYS, ()))
    if names:
        yield wording.say(key, lang, names=_names(names, lang))
    if tally.kind is not TallyKind.DAYS and tally.articles:
        yield _when(tally, lang)


def _listed(tally: Tally, lang: Lang) -> Iterator[str]:
    """A line for each article of a list, in time, and how many are left out."""
    for n, one in enumerate(tally.listed[:_LISTED], 1):
        source = listed_line(one, lang)
        yield wording.say(Text.TALLY_LISTED, lang, n=n, source=source)
    if len(tally.listed) > _LISTED:
        yield wording.say(Text.TALLY_UNLISTED, lang, n=len(tally.listed) - _LISTED)


def listed_line(one: Listed, lang: Lang) -> str:
    """Paper, day, page and headline of a listed article; its number where it has no headline."""
    day = wording.day(one.date, lang) if one.date else ""
    paper = f"《{one.newspaper}》" if one.newspaper else ""
    page = wording.page(one.page, lang) if one.page else ""
    title = " ".join((one.title or one.article_id).split())[:_TITLE_CHARS]
    return " · ".join(part for part in (paper + day, page, title) if part)


def _names(names: Sequence[tuple[str, int]], lang: Lang) -> str:
    shown = [wording.say(Text.TALLY_NAME, lang, name=name, n=n) for name, n in names[:_NAMES]]
    if len(names) > _NAMES:
        shown.append(wording.say(Text.TALLY_REST, lang, n=len(names)))
    return ("、" if lang is Lang.ZH else ", ").join(shown)


def _when(tally: Tally, lang: Lang) -> str:
    """The first and the last day, as far as they are stated."""
    if tally.first is None or tally.last is None:
        return wording.say(Text.TALLY_NO_DAY, lang)
    first, last = wording.day(tally.first, lang), wording.day(tally.last, lang)
    dated = wording.say(Text.TALLY_DATED, lang) if tally.undated else ""
    if tally.kind is TallyKind.FIRST:
        return wording.say(Text.TALLY_FIRST, lang, day=first)
    if tally.kind is TallyKind.LAST:
        return wording.say(Text.TALLY_LAST, lang, day=last)
    if first == last:
        return wording.say(Text.TALLY_DAY, lang, day=first, dated=dated)
    return wording.say(Text.TALLY_SPAN, lang, first=first, last=last, dated=dated)
