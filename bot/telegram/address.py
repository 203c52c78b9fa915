"""What is put to the bot, and what people in a group say to each other."""

from __future__ import annotations

import re
from typing import Final

from telegram import Message, Update
from telegram.constants import ChatType

from bot import desk
from bot.telegram.shape import Bot

_COMMAND: Final = re.compile(r"/\w+(?:@(\w+))?")
_ASK: Final = re.compile(r"/ask(?:@\w+)?(?=\s|$)", re.IGNORECASE)


def put_to_us(update: Update, bot: Bot) -> bool:
    """Whether somebody wants something of the bot: a private message, a command, a tap, a mention."""
    if update.callback_query or update.inline_query:
        return True
    message = update.message or update.edited_message
    return message is not None and (
        message.chat.type == ChatType.PRIVATE
        or _commands(message, bot)
        or _mentions(message, bot)
        or _replies(message, bot)
    )


def words_to_us(update: Update, bot: Bot) -> str | None:
    """Return the words put to the bot; ``None`` for what people in a group say to each other."""
    message = update.effective_message
    if not message or not message.text or not put_to_us(update, bot):
        return None
    if message.chat.type == ChatType.PRIVATE and not _ASK.match(message.text):
        return desk.typed(message.text)
    return desk.typed(_mention(bot).sub("", _ASK.sub("", message.text, count=1)))


def _commands(message: Message, bot: Bot) -> bool:
    """Whether it is a command of ours, or of no bot by name."""
    match = _COMMAND.match(message.text or "")
    return match is not None and (match[1] or bot.username).lower() == bot.username.lower()


def _mentions(message: Message, bot: Bot) -> bool:
    return _mention(bot).search(message.text or "") is not None


def _replies(message: Message, bot: Bot) -> bool:
    replied = message.reply_to_message
    by = replied.from_user if replied else None
    # A command that names another bot is not for us, even in reply to us.
    return by is not None and by.id == bot.id and not _COMMAND.match(message.text or "")


def _mention(bot: Bot) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(bot.username)}\b", re.IGNORECASE)
