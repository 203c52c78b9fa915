"""How good answers are, by a question set: found@k, marked, right, verdicts, reliability, latency.

A question set is JSON Lines: ``question``, ``type`` (fact, list, … or none), ``file`` (where the
answer stands), ``answers`` (its strings), ``evidence`` (sentences that hold them), ``id`` and
``note`` (for type none: near-miss, off-topic, …). White space is passed over when strings are
compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from retrieval.errors import JiwenError
from retrieval.records import MAX_QUOTE_CHARS, Answer, Quote, Verdict
from retrieval.reliability import Reliability, reliability

# The least that each measure of a group of questions may be; ALL are the quotes of all answers.
Floors = Mapping[str, Mapping[str, float]]
ALL = "all"
# For question sets that bring none. Pinned below what was measured; they are raised by hand, and
# nothing writes them.
FLOORS: Floors = {"answerable": {"found@1": 0.66}, ALL: {"proven": 1.0}}
_SLOWEST = 95  # the percentile of the slow answers


class Question(msgspec.Struct, frozen=True):
    """A question with what a right answer holds."""

    question: str
    type: str = "fact"
    file: str | None = None
    answers: tuple[str, ...] = ()
    note: str | None = None
    id: str | None = None
    evidence: tuple[str, ...] = ()
    variants: tuple[tuple[str, ...], ...] = ()  # what each answer is printed as besides itself


class Latency(msgspec.Struct, frozen=True):
    """How long answers took, in milliseconds: the median and the slow ones."""

    p50_ms: float
    p95_ms: float


class Table(msgspec.Struct, frozen=True):
    """Mean measures by group of questions, and the share of quotes with sound ranges.

    ``verdicts`` counts them by group; ``reliability`` is that of the confidence of all answers that
    show a quote, of which those are right whose first quote states the whole answer.
    """

    groups: dict[str, dict[str, float]]
    proven: float
    verdicts: dict[str, dict[str, int]]
    reliability: Reliability
    latency: Latency
    slices: dict[str, dict[str, dict[str, float]]] = msgspec.field(default_factory=dict)


def read_questions(path: Path) -> list[Question]:
    """The questions of a JSON Lines file.

    Raises:
        JiwenError: it cannot be read, or a line is no question.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [msgspec.json.decode(line, type=Question) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise JiwenError(f"{path}: not a question set ({error}); one JSON object a line") from error


def read_floors(path: Path) -> Floors:
    """The floors of a TOML file: a table for each group of questions, a number for each measure.

    Raises:
        JiwenError: it cannot be read, or holds anything else.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[str, dict[str, float]])
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise JiwenError(f"{path}: no floors ({error}); one [group] with measure = 0.5") from error


def measure(questions: Sequence[Question], answers: Sequence[Answer]) -> Table:
    """The measures of ``answers``, one for each question, in order."""
    pairs = list(zip(questions, answers, strict=True))
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for question, answer in pairs:
        for group in groups_of(question):
            rows[group].append(_measures(question, answer))
            verdicts[group][answer.verdict] += 1
    quotes = [quote for answer in answers for quote in answer.quotes]
    return Table(
        groups={group: means(measured) for group, measured in rows.items()},
        proven=_mean([float(_sound(quote)) for quote in quotes]) if quotes else 1.0,
        verdicts={g: {v: count[v] for v in Verdict} for g, count in verdicts.items()},
        reliability=reliability([(a.confidence, _stated(q, a)) for q, a in pairs if a.quotes]),
        latency=_latency([answer.took_ms for answer in answers]),
    )


def groups_of(question: Question) -> tuple[str, ...]:
    """The groups that a question counts in: its type and answerable, or none and of what kind."""
    if answerable(question):
        return question.type, "answerable"
    kind = (question.note or "").replace("：", ":").partition(":")[0].strip()
    return ("none", f"none/{kind}") if kind else ("none",)


def means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure over the questions that have it, and ``n``, how many there are."""
    columns: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, value in row.items():
            columns[name].append(value)
    return {"n": float(len(rows))} | {name: _mean(values) for name, values in columns.items()}


def sliced(
    questions: Sequence[Question], answers: Sequence[Answer], slices: Sequence[str | None]
) -> dict[str, dict[str, float]]:
    """The mean measures of the answerable questions by slice, sorted; ``None`` is in no slice."""
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for question, answer, part in zip(questions, answers, slices, strict=True):
        if part is not None and answerable(question):
            rows[part].append(_measures(question, answer))
    return {part: means(rows[part]) for part in sorted(rows)}


def found(question: Question, quotes: Sequence[Quote]) -> float:
    """The share of the gold strings that stand in quotes from the right file."""
    shown = [shows(question, quote.text, quote.source.file) for quote in quotes]
    return _mean([float(any(ones)) for ones in zip(*shown, strict=True)])


def shows(question: Question, text: str, file: str) -> list[bool]:
    """Which of the gold strings stand in a text of a file, in their order."""
    right = bool(question.file) and file.endswith(question.file or "")
    bare = _bare(text)
    return [right and any(form in bare for form in forms) for forms in _forms(question)]


def _forms(question: Question) -> list[list[str]]:
    """What each gold string may be printed as, without white space."""
    variants = question.variants or ((),) * len(question.answers)
    pairs = zip(question.answers, variants, strict=True)
    return [[_bare(form) for form in (answer, *others)] for answer, others in pairs]


def marked(question: Question, quote: Quote) -> bool:
    """Whether a gold string lies inside a highlight of the quote."""
    parts = [_bare(quote.text[a:b]) for a, b in quote.highlights]
    return any(form in part for forms in _forms(question) for form in forms for part in parts)


def below(table: Table, floors: Floors) -> list[str]:
    """What falls short of its floor, in words; what a question set lacks falls short of nothing."""
    values = {**table.groups, ALL: {"proven": table.proven}}
    return [
        f"{group} {name} {values[group][name]:.3f} is below its floor {floor}"
        for group, measures in floors.items()
        for name, floor in measures.items()
        if name in values.get(group, {}) and values[group][name] < floor
    ]


def _measures(question: Question, answer: Answer) -> dict[str, float]:
    if not answerable(question):
        near = near_miss(question)
        refused = answer.verdict is not Verdict.ANSWERED if near else answer.verdict is Verdict.NONE
        return {"right": float(refused)}
    at_1, at_3 = found(question, answer.quotes[:1]), found(question, answer.quotes[:3])
    right = answer.verdict is Verdict.ANSWERED and at_1 == 1
    measures = {"found@1": at_1, "found@3": at_3, "right": float(right)}
    if at_1 == 1:
        measures["marked"] = float(marked(question, answer.quotes[0]))
    return measures


def _stated(question: Question, answer: Answer) -> bool:
    """Whether the first quote states the whole answer."""
    return answerable(question) and found(question, answer.quotes[:1]) == 1


def _latency(took_ms: Sequence[float]) -> Latency:
    if not took_ms:
        return Latency(0.0, 0.0)
    return Latency(*(float(np.percentile(took_ms, at)) for at in (50, _SLOWEST)))


def answerable(question: Question) -> bool:
    """Whether a page states the answer."""
    return question.type != "none" and bool(question.answers)


def near_miss(question: Question) -> bool:
    """Whether the archive holds the matter of a question, but not what is asked of it."""
    return "near" in (question.note or "").lower()


def _sound(quote: Quote) -> bool:
    """Whether the quote's ranges add up to its text; `jiwen verify` compares the words."""
    return sum(b - a for a, b in quote.spans) == len(quote.text) <= MAX_QUOTE_CHARS


def _bare(text: str) -> str:
    return "".join(text.split())


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
