"""Everything that matches, gone through: which articles hold the terms, and what they add up to.

The lexicon names every article that holds all neighbouring characters of a term, and each is then
read: a term stands in a headline or a body, folded and without white space, or it does not.
Nothing is ranked and nothing left out, so what is counted is all there is in the scope.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.catalogue import Catalogue
from retrieval.census import Census
from retrieval.findings import Candidate, Finding
from retrieval.folding import bare, fold
from retrieval.lexicon import Lexicon
from retrieval.lookalikes import held
from retrieval.matter import content_words
from retrieval.passages import sentences
from retrieval.records import (
    MAX_QUOTE_CHARS,
    Article,
    Kind,
    Listed,
    Part,
    Passage,
    Query,
    Reason,
    Scope,
    Span,
    Tally,
    TallyKind,
    Verdict,
)
from retrieval.settings import Newspaper
from retrieval.tokens import Segmenter, pairs

_PARTING = frozenset("的 和 与 跟 及 以及 还有 并 同 同时 又".split())  # noqa: SIM905 -- reads better
_WHOLE = re.compile(r"[\"《]([^\"《》]+)[\"》]")  # a phrase that is to be taken as it is
_YEAR = re.compile(r"(?:19|20)\d\d年")
_UNDATED = "9999"  # sorts behind every day
_MARKS = "，,、；;：: "

Held = dict[str, Article]  # story → the first of its articles that holds what was looked for


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is gone through: the stores, and the words of its language."""

    catalogue: Catalogue
    lexicon: Lexicon
    segmenter: Segmenter


@dataclass(frozen=True, slots=True)
class Story:
    """A story that matches: its parts, one a page, and ``article``, which holds the first term."""

    id: str
    parts: tuple[Article, ...]
    article: Article

    @property
    def day(self) -> str | None:
        """The day of its first part that states one."""
        return next((p.imprint.date for p in self.parts if p.imprint.date), None)

    @property
    def newspaper(self) -> str | None:
        """The newspaper of its first part that states one."""
        return next((p.imprint.newspaper for p in self.parts if p.imprint.newspaper), None)

    @property
    def byline(self) -> tuple[str, ...]:
        """The reporters of all parts, each once."""
        return tuple(dict.fromkeys(name for p in self.parts for name in p.byline))


@dataclass(frozen=True, slots=True)
class Matching:
    """The stories that hold all ``terms``, in time, the undated last; ``misread`` may, too."""

    terms: tuple[str, ...]
    stories: tuple[Story, ...]
    misread: int


def narrowed(query: Query, matter: str, newspapers: Sequence[Newspaper]) -> Scope:
    """The scope to go through: what the caller demands, and the day and paper of the question.

    A day or paper that stands in what is looked for (2021年两会) limits nothing.
    """
    lean, scope = query.leaning, query.scope
    names = [n for p in newspapers if p.name == lean.newspaper for n in (p.name, *p.aliases)]
    if _YEAR.search(matter):
        lean = replace(lean, date_from=None, date_to=None)
    if any(fold(name) in matter for name in names):
        lean = replace(lean, newspaper=None)
    return replace(
        scope,
        date_from=max(filter(None, (scope.date_from, lean.date_from)), default=None),
        date_to=min(filter(None, (scope.date_to, lean.date_to)), default=None),
        newspaper=scope.newspaper or lean.newspaper,
    )


def matching(census: Census, scope: Scope, shelf: Shelf) -> Matching:
    """The stories of the scope that hold what is looked for, as phrases, else word by word."""
    phrases = phrases_of(census.matter, shelf.segmenter)
    found = _matching(phrases, census.byline, scope, shelf)
    if found.stories or found.misread or (words := words_of(phrases, shelf)) == phrases:
        return found
    by_word = _matching(words, census.byline, scope, shelf)
    return by_word if by_word.stories else found


def verbatim(term: str, scope: Scope, shelf: Shelf) -> Matching:
    """The stories of the scope in which a bare term stands as it is; an empty one stands nowhere."""
    return _matching((term,) if term else (), None, scope, shelf)


