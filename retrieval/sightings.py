"""Where a question's terms stand in folded text by their letters, and how well each place meets them.

All texts of a question are one string, so that a term is looked up once and not once a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.numerals import ranges_met
from retrieval.records import Numeral

Places = NDArray[np.int64]

# A name written with one wrong character is still met by the characters that are right.
_PARTIAL = 0.8
ALIKE = 0.9  # a word met by a look-alike that the archive holds: 黎海淀 for 黎海滨
# 辽源市 and 辽源 are the same place.
_KIND_OF_PLACE = "省市州县区镇乡村"
_SAME_PLACE = 0.95
_NOWHERE = 1 << 60  # behind the end of every text


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """The places of a text that meet the ``term`` of this number as well as ``worth`` says.

    ``begins`` and ``ends`` (m,) both ascend; the last of them stands behind the text.
    """

    term: int
    worth: float
    begins: Places
    ends: Places


def sightings(
    folded: str,
    terms: Sequence[str],
    *,
    listed: Sequence[bool],
    alike: Sequence[Sequence[str]] = (),
    numbers: Sequence[Numeral | None] = (),
) -> list[Sighting]:
    """Where folded text meets terms by their letters, or by what looks like them.

    ``listed`` are those of which no part will do: 通化市 is no 文化市. ``alike`` are the look-alikes
    of each, ``numbers`` the values of those that are numbers: they are met in other figures, too.
    """
    return [
        *(one for n, t in enumerate(terms) for one in _spelt(folded, n, t, whole=listed[n])),
        *(
            _seen(n, ALIKE, places, len(other))
            for n, others in enumerate(alike)
            for other in others
            if (places := _places([other], folded))
        ),
        *(_counted(folded, numbers) if any(numbers) else ()),
    ]


def by_letters(seen: Sequence[Sighting], spans: Places, n_terms: int) -> NDArray[np.float32]:
    """How well each span (n_spans, 2) of the text meets each term, 0 to 1: (n_spans, n_terms)."""
    found = np.zeros((len(spans), n_terms), dtype=np.float32)
    starts, ends = spans[:, 0], spans[:, 1]
    for one in seen:
        # The first place that a span reaches ends first: the span holds it, or none.
        held = one.ends[one.begins.searchsorted(starts)] <= ends
        column = found[:, one.term]
        column[held & (column < one.worth)] = one.worth
    return found


def _spelt(folded: str, n: int, term: str, *, whole: bool) -> Iterator[Sighting]:
    """Where the letters of the term, or most of them, stand."""
    for worth, pieces in _pieces(term, whole=whole):
        if not (places := _places(pieces, folded)):
            return
        yield _seen(n, worth, places, len(pieces[0]))


def _pieces(term: str, *, whole: bool) -> Iterator[tuple[float, list[str]]]:
    """What of a term meets it, equally long pieces at a time, and how well: the best last.

    Most of a longer term's letters, a place without its kind, the term. Where none of the pieces
    stands, none that comes after does.
    """
    size = len(term)
    for n in [] if whole or size < 3 else range(size // 2 + 1, size):
        yield _PARTIAL * (n / size), [term[i : i + n] for i in range(size - n + 1)]
    if size > 2 and term[-1] in _KIND_OF_PLACE:
        yield _SAME_PLACE, [term[:-1]]
    yield 1.0, [term]


def _places(pieces: Sequence[str], folded: str) -> list[int]:
    """Where any of the pieces stands in folded text, in order."""
    found: list[int] = []
    for piece in pieces:
        at = folded.find(piece)
        while at >= 0:
            found.append(at)
            at = folded.find(piece, at + 1)
    return sorted(found)


def _seen(n: int, worth: float, places: Sequence[int], size: int) -> Sighting:
    """Pieces of one size at these places."""
    begins = np.array([*places, _NOWHERE], dtype=np.int64)
    return Sighting(n, worth, begins, begins + size)


def _counted(folded: str, numbers: Sequence[Numeral | None]) -> Iterator[Sighting]:
    """Where numbers stand that may be those asked about; they never overlap."""
    for n, by in enumerate(ranges_met(numbers, folded)):
        if by:
            begins, ends = np.array([*by, (_NOWHERE, _NOWHERE)], dtype=np.int64).T
            yield Sighting(n, 1.0, begins, ends)
