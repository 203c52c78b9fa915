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
    NOWHERE_HELD = "nowhere_held"  # all articles were gone through, and none holds the terms
    NOT_PROVEN = "not_proven"  # the seeds changed under the index
    TAKEN_DOWN = "taken_down"  # the article is on the take-down list
    NOTHING_FURTHER = "nothing_further"  # all that was found was shown
    NOTHING_ASKED = "nothing_asked"  # more of what?
    STARTED_ANEW = "started_anew"  # a new conversation was asked for, and begins


@dataclass(frozen=True, slots=True)
class CleanText:
    """Clean text and where it stands in the page.

    ``spans`` are increasing ranges in the page; joined, they equal ``text`` exactly.
    """

    text: str
    spans: tuple[Span, ...]


class Origin(StrEnum):
    """Where a page's newspaper, date, page or issue number comes from, most trusted first."""

    CORRECTION = "correction"  # a person says so in the page's sidecar
    MASTHEAD = "masthead"  # or folio, or imprint: the page's furniture
    TEXT = "text"  # the paper says it of itself in a story
    FILE_NAME = "file_name"
    FIELD = "field"  # of a row of a .jsonl page
    CONFIG = "config"


class Witness(StrEnum):
    """What disagrees with something stated: another origin, or a part of the printed date."""

    TEXT = "text"
    FILE_NAME = "file_name"
    FIELD = "field"
    CONFIG = "config"
    MASTHEAD = "masthead"  # a second day in it
    SOLAR = "solar"
    WEEKDAY = "weekday"
    LUNAR = "lunar"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A disagreement about a field (``date`` …): what is stated, if anything, and who differs.

    ``said`` is what the witness says; of a printed date, all that is printed of it.
    """

    field: str
    stated: str | None
    witness: Witness
    said: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a page states of itself; ``None`` where it does not: never guessed.

    ``origins`` says for each field that is stated where it was read; it and the doubts do not
    count when imprints are compared.
    """

    newspaper: str | None = None
    date: str | None = None  # YYYY-MM-DD
    page: str | None = None
    issue: str | None = None
    origins: tuple[tuple[str, Origin], ...] = field(default=(), compare=False)
    doubts: tuple[Doubt, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Credit:
    """Who did what: role and agency as they are printed, ``None`` where they are not."""

    name: str
    role: str | None = None  # 记者, 通讯员, 实习生, 摄 …
    agency: str | None = None  # 本报, 新华社, 吉林日报 …


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
    credits: tuple[Credit, ...] = ()  # the byline's names in its order, with role and agency
    legibility: float | None = None  # of headline and body, 0 to 1; the build knows it


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
    legibility: float = 1.0  # how cleanly it reads, 0 to 1; the build knows it


@dataclass(frozen=True, slots=True)
class Scope:
    """What to search: dates are inclusive ISO days; ``newspaper`` is a name of the table.

    ``legible`` is the least legibility of a passage.
    """

    date_from: str | None = None
    date_to: str | None = None
    newspaper: str | None = None
    legible: float | None = None


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in folded text: its range there, its words, and the values it may have.

    ``low`` and ``high`` are inclusive; they differ where the words are rough (两千六百多, 近3000).
    ``ratio``: a percentage, with 1 for 100%.
    """

    start: int
    end: int
    text: str
    low: float
    high: float
    ratio: bool = False


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date that a question names: its range in the folded question, its words, the days meant.

    ``first`` and ``last`` are inclusive ISO days; ``None`` is open (解放前), and both are where the
    words settle no day (最近). ``relative``: counted from today. ``of_paper``: the day of the paper
    that is asked for, not of an event. ``month`` and ``day`` of a date without its year.
    """

    start: int
    end: int
    text: str
    first: str | None = None
    last: str | None = None
    relative: bool = False
    of_paper: bool = False
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a question names of the pages it means; each only prefers, and excludes nothing.

    ``page`` is as ``Imprint.page`` may write it, ``section`` and ``reporter`` as the archive does.
    """

    date_from: str | None = None
    date_to: str | None = None
    newspaper: str | None = None
    page: str | None = None
    section: str | None = None
    reporter: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was understood.

    ``text`` is the question folded for matching, ``terms`` its content words in reading order,
    ``focus`` the words beside its question word (what is asked of the matter), ``wants`` the kinds
    of answer it asks for (see ``asking.Want``), ``units`` the measure words it counts in. ``scope``
    excludes; ``leaning``, read from the question, only prefers. ``alike`` pairs a term with a
    look-alike of it that the archive holds, which may be a misreading of it or it of that.

    ``dates`` and ``numbers`` are those that it writes, in reading order. A passage must hold each
    of ``phrases`` (folded, letter for letter) and none of ``excluded``; ``unheld`` are phrases in
    quotation marks that stand nowhere, or nowhere with an answer: they are looked for as words.
    """

    question: str
    text: str
    terms: tuple[str, ...]
    focus: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)
    leaning: Leaning = field(default_factory=Leaning)
    wants: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    dates: tuple[NamedDate, ...] = ()
    numbers: tuple[Numeral, ...] = ()
    phrases: tuple[str, ...] = ()
    unheld: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
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
class Also:
    """Another print of a quoted story: where it stands, and the code that shows it."""

    source: Source
    article_id: str
    cite: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim text and its place. ``highlights`` are ranges of ``text``: what answers.

    ``also`` are reprints of the same story, each with its own place.
    ``legibility`` is that of its passage, 0 to 1; where ``doubtful``, the reader is told so.
    """

    text: str
    highlights: tuple[Span, ...]
    spans: tuple[Span, ...]
    source: Source
    passage_id: str
    article_id: str
    cite: str
    score: float
    legibility: float = 1.0
    doubtful: bool = False
    also: tuple[Also, ...] = ()


class TallyKind(StrEnum):
    """What is asked of all articles that match."""

    COUNT = "count"
    FIRST = "first"
    LAST = "last"
    REPORTERS = "reporters"
    PAPERS = "papers"
    DAYS = "days"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Listed:
    """One article of a list: what names it, ``None`` where its page does not state it."""

    article_id: str
    newspaper: str | None
    date: str | None
    page: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What going through every article of the scope says of those that hold all ``terms``.

    Headline and body count, folded and without white space; where ``byline`` is set, that reporter
    signed them. A story that goes on on another page counts once, a reprint for itself.
    ``misread`` more hold a look-alike of a term; ``undated``, ``unnamed`` and ``unsigned`` state no
    day, paper, reporter. Reporters and papers: the most first; days and ``listed``: in time.
    """

    kind: TallyKind
    terms: tuple[str, ...]
    byline: str | None
    articles: int
    misread: int
    undated: int
    unnamed: int
    unsigned: int
    first: str | None
    last: str | None
    reporters: tuple[tuple[str, int], ...]
    newspapers: tuple[tuple[str, int], ...]
    days: tuple[tuple[str, int], ...]
    listed: tuple[Listed, ...] = ()  # every article, where a list is asked for
    complete: bool = True  # False where a quoted page has changed since it was indexed
    hidden: int = 0  # articles of the archive on the take-down list; they are never gone through


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says: a verdict, and proven quotes, best first.

    ``tally`` is set where everything that matches was gone through; without it, nothing says so.
    ``suggestions`` are names of the archive that sound like one that it does not hold.
    """

    query: Query
    verdict: Verdict
    reason: Reason | None
    confidence: float
    quotes: tuple[Quote, ...]
    generation: str
    took_ms: float
    tally: Tally | None = None
    suggestions: tuple[str, ...] = ()
