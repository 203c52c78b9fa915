"""The one gate that every update passes before anything else sees it."""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from telegram import InlineQueryResultsButton, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import ApplicationHandlerStop

from bot import wording
from bot.desk import Reply
from bot.figures import Figures
from bot.gate import Drawn, Meter, Rules, Ruling, Standing, admitted, is_admin
from bot.markup import escape
from bot.roster import Roster
from bot.telegram.address import put_to_us
from bot.telegram.post import hand
from bot.telegram.shape import Context, lang_for
from bot.wording import Door

log = logging.getLogger(__name__)

LATE_S: Final = 3600.0  # who asked longer ago has long put the phone away
_PAIR: Final = re.compile(r"/(?:pair|start)(?:@\w+)?(?:\s+(\S+))?\s*$")
_PAIR_COST: Final = 5.0  # tokens: a minute holds a handful of guesses at 72 bits
_INLINE_COST: Final = 0.25  # tokens: typing one question sends several queries
_TELL_AGAIN_S: Final = 3600.0  # a stranger, or a chat with late messages, is told once an hour
_TOLD_MAX: Final = 10_000  # entries; then those long past are dropped
_SAYINGS: Final = {
    Ruling.STRANGER: Door.PAIR_NEEDED,
    Ruling.TOO_FAST: Door.TOO_FAST,
    Ruling.TOO_BUSY: Door.TOO_BUSY,
    Ruling.LATE: Door.LATE,
}


async def _nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Gatekeeper:
    """Rules on every update: who sent it, how much they asked lately, how old it is."""

    rules: Rules
    roster: Roster
    figures: Figures
    meter: Meter
    on_admin: Callable[[], Awaitable[None]] = _nothing
    clock: Callable[[], float] = time.time
    _told: dict[tuple[int, Ruling], float] = field(default_factory=dict)

    def is_admin(self, user_id: int | None) -> bool:
        """Whether this user runs the bot."""
        return is_admin(self.rules, self.roster.known, user_id)

    def admins(self) -> frozenset[int]:
        """Return who runs the bot."""
        return self.rules.admins | self.roster.known.admins

    async def gate(self, update: Update, context: Context) -> None:
        """Let the update pass, or stop it here, whatever it is.

        1. a code is looked at whoever brings it; 2. who is not admitted goes no further; 3. what is
        put to the bot takes from the limits; the rest costs nothing and is answered by nothing.
        """
        user = update.effective_user
        user_id = user.id if user else None
        drawn = Drawn(admitted(self.rules, self.roster.known, user_id))
        if user_id is not None and drawn.ruling is not Ruling.BLOCKED and _brings_code(update):
            await self._pair(update, context, user_id)
            raise ApplicationHandlerStop
        if (
            user_id is not None
            and drawn.ruling is Ruling.WELCOME
            and put_to_us(update, context.bot)
        ):
            drawn = self._drawn(update, user_id)
        self.figures.ruled(drawn.ruling)
        if drawn.ruling is Ruling.WELCOME:
            return
        log.info(
            "turned away update %d: %s",
            update.update_id,
            drawn.ruling.value,
            extra={"update": update.update_id, "ruling": drawn.ruling.value},
        )
        if user_id is not None and self._worth_saying(update, user_id, drawn):
            await _say(update, context, _SAYINGS[drawn.ruling], seconds=math.ceil(drawn.wait_s))
        raise ApplicationHandlerStop

    def _drawn(self, update: Update, user_id: int) -> Drawn:
        """Whether what is put to the bot is answered now; a late message costs nothing."""
        now = self.clock()
        if _age_s(update, now) > LATE_S:
            return Drawn(Ruling.LATE)
        cost = _INLINE_COST if update.inline_query else 1.0
        return self.meter.draw(user_id, now, cost)

    async def _pair(self, update: Update, context: Context, user_id: int) -> None:
        """Let in who brings a right code; a wrong one is told to those whom codes are for."""
        drawn = self.meter.draw(user_id, self.clock(), _PAIR_COST)
        self.figures.ruled(drawn.ruling)
        if drawn.ruling is not Ruling.WELCOME:
            return
        code = _code(update)
        standing = self.roster.pair(code, user_id, self.clock()) if code else None
        if standing is None:
            if self._answers_strangers() or self._known(user_id):
                await _say(update, context, Door.PAIR_WRONG if code else Door.PAIR_EMPTY)
            return
        log.warning("user %d came in by a code, as %s", user_id, standing.value)
        if standing is Standing.ADMIN:
            await self.on_admin()
        await _say(
            update, context, Door.PAIRED_ADMIN if standing is Standing.ADMIN else Door.PAIRED
        )

    def _worth_saying(self, update: Update, user_id: int, drawn: Drawn) -> bool:
        """Whether to say why: never to the blocked, and the same only once while it holds."""
        if drawn.ruling not in _SAYINGS:
            return False
        if drawn.ruling is Ruling.STRANGER and not (
            self._answers_strangers() and (_private(update) or update.inline_query)
        ):
            return False
        if update.inline_query or update.callback_query:
            return True  # answers to these disturb nobody, and a button waits for one
        now, key = self.clock(), (user_id, drawn.ruling)
        if self._told.get(key, 0.0) > now:
            return False
        if len(self._told) > _TOLD_MAX:
            self._told = {k: until for k, until in self._told.items() if until > now}
        self._told[key] = now + (drawn.wait_s or _TELL_AGAIN_S)
        return True

    def _answers_strangers(self) -> bool:
        """Whether strangers are told how to come in; an allow-list says nothing to anybody."""
        return self.rules.access.value == "paired"

    def _known(self, user_id: int) -> bool:
        return admitted(self.rules, self.roster.known, user_id) is Ruling.WELCOME


def _brings_code(update: Update) -> bool:
    """Whether it is ``/pair`` or a link with a code, in a private chat."""
    message = update.message
    match = _PAIR.match(message.text or "") if message else None
    return bool(match and _private(update) and (match[1] or (match[0].startswith("/pair"))))


def _code(update: Update) -> str:
    match = _PAIR.match(update.message.text or "") if update.message else None
    return (match[1] or "") if match else ""


def _private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE


def _age_s(update: Update, now: float) -> float:
    """How long ago a message was written; other updates do not say."""
    message = update.message or update.edited_message
    if not isinstance(message, Message):
        return 0.0
    written: datetime = message.edit_date or message.date
    return now - written.timestamp()


async def _say(update: Update, context: Context, key: Door, **facts: object) -> None:
    """Say it the way the update can be answered: a message, an alert, a line above inline results."""
    text = wording.say(key, lang_for(update), **facts)
    with suppress(BadRequest):  # a tap or query too old to be answered
        if update.inline_query:
            button = InlineQueryResultsButton(text[:64], start_parameter="inline")
            await update.inline_query.answer([], cache_time=1, is_personal=True, button=button)
        elif update.callback_query:
            await update.callback_query.answer(text[:200], show_alert=True)
        else:
            await hand(update, context, Reply((escape(text),)))
