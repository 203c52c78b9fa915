"""Pages, articles and passages in SQLite: what the other stores' rows mean."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from retrieval.continuations import Join
from retrieval.errors import IndexBroken, NotFoundError, TakenDownError
from retrieval.folding import fold
from retrieval.records import MAX_QUOTE_CHARS, Article, CleanText, Part, Passage, Scope
from retrieval.settings import TakeDown

_BATCH = 500  # rows read at a time; SQLite takes at most 32 766 marks in a query
_CODE_CHARS = 10  # 50 bits: among a million articles two differing ones meet once in 2 000 archives
# Nine digits reach past any page, and no further than Python reads a number.
_CITE = re.compile(
    rf"(?P<name>[a-z2-7]{{{_CODE_CHARS}}})_(?P<part>[hb])(?P<start>[0-9]{{1,9}})_(?P<length>[0-9]{{1,9}})"
)
_SCHEMA = """
CREATE TABLE pages (id TEXT PRIMARY KEY, digest TEXT NOT NULL, encoding TEXT NOT NULL) STRICT;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, page_id TEXT NOT NULL, code TEXT NOT NULL,
    newspaper TEXT, date TEXT, record BLOB NOT NULL) STRICT;
CREATE INDEX articles_by_code ON articles (code);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles (id), legibility REAL NOT NULL,
    record BLOB NOT NULL) STRICT;
