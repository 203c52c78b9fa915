"""Conversations of ``tests/conversations``, played with a bot over HTTP.

python -m pytest tests/test_conversations.py -k NAME   plays one
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest
from telegramserver import BotApi
from telegramserver.running import CANNED, REAL, ROOT, Running, start_bot
from telegramserver.scene import Scene
from telegramserver.talks import Step, Talk, read_talk

FILES = sorted((Path(__file__).parent / "conversations").glob("*.toml"))
SAVED_S = 3.0  # how long the bot may take to save what it remembers
START_S = 90.0  # how long a bot may take to start on a machine that is busy


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    folder = tmp_path_factory.mktemp("index")
    command = [sys.executable, "-m", "bot.cli", "index", "--seeds", "seeds", "--index", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return {"JIWEN_INDEX": str(folder)}


@pytest.fixture(scope="module")
def shared(places: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotApi]:
    """A server with the real bot behind it; each conversation has chats of its own."""
    folder = tmp_path_factory.mktemp("bot")
    with BotApi() as api, start_bot(api, folder, REAL, places) as bot:
        api.wait_for_call("getUpdates", START_S)
        yield api
        assert bot.process.poll() is None, bot.output()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_written(
    path: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    talk = read_talk(path)
    if not talk.alone:
        play(Scene(request.getfixturevalue("shared")), talk.steps)
        return
    with BotApi() as api:
        api.privacy = talk.privacy
        scene = Scene(api)
        environment = {} if talk.canned else dict(request.getfixturevalue("places"))
        environment |= listed(talk, scene, tmp_path)
        for act in acts(talk.steps):
            started = len(api.calls)
            with start_bot(api, tmp_path, CANNED if talk.canned else REAL, environment) as bot:
                api.wait_for_call("getUpdates", START_S, after=started)
                play(scene, act)
                end(bot, act)


def play(scene: Scene, steps: Sequence[Step]) -> None:
    for n, step in enumerate(steps, 1):
        try:
            scene.play(step)
        except BaseException as error:
            error.add_note(f"in step {n}: {step}")
            raise
    assert scene.unexpected() == []


def acts(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps up to each restart, which ends its act."""
    found: list[list[Step]] = [[]]
    for step in steps:
        found[-1].append(step)
        if step.restart:
            found.append([])
    return found


def end(bot: Running, act: Sequence[Step]) -> None:
    """Stop the bot in order, or kill it, as the last step says."""
    if act and act[-1].restart == "kill":
        time.sleep(SAVED_S)
        bot.process.kill()
        bot.process.wait()
    else:
        assert bot.stop() == 0, bot.output()


def listed(talk: Talk, scene: Scene, folder: Path) -> dict[str, str]:
    """Settings that name who may use the bot."""
    if not talk.listed:
        return {}
    users = [scene.user(who).id for who in talk.listed]
    (folder / "jiwen.toml").write_text(f"[bot]\nallowed_users = {users}\n")
    return {"JIWEN_CONFIG": str(folder)}


@pytest.mark.parametrize(
    ("expected", "mended"),
    [
        ({"contains": ["没有这句话"]}, {}),
        ({"lacks": ["2677"]}, {}),
        ({"messages": 2}, {"messages": 1}),
        ({"verdict": "none"}, {"verdict": "answered"}),
        ({"quotes": 2}, {"quotes": 1}),
        ({"buttons": ["没有这个"]}, {}),
        ({"text": "GREETING"}, {}),
        ({"topic": 5}, {}),
        ({"reply": True}, {}),
    ],
)
def test_what_is_not_as_written_fails(
    shared: BotApi,
    monkeypatch: pytest.MonkeyPatch,
    expected: dict[str, object],
    mended: dict[str, object],
) -> None:
    monkeypatch.setattr("telegramserver.scene.PATIENCE_S", 3.0)
    says = {"says": "辽源市冬季植树一共栽了多少棵树?"}
    with pytest.raises((AssertionError, TimeoutError)):
        Scene(shared).play(msgspec.convert(says | {"expects": expected}, Step))
    Scene(shared).play(msgspec.convert(says | {"expects": mended}, Step))


def test_every_file_says_what_it_is_about() -> None:
    assert len(FILES) >= 20
    assert all(len(read_talk(path).about) > 10 for path in FILES)
