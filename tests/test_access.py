"""The token that nobody may see, who may enter, and turns taken in order."""

from __future__ import annotations

import asyncio
import io
import logging
import pickle
import socket

import pytest

from bot import access, wording
from bot.access import BotSettings, OneLine, Token, TokenMask, bot_settings
from bot.chatstate import MAX_OPENED, ChatState, Opened
from bot.lanes import MAX_WAITING, Lanes
from bot.settings import BotConfig, Config
from bot.wording import Text
from retrieval.errors import SettingsError
from retrieval.settings import Settings

VALUE = "123456789:AAtest-token_that_is_never_real_0000"
SECRET = VALUE.partition(":")[2]


def configured(**environ: str) -> BotSettings:
    return bot_settings(Config(Settings(), BotConfig(base_url="http://here/bot")), environ)


def test_a_token_is_never_shown() -> None:
    settings = configured(TELEGRAM_BOT_TOKEN=VALUE)
    shown = f"{settings!r} {settings} {settings.token!r} {settings.token} {vars(Token)}"
    assert SECRET not in shown
    assert settings.token.reveal() == VALUE


def test_a_token_is_never_written_down() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Token(VALUE))


@pytest.mark.parametrize("value", ["x" + VALUE, VALUE + "/..", "123:short", VALUE.replace(":", "")])
def test_a_malformed_token_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        configured(TELEGRAM_BOT_TOKEN=value)
    assert str(caught.value) == wording.both(Text.TOKEN_MALFORMED)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("environ", [{}, {"TELEGRAM_BOT_TOKEN": "  "}])
def test_a_missing_token_says_where_to_get_one(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="BotFather"):
        configured(**environ)


def test_the_environment_wins_over_the_file() -> None:
    assert configured(TELEGRAM_BOT_TOKEN=VALUE).base_url == "http://here/bot"
    there = configured(TELEGRAM_BOT_TOKEN=VALUE, JIWEN_TELEGRAM_BASE_URL="http://127.0.0.1:1/bot")
    assert there.base_url == "http://127.0.0.1:1/bot"


@pytest.mark.parametrize("url", ["here", "ftp://x/bot", "http:///bot", "http://x/{bot}"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="JIWEN_TELEGRAM_BASE_URL"):
        configured(TELEGRAM_BOT_TOKEN=VALUE, JIWEN_TELEGRAM_BASE_URL=url)


@pytest.fixture
def printed() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(printed: io.StringIO) -> logging.Logger:
    """A logger as a bot's: the handler masks, whoever logs."""
    handler = logging.StreamHandler(printed)
    handler.addFilter(TokenMask(Token(VALUE)))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger


def test_the_mask_covers_message_arguments_and_tracebacks(
    logger: logging.Logger, printed: io.StringIO
) -> None:
    logger.warning("GET /bot%s/getMe", VALUE)
    logger.warning("only the secret half: " + SECRET)
    logger.handle(logging.makeLogRecord({"levelno": 40, "msg": "it broke", "stack_info": VALUE}))
    try:
        raise RuntimeError(f"inner {VALUE}")
    except RuntimeError as inner:
        try:
            raise ValueError(SECRET) from inner
        except ValueError:
            logger.exception("it broke")
    text = printed.getvalue()
    assert SECRET not in text
    assert text.count("<token>") >= 4
    assert "Traceback" in text


def test_every_handler_is_guarded() -> None:
    handlers = [logging.NullHandler(), logging.NullHandler()]
    logging.getLogger().addHandler(handlers[0])
    logging.getLogger("deep.down").addHandler(handlers[1])
    try:
        access.guard_logs(Token(VALUE))
        assert all(any(isinstance(f, TokenMask) for f in h.filters) for h in handlers)
        assert logging.getLogger("httpx").level == logging.WARNING
    finally:
        logging.getLogger().removeHandler(handlers[0])
        logging.getLogger("deep.down").removeHandler(handlers[1])
        for handler in access._handlers():
            for mask in [f for f in handler.filters if isinstance(f, TokenMask)]:
                handler.removeFilter(mask)


def test_only_the_tracebacks_of_the_network_are_shortened(
    logger: logging.Logger, printed: io.StringIO
) -> None:
    from telegram.error import NetworkError

    logger.addFilter(OneLine())
    for error in (NetworkError("Bad Gateway"), RuntimeError("ours")):
        logger.error("it broke", exc_info=error)
    first, *rest = printed.getvalue().splitlines()
    assert first == "it broke (NetworkError: Bad Gateway)"
    assert rest == ["it broke", "RuntimeError: ours"]


def test_turns_are_taken_in_order_and_other_lanes_do_not_wait() -> None:
    async def scene() -> list[str]:
        lanes, done = Lanes(), list[str]()

        async def visit(lane: int, name: str, seconds: float) -> None:
            async with lanes.turn(lane):
                await asyncio.sleep(seconds)
                done.append(name)

        await asyncio.gather(visit(1, "slow", 0.05), visit(1, "quick", 0), visit(2, "other", 0))
        assert not lanes._lanes, "a lane was not forgotten"
        return done

    assert asyncio.run(scene()) == ["other", "slow", "quick"]


def test_a_flood_fills_its_own_lane_only() -> None:
    async def scene() -> None:
        lanes, gate = Lanes(), asyncio.Event()

        async def wait() -> None:
            async with lanes.turn(1):
                await gate.wait()

        tasks = [asyncio.create_task(wait()) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        assert lanes.full(1)
        assert not lanes.full(2)
        gate.set()
        await asyncio.gather(*tasks)
        assert not lanes.full(1)

    asyncio.run(scene())


def test_old_buttons_give_way() -> None:
    state = ChatState()
    keys = [state.open(Opened("", "?", "none")).key for _ in range(MAX_OPENED + 3)]
    assert len(set(keys)) == len(keys)
    assert list(state.opened) == keys[3:]


def test_a_test_cannot_reach_the_network() -> None:
    with socket.socket() as line, pytest.raises(AssertionError, match="reached for the network"):
        line.connect(("192.0.2.1", 80))
