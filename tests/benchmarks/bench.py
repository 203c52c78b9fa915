"""Times the build, one question as a whole process, and questions to an open archive.

    make bench        (or: python tests/benchmarks/bench.py [QUESTIONS.jsonl])

Prints a table in Markdown. Machines differ and are noisy, so each figure also stands as a multiple
of a bare Python start on the same machine, measured in the same run.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.settings import read_config
from retrieval.archive import Archive
from retrieval.measures import read_questions

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "questions.jsonl"
_RUNS = 7


# Started from a small process: a child's peak memory counts what its parent held at the fork.
_LAUNCHER = """
import os, subprocess, sys, time
started = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
print(time.perf_counter() - started, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def process(command: list[str], runs: int = _RUNS) -> tuple[float, float]:
    """The median wall seconds and the largest resident MB of a whole process."""
    seconds, peak = [], 0.0
    for _ in range(runs + 1):  # the first warms the caches and is not counted
        launch = [sys.executable, "-c", _LAUNCHER, *command]
        printed = subprocess.run(launch, check=True, capture_output=True, text=True, cwd=ROOT)
        wall, kilobytes, code = printed.stdout.split()
        if int(code) not in (0, 1):
            raise SystemExit(f"{command}: failed")
        seconds.append(float(wall))
        peak = max(peak, int(kilobytes) / 1024)
    return statistics.median(seconds[1:]), peak


def main(questions: Path) -> None:
    """Print the table."""
    settings = read_config().archive
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        started = time.perf_counter()
        report = Archive.build(ROOT / "seeds", index, settings)
        build_s = time.perf_counter() - started
        archive = Archive.open(ROOT / "seeds", index, settings)
        asked = [one.question for one in read_questions(questions)]
        for question in asked[:20]:
            archive.ask(question)
        took = sorted(_timed(archive, question) for question in asked for _ in range(3))
        bare_s, _ = process([sys.executable, "-c", "pass"])
        ask = [sys.executable, "-m", "bot.cli", "--index", str(index), "ask", asked[0]]
        ask_s, ask_mb = process(ask)
    rows = [
        ("build of seeds/", f"{build_s:.2f} s, {report.counts['passages']} passages", build_s),
        ("`jiwen ask`, whole process, median", f"{ask_s:.2f} s, {ask_mb:.0f} MB", ask_s),
        ("question, open archive, p50", f"{_at(took, 0.5) * 1000:.1f} ms", _at(took, 0.5)),
        ("question, open archive, p95", f"{_at(took, 0.95) * 1000:.1f} ms", _at(took, 0.95)),
    ]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n")
    print("| what | measured | × a bare Python start |\n| --- | --- | --- |")
    for what, measured, seconds in rows:
        print(f"| {what} | {measured} | {seconds / bare_s:.2f} |")


def _timed(archive: Archive, question: str) -> float:
    started = time.perf_counter()
    archive.ask(question)
    return time.perf_counter() - started


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS)
