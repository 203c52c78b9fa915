"""What a page states of itself: newspaper, date, page and issue number; never guessed.

Only furniture is read: the masthead, the folio line, the imprint. A newspaper named in a story,
in a reporter's byline or in the paper's own advertisement does not say which paper the page is
from, and a date in a story or a notice is not the day of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase

from retrieval.records import Imprint
from retrieval.settings import Newspaper, Settings

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})(?!\d)"
)
_HAN_DATE = re.compile(
    r"([二一][〇○零九一二三四五六七八0]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_WEEKDAY = r"(?:星期|礼拜|周)[一二三四五六日天]"
_PAGE = re.compile(
    r"第\s*0*([A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版|"
    r"(?<![日共出\d])\b([A-Z]?0?\d{1,2})\s*版(?!面)"
)
_ISSUE = re.compile(r"(?:总)?第\s*(\d{2,6})\s*[期号]|总\s*(\d{3,6})\s*期")
_TODAY = re.compile(r"(?:今日|本期|共)\s*[\d一二三四五六七八九十]+\s*版")
_PUBLISHER = re.compile(
    r"(?:^|[\s主办管])"
    r"([\u4e00-\u9fff]{2,6}(?:日报|晚报|早报|晨报|商报|时报|都市报|农村报))社(?:出版|主办|编辑)"
)
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,6}(?:日报|晚报|早报|晨报|商报|都市报|农村报)")
_CREDIT = (
    r"(?:本版|本期)?(?:责任编辑|责编|执行主编|主编|副主编|编辑|美编|美术编辑|校对|校检|检校|版式|版面|设计制图|"
    r"制图|设计|组版|排版|视觉|值班编委|值班总编|值班主任|值班|编审|审读|审校|终审|审核|策划|统筹)"
)
_LUNAR_YEAR = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
_COUNT = r"\s*[\d一二三四五六七八九十]+\s*"
_PRESS = "(?:日报|晚报|早报|晨报|商报|时报|都市报|农村报|报)社"
_NAME = r"[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,2}"
# What each line of a masthead, a folio or an imprint looks like as a whole.
_LINES = (
    rf"{_DATE.pattern}\s*日?\s*(?:{_WEEKDAY}|农历|第?\s*[A-Z]?\d+\s*版).*",
    rf"{_WEEKDAY}\s*{_DATE.pattern}.*",
    rf"{_HAN_DATE.pattern}\s*{_WEEKDAY}.*",
    rf".{{0,12}}(?:农历)?{_LUNAR_YEAR}\s*[正一二三四五六七八九十冬腊闰]{{1,3}}月.{{0,30}}",
    rf".{{0,20}}(?:(?:总|总?第){_COUNT}期|(?:今日|本期|共){_COUNT}版).{{0,20}}",
    r".{0,12}(?:国内)?统一(?:连续出版物|刊)号.*|.{0,10}邮发代号.*|CN\s?\d\d-\d{4}.*",
    r".{0,24}(?:主管[、\s]*主办|机关报(?=\s|$)).{0,20}",
    rf"[\u4e00-\u9fff]{{2,8}}{_PRESS}(?:出版|主办|编辑出版).{{0,12}}",
    r"(?:新闻|报料|爆料|广告|发行|投诉|读者|监督|编辑部)(?:热线|电话|QQ群?|微信)"
    r"\s*[:：]?\s*[\d\-—() 转、/]{7,40}",
    r"(?:.{0,12}\s)?<?(?:https?[:：]//|www\.)[^\s<>]+>?",
    r"(?:E-?mail|邮箱|电子邮箱|投稿邮箱|本版邮箱|网址)\s*[:：].{3,60}",
    rf"{_CREDIT}\s*[:：/／]\s*[\u4e00-\u9fff·:：/／ \t]{{2,40}}",
    rf"{_CREDIT}(?:\s+{_NAME})+",
    r"(?-i:[A-Z][A-Z \t]{5,40})",  # the title in pinyin
    r"第?\s*[A-Z]?0?\d{1,2}\s*版(?:[\s·:：|]*[\u4e00-\u9fff]{2,6})?|第[一二三四五六七八九十]{1,3}版",
    # 下转 3版 is no folio: a story goes on there.
    r"(?![上下紧]\s*[接转轉])[\u4e00-\u9fff]{2,6}\s+第?\s*[A-Z]?\d{1,2}\s*版|[A-Z]?\d{1,3}|[-—·•]\s*\d{1,3}\s*[-—·•]",
    r"!\[[^\]]*\]\([^)]*\)|[-=_*—·\s]{3,}",  # a picture's place, a rule
)
_FURNITURE = re.compile("|".join(f"(?:{line})" for line in _LINES), re.IGNORECASE)
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "0": 0}


def is_furniture(line: str) -> bool:
    """Whether a line is masthead, folio, imprint or credits by its own form."""
    bare = line.strip()
    return 0 < len(bare) <= 120 and _FURNITURE.fullmatch(bare) is not None


def is_date(line: str) -> bool:
    """Whether a line is a calendar day and nothing else; beside a masthead it is the paper's."""
    return re.fullmatch(rf"(?:{_DATE.pattern}|{_HAN_DATE.pattern})\s*日?", line.strip()) is not None


