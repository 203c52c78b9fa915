"""Measured systems → a table, for the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from .scores import MEASURES, Estimate

_HEADS = ("set", "queries", "texts", "system", *map(str, MEASURES))


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set; ``gain`` is its first measure less the baseline's on the same queries.

    ``model`` is empty for systems without one.
    """

    part: str
    queries: int
    texts: int
    system: str
    model: str
    estimates: Sequence[Estimate]
    gain: Estimate | None


def terminal(rows: Sequence[Row], baseline: str) -> Table:
    """The rows as a table for the terminal."""
    table = Table(*_heads(baseline))
    for row in rows:
        table.add_row(*_cells(row))
    return table


def markdown(rows: Sequence[Row], baseline: str) -> str:
    """The rows as a table in Markdown."""
    heads = _heads(baseline)
    lines = [heads, ("---",) * len(heads), *map(_cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _heads(baseline: str) -> tuple[str, ...]:
    return (*_HEADS, f"{MEASURES[0]} less that of {baseline}")


def _cells(row: Row) -> tuple[str, ...]:
    system = f"{row.system} ({row.model})" if row.model else row.system
    gain = signed(row.gain) if row.gain else ""
    found = [plain(estimate) for estimate in row.estimates]
    return (row.part, f"{row.queries:,}", f"{row.texts:,}", system, *found, gain)


def plain(found: Estimate) -> str:
    """A share and its interval, without the zeros before the points."""
    return f"{_short(found.mean)} ({_short(found.low)}–{_short(found.high)})"


def signed(found: Estimate) -> str:
    return f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def _short(share: float) -> str:
    return f"{share:.3f}".removeprefix("0")
