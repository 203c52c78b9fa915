"""What the terminal prints of measurements: tables by group, slice, confidence and trial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from bot.evaluation import Run
from retrieval.measures import Floors
from retrieval.measures import Table as Measures
from retrieval.records import Verdict

_COLUMNS = ("n", "found@1", "found@3", "marked", "right")
_VERDICTS = {Verdict.ANSWERED: "答", Verdict.RELATED: "相关", Verdict.NONE: "无"}
_SLICES = {"page": "按页", "newspaper": "按报纸", "legibility": "按可读程度"}


def measured(table: Measures, floors: Floors) -> Group:
    """The measures by group, then by slice, then how far the confidence can be believed."""
    return Group(
        _groups(table, floors),
        *(_slice(_SLICES[kind], rows) for kind, rows in table.slices.items() if rows),
        _reliability(table),
        Text(f"用时: 中位 {table.latency.p50_ms:.0f} 毫秒, p95 {table.latency.p95_ms:.0f} 毫秒"),
    )


def _groups(table: Measures, floors: Floors) -> Table:
    shown = Table(Column("类别", no_wrap=True), *_COLUMNS, *_VERDICTS.values())
    for group, row in table.groups.items():
        verdicts = (str(table.verdicts[group][verdict]) for verdict in _VERDICTS)
        shown.add_row(group, *_cells(row), *verdicts)
    shown.add_row("proven", "", f"{table.proven:.3f}")
    shown.caption = "下限: " + ", ".join(_pinned(floors))
    return shown


def _pinned(floors: Floors) -> Iterator[str]:
    for group, row in floors.items():
        for name, floor in row.items():
            yield f"{group} {name} ≥ {floor}"


def _slice(title: str, rows: Mapping[str, Mapping[str, float]]) -> Table:
    shown = Table(title, *_COLUMNS)
    for part, row in rows.items():
        shown.add_row(part, *_cells(row))
    return shown


def _reliability(table: Measures) -> Table:
    found = table.reliability
    shown = Table("把握", "n", "平均把握", "答对")
    for one in found.bins:
        label = f"{one.low:.1f}–{one.high:.1f}"
        shown.add_row(label, str(one.n), f"{one.confidence:.2f}", f"{one.right:.2f}")
    shown.caption = f"校准误差(ECE) {found.ece:.3f}, Brier {found.brier:.3f}"
    return shown


def trials_table(runs: Sequence[Run]) -> Table:
    """A row for each trial: how it was made worse, and the measures of its answerable questions."""
    shown = Table("认错", "另加", "段落", *_COLUMNS, "拒答", "proven")
    for run in runs:
        groups, trial = run.table.groups, run.trial
        noise, added = (trial.noise, len(trial.distractors)) if trial else (0.0, 0)
        refused = groups.get("none", {}).get("right")
        shown.add_row(
            f"{noise:.0%}",
            str(added),
            str(run.n_passages),
            *_cells(groups.get("answerable", {})),
            "" if refused is None else f"{refused:.3f}",
            f"{run.table.proven:.3f}",
        )
    return shown


def _cells(row: Mapping[str, float]) -> list[str]:
    return [
        "" if c not in row else f"{row[c]:.0f}" if c == "n" else f"{row[c]:.3f}" for c in _COLUMNS
    ]
