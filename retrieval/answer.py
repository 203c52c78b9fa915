"""Hits → the sentences that answer, and what they amount to.

Everything here is arithmetic over texts that the archive handed in; proving the quotes against
the pages is the archive's part.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from retrieval.alignment import Aligner, Asked, Floats, Text, likeness, met
from retrieval.asking import Want, called
from retrieval.evidence import holds
from retrieval.folding import fold
from retrieval.holding import without_phrases
from retrieval.leanings import leans
from retrieval.passages import sentences
from retrieval.records import (
    MAX_QUOTE_CHARS,
    Article,
    Kind,
    Part,
    Passage,
    Query,
    Reason,
    Span,
    Verdict,
)
from retrieval.settings import AnswerSettings

# How much a word met outside the sentence counts: elsewhere in its passage, around the passage.
# A name need not be said again: the sentence goes on about what the headline names.
_IN_PASSAGE, _AROUND = 0.7, 0.6
_NAME_IN_PASSAGE, _NAME_AROUND = 0.95, 0.9
# What makes a sentence the answer: the words it says itself, its words in context, its likeness
# to the question as a whole. A sentence that cannot hold the wanted kind of answer keeps only
# _KINDLESS of that. Then, how well the search liked its passage, and the paper and day asked for.
# A coordinate search over 173 answerable questions found weights that are better on them
# (found@1 .79 against .75 at the time) and no better in four-fold cross-validation: these stay.
_OWN, _CONTEXT, _LIKE = 0.35, 0.40, 0.25
_KINDLESS = 0.6
_FUSED, _LEANING = 0.08, 0.04
# A headline tells what a report is about; where its report says the same, the report is quoted.
_HEADLINE_COST = 0.05
_FURNITURE_COST = 0.08  # a masthead answers only what no article does


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage proposed by the search, its article, and its fused score, 0 to 1.

    ``context`` is what surrounds it: headline, reporters, paper, the paper's home; ``story`` is
    the first part of its story, by article id, where that is printed on several pages.
    """

    passage: Passage
    article: Article
    context: str
    fused: float
    story: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of a candidate: its range in the passage, and how well it answers.

    ``coverage`` is the share of the question met in context, by weight; ``kind`` how well the
    sentence can hold the wanted kind of answer; ``missing`` the weight of the heaviest word that
    nothing meets, ``asked`` how well what is asked of the matter is met, ``named`` how well the
    worst met of its listed names is. All are 0 to 1.
    """

    candidate: Candidate
    span: Span
    score: float
    coverage: float
    kind: float
    missing: float
    asked: float
    named: float


def find(
    query: Query, asked: Asked, candidates: Iterable[Candidate], aligner: Aligner
) -> list[Finding]:
    """The best sentence of each candidate, best first, ties by passage id."""

    @cache
    def around(context: str) -> Floats:
        """How well each term is met around a passage; its article's other passages share it."""
        text = aligner.text(fold(context))
        terms_met: Floats = met(asked, text, [(0, len(text.folded))])[0]
        return terms_met

    found = [
        _best(query, asked, one, aligner.text(fold(one.passage.clean.text)), around(one.context))
        for one in candidates
    ]
    return sorted(found, key=lambda f: (-f.score, f.candidate.passage.id))


def _best(query: Query, asked: Asked, candidate: Candidate, text: Text, around: Floats) -> Finding:
    """The sentence of a candidate that answers best.

    1. look for the kind of answer; 2. meet the words in each sentence, in its passage and around
    it; 3. weigh.
    """
    passage = candidate.passage
    spans = sentences(passage.clean.text)
    kinds = np.array([holds(query, text.folded[a:b], passage.part) for a, b in spans])
    own = met(asked, text, spans)
    own[:, [called(term, query.wants) for term in asked.terms]] = kinds[:, np.newaxis]
    own, context = _met(query, asked, candidate, own, around)
    matter = (
        _OWN * (np.where(asked.names, context, own) @ asked.weights)
        + _CONTEXT * (context @ asked.weights)
        + _LIKE * likeness(asked.whole, text, spans)
    )
    scores = matter * (_KINDLESS + (1 - _KINDLESS) * kinds) + _liked(query, candidate)
    scores -= np.array(without_phrases(query, [text.folded[a:b] for a, b in spans]))
    best = int(scores.argmax())
    return Finding(
        candidate,
        spans[best],
        score=float(scores[best]),
        coverage=float(context[best] @ asked.weights),
        kind=float(kinds[best]),
        missing=float((asked.weights * (1 - context[best])).max()),
        asked=float(context[best][asked.focus].max()) if asked.focus.any() else 1.0,
        named=float(context[best][asked.listed].min(initial=1.0)),
    )


def _met(
    query: Query, asked: Asked, candidate: Candidate, own: Floats, around: Floats
) -> tuple[Floats, Floats]:
    """How well each sentence meets each term by itself and in context, (n_spans, n_terms) each."""
    if candidate.passage.part is Part.HEADLINE and Want.STORY in query.wants:
        own = np.maximum(own, around)  # who asks what a reporter wrote asks for headlines
    in_passage = np.where(asked.names, _NAME_IN_PASSAGE, _IN_PASSAGE) * own.max(axis=0)
    beside = np.where(asked.names, _NAME_AROUND, _AROUND) * around
    return own, np.maximum(own, np.maximum(in_passage, beside)).astype(np.float32)


def _liked(query: Query, candidate: Candidate) -> float:
    """What speaks for any sentence of a candidate."""
    headline = candidate.passage.part is Part.HEADLINE and Want.STORY not in query.wants
    return (
        _FUSED * candidate.fused
        + _LEANING * leans(query, candidate.article, candidate.passage.clean.text)
        - _HEADLINE_COST * headline
        - _FURNITURE_COST * (candidate.article.kind is Kind.FURNITURE)
    )


def choose(findings: Sequence[Finding], *, k: int, settings: AnswerSettings) -> list[Finding]:
    """The first ``k`` findings, at most ``settings.per_article`` of one article.

    The parts of a story printed on several pages count as one article. After the first, one that
    would not be called related by itself is left out.
    """
    chosen: list[Finding] = []
    seen: Counter[str] = Counter()
    for finding in findings:
        article = finding.candidate.story or finding.candidate.article.id
        weak = bool(chosen) and confident(finding) < settings.related_at
        if not weak and seen[article] < settings.per_article and len(chosen) < k:
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
    """How likely a finding states the answer, 0 to 1.

    What it meets of the question, less where its heaviest word is met by nothing, where no answer
    of the wanted kind is there, where what is asked of the matter is not spoken of, and where one
    of its listed names is not there; then a logistic curve. The factors were chosen and the curve
    fitted on 201 questions (the development set and the project's own): where it says .22, .40,
    .58, .77 and .94, .25, .44, .41, .85 and .94 of the answers were right. Those are the same
    questions: on others it will be a little less sure.
    """
    whole = finding.coverage * (1 - finding.missing)
    kind = 0.4 + 0.6 * finding.kind
    asked = 0.7 + 0.3 * finding.asked
    named = 0.7 + 0.3 * finding.named
    return 1 / (1 + math.exp(2.06 - 5.54 * whole * kind * asked * named))


def part_offset(finding: Finding, span: Span) -> tuple[Part, int, int]:
    """The part, start and length in the article's part of a range of the finding's passage."""
    passage = finding.candidate.passage
    return passage.part, passage.start + span[0], span[1] - span[0]
