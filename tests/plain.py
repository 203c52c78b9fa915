"""The plain forms of what the reader does for many texts at once: the oracles of its tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from retrieval.alignment import Asked, Floats, Meeting
from retrieval.numerals import meets, numerals
from retrieval.sightings import ALIKE

_KIND_OF_PLACE = "省市州县区镇乡村"
_SAME_PLACE = 0.95


class Words(Protocol):
    """An encoder that cuts a text and knows its words."""

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The words of a text with their ranges."""

    def word_vectors(self, text: str) -> tuple[Floats, Floats]:
        """Directions (n_words, dimension) and weights (n_words,) of ``words(text)``."""


def letters(term: str, text: str) -> float:
    """1 where the text holds the term; less where it holds most of a longer term's letters."""
    if term in text:
        return 1.0
    if len(term) > 2 and term[-1] in _KIND_OF_PLACE and term[:-1] in text:
        return _SAME_PLACE
    share = longest(term, text) / len(term)
    return 0.8 * share if len(term) > 2 and share > 0.5 else 0.0


def longest(term: str, text: str) -> int:
    """How many neighbouring letters of the term stand in the text, at the most."""
    sizes = range(len(term), 0, -1)
    return next(
        (n for n in sizes if any(term[i : i + n] in text for i in range(len(term) - n + 1))), 0
    )


def meet(asked: Asked, encoder: Words, text: str, spans: Sequence[tuple[int, int]]) -> Meeting:
    """How each span of a folded text meets each term, a span and a term at a time."""
    words, vectors = encoder.words(text), encoder.word_vectors(text)[0]
    cosines = np.full((len(spans), len(asked.terms)), -1, dtype=np.float32)
    written = np.zeros_like(cosines)
    for i, (start, end) in enumerate(spans):
        inside = [n for n, (_, a, b) in enumerate(words) if a < end and b > start]
        within = [n for n in numerals(text) if start <= n.start and n.end <= end]
        for t, term in enumerate(asked.terms):
            if inside:
                cosines[i, t] = max(float(asked.vectors[t] @ vectors[n]) for n in inside)
            found = letters(term, text[start:end])
            if asked.listed[t] and found < _SAME_PLACE:
                found = 0.0
            if asked.alike and any(other in text[start:end] for other in asked.alike[t]):
                found = max(found, ALIKE)
            number = asked.numbers[t] if asked.numbers else None
            if number and any(meets(number, other) for other in within):
                found = 1.0
            written[i, t] = found
    return Meeting(cosines, written)


def likeness(
    vector: Floats, encoder: Words, text: str, spans: Sequence[tuple[int, int]]
) -> list[float]:
    """The cosine of ``vector`` and each span's pooled words, at least 0."""
    words, (vectors, weights) = encoder.words(text), encoder.word_vectors(text)
    found = []
    for start, end in spans:
        inside = [n for n, (_, a, b) in enumerate(words) if a < end and b > start]
        pooled = sum((vectors[n] * weights[n] for n in inside), start=np.zeros(len(vector)))
        length = float(np.linalg.norm(pooled))
        found.append(max(float(pooled @ vector) / length, 0.0) if length > 1e-4 else 0.0)
    return found
