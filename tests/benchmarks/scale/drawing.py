"""Figures → a drawing in SVG: how they grow with the passages, both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.scale.runs import Figures

_WIDTH, _HEIGHT = 760, 700
_PANEL_W, _PANEL_H = 285, 225
_LEFT, _TOP, _STEP_X, _STEP_Y = 70, 78, 380, 312
# Readable on light paper and on dark: the same hues, and a shape and a stroke for each, too.
_STYLE = """<style>
:root { --ink: #1f2328; --line: #d1d9e0; --jiwen: #0969da; --plain: #bc4c00; --bm25s: #1a7f37; }
@media (prefers-color-scheme: dark) {
:root { --ink: #e6edf3; --line: #3d444d; --jiwen: #6cb6ff; --plain: #f69d50; --bm25s: #6bc46d; } }
text { fill: var(--ink); font-family: sans-serif; font-size: 13px; }
.title { font-size: 15px; font-weight: bold; }
.grid { stroke: var(--line); }
</style>"""


@dataclass(frozen=True, slots=True)
class Series:
    """A system as it is drawn."""

    name: str
    label: str
    dash: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the drawing: its title, the unit of its axis, the figure of each system."""

    title: str
    unit: str
    keys: tuple[str, ...]


SERIES = (
    Series("jiwen", "jiwen", ""),
    Series("plain", "SQLite FTS5 + numpy", "7 4"),
    Series("bm25s", "bm25s + FAISS Flat", "2 4"),
)
PANELS = (
    Panel("A question, p50", "ms", ("ask_p50_ms", "plain_p50_ms", "bm25s_p50_ms")),
    Panel("Memory while asking", "MB", ("ask_mb", "plain_mb", "bm25s_mb")),
    Panel("Build", "processor s", ("build_cpu_s", "plain_build_cpu_s", "bm25s_build_cpu_s")),
    Panel("Start to first answer", "s", ("first_s", "plain_first_s", "bm25s_first_s")),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """A logarithmic axis: decades from ``low`` to ``high``, on the drawing from ``start`` to ``end``."""

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> Scale:
        """The axis of whole decades that holds all values."""
        logs = [math.log10(value) for value in values]
        low = math.floor(min(logs))
        return cls(low, max(math.ceil(max(logs)), low + 1), start, end)

    def at(self, value: float) -> float:
        """Where a value stands."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def decades(self) -> list[float]:
        """The powers of ten on the axis."""
        return [10.0**power for power in range(self.low, self.high + 1)]


def drawing(measured: Sequence[Figures]) -> str:
    """The panels and a legend, as SVG; a figure that was not measured leaves a gap at its end."""
    known = [one for one in measured if one.get("passages")]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        "<title>How questions, memory, build and start grow with the passages of an archive</title>",
        _STYLE,
        *_legend(),
    ]
    for n, panel in enumerate(PANELS):
        left, top = _LEFT + n % 2 * _STEP_X, _TOP + n // 2 * _STEP_Y
        parts += [f'<g transform="translate({left} {top})">', *_panel(panel, known), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _legend() -> Iterator[str]:
    for n, series in enumerate(SERIES):
        x = 70 + n * 215
        yield _line(series, [(x, 24), (x + 36, 24)])
        yield _mark(series, x + 18, 24)
        yield f'<text x="{x + 44}" y="28">{series.label}</text>'


def _panel(panel: Panel, measured: Sequence[Figures]) -> Iterator[str]:
    """One panel at the origin: grid and axes, then a line for each system."""
    lines = [
        [(one["passages"], one[key]) for one in measured if one.get(key)] for key in panel.keys
    ]
    yield f'<text class="title" x="0" y="-12">{panel.title}</text>'
    if not any(lines):
        return
    xs = Scale.over([x for line in lines for x, _ in line], 0, _PANEL_W)
    ys = Scale.over([y for line in lines for _, y in line], _PANEL_H, 0)
    yield from _axes(panel, xs, ys)
    for series, line in zip(SERIES, lines, strict=True):
        if line:
            places = [(xs.at(x), ys.at(y)) for x, y in line]
            yield _line(series, places)
            yield from (_mark(series, x, y) for x, y in places)


def _axes(panel: Panel, xs: Scale, ys: Scale) -> Iterator[str]:
    for value in xs.decades():
        x = xs.at(value)
        yield f'<path class="grid" d="M{x:.1f} 0V{_PANEL_H}"/>'
        yield f'<text x="{x:.1f}" y="{_PANEL_H + 18}" text-anchor="middle">{_short(value)}</text>'
    for value in ys.decades():
        y = ys.at(value)
        yield f'<path class="grid" d="M0 {y:.1f}H{_PANEL_W}"/>'
        yield f'<text x="-8" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>'
    yield f'<text x="{_PANEL_W / 2}" y="{_PANEL_H + 40}" text-anchor="middle">passages</text>'
    middle = f"translate(-52 {_PANEL_H / 2}) rotate(-90)"
    yield f'<text transform="{middle}" text-anchor="middle">{panel.unit}</text>'


def _short(value: float) -> str:
    """A power of ten as it is said: 10 k, 1 M."""
    for size, letter in ((1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _line(series: Series, places: Sequence[tuple[float, float]]) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    style = f"stroke: var(--{series.name}); stroke-width: 2; fill: none"
    dash = f' stroke-dasharray="{series.dash}"' if series.dash else ""
    return f'<polyline class="{series.name}" points="{points}" style="{style}"{dash}/>'


def _mark(series: Series, x: float, y: float) -> str:
    shapes = {
        "jiwen": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5"',
        "plain": f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"',
        "bm25s": f'<path d="M{x:.1f} {y - 5.5:.1f}l5 9h-10z"',
    }
    return f'{shapes[series.name]} style="fill: var(--{series.name})"/>'
