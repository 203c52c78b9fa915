"""Single rows of a FAISS index read from its file, without having them in memory.

A mapped file comes into memory by 64 KB around every row that is touched: after some hundred
questions to a million passages that was all of it, half a gigabyte.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.layout import Rows

Floats = NDArray[np.float32]
Take = Callable[[Rows], Floats]  # row numbers → those rows, shape (n, dimension)

_BYTES = 2  # of a number in half precision


class RowFile:
    """The half-precision rows at the end of a file."""

    def __init__(self, path: Path, n_rows: int, dimension: int) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._file)
        self._dimension = dimension
        self._width = dimension * _BYTES
        self._start = os.fstat(self._file).st_size - n_rows * self._width

    def take(self, rows: Rows) -> Floats:
        """The rows of these numbers, shape (n, dimension)."""
        width, start = self._width, self._start
        read = [os.pread(self._file, width, start + row * width) for row in rows.tolist()]
        held = np.frombuffer(b"".join(read), dtype=np.float16)
        return held.reshape(-1, self._dimension).astype(np.float32)


def reader(path: Path, n_rows: int, take: Take, dimension: int) -> Take:
    """How to read rows of the index at ``path``, of which FAISS itself gives those that it takes.

    From the file where its last bytes are the rows, as FAISS writes them now; else by FAISS.
    """
    if not n_rows:
        return take
    ends = np.array([0, n_rows - 1], dtype=np.int64)
    file = RowFile(path, n_rows, dimension)
    try:
        same = np.array_equal(file.take(ends), take(ends))
    except (OSError, ValueError):  # shorter than its rows would be
        return take
    return file.take if same else take
