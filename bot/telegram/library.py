"""The library's handlers: what the archive holds, by day, at random, over time; forgetting."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Final, TypeVar, cast

from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import checking, daybook, desk, library, wording
from bot.cards import PREFIX, Card
from bot.conversation import Conversation
from bot.guide import Guide, guide
from bot.library import Archive
from bot.markup import escape
from bot.telegram.deal import deal, turn
from bot.telegram.memory import forget
from bot.telegram.post import typing_while
from bot.telegram.shape import App, Context, lang_for, place_of, state_of
from bot.wording import Lang, Library, Text

log = logging.getLogger(__name__)

T = TypeVar("T")
# Deletes what a store keeps of a chat and a user there; returns how many rows that were.
Forgetter = Callable[[int, int], int]

MENU: Final = {
    "papers": Library.MENU_PAPERS,
    "day": Library.MENU_DAY,
    "random": Library.MENU_RANDOM,
    "timeline": Library.MENU_TIMELINE,
    "verify": Library.MENU_VERIFY,
    "privacy": Library.MENU_PRIVACY,
    "forget": Library.MENU_FORGET,
}
_DAY = r"(?:\d{4}-\d\d-\d\d)"
_DATA: Final = re.compile(
    rf"{PREFIX}(?:day:(?P<day>{_DAY}):(?P<day_page>\d{{1,6}})"
    rf"|days:(?P<first>{_DAY}?):(?P<last>{_DAY}?):(?P<days_page>\d{{1,6}})"
    rf"|lead:(?P<code>[a-z2-7]{{1,20}}):(?P<of>{_DAY})|(?P<random>random))"
)
_SEED_BITS = 32


class Librarian:
    """The handlers of the library; the archive is asked for anew each time, as it may be swapped."""

    def __init__(
        self,
        archive: Callable[[], Archive],
        pool: ThreadPoolExecutor,
        *,
        keep_days: int,
    ) -> None:
        self._archive = archive
        self._pool = pool
        self._forgetters: Sequence[Forgetter] = ()
        self._keep_days = keep_days
        self._guide: tuple[Archive, Guide] | None = None

    def attach(self, app: App, forgetters: Sequence[Forgetter]) -> None:
        """Add the handlers; they go before those that take any command and any button.

        ``forgetters`` are asked by /forget, one for each store that knows readers.
        """
        self._forgetters = forgetters
        for name in ("start", "help"):
            app.add_handler(CommandHandler(name, functools.partial(self.welcome, name)))
        for name in MENU:
            app.add_handler(CommandHandler(name, getattr(self, name)))
        app.add_handler(CallbackQueryHandler(self.press, pattern=f"^{PREFIX}"))

    async def welcome(self, name: str, update: Update, context: Context) -> None:
        """Say what this is or how it is asked, with examples that the archive answers."""
        if name == "start":
            state_of(context).keep(place_of(update), Conversation.start())
        lang, known = lang_for(update), await self._known(update, context)
        examples = "\n".join(f"· {example}" for example in known.examples)
        said = [wording.say(Text[name.upper()], lang, examples=examples)]
        if name == "help":
            said.append(wording.say(Library.HELP, lang, day=known.day, term=known.term))
        await deal(update, context, Card((escape("\n\n".join(said)),)))

    async def papers(self, update: Update, context: Context) -> None:
        """Say which newspapers there are."""
        await self._answer(update, context, library.papers, lang_for(update))

    async def day(self, update: Update, context: Context) -> None:
        """List the papers of a day."""
        words = library.words_of(context.args)
        await self._answer(update, context, daybook.day_card, words, date.today(), lang_for(update))

    async def random(self, update: Update, context: Context) -> None:
        """Show how some article begins."""
        seed = secrets.randbits(_SEED_BITS)
        await self._answer(update, context, library.at_random, seed, lang_for(update))

    async def timeline(self, update: Update, context: Context) -> None:
        """Draw when a word was in print."""
        words = library.words_of(context.args)
        term = "" if words else (await self._known(update, context)).term
        await self._answer(update, context, library.over_time, words, lang_for(update), term)

    async def verify(self, update: Update, context: Context) -> None:
        """Check a quotation: the words behind the command, or the message replied to."""
        message = update.effective_message
        replied = message.reply_to_message if message else None
        words = library.words_of(context.args)
        if not words and replied:
            words = desk.typed(replied.text or replied.caption or "")
        await self._answer(update, context, checking.checked, words, lang_for(update))

    async def privacy(self, update: Update, context: Context) -> None:
        """Say what is kept."""
        card = library.desk_card(Library.PRIVACY, lang_for(update), days=self._keep_days)
        await deal(update, context, card)

    async def forget(self, update: Update, context: Context) -> None:
        """Delete what is kept of this reader here; of everybody in a chat with one reader."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None:
            return
        # A chat with one reader goes whole.
        reader = chat.id if chat.type == ChatType.PRIVATE or not user else user.id
        forget(cast("App", context.application), chat.id, reader)
        for forgetter in self._forgetters:
            await self._do(forgetter, chat.id, user.id if user else 0)
        log.info("update %d: a reader's records are deleted", update.update_id)
        await deal(update, context, library.desk_card(Library.FORGOTTEN, lang_for(update)))

    async def press(self, update: Update, context: Context) -> None:
        """Do what a button of the library says; one that says nothing known has expired."""
        query, lang = update.callback_query, lang_for(update)
        if query is None:
            return
        found = _DATA.fullmatch(query.data or "")
        with suppress(BadRequest):  # too old to be answered, but not to be served
            expired = None if found else wording.say(Text.EXPIRED, lang)
            await query.answer(expired, show_alert=expired is not None)
        if found is None:
            return
        if found["code"] or found["random"]:
            await self._further(found, update, context)
            return
        with suppress(ValueError):  # no day of any calendar
            card = await self._do(_turned, self._archive(), found, lang)
            await turn(update, card)

    async def _further(self, found: re.Match[str], update: Update, context: Context) -> None:
        """A button that shows something more, in a message of its own."""
        if found["random"]:
            await self.random(update, context)
        else:
            work = library.lead
            await self._answer(update, context, work, found["code"], found["of"], lang_for(update))

    async def _known(self, update: Update, context: Context) -> Guide:
        """The examples for the archive in use; looked for once, which takes a second."""
        archive = self._archive()
        if self._guide is None or self._guide[0] is not archive:
            known = await typing_while(self._do(guide, archive), update, context)
            self._guide = archive, known
        return self._guide[1]

    async def _answer(
        self, update: Update, context: Context, work: Callable[..., Card], *facts: object
    ) -> None:
        """Do some work on the archive, typing meanwhile, and send what comes of it."""
        card = await typing_while(self._do(work, self._archive(), *facts), update, context)
        await deal(update, context, card)

    def _do(self, work: Callable[..., T], *facts: object) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(
            self._pool, functools.partial(work, *facts)
        )


def _turned(archive: Archive, found: re.Match[str], lang: Lang) -> Card:
    """The page of a list that a button turns to."""
    if found["day"]:
        date.fromisoformat(found["day"])
        return daybook.issue_card(archive, found["day"], int(found["day_page"]), lang)
    first, last = found["first"] or None, found["last"] or None
    return daybook.period_card(archive, first, last, int(found["days_page"]), lang)
