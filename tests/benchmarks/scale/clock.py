"""Stages of a question: how long each takes by itself, without those inside it."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import wraps
from threading import local
from typing import Any


class Clock:
    """Times methods while they are called; what one spends inside another counts for the other."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = defaultdict(float)
        self._within = local()

    def time(self, owner: type, name: str, stage: str) -> None:
        """Count what a method of a class takes for a stage, from now on."""
        plain = getattr(owner, name)

        @wraps(plain)
        def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 -- whatever the method takes
            return self._timed(stage, lambda: plain(*given, **named))

        setattr(owner, name, timed)

    def take(self) -> dict[str, float]:
        """The seconds of each stage since the last time."""
        spent, self._spent = self._spent, defaultdict(float)
        return dict(spent)

    def _timed(self, stage: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 -- what the method returns
        inside: list[float] = self._within.__dict__.setdefault("inside", [])
        inside.append(0.0)
        started = time.perf_counter()
        try:
            return call()
        finally:
            took = time.perf_counter() - started
            self._spent[stage] += took - inside.pop()
            if inside:
                inside[-1] += took


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def spread_ms(name: str, took_s: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile, in milliseconds."""
    ordered = sorted(took_s)
    p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    return {f"{name}_p50_ms": statistics.median(ordered) * 1000, f"{name}_p95_ms": p95 * 1000}
