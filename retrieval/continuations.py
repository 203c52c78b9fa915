"""Continuations: which articles are the parts of one story, printed on several pages.

An article that ends with 下转 and one that begins with 上接 are joined where paper and day agree,
each names the other's page, and their words say so; where two would do as well, none is joined.
A join is made of two whole articles: no id, no passage and no quote knows of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import PurePosixPath

from retrieval.cleaning import HAN
from retrieval.folding import fold
from retrieval.marks import Mark, Way, find_marks, page_digits, same_page
from retrieval.records import Article, Kind


@dataclass(frozen=True, slots=True)
class Join:
    """Two parts of one story, by article id: ``after`` goes on where ``before`` stops."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class End:
    """One end of an article that a mark says is not the story's: what is known of it."""

    article: Article
    mark: Mark
    headline: frozenset[str]  # pairs of characters of its headline, and of the one in the mark
    words: frozenset[str]  # the same of its body

    @property
    def day(self) -> tuple[str, str] | None:
        """Newspaper and date, where the page states both."""
        imprint = self.article.imprint
        known = imprint.newspaper and imprint.date
        return (imprint.newspaper or "", imprint.date or "") if known else None

    @property
    def folder(self) -> str:
        """The folder that the page's file lies in."""
        return str(PurePosixPath(self.article.page_id).parent)


@dataclass(frozen=True, slots=True)
class _Pair:
    score: float
    before: End
    after: End

    @property
    def ends(self) -> tuple[tuple[Way, str], tuple[Way, str]]:
        """The two ends that the pair would take up."""
        return (Way.ONWARD, self.before.article.id), (Way.BACK, self.after.article.id)


_RUN = re.compile(rf"[{HAN}]+")
_TEXT_CHARS = 3000  # of each part that are compared
# Of the halves of 600 reports cut in two (six of one day, national news, four of them going on),
# the two of one report have .08 of their words in common in 91 of 100; of two different ones 13 of
# 100 have. With these figures 72 of 100 were joined, and 997 of 1000 joins were right (986 where
# each day had lost one first part and one second); where half of the second parts print their
# headline again, 82 of 100 and none wrong (984 of 1000).
_LEAST, _SURE, _LIKELY, _POSSIBLE = 0.04, 0.08, 0.12, 0.30
_RECURRING = 0.6  # of a continuation's headline that the first part must have, where no date helps
_MIN_PAIRS = 3  # of characters, for a headline to say anything
_MARGIN = 1.5  # the next likely partner must fall short by this factor
_COMMON = 20  # a word that more ends of a folder hold than this brings none of them together


def join_parts(articles: Iterable[Article]) -> tuple[Join, ...]:
    """The joins of an archive, by id; each article is before one other at most, and after one.

    1. the ends that marks name; 2. the pairs that nothing contradicts; 3. the likeliest first.
    """
    onward, back = _ends(articles)
    return tuple(sorted(_assigned(_pairs(onward, back)), key=lambda j: (j.before, j.after)))


def _ends(articles: Iterable[Article]) -> tuple[list[End], list[End]]:
    """The ends that go on, and those that come from elsewhere.

    An article with two different marks of one way was not separated well: it has no such end.
    """
    found: dict[Way, list[End]] = {way: [] for way in Way}
    for article in articles:
        marks = marks_of(article)
        for way in Way:
            own = {m.page: m for m in marks if m.way is way}
            if len(own) == 1:
                found[way].append(_end(article, *own.values()))
    return found[Way.ONWARD], found[Way.BACK]


def marks_of(article: Article) -> list[Mark]:
    """The marks of an article, those in its headline first."""
    if article.kind is Kind.FURNITURE:
        return []
    return [*find_marks(article.headline.text), *find_marks(article.body.text)]


def _end(article: Article, mark: Mark) -> End:
    body = article.body.text
    near = body[-_TEXT_CHARS:] if mark.way is Way.ONWARD else body[:_TEXT_CHARS]
    headline = _words(article.headline.text) | _words(mark.headline)
    return End(article, mark, headline, _words(near))


