"""Records → entries: what the lexicon stores of each passage, spelt out batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from retrieval.context import headline_text, lines_of
from retrieval.folding import fold_all
from retrieval.inverted import Entry
from retrieval.ledger import Ledger
from retrieval.records import Article, Passage
from retrieval.spelling import Spelt, spell_bigrams, spell_pairs, spell_words
from retrieval.tokens import Segmenter

_BATCH = 1024  # passages spelt at once: 2 MB; four times as many take as long
_Record = tuple[int, Passage, Article]


def entries(
    ledger: Ledger, segmenter: Segmenter, ranges: Iterable[range] | None = None
) -> Iterator[Entry]:
    """What the lexicon stores of a shard's passages, or of those of some ranges of rows."""
    last = ""
    for rows in [range(len(ledger))] if ranges is None else ranges:
        records = ledger.records(rows)
        while batch := list(islice(records, _BATCH)):
            yield from _entries(batch, segmenter, last)
            last = batch[-1][2].id


def _entries(batch: Sequence[_Record], segmenter: Segmenter, last: str) -> Iterator[Entry]:
    """The entries of a batch that follows upon the article ``last``.

    1. the terms of the passages and of their articles' headlines; 2. the neighbouring characters
    of the articles that begin here.
    """
    articles = {article.id: article for _, _, article in batch}
    texts = [passage.clean.text for _, passage, _ in batch]
    folded = fold_all([*texts, *map(headline_text, articles.values())])  # 1
    words, bigrams = spell_words(folded, segmenter), spell_bigrams(folded)
    heads = zip(words[len(batch) :], bigrams[len(batch) :], strict=True)
    headlines = {name: w.plus(b) for name, (w, b) in zip(articles, heads, strict=True)}
    pairs = _pairs([article for name, article in articles.items() if name != last])  # 2
    for (row, passage, article), own, two in zip(batch, words, bigrams, strict=False):
        imprint = article.imprint
        begun = pairs.pop(article.id, None)
        yield Entry(
            row,
            own,
            two,
            headlines[article.id],
            day=imprint.date,
            newspaper=imprint.newspaper,
            legibility=passage.legibility,
            first=begun is not None,
            pairs=begun or "",
        )


def _pairs(articles: Sequence[Article]) -> dict[str, str]:
    """The neighbouring characters of each article by its id, without white space."""
    lines = [lines_of(article) for article in articles]
    folded = iter(fold_all([line for own in lines for line in own]))
    bare = [["".join(next(folded).split()) for _ in own] for own in lines]
    spelt: list[Spelt] = spell_pairs(bare)
    return {article.id: own.text for article, own in zip(articles, spelt, strict=True)}