CREATE INDEX passages_by_article ON passages (article_id);
CREATE TABLE names (name TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (name, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE continuations (
    before TEXT PRIMARY KEY REFERENCES articles (id),
    after TEXT NOT NULL UNIQUE REFERENCES articles (id)) STRICT;
"""
_WITHIN = """
SELECT row FROM passages JOIN articles ON articles.id = passages.article_id
WHERE (date IS NULL OR ((:first IS NULL OR date >= :first) AND (:last IS NULL OR date <= :last)))
  AND (newspaper IS NULL OR :paper IS NULL OR newspaper = :paper)
  AND (:legible IS NULL OR legibility >= :legible)
ORDER BY row
"""
# Views before the tables: whatever is asked of this connection, now or in time to come, is asked of
# them, and no query can forget them. Without a list there are none, and nothing is slower.
_VEIL = """
CREATE TEMP TABLE hidden (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE unheard (name TEXT, kind TEXT, PRIMARY KEY (name, kind)) WITHOUT ROWID;
CREATE TEMP VIEW articles AS SELECT * FROM main.articles WHERE id NOT IN (SELECT id FROM hidden);
CREATE TEMP VIEW passages AS
SELECT * FROM main.passages WHERE article_id NOT IN (SELECT id FROM hidden);
CREATE TEMP VIEW names AS
SELECT * FROM main.names WHERE (name, kind) NOT IN (SELECT name, kind FROM unheard);
CREATE TEMP VIEW continuations AS SELECT * FROM main.continuations
WHERE before NOT IN (SELECT id FROM hidden) AND after NOT IN (SELECT id FROM hidden);
"""


class Catalogue:
    """The records of an index, opened once for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._taken: Mapping[str, TakeDown] = {}

    @classmethod
    def build(
        cls, path: Path, *, pages: Iterable[tuple[str, str, str]], articles: Iterable[Article]
    ) -> CatalogueWriter:
        """A writer for a new catalogue: ``pages`` are (id, digest, encoding)."""
        db = sqlite3.connect(path)
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        db.executemany("INSERT INTO pages VALUES (?, ?, ?)", pages)
        held = list(articles)
        db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", map(_article_row, held))
        names = (name for article in held for name in _names(article))
        db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", names)
        return CatalogueWriter(db)

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """The catalogue at ``path``, read-only; it may be used by several threads.

        Raises:
            IndexBroken: the file is not a catalogue.
        """
        try:
            db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            db.execute("SELECT row FROM passages LIMIT 1").fetchone()
            db.execute(
                "PRAGMA temp_store = MEMORY"
            )  # views need no file, on a read-only disk either
        except sqlite3.Error as error:
            raise IndexBroken(f"{path}: not a catalogue ({error})") from error
        return cls(db)

    def hide(self, articles: Mapping[str, TakeDown]) -> None:
        """Show these articles, by id, no more: neither them nor names that only they hold.

        Asked for by its id or code, one is said to be taken down. It is called once, on opening.
        """
        own = [self.article(i) for i in articles]
        passages = [p.id for i in articles for p in self.passages_of(i)]
        self._taken = {
            **{name: articles[a.id] for a in own for name in (a.page_id, article_code(a))},
            **{p: articles[p.rpartition("/")[0]] for p in passages},
            **articles,
        }
        self._db.executescript(_VEIL)
        self._db.executemany("INSERT INTO hidden VALUES (?)", [(i,) for i in articles])
        names = {name for a in own for name in _names(a)}
        gone = [name for name in sorted(names) if not self._borne(*name, own)]
        self._db.executemany("INSERT INTO unheard VALUES (?, ?)", gone)

    def taken(self, name: str) -> TakeDown | None:
        """The entry that hides what is named: an article, a passage, a code, something of a page."""
        return self._taken.get(name)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def counts(self) -> dict[str, int]:
        """How many pages, articles (furniture not counted) and passages there are."""
        return {
            "pages": self._one("SELECT count(*) FROM pages"),
            "articles": self._one("SELECT count(*) FROM articles WHERE id NOT LIKE '%/a0'"),
            "passages": self._one("SELECT count(*) FROM passages"),
        }

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of ``rows``, in their order."""
        marks = ",".join("?" * len(rows))
        found = dict(
            self._db.execute(
                f"SELECT row, record FROM passages WHERE row IN ({marks})",  # noqa: S608 -- marks
                tuple(rows),
            )
        )
        return [msgspec.json.decode(found[row], type=Passage) for row in rows]

    def article(self, article_id: str) -> Article:
        """The article named ``article_id``.

        Raises:
            NotFoundError: there is none.
        """
        return _decode(self._blob("SELECT record FROM articles WHERE id = ?", article_id))

    def passage(self, passage_id: str) -> Passage:
        """The passage named ``passage_id``.

        Raises:
            NotFoundError: there is none.
        """
        blob = self._blob("SELECT record FROM passages WHERE id = ?", passage_id)
        return msgspec.json.decode(blob, type=Passage)

    def by_code(self, code: str) -> Article:
        """An article with this citation code (reprints share one).

        Raises:
            NotFoundError: there is none.
        """
        query = "SELECT record FROM articles WHERE code = ? ORDER BY id LIMIT 1"
        return _decode(self._blob(query, code))

    def articles_of(self, page_id: str) -> list[Article]:
        """The articles of a page, in reading order."""
        rows = self._db.execute("SELECT record FROM articles WHERE page_id = ?", (page_id,))
        return sorted(
            (_decode(blob) for (blob,) in rows), key=lambda a: int(a.id.rpartition("a")[2])
        )

    def articles_with(self, column: str, value: str) -> list[Article]:
        """The articles with a value in ``id``, ``page_id``, ``code`` or ``date``, by id."""
        query = f"SELECT record FROM articles WHERE {column} = ? ORDER BY id"  # noqa: S608 -- ours
        return [_decode(blob) for (blob,) in self._db.execute(query, (value,))]

    def rows_in(self, article_ids: Iterable[str]) -> list[int]:
        """The rows of all passages of these articles, in order."""
        query = "SELECT row FROM passages WHERE article_id = ?"
        return sorted(row for i in article_ids for (row,) in self._db.execute(query, (i,)))

    def articles_at(self, rows: Sequence[int]) -> Iterator[Article]:
        """The articles that the passages of ``rows`` are cut from, in the order of the rows."""
        query = (
            "SELECT articles.record FROM json_each(?) AS wanted"
            " JOIN passages ON passages.row = wanted.value"
            " JOIN articles ON articles.id = passages.article_id ORDER BY wanted.key"
        )
        for (blob,) in self._db.execute(query, (msgspec.json.encode(rows).decode(),)):
            yield _decode(blob)

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article, in reading order."""
        query = "SELECT record FROM passages WHERE article_id = ? ORDER BY row"
        rows = self._db.execute(query, (article_id,))
        return [msgspec.json.decode(blob, type=Passage) for (blob,) in rows]

    def texts(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The rows with the clean text of their passages."""
        for first in range(0, len(rows), _BATCH):
            batch = list(rows[first : first + _BATCH])
            for row, passage in zip(batch, self.passages(batch), strict=True):
                yield row, passage.clean.text

    def rows_of(self, rows: Sequence[int]) -> list[int]:
        """The rows of all passages of the articles that these rows are of."""
        return self.rows_in({p.article_id for p in self.passages(rows)})

    def is_reporter(self, name: str) -> bool:
        """Whether a byline of the archive holds the folded name."""
        return self._is_named(name, "reporter")

    def is_section(self, name: str) -> bool:
        """Whether the archive holds a section or column of the folded name."""
        return self._is_named(name, "section")

    def story(self, article_id: str) -> list[str]:
        """The ids of the parts of an article's story, in order; of most stories it is the one."""
        parts = [article_id]
        while before := self._joined("before", "after", parts[0]):
            parts.insert(0, before)
        while after := self._joined("after", "before", parts[-1]):
            parts.append(after)
        return parts

    def parts(self, article: Article) -> list[Article]:
        """The parts of an article's story in order, each on its page; mostly the article alone."""
        ids = self.story(article.id)
        return [article if i == article.id else self.article(i) for i in ids]

    def pages(self) -> list[tuple[str, str]]:
        """Every page's id and the digest of its file, by id."""
        return list(self._db.execute("SELECT id, digest FROM pages ORDER BY id"))

    def rows(self, scope: Scope) -> NDArray[np.int64] | None:
        """The rows within the scope, or ``None`` where the scope leaves nothing out."""
        if scope == Scope():
            return None
        limits: dict[str, object] = {
            "first": scope.date_from,
            "last": scope.date_to,
            "paper": scope.newspaper,
        }
        limits["legible"] = scope.legible
        return np.array([row for (row,) in self._db.execute(_WITHIN, limits)], dtype=np.int64)

    def _is_named(self, name: str, kind: str) -> bool:
        query = "SELECT 1 FROM names WHERE name = ? AND kind = ?"
        return self._db.execute(query, (name, kind)).fetchone() is not None

    def _borne(self, name: str, kind: str, hidden: Iterable[Article]) -> bool:
        """Whether an article that is shown bears the folded name.

        Looked for as the hidden articles print it; where no other prints it so, it goes with them.
        """
        printed = {n for a in hidden for n in (*a.byline, a.section or "") if fold(n) == name}
        query = "SELECT record FROM articles WHERE instr(record, CAST(? AS BLOB)) > 0"
        found = (blob for one in printed for (blob,) in self._db.execute(query, (one,)))
        return any((name, kind) in _names(_decode(blob)) for blob in found)

    def _joined(self, wanted: str, known: str, article_id: str) -> str | None:
        """The part on the other side of a join."""
        query = f"SELECT {wanted} FROM continuations WHERE {known} = ?"  # noqa: S608 -- two columns
        row = self._db.execute(query, (article_id,)).fetchone()
        return str(row[0]) if row else None

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def _blob(self, query: str, key: str) -> bytes:
        # What is not Unicode (a terminal's stray bytes) names nothing, and SQLite would refuse it.
        key = key.encode(errors="replace").decode()
        row = self._db.execute(query, (key,)).fetchone()
        if row is None and (taken := self.taken(key)):
            raise TakenDownError(key, taken.told)
        if row is None:
            raise NotFoundError(f"the archive does not hold {key!r}; `jiwen ask` prints the ids")
        return bytes(row[0])


class CatalogueWriter:
    """A catalogue being written; rows are given to passages in the order they come."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, passages: Iterable[tuple[int, Passage]]) -> None:
        """Store passages under their rows."""
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            (
                (row, p.id, p.article_id, p.legibility, msgspec.json.encode(p))
                for row, p in passages
            ),
        )

    def join(self, joins: Iterable[Join]) -> None:
        """Store which articles are parts of one story."""
        self._db.executemany(
            "INSERT INTO continuations VALUES (?, ?)", ((j.before, j.after) for j in joins)
        )

    def close(self) -> None:
        """Commit and let go of the file; the caller makes it durable."""
        self._db.commit()
        self._db.close()


def article_code(article: Article) -> str:
    """A short name of an article's words, the same wherever and whenever they are indexed."""
    text = f"{article.headline.text}\0{article.body.text}"
    digest = hashlib.blake2b(text.encode(), digest_size=10).digest()
    return base64.b32encode(digest).decode().lower()[:_CODE_CHARS]


def cite(article: Article, part: Part, *, start: int, length: int) -> str:
    """The citation code of ``length`` characters from ``start`` in a part of an article."""
    return f"{article_code(article)}_{part}{start}_{length}"


def cited(catalogue: Catalogue, code: str) -> tuple[Article, Part, int, int]:
    """The article, part, start and length that a citation code names.

    Raises:
        NotFoundError: it is no citation code, or the archive no longer holds those words.
    """
    match = _read_code(code)
    article, part = catalogue.by_code(match["name"]), Part(match["part"])
    start, length = int(match["start"]), int(match["length"])
    if start + length > len(part_text(article, part).text) or length > MAX_QUOTE_CHARS:
        raise NotFoundError(f"{code[:60]!r} points outside its article, or at too much of it")
    return article, part, start, length


def code_range(code: str) -> tuple[tuple[str, str], int, int]:
    """What a citation code names: article and part, and the range of characters there.

    Raises:
        NotFoundError: it is no citation code.
    """
    match = _read_code(code)
    start = int(match["start"])
    return (match["name"], match["part"]), start, start + int(match["length"])


def _read_code(code: str) -> re.Match[str]:
    if match := _CITE.fullmatch(code):
        return match
    raise NotFoundError(f"{code[:60]!r} is not a citation code; `jiwen ask` prints them")


def part_text(article: Article, part: Part) -> CleanText:
    """The clean text of an article's part."""
    return article.headline if part is Part.HEADLINE else article.body


def _article_row(a: Article) -> tuple[str, str, str, str | None, str | None, bytes]:
    imprint = a.imprint
    record = msgspec.json.encode(a)
    return a.id, a.page_id, article_code(a), imprint.newspaper, imprint.date, record


def _names(article: Article) -> Iterator[tuple[str, str]]:
    """The folded names that a question may use of an article, with their kinds."""
    yield from ((fold(name), "reporter") for name in article.byline)
    if article.section:
        yield fold(article.section), "section"


def _decode(blob: bytes) -> Article:
    return msgspec.json.decode(blob, type=Article)
