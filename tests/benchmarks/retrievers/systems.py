"""Retrievers over one collection: a query → what each leg says of it → a ranking by each system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.alignment import Aligner, Floats
from retrieval.encoder import Encoder
from retrieval.inverted import Entry
from retrieval.lexicon import Lexicon
from retrieval.query import understand
from retrieval.records import Query
from retrieval.search import Proposals, rank, shortlist
from retrieval.tokens import Segmenter, bigrams
from retrieval.vectors import Scored

from .fusion import fuse
from .late import LateInteraction

DEPTH = 1000  # rows that the legs name; a text's passages count once, and R@100 needs 100 texts
_PROPOSED = 100  # rows by each leg, and rows that the hybrid reads


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """What the legs say of a query: ``dense`` and ``late`` (n_passages,), of every passage.

    ``lexical`` and ``whole`` are BM25's rows for the content words and for all words, best first.
    """

    lexical: Scored
    whole: Scored
    dense: Floats
    late: Floats


class Words:
    """The lexical leg over a collection, as the product indexes it and asks it."""

    def __init__(self, passages: Sequence[str], segmenter: Segmenter, folder: Path) -> None:
        """Index folded ``passages`` in the new ``folder``."""
        entries = (Entry.of(row, segmenter.terms(text)) for row, text in enumerate(passages))
        self.segmenter = segmenter
        self._lexicon = Lexicon.build(folder, entries)

    def understood(self, question: str) -> Query:
        """The question as the archive understands it; what it would refuse, by all its words."""
        query = understand(
            question, segmenter=self.segmenter, known=lambda pair: self._lexicon.count(pair) > 0
        )
        if query.reason is None:
            return query
        words = dict.fromkeys(word for word, _, _ in self.segmenter.words(query.text))
        return replace(query, reason=None, terms=tuple(words))

    def search(self, query: Query) -> Scored:
        """The rows that hold the query's content words or their look-alikes, best first."""
        return self._search(" ".join(query.terms), query)

    def search_whole(self, query: Query) -> Scored:
        """The rows that hold any words of the question or their look-alikes, best first."""
        return self._search(query.text, query)

    def _search(self, text: str, query: Query) -> Scored:
        alike = {pair for w, o in query.alike for pair in {*bigrams(o)} - {*bigrams(w)}}
        return self._lexicon.search(self.segmenter.terms(text), DEPTH, alike=sorted(alike))


class Meanings:
    """What a model says of a collection: exact cosines, and late interaction by its words."""

    def __init__(self, passages: Sequence[str], encoder: Encoder, segmenter: Segmenter) -> None:
        """Encode folded ``passages``; ``encoder`` also has ``words`` and ``word_vectors``."""
        self._encoder = encoder
        self._vectors = encoder.encode_passages(passages)
        self._late = LateInteraction(passages, encoder)  # type: ignore[arg-type]
        self._aligner = Aligner(encoder, segmenter)  # type: ignore[arg-type]

    def signals(self, query: Query, words: Words) -> Signals:
        """What all legs say of a query."""
        dense = self._vectors @ self._encoder.encode_query(query.text)
        late = np.zeros_like(dense)
        if query.terms:
            late = self._late.scores(self._aligner.asked(query))
        return Signals(words.search(query), words.search_whole(query), dense, late)


def bm25(signals: Signals) -> Scored:
    """The product's lexical leg."""
    return signals.lexical


def bm25_whole(signals: Signals) -> Scored:
    """BM25 over all words of the question, asking words too."""
    return signals.whole


def dense(signals: Signals) -> Scored:
    """Cosines of the model's vectors."""
    return _top(signals.dense, DEPTH)


def late(signals: Signals) -> Scored:
    """Late interaction with every passage."""
    return _top(signals.late, DEPTH)


def fused(signals: Signals) -> Scored:
    """Reciprocal rank fusion of what dense and lexical propose."""
    return fuse([dense(signals)[:_PROPOSED], bm25(signals)[:_PROPOSED]])


def hybrid(signals: Signals) -> Scored:
    """The product's search: what BM25 over all words or dense propose, ranked by three scores."""
    lexical = dict(signals.whole)
    proposed = {row for row, _ in dense(signals)[:_PROPOSED] + signals.whole[:_PROPOSED]}
    rows = np.array(sorted(proposed), dtype=np.int64)
    said = np.array([lexical.get(row, 0.0) for row in rows.tolist()], dtype=np.float32)
    read = shortlist(Proposals(rows, signals.dense[rows], said), _PROPOSED)
    return rank(read, signals.late[read.rows])


SYSTEMS: dict[str, Callable[[Signals], Scored]] = {
    "bm25": bm25,
    "bm25-whole": bm25_whole,
    "dense": dense,
    "late": late,
    "fused": fused,
    "hybrid": hybrid,
}
LEXICAL = ("bm25", "bm25-whole")  # these ask no model


def texts_of(run: Scored, owner: NDArray[np.int64], k: int) -> list[int]:
    """The first ``k`` texts of a ranking of passages: each counts by its best passage."""
    return list(dict.fromkeys(int(owner[row]) for row, _ in run))[:k]


def _top(scores: Floats, k: int) -> Scored:
    """The ``k`` best rows, best first, ties by row."""
    if k < len(scores):
        least = np.partition(scores, -k)[-k]
        rows = np.flatnonzero(scores >= least)
    else:
        rows = np.arange(len(scores))
    order = rows[np.lexsort((rows, -scores[rows]))][:k]
    return [(int(row), float(scores[row])) for row in order]
