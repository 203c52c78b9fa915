"""The steps that are timed, each in a process of its own: its peak memory is its own, too."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

_WARM_UP = 20


def memory_mb(of: int = resource.RUSAGE_SELF) -> float:
    """The most memory this process had, or the largest of those it started."""
    return resource.getrusage(of).ru_maxrss / 1024


def build(seeds: Path, index: Path, _: Sequence[str]) -> dict[str, Any]:
    """Everything from the files to three stores."""
    from bot.settings import read_config
    from retrieval.archive import Archive

    started, cpu = time.perf_counter(), _cpu_s()
    report = Archive.build(seeds, index, read_config(None).archive)
    took = time.perf_counter() - started
    n = report.counts["passages"]
    return {
        "passages": n,
        "build_s": took,
        "build_cpu_s": _cpu_s() - cpu,
        "passages_s": n / took,
        "build_mb": memory_mb(),
        "worker_mb": memory_mb(resource.RUSAGE_CHILDREN),
        "disk_mb": sum(p.stat().st_size for p in index.rglob("*") if p.is_file()) / 1e6,
        "shards": report.shards,
    }


def update(seeds: Path, index: Path, _: Sequence[str]) -> dict[str, Any]:
    """One page is written anew, and the index brought up to date."""
    from bot.settings import read_config
    from retrieval.archive import Archive

    page = sorted(seeds.glob("*.jsonl"))[0]
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("。", f"({time.time_ns()})。", 1), encoding="utf-8")
    started = time.perf_counter()
    report = Archive.build(seeds, index, read_config(None).archive)
    return {
        "update_s": time.perf_counter() - started,
        "split": report.split,
        "update_mb": memory_mb(),
    }


def ask(seeds: Path, index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Start-up, then every question, whole and by its stages."""
    started = time.perf_counter()
    from bot.settings import read_config
    from retrieval.archive import Archive

    archive = Archive.open(seeds, index, read_config(None).archive)
    opened = time.perf_counter() - started
    for question in questions[:_WARM_UP]:
        archive.ask(question)
    whole = [_timed(lambda q=question: archive.ask(q)) for question in questions]
    reader = archive.reader
    tools = reader._tools
    vectors = [tools.encoder.encode_query(q) for q in questions]
    terms = [tools.segmenter.terms(q) for q in questions]
    dense = [_timed(lambda v=v: reader._vectors.search(v, 100)) for v in vectors]
    lexical = [_timed(lambda t=t: reader._lexicon.search(t, 500)) for t in terms]
    return {
        "open_s": opened,
        **_spread("ask", whole),
        **_spread("vectors", dense),
        **_spread("lexicon", lexical),
        "ask_mb": memory_mb(),
    }


def plain(seeds: Path, index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """The same passages in SQLite's FTS5 (pairs of characters) and a float16 array."""
    import sqlite3

    from bot.settings import read_config
    from retrieval.ledger import Ledger
    from retrieval.tokens import bigrams
    from retrieval.tools import open_tools

    tools = open_tools(index, read_config(None).archive)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize='unicode61')")
    held: list[Any] = []
    started = time.perf_counter()
    for folder in sorted((index / "shards").glob("*.records")):
        ledger = Ledger.open(folder)
        for first in range(0, len(ledger), 1024):
            texts = [
                p.clean.text for p in ledger.passages(range(first, min(first + 1024, len(ledger))))
            ]
            held.append(tools.encoder.encode_passages(texts).astype(np.float16))
            rows = [(" ".join(bigrams(text)),) for text in texts]
            db.executemany("INSERT INTO t(x) VALUES (?)", rows)
    vectors = np.concatenate(held)
    built = time.perf_counter() - started

    def once(question: str) -> None:
        scores = vectors.astype(np.float32) @ tools.encoder.encode_query(question)
        np.argpartition(-scores, min(100, len(scores) - 1))
        pairs = " OR ".join(f'"{pair}"' for pair in bigrams(question)) or '"无"'
        db.execute(
            "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 500", (pairs,)
        ).fetchall()

    few = questions[: max(5, min(len(questions), 2_000_000 // max(len(vectors), 1)))]
    took = [_timed(lambda q=q: once(q)) for q in few]
    return {"plain_build_s": built, **_spread("plain", took), "plain_mb": memory_mb()}


STEPS: dict[str, Callable[[Path, Path, Sequence[str]], dict[str, Any]]] = {
    "build": build,
    "update": update,
    "ask": ask,
    "plain": plain,
}


def _cpu_s() -> float:
    own, children = (
        resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _spread(name: str, seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    return {f"{name}_p50_ms": statistics.median(ordered) * 1000, f"{name}_p95_ms": p95 * 1000}


def main() -> None:
    """Take one step and print what was measured as JSON."""
    import json

    step, seeds, index = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    questions = Path(sys.argv[4]).read_text(encoding="utf-8").splitlines()
    print(json.dumps(STEPS[step](seeds, index, questions)))


if __name__ == "__main__":
    main()
