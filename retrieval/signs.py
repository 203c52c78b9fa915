"""Signs: the evidence, in a block and in the print around it, for what the block is.

Each sign is a number read off the page before anything is decided; what it means for each way of
reading a block is told by the moves of ``readings``. The weight of a sign says how much it counts:
1 is "rather", 3 is "nearly always".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum, auto

import numpy as np
from numpy.typing import NDArray

from retrieval.blocks import Block, Shape
from retrieval.recurrence import Surroundings, is_photo


class Sign(IntEnum):
    """A kind of evidence; its place in the table of signs."""

    ONE = 0  # always there: what a way of reading costs or gains by itself
    HABIT_HEADS = auto()  # the page prints its headlines on this side of its stories
    HABIT_NAMES = auto()  # and its bylines
    OPENER = auto()  # 本报讯 or a byline opens the paragraph
    CLOSER = auto()  # a byline closes it
    PHOTO = auto()  # a photographer's credit closes it
    NOTICE = auto()  # the words of a notice or an advertisement
    SIGNED_PAGE = auto()  # the page signs its stories
    UNFINISHED = auto()  # the paragraph above breaks off in mid-sentence
    RUNS_ON = auto()  # and goes on below this line
    GAP = auto()  # more blank lines above than the page has between paragraphs
    COHESION = auto()  # words that recur on both sides of the place, by what the page has elsewhere
    RECURRENCE = auto()  # share of a headline's words in the story below, less that above
    BYLINE_BELOW = auto()  # a line of names follows the headline
    OPENER_BELOW = auto()  # the story below opens as a story does
    CLOSER_BELOW = auto()  # the story below ends with a byline
    DASH_BELOW = auto()  # a subtitle that a dash leads in follows
    NO_OPENER_BELOW = auto()  # nothing opens below, on a page whose stories have openers
    NO_SIGN_BELOW = auto()  # neither opener nor byline below, on a page that signs its stories
    SHORT_BELOW = auto()  # next to nothing below
    NOTHING_BELOW = auto()  # nothing below at all
    STORY_BELOW = auto()  # the next story opens below, or the page ends
    SPOKEN_FOR = auto()  # what opens or signs a story below belongs to a headline
    TOP_MARK = auto()  # marked as the page's headlines are
    LOW_MARK = auto()  # marked deeper
    NO_MARK = auto()  # not marked, where others are
    DOCUMENT = auto()  # 通报, 公告, 启事: the name of a whole document
    ATTACHED = auto()  # 简历, 链接: a box of the story above
    NUMBERED = auto()  # 一、 is a part of something
    DASH = auto()  # a dash leads the line in
    AFTER_DASH = auto()  # the line above ends a headline
    COLUMN = auto()  # a heading over deeper headings


# Words a document's own name ends with, and heads of boxes that belong to the story above.
_DOCUMENT = re.compile(
    r"^.{0,24}(?:通报|公告|通告|通知|启事|声明|公示|讣告|决定|公报|工作报告|条例|办法|倡议书|公开信|"
    r"致辞|名单|招聘|简章)$"
)
_ATTACHED = re.compile(
    r"简历$|^(?:相关|新闻|知识|背景)?"
    r"(?:链接|背景|资料|提示|名词解释|延伸阅读|小贴士|记者手记|编后语?|编者按|短评|附)[:：]?"
)
Table = NDArray[np.float32]  # (n_blocks, n_signs)


def read_signs(page: Surroundings) -> Table:
    """The signs of each block of a page: ``(n_blocks, len(Sign))``."""
    table = np.zeros((len(page.blocks), len(Sign)), dtype=np.float32)
    table[:, Sign.ONE] = table[:, Sign.HABIT_HEADS] = table[:, Sign.HABIT_NAMES] = 1
    table[:, Sign.SIGNED_PAGE] = page.signed
    for index, block in enumerate(page.blocks):
        row = table[index]
        row[Sign.GAP] = block.gap >= 3
        row[Sign.UNFINISHED] = index > 0 and page.blocks[index - 1].unfinished
        if block.shape is Shape.TEXT:
            _read_text(page, index, row)
        elif block.shape is not Shape.BYLINE:
            _read_head(page, index, row)
    return table


def _read_text(page: Surroundings, index: int, row: Table) -> None:
    """The signs of a paragraph."""
    block = page.blocks[index]
    row[Sign.OPENER] = block.opens
    row[Sign.CLOSER] = block.closing is not None
    row[Sign.PHOTO] = is_photo(page.blocks, index)


def _read_head(page: Surroundings, index: int, row: Table) -> None:
    """The signs of a short line."""
    block = page.blocks[index]
    text = block.clean.text
    row[Sign.RECURRENCE] = page.pull[index]
    row[Sign.COHESION] = page.cohesion[index]
    row[Sign.DOCUMENT] = _DOCUMENT.search(text) is not None
    row[Sign.ATTACHED] = _ATTACHED.search(text) is not None
    row[Sign.NUMBERED] = block.numbered
    row[Sign.COLUMN] = index in page.columns
    row[Sign.DASH] = block.shape is Shape.DASH
    if index:
        above = page.blocks[index - 1].shape
        row[Sign.AFTER_DASH] = above in (Shape.DASH, Shape.BYLINE) and block.shape is Shape.HEAD
    if page.top_level:
        row[_mark(block, page.top_level)] = 1
    _read_below(page, index, row)


def _mark(block: Block, top_level: int) -> Sign:
    """How a line is marked, on a page that has marks."""
    if not block.level:
        return Sign.NO_MARK
    return Sign.TOP_MARK if block.level <= top_level else Sign.LOW_MARK


def _read_below(page: Surroundings, index: int, row: Table) -> None:
    """The signs below a short line of the story that begins or goes on there."""
    blocks, at = page.blocks, page.next_story[index]
    row[Sign.STORY_BELOW] = at >= len(blocks) or blocks[at].opens
    if at < len(blocks):
        row[Sign.SPOKEN_FOR] = blocks[at].opens or blocks[at].shape is Shape.BYLINE
        above = page.last_text[index]
        row[Sign.RUNS_ON] = above is not None and blocks[above].unfinished
    if at >= len(blocks) or at > index + 4:
        row[Sign.NOTHING_BELOW] = 1
        return
    dash = any(b.shape is Shape.DASH for b in blocks[index + 1 : at])
    row[Sign.DASH_BELOW] = dash
    if blocks[at].shape is Shape.BYLINE:
        row[Sign.BYLINE_BELOW] = 1
    elif blocks[at].opens:
        row[Sign.OPENER_BELOW] = 1
    elif _closes_ahead(page, at):
        row[Sign.CLOSER_BELOW] = 1
    elif len(blocks[at].clean.text) < 20 and not dash:
        row[Sign.SHORT_BELOW] = 1
    else:
        row[Sign.NO_OPENER_BELOW] = page.opened
        row[Sign.NO_SIGN_BELOW] = page.signed and (page.opened or not dash)


def _closes_ahead(page: Surroundings, at: int) -> bool:
    """Whether the text run at this block ends with a byline."""
    run = page.run_of[at]
    if run is None:
        return False
    last = page.runs[run][-1]
    if page.blocks[last].closing is not None:
        return True
    return last + 1 < len(page.blocks) and page.blocks[last + 1].shape is Shape.BYLINE


def is_series(below: Sequence[Block]) -> bool:
    """Whether a dash, and then another headline or nothing, follows: no story of its own."""
    if not below or below[0].shape is not Shape.DASH:
        return False
    return len(below) == 1 or below[1].shape is Shape.HEAD
