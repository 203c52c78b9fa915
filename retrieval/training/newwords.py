"""New words of an archive: what the model cuts into pieces, though the pieces belong together.

Source: the usual unsupervised measures of Chinese word discovery. A word holds together (pointwise
mutual information of its weakest cut; Sproat & Shih 1990) and stands free (entropy of what stands
before and after it, the accessor variety of Feng et al. 2004, weighed). Both are taken over the
pieces that the model cuts, so that what is found is what the model has no row for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.cutters import LongestWords
from retrieval.training.store import Ints

MIN_CHARS, MAX_CHARS = 2, 8
MIN_COUNT = 3
# Of 40 random candidates each in 2,800 national reports of 2013: below 7 bits 2 are words, from 7 to
# 9 about 10, from 9 on about 20, mostly names (李保东, 察隅县, 住建部); the rest are set phrases.
MIN_BITS = 9.0
MIN_ENTROPY = 1.0  # nats: three different neighbours, seen once each, have 1.1
# A run of Han characters; what follows a figure is its measure (3 亿|千瓦), not the start of a word.
_HAN = re.compile(r"(?<![0-9])[㐀-䶿一-鿿]+")
# What joins words and stands in no name, but perhaps at its start (和龙市).
_JOINTS = frozenset("的了着在是和与及等")


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word with how often it stands there, its weakest cut in bits, its lower entropy in nats."""

    text: str
    count: int
    bits: float
    entropy: float


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Pieces in reading order: ``rows`` (n,), ``runs`` (n,) the Han run of each, ``ends`` (n,)."""

    rows: Ints
    runs: Ints
    ends: Ints  # characters of all runs up to and with this piece
    chars: str  # all runs, one after another

    def text(self, first: int, n: int) -> str:
        """What ``n`` pieces from ``first`` on spell."""
        start = int(self.ends[first - 1]) if first else 0
        return self.chars[start : int(self.ends[first + n - 1])]


def find_words(cutter: LongestWords, folded: Iterable[str], *, most: int) -> list[NewWord]:
    """The at most ``most`` new words of folded texts, the most frequent first.

    1. cut runs of Han characters into pieces; 2. number the sequences of two, three … pieces that
    come often enough; 3. measure how they hold together and stand free; 4. keep words.

    A sequence of whole words (人民 医院) is served by the rows it has; one piece at least must be a
    single character, as in names and places that the model does not know.
    """
    pieces = _cut(cutter, folded)  # 1
    found = list(_measured(pieces))  # 2, 3, 4
    return sorted(found, key=lambda w: (-w.count, w.text))[:most]


def _cut(cutter: LongestWords, folded: Iterable[str]) -> _Pieces:
    """The pieces of all Han runs; a run with a character that has no row is passed over."""
    rows: list[int] = []
    runs: list[int] = []
    ends: list[int] = []
    kept: list[str] = []
    length = 0
    for number, run in enumerate(r for text in folded for r in _HAN.findall(text)):
        found, spans = cutter.words(run)
        if sum(end - start for start, end in spans) == len(run):
            rows += found
            runs += [number] * len(found)
            ends += [length + end for _, end in spans]
            kept.append(run)
            length += len(run)
    return _Pieces(
        np.array(rows, np.int64), np.array(runs, np.int64), np.array(ends, np.int64), "".join(kept)
    )


def _measured(pieces: _Pieces) -> Iterator[NewWord]:
    """Every candidate with its measures, shorter ones first."""
    levels = [_Level.of_pieces(pieces)]
    while len(levels) < MAX_CHARS and len(levels[-1].counts):
        levels.append(levels[-1].longer(pieces))
        yield from _candidates(pieces, levels)


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The sequences of ``n`` pieces that come often enough.

    ``number``: (n_pieces,) of the one that begins at each piece, -1 where none does; ``counts``,
    ``first``: (n_sequences,) how often they stand there, and where first.
    """

    n: int
    number: Ints
    counts: Ints
    first: Ints

    @classmethod
    def of_pieces(cls, pieces: _Pieces) -> _Level:
        """The single pieces."""
        return cls._numbered(1, pieces.rows, np.arange(len(pieces.rows)), len(pieces.rows))

    def longer(self, pieces: _Pieces) -> _Level:
        """The sequences of one piece more, of which both ends are frequent."""
        at = np.flatnonzero((self.number[:-1] >= 0) & (self.number[1:] >= 0))
        at = at[at + self.n < len(pieces.rows)]
        at = at[pieces.runs[at] == pieces.runs[at + self.n]]
        start = np.where(at > 0, pieces.ends[at - 1], 0)
        at = at[pieces.ends[at + self.n] - start <= MAX_CHARS]
        keys = self.number[at] * max(len(self.counts), 1) + self.number[at + 1]
        return self._numbered(self.n + 1, keys, at, len(pieces.rows))

    @classmethod
    def _numbered(cls, n: int, keys: Ints, at: Ints, n_pieces: int) -> _Level:
        """The sequences with these ``keys`` at the pieces ``at``, rare ones dropped."""
        _, first, inverse, counts = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        often = counts >= MIN_COUNT
        renumbered = np.where(often, np.cumsum(often) - 1, -1)
        number = np.full(n_pieces, -1, dtype=np.int64)
        number[at] = renumbered[inverse]
        return cls(n, number, counts[often].astype(np.int64), at[first[often]])


