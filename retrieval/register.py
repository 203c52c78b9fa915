"""Which pages an archive holds, in which shard each, and which articles are one story."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.continuations import Join
from retrieval.errors import IndexBroken
from retrieval.ledger import Held, Ledger, held_of, read_only

REGISTER = "register.sqlite"
SCHEMA = """
CREATE TABLE shards (
    key INTEGER PRIMARY KEY, records TEXT NOT NULL UNIQUE, place INTEGER NOT NULL) STRICT;
CREATE TABLE pages (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, encoding TEXT NOT NULL, first INTEGER NOT NULL,
    passages INTEGER NOT NULL, articles INTEGER NOT NULL, notes BLOB,
    shard INTEGER NOT NULL, size INTEGER NOT NULL, stamp TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, page_id TEXT NOT NULL, code TEXT NOT NULL, newspaper TEXT, date TEXT,
    shard INTEGER NOT NULL, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE continuations (
    before TEXT PRIMARY KEY, after TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX articles_by_day ON articles (newspaper, date, page_id, id);
CREATE INDEX articles_in_time ON articles (date, newspaper, page_id, id);
CREATE INDEX articles_by_code ON articles (code);
"""
# The articles that lists and counts may show; furniture is no article. The one door of `select`.
_SHOWN = """
CREATE TEMP VIEW shown AS
SELECT id, page_id, code, newspaper, date, record_of(shard, number) AS record FROM articles
WHERE id NOT LIKE '%/a0';
"""
_VEIL = """
CREATE TEMP TABLE hidden (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP VIEW articles AS SELECT * FROM main.articles WHERE id NOT IN (SELECT id FROM hidden);
CREATE TEMP VIEW continuations AS SELECT * FROM main.continuations
WHERE before NOT IN (SELECT id FROM hidden) AND after NOT IN (SELECT id FROM hidden);
"""
COLUMNS = "id, digest, encoding, first, passages, articles, notes, shard, size, stamp"


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
    """The register of an archive, opened once for reading.

    A row names its shard by a key that goes with the shard for as long as it is there, so that no
    row changes when another shard goes; ``places`` are the keys' numbers in this generation.
    """

    def __init__(self, connection: sqlite3.Connection, places: Mapping[int, int]) -> None:
        self._db = connection
        self._places = places

    @classmethod
    def open(cls, path: Path) -> Register:
        """The register at ``path``, read-only; it may be used by several threads.

        Raises:
            IndexBroken: the file is not a register.
        """
        try:
            db = read_only(path)
            db.execute("SELECT id FROM pages LIMIT 1").fetchone()
            places = dict(db.execute("SELECT key, place FROM shards"))
            # Views need no file, on a read-only disk either; set later, it would drop them.
            db.execute("PRAGMA temp_store = MEMORY")
        except sqlite3.Error as error:
            raise IndexBroken(f"{path}: not a register ({error})") from error
        return cls(db, places)

    def read_by(self, ledgers: Sequence[Ledger]) -> None:
        """Let ``select`` read the articles' records in their shards."""
        places = self._places  # not the register: SQLite would hold what holds it, for ever

        def record_of(shard: int, number: int) -> bytes | None:
            return ledgers[places[shard]].record(number)

        self._db.create_function("record_of", 2, record_of)
        self._db.executescript(_SHOWN)

    def hide(self, article_ids: Iterable[str]) -> None:
        """Show these articles no more."""
        self._db.executescript(_VEIL)
        self._db.executemany("INSERT INTO hidden VALUES (?)", [(i,) for i in article_ids])

    def select(self, query: str, facts: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows of a query over the view ``shown``."""
        return self._db.execute(query, facts).fetchall()

    def ids(self, column: str, value: str) -> list[str]:
        """The articles with a value in a column, by id."""
        query = f"SELECT id FROM articles WHERE {column} = ? ORDER BY id"  # noqa: S608 -- ours
        return [article_id for (article_id,) in self._db.execute(query, (value,))]

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def pages(self) -> Iterator[Registered]:
        """Every page, by id."""
        query = f"SELECT {COLUMNS} FROM pages ORDER BY id"  # noqa: S608 -- a constant
        yield from (_registered(row, self._places) for row in self._db.execute(query))

    def joins(self) -> list[Join]:
        """The articles that are parts of one story, by id."""
        query = "SELECT before, after FROM continuations ORDER BY before"
        return [Join(*row) for row in self._db.execute(query)]

    def digests(self) -> list[tuple[str, str]]:
        """Every page's id and the digest of its file, by id."""
        return list(self._db.execute("SELECT id, digest FROM pages ORDER BY id"))

    def shard(self, page_id: str) -> int | None:
        """The shard that holds a page."""
        query = "SELECT shard FROM pages WHERE id = ?"
        row = self._db.execute(query, (page_id,)).fetchone()
        return self._places[row[0]] if row else None

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


def _registered(row: tuple[Any, ...], places: Mapping[int, int]) -> Registered:
    *held, shard, size, stamp = row
    return Registered(held_of(tuple(held)), places[shard], size, stamp)
