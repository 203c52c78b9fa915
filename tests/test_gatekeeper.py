"""The one gate before everything: every kind of update, everybody who comes, codes, limits."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from run_bot import Canned
from telegram import Update
from telegram.ext import TypeHandler
from telegram.request import HTTPXRequest
from telegramserver import READER, TOKEN, BotApi, User
from updatekinds import updates

from bot import telegram as edge
from bot import wording
from bot.access import BotSettings, Token
from bot.gate import Access, Rate, Rules, Standing
from bot.shelf import Shelf, Upkeep
from bot.telegram.clerk import Clerk
from bot.telegram.gatekeeper import LATE_S
from bot.telegram.service import GATE_GROUP, Service
from bot.telegram.shape import App
from bot.wording import Door, Text
from retrieval.records import Answer, Quote, Verdict

OUTSIDER, ADMIN = User(id=666, first_name="Outsider"), User(id=1, first_name="Admin")
QUESTION = "植树"
LISTED = Rules(Access.LISTED, allowed=frozenset({READER.id}))
PAIRED = Rules(Access.PAIRED, admins=frozenset({ADMIN.id}))
numbers = itertools.count(1)


class Watched(Canned):
    """An archive that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, *, k: int | None = None) -> Answer:
        self.asked.append(question)
        return super().ask(question, k=k)

    def quote(self, cite: str) -> Quote:
        self.asked.append(cite)
        return super().quote(cite)


@dataclass
class Scene:
    """The application as it runs, in this process, in front of a server on loopback."""

    server: BotApi
    app: App
    service: Service
    archive: Watched
    said: list[str] = field(default_factory=list)

    async def send(self, content: dict[str, Any]) -> list[str]:
        """Process an update; returns what the bot called for it."""
        before = len(self.server.calls)
        update = Update.de_json({"update_id": next(numbers)} | content, self.app.bot)
        await self.app.process_update(update)
        return [call.method for call in self.server.calls[before:]]

    async def say(self, text: str, user: User = READER, **more: Any) -> list[str]:  # noqa: ANN401
        """Say something in a private chat; returns what the bot answered there."""
        before = len(self.server.sent)
        content = updates(user, text, chat_id=user.id)["message"] | more
        self.server.chats.meet(user.id, user, "private")
        await self.send({"message": content})
        return [sent.text for sent in self.server.sent[before:]]


