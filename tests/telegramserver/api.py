"""A Bot API server on loopback: strict as Telegram where a bot can go wrong, and a person's hand.

``BotApi`` is what a test holds: ``say`` and ``press`` as a person would, ``wait_for_message`` to
read what came back, ``inject`` to make the server fail as servers do.
"""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeVar

from .errors import Json
from .floods import Allowance, Floods
from .formatted import entities_of
from .messages import Sent
from .methods import Call, Methods
from .people import BLOCKED, BOT, READER, User, migrated
from .troubles import Trouble
from .wire import BotServer

T = TypeVar("T")


class BotApi(Methods):
    """The server and the people who talk through it."""

    def __init__(self) -> None:
        super().__init__()
        self._read: defaultdict[int, int] = defaultdict(int)
        self._http = BotServer(self.answer)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/bot"

    def __enter__(self) -> BotApi:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.news:
            self.updates.closing = True
            self.news.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    # what a person does

    def say(self, chat_id: int, text: str, *, user: User = READER, **more: object) -> Json:
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
        topic: int | None = None,
        reply_to: Sent | None = None,
        edits: Json | None = None,
    ) -> Json:
        """Any message: ``content`` holds a text, a sticker, a photo…"""
        message = self._envelope(chat_id, user, chat_type) | content
        if topic:
            self.chats.meet(chat_id, user, chat_type).topics.add(topic)
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to:
            message["reply_to_message"] = self._shown(reply_to)
        if edits:
            message |= {"message_id": edits["message"]["message_id"]}
        if kind == "edited_message" or edits:
            kind, message["edit_date"] = "edited_message", message["date"] + 1
        if self.privacy and chat_type != "private" and not _meant_for_the_bot(message):
            return {"update_id": 0, kind: message}
        return self.update({kind: message})

    def press(self, message: Sent, label: str, *, user: User = READER) -> Json:
        """A tap on the button that reads ``label`` (under the message as it is now)."""
        now = self.messages.now(message) or message
        return self.press_data(message, dict(now.buttons)[label], user=user)

    def press_data(self, message: Sent, data: str, *, user: User = READER) -> Json:
        """A tap that carries ``data``, forged or not."""
        query = {"id": self._ask(), "from": user.json(), "message": self._shown(message)}
        return self.update({"callback_query": query | {"data": data, "chat_instance": "1"}})

    def inline(self, text: str, *, user: User = READER) -> Json:
        """``@bot text`` typed in some chat."""
        query = {"id": self._ask(), "from": user.json(), "query": text, "offset": ""}
        return self.update({"inline_query": query})

    def update(self, content: Json) -> Json:
        """Any update, as it is; kinds the bot did not ask for reach it too."""
        with self.news:
            update = {"update_id": next(self._numbers)} | content
            self.updates.add(update)
        return update

    def block(self, chat_id: int, *, user: User = READER) -> None:
        """The reader blocks the bot."""
        self.chats.meet(chat_id, user, "private").refusal = BLOCKED

    def migrate(self, chat_id: int, to: int) -> None:
        """A group becomes a supergroup with another id."""
        self.chats.meet(chat_id, READER, "group").refusal = migrated(to)
        self.chats.meet(to, READER, "supergroup")

    def later(self, seconds: float) -> None:
        """Move the server's clock: queries grow old, floods ebb."""
        self._later_s += seconds

    # what a person sees

    def wait_for_message(self, chat_id: int, timeout: float = 15) -> Sent:
        """The next message of the chat that was not read yet."""

        def unread() -> Sent | None:
            here = [sent for sent in self.sent if sent.chat_id == chat_id]
            return here[self._read[chat_id]] if len(here) > self._read[chat_id] else None

        found = self.wait_for(unread, timeout)
        self._read[chat_id] += 1
        return found

    def wait_for_edit(self, message: Sent, timeout: float = 15, *, after: int = 0) -> Sent:
        """The message as the first edit past the first ``after`` edits of any left it."""
        return self.wait_for(
            lambda: next((e for e in self.edits[after:] if e.id == message.id), None), timeout
        )

    def wait_for_call(self, method: str, timeout: float = 15, *, after: int = 0) -> Call:
        """The first call of ``method`` past the first ``after`` calls of any."""
        return self.wait_for(
            lambda: next((c for c in self.calls[after:] if c.method == method), None), timeout
        )

    def wait_for(self, look: Callable[[], T | None], timeout: float = 15) -> T:
        with self.news:
            found = self.news.wait_for(look, timeout)
            if not found:
                raise TimeoutError(f"nothing came; calls: {[c.method for c in self.calls][-12:]}")
            return found

    def buttons(self, message: Sent) -> list[str]:
        """The labels under a message as it is now."""
        now = self.messages.now(message)
        return [label for label, _ in now.buttons] if now else []

    # what goes wrong

    def inject(self, method: str, trouble: Trouble, times: int = 1, retry_after: int = 1) -> None:
        """Make the next calls of ``method`` fail."""
        with self.news:
            self.troubles.tell(method, trouble, times, retry_after)

    def fail_at_random(self, rates: Mapping[Trouble, float], seed: int = 0) -> None:
        """From now on, let each call meet each trouble with this probability."""
        with self.news:
            self.troubles.at_random(rates, seed)

    def limit_overall(self, overall: Allowance) -> None:
        """Count all messages against this allowance, too."""
        with self.news:
            self.floods = Floods(self.now, overall)

    def _ask(self) -> str:
        with self.news:
            query_id = str(next(self._numbers))
            self._queries[query_id] = self.now()
        return query_id

    def _shown(self, message: Sent) -> Json:
        chat = self.chats.known(message.chat_id) or self.chats.meet(
            message.chat_id, READER, "private"
        )
        return (self.messages.now(message) or message).json(chat)

    def _envelope(self, chat_id: int, user: User, chat_type: str) -> Json:
        with self.news:
            chat = self.chats.meet(chat_id, user, chat_type)
            number = next(self._numbers)
            self.messages.heard(chat_id, number)
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": chat.json(),
            "from": user.json(),
        }


def _meant_for_the_bot(message: Json) -> bool:
    """Bot features, "Privacy mode": commands, mentions and replies reach the bot, nothing else."""
    text, replied = (
        message.get("text") or message.get("caption") or "",
        message.get("reply_to_message"),
    )
    command = re.match(r"/\w+(?:@(\w+))?", text)
    if command:
        return command[1] in (None, BOT["username"])
    return f"@{BOT['username']}" in text or bool(replied and replied["from"]["id"] == BOT["id"])
