"""Four-bit codes of vectors: rough products with all rows of a shard, ten times as fast as exact.

A vector is turned by a fixed rotation, after which its numbers are nearly normal whatever the model
is; each two of them are written as the nearest of sixteen fixed points. Nothing is learnt from the
rows, so a row has the same code in whichever shard and whenever it is written, and shards agree on
which rows are near. Source of the idea: Zandieh et al., TurboQuant: Online Vector Quantization with
Near-optimal Distortion Rate, 2025; the scan is that of FAISS (André et al., Quicker ADC, 2021).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexBroken
from retrieval.layout import Rows

Floats = NDArray[np.float32]

_SEED = 20_261_121  # of the rotation
# Sixteen points of two normal numbers: k-means (Lloyd, 1982) over 200,000 pairs; squared error .215
# a pair where four levels for each number leave .235.
_POINTS = (
    *((-2.001, 0.095), (-0.412, 0.793), (-0.952, 0.036), (-1.505, -1.133), (0.930, -1.747)),
    *((0.526, 0.801), (-0.370, -1.849), (-0.002, 0.005), (-0.480, -0.772), (-0.200, 1.853)),
    *((-1.390, 1.250), (0.893, -0.056), (1.731, -0.745), (1.776, 0.554), (0.442, -0.842)),
    (1.112, 1.658),
)


class Codes:
    """The codes of one shard's rows, opened once."""

    def __init__(self, index: faiss.Index, dimension: int) -> None:
        self._index = index
        self._turn = _rotation(dimension)

    @classmethod
    def empty(cls, dimension: int) -> Codes:
        """Codes of no rows yet, each to be of ``dimension``."""
        pairs = (dimension + 1) // 2
        index = faiss.IndexPQFastScan(2 * pairs, pairs, 4, faiss.METRIC_INNER_PRODUCT)
        points = (np.array(_POINTS) / np.sqrt(2 * pairs)).astype(np.float32)
        faiss.copy_array_to_vector(np.tile(points.ravel(), pairs), index.pq.centroids)
        index.is_trained = True
        return cls(index, dimension)

    @classmethod
    def open(cls, path: Path, dimension: int) -> Codes:
        """The codes saved at ``path``.

        Raises:
            IndexBroken: FAISS cannot read the file.
        """
        try:
            return cls(faiss.read_index(str(path)), dimension)
        except RuntimeError as error:
            raise IndexBroken(f"{path}: not codes of vectors ({reason(error)})") from error

    def save(self, path: Path) -> None:
        """Write the codes; the caller makes them durable. Raises RuntimeError on a full disk."""
        faiss.write_index(self._index, str(path))

    def add(self, vectors: Floats) -> None:
        """Add rows, shape (n, dimension)."""
        if len(vectors):  # FAISS crashes on none
            self._index.add(np.ascontiguousarray(vectors @ self._turn))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Floats, n: int) -> tuple[Floats, Rows]:
        """The ``n`` rows with the highest rough products, best first, and those products."""
        n = min(n, len(self))
        if not n:
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        faiss.omp_set_num_threads(1)  # for this thread only: a question is too small to share out
        products, rows = self._index.search(query[np.newaxis, :] @ self._turn, n)
        return products[0], rows[0]


def reason(error: Exception) -> str:
    """What FAISS says went wrong, which it ends with."""
    return str(error).strip().splitlines()[-1][:200]


@cache
def _rotation(dimension: int) -> Floats:
    """A random rotation into an even number of dimensions, the same each time."""
    even = dimension + dimension % 2
    normal = np.random.default_rng(_SEED).standard_normal((even, even))
    turned, _ = np.linalg.qr(normal)
    rotation: Floats = np.ascontiguousarray(turned[:dimension], dtype=np.float32)
    return rotation
