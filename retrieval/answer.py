"""Findings → the sentences to quote, and what they amount to.

Proving the quotes against the pages is the archive's part.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from retrieval.findings import Finding
from retrieval.passages import sentences
from retrieval.records import MAX_QUOTE_CHARS, Part, Reason, Span, Verdict
from retrieval.settings import AnswerSettings
from retrieval.weights import Curve, Weights

# What follows the first quote may be this much less sure to be on the matter: at .6 found@3 of five
# question sets is .873, at 1 it is .862 (387 questions).
_FURTHER = 0.6


def choose(
    findings: Sequence[Finding], *, k: int, settings: AnswerSettings, weights: Weights
) -> list[Finding]:
    """The first ``k`` findings, at most ``settings.per_article`` of one article.

    The parts of a story printed on several pages count as one article. After the first, one that
    is far from being called related by itself is left out.
    """
    chosen: list[Finding] = []
    seen: Counter[str] = Counter()
    for finding in findings:
        article = finding.candidate.story or finding.candidate.article.id
        weak = bool(chosen) and related(finding, weights) < _FURTHER * settings.related_at
        if not weak and seen[article] < settings.per_article and len(chosen) < k:
            seen[article] += 1
            chosen.append(finding)
    return chosen


def quoted(finding: Finding, *, quote_chars: int) -> tuple[Span, Span]:
    """The range of the passage to quote, and within it the range that answers.

    The sentence takes in its neighbours, the next one first, while the quote stays within
    ``quote_chars``; a sentence too long to quote whole is cut at a clause, from its start. Of a
    finding that is only a stretch of a sentence, the stretch is quoted.
    """
    text = finding.candidate.passage.clean.text
    spans = sentences(text)
    first = last = next(n for n, (_, end) in enumerate(spans) if finding.span[0] < end)
    start, end = _fitting(text, finding.span)
    if (start, end) == spans[first]:
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
    findings: Sequence[Finding], settings: AnswerSettings, *, weights: Weights
) -> tuple[Verdict, Reason | None, float]:
    """The verdict on the best finding, with its reason and a confidence, 0 to 1."""
    if not findings:
        return Verdict.NONE, Reason.NOT_FOUND, 0.0
    confidence = confident(findings[0], weights)
    if related(findings[0], weights) < settings.related_at:
        return Verdict.NONE, Reason.NOT_FOUND, confidence
    if confidence >= settings.answered_at:
        return Verdict.ANSWERED, None, confidence
    return Verdict.RELATED, Reason.NOT_STATED, confidence


def confident(finding: Finding, weights: Weights) -> float:
    """How likely a finding states the answer, 0 to 1.

    By support alone, 13 of 157 questions on what no page reports were answered, with four things
    more 4, and of those with an answer 89 in 100 kept it instead of 84 (586 questions,
    cross-validated); names and the heaviest word missed add a little to the other curve.
    """
    return _chance(finding, weights.answered, weights)


def related(finding: Finding, weights: Weights) -> float:
    """How likely a finding's report is on the matter, 0 to 1, whether it states the answer or not."""
    return _chance(finding, weights.related, weights)


def _chance(finding: Finding, curve: Curve, weights: Weights) -> float:
    """What tells of a finding, on a logistic curve."""
    log_odds = sum(
        (
            curve.bias,
            curve.support * support(finding, weights),
            curve.matter * finding.matter,
            curve.asked * finding.asked,
            curve.named * finding.named,
            curve.missing * finding.missing,
            curve.letters * finding.letters,
            curve.like * finding.like,
        )
    )
    return 1 / (1 + math.exp(-log_odds))


def support(finding: Finding, weights: Weights) -> float:
    """What speaks for a finding, 0 to 1.

    What it meets of the question, less where its heaviest word is met by nothing, where no answer
    of the wanted kind is there, where what is asked of the matter is not spoken of, where one of
    its listed names is not there, and where it tells of another year.
    """
    whole = finding.coverage * (1 - finding.missing)
    kind = _at_least(weights.kind_floor, finding.kind)
    asked = _at_least(weights.asked_floor, finding.asked)
    named = _at_least(weights.named_floor, finding.named)
    when = weights.when_floor if finding.dated < 0 else 1.0
    return whole * kind * asked * named * when


def _at_least(floor: float, share: float) -> float:
    """The share on a scale from ``floor`` to 1."""
    return floor + (1 - floor) * share


def part_offset(finding: Finding, span: Span) -> tuple[Part, int, int]:
    """The part, start and length in the article's part of a range of the finding's passage."""
    passage = finding.candidate.passage
    return passage.part, passage.start + span[0], span[1] - span[0]
