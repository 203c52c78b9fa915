"""Which pages an archive holds, in which shard each, and which articles are one story."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from retrieval.continuations import Join
from retrieval.errors import IndexBroken
from retrieval.ledger import UNSAFE, Held, held_of, on_disk, read_only

REGISTER = "register.sqlite"
_SCHEMA = """
CREATE TABLE pages (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, encoding TEXT NOT NULL, first INTEGER NOT NULL,
    passages INTEGER NOT NULL, articles INTEGER NOT NULL, notes BLOB,
    shard INTEGER NOT NULL, size INTEGER NOT NULL, stamp TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE continuations (
    before TEXT PRIMARY KEY, after TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
"""
_COLUMNS = "id, digest, encoding, first, passages, articles, notes, shard, size, stamp"


@dataclass(frozen=True, slots=True)
class Registered:
    """A page of the archive: what its shard holds of it, which shard that is, and its file.

    ``size`` in bytes; ``stamp`` changes whenever the file does, empty where that is not sure.
    """

    held: Held
    shard: int
    size: int
    stamp: str


class Register:
    """The register of an archive, opened once for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def write(cls, path: Path, pages: Iterable[Registered], joins: Iterable[Join]) -> None:
        """Write a register, which the caller makes durable; OSError where the disk is full."""
        with on_disk(path):
            db = sqlite3.connect(path)
            db.executescript(UNSAFE + _SCHEMA)
            rows = map(_row, pages)
            db.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            pairs = ((join.before, join.after) for join in joins)
            db.executemany("INSERT INTO continuations VALUES (?, ?)", pairs)
            db.commit()
            db.close()

    @classmethod
    def open(cls, path: Path) -> Register:
        """The register at ``path``, read-only; it may be used by several threads.

        Raises:
            IndexBroken: the file is not a register.
        """
        try:
            db = read_only(path)
            db.execute("SELECT id FROM pages LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise IndexBroken(f"{path}: not a register ({error})") from error
        return cls(db)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def pages(self) -> Iterator[Registered]:
        """Every page, by id."""
        query = f"SELECT {_COLUMNS} FROM pages ORDER BY id"  # noqa: S608 -- a constant
        yield from map(_registered, self._db.execute(query))

    def digests(self) -> list[tuple[str, str]]:
        """Every page's id and the digest of its file, by id."""
        return list(self._db.execute("SELECT id, digest FROM pages ORDER BY id"))

    def shard(self, page_id: str) -> int | None:
        """The shard that holds a page."""
        query = "SELECT shard FROM pages WHERE id = ?"
        row = self._db.execute(query, (page_id,)).fetchone()
        return int(row[0]) if row else None

    def counts(self) -> dict[str, int]:
        """How many pages, articles (furniture not counted) and passages there are."""
        query = "SELECT count(*), coalesce(sum(articles), 0), coalesce(sum(passages), 0) FROM pages"
        return dict(
            zip(("pages", "articles", "passages"), self._db.execute(query).fetchone(), strict=True)
        )

    def before(self, article_id: str) -> str | None:
        """The part that an article goes on from."""
        query = "SELECT before FROM continuations WHERE after = ?"
        row = self._db.execute(query, (article_id,)).fetchone()
        return str(row[0]) if row else None

    def after(self, article_id: str) -> str | None:
        """The part that goes on where an article stops."""
        query = "SELECT after FROM continuations WHERE before = ?"
        row = self._db.execute(query, (article_id,)).fetchone()
        return str(row[0]) if row else None


def _row(page: Registered) -> tuple[object, ...]:
    held = page.held
    notes = msgspec.json.encode(held.notes) if held.notes else None
    counted = (held.first, held.passages, held.articles)
    return held.id, held.digest, held.encoding, *counted, notes, page.shard, page.size, page.stamp


def _registered(row: tuple[Any, ...]) -> Registered:
    *held, shard, size, stamp = row
    return Registered(held_of(tuple(held)), shard, size, stamp)
