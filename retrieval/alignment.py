"""How well the words of a question are met by a text: late interaction over word vectors.

Each word of the question looks for itself in the text, letter for letter, then for its nearest
word by the static token vectors; words weigh by their rarity. Source of the idea: Khattab and
Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
BERT, SIGIR 2020; here the vectors are static and cost a table look-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import Words
from retrieval.numerals import meets, numerals
from retrieval.records import Numeral, Query
from retrieval.weights import Weights

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Spans = Sequence[tuple[int, int]] | Places  # (n_spans, 2)

# A name written with one wrong character is still met by the characters that are right.
_PARTIAL = 0.8
ALIKE = 0.9  # a word met by a look-alike that the archive holds: 黎海淀 for 黎海滨
# 辽源市 and 辽源 are the same place.
_KIND_OF_PLACE = "省市州县区镇乡村"
_SAME_PLACE = 0.95
_NOWHERE = 1 << 60  # behind the end of every text


class WordEncoder(Protocol):
    """What alignment needs of an encoder: the words of texts, and their vectors."""

    def word_vectors(self, text: str) -> tuple[Floats, Floats]:
        """Directions (n_words, dimension) and weights (n_words,) of the words of a text."""

    def words_of(self, texts: Sequence[str]) -> Words:
        """The words of folded texts, with their vectors."""


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
    """Folded texts, one a line, ready to be aligned together.

    ``starts`` (n_texts,) are where each begins in ``folded``, ``ranges`` (m, 2) where the words of
    all stand there; ``which``, ``rows`` and ``scale`` are as in ``Words``.
    """

    folded: str
    starts: NDArray[np.int64]
    ranges: NDArray[np.int64]
    which: NDArray[np.int32]
    rows: Floats
    scale: Floats


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

    def text(self, *texts: str) -> Text:
        """Folded texts ready to be aligned."""
        words = self._encoder.words_of(texts)
        sizes = np.array([len(text) for text in texts], dtype=np.int64)
        starts = np.cumsum(sizes + 1) - sizes - 1
        ranges = words.ranges.astype(np.int64) + np.repeat(starts, words.counts)[:, np.newaxis]
        return Text("\n".join(texts), starts, ranges, words.which, words.rows, words.scale)

    def meet(self, asked: Asked, texts: Sequence[str]) -> Meeting:
        """How each whole folded text meets each term."""
        together = self.text(*texts)
        sizes = np.array([len(text) for text in texts], dtype=np.int64)
        return meet(asked, together, np.stack((together.starts, together.starts + sizes), axis=1))

    def _pooled(self, term: str) -> Floats:
        """The direction of a term that may be several words of the table, shape (dimension,)."""
        vectors, weights = self._encoder.word_vectors(term)
        pooled = (vectors * weights[:, np.newaxis]).sum(axis=0)
        length = float(np.linalg.norm(pooled))
        result: Floats = pooled / length if length > 0 else pooled
        return result


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


def meet(asked: Asked, text: Text, spans: Spans) -> Meeting:
    """How each span of the text meets each term, (n_spans, n_terms)."""
    spans = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
    return Meeting(_cosines(asked, text, spans), _letters(asked, text.folded, spans))


def met(meeting: Meeting, weights: Weights) -> Floats:
    """How well each term is met, (m, n), 0 to 1: by its letters or by the nearest word."""
    result: Floats = np.maximum(nearness(meeting.cosines, weights), meeting.letters)
    return result


def nearness(cosines: Floats, weights: Weights) -> Floats:
    """What cosines of words count, 0 to ``weights.synonym``."""
    risen = (cosines - weights.near) / max(weights.same - weights.near, 1e-6)
    near: Floats = (np.clip(risen, 0, 1) * weights.synonym).astype(np.float32)
    return near


def likeness(vector: Floats, text: Text, spans: Spans) -> Floats:
    """The cosine of ``vector`` and each span's pooled words, shape (n_spans,), at least 0."""
    spans = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
    rows, weights = text.rows.take(text.which, axis=0), text.scale.take(text.which)
    pooled = np.zeros((len(spans), len(vector)), dtype=np.float32)
    first, last = _words_in(text, spans)
    # A product a span: 90 sentences in 0.2 ms, where np.add.reduceat takes 1.9.
    for i, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        pooled[i] = weights[a:b] @ rows[a:b]
    lengths = np.maximum(np.linalg.norm(pooled, axis=1), 1e-9)
    cosines: Floats = np.maximum(pooled @ vector / lengths, 0).astype(np.float32)
    return cosines


