"""One shard's pages, articles and passages in SQLite: written once, then only read.

Beside it lies ``columns.npy``, what scopes compare of every passage: 4 ms for a million of them,
where SQLite takes seconds.
"""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from retrieval.continuations import marks_of
from retrieval.errors import IndexBroken
from retrieval.folding import fold
from retrieval.inverted import least_legible, ordinal, per_mille
from retrieval.layout import Rows
from retrieval.records import Article, Doubt, Imprint, Passage, Scope

RECORDS, COLUMNS = "records.sqlite", "columns.npy"
# A file that is not whole is never read: it has no name yet.
UNSAFE = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_BATCH = 500  # rows read at a time; SQLite takes at most 32 766 marks in a query
CODE_CHARS = 10  # 50 bits: among a million articles two differing ones meet once in 2 000 archives
_UNKNOWN = 0  # day, and paper
_DAY, _PAPER, _LEGIBLE = range(3)  # the columns
_SCHEMA = """
CREATE TABLE pages (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, encoding TEXT NOT NULL, first INTEGER NOT NULL,
    passages INTEGER NOT NULL, articles INTEGER NOT NULL, notes BLOB) STRICT, WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, page_id TEXT NOT NULL, code TEXT NOT NULL,
    newspaper TEXT, date TEXT, first INTEGER NOT NULL, passages INTEGER NOT NULL, record BLOB NOT NULL) STRICT;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL, record BLOB NOT NULL) STRICT;
CREATE TABLE names (
    name TEXT NOT NULL, kind TEXT NOT NULL, page_id TEXT NOT NULL,
    PRIMARY KEY (name, kind, page_id)) STRICT, WITHOUT ROWID;
CREATE TABLE papers (code INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE ends (article_id TEXT PRIMARY KEY, page_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""
_INSERTS = {
    "articles": "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "passages": "INSERT INTO passages VALUES (?, ?, ?)",
    "names": "INSERT OR IGNORE INTO names VALUES (?, ?, ?)",
    "ends": "INSERT INTO ends VALUES (?, ?)",
}
_ENCODER = msgspec.json.Encoder()
_INDEXES = """
CREATE INDEX articles_by_page ON articles (page_id);
"""


# Views before the tables: whatever is asked of this connection, now or in time to come, is asked of
# them, and no query can forget them. Without a list there are none, and nothing is slower.
_VEIL = """
CREATE TEMP TABLE hidden (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE unheard (
    name TEXT, kind TEXT, page_id TEXT, PRIMARY KEY (name, kind, page_id)) WITHOUT ROWID;
CREATE TEMP VIEW articles AS SELECT * FROM main.articles WHERE id NOT IN (SELECT id FROM hidden);
CREATE TEMP VIEW passages AS SELECT * FROM main.passages WHERE article NOT IN (
    SELECT number FROM main.articles WHERE id IN (SELECT id FROM hidden));
CREATE TEMP VIEW names AS SELECT * FROM main.names
WHERE (name, kind, page_id) NOT IN (SELECT name, kind, page_id FROM unheard);
CREATE TEMP VIEW ends AS SELECT * FROM main.ends WHERE article_id NOT IN (SELECT id FROM hidden);
"""


class Notes(msgspec.Struct, frozen=True):
    """What a report says of a page: where it disagrees with itself, what of it is left out."""

    doubts: tuple[Doubt, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()  # file and reason


@dataclass(frozen=True, slots=True)
class Held:
    """A page as a shard holds it: ``first`` of its rows there, and how many of what.

    ``articles`` does not count furniture.
    """

    id: str
    digest: str
    encoding: str
    first: int
    passages: int
    articles: int
    notes: Notes | None = None


class LedgerWriter:
    """The records of a shard being written; passages get their rows in the order they come."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        with on_disk(folder):
            self._db = sqlite3.connect(folder / RECORDS)
            self._db.executescript(UNSAFE + _SCHEMA)
        self._columns = array("i")
        self._papers: dict[str, int] = {}
        self._rows = self._articles = 0

    def add(
        self,
        page: tuple[str, str, str],
        split: Sequence[tuple[Article, Sequence[Passage]]],
        notes: Notes,
    ) -> int:
        """Store a page (id, digest, encoding) with its articles; how many passages they have."""
        first = self._rows
        n_articles = sum(not article.id.endswith("/a0") for article, _ in split)
        said = msgspec.json.encode(notes) if notes != Notes() else None
        with on_disk(self._folder):
            self._add_articles(split)
            self._db.execute(
                "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*page, first, self._rows - first, n_articles, said),
            )
        return self._rows - first

    def close(self) -> None:
        """Commit and let go of the files; the caller makes them durable."""
        papers = [(code, paper) for paper, code in self._papers.items()]
        with on_disk(self._folder):
            self._db.executemany("INSERT INTO papers VALUES (?, ?)", papers)
            self._db.executescript(_INDEXES)
            self._db.commit()
            self._db.close()
        columns = np.array(self._columns, dtype=np.int32).reshape(-1, 3)
        np.save(self._folder / COLUMNS, columns, allow_pickle=False)

    def _add_articles(self, split: Sequence[tuple[Article, Sequence[Passage]]]) -> None:
        rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _INSERTS}
        encode = _ENCODER.encode
        for article, passages in split:
            self._articles += 1
            number, page, imprint = self._articles, article.page_id, article.imprint
            named = (article.id, page, article_code(article), imprint.newspaper, imprint.date)
            counted = (self._rows, len(passages))
            rows["articles"].append((number, *named, *counted, encode(article)))
            rows["passages"] += [(n, number, encode(p)) for n, p in enumerate(passages, self._rows)]
            rows["names"] += [(name, kind, page) for name, kind in names_of(article)]
            rows["ends"] += [(article.id, page)] if marks_of(article) else []
            self._rows += len(passages)
            self._add_columns(imprint, passages)
        for table, query in _INSERTS.items():
            self._db.executemany(query, rows[table])

    def _add_columns(self, imprint: Imprint, passages: Sequence[Passage]) -> None:
        paper = (
            self._papers.setdefault(imprint.newspaper, len(self._papers) + 1)
            if imprint.newspaper
            else _UNKNOWN
        )
        day = ordinal(imprint.date) if imprint.date else _UNKNOWN
        for passage in passages:
            self._columns.extend((day, paper, per_mille(passage.legibility)))


