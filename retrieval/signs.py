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

from retrieval.blocks import Block
from retrieval.cleaning import HAN
from retrieval.shapes import TEXTS, Shape
from retrieval.surroundings import Surroundings


class Sign(IntEnum):
    """A kind of evidence; its place in the table of signs."""

    ONE = 0  # always there: what a way of reading costs or gains by itself
    HABIT = auto()  # the page prints its headlines on this side of its stories
    OPENER = auto()  # 本报讯 or a byline opens the paragraph
    PHOTO = auto()  # a photographer's credit closes it
    CAPTION = auto()  # and it says 图为
    SIGNED_PAGE = auto()  # the page signs its stories
    GAP = auto()  # more blank lines above than the page has between paragraphs
    PARTED = auto()  # few words recur on both sides of the place, by what the page has elsewhere
    ABOVE = auto()  # share of a headline's words that recur in the story above
    BELOW = auto()  # and in the story below
    LOOSE = auto()  # the line may be a paragraph's own
    RUNS_IN = auto()  # the line above runs into it, by the characters at the break
    RUNS_OUT = auto()  # and it into the line below
    SHORTFALL = auto()  # it is shorter than its column, though its sentence has no end
    COMMA = auto()  # it has clauses, as sentences have
    SMALL_WORDS = auto()  # 的了在是: seldom in headlines
    BYLINE_BELOW = auto()  # a line of names follows the headline
    OPENER_BELOW = auto()  # the story below opens as a story does
    MARK = auto()  # 上接: the paragraph comes from another page
    MARK_BELOW = auto()  # 上接: the story below comes from another page
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
    ORPHAN = auto()  # another headline, set off from it, follows and no story
    COLUMN_WORDS = auto()  # 民生关注, 短讯: what columns are called
    NUMBERED = auto()  # 一、 is a part of something
    DASH = auto()  # a dash leads the line in
    COLUMN = auto()  # a heading over deeper headings
    SCRAP = auto()  # no Chinese to speak of
    FOLIO = auto()  # the words and numbers of a folio, a masthead or a list of editors
    NO_GAP = auto()  # no such blank lines, on a page that has them
    NOTICE_ABOVE = auto()  # a date, a telephone number, 特此公告 above: a notice ends
    SIBLING = auto()  # another short line near has the same rhythm
    LENGTH = auto()  # how much longer than a subhead the line is
    LIST = auto()  # a line of a notice or a list, no prose
    LIST_ABOVE = auto()  # so is the one above
    PLAIN_ABOVE = auto()  # prose above, a list below


