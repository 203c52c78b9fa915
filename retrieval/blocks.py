"""Blocks: the lines of a page put back into headlines, bylines and whole paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from retrieval import bylines
from retrieval.bylines import Byline
from retrieval.cleaning import HAN, Setting, clean, join
from retrieval.lines import MAX_COLUMN, Line, read_lines
from retrieval.records import CleanText, Span
from retrieval.settings import Settings


class Shape(StrEnum):
    """What a block looks like by itself; what it is for, the division decides."""

    HEAD = "head"  # a short line without a sentence's end
    DASH = "dash"  # a line under a headline that begins with a dash
    BYLINE = "byline"
    TEXT = "text"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """A headline line, a byline or a paragraph, with the bylines at its ends."""

    shape: Shape
    span: Span
    clean: CleanText
    gap: int
    level: int = 0
    numbered: bool = False  # 一、 (二) 第三章: a part of something larger
    unfinished: bool = False  # a paragraph without the end of its last sentence
    opens: bool = False
    opening: Byline | None = None
    closing: Byline | None = None


_FINAL = re.compile(r"[。！？!?…；;：:][”’」』\"')）】\]]*$|[.]{3,}$")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．](?!\d)"
    r"|第[一二三四五六七八九十\d]{1,3}[章节条部篇]"
)
_FRESH = re.compile(
    r"(?:近年来|几年来|据了解|据悉|据介绍|据统计|此外|与此同时|截至目前|下一步|今年以来|会议(?:指出|强调|要求))[，,]?"
    r"|[·●■◆▲★※◎□]"
)
_DATED = re.compile(r"(?:19|20)\d\d年\d{1,2}月[，,至]")
_DASH = re.compile(r"[—–―─\-－~～]{1,3}(?=\S)")
_STOP = re.compile(r"[。；;]|[，,：:、]$|[(（「“《【]$")
_PHRASES = re.compile(rf"[“《]?[{HAN}][^\s，。,]{{2,}}(?:\s[“《]?[{HAN}][^\s，。,]{{2,}})+")
_COMMA = re.compile(r"[，,]|(?:说|道|称|示|出|调|为|绍|求|议)[：:]|[：:].*[：:]")
_HAN_CHAR = re.compile(rf"[{HAN}]")
_MAX_HEAD_CHARS = 60  # kickers run to 45 characters; a paragraph this short has a full stop
_MAX_WEAK_CHARS = 36  # headlines with a comma are set larger, so they are shorter
_COLUMN_SLACK = 4  # lines of one column differ by this many characters at most


def read_blocks(raw: str, settings: Settings) -> list[Block]:
    """The page's blocks in order, furniture included.

    1. lines, 2. the shape of each in its place, 3. lines of one paragraph joined.
    """
    return join_lines(raw, read_lines(raw, settings))


def join_lines(raw: str, lines: Sequence[Line]) -> list[Block]:
    """The blocks that these lines make, in their order."""
    groups: list[tuple[Shape, list[Line]]] = []
    for index, line in enumerate(lines):
        shape = _shape(lines, index, groups)
        if shape is Shape.TEXT and groups and _continues(groups[-1], line):
            groups[-1][1].append(line)
        else:
            groups.append((shape, [line]))
    return [_block(raw, shape, group) for shape, group in groups]


def finished(text: str) -> bool:
    """Whether a line can be the last of its paragraph: a sentence ends, or a byline."""
    if _FINAL.search(text[-8:]):
        return True
    return bylines.closing(text) is not None and not bylines.opens_story(text)


def _shape(lines: Sequence[Line], index: int, groups: Sequence[tuple[Shape, list[Line]]]) -> Shape:
    """The shape of a line, by its form and by what stands around it."""
    line = lines[index]
    before = groups[-1] if groups else None
    if line.furniture:
        return Shape.FURNITURE
    if line.level:
        return Shape.HEAD
    if len(line.text) <= _MAX_HEAD_CHARS and _is_byline(line.text):
        return Shape.BYLINE
    if _is_dash(line, before):
        return Shape.DASH
    headed = before is not None and before[0] in (Shape.HEAD, Shape.DASH)
    if headed and bylines.office(line.text):
        return Shape.BYLINE
    return Shape.HEAD if _is_head(lines, index, before) else Shape.TEXT


def _is_byline(text: str) -> bool:
    """Whether a line is a byline and nothing else."""
    return not bylines.opens_story(text) and bylines.standalone(text) is not None


def _is_dash(line: Line, before: tuple[Shape, list[Line]] | None) -> bool:
    """Whether a line is the subtitle that a dash leads in."""
    follows = before is not None and before[0] in (Shape.HEAD, Shape.DASH) and line.gap <= 2
    return follows and bool(_DASH.match(line.text)) and _may_head(line.text)


def _may_head(text: str) -> bool:
    """Whether a line has the form of a headline: short, no sentence's end, some Chinese."""
    return (
        2 <= len(text) <= _MAX_HEAD_CHARS
        and not _STOP.search(text)
        and (not _COMMA.search(text) or len(text) <= _MAX_WEAK_CHARS)
        and len(_HAN_CHAR.findall(text)) * 2 >= len(text.replace(" ", "")) * 0.8
    )


