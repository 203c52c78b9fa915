"""Logs as one JSON object a line, for machines; never the text of a question."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

_FACTS: Final = ("update", "took_ms", "verdict", "ruling")  # given as ``extra``


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, event, logger, and the facts that it carries."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": when,
            "level": record.levelname,
            "event": record.getMessage(),
            "logger": record.name,
        }
        line |= {name: getattr(record, name) for name in _FACTS if hasattr(record, name)}
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["error"] = record.exc_text
        return msgspec.json.encode(line).decode()


def as_json() -> None:
    """Turn all that is logged into JSON lines, one for each update among them."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())
    logging.getLogger("bot").setLevel(logging.INFO)
