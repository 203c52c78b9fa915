"""Processes that a benchmark starts: what memory they take together, and whether one is left.

Reads Linux's /proc; elsewhere there is nothing to see, and the figures stay empty.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

PROC = Path("/proc")
_LOOK_S = 0.1  # between two looks at the memory: a shard is made in seconds
_MB = 1024  # kB, as /proc counts


def in_session(session: int) -> list[int]:
    """The processes of a session, dead ones that nobody has waited for left out."""
    return [int(p.name) for p in PROC.glob("[0-9]*") if _session(p) == session]


def _session(process: Path) -> int | None:
    """The session of a process that lives."""
    with suppress(OSError):  # it has just ended
        state, _, _, session, *_ = (process / "stat").read_text().rpartition(")")[2].split()
        return None if state == "Z" else int(session)
    return None


def memory_mb(process: int | str, *fields: str) -> list[float]:
    """Fields of a process's ``status``, such as VmRSS and its peak VmHWM; 0 where there are none.

    VmHWM counts from the start of the program, unlike ru_maxrss, which knows its parent's, too.
    """
    with suppress(OSError):
        said = (PROC / str(process) / "status").read_text()
        found = (re.search(rf"^{name}:\s+(\d+) kB", said, re.MULTILINE) for name in fields)
        return [int(match[1]) / _MB if match else 0.0 for match in found]
    return [0.0] * len(fields)


def peak_mb() -> float:
    """The most memory that this process had."""
    return memory_mb("self", "VmHWM")[0]


def resident_mb() -> tuple[float, float]:
    """The memory of this process now, and how much of it no file could give back."""
    with suppress(OSError):
        said = (PROC / "self" / "smaps_rollup").read_text()
        rss, own = (
            re.search(rf"^{name}:\s+(\d+)", said, re.MULTILINE) for name in ("Rss", "Anonymous")
        )
        if rss and own:
            return int(rss[1]) / _MB, int(own[1]) / _MB
    return 0.0, 0.0


def end(session: int) -> None:
    """Kill every process of a session that was started for the purpose."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


@dataclass(slots=True)
class Watch:
    """Looks at a session's memory until it is closed; one that takes more than its limit is ended.

    ``peaks`` are those of its processes, ``workers`` those of them that it started for their work.
    """

    session: int
    limit_mb: float
    peaks: dict[int, float] = field(default_factory=dict)
    workers: set[int] = field(default_factory=set)
    together_mb: float = 0.0
    over: bool = False
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._done.set()
        if self._thread:
            self._thread.join()

    def worker_peaks(self) -> list[float]:
        """The peaks of the workers, the largest first."""
        return sorted((self.peaks[pid] for pid in self.workers), reverse=True)

    def _look(self) -> None:
        while not self._done.wait(_LOOK_S):
            self.look()

    def look(self) -> None:
        """Take the memory of all processes once."""
        together = 0.0
        for pid in in_session(self.session):
            now, peak = memory_mb(pid, "VmRSS", "VmHWM")
            together += now
            self.peaks[pid] = max(self.peaks.get(pid, 0.0), peak)
            if pid not in self.workers and _is_worker(pid):
                self.workers.add(pid)
        self.together_mb = max(self.together_mb, together)
        if together > self.limit_mb and not self.over:
            self.over = True
            end(self.session)


def _is_worker(pid: int) -> bool:
    """Whether ``multiprocessing`` started a process for its work."""
    with suppress(OSError):
        return b"spawn_main" in (PROC / str(pid) / "cmdline").read_bytes()
    return False
