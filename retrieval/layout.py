"""Where each row of an archive lies: its shard, and its row there.

Rows count through all pages by id, whichever shard holds them, so they are those of a build from
nothing. What a shard holds of a page that has changed since is dead: no row of the archive is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexBroken

Rows = NDArray[np.int64]

_FIRST, _SHARD, _LOCAL, _COUNT = range(4)  # the columns of a run


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """``runs`` (n_runs, 4): first row of the archive, shard, first row there, rows; in row order.

    ``by_shard`` are the runs of each shard in the order of its own rows.
    """

    runs: Rows
    by_shard: tuple[Rows, ...]

    @classmethod
    def of(cls, placed: Iterable[tuple[int, int, int]], n_shards: int) -> Layout:
        """The layout of (shard, first row there, rows), given in the order of the archive."""
        runs: list[list[int]] = []
        row = 0
        for shard, local, count in placed:
            if runs and runs[-1][_SHARD] == shard and runs[-1][_LOCAL] + runs[-1][_COUNT] == local:
                runs[-1][_COUNT] += count
            elif count:
                runs.append([row, shard, local, count])
            row += count
        return cls._from(np.array(runs, dtype=np.int64).reshape(-1, 4), n_shards)

    @classmethod
    def whole(cls, n_rows: int) -> Layout:
        """One shard of ``n_rows``, all of them in use."""
        return cls.of([(0, 0, n_rows)], 1)

    @classmethod
    def open(cls, path: Path, n_shards: int) -> Layout:
        """The layout saved at ``path``.

        Raises:
            IndexBroken: it cannot be read.
        """
        try:
            return cls._from(np.load(path, allow_pickle=False).reshape(-1, 4), n_shards)
        except (OSError, ValueError, EOFError) as error:
            raise IndexBroken(f"{path}: not a layout ({error})") from error

    def save(self, path: Path) -> None:
        """Write the runs; the caller makes them durable."""
        np.save(path, self.runs, allow_pickle=False)

    def __len__(self) -> int:
        return int(self.runs[-1, _FIRST] + self.runs[-1, _COUNT]) if len(self.runs) else 0

    def live(self, shard: int) -> int:
        """How many rows of a shard are in use."""
        return int(self.by_shard[shard][:, _COUNT].sum())

    def places(self, rows: Rows) -> tuple[Rows, Rows]:
        """The shard of each row and its row there; every row must be one of the archive."""
        runs = self.runs[np.searchsorted(self.runs[:, _FIRST], rows, side="right") - 1]
        return runs[:, _SHARD], rows - runs[:, _FIRST] + runs[:, _LOCAL]

    def rows(self, shard: int, local: Rows) -> Rows:
        """The row of the archive for each row of a shard, -1 where it is dead."""
        runs = self.by_shard[shard]
        if not len(runs):
            return np.full(len(local), -1, dtype=np.int64)
        runs = runs[np.maximum(np.searchsorted(runs[:, _LOCAL], local, side="right") - 1, 0)]
        at = local - runs[:, _LOCAL]
        inside = (at >= 0) & (at < runs[:, _COUNT])
        found: Rows = np.where(inside, at + runs[:, _FIRST], -1)
        return found

    def local(self, shard: int, rows: Rows | None = None) -> Rows:
        """The rows of a shard that are in use, or those of them that ``rows`` names, ascending."""
        if rows is None:
            ranges = [np.arange(a, a + n) for _, _, a, n in self.by_shard[shard].tolist()]
            return np.concatenate([*ranges, np.zeros(0, dtype=np.int64)])
        shards, local = self.places(rows)
        return np.sort(local[shards == shard])

    @classmethod
    def _from(cls, runs: Rows, n_shards: int) -> Layout:
        own = (runs[runs[:, _SHARD] == shard] for shard in range(n_shards))
        return cls(runs, tuple(one[np.argsort(one[:, _LOCAL])] for one in own))
