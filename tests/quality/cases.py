"""Question → case: all that the archive reads for it, and what each sentence would show if quoted.

Nothing here depends on a weight: a case is read once, and then answered under many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from retrieval.answer import choose, confident, quoted, related, support
from retrieval.archive import Archive
from retrieval.findings import Candidate, Finding, Readings, weigh
from retrieval.measures import Question, answerable, near_miss, shows
from retrieval.records import Scope, Span
from retrieval.settings import AnswerSettings
from retrieval.weights import Weights

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# Scores this far apart are e to 1.
_SOFTNESS = 0.03
_TODAY = date(2026, 1, 1)  # what 去年 counts from


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A question with its readings (``None``: refused unread).

    ``shows`` says which gold strings a quote of each sentence shows, by passage and sentence, and
    ``share`` what share of them.
    """

    gold: Question
    readings: Readings | None
    shows: dict[tuple[str, Span], Flags]
    share: dict[tuple[str, Span], float]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The best findings of a case under some weights, best first.

    ``support`` is that of the first, ``whole`` whether it states the whole answer, ``soft`` found@1
    as a share that moves before the order does.
    """

    case: Case
    findings: list[Finding]
    support: float
    soft: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: found@1 and @3 (0 where nothing is shown), how sure, what verdict.

    ``best`` says whether the best finding states the whole answer, shown or not.
    """

    gold: Question
    at_1: float
    at_3: float
    best: bool
    confidence: float
    answered: bool
    refused: bool

    @property
    def right(self) -> bool:
        """As `jiwen eval` counts it."""
        if answerable(self.gold):
            return self.answered and self.at_1 == 1
        return not self.answered if near_miss(self.gold) else self.refused


def read_cases(archive: Archive, questions: Iterable[Question]) -> Iterator[Case]:
    """The cases of the questions, in order."""
    quote_chars = archive.settings.quote_chars
    for gold in questions:
        query = archive.reader.understand(gold.question, Scope(), _TODAY)
        readings = archive.reader.readings(query) if query.reason is None else None
        shown = dict(_shown(gold, readings, quote_chars)) if readings else {}
        share = {at: float(flags.mean()) if len(flags) else 0.0 for at, flags in shown.items()}
        yield Case(gold, readings, shown, share)


def _shown(
    gold: Question, readings: Readings, quote_chars: int
) -> Iterator[tuple[tuple[str, Span], Flags]]:
    for at, span in zip(readings.of, readings.spans, strict=True):
        candidate = readings.candidates[at]
        text = _quote(candidate, span, quote_chars)
        flags = np.array(shows(gold, text, candidate.article.page_id), dtype=bool)
        yield (candidate.passage.id, span), flags


def _quote(candidate: Candidate, span: Span, quote_chars: int) -> str:
    bare = Finding(candidate, span, *[0.0] * 6)
    (start, end), _ = quoted(bare, quote_chars=quote_chars)
    return candidate.passage.clean.text[start:end]


def ran(case: Case, weights: Weights) -> Run:
    """What a case finds under these weights."""
    findings = weigh(case.readings, weights)
    if not findings:
        return Run(case, [], 0.0, 0.0, whole=False)
    scores = np.array([finding.score for finding in findings])
    chances = np.exp((scores - scores[0]) / _SOFTNESS)
    found = [case.share[finding.candidate.passage.id, finding.span] for finding in findings]
    soft = float(chances @ np.array(found) / chances.sum())
    return Run(case, findings, support(findings[0], weights), soft, whole=found[0] == 1)


def came(run: Run, weights: Weights, settings: AnswerSettings) -> Outcome:
    """What comes of a run with these weights' curve and these thresholds."""
    if not run.findings:
        return Outcome(run.case.gold, 0, 0, False, 0, answered=False, refused=True)
    confidence = confident(run.findings[0], weights)
    refused = related(run.findings[0], weights) < settings.related_at
    chosen = choose(run.findings, k=3, settings=settings, weights=weights)
    return Outcome(
        run.case.gold,
        at_1=0.0 if refused else _share(run.case, chosen[:1]),
        at_3=0.0 if refused else _share(run.case, chosen),
        best=run.whole,
        confidence=confidence,
        answered=not refused and confidence >= settings.answered_at,
        refused=refused,
    )


def _share(case: Case, findings: Sequence[Finding]) -> float:
    """The share of the gold strings that quotes of these findings show."""
    flags = [case.shows[finding.candidate.passage.id, finding.span] for finding in findings]
    if not case.gold.answers or not flags:
        return 0.0
    return float(np.logical_or.reduce(flags).mean())
