"""One shard's terms in tantivy: written once, then only searched.

This is the only module that imports tantivy. Terms arrive already cut; tantivy's own
``whitespace`` tokeniser only separates them again (custom tokenisers are not stored with the
index). BM25's k1 = 1.2 and b = 0.75 are fixed there.

tantivy takes how rare a term is and how long a passage is on average from the one index that it
searches. A shard must score as the whole archive does, so the lexicon hands in weights that make
good for the rarity, and ``_ballast`` gives every shard the same average lengths.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur

from retrieval.errors import IndexBroken
from retrieval.records import Scope
from retrieval.spelling import Spelt, pair_codes
from retrieval.tokens import Terms

Clause = tuple[str, str, float]  # field, term, weight

_UNKNOWN_DAY = 0
_UNKNOWN_PAPER = "?"
_PER_MILLE = 1000  # legibilities are stored as whole numbers
_HEAP_BYTES = 128_000_000  # 40,000 passages: an eighth of a shard fits
_PARTED_ROWS = 16_384
_PARTS = 8  # so many segments of about one size tantivy merges, and no fewer
_BATCH = 1024  # entries written out at once
_KNOWN_DAYS = 4096
PAIRS = "pairs.npy"
_PAIR = re.compile(r"[㐀-䶿一-鿿]{2}")
_RUN = re.compile(r"[㐀-䶿一-鿿]+|[a-z0-9]+")
# Terms of a passage on average: five pages of local papers have 87, 114 and 51, 3,000 news items 76,
# 102 and 26. What the average is matters little, that it is the same in every shard does.
MEAN_TERMS = {"words": 82, "bigrams": 108, "headline": 40}
_FILLER = "\ufffd"  # no question asks for it
_NO_ROW = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage as the lexicon stores it; ``row`` is its number in the shard.

    ``first`` says whether it is its article's first, which alone carries ``pairs``, the
    neighbouring characters of the whole article: who goes through all articles meets each once.
    """

    row: int
    words: Spelt
    bigrams: Spelt
    headline: Spelt
    day: str | None
    newspaper: str | None
    legibility: float = 1.0
    first: bool = True
    pairs: str = ""

    @classmethod
    def of(
        cls,
        row: int,
        terms: Terms,
        *,
        headline: Terms = Terms((), ()),  # noqa: B008 -- frozen
        day: str | None = None,
        newspaper: str | None = None,
    ) -> Entry:
        """The entry of a passage that has these terms, under a headline that has those."""
        words, bigrams = Spelt.of(terms.words), Spelt.of(terms.bigrams)
        head = Spelt.of(headline.words + headline.bigrams)
        return cls(row, words, bigrams, head, day, newspaper)

    def fields(self) -> dict[str, Spelt]:
        """The terms of each field that is scored."""
        return {"words": self.words, "bigrams": self.bigrams, "headline": self.headline}