def _is_head(lines: Sequence[Line], index: int, before: tuple[Shape, list[Line]] | None) -> bool:
    """Whether a line is a headline in its place, and no piece of a paragraph."""
    line = lines[index]
    if not _may_head(line.text) or bylines.opens_story(line.text):
        return False
    after = lines[index + 1] if index + 1 < len(lines) else None
    special = after is None or _is_special(after)
    comma = bool(_COMMA.search(line.text)) and not _is_parallel(line.text)
    parted = line.gap > 0 or before is None or before[0] is Shape.FURNITURE
    if before is not None and before[0] is Shape.TEXT and not finished(before[1][-1].text):
        alone = line.gap > 0 and (special or (after is not None and after.gap > 0))
        return alone and not comma and _stands_out(lines, index)
    if comma:
        return after is not None and special and parted
    if special or (after is not None and after.gap > 0 and parted):
        return True
    if _PHRASES.fullmatch(line.text) or (after is not None and after.indented):
        return True
    return _stands_out(lines, index)


def _stands_out(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is clearly longer or shorter than the column it stands in."""
    near = [*lines[max(0, index - 4) : index], *lines[index + 1 : index + 5]]
    widths = sorted(len(x.text) for x in near if not x.level and not x.furniture)
    if not widths:
        return True
    column = widths[(len(widths) * 2) // 3]
    return abs(len(lines[index].text) - column) > _COLUMN_SLACK


def _is_parallel(text: str) -> bool:
    """Whether a line is two or three phrases of one length: ``强信心，促发展``."""
    phrases = [len(p) for p in re.split(r"[，,]", text)]
    return 2 <= len(phrases) <= 3 and len(set(phrases)) == 1 and phrases[0] >= 3


def _is_special(line: Line) -> bool:
    """Whether a line begins something new whatever stands before it."""
    return bool(
        line.level
        or line.furniture
        or bylines.opens_story(line.text)
        or _is_byline(line.text)
        or (_DASH.match(line.text) and _may_head(line.text))
    )


def _continues(group: tuple[Shape, list[Line]], line: Line) -> bool:
    """Whether a line of text goes on with the paragraph before it."""
    shape, lines = group
    if shape is not Shape.TEXT or line.parted:
        return False
    last = lines[-1].text
    if bylines.is_dateline(last):
        return line.gap == 0
    if bylines.opens_story(line.text) or _DASH.match(line.text) or line.indented:
        return False
    if finished(last) or _ends_short(last):
        return line.gap == 0 and _is_full(last, line.text) and not bylines.closing(last)
    return line.gap == 0 or not _is_fresh(lines[0].text, last, line.text)


def _is_fresh(first: str, last: str, text: str) -> bool:
    """Whether a line below a blank one opens a paragraph though the last sentence has no end."""
    if _NUMBERED.match(text) or _FRESH.match(text) or not _HAN_CHAR.search(last):
        return True
    return bool(_DATED.match(first) and _DATED.match(text))  # the lines of a list of dates


def _is_full(last: str, text: str) -> bool:
    """Whether a column line that ends a sentence is as wide as its column."""
    return max(len(last), len(text)) <= MAX_COLUMN and abs(len(last) - len(text)) <= 2


def _ends_short(text: str) -> bool:
    """Whether a paragraph that kept its old line ends as spaces ends with a short line."""
    pieces = re.split(rf"(?<=[{HAN}])\s(?=[{HAN}])", text)
    if len(pieces) < 4:
        return False
    typical = sorted(len(p) for p in pieces[:-1])[len(pieces) // 2 - 1]
    return len(pieces[-1]) < typical * 0.6


def _block(raw: str, shape: Shape, lines: Sequence[Line]) -> Block:
    """The block that these lines make."""
    span = (lines[0].start, lines[-1].end)
    first = lines[0]
    shown = clean(raw, [span], Setting.DISPLAY)
    numbered = bool(_NUMBERED.match(shown.text))
    if shape is not Shape.TEXT:
        byline = None
        if shape is Shape.BYLINE:
            byline = bylines.standalone(shown.text) or bylines.office(shown.text)
        return Block(shape, span, shown, first.gap, first.level, numbered, closing=byline)
    opening, closing = bylines.opening(shown.text), bylines.closing(shown.text)
    return Block(
        shape,
        span,
        _paragraph(raw, shown, opening, closing),
        first.gap,
        numbered=numbered,
        unfinished=not finished(shown.text) and not _ends_short(lines[-1].text),
        opens=bylines.opens_story(shown.text),
        opening=opening,
        closing=closing,
    )


def _paragraph(
    raw: str, shown: CleanText, opening: Byline | None, closing: Byline | None
) -> CleanText:
    """A paragraph's clean text: names keep the spaces between them, the rest does not."""
    first, last = shown.spans[0][0], shown.spans[-1][1]
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
