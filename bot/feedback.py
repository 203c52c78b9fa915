"""What readers say of answers: ratings, and corrections of misread text, in the state file.

A correction goes on a list for whoever runs the archive; the page stays as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from bot.state import Row, Store

MAX_CORRECTION_CHARS: Final = 1000  # three quotes of the longest kind
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS ratings (
    chat INTEGER NOT NULL, user INTEGER NOT NULL, answer TEXT NOT NULL, at REAL NOT NULL,
    rating TEXT NOT NULL, reason TEXT NOT NULL, verdict TEXT NOT NULL, question TEXT NOT NULL,
    cites TEXT NOT NULL, PRIMARY KEY (chat, user, answer));
CREATE TABLE IF NOT EXISTS corrections (
    id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, user INTEGER NOT NULL, at REAL NOT NULL,
    cite TEXT NOT NULL, printed TEXT NOT NULL, corrected TEXT NOT NULL);
"""


class Rating(StrEnum):
    """What a reader thinks of an answer."""

    UP = "up"
    DOWN = "down"


class Complaint(StrEnum):
    """What was wrong with an answer; the order is that of the buttons."""

    BESIDE = "beside"  # it answers something else
    MISSED = "missed"  # the archive knows more
    MISQUOTED = "misquoted"  # something is wrong with the quote or its source
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks, and where; only kept so that they can have it forgotten."""

    chat: int
    user: int


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer as it is rated; ``answer`` is its key within the chat."""

    answer: str
    question: str
    verdict: str
    cites: tuple[str, ...]


class Feedback:
    """The ratings and corrections of the state file; safe to use from several threads."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    @classmethod
    def open(cls, path: Path) -> Feedback:
        """The feedback kept in the state file at ``path``; raises ``SettingsError``."""
        return cls(Store.open(path, _SCHEMA))

    def rate(
        self, person: Person, answer: Rated, rating: Rating, reason: Complaint | None = None
    ) -> None:
        """Keep a rating; a reader's later rating of the same answer takes its place."""
        self._store.write(
            "INSERT OR REPLACE INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(person.chat, person.user, answer.answer, self._clock()),
                    *(rating, reason or "", answer.verdict, answer.question),
                    msgspec.json.encode(answer.cites).decode(),
                )
            ],
        )

    def correct(self, person: Person, cite: str, printed: str, corrected: str) -> None:
        """Put a correction on the list: the quote as it was shown, and as a reader reads it."""
        self._store.write(
            "INSERT INTO corrections (chat, user, at, cite, printed, corrected)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(person.chat, person.user, self._clock(), cite, printed, corrected)],
        )

    def forget(self, chat: int, user: int) -> int:
        """Delete what a person said in a chat; returns how many entries that were."""
        gone = [(chat, user)]
        return sum(
            self._store.write(f"DELETE FROM {table} WHERE chat = ? AND user = ?", gone)  # noqa: S608 -- two names
            for table in ("ratings", "corrections")
        )

    def exported(self, taken: Callable[[str], bool]) -> Iterator[dict[str, Any]]:
        """Everything in order of time, without who said it; each is an object of JSON.

        What is about a citation code that is ``taken`` down is left out: it holds words of it.
        """
        ratings = self._store.rows(
            "SELECT at, rating, reason, verdict, question, cites FROM ratings"
        )
        corrections = self._store.rows("SELECT at, cite, printed, corrected FROM corrections")
        both = [*map(_rating_json, ratings), *map(_correction_json, corrections)]
        told = [entry for entry in both if not any(map(taken, _cites(entry)))]
        yield from sorted(told, key=lambda entry: float(entry["at"]))

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def _cites(entry: dict[str, Any]) -> list[str]:
    return [entry["cite"]] if entry["kind"] == "correction" else list(entry["cites"])


def _rating_json(row: Row) -> dict[str, Any]:
    at, rating, reason, verdict, question, cites = row
    return {
        "kind": "rating",
        "at": at,
        "rating": rating,
        "reason": reason or None,
        "verdict": verdict,
        "question": question,
        "cites": msgspec.json.decode(cites),
    }


def _correction_json(row: Row) -> dict[str, Any]:
    at, cite, printed, corrected = row
    return {
        "kind": "correction",
        "at": at,
        "cite": cite,
        "printed": printed,
        "corrected": corrected,
    }
