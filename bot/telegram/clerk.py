"""The handlers: what people want, and what they are handed."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeVar

from telegram import Update
from telegram.error import Conflict, Forbidden, NetworkError, TelegramError

from bot import desk
from bot.access import BotSettings
from bot.chatstate import ChatState
from bot.conversation import Conversation
from bot.dialog import Manner
from bot.questions import MAX_QUESTIONS, left_over, questions
from bot.shelf import Shelf
from bot.telegram.address import words_to_us
from bot.telegram.post import amend, hand, typing_while
from bot.telegram.shape import VERDICT, Context, lang_for, place_of, state_of
from bot.wording import Text

log = logging.getLogger(__name__)

T = TypeVar("T")

_FRESH: Final = (Text.START, Text.NEW)  # these begin a new conversation


class Clerk:
    """The handlers of what readers write: what they want, and what they are handed."""

    def __init__(self, shelf: Shelf, settings: BotSettings, pool: ThreadPoolExecutor) -> None:
        self._shelf = shelf
        self.pool = pool
        self.settings = settings
        forget_s = 60.0 * settings.forget_after_min
        self.manner = Manner(settings.k, shown=1, forget_s=forget_s)

    async def fixed(self, text: Text, update: Update, context: Context) -> None:
        """Send a fixed text."""
        if text in _FRESH:
            state_of(context).keep(place_of(update), Conversation.start())
        await hand(update, context, desk.said(text, lang_for(update)))

    async def question(self, update: Update, context: Context) -> None:
        """Answer a typed message, each question in it; in a group only what is put to the bot."""
        text = words_to_us(update, context.bot)
        if text is None:
            return
        several = questions(text)
        if len(several) == 1:
            await self._answer(update, context, text)
            return
        for part in several[:MAX_QUESTIONS]:
            await self._answer(update, context, part, one_of_several=True)
        if left := left_over(several):
            facts = {"most": MAX_QUESTIONS, "n": left}
            await hand(update, context, desk.said(Text.TOO_MANY, lang_for(update), **facts))

    async def _answer(
        self, update: Update, context: Context, text: str, *, one_of_several: bool = False
    ) -> None:
        """Answer one question; one that was edited in the place of its last answer."""
        lang, asked = lang_for(update), _number(update)
        to = asked if one_of_several or update.edited_message else None
        if kind_word := desk.without_search(text, lang, self.settings.max_question_chars):
            await hand(update, context, kind_word, to=to)
            return
        reply = await self._searched(update, context, text)
        reply = desk.one_of_several(reply, text, lang) if one_of_several else reply
        if reply.opened:
            opened = replace(reply.opened, place=place_of(update), asked=asked)
            reply = replace(reply, opened=opened)
        earlier = None if one_of_several else _last_answer(update, state_of(context))
        if earlier and await amend(update, context, reply, message=earlier):
            return
        await hand(update, context, reply, to=to)

    async def _searched(self, update: Update, context: Context, text: str) -> desk.Reply:
        """What the archive says; the conversation goes on from there."""
        state, place, asked = state_of(context), place_of(update), _number(update)
        edited = update.edited_message is not None
        before = state.talk_before(place, asked) if edited else state.talk(place)
        work = functools.partial(desk.answered, manner=self.manner, lang=lang_for(update))
        searching = self.search(work, before, text)
        reply, conversation = await typing_while(searching, update, context)
        state.keep(place, conversation)
        state.before[place] = (asked, before)
        VERDICT.set(reply.verdict)
        return reply

    async def cite(self, update: Update, context: Context) -> None:
        """Show the quote of a citation code once more."""
        match = context.matches[0] if context.matches else None
        if match and (match[2] or context.bot.username) == context.bot.username:
            reply = await self.search(desk.cited, match[1], lang_for(update))
            await hand(update, context, reply)

    def search(self, work: Callable[..., T], *args: object) -> Awaitable[T]:
        """Return what the work finds in the archive as it is now, done in a thread."""
        return asyncio.get_running_loop().run_in_executor(
            self.pool, functools.partial(work, self._shelf.archive, *args)
        )


async def on_error(update: object, context: Context) -> None:
    """Log first, then say one calm sentence to whoever was waiting."""
    error = context.error
    if isinstance(error, Conflict):
        log.error("another program uses the same token, stop one of them: %s", error)
        return  # both are tried again and again, and neither is lost
    if not isinstance(update, Update):
        if not isinstance(error, NetworkError):  # of which the line has said what there is to say
            log.error("something went wrong beside the updates", exc_info=error)
        return
    if isinstance(error, Forbidden):
        log.info("update %d: the reader has blocked the bot", update.update_id)
        return
    log.error("update %d could not be answered", update.update_id, exc_info=error)
    with suppress(TelegramError):
        await hand(update, context, desk.said(Text.FAILURE, lang_for(update)))


def _number(update: Update) -> int:
    """The id of the message of an update."""
    return update.effective_message.message_id if update.effective_message else 0


def _last_answer(update: Update, state: ChatState) -> int | None:
    """Our answer to a message that was edited, where nothing was said in the chat since."""
    edited = update.edited_message
    answers = [
        one.message
        for one in state.opened.values()
        if edited and one.asked == edited.message_id and one.message == state.latest
    ]
    return answers[-1] if answers and answers[-1] else None
