"""The messages that the bot has sent, as they are now: sent, edited, deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from .checks import Keyboard, checked_file, checked_keyboard, checked_text
from .errors import Json, bad_request
from .formatted import Entity, entity_json
from .people import BOT, Chat
from .wire import File

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the bot sent it: what a person reads, and how it was marked."""

    id: int
    chat_id: int
    text: str  # or the caption
    raw: str
    entities: tuple[Entity, ...]
    buttons: tuple[tuple[str, str], ...]
    params: Json
    kind: str = "text"  # or document, photo
    file: File | None = None
    thread: int | None = None
    reply_to: int | None = None
    keyboard: Keyboard = field(default_factory=Keyboard)
    at: float = 0.0
    reply_lost: bool = False  # the bot was never told that it was taken

    def marked(self, tag: str) -> list[str]:
        return [entity.of(self.text) for entity in self.entities if entity.tag == tag]

    def json(self, chat: Chat) -> Json:
        """The Message object."""
        text, marks = (
            ("text", "entities") if self.kind == "text" else ("caption", "caption_entities")
        )
        message = {"message_id": self.id, "date": 1_700_000_000, "chat": chat.json(), "from": BOT}
        message |= {text: self.text, marks: [entity_json(self.text, e) for e in self.entities]}
        if self.thread:
            message |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.buttons:
            rows = [[_button(*one) for one in row] for row in self.keyboard.rows]
            message["reply_markup"] = {"inline_keyboard": rows}
        return message | _attached(self.kind, self.file)


def _button(label: str, data: str) -> Json:
    return {"text": label, "url" if "://" in data else "callback_data": data}


def _attached(kind: str, file: File | None) -> Json:
    if file is None:
        return {}
    ids = {"file_id": "f", "file_unique_id": "u", "file_size": len(file.data)}
    if kind == "photo":
        return {"photo": [ids | {"width": 9, "height": 9}]}
    return {"document": ids | {"file_name": file.name}}


def composed(number: int, kind: str, params: Json) -> Sent:
    """The message that a send method's parameters make; raises what the server would refuse."""
    name = "text" if kind == "text" else "caption"
    file = None if kind == "text" else checked_file(params, kind)
    text, entities = checked_text(params, name)
    keyboard = checked_keyboard(params.get("reply_markup"))
    thread = int(params["message_thread_id"]) if params.get("message_thread_id") else None
    return Sent(
        number, int(params.get("chat_id", 0)), text, params.get(name, ""), entities,
        keyboard.buttons, params, kind, file, thread, keyboard=keyboard,
    )  # fmt: skip


class Messages:
    """What stands in the chats. Bot API, "Updating messages"."""

    def __init__(self) -> None:
        self._now: dict[tuple[int, int], Sent] = {}
        self._foreign: set[tuple[int, int]] = set()

    def heard(self, chat_id: int, number: int) -> None:
        """Somebody else's message, which the bot may reply to and not edit."""
        self._foreign.add((chat_id, number))

    def stands(self, chat_id: int, number: int) -> bool:
        return (chat_id, number) in self._now or (chat_id, number) in self._foreign

    def keep(self, sent: Sent) -> None:
        self._now[sent.chat_id, sent.id] = sent

    def now(self, sent: Sent) -> Sent | None:
        """The message as it is now; ``None`` where it is deleted."""
        return self._now.get((sent.chat_id, sent.id))

    def own(self, params: Json, what: str) -> Sent:
        """The bot's message that the parameters name."""
        if params.get("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        place = int(params.get("chat_id", 0)), int(params.get("message_id", 0))
        if place in self._foreign:
            raise bad_request(f"message can't be {'edited' if what == 'edit' else 'deleted'}")
        if place not in self._now:
            raise bad_request(f"message to {what} not found")
        return self._now[place]

    def edited(self, params: Json, kind: str | None) -> Sent:
        """The message with its text, caption (``kind``) or, with ``None``, only its buttons new."""
        old = self.own(params, "edit")
        keyboard = checked_keyboard(params.get("reply_markup"))
        new = replace(old, buttons=keyboard.buttons, keyboard=keyboard)
        if kind is not None:
            if kind == "text" and old.kind != "text":
                raise bad_request("there is no text in the message to edit")
            if kind == "caption" and old.kind == "text":
                raise bad_request("there is no caption in the message to edit")
            text, entities = checked_text(params, kind)
            new = replace(
                new, text=text, entities=entities, raw=params.get(kind, ""), params=params
            )
        if (new.text, new.entities, new.keyboard) == (old.text, old.entities, old.keyboard):
            raise bad_request(_SAME)
        self.keep(new)
        return new

    def delete(self, params: Json) -> Sent:
        gone = self.own(params, "delete")
        del self._now[gone.chat_id, gone.id]
        return gone


def replied_to(params: Json, messages: Messages) -> int | None:
    """The message that is replied to (ReplyParameters), ``None`` for none."""
    reply = json.loads(params.get("reply_parameters") or "{}")
    number = reply.get("message_id")
    if number is None or messages.stands(int(params["chat_id"]), int(number)):
        return number
    if not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return None
