"""Hits → the sentences that answer, and what they amount to.

Everything here is arithmetic over texts that the archive handed in; proving the quotes against
the pages is the archive's part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.alignment import Aligner, Asked, Floats, met
from retrieval.evidence import holds
from retrieval.folding import fold
from retrieval.passages import sentences
from retrieval.records import Article, Part, Passage, Query, Reason, Scope, Span, Verdict
from retrieval.settings import AnswerSettings

MAX_QUOTE_CHARS = 300  # the contract's limit

# How much a word met outside the sentence counts: elsewhere in its passage, in its headline.
_IN_PASSAGE, _IN_HEADLINE = 0.75, 0.7
# What makes a sentence the answer: its own words, its words in context, the kind of answer it
# holds, how well the search liked its passage, and the paper and day that the question names.
_OWN, _CONTEXT, _KIND, _FUSED, _LEANING = 0.40, 0.35, 0.15, 0.10, 0.10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage proposed by the search, its article, and its fused score, 0 to 1."""

    passage: Passage
    article: Article
    fused: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of a candidate: its range in the passage, and how well it answers.

    ``coverage`` is the share of the question met in context, by weight; ``kind`` how well the
    sentence can hold the wanted kind of answer; ``missing`` the weight of the heaviest word that
    nothing meets. All are 0 to 1.
    """

    candidate: Candidate
    span: Span
    score: float
    coverage: float
    kind: float
    missing: float


def find(
    query: Query, asked: Asked, candidates: Iterable[Candidate], aligner: Aligner
) -> list[Finding]:
    """The best sentence of each candidate, best first, ties by passage id."""
    found = [_best(query, asked, candidate, aligner) for candidate in candidates]
    return sorted(found, key=lambda f: (-f.score, f.candidate.passage.id))


def _best(query: Query, asked: Asked, candidate: Candidate, aligner: Aligner) -> Finding:
    """The sentence of a candidate that answers best.

    1. meet the words in each sentence, in the passage, in the headline; 2. look for the kind of
    answer; 3. weigh.
    """
    passage, article = candidate.passage, candidate.article
    text = aligner.text(fold(passage.clean.text))
    spans = sentences(passage.clean.text)
    own = met(asked, text, spans)
    context = np.maximum(own, _IN_PASSAGE * own.max(axis=0))
    context = np.maximum(context, _IN_HEADLINE * _headline_met(asked, article, aligner))
    kinds = np.array([holds(query, text.folded[a:b]) for a, b in spans], dtype=np.float32)
    scores = (
        _OWN * (own @ asked.weights)
        + _CONTEXT * (context @ asked.weights)
        + _KIND * kinds
        + _FUSED * candidate.fused
        + _LEANING * _leans(query.leaning, article)
    )
    best = int(scores.argmax())
    return Finding(
        candidate,
        spans[best],
        score=float(scores[best]),
        coverage=float(context[best] @ asked.weights),
        kind=float(kinds[best]),
        missing=float((asked.weights * (1 - context[best])).max()),
    )


def _headline_met(asked: Asked, article: Article, aligner: Aligner) -> Floats:
    """How well each term is met by the article's headline, section and byline, shape (n_terms,)."""
    lines = [article.headline.text, article.section or "", *article.byline]
    text = aligner.text(fold("\n".join(lines)))
    result: Floats = met(asked, text, [(0, len(text.folded))])[0]
    return result


def _leans(leaning: Scope, article: Article) -> float:
    """1 where the article is of the paper and the days that the question names, -1 where not."""
    day, paper = article.imprint.date, article.imprint.newspaper
    votes = []
    if leaning.newspaper and paper:
        votes.append(1.0 if paper == leaning.newspaper else -1.0)
    if leaning.date_from and leaning.date_to and day:
        votes.append(1.0 if leaning.date_from <= day <= leaning.date_to else 0.0)
    return sum(votes) / len(votes) if votes else 0.0


def choose(findings: Sequence[Finding], *, k: int, per_article: int) -> list[Finding]:
    """The first ``k`` findings, at most ``per_article`` of one article, none twice."""
    chosen: list[Finding] = []
    seen: Counter[str] = Counter()
    for finding in findings:
        article = finding.candidate.article.id
        if seen[article] < per_article and len(chosen) < k:
            seen[article] += 1
            chosen.append(finding)
    return chosen


def quoted(finding: Finding, *, quote_chars: int) -> tuple[Span, Span]:
    """The range of the passage to quote, and within it the range that answers.

    The sentence takes in its neighbours, the next one first, while the quote stays within
    ``quote_chars``; a sentence too long to quote whole is cut at a clause, from its start.
    """
    text = finding.candidate.passage.clean.text
    spans = sentences(text)
    first = last = spans.index(finding.span)
    start, end = _fitting(text, finding.span)
    if (start, end) == finding.span:
        while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= quote_chars:
            last += 1
        while first > 0 and spans[last][1] - spans[first - 1][0] <= quote_chars:
            first -= 1
        start, end = spans[first][0], spans[last][1]
    quote = _trimmed(text, (start, end))
    return quote, _trimmed(text, (max(finding.span[0], quote[0]), min(finding.span[1], quote[1])))


def _fitting(text: str, span: Span) -> Span:
    """The span, or its longest beginning within the limit that ends with a clause."""
    start, end = span
    if end - start <= MAX_QUOTE_CHARS:
        return span
    window = text[start : start + MAX_QUOTE_CHARS]
    cut = max(window.rfind(mark) for mark in "，,、;；:：")
    return start, start + (cut + 1 if cut > 0 else MAX_QUOTE_CHARS)


def _trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    start, end = span
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def judge(
    findings: Sequence[Finding], settings: AnswerSettings
) -> tuple[Verdict, Reason | None, float]:
    """The verdict on the best finding, with its reason and a confidence, 0 to 1."""
    if not findings:
        return Verdict.NONE, Reason.NOT_FOUND, 0.0
    confidence = confident(findings[0])
    if confidence >= settings.answered_at:
        return Verdict.ANSWERED, None, confidence
    if confidence >= settings.related_at:
        return Verdict.RELATED, Reason.NOT_STATED, confidence
    return Verdict.NONE, Reason.NOT_FOUND, confidence


def confident(finding: Finding) -> float:
    """How far a finding can be trusted to state the answer, 0 to 1.

    The share of the question that it meets, less where its heaviest word is met by nothing or
    no answer of the wanted kind is there. Not yet calibrated.
    """
    return finding.coverage * (1 - finding.missing) * (0.6 + 0.4 * finding.kind)


def part_offset(finding: Finding, span: Span) -> tuple[Part, int, int]:
    """The part, start and length in the article's part of a range of the finding's passage."""
    passage = finding.candidate.passage
    return passage.part, passage.start + span[0], span[1] - span[0]
