"""Marks: where a newspaper says that a story goes on, or comes from, another page.

``（下转第三版）`` closes the part that is printed first, ``（上接第一版）`` opens the next. A mark stays
in its article's text. ``详见第三版`` points to another story and is no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from string import ascii_uppercase

from retrieval.almanac import number
from retrieval.folding import fold


class Way(StrEnum):
    """Where the other part of a story is printed: after this one or before it."""

    ONWARD = "下转"
    BACK = "上接"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: the page it names (``3``, ``A3``), the headline in it, and where it stands."""

    way: Way
    page: str
    headline: str  # folded; empty where the mark has none
    start: int
    end: int


# Characters that recognition takes for one another stand in one class; all of it is matched folded
# (转 for 轉, "-" for —), and 一 read as a dash or an l is 一.
_WAYS = {
    Way.ONWARD: r"[下卞]\s*[转砖专传接]",
    Way.BACK: r"[上土紧]\s*[接按]",
}
# Without 上 or 下 a mark must stand between brackets: （转第三版）.
_BARE_WAYS = {Way.ONWARD: r"文?\s*[转砖]", Way.BACK: r"接"}
_OPEN, _CLOSE = r"[(\[{【〔〖〈《<]", r"[)\]}】〕〗〉》>]"
_ARROW = r"[▶▷►→⇒⇨➡»☞◀←⇐⇦«☜>*·\s]{0,8}"
_NUMBER = r"\d(?:\s*\d){0,2}|[一二三四五六七八九十](?:\s*[一二三四五六七八九十]){0,2}|[-_|li]"
_PAGE = (
    rf"[第笫苐]?\s*(?:(?P<page>(?:[a-z]\s*-?\s*)?(?:{_NUMBER}))\s*[版板扳反页]"
    r"|(?P<section>[a-z]\s*-?\s*\d(?:\s*\d)?)(?!\w))"
)
_QUOTED = r"[《〈\"]\s*(?P<{}>[^《》〈〉\"\n]{{2,60}}?)\s*[》〉\"]"
_HEADLINE = rf"(?:{_QUOTED.format('before')})?\s*[,:]?\s*"
# What follows the page between brackets: the headline again, or where on the page: 头条, 左下.
_REST = r"(?P<rest>(?:(?![上下紧][接转])[^()\[\]【】〔〕\n]){0,60}?)"
_ANY = "|".join(f"(?P<{way.name}>{form})" for way, form in _WAYS.items())
_BARE = "|".join(f"(?P<{way.name}>{form})" for way, form in _BARE_WAYS.items())
_BRACKETED = [
    re.compile(rf"{_OPEN}{_ARROW}{_HEADLINE}(?:{ways})\s*{_PAGE}{_REST}{_ARROW}{_CLOSE}")
    for ways in (_ANY, _BARE)
]
_PLAIN = re.compile(
    rf"{_OPEN}?{_ARROW}{_HEADLINE}(?:{_ANY})\s*{_PAGE}"
    rf"(?:\s*{_QUOTED.format('rest')})?{_ARROW}{_CLOSE}?"
)
# What every mark holds before it is folded: a way, and the first character of a page's number.
_HINT = re.compile(
    r"[转轉砖磚专專传傳接按]\s*(?:[^\s\u4e00-\u9fff,.:;，。、：；“”]|[第笫苐一二三四五六七八九十])"
)
_EDGE_CHARS = 160  # of a line, where a mark may stand; a mark with a headline has fewer
_MAX_BYLINE_CHARS = 30  # that may stand between a mark and its end of the line
_MAX_HEADLINE_CHARS = 60
_MIN_HEADLINE_CHARS = 4  # 头条, 左下 and 要闻 are shorter


def find_marks(text: str) -> Iterator[Mark]:
    """The marks of an article's text, in order: each at the edge of a line that it may stand at."""
    offset = 0
    for line in re.split(r"[\n\r]", text):
        for mark in marks_of_line(line):
            yield replace(mark, start=offset + mark.start, end=offset + mark.end)
        offset += len(line) + 1


