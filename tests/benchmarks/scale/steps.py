"""The steps that are timed, each in a process of its own: its peak memory is its own, too.

A step writes JSON, a line for each bit of progress and one for its figures at the end.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import peak_mb, resident_mb
from tests.benchmarks.scale import others
from tests.benchmarks.scale.clock import Clock, seconds, spread_ms
from tests.benchmarks.scale.given import Given, Told

_WARM_UP = 20
_PIECE = 1 << 20  # bytes
_UPDATES = 3
_RUNS = 5  # of `jiwen ask` as a whole process


def build(given: Given, tell: Told) -> dict[str, Any]:
    """Everything from the files to three stores."""
    from bot.settings import read_config
    from retrieval.archive import Archive

    started, cpu = time.perf_counter(), _processor_s()
    config = read_config(None).archive
    report = Archive.build(given.seeds, given.index, config, progress=tell)
    took, worked = time.perf_counter() - started, _processor_s() - cpu
    return {
        **report.counts,
        "shards": report.shards,
        "build_s": took,
        "build_cpu_s": worked,
        "build_rate": report.counts["passages"] / took,
        "build_cpu_rate": report.counts["passages"] / worked,
        **_disk_mb(given.index),
    }


def _disk_mb(index: Path) -> dict[str, float]:
    """What each kind of store takes on the disk, and the index as a whole."""
    whole = {path: path.stat().st_size / 1e6 for path in index.rglob("*") if path.is_file()}
    kinds = ("records", "lexicon", "vectors")
    found = {
        f"{kind}_mb": sum(mb for path, mb in whole.items() if path.parent.suffix == f".{kind}")
        for kind in kinds
    }
    generations = (mb for path, mb in whole.items() if "generations" in path.parts)
    return {"disk_mb": sum(whole.values()), **found, "register_mb": sum(generations)}


def update(given: Given, tell: Told) -> dict[str, Any]:
    """One page is written anew, and the index brought up to date; a few times over."""
    from bot.settings import read_config
    from retrieval.archive import Archive

    config = read_config(None).archive
    took: list[float] = []
    split: list[int] = []
    pages = sorted(given.seeds.glob("*.jsonl")) or sorted(given.seeds.glob("*.txt"))
    for n, page in enumerate(pages[:_UPDATES], start=1):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("。", f"({n})。", 1), encoding="utf-8")
        tell("update", n, min(_UPDATES, len(pages)))
        started = time.perf_counter()
        split.append(Archive.build(given.seeds, given.index, config).split)
        took.append(time.perf_counter() - started)
    return {
        "update_s": statistics.median(took),
        "updates_s": took,
        "updates_split": split,
        "update_mb": peak_mb(),
    }


def start(given: Given, _: Told) -> dict[str, Any]:
    """From nothing to the first answer; Python itself is running."""
    started = time.perf_counter()
    from bot.settings import read_config
    from retrieval.archive import Archive

    archive = Archive.open(given.seeds, given.index, read_config(None).archive)
    opened = time.perf_counter() - started
    archive.ask(given.questions[0])
    return {"open_s": opened, "first_s": time.perf_counter() - started}


def cold(given: Given, tell: Told) -> dict[str, Any]:
    """The same; whoever starts this step has seen to what is in the page cache."""
    return {f"cold_{name}": value for name, value in start(given, tell).items()}


def ask(given: Given, tell: Told) -> dict[str, Any]:
    """Every question, whole and by its stages.

    The first time as the page cache happens to be, then with all of the index in it.
    """
    from bot.settings import read_config
    from retrieval.archive import Archive
    from retrieval.lexicon import Lexicon
    from retrieval.reader import Reader
    from retrieval.vectors import Vectors

    clock = Clock()
    clock.time(Archive, "ask", "finish")
    clock.time(Reader, "understand", "understand")
    clock.time(Reader, "findings", "reading")
    clock.time(Vectors, "search", "vectors")
    clock.time(Vectors, "scores", "vectors")
    clock.time(Lexicon, "search", "lexicon")
    archive = Archive.open(given.seeds, given.index, read_config(None).archive)
    for question in given.questions[:_WARM_UP]:
        archive.ask(question)
    fresh = [seconds(lambda q=q: archive.ask(q)) for q in given.questions]  # type: ignore[misc]
    for path in (p for p in given.index.rglob("*") if p.is_file()):
        _read(path)
    clock.take()
    whole: list[float] = []
    stages: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for n, question in enumerate(given.questions, start=1):
        whole.append(seconds(lambda q=question: archive.ask(q)))  # type: ignore[misc]
        spent = clock.take()
        for stage, took in stages.items():
            took.append(spent.get(stage, 0.0))
        tell("ask", n, len(given.questions))
    found = {**spread_ms("ask", whole), **spread_ms("fresh", fresh)}
    for stage, took in stages.items():
        found |= spread_ms(stage, took)
    resident, anonymous = resident_mb()
    return {**found, "ask_mb": peak_mb(), "ask_rss_mb": resident, "ask_anonymous_mb": anonymous}


def _read(path: Path) -> None:
    """Have a file in the page cache."""
    with path.open("rb") as file:
        while file.read(_PIECE):
            pass


STAGES = ("understand", "lexicon", "vectors", "reading", "finish")


def command(given: Given, _: Told) -> dict[str, Any]:
    """`jiwen ask` as a whole process, as a reader calls it."""
    from tests.benchmarks.bench import process

    places = ["--seeds", str(given.seeds), "--index", str(given.index)]
    call = [sys.executable, "-m", "bot.cli", *places, "ask", given.questions[0]]
    took, peak = process(call, _RUNS)
    return {"command_s": took, "command_mb": peak}


STEPS: dict[str, Callable[[Given, Told], dict[str, Any]]] = {
    "build": build,
    "cold": cold,
    "start": start,
    "command": command,
    "ask": ask,
    "plain_build": others.plain_build,
    "plain_ask": others.plain_ask,
    "bm25s_build": others.bm25s_build,
    "bm25s_ask": others.bm25s_ask,
    "update": update,
}


def _processor_s() -> float:
    own, children = (
        resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main() -> None:
    """Take one step."""
    given = Given.read(sys.argv[2:])

    def tell(stage: str, done: int, total: int) -> None:
        print(json.dumps({"told": [stage, done, total]}), flush=True)

    print(json.dumps({"measured": STEPS[sys.argv[1]](given, tell)}), flush=True)


if __name__ == "__main__":
    main()
