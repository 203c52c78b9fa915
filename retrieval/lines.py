"""Lines: what is printed on each line of a page, and how it stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.cleaning import BREAKS, Setting, clean
from retrieval.pages import furniture_lines
from retrieval.settings import Settings

MAX_COLUMN = 45  # no newspaper sets wider columns
_LINES = re.compile(rf"[^{BREAKS}]+")
_BREAKS = re.compile(rf"\r\n|[{BREAKS}]")
_MARK = re.compile(r"(#{1,6})(?:\s+|(?=[^\s#\d]))")
_INDENT = re.compile(r"[ \t]{2,}|[ \t]*\u3000")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its range without white space at the ends, and how it reads.

    ``gap`` counts the blank lines before it.
    """

    start: int
    end: int
    text: str
    gap: int
    level: int = 0  # of a Markdown heading, 0 for none
    indented: bool = False  # as the first line of a paragraph is
    furniture: bool = False
    parted: bool = False  # from the line before it, by lines that belong elsewhere


def read_lines(raw: str, settings: Settings) -> list[Line]:
    """The page's lines that hold anything."""
    found: list[Line] = []
    end = 0
    for match in _LINES.finditer(raw):
        shown = clean(raw, [match.span()], Setting.DISPLAY).text
        if shown:
            text = match[0].strip()
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            gap = max(0, len(_BREAKS.findall(raw, end, start)) - 1)
            mark = _MARK.match(text)
            level = len(mark[1]) if mark else 0
            indented = bool(_INDENT.match(match[0]))
            end = start + len(text)
            found.append(Line(start, end, shown, gap, level, indented))
    marks = furniture_lines([line.text for line in found], settings)
    spare = _spare_gap(found)
    return [
        replace(x, furniture=mark, gap=max(0, x.gap - spare))
        for x, mark in zip(found, marks, strict=True)
    ]


def _spare_gap(lines: Sequence[Line]) -> int:
    """The blank lines that stand below each line of a column page, and so mean nothing."""
    widths = sorted(len(line.text) for line in lines)
    if len(lines) < 10:
        return 0
    column = widths[len(widths) * 2 // 3]
    full = sum(abs(width - column) <= 2 for width in widths)
    if column > MAX_COLUMN or full * 2 < len(widths):
        return 0
    return sorted(line.gap for line in lines[1:])[len(lines) // 10]
