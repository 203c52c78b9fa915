"""Query → hits: both legs under one scope, then reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.lexicon import Lexicon
from retrieval.records import Scope
from retrieval.settings import SearchSettings
from retrieval.tokens import Terms
from retrieval.vectors import Scored, Vectors


def search(
    vector: NDArray[np.float32],
    terms: Terms,
    *,
    vectors: Vectors,
    lexicon: Lexicon,
    within: tuple[Scope, NDArray[np.int64] | None],
    exact: bool = False,
    alike: Sequence[str] = (),
    settings: SearchSettings,
) -> Scored:
    """The rows that either leg proposes, best first.

    ``within`` is the scope for the lexicon and the same scope as rows for the vectors
    (``None``: all); with ``exact`` the rows are fewer than the scope lets through. ``alike`` are bigrams that may be misread for some of the terms.
    """
    scope, rows = within
    dense = vectors.search(vector, settings.candidates, rows=rows)
    lexical = lexicon.search(
        terms, settings.candidates, scope=scope, alike=alike, rows=rows if exact else None
    )
    return fuse([dense, lexical], rrf_k=settings.rrf_k)


def fuse(runs: Sequence[Scored], *, rrf_k: int) -> Scored:
    """Reciprocal rank fusion: the sum over runs of 1 / (rrf_k + rank), ties by row.

    Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods, SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for run in runs:
        for rank, (row, _) in enumerate(run, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (rrf_k + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
