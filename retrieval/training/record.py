"""The mark of an adapted model, read without torch: when it was made, and of what."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

RECORD = "adapted.toml"  # not among the files that a model's fingerprint is taken of


@dataclass(frozen=True, slots=True)
class Record:
    """Day, the model it was made from, articles read, words added."""

    made: str
    base: str
    articles: int
    words: int


def write_record(folder: Path, record: Record) -> None:
    """Write the record into the model's ``folder``."""
    # A JSON string or whole number is a TOML one, too.
    lines = (f"{key} = {json.dumps(v, ensure_ascii=False)}\n" for key, v in asdict(record).items())
    (folder / RECORD).write_text("".join(lines), encoding="utf-8")


def read_record(folder: Path) -> Record | None:
    """The record in a model's ``folder``, or ``None`` where it has none that can be read."""
    try:
        return Record(**tomllib.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
