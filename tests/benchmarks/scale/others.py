"""What an afternoon would build of the same passages: two simple stacks, each built and then asked.

``plain`` is SQLite's FTS5 over pairs of characters beside a product of all vectors in numpy;
``bm25s`` is bm25s over our own segmenter's words and pairs beside FAISS's IndexFlatIP. The vectors are
those of our encoder, reciprocal rank fusion puts both legs together. They give ranked passages, no
proven quotes, no verdicts; they are given the passages as our build has split them.
"""

from __future__ import annotations

import importlib.util
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.processes import peak_mb
from tests.benchmarks.retrievers.fusion import Scored, fuse
from tests.benchmarks.scale.clock import seconds, spread_ms
from tests.benchmarks.scale.given import Given, Told

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.tokens import Segmenter
    from retrieval.tools import Tools

_BATCH = 1024
_DENSE, _LEXICAL = 100, 500  # how many of each leg, as our search asks for
# Enough for a median, and no more than some minutes where a question takes a second.
_PATIENCE_S, _FEWEST = 60.0, 20


def plain_build(given: Given, tell: Told) -> dict[str, Any]:
    """FTS5 and an array of the vectors, on disk."""
    from retrieval.folding import fold
    from retrieval.tokens import bigrams

    folder, started = _folder(given, "plain"), _now()
    db = sqlite3.connect(folder / "fts.sqlite")
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize='unicode61')")
    tools = _tools(given)
    vectors = _Vectors(tools)
    for texts, encoded in _passages(given, tell):
        db.executemany(
            "INSERT INTO t(x) VALUES (?)", [(" ".join(bigrams(fold(t))),) for t in texts]
        )
        vectors.add(encoded)
    db.commit()
    db.close()
    vectors.save(folder)
    return _built("plain", folder, started)


def plain_ask(given: Given, tell: Told) -> dict[str, Any]:
    """Questions to them."""
    started = time.perf_counter()
    import numpy as np

    from retrieval.folding import fold
    from retrieval.tokens import bigrams

    folder = given.home / "plain"
    db = sqlite3.connect(folder / "fts.sqlite")
    vectors = np.load(folder / "vectors.npy")
    tools = _tools(given)

    def once(question: str) -> Scored:
        scores = vectors @ tools.encoder.encode_query(question)
        dense = np.argpartition(-scores, min(_DENSE, len(scores) - 1))[:_DENSE]
        pairs = " OR ".join(f'"{pair}"' for pair in bigrams(fold(question))) or '"无"'
        query = "SELECT rowid - 1, -bm25(t) FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT ?"
        return fuse(
            [_ranked(dense, scores[dense]), db.execute(query, (pairs, _LEXICAL)).fetchall()]
        )

    return _asked("plain", given, once, started=started, tell=tell)


def bm25s_build(given: Given, tell: Told) -> dict[str, Any]:
    """bm25s and a flat FAISS index, on disk; nothing where bm25s is not installed."""
    if importlib.util.find_spec("bm25s") is None:
        return {}
    import bm25s
    import faiss

    folder, started = _folder(given, "bm25s"), _now()
    tools = _tools(given)
    segmenter, vocabulary = tools.segmenter.hurried(), dict[str, int]()
    ids: list[array[int]] = []
    vectors = faiss.IndexFlatIP(tools.encoder.dimension)
    for texts, encoded in _passages(given, tell):
        for text in texts:
            terms = _terms(segmenter, text)
            ids.append(array("i", [vocabulary.setdefault(t, len(vocabulary)) for t in terms]))
        vectors.add(tools.encoder.encode_passages(encoded))
    faiss.write_index(vectors, str(folder / "flat.faiss"))
    del vectors
    ranker = bm25s.BM25(csc_backend="auto")
    ranker.index((ids, vocabulary), show_progress=False)
    ranker.save(str(folder), show_progress=False)
    return _built("bm25s", folder, started)