# Words a document's own name ends with, and heads of boxes that belong to the story above.
_DOCUMENT = re.compile(
    r"^.{0,24}(?:通报|公告|通告|通知|启事|声明|公示|讣告|决定|公报|工作报告|条例|办法|倡议书|公开信|"
    r"致辞|名单|招聘|简章)$"
)
_ATTACHED = re.compile(
    r"简历$|^(?:相关|新闻|知识|背景)?"
    r"(?:链接|背景|资料|提示|名词解释|延伸阅读|小贴士|记者手记|编后语?|编者按|短评|附)[:：]?"
)
_SMALL_WORDS = re.compile("[的了在是着过也都就还不这那其之与及将已被把对从以而且但或]")
_CAPTION = re.compile(r"图为|[上下左右]图|图[①②③④1-9一二三四]")
MAX_ASIDE_CHARS = 60
_SCRAP_CHARS = 8
_TOP_BLOCKS, _BOTTOM_BLOCKS = 6, 4  # of a page, where folios and credits stand
_MAX_HEAD_LINES = 4  # of one headline
_SHORT_CHARS = 20  # a paragraph is longer
# What a page calls a column of its stories.
COLUMN_NAME = re.compile(
    r".{0,6}(?:短讯|简讯|快讯|要闻|快报|快递|速递|速览|在线|广角|视点|视窗|时空|专版|专栏|专题|关注|聚焦|新闻|资讯|播报|观察|"
    r"驿站|天地|园地|广场|之窗|之声|走基层|动态|一览|集萃|传真|连线|新时代|新征程|进行时|在行动)"
)
_CLAUSES = re.compile(r"[，,；;]")
_STROKE = re.compile("[丨囗匚冂凵亠丶丿乛乚亅冫]")  # no newspaper sets them as characters
_STROKES_CHARS = 4
_LEGIBLE = re.compile(rf"[{HAN}\d]")
# What only a folio, a masthead or a list of editors says, and what stands beside it there.
_FOLIO = re.compile(
    r"责任编辑|责编|编辑|美编|校对|检校|版式|版面|制图|组版|排版|主编|审读|审校|投稿|主管[、\s]*主办|主[管办](?:单位)?[:：]|报社|总第|刊号|邮发代号|"
    r"导读|要闻|天气.*℃|^[\u4e00-\u9fff]{2,4}\s?[A-Z]?\d{1,2}$|今日\d|第?[A-Z]?\d{1,2}\s?版|星期[一二三四五六日天]|农历|新闻热线|^[\u4e00-\u9fff]{2,4}(?:日报|晚报|时报|晨报|早报)"
)
_BESIDE_FOLIO = re.compile(
    r"热线|电话|邮箱|E-?mail|出版|日报|晚报|时报|晨报|早报|商报|农村报|本期|设计|版|"
    r"(?:19|20)\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?|\d{3,4}-\d{7,8}|[\w.-]+@[\w.-]+|https?://\S+|www\.\S+"
    r"|CN\s?\d\d-\d{4}",
    re.IGNORECASE,
)
Table = NDArray[np.float32]  # (n_blocks, n_signs)
Row = list[float]  # of a table in the making


def read_signs(page: Surroundings) -> Table:
    """The signs of each block of a page: ``(n_blocks, len(Sign))``."""
    rows: list[Row] = []
    for index, block in enumerate(page.blocks):
        row: Row = [0.0] * len(Sign)
        _read_place(page, index, row)
        if block.shape in TEXTS:
            _read_text(page, index, row)
        if block.shape not in (Shape.TEXT, Shape.BYLINE):
            _read_head(page, index, row)
        rows.append(row)
    table = np.array(rows, dtype=np.float32)
    table[:, [Sign.ONE, Sign.HABIT]] = 1
    table[:, Sign.SIGNED_PAGE] = page.signed
    table[:, Sign.RUNS_IN] = page.runs_in
    table[:-1, Sign.RUNS_OUT] = page.runs_in[1:]
    table[:, Sign.PARTED] = 1 - page.cohesion
    table[:, Sign.ABOVE], table[:, Sign.BELOW] = page.recurrence
    return table


def _read_place(page: Surroundings, index: int, row: Row) -> None:
    """The signs of a block's place on the page, and of its text where that is short."""
    block = page.blocks[index]
    wide = block.gap > max(1, page.usual_gap)
    row[Sign.GAP if wide else Sign.NO_GAP] = page.gap_tells
    if index:
        row[Sign.NOTICE_ABOVE] = page.ended[index - 1]
    above = page.last_text[index]
    if above is not None:
        row[Sign.LIST_ABOVE] = not page.prose[above]
    text = block.clean.text
    row[Sign.SCRAP] = len(text) <= _SCRAP_CHARS and not _is_legible(text)
    if index < _TOP_BLOCKS or index >= len(page.blocks) - _BOTTOM_BLOCKS:
        row[Sign.FOLIO] = _folio(text)


def _is_legible(text: str) -> bool:
    """Whether a short line says anything: strokes and rules are read as radicals."""
    if len(text) <= _STROKES_CHARS and _STROKE.search(text):
        return False
    return _LEGIBLE.search(text) is not None


def _folio(text: str) -> float:
    """How much of a short line is what a folio, a masthead or a list of editors says."""
    if len(text) > MAX_ASIDE_CHARS or not _FOLIO.search(text):
        return 0.0
    rest = _BESIDE_FOLIO.sub("", _FOLIO.sub("", text))
    return min(1.0, 1.5 * (1 - len(rest.replace(" ", "")) / len(text.replace(" ", ""))))


