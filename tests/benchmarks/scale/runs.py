"""Steps as processes: started one after another, watched, and reported where they die."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import Watch, end
from tests.benchmarks.scale.given import Given, Told
from tests.benchmarks.scale.machine import drop_cached

ROOT = Path(__file__).parents[3]
Figures = dict[str, Any]
_MODULE = "tests.benchmarks.scale.steps"
_WHY_CHARS = 80  # of the last line of an error
# What each step needs to have gone well.
NEEDS = {"plain_ask": "plain_build", "bm25s_ask": "bm25s_build"}


class StepFailedError(Exception):
    """A step that ended without figures; the message says how."""


def measured(
    given: Given,
    steps: Sequence[str],
    *,
    limit_mb: float,
    told: Callable[[str], Told],
    module: str = _MODULE,
) -> Figures:
    """The figures of all steps, and which of them ``failed``, each with the reason.

    Steps whose index could not be built are left out. The index is out of the page cache when
    ``cold`` begins, as far as the system lets go of it.
    """
    figures: Figures = {"failed": {}}
    failed = figures["failed"]
    for step in steps:
        if step != "build" and ("build" in failed or NEEDS.get(step) in failed):
            continue
        if step == "cold":
            figures["cold_cached_share"] = drop_cached(given.index)
        try:
            figures |= taken(given, step, limit_mb=limit_mb, tell=told(step), module=module)
        except StepFailedError as error:
            failed[step] = str(error)
    return figures


def taken(
    given: Given, step: str, *, limit_mb: float, tell: Told, module: str = _MODULE
) -> Figures:
    """The figures of one step, taken in a process of its own.

    Raises:
        StepFailedError: it ended without figures, or took more memory than it may.
    """
    arguments = [sys.executable, "-m", module, step, *given.arguments()]
    said: Mapping[str, Any] = {}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        assert process.stdout
        try:
            with Watch(process.pid, limit_mb) as watch:
                for line in process.stdout:
                    said = json.loads(line)
                    if "told" in said:
                        tell(*said["told"])
                code = process.wait()
        finally:
            end(process.pid)
            process.stdout.close()
        errors.seek(0)
        last = errors.read().decode("utf-8", "replace").strip().splitlines()[-1:]
    if watch.over:
        raise StepFailedError(f"does not fit in {limit_mb / 1024:g} GB")
    if code or "measured" not in said:
        why = "".join(f": {line[:_WHY_CHARS]}" for line in last)
        raise StepFailedError(f"ended with code {code}{why}")
    return {**said["measured"], **(_memory(watch, process.pid) if step == "build" else {})}


def _memory(watch: Watch, builder: int) -> Figures:
    """The peaks of a build: of the process that runs it, of each that it started, of all at once."""
    return {
        "build_mb": watch.peaks.get(builder, 0.0),
        "workers_mb": watch.worker_peaks(),
        "build_together_mb": max(watch.together_mb, *watch.peaks.values()),
    }
