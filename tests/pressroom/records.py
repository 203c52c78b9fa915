"""What the pressroom passes on: stories, the parts and lines they are set in, pages and truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]


class Genre(StrEnum):
    """What a story is, as its newspaper sees it."""

    NEWS = "news"
    REPORT = "report"  # a speech or report with 一、二、
    PHOTO = "photo"  # a picture's caption
    NOTICE = "notice"
    AD = "ad"
    SERVICE = "service"  # weather, useful numbers


class Role(StrEnum):
    """What a part of a story is."""

    KICKER = "kicker"
    TITLE = "title"
    SUBTITLE = "subtitle"
    BYLINE = "byline"  # a line of names before the body
    SUBHEAD = "subhead"
    PARAGRAPH = "paragraph"
    CREDIT = "credit"  # a line of names after the body


HEADS = (Role.KICKER, Role.TITLE, Role.SUBTITLE)


@dataclass(frozen=True, slots=True)
class Part:
    """One headline, paragraph or line of names."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it was written: its headlines and body, without names or place."""

    genre: Genre
    parts: tuple[Part, ...]

    @property
    def has_subheads(self) -> bool:
        """Whether headings stand inside the body."""
        return any(p.role is Role.SUBHEAD for p in self.parts)

    @property
    def chars(self) -> int:
        """How long it is."""
        return sum(len(p.text) for p in self.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; ``owner`` is the number of its story, or none's."""

    text: str
    owner: int | None = None


class Layout(StrEnum):
    """How a page is laid out, or what became of its layout."""

    MARKDOWN = "markdown"  # every headline is marked
    MARKDOWN_PARTIAL = "markdown_partial"  # some marks are lost, or of another level
    PLAIN = "plain"  # a line a paragraph, blank lines between
    COLUMN = "column"  # lines as narrow as a column, headline above
    COLUMN_AFTER = "column_after"  # the headline after its body, as PDF files give it
    HEADLINE_INSIDE = "headline_inside"  # between paragraphs, or in mid-sentence
    WRAPPED = "wrapped"  # paragraphs with a space at each old line end
    NO_BLANKS = "no_blanks"
    BLANK_EACH_LINE = "blank_each_line"
    UNSIGNED = "unsigned"  # no names and no 本报讯
    OPENING_LOST = "opening_lost"  # some stories begin in mid-sentence
    HEADLINE_LOST = "headline_lost"  # some stories have no headline
    SMALL_ITEMS = "small_items"  # captions, notices and advertisements between stories
    FRONT_PAGE = "front_page"  # masthead, contents box, stories turned to another page
    SECTIONS = "sections"  # columns and series with names of their own
    BRIEFS = "briefs"  # one paragraph each
    SUBHEADS = "subheads"  # features and reports with headings inside


class Fault(StrEnum):
    """What goes wrong between the press and the text file."""

    SPACES = "spaces"  # inside words and numbers
    SPACED_HEADLINE = "spaced_headline"
    ASCII_PUNCTUATION = "ascii_punctuation"
    MISREAD = "misread"
    LOST_STOP = "lost_stop"  # no punctuation at a paragraph's end
    CUT_PARAGRAPH = "cut_paragraph"  # blank lines in mid-sentence
    RUN_ON = "run_on"  # no blank line between two paragraphs
    LOST_LINE = "lost_line"  # a paragraph's last line is missing
    SCRAPS = "scraps"
    DOUBLED = "doubled"  # a character read twice
    BROKEN_MASTHEAD = "broken_masthead"
    FURNITURE = "furniture"  # folio, editors' and designers' names
    CRLF = "crlf"
    INDENT = "indent"
    WIDE_DIGITS = "wide_digits"
    SPLIT_HEADLINE = "split_headline"  # over two lines
    BYLINE_APART = "byline_apart"  # 吴 / 连祥
    BYLINE_LINE = "byline_line"  # names on a line of their own
    SHUFFLED = "shuffled"  # small stories before the lead


@dataclass(frozen=True, slots=True)
class Truth:
    """What one story of a page really is; titles are as printed, faults included."""

    spans: tuple[Span, ...]
    title: str | None
    other_titles: tuple[str, ...]
    byline: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page, and the stories it was made of, in the order of their first characters."""

    seed: int
    text: str
    stories: tuple[Truth, ...]
    layout: Layout
    faults: frozenset[Fault] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """A file name for it."""
        return f"{self.seed:05d}_{self.layout}.txt"


def filled(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """The places in these ranges that hold more than white space."""
    return frozenset(i for start, end in spans for i in range(start, end) if not text[i].isspace())
