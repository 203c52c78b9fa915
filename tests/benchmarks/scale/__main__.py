"""Measures builds, updates and questions as an archive grows.

    python -m tests.benchmarks.scale CORPUS [--passages 10000,100000,1000000] [--plot FILE.svg]

CORPUS is the folder of ``text/news_*.jsonl.zst``. Prints the machine, the
versions and a table in Markdown; every step is a process of its own.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from retrieval.measures import read_questions

from .material import write_pages

ROOT = Path(__file__).parents[3]
_PACKAGES = ("jiwen", "faiss-cpu", "tantivy", "jieba", "rjieba", "numpy")
# What the table says of each size, and how it is written.
ROWS = {
    "passages": "{:,.0f}",
    "shards": "{:.0f}",
    "passages_s": "{:,.0f}",
    "build_cpu_s": "{:,.1f}",
    "build_mb": "{:.0f}",
    "worker_mb": "{:.0f}",
    "disk_mb": "{:,.0f}",
    "update_s": "{:.2f}",
    "update_mb": "{:.0f}",
    "open_s": "{:.2f}",
    "ask_p50_ms": "{:.1f}",
    "ask_p95_ms": "{:.1f}",
    "vectors_p50_ms": "{:.2f}",
    "lexicon_p50_ms": "{:.2f}",
    "ask_mb": "{:.0f}",
    "plain_p50_ms": "{:.1f}",
    "plain_mb": "{:.0f}",
}
PLOTTED = ("build_cpu_s", "disk_mb", "update_s", "ask_p50_ms", "ask_mb", "plain_p50_ms")
_COLOURS = ("#1b6ca8", "#888888", "#c0392b", "#27864a", "#8e44ad", "#d68910")


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path, exists=True))
@click.option("--passages", default="10000,100000", show_default=True)
@click.option("--plot", type=click.Path(path_type=Path))
def main(corpus: Path, passages: str, plot: Path | None) -> None:
    """Print the table."""
    measured = [{"passages": 0, **_seeds()}] if passages.startswith("5,") else []
    sizes = [int(size) for size in passages.split(",") if int(size) > 5]
    measured += [_sized(corpus, size) for size in sizes]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; {versions}\n"
    )
    print(table(measured))
    if plot:
        plot.write_text(drawing(measured), encoding="utf-8")


def _sized(corpus: Path, n_passages: int) -> dict[str, Any]:
    """What is measured of an archive of so many passages."""
    with tempfile.TemporaryDirectory() as home:
        write_pages(corpus, Path(home, "seeds"), n_passages)
        return _measured(Path(home, "seeds"), Path(home), ("build", "update", "ask", "plain"))


def _seeds() -> dict[str, Any]:
    """The same of the pages that come with the project."""
    with tempfile.TemporaryDirectory() as home:
        return _measured(ROOT / "seeds", Path(home), ("build", "ask", "plain"))


def _measured(seeds: Path, home: Path, steps: Sequence[str]) -> dict[str, Any]:
    questions = home / "questions.txt"
    asked = read_questions(ROOT / "tests" / "questions.jsonl")
    questions.write_text("\n".join(one.question for one in asked), encoding="utf-8")
    found: dict[str, Any] = {}
    for step in steps:
        arguments = [step, str(seeds), str(home / "index"), str(questions)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.scale.steps", *arguments],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
        )
        found.update(json.loads(done.stdout))
    return found


def table(measured: Sequence[dict[str, Any]]) -> str:
    """The figures as a table in Markdown, a column for each size."""
    lines = ["| measured |" + " |" * len(measured), "| --- |" + " ---: |" * len(measured)]
    for name, form in ROWS.items():
        cells = (form.format(one[name]) if name in one else "" for one in measured)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def drawing(measured: Sequence[dict[str, Any]]) -> str:
    """How the figures grow with the passages, both on logarithmic scales, as SVG."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" font-size="12">']
    largest = max(math.log10(one["passages"]) for one in measured)
    for name, colour in zip(PLOTTED, _COLOURS, strict=True):
        points = [
            (
                40 + 440 * math.log10(one["passages"]) / largest,
                300 - 60 * math.log10(max(one[name], 0.01)),
            )
            for one in measured
            if name in one
        ]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>' for x, y in points]
        if points:
            x, y = points[-1]
            parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{name}</text>')
    for power in range(-2, 5):
        parts.append(f'<text x="4" y="{304 - 60 * power}">{10.0**power:g}</text>')
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    main()