class Inverted:
    """The terms of one shard, opened once."""

    def __init__(self, index: tantivy.Index, pairs: NDArray[np.uint32]) -> None:
        self._pairs = pairs  # of Han that stand side by side, as numbers, in order
        self._schema = index.schema
        self._searcher = index.searcher()
        self.n_documents = int(self._searcher.num_docs)  # what BM25 counts, ballast and all
        numbered = tantivy.Query.range_query(
            self._schema, "first", tantivy.FieldType.Integer, 0, None
        )
        found = self._searcher.search(numbered, limit=1, count=True)
        self.n_rows = int(found.count or 0)  # type: ignore[attr-defined]  # the stubs lack it

    @classmethod
    def write(cls, path: Path, entries: Iterable[Entry], *, n_expected: int = 0) -> None:
        """Write the entries to the folder ``path``; raises OSError where the disk is full.

        Where many are expected they are committed in equal parts, which tantivy makes one segment:
        a question goes through one in half the time of the eleven that it wrote by itself.
        """
        path.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(path))
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        lengths = dict.fromkeys(MEAN_TERMS, 0)
        n_entries = parts = 0
        waiting = iter(entries)
        while batch := list(islice(waiting, _BATCH)):
            n_entries += len(batch)
            for field in lengths:
                lengths[field] += sum([entry.fields()[field].count for entry in batch])
            _add(writer, map(_document, batch), path)
            if n_expected >= _PARTED_ROWS and n_entries * _PARTS >= n_expected * (parts + 1):
                with _on_disk(path):
                    writer.commit()
                parts += 1
        _add(writer, _ballast(n_entries, lengths), path)
        with _on_disk(path):
            writer.commit()
            writer.wait_merging_threads()
            index.reload()
            np.save(path / PAIRS, _pairs(index.searcher()), allow_pickle=False)

    @classmethod
    def open(cls, path: Path) -> Inverted:
        """The terms in the folder ``path``.

        Raises:
            IndexBroken: tantivy cannot read it.
        """
        try:
            pairs = np.load(path / PAIRS, mmap_mode="r", allow_pickle=False)
            return cls(tantivy.Index.open(str(path)), pairs)
        except (ValueError, OSError, EOFError) as error:
            raise IndexBroken(f"{path}: not a tantivy index ({error})") from error

    def count(self, field: str, term: str) -> int:
        """How many rows hold the term in the field, dead ones too."""
        return int(self._searcher.doc_freq(field, term))

    def holding_pairs(self, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Whether any row, dead or not, holds each pair of Han, given as ``pair_codes`` has it."""
        if not len(self._pairs):
            return np.zeros(len(codes), dtype=bool)
        at = np.minimum(np.searchsorted(self._pairs, codes), len(self._pairs) - 1)
        found: NDArray[np.bool_] = self._pairs[at] == codes
        return found

    def holders(self, field: str, term: str) -> list[int]:
        """The rows that hold the term in the field, dead ones too."""
        return self._all(self._term(field, term))

    def search(
        self, clauses: Sequence[Clause], limit: int, scope: Scope
    ) -> tuple[list[int], list[float]]:
        """The best rows for weighted terms, and their scores, best first."""
        found = [(Occur.Should, self._weighted(*clause)) for clause in clauses]
        query = self._within(tantivy.Query.boolean_query(found), scope)
        hits = self._searcher.search(query, limit=limit, count=False).hits
        return self._rows([address for _, address in hits]), [score for score, _ in hits]

    def holding(self, phrase: str) -> list[int]:
        """The rows that hold every piece of a folded phrase without spaces."""
        runs = _RUN.findall(phrase)
        if not runs:
            return []
        return self._all(tantivy.Query.boolean_query([(Occur.Must, self._piece(r)) for r in runs]))

    def articles_holding(self, groups: Sequence[Sequence[str]], scope: Scope) -> list[int]:
        """Every row of an article's first passage whose article holds all pairs of a group."""
        either = [
            (Occur.Should, tantivy.Query.boolean_query(list(map(self._must, group))))
            for group in groups
        ]
        first = tantivy.Query.term_query(self._schema, "first", 1)
        clauses = [(Occur.Must, first)]
        if all(groups):  # a group of none is held by every article
            clauses.append((Occur.Must, tantivy.Query.boolean_query(either)))
        query = tantivy.Query.boolean_query(clauses)
        return self._all(self._within(query, replace(scope, legible=None)))

    def _all(self, query: tantivy.Query) -> list[int]:
        """Every row that matches, however many."""
        limit = max(self.n_documents, 1)
        hits = self._searcher.search(query, limit=limit, count=False).hits
        return self._rows([address for _, address in hits])

    def _rows(self, addresses: Sequence[tantivy.DocAddress]) -> list[int]:
        found = self._searcher.fast_field_values("row", list(addresses))
        return [_NO_ROW if row is None else int(row) for row in found]

    def _piece(self, run: str) -> tantivy.Query:
        """What holds a run of Han, by its bigrams, or a run of figures and Latin letters."""
        if run.isascii():
            return tantivy.Query.regex_query(self._schema, "words", f".*{run}.*")
        if len(run) > 1:
            pairs = [self._term("bigrams", run[i : i + 2]) for i in range(len(run) - 1)]
            return tantivy.Query.boolean_query([(Occur.Must, pair) for pair in pairs])
        beside = tantivy.Query.regex_query(self._schema, "bigrams", f"{run}.|.{run}")
        return tantivy.Query.boolean_query(
            [(Occur.Should, beside), (Occur.Should, self._term("words", run))]
        )

    def _weighted(self, field: str, term: str, weight: float) -> tantivy.Query:
        return tantivy.Query.boost_query(self._term(field, term), weight)

    def _must(self, pair: str) -> tuple[Occur, tantivy.Query]:
        return Occur.Must, self._term("pairs", pair)

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")

    def _within(self, query: tantivy.Query, scope: Scope) -> tantivy.Query:
        """The query kept to the scope; what a page does not state does not exclude it."""
        clauses = [(Occur.Must, query)]
        if scope.date_from or scope.date_to:
            days = tantivy.Query.range_query(
                self._schema,
                "day",
                tantivy.FieldType.Integer,
                ordinal(scope.date_from) if scope.date_from else None,
                ordinal(scope.date_to) if scope.date_to else None,
            )
            clauses.append((Occur.Must, self._either(days, "day", _UNKNOWN_DAY)))
        if scope.newspaper:
            paper = tantivy.Query.term_query(self._schema, "paper", scope.newspaper)
            clauses.append((Occur.Must, self._either(paper, "paper", _UNKNOWN_PAPER)))
        if scope.legible is not None:
            clean = tantivy.Query.range_query(
                self._schema, "legible", tantivy.FieldType.Integer, least_legible(scope), None
            )
            clauses.append((Occur.Must, tantivy.Query.const_score_query(clean, 0.0)))
        return query if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)

    def _either(self, query: tantivy.Query, field: str, unknown: int | str) -> tantivy.Query:
        other = tantivy.Query.term_query(self._schema, field, unknown)
        both = tantivy.Query.boolean_query([(Occur.Should, query), (Occur.Should, other)])
        return tantivy.Query.const_score_query(both, 0.0)


