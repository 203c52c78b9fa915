"""The state file: one SQLite file for what the bot must know after a restart.

Each part of the bot opens a ``Store`` of its own with its own tables; they share the file, which
only its owner may read. What is damaged or not ours is set aside, never overwritten.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from retrieval.errors import SettingsError

log = logging.getLogger(__name__)

Row = tuple[Any, ...]
StoreError = sqlite3.Error  # what reading and writing a store may raise

_APPLICATION: Final = 0x4A49_574E  # "JIWN", in the header of every file of ours
_LAYOUT: Final = 1  # a file with a higher number is of a later program, and not ours to change
_BUSY_S: Final = 5.0  # the parts write in turn, each for some milliseconds
_PRIVATE: Final = 0o600


class Store:
    """An open connection to the state file; safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, schema: str) -> Store:
        """The store at ``path`` with the tables of ``schema`` (CREATE … IF NOT EXISTS).

        Raises:
            SettingsError: the file or its folder cannot be made, read or written.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.exists() and (why := _unsound(path)):
                _set_aside(path, why)
            if not path.exists():
                # Closing a file of our own drops every lock that this process holds on it, those
                # of its other stores, too; so only ever of a file that nobody has open.
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE))
            path.chmod(_PRIVATE)
            return cls(_connected(path, schema))
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(
                f"{path}: the bot's state cannot be kept there ({error}); "
                "set [bot] state in jiwen.toml, or JIWEN_STATE, to a file in a folder of its own"
            ) from error

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """What the query finds."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def write(self, statement: str, rows: Iterable[Sequence[object]] = ((),)) -> int:
        """Run the statement for each row, all or none; returns how many rows it changed."""
        with self._lock, self._db:
            return self._db.executemany(statement, rows).rowcount

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()


def _connected(path: Path, schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
    # After a power cut the last second may be lost, never the file; deleted text is overwritten.
    db.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;"
        f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_LAYOUT}; {schema}"
    )
    return db


def _unsound(path: Path) -> str:
    """Why a file is not to be used; ``""`` for a sound one of ours and for an empty one."""
    try:
        db = sqlite3.connect(path, timeout=_BUSY_S)
        try:
            (owner,) = db.execute("PRAGMA application_id").fetchone()
            (layout,) = db.execute("PRAGMA user_version").fetchone()
            (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (health,) = db.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            db.close()
    except sqlite3.OperationalError:
        raise  # locked, or not to be read: that is no reason to put it away
    except sqlite3.DatabaseError as error:
        return str(error)
    if tables and owner != _APPLICATION:
        return "it is another program's"
    if layout > _LAYOUT:
        return f"its layout {layout} is of a later version than {_LAYOUT}"
    return "" if health == "ok" else str(health)


def _set_aside(path: Path, why: str) -> None:
    """Rename a file that is not to be used; the bot starts with a fresh one."""
    aside = path.with_name(f"{path.name}.{datetime.now():%Y%m%d-%H%M%S}.aside")
    path.rename(aside)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    log.warning("%s cannot be used (%s): set aside as %s, starting fresh", path, why, aside.name)
