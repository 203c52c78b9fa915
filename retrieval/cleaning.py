"""Clean text made by deletion alone, every character with its place in the page.

Nothing is replaced, added or reordered: what is left are slices of the raw page, in order, so a
quote can always be cut again from the file and compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from retrieval.records import CleanText, Span

EMPTY = CleanText("", ())


class Setting(StrEnum):
    """What kind of print the text is; it decides what a space means."""

    BODY = "body"  # spaces between Chinese characters are left-overs of the layout
    DISPLAY = "display"  # headlines, bylines, furniture: spaces part phrases and names


HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What ends a line of print. Only CR LF, LF and CR count as lines of the file (``pages.line_of``).
_LINE_ENDS = "\r\n\x0b\x0c\x85\u2028\u2029"
BREAKS = r"\r\n\x0b\x0c\x85\u2028\u2029"
# All that ``\s`` matches, named one by one: as a set it is found three times as fast.
WHITE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Characters that no newspaper prints: controls, zero-width marks, soft hyphens.
_JUNK = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000e0000-\U000e0fff"
)
# Markdown and inline tags that text extraction leaves behind; never a whole table.
_MARKUP = (
    r"\*\*|__(?=\S)|(?<=\S)__|</?(?:b|i|u|em|strong|center|p|div|span|br)\s*/?>"
    r"|<(?=https?://|www\.)|(?<=[\w/])>(?!\w)"
)
_HAN_CHAR = re.compile(rf"[{HAN}]")
_GAP = re.compile(rf"(?:[\s{_JUNK}]|{_MARKUP})+", re.IGNORECASE)
_BLANK = re.compile(rf"[{WHITE}{_JUNK}]+")  # the same where nothing is marked up, and much faster
_SEAM = re.compile(rf"[{WHITE}{_JUNK}*_<>#]")  # what a gap holds, at the least
_HEADING = re.compile(
    rf"(?:^|(?<=[{BREAKS}]))[^\S{BREAKS}]*#{{1,6}}(?:[^\S{BREAKS}]+|(?=[^\s#\d]))"
)
_DIGITS_AFTER = re.compile(rf"(\d+)(?:[{HAN}%％‰]|$)")
_DIGITS_BEFORE = re.compile(rf"(?:^|[{HAN}])(\d+)$")


def clean(raw: str, spans: Iterable[Span], setting: Setting = Setting.BODY) -> CleanText:
    """The clean text of these ranges of the page, which must be increasing and disjoint."""
    kept: list[Span] = []
    for span in spans:
        for piece in _kept(raw, span, setting):
            _append(kept, piece)
    return CleanText(restore(raw, kept), tuple(kept))


def displayed(raw: str, span: Span) -> str:
    """How a line of print reads by itself; most have no gaps."""
    start, end = span
    if _SEAM.search(raw, start, end) is None:
        return raw[start:end]
    return clean(raw, [span], Setting.DISPLAY).text


def is_seamless(shown: CleanText) -> bool:
    """Whether a clean text has no gaps within, so that it reads the same in any setting."""
    return len(shown.spans) == 1 and _SEAM.search(shown.text) is None


def restore(raw: str, spans: Iterable[Span]) -> str:
    """What the page holds at these ranges, joined: the proof of a quote."""
    return "".join([raw[start:end] for start, end in spans])


def join(parts: Iterable[CleanText]) -> CleanText:
    """Clean texts one after another; they must stand in the page's order."""
    texts: list[str] = []
    spans: list[Span] = []
    for part in parts:
        texts.append(part.text)
        for span in part.spans:
            _append(spans, span)
    return CleanText("".join(texts), tuple(spans))


def cut(clean_text: CleanText, start: int, end: int) -> CleanText:
    """Characters ``start`` to ``end`` of a clean text, with their own ranges in the page."""
    return next(cut_all(clean_text, [(start, end)]))


def cut_all(clean_text: CleanText, ranges: Sequence[Span]) -> Iterator[CleanText]:
    """Each of these increasing ranges of a clean text, in one walk over its spans."""
    spans, index, before = clean_text.spans, 0, 0
    for start, end in ranges:
        while index < len(spans) and before + _length(spans[index]) <= start:
            before += _length(spans[index])
            index += 1
        text = clean_text.text[start:end]
        yield CleanText(text, tuple(_overlaps(spans, index, before, (start, end))))


def _overlaps(spans: Sequence[Span], index: int, before: int, wanted: Span) -> Iterator[Span]:
    """The parts of the spans from ``index`` on that hold the wanted characters."""
    start, end = wanted
    while index < len(spans) and before < end:
        first, last = spans[index]
        length = last - first
        if start < end and before + length > start:
            yield first + max(0, start - before), first + min(length, end - before)
        before += length
        index += 1