def phrases_of(matter: str, segmenter: Segmenter) -> tuple[str, ...]:
    """The bare phrases that folded ``matter`` joins by 的, 和 or marks; one in quotes stays whole."""
    whole = [bare(phrase)[0] for phrase in _WHOLE.findall(matter)]
    runs: list[str] = []
    ended = -1
    for word, start, end in segmenter.words(_WHOLE.sub(" ", matter)):
        if word in _PARTING:
            continue
        if start == ended:
            runs[-1] += word
        else:
            runs.append(word)
        ended = end
    return tuple(dict.fromkeys(phrase for phrase in (*whole, *runs) if phrase))


def words_of(phrases: Iterable[str], shelf: Shelf) -> tuple[str, ...]:
    """The words of two characters and more that carry the phrases; a phrase without any stays."""

    def known(pair: str) -> bool:
        return shelf.lexicon.holds(pair)

    found: list[str] = []
    for phrase in phrases:
        words = content_words(shelf.segmenter.words(phrase), shelf.segmenter, known)
        found += [word for word, _, _ in words if len(word) > 1] or [phrase]
    return tuple(dict.fromkeys(found))


def _matching(terms: tuple[str, ...], byline: str | None, scope: Scope, shelf: Shelf) -> Matching:
    """The stories that hold every term and were signed by the reporter, if one is named."""
    exact = [_holding(term, scope, shelf) for term in terms]
    loose = [
        {story for other in _alike(term, shelf) for story in _holding(other, scope, shelf)}
        for term in terms
    ]
    signed = [] if byline is None else [_signed(byline, scope, shelf)]
    both = [*exact, *signed]
    ids = set.intersection(*map(set, both)) if both else set()
    maybe = (
        set.intersection(
            *({*one, *other} for one, other in zip(exact, loose, strict=True)), *map(set, signed)
        )
        if both
        else set()
    )
    stories = [_story(i, both[0][i], shelf) for i in ids]
    in_time = sorted(stories, key=lambda s: (s.day or _UNDATED, s.id))
    return Matching(terms, tuple(in_time), len(maybe - ids))


def _story(story: str, article: Article, shelf: Shelf) -> Story:
    parts = [shelf.catalogue.article(part) for part in shelf.catalogue.story(story)]
    return Story(story, tuple(parts), article)


def _holding(term: str, scope: Scope, shelf: Shelf) -> Held:
    """The stories in whose headline or body the bare term stands."""
    articles = within(shelf, pairs([term]), scope)
    return _first_of(shelf, (a for a in articles if place(a, term) is not None))


def _signed(byline: str, scope: Scope, shelf: Shelf) -> Held:
    """The stories that the reporter signed."""
    articles = within(shelf, pairs([byline]), scope)
    return _first_of(shelf, (a for a in articles if byline in (bare(n)[0] for n in a.byline)))


def within(shelf: Shelf, wanted: Iterable[str], scope: Scope) -> Iterator[Article]:
    """The articles of the scope that hold all pairs of characters; no furniture."""
    yield from _shown(shelf, shelf.lexicon.articles_holding([list(wanted)], scope), scope)


def within_any(shelf: Shelf, groups: Sequence[Sequence[str]], most: int) -> Iterator[Article]:
    """The first ``most`` articles that hold all pairs of characters of a group; no furniture."""
    yield from _shown(shelf, shelf.lexicon.articles_holding(groups)[:most], Scope())


def _shown(shelf: Shelf, rows: Sequence[int], scope: Scope) -> Iterator[Article]:
    """The articles that the passages of ``rows`` open, those that the scope leaves in."""
    for article in shelf.catalogue.articles_at(rows):
        legible = article.legibility is None or article.legibility >= (scope.legible or 0)
        if legible and article.kind is not Kind.FURNITURE:
            yield article


def _first_of(shelf: Shelf, articles: Iterable[Article]) -> Held:
    found: Held = {}
    for article in articles:
        found.setdefault(shelf.catalogue.story(article.id)[0], article)
    return found


def _alike(term: str, shelf: Shelf) -> list[str]:
    """What the archive may have misread the term as."""
    count = shelf.lexicon.count
    return held(term, known=lambda pair: count(pair) > 0, is_word=shelf.segmenter.is_word)


