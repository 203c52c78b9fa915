"""What an update and its context are here, and what is read from them."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot import wording
from bot.desk import ChatState
from bot.wording import Lang

Bot = ExtBot[None]
Context = CallbackContext[Bot, dict[Any, Any], ChatState, dict[Any, Any]]
App = Application[Bot, Context, dict[Any, Any], ChatState, dict[Any, Any], Any]


def state_of(context: Context) -> ChatState:
    """Return what is remembered of the update's chat."""
    if context.chat_data is None:
        raise RuntimeError("an update without a chat came past the gate")
    return context.chat_data


def lang_for(update: Update) -> Lang:
    """Return the language to answer this reader in."""
    user = update.effective_user
    return wording.lang_of(user.language_code if user else None)
