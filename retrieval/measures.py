"""How good answers are, by a question set: found@k, marked, right, proven.

A question set is JSON Lines: ``question``, ``type`` (fact, list, … or none), ``file`` (where the
answer stands), ``answers`` (its strings) and ``note`` (for type none: near-miss, off-topic, …).
White space is passed over when strings are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from retrieval.errors import JiwenError
from retrieval.records import MAX_QUOTE_CHARS, Answer, Quote, Verdict

# Pinned below what was measured; they are raised by hand and never lowered by a run.
FLOORS = {"found@1": 0.66, "proven": 1.0}


class Question(msgspec.Struct, frozen=True):
    """A question with what a right answer holds."""

    question: str
    type: str = "fact"
    file: str | None = None
    answers: tuple[str, ...] = ()
    note: str | None = None


class Table(msgspec.Struct, frozen=True):
    """Mean measures by group of questions, and the share of quotes with sound ranges."""

    groups: dict[str, dict[str, float]]
    proven: float


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


def measure(questions: Sequence[Question], answers: Sequence[Answer]) -> Table:
    """The measures of ``answers``, one for each question, in order."""
    rows: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for question, answer in zip(questions, answers, strict=True):
        groups = (question.type, "answerable") if answerable(question) else ("none",)
        for group in groups:
            for name, value in _measures(question, answer).items():
                rows[group][name].append(value)
    quotes = [quote for answer in answers for quote in answer.quotes]
    means = {
        g: {"n": float(len(m["right"]))} | {n: _mean(v) for n, v in m.items()}
        for g, m in rows.items()
    }
    proven = _mean([float(_sound(quote)) for quote in quotes]) if quotes else 1.0
    return Table(means, proven)


def found(question: Question, quotes: Sequence[Quote]) -> float:
    """The share of the gold strings that stand in quotes from the right file."""
    shown = [shows(question, quote.text, quote.source.file) for quote in quotes]
    return _mean([float(any(ones)) for ones in zip(*shown, strict=True)])


def shows(question: Question, text: str, file: str) -> list[bool]:
    """Which of the gold strings stand in a text of a file, in their order."""
    right = bool(question.file) and file.endswith(question.file or "")
    bare = _bare(text)
    return [right and _bare(answer) in bare for answer in question.answers]


def marked(question: Question, quote: Quote) -> bool:
    """Whether a gold string lies inside a highlight of the quote."""
    parts = [_bare(quote.text[a:b]) for a, b in quote.highlights]
    return any(_bare(a) in part for a in question.answers for part in parts)


def below(table: Table, floors: dict[str, float]) -> list[str]:
    """What falls short of its floor, in words."""
    values = {**table.groups.get("answerable", {}), "proven": table.proven}
    return [
        f"{name} {values[name]:.3f} is below its floor {floor}"
        for name, floor in floors.items()
        if name in values and values[name] < floor
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
