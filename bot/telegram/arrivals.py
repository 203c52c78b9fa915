"""The queue that updates come in by, polled or brought: each is written down first, once."""

from __future__ import annotations

import asyncio
import json
import logging
import time

from telegram import Bot, Update

from bot.figures import Figures
from bot.journal import Journal

log = logging.getLogger(__name__)


class Arrivals(asyncio.Queue[object]):
    """A queue that lets no update in twice and forgets none."""

    def __init__(self, journal: Journal, figures: Figures) -> None:
        super().__init__()
        self._journal = journal
        self._figures = figures

    async def put(self, item: object) -> None:
        """Queue an update that is new; Telegram is told that it came only after this."""
        if isinstance(item, Update) and not self._new(item):
            log.info("update %d came twice", item.update_id, extra={"update": item.update_id})
            self._figures.duplicates += 1
            return
        await super().put(item)

    def take_up(self, bot: Bot) -> int:
        """Queue what a killed bot left undone; returns how many updates that are."""
        left = self._journal.left(time.time())
        for content in left:
            self.put_nowait(Update.de_json(json.loads(content), bot))
        return len(left)

    def _new(self, update: Update) -> bool:
        return self._journal.arrive(update.update_id, update.to_json(), time.time())
