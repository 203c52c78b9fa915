"""Candidates → findings: the best sentence of each passage that the search proposed.

Everything here is arithmetic over texts that the archive handed in. Reading comes first, and
depends on no weight; weighing what was read is cheap, so that weights can be fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.alignment import (
    Aligner,
    Alignment,
    Asked,
    Floats,
    Meeting,
    met,
    shares,
    whole_texts,
)
from retrieval.asking import Want, called
from retrieval.evidence import holds, sought
from retrieval.folding import fold_all
from retrieval.holding import without_phrases
from retrieval.leanings import leans, told_when
from retrieval.passages import sentences
from retrieval.records import Article, Kind, Part, Passage, Query, Span
from retrieval.sightings import Places
from retrieval.weights import Weights

# Sentences of a quote this close to the best in score are highlighted, too: which of them states the
# answer is a toss-up.
_NEARLY = 0.08


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
    worst met of its listed names is, ``like`` the sentence's likeness to the question as a whole.
    ``matter`` is the coverage of its words that are no names (of all, where all are), ``letters`` the share of the question
    that the sentence itself meets letter for letter.
    All are 0 to 1. ``dated`` is 1 where it writes a date of the question, -1 where it tells of other
    years only, else 0. ``beside`` are the other sentences of the candidate that answer nearly as well.
    """

    candidate: Candidate
    span: Span
    score: float
    coverage: float
    kind: float
    missing: float
    asked: float
    named: float
    like: float = 0.0
    dated: float = 0.0
    matter: float = 1.0
    letters: float = 1.0
    beside: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """The n sentences of a question's c candidates, and all of them that no weight changes.

    ``firsts`` (c,) are where each candidate's sentences begin, ``of`` (n,) whose each one is;
    ``kinds`` (n,) how well each can hold the wanted kind of answer, ``like`` (n,) its likeness to
    the question, ``here`` (n, n_terms) how it meets the terms and ``around`` (c, n_terms) how what
    surrounds its passage does. ``called`` (n_terms,) marks the terms that name the kind of answer,
    ``retold`` (c,) headlines asked for as such. ``liked`` (c, 4) is what speaks for any sentence of
    a candidate: its fused score, how it leans, and whether it is a headline or furniture, as -1.
    ``dated`` (n,) is 1 for those that write a date of the question, -1 for those that tell of
    other years; ``lost`` (n,) is what a sentence loses that does not hold a phrase asked for.
    """

    asked: Asked
    candidates: tuple[Candidate, ...]
    spans: tuple[Span, ...]
    firsts: NDArray[np.int64]
    of: NDArray[np.int64]
    kinds: Floats
    like: Floats
    here: Meeting
    around: Meeting
    called: NDArray[np.bool_]
    retold: NDArray[np.bool_]
    liked: Floats
    dated: Floats
    lost: Floats


def read(
    query: Query,
    candidates: Sequence[Candidate],
    *,
    over: Alignment,
    starts: Places,
    aligner: Aligner,
) -> Readings | None:
    """What the candidates say, sentence by sentence; ``None`` where there are none.

    ``over`` has the question aligned with texts in which theirs begin at ``starts``.

    1. cut into sentences; 2. meet the terms in each; 3. hold it against what is asked for.
    """
    if not candidates:
        return None
    parts = [sentences(one.passage.clean.text) for one in candidates]  # 1
    counts = [len(part) for part in parts]
    of = np.repeat(np.arange(len(candidates)), counts)
    spans = tuple(span for part in parts for span in part)
    places = np.array(spans, dtype=np.int64).reshape(-1, 2) + starts[of, np.newaxis]
    said = [over.text.folded[a:b] for a, b in places.tolist()]
    headline = np.array([one.passage.part is Part.HEADLINE for one in candidates])
    return Readings(
        over.asked,
        candidates=tuple(candidates),
        spans=spans,
        firsts=np.cumsum([0, *counts[:-1]]),
        of=of,
        kinds=_kinds(query, candidates, of, said),
        like=over.likeness(places),  # 2
        here=over.meet(places),
        around=_around(over.asked, candidates, aligner),
        called=np.array([called(term, query.wants) for term in query.terms]),  # 3
        retold=headline & (Want.STORY in query.wants),
        liked=np.array([_liked(query, one) for one in candidates]),
        dated=_dated(query, candidates, of, said),
        lost=np.array(_lost(query, said, counts)),
    )


def _kinds(
    query: Query, candidates: Sequence[Candidate], of: Places, said: Sequence[str]
) -> Floats:
    """How well each sentence can hold the wanted kind of answer."""
    wanted, parts = sought(query), [one.passage.part for one in candidates]
    each = zip(of.tolist(), said, strict=True)
    return np.array([holds(wanted, sentence, parts[i]) for i, sentence in each])


def _dated(
    query: Query, candidates: Sequence[Candidate], of: Places, said: Sequence[str]
) -> Floats:
    """Whether each sentence writes a date of the question, or tells of other years."""
    if not query.dates:
        return np.array([0.0] * len(said))
    folded = fold_all([one.passage.clean.text for one in candidates])
    each = zip(of.tolist(), said, strict=True)
    told = [told_when(query, sentence, folded[i]) for i, sentence in each]
    return np.array(told)


