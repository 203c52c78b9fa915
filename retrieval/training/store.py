"""The corpus as token numbers: one flat array, and where titles, sentences and pairs begin in it.

Everything is read once, so a training batch is a handful of slices of ``flat``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.cutters import Cutter
from retrieval.training.corpus import PAIRS, TEXTS, Pair, Text
from retrieval.training.everyday import EVERYDAY

Ints = NDArray[np.int64]
KINDS = (*PAIRS, *EVERYDAY)

_BLOCK = 4096

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """Token numbers and the half-open slices of them that mean something.

    ``flat``: (n_tokens,) uint16. ``titles``: (n_texts, 2), empty slices where there is none.
    ``bodies``: (n_texts, 2). ``sentences``: (n_sentences, 2), ``owner``: (n_sentences,) the text
    each stands in. ``sources``: (n_texts,) numbers of ``TEXTS``. ``queries``, ``passages``:
    (n_pairs, 2); ``kinds``: (n_pairs,) numbers of ``KINDS``.
    """

    flat: NDArray[np.uint16]
    titles: Ints
    bodies: Ints
    sentences: Ints
    owner: Ints
    sources: Ints
    queries: Ints
    passages: Ints
    kinds: Ints

    def save(self, path: Path) -> None:
        """Write to ``path``, a NumPy archive without pickles."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> Store:
        """The store that ``save`` wrote to ``path``."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in cls.__slots__})


def build_store(cutter: Cutter, texts: Iterable[Text], pairs: Iterable[Pair]) -> Store:
    """The token numbers of ``texts`` and ``pairs``, in their order."""
    writer = _Writer(cutter)
    titles, sentences, counts, sources = _add_texts(writer, texts)
    queries, passages, kinds = _add_pairs(writer, pairs)
    first = np.cumsum(counts) - counts
    return Store(
        flat=writer.flat(),
        titles=titles,
        bodies=np.stack([sentences[first, 0], sentences[first + counts - 1, 1]], axis=1),
        sentences=sentences,
        owner=np.repeat(np.arange(len(counts)), counts),
        sources=sources,
        queries=queries,
        passages=passages,
        kinds=kinds,
    )


def _add_texts(writer: _Writer, texts: Iterable[Text]) -> tuple[Ints, Ints, Ints, Ints]:
    """Slices of titles and sentences, and each text's number of sentences and source."""
    titles: list[tuple[int, int]] = []
    sentences: list[tuple[int, int]] = []
    counts: list[int] = []
    sources: list[int] = []
    for block in _blocks(texts):
        slices = iter(writer.add([s for text in block for s in (text.title, *text.sentences)]))
        for text in block:
            titles.append(next(slices))
            sentences += islice(slices, len(text.sentences))
        counts += [len(text.sentences) for text in block]
        sources += [TEXTS.index(text.source) for text in block]
    return _table(titles), _table(sentences), np.array(counts), np.array(sources)


def _add_pairs(writer: _Writer, pairs: Iterable[Pair]) -> tuple[Ints, Ints, Ints]:
    """Slices of queries and passages, equal texts one slice, and the kind of each pair."""
    seen: dict[str, tuple[int, int]] = {}
    queries: list[tuple[int, int]] = []
    passages: list[tuple[int, int]] = []
    kinds: list[int] = []
    for block in _blocks(pairs):
        both = (text for pair in block for text in (pair.query, pair.passage))
        new = list(dict.fromkeys(text for text in both if text not in seen))
        seen.update(zip(new, writer.add(new), strict=True))
        queries += [seen[pair.query] for pair in block]
        passages += [seen[pair.passage] for pair in block]
        kinds += [KINDS.index(pair.source) for pair in block]
    return _table(queries), _table(passages), np.array(kinds)


class _Writer:
    """Collects token numbers and says where each text went."""

    def __init__(self, cutter: Cutter) -> None:
        if cutter.n_rows > 1 << 16:
            raise ValueError(f"{cutter.n_rows} words do not fit 16 bits")
        self._cutter = cutter
        self._parts: list[NDArray[np.uint16]] = []
        self._length = 0

    def add(self, texts: list[str]) -> list[tuple[int, int]]:
        """The slices of the flat array that hold ``texts``; unknown characters are left out."""
        slices = []
        for rows in self._cutter.rows(texts):
            self._parts.append(np.array(rows, dtype=np.uint16))
            slices.append((self._length, self._length + len(rows)))
            self._length += len(rows)
        return slices

    def flat(self) -> NDArray[np.uint16]:
        """All token numbers added so far."""
        return np.concatenate([np.zeros(0, dtype=np.uint16), *self._parts])


def _blocks(items: Iterable[T]) -> Iterator[list[T]]:
    """``items`` in lists short enough to encode at once."""
    block: list[T] = []
    for item in items:
        block.append(item)
        if len(block) == _BLOCK:
            yield block
            block = []
    yield block


def _table(slices: Sequence[tuple[int, int]]) -> Ints:
    """``slices`` as an array, shape (n, 2)."""
    return np.array(slices, dtype=np.int64).reshape(-1, 2)
