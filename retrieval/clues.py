"""Clues: what a sign of the page says in one context, and how much it weighs there.

A weight of 1 is "rather", of 3 "nearly always"; ``python -m tests.pressroom.fit --write`` fits them,
``python -m tests.pressroom.ablation`` says what each kind of clue is worth.
"""

from __future__ import annotations

from enum import StrEnum, auto

from retrieval.signs import Sign


class Clue(StrEnum):
    """A sign in a context: what the weights are given to."""

    ARTICLE = auto()
    HEADLESS = auto()
    OPENER = auto()
    OPENER_INSIDE = auto()
    BYLINE_BELOW = auto()
    OPENER_BELOW = auto()
    MARK = auto()
    MARK_INSIDE = auto()
    MARK_BELOW = auto()
    MARK_TAIL = auto()
    NO_OPENER_BELOW = auto()
    NO_SIGN_BELOW = auto()
    SHORT_BELOW = auto()
    NOTHING_BELOW = auto()
    PREVIOUS_CLOSED = auto()
    UNSIGNED = auto()
    GAP = auto()
    PHOTO = auto()
    CAPTION_INSIDE = auto()
    PARTED = auto()
    PARTED_TEXT = auto()
    ABOVE = auto()
    BELOW = auto()
    LOOSE = auto()
    SMALL_WORDS = auto()
    RUNS_IN = auto()
    RUNS_OUT = auto()
    JOIN_RUNS_IN = auto()
    SHORTFALL = auto()
    COMMA = auto()
    HABIT = auto()
    TOP_MARK = auto()
    LOW_MARK = auto()
    NO_MARK = auto()
    DOCUMENT = auto()
    ATTACHED = auto()
    NUMBERED = auto()
    NO_BODY = auto()
    JOIN = auto()
    JOIN_PART = auto()
    TAIL = auto()
    STORY_BELOW = auto()
    INSIDE_CLOSED = auto()
    INSIDE_SPOKEN = auto()
    INSIDE_TOP_MARK = auto()
    SECTION = auto()
    SERIES = auto()
    COLUMN_NAME = auto()
    ORPHAN = auto()
    COLUMN_WORDS = auto()
    AFTER_TAIL = auto()
    AFTER_INSIDE = auto()
    NAMES_AFTER_TAIL = auto()
    NAMES_FRONT = auto()
    SIGNED_TWICE = auto()
    RESUMED = auto()
    NO_GAP = auto()
    NOTICE_ABOVE = auto()
    SIBLING = auto()
    LENGTH = auto()
    LIST = auto()
    LIST_ABOVE = auto()
    PLAIN_ABOVE = auto()
    ASIDE = auto()
    SCRAP = auto()
    FOLIO = auto()
    HEADLESS_ABOVE = auto()
    INSIDE_HEADLINE = auto()
    GAP_TEXT = auto()
    INSIDE_ABOVE = auto()
    INSIDE_BELOW = auto()
    INSIDE_PARTED = auto()
    PAGE_END = auto()


