"""Faults of single parts: what recognition and PDF extraction do to words.

Names of writers are left as they are, but for a space or a line's end between their characters:
nobody could read back a name that was misread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from random import Random

from .records import HEADS, Fault, Part, Role

BREAK = "\ue000"  # a line must end here; never printed

_ASCII = str.maketrans("，；：！？“”（）", ',;:!?""()')
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_PAIRS = (
    "未末 己已 日曰 人入 土士 千干 干于 乎平 大太 县具 进讲 宇字 通诵 园圆 治冶 拔拨 折拆 间问 木本 "
    "今令 了丁 候侯 历厉 场扬 晴睛 清请 推椎 科料 各名 鸟乌 由田 天夫 力刀 万方 白自 目日 体休 办力 见贝 "
    "准淮 住往 续绩 博搏 密蜜 未来 官宫 析折 困因 复夏 导异 农衣 么公 会今 市巾 。. ，. 、, 一-"
)
_LOOKALIKES = {p[0]: p[1] for p in _PAIRS.split() if len(p) == 2}
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_STOPS = "。！？"


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each fault of a page strikes, from 0 to 1; a fault not named never does."""

    of: dict[Fault, float]

    def strike(self, rng: Random, fault: Fault) -> bool:
        """Whether it strikes here."""
        return fault in self.of and rng.random() < self.of[fault]


# Lowest and highest rate of each fault: per character for misreadings, else per part or place.
RANGES: dict[Fault, tuple[float, float]] = {
    Fault.SPACES: (0.1, 0.5),
    Fault.SPACED_HEADLINE: (0.3, 0.8),
    Fault.ASCII_PUNCTUATION: (0.8, 1.0),
    Fault.MISREAD: (0.02, 0.1),
    Fault.LOST_STOP: (0.1, 0.35),
    Fault.CUT_PARAGRAPH: (0.2, 0.5),
    Fault.RUN_ON: (0.1, 0.3),
    Fault.LOST_LINE: (0.1, 0.4),
    Fault.SCRAPS: (0.1, 0.4),
    Fault.DOUBLED: (0.001, 0.004),
    Fault.BYLINE_APART: (0.3, 0.8),
    Fault.SPLIT_HEADLINE: (0.3, 0.8),
    Fault.WIDE_DIGITS: (0.5, 1.0),
}


def choose(rng: Random, faults: Collection[Fault]) -> Rates:
    """A rate for each of these faults."""
    return Rates({f: rng.uniform(*RANGES.get(f, (1.0, 1.0))) for f in sorted(faults)})


def spoil(rng: Random, part: Part, names: Collection[str], rates: Rates) -> Part:
    """The part with the faults of its words; lines and places are not its matter."""
    text = _endings(rng, part, names, rates)
    text = _each(rng, text, names, lambda c: _misread(rng, c, rates))
    if rates.strike(rng, Fault.ASCII_PUNCTUATION):
        text = text.translate(_ASCII)
    if rates.strike(rng, Fault.WIDE_DIGITS):
        text = text.translate(_WIDE)
    if part.role in HEADS:
        return replace(part, text=_spread(text) if _spaced(rng, text, rates) else text)
    if rates.strike(rng, Fault.SPACES):
        text = _gaps(rng, text, names)
    return replace(part, text=_pull(rng, text, names, rates))


def _endings(rng: Random, part: Part, names: Collection[str], rates: Rates) -> str:
    """A paragraph's text, its stop or its last line perhaps lost; a signature keeps its place."""
    text = part.text
    if part.role is not Role.PARAGRAPH or any(n in text[-16:] for n in names):
        return text
    if len(text) > 80 and rates.strike(rng, Fault.LOST_LINE):
        return text[: -rng.randint(3, 14)]
    if text[-1:] in _STOPS and rates.strike(rng, Fault.LOST_STOP):
        return text[:-1]
    return text


def _each(rng: Random, text: str, names: Collection[str], change: Callable[[str], str]) -> str:
    """The text with every character outside names changed."""
    kept = _protected(text, names)
    return "".join(c if i in kept else change(c) for i, c in enumerate(text))


def _misread(rng: Random, char: str, rates: Rates) -> str:
    """The character, its lookalike, or the character twice."""
    if char in _LOOKALIKES and rates.strike(rng, Fault.MISREAD):
        return _LOOKALIKES[char]
    if char.isalnum() and rates.strike(rng, Fault.DOUBLED):
        return char * 2
    return char


def _spaced(rng: Random, text: str, rates: Rates) -> bool:
    """Whether a headline is letter-spaced; long ones never are."""
    return len(text) <= 24 and rates.strike(rng, Fault.SPACED_HEADLINE)


def _spread(text: str) -> str:
    """The text with a space between all characters, and more where one was."""
    return " ".join(text)


def _gaps(rng: Random, text: str, names: Collection[str]) -> str:
    """The text with spaces about its numbers, or between the characters of some stretches."""
    kept = _protected(text, names)
    if rng.random() < 0.5:
        return _DIGITS.sub(lambda m: m[0] if m.start() in kept else f" {m[0]} ", text)
    start = rng.randrange(max(1, len(text) - 12))
    stretch = range(start, start + rng.randint(4, 14))
    return "".join(
        c + " " if i in stretch and i not in kept and c != " " else c for i, c in enumerate(text)
    )


def _pull(rng: Random, text: str, names: Collection[str], rates: Rates) -> str:
    """The text with names pulled apart: a space in short ones, a line's end in long ones."""
    for name in names:
        if name in text and rates.strike(rng, Fault.BYLINE_APART):
            gap = rng.choice((" ", "　")) if len(name) == 2 else BREAK
            text = text.replace(name, name[0] + gap + name[1:])
    return text


def _protected(text: str, names: Collection[str]) -> frozenset[int]:
    """The places that names take up."""
    found = (m for n in names for m in re.finditer(re.escape(n), text))
    return frozenset(i for m in found for i in range(m.start() - 1, m.end() + 1))
