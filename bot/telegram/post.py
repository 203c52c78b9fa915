"""Sending: patiently, in order, and as plain text rather than not at all.

A server that asks us to wait is obeyed by python-telegram-bot's rate limiter, for every method.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import httpx
from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot import buttons
from bot.buttons import Rows
from bot.chatstate import Opened
from bot.desk import Reply
from bot.leaves import Document
from bot.markup import plain
from bot.telegram.shape import Context, lang_for, state_of

log = logging.getLogger(__name__)

T = TypeVar("T")
Markup = InlineKeyboardMarkup | ForceReply | None

_PAUSES_S: Final = (1.0, 3.0, 10.0)  # between attempts while the server does not answer
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


async def hand(
    update: Update,
    context: Context,
    reply: Reply,
    *,
    to: int | None = None,
    markup: ForceReply | None = None,
) -> int:
    """Send a reply to where the update came from, its buttons under the last message.

    ``to`` is the message it answers; in groups it always answers one. Returns the id of the last
    message sent, 0 where it is not known.
    """
    if update.effective_chat is None:
        return 0
    where, state = way_to(update, to), state_of(context)
    opened = state.open(reply.opened) if reply.opened else None
    last: Message | None = None
    for n, html in enumerate(reply.messages, 1):
        under: Markup = None
        if n == len(reply.messages):
            under = keyboard(buttons.under(opened, lang_for(update))) if opened else markup
        send = functools.partial(
            context.bot.send_message, link_preview_options=_NO_PREVIEW, **where
        )
        last = await send_html(send, html, under)
    if reply.document:
        last = await _send_file(context, reply.document, where)
    number = last.message_id if last else 0
    state.latest = max(state.latest, number, _heard(update))
    if opened and number:
        state.open(_placed(opened, number))
    return number


async def amend(update: Update, context: Context, reply: Reply, *, message: int) -> bool:
    """Put a reply into a message of ours; returns whether it could be.

    Only one that fits one message can; the answer it opens is remembered either way.
    """
    chat, state = update.effective_chat, state_of(context)
    if chat is None or len(reply.messages) != 1 or reply.document:
        return False
    opened = state.open(_placed(reply.opened, message)) if reply.opened else None
    rows = buttons.under(opened, lang_for(update)) if opened else ()
    edit = functools.partial(
        context.bot.edit_message_text,
        chat_id=chat.id,
        message_id=message,
        link_preview_options=_NO_PREVIEW,
    )
    try:
        await send_html(edit, reply.messages[0], keyboard(rows))
    except BadRequest as error:
        return "not modified" in str(error).lower()
    return True


async def rebutton(update: Update, context: Context, rows: Rows, *, message: int) -> None:
    """Put other buttons under a message of ours; one that is gone needs none."""
    if chat := update.effective_chat:
        change = functools.partial(
            context.bot.edit_message_reply_markup,
            chat_id=chat.id,
            message_id=message,
            reply_markup=keyboard(rows),
        )
        with suppress(BadRequest):
            await patiently(change)


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """The rows as Telegram takes them."""
    made = [[InlineKeyboardButton(b.label, callback_data=b.data) for b in row] for row in rows]
    return InlineKeyboardMarkup(made) if made else None


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T | None:
    """What the attempt returns; tried again while the server cannot be reached or fails.

    ``None`` where it was heard but did not answer in time: it most likely did as it was told, and
    a reader would get everything twice. Raises the last error.
    """
    for pause_s in _PAUSES_S:
        try:
            return await attempt()
        except (BadRequest, RetryAfter):
            raise  # trying again would not help, or was done already
        except NetworkError as error:
            if isinstance(error.__cause__, httpx.ReadTimeout):
                log.warning("the server took a message and did not say so in time; not sent again")
                return None
        await asyncio.sleep(pause_s)
    return await attempt()


async def typing_while(searching: Awaitable[T], update: Update, context: Context) -> T:
    """Return what was searched, showing the reader meanwhile that we are at it."""

    async def typing() -> None:
        with suppress(TelegramError):
            if chat := update.effective_chat:
                thread = _thread(update)
                await context.bot.send_chat_action(
                    chat.id, ChatAction.TYPING, message_thread_id=thread
                )

    return (await asyncio.gather(searching, typing()))[0]


async def send_html(
    send: Callable[..., Awaitable[Any]], html: str, markup: Markup
) -> Message | None:
    """Send or edit one message; as plain text rather than not at all."""
    try:
        sent = await patiently(
            lambda: send(text=html, parse_mode=ParseMode.HTML, reply_markup=markup)
        )
    except BadRequest as error:
        if "parse" not in str(error).lower():
            raise
        log.error("the server could not read our HTML, sent as plain text: %s", error)
        sent = await patiently(lambda: send(text=plain(html), reply_markup=markup))
    return sent if isinstance(sent, Message) else None


async def _send_file(context: Context, document: Document, where: dict[str, Any]) -> Message | None:
    """Send a text file."""
    return await patiently(
        lambda: context.bot.send_document(
            document=InputFile(document.content, document.name), caption=document.caption, **where
        )
    )


def way_to(update: Update, to: int | None) -> dict[str, Any]:
    """Chat, topic and the message that is answered, as each method of sending takes them."""
    chat, message = update.effective_chat, update.effective_message
    where: dict[str, Any] = {"chat_id": chat.id if chat else 0}
    if chat and chat.type != ChatType.PRIVATE:
        where["message_thread_id"] = _thread(update)
        to = to or (message.message_id if message else None)
    if to:
        where["reply_parameters"] = ReplyParameters(to, allow_sending_without_reply=True)
    return where


def _thread(update: Update) -> int | None:
    """The topic of a group that an update is said in."""
    message = update.effective_message
    in_topic = isinstance(message, Message) and message.is_topic_message
    return message.message_thread_id if message and in_topic else None


def _heard(update: Update) -> int:
    """The id of a reader's message."""
    message = update.message
    return message.message_id if message else 0


def _placed(opened: Opened, message: int) -> Opened:
    """The answer with the message it stands in."""
    return dataclasses.replace(opened, message=message)
