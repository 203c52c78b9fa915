"""What stands around the clerk: the gate before, the journal behind, the archive that is looked after."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from typing import Final

from telegram import Update
from telegram.ext import TypeHandler

from bot import probe, wording
from bot.access import BotSettings
from bot.figures import Figures
from bot.gate import Meter
from bot.health import beat
from bot.journal import Journal
from bot.probe import Probe
from bot.roster import Roster
from bot.shelf import Shelf
from bot.telegram.arrivals import Arrivals
from bot.telegram.gatekeeper import Gatekeeper
from bot.telegram.shape import VERDICT, App, Context
from bot.wording import Door
from retrieval.errors import JiwenError

log = logging.getLogger(__name__)

GATE_GROUP: Final = -1  # before every other handler
WATCH_S: Final = 3.0  # between looks at the index folder; one look reads one small file
KEEP_S: Final = 10.0  # between writing down what is left of the limits
_JOBS: Final = {"coalesce": True, "max_instances": 1}


class Service:
    """Who comes in, what is counted, and the archive in use; opened once for a run of the bot."""

    def __init__(self, shelf: Shelf, settings: BotSettings) -> None:
        self.shelf = shelf
        self.settings = settings
        self.figures = Figures()
        self.roster = Roster.open(settings.state)
        line = settings.token.line(settings.base_url)
        self.journal = Journal.open(settings.state, line)
        self.arrivals = Arrivals(self.journal, self.figures)
        meter = Meter(settings.rules, self.roster.buckets())
        self.gatekeeper = Gatekeeper(settings.rules, self.roster, self.figures, meter)
        self._probe = self._probed() if settings.metrics_port else None
        self._app: App | None = None

    def attach(self, app: App) -> None:
        """Put the gate before all handlers of the application, and count what goes wrong."""
        app.add_handler(TypeHandler(Update, self.gatekeeper.gate), group=GATE_GROUP)
        app.add_error_handler(self.on_error)
        self._app = app

    async def begin(self, app: App) -> None:
        """Take up what was left, and look after the archive from here on."""
        if left := self.arrivals.take_up(app.bot):
            log.warning("taking up %d updates that were left undone", left)
        if not (self.settings.rules.admins or self.roster.known.admins):
            code = self.roster.invite_first(time.time())
            log.warning(wording.both(Door.FIRST_ADMIN, code=code))
        if app.job_queue:
            app.job_queue.run_repeating(self._watch, WATCH_S, job_kwargs=_JOBS)
            app.job_queue.run_repeating(self._keep, KEEP_S, job_kwargs=_JOBS)
            if self.settings.webhook:
                app.job_queue.run_repeating(self._listening, KEEP_S, 0, job_kwargs=_JOBS)

    def heard(self) -> None:
        """Note that the server gave the updates there are."""
        self.figures.polled = time.monotonic()
        if self.settings.heartbeat:
            beat(self.settings.heartbeat)

    def done(self, update: Update, took_s: float) -> None:
        """Note that an update was dealt with."""
        self.journal.done(update.update_id)
        verdict = VERDICT.get()
        if verdict is None:
            return
        self.figures.answered(verdict, took_s)
        took_ms = round(took_s * 1000, 1)
        facts = {"update": update.update_id, "took_ms": took_ms, "verdict": verdict.value}
        log.info("update %(update)d: %(verdict)s in %(took_ms).0f ms", facts, extra=facts)

    async def on_error(self, update: object, _: Context) -> None:
        """Count what could not be answered."""
        self.figures.errors += isinstance(update, Update)

    async def renew(self) -> None:
        """Use what is in place now; raises JiwenError, and all stays as it was.

        What was said under another take-down list is forgotten: it may tell of what is hidden since.
        """
        before = self.shelf.lists
        try:
            await asyncio.to_thread(self.shelf.renew)
        except JiwenError:
            self.figures.reloaded(worked=False)
            raise
        self.figures.reloaded(worked=True)
        log.info("using index %s", self.shelf.generation)
        if self._app and self.shelf.lists != before:
            for chat in list(self._app.chat_data):
                self._app.drop_chat_data(chat)

    def _probed(self) -> Probe:
        """A server that tells machines how the bot is doing."""
        shelf, figures, settings = self.shelf, self.figures, self.settings
        polls = settings.webhook is None
        pages = {
            "/healthz": partial(probe.health, shelf, figures, polls=polls),
            "/metrics": partial(probe.metrics, shelf, figures),
        }
        return Probe(settings.metrics_listen, settings.metrics_port, pages)

    def close(self) -> None:
        """Write down what is left of the limits and let go of the state file."""
        if self._probe:
            self._probe.close()
        meter = self.gatekeeper.meter
        self.roster.keep_buckets(meter.partly_empty(time.time()))
        self.roster.close()
        self.journal.close()

    async def _watch(self, _: Context) -> None:
        """Use a new index as soon as it is in place."""
        if not self.shelf.outdated():
            return
        try:
            await self.renew()
        except JiwenError as error:
            log.error("the new index cannot be opened, the one before stays in use: %s", error)

    async def _listening(self, _: Context) -> None:
        """Show that the bot is there: where Telegram calls, nobody polls."""
        self.heard()

    async def _keep(self, _: Context) -> None:
        meter = self.gatekeeper.meter
        await asyncio.to_thread(self.roster.keep_buckets, meter.partly_empty(time.time()))
