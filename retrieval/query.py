"""Question → query: what is asked, of which pages, and what kind of answer would do.

Only whole words are dropped (吧 stays inside 网吧). What a question says of a paper or a day leans
the ranking; only what the caller demands excludes, and what the question marks itself: “a phrase”
that the archive holds, and -a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from retrieval import asking
from retrieval.asides import asides
from retrieval.dates import named_dates
from retrieval.festivals import FESTIVAL
from retrieval.lookalikes import held
from retrieval.matter import Word, content_words
from retrieval.mentions import Holds, newspaper_in, page_named, reporter_named, section_named
from retrieval.numerals import numerals
from retrieval.phrases import marked, outside
from retrieval.records import Leaning, NamedDate, Numeral, Query, Reason, Scope, Span
from retrieval.settings import Newspaper
from retrieval.smalltalk import unanswerable, visible
from retrieval.tokens import Segmenter

_NOT_WORD = re.compile(r"[^㐀-䶿一-鿿a-z0-9]")
# What of a date is matter, too: 去年冬天 is no word to look for, 冬天 is.
_MATTER_OF_DATE = re.compile(rf"{FESTIVAL}|[春夏秋冬](?:季|天)?$")
_MONTH_OR_DAY = re.compile(r"月|^\d{4}[-/.]\d")
_FULL_YEAR = re.compile(r"(?:\d{4}|[一二][〇○零一二三四五六七八九]{3})\s?年")
_ROUGH = re.compile("^(?:接近|将近|大约|约|近|不到)|(?:[多余来]|左右|上下)$")


def understand(
    question: str,
    *,
    segmenter: Segmenter,
    newspapers: Sequence[Newspaper] = (),
    scope: Scope = Scope(),  # noqa: B008 -- frozen
    known: Callable[[str], bool] = lambda _: False,
    holds: Holds = Holds(),  # noqa: B008 -- frozen
    max_chars: int = 500,
) -> Query:
    """The query that ``question`` makes; ``query.reason`` is set where it cannot be searched.

    ``known`` says whether the archive holds two characters side by side, ``holds`` what else of
    the question it holds.

    1. drop what cannot be typed on purpose, read the question's marks, fold; 2. set aside what is
    no question; 3. read the dates, and what else says which pages are meant; 4. cut into words
    and keep those that carry the matter; 5. name the kinds of answer asked for.
    """
    marks = marked(visible(question).strip())
    text = marks.text
    query = Query(question=question, text=text, terms=(), scope=scope, excluded=marks.excluded)
    if reason := unanswerable(text.strip(), max_chars):
        return replace(query, reason=reason)
    own = outside(text, marks.quoted)
    whole = _edges(own, segmenter)
    dates = tuple(named_dates(own, holds.today, edges=whole))
    page = page_named(own)
    named = (*map(_when, dates), *([page[1]] if page else ()))
    matter = outside(text, (*named, *asides(own)))
    edges = whole if matter == own else _edges(matter, segmenter)
    words, numbers = _words((matter, edges), marks.quoted, segmenter, known)
    if not words:  # nothing but asides
        matter = outside(text, named)
        edges = _edges(matter, segmenter)
        words, numbers = _words((matter, edges), marks.quoted, segmenter, known)
    if not words:
        return replace(query, reason=Reason.NOT_A_QUESTION)
    terms = tuple(dict.fromkeys(word for word, _, _ in words))
    asked = outside(matter, marks.quoted)
    wants = asking.wants(own)
    # 哪天带队 asks for a day: what stands beside the question word is the event, as all the rest is.
    when = wants[:1] == (asking.Want.DATE,)
    return replace(
        query,
        terms=terms,
        focus=() if when else asking.focus(asked, words, edges),
        wants=wants,
        units=tuple(m[1] for m in asking.counted(asked, edges) if m[0][0] != "哪"),
        alike=_alike(terms, {n.text for n in numbers}, segmenter, known),
        leaning=replace(
            _leaning(own, dates, newspapers, holds),
            page=page[0] if page else None,
            place=next((term for term in terms if segmenter.is_place(term)), None),
        ),
        dates=dates,
        numbers=numbers,
        phrases=tuple(phrase for phrase in marks.phrases if holds.phrase(phrase)),
        unheld=tuple(phrase for phrase in marks.phrases if not holds.phrase(phrase)),
    )


def _words(
    within: tuple[str, set[int]],
    quoted: Sequence[Span],
    segmenter: Segmenter,
    known: Callable[[str], bool],
) -> tuple[list[Word], tuple[Numeral, ...]]:
    """The words that carry the matter, in reading order, and those of them that are numbers.

    ``within`` is the text and where its words begin and end.
    Within quotation marks nothing asks, and what is all glue (“没有”) is looked for all the same.
    """
    matter, edges = within
    blanked = asking.without_asking(outside(matter, quoted), edges)
    for start, end in quoted:
        blanked = blanked[:start] + matter[start:end] + blanked[end:]
    numbers = tuple(_bare(n) for n in numerals(blanked) if {n.start, n.end} <= edges)
    figures: list[Word] = [(n.text, n.start, n.end) for n in numbers]
    rest = segmenter.words(outside(blanked, [(n.start, n.end) for n in numbers]))
    found = content_words(rest, segmenter, known) + figures
    for start, end in quoted:
        if not any(start <= a < end for _, a, _ in found):
            found += [word for word in rest if start <= word[1] < end]
    return sorted(found, key=lambda word: word[1]), numbers


def _bare(number: Numeral) -> Numeral:
    """The number with what makes it rough left off its words: they are a word to look for."""
    return replace(number, text=_ROUGH.sub("", number.text))


def _alike(
    terms: Sequence[str], figures: Set[str], segmenter: Segmenter, known: Callable[[str], bool]
) -> tuple[tuple[str, str], ...]:
    """The terms that may be misread in the archive, each with what they may be misread for."""
    return tuple(
        (term, other)
        for term in terms
        if len(term) > 1 and term not in figures
        for other in held(term, known=known, is_word=segmenter.is_word)
    )


def _leaning(
    text: str, dates: Sequence[NamedDate], newspapers: Sequence[Newspaper], holds: Holds
) -> Leaning:
    """The paper, the days, the section and the reporter that the question names.

    Of several dates the paper's own day counts, else the first that means a day.
    """
    settled = sorted((d for d in dates if d.first or d.last), key=lambda d: not d.of_paper)
    when = settled[0] if settled else None
    return Leaning(
        date_from=when.first if when else None,
        date_to=when.last if when else None,
        newspaper=newspaper_in(text, newspapers),
        section=section_named(text, holds.section),
        reporter=reporter_named(text, holds.reporter),
    )


def _when(named: NamedDate) -> Span:
    """What of a date only says when: whole days and months, and all that counts from today.

    A bare year stays a word to look for, as do a festival, a season and a date without a year.
    """
    vague = not (named.first or named.last or named.month)
    relative = named.relative and not _FULL_YEAR.match(named.text)  # 2016年以来
    says = relative or (named.first and _MONTH_OR_DAY.search(named.text))
    kept = _MATTER_OF_DATE.search(named.text)
    end = named.start + kept.start() if kept else named.end
    return (named.start, end) if says or vague else (named.start, named.start)


def _edges(text: str, segmenter: Segmenter) -> set[int]:
    """The places where the words of a text begin and end; so do all other characters."""
    found = {at for _, start, end in segmenter.words(text) for at in (start, end)}
    return found | {at for m in _NOT_WORD.finditer(text) for at in m.span()}