def names_paper(line: str, settings: Settings) -> bool:
    """Whether a line is the printed name of a newspaper and nothing else."""
    bare = _bare(line)
    known = (m for paper in settings.newspapers for m in (paper.name, *paper.mastheads))
    return bool(_TITLE.fullmatch(bare)) or any(bare == _bare(m) for m in known)


def read_imprint(lines: Sequence[str], page_id: str, settings: Settings) -> Imprint:
    """What the furniture lines of a page state; a rule of the user's fills what they leave open."""
    text = "\n".join(lines)
    ruled = next((r for r in settings.pages if fnmatchcase(page_id, r.files)), None)
    newspaper = _newspaper(lines, settings.newspapers)
    return Imprint(
        newspaper=newspaper or (ruled.newspaper if ruled else None),
        date=iso_day(text) or (ruled.date if ruled else None),
        page=_page(text, newspaper) or (ruled.page if ruled else None),
        issue=_issue(text),
    )


def _newspaper(lines: Sequence[str], papers: Sequence[Newspaper]) -> str | None:
    """The newspaper whose masthead stands in the furniture, by the table or by its own words."""
    text = _bare("".join(lines))
    for paper in papers:
        if any(_bare(mark) in text for mark in (paper.name, *paper.mastheads)):
            return paper.name
    published = next((m for m in map(_PUBLISHER.search, lines) if m), None)
    if published:
        return published[1]
    return next((line.strip() for line in lines if _TITLE.fullmatch(line.strip())), None)


def iso_day(text: str) -> str | None:
    """The first calendar day that a text states, as ``YYYY-MM-DD``."""
    for match in _DATE.finditer(text):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        if day:
            return day
    spelled = _HAN_DATE.search(text)
    if spelled is None:
        return None
    year = int("".join(str(_DIGITS.get(c, 0)) for c in spelled[1]))
    return _day(year, numeral(spelled[2]), numeral(spelled[3]))


def _day(year: int, month: int, day: int) -> str | None:
    """The ISO day, or ``None`` where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _page(text: str, newspaper: str | None) -> str | None:
    """The page number stated; a masthead with its issue stands on page 1 by custom of the trade."""
    match = _PAGE.search(_TODAY.sub("", text))
    if match:
        stated = match[1] or match[2]
        return str(numeral(stated)) if stated[0] in "一二三四五六七八九十" else stated.lstrip("0")
    return "1" if newspaper and _TODAY.search(text) and _ISSUE.search(text) else None


def _issue(text: str) -> str | None:
    """The issue number stated."""
    match = _ISSUE.search(text)
    return (match[1] or match[2]) if match else None


def numeral(text: str) -> int:
    """A Chinese numeral below one hundred."""
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return _DIGITS.get(text[0], 0)
    return _DIGITS.get(tens, 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def _bare(text: str) -> str:
    """The text without white space, upper case: how mastheads are compared."""
    return re.sub(r"\s+", "", text).upper()
