"""Whether the bot is well, as Docker asks it each minute."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from botapi import BotApi
from conftest import SEEDS, Caller
from test_telegram import REAL, start_bot

from bot.health import SILENT_S, ailments, beat, heartbeat
from bot.places import Places


@pytest.fixture
def places(index: Path) -> Places:
    return Places(SEEDS, index, None)


@pytest.fixture
def heart(tmp_path: Path) -> Path:
    """A heart that beats now."""
    beat(tmp_path / "state" / "heartbeat")
    return tmp_path / "state" / "heartbeat"


def test_a_bot_that_is_well_has_no_ailments(places: Places, heart: Path) -> None:
    assert list(ailments(places, heart)) == []


def test_a_beat_outlasts_a_wait_for_the_server_and_no_more(places: Places, heart: Path) -> None:
    beaten = heart.stat().st_mtime
    assert list(ailments(places, heart, now=beaten + SILENT_S)) == []
    (told,) = ailments(places, heart, now=beaten + SILENT_S + 1)
    assert "no heartbeat for 121 s" in told


def test_each_beat_is_the_last(heart: Path) -> None:
    os.utime(heart, (0, 0))
    beat(heart)
    assert heart.stat().st_mtime > time.time() - 60


def test_a_bot_that_never_ran_is_named(places: Places, tmp_path: Path) -> None:
    assert [line.partition(": ")[2].partition("; ")[0] for line in _never(places, tmp_path)] == [
        "cannot be written",
        "no heartbeat",
    ]


def _never(places: Places, tmp_path: Path) -> list[str]:
    return list(ailments(places, tmp_path / "none" / "heartbeat"))


def test_an_index_that_cannot_be_used_is_named(
    places: Places, heart: Path, index: Path, tmp_path: Path
) -> None:
    (told,) = ailments(Places(SEEDS, tmp_path / "nothing", None), heart)
    assert "no index here yet" in told
    broken = tmp_path / "index"
    shutil.copytree(index, broken)
    next(broken.rglob("register.sqlite")).write_bytes(b"")
    (told,) = ailments(Places(SEEDS, broken, None), heart)
    assert "register.sqlite: missing or damaged" in told


def test_a_state_folder_that_cannot_be_written_is_named_and_stops_no_bot(
    places: Places, heart: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    heart.parent.chmod(0o500)
    with unprivileged():
        beat(heart.parent / "other")
        told = list(ailments(places, heart))
    assert f"{heart.parent}: cannot be written; the bot keeps its state there" in told


def test_the_heart_lies_beside_the_state_or_the_index(tmp_path: Path) -> None:
    assert heartbeat(tmp_path / "i", {}) == tmp_path / ".jiwen-bot" / "heartbeat"
    given = {"JIWEN_STATE": "/data/state/state.sqlite3"}
    assert heartbeat(tmp_path / "i", given) == Path("/data/state/heartbeat")


def test_a_running_bot_beats_and_the_command_says_so(
    index: Path, tmp_path: Path, call: Caller
) -> None:
    given = {"JIWEN_INDEX": str(index), "JIWEN_STATE": str(tmp_path / "state" / "state.sqlite3")}
    assert call("health", env=given).code == 1
    with BotApi() as server, start_bot(server, tmp_path, REAL, given) as bot:
        server.wait_for_call("getUpdates", 60)
        server.say(1, "你好")
        server.wait_for_message(1)
        done = call("health", env=given)
        assert (done.code, done.out, done.err) == (0, "", ""), bot.output()
