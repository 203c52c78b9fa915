"""Who was let in by a code, who is blocked, and what is left of each limit; kept on disk.

Codes are stored as digests only, used once, and expire.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.gate import Bucket, Known, Standing
from bot.state import Store

CODE_BYTES: Final = 9  # 72 bits, 12 characters, and Telegram takes them in a link
INVITE_S: Final = 24 * 3600.0  # a code lasts a day

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS roster (
    user INTEGER PRIMARY KEY, standing TEXT, blocked INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS invites (
    digest BLOB PRIMARY KEY, standing TEXT NOT NULL, expires REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS buckets (
    user INTEGER PRIMARY KEY, level REAL NOT NULL, at REAL NOT NULL) STRICT;
"""
_STAND: Final = """
INSERT INTO roster (user, standing) VALUES (?, ?)
ON CONFLICT DO UPDATE SET standing = excluded.standing
"""
_BLOCK: Final = """
INSERT INTO roster (user, blocked) VALUES (?, ?)
ON CONFLICT DO UPDATE SET blocked = excluded.blocked
"""


class Roster:
    """The people the bot knows; ``known`` is always what the file says."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.known = self._read()

    @classmethod
    def open(cls, path: Path) -> Roster:
        """The roster in the state file; raises SettingsError."""
        return cls(Store.open(path, _SCHEMA))

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def invite(self, standing: Standing, now: float) -> str:
        """Return a new code that lets one person in; it cannot be read back."""
        code = secrets.token_urlsafe(CODE_BYTES)
        self._store.write("DELETE FROM invites WHERE expires <= ?", [(now,)])
        row = (_digest(code), standing.value, now + INVITE_S)
        self._store.write("INSERT INTO invites VALUES (?, ?, ?)", [row])
        return code

    def invite_first(self, now: float) -> str:
        """Return the one code that makes an admin of whoever runs the bot; earlier ones are void."""
        self._store.write("DELETE FROM invites WHERE standing = ?", [(Standing.ADMIN.value,)])
        return self.invite(Standing.ADMIN, now)

    def pair(self, code: str, user: int, now: float) -> Standing | None:
        """Let in whoever brings a code that was given out; return as what, ``None`` where not.

        An admin who brings a reader's code stays an admin.
        """
        live = self._store.rows("SELECT digest, standing FROM invites WHERE expires > ?", (now,))
        mine = _digest(code)
        # Every one is compared, in constant time: the time taken tells nothing of the codes.
        found = [
            Standing(standing) for digest, standing in live if hmac.compare_digest(digest, mine)
        ]
        if not found or not self._store.write("DELETE FROM invites WHERE digest = ?", [(mine,)]):
            return None
        standing = Standing.ADMIN if user in self.known.admins else found[0]
        self._store.write(_STAND, [(user, standing.value)])
        self.known = self._read()
        return standing

    def block(self, user: int, *, blocked: bool = True) -> None:
        """Block somebody, or no longer; who was let in before still is then."""
        self._store.write(_BLOCK, [(user, int(blocked))])
        self.known = self._read()

    def keep_buckets(self, buckets: Mapping[int, Bucket]) -> None:
        """Write down what is left of each limit, in place of what was there."""
        self._store.write("DELETE FROM buckets")
        rows = [(user, bucket.level, bucket.at) for user, bucket in buckets.items()]
        self._store.write("INSERT INTO buckets VALUES (?, ?, ?)", rows)

    def buckets(self) -> dict[int, Bucket]:
        """What was left of each limit when it was last written down."""
        rows = self._store.rows("SELECT user, level, at FROM buckets")
        return {user: Bucket(level, at) for user, level, at in rows}

    def _read(self) -> Known:
        rows = self._store.rows("SELECT user, standing, blocked FROM roster")
        return Known(
            readers=frozenset(user for user, standing, _ in rows if standing == Standing.READER),
            admins=frozenset(user for user, standing, _ in rows if standing == Standing.ADMIN),
            blocked=frozenset(user for user, _, blocked in rows if blocked),
        )


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
