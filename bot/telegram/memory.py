"""python-telegram-bot's persistence over the state file: chats are remembered over a restart."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from telegram.ext import BasePersistence, PersistenceInput

from bot.chatstate import ChatState, from_json, to_json
from bot.state import Store, StoreError
from bot.telegram.shape import App, Context

log = logging.getLogger(__name__)

UPDATE_S: Final = 1.0  # a program killed outright loses at most what happened since
_DAY_S: Final = 86_400.0
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS chats (chat INTEGER PRIMARY KEY, at REAL NOT NULL, state BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS veils (veil TEXT NOT NULL);
"""
_KEEP: Final = "INSERT OR REPLACE INTO chats VALUES (?, ?, ?)"
_DROP: Final = "DELETE FROM chats WHERE chat = ?"
_DROP_ALL: Final = "DELETE FROM chats"
_DROP_VEIL: Final = "DELETE FROM veils"
_VEIL: Final = "INSERT INTO veils VALUES (?)"

_Data = dict[Any, Any]


def forget(app: App, chat_id: int, user_id: int) -> int:
    """Forget what a person asked in a chat; returns how many conversations and answers that were.

    A chat with one person, whose id is that person's, is forgotten whole.
    """
    if chat_id not in app.chat_data:
        return 0
    gone = app.chat_data[chat_id].forget(0 if chat_id == user_id else user_id)
    app.mark_data_for_update_persistence(chat_ids=chat_id)
    return gone


async def forget_silent(context: Context) -> None:
    """Forget the chats that were silent for too long; a job for every hour or so."""
    app = context.application
    if isinstance(app.persistence, Memory):
        for chat in app.persistence.forget_silent():
            app.drop_chat_data(chat)


class Memory(BasePersistence[_Data, ChatState, _Data]):
    """What is remembered of chats, in the state file; a chat silent for ``days`` is forgotten.

    So are all chats when the take-down list, whose digest ``veil`` is, has changed: the line above
    an answer or the name that a follow-up leans on may be of what is hidden since.
    """

    def __init__(
        self, path: Path, *, days: int, veil: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        kept = PersistenceInput(bot_data=False, user_data=False, callback_data=False)
        super().__init__(store_data=kept, update_interval=UPDATE_S)
        self._store = Store.open(path, _SCHEMA)
        self._unveil(veil)
        self._days = days
        self._clock = clock
        self._changed: dict[int, ChatState] = {}  # not written yet
        self._writing = asyncio.Lock()

    async def get_chat_data(self) -> dict[int, ChatState]:
        """Return what is remembered; what is too old, or cannot be read, is forgotten."""
        self.forget_silent()
        found: dict[int, ChatState] = {}
        for chat, state in self._store.rows("SELECT chat, state FROM chats"):
            try:
                found[chat] = from_json(state)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                log.warning("what was remembered of a chat cannot be read (%s): forgotten", error)
                self._store.write(_DROP, [(chat,)])
        return found

    def forget_silent(self) -> list[int]:
        """Forget chats that were silent for too long; returns which."""
        before = self._clock() - self._days * _DAY_S
        silent = [
            chat for (chat,) in self._store.rows("SELECT chat FROM chats WHERE at < ?", (before,))
        ]
        self._store.write(_DROP, ((chat,) for chat in silent))
        return silent

    def _unveil(self, veil: str) -> None:
        """Forget what was said under another take-down list."""
        if (self._store.rows("SELECT veil FROM veils") or [("",)]) == [(veil,)]:
            return
        for statement, row in ((_DROP_ALL, ()), (_DROP_VEIL, ()), (_VEIL, (veil,))):
            self._store.write(statement, [row])

    async def update_chat_data(self, chat_id: int, data: ChatState) -> None:
        """Write down what is remembered of a chat, together with what else has changed."""
        self._changed[chat_id] = data
        async with self._writing:
            if self._changed:
                await self._write()

    async def drop_chat_data(self, chat_id: int) -> None:
        """Forget a chat."""
        await self.update_chat_data(chat_id, ChatState())

    async def flush(self) -> None:
        """Write down what is left and let go of the file."""
        async with self._writing:
            await self._write()
            self._store.close()

    async def _write(self) -> None:
        """Write down all that has changed; what cannot be written is tried again with the next."""
        changed, self._changed = self._changed, {}
        now = self._clock()
        gone = [(chat,) for chat, state in changed.items() if state.empty]
        kept = [(chat, now, to_json(state)) for chat, state in changed.items() if not state.empty]
        try:
            await asyncio.to_thread(self._store.write, _DROP, gone)
            await asyncio.to_thread(self._store.write, _KEEP, kept)
        except StoreError as error:
            log.error("the state file cannot be written (%s); trying again", error)
            self._changed = changed | self._changed

    # nothing else is remembered: what follows is the rest of what the library asks for

    async def get_bot_data(self) -> _Data:
        """Return nothing: there is none."""
        return {}

    async def get_user_data(self) -> dict[int, _Data]:
        """Return nothing: there is none."""
        return {}

    async def get_callback_data(self) -> None:
        """Return nothing: buttons carry what they mean."""

    async def get_conversations(self, name: str) -> dict[Any, object]:
        """Return nothing: conversations are the chats'."""
        return {}

    async def update_conversation(self, name: str, key: Any, new_state: object | None) -> None:  # noqa: ANN401 -- passed on
        """Keep nothing."""

    async def update_bot_data(self, data: _Data) -> None:
        """Keep nothing."""

    async def update_user_data(self, user_id: int, data: _Data) -> None:
        """Keep nothing."""

    async def update_callback_data(self, data: Any) -> None:  # noqa: ANN401 -- passed on
        """Keep nothing."""

    async def drop_user_data(self, user_id: int) -> None:
        """Keep nothing."""

    async def refresh_bot_data(self, bot_data: _Data) -> None:
        """Change nothing."""

    async def refresh_chat_data(self, chat_id: int, chat_data: ChatState) -> None:
        """Change nothing."""

    async def refresh_user_data(self, user_id: int, user_data: _Data) -> None:
        """Change nothing."""
