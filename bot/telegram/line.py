"""How we speak with the server, and in which order we attend to chats."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor
from telegram.request import HTTPXRequest

from bot.lanes import Lanes

log = logging.getLogger(__name__)

MAX_CONCURRENT: Final = 256  # updates under way; the searches among them share a few threads


class Line(HTTPXRequest):
    """The line to the server; says once when it goes down and once when it is back."""

    _down = False

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 -- passed on
        """Make a request as the parent does."""
        try:
            code, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            self._say(down=True, why=str(error))
            raise
        self._say(down=code >= HTTPStatus.INTERNAL_SERVER_ERROR, why=f"HTTP {code}")
        return code, payload

    def _say(self, *, down: bool, why: str) -> None:
        if down and not self._down:
            log.warning("the Bot API server does not answer (%s), trying again", why)
        if self._down and not down:
            log.warning("the Bot API server answers again")
        self._down = down


class Polling(Line):
    """The line that updates come in by; a token revoked while the bot runs ends the run."""

    refused = False
    on_refused: Callable[[], None]
    on_heard: Callable[[], None] = staticmethod(lambda: None)  # the server gave what there is

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 -- passed on
        """Make a request as the parent does."""
        code, payload = await super().do_request(*args, **kwargs)
        if code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            # InvalidToken would end the polling task and leave a bot that hears nothing.
            if not self.refused:
                self.refused = True
                self.on_refused()
            raise NetworkError("the token is refused")
        if code == HTTPStatus.OK:
            self.on_heard()
        return code, payload


class InOrder(BaseUpdateProcessor):
    """Chats side by side, the updates of one chat in order."""

    def __init__(
        self, lanes: Lanes, on_done: Callable[[Update, float], None] = lambda *_: None
    ) -> None:
        super().__init__(MAX_CONCURRENT)
        self._lanes = lanes
        self._on_done = on_done

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process the update when its chat's turn has come; drop it in a flood."""
        started = time.monotonic()
        await self._in_turn(update, coroutine)
        # Not where the bot is killed in the middle: such an update is taken up again.
        if isinstance(update, Update):
            self._on_done(update, time.monotonic() - started)

    async def _in_turn(self, update: object, coroutine: Awaitable[Any]) -> None:
        if isinstance(update, Update) and update.inline_query:
            await coroutine  # while somebody types, the last one counts, and overtakes
            return
        chat = update.effective_chat if isinstance(update, Update) else None
        lane = chat.id if chat else 0
        if self._lanes.full(lane) and isinstance(coroutine, Coroutine):
            log.warning("dropped an update: its chat sends faster than it can be answered")
            coroutine.close()
            return
        async with self._lanes.turn(lane):
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""
