"""What is remembered of a chat: conversations, answers whose buttons work, corrections awaited.

It survives a restart as JSON. Everything in it is small, capped, and names passages by their
citation codes, so that what is shown is always cut anew from the page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec

from bot.conversation import Conversation
from retrieval.records import Span

MAX_OPENED: Final = 20  # answers of one chat whose buttons still work; some 1 KB each
MAX_TALKS: Final = 50  # conversations of one chat that are remembered; some 5 KB each
MAX_PROMPTS: Final = 10  # corrections of one chat that are awaited
_VERSION: Final = 1

Place = tuple[int, int]  # a topic of a chat and one who writes there; 0 where there is none


@dataclass(frozen=True, slots=True)
class Held:
    """A quote that a button shows: its citation code, what of it answers, its reprints' codes."""

    cite: str
    highlights: tuple[Span, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer whose buttons work: what was asked and said, and what can be turned to.

    ``question`` is as it was understood, ``note`` the line that says so where it must be said;
    ``head`` is the HTML above the first quote; ``readings`` what was read of the question beside its
    words and may be dropped, (name, label), ``dropped`` the names of those that were. ``asked`` and ``message`` are the ids of the reader's message and ours.
    """

    key: str
    question: str
    verdict: str
    quotes: tuple[Held, ...] = ()
    note: str = ""
    head: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    page: int = 0
    rating: str = ""
    place: Place = (0, 0)
    asked: int = 0
    message: int = 0


@dataclass(slots=True)
class ChatState:
    """What is remembered of a chat; filled in by the bot as the chat goes on.

    ``before`` is each last question's message and the conversation before it: an edited question
    takes its place. ``prompts`` are our messages that await a correction, and of which quote.
    ``latest`` is the id of the last message of the chat that we know of.
    """

    talks: dict[Place, Conversation] = field(default_factory=dict)
    before: dict[Place, tuple[int, Conversation]] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict)
    prompts: dict[int, str] = field(default_factory=dict)
    latest: int = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> ChatState:
        """A copy to be written down; what it holds is frozen and need not be copied."""
        return ChatState(
            dict(self.talks), dict(self.before), dict(self.opened), dict(self.prompts), self.latest
        )

    def talk(self, place: Place) -> Conversation:
        """Return the conversation that is held there."""
        return self.talks.get(place) or Conversation.start()

    def talk_before(self, place: Place, asked: int) -> Conversation:
        """Return the conversation as it was before that message, if it asked last; else as it is."""
        message, conversation = self.before.get(place, (0, Conversation.start()))
        return conversation if asked and message == asked else self.talk(place)

    def keep(self, place: Place, conversation: Conversation) -> None:
        """Remember a conversation; the one held longest ago gives way."""
        self.talks.pop(place, None)
        self.talks[place] = conversation
        self.before = {at: kept for at, kept in self.before.items() if at in self.talks}
        _cap(self.talks, MAX_TALKS)

    def open(self, answer: Opened) -> Opened:
        """Remember an answer, under a new key if it has none; the oldest gives way."""
        answer = answer if answer.key else replace(answer, key=secrets.token_hex(4))
        self.opened.pop(answer.key, None)
        self.opened[answer.key] = answer
        _cap(self.opened, MAX_OPENED)
        return answer

    def await_correction(self, message: int, cite: str) -> None:
        """Remember that a reply to our message corrects that quote; the oldest gives way."""
        self.prompts[message] = cite
        _cap(self.prompts, MAX_PROMPTS)

    def forget(self, user: int) -> int:
        """Forget what one person of a chat asked (0: everybody); returns how much that was."""
        size = len(self.talks) + len(self.opened)
        self.talks = {at: kept for at, kept in self.talks.items() if user and at[1] != user}
        self.before = {at: kept for at, kept in self.before.items() if user and at[1] != user}
        self.opened = {
            key: one for key, one in self.opened.items() if user and one.place[1] != user
        }
        self.prompts = self.prompts if user else {}
        return size - len(self.talks) - len(self.opened)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to remember."""
        return not (self.talks or self.opened or self.prompts)


class _Written(msgspec.Struct, frozen=True):
    """The form that is written down; JSON has no tuples for keys."""

    version: int
    talks: tuple[tuple[Place, Conversation], ...] = ()
    before: tuple[tuple[Place, tuple[int, Conversation]], ...] = ()
    opened: tuple[Opened, ...] = ()
    prompts: tuple[tuple[int, str], ...] = ()
    latest: int = 0


def to_json(state: ChatState) -> bytes:
    """What is remembered, as JSON."""
    return msgspec.json.encode(
        _Written(
            _VERSION,
            tuple(state.talks.items()),
            tuple(state.before.items()),
            tuple(state.opened.values()),
            tuple(state.prompts.items()),
            state.latest,
        )
    )


def from_json(data: bytes) -> ChatState:
    """What ``to_json`` wrote.

    Raises:
        msgspec.DecodeError: it is none, or of another version.
    """
    written = msgspec.json.decode(data, type=_Written)
    if written.version != _VERSION:
        raise msgspec.ValidationError(f"version {written.version}, not {_VERSION}")
    return ChatState(
        dict(written.talks),
        dict(written.before),
        {one.key: one for one in written.opened},
        dict(written.prompts),
        written.latest,
    )


def _cap(kept: dict[Any, Any], most: int) -> None:
    """Let the oldest entries give way."""
    while len(kept) > most:
        del kept[next(iter(kept))]
