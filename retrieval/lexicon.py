"""Passage terms: BM25 over words, character bigrams and the headline's terms, shard by shard.

A row scores what it would if one index held the whole archive: how many passages hold a term is
counted over all shards, without the passages of pages that have changed since.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.abreast import WORTH_ROWS, results
from retrieval.dead import NONE, Dead
from retrieval.inverted import Clause, Entry, Inverted
from retrieval.layout import Layout, Rows
from retrieval.records import Scope
from retrieval.spelling import pair_codes
from retrieval.tokens import Terms
from retrieval.vectors import Scored

# A bigram says less than a word, and a word found in the headline says a little on its own.
_BOOSTS = {"words": 1.0, "bigrams": 0.5, "headline": 0.4}
_ALIKE_BOOST = 0.3  # a bigram that looks like one asked for
_WIDER = 4  # times as many hits, where too few of them are among the rows wanted
_SPARE = 64  # hits beyond a shard's part, of which some may tie with the last
# tantivy adds up single precision in any order: 60 terms of 20 differ by .00004 at most.
_DECIMALS = 2
_KNOWN_TERMS = 8_192  # whose counts are kept: a shard is asked in 1 microsecond, twenty are not

Asked = list[tuple[str, str, float]]  # field, term, boost
_Best = tuple[Rows, NDArray[np.float64], float]


class Lexicon:
    """The lexical leg, opened once."""

    def __init__(
        self,
        shards: Sequence[Inverted],
        layout: Layout,
        dead: Dead,
        *,
        hidden: frozenset[int] = frozenset(),
    ) -> None:
        self._shards = tuple(shards)
        self._layout = layout
        self._dead = dead
        self._hidden = hidden
        many = len(self._shards) > 1
        self._count = lru_cache(_KNOWN_TERMS)(self._counted) if many else self._counted

    @classmethod
    def build(cls, path: Path, entries: Iterable[Entry]) -> Lexicon:
        """Write the entries to the folder ``path`` and open it."""
        Inverted.write(path, entries)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Lexicon:
        """The lexicon in the folder ``path``, which is all there is.

        Raises:
            IndexBroken: tantivy cannot read it.
        """
        shard = Inverted.open(path)
        return cls([shard], Layout.whole(shard.n_rows), NONE)

    @classmethod
    def join(cls, paths: Iterable[Path], layout: Layout, dead: Dead) -> Lexicon:
        """The lexicon whose shards lie in the folders ``paths``; ``dead`` counts terms out.

        Raises:
            IndexBroken: tantivy cannot read one.
        """
        return cls([Inverted.open(path) for path in paths], layout, dead)

    def without(self, rows: Iterable[int]) -> Lexicon:
        """The same lexicon, of which these rows are never found; each keeps its number."""
        return Lexicon(self._shards, self._layout, self._dead, hidden=frozenset(rows))

    def __len__(self) -> int:
        return len(self._layout)

    def held(self) -> list[int]:
        """How many rows each shard holds, dead ones too."""
        return [shard.n_rows for shard in self._shards]

    def count(self, word: str) -> int:
        """How many passages hold the word, in their text or their article's headline.

        Of hidden passages some may count beside others, never alone.
        """
        field = "bigrams" if len(word) == 2 else "words"
        return max(self._frequency(f, word) for f in dict.fromkeys((field, "words", "headline")))

    def holds(self, pair: str) -> bool:
        """Whether any passage holds two characters of Han side by side: a count above 0.

        Every two neighbours of a text or headline are bigrams of it, so that words need no look.
        """
        return self.holding_pairs([pair])[0]

    def holding_pairs(self, pairs: Sequence[str]) -> list[bool]:
        """``holds`` of each pair: thousands in a millisecond or two."""
        codes = pair_codes(pairs)
        held = np.zeros(len(pairs), dtype=bool)
        for shard in self._shards:
            held |= shard.holding_pairs(codes)
        whole = self._dead is NONE and not self._hidden
        return [
            found and (whole or self._lives(pair))
            for pair, found in zip(pairs, held.tolist(), strict=True)
        ]

    def _lives(self, pair: str) -> bool:
        """Whether a pair that some row holds stands in one that may be found."""
        fields = ("bigrams", "headline")
        if not self._hidden and not any(self._dead.count(field, pair) for field in fields):
            return True
        return any(self._frequency(field, pair) > 0 for field in fields)

    def _frequency(self, field: str, word: str) -> int:
        """How many passages hold the word in a field; where they are few, the hidden left out."""
        frequency = self._count(field, word)[0]
        if not 0 < frequency <= len(self._hidden):
            return frequency
        return len(self._live([shard.holders(field, word) for shard in self._shards]))

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
        clauses = dict(self._clauses(_asked(terms, alike)))
        if not clauses or k < 1:
            return []
        # A shard is asked for its part, and for more only if what it holds back may be better.
        most = dict.fromkeys(clauses, k // len(clauses) + _SPARE)
        found: dict[int, _Best] = {}
        due = list(clauses)
        while due:
            calls = [partial(self._best, i, clauses[i], most[i], scope, rows) for i in due]
            found.update(zip(due, self._run(calls), strict=True))
            scores = np.concatenate([one for _, one, _ in found.values()])
            last = float(np.partition(scores, -k)[-k]) if len(scores) > k else 0.0
            due = [i for i, (_, _, held) in found.items() if held > 0 and held >= last]
            most.update({i: most[i] * _WIDER for i in due})
        near = np.concatenate([own for own, _, _ in found.values()])
        best = np.lexsort((near, -scores))[:k]
        return list(zip(near[best].tolist(), scores[best].tolist(), strict=True))

    def holding(self, phrase: str) -> list[int]:
        """The rows that hold every piece of a folded phrase without spaces, in order.

        They hold the phrase itself where it is one or two characters of Han; a longer one must be
        looked for in their texts. Figures and Latin letters are found inside longer words.
        """
        return self._live([shard.holding(phrase) for shard in self._shards])

    def articles_holding(
        self,
        groups: Sequence[Sequence[str]],
        scope: Scope = Scope(),  # noqa: B008 -- frozen
    ) -> list[int]:
        """Every row of an article's first passage whose article holds all pairs of a group.

        They are in order, whichever of the groups each holds.

        The scope's legibility is passed over: it is a passage's, not an article's.
        """
        return self._live([shard.articles_holding(groups, scope) for shard in self._shards])

    def _live(self, found: Sequence[Sequence[int]]) -> list[int]:
        """The rows of the archive that each shard's rows are, in order."""
        own = (self._layout.rows(i, np.array(rows, np.int64)) for i, rows in enumerate(found))
        rows = np.concatenate([*own, np.zeros(0, dtype=np.int64)])
        return sorted({*rows[rows >= 0].tolist()} - self._hidden)

    def _counted(self, field: str, term: str) -> tuple[int, tuple[int, ...]]:
        """How many rows hold a term in a field: of the archive, and of each shard."""
        each = tuple([shard.count(field, term) for shard in self._shards])
        whole = sum(each)
        dead = self._dead.count(field, term) if whole and self._dead is not NONE else 0
        return whole - dead, each

    def _clauses(self, asked: Asked) -> Iterator[tuple[int, list[Clause]]]:
        """For each shard the terms that it holds, weighed as the whole archive would."""
        clauses: list[list[Clause]] = [[] for _ in self._shards]
        for field, term, boost in asked:
            whole, each = self._count(field, term)
            for i, count in enumerate(each):
                if whole and count:
                    own = _rarity(count, self._shards[i].n_documents)
                    clauses[i].append((field, term, boost * _rarity(whole, len(self)) / own))
        yield from ((i, own) for i, own in enumerate(clauses) if own)

    def _run(self, calls: Sequence[Callable[[], _Best]]) -> list[_Best]:
        """What each call finds, side by side where that is worth it."""
        few = len(self) < WORTH_ROWS or len(calls) == 1
        return [call() for call in calls] if few else results(calls)

    def _best(
        self, i: int, clauses: Sequence[Clause], most: int, scope: Scope, rows: Rows | None
    ) -> _Best:
        """The wanted ones among the ``most`` best rows of a shard, with their scores.

        Last what no row that is held back exceeds, 0 where none is.
        """
        local, scores = self._shards[i].search(clauses, most, scope)
        found = self._layout.rows(i, np.array(local, dtype=np.int64))
        rounded = np.array(scores, dtype=np.float64).round(_DECIMALS)
        kept = (found >= 0) & (rounded > 0)
        if rows is not None:
            kept &= np.isin(found, rows)
        if self._hidden:
            kept &= ~np.isin(found, list(self._hidden))
        held = float(rounded[-1]) if len(local) == most else 0.0
        return found[kept], rounded[kept], held


def _asked(terms: Terms, alike: Iterable[str]) -> Asked:
    """The terms asked for, field by field, each with how much it counts."""
    fields = (
        ("words", terms.words),
        ("bigrams", terms.bigrams),
        ("headline", terms.words + terms.bigrams),
    )
    asked = [
        (field, term, _BOOSTS[field] * count)
        for field, found in fields
        for term, count in Counter(found).items()
    ]
    return asked + [("bigrams", pair, _ALIKE_BOOST) for pair in alike]


def _rarity(count: int, of: int) -> float:
    """BM25's inverse document frequency as tantivy has it (Robertson and Zaragoza, 2009)."""
    return math.log(1 + (of - count + 0.5) / (count + 0.5))
