"""One system measured in a process of its own: ``subject MODULE:FUNCTION JOB OUTCOME``.

Reads Linux's ``/proc``.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path

import msgspec

from ..encoding.subject import resident
from .records import MAX_SHOWN_CHARS, Door, Job, Outcome, Reply


def measure(door: str, job: Job) -> Outcome:
    """What a system replies, and what that costs."""
    started = time.process_time()
    module, _, name = door.partition(":")
    built: Door = getattr(import_module(module), name)
    ask = built(job)
    build_s = time.process_time() - started
    replies: list[Reply] = []
    question_s: list[float] = []
    for question in job.questions:
        started = time.process_time()
        replies.append(ask(question))
        question_s.append(time.process_time() - started)
    if any(len(one.text) > MAX_SHOWN_CHARS for reply in replies for one in reply.shown):
        raise SystemExit(f"{door} shows more than {MAX_SHOWN_CHARS} characters; give fewer --chars")
    return Outcome(tuple(replies), tuple(question_s), build_s, resident("VmHWM"))


if __name__ == "__main__":
    outcome = measure(sys.argv[1], msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=Job))
    Path(sys.argv[3]).write_bytes(msgspec.json.encode(outcome))
