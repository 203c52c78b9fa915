"""Pages, articles and passages of all shards: what the rows of an archive mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from retrieval.errors import NotFoundError, TakenDownError
from retrieval.layout import Layout, Rows
from retrieval.ledger import CODE_CHARS, Ledger, article_code
from retrieval.records import MAX_QUOTE_CHARS, Article, CleanText, Part, Passage, Scope
from retrieval.register import Register
from retrieval.settings import TakeDown

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
        self._taken: Mapping[str, TakeDown] = {}
        self._hidden_passages = 0
        register.read_by(self._ledgers)

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
        self._hidden_passages = len(passages)
        shards = {a.id: self._register.shard(a.page_id) for a in own}
        for i, ledger in enumerate(self._ledgers):
            ledger.hide(article_id for article_id, shard in shards.items() if shard == i)
        self._register.hide(articles)

    def taken(self, name: str) -> TakeDown | None:
        """The entry that hides what is named: an article, a passage, a code, something of a page."""
        return self._taken.get(name)

    def __len__(self) -> int:
        return len(self._layout)

    def close(self) -> None:
        """Let go of the files."""
        self._register.close()
        for ledger in self._ledgers:
            ledger.close()

    def counts(self) -> dict[str, int]:
        """How many pages, articles (furniture not counted) and passages there are."""
        counts = self._register.counts()
        shown = self._register.select("SELECT count(*) FROM shown", {})[0][0]
        return {**counts, "articles": shown, "passages": counts["passages"] - self._hidden_passages}

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
        raise self._not_held(article_id)

    def passage(self, passage_id: str) -> Passage:
        """The passage named ``passage_id``.

        Raises:
            NotFoundError: there is none.
        """
        article_id = passage_id.rpartition("/p")[0]
        found = (p for p in self.passages_of(article_id) if p.id == passage_id)
        if passage := next(found, None):
            return passage
        raise self._not_held(passage_id)

    def by_code(self, code: str) -> Article:
        """An article with this citation code (reprints share one), the first by id.

        Raises:
            NotFoundError: there is none.
        """
        found = self._register.ids("code", _searchable(code))
        if not found:
            raise self._not_held(code)
        return self.article(found[0])

    def articles_of(self, page_id: str) -> list[Article]:
        """The articles of a page, in reading order."""
        ledger = self._ledger(page_id)
        return [] if ledger is None else ledger.articles_of(page_id)

    def articles_at(self, rows: Sequence[int]) -> Iterator[Article]:
        """The articles that the passages of ``rows`` are cut from, in the order of the rows."""
        for first in range(0, len(rows), _BATCH):
            found = self._by_shard(rows[first : first + _BATCH], Ledger.articles_at)
            yield from (article for article in found if article is not None)

    def begun_at(self, row: int) -> list[Article]:
        """The article that the passage of a row opens: none where it opens none, or furniture."""
        found = [a for a in self.articles_at([row]) if not a.id.endswith("/a0")]
        return [a for a in found if self.rows_in([a.id])[:1] == [row]]

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article, in reading order."""
        ledger = self._ledger(page_of(article_id))
        if ledger is None:
            return []
        return ledger.passages(ledger.rows_of_article(_searchable(article_id)))

    def articles_with(self, column: str, value: str) -> list[Article]:
        """The articles with a value in ``id``, ``page_id``, ``code`` or ``date``, by id."""
        return [self.article(article_id) for article_id in self._register.ids(column, value)]

    def select(self, query: str, **facts: object) -> list[tuple[Any, ...]]:
        """The rows of a query over the view ``shown``: an article a row, furniture left out."""
        return self._register.select(query, facts)

    def texts(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The rows with the clean text of their passages."""
        for first in range(0, len(rows), _BATCH):
            batch = list(rows[first : first + _BATCH])
            for row, passage in zip(batch, self.passages(batch), strict=True):
                yield row, passage.clean.text

    def rows_of(self, rows: Sequence[int]) -> list[int]:
        """The rows of all passages of the articles that these rows are of."""
        return self.rows_in({p.article_id for p in self.passages(rows)})

    def rows_in(self, article_ids: Iterable[str]) -> list[int]:
        """The rows of all passages of these articles, in order."""
        found: set[int] = set()
        for article_id in article_ids:
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
        found: dict[int, _T] = {}
        for shard in np.unique(shards).tolist():
            places = np.flatnonzero(shards == shard)
            values = read(self._ledgers[shard], local[places].tolist())
            for place, value in zip(places.tolist(), values, strict=True):
                found[place] = value
        return [found[place] for place in range(len(rows))]

    def _not_held(self, key: str) -> NotFoundError:
        """What is said of a key that names nothing, or nothing that is shown."""
        key = _searchable(key)
        if taken := self.taken(key):
            return TakenDownError(key, taken.told)
        return NotFoundError(f"the archive does not hold {key!r}; `jiwen ask` prints the ids")

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
