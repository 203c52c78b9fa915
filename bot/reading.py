"""How a question was read, as its reader and a script are shown it. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot import wording
from bot.markup import scalar
from bot.wording import Lang, Text
from retrieval.leanings import Reading
from retrieval.records import NamedDate, Query


def reading_line(query: Query, lang: Lang = Lang.ZH) -> str:
    """What was read from a question beside its words, in one line; ``""`` where nothing was.

    What the caller demanded is not repeated.
    """
    preferred = wording.say(Text.JOINT, lang).join(words for _, words in preferred_of(query, lang))
    parts = [wording.say(Text.PREFERRED, lang, what=preferred)] if preferred else []
    parts += [wording.say(Text.HOLDING, lang, phrase=phrase) for phrase in query.phrases]
    parts += [wording.say(Text.UNHELD, lang, phrase=phrase) for phrase in query.unheld]
    parts += [wording.say(Text.WITHOUT, lang, word=word) for word in query.excluded]
    line = wording.say(Text.JOINT, lang).join(parts)
    return wording.say(Text.READING, lang, parts=line) if line else ""


def query_json(query: Query) -> dict[str, Any]:
    """Return the object ``query`` of ``jiwen ask --json``.

    ``from``, ``to`` and ``newspaper`` are the caller's, else the question's; ``prefers`` names the
    keys that come from the question, and exclude nothing.
    """
    scope, leaning = query.scope, query.leaning
    demanded = bool(scope.date_from or scope.date_to)
    stated: dict[str, Any] = {
        "from": scope.date_from if demanded else leaning.date_from,
        "to": scope.date_to if demanded else leaning.date_to,
        "newspaper": scope.newspaper or leaning.newspaper,
        "page": leaning.page,
        "section": leaning.section,
        "reporter": leaning.reporter,
        "place": leaning.place,
    }
    demands = {"from", "to"} if demanded else set()
    demands |= {"newspaper"} if scope.newspaper else set()
    return {
        **stated,
        "prefers": [key for key, value in stated.items() if value and key not in demands],
        "terms": [scalar(term) for term in query.terms],
        "wants": [str(want) for want in query.wants],
        "dates": [_date_json(named) for named in query.dates],
        "numbers": [{"text": n.text, "from": n.low, "to": n.high} for n in query.numbers],
        "phrases": [scalar(phrase) for phrase in query.phrases],
        "phrases_as_words": [scalar(phrase) for phrase in query.unheld],
        "excluded": [scalar(word) for word in query.excluded],
    }


def _date_json(named: NamedDate) -> dict[str, Any]:
    return {
        "text": named.text,
        "from": named.first,
        "to": named.last,
        "relative": named.relative,
        "of_paper": named.of_paper,
    }


def preferred_of(query: Query, lang: Lang) -> Iterator[tuple[Reading, str]]:
    """What the question names of the pages it means, and in words; each may be dropped."""
    leaning = query.leaning
    when = next((named for named in query.dates if _counts(query, named)), None)
    if when:
        yield Reading.DATE, _when(when, lang)
    if leaning.newspaper:
        yield Reading.NEWSPAPER, wording.say(Text.PAPER, lang, newspaper=leaning.newspaper)
    if leaning.page:
        yield Reading.PAGE, wording.say(Text.PAGE, lang, page=leaning.page)
    if leaning.section:
        yield Reading.SECTION, wording.say(Text.SECTION, lang, section=leaning.section)
    if leaning.reporter:
        yield Reading.REPORTER, wording.say(Text.REPORTER, lang, reporter=leaning.reporter)


def _counts(query: Query, named: NamedDate) -> bool:
    """Whether a date is the one that the ranking leans to."""
    leaning = query.leaning
    if leaning.date_from or leaning.date_to:
        return (named.first, named.last) == (leaning.date_from, leaning.date_to)
    return named.month is not None


def _when(named: NamedDate, lang: Lang) -> str:
    """A date in words; how it was said, where it was counted from today."""
    if not (named.first or named.last):
        return wording.say(Text.ANY_YEAR, lang, words=named.text)
    period = wording.period(named.first, named.last, lang)
    if not named.relative:
        return period
    return wording.say(Text.FROM_TODAY, lang, period=period, words=named.text)