def _read_text(page: Surroundings, index: int, row: Row) -> None:
    """The signs of a paragraph."""
    block = page.blocks[index]
    row[Sign.OPENER] = block.opens
    row[Sign.MARK] = block.comes_from
    text = block.clean.text
    row[Sign.LIST] = not page.prose[index]
    row[Sign.PHOTO] = page.photos[index]
    row[Sign.CAPTION] = page.photos[index] and _CAPTION.search(text) is not None


def _read_head(page: Surroundings, index: int, row: Row) -> None:
    """The signs of a short line."""
    block = page.blocks[index]
    text = block.clean.text
    row[Sign.LOOSE] = block.shape is Shape.LOOSE
    if block.shape is Shape.LOOSE:
        row[Sign.SHORTFALL] = max(0.0, min(1.0, (block.room - 1) / 5))
    row[Sign.COMMA] = _CLAUSES.search(text) is not None
    row[Sign.SMALL_WORDS] = len(_SMALL_WORDS.findall(text)) / len(text)
    row[Sign.DOCUMENT] = _DOCUMENT.search(text) is not None
    row[Sign.ATTACHED] = _ATTACHED.search(text) is not None
    row[Sign.NUMBERED] = block.numbered
    row[Sign.COLUMN_WORDS] = COLUMN_NAME.fullmatch(text) is not None
    below = page.blocks[index + 1] if index + 1 < len(page.blocks) else None
    if below is not None and below.shape is Shape.HEAD:
        row[Sign.ORPHAN] = max(0, min(3, below.gap - page.usual_gap)) / 2
    row[Sign.SIBLING] = page.siblings[index]
    row[Sign.LENGTH] = max(-1.0, min(1.0, (len(text) - 11) / 8))
    row[Sign.COLUMN] = index in page.columns
    row[Sign.DASH] = block.shape is Shape.DASH
    if page.top_level:
        row[_mark(block, page.top_level)] = 1
    _read_below(page, index, row)


def _mark(block: Block, top_level: int) -> Sign:
    """How a line is marked, on a page that has marks."""
    if not block.level:
        return Sign.NO_MARK
    return Sign.TOP_MARK if block.level <= top_level else Sign.LOW_MARK


def _read_below(page: Surroundings, index: int, row: Row) -> None:
    """The signs below a short line of the story that begins or goes on there."""
    blocks, at = page.blocks, page.next_story[index]
    row[Sign.STORY_BELOW] = at >= len(blocks) or blocks[at].opens
    if at >= len(blocks):
        row[Sign.NOTHING_BELOW] = 1
        return
    story = blocks[at]
    listed = story.shape is Shape.TEXT and not page.prose[at]
    row[Sign.PLAIN_ABOVE] = listed and not row[Sign.LIST_ABOVE]
    row[Sign.SPOKEN_FOR] = story.opens or story.shape is Shape.BYLINE
    if at > index + _MAX_HEAD_LINES:
        row[Sign.NOTHING_BELOW] = 1
    elif story.comes_from:
        row[Sign.MARK_BELOW] = 1
    elif story.shape is Shape.BYLINE:
        row[Sign.BYLINE_BELOW] = 1
    elif story.opens:
        row[Sign.OPENER_BELOW] = 1
    elif not page.closes_ahead[at]:
        _read_unsigned(page, index, row)


def _read_unsigned(page: Surroundings, index: int, row: Row) -> None:
    """The signs above a story that neither an opener nor a byline marks."""
    at = page.next_story[index]
    dash = any(b.shape is Shape.DASH for b in page.blocks[index + 1 : at])
    if len(page.blocks[at].clean.text) < _SHORT_CHARS and not dash:
        row[Sign.SHORT_BELOW] = 1
        return
    row[Sign.NO_OPENER_BELOW] = page.opened
    row[Sign.NO_SIGN_BELOW] = page.signed and (page.opened or not dash)


def is_series(below: Sequence[Block]) -> bool:
    """Whether a dash, and then another headline or nothing, follows: no story of its own."""
    if not below or below[0].shape is not Shape.DASH:
        return False
    return len(below) == 1 or below[1].shape is Shape.HEAD
