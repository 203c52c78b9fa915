"""The calendar a masthead prints: solar day, weekday and lunar day, each a witness of the others.

A masthead states its day three times over: ``2021年1月27日 星期三 庚子年十二月十五``. Recognition
misreads one digit at a time, so two witnesses that agree outweigh the third, and one against one
proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

_HAN_DIGIT = "〇○零一二三四五六七八九0"
_HAN_NUMBER = "[一二三四五六七八九十廿卅]{1,3}"
# First year of a calendar era; Jilin's papers counted by the last three from 1932 to 1945.
_ERAS = {"民国": 1912, "民國": 1912, "大同": 1932, "康德": 1934, "昭和": 1926}
ERA_YEAR = rf"(?:{'|'.join(_ERAS)})(?:元|\d{{1,2}}|{_HAN_NUMBER})年"
SOLAR = (
    r"(?<!\d)(?:19|20)\d\d\s*(?:年|[-./])\s*\d{1,2}\s*(?:月|[-./])\s*\d{1,2}(?!\d)(?:\s?日)?"
    rf"|[二一][{_HAN_DIGIT}]{{3}}年{_HAN_NUMBER}月{_HAN_NUMBER}日"
    rf"|{ERA_YEAR}(?:\d{{1,2}}|{_HAN_NUMBER})月(?:\d{{1,2}}|{_HAN_NUMBER})日"
)
WEEKDAY = r"(?:星期|[礼禮]拜|[周週])[一二三四五六日天]"
STEM_YEAR = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
_LUNAR_MONTH = r"(?:正|十[一二]|[二三四五六七八九十冬腊臘])"
_LUNAR_NUMBER = (  # atomic: 廿二 is never half read
    r"(?>初[一二三四五六七八九十]|二十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|"
    r"十[一二三四五六七八九]|三?十)(?!日)"
)
LUNAR_DAY = rf"[闰閏]?{_LUNAR_MONTH}月(?:[大小]\s?)?{_LUNAR_NUMBER}"
LUNAR = rf"(?:{STEM_YEAR}|(?:农|農|夏|阴|陰|旧|舊)[历曆])[,，、:：\s]*{LUNAR_DAY}|{LUNAR_DAY}"

_SOLAR = re.compile(SOLAR)
_PARTS = re.compile(
    rf"({'|'.join(_ERAS)})?([元\d]+|[{_HAN_DIGIT}十廿卅]+)\s*[年\-./]\s*"
    r"(\d+|[一二三四五六七八九十]+)\s*[月\-./]\s*(\d+|[一二三四五六七八九十廿卅]+)"
)
# 周一至周五 and the like are hours of business, no witness of the day.
_WEEKDAY = re.compile(rf"(?<![至到、—\-]){WEEKDAY}(?!\s*[至到、—\-])")
_LUNAR = re.compile(
    rf"(?m)(?:(?P<year>{STEM_YEAR})|(?<=[历曆])|^|(?<=\s))[,，、:：\s]*(?P<leap>[闰閏])?"
    rf"(?P<month>{_LUNAR_MONTH})月(?:[大小]\s?)?(?P<day>{_LUNAR_NUMBER})"
    # 十二月廿二立春 is the forecast of a solar term
    r"(?!\s*(?:立[春夏秋冬]|雨水|[惊驚][蛰蟄]|[春秋]分|清明|[谷穀]雨|小[满滿]|芒[种種]|[夏冬]至|[大小][暑雪寒]|"
    r"[处處]暑|白露|寒露|霜降))"
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_KNOWN = range(1901, 2100)  # cnlunar's table, compared with lunar_python's day by day


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A lunar day as printed; ``year`` is the cyclic year (庚子), or ``None``."""

    month: int
    day: int
    leap: bool = False
    year: str | None = None


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What stands printed of one day: ISO day, weekday (0 is Monday), lunar day."""

    solar: str
    weekday: int | None = None
    lunar: LunarDay | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The day that the witnesses prove, or ``None``, and which of them disagree with it."""

    day: str | None
    against: tuple[str, ...] = ()  # "solar", "weekday", "lunar"


def number(text: str) -> int:
    """A numeral below one hundred, Arabic or Chinese (``十二``, ``廿三``, ``元`` is 1)."""
    if text == "元":
        return 1
    if text[0].isdecimal():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text[-1], 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones[:1], 0) if ones else 0)


def year_number(text: str, era: str | None = None) -> int:
    """A year: four digits Arabic or Chinese, or the year of an era (``民国`` 二十六)."""
    if era:
        return _ERAS[era] + number(text) - 1
    if text[0].isdecimal() and text.isdecimal():
        return int(text)
    return int("".join(str(_DIGITS.get(c, 0)) for c in text))


def era_year(text: str) -> int:
    """The year that ``民国二十六年`` names."""
    return year_number(text[2:].rstrip("年"), text[:2])


