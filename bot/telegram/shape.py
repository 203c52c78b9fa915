"""What an update and its context are here, and what is read from them."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from bot import wording
from bot.chatstate import ChatState, Place
from bot.wording import Lang
from retrieval.records import Verdict

Bot = ExtBot[int]  # int: what the rate limiter may be told of a call
Context = CallbackContext[Bot, dict[Any, Any], ChatState, dict[Any, Any]]
App = Application[Bot, Context, dict[Any, Any], ChatState, dict[Any, Any], Any]

# What the update in hand was answered with, for whoever counts and logs; set by its handler.
VERDICT: Final[ContextVar[Verdict | None]] = ContextVar("VERDICT", default=None)


def state_of(context: Context) -> ChatState:
    """Return what is remembered of the update's chat."""
    if context.chat_data is None:
        raise RuntimeError("an update without a chat came past the gate")
    return context.chat_data


def place_of(update: Update) -> Place:
    """Return where an update is said and, in a group, by whom: each holds a conversation there."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None or chat.type == ChatType.PRIVATE:
        return 0, 0
    in_topic = isinstance(message, Message) and message.is_topic_message
    topic = message.message_thread_id if message and in_topic else None
    return topic or 0, user.id if user else 0


def lang_for(update: Update) -> Lang:
    """Return the language to answer this reader in."""
    user = update.effective_user
    return wording.lang_of(user.language_code if user else None)
