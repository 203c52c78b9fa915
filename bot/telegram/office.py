"""The admin's commands, in a private chat with an admin only; to others they do not exist."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any, Final

import msgspec
from telegram import BotCommand, BotCommandScopeChat, InputFile, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, RetryAfter, TelegramError
from telegram.ext import CommandHandler
from telegram.ext.filters import UpdateFilter

from bot import statusreport, wording
from bot.gate import Standing
from bot.rebuilding import Built, Failed, Step, rebuilt
from bot.telegram.service import Service
from bot.telegram.shape import App, Bot, Context, lang_for
from bot.wording import Door, Lang
from retrieval.errors import JiwenError

log = logging.getLogger(__name__)

EDIT_S: Final = 3.0  # between two edits of the progress; Telegram bears some twenty a minute
_LINK: Final = "https://t.me/{name}?start={code}"
_MENU: Final = {
    "status": Door.MENU_STATUS,
    "rebuild": Door.MENU_REBUILD,
    "reload": Door.MENU_RELOAD,
    "feedback": Door.MENU_FEEDBACK,
    "block": Door.MENU_BLOCK,
    "unblock": Door.MENU_UNBLOCK,
    "invite": Door.MENU_INVITE,
}

Export = Callable[[], Iterable[Mapping[str, Any]]]


class _FromAdmin(UpdateFilter):
    """What an admin writes in a private chat."""

    def __init__(self, is_admin: Callable[[int | None], bool]) -> None:
        super().__init__()
        self._is_admin = is_admin

    def filter(self, update: Update) -> bool:
        """Whether it is a new message of that kind."""
        message = update.message
        if message is None or message.from_user is None:
            return False
        return message.chat.type == ChatType.PRIVATE and self._is_admin(message.from_user.id)


class Office:
    """The admin's commands. ``feedback`` gives what readers thought, a JSON object a line."""

    def __init__(self, service: Service, feedback: Export = tuple) -> None:
        self._service = service
        self._feedback = feedback
        self._rebuild: asyncio.Task[None] | None = None

    def attach(self, app: App) -> None:
        """Add the commands to the application."""
        admins = _FromAdmin(self._service.gatekeeper.is_admin)
        handlers: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
            "status": self.status,
            "rebuild": self.rebuild,
            "reload": self.reload,
            "feedback": self.feedback,
            "block": self.block,
            "unblock": self.unblock,
            "invite": self.invite,
        }
        for name, handler in handlers.items():
            app.add_handler(CommandHandler(name, handler, filters=admins))

    async def present(self, bot: Bot, menu: Iterable[BotCommand]) -> None:
        """Show the admins their commands beside everybody's ``menu``."""
        for user in self._service.gatekeeper.admins():
            own = [BotCommand(name, wording.say(entry)) for name, entry in _MENU.items()]
            with suppress(TelegramError):  # the admin has never written to the bot
                await bot.set_my_commands([*menu, *own], BotCommandScopeChat(user))

    async def close(self) -> None:
        """End a rebuild that is under way."""
        if self._rebuild:
            self._rebuild.cancel()
            await asyncio.gather(self._rebuild, return_exceptions=True)

    async def status(self, update: Update, _: Context) -> None:
        """Say how the bot is doing."""
        service = self._service
        known, lang = service.roster.known, lang_for(update)
        await _reply(update, statusreport.status(service.shelf, service.figures, known, lang))

    async def reload(self, update: Update, _: Context) -> None:
        """Open the index again, with the settings as they are now."""
        lang, started = lang_for(update), time.monotonic()
        try:
            await self._service.renew()
        except JiwenError as error:
            await _reply(update, wording.say(Door.RELOAD_FAILED, lang, why=error))
            return
        ms = round((time.monotonic() - started) * 1000)
        generation = self._service.shelf.generation or wording.say(Door.UNKNOWN, lang)
        await _reply(update, wording.say(Door.RELOADED, lang, generation=generation, ms=ms))

    async def rebuild(self, update: Update, _: Context) -> None:
        """Rebuild the index beside the bot; tells how far it is."""
        lang = lang_for(update)
        if not self._service.shelf.upkeep.command:
            await _reply(update, wording.say(Door.NO_UPKEEP, lang))
        elif self._rebuild and not self._rebuild.done():
            await _reply(update, wording.say(Door.REBUILD_BUSY, lang))
        else:
            shown = await _reply(update, wording.say(Door.REBUILDING, lang))
            # Not in the lane of this chat: the admin goes on asking meanwhile.
            self._rebuild = asyncio.create_task(self._follow(shown, lang))

    async def feedback(self, update: Update, _: Context) -> None:
        """Send what readers thought, as a file."""
        lang, message = lang_for(update), update.effective_message
        lines = await asyncio.to_thread(
            lambda: [msgspec.json.encode(said) for said in self._feedback()]
        )
        if not lines or message is None:
            await _reply(update, wording.say(Door.FEEDBACK_NONE, lang))
            return
        file = InputFile(b"\n".join(lines) + b"\n", filename="feedback.jsonl")
        caption = wording.say(Door.FEEDBACK_SENT, lang, n=len(lines))
        await message.reply_document(file, caption=caption)

    async def block(self, update: Update, context: Context) -> None:
        """Block a reader."""
        await self._set_blocked(update, context, blocked=True)

    async def unblock(self, update: Update, context: Context) -> None:
        """Unblock a reader."""
        await self._set_blocked(update, context, blocked=False)

    async def invite(self, update: Update, context: Context) -> None:
        """Give out a code that lets one person in; ``/invite admin``: as an admin."""
        admin = (context.args or [""])[0].lower() == "admin"
        code = self._service.roster.invite(
            Standing.ADMIN if admin else Standing.READER, time.time()
        )
        key = Door.INVITED_ADMIN if admin else Door.INVITED
        link = _LINK.format(name=context.bot.username, code=code)
        await _reply(update, wording.say(key, lang_for(update), code=code, link=link))

    async def _set_blocked(self, update: Update, context: Context, *, blocked: bool) -> None:
        lang, words = lang_for(update), context.args or [""]
        if not (words[0].isascii() and words[0].isdigit() and len(words[0]) <= 18):
            command = "block" if blocked else "unblock"
            await _reply(update, wording.say(Door.WHICH_USER, lang, command=command))
            return
        user = int(words[0])
        if blocked and self._service.gatekeeper.is_admin(user):
            await _reply(update, wording.say(Door.NOT_ADMINS, lang, user=user))
            return
        self._service.roster.block(user, blocked=blocked)
        log.warning("user %d is %s", user, "blocked" if blocked else "no longer blocked")
        await _reply(
            update, wording.say(Door.BLOCKED if blocked else Door.UNBLOCKED, lang, user=user)
        )

    async def _follow(self, shown: Message, lang: Lang) -> None:
        """Run the rebuild, edit its progress at a decent pace, and use what came of it."""
        edited = time.monotonic()
        async with aclosing(rebuilt(self._service.shelf.upkeep.command)) as told:
            async for news in told:
                if not isinstance(news, Step):
                    await _edit(shown, await self._concluded(news, lang), tries=3)
                elif time.monotonic() - edited >= EDIT_S:
                    edited = time.monotonic()
                    await _edit(shown, statusreport.step(news, lang))

    async def _concluded(self, news: Built | Failed, lang: Lang) -> str:
        """Use what was built; returns what to say of it."""
        try:
            if isinstance(news, Built) and self._service.shelf.outdated():
                await self._service.renew()
        except JiwenError as error:
            news = Failed(str(error))
        if isinstance(news, Failed):
            log.error("the rebuild failed, the index before stays in use: %s", news.why)
        return statusreport.outcome(news, self._service.shelf.generation, lang)


async def _reply(update: Update, text: str) -> Message:
    if update.effective_message is None:
        raise RuntimeError("a command without a message")
    return await update.effective_message.reply_text(text)


async def _edit(shown: Message, text: str, tries: int = 1) -> None:
    """Edit our message; what cannot be edited is logged, progress that fails is simply late."""
    for left in reversed(range(tries)):
        try:
            await shown.edit_text(text)
            return
        except BadRequest:
            return  # it reads so already, or is gone
        except TelegramError as error:
            if left:
                await asyncio.sleep(_pause_s(error))
            else:
                log.info("progress could not be shown: %s", error)


def _pause_s(error: TelegramError) -> float:
    """How long to wait before the next try: as long as the server asks, or a second."""
    if not isinstance(error, RetryAfter):
        return 1.0
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else asked