def iso_day(text: str) -> str | None:
    """The first calendar day that a text states, as ``YYYY-MM-DD``."""
    return next((day for _, _, day in solar_days(text)), None)


def solar_days(text: str) -> Iterator[tuple[int, int, str]]:
    """Each solar day that a text states: start, end, ISO day; what no calendar has is left out."""
    for match in _SOLAR.finditer(text):
        parts = _PARTS.match(match[0])
        if parts:
            year = year_number(parts[2], parts[1])
            day = day_of(year, number(parts[3]), number(parts[4]))
            if day:
                yield match.start(), match.end(), day


def day_of(year: int, month: int, day: int) -> str | None:
    """The ISO day, or ``None`` where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def weekday_of(text: str) -> int | None:
    """The weekday that a text prints, 0 for Monday; ``None`` where it prints several or none."""
    found = {"一二三四五六日".index(m[0][-1].replace("天", "日")) for m in _WEEKDAY.finditer(text)}
    return found.pop() if len(found) == 1 else None


def printed(text: str, solar: str) -> str:
    """The words of a day's witnesses as they are printed: ``solar``, weekday, lunar day."""
    lunar = _LUNAR.search(text)
    words = [solar, *(m[0] for m in _WEEKDAY.finditer(text)), lunar[0] if lunar else ""]
    return " ".join(" ".join(words).split())


def lunar_of(text: str) -> LunarDay | None:
    """The first lunar day that a text prints; the forecast of a solar term is none."""
    match = _LUNAR.search(text)
    if match is None:
        return None
    month = _LUNAR_MONTHS.get(match["month"]) or number(match["month"])
    day = number(match["day"].removeprefix("初"))
    return LunarDay(month, day, bool(match["leap"]), (match["year"] or "")[:2] or None)


@lru_cache(maxsize=4096)
def lunar_day(day: str) -> LunarDay | None:
    """The lunar day of an ISO day; ``None`` outside the years that are known."""
    from cnlunar import Lunar  # here: most pages print no lunar day

    solar = date.fromisoformat(day)
    if solar.year not in _KNOWN:
        return None
    found = Lunar(datetime(solar.year, solar.month, solar.day, 12))
    year = _STEMS[(found.lunarYear - 4) % 10] + _BRANCHES[(found.lunarYear - 4) % 12]
    return LunarDay(found.lunarMonth, found.lunarDay, bool(found.isLunarLeapMonth), year)


def judge(said: Witnesses) -> Judgement:
    """What the witnesses prove together.

    1. None disagrees: the solar day. 2. One of two disagrees: nothing. 3. Weekday and lunar day
    agree on a day that differs from the solar one in a part alone, as a misread digit does: that
    day; the weekday alone, one in seven, does not save a solar day from a lunar day that names its
    year. 4. One of three disagrees: the solar day. 5. All disagree: nothing.
    """
    weekday, lunar = _meets_weekday(said.solar, said), _meets_lunar(said.solar, said)
    against = tuple(n for n, met in (("weekday", weekday), ("lunar", lunar)) if met is False)
    if not against:
        return Judgement(said.solar)
    if weekday is None or lunar is None:
        return Judgement(None, against)
    if not lunar and (not weekday or (said.lunar and said.lunar.year)):
        days = _misreadings(said.solar)
        found = [d for d in days if _meets_weekday(d, said) and _meets_lunar(d, said)]
        if len(found) == 1:
            return Judgement(found[0], ("solar",))
    return Judgement(said.solar if weekday or lunar else None, against)


def _meets_weekday(day: str, said: Witnesses) -> bool | None:
    """Whether a day falls on the weekday printed; ``None`` where none is."""
    return None if said.weekday is None else date.fromisoformat(day).weekday() == said.weekday


def _meets_lunar(day: str, said: Witnesses) -> bool | None:
    """Whether a day is the lunar day printed; ``None`` where none is, or none is known."""
    known = lunar_day(day) if said.lunar else None
    if said.lunar is None or known is None:
        return None
    plain = (known.month, known.day, known.leap) == (
        said.lunar.month,
        said.lunar.day,
        said.lunar.leap,
    )
    return plain and said.lunar.year in (None, known.year)


def _misreadings(day: str) -> list[str]:
    """The days that differ from this one in one part: the day, the month, or a digit of the year."""
    year, month, number_ = map(int, day.split("-"))
    digits = f"{year}"
    years = {int(f"{digits[:i]}{d}{digits[i + 1 :]}") for i in range(2, 4) for d in range(10)}
    found = {day_of(year, month, d) for d in range(1, 32)}
    found |= {day_of(year, m, number_) for m in range(1, 13)}
    found |= {day_of(y, month, number_) for y in years}
    return sorted(x for x in found if x is not None and x != day)
