"""Passages: what is found and quoted, whole sentences of one article's headline or body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.cleaning import cut_all
from retrieval.records import Article, CleanText, Part, Passage, Span
from retrieval.settings import PassageSettings, Settings

_CLOSE = r"”’」』】）〉》〕\)\]"
_SENTENCE = re.compile(
    rf"""(?P<stop>(?:[。！？!?；;]+|…{{2,}})[{_CLOSE}]*)(?P<quote>["'][{_CLOSE}]*)?[^\S\r\n]*(?:[\r\n]\s*)?"""
    r"|[\r\n]\s*"
)
_MARK = re.compile(r"[。！？!?；;…\r\n]")
_CLAUSE = re.compile(rf"[、，,：:；;][{_CLOSE}\"']*")
# Two characters before a cut and two after it: the cut would part a number or a Latin word.
_INSIDE = re.compile(r".[0-9A-Za-z][0-9A-Za-z%].?|\d[.,，]\d.?|.\d[.,，]\d", re.DOTALL)


def split_article(article: Article, settings: Settings) -> tuple[Passage, ...]:
    """The article's passages: the headline's, then the body's; each part is tiled exactly."""
    limits = settings.passages
    parts = [(Part.HEADLINE, article.headline), (Part.BODY, article.body)]
    tiles = [(part, text, tile) for part, text in parts for tile in _tiles(part, text, limits)]
    cuts = [
        cut
        for part, text in parts
        for cut in cut_all(text, [tile for of, _, tile in tiles if of is part])
    ]
    return tuple(
        Passage(f"{article.id}/p{n}", article.id, part, tile[0], cut)
        for n, ((part, _, tile), cut) in enumerate(zip(tiles, cuts, strict=True), 1)
    )


def sentences(text: str) -> list[Span]:
    """The ranges of the sentences, which tile the text; a line end also ends one.

    A straight quotation mark after a full stop closes if it is the second of its pair in its
    line, and otherwise opens the next sentence.
    """
    ends: list[int] = []
    quotes = counted = 0
    for match in _ends(text):
        end = match.end()
        quotes += text.count('"', counted, match.start())
        counted = match.start()
        if match["quote"] and quotes % 2 == 0:
            end = match.end("stop")
        if "\n" in match[0] or "\r" in match[0]:
            quotes, counted = 0, match.end()
        ends.append(end)
    if text and (not ends or ends[-1] < len(text)):
        ends.append(len(text))
    return list(zip([0, *ends], ends, strict=False))


def _ends(text: str) -> Iterator[re.Match[str]]:
    """All that ``_SENTENCE`` finds, looked for only where it may begin: in a third of the time."""
    done = 0
    for mark in _MARK.finditer(text):
        if mark.start() >= done and (match := _SENTENCE.match(text, mark.start())):
            done = match.end()
            yield match


def _tiles(part: Part, clean: CleanText, limits: PassageSettings) -> list[Span]:
    """The ranges of a part's passages: as near the target as whole sentences come."""
    if not clean.text:
        return []
    if part is Part.HEADLINE and len(clean.text) <= limits.max_chars:
        return [(0, len(clean.text))]
    tiles: list[Span] = []
    start = 0
    pieces = [p for s in sentences(clean.text) for p in within(clean.text, s, limits.max_chars)]
    for _, end in _balanced(pieces, limits):
        tiles.append((start, end))
        start = end
    return tiles


def _balanced(pieces: Sequence[Span], limits: PassageSettings) -> Iterator[Span]:
    """Neighbouring pieces put together until the next one would lead past the target."""
    start, end = 0, 0
    for first, last in pieces:
        if end > start and (
            last - start > limits.max_chars or _is_enough(start, end, last, limits)
        ):
            yield start, end
            start = first
        end = last
    if end > start:
        yield start, end


def _is_enough(start: int, end: int, last: int, limits: PassageSettings) -> bool:
    """Whether the passage is nearer its target without the next piece."""
    return abs(end - start - limits.target_chars) <= abs(last - start - limits.target_chars)


def within(text: str, sentence: Span, max_chars: int) -> Iterator[Span]:
    """The ranges of a sentence cut at clauses, or else between words, if it is too long."""
    start, end = sentence
    while end - start > max_chars:
        at = _last_clause(text, start, start + max_chars)
        yield start, at
        start = at
    yield start, end


def _last_clause(text: str, start: int, limit: int) -> int:
    """Where to cut before ``limit``: after the last clause of the second half, or else a word."""
    half = (start + limit) // 2
    last = None
    for match in _CLAUSE.finditer(text, half, limit):
        digits = text[match.start() - 1].isdigit() and text[match.end() : match.end() + 1].isdigit()
        last = last if digits else match.end()
    if last is not None:
        return last
    at = limit
    while at > half and _INSIDE.fullmatch(text[at - 2 : at + 2]):
        at -= 1
    return at if at > half else limit
