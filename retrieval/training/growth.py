"""Words added to a static model, and its rows moved: what is stored changes only where it must."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from retrieval.cutters import LongestWords
from retrieval.training.store import Ints
from retrieval.wordrows import Floats, WordRows

_MOST_ROWS = 1 << 16  # the store numbers them in 16 bits


def grow(
    cutter: LongestWords, rows: WordRows, words: Iterable[str]
) -> tuple[LongestWords, WordRows]:
    """The model with ``words`` appended, as far as there is room and none is listed already.

    A word's row is the sum of the rows of the pieces that it was cut into, so that the vectors of
    texts stay as they were, wherever the word is cut out of whole pieces. A word that is no two
    pieces adds nothing and is left out.
    """
    listed = set(cutter.listed)
    fresh = [word for word in dict.fromkeys(words) if word and word not in listed]
    cut = zip(fresh, cutter.rows(fresh), strict=True)
    grown = [(word, pieces) for word, pieces in cut if len(pieces) > 1]
    grown = grown[: _MOST_ROWS - len(rows)]
    added = WordRows.quantise(rows.sums([pieces for _, pieces in grown]))
    return (
        LongestWords([*cutter.listed, *(word for word, _ in grown)]),
        _joined(in_eight_bits(rows), added),
    )


def in_eight_bits(rows: WordRows) -> WordRows:
    """The same rows in eight bits; those that are already stay as they are, to the byte."""
    if rows.stored.dtype == np.int8:
        return rows
    return WordRows.quantise(rows.take(range(len(rows))))


def moved(rows: WordRows, places: Ints, target: Floats, *, alpha: float) -> WordRows:
    """``rows`` with those at ``places`` moved by the share ``alpha`` of the way to ``target``.

    Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models" (WiSE-FT): between old
    and tuned weights lie models that keep what the old one knew and most of what was learnt.
    ``target``: (n_places, dimension). With ``alpha`` 0 every stored number stays as it was.
    """
    start = rows.take(places.tolist())
    between = WordRows.quantise(start + alpha * (target - start))
    stored, scale = rows.stored.copy(), rows.scale.copy()
    stored[places], scale[places] = between.stored, between.scale
    return WordRows(stored, scale)


def _joined(first: WordRows, second: WordRows) -> WordRows:
    """The rows of both, one after the other."""
    stored = np.concatenate([first.stored, second.stored]).astype(np.int8)
    return WordRows(stored, np.concatenate([first.scale, second.scale]))