def _kept(raw: str, span: Span, setting: Setting) -> Iterator[Span]:
    """The ranges of one raw range that survive cleaning; two of them may touch."""
    at, end = span
    if at < end and _SEAM.search(raw, at, end) is None:
        yield span
        return
    for gap in _gaps(raw, at, end):
        parts = span[0] < gap[0] and gap[1] < end and _parts_words(raw, span, gap, setting)
        separator = _separator(raw, gap) if parts else None
        if separator == gap:
            continue
        if at < gap[0]:
            yield at, gap[0]
        if separator:
            yield separator
        at = gap[1]
    if at < end:
        yield at, end


def _gaps(raw: str, start: int, end: int) -> Sequence[Span]:
    """Runs of white space, junk and marks within the range; heading marks join their run."""
    text = raw[start:end]
    marked = "*" in text or "_" in text or "<" in text or ">" in text
    runs = [m.span() for m in (_GAP if marked else _BLANK).finditer(raw, start, end)]
    if "#" not in text:
        return runs
    heads = _HEADING.finditer(raw, _line_start(raw, start), end)
    marks = [(max(start, m.start()), m.end()) for m in heads if m.end() > start]
    merged: list[Span] = []
    for first, last in sorted(marks + runs):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _line_start(raw: str, at: int) -> int:
    """Where the line begins if only blanks stand before this place, else the place."""
    start = at
    while start and raw[start - 1].isspace() and raw[start - 1] not in _LINE_ENDS:
        start -= 1
    return start if not start or raw[start - 1] in _LINE_ENDS else at


def _separator(raw: str, gap: Span) -> Span | None:
    """The one character that is kept of a gap between two words."""
    run = raw[gap[0] : gap[1]]
    if run in (" ", "\u3000"):
        return gap
    for wanted in (" ", "\u3000"):
        if wanted in run:
            return gap[0] + run.index(wanted), gap[0] + run.index(wanted) + 1
    place = next((i for i, char in enumerate(run) if char.isspace()), None)
    return None if place is None else (gap[0] + place, gap[0] + place + 1)


def _parts_words(raw: str, bounds: Span, gap: Span, setting: Setting) -> bool:
    """Whether the reader would see two words on the two sides of this gap."""
    left, right = raw[gap[0] - 1], raw[gap[1]]
    if not left.isascii() and not left.isdigit() and setting is Setting.BODY:
        return False
    run = raw[gap[0] : gap[1]]
    if left.isdigit() and right.isdigit():
        before = raw[max(bounds[0], gap[0] - 8) : gap[0]]
        after = raw[gap[1] : min(bounds[1], gap[1] + 8)]
        return not _one_number(before, after, run)
    if left.isascii() and right.isascii():
        return _parts_latin(left, right)
    broken = "\n" in run or "\r" in run
    return not broken and setting is Setting.DISPLAY and not _is_letter_spaced(raw, bounds, gap)


def _parts_latin(left: str, right: str) -> bool:
    """Whether a space between two ASCII characters parts Latin words."""
    if not right.isalnum():
        return False
    return left.isalnum() or (left in ",.;:!?)'\"" and right.isalpha())


def _one_number(before: str, after: str, gap: str) -> bool:
    """Whether digits on both sides are one number that the layout pulled apart."""
    if "\n" in gap or "\r" in gap:
        left, right = _DIGITS_BEFORE.search(before), _DIGITS_AFTER.match(after)
        return bool(left and right and len(left[1]) + len(right[1]) <= 4)
    return not before[-2:-1].isdigit() and not after[1:2].isdigit()


def _is_letter_spaced(raw: str, bounds: Span, gap: Span) -> bool:
    """Whether a lone space stands between lone characters: print set wide, not two phrases."""
    first, last = gap
    if last - first > 1:
        return False
    before = raw[max(first - 2, bounds[0]) : first - 1]
    after = raw[last + 1 : min(last + 2, bounds[1])]
    return _is_lone(raw[first - 1], before) and _is_lone(raw[last], after)


def _is_lone(char: str, beyond: str) -> bool:
    """Whether a character has no Chinese neighbour on its far side; ASCII is no letter here."""
    return not char.isascii() and _HAN_CHAR.match(beyond) is None


def _append(spans: list[Span], span: Span) -> None:
    """Add a range, merged with the last one where they touch."""
    if spans and spans[-1][1] == span[0]:
        spans[-1] = (spans[-1][0], span[1])
    else:
        spans.append(span)


def _length(span: Span) -> int:
    """How many characters a range holds."""
    return span[1] - span[0]
