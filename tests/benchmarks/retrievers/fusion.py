"""Rankings → one ranking, by their ranks alone."""

from __future__ import annotations

from collections.abc import Sequence

_RRF_K = 60
Scored = list[tuple[int, float]]  # rows and scores, best first


def fuse(runs: Sequence[Scored]) -> Scored:
    """Reciprocal rank fusion: the sum over runs of 1 / (60 + rank), ties by row.

    Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods, SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for run in runs:
        for place, (row, _) in enumerate(run, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (_RRF_K + place)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
