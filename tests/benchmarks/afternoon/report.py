"""Measured systems → tables in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from retrieval.measures import Question, answerable

from ..retrievers.report import plain, signed
from ..retrievers.scores import Estimate, estimates
from .judge import FOUND_1, FOUND_K, RIGHT, SILENT, Articles, measures, mixes
from .records import Outcome, Reply
from .systems import OURS

_SETS = (
    "set",
    "questions",
    "system",
    FOUND_1,
    FOUND_K,
    f"{FOUND_1} less that of {OURS}",
    f"{FOUND_K} less that of {OURS}",
    RIGHT,
    SILENT,
    "refused",
)
_COSTS = (
    "system",
    "build, s",
    "a question, ms",
    "MB at most",
    "characters of the first text",
    "first texts that mix articles",
)
_ANSWERED = (FOUND_1, FOUND_K, RIGHT, SILENT)
_MS = 1000

Measured = list[dict[str, float]]  # by question


@dataclass(frozen=True, slots=True)
class Asked:
    """Question sets by name, one after another, and what each system made of them all."""

    sets: Mapping[str, Sequence[Question]]
    outcomes: Mapping[str, Outcome]

    def questions(self) -> list[Question]:
        """The questions of all sets."""
        return list(chain.from_iterable(self.sets.values()))


def report(asked: Asked, articles: Articles) -> str:
    """By set and in all, by type of question, and what each system costs."""
    questions = asked.questions()
    rows = {name: _measured(questions, o.replies) for name, o in asked.outcomes.items()}
    parts = [
        table(_SETS, _by_group(_sets(asked), rows)),
        table(("type", *_SETS[1:6]), [row[:6] for row in _by_group(_types(questions), rows)]),
        table(_COSTS, [_cost(name, o, articles) for name, o in asked.outcomes.items()]),
    ]
    return "\n".join(parts)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _measured(questions: Sequence[Question], replies: Sequence[Reply]) -> Measured:
    return [measures(q, reply) for q, reply in zip(questions, replies, strict=True)]


def _sets(asked: Asked) -> dict[str, list[int]]:
    """The places of the questions of each set, and of all of several."""
    places, start = {}, 0
    for name, questions in asked.sets.items():
        places[name] = list(range(start, start + len(questions)))
        start += len(questions)
    return places if len(places) == 1 else places | {"all": list(range(start))}


def _types(questions: Sequence[Question]) -> dict[str, list[int]]:
    """The places of the answerable questions of each type, sorted by type."""
    kinds = sorted({q.type for q in questions if answerable(q)})
    return {k: [n for n, q in enumerate(questions) if q.type == k] for k in kinds}


def _by_group(
    groups: Mapping[str, Sequence[int]], rows: Mapping[str, Measured]
) -> list[tuple[str, ...]]:
    """A row for each group and system."""
    return [
        (group, *_counts(places, rows[OURS]), name, *_cells(places, own, rows[OURS]))
        for group, places in groups.items()
        for name, own in rows.items()
    ]


def _counts(places: Sequence[int], rows: Measured) -> Iterator[str]:
    """How many questions a page answers, and how many none does."""
    answered = sum(FOUND_1 in rows[n] for n in places)
    none = len(places) - answered
    yield f"{answered} + {none}" if none else f"{answered}"


def _cells(places: Sequence[int], own: Measured, ours: Measured) -> Iterator[str]:
    """The means over a group with their intervals, and what is between a system and ours."""
    answered = [n for n in places if FOUND_1 in own[n]]
    at_1, at_k, right, silent = _means([own[n] for n in answered])
    less = [_less(own[n], ours[n]) for n in answered]
    gains = _means(less, signed)[:2] if own is not ours else ("", "")
    yield from (at_1, at_k, *gains, right, silent)
    yield _means([own[n] for n in places if FOUND_1 not in own[n]], names=[RIGHT])[0]


def _less(own: Mapping[str, float], ours: Mapping[str, float]) -> dict[str, float]:
    return {name: own[name] - ours[name] for name in _ANSWERED}


def _means(
    rows: Measured, spell: Callable[[Estimate], str] = plain, *, names: Sequence[str] = _ANSWERED
) -> list[str]:
    """The mean of each measure with its interval; nothing where there are no rows."""
    if not rows:
        return [""] * len(names)
    return [*map(spell, estimates(np.array([[row[name] for name in names] for row in rows])))]


def _cost(name: str, outcome: Outcome, articles: Articles) -> tuple[str, ...]:
    first = [reply.shown[0] for reply in outcome.replies if reply.shown]
    own = [one for one in first if one.file in articles]
    chars = statistics.mean(len(one.text) for one in first) if first else 0
    mixed = sum(mixes(one, articles) for one in own)
    return (
        name,
        f"{outcome.build_s:.1f}",
        f"{statistics.median(outcome.question_s) * _MS:.1f}",
        f"{outcome.peak_mb:.0f}",
        f"{chars:.0f}",
        f"{mixed} of {len(own)}",
    )
