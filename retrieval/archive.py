"""The one facade: build an archive, open it, ask it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval import answer as answers
from retrieval import excerpts
from retrieval import manifest as manifests
from retrieval.alignment import Aligner
from retrieval.answer import Candidate, Finding
from retrieval.catalogue import Catalogue, cite, cited, part_text
from retrieval.cleaning import cut
from retrieval.context import around_text
from retrieval.entities import Entity, entities
from retrieval.errors import IndexStale, NotFoundError
from retrieval.folding import fold
from retrieval.generations import claim
from retrieval.lexicon import Lexicon
from retrieval.manifest import CATALOGUE, LEXICON, VECTORS, Manifest
from retrieval.proof import Failure, Prover
from retrieval.query import understand
from retrieval.records import (
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
from retrieval.search import search
from retrieval.settings import Settings
from retrieval.tokens import bigrams
from retrieval.tools import Tools, open_tools, word_encoder
from retrieval.vectors import Scored, Vectors

if TYPE_CHECKING:
    from retrieval.build import Progress, Report

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

    def ask(self, question: str, *, k: int | None = None, scope: Scope = Scope()) -> Answer:  # noqa: B008 -- frozen
        """What the archive says: at most ``k`` proven quotes, best first, and a verdict.

        1. understand; 2. search; 3. find the sentences; 4. judge; 5. prove.
        """
        started = time.perf_counter()
        query = self._understand(question, scope)
        if query.reason is not None:
            return self._finish(query, (Verdict.NONE, query.reason, 0.0), (), started)
        found = self._search(query)
        asked = self._aligner.asked(query)
        findings = answers.find(query, asked, self._candidates(found), self._aligner)
        settings = self._tools.settings.answer
        verdict = answers.judge(findings, settings)
        if verdict[0] is Verdict.NONE:
            return self._finish(query, verdict, (), started)
        chosen = answers.choose(findings, k=settings.k if k is None else k, settings=settings)
        quotes = [self._quote(f, settings.quote_chars) for f in chosen]
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

    def _understand(self, question: str, scope: Scope) -> Query:
        settings = self._tools.settings
        query = understand(
            question,
            segmenter=self._tools.segmenter,
            newspapers=settings.newspapers,
            scope=scope,
            known=lambda pair: self._lexicon.count(pair) > 0,
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

    def _search(self, query: Query) -> Scored:
        return search(
            self._tools.encoder.encode_query(query.text),
            self._tools.segmenter.terms(" ".join(query.terms)),
            vectors=self._vectors,
            lexicon=self._lexicon,
            within=(query.scope, self.catalogue.rows(query.scope)),
            alike=sorted({pair for w, o in query.alike for pair in {*bigrams(o)} - {*bigrams(w)}}),
            settings=self._tools.settings.search,
        )

    def _candidates(self, found: Scored) -> list[Candidate]:
        """The best rows as passages with their articles; fused scores on a scale of 0 to 1."""
        found = found[:_CHECKED]
        passages = self.catalogue.passages([row for row, _ in found])
        of = [p.article_id for p in passages]
        articles = {a: self.catalogue.article(a) for a in set(of)}
        top = found[0][1] if found else 1.0
        papers = self._tools.settings.newspapers
        first = {a: self.story(article)[0] for a, article in articles.items()}
        around = {a: around_text(articles[a], first[a], papers) for a in articles}
        return [
            Candidate(p, articles[a], around[a], score / top, story=first[a].id)
            for p, a, (_, score) in zip(passages, of, found, strict=True)
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
        verdict: tuple[Verdict, Reason | None, float],
        quotes: Sequence[Quote],
        started: float,
    ) -> Answer:
        return Answer(
            query=query,
            verdict=verdict[0],
            reason=verdict[1],
            confidence=round(verdict[2], 3),
            quotes=tuple(quotes),
            generation=self.manifest.generation,
            took_ms=round((time.perf_counter() - started) * 1000, 1),
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
