"""Roll → register: what an archive's register is made of, and how little of it is written.

A register with 260,000 articles is 57 MB, of which a page's change touches some forty rows: the
last one is copied, and the rows of what changed are replaced.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from retrieval.continuations import Join
from retrieval.ledger import UNSAFE, Ledger, on_disk, read_only
from retrieval.register import COLUMNS, INDEXES, SCHEMA, Registered

# Of the pages, how many may have changed for a register to be copied and amended. One with 260,000
# articles of 6,447 pages (57 MB) is written in 2.5 s; amended for one page in .04 s, for a twentieth
# of them in .5 s, for a quarter in 2.4 s. Fifty amendments, one upon the other, leave its size.
_AMENDED_SHARE = 0.2

_Row = tuple[Any, ...]
_Known = tuple[Mapping[str, _Row], Mapping[str, int]]  # pages by id, and the keys of shards by name
_NOTHING: _Known = ({}, {})


@dataclass(frozen=True, slots=True)
class Roll:
    """What a register is made of: every page by id, the shards in order, and the joined articles.

    A shard is the name of its records, and the records.
    """

    pages: Sequence[Registered]
    shards: Sequence[tuple[str, Ledger]]
    joins: Sequence[Join]


def write_register(path: Path, roll: Roll, *, base: Path | None = None) -> None:
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
        db.executescript(UNSAFE + ("" if base else SCHEMA))
        _apply(change, roll, db)
        db.executescript("" if base else INDEXES)
        db.commit()
        db.close()


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
    rows = db.execute(f"SELECT {COLUMNS} FROM pages")  # noqa: S608 -- a constant
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
