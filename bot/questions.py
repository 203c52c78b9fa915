"""What was written in one message → the questions in it, to be answered one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from retrieval.asking import asking_spans
from retrieval.folding import fold

MAX_QUESTIONS: Final = 5  # of one message; more would fill the screen before anything is read
_MIN_CHARS: Final = 4  # of a question in a row of them: 栽了几棵
# A question's end, with the quotation mark or bracket that may close behind it.
_END: Final = re.compile(r"(?<=[?？])(?![?？!！”’\"'」』）)])|\n+")
_LETTERS: Final = re.compile(r"[\W_]+")


def questions(text: str) -> tuple[str, ...]:
    """Return the questions of a message in order; the whole message where they are not several.

    A line each, or one after the other with question marks. What asks nothing by itself belongs
    to the question after it, the last to the one before.
    """
    found: list[str] = []
    said = ""
    for part in (piece.strip() for piece in _END.split(text)):
        said = f"{said} {part}".strip()
        if _asks(part):
            found.append(said)
            said = ""
    if len(found) < 2:
        return (text,)
    return (*found[:-1], f"{found[-1]} {said}".strip())


def left_over(found: Iterable[str]) -> int:
    """How many questions are too many to be answered at once."""
    return max(0, len(tuple(found)) - MAX_QUESTIONS)


def _asks(part: str) -> bool:
    """Whether a part of a message is a question of its own."""
    long_enough = len(_LETTERS.sub("", part)) >= _MIN_CHARS
    return long_enough and (part.endswith(("?", "？")) or bool(asking_spans(fold(part))))
