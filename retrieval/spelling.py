"""Terms of many texts at once, each text's in one string with blanks between: what an index is fed.

They are the terms of ``tokens``, which has them one by one. Of 1,024 passages together the bigrams
take a twelfth of the time (an array of code points instead of a string a pair), the rest a half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.tokens import Segmenter, numbers, says

_Points = NDArray[np.uint32]

_BETWEEN = "\x1e"  # no word of any dictionary holds it
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
_BLANK, _LINE = ord(" "), ord("\n")
_POINT_BITS = 21  # of a code point


@dataclass(frozen=True, slots=True)
class Spelt:
    """Terms in one string, with one blank or more between two, and how many there are."""

    text: str = ""
    count: int = 0

    @classmethod
    def of(cls, terms: Sequence[str]) -> Spelt:
        """These terms."""
        return cls(" ".join(terms), len(terms))

    def plus(self, other: Spelt) -> Spelt:
        """The terms of both."""
        return Spelt(f"{self.text} {other.text}", self.count + other.count)


def spell_words(folded: Sequence[str], segmenter: Segmenter) -> list[Spelt]:
    """The words of each folded text, as ``Segmenter.terms`` has them."""
    if not folded:
        return []
    joined = _BETWEEN.join([text.replace(_BETWEEN, " ") for text in folded])
    pieces = segmenter.cut(joined)
    mute = {piece for piece in set(pieces) if not says(piece)} - {_BETWEEN}
    # Each text is " word word ": one blank more than words.
    texts = " ".join(["", *(w for w in pieces if w not in mute), ""]).split(_BETWEEN)
    words = [Spelt(text, text.count(" ") - 1) for text in texts]
    found = map(numbers, folded)
    return [w.plus(Spelt.of(n)) if n else w for w, n in zip(words, found, strict=True)]


def spell_bigrams(folded: Sequence[str]) -> list[Spelt]:
    """The bigrams of each folded text, as ``tokens.bigrams`` has them."""
    points = _points(folded)
    han = np.zeros(len(points), dtype=bool)
    for first, last in _HAN:
        han |= (points >= first) & (points <= last)
    at = np.flatnonzero(han[:-1] & han[1:])
    ends = np.cumsum([len(text) + 1 for text in folded])
    return _cut(_written(points[at], points[at + 1]), np.searchsorted(at, ends))


def spell_pairs(groups: Sequence[Sequence[str]]) -> list[Spelt]:
    """The neighbouring characters of each group of bare lines, each once, by code point."""
    lines = [line for group in groups for line in group]
    chars = np.array([len(line) + 1 for line in lines], dtype=np.int64)
    of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    points = _points(lines).astype(np.int64)
    at = np.flatnonzero((points[:-1] != _LINE) & (points[1:] != _LINE))
    group = np.repeat(of, chars)[at] << 2 * _POINT_BITS
    once = np.unique(group | points[at] << _POINT_BITS | points[at + 1])
    low = (1 << _POINT_BITS) - 1
    text = _written(once >> _POINT_BITS & low, once & low)
    ends = np.arange(1, len(groups) + 1, dtype=np.int64) << 2 * _POINT_BITS
    return _cut(text, np.searchsorted(once, ends))


def pair_codes(pairs: Sequence[str]) -> NDArray[np.uint32]:
    """A number for each pair of Han, in their order; (n_pairs,)."""
    points = np.frombuffer("".join(pairs).encode("utf-32-le"), dtype="<u4").reshape(-1, 2)
    codes: NDArray[np.uint32] = points[:, 0] << 16 | points[:, 1]
    return codes


def _points(texts: Sequence[str]) -> _Points:
    """The code points of all texts, a line end between two and after the last."""
    data = "\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(data, dtype="<u4")


def _written(first: NDArray[np.integer], second: NDArray[np.integer]) -> str:
    """Every pair of characters with a blank behind it: three characters a pair."""
    out = np.full((len(first), 3), _BLANK, dtype="<u4")
    out[:, 0], out[:, 1] = first, second
    return out.tobytes().decode("utf-32-le", "surrogatepass")


def _cut(pairs: str, ends: NDArray[np.integer]) -> list[Spelt]:
    """The pairs of each text, which end at these."""
    stops: list[int] = ends.tolist()
    return [Spelt(pairs[3 * a : 3 * b], b - a) for a, b in zip([0, *stops], stops, strict=False)]
