"""Passage terms in tantivy: BM25 over words, character bigrams and the headline's terms.

This is the only module that imports tantivy. Terms arrive already cut; tantivy's own
``whitespace`` tokeniser only separates them again (custom tokenisers are not stored with the
index). BM25's k1 = 1.2 and b = 0.75 are fixed there.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur

from retrieval.errors import IndexBroken
from retrieval.records import Scope
from retrieval.tokens import Terms
from retrieval.vectors import Scored

_UNKNOWN_DAY = 0
_UNKNOWN_PAPER = "?"
_PER_MILLE = 1000  # legibilities are stored as whole numbers
_HEAP_BYTES = 64_000_000
# A bigram says less than a word, and a word found in the headline says a little on its own.
_BOOSTS = {"words": 1.0, "bigrams": 0.5, "headline": 0.4}
_ALIKE_BOOST = 0.3  # a bigram that looks like one asked for
_WIDER = 4  # times as many hits, where too few of them are among the rows wanted
_RUN = re.compile(r"[㐀-䶿一-鿿]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage as the lexicon stores it; ``row`` is its number in the vectors.

    ``first`` says whether it is its article's first, which alone carries ``pairs``, the
    neighbouring characters of the whole article: who goes through all articles meets each once.
    """

    row: int
    terms: Terms
    headline: Terms
    day: str | None
    newspaper: str | None
    legibility: float = 1.0
    first: bool = True
    pairs: tuple[str, ...] = ()


