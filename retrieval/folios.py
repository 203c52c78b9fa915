"""Folios: the line at a page's edge that names paper, day and page, or who made the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.almanac import LUNAR, SOLAR, WEEKDAY

_MAX_CHARS = 60
_MAX_SECTION_CHARS = 6  # 社会民生, 要闻: a page's own name may stand beside
_STOP = re.compile(r"[。！？!?；;“”\"《》]")
_EDGE = r"(?:^|(?<=[\s·|:：\]】]))"
_PAPER = re.compile(
    _EDGE
    + r"([\u4e00-\u9fff]{2,6}(?:[日晚早晨商时時][报報]|都市[报報]|[农農]村[报報]))(?=$|[\s·|\d])"
)
_PAGE = re.compile(
    r"第?\s*0*([A-Za-z]?\d{1,2})\s*版(?!面)|" + _EDGE + r"([A-Z])0*(\d{1,2})(?=$|[\s·|])"
)
_NUMBER = re.compile(r"^0*(\d{1,2})(?=\s)|(?<=\s)0*(\d{1,2})$")  # bare, at either end
_NAMES = r"[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,2}"
_CREDIT = re.compile(
    r"(?:本版|本期)?(?:责任编辑|责编|主编|编辑|美术编辑|美编|校对|校检|检校|版式|版面|设计制图|制图|设计|组版|排版|视觉|值班编委|"
    rf"值班总编|值班主任|审读|审校|终审|审核|统筹)\s*[:：/／]?\s*(?:{_NAMES})?"
)
_PUBLISHER = re.compile(r"[\u4e00-\u9fff]{2,8}社(?:出版|主办|编辑出版)")
_CONTACT = re.compile(
    r"(?:新闻|读者|发行|广告|监督)?(?:热线|电话)|邮箱|E-?mail|投稿|"
    r"[\w.-]+@[\w.-]+|(?:https?://|www\.)\S+|\d{3,4}[-—]\d{7,8}|1\d{10}",
    re.IGNORECASE,
)
_DAY = re.compile(rf"(?:{SOLAR})\s*日?")
_WEEK = re.compile(rf"[(（]?{WEEKDAY}[)）]?|{LUNAR}")
_FILLING = re.compile(r"[\s·|:：/／、,，.\-—()（）\[\]【】<>]+")


@dataclass(frozen=True, slots=True)
class Folio:
    """What a folio says, ``None`` where it does not."""

    newspaper: str | None = None
    page: str | None = None


def read_folio(line: str) -> Folio | None:
    """What a line says if it is a folio or a list of editors and nothing else.

    Two different things must be told (paper, day, page, editors, ways to reach them), and at most
    a short name of the page may be left over.
    """
    if len(line) > _MAX_CHARS or _STOP.search(line):
        return None
    rest, kinds = line, 0
    for pattern in (_DAY, _PAGE, _CREDIT, _PUBLISHER, _CONTACT, _PAPER):
        rest, told = pattern.subn("  ", rest)
        kinds += told > 0
    rest = _WEEK.sub("  ", rest)
    page = _page(line, rest if _DAY.search(line) else "")
    kinds += page is not None and _PAGE.search(line) is None
    left = _FILLING.sub("", _NUMBER.sub("", rest.strip()))
    if kinds < 2 or len(left) > _MAX_SECTION_CHARS:
        return None
    paper = _PAPER.search(_DAY.sub("  ", line))
    return Folio(paper[1] if paper else None, page)


def _page(line: str, rest: str) -> str | None:
    """The page that a folio states; a bare number beside a day is one."""
    match = _PAGE.search(line)
    if match:
        return match[1] or f"{match[2]}{match[3]}"
    bare = _NUMBER.search(rest.strip())
    return (bare[1] or bare[2]) if bare else None
