"""Replies → measures: the product's own, and whether a text runs from one article into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.articles import split_page
from retrieval.measures import Question, answerable, near_miss, shows
from retrieval.pages import Skipped, read_pages
from retrieval.records import Article, Kind, Span, Verdict
from retrieval.settings import Settings

from .records import K, Reply, Shown

FOUND_1, FOUND_K, RIGHT = "found@1", f"found@{K}", "right"
SILENT = "shows nothing"
_STRAY_CHARS = 10  # of a second article: less than a headline or a sentence is no second report

Articles = Mapping[str, Sequence[Article]]


def measures(question: Question, reply: Reply) -> dict[str, float]:
    """What ``jiwen eval`` says of an answer with these texts and this verdict; if there are none."""
    if not answerable(question):
        return {RIGHT: float(refused(question, reply.verdict))}
    at_1, at_k = found(question, reply.shown[:1]), found(question, reply.shown[:K])
    right = at_1 == 1 and reply.verdict is Verdict.ANSWERED
    silent = float(not reply.shown)
    return {FOUND_1: at_1, FOUND_K: at_k, RIGHT: float(right), SILENT: silent}


def found(question: Question, shown: Sequence[Shown]) -> float:
    """The share of the gold strings that stand in texts from the right file."""
    stand = [shows(question, one.text, one.file) for one in shown]
    met = [any(ones) for ones in zip(*stand, strict=True)]
    return sum(met) / len(met) if met else 0.0


def refused(question: Question, verdict: Verdict) -> bool:
    """Whether a question that no page answers is refused; of a near miss, 'related' does."""
    return verdict is not Verdict.ANSWERED if near_miss(question) else verdict is Verdict.NONE


def read_articles(seeds: Path, settings: Settings) -> Articles:
    """The articles of each page as the product divides it, furniture left out."""
    pages = [page for page in read_pages(seeds, settings) if not isinstance(page, Skipped)]
    return {
        page.id: [a for a in split_page(page, settings) if a.kind is not Kind.FURNITURE]
        for page in pages
    }


def mixes(shown: Shown, articles: Articles) -> bool:
    """Whether a text of a seed page holds enough of two articles."""
    own = articles.get(shown.file, ())
    held = [sum(_shared(one.spans, shown.spans)) for one in own]
    return sum(chars >= _STRAY_CHARS for chars in held) > 1


def _shared(some: Sequence[Span], others: Sequence[Span]) -> list[int]:
    """How many characters each two of the ranges share."""
    return [max(0, min(b, d) - max(a, c)) for a, b in some for c, d in others]
