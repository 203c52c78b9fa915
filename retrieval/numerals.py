"""The numbers that folded text writes, in Arabic or Chinese figures, as values that can be met.

两千六百多 is any number from 2600 to below 2700, 近3000 one from 2700 to 3000, and 百分之三十 is 30%.
A lone figure (三农, 一个) and a unit without one (千万, 万一) are words, no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from retrieval.records import Numeral, Span

_FIGURES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_UNITS = _SMALL | _LARGE

_FIGURE = "[〇○零一二两三四五六七八九]"
# A point stands between Arabic figures, commas before each three of them.
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_CHINESE = (
    rf"(?:{_FIGURE}|十(?=[一二三四五六七八九多余万亿]))"
    rf"(?:{_FIGURE}|[十百千万亿])*(?:点{_FIGURE}+[十百千]?[万亿]*)?"
)
_ROUGH_BEFORE = r"(?:接近|将近|大约|约|近|不到)"
_MORE, _ABOUT = "[多余]", "左右|上下|来"
_NUMERAL = re.compile(
    rf"(?P<before>{_ROUGH_BEFORE})?(?P<percent>百分之)?"
    rf"(?:(?P<some>[几数](?=[十百千万亿]))|(?P<whole>(?<![\d.a-z-]){_ARABIC}(?![\d-])|{_CHINESE}))"
    rf"(?P<more>{_MORE})?(?P<unit>[十百千万亿]*)(?P<then>{_MORE})?(?P<sign>%)?(?P<about>{_ABOUT})?"
)
# What a match holds beside what stands before its number (不到百分之), from its first figure on.
_RUN = re.compile(
    r"[\d〇○零一二两三四五六七八九十几数][\d〇○零一二两三四五六七八九十几数百千万亿点,.%\-多余左右上下来]*"
)
_PREFIX_CHARS = 5
_KNOWN_NUMERALS = (
    4096  # numbers whose values are kept, 0.5 KB each: reading one takes 20 microseconds
)
# 约 and 近 in news are a rounding to the next round number, seldom off by more than a tenth.
_ROUGHLY = Fraction(1, 10)


def numerals(folded: str) -> tuple[Numeral, ...]:
    """The numbers that folded text writes, in reading order."""
    found = []
    for match in _matches(folded):
        if (values := _values(match.groups())) is not None:
            low, high, ratio = values
            found.append(Numeral(*match.span(), match[0], low, high, ratio=ratio))
    return tuple(found)


def ranges_met(asked: Sequence[Numeral | None], folded: str) -> list[list[Span]]:
    """For each number asked about, the ranges of those in folded text that may be the same.

    As ``meets`` of each of ``numerals``, of which no record is made: a third of the time.
    """
    found: list[list[Span]] = [[] for _ in asked]
    for match in _matches(folded):
        if (values := _values(match.groups())) is None:
            continue
        low, high, ratio = values
        for own, one in zip(found, asked, strict=True):
            if one and one.ratio == ratio and one.low <= high and low <= one.high:
                own.append(match.span())
    return found


def meets(asked: Numeral, stated: Numeral) -> bool:
    """Whether a number that is stated may be the one that is asked about."""
    return asked.ratio == stated.ratio and asked.low <= stated.high and stated.low <= asked.high


def chinese_value(text: str) -> Fraction | None:
    """The number that Chinese figures write (一亿两千万, 二〇二一, 一点二亿), ``None`` if none.

    1. what stands before 亿, 万 and after them is read by itself; 2. figures without any unit
    stand for their digits; 3. a last figure right after a unit counts by the next lower one (三千五).
    """
    for unit in "亿万":
        before, found, after = text.rpartition(unit)
        if found:
            many, rest = chinese_value(before), _rest(after, unit)
            return None if many is None or rest is None else many * _LARGE[unit] + rest
    whole, point, part = text.partition("点")
    if point:
        return _decimal(whole, part)
    if len(text) > 1 and all(c in _FIGURES for c in text):
        return Fraction(int("".join(str(_FIGURES[c]) for c in text)))
    return _below_myriad(text)


def written(number: int) -> str:
    """A whole number from 1 to below 10**12 in Chinese figures, as papers write it (一百零七)."""
    parts = [(number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number % 10**4, "")]
    text = ""
    for value, unit in parts:
        if value:
            gap = "零" if text and value < 1000 else ""
            text += gap + _written_below_myriad(value) + unit
        elif text and unit:
            text += "零"
    text = re.sub("零+", "零", text.rstrip("零"))
    return text.removeprefix("一") if text.startswith("一十") else text


def _matches(folded: str) -> Iterator[re.Match[str]]:
    """All numbers that ``_NUMERAL`` finds, looked for only around figures: in a third of the time.

    A lone figure of Chinese is none but in 百分之三.
    """
    done = 0
    for run in _RUN.finditer(folded):
        start, end = run.span()
        before = folded[start - 1 : start]
        if end - start > 1 or folded[start].isdecimal() or before == "之":
            first = max(start - _PREFIX_CHARS, done) if before and before in "近约到之" else start
            yield from _NUMERAL.finditer(folded, first, end)
        done = end


@lru_cache(_KNOWN_NUMERALS)
def _values(groups: tuple[str | None, ...]) -> tuple[float, float, bool] | None:
    """The range that the number of a match may lie in, and whether it is a ratio."""
    parts = dict(zip(_NUMERAL.groupindex, groups, strict=True))
    scale = _scale(parts["unit"] or "")
    ratio = bool(parts["percent"] or parts["sign"])
    if parts["some"]:
        return _ranged(Fraction(scale), Fraction(scale * 10), ratio=ratio) if scale > 1 else None
    whole = parts["whole"] or ""
    value = _value(whole)
    if value is None or _is_word(whole, parts):
        return None
    step = _step(whole) * scale
    value *= scale
    low = high = value
    if parts["more"] or parts["then"]:
        high = value + step
    elif parts["before"] in ("近", "接近", "将近", "不到"):
        low = value * (1 - _ROUGHLY)
    elif parts["before"] or parts["about"]:
        low, high = value * (1 - _ROUGHLY), value * (1 + _ROUGHLY)
    return _ranged(low, high, ratio=ratio)


def _ranged(low: Fraction, high: Fraction, *, ratio: bool) -> tuple[float, float, bool]:
    """The range as a record holds it; a percentage is a ratio."""
    by = 100 if ratio else 1
    return float(low / by), float(high / by), ratio


def _is_word(whole: str, parts: Mapping[str, str | None]) -> bool:
    """Whether a Chinese figure is no number: alone, or figures in a row (五一, 三三两两)."""
    if whole[0].isdecimal() or parts["percent"]:
        return False
    if any(c in _UNITS or c == "点" for c in whole):
        return whole == "十" and not (parts["more"] or parts["unit"])
    return not parts["unit"] and (len(whole) < 3 or not any(c in "〇○零" for c in whole))


def _value(whole: str) -> Fraction | None:
    if whole[0].isdecimal():
        return Fraction(whole.replace(",", ""))
    return chinese_value(whole)


def _scale(units: str) -> int:
    """What units one after another multiply by (千万)."""
    scale = 1
    for unit in units:
        scale *= _UNITS[unit]
    return scale


def _step(whole: str) -> Fraction:
    """How far 多 may reach: the last unit that is not nothing (100 of 2600 and of 两千六百)."""
    if whole[0].isdecimal():
        digits, point, part = whole.replace(",", "").partition(".")
        zeros = len(digits) - len(digits.rstrip("0"))
        return Fraction(1, 10 ** len(part)) if point else Fraction(10**zeros)
    unit = re.search("[十百千万亿]+$", whole)
    return Fraction(_scale(unit[0]) if unit else 1)


def _rest(text: str, unit: str) -> Fraction | None:
    """What follows 万 or 亿: nothing, a number, or one figure of the next lower unit (三万五)."""
    bare = text.lstrip("零〇○")
    if not bare:
        return Fraction(0)
    if len(text) == 1 and text in _FIGURES:
        return Fraction(_FIGURES[text] * _LARGE[unit] // 10)
    return chinese_value(bare)


def _decimal(whole: str, part: str) -> Fraction | None:
    """A number with a point, each figure after it a digit; a unit after those multiplies (点二百)."""
    digits = "".join(str(_FIGURES[c]) for c in part if c in _FIGURES)
    before = chinese_value(whole)
    if before is None or not digits:
        return None
    return (before + Fraction(int(digits), 10 ** len(digits))) * _scale(part[len(digits) :])


def _below_myriad(text: str) -> Fraction | None:
    """The number that figures with 十, 百 and 千 write; each unit is lower than the one before."""
    total, figure, last = 0, None, 10**4
    for c in text:
        if c in _FIGURES:
            if figure:
                return None
            figure = _FIGURES[c]
            continue
        unit = _SMALL.get(c)
        if unit is None or unit >= last:
            return None
        total += (1 if figure is None else figure) * unit
        figure, last = None, unit
    if figure:
        spoken = last < 10**4 and last > 10 and not _after_zero(text)
        total += figure * (last // 10 if spoken else 1)
    return Fraction(total) if text else None


def _after_zero(text: str) -> bool:
    return len(text) > 1 and _FIGURES.get(text[-2]) == 0


def _written_below_myriad(number: int) -> str:
    """1 to 9999 in Chinese figures."""
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = number // unit % 10
        text += "零一二三四五六七八九"[figure] + (name if figure else "")
    return re.sub("零+", "零", text).strip("零")
