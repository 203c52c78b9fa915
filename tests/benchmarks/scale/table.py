"""Figures → a table in Markdown, and its place in the README."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.benchmarks.scale.runs import Figures

BEGIN, END = "<!-- scale -->", "<!-- /scale -->"
PLOT = "docs/scale.svg"
COMMAND = "python -m tests.benchmarks.scale CORPUS"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what it says, the figures it shows, how each is written, the step that measures it."""

    what: str
    keys: tuple[str, ...]
    form: str
    step: str
    grows: bool = True

    def cell(self, figures: Figures) -> str:
        """The row's figures of one size; empty where nothing was measured."""
        found = [figures[key] for key in self.keys if figures.get(key) is not None]
        each = [one for value in found for one in (value if isinstance(value, list) else [value])]
        return " · ".join(self.form.format(one) for one in each)

    def growth(self, measured: Sequence[Figures]) -> str:
        """How its first figure grows from size to size: the exponent of the number of passages."""
        sizes = [(one.get("passages"), one.get(self.keys[0])) for one in measured]
        return " · ".join(_exponent(*sizes) for sizes in pairwise(sizes)) if self.grows else ""


def _exponent(small: tuple[Any, Any], large: tuple[Any, Any]) -> str:
    values = (*small, *large)
    if not all(isinstance(v, int | float) and v > 0 for v in values) or small[0] == large[0]:
        return "–"
    return f"{math.log(large[1] / small[1]) / math.log(large[0] / small[0]):.2f}"


def _spread(stage: str) -> tuple[str, str]:
    return f"{stage}_p50_ms", f"{stage}_p95_ms"


def _other(what: str, name: str) -> tuple[Row, ...]:
    """The rows of a system that stands beside ours."""
    built, asked = f"{name}_build", f"{name}_ask"
    return (
        Row(f"{what}: built of split passages, s", (f"{name}_build_s",), "{:,.1f}", built),
        Row("… memory while building, MB", (f"{name}_build_mb",), "{:,.0f}", built),
        Row("… disk, MB", (f"{name}_disk_mb",), "{:,.0f}", built),
        Row("… start to first answer, s", (f"{name}_first_s",), "{:.2f}", asked),
        Row("… a question, ms: p50 · p95", _spread(name), "{:,.1f}", asked),
        Row("… memory while asking, MB", (f"{name}_mb",), "{:,.0f}", asked),
    )


ROWS = (
    Row("pages", ("pages",), "{:,.0f}", "build", grows=False),
    Row("shards", ("shards",), "{:.0f}", "build", grows=False),
    Row("built, s", ("build_s",), "{:,.1f}", "build"),
    Row("… processor, s", ("build_cpu_s",), "{:,.1f}", "build"),
    Row("… passages a second, and a processor second", ("build_rate", "build_cpu_rate"), "{:,.0f}", "build"),
    Row("… memory of the builder, MB", ("build_mb",), "{:,.0f}", "build"),
    Row("… of each worker, MB", ("workers_mb",), "{:,.0f}", "build", grows=False),
    Row("… of all at once, MB", ("build_together_mb",), "{:,.0f}", "build"),
    Row("disk: records, MB", ("records_mb",), "{:,.1f}", "build"),
    Row("… lexicon, MB", ("lexicon_mb",), "{:,.1f}", "build"),
    Row("… vectors, MB", ("vectors_mb",), "{:,.1f}", "build"),
    Row("… register and manifest, MB", ("register_mb",), "{:,.1f}", "build"),
    Row("… the whole index, MB", ("disk_mb",), "{:,.1f}", "build"),
    Row("one page changed, s", ("update_s",), "{:.2f}", "update"),
    Row("… memory, MB", ("update_mb",), "{:,.0f}", "update"),
    Row("imported and opened, s", ("open_s",), "{:.2f}", "start"),
    Row("… to the first answer, s", ("first_s",), "{:.2f}", "start"),
    Row("… both, the index not in the page cache, s", ("cold_open_s", "cold_first_s"), "{:.2f}", "cold"),
    Row("… of the index still in it", ("cold_cached_share",), "{:.0%}", "cold", grows=False),
    Row("`jiwen ask`, the whole process, s", ("command_s",), "{:.2f}", "command"),
    Row("… memory, MB", ("command_mb",), "{:,.0f}", "command"),
    Row("a question, ms: p50 · p95", _spread("ask"), "{:,.1f}", "ask"),
    Row("… soon after a start, most of the index on the disk", _spread("fresh"), "{:,.1f}", "ask"),
    Row("… understanding it", _spread("understand"), "{:,.2f}", "ask"),
    Row("… the lexicon", _spread("lexicon"), "{:,.2f}", "ask"),
    Row("… the vectors", _spread("vectors"), "{:,.2f}", "ask"),
    Row("… reading, ranking, weighing", _spread("reading"), "{:,.2f}", "ask"),
    Row("… proof and the rest", _spread("finish"), "{:,.2f}", "ask"),
    Row("memory after all questions, peak, MB", ("ask_mb",), "{:,.0f}", "ask"),
    Row("… of it not of files, MB", ("ask_anonymous_mb",), "{:,.0f}", "ask"),
    *_other("SQLite FTS5 + numpy", "plain"),
    *_other("bm25s + FAISS Flat", "bm25s"),
)  # fmt: skip


def table(measured: Sequence[Figures]) -> str:
    """The figures as a table in Markdown, a column for each size; what none has is left out."""
    counts = [f"{one['passages']:,}" if "passages" in one else "" for one in measured]
    lines = [
        f"| passages | {' | '.join(counts)} | growth |",
        "| --- |" + " ---: |" * len(measured) + " --- |",
    ]
    told: set[tuple[int, str]] = set()
    for row in ROWS:
        cells = [_cell(row, one, told, n) for n, one in enumerate(measured)]
        if any(cells):
            growth = row.growth(measured) if len(measured) > 1 else ""
            lines.append(f"| {row.what} | {' | '.join(cells)} | {growth} |")
    return "\n".join(lines)


def _cell(row: Row, figures: Figures, told: set[tuple[int, str]], column: int) -> str:
    """A cell; of a step that failed the first one says why."""
    why = figures.get("failed", {}).get(row.step)
    if why is None or (column, row.step) in told:
        return row.cell(figures)
    told.add((column, row.step))
    return str(why).replace("|", "/")


def about(machine: Mapping[str, str]) -> str:
    """The machine that the figures are of, in a line."""
    told = [value if key != "seed" else f"seed {value}" for key, value in machine.items()]
    cores = told.index(machine["cores"])
    told[cores], python = f"{machine['cores']} cores", told.index(machine["python"])
    told[python] = f"Python {machine['python']}"
    return f"{'; '.join(told)}."


def block(found: Mapping[str, Any]) -> str:
    """What the README says of the figures in a file of them, between its markers."""
    return "\n".join(
        [
            BEGIN,
            f"![How questions, memory, build and start grow with the archive]({PLOT})",
            "",
            table(found["sizes"]),
            "",
            about(found["machine"]),
            END,
        ]
    )


def with_block(text: str, found: Mapping[str, Any]) -> str:
    """The README with the figures in their place.

    Raises:
        ValueError: it has no such place.
    """
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"there must be one {BEGIN} … {END}")
    return pattern.sub(lambda _: block(found), text)
