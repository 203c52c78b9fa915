"""Inline mode: quotes to choose from while somebody types ``@bot question`` in any chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from telegram import (
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler

from bot import desk, inlinerows
from bot.desk import Archive
from bot.gate import Access
from bot.inlinerows import Row
from bot.telegram.service import Service
from bot.telegram.shape import VERDICT, App, Context, lang_for
from retrieval.records import Answer

MIN_CHARS: Final = 2  # one character finds what holds it, and that is half the archive
MAX_ROWS: Final = 10
CACHE_S: Final = 300  # a page does not change; a new index is shown after as long
PAUSE_S: Final = 0.3  # who types on within it is not answered yet: Telegram asks at each pause
_MAX_TYPING: Final = 10_000  # people whose last query is remembered
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

Search = Callable[..., Awaitable[Answer]]


class Inline:
    """Answers inline queries, the last one of somebody who types."""

    def __init__(self, search: Search, service: Service) -> None:
        self._search = search
        self._service = service
        self._latest: dict[int, str] = {}

    def attach(self, app: App) -> None:
        """Add the handler to the application."""
        app.add_handler(InlineQueryHandler(self.answer))

    async def answer(self, update: Update, _: Context) -> None:
        """Offer the quotes that answer the query, one to choose."""
        query = update.inline_query
        text = desk.typed(query.query) if query else ""
        if query is None or not await self._is_last(query.from_user.id, query.id):
            return
        lang = lang_for(update)
        if not self._may_search(text):
            with suppress(BadRequest):
                await query.answer([], cache_time=CACHE_S)
            return
        answer = await self._search(_asked, text)
        VERDICT.set(answer.verdict)
        results = [_article(row) for row in inlinerows.rows(answer, lang)[:MAX_ROWS]]
        # Where not everybody may ask, nobody is shown what the server kept of another's query.
        personal = self._service.settings.rules.access is not Access.OPEN
        with suppress(BadRequest):  # it took too long, or another query has come
            await query.answer(results, cache_time=CACHE_S, is_personal=personal)

    async def _is_last(self, user: int, query: str) -> bool:
        """Wait a moment; whether nothing newer of the same person has come meanwhile."""
        self._latest.pop(user, None)
        self._latest[user] = query
        if len(self._latest) > _MAX_TYPING:
            del self._latest[next(iter(self._latest))]
        await asyncio.sleep(PAUSE_S)
        return self._latest.get(user) == query

    def _may_search(self, text: str) -> bool:
        return MIN_CHARS <= len(text) <= self._service.settings.max_question_chars


def _asked(archive: Archive, text: str) -> Answer:
    return archive.ask(text, k=MAX_ROWS)


def _article(row: Row) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        row.html, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW
    )
    return InlineQueryResultArticle(row.id, row.title, content, description=row.description)
