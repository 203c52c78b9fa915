"""Rankings → measures by ``ir_measures``, with bootstrap intervals over the queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from numpy.typing import NDArray

MEASURES = (nDCG @ 10, R @ 1, R @ 10, R @ 100, RR @ 10, Success @ 10)
DEPTH = 100  # texts of a ranking that any of the measures looks at

_RESAMPLES = 1000
_LEVEL = 0.95

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries, and the ends of its interval."""

    mean: float
    low: float
    high: float


def values(runs: Sequence[Sequence[int]], relevant: Sequence[frozenset[int]]) -> Values:
    """Each measure of each ranking, shape (n_queries, n_measures); 0 for an empty ranking."""
    qrels = {str(q): {str(text): 1 for text in right} for q, right in enumerate(relevant)}
    scored = {
        str(q): {str(text): float(-rank) for rank, text in enumerate(run)}
        for q, run in enumerate(runs)
    }
    out = np.zeros((len(relevant), len(MEASURES)))
    for metric in ir_measures.iter_calc(MEASURES, qrels, scored):
        out[int(metric.query_id), MEASURES.index(metric.measure)] = metric.value
    return out


def estimates(found: Values, *, seed: int = 0) -> list[Estimate]:
    """The mean of each column with the percentile interval of its bootstrap, 95 %.

    The same seed draws the same queries: the interval of a difference of two systems is that of
    the difference of their values.
    """
    n = len(found)
    drawn = np.random.default_rng(seed).multinomial(n, [1 / n] * n, size=_RESAMPLES)
    means = drawn @ found / n
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(means, [tail, 1 - tail], axis=0)
    return [Estimate(*map(float, one)) for one in zip(found.mean(axis=0), low, high, strict=True)]