def marks_of_line(line: str) -> list[Mark]:
    """The marks of one line: 下转 near its end, 上接 near its start or, in a headline, its end."""
    if not _HINT.search(line):
        return []
    cut = max(_EDGE_CHARS, len(line) - _EDGE_CHARS)
    ends = [(0, fold(line[:_EDGE_CHARS])), (cut, fold(line[cut:]))]
    found = [mark for start, text in ends for mark in _marks(text, start, len(line))]
    return sorted(found, key=lambda mark: mark.start)


def _marks(folded: str, start: int, length: int) -> Iterator[Mark]:
    """The marks in a piece of a line of ``length`` characters that begins at ``start``."""
    taken: list[re.Match[str]] = []
    for pattern in (*_BRACKETED, _PLAIN):
        for match in pattern.finditer(folded):
            clear = all(match.end() <= m.start() or m.end() <= match.start() for m in taken)
            page = page_number(match["page"] or match["section"])
            sides = start + match.start(), length - start - match.end()
            stands = _is_at_edge(match, sides) if pattern is _PLAIN else _is_near_edge(match, sides)
            if clear and page and stands:
                taken.append(match)
                yield Mark(_way(match), page, _headline(match), sides[0], start + match.end())


def _is_near_edge(match: re.Match[str], sides: tuple[int, int]) -> bool:
    """Whether a mark in brackets has at most a byline or a headline between it and its edge.

    ``sides`` are the characters of the line before and after the mark.
    """
    near = sides[1] if _way(match) is Way.ONWARD else sides[0]
    return near <= _MAX_BYLINE_CHARS or sum(sides) <= _MAX_HEADLINE_CHARS


def _is_at_edge(match: re.Match[str], sides: tuple[int, int]) -> bool:
    """Whether nothing is printed between a mark without brackets and its edge of the line."""
    if _way(match) is Way.ONWARD:
        beyond, near = match.string[match.end() :], sides[1]
    else:
        beyond, near = match.string[: match.start()], sides[0]
    return near == len(beyond) and not beyond.strip(" \t\u3000.。,")


def goes_on(text: str) -> bool:
    """Whether a line or a paragraph ends with 下转."""
    return _goes_on(text[-_EDGE_CHARS:])


# What stands around a line is asked about again and again while the lines below it are read.
@lru_cache(maxsize=256)
def _goes_on(tail: str) -> bool:
    """Whether a text with this end does."""
    return any(m.way is Way.ONWARD for m in marks_of_line(tail))


def comes_from(text: str) -> bool:
    """Whether a line or a paragraph begins with 上接."""
    return _comes_from(text[:_EDGE_CHARS])


@lru_cache(maxsize=256)
def _comes_from(head: str) -> bool:
    """Whether a text with this beginning does."""
    return any(m.way is Way.BACK and not head[: m.start].strip() for m in marks_of_line(head))


def same_page(one: str | None, other: str | None) -> bool:
    """Whether two page numbers may be one: ``3``, ``03`` and ``A3`` may, ``A3`` and ``B3`` not.

    A number that is not known may be any.
    """
    first, second = page_number(one), page_number(other)
    if first is None or second is None:
        return True
    sections = {n[0] for n in (first, second) if n[0].isalpha()}
    return page_digits(first) == page_digits(second) and len(sections) < 2


def page_number(stated: str | None) -> str | None:
    """A page's number in one form: ``A03版``, ``第三版`` and ``-`` as ``A3``, ``3`` and ``1``."""
    if stated is None:
        return None
    bare = re.sub(r"[\s第版页]", "", fold(stated))
    match = re.fullmatch(r"(?P<section>[a-z]?)-?(?P<number>\d{1,3})", bare)
    if match:
        return f"{match['section'].upper()}{int(match['number'])}"
    if re.fullmatch(r"[一二三四五六七八九十]{1,3}", bare):
        return str(number(bare))
    return "1" if bare in {"-", "_", "|", "l", "i"} else None


def page_digits(stated: str | None) -> str | None:
    """A page's number without the letter of its section."""
    number = page_number(stated)
    return number.lstrip(ascii_uppercase) if number else None


def _headline(match: re.Match[str]) -> str:
    """The headline that a mark repeats, folded; empty where it has none."""
    rest = (match["rest"] or "").strip(" :,·《》〈〉\"'-▶▷►→⇒⇨➡»")
    return match["before"] or (rest if len(rest) >= _MIN_HEADLINE_CHARS else "")


def _way(match: re.Match[str]) -> Way:
    return next(way for way in Way if match[way.name])
