"""What a page states of itself: newspaper, date, page and issue number; never guessed.

Only furniture is read (the masthead, the folio line, the imprint) and what a paper says outright
of itself (``本报今日出版第8205期``). A newspaper named in a story, in a reporter's byline or in the
paper's own advertisement does not say which paper the page is from, and a date in a story or a
notice is not the day of the paper.

What is read is trusted in this order, and the origin of each field is kept: masthead, text, file
name, the fields of a row of a ``.jsonl`` page, the user's rules in ``config/``. A row's fields and
the rules fill what the page and its name leave open; where two origins differ, the more trusted
one stands and the difference is kept as a doubt. A file of rows is named after its paper or not at
all: the day in the name of an export is not the day of its rows (``filenames``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache

from retrieval.almanac import (
    LUNAR,
    LUNAR_DAY,
    SOLAR,
    STEM_YEAR,
    WEEKDAY,
    Witnesses,
    iso_day,
    judge,
    lunar_of,
    number,
    printed,
    solar_days,
    weekday_of,
)
from retrieval.filenames import read_path
from retrieval.folios import read_folio
from retrieval.records import Doubt, Imprint, Origin, Witness
from retrieval.settings import Newspaper, Settings

_PAGE = re.compile(
    r"第\s*0*([A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版|"
    r"(?<![日共出\d])\b([A-Z]?0?\d{1,2})\s*版(?!面)"
)
_ISSUE = re.compile(r"[总總]?第\s*(\d{2,6})\s*[期号號]|[总總]\s*(\d{3,6})\s*期")
_TODAY = re.compile(r"(?:今日|本期|共)\s*[\d一二三四五六七八九十]+\s*版")
_PUBLISHER = re.compile(
    r"(?:^|[\s主办管])"
    r"([\u4e00-\u9fff]{2,6}(?:日报|晚报|早报|晨报|商报|时报|都市报|农村报))社(?:出版|主办|编辑)"
)
_TITLE_PATTERN = (
    r"[\u4e00-\u9fff]{2,6}(?:[日晚早晨商]报|都市报|农村报|[日晚早晨商]報|都市報|農村報)"
)
_TITLE = re.compile(_TITLE_PATTERN)
_CREDIT = (
    r"(?:本版|本期)?(?:责任编辑|责编|执行主编|主编|副主编|编辑|美编|美术编辑|校对|校检|检校|版式|版面|设计制图|"
    r"制图|设计|组版|排版|视觉|值班编委|值班总编|值班主任|值班|编审|审读|审校|终审|审核|策划|统筹)"
)
_COUNT = r"\s*[\d一二三四五六七八九十]+\s*"
_PRESS = "(?:日报|晚报|早报|晨报|商报|时报|都市报|农村报|报)社"
_NAME = r"[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,2}"
# What each line of a masthead, a folio or an imprint looks like as a whole.
_LINES = (
    rf"(?P<first>{WEEKDAY}\s*)?[中華华]*(?:{SOLAR})"
    rf"(?(first)|\s*(?:[(（]?{WEEKDAY}|[农農夏][历曆]|第?\s*[A-Za-z]?\d+\s*版)).*",
    rf".{{0,12}}{STEM_YEAR}\s*[闰閏]?[正一二三四五六七八九十冬腊臘]{{1,2}}月.{{0,30}}",
    rf".{{0,8}}{WEEKDAY}\s*(?:[农農夏阴陰旧舊][历曆]|{STEM_YEAR}){LUNAR_DAY}.{{0,20}}",
    rf".{{0,20}}(?:(?:[总總]|[总總]?第){_COUNT}[期號]|(?:今日|本期|共){_COUNT}版)[^。！？]{{0,20}}",
    r".{0,12}(?:国内)?统一(?:连续出版物|刊)号.*|.{0,10}邮发代号.*|[Cc][Nn]\s?\d\d-\d{4}.*",
    r".{0,24}(?:主管[、\s]*主办|机关报(?=\s|$)).{0,20}",
    rf"[\u4e00-\u9fff]{{2,8}}{_PRESS}(?:出版|主办|编辑出版).{{0,12}}",
    r"(?:新闻|报料|爆料|广告|发行|投诉|读者|监督|编辑部)(?:热线|电话|[Qq]{2}群?|微信)"
    r"\s*[:：]?\s*[\d\-—() 转、/]{7,40}",
    r"(?:.{0,12}\s)?<?(?i:https?[:：]//|www\.)[^\s<>]+>?",
    r"(?:(?i:E-?mail)|邮箱|电子邮箱|投稿邮箱|本版邮箱|网址)\s*[:：].{3,60}",
    rf"{_CREDIT}\s*[:：/／]\s*[\u4e00-\u9fff·:：/／ \t]{{2,40}}",
    rf"{_CREDIT}(?:\s+{_NAME})+",
    r"[A-Z][A-Z \t]{5,40}",  # the title in pinyin
    r"第?\s*[A-Za-z]?0?\d{1,2}\s*版(?:[\s·:：|]*[\u4e00-\u9fff]{2,6})?|第[一二三四五六七八九十]{1,3}版",
    # 下转 3版 is no folio: a story goes on there.
    r"(?![上下紧]\s*[接转轉])[\u4e00-\u9fff]{2,6}\s+第?\s*[A-Za-z]?\d{1,2}\s*版|[A-Za-z]?\d{1,3}|[-—·•]\s*\d{1,3}\s*[-—·•]",
    r"!\[[^\]]*\]\([^)]*\)|[-=_*—·\s]{3,}",  # a picture's place, a rule
)
# Case is ignored only where it may differ: for the whole, ranges of Han take long to compile.
_FURNITURE = re.compile("|".join(f"(?:{line})" for line in _LINES))
# A character that each of these forms must hold; half the lines of a story hold none of them.
_TRACE = re.compile(r"[\d\sA-Zqw年期號版号管关社线话群信拜周週:：/／!\-=_*—·]")
_DATED = re.compile(rf"[中華华]*(?:{SOLAR})|[(（]?{WEEKDAY}[)）]?|{LUNAR}")
_MARKS = ("newspaper", "date", "page", "issue")
# What a paper says of itself in a story; the day must be today's, in full.
_SELF_HINT = re.compile("本[报報]今|今[日天][(（]|以下[简簡][称稱]|本[报報][(（]《|本期[是为為系]")
_SELF_DAY = re.compile(
    rf"(?P<own>本[报報])?今[日天][(（](?P<day>{SOLAR})[)）](?(own)|[，,]?本[报報](?!讯|訊))"
)
_SELF_NAME = re.compile(
    rf"《(?P<one>{_TITLE_PATTERN})》\s*[(（]以下[简簡][称稱][“「\"]?本[报報][”」\"]?[)）]|"
    rf"本[报報][(（]《(?P<two>{_TITLE_PATTERN})》[)）]"
)
_SELF_ISSUE = re.compile(
    r"(?:本[报報]今[日天](?:已?出版|已?出刊)?(?:至|到|的?是)?|本期[是为為系](?:本[报報])?)[总總]?第\s*(\d{2,6})\s*[期號]"
)


def is_furniture(line: str) -> bool:
    """Whether a line is masthead, folio, imprint or credits by its own form."""
    bare = line.strip()
    if not 0 < len(bare) <= 120 or _TRACE.search(bare) is None:
        return False
    return _FURNITURE.fullmatch(bare) is not None


def is_date(line: str) -> bool:
    """Whether a line is a day, weekday or lunar day alone; beside a masthead it is the paper's."""
    return len(line) <= 40 and _DATED.fullmatch(line.strip()) is not None


