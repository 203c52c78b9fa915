"""How many dead passages of the shards hold a term: what counts over the archive leaves out.

A shard is never changed, so the passages of a page that has changed since go on standing in it.
Terms are kept as 64-bit hashes, sorted: two of ten million share one once in 400,000 archives.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexBroken
from retrieval.inverted import Entry

_TYPE = np.dtype([("term", "<u8"), ("count", "<i4")])


@dataclass(frozen=True, slots=True, eq=False)
class Dead:
    """``counts`` (n_terms,): the hash of each term, ascending, and how many passages hold it."""

    counts: NDArray[np.void]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Dead:
        """The terms of dead passages."""
        held: Counter[int] = Counter()
        for entry in entries:
            for field, terms in entry.fields().items():
                held.update(_hash(field, term) for term in set(terms.text.split(" ")) - {""})
        return cls(np.array(sorted(held.items()), dtype=_TYPE))

    @classmethod
    def open(cls, path: Path) -> Dead:
        """The counts saved at ``path``.

        Raises:
            IndexBroken: it cannot be read.
        """
        try:
            counts = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise IndexBroken(f"{path}: not counts of terms ({error})") from error
        if counts.dtype != _TYPE:
            raise IndexBroken(f"{path}: not counts of terms ({counts.dtype})")
        return cls(counts)

    def save(self, path: Path) -> None:
        """Write the counts; the caller makes them durable."""
        np.save(path, self.counts, allow_pickle=False)

    def plus(self, other: Dead) -> Dead:
        """The counts of both."""
        both = np.concatenate([self.counts, other.counts])
        terms, place = np.unique(both["term"], return_inverse=True)
        counts = np.zeros(len(terms), dtype=_TYPE)
        counts["term"] = terms
        np.add.at(counts["count"], place, both["count"])
        return Dead(counts)

    def count(self, field: str, term: str) -> int:
        """How many dead passages hold the term in the field."""
        if not len(self.counts):
            return 0
        wanted = _hash(field, term)
        at = int(np.searchsorted(self.counts["term"], np.uint64(wanted)))
        held = at < len(self.counts) and int(self.counts["term"][at]) == wanted
        return int(self.counts["count"][at]) if held else 0


NONE = Dead(np.zeros(0, dtype=_TYPE))


def _hash(field: str, term: str) -> int:
    data = f"{field}\0{term}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