# The sign each clue reads, its weight, and why.
WEIGHTS: dict[Clue, tuple[Sign, float]] = {
    Clue.ARTICLE: (Sign.ONE, -2.61),  # each article must be worth its while
    Clue.HEADLESS: (Sign.ONE, -1.28),  # a story without a headline of its own
    Clue.OPENER: (Sign.OPENER, 1.38),  # 本报讯 opens a story
    Clue.OPENER_INSIDE: (Sign.OPENER, -3.39),  # and seldom stands within one
    Clue.BYLINE_BELOW: (Sign.BYLINE_BELOW, 2.79),  # a headline, then who wrote it
    Clue.OPENER_BELOW: (Sign.OPENER_BELOW, 0.11),
    Clue.MARK: (Sign.MARK, 4.00),  # nothing else does
    Clue.MARK_INSIDE: (Sign.MARK, -4.00),
    Clue.MARK_TAIL: (Sign.MARK_BELOW, -6.00),
    Clue.MARK_BELOW: (Sign.MARK_BELOW, 1.50),  # above 上接 its headline is printed again
    Clue.NO_OPENER_BELOW: (Sign.NO_OPENER_BELOW, -0.17),
    Clue.NO_SIGN_BELOW: (Sign.NO_SIGN_BELOW, -0.44),  # rather a subhead
    Clue.SHORT_BELOW: (Sign.SHORT_BELOW, -1.07),
    Clue.NOTHING_BELOW: (Sign.NOTHING_BELOW, -4.53),
    Clue.PREVIOUS_CLOSED: (Sign.ONE, 0.97),  # the story above has ended
    Clue.UNSIGNED: (Sign.SIGNED_PAGE, -0.82),  # on a page that signs its stories, the last is not
    Clue.GAP: (Sign.GAP, 3.85),
    Clue.CAPTION_INSIDE: (Sign.CAPTION, -4.00),
    Clue.PHOTO: (Sign.PHOTO, 4.08),  # a caption stands alone
    Clue.PARTED: (Sign.PARTED, 2.80),
    Clue.PARTED_TEXT: (Sign.PARTED, 2.80),
    Clue.ABOVE: (Sign.ABOVE, -0.84),
    Clue.BELOW: (Sign.BELOW, 3.50),
    Clue.LOOSE: (Sign.LOOSE, -3.58),  # a line among text is rather text
    Clue.RUNS_IN: (Sign.RUNS_IN, -2.20),
    Clue.RUNS_OUT: (Sign.RUNS_OUT, -2.01),
    Clue.JOIN_RUNS_IN: (Sign.RUNS_IN, 0.05),
    Clue.SHORTFALL: (Sign.SHORTFALL, 2.17),
    Clue.COMMA: (Sign.COMMA, -4.85),
    Clue.SMALL_WORDS: (Sign.SMALL_WORDS, -3.98),
    Clue.HABIT: (Sign.HABIT, 1.56),
    Clue.TOP_MARK: (Sign.TOP_MARK, 0.07),
    Clue.LOW_MARK: (Sign.LOW_MARK, 1.81),
    Clue.NO_MARK: (Sign.NO_MARK, -0.22),
    Clue.DOCUMENT: (Sign.DOCUMENT, 3.58),
    Clue.ATTACHED: (Sign.ATTACHED, -2.48),
    Clue.NUMBERED: (Sign.NUMBERED, -5.20),
    Clue.NO_BODY: (Sign.ONE, -4.11),  # a headline with nothing below it
    Clue.JOIN: (Sign.ONE, 2.38),  # headline lines stand together
    Clue.JOIN_PART: (Sign.NUMBERED, -2.00),
    Clue.TAIL: (Sign.ONE, 0.23),  # a headline below its story
    Clue.STORY_BELOW: (Sign.STORY_BELOW, 0.85),
    Clue.INSIDE_CLOSED: (Sign.ONE, -0.57),  # nothing stands inside a story that has ended
    Clue.INSIDE_SPOKEN: (Sign.SPOKEN_FOR, -0.43),
    Clue.INSIDE_TOP_MARK: (Sign.TOP_MARK, -1.11),  # nor is marked like a headline
    Clue.SECTION: (Sign.ONE, 4.84),
    Clue.COLUMN_NAME: (Sign.ONE, -3.87),  # headlines stand above headlines, too
    Clue.ORPHAN: (Sign.ORPHAN, 4.54),
    Clue.COLUMN_WORDS: (Sign.COLUMN_WORDS, 6.93),
    Clue.SERIES: (Sign.ONE, 1.43),
    Clue.AFTER_INSIDE: (Sign.ONE, -1.40),  # a subhead stands above its own text
    Clue.AFTER_TAIL: (Sign.ONE, -0.20),  # a headline below its story ends it
    Clue.NAMES_FRONT: (Sign.ONE, -1.80),  # a line of names stands above the story it signs
    Clue.NAMES_AFTER_TAIL: (Sign.ONE, -0.38),  # and so its byline stands above
    Clue.SIGNED_TWICE: (Sign.ONE, -3.18),  # one story has one byline
    Clue.RESUMED: (Sign.ONE, -3.91),  # text after a byline that closed the story
    Clue.NO_GAP: (Sign.NO_GAP, -1.02),
    Clue.NOTICE_ABOVE: (Sign.NOTICE_ABOVE, 2.29),
    Clue.SIBLING: (Sign.SIBLING, -2.05),
    Clue.LENGTH: (Sign.LENGTH, 1.22),
    Clue.LIST: (Sign.LIST, -1.15),
    Clue.LIST_ABOVE: (Sign.LIST_ABOVE, -1.30),
    Clue.PLAIN_ABOVE: (Sign.PLAIN_ABOVE, 0.97),
    Clue.ASIDE: (Sign.ONE, -0.04),  # what is printed on a page is rather part of it
    Clue.SCRAP: (Sign.SCRAP, 4.02),
    Clue.FOLIO: (Sign.FOLIO, 5.45),
    Clue.HEADLESS_ABOVE: (Sign.ONE, -0.72),  # the story above has no headline yet
    Clue.INSIDE_HEADLINE: (Sign.ONE, 0.46),
    Clue.GAP_TEXT: (Sign.GAP, 5.07),
    Clue.INSIDE_ABOVE: (Sign.ABOVE, 0.54),
    Clue.INSIDE_BELOW: (Sign.BELOW, 1.05),
    Clue.INSIDE_PARTED: (Sign.PARTED, -0.29),
    Clue.PAGE_END: (Sign.ONE, -4.00),
}
