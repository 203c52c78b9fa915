"""What is remembered of a conversation: small, frozen, expiring, and fit to be written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from retrieval.entities import Entity
from retrieval.records import Quote

_TOPICS = 3  # questions remembered: the last, and two to go back to
_SHOWN = 60  # citation codes that are not shown again; some 1.5 KB


@dataclass(frozen=True, slots=True)
class Topic:
    """A question as it was understood, and what a follow-up may lean on.

    ``subjects`` is what it was about, the fullest first; ``tail`` what it asked of that;
    ``entities`` what it named; ``terms`` its words; ``person`` and ``body`` whom its answer named.
    """

    question: str
    subjects: tuple[str, ...] = ()
    tail: str = ""
    entities: tuple[Entity, ...] = ()
    terms: tuple[str, ...] = ()
    person: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last topics, newest last; what was shown; what was quoted last; when it was.

    ``shown`` and ``cites`` are citation codes; ``cites`` names the quote that details are asked of,
    then the pieces around it that were shown. ``at`` is in seconds of the clock that is handed in.
    """

    topics: tuple[Topic, ...] = ()
    shown: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    at: float = 0.0

    @classmethod
    def start(cls) -> Conversation:
        """A conversation in which nothing was said."""
        return cls()

    @property
    def topic(self) -> Topic | None:
        """What was asked last."""
        return self.topics[-1] if self.topics else None


def to_json(conversation: Conversation) -> bytes:
    """The conversation as JSON."""
    return msgspec.json.encode(conversation)


def from_json(data: bytes) -> Conversation:
    """The conversation that ``to_json`` wrote.

    Raises:
        msgspec.DecodeError: it is no conversation.
    """
    return msgspec.json.decode(data, type=Conversation)


def lasting(conversation: Conversation, *, now: float, forget_s: float) -> Conversation:
    """The conversation, or a new one where the last turn is longer ago than ``forget_s``."""
    return conversation if now - conversation.at <= forget_s else Conversation.start()


def seen(conversation: Conversation, quotes: Iterable[Quote]) -> Conversation:
    """The conversation after quotes were shown; the oldest are forgotten first."""
    codes = dict.fromkeys([*conversation.shown, *(quote.cite for quote in quotes)])
    return replace(conversation, shown=tuple(codes)[-_SHOWN:])


def asked(conversation: Conversation, topic: Topic) -> Conversation:
    """The conversation after a question; the same question again takes its own place."""
    earlier = [one for one in conversation.topics if one.question != topic.question]
    return replace(conversation, topics=(*earlier, topic)[-_TOPICS:])
