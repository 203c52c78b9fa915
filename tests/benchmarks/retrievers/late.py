"""Late interaction with every passage of a collection at once.

Equal to ``alignment.met`` over each whole passage; there a passage is read at a time, here each
word of the question is held against the distinct words of the collection, and carried from those to
the passages that hold them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.alignment import Asked, Floats, nearness, shares
from retrieval.sightings import ALIKE
from retrieval.weights import shipped
from tests.plain import Words, letters


class LateInteraction:
    """The words of a collection's passages, read once and asked often."""

    def __init__(self, passages: Sequence[str], encoder: Words) -> None:
        """Read folded ``passages``."""
        self._passages = passages
        numbers: dict[str, int] = {}
        vectors: list[Floats] = []
        held: list[NDArray[np.int64]] = []
        for text in passages:
            words = [word for word, _, _ in encoder.words(text)]
            if any(word not in numbers for word in words):
                for word, vector in zip(words, encoder.word_vectors(text)[0], strict=True):
                    if numbers.setdefault(word, len(vectors)) == len(vectors):
                        vectors.append(vector)
            held.append(np.unique([numbers[word] for word in words]).astype(np.int64))
        self._vectors = np.stack(vectors)
        self._holding = _inverted(held, len(vectors))
        self._met: dict[tuple[str, bytes, tuple[str, ...]], Floats] = {}

    def scores(self, asked: Asked) -> Floats:
        """The share of the question that each passage meets, by weight, shape (n_passages,)."""
        alike = asked.alike or ((),) * len(asked.terms)
        columns = [self._meet(*one) for one in zip(asked.terms, asked.vectors, alike, strict=True)]
        total: Floats = np.stack(columns, axis=1) @ shares(asked, shipped())
        return total

    def _meet(self, term: str, vector: Floats, alike: tuple[str, ...]) -> Floats:
        """How well each passage meets a term, 0 to 1; remembered, for questions repeat words."""
        key = (term, vector.tobytes(), alike)
        if key not in self._met:
            by_letters = np.array([self._letters(term, text, alike) for text in self._passages])
            self._met[key] = np.maximum(self._near(vector), by_letters).astype(np.float16)
        return self._met[key].astype(np.float32)

    def _letters(self, term: str, text: str, alike: tuple[str, ...]) -> float:
        found = letters(term, text)
        return max(found, ALIKE) if any(other in text for other in alike) else found

    def _near(self, vector: Floats) -> Floats:
        """How near the nearest word of each passage is to a direction."""
        near = nearness(self._vectors @ vector, shipped())
        out = np.zeros(len(self._passages), dtype=np.float32)
        words = np.flatnonzero(near)
        for word in words[np.argsort(near[words])]:  # the nearest is written last and stays
            out[self._holding[word]] = near[word]
        return out


def _inverted(held: Sequence[NDArray[np.int64]], n_words: int) -> list[NDArray[np.int64]]:
    """For each word the passages that hold it."""
    words = np.concatenate(held)
    passages = np.repeat(np.arange(len(held)), [len(row) for row in held])
    order = np.argsort(words, kind="stable")
    ends = np.cumsum(np.bincount(words, minlength=n_words))
    return np.split(passages[order], ends[:-1])
