"""What travels between the comparison and the process of a system: a job there, an outcome back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from retrieval.records import Span, Verdict


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as all systems are given it: a decoded seed, or one row of distractors."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """What a system is to do.

    ``pages`` is a file of raw pages, JSON Lines, for systems that cut pages into windows; ``seeds``
    holds the same pages as files, for the product. ``folder`` may be written to.
    """

    folder: str
    pages: str
    seeds: str
    questions: tuple[str, ...]
    model: str  # a sentence-transformers folder or name
    max_chars: int  # of a window
    overlap_chars: int  # that a window shares with the one before


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that a system shows, and the ranges of its page that it is cut from."""

    file: str
    spans: tuple[Span, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The texts shown for a question, best first, and what the system says of them."""

    shown: tuple[Shown, ...]
    verdict: Verdict


def ranked(shown: Iterable[Shown]) -> Reply:
    """The reply of a system that only ranks: it always answers, save where it finds nothing."""
    texts = tuple(shown)
    return Reply(texts, Verdict.ANSWERED if texts else Verdict.NONE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply to each question, and the cost: processor seconds, and megabytes at the most.

    ``build_s`` holds all that comes before the first question, packages and models too.
    """

    replies: tuple[Reply, ...]
    question_s: tuple[float, ...]
    build_s: float
    peak_mb: float


Ask = Callable[[str], Reply]
Door = Callable[[Job], Ask]  # builds a system; what it returns is asked one question at a time

K = 3  # texts shown for a question
MAX_SHOWN_CHARS = 300  # no text that is shown is longer, as no quote of the product is
