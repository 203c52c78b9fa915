"""Centuries, decades and ages, as the days they cover: 上世纪八十年代初, 本世纪, 解放前."""

from __future__ import annotations

import re
from datetime import date, timedelta

from retrieval.almanac import number
from retrieval.periods import Period

CENTURY = r"(?:上个?世纪|本世纪|(?:18|19|20|21|十[八九]|二十一?)世纪)"
PART = re.compile(r"(初|末|中)(?:期|叶)?|(前|后)期")  # of a decade or a century
_FOUNDED, _OPENED = date(1949, 10, 1), date(1978, 12, 18)
_UPHEAVAL = (date(1966, 5, 16), date(1976, 10, 6))
_PUPPET_STATE = (date(1932, 3, 1), date(1945, 8, 18))
_PARTS_OF_DECADE = {"初": (0, 3), "前": (0, 3), "中": (4, 6), "末": (7, 9), "后": (7, 9)}
# 本世纪初 is its first ten years, from the year that ends in 00.
_PARTS_OF_CENTURY = {"初": (0, 9), "前": (0, 49), "中": (40, 60), "末": (90, 99), "后": (50, 99)}
_FIRST_OF_LAST_CENTURY = 1930  # 二十年代 without its century may be of either; 三十年代 is not yet


def decade(words: str, part: re.Match[str] | None, today: date) -> Period | None:
    """八十年代, 上世纪80年代初, 1980年代; ``None`` where its century is open (20年代)."""
    bare = words.removesuffix("年代")
    of = re.match(CENTURY, bare)
    tens = bare[of.end() :] if of else bare
    hundreds = century_of(of[0], today) - 1 if of else int(tens[:-2] or 19)
    first = 100 * hundreds + number(tens[-2:])
    if of is None and len(tens) == 2 and first < _FIRST_OF_LAST_CENTURY:
        return None
    since, until = _PARTS_OF_DECADE[part[1] or part[2]] if part else (0, 9)
    return _years(first + since, first + until)


def century(words: str, part: re.Match[str] | None, today: date) -> Period:
    """本世纪初, 上世纪, 19世纪末."""
    first = century_of(words, today) * 100 - 100
    since, until = _PARTS_OF_CENTURY[part[1] or part[2]] if part else (1, 100)
    return _years(first + since, first + until)


def century_of(words: str, today: date) -> int:
    """The number of a century: 21 of 本世纪 and 21世纪."""
    if words[0] in "上本":
        return (today.year - 1) // 100 + (1 if words[0] == "本" else 0)
    return number(words.removesuffix("世纪"))


def age(words: str) -> tuple[date | None, date | None]:
    """解放前, 改革开放以来, 文革期间; ``None`` is open."""
    if words.startswith("文"):
        return _UPHEAVAL
    if words.startswith("伪"):
        return _PUPPET_STATE
    day = _OPENED if words.startswith("改") else _FOUNDED
    return (None, day - timedelta(days=1)) if words.endswith("前") else (day, None)


def _years(first: int, last: int) -> Period:
    return date(first, 1, 1), date(last, 12, 31)
