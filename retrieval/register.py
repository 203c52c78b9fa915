"""Which pages an archive holds, in which shard each, and which articles are one story."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from retrieval.continuations import Join
from retrieval.errors import IndexBroken
from retrieval.ledger import UNSAFE, Held, Ledger, held_of, on_disk, read_only

REGISTER = "register.sqlite"
# Of the pages that may have changed for a register to be copied and amended: 57 MB with 260,000
# articles are copied in .05 s and written in 1.9 s; a twentieth of its rows are replaced in .3 s.
_AMENDED_SHARE = 0.1
_SCHEMA = """
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
_INDEXES = """
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


@dataclass(frozen=True, slots=True)
class Roll:
    """What a register is made of: every page by id, the shards in order, and the joined articles.

    A shard is the name of its records, and the records.
    """

    pages: Sequence[Registered]
    shards: Sequence[tuple[str, Ledger]]
    joins: Sequence[Join]


class Register:
    """The register of an archive, opened once for reading.

    A row names its shard by a key that goes with the shard for as long as it is there, so that no
    row changes when another shard goes; ``places`` are the keys' numbers in this generation.
    """

    def __init__(self, connection: sqlite3.Connection, places: Mapping[int, int]) -> None:
        self._db = connection
        self._places = places

    @classmethod
    def write(cls, path: Path, roll: Roll, *, base: Path | None = None) -> None:
        """Write a register, which the caller makes durable; OSError where the disk is full.

        ``base`` is the register of the generation before, if the same rules wrote it: where little
        has changed since, it is copied, and only what differs is written.
        """
        with on_disk(path):
            before = _NOTHING if base is None else _read(base)
            change = _change(roll, before)
            if base is not None and len(change.moved) > len(roll.pages) * _AMENDED_SHARE:
                base, change = None, _change(roll, _NOTHING)
            if base is not None:
                shutil.copyfile(base, path)
            db = sqlite3.connect(path)
            db.executescript(UNSAFE + ("" if base else _SCHEMA))
            _apply(change, roll, db)
            db.executescript("" if base else _INDEXES)
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
            places = dict(db.execute("SELECT key, place FROM shards"))
            # Views need no file, on a read-only disk either; set later, it would drop them.
            db.execute("PRAGMA temp_store = MEMORY")
        except sqlite3.Error as error:
            raise IndexBroken(f"{path}: not a register ({error})") from error
        return cls(db, places)

    def read_by(self, ledgers: Sequence[Ledger]) -> None:
        """Let ``select`` read the articles' records in their shards."""

        def record_of(shard: int, number: int) -> bytes | None:
            return ledgers[self._places[shard]].record(number)

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
        query = f"SELECT {_COLUMNS} FROM pages ORDER BY id"  # noqa: S608 -- a constant
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


_Row = tuple[Any, ...]
_Known = tuple[Mapping[str, _Row], Mapping[str, int]]  # pages by id, and the keys of shards by name
_NOTHING: _Known = ({}, {})


@dataclass(frozen=True, slots=True)
class _Change:
    """What differs from an earlier register: the shards, rows of pages, and the pages ``gone``.

    ``moved`` are the pages whose articles are others, or elsewhere: some gone, some new.
    """

    shards: Sequence[tuple[int, str, int]]
    rows: Sequence[_Row]
    gone: Set[str]
    moved: Set[str]


def _read(path: Path) -> _Known:
    """What a register holds of pages and shards."""
    db = read_only(path)
    rows = db.execute(f"SELECT {_COLUMNS} FROM pages")  # noqa: S608 -- a constant
    known = {row[0]: row for row in rows}, dict(db.execute("SELECT records, key FROM shards"))
    db.close()
    return known


def _change(roll: Roll, before: _Known) -> _Change:
    """What makes the register of ``before`` that of the roll."""
    held, keys = before
    free = max(keys.values(), default=-1) + 1
    names = [name for name, _ in roll.shards]
    fresh = {name: free + n for n, name in enumerate(n for n in names if n not in keys)}
    own = [keys[name] if name in keys else fresh[name] for name in names]
    rows = [row for page in roll.pages if held.get((row := _row(page, own))[0]) != row]
    gone = held.keys() - {page.held.id for page in roll.pages}
    moved = {row[0] for row in rows if _articles_of(held.get(row[0])) != _articles_of(row)}
    shards = [(key, name, place) for place, (key, name) in enumerate(zip(own, names, strict=True))]
    return _Change(shards, rows, gone, moved | gone)


def _articles_of(row: _Row | None) -> tuple[str, int] | None:
    """What the articles of a page follow from: the digest of its file, and the shard's key."""
    return None if row is None else (row[1], row[7])


def _apply(change: _Change, roll: Roll, db: sqlite3.Connection) -> None:
    """Write what differs; the stories are few, and all of them are written."""
    # An id begins with its page's, which may be the beginning of another page's: both are asked.
    moved = [(f"{page}/a", f"{page}/b", page) for page in change.moved]
    db.executemany("DELETE FROM articles WHERE id >= ? AND id < ? AND page_id = ?", moved)
    db.executemany("DELETE FROM pages WHERE id = ?", [(page,) for page in change.gone])
    db.executescript("DELETE FROM shards; DELETE FROM continuations;")
    db.executemany("INSERT INTO shards VALUES (?, ?, ?)", change.shards)
    db.executemany("REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", change.rows)
    articles = _articles(change, roll)
    db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", articles)
    pairs = ((join.before, join.after) for join in roll.joins)
    db.executemany("INSERT INTO continuations VALUES (?, ?)", pairs)


def _articles(change: _Change, roll: Roll) -> Iterator[_Row]:
    """The rows of the articles of the pages that moved, each from the shard it is to be read in."""
    for page in roll.pages:
        if page.held.id in change.moved:
            key = change.shards[page.shard][0]
            for number, *stated in roll.shards[page.shard][1].listed(page.held.id):
                yield *stated, key, number


def _row(page: Registered, keys: Sequence[int]) -> _Row:
    """The row of a page, its shard by its key."""
    held = page.held
    notes = msgspec.json.encode(held.notes) if held.notes else None
    counted = (held.first, held.passages, held.articles)
    file = (keys[page.shard], page.size, page.stamp)
    return held.id, held.digest, held.encoding, *counted, notes, *file


def _registered(row: _Row, places: Mapping[int, int]) -> Registered:
    *held, shard, size, stamp = row
    return Registered(held_of(tuple(held)), places[shard], size, stamp)