def _words_in(text: Text, spans: Places) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first word of each span, and the one after its last; a word that juts out is in it, too."""
    first = np.searchsorted(text.ranges[:, 1], spans[:, 0], "right")
    last = np.searchsorted(text.ranges[:, 0], spans[:, 1], "left")
    return first, np.maximum(first, last)


def _cosines(asked: Asked, text: Text, spans: Places) -> Floats:
    """The cosine of each term and the nearest word of each span, -1 where it has no word."""
    first, last = _words_in(text, spans)
    found = np.full((len(spans), len(asked.terms)), -1, dtype=np.float32)
    if (held := first < last).any():
        lengths = np.sqrt(np.einsum("ij,ij->i", text.rows, text.rows))
        near = np.zeros((len(text.rows), len(asked.terms)), dtype=np.float32)
        near[:, ~asked.names] = text.rows @ asked.vectors[~asked.names].T
        near /= np.maximum(lengths, 1e-9)[:, np.newaxis]
        # From the first to the last word of each span; what lies between two of them is passed
        # over, and one word more lets the last of all stand at the end.
        bounds = np.stack((first[held], last[held]), axis=1).ravel()
        words = near.take(np.append(text.which, 0), axis=0)
        found[held] = np.maximum.reduceat(words, bounds, axis=0)[::2]
    return found


def _letters(asked: Asked, folded: str, spans: Places) -> Floats:
    """How well each span of folded text meets each term by its letters, or by what looks like it."""
    found = np.zeros((len(spans), len(asked.terms)), dtype=np.float32)
    for n, (term, listed) in enumerate(zip(asked.terms, asked.listed.tolist(), strict=True)):
        for worth, pieces in _pieces(term, whole=listed):
            if not (places := _places(pieces, folded)):
                break
            found[_holding(places, len(pieces[0]), spans), n] = worth
    for n, others in enumerate(asked.alike):
        for other in others:
            if places := _places([other], folded):
                held = _holding(places, len(other), spans)
                found[held, n] = np.maximum(found[held, n], ALIKE)
    for n, at in _numbers_met(asked, folded):
        found[((spans[:, :1] <= at[0]) & (at[1] <= spans[:, 1:])).any(axis=1), n] = 1.0
    return found


def _pieces(term: str, *, whole: bool) -> Iterator[tuple[float, list[str]]]:
    """What of a term meets it, equally long pieces at a time, and how well: the best last.

    Most of a longer term's letters, a place without its kind, the term. Where none of the pieces
    stands, none that comes after does. ``whole``: no part of it will do, as 通化市 is no 文化市.
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


def _holding(places: Sequence[int], size: int, spans: Places) -> NDArray[np.bool_]:
    """Which spans hold ``size`` letters from one of these places on: the first that they reach."""
    known = np.array([*places, _NOWHERE])
    held: NDArray[np.bool_] = known[known.searchsorted(spans[:, 0])] + size <= spans[:, 1]
    return held


def _numbers_met(asked: Asked, folded: str) -> Iterator[tuple[int, Places]]:
    """The terms that are numbers, each with the starts and ends, (2, m), of those that meet it."""
    stated = numerals(folded) if any(asked.numbers) else ()
    for n, number in enumerate(asked.numbers):
        if number and (by := [(o.start, o.end) for o in stated if meets(number, o)]):
            yield n, np.array(by, dtype=np.int64).T
