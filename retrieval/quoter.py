"""Findings → quotes: cut from the page, proven there, with their source and citation code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from retrieval import answer as answers
from retrieval.catalogue import Catalogue, cite, cited, part_text
from retrieval.cleaning import cut
from retrieval.errors import NotFoundError
from retrieval.findings import Finding
from retrieval.proof import Prover
from retrieval.records import Also, Article, CleanText, Part, Passage, Quote, Source, Span
from retrieval.settings import AnswerSettings


class Quoter:
    """Quotes what was found, and what citation codes name; safe to share between threads."""

    def __init__(self, catalogue: Catalogue, prover: Prover, settings: AnswerSettings) -> None:
        self._catalogue = catalogue
        self._prover = prover
        self._settings = settings

    def cited(self, code: str) -> Quote:
        """The quote that a citation code names, proven.

        Raises:
            NotFoundError: the archive does not hold it, or its page has changed.
        """
        article, part, start, length = cited(self._catalogue, code)
        return self.words(article, part, (start, start + length))

    def words(self, article: Article, part: Part, span: Span) -> Quote:
        """The words of an article's part in that range, proven.

        Raises:
            NotFoundError: there are none, or its page has changed.
        """
        clean = cut(part_text(article, part), *span)
        code = cite(article, part, start=span[0], length=span[1] - span[0])
        if not clean.text:
            raise NotFoundError(f"{code}: names no words; `jiwen ask` prints citation codes")
        source = self.source(article, clean)
        passage = next(
            p
            for p in self._catalogue.passages_of(article.id)
            if p.part is part and p.start <= span[0] < p.start + len(p.clean.text)
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

    def with_reprints(
        self, chosen: Sequence[Finding], findings: Sequence[Finding], prints: Mapping[str, str]
    ) -> list[Quote | None]:
        """The chosen as quotes, the first of each story naming where else it was printed."""
        quotes: list[Quote | None] = []
        told: set[str] = set()
        for finding in chosen:
            article = finding.candidate.article.id
            quote = self._quote(finding, self._settings.quote_chars)
            if quote is not None and article not in told:
                others = [f for f in findings if prints.get(f.candidate.article.id) == article]
                quote = replace(quote, also=self._also(others))
                told.add(article)
            quotes.append(quote)
        return quotes

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
        parts = [article, *self._catalogue.parts(article)]
        return Source(
            file=article.page_id,
            newspaper=imprint.newspaper,
            date=imprint.date,
            page=imprint.page,
            title=next((part.title for part in parts if part.title), None),
            byline=next((part.byline for part in parts if part.byline), ()),
            lines=self._prover.lines(article.page_id, clean.spans),
        )

    def _also(self, others: Sequence[Finding]) -> tuple[Also, ...]:
        """Where reprints stand, each by its best finding; those not proven are left out."""
        best = {f.candidate.article.id: f for f in reversed(others)}
        limit = self._settings.quote_chars
        quotes = [self._quote(best[article], limit) for article in sorted(best)]
        return tuple(Also(q.source, q.article_id, q.cite) for q in quotes if q is not None)

    def _quote(self, finding: Finding, quote_chars: int) -> Quote | None:
        """The finding as a quote, or ``None`` where the page does not bear it out."""
        passage, article = finding.candidate.passage, finding.candidate.article
        span, answering = answers.quoted(finding, quote_chars=quote_chars)
        clean = cut(passage.clean, *span)
        if not clean.text:
            return None
        try:
            source = self.source(article, clean)
        except NotFoundError:
            return None
        part, start, length = answers.part_offset(finding, span)
        return Quote(
            text=clean.text,
            highlights=_highlights(finding, span, answering),
            spans=clean.spans,
            source=source,
            passage_id=passage.id,
            article_id=article.id,
            cite=cite(article, part, start=start, length=length),
            score=round(finding.score, 4),
            **self._read(passage),
        )

    def _read(self, passage: Passage) -> dict[str, Any]:
        """How cleanly a passage reads, as its quotes carry it."""
        at = self._settings.legible_at
        return {"legibility": passage.legibility, "doubtful": passage.legibility < at}


def _highlights(finding: Finding, quote: Span, answering: Span) -> tuple[Span, ...]:
    """The ranges of a quote that answer: its sentence, and those that answer nearly as well."""
    start, end = quote
    whole = [(a, b) for a, b in finding.beside if start <= a and b <= end]
    return tuple(_shift(one, -start) for one in sorted([answering, *whole]))


def _shift(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
