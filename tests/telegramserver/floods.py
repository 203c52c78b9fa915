"""How much a bot may send (Bots FAQ, "My bot is hitting limits, how do I avoid this?").

"In a single chat, avoid sending more than one message per second. We may allow short bursts";
"In a group, bots are not … able to send more than 20 messages per minute"; "For bulk
notifications, bots are not able to broadcast more than about 30 messages per second".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from .errors import too_many

COUNTED = ("sendMessage", "sendDocument", "sendPhoto", "editMessageText", "editMessageCaption")


@dataclass(frozen=True, slots=True)
class Allowance:
    """``burst`` messages at once, then ``per_s`` a second."""

    burst: float
    per_s: float


CHAT = Allowance(20, 1.0)  # how short the short bursts are is not said
GROUP = Allowance(20, 20 / 60)
OVERALL = Allowance(30, 30.0)
UNLIMITED = Allowance(math.inf, 0.0)


class Floods:
    """Token buckets, one a chat and one for all."""

    def __init__(self, now: Callable[[], float], overall: Allowance = UNLIMITED) -> None:
        self._now, self._overall = now, overall
        self._buckets: dict[int, tuple[float, float]] = {}

    def count(self, chat_id: int) -> None:
        """Count a message to a chat; raises 429 where it is too many."""
        here = CHAT if chat_id > 0 else GROUP
        places = [(chat_id, here)] + ([] if self._overall is UNLIMITED else [(0, self._overall)])
        left = [(key, *self._left(key, rule)) for key, rule in places]
        if (wait_s := max(wait for *_, wait in left)) > 0:
            raise too_many(math.ceil(wait_s))
        for key, tokens, _ in left:
            self._buckets[key] = tokens - 1, self._now()

    def _left(self, key: int, rule: Allowance) -> tuple[float, float]:
        tokens, at = self._buckets.get(key, (rule.burst, self._now()))
        tokens = min(rule.burst, tokens + (self._now() - at) * rule.per_s)
        return tokens, max(0.0, 1 - tokens) / rule.per_s if rule.per_s else 0.0
