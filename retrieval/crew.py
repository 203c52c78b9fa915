"""Orders → shards: one after the other, or shared out among processes where that is worth it.

A process is started afresh and told everything as text, so nothing of this one is copied into it.
It ends with the one that started it, however that ends: its pipe breaks.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import msgspec

from retrieval.errors import PageError
from retrieval.making import Order, is_made, make_shard
from retrieval.manifest import Shard
from retrieval.settings import Settings
from retrieval.tools import Tools, open_tools

Progress = Callable[[str, int, int], None]  # stage, done, total (0: not known yet)


class _Said(msgspec.Struct, frozen=True):
    """What a worker says: more of a stage is done, its shard is, or why it cannot be."""

    stage: str = ""
    more: int = 0
    failure: str = ""
    of_page: bool = False


@dataclass(slots=True)
class Meter:
    """Adds up what is done; how many passages there are is known when all pages are split."""

    tell: Progress
    n_pages: int
    done: dict[str, int] = field(default_factory=dict)

    def __call__(self, stage: str, more: int) -> None:
        """Count ``more`` of a stage."""
        self.done[stage] = self.done.get(stage, 0) + more
        if stage == "passages":
            return
        total = self.n_pages
        if stage != "split":
            known = self.done.get("split", 0) >= self.n_pages
            total = self.done.get("passages", 0) if known else 0
        self.tell(stage, self.done[stage], total)


def make_shards(
    orders: Sequence[Order], seeds: Path, index: Path, *, tools: Tools, tell: Progress
) -> list[Shard]:
    """The shards that were ordered, in their order.

    Raises:
        PageError: a page changed while it was read.
    """
    due = [order for order in orders if not is_made(order, index)]
    meter = Meter(tell, sum(len(order.pages) for order in due))
    hands = min(workers(), len(due))
    if hands > 1:
        tools.segmenter.own_words()  # once for all of them
        _share_out(due, (seeds, index, tools.settings), hands, meter)
        due = []
    told = (meter if order in due else _silent for order in orders)
    each = zip(orders, told, strict=True)
    return [make_shard(order, seeds, index, tools, tell=tell) for order, tell in each]


def _silent(_stage: str, _more: int) -> None:
    """Count nothing: it was counted, or was there before."""


def workers() -> int:
    """How many processes may work at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _share_out(
    orders: Sequence[Order], places: tuple[Path, Path, Settings], hands: int, meter: Meter
) -> None:
    """Have the shards made by ``hands`` processes; none of them outlives the call."""
    context = multiprocessing.get_context("spawn")
    waiting = list(orders)[::-1]
    at_work: set[Connection] = set()
    crew: list[SpawnProcess] = []
    try:
        for _ in range(hands):
            ours, theirs = context.Pipe()
            crew.append(context.Process(target=_work, args=(theirs, *_told(places)), daemon=True))
            crew[-1].start()
            theirs.close()  # or its end would never be heard
            ours.send_bytes(msgspec.json.encode(waiting.pop()))
            at_work.add(ours)
        while at_work:
            for ready in connection.wait(list(at_work)):
                assert isinstance(ready, Connection)  # noqa: S101 -- what was handed in
                said = _hear(ready)
                if said is not None:
                    meter(*said)
                elif waiting:
                    ready.send_bytes(msgspec.json.encode(waiting.pop()))
                else:
                    at_work.remove(ready)
    finally:
        for process in crew:
            process.kill()
            process.join()


def _hear(worker: Connection) -> tuple[str, int] | None:
    """How many more of a stage a worker has done; ``None`` where its shard is made.

    Raises:
        PageError: a page changed while it was read.
        OSError: the index cannot be written.
    """
    try:
        said = msgspec.json.decode(worker.recv_bytes(), type=_Said)
    except (EOFError, ConnectionError) as error:
        raise OSError(
            "a process that was building it ended: was it killed, or out of memory?"
        ) from error
    if said.failure:
        raise (PageError if said.of_page else OSError)(said.failure)
    return (said.stage, said.more) if said.stage else None


def _told(places: tuple[Path, Path, Settings]) -> tuple[str, str, bytes]:
    """What a worker is told of the seeds, the index and the settings."""
    seeds, index, settings = places
    return str(seeds), str(index), msgspec.json.encode(settings)


def _work(to: Connection, seeds: str, index: str, settings: bytes) -> None:
    """Make shards as they are ordered, until the process that orders them ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    tools = open_tools(Path(index), msgspec.json.decode(settings, type=Settings))

    def tell(stage: str, more: int) -> None:
        to.send_bytes(msgspec.json.encode(_Said(stage, more)))

    try:
        while True:
            order = msgspec.json.decode(to.recv_bytes(), type=Order)
            make_shard(order, Path(seeds), Path(index), tools, tell=tell)
            to.send_bytes(msgspec.json.encode(_Said()))
    except (EOFError, ConnectionError):
        return
    except (PageError, OSError) as error:
        failed = _Said(failure=str(error), of_page=isinstance(error, PageError))
        to.send_bytes(msgspec.json.encode(failed))
