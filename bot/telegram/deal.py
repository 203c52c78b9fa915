"""Sending cards: messages with rows of buttons, pictures with a caption, pages turned in place."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, Final

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest

from bot.cards import Card, Rows
from bot.markup import plain, units
from bot.telegram.post import patiently
from bot.telegram.shape import Context

_MAX_CAPTION: Final = 1000  # UTF-16 code units under a picture; Telegram: 1024
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


async def deal(update: Update, context: Context, card: Card) -> None:
    """Send a card to where the update came from, its buttons under the last message.

    A caption that is too long for its picture follows it as a message.
    """
    if update.effective_chat is None:
        return
    bot, way = context.bot, _way(update)
    messages = list(card.messages)
    if card.picture:
        caption = messages.pop(0) if units(plain(messages[0])) <= _MAX_CAPTION else None
        keyboard = None if messages else _keyboard(card.rows)
        photo = functools.partial(bot.send_photo, photo=card.picture, **way)
        await _send(photo, caption, keyboard, under="caption")
    send = functools.partial(bot.send_message, link_preview_options=_NO_PREVIEW, **way)
    for n, html in enumerate(messages, 1):
        await _send(send, html, _keyboard(card.rows) if n == len(messages) else None)


async def turn(update: Update, card: Card) -> None:
    """Put a card in place of the message whose button was pressed."""
    message = update.callback_query.message if update.callback_query else None
    if not isinstance(message, Message):
        return  # too old to be changed
    edit = functools.partial(message.edit_text, link_preview_options=_NO_PREVIEW)
    try:
        await _send(edit, card.messages[0], _keyboard(card.rows))
    except BadRequest as error:
        if "not modified" not in str(error):  # the page that is shown was asked for again
            raise


def _way(update: Update) -> dict[str, Any]:
    """Where to: the chat and, in a group, the message replied to and its topic."""
    message, chat = update.effective_message, update.effective_chat
    way: dict[str, Any] = {"chat_id": chat.id if chat else 0}
    if isinstance(message, Message) and chat and chat.type != ChatType.PRIVATE:
        way["reply_parameters"] = ReplyParameters(
            message.message_id, allow_sending_without_reply=True
        )
        way["message_thread_id"] = message.message_thread_id if message.is_topic_message else None
    return way


async def _send(
    send: Callable[..., Awaitable[object]],
    html: str | None,
    keyboard: InlineKeyboardMarkup | None,
    *,
    under: str = "text",
) -> None:
    await patiently(lambda: send(**{under: html}, parse_mode=ParseMode.HTML, reply_markup=keyboard))


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=b.data) for b in row] for row in rows]
    )
