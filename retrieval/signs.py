"""Signs: the evidence, in the print around it, that a block opens, joins or ends an article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from retrieval.blocks import Block, Shape
from retrieval.recurrence import Surroundings, is_photo


class Mode(IntEnum):
    """What was read last."""

    NOTHING = 0
    TITLE = 1
    TEXT = 2
    TAIL = 3
    INSIDE = 4
    SECTION = 5


@dataclass(frozen=True, slots=True)
class State:
    """The article that is open while the page is read."""

    mode: Mode = Mode.NOTHING
    headed: bool = False
    signed: bool = False
    closed: bool = False  # by a byline at its end, or a section's name


@dataclass(frozen=True, slots=True)
class Weights:
    """What each piece of evidence weighs: 1 is "rather", 3 is "nearly always"."""

    article: float = -1.0  # each article must be worth its while
    headless: float = -1.5  # a story without a headline of its own
    opener: float = 3.0  # 本报讯 opens a story
    opener_inside: float = -3.0  # and seldom stands within one
    byline_follows: float = 2.0  # a headline, then who wrote it
    previous_closed: float = 1.5  # the story above has ended
    previous_signed: float = 0.5  # its author is known
    unsigned: float = -2.0  # on a page that signs its stories, the last one is not
    unfinished: float = -2.0  # nobody stops in mid-sentence
    no_sign: float = -1.5  # no opener, no byline: rather a subhead
    no_opener: float = -1.0  # where the page's other stories have one
    closer_ahead: float = 1.0  # the story below ends with a byline
    recurrence: float = 3.0  # times the share of a headline's words that recur in the story
    cohesion: float = -3.0  # times the share of words two texts have in common
    habit: float = 0.7  # the page prints its headlines on this side
    names_habit: float = 1.3  # the page prints its bylines on this side
    top_mark: float = 2.0  # marked as the page's headlines are
    low_mark: float = -0.5  # a deeper mark may be a subhead
    unmarked: float = -1.5  # where other headlines are marked
    gap: float = 0.5  # three blank lines and more
    dash_follows: float = 1.5  # a subtitle that a dash leads in
    document: float = 3.0  # 通报, 公告, 启事: the name of a whole document
    attached: float = -3.0  # 简历, 链接: a box of the story above
    numbered: float = -5.0  # 一、 is a part of something
    no_body: float = -4.0  # a headline with nothing below it
    join: float = 0.7  # headline lines stand together
    join_dash: float = 1.0  # the more so a subtitle
    join_after_dash: float = -3.0  # which is the last of them
    tail: float = 0.5  # a headline below its story
    end_follows: float = 1.0  # the next story opens, or the page ends
    mark_follows: float = -1.5  # above 上接 the story's own headline is printed again
    inside_closed: float = -2.0  # nothing stands inside a story that has ended
    inside_headline: float = 2.0  # the sentence runs on below it
    inside_top_mark: float = -2.0  # nor is marked like a headline
    section_mark: float = 3.0  # a heading over deeper headings names a column
    series: float = -1.0  # a name with a dash below it and no story
    photo: float = 3.0  # a credit closes a short paragraph
    after_tail: float = -2.5  # a headline below its story ends it
    byline_after_tail: float = -1.0  # and so its byline stands above
    signed_twice: float = -1.0  # one story has one byline
    resumed: float = -1.5  # text after a byline that closed the story


W = Weights()
# Words a document's own name ends with, and heads of boxes that belong to the story above.
_DOCUMENT = re.compile(
    r"^.{0,24}(?:通报|公告|通告|通知|启事|声明|公示|讣告|决定|公报|工作报告|条例|办法|倡议书|公开信|"
    r"致辞|名单|招聘|简章)$"
)
_ATTACHED = re.compile(
    r"简历$|^(?:相关|新闻|知识|背景)?"
    r"(?:链接|背景|资料|提示|名词解释|延伸阅读|小贴士|记者手记|编后语?|编者按|短评|附)[:：]?"
)


def fresh_text(page: Surroundings, index: int, state: State) -> float:
    """The evidence that a paragraph opens an article."""
    block = page.blocks[index]
    gain = W.opener if block.opens else 0.0
    if state.closed or state.mode is Mode.TAIL:
        gain += W.previous_closed
    elif page.signed and not state.signed and state.mode is not Mode.NOTHING:
        gain += W.unsigned
    if block.gap >= 3:
        gain += W.gap
    if is_photo(page.blocks, index):
        gain += W.photo
    if index and page.blocks[index - 1].unfinished:
        gain += W.unfinished
    return gain


def fresh_head(page: Surroundings, index: int, state: State) -> float:
    """The evidence that a short line is the first of an article's headline."""
    block = page.blocks[index]
    gain = W.article + _story_follows(page, index)
    if state.mode is Mode.TITLE or index in page.columns:
        gain += W.no_body
    if state.closed or state.mode in (Mode.TAIL, Mode.NOTHING):
        gain += W.previous_closed
    elif state.signed:
        gain += W.previous_signed
    elif page.signed:
        gain += W.unsigned
    if index and page.blocks[index - 1].unfinished:
        gain += W.unfinished
    if page.top_level:
        gain += _by_mark(block, page)
    gain += W.gap if block.gap >= 3 else 0.0
    gain += W.numbered if block.numbered else 0.0
    gain += W.cohesion * page.cohesion[index]
    return gain + by_wording(block)


