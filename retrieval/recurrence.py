"""Word recurrence: a headline's words recur in its story, and stories share few with each other.

Words are pairs of neighbouring Chinese characters, near enough. All of a page's paragraphs are laid
end to end; a place in them is an offset of that text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

COHESION_CHARS = 300  # on each side of a place that are compared
HEADLINE_CHARS = 600  # of a story that a headline is compared with; the lede is among them
_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF
_OFFSET_BITS = 24  # a page is shorter than 16 M characters


class Words:
    """The words of a text, in order of word and place."""

    def __init__(self, text: str) -> None:
        codes, self.places = _pairs(text)
        order = np.argsort(codes, kind="stable")
        self.length = len(text)
        self._codes, self._sorted = codes[order], self.places[order]
        self._keys = (self._codes << _OFFSET_BITS) | self._sorted
        self._rarity_sorted = self._rarity_of(self._codes)
        rarity = np.zeros(self.length + 1)
        rarity[self._sorted + 1] = self._rarity_sorted
        self._mass = np.cumsum(rarity)

    def cohesion(self, places: Places) -> Floats:
        """The share of words, by rarity, that the text around each place has on both sides.

        TextTiling's block comparison (Hearst 1997) with rarity for frequency: what crosses a place
        is a word that was read at most ``COHESION_CHARS`` before.
        """
        same = self._codes[1:] == self._codes[:-1]
        near = same & (np.diff(self._sorted) <= COHESION_CHARS)
        change = np.zeros(self.length + 2)
        np.add.at(change, self._sorted[:-1][near] + 1, self._rarity_sorted[1:][near])
        np.subtract.at(change, self._sorted[1:][near] + 1, self._rarity_sorted[1:][near])
        crossing = np.cumsum(change)[places]
        left = self._mass[places] - self._mass[np.maximum(0, places - COHESION_CHARS)]
        right = self._mass[np.minimum(self.length, places + COHESION_CHARS)] - self._mass[places]
        shares: Floats = crossing / (np.minimum(left, right) + 1e-9)
        return shares * (np.minimum(left, right) > 0)

    def recurrence(self, lines: Sequence[str], starts: Places, ends: Places) -> Floats:
        """For each short line, the share of its words, by rarity, that stand in a stretch."""
        pairs = [_pairs(line)[0] for line in lines]
        owner = np.repeat(np.arange(len(lines)), [len(p) for p in pairs])
        if not len(owner):
            return np.zeros(len(lines))
        codes = np.concatenate(pairs)
        first = np.searchsorted(self._keys, (codes << _OFFSET_BITS) | starts[owner])
        last = np.searchsorted(self._keys, (codes << _OFFSET_BITS) | ends[owner])
        rarity = self._rarity_of(codes)
        total = np.bincount(owner, rarity, len(lines))
        shared = np.bincount(owner, rarity * (last > first), len(lines))
        shares: Floats = shared / np.maximum(total, 1e-9)
        return shares

    def _rarity_of(self, codes: Places) -> Floats:
        """How much each word says: the fewer times the text has it, the more."""
        low = np.searchsorted(self._codes, codes, "left")
        count = np.searchsorted(self._codes, codes, "right") - low
        rarity: Floats = np.log1p(50 / np.maximum(count, 1))
        return rarity


def _pairs(text: str) -> tuple[Places, Places]:
    """The pairs of neighbouring Chinese characters as numbers, and where each begins."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    han = (points >= _FIRST_HAN) & (points <= _LAST_HAN)
    places = np.flatnonzero(han[:-1] & han[1:])
    return (points[places] << 16) | points[places + 1], places