def _add(writer: tantivy.IndexWriter, documents: Iterable[tantivy.Document], path: Path) -> None:
    """Give the writer these documents; raises OSError where the disk is full."""
    ready = list(documents)
    with _on_disk(path):
        for document in ready:
            writer.add_document(document)


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    """Raise OSError for what tantivy could not write."""
    try:
        yield
    except ValueError as error:
        raise OSError(f"{path.name}: {error}") from error


@lru_cache(_KNOWN_DAYS)
def ordinal(day: str) -> int:
    """Days since 0001-01-01 of an ISO day."""
    return date.fromisoformat(day).toordinal()


def per_mille(legibility: float) -> int:
    """A legibility as the stores hold it."""
    return round(legibility * _PER_MILLE)


def least_legible(scope: Scope) -> int:
    """The least that a scope takes of what ``per_mille`` stores."""
    return math.ceil(round((scope.legible or 0.0) * _PER_MILLE, 6))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in MEAN_TERMS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("paper", tokenizer_name="raw", index_option="basic")
    # Signed: a Python int in an unsigned field kills tantivy's writer.
    builder.add_integer_field("row", fast=True)
    builder.add_integer_field("first", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("legible", indexed=True, fast=True)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    for field, terms in entry.fields().items():
        document.add_text(field, terms.text)
    document.add_text("pairs", entry.pairs)
    document.add_integer("first", int(entry.first))
    document.add_text("paper", entry.newspaper or _UNKNOWN_PAPER)
    document.add_integer("row", entry.row)
    document.add_integer("legible", per_mille(entry.legibility))
    document.add_integer("day", ordinal(entry.day) if entry.day else _UNKNOWN_DAY)
    return document


def _pairs(searcher: tantivy.Searcher) -> NDArray[np.uint32]:
    """The pairs of Han that stand side by side in a text or a headline, as numbers, in order."""
    own = [term for term in _held(searcher, "headline") if _PAIR.fullmatch(term)]
    return np.unique(pair_codes([*(t for t in _held(searcher, "bigrams") if t != _FILLER), *own]))


def _held(searcher: tantivy.Searcher, field: str) -> Iterator[str]:
    """The terms of a field."""
    found = searcher.terms_with_prefix(field, "")
    yield from (term for term, _ in found)


def _ballast(n_entries: int, lengths: Mapping[str, int]) -> Iterable[tantivy.Document]:
    """Documents that bring each field's mean length to ``MEAN_TERMS``; nothing finds them.

    With n of them, a mean of m asks for m * (entries + n) terms in all: of the field that is
    longest, compared with its mean, all stand in the entries; the first document has the rest.
    """
    longest = max(math.ceil(lengths[field] / mean) for field, mean in MEAN_TERMS.items())
    n_documents = max(longest, n_entries + 1)
    first = tantivy.Document()
    for field, mean in MEAN_TERMS.items():
        missing = mean * n_documents - lengths[field]
        first.add_text(field, " ".join([_FILLER] * missing))
    yield first
    for _ in range(n_documents - n_entries - 1):
        yield tantivy.Document()
