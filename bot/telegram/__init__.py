"""The Telegram bot; only this package imports ``telegram``.

An update's way: arrivals (written down, once) → lane (in order in its chat) → gate (may this user?)
→ clerk → ``bot.desk`` in a thread → post.
"""

from __future__ import annotations

import functools
import logging
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Final

from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    AIORateLimiter,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot import logs, wording
from bot.access import BotSettings, guard_logs
from bot.chatstate import ChatState
from bot.feedback import Feedback
from bot.lanes import Lanes
from bot.library import Archive
from bot.shelf import Shelf, Upkeep
from bot.telegram.clerk import Clerk, on_error
from bot.telegram.inline import Inline
from bot.telegram.library import MENU, Librarian
from bot.telegram.line import MAX_CONCURRENT, InOrder, Line, Polling
from bot.telegram.memory import Memory, forget_silent
from bot.telegram.office import Office
from bot.telegram.presses import Presses
from bot.telegram.service import Service
from bot.telegram.shape import App
from bot.wording import Door, Lang, Text
from retrieval.errors import JiwenError, SettingsError

__all__ = ["run"]

log = logging.getLogger(__name__)

ALLOWED_UPDATES: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
)
_NO_UPKEEP: Final = Upkeep()
COMMANDS: Final = {
    "start": (Text.START, Text.MENU_START),
    "help": (Text.HELP, Text.MENU_HELP),
    "about": (Text.ABOUT, Text.MENU_ABOUT),
    "new": (Text.NEW, Text.MENU_NEW),
}
ALIASES: Final = {"reset": Text.NEW}  # understood, but not in the menu
# A group takes 20 messages a minute from a bot; an answer is two calls, that we are typing and it.
# There is no limit on all chats together: a server that is asked too much says how long to wait.
_GROUP_RATE: Final = 40
_TIDY_S: Final = 3600.0  # between two looks for chats that were silent for too long
_RETRIES: Final = 5  # of a call that the server put off
READ_S: Final = 20.0  # until a call that was heard counts as done; Telegram answers within a second
_CITE: Final = re.compile(r"^/c_([A-Za-z0-9_]{1,60})(?:@(\w+))?\s*$")


def run(
    open_archive: Callable[[], Archive], settings: BotSettings, upkeep: Upkeep = _NO_UPKEEP
) -> None:
    """Answer until SIGINT or SIGTERM; returns after a graceful stop.

    Raises ``SettingsError`` for a token that the server refuses, ``JiwenError`` for a server
    that stays out of reach, and what ``open_archive`` raises.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # a RetryAfter without deprecation warning
    guard_logs(settings.token)
    if settings.json_logs:
        logs.as_json()
    shelf = Shelf.stocked(open_archive, upkeep)
    with (
        closing(Service(shelf, settings)) as service,
        ThreadPoolExecutor(settings.threads, "search") as pool,
    ):
        polling = Polling(connection_pool_size=1)
        app = _application(Clerk(shelf, settings, pool), service, polling)
        polling.on_refused, polling.on_heard = app.stop_running, service.heard
        try:
            _serve(app, settings)
        except InvalidToken:
            raise SettingsError(wording.both(Text.TOKEN_REFUSED)) from None
        except TelegramError:
            server = settings.token.mask(settings.base_url)
            raise JiwenError(wording.both(Text.SERVER_UNREACHABLE, server=server)) from None
    if polling.refused:
        raise SettingsError(wording.both(Text.TOKEN_REFUSED))


def _serve(app: App, settings: BotSettings) -> None:
    """Take updates in, by polling or as they are brought, until a signal ends it."""
    tries, hook = settings.start_tries, settings.webhook
    if hook is None:
        app.run_polling(bootstrap_retries=tries, allowed_updates=ALLOWED_UPDATES)
        return
    try:
        app.run_webhook(
            hook.listen,
            hook.port,
            hook.path,
            webhook_url=hook.url,
            secret_token=hook.secret.reveal(),
            bootstrap_retries=tries,
            allowed_updates=ALLOWED_UPDATES,
        )
    except OSError as error:
        where = f"{hook.listen}:{hook.port}"
        raise SettingsError(wording.both(Door.PORT_TAKEN, where=where, why=error)) from None


def _application(clerk: Clerk, service: Service, polling: HTTPXRequest) -> App:
    settings, feedback = clerk.settings, Feedback.open(clerk.settings.state)
    presses = Presses(clerk, feedback)
    office = Office(service, lambda: feedback.exported(service.shelf.archive.taken))
    librarian = Librarian(lambda: service.shelf.archive, clerk.pool, keep_days=settings.keep_days)
    app: App = (
        ApplicationBuilder()
        .token(settings.token.reveal())
        .base_url(settings.base_url)
        .request(Line(connection_pool_size=MAX_CONCURRENT, read_timeout=READ_S))
        .get_updates_request(polling)
        .rate_limiter(
            AIORateLimiter(overall_max_rate=0, group_max_rate=_GROUP_RATE, max_retries=_RETRIES)
        )
        .persistence(Memory(settings.state, days=settings.keep_days, veil=settings.veil))
        .context_types(ContextTypes(chat_data=ChatState))
        .update_queue(service.arrivals)
        .concurrent_updates(InOrder(Lanes(), service.done))
        .post_init(functools.partial(_begin, service, office))
        .post_shutdown(functools.partial(_end, office))
        .build()
    )
    service.attach(app)
    office.attach(app)
    Inline(clerk.search, service).attach(app)
    librarian.attach(app, [feedback.forget])
    texts = {name: text for name, (text, _) in COMMANDS.items()} | ALIASES
    for command, text in texts.items():
        app.add_handler(CommandHandler(command, functools.partial(clerk.fixed, text)))
    app.add_handler(CommandHandler("ask", clerk.question))
    private = filters.ChatType.PRIVATE
    app.add_handler(MessageHandler(filters.Regex(_CITE), clerk.cite))
    app.add_handler(CallbackQueryHandler(presses.pressed))
    unknown = functools.partial(clerk.fixed, Text.UNKNOWN_COMMAND)
    app.add_handler(MessageHandler(filters.COMMAND & private, unknown))
    app.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, presses.written))
    only_text = functools.partial(clerk.fixed, Text.ONLY_TEXT)
    app.add_handler(MessageHandler(private & ~filters.TEXT & ~filters.StatusUpdate.ALL, only_text))
    app.add_error_handler(on_error)
    if app.job_queue:
        app.job_queue.run_repeating(forget_silent, _TIDY_S)
    return app


async def _begin(service: Service, office: Office, app: App) -> None:
    menu = functools.partial(office.present, app.bot, _menu(Lang.ZH))
    service.gatekeeper.on_admin = menu
    await _present(app)
    await menu()
    await service.begin(app)


async def _end(office: Office, _: App) -> None:
    await office.close()


async def _present(app: App) -> None:
    """Tell Telegram the menu of commands; a bot without a menu still answers."""
    with suppress(TelegramError):
        for lang, code in ((Lang.ZH, None), (Lang.EN, "en")):
            await app.bot.set_my_commands(_menu(lang), language_code=code)
    log.info("answering as @%s", app.bot.username)


def _menu(lang: Lang) -> list[BotCommand]:
    entries = {name: entry for name, (_, entry) in COMMANDS.items()} | MENU
    return [BotCommand(name, wording.say(entry, lang)) for name, entry in entries.items()]
