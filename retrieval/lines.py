"""Lines: what is printed on each line of a page, and how it stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.cleaning import BREAKS
from retrieval.pages import printed_lines
from retrieval.records import Span
from retrieval.settings import Settings

MAX_COLUMN = 45  # no newspaper sets wider columns
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
    printed = printed_lines(raw, settings)
    spans = [_stripped(raw, line.span) for line in printed]
    ends = [0, *(end for _, end in spans)]
    gaps = [_blanks(raw, end, start) for end, (start, _) in zip(ends, spans, strict=False)]
    spare = _spare_gap([len(line.text) for line in printed], gaps)
    return [
        Line(
            start,
            end,
            line.text,
            gap=max(0, gap - spare),
            level=_level(raw, start, end),
            indented=_INDENT.match(raw, line.span[0], end) is not None,
            furniture=line.furniture,
        )
        for line, (start, end), gap in zip(printed, spans, gaps, strict=True)
    ]


def _stripped(raw: str, span: Span) -> Span:
    """The range without white space at its ends."""
    text = raw[slice(*span)].lstrip()
    start = span[1] - len(text)
    return start, start + len(text.rstrip())


def _blanks(raw: str, start: int, end: int) -> int:
    """The blank lines between two lines, or above the first."""
    return max(0, len(_BREAKS.findall(raw, start, end)) - 1)


def _level(raw: str, start: int, end: int) -> int:
    """The level of a Markdown heading, 0 for none."""
    mark = _MARK.match(raw, start, end)
    return len(mark[1]) if mark else 0


def _spare_gap(lengths: Sequence[int], gaps: Sequence[int]) -> int:
    """The blank lines that stand below each line of a column page, and so mean nothing."""
    widths = sorted(lengths)
    if len(widths) < 10:
        return 0
    column = widths[len(widths) * 2 // 3]
    full = sum(abs(width - column) <= 2 for width in widths)
    if column > MAX_COLUMN or full * 2 < len(widths):
        return 0
    return sorted(gaps[1:])[len(widths) // 10]
