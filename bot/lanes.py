"""One lane a chat: what comes in one chat is done in order, chats do not wait for each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MAX_WAITING = 20  # messages of one chat that may wait; a flood past that is dropped


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Lanes:
    """The chats that have something under way; those that have nothing are forgotten."""

    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}

    def full(self, chat: int) -> bool:
        """Whether this chat has so much under way that more is not taken."""
        lane = self._lanes.get(chat)
        return lane is not None and lane.waiting >= MAX_WAITING

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Wait until what came before in this chat is done; turns are taken in order."""
        lane = self._lanes.setdefault(chat, _Lane())
        lane.waiting += 1
        try:
            async with lane.lock:
                yield
        finally:
            lane.waiting -= 1
            if not lane.waiting:
                del self._lanes[chat]
