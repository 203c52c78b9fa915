"""Conversations as data: what is said, pressed, sent or broken, and what must come back.

A file of ``tests/conversations`` is a ``Talk``: its steps are done in order, each with what it
expects. Nothing expected of a step means that nothing is looked at, not that nothing comes.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

Who = Literal["reader", "english", "friend", "outsider"]
Where = Literal["private", "group", "forum"]


class Expects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes back, all of it together; lists of texts are looked for in its messages."""

    messages: int = 1  # 0: nothing at all
    edited: bool = False  # no message comes: one that stands there, or its buttons, is changed
    text: str | None = None  # the key of a fixed text that the message begins with
    reason: str | None = None  # the key of a reason that the message holds
    verdict: Literal["answered", "related", "none"] | None = None
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    quotes: int | None = None  # passages in quotation blocks
    new_quotes: bool = False  # none of them shown in this chat before
    quotes_as: str | None = None  # the same as those of the step so named
    buttons: tuple[str, ...] = ()  # parts of labels, each under the last message
    no_buttons: bool = False
    toast: str | None = None  # the key of a fixed text over the chat, after a press
    reply: bool = False  # to what was said
    topic: int | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happens; ``{code}`` in what is said is the last citation code shown."""

    says: str | None = None
    edits: str | None = None  # what was said last is changed into this
    presses: str | None = None  # a part of the label, under the last message with buttons
    forges: str | None = None  # data that no button carries
    sends: Literal["photo", "voice", "sticker", "location"] | None = None
    restart: Literal["stop", "kill"] | None = None
    trouble: str | None = None  # METHOD TROUBLE, such as "sendMessage BAD_GATEWAY"
    blocks: bool = False  # the reader blocks the bot
    who: Who = "reader"
    where: Where = "private"
    in_topic: int | None = None
    in_reply: bool = False  # to the bot's last message there
    name: str | None = None
    expects: Expects | None = None


class Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A conversation with a bot: the real one on the five pages, or the one with a canned archive."""

    about: str
    steps: tuple[Step, ...]
    canned: bool = False
    listed: tuple[Who, ...] = ()  # who may use the bot; nobody named: everybody
    privacy: bool = False

    @property
    def alone(self) -> bool:
        """Whether it needs a bot of its own."""
        apart = any(s.restart or s.trouble for s in self.steps)
        return bool(self.canned or self.listed or self.privacy or apart)


def read_talk(path: Path) -> Talk:
    """The conversation of a file; an unknown key is an error."""
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Talk)
