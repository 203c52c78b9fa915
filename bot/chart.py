"""Bars as a picture: digits and bars only, so that no Chinese font is needed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.bars import Bar, Bars, Unit, bars_of
from retrieval.archive import Archive

# Pixels at twice the size that a phone shows, so that lines stay sharp.
_WIDTH, _HEIGHT = 1600, 800
_LEFT, _RIGHT, _TOP, _BOTTOM = 110, 1560, 70, 690
_SMALL, _LARGE = 28, 34  # pixels of digits
_LABEL = 84  # pixels that a year takes with the room beside it
_HATCH = 18  # pixels between the lines that mark a blank
_MOST_TICKS = 5
_FEW = 24  # bars: with more, no number fits above each
_PAPER, _GRID, _INK, _FAINT, _BAR = "#ffffff", "#dfe2e7", "#374151", "#9ca3af", "#2563a8"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where bars stand: the width of one with its room, and the number at the top."""

    slot: float
    top: int

    def x(self, n: float) -> float:
        """The left edge of the bar ``n``."""
        return _LEFT + n * self.slot

    def y(self, value: float) -> float:
        """The height of a number."""
        return _BOTTOM - (_BOTTOM - _TOP) * value / self.top


def timeline_png(archive: Archive, term: str, path: Path) -> None:
    """Draw when a term was in print into a file; a term without a day gives an empty frame."""
    path.write_bytes(png(bars_of(archive.timeline(term))))


def png(bars: Bars) -> bytes:
    """The picture as a PNG: gridlines with numbers, bars, hatched blanks, months or years."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    step = tick_step(max((bar.n for bar in bars.bars), default=1))
    most = max((bar.n for bar in bars.bars), default=1)
    frame = _Frame((_RIGHT - _LEFT) / max(len(bars.bars), 1), step * max(-(-most // step), 1))
    _blanks(draw, bars, frame)
    _grid(draw, frame, step)
    for n, bar in enumerate(bars.bars):
        _bar(draw, bar, frame, n, numbered=len(bars.bars) <= _FEW)
    (_months if bars.unit is Unit.MONTH else _years)(draw, bars, frame)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def tick_step(most: int) -> int:
    """The distance of gridlines, 1, 2 or 5 times a power of ten, so that few are needed."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if most <= step * _MOST_TICKS:
                return step
        size *= 10


def year_step(slot: float) -> int:
    """How many years lie between two that are named, so that their digits stay apart."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if step * slot >= _LABEL)


def _blanks(draw: ImageDraw.ImageDraw, bars: Bars, frame: _Frame) -> None:
    """Hatch what the archive holds nothing of."""
    height = _BOTTOM - _TOP
    for n, bar in enumerate(bars.bars):
        if bar.held:
            continue
        left, right = frame.x(n), frame.x(n + 1)
        first = int((left - height) // _HATCH)
        for x in range(first * _HATCH, int(right) + 1, _HATCH):
            # The part of the diagonal from (x, bottom) to (x + height, top) within the slot.
            start, end = max(left, x), min(right, x + height)
            if start < end:
                draw.line((start, _BOTTOM - (start - x), end, _BOTTOM - (end - x)), _GRID, 2)


def _grid(draw: ImageDraw.ImageDraw, frame: _Frame, step: int) -> None:
    for value in range(0, frame.top + 1, step):
        y = frame.y(value)
        draw.line((_LEFT, y, _RIGHT, y), _GRID if value else _FAINT, 2)
        _text(draw, (_LEFT - 16, y), str(value), anchor="rm")


def _bar(draw: ImageDraw.ImageDraw, bar: Bar, frame: _Frame, n: int, *, numbered: bool) -> None:
    if not bar.n:
        return
    room = min(frame.slot * 0.15, 12)
    left, right = frame.x(n) + room, max(frame.x(n + 1) - room, frame.x(n) + room + 1)
    draw.rectangle((left, frame.y(bar.n), right, _BOTTOM - 1), _BAR)
    if numbered:
        _text(draw, ((left + right) / 2, frame.y(bar.n) - 8), str(bar.n), anchor="ms")


def _months(draw: ImageDraw.ImageDraw, bars: Bars, frame: _Frame) -> None:
    """Number the months, as many as fit, and name the years below."""
    every = 1 if len(bars.bars) <= _FEW else 3
    for n, bar in enumerate(bars.bars):
        month = int(bar.period[-2:])
        if (month - 1) % every == 0:
            _text(draw, (frame.x(n + 0.5), _BOTTOM + 14), str(month), anchor="ma")
        if month == 1:
            if n:
                draw.line((frame.x(n), _BOTTOM, frame.x(n), _BOTTOM + 92), _GRID, 2)
            middle = frame.x(n + 6)
            _text(draw, (middle, _BOTTOM + 54), bar.period[:4], anchor="ma", size=_LARGE)


def _years(draw: ImageDraw.ImageDraw, bars: Bars, frame: _Frame) -> None:
    step = year_step(frame.slot)
    for n, bar in enumerate(bars.bars):
        if int(bar.period) % step == 0:
            _text(draw, (frame.x(n + 0.5), _BOTTOM + 16), bar.period, anchor="ma")


def _text(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    *,
    anchor: str,
    size: int = _SMALL,
) -> None:
    draw.text(at, text, _INK, ImageFont.load_default(size), anchor)