def names_paper(line: str, settings: Settings) -> bool:
    """Whether a line is the printed name of a newspaper and nothing else."""
    bare = _bare(line)
    return bool(_TITLE.fullmatch(bare)) or bare in _printed_names(settings.newspapers)


def read_imprint(
    lines: Sequence[str], page_id: str, settings: Settings, *, text: str = ""
) -> Imprint:
    """What a page states by its furniture lines, its text, its path and the user's rules."""
    ruled = next((r for r in settings.pages if fnmatchcase(page_id, r.files)), None)
    day = iso_day(ruled.date) if ruled and ruled.date else None
    rule = Imprint(ruled.newspaper, day, ruled.page) if ruled else Imprint()
    return _trusted(
        (Origin.MASTHEAD, _masthead(lines, settings.newspapers)),
        (Origin.TEXT, _told(text)),
        (Origin.FILE_NAME, read_path(page_id, settings.newspapers)),
        (Origin.CONFIG, rule),
    )


def with_fields(page: Imprint, fields: Imprint) -> Imprint:
    """What a row of a page states: its fields below the file name and above the user's rules."""
    return _trusted(
        (Origin.FILE_NAME, _only(page, Origin.FILE_NAME)),
        (Origin.FIELD, fields),
        (Origin.CONFIG, _only(page, Origin.CONFIG)),
        doubts=page.doubts,
    )