def place(article: Article, term: str) -> tuple[Part, Span] | None:
    """The part of an article in which a bare term stands first, and where; the body goes first."""
    for part, text in ((Part.BODY, article.body.text), (Part.HEADLINE, article.headline.text)):
        folded, where = bare(text)
        at = folded.find(term)
        if at >= 0:
            return part, (where[at], where[at + len(term) - 1] + 1)
    return None


def tally_of(census: Census, found: Matching) -> Tally:
    """What the matching stories add up to."""
    days = [story.day for story in found.stories]
    papers = [story.newspaper for story in found.stories]
    dated = sorted(day for day in days if day)
    return Tally(
        kind=census.kind,
        terms=found.terms,
        byline=census.byline,
        articles=len(found.stories),
        misread=found.misread,
        undated=days.count(None),
        unnamed=papers.count(None),
        unsigned=sum(not story.byline for story in found.stories),
        first=min(dated, default=None),
        last=max(dated, default=None),
        reporters=_counted(name for story in found.stories for name in story.byline),
        newspapers=_counted(paper for paper in papers if paper),
        days=tuple(sorted(Counter(dated).items())),
        listed=tuple(map(_listed, found.stories)) if census.kind is TallyKind.LIST else (),
    )


def judge(tally: Tally, *, any_page: bool) -> tuple[Verdict, Reason | None, float]:
    """The verdict on a tally, with its reason and a confidence: what was counted is certain.

    A first day among articles without days, reporters among unsigned ones, are not stated.
    """
    if not tally.articles:
        return Verdict.NONE, Reason.NOWHERE_HELD if any_page else Reason.NOTHING_IN_SCOPE, 1.0
    dated, asked = bool(tally.days), tally.kind
    unstated = (
        (asked in (TallyKind.FIRST, TallyKind.LAST, TallyKind.DAYS) and not dated)
        or (asked is TallyKind.REPORTERS and not tally.reporters)
        or (asked is TallyKind.PAPERS and not tally.newspapers)
    )
    return (Verdict.RELATED, Reason.NOT_STATED, 1.0) if unstated else (Verdict.ANSWERED, None, 1.0)


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Each name and how often, the most first, ties by name."""
    return tuple(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _listed(story: Story) -> Listed:
    title = next((part.title for part in story.parts if part.title), None)
    page = next((part.imprint.page for part in story.parts if part.imprint.page), None)
    return Listed(story.id, story.newspaper, story.day, page, title)


def in_order(kind: TallyKind, found: Matching) -> list[Story]:
    """The stories as they are to be quoted: in time, for the last the latest first."""
    if kind is not TallyKind.LAST:
        return list(found.stories)
    dated = [story for story in found.stories if story.day]
    return [*reversed(dated), *(story for story in found.stories if not story.day)]


def finding(story: Story, found: Matching, passages: Sequence[Passage]) -> Finding:
    """The sentence of a story in which the first term stands, or its opening where there is none."""
    placed = place(story.article, found.terms[0]) if found.terms else None
    part, (start, end) = placed or (passages[0].part, (0, 1))
    passage = next(
        p for p in passages if p.part is part and p.start <= start < p.start + len(p.clean.text)
    )
    span = _sentence(passage.clean.text, (start - passage.start, end - passage.start))
    candidate = Candidate(passage, story.article, context="", fused=1.0, story=story.id)
    return Finding(
        candidate, span, score=1.0, coverage=1.0, kind=1.0, missing=0.0, asked=1.0, named=1.0
    )


def _sentence(text: str, span: Span) -> Span:
    """The sentence that a range begins in; of one too long to quote, what follows a clause."""
    first, last = next(s for s in sentences(text) if s[0] <= span[0] < s[1])
    if last - first <= MAX_QUOTE_CHARS:
        return first, last
    clause = max(text.rfind(mark, first, span[0]) for mark in _MARKS) + 1
    start = max(clause, first, span[1] - MAX_QUOTE_CHARS)
    return start, min(last, start + MAX_QUOTE_CHARS)
