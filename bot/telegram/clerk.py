"""The handlers: what people want, and what they are handed."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, TelegramError

from bot import desk, wording
from bot.access import BotSettings
from bot.conversation import Conversation, seen
from bot.desk import Archive
from bot.dialog import Manner
from bot.shelf import Shelf
from bot.telegram.address import words_to_us
from bot.telegram.post import hand, typing_while
from bot.telegram.shape import VERDICT, Context, lang_for, place_of, state_of
from bot.wording import Text

log = logging.getLogger(__name__)

T = TypeVar("T")

_FRESH: Final = (Text.START, Text.NEW)  # these begin a new conversation
_MORE: Final = re.compile(r"^more:([0-9a-f]{16})$")


class Clerk:
    """The handlers: what people want, and what they are handed."""

    def __init__(self, shelf: Shelf, settings: BotSettings, pool: ThreadPoolExecutor) -> None:
        self._shelf = shelf
        self._pool = pool
        self.settings = settings
        forget_s = 60.0 * settings.forget_after_min
        self._manner = Manner(settings.k, shown=1, forget_s=forget_s)

    @property
    def _archive(self) -> Archive:
        """The archive in use now; a question keeps the one it began with."""
        return self._shelf.archive

    async def fixed(self, text: Text, update: Update, context: Context) -> None:
        """Send a fixed text."""
        if text in _FRESH:
            state_of(context).keep(place_of(update), Conversation.start())
        await hand(update, context, desk.said(text, lang_for(update)))

    async def question(self, update: Update, context: Context) -> None:
        """Answer a typed question; in a group only one that is put to the bot."""
        text = words_to_us(update, context.bot)
        if text is None:
            return
        lang = lang_for(update)
        if kind_word := desk.without_search(text, lang, self.settings.max_question_chars):
            await hand(update, context, kind_word)
            return
        state, place = state_of(context), place_of(update)
        work = functools.partial(desk.answered, manner=self._manner, lang=lang)
        searching = self.search(work, self._archive, state.talk(place), text)
        reply, conversation = await typing_while(searching, update, context)
        state.keep(place, conversation)
        VERDICT.set(reply.verdict)
        await hand(update, context, reply)

    async def more(self, update: Update, context: Context) -> None:
        """Show the quotes behind a button and take the button away."""
        query = update.callback_query
        match = _MORE.match(query.data or "") if query else None
        quotes = (
            state_of(context).shelves.get(match[1]) if match and update.effective_chat else None
        )
        if not query or not match or not quotes:
            await _expired(update)
            return
        with suppress(BadRequest):  # too old to be answered, but not to be served
            await query.answer()
        reply = await self.search(desk.further, self._archive, quotes, lang_for(update))
        await hand(update, context, reply)
        state, place = state_of(context), place_of(update)
        state.keep(place, seen(state.talk(place), quotes))
        state.shelves.pop(match[1], None)
        with suppress(BadRequest):  # the message is gone
            await query.edit_message_reply_markup(None)

    async def cite(self, update: Update, context: Context) -> None:
        """Show the quote of a citation code once more."""
        match = context.matches[0] if context.matches else None
        if match and (match[2] or context.bot.username) == context.bot.username:
            reply = await self.search(desk.cited, self._archive, match[1], lang_for(update))
            await hand(update, context, reply)

    def search(self, work: Callable[..., T], *args: object) -> Awaitable[T]:
        """Return the work done in a thread of the pool."""
        return asyncio.get_running_loop().run_in_executor(
            self._pool, functools.partial(work, *args)
        )


async def on_error(update: object, context: Context) -> None:
    """Log first, then say one calm sentence to whoever was waiting."""
    error = context.error
    if isinstance(error, Conflict):
        log.error("another program uses the same token: %s", error)
    if not isinstance(update, Update):
        return  # polling: the line has said what there is to say
    if isinstance(error, Forbidden):
        log.info("update %d: the reader has blocked the bot", update.update_id)
        return
    log.error("update %d could not be answered", update.update_id, exc_info=error)
    with suppress(TelegramError):
        await hand(update, context, desk.said(Text.FAILURE, lang_for(update)))


async def _expired(update: Update) -> None:
    if update.callback_query:
        text = wording.say(Text.EXPIRED, lang_for(update))
        with suppress(BadRequest):
            await update.callback_query.answer(text, show_alert=True)
