"""Where a quote from elsewhere stands in the archive: word for word, nearly, stitched, nowhere.

White space, width, case and Traditional forms are passed over, since who copies a sentence
changes them; every other character counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from retrieval.catalogue import part_text
from retrieval.cleaning import cut
from retrieval.folding import bare
from retrieval.records import Article, CleanText, Part, Span

# A copy with one character in eight wrong is still a copy; below that, sentences of the same
# form about different things begin to match.
_NEARLY = 0.85
_CLAUSE = re.compile(r"[^,，。！？!?;；:：…—\n]+")
_MIN_CLAUSE_CHARS = 5
_CANDIDATES = 20
_EDGES = 3  # shared blocks at either end that may be there by chance


class Standing(StrEnum):
    """How a quote stands in the archive."""

    EXACT = "exact"
    NEARLY = "nearly"
    STITCHED = "stitched"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of the quote stands: the archive's own words and how alike they are.

    ``start`` is where they begin in the part's clean text.
    """

    piece: str
    article: Article
    clean: CleanText
    ratio: float  # 1: the same
    part: Part
    start: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of a quote. ``missing`` are the clauses that stand nowhere."""

    standing: Standing
    places: tuple[Place, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What a copy says in place of the archive's words; ``""`` where one of them says nothing.

    ``span`` is where the archive's words stand in the text that was compared.
    """

    copied: str
    printed: str
    span: Span


Near = Callable[[str, int], list[Article]]  # the articles most like a text, best first


def locate(quote: str, near: Near) -> Whereabouts:
    """Where ``quote`` stands: first as it is, then nearly, then clause by clause."""
    articles = near(quote, _CANDIDATES)
    if place := _first(_exactly(quote, articles)):
        return Whereabouts(Standing.EXACT, (place,))
    alike = max(_nearly(quote, articles), key=lambda p: p.ratio, default=None)
    if alike and alike.ratio >= _NEARLY:
        return Whereabouts(Standing.NEARLY, (alike,))
    places, missing = _clauses(quote, near)
    if places and (len(places) + len(missing) > 1):
        return Whereabouts(Standing.STITCHED, tuple(places), tuple(missing))
    return Whereabouts(Standing.NOWHERE, (), (quote,))


def differences(copied: str, printed: str) -> list[Difference]:
    """Where a copy differs from what is printed, in reading order; spaces and width do not count."""
    (one, here), (other, there) = bare(copied), bare(printed)
    changes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    spans = [
        (_around(here, (a, b)), _around(there, (c, d)))
        for tag, a, b, c, d in changes
        if tag != "equal"
    ]
    return [Difference(copied[slice(*x)], printed[slice(*y)], y) for x, y in spans]


def _around(where: Sequence[int], span: Span) -> Span:
    """The range of the text that a range of its bare characters covers; empty for an empty one."""
    start, end = span
    return (where[start], where[end - 1] + 1) if start < end else (0, 0)


def _clauses(quote: str, near: Near) -> tuple[list[Place], list[str]]:
    """The clauses of the quote that stand somewhere word for word, and those that do not."""
    places: list[Place] = []
    missing: list[str] = []
    for clause in _CLAUSE.findall(quote):
        if len(bare(clause)[0]) < _MIN_CLAUSE_CHARS:
            continue
        place = _first(_exactly(clause, near(clause, _CANDIDATES)))
        if place:
            places.append(place)
        else:
            missing.append(clause)
    return places, missing


def _exactly(piece: str, articles: Sequence[Article]) -> Iterator[Place]:
    wanted, _ = bare(piece)
    for article, part in _parts(articles) if wanted else ():
        text, where = bare(part_text(article, part).text)
        start = text.find(wanted)
        if start >= 0:
            end = where[start + len(wanted) - 1] + 1
            yield _place(piece, (article, part), (where[start], end), 1.0)


def _nearly(piece: str, articles: Sequence[Article]) -> Iterator[Place]:
    """The stretch of each part that is most like the piece, which may leave out or add words."""
    wanted, _ = bare(piece)
    spare = len(wanted) - int(_NEARLY * len(wanted))
    for article, part in _parts(articles) if wanted else ():
        text, where = bare(part_text(article, part).text)
        if not text:
            continue
        at = _anchor(wanted, text)
        first = max(at - spare, 0)
        window = text[first : at + len(wanted) + spare]
        (start, end), ratio = _stretch(wanted, window)
        if start < end:
            span = where[first + start], where[first + end - 1] + 1
            yield _place(piece, (article, part), span, ratio)


def _stretch(wanted: str, window: str) -> tuple[Span, float]:
    """The range of the window that is most like what is wanted, and how alike they are, 0 to 1.

    It begins and ends with something they share; a character or two that they share by chance
    farther out are left out.
    """
    same = SequenceMatcher(None, wanted, window, autojunk=False).get_matching_blocks()
    blocks = [block for block in same if block.size]
    best: tuple[Span, float] = (0, 0), 0.0
    for i in range(min(len(blocks), _EDGES)):
        for j in range(max(len(blocks) - _EDGES, i), len(blocks)):
            span = blocks[i].b, blocks[j].b + blocks[j].size
            shared = sum(block.size for block in blocks[i : j + 1])
            ratio = 2 * shared / (len(wanted) + span[1] - span[0])
            best = max(best, (span, ratio), key=lambda one: one[1])
    return best


def _place(piece: str, of: tuple[Article, Part], span: Span, ratio: float) -> Place:
    clean = cut(part_text(*of), *span)
    return Place(piece, of[0], clean, ratio, of[1], span[0])


def _anchor(wanted: str, text: str) -> int:
    """Where the stretch of ``text`` begins that lines up with their longest common block."""
    block = SequenceMatcher(None, wanted, text, autojunk=False).find_longest_match()
    return min(max(block.b - block.a, 0), max(len(text) - 1, 0))


def _parts(articles: Iterable[Article]) -> Iterator[tuple[Article, Part]]:
    for article in articles:
        for part in Part:
            yield article, part


def _first(places: Iterator[Place]) -> Place | None:
    return next(places, None)
