"""How well the words of a question are met by a text: late interaction over word vectors.

Each word of the question looks for itself in the text, letter for letter, then for its nearest
word by the static token vectors; words weigh by their rarity. Source of the idea: Khattab and
Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
BERT, SIGIR 2020; here the vectors are static and cost a table look-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.numerals import meets, numerals
from retrieval.records import Numeral, Query
from retrieval.weights import Weights

Floats = NDArray[np.float32]

# A name written with one wrong character is still met by the characters that are right.
_PARTIAL = 0.8
ALIKE = 0.9  # a word met by a look-alike that the archive holds: 黎海淀 for 黎海滨
# 辽源市 and 辽源 are the same place.
_KIND_OF_PLACE = "省市州县区镇乡村"
_SAME_PLACE = 0.95
# Texts that are kept ready to be aligned, some 60 KB each: those that many questions come to.
_ALIGNED_TEXTS = 256
_READ_TEXTS = 512  # texts whose numbers are remembered: those of a question or two


class WordEncoder(Protocol):
    """What alignment needs of an encoder: the words of a text, and their vectors."""

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The words of a text with their ranges."""

    def word_vectors(self, text: str) -> tuple[Floats, Floats]:
        """Directions (n_words, dimension) and weights (n_words,) of ``words(text)``."""

    def nearest(self, directions: Floats, texts: Sequence[str]) -> Floats:
        """The cosine of each direction and the nearest word of each text, (n_texts, n)."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question ready to be aligned: ``rarities`` (n,) of its terms, ``vectors`` (n, dimension).

    ``focus`` (n,) marks what is asked of the matter, ``names`` (n,) the terms that are only looked
    for as written; their vectors are zero. ``listed`` (n,) marks those sure to be names. ``whole``
    (dimension,) is the question's own vector. ``alike`` are the look-alikes of each term that count
    for it, ``numbers`` the value of each that is a number.
    """

    terms: tuple[str, ...]
    focus: NDArray[np.bool_]
    whole: Floats
    names: NDArray[np.bool_]
    listed: NDArray[np.bool_]
    rarities: Floats
    vectors: Floats
    alike: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[Numeral | None, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Folded text ready to be aligned: ranges (m, 2), vectors (m, dimension), weights (m,)."""

    folded: str
    ranges: NDArray[np.int64]
    vectors: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """How m texts meet n terms: the best ``cosines`` (m, n) and by ``letters`` (m, n), 0 to 1."""

    cosines: Floats
    letters: Floats


class Dictionary(Protocol):
    """What alignment needs to know of words."""

    def rarity(self, word: str) -> float:
        """How telling a word is, 0 to 1."""

    def is_name(self, word: str) -> bool:
        """Whether a word is looked for as it is written."""

    def is_listed(self, word: str) -> bool:
        """Whether a word is sure to name a place or a body."""


class Aligner:
    """Aligns questions and texts by one table of word vectors."""

    def __init__(self, encoder: WordEncoder, dictionary: Dictionary) -> None:
        self._encoder = encoder
        self._dictionary = dictionary
        self.text = lru_cache(_ALIGNED_TEXTS)(partial(_aligned, encoder))

    def asked(self, query: Query) -> Asked:
        """The terms of a question, and what there is to know of each."""
        terms = query.terms
        focus = np.array([term in query.focus for term in terms])
        names = np.array([self._dictionary.is_name(term) for term in terms])
        listed = np.array([self._dictionary.is_listed(term) for term in terms])
        rarities = np.array([self._dictionary.rarity(term) for term in terms], dtype=np.float32)
        values = {number.text: number for number in query.numbers}
        vectors = np.stack([self._pooled(term) for term in terms])
        vectors[names] = 0
        whole = self._pooled(query.text)
        alike = tuple(tuple(other for word, other in query.alike if word == t) for t in terms)
        numbers = tuple(values.get(term) for term in terms)
        return Asked(terms, focus, whole, names, listed, rarities, vectors, alike, numbers)

    def meet(self, asked: Asked, texts: Sequence[str]) -> Meeting:
        """How each whole folded text meets each term: as ``meet``, for many texts at once."""
        cosines = self._encoder.nearest(asked.vectors, texts)
        written = [_by_letters(asked, text, _stated(asked, text)) for text in texts]
        return Meeting(cosines, np.array(written, dtype=np.float32).reshape(cosines.shape))

    def _pooled(self, term: str) -> Floats:
        """The direction of a term that may be several words of the table, shape (dimension,)."""
        vectors, weights = self._encoder.word_vectors(term)
        pooled = (vectors * weights[:, np.newaxis]).sum(axis=0)
        length = float(np.linalg.norm(pooled))
        result: Floats = pooled / length if length > 0 else pooled
        return result


def _aligned(encoder: WordEncoder, folded: str) -> Text:
    """Folded text with its words' vectors."""
    ranges = np.array([(a, b) for _, a, b in encoder.words(folded)], dtype=np.int64)
    vectors, weights = encoder.word_vectors(folded)
    return Text(folded, ranges.reshape(-1, 2), vectors, weights)


def shares(asked: Asked, weights: Weights) -> Floats:
    """The share of the question that each term is, by rarity, shape (n_terms,); they sum to 1.

    Names and the focus weigh more; numbers and Latin words all weigh the same.
    """
    out = asked.rarities * np.where(asked.names, weights.name, 1.0)
    numbers = asked.numbers or (None,) * len(asked.terms)
    out[[t.isascii() or n is not None for t, n in zip(asked.terms, numbers, strict=True)]] = (
        weights.ascii
    )
    out *= np.where(asked.focus, weights.focus, 1.0)
    result: Floats = (out / max(float(out.sum()), 1e-9)).astype(np.float32)
    return result


def meet(asked: Asked, text: Text, spans: Sequence[tuple[int, int]]) -> Meeting:
    """How each span of the text meets each term, (n_spans, n_terms)."""
    nearest = asked.vectors @ text.vectors.T
    cosines = np.full((len(spans), len(asked.terms)), -1, dtype=np.float32)
    written = np.zeros_like(cosines)
    stated = _stated(asked, text.folded)
    for i, (start, end) in enumerate(spans):
        inside = (text.ranges[:, 0] < end) & (text.ranges[:, 1] > start)
        if inside.any():
            cosines[i] = nearest[:, inside].max(axis=1)
        within = [n for n in stated if start <= n.start and n.end <= end]
        written[i] = _by_letters(asked, text.folded[start:end], within)
    return Meeting(cosines, written)


def met(meeting: Meeting, weights: Weights) -> Floats:
    """How well each term is met, (m, n), 0 to 1: by its letters or by the nearest word."""
    result: Floats = np.maximum(nearness(meeting.cosines, weights), meeting.letters)
    return result


def nearness(cosines: Floats, weights: Weights) -> Floats:
    """What cosines of words count, 0 to ``weights.synonym``."""
    risen = (cosines - weights.near) / max(weights.same - weights.near, 1e-6)
    near: Floats = (np.clip(risen, 0, 1) * weights.synonym).astype(np.float32)
    return near


def _by_letters(asked: Asked, text: str, stated: Sequence[Numeral]) -> list[float]:
    """How well each term is met by the letters of a folded text, or of what looks like it.

    ``stated`` are the numbers that the text writes.
    """
    found = [letters(term, text) for term in asked.terms]
    for n in np.flatnonzero(asked.listed).tolist():  # 通化市 is no 文化市
        found[n] = found[n] if found[n] >= _SAME_PLACE else 0.0
    for n, others in enumerate(asked.alike):
        if any(other in text for other in others):
            found[n] = max(found[n], ALIKE)
    for n, number in enumerate(asked.numbers):
        if number and any(meets(number, other) for other in stated):
            found[n] = 1.0
    return found


@lru_cache(_READ_TEXTS)
def _numerals(folded: str) -> tuple[Numeral, ...]:
    """The numbers of a folded text; it is first met whole, then sentence by sentence."""
    return numerals(folded)


def _stated(asked: Asked, folded: str) -> tuple[Numeral, ...]:
    """The numbers that a folded text writes, where the question writes any."""
    return _numerals(folded) if any(asked.numbers) else ()


def likeness(vector: Floats, text: Text, spans: Sequence[tuple[int, int]]) -> Floats:
    """The cosine of ``vector`` and each span's pooled words, shape (n_spans,), at least 0."""
    rows = text.vectors * text.weights[:, np.newaxis]
    inside = [(text.ranges[:, 0] < end) & (text.ranges[:, 1] > start) for start, end in spans]
    pooled = np.stack([rows[mask].sum(axis=0) for mask in inside])
    lengths = np.maximum(np.linalg.norm(pooled, axis=1), 1e-9)
    cosines: Floats = np.maximum(pooled @ vector / lengths, 0).astype(np.float32)
    return cosines


def letters(term: str, text: str) -> float:
    """1 where the text holds the term; less where it holds most of a longer term's letters."""
    if term in text:
        return 1.0
    if len(term) > 2 and term[-1] in _KIND_OF_PLACE and term[:-1] in text:
        return _SAME_PLACE
    if len(term) < 3:
        return 0.0
    longest = next((n for n in range(len(term) - 1, 1, -1) if _holds(term, text, n)), 0)
    share = longest / len(term)
    return _PARTIAL * share if share > 0.5 else 0.0


def _holds(term: str, text: str, n: int) -> bool:
    """Whether any ``n`` neighbouring letters of the term stand in the text."""
    return any(term[i : i + n] in text for i in range(len(term) - n + 1))
