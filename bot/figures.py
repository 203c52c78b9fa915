"""What the bot counts while it runs: answers, how long they took, who was turned away."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.gate import Ruling
from retrieval.records import Verdict

# Upper ends of the histogram, seconds: half of all answers take 20-40 ms on two cores.
BOUNDS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_RECENT: Final = 1000  # answers that the percentiles are taken of
_PAGE_BYTES: Final = 4096


@dataclass(slots=True)
class Figures:
    """Counts since the start; changed on the event loop only."""

    started: float = field(default_factory=time.monotonic)
    verdicts: Counter[str] = field(default_factory=Counter)
    rulings: Counter[str] = field(default_factory=Counter)
    reloads: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    duplicates: int = 0
    polled: float | None = None  # when the server last gave updates, or said there are none
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    sum_s: float = 0.0
    recent_s: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))

    def ruled(self, ruling: Ruling) -> None:
        """Count an update at the gate."""
        self.rulings[ruling.value] += 1

    def answered(self, verdict: Verdict, took_s: float) -> None:
        """Count an answer and how long its reader waited for it."""
        self.verdicts[verdict.value] += 1
        self.buckets[bisect_left(BOUNDS_S, took_s)] += 1
        self.sum_s += took_s
        self.recent_s.append(took_s)

    def reloaded(self, *, worked: bool) -> None:
        """Count a change of the index, or that it could not be opened."""
        self.reloads["ok" if worked else "failed"] += 1

    def percentile(self, share: float) -> float | None:
        """Return within how many seconds that share of the recent answers came (nearest rank)."""
        if not self.recent_s:
            return None
        ordered = sorted(self.recent_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def uptime_s(self) -> float:
        """Return how long the bot has been running."""
        return time.monotonic() - self.started


def resident_bytes() -> int:
    """Return the memory that this process holds; 0 where the system does not say (Linux does)."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0
