"""Calls run side by side: FAISS and tantivy let go of Python's lock while they search."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

_T = TypeVar("_T")
_MOST = 4  # threads: a question has a handful of shards
# Rows searched from which on it is worth it: of a million a question takes 2 ms less and a sixth more
# processor time; of a hundred thousand it takes as long.
WORTH_ROWS = 500_000


def results(calls: Iterable[Callable[[], _T]]) -> list[_T]:
    """What each call returns, in their order; all but the first must not run others so.

    The first is made by the calling thread itself.
    """
    first, *others = calls
    waiting = [_pool(os.getpid()).submit(call) for call in others]
    return [first(), *(one.result() for one in waiting)]


@cache
def _pool(_process: int) -> ThreadPoolExecutor:
    """The threads of this process; one that was forked has its own."""
    return ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST), thread_name_prefix="abreast")
