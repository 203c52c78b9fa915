"""What every step is given: the pages, their index, the questions, and room for its own files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

Told = Callable[[str, int, int], None]  # what, done, total (0: not known)


@dataclass(frozen=True, slots=True)
class Given:
    """Where a step finds what it needs; ``home`` is where it may write."""

    seeds: Path
    home: Path
    questions: tuple[str, ...]

    @property
    def index(self) -> Path:
        """The index of the pages."""
        return self.home / "index"

    @property
    def asked(self) -> Path:
        """The file with the questions, one a line."""
        return self.home / "questions.txt"

    @classmethod
    def of(cls, seeds: Path, home: Path, questions: Sequence[str]) -> Self:
        """What the steps are given; the questions are written where they will look."""
        given = cls(seeds, home, tuple(questions))
        given.asked.write_text("\n".join(questions), encoding="utf-8")
        return given

    @classmethod
    def read(cls, arguments: Sequence[str]) -> Self:
        """The same in another process."""
        seeds, home = map(Path, arguments)
        asked = (home / "questions.txt").read_text(encoding="utf-8")
        return cls(seeds, home, tuple(asked.splitlines()))

    def arguments(self) -> list[str]:
        """What tells another process."""
        return [str(self.seeds), str(self.home)]
