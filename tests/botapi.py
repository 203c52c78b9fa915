"""A Bot API server on loopback: strict as Telegram where a bot can go wrong, and a person's hand.

``BotApi`` is what a test holds: ``say`` and ``press`` as a person would, ``wait_for_message`` to
read what came back, ``inject`` to make the server fail as servers do.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from bothttp import ApiError, BotServer
from telegramhtml import Entity, checked_buttons, checked_text, entities_of, units

TOKEN = "123456789:AAtest-token_that_is_never_real_0000"  # noqa: S105 -- opens nothing
BOT = {"id": 123456789, "is_bot": True, "first_name": "吉问", "username": "jiwen_test_bot"}
Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class User:
    id: int = 42
    first_name: str = "读者"
    language_code: str | None = "zh-hans"

    def json(self) -> Json:
        names = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return names | ({"language_code": self.language_code} if self.language_code else {})


READER = User()


class Trouble(Enum):
    TOO_MANY = 429
    BAD_GATEWAY = 502
    UNAUTHORIZED = 401
    CANNOT_PARSE = 400
    DROPPED = 0  # the connection is closed without a word
    SILENT = -1  # the call is taken and done, and never confirmed


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the bot sent it: what a person reads, and how it was marked."""

    id: int
    chat_id: int
    text: str
    raw: str
    entities: tuple[Entity, ...]
    buttons: tuple[tuple[str, str], ...]
    params: Json
    file: tuple[str, bytes] | None = None

    def marked(self, tag: str) -> list[str]:
        return [entity.of(self.text) for entity in self.entities if entity.tag == tag]


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: Json
    at: float


