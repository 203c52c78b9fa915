"""Passage vectors: the nearest by inner product over all shards.

A small archive, or the few rows that a filter leaves, is searched exactly. In a large one four-bit
codes propose rows, whose exact products decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.layout import Layout, Rows
from retrieval.scan import Scan

Scored = list[tuple[int, float]]  # (row, score), best first
Floats = NDArray[np.float32]

# Up to so many rows are searched exactly: 50,000 take 1.7 ms, by codes 0.7.
EXACT_ROWS = 50_000
_WIDER = 4  # times as many rows, where too few of them are in use and wanted
_SHARE = 2  # times its part of the rows that a shard is asked for first
_SPARE = 32  # rows beyond the last place, which may tie with it


class Vectors:
    """Unit vectors by row, opened once.

    The codes propose ``reread`` rows, whose exact products decide; with 0 all rows are searched.
    """

    def __init__(
        self,
        shards: Sequence[Scan],
        layout: Layout,
        *,
        reread: int = 0,
        hidden: Rows | None = None,
    ) -> None:
        self._shards = tuple(shards)
        self._layout = layout
        self._reread = reread
        self._hidden = hidden
        # What of a shard may be found: all of it, but where pages have changed since.
        shown = None if hidden is None else np.setdiff1d(np.arange(len(layout)), hidden)
        self._live = tuple(
            None if shown is None and layout.live(i) == len(shard) else layout.local(i, shown)
            for i, shard in enumerate(shards)
        )

    @classmethod
    def build(cls, vectors: Floats, *, reread: int = 0) -> Vectors:
        """An index over ``vectors``, shape (n_passages, dimension), unit length or zero rows."""
        shard = Scan.build([vectors], vectors.shape[1])
        return cls([shard], Layout.whole(len(vectors)), reread=reread)

    @classmethod
    def join(cls, folders: Iterable[Path], layout: Layout, *, reread: int = 0) -> Vectors:
        """The index whose shards are saved in ``folders``.

        Raises:
            IndexBroken: FAISS cannot read a file.
        """
        return cls([Scan.open(folder) for folder in folders], layout, reread=reread)

    def rereading(self, reread: int) -> Vectors:
        """The same vectors, of which the codes propose so many rows."""
        return Vectors(self._shards, self._layout, reread=reread, hidden=self._hidden)

    def without(self, rows: Rows) -> Vectors:
        """The same vectors, of which these rows are never found; each keeps its number."""
        return Vectors(self._shards, self._layout, reread=self._reread, hidden=rows)

    @property
    def dimension(self) -> int:
        """How long each vector is."""
        return self._shards[0].dimension

    def __len__(self) -> int:
        return len(self._layout)

    def held(self) -> list[int]:
        """How many rows each shard holds, dead ones too."""
        return [len(shard) for shard in self._shards]

    def search(self, query: Floats, k: int, *, rows: Rows | None = None) -> Scored:
        """The ``k`` rows nearest to ``query`` by inner product, best first, ties by row.

        ``rows`` limits the search. Rows whose product is not positive say nothing and are left out.
        """
        if rows is not None and self._hidden is not None:
            rows = np.setdiff1d(rows, self._hidden)
        if len(self) == 0 or k < 1 or (rows is not None and len(rows) == 0) or not query.any():
            return []
        if self._reread and (rows is None or len(rows) > EXACT_ROWS):
            found = self._near(query, max(self._reread, k), rows)
            products = self._products(query, found)
        else:
            found, products = self._nearest(query, k, rows)
        best = np.lexsort((found, -products))[:k]
        best = best[products[best] > 0]
        return list(zip(found[best].tolist(), products[best].tolist(), strict=True))

    def scores(self, query: Floats, rows: Rows) -> Floats:
        """The inner products of ``query`` and these rows, in their order."""
        return self._products(query, rows).astype(np.float32)

    def _products(self, query: Floats, rows: Rows) -> NDArray[np.float64]:
        found = np.zeros(len(rows), dtype=np.float64)
        shards, local = self._layout.places(rows)
        for i in np.unique(shards).tolist():
            own = shards == i
            found[own] = self._shards[i].products(query, local[own])
        return found

    def _nearest(
        self, query: Floats, k: int, rows: Rows | None
    ) -> tuple[Rows, NDArray[np.float64]]:
        """The ``k`` nearest rows of each shard and all that tie with the last, with products."""
        found: list[Rows] = [np.zeros(0, dtype=np.int64)]
        products: list[NDArray[np.float64]] = [np.zeros(0)]
        for i, own in self._within(rows):
            local, scores = self._shards[i].nearest(query, k, own)
            found.append(self._layout.rows(i, local))
            products.append(scores)
        return np.concatenate(found), np.concatenate(products)

    def _within(self, rows: Rows | None) -> Iterator[tuple[int, Rows | None]]:
        """Each shard that may hold what is wanted, with its own rows to look at (None: all)."""
        for i, live in enumerate(self._live):
            own = live if rows is None else self._layout.local(i, rows)
            if len(self._shards[i]) and (own is None or len(own)):
                yield i, own

    def _near(self, query: Floats, n: int, rows: Rows | None) -> Rows:
        """The ``n`` rows with the highest rough products and all that tie with the last of them.

        Every shard is asked for so many that whatever it holds back is further away.
        """
        wanted = self._wanted(rows)
        first = n * len(self) // max(int(wanted.sum()), 1)
        share = first if len(self._shards) == 1 else _SHARE * first // len(self._shards)
        most = dict.fromkeys(range(len(self._shards)), share + _SPARE)
        found: dict[int, tuple[Rows, Floats, float]] = {}
        due = list(most)
        while due:
            for i in due:
                found[i] = self._rough(i, query, most[i], wanted)
            rough = np.concatenate([products for _, products, _ in found.values()])
            last = float(np.partition(rough, -n)[-n]) if len(rough) > n else -np.inf
            due = [i for i, (_, _, held) in found.items() if -np.inf < held >= last]
            most.update({i: most[i] * _WIDER for i in due})
        near: Rows = np.concatenate([own for own, _, _ in found.values()])[rough >= last]
        return near

    def _wanted(self, rows: Rows | None) -> NDArray[np.bool_]:
        """Whether each row may be found."""
        wanted = np.full(len(self), rows is None)
        if rows is not None:
            wanted[rows] = True
        if self._hidden is not None:
            wanted[self._hidden] = False
        return wanted

    def _rough(
        self, i: int, query: Floats, n: int, wanted: NDArray[np.bool_]
    ) -> tuple[Rows, Floats, float]:
        """The wanted rows among the ``n`` nearest of a shard by their rough products.

        Last what no row that is left out for its product exceeds.
        """
        local, products, held = self._shards[i].rough(query, n)
        rows = self._layout.rows(i, local)
        kept = (rows >= 0) & wanted[rows]
        return rows[kept], products[kept], held
