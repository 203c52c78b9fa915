"""What goes wrong between a bot and the server: told to, or by chance at given rates."""

from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum

from .errors import ApiError, DroppedError, SilentError, cannot_parse, too_many


class Trouble(Enum):
    TOO_MANY = 429
    BAD_GATEWAY = 502
    UNAUTHORIZED = 401
    CONFLICT = 409
    CANNOT_PARSE = 400
    DROPPED = 0  # the connection is closed without a word; nothing was taken
    REPLY_LOST = 1  # the same, but the request was taken
    SILENT = 2  # the request was taken, and nothing is said for so long that nobody waits


_AS_REPLY = {
    Trouble.BAD_GATEWAY: ApiError(502, "Bad Gateway"),
    Trouble.UNAUTHORIZED: ApiError(401, "Unauthorized"),
    Trouble.CONFLICT: ApiError(409, "Conflict: terminated by other getUpdates request"),
    Trouble.CANNOT_PARSE: cannot_parse("told to fail"),
}


class Troubles:
    """What the next calls of a method meet."""

    def __init__(self) -> None:
        self._told: defaultdict[str, deque[tuple[Trouble, int]]] = defaultdict(deque)
        self._rates: Mapping[Trouble, float] = {}
        self._chance = random.Random(0)
        self.met: Counter[Trouble] = Counter()

    def tell(self, method: str, trouble: Trouble, times: int, retry_after: int) -> None:
        self._told[method].extend([(trouble, retry_after)] * times)

    def at_random(self, rates: Mapping[Trouble, float], seed: int) -> None:
        """From now on, each call meets each trouble with this probability."""
        self._rates, self._chance = rates, random.Random(seed)

    @contextmanager
    def around(self, method: str) -> Iterator[bool]:
        """Whether the reply to this call will be lost; raises what it meets."""
        trouble, retry_after = self._next(method)
        if trouble:
            self.met[trouble] += 1
        if trouble is Trouble.TOO_MANY:
            raise too_many(retry_after)
        if trouble is Trouble.DROPPED:
            raise DroppedError
        if trouble in _AS_REPLY:
            raise _AS_REPLY[trouble]
        yield trouble in (Trouble.REPLY_LOST, Trouble.SILENT)
        if trouble is Trouble.REPLY_LOST:
            raise DroppedError
        if trouble is Trouble.SILENT:
            raise SilentError

    def _next(self, method: str) -> tuple[Trouble | None, int]:
        if self._told[method]:
            return self._told[method].popleft()
        at = self._chance.random() if self._rates else 1.0
        for trouble, rate in self._rates.items():
            if at < rate:
                return trouble, 1
            at -= rate
        return None, 0
