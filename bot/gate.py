"""Who may ask, and how much: the rules, and token buckets. The clock is passed in.

A limit is a token bucket: ``per_min`` tokens flow in, at most ``burst`` lie there, what is asked
takes one out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final

_MANY: Final = 10_000  # buckets kept before the full ones, which say nothing, are dropped; 2 MB


class Access(StrEnum):
    """Whom the bot is for."""

    OPEN = "open"
    LISTED = "listed"
    PAIRED = "paired"


class Standing(StrEnum):
    """What somebody may do who was let in by a code."""

    READER = "reader"
    ADMIN = "admin"


class Ruling(Enum):
    """What the gate says to an update."""

    WELCOME = "welcome"
    NOBODY = "nobody"  # no user stands behind it
    STRANGER = "stranger"
    BLOCKED = "blocked"
    TOO_FAST = "too_fast"  # this user's limit
    TOO_BUSY = "too_busy"  # everybody's
    LATE = "late"  # written so long ago that nobody waits for the answer


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit; ``per_min`` 0 is none."""

    per_min: float
    burst: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many tokens lay in a bucket, and when."""

    level: float
    at: float


@dataclass(frozen=True, slots=True)
class Known:
    """Who was let in, made admin or blocked while the bot ran."""

    readers: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may ask, and how much."""

    access: Access = Access.OPEN
    allowed: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()
    per_user: Rate = Rate(0, 0)
    everybody: Rate = Rate(0, 0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Whether there was a token to take; else ``wait_s`` until there is one."""

    ruling: Ruling
    wait_s: float = 0.0


def is_admin(rules: Rules, known: Known, user_id: int | None) -> bool:
    """Whether this user runs the bot."""
    return user_id in rules.admins or user_id in known.admins


def admitted(rules: Rules, known: Known, user_id: int | None) -> Ruling:
    """Return whether this user is answered at all; what has no user never is."""
    if user_id is None:
        return Ruling.NOBODY
    if is_admin(rules, known, user_id):
        return Ruling.WELCOME
    if user_id in known.blocked:
        return Ruling.BLOCKED
    if rules.access is Access.OPEN or user_id in rules.allowed or user_id in known.readers:
        return Ruling.WELCOME
    return Ruling.STRANGER


def filled(bucket: Bucket | None, rate: Rate, now: float) -> float:
    """Return what lies in a bucket now; one never seen is full, a clock set back adds nothing."""
    if bucket is None:
        return rate.burst
    return min(rate.burst, bucket.level + max(0.0, now - bucket.at) * rate.per_min / 60)


@dataclass(slots=True)
class Meter:
    """The buckets of everybody who asked lately, and the one that all share."""

    rules: Rules
    buckets: dict[int, Bucket] = field(default_factory=dict)
    shared: Bucket | None = None

    def draw(self, user_id: int, now: float, cost: float = 1.0) -> Drawn:
        """Take ``cost`` tokens, the user's and everybody's; where one is short, neither."""
        own = filled(self.buckets.get(user_id), self.rules.per_user, now)
        wait_s = _wait(own, self.rules.per_user, cost)
        if wait_s:
            return Drawn(Ruling.TOO_FAST, wait_s)
        common = filled(self.shared, self.rules.everybody, now)
        wait_s = _wait(common, self.rules.everybody, cost)
        if wait_s:
            return Drawn(Ruling.TOO_BUSY, wait_s)
        if self.rules.everybody.per_min:
            self.shared = Bucket(common - cost, now)
        if self.rules.per_user.per_min:
            self.buckets[user_id] = Bucket(own - cost, now)
        if len(self.buckets) > _MANY:
            self.buckets = self.partly_empty(now)
        return Drawn(Ruling.WELCOME)

    def partly_empty(self, now: float) -> dict[int, Bucket]:
        """The buckets that say more than that nobody asked."""
        rate = self.rules.per_user
        return {u: b for u, b in self.buckets.items() if filled(b, rate, now) < rate.burst}


def _wait(level: float, rate: Rate, cost: float) -> float:
    """Seconds until ``cost`` tokens are there; 0 where they are, or where there is no limit."""
    needed = min(cost, rate.burst)  # what costs more than fits in waits until it is full
    return (needed - level) * 60 / rate.per_min if rate.per_min and level < needed else 0.0
