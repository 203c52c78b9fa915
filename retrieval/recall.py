"""How the nearest vectors are looked for, chosen by size and by what it measurably finds.

The codes of a large archive are held against the exact search when it is built: clauses of its own
passages stand in for questions. As many rows are read again as it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from retrieval.encoder import Encoder
from retrieval.ledger import Ledger
from retrieval.manifest import Nearest
from retrieval.vectors import EXACT_ROWS, Floats, Vectors

LEAST_RECALL = 0.98
_FIRST, _MOST = 500, 8_000  # rows read again; from there on the exact search is as fast
_ASKED = 64  # clauses asked for: .002 of recall
_TOP = 10
_ALIKE = 2e-6  # two ways to add up one product
_GROWN = 0.25  # as measured still, while the archive is so much larger or smaller at most
_CLAUSE = re.compile(r"[^,。!?;:、,;:!?\s]{6,24}")


def nearest(
    vectors: Vectors, ledgers: Sequence[Ledger], encoder: Encoder, *, before: Nearest | None = None
) -> Nearest:
    """How to look for the nearest of these vectors; ``before`` stands where little has changed."""
    n_rows = len(vectors)
    if n_rows <= EXACT_ROWS:
        return Nearest("exact", 0, 1.0, n_rows)
    alike = before is not None and abs(n_rows - before.rows) <= _GROWN * before.rows
    if before is not None and alike and before.rows > EXACT_ROWS:
        return before
    queries = [encoder.encode_query(text) for text in _clauses(ledgers)]
    return measured(vectors, [query for query in queries if query.any()])


def measured(vectors: Vectors, queries: Sequence[Floats]) -> Nearest:
    """The codes with as few rows read again as find enough of the truly nearest; else exactly."""
    exact = vectors.rereading(0)
    truth = [exact.search(query, _TOP) for query in queries]
    reread = _FIRST
    while reread <= _MOST:
        rough = vectors.rereading(reread)
        shares = [
            sum(score >= true[-1][1] - _ALIKE for _, score in rough.search(query, _TOP)) / len(true)
            for query, true in zip(queries, truth, strict=True)
            if true
        ]
        recall = round(float(np.mean(shares)), 4) if shares else 1.0
        if recall >= LEAST_RECALL:
            return Nearest("codes", reread, recall, len(vectors))
        reread *= 2
    return Nearest("exact", 0, 1.0, len(vectors))


def _clauses(ledgers: Sequence[Ledger]) -> Iterator[str]:
    """Clauses of passages that lie evenly over all shards, the same each time."""
    ends = np.cumsum([len(ledger) for ledger in ledgers])
    for place in np.linspace(0, ends[-1] - 1, _ASKED).astype(np.int64).tolist():
        shard = int(np.searchsorted(ends, place, side="right"))
        row = place - int(ends[shard]) + len(ledgers[shard])
        text = ledgers[shard].passages([row])[0].clean.text
        found = _CLAUSE.search(text)
        yield found[0] if found else text[:24]
