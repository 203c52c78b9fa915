"""The take-down list against an archive: which articles an entry hides, and what to look at.

What is hidden stays indexed, so that lifting an entry needs no rebuild; the stores themselves leave
it out, so that nothing that asks them can forget to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from retrieval.catalogue import Catalogue
from retrieval.folding import bare, fold
from retrieval.ledger import article_code
from retrieval.lexicon import Lexicon
from retrieval.records import Article
from retrieval.reprints import reprints
from retrieval.settings import Newspaper, Settings, TakeDown
from retrieval.vectors import Vectors

if TYPE_CHECKING:
    from retrieval.review import Review  # reading pages takes what no question needs

Stores = tuple[Catalogue, Vectors, Lexicon]

_CODE_CHARS = 10
_LIKE_CHARS = 300  # of an article, by which others like it are looked for
_LIKE = 20  # articles looked at; a story is seldom printed more often than a few times


@dataclass(frozen=True, slots=True)
class Hidden:
    """What an entry hides, by id; ``parts`` are further parts of those stories, on other pages."""

    entry: TakeDown
    articles: tuple[str, ...]
    parts: tuple[str, ...] = ()


def hides(entry: TakeDown, article: Article, newspapers: Sequence[Newspaper]) -> bool:
    """Whether an entry names an article."""
    if entry.code:
        return article_code(article) == _code(entry.code)
    if entry.article or entry.page:
        return entry.article == article.id or entry.page == article.page_id
    imprint, wanted = article.imprint, fold(entry.newspaper or "").strip("《》 ")
    papers = [p for p in newspapers if p.name == imprint.newspaper]
    names = {imprint.newspaper or "", *(alias for p in papers for alias in p.aliases)}
    same_day = entry.date is not None and imprint.date == entry.date.isoformat()
    same_title = not entry.title or bare(entry.title)[0] == bare(article.title or "")[0]
    return same_day and same_title and wanted in map(fold, names)


def found(catalogue: Catalogue, settings: Settings) -> tuple[Hidden, ...]:
    """What each entry of the list hides of an archive, in the order of the list."""
    return tuple(_found(catalogue, entry, settings) for entry in settings.takedown)


def veil(stores: Stores, hidden: Iterable[Hidden]) -> Stores:
    """The stores without what is hidden; as they are where nothing is."""
    catalogue, vectors, lexicon = stores
    ids = {i: one.entry for one in reversed([*hidden]) for i in (*one.articles, *one.parts)}
    if not ids:
        return stores
    rows = catalogue.rows_in(ids)
    catalogue.hide(ids)
    return catalogue, vectors.without(np.array(rows, dtype=np.int64)), lexicon.without(rows)


def shown(articles: Iterable[Article], settings: Settings) -> list[Article]:
    """The articles of seeds that no entry names."""
    return [a for a in articles if not _named(a, settings)]


def shown_of(review: Review, settings: Settings) -> Review:
    """The review of a page without what entries name."""
    hidden = {a.id for a in review.articles if _named(a, settings)}
    return replace(
        review,
        articles=tuple(a for a in review.articles if a.id not in hidden),
        readings=tuple(r for r in review.readings if r.article_id not in hidden),
    )


def printed_again(
    hidden: Iterable[Article], near: Callable[[str, int], list[Article]]
) -> list[tuple[str, Article]]:
    """Hidden articles, by id, each with a likely reprint of it that is still shown."""
    pairs: list[tuple[str, Article]] = []
    for article in hidden:
        text = f"{article.headline.text}\n{article.body.text}"[:_LIKE_CHARS]
        others = near(text, _LIKE)
        prints = [reprints([article, other]) for other in others]
        pairs += [(article.id, o) for o, same in zip(others, prints, strict=True) if same]
    return pairs


def _named(article: Article, settings: Settings) -> bool:
    return any(hides(entry, article, settings.newspapers) for entry in settings.takedown)


def _found(catalogue: Catalogue, entry: TakeDown, settings: Settings) -> Hidden:
    """What one entry hides: the articles that it names, and the rest of their stories."""
    day = entry.date.isoformat() if entry.date else None
    code = _code(entry.code) if entry.code else None
    keys = {"id": entry.article, "page_id": entry.page, "code": code, "date": day}
    column, value = next((c, v) for c, v in keys.items() if v)
    near = catalogue.articles_with(column, value)
    ids = [a.id for a in near if hides(entry, a, settings.newspapers)]
    parts = {part for i in ids for part in catalogue.story(i)} - set(ids)
    return Hidden(entry, tuple(ids), tuple(sorted(parts)))


def _code(code: str) -> str:
    """The article's name in a citation code, however much of one is given."""
    return code.strip().removeprefix("/").removeprefix("c_")[:_CODE_CHARS]
