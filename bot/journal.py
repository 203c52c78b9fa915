"""Which updates came and which were dealt with, so that none is answered twice or forgotten.

An update is written down before Telegram is told that it came, and its text is deleted once it was
dealt with. What a killed bot left is taken up at the next start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.state import Store

KEPT_S: Final = 48 * 3600.0  # Telegram offers an update again for 24 hours
TRIES: Final = 2  # an update that brought the bot down twice is not tried again

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS arrivals (
    line TEXT NOT NULL, id INTEGER NOT NULL, at REAL NOT NULL, tries INTEGER NOT NULL,
    content TEXT, PRIMARY KEY (line, id)) STRICT, WITHOUT ROWID;
"""
_OURS: Final = "line = ? AND content IS NOT NULL"


class Journal:
    """The updates of one bot on one server."""

    def __init__(self, store: Store, line: str) -> None:
        self._store = store
        self._line = line

    @classmethod
    def open(cls, path: Path, line: str) -> Journal:
        """The journal of ``line`` in the state file; raises SettingsError."""
        return cls(Store.open(path, _SCHEMA), line)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def arrive(self, update: int, content: str, now: float) -> bool:
        """Write an update down; whether it had not come before."""
        row = (self._line, update, now, content)
        return self._store.write("INSERT OR IGNORE INTO arrivals VALUES (?, ?, ?, 1, ?)", [row]) > 0

    def done(self, update: int) -> None:
        """Note that an update was dealt with, and forget what it said."""
        forget = "UPDATE arrivals SET content = NULL WHERE line = ? AND id = ?"
        self._store.write(forget, [(self._line, update)])

    def left(self, now: float) -> list[str]:
        """The updates that came and were not dealt with, oldest first; asked once, at the start."""
        self._store.write("DELETE FROM arrivals WHERE at <= ?", [(now - KEPT_S,)])
        given_up = f"UPDATE arrivals SET content = NULL WHERE {_OURS} AND tries >= ?"  # noqa: S608 -- ours
        self._store.write(given_up, [(self._line, TRIES)])
        self._store.write(f"UPDATE arrivals SET tries = tries + 1 WHERE {_OURS}", [(self._line,)])  # noqa: S608 -- ours
        rows = self._store.rows(
            f"SELECT content FROM arrivals WHERE {_OURS} ORDER BY id",  # noqa: S608 -- ours
            (self._line,),
        )
        return [content for (content,) in rows]
