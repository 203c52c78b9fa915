"""Excerpts: the surroundings of a quote and whole articles, in pieces that a quote may hold.

Pieces are named by their citation codes; whoever shows one has it proven like any other quote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.catalogue import Catalogue, cite, cited, code_range, part_text
from retrieval.passages import sentences, within
from retrieval.records import MAX_QUOTE_CHARS, Article, Part, Span

# How much more each request for details shows: some five sentences of a report, which fit beside
# the quote in one message and on one screen.
_CONTEXT_CHARS = 400


def around(catalogue: Catalogue, codes: Sequence[str]) -> list[str]:
    """The codes of the pieces around what ``codes`` cite, in reading order.

    What the codes cite of the body of the first one's article is taken from the first to the last
    of them; a headline's surroundings are the beginning of its report. Where there is nothing
    around, the pieces hold what was cited and no more.

    Raises:
        NotFoundError: the archive does not hold one of the codes.
    """
    found = [cited(catalogue, code) for code in codes]
    article = found[0][0]
    if not article.body.text:
        return whole([article])
    spans = [(a, a + n) for one, part, a, n in found if (one.id, part) == (article.id, Part.BODY)]
    start, end = min((a for a, _ in spans), default=0), max((b for _, b in spans), default=0)
    text = article.body.text
    return _codes(article, Part.BODY, pieces(text, window(text, (start, end))))


def whole(story: Sequence[Article]) -> list[str]:
    """The codes of the pieces of a whole story, headlines included, in reading order."""
    return [
        code
        for article in story
        for part in (Part.HEADLINE, Part.BODY)
        for text in [part_text(article, part).text]
        for code in _codes(article, part, pieces(text, (0, len(text))))
    ]


def overlap(code: str, other: str) -> Span | None:
    """The range within what ``code`` cites that ``other`` cites, too, if there is any."""
    (part, start, end), (of, first, last) = code_range(code), code_range(other)
    common = max(start, first) - start, min(end, last) - start
    return common if part == of and common[0] < common[1] else None


def window(text: str, span: Span, *, chars: int = _CONTEXT_CHARS) -> Span:
    """The range grown by whole sentences on both sides, by at most ``chars`` if any fits.

    At least the nearest sentence is taken, however long.
    """
    start, end = span
    bounds = sentences(text)
    before = [s for s in bounds if s[0] < start][::-1]
    after = [s for s in bounds if s[1] > end]
    room = chars
    while (before or after) and room > 0:
        for side in (after, before):
            if not side or (side[0][1] - side[0][0] > room and room < chars):
                side.clear()
                continue
            first, last = side.pop(0)
            grown = min(start, first), max(end, last)
            room -= (grown[1] - grown[0]) - (end - start)
            start, end = grown
    return start, end


def pieces(text: str, span: Span, *, max_chars: int = MAX_QUOTE_CHARS) -> list[Span]:
    """The ranges of the pieces, whole sentences as far as they fit, without blanks at their ends."""
    found: list[Span] = []
    for sentence in sentences(text):
        first, last = max(sentence[0], span[0]), min(sentence[1], span[1])
        for a, b in within(text, (first, last), max_chars) if first < last else ():
            if found and b - found[-1][0] <= max_chars:
                found[-1] = found[-1][0], b
            else:
                found.append((a, b))
    return [trimmed for piece in found for trimmed in _trimmed(text, piece)]


def _codes(article: Article, part: Part, spans: Sequence[Span]) -> list[str]:
    return [cite(article, part, start=a, length=b - a) for a, b in spans]


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    """The range without blanks at its ends, if anything is left."""
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    end = span[1] - len(piece) + len(piece.rstrip())
    if start < end:
        yield start, end
