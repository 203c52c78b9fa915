"""Sending: patiently, in order, and as plain text rather than not at all."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeVar

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot import wording
from bot.desk import Reply
from bot.markup import plain
from bot.telegram.shape import Context, lang_for, state_of
from bot.wording import Text

log = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSES_S: Final = (1.0, 3.0, 10.0)  # between attempts to send; a longer wait asked for is kept
_MAX_PAUSE_S: Final = 120.0
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


async def hand(update: Update, context: Context, reply: Reply) -> None:
    """Send a reply to where the update came from, its button under the last message."""
    message = update.effective_message
    chat = update.effective_chat
    if chat is None:
        return
    send = functools.partial(context.bot.send_message, chat.id, link_preview_options=_NO_PREVIEW)
    if isinstance(message, Message) and chat.type != ChatType.PRIVATE:
        to = ReplyParameters(message.message_id, allow_sending_without_reply=True)
        thread = message.message_thread_id if message.is_topic_message else None
        send = functools.partial(send, reply_parameters=to, message_thread_id=thread)
    for html in reply.messages[:-1]:
        await _send(send, html, None)
    await _send(send, reply.messages[-1], _button(reply, update, context))


def _button(reply: Reply, update: Update, context: Context) -> InlineKeyboardMarkup | None:
    if not reply.more:
        return None
    label = wording.say(Text.MORE_BUTTON, lang_for(update), n=len(reply.more))
    data = f"more:{state_of(context).shelve(reply.more)}"
    return InlineKeyboardMarkup.from_button(InlineKeyboardButton(label, callback_data=data))


async def _send(
    send: Callable[..., Awaitable[object]], html: str, button: InlineKeyboardMarkup | None
) -> None:
    """Send one message; as plain text rather than not at all."""
    try:
        await patiently(lambda: send(html, parse_mode=ParseMode.HTML, reply_markup=button))
    except BadRequest as error:
        if "parse" not in str(error).lower():
            raise
        log.error("the server could not read our HTML, sent as plain text: %s", error)
        await patiently(lambda: send(plain(html), reply_markup=button))


async def patiently(attempt: Callable[[], Awaitable[object]]) -> None:
    """Attempt until it works, waiting as long as the server asks; raises the last error."""
    for pause_s in _PAUSES_S:
        try:
            await attempt()
            return
        except BadRequest:
            raise  # a NetworkError by name only: trying again would not help
        except RetryAfter as error:
            wait_s = _seconds(error.retry_after) + 0.1
            if wait_s > _MAX_PAUSE_S:
                raise
        except NetworkError:
            wait_s = pause_s
        await asyncio.sleep(wait_s)
    await attempt()


async def typing_while(searching: Awaitable[T], update: Update, context: Context) -> T:
    """Return what was searched, showing the reader meanwhile that we are at it."""

    async def typing() -> None:
        with suppress(TelegramError):
            if chat := update.effective_chat:
                await context.bot.send_chat_action(chat.id, ChatAction.TYPING)

    return (await asyncio.gather(searching, typing()))[0]


def _seconds(period: float | timedelta) -> float:
    return period.total_seconds() if isinstance(period, timedelta) else period