def _by_mark(block: Block, page: Surroundings) -> float:
    """The evidence of Markdown marks, on a page that has them."""
    if not block.level:
        return W.unmarked
    return W.top_mark if block.level <= page.top_level else W.low_mark


def by_wording(block: Block) -> float:
    """The evidence of a headline's own words."""
    if _ATTACHED.search(block.clean.text):
        return W.attached
    return W.document if is_document(block) else 0.0


def is_document(block: Block) -> bool:
    """Whether a headline is the name of a document, which bears no byline."""
    return _DOCUMENT.search(block.clean.text) is not None


def _story_follows(page: Surroundings, index: int) -> float:
    """The evidence below a headline that a story begins there."""
    blocks, at = page.blocks, page.next_story[index]
    if at >= len(blocks) or at > index + 4:
        return W.no_body
    dash = any(b.shape is Shape.DASH for b in blocks[index + 1 : at])
    gain = W.dash_follows if dash else 0.0
    if blocks[at].shape is Shape.BYLINE:
        return gain + W.byline_follows
    if blocks[at].opens:
        return gain + W.opener
    if _closes_ahead(page, at):
        return gain + W.closer_ahead
    if len(blocks[at].clean.text) < 20 and not gain:
        return W.no_body / 2
    if page.opened:
        gain += W.no_opener
    return gain + (W.no_sign if page.signed and gain <= 0 else 0.0)


def _closes_ahead(page: Surroundings, at: int) -> bool:
    """Whether the text run at this block ends with a byline."""
    run = page.run_of[at]
    if run is None:
        return False
    last = page.runs[run][-1]
    if page.blocks[last].closing is not None:
        return True
    return last + 1 < len(page.blocks) and page.blocks[last + 1].shape is Shape.BYLINE


def joined(page: Surroundings, index: int) -> float:
    """The evidence that a line belongs to the headline line above it."""
    block, above = page.blocks[index], page.blocks[index - 1]
    gain = W.join_dash if block.shape is Shape.DASH else W.join
    if above.shape in (Shape.DASH, Shape.BYLINE) and block.shape is Shape.HEAD:
        gain += W.join_after_dash
    if block.numbered or _ATTACHED.search(block.clean.text):
        gain += W.no_body / 2
    return gain


def ends_below(page: Surroundings, index: int, state: State) -> float:
    """The evidence that a story ends at this line: the next one opens, or the page ends."""
    at = page.next_story[index]
    if at < len(page.blocks) and page.blocks[at].comes_from:
        return W.mark_follows
    if at >= len(page.blocks) or page.blocks[at].opens:
        return W.end_follows
    return W.end_follows / 2 if state.closed else 0.0


def inside(page: Surroundings, index: int, state: State) -> float:
    """The evidence that a short line stands inside a story."""
    block = page.blocks[index]
    above, below = page.last_text[index], page.next_story[index]
    before = page.blocks[above] if above is not None else None
    after = page.blocks[below] if below < len(page.blocks) else None
    gain = W.inside_closed if state.closed else 0.0
    if after is not None and (after.opens or after.shape is Shape.BYLINE):
        gain += W.opener_inside
    elif before is not None and before.unfinished and after is not None:
        gain += W.inside_headline
    if block.level and block.level <= page.top_level:
        gain += W.inside_top_mark
    return gain
