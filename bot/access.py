"""Who may use the bot, and the token that nobody may see."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from bot import wording
from bot.settings import Config
from bot.wording import Text
from retrieval.errors import SettingsError

TOKEN_VARIABLE: Final = "TELEGRAM_BOT_TOKEN"  # noqa: S105 -- the name of a variable
BASE_URL_VARIABLE: Final = "JIWEN_TELEGRAM_BASE_URL"
STATE_VARIABLE: Final = "JIWEN_STATE"
STATE_FILE: Final = Path(".jiwen-bot") / "state.sqlite3"  # beside the index folder
DEFAULT_BASE_URL: Final = "https://api.telegram.org/bot"

_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{10,100}")  # @BotFather gives 8-10 and 35
_MASK = "<token>"
# Their records hold the address of each call, and the address holds the token.
_TALKATIVE = ("httpx", "httpcore")
# python-telegram-bot's retry loop, its rate limiter, its updater, its reader of replies; what they
# trip over.
_TRACING = (
    "telegram.ext",
    "telegram.ext.AIORateLimiter",
    "telegram.ext.Updater",
    "telegram.request.BaseRequest",
)
_HICCUPS = ("telegram.error", "json.decoder")


class Token:
    """A bot's token; whatever prints it prints a mask."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not _TOKEN.fullmatch(value):
            raise SettingsError(wording.both(Text.TOKEN_MALFORMED)) from None
        self._value = value

    def __repr__(self) -> str:
        return f"Token({_MASK})"

    def __reduce__(self) -> str:
        raise TypeError("a token is never written down")

    def reveal(self) -> str:
        """Return the token itself, for the one call that needs it."""
        return self._value

    def mask(self, text: str) -> str:
        """Return ``text`` with the token, or its secret half alone, masked."""
        return text.replace(self._value, _MASK).replace(self._value.partition(":")[2], _MASK)


class BotSettings(msgspec.Struct, frozen=True):
    """What the bot is told at its start. No ``allowed`` user ids: open to everybody."""

    token: Token
    base_url: str = DEFAULT_BASE_URL
    allowed: tuple[int, ...] = ()
    max_question_chars: int = 500
    k: int = 3  # one quote at once, the others behind the button
    threads: int = 2  # searches at the same time
    start_tries: int = 12  # attempts to reach the server, some three minutes
    forget_after_min: int = 30  # of a conversation without a further word
    state: Path = STATE_FILE  # what is remembered over a restart
    keep_days: int = 30  # of a chat without a further word
    heartbeat: Path | None = None  # the file that says that the bot still hears (`bot.health`)


def bot_settings(
    config: Config, environ: Mapping[str, str], index: Path = Path(".jiwen")
) -> BotSettings:
    """Return what the configuration and the environment say; raises ``SettingsError``."""
    value = environ.get(TOKEN_VARIABLE, "").strip()
    if not value:
        raise SettingsError(wording.both(Text.TOKEN_MISSING))
    base_url = environ.get(BASE_URL_VARIABLE, "").strip() or config.bot.base_url
    state = environ.get(STATE_VARIABLE, "").strip() or config.bot.state
    return BotSettings(
        token=Token(value),
        base_url=_checked_url(base_url) if base_url else DEFAULT_BASE_URL,
        allowed=config.bot.allowed_users,
        max_question_chars=config.archive.answer.max_question_chars,
        k=config.archive.answer.k,
        forget_after_min=config.bot.forget_after_min,
        state=Path(state) if state else index.absolute().parent / STATE_FILE,
        keep_days=config.bot.keep_days,
    )


def may_enter(rules: BotSettings, user_id: int | None) -> bool:
    """Whether this user is answered at all; what has no user never is."""
    return user_id is not None and (not rules.allowed or user_id in rules.allowed)


class TokenMask(logging.Filter):
    """A filter for handlers: masks the token in the message, its arguments and tracebacks."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, masked."""
        message = record.getMessage()
        record.msg, record.args = self._token.mask(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            # A handler that draws tracebacks itself would go back to exc_info, unmasked.
            record.exc_text, record.exc_info = self._token.mask(record.exc_text), None
        if record.stack_info:
            record.stack_info = self._token.mask(record.stack_info)
        return True


class OneLine(logging.Filter):
    """A filter for loggers that print a traceback for each hiccup of the network."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, a traceback of the network's as its last line."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and type(error).__module__ in _HICCUPS:
            record.msg = f"{record.getMessage()} ({type(error).__name__}: {error})"
            record.args = record.exc_info = None
        return True


def guard_logs(token: Token) -> None:
    """Mask the token in every log handler there is, and quiet the loggers that print URLs."""
    for name in _TRACING:
        logging.getLogger(name).addFilter(OneLine())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    mask = TokenMask(token)
    for handler in _handlers():
        handler.addFilter(mask)


def _handlers() -> Iterator[logging.Handler]:
    yield from logging.getLogger().handlers
    if logging.lastResort:
        yield logging.lastResort
    for logger in logging.Logger.manager.loggerDict.values():
        yield from getattr(logger, "handlers", ())


def _checked_url(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/{}]+(/[^\s{}]*)?", url):
        raise SettingsError(wording.both(Text.BASE_URL_MALFORMED, url=url))
    return url
