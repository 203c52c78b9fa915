"""The methods of the API: parameters in, the result or a refusal out."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .checks import checked_callback_answer, checked_commands, checked_results
from .errors import ApiError, Json, bad_request
from .floods import COUNTED, Floods
from .messages import Messages, Sent, composed, replied_to
from .people import BOT, Chats
from .troubles import Troubles
from .updates import Updates

TOKEN = "123456789:AAtest-token_that_is_never_real_0000"  # noqa: S105 -- opens nothing
MAX_QUERY_AGE_S = 15.0  # how long a callback or inline query may wait; not documented
_ACTIONS = "typing upload_photo upload_document find_location choose_sticker".split()  # noqa: SIM905
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: Json
    at: float


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What the bot answered to an inline query."""

    query_id: str
    results: tuple[Json, ...]
    params: Json


class Methods:
    """One ``do_…`` a method of the Bot API."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self.edits: list[Sent] = []
        self.deleted: list[Sent] = []
        self.inline_answers: list[InlineAnswer] = []
        self.privacy = False  # an admin of a group, or with privacy mode off, hears everything
        self.news = threading.Condition()
        self.chats, self.messages = Chats(), Messages()
        self.updates = Updates(self.news, self.now)
        self.floods = Floods(self.now)
        self.troubles = Troubles()
        self._later_s = 0.0
        self._queries: dict[str, float] = {}
        self._numbers: Iterator[int] = itertools.count(1)

    def now(self) -> float:
        """The server's clock, in seconds."""
        return time.monotonic() + self._later_s

    def answer(self, token: str, method: str, params: Json) -> object:
        """The result of a call, as HTTP brings it in."""
        with self.news:
            self.calls.append(Call(method, params, time.monotonic()))
            self.news.notify_all()
        if token != TOKEN:
            raise ApiError(401, "Unauthorized")
        name = re.sub("([A-Z])", r"_\1", method).lower()
        known: Callable[[Json], object] | None = getattr(self, f"do_{name}", None)
        if known is None:
            raise ApiError(404, "Not Found: method not found")
        with self.troubles.around(method) as reply_lost:
            if method in COUNTED:
                with self.news:
                    self.floods.count(int(params.get("chat_id", 0)))
            return known(params | ({"reply_lost": "1"} if reply_lost else {}))

    def do_get_me(self, _: Json) -> Json:
        sees_all = {"can_read_all_group_messages": not self.privacy}
        return BOT | {"can_join_groups": True, "supports_inline_queries": True} | sees_all

    def do_get_updates(self, params: Json) -> list[Json]:
        return self.updates.poll(params)

    def do_set_webhook(self, params: Json) -> bool:
        return self.updates.set_webhook(params)

    def do_delete_webhook(self, params: Json) -> bool:
        return self.updates.delete_webhook(params)

    def do_get_webhook_info(self, _: Json) -> Json:
        return self.updates.webhook_info()

    def do_send_message(self, params: Json) -> Json:
        return self._send("text", params)

    def do_send_document(self, params: Json) -> Json:
        return self._send("document", params)

    def do_send_photo(self, params: Json) -> Json:
        return self._send("photo", params)

    def _send(self, kind: str, params: Json) -> Json:
        lost = bool(params.pop("reply_lost", ""))
        with self.news:
            sent = composed(next(self._numbers), kind, params)
            chat = self.chats.open_for(params.get("chat_id", ""), params.get("message_thread_id"))
            reply_to = replied_to(params, self.messages)
            sent = replace(sent, reply_to=reply_to, at=time.monotonic(), reply_lost=lost)
            self.messages.keep(sent)
            self.sent.append(sent)
            self.news.notify_all()
        return sent.json(chat)

    def do_edit_message_text(self, params: Json) -> Json:
        return self._edit(params, "text")

    def do_edit_message_caption(self, params: Json) -> Json:
        return self._edit(params, "caption")

    def do_edit_message_reply_markup(self, params: Json) -> Json:
        return self._edit(params, None)

    def _edit(self, params: Json, kind: str | None) -> Json:
        with self.news:
            chat = self.chats.open_for(params.get("chat_id", ""))
            edited = self.messages.edited(params, kind)
            self.edits.append(edited)
            self.news.notify_all()
        return edited.json(chat)

    def do_delete_message(self, params: Json) -> bool:
        with self.news:
            self.chats.open_for(params.get("chat_id", ""))
            self.deleted.append(self.messages.delete(params))
            self.news.notify_all()
        return True

    def do_answer_callback_query(self, params: Json) -> bool:
        checked_callback_answer(params)
        return self._close_query(params.get("callback_query_id", ""))

    def do_answer_inline_query(self, params: Json) -> bool:
        results = checked_results(params)
        query_id = params.get("inline_query_id", "")
        self._close_query(query_id)
        with self.news:
            self.inline_answers.append(InlineAnswer(query_id, tuple(results), params))
            self.news.notify_all()
        return True

    def _close_query(self, query_id: str) -> bool:
        with self.news:
            asked = self._queries.pop(query_id, None)
        if asked is None or self.now() - asked > MAX_QUERY_AGE_S:
            raise bad_request(_TOO_OLD)
        return True

    def do_set_my_commands(self, params: Json) -> bool:
        return bool(checked_commands(params)) or True

    def do_delete_my_commands(self, _: Json) -> bool:
        return True

    def do_send_chat_action(self, params: Json) -> bool:
        with self.news:
            self.chats.open_for(params.get("chat_id", ""), params.get("message_thread_id"))
        if params.get("action") not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True

    def do_get_chat(self, params: Json) -> Json:
        chat = self.chats.open_for(params.get("chat_id", ""))
        return chat.json() | {"accent_color_id": 0, "max_reaction_count": 0}