def _trusted(*said: tuple[Origin, Imprint], doubts: tuple[Doubt, ...] = ()) -> Imprint:
    """For each field what the most trusted origin says; those that differ are doubts."""
    stated: dict[str, str] = {}
    origins: list[tuple[str, Origin]] = []
    differing = [*doubts, *(doubt for _, imprint in said for doubt in imprint.doubts)]
    for name in _MARKS:
        for origin, imprint in said:
            value = getattr(imprint, name)
            if value and name not in stated:
                stated[name] = value
                origins.append((name, origin))
            elif value and _bare_number(value) != _bare_number(stated[name]):
                differing.append(Doubt(name, stated[name], Witness(origin.value), value))
    settled = dict.fromkeys(replace(d, stated=stated.get(d.field)) for d in differing)
    return Imprint(**stated, origins=tuple(origins), doubts=tuple(settled))


def _only(imprint: Imprint, origin: Origin) -> Imprint:
    """What an imprint has from one origin, without its doubts."""
    return Imprint(**{name: getattr(imprint, name) for name, o in imprint.origins if o is origin})


def _bare_number(value: str) -> str:
    """A value as it is compared: ``第03版`` and ``3`` are the same page."""
    return value.strip("第版").lstrip("0")


def _masthead(lines: Sequence[str], papers: tuple[Newspaper, ...]) -> Imprint:
    """What the furniture of a page states."""
    text = "\n".join(lines)
    folios = [folio for folio in map(read_folio, lines) if folio]
    paper = next((f.newspaper for f in folios if f.newspaper), None)
    page = next((f.page for f in folios if f.page), None)
    newspaper = _newspaper(lines, papers) or paper
    day, doubts = _printed_day(text)
    return Imprint(newspaper, day, _page(text, newspaper) or page, _issue(text), doubts=doubts)


def _told(text: str) -> Imprint:
    """What a paper says outright of itself: its name, the day, the number of the issue."""
    if not _SELF_HINT.search(text):
        return Imprint()
    name, day, issue = (p.search(text) for p in (_SELF_NAME, _SELF_DAY, _SELF_ISSUE))
    return Imprint(
        newspaper=(name["one"] or name["two"]) if name else None,
        date=iso_day(day["day"]) if day else None,
        issue=issue[1] if issue else None,
    )


def _newspaper(lines: Sequence[str], papers: tuple[Newspaper, ...]) -> str | None:
    """The newspaper whose masthead stands in the furniture, by the table or by its own words."""
    text = _bare("".join(lines))
    for mark, name in _printed_names(papers).items():
        if mark in text:
            return name
    published = next((m for m in map(_PUBLISHER.search, lines) if m), None)
    if published:
        return published[1]
    return next((line.strip() for line in lines if _TITLE.fullmatch(line.strip())), None)


@lru_cache(maxsize=8)
def _printed_names(papers: tuple[Newspaper, ...]) -> dict[str, str]:
    """Each newspaper by its name and by all that its masthead may print, without white space."""
    return {_bare(mark): p.name for p in papers for mark in (p.name, *p.mastheads)}


def _printed_day(text: str) -> tuple[str | None, tuple[Doubt, ...]]:
    """The day that the furniture proves (see ``almanac.judge``), and what speaks against it."""
    days = list(solar_days(text))
    stated: str | None = None
    against: dict[tuple[Witness, str], None] = {}
    for place, (start, end, solar) in enumerate(days):
        around = _around(text, days, place)
        found = judge(Witnesses(solar, weekday_of(around), lunar_of(around)))
        said = printed(around, text[start:end])
        against |= {(Witness(name), said): None for name in found.against}
        stated = stated or found.day
        if found.day not in (None, stated):
            against[Witness.MASTHEAD, str(found.day)] = None
    return stated, tuple(Doubt("date", stated, witness, said) for witness, said in against)


def _around(text: str, days: Sequence[tuple[int, int, str]], place: int) -> str:
    """A day with what is printed beside it: two lines either way, no further than another day.

    What stands between two days belongs to the first, but for the second's own line.
    """
    start, end, _ = days[place]
    before = text[days[place - 1][1] if place else 0 : start].split("\n")[-1 if place else -3 :]
    until = text[: days[place + 1][0]].rfind("\n") if place + 1 < len(days) else len(text)
    after = text[end : max(end, until)].split("\n")[:3]
    return "\n".join(before) + text[start:end] + "\n".join(after)


def _page(text: str, newspaper: str | None) -> str | None:
    """The page number stated; a masthead with its issue stands on page 1 by custom of the trade."""
    match = _PAGE.search(_TODAY.sub("", text))
    if match:
        stated = match[1] or match[2]
        return str(number(stated)) if stated[0] in "一二三四五六七八九十" else stated.lstrip("0")
    return "1" if newspaper and _TODAY.search(text) and _ISSUE.search(text) else None


def _issue(text: str) -> str | None:
    """The issue number stated."""
    match = _ISSUE.search(text)
    return (match[1] or match[2]) if match else None


def _bare(text: str) -> str:
    """The text without white space, upper case: how mastheads are compared."""
    return "".join(text.split()).upper()
