"""All that an index says, to compare it with another: whatever shards each of them has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from retrieval import manifest as manifests
from retrieval.archive import Archive
from retrieval.folding import fold
from retrieval.lexicon import Lexicon
from retrieval.proof import Prover
from retrieval.records import Passage
from retrieval.stores import open_stores
from retrieval.tokens import Segmenter
from retrieval.tools import Tools
from retrieval.vectors import Vectors

# A power of two takes a coordinate past the decimals to which products are rounded, bit by bit.
_LOUD = 2.0**20
_TEXTS = 20_000  # whose terms are kept: the same pages are compared again and again


class UnsoundError(Exception):
    """An index that is not whole, or holds what its pages do not; the message says what."""


def contents(seeds: Path, index: Path, tools: Tools, questions: Sequence[str]) -> Mapping[str, Any]:
    """Every article, passage, vector and count of a term, and the answers to ``questions``.

    Raises:
        UnsoundError: a file differs from its seal, or a passage is not on its page.
    """
    folder = manifests.current(index)
    manifest = manifests.read_manifest(folder)
    manifests.check(manifest, model=tools.encoder.name, **tools.digests())
    if bad := manifests.damaged(folder, manifest):
        raise UnsoundError(f"damaged: {', '.join(bad)}")
    stores = open_stores(folder, manifest)
    catalogue, vectors, lexicon = stores
    archive = Archive(manifest, stores, tools, Prover(seeds))
    if failed := [page for page, _, failures in archive.check() if failures]:
        raise UnsoundError(f"not proven: {', '.join(failed)}")
    passages = catalogue.passages(range(len(catalogue)))
    found = {
        "generation": (manifest.generation, manifest.seeds, manifest.counts),
        "pages": catalogue.pages(),
        "articles": [catalogue.articles_of(page) for page, _ in catalogue.pages()],
        "passages": passages,
        "vectors": _coordinates(vectors),
        "counts": _counts(passages, lexicon, tools.segmenter),
        "answers": [_answered(archive, question) for question in questions],
    }
    catalogue.close()
    return found


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What of two indexes is not the same."""
    return [what for what in one if one[what] != other[what]]


def _coordinates(vectors: Vectors) -> bytes:
    """Every coordinate of every vector."""
    rows = np.arange(len(vectors))
    loud = np.eye(vectors.dimension, dtype=np.float32) * np.float32(_LOUD)
    return np.stack([vectors.scores(axis, rows) for axis in loud]).tobytes()


def _counts(passages: Sequence[Passage], lexicon: Lexicon, segmenter: Segmenter) -> dict[str, int]:
    """How many passages hold each term of any."""
    terms = {term for p in passages for term in _terms(segmenter, p.clean.text)}
    return {term: lexicon.count(term) for term in sorted(terms)}


@lru_cache(_TEXTS)
def _terms(segmenter: Segmenter, text: str) -> frozenset[str]:
    found = segmenter.terms(fold(text))
    return frozenset([*found.words, *found.bigrams])


def _answered(archive: Archive, question: str) -> object:
    answer = archive.ask(question)
    return answer.verdict, answer.reason, answer.confidence, answer.quotes