def bm25s_ask(given: Given, tell: Told) -> dict[str, Any]:
    """Questions to them; by numba where it is installed."""
    folder = given.home / "bm25s"
    if not folder.is_dir():
        return {}
    started = time.perf_counter()
    import bm25s
    import faiss

    ranker = bm25s.BM25.load(str(folder), show_progress=False, override_params={"backend": "auto"})
    vectors = faiss.read_index(str(folder / "flat.faiss"))
    tools = _tools(given)
    k = min(_LEXICAL, vectors.ntotal)

    def once(question: str) -> Scored:
        scores, rows = vectors.search(tools.encoder.encode_query(question)[None, :], _DENSE)
        legs = [_ranked(rows[0], scores[0])]
        # Without a known term bm25s would score a column that is not there.
        if known := [
            term for term in _terms(tools.segmenter, question) if term in ranker.vocab_dict
        ]:
            found = ranker.retrieve([known], k=k, show_progress=False)
            legs.append(_ranked(found.documents[0], found.scores[0]))
        return fuse(legs)

    return _asked("bm25s", given, once, started=started, tell=tell)


class _Vectors:
    """The vectors of all passages, batch by batch."""

    def __init__(self, tools: Tools) -> None:
        self._encoder = tools.encoder
        self._held: list[NDArray[np.float32]] = []

    def add(self, texts: Sequence[str]) -> None:
        """Encode more."""
        self._held.append(self._encoder.encode_passages(texts))

    def save(self, folder: Path) -> None:
        """Write them as one array."""
        import numpy as np

        np.save(folder / "vectors.npy", np.concatenate(self._held))


def _passages(given: Given, tell: Told) -> Iterator[tuple[list[str], list[str]]]:
    """Every passage of the index: its text, and what our encoder makes its vector of."""
    from retrieval.context import encoded_text
    from retrieval.ledger import Ledger

    ledgers = [Ledger.open(f) for f in sorted((given.index / "shards").glob("*.records"))]
    done, total = 0, sum(len(ledger) for ledger in ledgers)
    for ledger in ledgers:
        for first in range(0, len(ledger), _BATCH):
            batch = list(ledger.records(range(first, min(first + _BATCH, len(ledger)))))
            done += len(batch)
            tell("passages", done, total)
            yield [p.clean.text for _, p, _ in batch], [encoded_text(p, a) for _, p, a in batch]


def _tools(given: Given) -> Tools:
    from bot.settings import read_config
    from retrieval.tools import open_tools

    return open_tools(given.index, read_config(None).archive)


def _folder(given: Given, name: str) -> Path:
    folder = given.home / name
    folder.mkdir()
    return folder


def _terms(segmenter: Segmenter, text: str) -> list[str]:
    """The words and, told apart from them, the pairs of a text."""
    from retrieval.folding import fold

    terms = segmenter.terms(fold(text))
    return [*terms.words, *(f"_{pair}" for pair in terms.bigrams)]


def _ranked(rows: Sequence[int], scores: Sequence[float]) -> Scored:
    found = zip((int(row) for row in rows), (float(score) for score in scores), strict=True)
    return sorted(((r, s) for r, s in found if r >= 0 and s > 0), key=lambda one: (-one[1], one[0]))


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _built(name: str, folder: Path, started: tuple[float, float]) -> dict[str, Any]:
    wall, cpu = (now - then for now, then in zip(_now(), started, strict=True))
    disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    costs = {"build_s": wall, "build_cpu_s": cpu, "build_mb": peak_mb(), "disk_mb": disk}
    return {f"{name}_{cost}": value for cost, value in costs.items()}


def _asked(
    name: str, given: Given, once: Callable[[str], object], *, started: float, tell: Told
) -> dict[str, Any]:
    """The first answer, and then as many questions as patience allows."""
    once(given.questions[0])
    first = time.perf_counter() - started
    took: list[float] = []
    for question in given.questions:
        took.append(seconds(lambda q=question: once(q)))  # type: ignore[misc]
        tell("ask", len(took), len(given.questions))
        if len(took) >= _FEWEST and sum(took) > _PATIENCE_S:
            break
    costs = {f"{name}_first_s": first, f"{name}_asked": len(took), f"{name}_mb": peak_mb()}
    return {**costs, **spread_ms(name, took)}
