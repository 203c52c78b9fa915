"""Sending cards: messages with rows of buttons, pictures with a caption, pages turned in place."""

from __future__ import annotations

import functools
from typing import Final

from telegram import LinkPreviewOptions, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.cards import Card
from bot.markup import plain, units
from bot.telegram.post import keyboard, patiently, send_html, way_to
from bot.telegram.shape import Context, state_of

_MAX_CAPTION: Final = 1000  # UTF-16 code units under a picture; Telegram: 1024
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


async def deal(update: Update, context: Context, card: Card) -> None:
    """Send a card to where the update came from, its buttons under the last message.

    A caption that is too long for its picture follows it as a message.
    """
    if update.effective_chat is None:
        return
    way, messages = way_to(update, None), list(card.messages)
    last: Message | None = None
    if card.picture:
        caption = messages.pop(0) if units(plain(messages[0])) <= _MAX_CAPTION else None
        send = functools.partial(
            context.bot.send_photo,
            photo=card.picture,
            caption=caption,
            parse_mode=ParseMode.HTML,
            reply_markup=None if messages else keyboard(card.rows),
            **way,
        )
        last = await patiently(send)
    write = functools.partial(context.bot.send_message, link_preview_options=_NO_PREVIEW, **way)
    for n, html in enumerate(messages, 1):
        last = await send_html(write, html, keyboard(card.rows) if n == len(messages) else None)
    state = state_of(context)
    state.latest = max(state.latest, last.message_id if last else 0)


async def turn(update: Update, card: Card) -> None:
    """Put a card in place of the message whose button was pressed."""
    message = update.callback_query.message if update.callback_query else None
    if not isinstance(message, Message):
        return  # too old to be changed
    edit = functools.partial(message.edit_text, link_preview_options=_NO_PREVIEW)
    try:
        await send_html(edit, card.messages[0], keyboard(card.rows))
    except BadRequest as error:
        if "not modified" not in str(error):  # the page that is shown was asked for again
            raise