def _around(asked: Asked, candidates: Sequence[Candidate], aligner: Aligner) -> Meeting:
    """How what surrounds each candidate meets the terms; an article's passages share it."""
    contexts = list(dict.fromkeys([one.context for one in candidates]))
    over = aligner.align(asked, fold_all(contexts))
    each = over.meet(whole_texts(over.text))
    places = [contexts.index(one.context) for one in candidates]
    return Meeting(each.cosines[places], each.letters[places])


def _lost(query: Query, said: Sequence[str], counts: Sequence[int]) -> list[bool]:
    """Which sentences lack a phrase asked for that others of their passage hold."""
    ends = np.cumsum(counts).tolist()
    each = [said[end - n : end] for end, n in zip(ends, counts, strict=True)]
    return [lost for own in each for lost in without_phrases(query, own)]


def _liked(query: Query, candidate: Candidate) -> tuple[float, float, float, float]:
    """What speaks for any sentence of a candidate: see ``Readings``."""
    headline = candidate.passage.part is Part.HEADLINE and Want.STORY not in query.wants
    furniture = candidate.article.kind is Kind.FURNITURE
    leaning = leans(query, candidate.article, candidate.passage.clean.text)
    return candidate.fused, leaning, -float(headline), -float(furniture)


def weigh(readings: Readings | None, weights: Weights) -> list[Finding]:
    """The best sentence of each candidate, best first, ties by passage id.

    1. meet the words in each sentence, in its passage and around it; 2. score; 3. take the best.
    """
    if readings is None:
        return []
    own, context = _met(readings, weights)
    scores = _scores(readings, own, context, weights)
    ends = [*readings.firsts[1:], len(scores)]
    best = [int(a + scores[a:b].argmax()) for a, b in zip(readings.firsts, ends, strict=True)]
    found = _findings(readings, best, scores, context[best], shares(readings.asked, weights))
    return sorted(found, key=lambda f: (-f.score, f.candidate.passage.id))


def _beside(readings: Readings, best: Sequence[int], scores: Floats) -> list[tuple[Span, ...]]:
    """For each candidate its sentences that score nearly as high as the best of them."""
    at = np.array(best)
    near = np.flatnonzero(scores >= scores[at][readings.of] - _NEARLY)
    found: list[tuple[Span, ...]] = [()] * len(best)
    for i, c in zip(near.tolist(), readings.of[near].tolist(), strict=True):
        found[c] += () if i == best[c] else (readings.spans[i],)
    return found


def _met(readings: Readings, weights: Weights) -> tuple[Floats, Floats]:
    """How well each sentence meets each term by itself and in context, (n, n_terms) each."""
    own, around = met(readings.here, weights), met(readings.around, weights)
    own[:, readings.called] = readings.kinds[:, np.newaxis]
    # Who asks what a reporter wrote asks for headlines.
    own = np.maximum(own, (around * readings.retold[:, np.newaxis])[readings.of])
    names = readings.asked.names
    most = np.maximum.reduceat(own, readings.firsts, axis=0)
    in_passage = np.where(names, weights.name_in_passage, weights.in_passage) * most
    beside = np.where(names, weights.name_around, weights.around) * around
    context = np.maximum(own, np.maximum(in_passage, beside)[readings.of])
    return own, context.astype(np.float32)


def _scores(readings: Readings, own: Floats, context: Floats, weights: Weights) -> Floats:
    """How well each sentence answers, (n,)."""
    asked, share = readings.asked, shares(readings.asked, weights)
    matter = (
        weights.own * (np.where(asked.names, context, own) @ share)
        + weights.context * (context @ share)
        + weights.like * readings.like
    )
    kept = weights.kindless + (1 - weights.kindless) * readings.kinds
    liked = readings.liked @ np.array(
        [weights.fused, weights.leaning, weights.headline, weights.furniture]
    )
    said = weights.dated * readings.dated
    scores: Floats = matter * kept + liked[readings.of] + said - readings.lost
    return scores


def _matter(asked: Asked, context: Floats, share: Floats) -> Floats:
    """How well sentences meet the words that are no names, (n,); the names, where all are."""
    plain = ~(asked.names | asked.listed)
    matter = share * plain if plain.any() else share
    coverage: Floats = (context @ matter / max(float(matter.sum()), 1e-9)).astype(np.float32)
    return coverage


def _findings(
    readings: Readings, best: Sequence[int], scores: Floats, context: Floats, share: Floats
) -> list[Finding]:
    """The sentences ``best``, one of each candidate; ``context`` is how they meet the terms."""
    asked = readings.asked
    focused = context[:, asked.focus].max(axis=1) if asked.focus.any() else np.ones(len(best))
    columns = (
        scores[best],
        context @ share,
        readings.kinds[best],
        (share * (1 - context)).max(axis=1),
        focused,
        context[:, asked.listed].min(axis=1, initial=1.0),
        readings.like[best],
        readings.dated[best],
        _matter(asked, context, share),
        readings.here.letters[best] @ share,
    )
    rows = np.stack(columns, axis=1).tolist()
    beside = _beside(readings, best, scores)
    return [
        Finding(candidate, readings.spans[at], *row, beside=near)  # type: ignore[misc]  # ten of them
        for candidate, at, row, near in zip(readings.candidates, best, rows, beside, strict=True)
    ]
