"""The one facade: build an archive, open it, ask it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval import answer as answers
from retrieval import excerpts
from retrieval import manifest as manifests
from retrieval import tally as tallies
from retrieval.alignment import Aligner, Asked, met, shares
from retrieval.catalogue import Catalogue, cite, cited, part_text
from retrieval.census import Census, census
from retrieval.cleaning import cut
from retrieval.context import around_text
from retrieval.entities import Entity, entities
from retrieval.errors import IndexStale, NotFoundError
from retrieval.findings import Candidate, Finding, Readings, read, weigh
from retrieval.folding import fold, fold_all
from retrieval.generations import claim
from retrieval.holding import Rows, asks_more, left_over, rows_holding
from retrieval.homophones import suggestions
from retrieval.lexicon import Lexicon
from retrieval.manifest import CATALOGUE, LEXICON, VECTORS, Manifest
from retrieval.mentions import Holds
from retrieval.proof import Failure, Prover
from retrieval.query import understand
from retrieval.records import (
    Also,
    Answer,
    Article,
    CleanText,
    Passage,
    Query,
    Quote,
    Reason,
    Scope,
    Source,
    Span,
    Verdict,
)
from retrieval.reprints import reprints
from retrieval.search import propose, rank
from retrieval.settings import Settings
from retrieval.tally import Matching, Shelf
from retrieval.tokens import bigrams
from retrieval.tools import Tools, open_tools, word_encoder
from retrieval.vectors import Vectors
from retrieval.weights import shipped

if TYPE_CHECKING:
    from retrieval.build import Progress, Report

Judged = tuple[Verdict, Reason | None, float]

_PRINTS = 4  # stories looked at for each quote of a tally: few are printed more often
_CHECKED = 24  # candidates whose sentences are aligned; more changes no answer, and costs time


class Archive:
    """An open index over its seeds; safe to use from several threads."""

    def __init__(
        self,
        manifest: Manifest,
        stores: tuple[Catalogue, Vectors, Lexicon],
        tools: Tools,
        prover: Prover,
        aligner: Aligner,
    ) -> None:
        self.manifest = manifest
        self.catalogue, self._vectors, self._lexicon = stores
        self._tools = tools
        self._prover = prover
        self._aligner = aligner

    @classmethod
    def build(
        cls,
        seeds: Path,
        index: Path,
        settings: Settings,
        *,
        full: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Bring the index up to date with the seeds.

        Raises:
            JiwenError: see ``build.build``.
        """
        claim(index)
        from retrieval.build import build  # reading pages takes what no question needs: 0.1 s

        return build(seeds, index, open_tools(index, settings), full=full, progress=progress)

    @classmethod
    def open(cls, seeds: Path, index: Path, settings: Settings) -> Archive:
        """The archive as it was last built.

        Raises:
            IndexMissing: it was never built.
            IndexBroken: a file is missing, damaged or foreign.
            IndexStale: it was built with another model, tokeniser or rule.
        """
        folder = manifests.current(index)
        manifest = manifests.read_manifest(folder)
        tools = open_tools(index, settings)
        manifests.check(manifest, model=tools.encoder.name, **tools.digests())
        stores = (
            Catalogue.open(folder / CATALOGUE),
            Vectors.open(folder / VECTORS),
            Lexicon.open(folder / LEXICON),
        )
        _agree(stores, manifest)
        aligner = Aligner(word_encoder(tools), tools.segmenter)
        return cls(manifest, stores, tools, Prover(seeds), aligner)

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        scope: Scope = Scope(),  # noqa: B008 -- frozen
        today: date | None = None,
    ) -> Answer:
        """What the archive says: at most ``k`` proven quotes, best first, and a verdict.

        ``today`` is the day that 去年 and 昨天 of the question count from; without one, the clock's.
        What asks for everything that matches (how many reports, the first, who wrote) is told by
        going through all of it, not by the best. Else:

        1. understand; 2. search, read, weigh the sentences and judge them; 3. where a question asks
        more of a phrase than the articles that hold it say, again by its words; 4. prove.
        """
        started = time.perf_counter()
        query = self._understand(question, scope, today or date.today())
        if query.reason is not None:
            return self._finish(query, (Verdict.NONE, query.reason, 0.0), (), started)
        asked_of_all = census(query.text)
        if asked_of_all and (whole := self._tallied(query, asked_of_all, k, started)):
            return whole
        settings, weights = self._tools.settings.answer, shipped()
        findings, verdict = self._findings(query)
        if query.phrases and asks_more(query) and verdict[0] is not Verdict.ANSWERED:
            query = replace(query, phrases=(), unheld=(*query.phrases, *query.unheld))
            findings, verdict = self._findings(query)
        if verdict[0] is Verdict.NONE:
            return self._finish(query, verdict, (), started)
        prints = reprints([f.candidate.article for f in findings])
        once = [f for f in findings if f.candidate.article.id not in prints]
        k = settings.k if k is None else k
        chosen = answers.choose(once, k=k, settings=settings, weights=weights)
        quotes = self._with_reprints(chosen, findings, prints)
        proven = tuple(quote for quote in quotes if quote is not None)
        if len(proven) < len(quotes) and (not proven or quotes[0] is None):
            verdict = (Verdict.RELATED if proven else Verdict.NONE, Reason.NOT_PROVEN, verdict[2])
        return self._finish(query, verdict, proven, started)

    def quote(self, code: str) -> Quote:
        """The quote that a citation code names, proven.

        Raises:
            NotFoundError: the archive does not hold it, or its page has changed.
        """
        article, part, start, length = cited(self.catalogue, code)
        clean = cut(part_text(article, part), start, start + length)
        if not clean.text:
            raise NotFoundError(f"{code}: names no words; `jiwen ask` prints citation codes")
        source = self.source(article, clean)
        passage = next(
            p
            for p in self.catalogue.passages_of(article.id)
            if p.part is part and p.start <= start < p.start + len(p.clean.text)
        )
        return Quote(
            text=clean.text,
            highlights=(),
            spans=clean.spans,
            source=source,
            passage_id=passage.id,
            article_id=article.id,
            cite=code,
            score=1.0,
            **self._read(passage),
        )

    def around(self, codes: Sequence[str]) -> list[Quote]:
        """The context of quotes of one article, by their citation codes, proven.

        Raises:
            NotFoundError: the archive does not hold it, or its page has changed.
        """
        return [self.quote(code) for code in excerpts.around(self.catalogue, codes)]

    def whole(self, code: str) -> list[Quote]:
        """The whole story that a citation code stands in, headline first, in proven pieces.

        Raises:
            NotFoundError: the archive does not hold it, or its page has changed.
        """
        article = cited(self.catalogue, code)[0]
        return [self.quote(piece) for piece in excerpts.whole(self.story(article))]

    def entities(self, text: str) -> list[Entity]:
        """The places, people, bodies, papers and days that a text names, in reading order."""
        return entities(
            text,
            self._tools.segmenter,
            newspapers=self._tools.settings.newspapers,
            known=lambda pair: self._lexicon.count(pair) > 0,
        )

    def check(self) -> Iterator[tuple[str, int, list[Failure]]]:
        """Re-read every page: (page id, passages proven or not, those that failed)."""
        for page_id, _ in self.catalogue.pages():
            passages: list[Passage] = []
            failures: list[Failure] = []
            for article in self.catalogue.articles_of(page_id):
                own = self.catalogue.passages_of(article.id)
                passages += own
                failures += self._prover.check(article, own)
            yield page_id, len(passages), failures

    def near(self, text: str, k: int) -> list[Article]:
        """The articles whose words are most like ``text``, best first."""
        terms = self._tools.segmenter.terms(fold(text))
        rows = [row for row, _ in self._lexicon.search(terms, k)]
        ids = dict.fromkeys(p.article_id for p in self.catalogue.passages(rows))
        return [self.catalogue.article(article_id) for article_id in ids]

    def story(self, article: Article) -> list[Article]:
        """The parts of an article's story in order, each on its page; mostly the article alone."""
        ids = self.catalogue.story(article.id)
        return [article if i == article.id else self.catalogue.article(i) for i in ids]

    def _understand(self, question: str, scope: Scope, today: date) -> Query:
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
                reporter=self.catalogue.is_reporter,
                section=self.catalogue.is_section,
            ),
            max_chars=settings.answer.max_question_chars,
        )
        if query.reason is not None:
            return query
        rows = self.catalogue.rows(scope)
        if len(self._vectors) == 0:
            return replace(query, reason=Reason.EMPTY_ARCHIVE)
        if rows is not None and len(rows) == 0:
            return replace(query, reason=Reason.NOTHING_IN_SCOPE)
        return query

    def _tallied(self, query: Query, asked: Census, k: int | None, started: float) -> Answer | None:
        """What all that matches adds up to; ``None`` where a bare name signs nothing."""
        settings = self._tools.settings
        scope = tallies.narrowed(query, asked.matter, settings.newspapers)
        found = tallies.matching(asked, scope, self._shelf())
        if not found.stories and asked.byline and not asked.titled:
            return None
        tally = tallies.tally_of(asked, found)
        quotes = self._tally_quotes(asked, found, settings.answer.k if k is None else k)
        proven = [quote for quote in quotes if quote is not None]
        sound = len(proven) == len(quotes)
        verdict = tallies.judge(tally, any_page=self._any_page(scope))
        if not sound:
            verdict = (Verdict.RELATED if proven else Verdict.NONE, Reason.NOT_PROVEN, 0.0)
        answer = self._finish(replace(query, scope=scope), verdict, proven, started)
        return replace(answer, tally=replace(tally, complete=sound))

    def _tally_quotes(self, asked: Census, found: Matching, k: int) -> list[Quote | None]:
        """The sentences that make the first stories match, a reprint with the first print."""
        looked = tallies.in_order(asked.kind, found)[: k * _PRINTS]
        prints = reprints([story.article for story in looked])
        findings = [
            tallies.finding(story, found, self.catalogue.passages_of(story.article.id))
            for story in looked
        ]
        once = [f for f in findings if f.candidate.article.id not in prints]
        return self._with_reprints(once[:k], findings, prints)

    def _with_reprints(
        self, chosen: Sequence[Finding], findings: Sequence[Finding], prints: Mapping[str, str]
    ) -> list[Quote | None]:
        """The chosen as quotes, the first of each story naming where else it was printed."""
        quotes: list[Quote | None] = []
        told: set[str] = set()
        for finding in chosen:
            article = finding.candidate.article.id
            quote = self._quote(finding, self._tools.settings.answer.quote_chars)
            if quote is not None and article not in told:
                others = [f for f in findings if prints.get(f.candidate.article.id) == article]
                quote = replace(quote, also=self._also(others))
                told.add(article)
            quotes.append(quote)
        return quotes

    def _also(self, others: Sequence[Finding]) -> tuple[Also, ...]:
        """Where reprints stand, each by its best finding; those not proven are left out."""
        best = {f.candidate.article.id: f for f in reversed(others)}
        limit = self._tools.settings.answer.quote_chars
        quotes = [self._quote(best[article], limit) for article in sorted(best)]
        return tuple(Also(q.source, q.article_id, q.cite) for q in quotes if q is not None)

    def _suggested(self, query: Query, *, misread: bool) -> tuple[str, ...]:
        """Names of the archive that sound like one of the question that it does not hold."""
        if query.reason is not None:
            return ()
        return suggestions(query.text, self._shelf(), misread=misread)

    def _shelf(self) -> Shelf:
        return Shelf(self.catalogue, self._lexicon, self._tools.segmenter)

    def _any_page(self, scope: Scope) -> bool:
        """Whether the archive holds anything within the scope."""
        rows = self.catalogue.rows(scope)
        return rows is None or len(rows) > 0

    def _readings(self, query: Query) -> Readings | None:
        """What the passages that the search proposes say to the question."""
        asked = self._aligner.asked(query)
        return read(query, asked, self._search(query, asked), self._aligner)

    def _findings(self, query: Query) -> tuple[list[Finding], Judged]:
        """The best sentences for a query, best first, and the verdict on them."""
        findings = weigh(self._readings(query), shipped())
        settings = self._tools.settings.answer
        return findings, answers.judge(findings, settings, weights=shipped())

    def _holding(self, phrase: str, scope: Scope) -> Rows:
        """The rows within the scope that hold a folded phrase."""
        proposed = self._lexicon.holding(phrase)
        held = rows_holding(phrase, self.catalogue.texts(proposed))
        rows = self.catalogue.rows(scope)
        return held if rows is None else np.intersect1d(held, rows)

    def _rows(self, query: Query) -> Rows | None:
        """The rows that the scope, the phrases and the exclusions leave over; ``None``: all."""
        rows = self.catalogue.rows(query.scope)
        if not (query.phrases or query.excluded):
            return rows
        return left_over(
            query,
            np.arange(len(self._vectors)) if rows is None else rows,
            holding=lambda phrase: self._holding(phrase, query.scope),
            articles=lambda held: np.array(self.catalogue.rows_of(held.tolist()), dtype=np.int64),
        )

    def _search(self, query: Query, asked: Asked) -> list[Candidate]:
        """The best candidates, with scores on a scale of 0 to 1: proposed, ranked, looked up."""
        rows = self._rows(query)
        if rows is not None and len(rows) == 0:
            return []
        proposals = propose(
            self._tools.encoder.encode_query(query.text),
            self._tools.segmenter.terms(query.text),
            stores=(self._vectors, self._lexicon),
            within=(query.scope, rows),
            exact=bool(query.phrases or query.excluded),
            alike=sorted({pair for w, o in query.alike for pair in {*bigrams(o)} - {*bigrams(w)}}),
            settings=self._tools.settings.search,
        )
        passages = self.catalogue.passages(proposals.rows.tolist())
        meeting = self._aligner.meet(asked, fold_all([p.clean.text for p in passages]))
        late = met(meeting, shipped()) @ shares(asked, shipped())
        found = rank(proposals, late)[:_CHECKED]
        by_row = dict(zip(proposals.rows.tolist(), passages, strict=True))
        return self._candidates([(by_row[row], score) for row, score in found])

    def _candidates(self, found: Sequence[tuple[Passage, float]]) -> list[Candidate]:
        """The passages with their articles and what surrounds them; scores from 0 to 1."""
        of = [p.article_id for p, _ in found]
        articles = {a: self.catalogue.article(a) for a in set(of)}
        top = found[0][1] if found else 1.0
        papers = self._tools.settings.newspapers
        first = {a: self.story(article)[0] for a, article in articles.items()}
        around = {a: around_text(articles[a], first[a], papers) for a in articles}
        return [
            Candidate(p, articles[a], around[a], score / top, story=first[a].id)
            for (p, score), a in zip(found, of, strict=True)
        ]

    def _quote(self, finding: Finding, quote_chars: int) -> Quote | None:
        """The finding as a quote, or ``None`` where the page does not bear it out."""
        passage, article = finding.candidate.passage, finding.candidate.article
        span, answering = answers.quoted(finding, quote_chars=quote_chars)
        clean = cut(passage.clean, *span)
        if not clean.text or not self._prover.proven(article.page_id, clean):
            return None
        part, start, length = answers.part_offset(finding, span)
        return Quote(
            text=clean.text,
            highlights=(_shift(answering, -span[0]),),
            spans=clean.spans,
            source=self.source(article, clean),
            passage_id=passage.id,
            article_id=article.id,
            cite=cite(article, part, start=start, length=length),
            score=round(finding.score, 4),
            **self._read(passage),
        )

    def _read(self, passage: Passage) -> dict[str, Any]:
        """How cleanly a passage reads, as its quotes carry it."""
        at = self._tools.settings.answer.legible_at
        return {"legibility": passage.legibility, "doubtful": passage.legibility < at}

    def source(self, article: Article, clean: CleanText) -> Source:
        """Where clean text of an article stands, proven.

        Title and byline that its own page does not print are those of the story's other parts.

        Raises:
            NotFoundError: its page no longer holds it.
        """
        if not self._prover.proven(article.page_id, clean):
            raise NotFoundError(
                f"{article.page_id}: has changed since it was indexed; run `jiwen index`"
            )
        imprint = article.imprint
        parts = [article, *self.story(article)]
        return Source(
            file=article.page_id,
            newspaper=imprint.newspaper,
            date=imprint.date,
            page=imprint.page,
            title=next((part.title for part in parts if part.title), None),
            byline=next((part.byline for part in parts if part.byline), ()),
            lines=self._prover.lines(article.page_id, clean.spans),
        )

    def _finish(
        self,
        query: Query,
        verdict: Judged,
        quotes: Sequence[Quote],
        started: float,
    ) -> Answer:
        """The answer, its names compared with those of the archive.

        Where one stands nowhere and another sounds like it, that one is offered, and what was
        found is only related: who asks for 于智 is not answered about 于志.
        """
        suggested = self._suggested(query, misread=verdict[0] is not Verdict.ANSWERED)
        if suggested and verdict[0] is Verdict.ANSWERED:
            verdict = (Verdict.RELATED, Reason.NOT_STATED, verdict[2])
        return Answer(
            query=query,
            verdict=verdict[0],
            reason=verdict[1],
            confidence=round(verdict[2], 3),
            quotes=tuple(quotes),
            generation=self.manifest.generation,
            took_ms=round((time.perf_counter() - started) * 1000, 1),
            suggestions=suggested,
        )


def _agree(stores: tuple[Catalogue, Vectors, Lexicon], manifest: Manifest) -> None:
    """Raise IndexStale unless the three stores hold the same passages."""
    catalogue, vectors, lexicon = stores
    counts = {catalogue.counts()["passages"], len(vectors), len(lexicon)}
    if counts != {manifest.counts["passages"]} or vectors.dimension != manifest.dimension:
        raise IndexStale(
            f"the stores of the index disagree ({sorted(counts)}); run `jiwen index --full`"
        )


def _shift(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
