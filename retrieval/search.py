"""Query → hits: what both legs propose under one scope, ranked by three scores together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from retrieval.abreast import WORTH_ROWS, results
from retrieval.lexicon import Lexicon
from retrieval.records import Scope
from retrieval.settings import SearchSettings
from retrieval.tokens import Terms
from retrieval.vectors import Scored, Vectors

# score = late interaction * 2 + cosine + BM25 / 30, in which BM25 is over all words of the question
# and as it is: it grows with how much of a question is met by letters, so it decides for a headline of
# ten words and leaves a colloquial question to the word vectors. Chosen on questions of XQuAD and on
# tests/questions.jsonl among 50,000 news texts, by nDCG@10; flat around these weights. As shipped .973
# and .676, reciprocal rank fusion .938 and .549, BM25 alone .966 and .628 (docs/retrieval.md).
_LATE, _DENSE, _LEXICAL = 2.0, 1.0, 1 / 30
# How many rows of the lexical leg keep their score when the other leg proposes them.
_DEPTH = 500


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """Rows that either leg proposes, in ascending order, and what each leg says of them.

    ``rows`` (n,), ``dense`` (n,) cosines, ``lexical`` (n,) BM25, 0 where it finds nothing.
    """

    rows: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]


def propose(
    vector: NDArray[np.float32],
    terms: Terms,
    *,
    stores: tuple[Vectors, Lexicon],
    within: tuple[Scope, NDArray[np.int64] | None],
    exact: bool = False,
    alike: Sequence[str] = (),
    settings: SearchSettings,
) -> Proposals:
    """The rows that either leg proposes.

    ``within`` is the scope for the lexicon and the same scope as rows for the vectors
    (``None``: all); with ``exact`` the rows are fewer than the scope lets through. ``alike`` are
    bigrams that may be misread for some of the terms.
    """
    (vectors, lexicon), (scope, inside) = stores, within
    k = settings.candidates
    only = inside if exact else None
    calls = (
        partial(lexicon.search, terms, max(k, _DEPTH), scope=scope, alike=alike, rows=only),
        partial(vectors.search, vector, k, rows=inside),
    )
    lexical, dense = results(calls) if len(vectors) >= WORTH_ROWS else [call() for call in calls]
    rows = np.array(sorted({row for row, _ in dense + lexical[:k]}), dtype=np.int64)
    said = dict(lexical)
    return Proposals(
        rows,
        vectors.scores(vector, rows),
        np.array([said.get(row, 0.0) for row in rows.tolist()], dtype=np.float32),
    )


def shortlist(proposals: Proposals, n: int) -> Proposals:
    """The ``n`` proposed rows that cosine and BM25 alone like best: only they are read."""
    liked = _DENSE * proposals.dense + _LEXICAL * proposals.lexical
    kept = np.sort(np.lexsort((proposals.rows, -liked))[:n])
    return Proposals(proposals.rows[kept], proposals.dense[kept], proposals.lexical[kept])


def rank(proposals: Proposals, late: NDArray[np.float32]) -> Scored:
    """The proposed rows by the three scores together, best first, ties by row.

    ``late``: (n,) the share of the question that each row's words meet.
    """
    scores = _LATE * late + _DENSE * proposals.dense + _LEXICAL * proposals.lexical
    order = np.lexsort((proposals.rows, -scores))
    return [(int(proposals.rows[i]), float(scores[i])) for i in order]