class BotApi:
    """The server and the people who talk through it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self._read: defaultdict[int, int] = defaultdict(int)
        self._updates: deque[Json] = deque()
        self._troubles: defaultdict[str, deque[tuple[Trouble, int]]] = defaultdict(deque)
        self._buttons: dict[int, tuple[tuple[str, str], ...]] = {}
        self._queries: set[str] = set()
        self._numbers = itertools.count(1)
        self._news = threading.Condition()
        self._closing = False
        self._http = BotServer(self.answer)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/bot"

    def __enter__(self) -> BotApi:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    # what a person does

    def reply(self, message: Sent, text: str, *, user: User = READER, **more: str) -> Json:
        """A typed reply to a message of the bot's."""
        shown = self._envelope(message.chat_id, user, "private")
        shown |= {"message_id": message.id, "from": BOT, "text": message.text}
        content = {"text": text, "reply_to_message": shown} | entities_of(text)
        return self.post(content, message.chat_id, user=user, **more)

    def edit(self, said: Json, text: str) -> Json:
        """A person edits what they said."""
        message = said["message"] | {"text": text} | entities_of(text)
        return self.update({"edited_message": message | {"edit_date": message["date"] + 1}})

    def say(self, chat_id: int, text: str, *, user: User = READER, **more: str) -> Json:
        """A typed message; in a private chat unless ``chat_type`` says otherwise."""
        return self.post({"text": text} | entities_of(text), chat_id, user=user, **more)

    def post(
        self,
        content: Json,
        chat_id: int,
        *,
        user: User = READER,
        kind: str = "message",
        chat_type: str = "private",
    ) -> Json:
        """Any message: ``content`` holds a text, a sticker, a photo…"""
        message = self._envelope(chat_id, user, chat_type) | content
        if kind == "edited_message":
            message["edit_date"] = message["date"] + 1
        return self.update({kind: message})

    def press(self, message: Sent, label: str, *, user: User = READER) -> Json:
        """A tap on the button that reads ``label``."""
        data = dict(self._buttons[message.id])[label]
        return self.press_data(message, data, user=user)

    def press_data(self, message: Sent, data: str, *, user: User = READER) -> Json:
        """A tap that carries ``data``, forged or not."""
        query_id = str(next(self._numbers))
        with self._news:
            self._queries.add(query_id)
        shown = self._envelope(message.chat_id, user, "private")
        shown |= {"message_id": message.id, "from": BOT, "text": message.text}
        query = {"id": query_id, "from": user.json(), "message": shown, "data": data}
        return self.update({"callback_query": query | {"chat_instance": "1"}})

    def update(self, content: Json) -> Json:
        """Any update, as it is; kinds the bot did not ask for reach it too."""
        update = {"update_id": next(self._numbers)} | content
        with self._news:
            self._updates.append(update)
            self._news.notify_all()
        return update

    # what a person sees

    def wait_for_message(self, chat_id: int, timeout: float = 15) -> Sent:
        """The next message of the chat that was not read yet."""

        def unread() -> Sent | None:
            here = [sent for sent in self.sent if sent.chat_id == chat_id]
            return here[self._read[chat_id]] if len(here) > self._read[chat_id] else None

        found = self.wait_for(unread, timeout)
        self._read[chat_id] += 1
        return found

    def wait_for_call(self, method: str, timeout: float = 15, *, after: int = 0) -> Call:
        """The first call of ``method`` past the first ``after`` calls of any."""
        return self.wait_for(
            lambda: next((c for c in self.calls[after:] if c.method == method), None), timeout
        )

    def wait_for(self, look: Callable[[], T | None], timeout: float = 15) -> T:
        with self._news:
            found = self._news.wait_for(look, timeout)
            if not found:
                raise TimeoutError(f"nothing came; calls: {[c.method for c in self.calls][-12:]}")
            return found

    def wait_for_edit(self, message: Sent, timeout: float = 15) -> Sent:
        """The message as it reads when it has been edited."""

        def edited() -> Sent | None:
            now = next(sent for sent in self.sent if sent.id == message.id)
            return now if now is not message else None

        return self.wait_for(edited, timeout)

    def buttons(self, message: Sent) -> list[str]:
        """The labels under a message as it is now."""
        return [label for label, _ in self._buttons.get(message.id, ())]

    def inject(self, method: str, trouble: Trouble, times: int = 1, retry_after: int = 1) -> None:
        """Make the next calls of ``method`` fail."""
        with self._news:
            self._troubles[method].extend([(trouble, retry_after)] * times)

    # the methods of the API

    def answer(self, token: str, method: str, params: Json) -> object:
        with self._news:
            self.calls.append(Call(method, params, time.monotonic()))
            self._news.notify_all()
            if token != TOKEN:
                raise ApiError(401, "Unauthorized")
            self._fail_if_told(method)
        known = getattr(self, "do_" + re.sub("([A-Z])", r"_\1", method).lower(), None)
        if known is None:
            raise ApiError(404, "Not Found: method not found")
        done = known(params)
        if self._silent(method):
            raise ApiError(Trouble.SILENT.value, "")
        return done

    def _silent(self, method: str) -> bool:
        with self._news:
            waiting = self._troubles[method]
            if not waiting or waiting[0][0] is not Trouble.SILENT:
                return False
            waiting.popleft()
            return True

    def do_get_me(self, _: Json) -> Json:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False}

    def do_get_updates(self, params: Json) -> list[Json]:
        offset, timeout = int(params.get("offset", 0)), float(params.get("timeout", 0))
        with self._news:
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            self._news.wait_for(lambda: self._updates or self._closing, timeout)
            return list(itertools.islice(self._updates, 100))

    def do_send_message(self, params: Json) -> Json:
        text, entities = checked_text(params)
        buttons = checked_buttons(params.get("reply_markup"))
        chat_id, number = int(params["chat_id"]), next(self._numbers)
        sent = Sent(number, chat_id, text, params["text"], entities, buttons, params)
        with self._news:
            self.sent.append(sent)
            self._buttons[number] = buttons
            self._news.notify_all()
        return self._envelope(chat_id, READER, "private") | {
            "message_id": number,
            "from": BOT,
            "text": text,
        }

    def do_send_document(self, params: Json) -> Json:
        """A file; its caption is the text that is read, its name and bytes are ``file``."""
        caption = params.get("caption", "")
        if units(caption) > 1024:
            raise ApiError(400, "Bad Request: message caption is too long")
        ((name, data),) = [value for value in params.values() if isinstance(value, tuple)]
        if not data:
            raise ApiError(400, "Bad Request: file must be non-empty")
        chat_id, number = int(params["chat_id"]), next(self._numbers)
        sent = Sent(number, chat_id, caption, caption, (), (), params, (name, data))
        with self._news:
            self.sent.append(sent)
            self._news.notify_all()
        file = {"file_id": "f", "file_unique_id": "u", "file_name": name}
        message = self._envelope(chat_id, READER, "private") | {"document": file, "from": BOT}
        return message | {"message_id": number, "caption": caption}

    def do_edit_message_text(self, params: Json) -> Json:
        text, entities = checked_text(params)
        buttons = checked_buttons(params.get("reply_markup"))
        chat_id, number = int(params["chat_id"]), int(params["message_id"])
        with self._news:
            at = next(
                (n for n, s in enumerate(self.sent) if (s.chat_id, s.id) == (chat_id, number)), -1
            )
            if at < 0 or self.sent[at].file:
                raise ApiError(400, "Bad Request: message to edit not found")
            if (self.sent[at].raw, self._buttons[number]) == (params["text"], buttons):
                raise ApiError(400, "Bad Request: message is not modified")
            edited = Sent(number, chat_id, text, params["text"], entities, buttons, params)
            self.sent[at] = edited
            self._buttons[number] = buttons
            self._news.notify_all()
        return self._envelope(chat_id, READER, "private") | {
            "message_id": number,
            "from": BOT,
            "text": text,
        }

    def do_edit_message_reply_markup(self, params: Json) -> bool:
        number, buttons = int(params["message_id"]), checked_buttons(params.get("reply_markup"))
        with self._news:
            if number not in self._buttons:
                raise ApiError(400, "Bad Request: message to edit not found")
            if self._buttons[number] == buttons:
                raise ApiError(400, "Bad Request: message is not modified")
            self._buttons[number] = buttons
            self._news.notify_all()
        return True

    def do_answer_callback_query(self, params: Json) -> bool:
        with self._news:
            if params.get("callback_query_id") not in self._queries:
                raise ApiError(400, "Bad Request: query is too old or query ID is invalid")
            self._queries.discard(params["callback_query_id"])
        if len(params.get("text", "")) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        return True

    def do_set_my_commands(self, params: Json) -> bool:
        for command in json.loads(params["commands"]):
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    def do_send_chat_action(self, _: Json) -> bool:
        return True

    do_delete_webhook = do_send_chat_action

    def do_get_webhook_info(self, _: Json) -> Json:
        return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}

    def _fail_if_told(self, method: str) -> None:
        if not self._troubles[method] or self._troubles[method][0][0] is Trouble.SILENT:
            return
        trouble, retry_after = self._troubles[method].popleft()
        if trouble is Trouble.TOO_MANY:
            text = f"Too Many Requests: retry after {retry_after}"
            raise ApiError(429, text, {"retry_after": retry_after})
        if trouble is Trouble.CANNOT_PARSE:
            raise ApiError(400, "Bad Request: can't parse entities: told to fail")
        raise ApiError(trouble.value, trouble.name)

    def _envelope(self, chat_id: int, user: User, chat_type: str) -> Json:
        chat: Json = {"id": chat_id, "type": chat_type}
        chat |= {"first_name": user.first_name} if chat_type == "private" else {"title": "读报群"}
        number = next(self._numbers)
        return {"message_id": number, "date": int(time.time()), "chat": chat, "from": user.json()}
