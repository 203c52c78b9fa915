"""One shard's vectors in FAISS: written once, then only searched.

Half precision (``SQfp16``) halves the file and the time of float32 rows and keeps recall@10 at .999
(100 000 clustered vectors of 256 dimensions). This module and ``codes`` alone import faiss.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.codes import Codes, reason
from retrieval.errors import IndexBroken
from retrieval.layout import Rows
from retrieval.rowfile import Take, reader

Floats = NDArray[np.float32]

VECTORS, CODES = "vectors.faiss", "codes.faiss"
# Rows stay in the file until a question needs them: opening takes no time, and what the machine
# wants back it takes. FAISS before 1.11 reads them all.
_MAPPED = getattr(faiss, "IO_FLAG_MMAP_IFC", 0)
_FEW_ROWS = 1000  # read one by one: FAISS would have 64 KB of the file in memory for each
_DECIMALS = 6  # what is left of a product in floats, whatever the order of its sums


class Scan:
    """The vectors of a shard, opened once: ``take`` reads single rows, (n, dimension)."""

    def __init__(self, index: faiss.Index, codes: Codes, take: Take) -> None:
        self._index = index
        self._codes = codes
        self.take = take

    @classmethod
    def build(cls, batches: Iterable[Floats], dimension: int) -> Scan:
        """The vectors of all batches, each of shape (n, dimension)."""
        index = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        codes = Codes.empty(dimension)
        faiss.omp_set_num_threads(1)  # every core has a builder of its own
        for batch in batches:
            index.add(np.ascontiguousarray(batch, dtype=np.float32))
            codes.add(batch)
        return cls(index, codes, index.reconstruct_batch)

    @classmethod
    def open(cls, folder: Path) -> Scan:
        """The vectors saved in ``folder``.

        Raises:
            IndexBroken: FAISS cannot read a file.
        """
        path = folder / VECTORS
        try:
            index = faiss.read_index(str(path), _MAPPED)
        except RuntimeError as error:
            raise IndexBroken(f"{path}: not a FAISS index ({reason(error)})") from error
        take = reader(path, index.ntotal, index.reconstruct_batch, index.d)
        return cls(index, Codes.open(folder / CODES, index.d), take)

    def save(self, folder: Path) -> None:
        """Write the vectors; the caller makes them durable. OSError where the disk is full."""
        try:
            faiss.write_index(self._index, str(folder / VECTORS))
            self._codes.save(folder / CODES)
        except RuntimeError as error:
            raise OSError(f"{folder.name}: {reason(error)}") from error

    @property
    def dimension(self) -> int:
        """How long each vector is."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def products(self, query: Floats, rows: Rows) -> NDArray[np.float64]:
        """The products of ``query`` and these rows, in their order."""
        # Row by row: a product of matrices adds up a row otherwise beside other rows.
        return _rounded(np.einsum("ij,j->i", self.take(rows), query))

    def nearest(
        self, query: Floats, k: int, within: Rows | None = None
    ) -> tuple[Rows, NDArray[np.float64]]:
        """The ``k`` rows with the highest positive products and all that tie with the last, or more.

        ``within`` limits the search to these rows.
        """
        n_rows = len(self)
        if within is not None and len(within) <= _FEW_ROWS:
            few = np.unique(within)
            each = self.products(query, few)
            return few[each > 0], each[each > 0]
        faiss.omp_set_num_threads(1)  # for this thread only: a question is too small to share out
        parameters = None
        if within is not None:
            parameters = faiss.SearchParameters(  # type: ignore[call-arg]  # faiss's stubs lack it
                sel=_selector(within, n_rows)
            )
        fetched = k = min(k, n_rows)
        while True:
            # FAISS keeps any of the rows that tie for the last place: none must be left out.
            fetched = min(2 * fetched, n_rows)
            products, rows = self._index.search(query[np.newaxis, :], fetched, params=parameters)
            held = _rounded(np.where(rows[0] < 0, 0, products[0]))  # it pads with -1
            if fetched == n_rows or held[-1] < held[k - 1] or held[k - 1] <= 0:
                return rows[0][held > 0], held[held > 0]

    def rough(self, query: Floats, n: int) -> tuple[Rows, Floats, float]:
        """The ``n`` rows with the highest rough products, best first, and those products.

        Last what no other row's rough product exceeds; minus infinity where there are no others.
        """
        products, rows = self._codes.search(query, n)
        return rows, products, float(products[-1]) if len(rows) < len(self) else -np.inf


def _rounded(products: Floats) -> NDArray[np.float64]:
    rounded: NDArray[np.float64] = products.astype(np.float64).round(_DECIMALS)
    return rounded


def _selector(rows: Rows, n_rows: int) -> faiss.IDSelectorBitmap:
    """A FAISS selector of ``rows``."""
    mask = np.zeros(n_rows, dtype=bool)
    mask[rows] = True
    packed = np.packbits(mask, bitorder="little")
    return faiss.IDSelectorBitmap(packed)  # type: ignore[call-arg, arg-type]  # stubs are C++'s