class Ledger:
    """The records of one shard, opened once."""

    def __init__(self, connection: sqlite3.Connection, columns: NDArray[np.int32]) -> None:
        self._db = connection
        self._columns = columns
        self._hidden: list[int] = []

    @classmethod
    def open(cls, folder: Path) -> Ledger:
        """The records in ``folder``, read-only; they may be used by several threads.

        Raises:
            IndexBroken: they cannot be read.
        """
        try:
            columns = np.load(folder / COLUMNS, mmap_mode="r", allow_pickle=False)
            db = read_only(folder / RECORDS)
            db.execute("SELECT row FROM passages LIMIT 1").fetchone()
            # Views need no file, on a read-only disk either; set later, it would drop them.
            db.execute("PRAGMA temp_store = MEMORY")
        except (OSError, ValueError, EOFError, sqlite3.Error) as error:
            raise IndexBroken(f"{folder}: not a shard's records ({error})") from error
        return cls(db, columns)

    def hide(self, article_ids: Iterable[str]) -> None:
        """Show these articles no more: neither them nor names that of their page only they hold."""
        articles = [found for i in article_ids if (found := self.article(i))]
        self._hidden = [row for a in articles for row in self.rows_of_article(a.id)]
        self._db.executescript(_VEIL)
        ids = [(article.id,) for article in articles]
        self._db.executemany("INSERT INTO hidden VALUES (?)", ids)
        for page in {article.page_id for article in articles}:
            borne = {name for shown in self.articles_of(page) for name in names_of(shown)}
            own = {name for a in articles if a.page_id == page for name in names_of(a)}
            gone = [(*name, page) for name in sorted(own - borne)]
            self._db.executemany("INSERT INTO unheard VALUES (?, ?, ?)", gone)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __len__(self) -> int:
        return len(self._columns)

    def pages(self) -> list[Held]:
        """Every page of the shard, by id."""
        query = (
            "SELECT id, digest, encoding, first, passages, articles, notes FROM pages ORDER BY id"
        )
        return [held_of(row) for row in self._db.execute(query)]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of ``rows``, in their order."""
        found: dict[int, bytes] = {}
        for first in range(0, len(rows), _BATCH):
            batch = tuple(rows[first : first + _BATCH])
            marks = ",".join("?" * len(batch))
            query = f"SELECT row, record FROM passages WHERE row IN ({marks})"  # noqa: S608 -- marks
            found.update(self._db.execute(query, batch))
        return [msgspec.json.decode(found[row], type=Passage) for row in rows]

    def article(self, article_id: str) -> Article | None:
        """The article named ``article_id``, dead or not."""
        query = "SELECT record FROM articles WHERE id = ?"
        row = self._db.execute(query, (article_id,)).fetchone()
        return decode_article(row[0]) if row else None

    def articles_of(self, page_id: str) -> list[Article]:
        """The articles of a page, in reading order."""
        query = "SELECT record FROM articles WHERE page_id = ? ORDER BY number"
        return [decode_article(blob) for (blob,) in self._db.execute(query, (page_id,))]

    def articles_at(self, rows: Sequence[int]) -> list[Article | None]:
        """The article of each row; of a hidden one none."""
        query = (
            "SELECT articles.record FROM json_each(?) AS wanted"
            " LEFT JOIN passages ON passages.row = wanted.value"
            " LEFT JOIN articles ON articles.number = passages.article ORDER BY wanted.key"
        )
        wanted = msgspec.json.encode(rows).decode()
        found = self._db.execute(query, (wanted,))
        return [decode_article(blob) if blob else None for (blob,) in found]

    def rows_of_article(self, article_id: str) -> range:
        """The rows of an article's passages."""
        query = "SELECT first, passages FROM articles WHERE id = ?"
        row = self._db.execute(query, (article_id,)).fetchone()
        return range(row[0], row[0] + row[1]) if row else range(0)

    def named(self, name: str, kind: str) -> Iterator[str]:
        """The pages on which a folded name of this kind stands, dead or not."""
        query = "SELECT page_id FROM names WHERE name = ? AND kind = ?"
        yield from (page for (page,) in self._db.execute(query, (name, kind)))

    def ends(self) -> Iterator[tuple[str, str, str | None, str | None]]:
        """The articles that marks say go on elsewhere or come from there.

        Each with its page, its newspaper and its date.
        """
        yield from self._db.execute(
            "SELECT id, articles.page_id, newspaper, date"
            " FROM ends JOIN articles ON id = article_id ORDER BY article_id"
        )

    def listed(self, page_id: str) -> Iterator[tuple[int, str, str, str, str | None, str | None]]:
        """The articles of a page: number, id, page, code, newspaper and date."""
        query = "SELECT number, id, page_id, code, newspaper, date FROM articles WHERE page_id = ?"
        yield from self._db.execute(query, (page_id,))

    def record(self, number: int) -> bytes | None:
        """The record of the article of this number, as it is stored."""
        query = "SELECT record FROM articles WHERE number = ?"
        row = self._db.execute(query, (number,)).fetchone()
        return bytes(row[0]) if row else None

    def records(self, rows: range) -> Iterator[tuple[int, Passage, Article]]:
        """A range of rows with their passages and articles, in order; few are held at once."""
        query = "SELECT row, article, record FROM passages WHERE row >= ? AND row < ? ORDER BY row"
        number, article = 0, None
        for row, of, blob in self._db.execute(query, (rows.start, rows.stop)):
            if of != number or article is None:
                one = "SELECT record FROM articles WHERE number = ?"
                number, article = of, decode_article(self._db.execute(one, (of,)).fetchone()[0])
            yield row, msgspec.json.decode(blob, type=Passage), article

    def rows(self, scope: Scope) -> Rows:
        """The rows within the scope; what a page does not state does not exclude it."""
        day, paper = self._columns[:, _DAY], self._columns[:, _PAPER]
        kept = np.ones(len(self._columns), dtype=bool)
        if scope.date_from:
            kept &= (day == _UNKNOWN) | (day >= ordinal(scope.date_from))
        if scope.date_to:
            kept &= (day == _UNKNOWN) | (day <= ordinal(scope.date_to))
        if scope.newspaper is not None:
            kept &= (paper == _UNKNOWN) | (paper == self._paper(scope.newspaper))
        if scope.legible is not None:
            kept &= self._columns[:, _LEGIBLE] >= least_legible(scope)
        kept[self._hidden] = False
        return np.flatnonzero(kept)

    def _paper(self, name: str) -> int:
        row = self._db.execute("SELECT code FROM papers WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else -1


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Raise OSError for what SQLite could not write."""
    try:
        yield
    except sqlite3.Error as error:
        raise OSError(f"{path.name}: {error}") from error


def read_only(path: Path) -> sqlite3.Connection:
    """A connection to a database that is never written again, for any thread."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def article_code(article: Article) -> str:
    """A short name of an article's words, the same wherever and whenever they are indexed."""
    text = f"{article.headline.text}\0{article.body.text}"
    digest = hashlib.blake2b(text.encode(), digest_size=10).digest()
    return base64.b32encode(digest).decode().lower()[:CODE_CHARS]


def decode_article(blob: bytes) -> Article:
    """The article that a record holds."""
    return msgspec.json.decode(blob, type=Article)


def held_of(row: tuple[Any, ...]) -> Held:
    """The page that a row of a table of pages holds, its notes last."""
    page_id, digest, encoding, first, passages, articles, notes = row
    said = msgspec.json.decode(notes, type=Notes) if notes else None
    return Held(page_id, digest, encoding, first, passages, articles, said)


def names_of(article: Article) -> Iterator[tuple[str, str]]:
    """The folded names that a question may use of an article, with their kinds."""
    yield from ((fold(name), "reporter") for name in article.byline)
    if article.section:
        yield fold(article.section), "section"
