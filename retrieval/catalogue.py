"""Pages, articles and passages of all shards: what the rows of an archive mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from retrieval.errors import NotFoundError
from retrieval.layout import Layout, Rows
from retrieval.ledger import CODE_CHARS, Ledger, article_code
from retrieval.records import MAX_QUOTE_CHARS, Article, CleanText, Part, Passage, Scope
from retrieval.register import Register

_T = TypeVar("_T")
_BATCH = 500  # rows read at a time
# Nine digits reach past any page, and no further than Python reads a number.
_CITE = re.compile(
    rf"(?P<name>[a-z2-7]{{{CODE_CHARS}}})_(?P<part>[hb])(?P<start>[0-9]{{1,9}})_(?P<length>[0-9]{{1,9}})"
)


class Catalogue:
    """The records of an index, opened once for reading."""

    def __init__(self, register: Register, ledgers: Sequence[Ledger], layout: Layout) -> None:
        self._register = register
        self._ledgers = tuple(ledgers)
        self._layout = layout

    def close(self) -> None:
        """Let go of the files."""
        self._register.close()
        for ledger in self._ledgers:
            ledger.close()

    def counts(self) -> dict[str, int]:
        """How many pages, articles (furniture not counted) and passages there are."""
        return self._register.counts()

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of ``rows``, in their order."""
        return self._by_shard(rows, Ledger.passages)

    def article(self, article_id: str) -> Article:
        """The article named ``article_id``.

        Raises:
            NotFoundError: there is none.
        """
        ledger = self._ledger(page_of(article_id))
        found = None if ledger is None else ledger.article(_searchable(article_id))
        if found is not None:
            return found
        raise _not_held(article_id)

    def passage(self, passage_id: str) -> Passage:
        """The passage named ``passage_id``.

        Raises:
            NotFoundError: there is none.
        """
        article_id = passage_id.rpartition("/p")[0]
        found = (p for p in self.passages_of(article_id) if p.id == passage_id)
        if passage := next(found, None):
            return passage
        raise _not_held(passage_id)

    def by_code(self, code: str) -> Article:
        """An article with this citation code (reprints share one), the first by id.

        Raises:
            NotFoundError: there is none.
        """
        found = [
            article
            for i, ledger in enumerate(self._ledgers)
            for article in ledger.by_code(_searchable(code))
            if self._register.shard(article.page_id) == i
        ]
        if not found:
            raise _not_held(code)
        return min(found, key=lambda article: article.id)

    def articles_of(self, page_id: str) -> list[Article]:
        """The articles of a page, in reading order."""
        ledger = self._ledger(page_id)
        return [] if ledger is None else ledger.articles_of(page_id)

    def articles_at(self, rows: Sequence[int]) -> Iterator[Article]:
        """The articles that the passages of ``rows`` are cut from, in the order of the rows."""
        for first in range(0, len(rows), _BATCH):
            yield from self._by_shard(rows[first : first + _BATCH], Ledger.articles_at)

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article, in reading order."""
        ledger = self._ledger(page_of(article_id))
        if ledger is None:
            return []
        return ledger.passages(ledger.rows_of_article(_searchable(article_id)))

    def texts(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The rows with the clean text of their passages."""
        for first in range(0, len(rows), _BATCH):
            batch = list(rows[first : first + _BATCH])
            for row, passage in zip(batch, self.passages(batch), strict=True):
                yield row, passage.clean.text

    def rows_of(self, rows: Sequence[int]) -> list[int]:
        """The rows of all passages of the articles that these rows are of."""
        found: set[int] = set()
        for article_id in {p.article_id for p in self.passages(rows)}:
            shard = self._register.shard(page_of(article_id))
            if shard is not None:
                own = np.array(self._ledgers[shard].rows_of_article(article_id), dtype=np.int64)
                found.update(self._layout.rows(shard, own).tolist())
        return sorted(found)

    def is_reporter(self, name: str) -> bool:
        """Whether a byline of the archive holds the folded name."""
        return self._is_named(name, "reporter")

    def is_section(self, name: str) -> bool:
        """Whether the archive holds a section or column of the folded name."""
        return self._is_named(name, "section")

    def story(self, article_id: str) -> list[str]:
        """The ids of the parts of an article's story, in order; of most stories it is the one."""
        parts = [article_id]
        while before := self._register.before(parts[0]):
            parts.insert(0, before)
        while after := self._register.after(parts[-1]):
            parts.append(after)
        return parts

    def parts(self, article: Article) -> list[Article]:
        """The parts of an article's story in order, each on its page; mostly the article alone."""
        ids = self.story(article.id)
        return [article if i == article.id else self.article(i) for i in ids]

    def pages(self) -> list[tuple[str, str]]:
        """Every page's id and the digest of its file, by id."""
        return self._register.digests()

    def rows(self, scope: Scope) -> Rows | None:
        """The rows within the scope, or ``None`` where the scope leaves nothing out."""
        if scope == Scope():
            return None
        own = [self._layout.rows(i, ledger.rows(scope)) for i, ledger in enumerate(self._ledgers)]
        rows = np.concatenate([*own, np.zeros(0, dtype=np.int64)])
        return np.sort(rows[rows >= 0])

    def _ledger(self, page_id: str) -> Ledger | None:
        """The records of the shard that holds a page."""
        shard = self._register.shard(_searchable(page_id))
        return None if shard is None else self._ledgers[shard]

    def _by_shard(
        self, rows: Sequence[int], read: Callable[[Ledger, Sequence[int]], list[_T]]
    ) -> list[_T]:
        """What ``read`` says of each row, in their order."""
        shards, local = self._layout.places(np.array(rows, dtype=np.int64))
        found: list[_T | None] = [None] * len(rows)
        for shard in np.unique(shards).tolist():
            places = np.flatnonzero(shards == shard)
            values = read(self._ledgers[shard], local[places].tolist())
            for place, value in zip(places.tolist(), values, strict=True):
                found[place] = value
        return [value for value in found if value is not None]

    def _is_named(self, name: str, kind: str) -> bool:
        return any(
            self._register.shard(page) == i
            for i, ledger in enumerate(self._ledgers)
            for page in ledger.named(name, kind)
        )


def page_of(article_id: str) -> str:
    """The page that an article's id names."""
    return article_id.rpartition("/a")[0]


def _searchable(key: str) -> str:
    """What may be looked for; what is not Unicode (a terminal's stray bytes) names nothing."""
    return key.encode(errors="replace").decode()


def _not_held(key: str) -> NotFoundError:
    return NotFoundError(
        f"the archive does not hold {_searchable(key)!r}; `jiwen ask` prints the ids"
    )


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
