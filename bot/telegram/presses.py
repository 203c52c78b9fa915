"""The handlers of the buttons under an answer, and of the corrections that one of them asks for."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from telegram import ForceReply, Update
from telegram.error import BadRequest

from bot import buttons, desk, wording
from bot.buttons import Action, Press
from bot.chatstate import Opened
from bot.feedback import MAX_CORRECTION_CHARS, Complaint, Feedback, Person, Rated, Rating
from bot.telegram.clerk import Clerk
from bot.telegram.post import amend, hand, patiently, rebutton, typing_while
from bot.telegram.shape import Context, lang_for, state_of
from bot.wording import Text
from retrieval.errors import NotFoundError, TakenDownError

log = logging.getLogger(__name__)

_MAX_ALERT: Final = 200  # characters over the chat that Telegram takes

# Buttons that send something about the quote they stand under.
_SHOWN: Final = {
    Action.NEAR: desk.surroundings,
    Action.FULL: desk.whole,
    Action.CITE: desk.reference,
}


class Presses:
    """What the buttons under an answer do."""

    def __init__(self, clerk: Clerk, feedback: Feedback) -> None:
        self._clerk = clerk
        self._feedback = feedback
        self._does: dict[Action, Callable[[Update, Context, Opened, Press], Awaitable[None]]] = {
            Action.PAGE: self._page,
            Action.DROP: self._drop,
            Action.UP: self._up,
            Action.DOWN: self._down,
            Action.WHY: self._why,
            Action.BACK: self._back,
        }

    async def pressed(self, update: Update, context: Context) -> None:
        """Do what a button says; say so where it, or the text it stands for, is gone."""
        query = update.callback_query
        press = buttons.read(query.data or "") if query else None
        if press is None or update.effective_chat is None:
            await tell(update, Text.EXPIRED, alert=True)
            return
        try:
            if press.action is Action.FIX:
                await self._ask_for_correction(update, context, press.key)
            elif shown := _SHOWN.get(press.action):
                await self._show(shown, update, context, press.key)
            elif opened := state_of(context).opened.get(press.key):
                await self._does[press.action](update, context, opened, press)
            else:
                await tell(update, Text.EXPIRED, alert=True)
        except TakenDownError as error:
            said = Text.TAKEN_DOWN_WHY if error.reason else Text.TAKEN_DOWN
            await tell(update, said, alert=True, reason=error.reason)
        except NotFoundError:
            await tell(update, Text.GONE, alert=True)

    async def _show(
        self, shown: Callable[..., desk.Reply], update: Update, context: Context, cite: str
    ) -> None:
        """Send what stands around a quote, its whole article, how to cite it."""
        reply = await typing_while(
            self._clerk.search(shown, cite, lang_for(update)), update, context
        )
        await tell(update)
        await hand(update, context, reply, to=_message(update))

    async def _page(self, update: Update, context: Context, opened: Opened, press: Press) -> None:
        """Turn the answer to another quote; it counts as shown."""
        n = int(press.more) if press.more.isdigit() else -1
        reply = await self._clerk.search(desk.turned, opened, n, lang_for(update))
        await tell(update)
        await _put(update, context, reply)
        state, cite = state_of(context), opened.quotes[n].cite
        talk = state.talk(opened.place)
        if talk.topic and cite not in talk.shown:
            state.keep(opened.place, replace(talk, shown=(*talk.shown, cite)))

    async def _drop(self, update: Update, context: Context, opened: Opened, press: Press) -> None:
        """Ask the question again without what was read of it."""
        if press.more not in dict(opened.readings):
            await tell(update, Text.EXPIRED, alert=True)
            return
        without = replace(opened, dropped=(*opened.dropped, press.more))
        state = state_of(context)
        work = functools.partial(desk.anew, manner=self._clerk.manner, lang=lang_for(update))
        searching = self._clerk.search(work, state.talk(opened.place), without)
        reply, conversation = await typing_while(searching, update, context)
        state.keep(opened.place, conversation)
        await tell(update)
        await _put(update, context, reply)

    async def _up(self, update: Update, context: Context, opened: Opened, _: Press) -> None:
        """Keep that an answer was good."""
        await self._rate(update, context, opened, Rating.UP)
        await tell(update, Text.RATED)

    async def _down(self, update: Update, context: Context, opened: Opened, _: Press) -> None:
        """Keep that an answer was bad, and ask why."""
        await self._rate(update, context, opened, Rating.DOWN)
        await tell(update, Text.WHY)
        await rebutton(
            update, context, buttons.why(opened, lang_for(update)), message=_message(update)
        )

    async def _why(self, update: Update, context: Context, opened: Opened, press: Press) -> None:
        """Keep what was wrong with an answer."""
        await self._rate(update, context, opened, Rating.DOWN, buttons.complaint(press))
        await tell(update, Text.RATED)

    async def _back(self, update: Update, context: Context, opened: Opened, _: Press) -> None:
        """Go back to the buttons under the answer."""
        await tell(update)
        await self._restore(update, context, opened)

    async def _rate(
        self,
        update: Update,
        context: Context,
        opened: Opened,
        rating: Rating,
        reason: Complaint | None = None,
    ) -> None:
        """Keep a rating, and mark its button."""
        cites = tuple(quote.cite for quote in opened.quotes)
        rated = Rated(opened.key, opened.question, opened.verdict, cites)
        await asyncio.to_thread(self._feedback.rate, _person(update), rated, rating, reason)
        marked = state_of(context).open(replace(opened, rating=rating))
        if rating is Rating.UP or reason:
            await self._restore(update, context, marked)

    async def _restore(self, update: Update, context: Context, opened: Opened) -> None:
        rows = buttons.under(opened, lang_for(update))
        await rebutton(update, context, rows, message=_message(update))

    async def _ask_for_correction(self, update: Update, context: Context, cite: str) -> None:
        """Ask for the corrected words, as a reply to the message that asks."""
        await self._clerk.search(desk.printed, cite)  # is it still there?
        await tell(update)
        lang = lang_for(update)
        prompt = ForceReply(
            selective=True, input_field_placeholder=wording.say(Text.FIX_HINT, lang)
        )
        said = desk.said(Text.FIX, lang)
        number = await hand(update, context, said, to=_message(update), markup=prompt)
        if number:
            state_of(context).await_correction(number, cite)

    async def written(self, update: Update, context: Context) -> None:
        """Take a typed message: as the correction that it replies with, else as a question."""
        if not await self._corrected(update, context):
            await self._clerk.question(update, context)

    async def _corrected(self, update: Update, context: Context) -> bool:
        """Put a correction on the list; returns whether the message was one."""
        message, state, lang = update.effective_message, state_of(context), lang_for(update)
        replied = message.reply_to_message if message else None
        cite = state.prompts.get(replied.message_id) if replied else None
        if message is None or replied is None or cite is None:
            return False
        text = desk.typed(message.text or "")
        if len(text) > MAX_CORRECTION_CHARS:
            reply = desk.said(Text.FIX_LONG, lang, max_chars=MAX_CORRECTION_CHARS)
            await hand(update, context, reply)
            return True
        await self._keep(_person(update), cite, text)
        del state.prompts[replied.message_id]
        await hand(update, context, desk.said(Text.FIX_THANKS, lang))
        return True

    async def _keep(self, person: Person, cite: str, text: str) -> None:
        """Keep a correction beside the quote as it is printed; one that is gone is still kept."""
        printed = ""
        with suppress(NotFoundError):
            printed = await self._clerk.search(desk.printed, cite)
        await asyncio.to_thread(self._feedback.correct, person, cite, printed, text)


async def tell(
    update: Update, text: Text | None = None, *, alert: bool = False, **facts: object
) -> None:
    """Answer a press, with a word or without; one too old to be answered is served all the same."""
    if query := update.callback_query:
        said = wording.say(text, lang_for(update), **facts)[:_MAX_ALERT] if text else None
        with suppress(BadRequest):
            await patiently(lambda: query.answer(said, show_alert=alert))


async def _put(update: Update, context: Context, reply: desk.Reply) -> None:
    """Put a reply into the message that was pressed, or send it where that cannot be."""
    if not await amend(update, context, reply, message=_message(update)):
        await hand(update, context, reply, to=_message(update))


def _message(update: Update) -> int:
    """The id of the message that was pressed."""
    return update.effective_message.message_id if update.effective_message else 0


def _person(update: Update) -> Person:
    chat, user = update.effective_chat, update.effective_user
    return Person(chat.id if chat else 0, user.id if user else 0)