class Lexicon:
    """The lexical leg, opened once."""

    def __init__(self, index: tantivy.Index, hidden: frozenset[int] = frozenset()) -> None:
        self._index = index
        self._hidden = hidden
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(cls, path: Path, entries: Iterable[Entry]) -> Lexicon:
        """Write the entries to the folder ``path`` and open it."""
        path.mkdir(parents=True)
        index = tantivy.Index(_schema(), path=str(path))
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for entry in entries:
            writer.add_document(_document(entry))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> Lexicon:
        """The lexicon in the folder ``path``.

        Raises:
            IndexBroken: tantivy cannot read it.
        """
        try:
            return cls(tantivy.Index.open(str(path)))
        except ValueError as error:
            raise IndexBroken(f"{path}: not a tantivy index ({error})") from error

    def without(self, rows: Iterable[int]) -> Lexicon:
        """The same lexicon, of which these rows are never found; each keeps its number."""
        return Lexicon(self._index, frozenset(rows))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def count(self, word: str) -> int:
        """How many passages hold the word, in their text or their article's headline.

        Of hidden passages some may count beside others, never alone.
        """
        field = "bigrams" if len(word) == 2 else "words"
        return max(self._frequency(f, word) for f in (field, "words", "headline"))

    def _frequency(self, field: str, word: str) -> int:
        """How many passages hold the word in a field; where they are few, the hidden left out."""
        frequency = int(self._searcher.doc_freq(field, word))
        if not 0 < frequency <= len(self._hidden):
            return frequency
        return len(self._run(self._term(field, word, 1.0), frequency))

    def search(
        self,
        terms: Terms,
        k: int,
        *,
        scope: Scope = Scope(),  # noqa: B008 -- frozen
        alike: Iterable[str] = (),
        rows: NDArray[np.int64] | None = None,
    ) -> Scored:
        """The ``k`` best rows for ``terms`` by BM25, best first, ties by row.

        ``alike`` are bigrams that look like some of the terms; they count for less. Where ``rows``
        are given, only they are searched (``scope`` is for the rest).
        """
        clauses = [
            (Occur.Should, self._term(field, term, boost * count))
            for field, found in (
                ("words", terms.words),
                ("bigrams", terms.bigrams),
                ("headline", terms.words + terms.bigrams),
            )
            for boost in (_BOOSTS[field],)
            for term, count in Counter(found).items()
        ]
        clauses += [(Occur.Should, self._term("bigrams", pair, _ALIKE_BOOST)) for pair in alike]
        if not clauses or k < 1:
            return []
        query = tantivy.Query.boolean_query(clauses)
        query = self._within(query, scope)
        return self._run(query, k) if rows is None else self._run_among(query, k, rows)

    def holding(self, phrase: str) -> list[int]:
        """The rows that hold every piece of a folded phrase without spaces, in order.

        They hold the phrase itself where it is one or two characters of Han; a longer one must be
        looked for in their texts. Figures and Latin letters are found inside longer words.
        """
        runs = _RUN.findall(phrase)
        if not runs:
            return []
        query = tantivy.Query.boolean_query([(Occur.Must, self._piece(run)) for run in runs])
        return self._every(query)

    def _piece(self, run: str) -> tantivy.Query:
        """What holds a run of Han, by its bigrams, or a run of figures and Latin letters."""
        if run.isascii():
            return tantivy.Query.regex_query(self._schema, "words", f".*{run}.*")
        if len(run) > 1:
            pairs = [self._term("bigrams", run[i : i + 2], 1.0) for i in range(len(run) - 1)]
            return tantivy.Query.boolean_query([(Occur.Must, pair) for pair in pairs])
        beside = tantivy.Query.regex_query(self._schema, "bigrams", f"{run}.|.{run}")
        return tantivy.Query.boolean_query(
            [(Occur.Should, beside), (Occur.Should, self._term("words", run, 1.0))]
        )

    def _run_among(self, query: tantivy.Query, k: int, rows: NDArray[np.int64]) -> Scored:
        """The ``k`` best of ``rows``: more and more hits are read until they are among them."""
        limit = k
        while True:
            found = self._run(query, limit)
            among = np.isin([row for row, _ in found], rows)
            kept = [pair for pair, inside in zip(found, among, strict=True) if inside]
            if len(kept) >= k or len(found) < limit:
                return kept[:k]
            limit *= _WIDER

    def articles_holding(self, pairs: Iterable[str], scope: Scope = Scope()) -> list[int]:  # noqa: B008 -- frozen
        """Every row of an article's first passage whose article holds all pairs, in order.

        The scope's legibility is passed over: it is a passage's, not an article's.
        """
        clauses = [(Occur.Must, tantivy.Query.term_query(self._schema, "first", 1))]
        clauses += [(Occur.Must, self._term("pairs", pair, 1.0)) for pair in pairs]
        query = self._within(tantivy.Query.boolean_query(clauses), replace(scope, legible=None))
        return self._every(query)

    def _every(self, query: tantivy.Query) -> list[int]:
        """Every row that matches, however many, in order."""
        hits = self._searcher.search(query, limit=max(len(self), 1), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return sorted({int(row or 0) for row in rows} - self._hidden)

    def _run(self, query: tantivy.Query, k: int) -> Scored:
        """The ``k`` best rows; as many more are read as are hidden, so that none is missing."""
        limit = k + len(self._hidden)
        hits = self._searcher.search(query, limit=limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        pairs = [(int(row or 0), float(s)) for row, (s, _) in zip(rows, hits, strict=True) if s > 0]
        shown = [pair for pair in pairs if pair[0] not in self._hidden]
        return sorted(shown, key=lambda pair: (-pair[1], pair[0]))[:k]

    def _term(self, field: str, term: str, boost: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, index_option="freq")
        return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)

    def _within(self, query: tantivy.Query, scope: Scope) -> tantivy.Query:
        """The query kept to the scope; what a page does not state does not exclude it."""
        clauses = [(Occur.Must, query)]
        if scope.date_from or scope.date_to:
            days = tantivy.Query.range_query(
                self._schema,
                "day",
                tantivy.FieldType.Integer,
                _ordinal(scope.date_from) if scope.date_from else None,
                _ordinal(scope.date_to) if scope.date_to else None,
            )
            clauses.append((Occur.Must, self._either(days, "day", _UNKNOWN_DAY)))
        if scope.newspaper:
            paper = tantivy.Query.term_query(self._schema, "paper", scope.newspaper)
            clauses.append((Occur.Must, self._either(paper, "paper", _UNKNOWN_PAPER)))
        if scope.legible is not None:
            least = math.ceil(round(scope.legible * _PER_MILLE, 6))
            clean = tantivy.Query.range_query(
                self._schema, "legible", tantivy.FieldType.Integer, least, None
            )
            clauses.append((Occur.Must, tantivy.Query.const_score_query(clean, 0.0)))
        return query if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)

    def _either(self, query: tantivy.Query, field: str, unknown: int | str) -> tantivy.Query:
        other = tantivy.Query.term_query(self._schema, field, unknown)
        both = tantivy.Query.boolean_query([(Occur.Should, query), (Occur.Should, other)])
        return tantivy.Query.const_score_query(both, 0.0)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in _BOOSTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("paper", tokenizer_name="raw", index_option="basic")
    # Signed: a Python int in an unsigned field kills tantivy's writer.
    builder.add_integer_field("row", fast=True)
    builder.add_integer_field("first", indexed=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("legible", indexed=True, fast=True)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("words", " ".join(entry.terms.words))
    document.add_text("bigrams", " ".join(entry.terms.bigrams))
    document.add_text("headline", " ".join(entry.headline.words + entry.headline.bigrams))
    document.add_text("pairs", " ".join(entry.pairs))
    document.add_integer("first", int(entry.first))
    document.add_text("paper", entry.newspaper or _UNKNOWN_PAPER)
    document.add_integer("row", entry.row)
    document.add_integer("legible", round(entry.legibility * _PER_MILLE))
    document.add_integer("day", _ordinal(entry.day) if entry.day else _UNKNOWN_DAY)
    return document


def _ordinal(day: str) -> int:
    """Days since 0001-01-01 of an ISO day."""
    return date.fromisoformat(day).toordinal()
