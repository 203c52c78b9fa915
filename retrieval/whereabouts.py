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
from retrieval.records import Article, CleanText, Part

# A copy with one character in eight wrong is still a copy; below that, sentences of the same
# form about different things begin to match.
_NEARLY = 0.85
_CLAUSE = re.compile(r"[^,，。！？!?;；:：…—\n]+")
_MIN_CLAUSE_CHARS = 5
_CANDIDATES = 20


class Standing(StrEnum):
    """How a quote stands in the archive."""

    EXACT = "exact"
    NEARLY = "nearly"
    STITCHED = "stitched"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of the quote stands: the archive's own words and how alike they are."""

    piece: str
    article: Article
    clean: CleanText
    ratio: float  # 1: the same


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of a quote. ``missing`` are the clauses that stand nowhere."""

    standing: Standing
    places: tuple[Place, ...]
    missing: tuple[str, ...] = ()


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
    for article, clean in _parts(articles) if wanted else ():
        text, where = bare(clean.text)
        start = text.find(wanted)
        if start >= 0:
            end = where[start + len(wanted) - 1] + 1
            yield Place(piece, article, cut(clean, where[start], end), 1.0)


def _nearly(piece: str, articles: Sequence[Article]) -> Iterator[Place]:
    """The stretch of each part that is most like the piece."""
    wanted, _ = bare(piece)
    for article, clean in _parts(articles) if wanted else ():
        text, where = bare(clean.text)
        if not text:
            continue
        start = _anchor(wanted, text)
        stretch = text[start : start + len(wanted)]
        ratio = SequenceMatcher(None, wanted, stretch, autojunk=False).ratio()
        end = where[min(start + len(wanted), len(text)) - 1] + 1
        yield Place(piece, article, cut(clean, where[start], end), ratio)


def _anchor(wanted: str, text: str) -> int:
    """Where the stretch of ``text`` begins that lines up with their longest common block."""
    block = SequenceMatcher(None, wanted, text, autojunk=False).find_longest_match()
    return min(max(block.b - block.a, 0), max(len(text) - 1, 0))


def _parts(articles: Iterable[Article]) -> Iterator[tuple[Article, CleanText]]:
    for article in articles:
        for part in Part:
            yield article, part_text(article, part)


def _first(places: Iterator[Place]) -> Place | None:
    return next(places, None)
