"""What the bot is told at its start, and the token that nobody may see."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

import msgspec

from bot import wording
from bot.gate import Access, Rate, Rules
from bot.settings import BotConfig, Config, WebhookConfig
from bot.wording import Door, Key, Text
from retrieval.errors import SettingsError
from retrieval.settings import TakeDown

TOKEN_VARIABLE: Final = "TELEGRAM_BOT_TOKEN"  # noqa: S105 -- the name of a variable
BASE_URL_VARIABLE: Final = "JIWEN_TELEGRAM_BASE_URL"
SECRET_VARIABLE: Final = "JIWEN_WEBHOOK_SECRET"  # noqa: S105 -- the name of a variable
STATE_VARIABLE: Final = "JIWEN_STATE"
STATE_FILE: Final = Path(".jiwen-bot") / "state.sqlite3"  # beside the index folder
DEFAULT_BASE_URL: Final = "https://api.telegram.org/bot"

_MASK = "<token>"
# Their records hold the address of each call, and the address holds the token.
_TALKATIVE = ("httpx", "httpcore")
# Its records tell of every look at the index folder.
_SCHEDULER = "apscheduler"
# python-telegram-bot's retry loop, its rate limiter, its updater, its reader of replies; what they
# trip over.
_TRACING = (
    "telegram.ext",
    "telegram.ext.AIORateLimiter",
    "telegram.ext.Updater",
    "telegram.request.BaseRequest",
)
_HICCUPS = ("telegram.error", "json.decoder")


class Hidden:
    """A word that opens something; whatever prints it prints a mask."""

    __slots__ = ("_value",)
    form: ClassVar[re.Pattern[str]]
    wrong: ClassVar[Key]

    def __init__(self, value: str) -> None:
        if not self.form.fullmatch(value):
            raise SettingsError(wording.both(self.wrong)) from None
        self._value = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_MASK})"

    def __reduce__(self) -> str:
        raise TypeError("a token is never written down")

    def reveal(self) -> str:
        """Return the word itself, for the one call that needs it."""
        return self._value

    def mask(self, text: str) -> str:
        """Return ``text`` with the word, or its secret half alone, masked."""
        return text.replace(self._value, _MASK).replace(self._value.rpartition(":")[2], _MASK)


class Token(Hidden):
    """A bot's token."""

    __slots__ = ()
    form = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{10,100}")  # @BotFather gives 8-10 and 35
    wrong = Text.TOKEN_MALFORMED

    def line(self, base_url: str) -> str:
        """Return a name for this bot on this server: update ids count for both together."""
        return f"{self._value.partition(':')[0]}@{base_url}"


class Secret(Hidden):
    """What Telegram shows at the webhook, that we know it."""

    __slots__ = ()
    form = re.compile(r"[A-Za-z0-9_-]{16,256}")  # what Telegram takes, and long enough
    wrong = Door.SECRET_MALFORMED


class Webhook(msgspec.Struct, frozen=True):
    """Where Telegram brings updates, and the secret that shows it is Telegram."""

    url: str
    listen: str
    port: int
    path: str
    secret: Secret


class BotSettings(msgspec.Struct, frozen=True):
    """What the bot is told at its start; by default open to everybody, without limits."""

    token: Token
    base_url: str = DEFAULT_BASE_URL
    rules: Rules = Rules()
    webhook: Webhook | None = None  # polls
    json_logs: bool = False
    metrics_listen: str = "127.0.0.1"
    metrics_port: int = 0  # none
    max_question_chars: int = 500
    k: int = 3  # one quote at once, the others behind the button
    threads: int = 2  # searches at the same time
    start_tries: int = 12  # attempts to reach the server, some three minutes
    forget_after_min: int = 30  # of a conversation without a further word
    state: Path = STATE_FILE  # what is remembered over a restart
    keep_days: int = 30  # of a chat without a further word
    veil: str = ""  # digest of the take-down list; when it changes, what was said is forgotten
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
        rules=_rules(config.bot),
        webhook=_webhook(config.bot.webhook, environ.get(SECRET_VARIABLE, "").strip()),
        json_logs=config.bot.log == "json",
        metrics_listen=config.bot.metrics_listen,
        metrics_port=config.bot.metrics_port,
        max_question_chars=config.archive.answer.max_question_chars,
        k=config.archive.answer.k,
        forget_after_min=config.bot.forget_after_min,
        state=Path(state) if state else index.absolute().parent / STATE_FILE,
        keep_days=config.bot.keep_days,
        veil=_digest(config.archive.takedown),
    )


def _rules(config: BotConfig) -> Rules:
    """Who may ask, and how much; raises ``SettingsError`` where that makes no sense."""
    limits = config.limits
    access = Access(config.access or (Access.LISTED if config.allowed_users else Access.OPEN))
    if access is Access.OPEN and config.allowed_users:
        raise SettingsError(wording.both(Door.OPEN_AND_LISTED))
    if access is Access.LISTED and not (config.allowed_users or config.admins):
        raise SettingsError(wording.both(Door.NOBODY_LISTED))
    return Rules(
        access,
        allowed=frozenset(config.allowed_users),
        admins=frozenset(config.admins),
        per_user=Rate(limits.user_per_min, max(1, limits.user_burst)),
        everybody=Rate(limits.all_per_min, max(1, limits.all_burst)),
    )


def _webhook(config: WebhookConfig, secret: str) -> Webhook | None:
    """Where updates are brought; ``None`` to poll."""
    if not config.url:
        return None
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", config.url):
        raise SettingsError(wording.both(Door.WEBHOOK_MALFORMED, url=config.url))
    # Telegram is told the secret at each start, so that it may be another one each time.
    return Webhook(
        config.url,
        config.listen,
        config.port,
        path=(config.path or urlsplit(config.url).path).strip("/"),
        secret=Secret(secret or secrets.token_urlsafe(32)),
    )


def _digest(entries: tuple[TakeDown, ...]) -> str:
    """What tells one take-down list from another; ``""`` of an empty one."""
    listed = msgspec.json.encode(entries)
    return hashlib.blake2b(listed, digest_size=16).hexdigest() if entries else ""


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
    logging.getLogger(_SCHEDULER).setLevel(logging.ERROR)
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