Script = Callable[[Scene], Coroutine[Any, Any, None]]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Run a scene with the bot under the given rules."""
    with BotApi() as server:

        def play(script: Script, rules: Rules) -> None:
            asyncio.run(_played(script, rules, server, tmp_path))

        yield play


async def _played(script: Script, rules: Rules, server: BotApi, folder: Path) -> None:
    state = folder / "state.sqlite3"
    settings = BotSettings(Token(TOKEN), server.base_url, rules, state=state)
    archive = Watched()
    shelf = Shelf.stocked(lambda: archive, Upkeep())
    service = Service(shelf, settings)
    with ThreadPoolExecutor(2) as pool:
        app = edge._application(Clerk(shelf, settings, pool), service, HTTPXRequest())
        async with app:
            await script(Scene(server, app, service, archive))
    service.close()


def said(key: Door, **facts: object) -> str:
    return wording.say(key, **facts)


def test_the_gate_stands_before_every_handler(play: Callable[..., None]) -> None:
    async def script(scene: Scene) -> None:
        groups = scene.app.handlers
        assert min(groups) == GATE_GROUP
        (first,) = groups[GATE_GROUP]
        assert isinstance(first, TypeHandler)
        assert first.type is Update
        assert not first.strict
        assert first.callback == scene.service.gatekeeper.gate

    play(script, Rules())


@pytest.mark.parametrize("rules", [LISTED, PAIRED])
@pytest.mark.parametrize("text", [QUESTION, "/ask 植树", "/c_k3v4q2m7ta_b120_81", "/status"])
def test_a_stranger_gets_nothing_by_any_kind_of_update(
    play: Callable[..., None], rules: Rules, text: str
) -> None:
    contents = updates(OUTSIDER, text, chat_id=OUTSIDER.id)

    async def script(scene: Scene) -> None:
        scene.server.chats.meet(OUTSIDER.id, OUTSIDER, "private")
        for n, kind in enumerate(Update.ALL_TYPES, 1):
            called = await scene.send({kind: contents[kind]})
            assert scene.archive.asked == [], kind
            rulings = scene.service.figures.rulings
            assert rulings.total() == n, f"{kind} did not pass the gate, once"
            assert set(rulings) <= {"stranger", "nobody"}, kind
            assert not called or rules is PAIRED, kind
        told = {sent.text for sent in scene.server.sent}
        assert told <= {said(Door.PAIR_NEEDED)}
        assert len(scene.server.sent) == (rules is PAIRED)

    play(script, rules)


def test_there_is_an_update_of_every_kind() -> None:
    assert set(updates(READER, "?", chat_id=1)) == set(Update.ALL_TYPES)


@pytest.mark.parametrize("kind", ["message", "edited_message", "inline_query"])
def test_who_is_admitted_is_answered_by_the_same_ways(play: Callable[..., None], kind: str) -> None:
    async def script(scene: Scene) -> None:
        scene.server.chats.meet(READER.id, READER, "private")
        await scene.send({kind: updates(READER, QUESTION, chat_id=READER.id)[kind]})
        assert scene.archive.asked
        assert scene.service.figures.rulings == {"welcome": 1}

    play(script, LISTED)


def test_a_code_opens_the_door_once(play: Callable[..., None]) -> None:
    async def script(scene: Scene) -> None:
        assert await scene.say(QUESTION, OUTSIDER) == [said(Door.PAIR_NEEDED)]
        assert await scene.say(QUESTION, OUTSIDER) == [], "told again and again"
        assert await scene.say("/pair nonsense", OUTSIDER) == [said(Door.PAIR_WRONG)]
        assert await scene.say("/pair", OUTSIDER) == [said(Door.PAIR_EMPTY)]
        assert not scene.archive.asked
        code = scene.service.roster.invite(Standing.READER, time.time())
        assert await scene.say(f"/pair {code}", OUTSIDER) == [said(Door.PAIRED)]
        (answer,) = await scene.say(QUESTION, OUTSIDER)
        assert answer.startswith(wording.verdict(Verdict.ANSWERED))
        other = User(id=667)
        assert await scene.say(f"/start {code}", other) == [said(Door.PAIR_WRONG)]

    play(script, PAIRED)


def test_a_link_with_a_code_opens_it_too(play: Callable[..., None]) -> None:
    async def script(scene: Scene) -> None:
        code = scene.service.roster.invite(Standing.READER, time.time())
        assert await scene.say(f"/start {code}", OUTSIDER) == [said(Door.PAIRED)]

    play(script, PAIRED)


def test_the_first_with_the_printed_code_runs_the_bot(
    play: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    async def script(scene: Scene) -> None:
        await scene.service.begin(scene.app)
        (line,) = [r.getMessage() for r in caplog.records if "/pair" in r.getMessage()]
        code = line.split("/pair ")[1].split()[0]
        assert await scene.say("/status", OUTSIDER) == [wording.say(Text.UNKNOWN_COMMAND)]
        assert await scene.say(f"/pair {code}", OUTSIDER) == [said(Door.PAIRED_ADMIN)]
        assert await scene.say(f"/pair {code}", READER) == [said(Door.PAIR_WRONG)]
        (status,) = await scene.say("/status", OUTSIDER)
        assert status.startswith("索引")
        assert await scene.say("/status", READER) == [wording.say(Text.UNKNOWN_COMMAND)]
        assert code not in str(scene.server.sent)

    play(script, Rules())


def test_codes_cannot_be_tried_out(play: Callable[..., None]) -> None:
    rules = Rules(Access.PAIRED, admins=PAIRED.admins, per_user=Rate(30, 20))

    async def script(scene: Scene) -> None:
        told = [text for n in range(50) for text in await scene.say(f"/pair {n}", OUTSIDER)]
        assert told == [said(Door.PAIR_WRONG)] * 4

    play(script, rules)


def test_an_allow_list_says_nothing_to_who_guesses(play: Callable[..., None]) -> None:
    async def script(scene: Scene) -> None:
        assert await scene.say("/pair nonsense", OUTSIDER) == []
        assert await scene.say("/start", OUTSIDER) == []

    play(script, LISTED)


def test_who_is_blocked_hears_nothing_more(play: Callable[..., None]) -> None:
    async def script(scene: Scene) -> None:
        assert await scene.say(f"/block {OUTSIDER.id}", ADMIN) == [
            said(Door.BLOCKED, user=OUTSIDER.id)
        ]
        code = scene.service.roster.invite(Standing.READER, time.time())
        assert await scene.say(QUESTION, OUTSIDER) == []
        assert await scene.say(f"/pair {code}", OUTSIDER) == []
        assert await scene.say(f"/block {ADMIN.id}", ADMIN) == [
            said(Door.NOT_ADMINS, user=ADMIN.id)
        ]
        assert await scene.say("/block", ADMIN) == [said(Door.WHICH_USER, command="block")]
        await scene.say(f"/unblock {OUTSIDER.id}", ADMIN)
        assert await scene.say(QUESTION, OUTSIDER)

    play(script, Rules(admins=frozenset({ADMIN.id})))


def test_too_fast_is_said_once_and_then_waited_out(play: Callable[..., None]) -> None:
    async def script(scene: Scene) -> None:
        scene.service.gatekeeper.clock = lambda: now
        now = time.time()
        answers = [await scene.say("你好") for _ in range(5)]
        greeting = [wording.say(Text.GREETING)]
        assert answers == [greeting, greeting, [said(Door.TOO_FAST, seconds=2)], [], []]
        assert await scene.say("你好", OUTSIDER) == greeting, "another reader had to wait"
        now += 2
        assert await scene.say("你好") == greeting
        assert await scene.say("你好") == [said(Door.TOO_FAST, seconds=2)]

    play(script, Rules(per_user=Rate(30, 2)))


def test_a_tap_and_a_query_too_fast_are_answered_in_their_own_way(
    play: Callable[..., None],
) -> None:
    async def script(scene: Scene) -> None:
        await scene.say("你好")
        tap = updates(READER, "more:0", chat_id=READER.id)["callback_query"]
        assert await scene.send({"callback_query": tap}) == ["answerCallbackQuery"]
        query = updates(READER, QUESTION, chat_id=READER.id)["inline_query"]
        assert await scene.send({"inline_query": query}) == ["answerInlineQuery"]
        assert not scene.archive.asked

    play(script, Rules(per_user=Rate(1, 1)))


def test_what_people_in_a_group_say_to_each_other_costs_nothing(
    play: Callable[..., None],
) -> None:
    async def script(scene: Scene) -> None:
        group = {"id": -7, "type": "supergroup", "title": "读报群"}
        content = updates(READER, "随便聊聊", chat_id=READER.id)["message"] | {"chat": group}
        for _ in range(20):
            assert await scene.send({"message": content}) == []
        assert await scene.say("你好") == [wording.say(Text.GREETING)]

    play(script, Rules(per_user=Rate(1, 1)))


def test_a_late_question_is_told_once_and_a_recent_one_answered(
    play: Callable[..., None],
) -> None:
    async def script(scene: Scene) -> None:
        now = int(time.time())
        for _ in range(3):
            await scene.say(QUESTION, date=now - int(LATE_S) - 60)
        assert [sent.text for sent in scene.server.sent] == [said(Door.LATE)]
        assert not scene.archive.asked
        (answer,) = await scene.say(QUESTION, date=now - int(LATE_S) + 60)
        assert answer.startswith(wording.verdict(Verdict.ANSWERED))

    play(script, Rules())
