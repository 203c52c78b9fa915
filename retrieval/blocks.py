"""Blocks: the lines of a page put back into headlines, bylines and whole paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval import bylines
from retrieval.bylines import Byline
from retrieval.cleaning import EMPTY, Setting, clean, is_seamless, join
from retrieval.lines import Line, read_lines
from retrieval.marks import comes_from, goes_on
from retrieval.records import CleanText, Span
from retrieval.settings import Settings
from retrieval.shapes import (
    NUMBERED,
    TEXTS,
    Group,
    Shape,
    completes_byline,
    continues,
    ends_short,
    finished,
    is_cut_head,
    is_prose,
    room_of,
    shape_of,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A headline line, a byline or a paragraph, with the bylines at its ends."""

    shape: Shape
    span: Span
    clean: CleanText
    gap: int
    level: int = 0
    room: int = 0  # characters that a loose line falls short of its column; below 0: runs past it
    numbered: bool = False  # 一、 (二) 第三章: a part of something larger
    unfinished: bool = False  # a paragraph without the end of its last sentence
    glued: bool = False  # goes on with the paragraph above, if that is one
    opens: bool = False
    comes_from: bool = False  # 上接: its story begins on another page
    goes_on: bool = False  # 下转: and goes on there
    opening: Byline | None = None
    closing: Byline | None = None


def read_blocks(raw: str, settings: Settings) -> list[Block]:
    """The page's blocks in order, furniture included.

    1. lines, 2. the shape of each in its place, 3. lines of one paragraph joined.
    """
    return join_lines(raw, read_lines(raw, settings))


def join_lines(raw: str, lines: Sequence[Line]) -> list[Block]:
    """The blocks that these lines make, in their order."""
    groups: list[Group] = []
    for index, line in enumerate(lines):
        before = groups[-1] if groups else None
        if before is not None and completes_byline(before, line):
            groups[-1] = Group(Shape.BYLINE, [*before.lines, line])
            continue
        if before is not None and before.shape is Shape.HEAD and is_cut_head(before, line):
            before.lines.append(line)
            continue
        shape = shape_of(lines, index, before)
        room = (room_of(lines, index) or 0) if shape is Shape.LOOSE else 0
        glued = shape in TEXTS and before is not None and continues(before, line)
        if shape is Shape.TEXT and before is not None and before.shape is Shape.TEXT and glued:
            before.lines.append(line)
        else:
            groups.append(Group(shape, [line], glued, room))
    return [_block(raw, group) for group in groups]


def merge(raw: str, blocks: Sequence[Block]) -> list[Block]:
    """The paragraphs of a body, those put together again that a loose line had parted."""
    runs: list[list[Block]] = []
    for block in blocks:
        above = runs[-1][-1] if runs else None
        if above and block.glued and not raw[above.span[1] : block.span[0]].strip():
            runs[-1].append(block)
        else:
            runs.append([block])
    return [_whole(raw, run) for run in runs]


def _whole(raw: str, run: Sequence[Block]) -> Block:
    """One paragraph of blocks that follow each other."""
    if len(run) == 1:
        return run[0]
    span = (run[0].span[0], run[-1].span[1])
    return _text(raw, span, run[0])


def _block(raw: str, group: Group) -> Block:
    """The block that these lines make."""
    first = group.lines[0]
    span = (first.start, group.lines[-1].end)
    if group.shape is Shape.TEXT:
        block = Block(group.shape, span, EMPTY, first.gap, first.level, glued=group.glued)
        text = _text(raw, span, block)
        ended = text.unfinished and ends_short(group.lines[-1].text)
        return replace(text, unfinished=False) if ended else text
    shown = clean(raw, [span], Setting.DISPLAY)
    byline = None
    if group.shape is Shape.BYLINE:
        byline = bylines.standalone(shown.text) or bylines.office(shown.text)
    numbered = bool(NUMBERED.match(shown.text))
    return Block(
        group.shape,
        span,
        shown,
        first.gap,
        first.level,
        room=group.room,
        numbered=numbered,
        glued=group.glued,
        closing=byline,
    )


def _text(raw: str, span: Span, block: Block) -> Block:
    """The paragraph that stands at this range, in the place of a block that begins there."""
    shown = clean(raw, [span], Setting.DISPLAY)
    opening, closing = bylines.opening(shown.text), bylines.closing(shown.text)
    if opening and closing and closing.start < opening.end:
        closing = None  # 本报讯(记者 某某), its story still to come
    continued = comes_from(shown.text)
    return Block(
        Shape.TEXT,
        span,
        _paragraph(raw, shown, opening, closing),
        block.gap,
        block.level,
        numbered=bool(NUMBERED.match(shown.text)),
        unfinished=is_prose(shown.text) and not finished(shown.text),
        glued=block.glued,
        opens=continued or bylines.opens_story(shown.text),
        comes_from=continued,
        goes_on=goes_on(shown.text),
        opening=opening,
        closing=closing,
    )


def _paragraph(
    raw: str, shown: CleanText, opening: Byline | None, closing: Byline | None
) -> CleanText:
    """A paragraph's clean text: names keep the spaces between them, the rest does not."""
    if is_seamless(shown) or len(shown.text.split()) == 1:
        return shown  # no space was kept that a body would do without
    first, last = shown.spans[0][0], shown.spans[-1][1]
    if not (opening or closing):
        return clean(raw, [(first, last)])
    marks = [place(shown, b.start) for b in (opening, closing) if b and b.start]
    marks += [place(shown, b.end - 1) + 1 for b in (opening, closing) if b and b.end]
    edges = sorted({first, last, *marks})
    named = [(place(shown, b.start), place(shown, b.end - 1)) for b in (opening, closing) if b]
    parts = []
    for start, end in pairwise(edges):
        inside = any(a <= start and end <= b + 1 for a, b in named)
        parts.append(clean(raw, [(start, end)], Setting.DISPLAY if inside else Setting.BODY))
    return join(parts)


def place(text: CleanText, offset: int) -> int:
    """Where a character of a clean text stands in the page."""
    for start, end in text.spans:
        if offset < end - start:
            return start + offset
        offset -= end - start
    return text.spans[-1][1]
