"""How well the words of a question are met by a text: late interaction over word vectors.

Each word of the question looks for itself in the text, letter for letter, then for its nearest
word by the static token vectors; words weigh by their rarity. Source of the idea: Khattab and
Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
BERT, SIGIR 2020; here the vectors are static and cost a table look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# A cosine of NEAR counts nothing, one of SAME counts SYNONYM; between them it rises linearly.
_NEAR, _SAME, _SYNONYM = 0.40, 0.85, 0.85
# A name written with one wrong character is still met by the characters that are right.
_PARTIAL = 0.8


class WordEncoder(Protocol):
    """What alignment needs of an encoder: the words of a text, and their vectors."""

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The words of a text with their ranges."""

    def word_vectors(self, text: str) -> tuple[Floats, Floats]:
        """Directions (n_words, dimension) and weights (n_words,) of ``words(text)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question ready to be aligned: ``weights`` (n,) sum to 1, ``vectors`` (n, dimension)."""

    terms: tuple[str, ...]
    weights: Floats
    vectors: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Folded text ready to be aligned: its words' ranges (m, 2) and vectors (m, dimension)."""

    folded: str
    ranges: NDArray[np.int64]
    vectors: Floats


class Aligner:
    """Aligns questions and texts by one table of word vectors."""

    def __init__(self, encoder: WordEncoder, rarity: Callable[[str], float]) -> None:
        self._encoder = encoder
        self._rarity = rarity

    def asked(self, terms: Sequence[str]) -> Asked:
        """The terms of a question, weighted by rarity."""
        weights = np.array([self._rarity(term) for term in terms], dtype=np.float32)
        vectors = np.stack([self._pooled(term) for term in terms])
        return Asked(tuple(terms), weights / max(float(weights.sum()), 1e-9), vectors)

    def text(self, folded: str) -> Text:
        """Folded text with its words' vectors."""
        ranges = np.array([(a, b) for _, a, b in self._encoder.words(folded)], dtype=np.int64)
        vectors, _ = self._encoder.word_vectors(folded)
        return Text(folded, ranges.reshape(-1, 2), vectors)

    def _pooled(self, term: str) -> Floats:
        """The direction of a term that may be several words of the table, shape (dimension,)."""
        vectors, weights = self._encoder.word_vectors(term)
        pooled = (vectors * weights[:, np.newaxis]).sum(axis=0)
        length = float(np.linalg.norm(pooled))
        result: Floats = pooled / length if length > 0 else pooled
        return result


def met(asked: Asked, text: Text, spans: Sequence[tuple[int, int]]) -> Floats:
    """How well each term is met within each span of the text, shape (n_spans, n_terms), 0 to 1."""
    near = _nearness(asked.vectors @ text.vectors.T)
    out = np.zeros((len(spans), len(asked.terms)), dtype=np.float32)
    for i, (start, end) in enumerate(spans):
        inside = (text.ranges[:, 0] < end) & (text.ranges[:, 1] > start)
        if inside.any():
            out[i] = near[:, inside].max(axis=1)
        piece = text.folded[start:end]
        out[i] = np.maximum(out[i], [letters(term, piece) for term in asked.terms])
    return out


def letters(term: str, text: str) -> float:
    """1 where the text holds the term; less where it holds most of a longer term's letters."""
    if term in text:
        return 1.0
    if len(term) < 3:
        return 0.0
    longest = next((n for n in range(len(term) - 1, 1, -1) if _holds(term, text, n)), 0)
    share = longest / len(term)
    return _PARTIAL * share if share > 0.5 else 0.0


def _holds(term: str, text: str, n: int) -> bool:
    """Whether any ``n`` neighbouring letters of the term stand in the text."""
    return any(term[i : i + n] in text for i in range(len(term) - n + 1))


def _nearness(cosines: Floats) -> Floats:
    """Cosines on the scale of ``met``."""
    scaled: Floats = np.clip((cosines - _NEAR) / (_SAME - _NEAR), 0, 1) * _SYNONYM
    return scaled
