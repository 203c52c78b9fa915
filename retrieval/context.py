"""What surrounds a passage and gives its sentences their subject: headline, reporters, source."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.records import Article, Part, Passage
from retrieval.settings import Newspaper


def encoded_text(passage: Passage, article: Article) -> str:
    """What of a passage is encoded: its text under its headline."""
    if passage.part is Part.HEADLINE:
        return passage.clean.text
    return f"{article.title or ''}\n{passage.clean.text}"


def headline_text(article: Article) -> str:
    """Headline, section, reporters, paper and day, as the lexicon's headline field holds them."""
    imprint = article.imprint
    stated = (imprint.newspaper, imprint.date, article.section, *article.byline)
    return "\n".join([article.headline.text, *(line for line in stated if line)])


def lines_of(article: Article) -> tuple[str, ...]:
    """What may be looked for in an article: its headline, its body, and each reporter."""
    return article.headline.text, article.body.text, *article.byline


def around_text(article: Article, first: Article, newspapers: Sequence[Newspaper]) -> str:
    """What surrounds an article's passages when they are read; nothing of it is stored.

    What the ``first`` part of its story prints over it stands over the article too.
    """
    heads = [headline_text(article)] + [headline_text(first)] * (first.id != article.id)
    return "\n".join([*heads, home_of(article, newspapers)])


def home_of(article: Article, newspapers: Sequence[Newspaper]) -> str:
    """The places that the article's newspaper calls 我市 and 全市, a line each."""
    name = article.imprint.newspaper
    return "\n".join(place for paper in newspapers if paper.name == name for place in paper.places)