def _words(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters: words, near enough."""
    runs = _RUN.findall(fold(text))
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def _pairs(onward: Sequence[End], back: Sequence[End]) -> Iterator[_Pair]:
    """The pairs that nothing contradicts, with how like each other they are."""
    for before, after in (*_of_a_day(onward, back), *_of_a_folder(onward, back)):
        if _may_join(before, after) and (score := _likeness(before, after)):
            yield _Pair(score, before, after)


def _of_a_day(onward: Sequence[End], back: Sequence[End]) -> Iterator[tuple[End, End]]:
    """Every two ends of one paper and day, the second on the page that the first one names."""
    places: dict[tuple[object, str | None], list[End]] = defaultdict(list)
    for end in back:
        if end.day:
            places[end.day, page_digits(end.article.imprint.page)].append(end)
    for end in onward:
        if end.day:
            for page in (page_digits(end.mark.page), None):
                yield from ((end, other) for other in places[end.day, page])


def _of_a_folder(onward: Sequence[End], back: Sequence[End]) -> Iterator[tuple[End, End]]:
    """Ends of one folder that have rare words in common, where a page does not state its day."""
    dated = all(end.day for end in onward)
    holders: dict[tuple[str, str], list[End]] = defaultdict(list)
    for end in back:
        if not (dated and end.day):
            for word in end.words:
                holders[end.folder, word].append(end)
    for end in onward if holders else ():
        named: dict[str, End] = {}
        shared: Counter[str] = Counter()
        for word in end.words:
            others = holders.get((end.folder, word), [])
            for other in others if len(others) <= _COMMON else ():
                if not (end.day and other.day):
                    named[other.article.id] = other
                    shared[other.article.id] += 1
        likely = sorted(shared, key=lambda article_id: (-shared[article_id], article_id))
        yield from ((end, named[article_id]) for article_id in likely[:_COMMON])


def _may_join(before: End, after: End) -> bool:
    """Whether nothing that is printed speaks against a join."""
    one, other = before.article, after.article
    facts = (
        (one.imprint.newspaper, other.imprint.newspaper),
        (one.imprint.date, other.imprint.date),
    )
    return (
        one.id != other.id
        and all(a is None or b is None or a == b for a, b in facts)
        and same_page(before.mark.page, other.imprint.page)
        and same_page(after.mark.page, one.imprint.page)
    )


def _likeness(before: End, after: End) -> float:
    """How likely two ends are one story, 0 where their words do not bear it out."""
    if min(len(before.words), len(after.words)) < _MIN_PAIRS:
        return 0.0
    common = len(before.words & after.words)
    cohesion = common / sqrt(len(before.words) * len(after.words))
    recurring = 0.0
    if len(after.headline) >= _MIN_PAIRS:
        recurring = len(after.headline & (before.headline | before.words)) / len(after.headline)
        if not recurring:
            return 0.0
    lowest, needed = _needed(before, after)
    enough = cohesion >= needed or (cohesion >= lowest and recurring >= _RECURRING)
    return cohesion + recurring if enough else 0.0


def _needed(before: End, after: End) -> tuple[float, float]:
    """The cohesion that bears out a join with a headline that recurs, and without.

    The less the two pages state, the more.
    """
    one, other = before.article.imprint, after.article.imprint
    dated, paged = bool(one.date and other.date), bool(one.page and other.page)
    if before.day and after.day:
        return _LEAST, _SURE if paged else _LIKELY
    return _SURE, _LIKELY if dated and paged else _POSSIBLE


def _assigned(pairs: Iterable[_Pair]) -> Iterator[Join]:
    """The joins, the likeliest pair first; where the choice is not clear, nothing is joined.

    A partner that is taken is no rival; one that is in doubt still is.
    """
    ranked = sorted(pairs, key=lambda p: (-p.score, p.before.article.id, p.after.article.id))
    rivals: dict[tuple[Way, str], list[_Pair]] = defaultdict(list)
    for pair in ranked:
        for end in pair.ends:
            rivals[end].append(pair)
    joined: set[tuple[Way, str]] = set()
    doubtful: set[tuple[Way, str]] = set()
    first_of: dict[str, str] = {}  # the first part of the story that an article is the last of
    last_of: dict[str, str] = {}
    for pair in ranked:
        if any(end in joined or end in doubtful for end in pair.ends):
            continue
        near = [r for end in pair.ends for r in rivals[end] if r.score * _MARGIN > pair.score]
        if any(r is not pair and not joined & set(r.ends) for r in near):
            doubtful.update(end for r in near for end in r.ends if end not in joined)
            continue
        one, other = pair.before.article.id, pair.after.article.id
        first, last = first_of.pop(one, one), last_of.pop(other, other)
        joined.update(pair.ends)
        if first != other:  # or the story would go round in a circle
            first_of[last], last_of[first] = first, last
            yield Join(one, other)
