"""Text with marked ranges, as Telegram HTML that always fits and always balances.

Telegram counts a message in UTF-16 code units after its tags and entities are read, and turns
one away past 4096. It also stops reading the raw text at some 35 000 bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape as _escape
from html import unescape
from itertools import pairwise

from retrieval.records import Span

MAX_UNITS = 4000  # UTF-16 code units a message; Telegram: 4096
MAX_BYTES = 24_000  # raw UTF-8 bytes a message; tdlib cuts at 35 000
# A quote longer than some five lines of a phone is folded; three lines of it stay in sight.
_FOLDED_CHARS = 120
_SEEN_CHARS = 60
_PIECE_CHARS = 900  # characters a piece: with every one escaped and marked, 15 900 bytes


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is wholly marked or wholly plain."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Finished HTML that is never cut, and what it reads as."""

    html: str
    text: str


def units(text: str) -> int:
    """Return the length of ``text`` as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """``text`` safe to stand between tags."""
    return _escape(scalar(text), quote=False)


def scalar(text: str) -> str:
    """``text`` with halves of surrogate pairs, which no server takes, replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def plain(html: str) -> str:
    """Return HTML made here as the text it reads as."""
    return unescape(re.sub(r"</?[a-z][a-z ]*>", "", html))


def normal(highlights: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Return the same ranges within ``length``, in order, none empty, none touching another."""
    merged: list[Span] = []
    for start, end in sorted((max(0, s), min(e, length)) for s, e in highlights):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def runs(text: str, highlights: Iterable[Span]) -> tuple[Run, ...]:
    """``text`` cut where a highlight begins or ends; joined, the runs equal it."""
    spans = normal(highlights, len(text))
    cuts = sorted({0, len(text), *(edge for span in spans for edge in span)})
    starts = {start for start, _ in spans}
    return tuple(Run(text[a:b], a in starts) for a, b in pairwise(cuts))


def quote_blocks(
    text: str, highlights: Sequence[Span], *, folds: bool = False
) -> tuple[Block, ...]:
    """Return the quote as ``<blockquote>``, highlights bold; several where it is very long.

    A long one that ``folds`` is shown in part until it is tapped, if what answers begins there.
    """
    answers_at = min((start for start, _ in highlights), default=0)
    folded = folds and len(text) > _FOLDED_CHARS and answers_at <= _SEEN_CHARS
    tag = "blockquote expandable" if folded else "blockquote"
    return tuple(_quote_block(piece, tag) for piece in _pieces(runs(text, highlights)))


def text_blocks(text: str, tag: str = "") -> tuple[Block, ...]:
    """Plain text as blocks, wrapped in ``tag`` where one is named."""
    before, after = (f"<{tag}>", f"</{tag}>") if tag else ("", "")
    parts = (text[at : at + _PIECE_CHARS] for at in range(0, len(text), _PIECE_CHARS))
    return tuple(Block(before + escape(part) + after, part) for part in parts)


def pack(blocks: Sequence[Block], continued: str) -> list[str]:
    """Return the blocks, a line each, as few messages as fit; each after the first opens so."""
    messages: list[list[Block]] = []
    opening = Block(escape(continued), continued)
    for block in blocks:
        if messages and _fits([*messages[-1], block]):
            messages[-1].append(block)
        else:
            messages.append([opening, block] if messages else [block])
    return ["\n".join(block.html for block in message) for message in messages]


def _fits(blocks: Sequence[Block]) -> bool:
    size = sum(units(block.text) + 1 for block in blocks)
    raw = sum(len(block.html.encode()) + 1 for block in blocks)
    return size <= MAX_UNITS and raw <= MAX_BYTES


def _quote_block(piece: Sequence[Run], tag: str) -> Block:
    html = "".join(f"<b>{escape(r.text)}</b>" if r.marked else escape(r.text) for r in piece)
    return Block(f"<{tag}>{html}</blockquote>", "".join(run.text for run in piece))


def _pieces(all_runs: Iterable[Run]) -> Iterator[tuple[Run, ...]]:
    piece: list[Run] = []
    room = _PIECE_CHARS
    for run in all_runs:
        rest = run.text
        while rest:
            piece.append(Run(rest[:room], run.marked))
            rest, room = rest[room:], room - len(rest[:room])
            if not room:
                yield tuple(piece)
                piece, room = [], _PIECE_CHARS
    if piece:
        yield tuple(piece)
