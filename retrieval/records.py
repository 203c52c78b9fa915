"""The records that travel: page → article → passage, query → hit → answer.

Everything here is frozen and holds values only. Offsets are characters, ranges are half-open
``(start, end)``; a range "in the page" counts the characters of the decoded file, line ends
untranslated and a byte-order mark dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]

MAX_QUOTE_CHARS = 300  # no quote is longer, wherever it is shown


class Form(StrEnum):
    """How a seed file holds its text."""

    TEXT = "text"  # .txt or .md, one page a file
    JSONL = "jsonl"  # one already separated article a line


class Kind(StrEnum):
    """What an article is; furniture (masthead, folio, credits) is kept but is no article."""

    NEWS = "news"
    PHOTO = "photo"
    NOTICE = "notice"
    FURNITURE = "furniture"


class Part(StrEnum):
    """Which part of an article a passage is cut from; a quote never mixes the two."""

    HEADLINE = "h"
    BODY = "b"


class Verdict(StrEnum):
    """What the archive says to a question."""

    ANSWERED = "answered"  # the first quote states the answer
    RELATED = "related"  # reports on the matter, none states it
    NONE = "none"  # nothing to show


class Reason(StrEnum):
    """Why a question is not answered; the reader's words for it are in ``bot.wording``."""

    EMPTY_QUESTION = "empty_question"
    LONG_QUESTION = "long_question"
    NOT_A_QUESTION = "not_a_question"
    EMPTY_ARCHIVE = "empty_archive"
    NOTHING_IN_SCOPE = "nothing_in_scope"  # no page of that period or newspaper
    NOT_STATED = "not_stated"  # related reports, none states the answer
    NOT_FOUND = "not_found"
    NOT_PROVEN = "not_proven"  # the seeds changed under the index


@dataclass(frozen=True, slots=True)
class CleanText:
    """Clean text and where it stands in the page.

    ``spans`` are increasing ranges in the page; joined, they equal ``text`` exactly.
    """

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a page states of itself; ``None`` where it does not: never guessed."""

    newspaper: str | None = None
    date: str | None = None  # YYYY-MM-DD
    page: str | None = None
    issue: str | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """An article as a person pinned it: ``spans`` are whole lines of the page, one range a run.

    ``None`` leaves a matter to the rules; an empty value pins that there is none.
    """

    spans: tuple[Span, ...]
    title: str | None = None
    byline: tuple[str, ...] | None = None
    kind: Kind | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person says of a page in ``file``, beside it; nothing where ``problem`` says why not.

    In ``stated``, too, ``None`` leaves a matter to the rules and ``""`` pins that there is none.
    """

    file: str
    problem: str | None = None
    stated: Imprint = field(default_factory=Imprint)
    pins: tuple[Pin, ...] = ()
    furniture: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One seed file, decoded. ``id`` is its path within the seeds folder, with ``/``."""

    id: str
    text: str
    form: Form
    encoding: str
    digest: str  # SHA-256 of the file's bytes (and its corrections' bytes), hexadecimal
    imprint: Imprint = field(default_factory=Imprint)
    corrections: Corrections | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a page. ``id`` is ``page/aN``, counted from 1 in reading order.

    ``headline`` holds kicker, title and subtitle as they are printed, one a line, ``body`` the
    paragraphs, one a line; ``spans`` cover every character of the article, byline included.
    """

    id: str
    page_id: str
    kind: Kind
    headline: CleanText
    body: CleanText
    spans: tuple[Span, ...]
    lines: tuple[int, int]
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    byline: tuple[str, ...] = ()
    section: str | None = None
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class Passage:
    """The retrieval unit. ``id`` is ``page/aN/pM``; the passages of a part tile it exactly.

    ``start`` is where the passage begins in its part's clean text.
    """

    id: str
    article_id: str
    part: Part
    start: int
    clean: CleanText


@dataclass(frozen=True, slots=True)
class Scope:
    """What to search: dates are inclusive ISO days; ``newspaper`` is a name of the table."""

    date_from: str | None = None
    date_to: str | None = None
    newspaper: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was understood.

    ``text`` is the question folded for matching, ``terms`` its content words in reading order,
    ``focus`` the words beside its question word (what is asked of the matter), ``wants`` the kinds
    of answer it asks for (see ``asking.Want``), ``units`` the measure words it counts in. ``scope``
    excludes; ``leaning``, read from the question, only prefers.
    """

    question: str
    text: str
    terms: tuple[str, ...]
    focus: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)
    leaning: Scope = field(default_factory=Scope)
    wants: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    reason: Reason | None = None  # set where the question cannot be searched at all


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. Higher scores are better; ``rank`` counts from 1."""

    passage_id: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a quote stands. ``lines`` are the first and last line of the quote, from 1."""

    file: str
    newspaper: str | None
    date: str | None
    page: str | None
    title: str | None
    byline: tuple[str, ...]
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim text and its place. ``highlights`` are ranges of ``text``: what answers."""

    text: str
    highlights: tuple[Span, ...]
    spans: tuple[Span, ...]
    source: Source
    passage_id: str
    article_id: str
    cite: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says: a verdict, and proven quotes, best first."""

    query: Query
    verdict: Verdict
    reason: Reason | None
    confidence: float
    quotes: tuple[Quote, ...]
    generation: str
    took_ms: float
