"""What a page's path states: newspaper, date and page number, folder names included.

A name of a scan or an export (``IMG_20240315.txt``) holds the day it was made, a hash holds
digits that are no date; neither states anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from retrieval.almanac import day_of, number
from retrieval.records import Imprint
from retrieval.settings import Newspaper

_DATE = re.compile(
    # letters before the digits are a newspaper's code; a time after them makes it a camera's stamp
    r"(?<![0-9.])(?P<y>(?:19|20)\d\d)"
    r"(?:(?P<m>[01]\d)(?P<d>[0-3]\d)|(?P<s>[-._/ ])(?P<m2>\d{1,2})(?P=s)(?P<d2>\d{1,2})|"
    r"\s?年/?(?P<m3>\d{1,2})\s?月/?(?P<d3>\d{1,2})\s?日?)(?![0-9]|[_\-.T ]?\d{6})"
)
_PAGE = re.compile(
    r"第?(?<![0-9A-Za-z])(?P<arabic>[A-Z]?\d{1,3})版(?!面)|第(?P<han>[一二三四五六七八九十]{1,3})版"
)
_AFTER_DATE = re.compile(r"[-_ ]?([A-Z]\d{1,2})(?![0-9A-Za-z])|[-_ ](\d{1,2})(?![0-9A-Za-z])")
_IN_FOLDER = re.compile(r"/([A-Z]\d{2})(?![0-9A-Za-z])")
_WORD = re.compile(r"第|[\u4e00-\u9fff]+?(?=第|[^\u4e00-\u9fff]|$)|[A-Za-z]+")
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,4}(?:日报|晚报|早报|晨报|商报|都市报|农村报)")
# Words of scanners, cameras and exports: the day beside them is the day of the file.
_STAMPS = frozenset(
    """img image photo pic dsc dscn pxl scan scans scanned ocr screenshot export exported backup dump
    copy download downloads upload mmexport wx 扫描 扫描件 照片 图片 微信图片 截图 导出 备份 下载
    """.split()  # noqa: SIM905 -- reads better
)


def read_path(page_id: str, papers: Sequence[Newspaper]) -> Imprint:
    """What the path of a page states; in a ``.jsonl`` file's, a date only beside a newspaper."""
    path = page_id[: len(page_id) - len(PurePosixPath(page_id).suffix)]
    words = [w.lower() for w in _WORD.findall(path)]
    dates = list(_dates(path))
    days = {day for _, day in dates}
    day = days.pop() if len(days) == 1 and not _STAMPS & set(words) else None
    newspaper = _newspaper(words, papers, dated=day is not None)
    if newspaper is None and page_id.lower().endswith(".jsonl"):
        return Imprint()
    return Imprint(newspaper, day, _page(path, dates[-1][0].end() if day else None))


def _dates(path: str) -> list[tuple[re.Match[str], str]]:
    """The calendar days of a path that stand free, or after a word of letters."""
    found = []
    for match in _DATE.finditer(path):
        year, month, day = (match[k] or match[f"{k}2"] or match[f"{k}3"] for k in "ymd")
        iso = day_of(int(year), int(month), int(day))
        if iso and _stands_free(path, match):
            found.append((match, iso))
    return found


def _stands_free(path: str, match: re.Match[str]) -> bool:
    """Whether the characters around a date are not those of a hash or a serial number."""
    before = re.search(r"[0-9A-Za-z]*$", path[: match.start()])
    after = re.match(r"[0-9A-Za-z]*", path[match.end() :])
    return bool(
        before
        and after
        and re.fullmatch(r"|[A-Za-z]{2,12}", before[0])
        and re.fullmatch(r"|[A-Z]\d{1,2}", after[0])
    )


def _newspaper(words: Sequence[str], papers: Sequence[Newspaper], *, dated: bool) -> str | None:
    """The newspaper that a whole word of the path names, if it is one."""
    named = {
        paper.name
        for paper in papers
        if {x.lower() for x in (paper.name, *paper.aliases, *paper.codes)} & set(words)
    }
    if not named and dated:
        named = {w for w in words if _TITLE.fullmatch(w)}
    return named.pop() if len(named) == 1 else None


def _page(path: str, after_date: int | None) -> str | None:
    """The page number: marked 版, or directly after the date."""
    if match := _PAGE.search(path):
        return str(number(match["han"])) if match["han"] else _plain(match["arabic"])
    if after_date is None:
        return None
    match = _AFTER_DATE.match(path, after_date) or _IN_FOLDER.match(path, after_date)
    return _plain(next(g for g in match.groups() if g)) if match else None


def _plain(page: str) -> str | None:
    """A page number as mastheads print it, ``01`` as ``1``; zero is none."""
    return page.lstrip("0") or None
