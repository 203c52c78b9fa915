"""Shapes: what each line of a page looks like in its place, and which lines make one paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval import bylines
from retrieval.cleaning import HAN
from retrieval.lines import MAX_COLUMN, Line
from retrieval.marks import comes_from, goes_on


class Shape(StrEnum):
    """What a block looks like by itself; what it is for, the division decides."""

    HEAD = "head"  # a short line without a sentence's end
    DASH = "dash"  # a line under a headline that begins with a dash
    BYLINE = "byline"
    TEXT = "text"
    LOOSE = "loose"  # a line that may be a headline or a paragraph's own
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one shape that make a block."""

    shape: Shape
    lines: list[Line]
    glued: bool = False
    room: int = 0


TEXTS = (Shape.TEXT, Shape.LOOSE)
HEADS = (Shape.HEAD, Shape.DASH)
_FINAL = re.compile(r"[。！？!?…；;：:][”’」』\"')）】\]]*$|[.]{3,}$")
NUMBERED = re.compile(
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
# 时间:, 地址:, 电话: and the like lead in a line of a notice; a date by itself closes one.
_LABELLED = re.compile(
    r"(?:[^:：\n]*+[:：])+?(?<=\D[:：])\s?[¥￥\d]|[·•].{2,10}[·•]$|.{0,8}(?:时间|日期|地址|地点|电话|热线|手机|对象|方式|名额|费用|价格|邮箱|网址|邮编|传真|微信|"
    r"QQ群?|联系人|负责人|注)\s*[:：]|\D{0,8}[:：]?\s*\d[\d\-—、 /]{5,}$"
)
_SIGNATURE = re.compile(
    r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*(?:\d{1,2}\s*日)?|特此(?:公告|通告|通知|声明|公示)"
)
_DAY = re.compile(r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_PAIRS = (("（", "）"), ("《", "》"), ("“", "”"), ("【", "】"))
_DONE = re.compile(r"[(（]?(?:摄影报道|摄影|摄|报道|文/图|图/文|供图|供稿)[)）]?")  # by those above
_PROSE = re.compile(r"[，。,；！!？?]")
_HAN_CHAR = re.compile(rf"[{HAN}]")
_MAX_HEAD_CHARS = 60  # kickers run to 45 characters; a paragraph this short has a full stop
_MAX_WEAK_CHARS = 36  # headlines with a comma are set larger, so they are shorter
_COLUMN_SLACK = 4  # lines of one column differ by this many characters at most


def is_prose(text: str) -> bool:
    """Whether a paragraph is sentences, and no line of a list or a notice."""
    if _is_labelled(text) or _SIGNATURE.fullmatch(text):
        return False
    return len(text) >= 40 or _PROSE.search(text) is not None


def _is_labelled(text: str) -> bool:
    """Whether a line is one of a notice by its label; a paragraph without a colon seldom is."""
    end = text[-1:]  # without a colon, a number or a dot
    led = ":" in text or "：" in text or end in "·•-—、 /\n" or end.isdecimal()
    return led and _LABELLED.match(text) is not None


def finished(text: str) -> bool:
    """Whether a line can be the last of its paragraph: a sentence ends, or a byline."""
    if _FINAL.search(text[-8:]) or goes_on(text):
        return True
    return bylines.closing(text) is not None and not bylines.opens_story(text)


def shape_of(lines: Sequence[Line], index: int, before: Group | None) -> Shape:
    """The shape of a line, by its form and by what stands around it."""
    line = lines[index]
    if line.furniture:
        return Shape.FURNITURE
    if comes_from(line.text) or goes_on(line.text):
        return Shape.TEXT
    if line.level:
        return Shape.HEAD
    if len(line.text) <= _MAX_HEAD_CHARS and _is_byline(line.text):
        return Shape.BYLINE
    if _is_dash(line, before):
        return Shape.DASH
    headed = before is not None and before.shape in HEADS
    if headed and bylines.office(line.text):
        return Shape.BYLINE
    if not _may_head(line.text) or bylines.opens_story(line.text) or _signs(lines, index):
        return Shape.TEXT
    if not _is_balanced(line.text):
        after = lines[index + 1].text if index + 1 < len(lines) else ""
        parted = before is None or before.shape not in TEXTS or line.gap > 0
        return Shape.HEAD if parted and _is_whole_head(line.text + after) else Shape.TEXT
    if _is_head(lines, index, before):
        return Shape.LOOSE if _touches(lines, index, before) else Shape.HEAD
    return Shape.LOOSE if _may_be_loose(lines, index, before) else Shape.TEXT


def _touches(lines: Sequence[Line], index: int, before: Group | None) -> bool:
    """Whether a line stands against text above and below, without a blank line."""
    after = lines[index + 1] if index + 1 < len(lines) else None
    if after is None or after.gap or _is_special(after):
        return False
    above = before is not None and before.shape in TEXTS and lines[index].gap == 0
    return above or _PROSE.search(lines[index].text) is not None


def _may_be_loose(lines: Sequence[Line], index: int, before: Group | None) -> bool:
    """Whether a line that looks like text may be a headline: no sentence breaks off above it."""
    line = lines[index]
    if line.indented or before is None:
        return not line.indented
    if before.shape not in TEXTS:
        return True
    last = before.lines[-1].text
    if line.gap == 0 and (not _is_balanced(last) or _ends_credit(last, line.text)):
        return False
    return finished(last) or line.gap > 0 or _stands_out(lines, index)


def _signs(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is the office that signs a notice: a date stands below it."""
    after = lines[index + 1] if index + 1 < len(lines) else None
    return after is not None and after.gap <= 1 and _DAY.fullmatch(after.text) is not None


def _is_byline(text: str) -> bool:
    """Whether a line is a byline and nothing else."""
    return not bylines.opens_story(text) and bylines.standalone(text) is not None


def completes_byline(before: Group, line: Line) -> bool:
    """Whether a line is the second half of a byline that the layout cut in two."""
    if len(before.lines) != 1 or before.shape is Shape.FURNITURE or line.gap > 1 or line.parted:
        return False
    first = before.lines[0].text
    if before.shape is Shape.BYLINE and _DONE.fullmatch(line.text):
        return True
    if len(first) > 20 or not bylines.is_labelled(first):
        return False
    return not line.gap and len(line.text) <= 20 and _is_byline(first + line.text)


def is_cut_head(before: Group, line: Line) -> bool:
    """Whether a headline's line break stands within brackets that the next line closes."""
    first = before.lines[-1].text
    near = line.gap <= 1 and not line.parted
    return near and not _is_balanced(first) and _is_whole_head(first + line.text)


def _is_whole_head(text: str) -> bool:
    """Whether two lines make one headline."""
    return _is_balanced(text) and _may_head(text) and not _PROSE.search(text[:-1])


def _ends_credit(above: str, text: str) -> bool:
    """Whether a short line is the second half of a credit that closes the paragraph above."""
    return len(text) <= 12 and not finished(above) and bylines.closing(above + text) is not None


def _is_dash(line: Line, before: Group | None) -> bool:
    """Whether a line is the subtitle that a dash leads in."""
    follows = before is not None and before.shape in HEADS and line.gap <= 2
    return follows and bool(_DASH.match(line.text)) and _may_head(line.text)


def _may_head(text: str) -> bool:
    """Whether a line has the form of a headline: short, no sentence's end, some Chinese."""
    return (
        2 <= len(text) <= _MAX_HEAD_CHARS
        and not _STOP.search(text)
        and (not _COMMA.search(text) or len(text) <= _MAX_WEAK_CHARS)
        and len(_HAN_CHAR.findall(text)) * 2 >= len(text.replace(" ", "")) * 0.8
        and not _LABELLED.match(text)
        and not _SIGNATURE.fullmatch(text)
    )


def _is_balanced(text: str) -> bool:
    """Whether every bracket and quotation mark of a line is closed in it."""
    wide = text.replace("(", "（").replace(")", "）")
    return all(wide.count(opens) == wide.count(closes) for opens, closes in _PAIRS)


def _is_head(lines: Sequence[Line], index: int, before: Group | None) -> bool:
    """Whether a line is a headline in its place, and no piece of a paragraph."""
    line = lines[index]
    after = lines[index + 1] if index + 1 < len(lines) else None
    special = after is None or _is_special(after)
    comma = bool(_COMMA.search(line.text)) and not _is_parallel(line.text)
    parted = line.gap > 0 or before is None or before.shape is Shape.FURNITURE
    if before is not None and before.shape is Shape.TEXT and not finished(before.lines[-1].text):
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
    room = room_of(lines, index)
    return room is None or abs(room) > _COLUMN_SLACK


def room_of(lines: Sequence[Line], index: int) -> int | None:
    """By how much a line falls short of the column it stands in; ``None`` where there is none."""
    near = [*lines[max(0, index - 4) : index], *lines[index + 1 : index + 5]]
    widths = sorted(len(x.text) for x in near if not x.level and not x.furniture)
    return widths[(len(widths) * 2) // 3] - len(lines[index].text) if widths else None


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
        or comes_from(line.text)
        or _is_byline(line.text)
        or (_DASH.match(line.text) and _may_head(line.text))
    )


def continues(group: Group, line: Line) -> bool:
    """Whether a line of text goes on with the paragraph before it."""
    lines = group.lines
    if group.shape not in TEXTS or line.parted:
        return False
    last = lines[-1].text
    if _SIGNATURE.fullmatch(last) or (line.gap and _is_labelled(last)):
        return False
    if bylines.is_dateline(last):
        return line.gap == 0
    if bylines.opens_story(line.text) or _DASH.match(line.text) or line.indented:
        return False
    if goes_on(last) or comes_from(line.text):
        return False
    if finished(last) or ends_short(last):
        return line.gap == 0 and _is_full(last, line.text) and not bylines.closing(last)
    return line.gap == 0 or not _is_fresh(lines[0].text, last, line.text)


def _is_fresh(first: str, last: str, text: str) -> bool:
    """Whether a line below a blank one opens a paragraph though the last sentence has no end."""
    if NUMBERED.match(text) or _FRESH.match(text) or not _HAN_CHAR.search(last):
        return True
    return bool(_DATED.match(first) and _DATED.match(text))  # the lines of a list of dates


def _is_full(last: str, text: str) -> bool:
    """Whether a column line that ends a sentence is as wide as its column."""
    return max(len(last), len(text)) <= MAX_COLUMN and abs(len(last) - len(text)) <= 2


def ends_short(text: str) -> bool:
    """Whether a paragraph that kept its old line ends as spaces ends with a short line."""
    pieces = re.split(rf"(?<=[{HAN}])\s(?=[{HAN}])", text)
    if len(pieces) < 4:
        return False
    typical = sorted(len(p) for p in pieces[:-1])[len(pieces) // 2 - 1]
    return len(pieces[-1]) < typical * 0.6
