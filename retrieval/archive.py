"""The one facade: build an archive, open it, ask it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval import answer as answers
from retrieval import excerpts, issues, leads
from retrieval import manifest as manifests
from retrieval import takedown as takedowns
from retrieval import tally as tallies
from retrieval.catalogue import cited
from retrieval.census import Census, census
from retrieval.entities import Entity
from retrieval.errors import NotFoundError, TakenDownError
from retrieval.generations import claim
from retrieval.holding import asks_more
from retrieval.holdings import Holdings, holdings
from retrieval.homophones import suggestions
from retrieval.leanings import Reading, dropped
from retrieval.manifest import Manifest
from retrieval.proof import Failure, Prover
from retrieval.quoter import Quoter
from retrieval.reader import Judged, Reader
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
    Verdict,
)
from retrieval.reprints import reprints
from retrieval.seals import cleared
from retrieval.settings import Settings
from retrieval.stores import Stores, open_stores
from retrieval.takedown import Hidden
from retrieval.tally import Matching
from retrieval.timeline import Timeline, timeline
from retrieval.tools import Tools, open_tools
from retrieval.weights import shipped

if TYPE_CHECKING:
    from retrieval.build import Progress, Report

_PRINTS = 4  # findings looked at for each quote: few stories are printed more often


class Archive:
    """An open index over its seeds; safe to use from several threads."""

    def __init__(
        self,
        manifest: Manifest,
        stores: Stores,
        tools: Tools,
        prover: Prover,
        hidden: tuple[Hidden, ...] = (),
    ) -> None:
        self.manifest = manifest
        self.hidden = hidden
        self.catalogue = stores[0]
        self.settings = tools.settings.answer
        self.reader = Reader(stores, tools)
        self._quoter = Quoter(stores[0], prover, tools.settings.answer)
        self._newspapers = tools.settings.newspapers
        self._prover = prover

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

        mended = tuple(f"{manifests.CACHE}/{name}" for name in cleared(index / manifests.CACHE))
        report = build(seeds, index, open_tools(index, settings), full=full, progress=progress)
        return replace(report, damaged=(*mended, *report.damaged))

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
        tools.segmenter.ready()
        manifests.check(manifest, model=tools.encoder.name, **tools.digests())
        stores = open_stores(folder, manifest)
        hidden = takedowns.found(stores[0], settings)
        return cls(manifest, takedowns.veil(stores, hidden), tools, Prover(seeds), hidden)

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        scope: Scope = Scope(),  # noqa: B008 -- frozen
        today: date | None = None,
        drop: Collection[Reading] = (),
    ) -> Answer:
        """What the archive says: at most ``k`` proven quotes, best first, and a verdict.

        ``today`` is the day that 去年 and 昨天 of the question count from; without one, the clock's.
        ``drop`` names what is not to be read of the question: its date, a newspaper …
        What asks for everything that matches (how many reports, the first, who wrote) is told by
        going through all of it, not by the best. Else:

        1. understand; 2. search, read, weigh the sentences and judge them; 3. where a question asks
        more of a phrase than the articles that hold it say, again by its words; 4. prove.
        """
        started = time.perf_counter()
        query = dropped(self.reader.understand(question, scope, today or date.today()), drop)
        if query.reason is not None:
            return self._finish(query, (Verdict.NONE, query.reason, 0.0), (), started)
        asked_of_all = census(query.text)
        if asked_of_all and (whole := self._tallied(query, asked_of_all, k, started)):
            return whole
        settings, weights = self.settings, shipped()
        findings, verdict = self.reader.findings(query)
        if query.phrases and asks_more(query) and verdict[0] is not Verdict.ANSWERED:
            query = replace(query, phrases=(), unheld=(*query.phrases, *query.unheld))
            findings, verdict = self.reader.findings(query)
        if verdict[0] is Verdict.NONE:
            return self._finish(query, verdict, (), started)
        k = settings.k if k is None else k
        prints = reprints([f.candidate.article for f in findings[: k * _PRINTS]])
        once = [f for f in findings if f.candidate.article.id not in prints]
        chosen = answers.choose(once, k=k, settings=settings, weights=weights)
        quotes = self._quoter.with_reprints(chosen, findings, prints)
        proven = tuple(quote for quote in quotes if quote is not None)
        if len(proven) < len(quotes) and (not proven or quotes[0] is None):
            verdict = (Verdict.RELATED if proven else Verdict.NONE, Reason.NOT_PROVEN, verdict[2])
        return self._finish(query, verdict, proven, started)

    def quote(self, code: str) -> Quote:
        """The quote that a citation code names, proven.

        Raises:
            NotFoundError: the archive does not hold it, or its page has changed.
        """
        return self._quoter.cited(code)

    def taken(self, code: str) -> bool:
        """Whether what a citation code names is on the take-down list, and not shown."""
        try:
            cited(self.catalogue, code)
        except NotFoundError as error:
            return isinstance(error, TakenDownError)
        return False

    def source(self, article: Article, clean: CleanText) -> Source:
        """Where clean text of an article stands, proven.

        Raises:
            NotFoundError: its page no longer holds it.
        """
        return self._quoter.source(article, clean)

    def entities(self, text: str) -> list[Entity]:
        """The places, people, bodies, papers and days that a text names, in reading order."""
        return self.reader.entities(text)

    def near(self, text: str, k: int) -> list[Article]:
        """The articles whose words are most like ``text``, best first."""
        return self.reader.near(text, k)

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

    def check(self) -> Iterator[tuple[str, int, list[Failure]]]:
        """Re-read every page: (page id, passages proven or not, those that failed)."""
        for page_id, _ in self.catalogue.pages():
            passages: list[Passage] = []
            failures: list[Failure] = []
            articles = self.catalogue.articles_of(page_id)
            if not articles and self.hidden:
                continue
            for article in articles:
                own = self.catalogue.passages_of(article.id)
                passages += own
                failures += self._prover.check(article, own)
            yield page_id, len(passages), failures

    @property
    def n_hidden(self) -> int:
        """How many articles the take-down list hides."""
        return len({i for one in self.hidden for i in (*one.articles, *one.parts)})

    def story(self, article: Article) -> list[Article]:
        """The parts of an article's story in order, each on its page; mostly the article alone."""
        return self.catalogue.parts(article)

    def holdings(self) -> Holdings:
        """What the archive holds, paper by paper, and what is missing."""
        return holdings(self.catalogue)

    def issue(self, day: str) -> list[issues.Printed]:
        """Every article printed on an ISO day, in the order of papers and pages."""
        return issues.issue(self.catalogue, day)

    def issue_days(self, first: str | None, last: str | None) -> issues.Days:
        """The days from ``first`` to ``last`` with the number of their articles."""
        return issues.issue_days(self.catalogue, first, last)

    def days_of_year(self, month: int, day: int | None) -> issues.Days:
        """The days of a month, or of a month and day, of any year with the number of articles."""
        return issues.days_of_year(self.catalogue, month, day)

    def nearest_days(self, first: str, last: str) -> issues.Days:
        """The last day before ``first`` and the first after ``last`` on which anything stands."""
        return issues.nearest(self.catalogue, first, last)

    def random(self, seed: int) -> Quote | None:
        """A lead that reads cleanly, proven; the same for the same seed, ``None`` if there is none."""
        legible_at = self.settings.legible_at
        for article in leads.well_begun(self.catalogue, seed, legible_at=legible_at):
            with suppress(NotFoundError):  # the page has changed: another one
                return self._quoter.words(article, *leads.lead_of(article))
        return None

    def lead(self, code: str, day: str) -> Quote:
        """How the article of an issue's list begins, proven.

        Raises:
            NotFoundError: the archive does not hold it, or its page has changed.
        """
        article = issues.printed_on(self.catalogue, code, day)
        return self._quoter.words(article, *leads.lead_of(article))

    def timeline(self, term: str) -> Timeline:
        """How many articles hold a term word for word, month by month; all are gone through."""
        return timeline(term, self.reader.shelf)

    def _tallied(self, query: Query, asked: Census, k: int | None, started: float) -> Answer | None:
        """What all that matches adds up to; ``None`` where a bare name signs nothing."""
        scope = tallies.narrowed(query, asked.matter, self._newspapers)
        found = tallies.matching(asked, scope, self.reader.shelf)
        if not found.stories and asked.byline and not asked.titled:
            return None
        tally = tallies.tally_of(asked, found)
        quotes = self._tally_quotes(asked, found, self.settings.k if k is None else k)
        proven = [quote for quote in quotes if quote is not None]
        sound = len(proven) == len(quotes)
        verdict = tallies.judge(tally, any_page=self.reader.any_page(scope))
        if not sound:
            verdict = (Verdict.RELATED if proven else Verdict.NONE, Reason.NOT_PROVEN, 0.0)
        answer = self._finish(replace(query, scope=scope), verdict, proven, started)
        return replace(answer, tally=replace(tally, complete=sound, hidden=self.n_hidden))

    def _tally_quotes(self, asked: Census, found: Matching, k: int) -> list[Quote | None]:
        """The sentences that make the first stories match, a reprint with the first print."""
        looked = tallies.in_order(asked.kind, found)[: k * _PRINTS]
        prints = reprints([story.article for story in looked])
        findings = [
            tallies.finding(story, found, self.catalogue.passages_of(story.article.id))
            for story in looked
        ]
        once = [f for f in findings if f.candidate.article.id not in prints]
        return self._quoter.with_reprints(once[:k], findings, prints)

    def _suggested(self, query: Query, *, misread: bool) -> tuple[str, ...]:
        """Names of the archive that sound like one of the question that it does not hold."""
        if query.reason is not None:
            return ()
        return suggestions(query.text, self.reader.shelf, misread=misread)

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