def _candidates(pieces: _Pieces, levels: Sequence[_Level]) -> Iterator[NewWord]:
    """The sequences of the last level that are words by all measures."""
    level = levels[-1]
    bits = _weakest_cut(levels, len(pieces.rows))
    firm = bits >= MIN_BITS
    at = np.flatnonzero((level.number >= 0) & np.append(firm, [False])[level.number])
    entropy = np.minimum(
        _entropy(pieces, level, at - 1, at=at), _entropy(pieces, level, at + level.n, at=at)
    )
    for i in np.flatnonzero(firm & (entropy >= MIN_ENTROPY)):
        first = int(level.first[i])
        if _may_be_word([pieces.text(first + k, 1) for k in range(level.n)]):
            text = pieces.text(first, level.n)
            yield NewWord(text, int(level.counts[i]), float(bits[i]), float(entropy[i]))


def _may_be_word(spelt: Sequence[str]) -> bool:
    """Whether one piece is a single character, and none joins words."""
    return any(len(piece) == 1 for piece in spelt) and not _JOINTS & set(spelt[1:])


def _weakest_cut(levels: Sequence[_Level], total: int) -> NDArray[np.float64]:
    """log2 of p(whole) over p(left) p(right), the least over all ways to cut in two."""
    last = levels[-1]
    weakest = np.full(len(last.counts), np.inf)
    for n in range(1, last.n):
        left, right = levels[n - 1], levels[last.n - n - 1]
        a = left.counts[left.number[last.first]]
        b = right.counts[right.number[last.first + n]]
        weakest = np.minimum(weakest, np.log2(last.counts * total / (a * b)))
    return weakest


def _entropy(pieces: _Pieces, level: _Level, beside: Ints, *, at: Ints) -> NDArray[np.float64]:
    """The entropy of the pieces ``beside`` the sequences that begin ``at``, in nats.

    The edge of a run, such as a comma, is each time a neighbour of its own: nothing parts words as
    surely.
    """
    place = np.clip(beside, 0, max(len(pieces.rows) - 1, 0))
    inside = (place == beside) & (pieces.runs[place] == pieces.runs[at])
    n_rows = int(pieces.rows.max(initial=0)) + 1
    neighbour = np.where(inside, pieces.rows[place], n_rows + np.arange(len(at)))
    keys = level.number[at] * (n_rows + len(at)) + neighbour
    _, one, counts = np.unique(keys, return_index=True, return_counts=True)
    whole = level.number[at[one]]
    share = counts / level.counts[whole]
    weights = -share * np.log(share)
    return np.bincount(whole, weights, minlength=len(level.counts)).astype(np.float64)
