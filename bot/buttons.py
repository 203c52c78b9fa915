"""The buttons under an answer, and what a press of one means. Knows no Telegram.

What a button carries (at most 64 bytes) is its action and a citation code, which outlasts a restart
and a rebuild, or the key of an answer that the chat remembers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot import wording
from bot.chatstate import Opened
from bot.feedback import Complaint, Rating
from bot.wording import Lang, Text

_LABEL_CHARS: Final = 30  # of a reading that can be dropped; a phone shows some 40 in a row
_REASONS: Final = {
    Complaint.BESIDE: Text.WHY_BESIDE,
    Complaint.MISSED: Text.WHY_MISSED,
    Complaint.MISQUOTED: Text.WHY_MISQUOTED,
    Complaint.OTHER: Text.WHY_OTHER,
}


class Action(StrEnum):
    """What a button does."""

    PAGE = "page"  # KEY:n, turn to the n-th quote
    NEAR = "near"  # CITE, what stands around the quote
    FULL = "full"  # CITE, its whole article
    CITE = "cite"  # CITE, its reference
    FIX = "fix"  # CITE, correct its text
    UP = "up"  # KEY
    DOWN = "down"  # KEY
    WHY = "why"  # KEY:n, what was wrong
    BACK = "back"  # KEY, to the buttons from the question what was wrong
    DROP = "drop"  # KEY:NAME, ask again without this reading


@dataclass(frozen=True, slots=True)
class Button:
    """What is read on a button, and what it carries."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Press:
    """A press as it is read: what to do, to which answer or quote, and a number or name."""

    action: Action
    key: str
    more: str = ""


Rows = tuple[tuple[Button, ...], ...]

# Actions that name an answer, that name a quote, and what may follow.
PRESSED: Final = re.compile(
    r"(?P<action>page|why|drop):(?P<key>[0-9a-f]{8}):(?P<more>[a-z]{1,12}|[0-9]{1,2})"
    r"|(?P<rate>up|down|back):(?P<answer>[0-9a-f]{8})"
    r"|(?P<show>near|full|cite|fix):(?P<quote>[a-z0-9_]{1,40})"
)


def read(data: str) -> Press | None:
    """Return what a button carried; ``None`` for what no button of ours carries."""
    match = PRESSED.fullmatch(data)
    if match is None:
        return None
    action = match["action"] or match["rate"] or match["show"]
    key = match["key"] or match["answer"] or match["quote"]
    return Press(Action(action), key, match["more"] or "")


def under(answer: Opened, lang: Lang) -> Rows:
    """Return the rows of buttons under an answer, as it is turned to now.

    1. the other quotes; 2. about this one; 3. about it all; 4. what was read and may be dropped.
    """
    rows = [_turns(answer, lang), _about(answer, lang), _rate(answer, lang), _drops(answer, lang)]
    return tuple(row for row in map(tuple, rows) if row)


def why(answer: Opened, lang: Lang) -> Rows:
    """Return the rows that ask what was wrong with an answer."""
    reasons = [
        Button(wording.say(text, lang), f"{Action.WHY}:{answer.key}:{n}")
        for n, text in enumerate(_REASONS.values())
    ]
    back = Button(wording.say(Text.BUTTON_BACK, lang), f"{Action.BACK}:{answer.key}")
    return tuple(reasons[:2]), tuple(reasons[2:]), (back,)


def complaint(press: Press) -> Complaint | None:
    """Return the reason that was pressed."""
    n = int(press.more) if press.more.isdigit() else len(_REASONS)
    return [*_REASONS][n] if n < len(_REASONS) else None


def _drops(answer: Opened, lang: Lang) -> Iterator[Button]:
    for name, label in answer.readings:
        shown = label if len(label) <= _LABEL_CHARS else label[: _LABEL_CHARS - 1] + "…"
        text = wording.say(Text.BUTTON_DROP, lang, what=shown)
        yield Button(text, f"{Action.DROP}:{answer.key}:{name}")


def _turns(answer: Opened, lang: Lang) -> Iterator[Button]:
    """More, as long as nothing was turned; then back, where we are (to the first), and on."""
    n, total = answer.page, len(answer.quotes)
    place = f"{n + 1}/{total}"
    if total > 1 and n == 0:
        yield _turn(answer, 1, wording.say(Text.BUTTON_MORE, lang, place=place))
    elif total > 1:
        yield _turn(answer, n - 1, "‹")
        yield _turn(answer, 0, place)
        if n + 1 < total:
            yield _turn(answer, n + 1, "›")


def _turn(answer: Opened, n: int, label: str) -> Button:
    return Button(label, f"{Action.PAGE}:{answer.key}:{n}")


def _about(answer: Opened, lang: Lang) -> Iterator[Button]:
    shown = {
        Action.NEAR: Text.BUTTON_NEAR,
        Action.FULL: Text.BUTTON_FULL,
        Action.CITE: Text.BUTTON_CITE,
    }
    for quote in answer.quotes[answer.page : answer.page + 1]:
        for action, text in shown.items():
            yield Button(wording.say(text, lang), f"{action}:{quote.cite}")


def _rate(answer: Opened, lang: Lang) -> Iterator[Button]:
    for action, sign, rating in (
        (Action.UP, "👍", Rating.UP),
        (Action.DOWN, "👎", Rating.DOWN),
    ):
        chosen = " ✓" if answer.rating == rating else ""
        yield Button(f"{sign}{chosen}", f"{action}:{answer.key}")
    for quote in answer.quotes[answer.page : answer.page + 1]:
        yield Button(wording.say(Text.BUTTON_FIX, lang), f"{Action.FIX}:{quote.cite}")
