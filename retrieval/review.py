"""The review of a page: how each block was read, by which evidence, and where that is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrieval.articles import Contents, articles_of, contents_of, to_divide
from retrieval.blocks import Block
from retrieval.clues import Clue
from retrieval.division import Decision, weigh
from retrieval.lines import read_lines
from retrieval.pages import line_of
from retrieval.pinned import Pinned, take_pinned
from retrieval.readings import Role
from retrieval.records import Article, CleanText, Form, Page, Span
from retrieval.rows import read_rows
from retrieval.settings import Settings

# Margins below which a decision is in doubt, by `python -m tests.pressroom.doubt` on seeds 0:200,
# and with --corpus. Of the openings just below (1.5 to 2) 10 and 20 % are wrong, just above 5 and
# 20 %; of the blocks that open nothing 22 and 33 % just below (0.5 to 1), 15 and 13 % just above; of
# all that are in doubt a third. Flagged are 41 and 22 % of the pages: of those with a wrong decision
# 89 and 79 %, of those without 26 and 13 %.
UNSURE_OPENING = 2.0
UNSURE_INSIDE = 1.0
# Of the openings from here on 0.7 and 0.4 % are wrong, of the other decisions less than 0.1 %.
SURE = 4.0


class Basis(StrEnum):
    """By whom it was settled to which article a block belongs."""

    RULES = "rules"
    LOOKS = "looks"  # furniture, by its words and its place
    PERSON = "person"  # pinned in the page's sidecar
    ROW = "row"  # of a .jsonl page, whose rows are articles


class Certainty(StrEnum):
    """How sure a decision is."""

    SURE = "sure"
    FAIR = "fair"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Reading:
    """A block of a page as it was read; one without an article of its own is ``page/a0``'s.

    ``role`` is ``None`` for furniture; ``margin`` and ``reasons`` are as in ``Decision``, ``None``
    and empty where nothing was weighed.
    """

    article_id: str
    role: Role | None
    span: Span
    lines: tuple[int, int]
    text: str
    basis: Basis
    opens: bool = False
    margin: float | None = None
    reasons: tuple[tuple[Clue, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The articles of a page as ``split_page`` gives them, and every block in the page's order."""

    page: Page
    articles: tuple[Article, ...]
    readings: tuple[Reading, ...]


def review_page(page: Page, settings: Settings) -> Review:
    """How a page is divided, and why.

    1. blocks, those pinned by hand aside, 2. the division with its evidence, 3. articles, 4. each
    block in its place.
    """
    if page.form is Form.JSONL:
        articles = read_rows(page)[0]
        return Review(page, articles, tuple(r for a in articles for r in _row(a)))
    pinned = take_pinned(page, read_lines(page.text, settings))
    kept = to_divide(pinned)
    decisions = weigh(kept)
    contents = contents_of(pinned, [decision.step for decision in decisions])
    weighed = {b.span: d for b, d in zip(kept, decisions, strict=True)}
    readings = [*_of_stories(page, contents, weighed), *_of_none(page, contents, pinned, weighed)]
    in_order = tuple(sorted(readings, key=lambda reading: reading.span))
    return Review(page, articles_of(page, contents), in_order)


def certainty(reading: Reading) -> Certainty | None:
    """How sure it is whether an article opens at a block; ``None`` where nothing was weighed."""
    if reading.margin is None:
        return None
    if reading.margin < (UNSURE_OPENING if reading.opens else UNSURE_INSIDE):
        return Certainty.UNSURE
    return Certainty.SURE if reading.margin >= SURE else Certainty.FAIR


def doubts(review: Review) -> list[Reading]:
    """The blocks at which it is in doubt whether an article opens; a page with any is flagged."""
    return [r for r in review.readings if certainty(r) is Certainty.UNSURE]


def _of_stories(page: Page, contents: Contents, weighed: dict[Span, Decision]) -> Iterator[Reading]:
    """The blocks of each story; the first one opens it."""
    for number, story in enumerate(contents.stories, 1):
        for n, piece in enumerate(story.pieces):
            found = weighed.get(piece.block.span) if story.pin is None else None
            yield Reading(
                f"{page.id}/a{number}",
                piece.role,
                piece.block.span,
                _lines(page, piece.block.span),
                piece.block.clean.text,
                Basis.RULES if story.pin is None else Basis.PERSON,
                n == 0,
                found.margin if found else None,
                found.reasons if found else (),
            )


def _of_none(
    page: Page, contents: Contents, pinned: Pinned, weighed: dict[Span, Decision]
) -> Iterator[Reading]:
    """The blocks that belong to no story: furniture, scraps, names of columns."""
    by_hand = {b.span for b in pinned.furniture}
    for block in contents.furniture:
        found = weighed.get(block.span)
        yield Reading(
            f"{page.id}/a0",
            found.step.role if found else None,
            block.span,
            _lines(page, block.span),
            block.clean.text,
            _basis(block, found, by_hand),
            False,
            found.margin if found else None,
            found.reasons if found else (),
        )


def _basis(block: Block, found: Decision | None, by_hand: set[Span]) -> Basis:
    """Who settled that a block belongs to no story."""
    if block.span in by_hand:
        return Basis.PERSON
    return Basis.RULES if found else Basis.LOOKS


def _row(article: Article) -> Iterator[Reading]:
    """The headline and the body of an article that came separated."""
    parts: list[tuple[Role, CleanText]] = [
        (Role.TITLE, article.headline),
        (Role.BODY, article.body),
    ]
    printed = [(role, part) for role, part in parts if part.text]
    for n, (role, part) in enumerate(printed):
        span = (part.spans[0][0], part.spans[-1][1])
        yield Reading(article.id, role, span, article.lines, part.text, Basis.ROW, n == 0)


def _lines(page: Page, span: Span) -> tuple[int, int]:
    """The first and the last line of a range."""
    return line_of(page.text, span[0]), line_of(page.text, span[1] - 1)
