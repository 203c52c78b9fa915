"""Query → readings: what the stores of an open archive hold against a question.

The reader knows the stores, the tools and the weights; it proves and quotes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

import numpy as np

from retrieval import answer as answers
from retrieval.alignment import Aligner, met, shares, whole_texts
from retrieval.catalogue import Catalogue
from retrieval.context import around_text
from retrieval.entities import Entity, entities
from retrieval.findings import Candidate, Finding, Readings, read, weigh
from retrieval.folding import fold, fold_all
from retrieval.holding import Rows, among, left_over, rows_holding
from retrieval.lexicon import Lexicon
from retrieval.mentions import Holds
from retrieval.query import understand
from retrieval.records import Article, Passage, Query, Reason, Scope, Verdict
from retrieval.search import Proposals, propose, rank, shortlist
from retrieval.settings import Newspaper
from retrieval.tally import Shelf
from retrieval.tokens import bigrams
from retrieval.tools import Tools, word_encoder
from retrieval.vectors import Vectors
from retrieval.weights import shipped

Judged = tuple[Verdict, Reason | None, float]

_READ = 100  # of some 200 passages proposed those that late interaction reads
_KNOWN_ARTICLES = 256  # kept, some 10 KB each: those that many questions come to
_CHECKED = 24  # candidates whose sentences are weighed; 16 lose one of 58 development questions


class Reader:
    """Understands questions and reads what the stores propose; safe to share between threads."""

    def __init__(self, stores: tuple[Catalogue, Vectors, Lexicon], tools: Tools) -> None:
        self._catalogue, self._vectors, self._lexicon = stores
        self._tools = tools
        self.aligner = Aligner(word_encoder(tools), tools.segmenter)
        told = partial(_surrounded, self._catalogue, tools.settings.newspapers)
        self._told = lru_cache(_KNOWN_ARTICLES)(told)
        self.shelf = Shelf(self._catalogue, self._lexicon, tools.segmenter)

    def understand(self, question: str, scope: Scope, today: date) -> Query:
        """The query that a question makes, with the reason why it cannot be searched, if any."""
        settings = self._tools.settings
        query = understand(
            question,
            segmenter=self._tools.segmenter,
            newspapers=settings.newspapers,
            scope=scope,
            known=lambda pair: self._lexicon.count(pair) > 0,
            holds=Holds(
                today,
                phrase=lambda phrase: len(self._holding(phrase, scope)) > 0,
                reporter=self._catalogue.is_reporter,
                section=self._catalogue.is_section,
            ),
            max_chars=settings.answer.max_question_chars,
        )
        if query.reason is not None:
            return query
        rows = self._catalogue.rows(scope)
        if len(self._vectors) == 0:
            return replace(query, reason=Reason.EMPTY_ARCHIVE)
        if rows is not None and len(rows) == 0:
            return replace(query, reason=Reason.NOTHING_IN_SCOPE)
        return query

    def readings(self, query: Query) -> Readings | None:
        """What the passages that the search proposes say to the question.

        1. propose; 2. look up, align and rank; 3. read the best.
        """
        rows = self._rows(query)
        if rows is not None and len(rows) == 0:
            return None
        asked = self.aligner.asked(query)
        proposals = self._proposed(query, rows)  # 1
        own = proposals.rows.tolist()
        passages = dict(zip(own, self._catalogue.passages(own), strict=True))  # 2
        over = self.aligner.align(asked, fold_all([p.clean.text for p in passages.values()]))
        late = met(over.meet(whole_texts(over.text)), shipped()) @ shares(asked, shipped())
        found = rank(proposals, late)[:_CHECKED]
        starts = over.text.starts[[own.index(row) for row, _ in found]]
        candidates = self._candidates([(passages[row], score) for row, score in found])
        return read(query, candidates, over=over, starts=starts, aligner=self.aligner)  # 3

    def findings(self, query: Query) -> tuple[list[Finding], Judged]:
        """The best sentences for a query, best first, and the verdict on them."""
        findings = weigh(self.readings(query), shipped())
        settings = self._tools.settings.answer
        return findings, answers.judge(findings, settings, weights=shipped())

    def entities(self, text: str) -> list[Entity]:
        """The places, people, bodies, papers and days that a text names, in reading order."""
        return entities(
            text,
            self._tools.segmenter,
            newspapers=self._tools.settings.newspapers,
            known=lambda pair: self._lexicon.count(pair) > 0,
        )

    def near(self, text: str, k: int) -> list[Article]:
        """The articles whose words are most like ``text``, best first."""
        terms = self._tools.segmenter.terms(fold(text))
        rows = [row for row, _ in self._lexicon.search(terms, k)]
        ids = dict.fromkeys(p.article_id for p in self._catalogue.passages(rows))
        return [self._catalogue.article(article_id) for article_id in ids]

    def any_page(self, scope: Scope) -> bool:
        """Whether the archive holds anything within the scope."""
        rows = self._catalogue.rows(scope)
        return rows is None or len(rows) > 0

    def _holding(self, phrase: str, scope: Scope) -> Rows:
        """The rows within the scope that hold a folded phrase."""
        proposed = self._lexicon.holding(phrase)
        held = rows_holding(phrase, self._catalogue.texts(proposed))
        rows = self._catalogue.rows(scope)
        return held if rows is None else among(rows, held)

    def _rows(self, query: Query) -> Rows | None:
        """The rows that the scope, the phrases and the exclusions leave over; ``None``: all."""
        rows = self._catalogue.rows(query.scope)
        if not (query.phrases or query.excluded):
            return rows
        return left_over(
            query,
            np.arange(len(self._vectors)) if rows is None else rows,
            holding=lambda phrase: self._holding(phrase, query.scope),
            articles=lambda held: np.array(self._catalogue.rows_of(held.tolist()), dtype=np.int64),
        )

    def _proposed(self, query: Query, rows: Rows | None) -> Proposals:
        """The best of the rows that either leg proposes."""
        proposals = propose(
            self._tools.encoder.encode_query(query.text),
            self._tools.segmenter.terms(query.text),
            stores=(self._vectors, self._lexicon),
            within=(query.scope, rows),
            exact=bool(query.phrases or query.excluded),
            alike=sorted({pair for w, o in query.alike for pair in {*bigrams(o)} - {*bigrams(w)}}),
            settings=self._tools.settings.search,
        )
        return shortlist(proposals, _READ)

    def _candidates(self, found: Sequence[tuple[Passage, float]]) -> list[Candidate]:
        """The passages with their articles and what surrounds them; scores from 0 to 1."""
        top = found[0][1] if found else 1.0
        told = [(p, score / top, *self._told(p.article_id)) for p, score in found]
        return [
            Candidate(passage, article, context, fused, story=story)
            for passage, fused, article, context, story in told
        ]


def _surrounded(
    catalogue: Catalogue, newspapers: Sequence[Newspaper], article_id: str
) -> tuple[Article, str, str]:
    """An article, what surrounds its passages, and the id of the first part of its story."""
    article = catalogue.article(article_id)
    first = catalogue.parts(article)[0]
    return article, around_text(article, first, newspapers), first.id
