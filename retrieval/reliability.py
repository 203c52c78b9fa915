"""How far a confidence can be believed: shares right by bins of confidence."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

_BINS = 10  # of equal width; those that are empty are left out


class Bin(msgspec.Struct, frozen=True):
    """The answers whose confidence lies from ``low`` to ``high``: how many, how sure, how right."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


class Reliability(msgspec.Struct, frozen=True):
    """Bins of confidence, the expected calibration error and the Brier score: less is better."""

    bins: tuple[Bin, ...]
    ece: float
    brier: float


def reliability(pairs: Sequence[tuple[float, bool]], *, n_bins: int = _BINS) -> Reliability:
    """How reliable the confidences of ``pairs`` are, each with whether the answer was right.

    Source: Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017;
    Brier, Verification of Forecasts Expressed in Terms of Probability, 1950.
    """
    places: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        places.setdefault(min(int(confidence * n_bins), n_bins - 1), []).append((confidence, right))
    bins = tuple(_bin(at, places[at], n_bins) for at in sorted(places))
    total = max(len(pairs), 1)
    return Reliability(
        bins,
        ece=sum(one.n * abs(one.confidence - one.right) for one in bins) / total,
        brier=sum((confidence - right) ** 2 for confidence, right in pairs) / total,
    )


def _bin(at: int, pairs: Sequence[tuple[float, bool]], n_bins: int) -> Bin:
    n = len(pairs)
    confidence, right = (sum(column) / n for column in zip(*pairs, strict=True))
    return Bin(at / n_bins, (at + 1) / n_bins, n, confidence, right)
