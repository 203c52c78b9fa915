"""The load run counts right: a bot that loses or doubles answers does not go unseen."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import httpx
import pytest

from bot import wording
from bot.wording import Text
from tests.benchmarks.load.__main__ import distinct, expected_answers, plans
from tests.benchmarks.load.crowd import Crowd, Pace
from tests.telegramserver import TOKEN, BotApi, Trouble

Json = dict[str, Any]
PACE = Pace(arrive_s=0.1, think_s=0.01, patience_s=1.0)
EXPECTED = {text: f"答{text}" for text in "甲乙丙丁"}


class Clumsy(Thread):
    """A bot that answers 答X to X: 乙 twice, 丙 never, 丁 with an apology, a lost reply again."""

    def __init__(self, api: BotApi) -> None:
        super().__init__(daemon=True)
        self.api, self.sure = api, True

    def run(self) -> None:
        offset = 0
        with httpx.Client(base_url=f"{self.api.base_url}{TOKEN}/", trust_env=False) as client:
            while self.api.updates.closing is False:
                reply = client.post("getUpdates", data={"offset": offset, "timeout": 1})
                for update in reply.json()["result"]:
                    offset = update["update_id"] + 1
                    self.answer(client, update["message"])

    def answer(self, client: httpx.Client, message: Json) -> None:
        text, chat = message["text"], message["chat"]["id"]
        clumsy = {"乙": ["答乙"] * 2, "丙": [], "丁": [wording.say(Text.FAILURE)]}
        for answer in ["答" + text] if self.sure else clumsy.get(text, ["答" + text]):
            data = {"chat_id": chat, "text": answer}
            try:
                client.post("sendMessage", data=data)
            except httpx.TransportError:
                client.post("sendMessage", data=data)


@pytest.fixture
def bot() -> Iterator[Clumsy]:
    with BotApi() as api:
        clumsy = Clumsy(api)
        clumsy.start()
        yield clumsy
    clumsy.join(5)


def asked(bot: Clumsy, *plan: str) -> Crowd:
    crowd = Crowd(bot.api, EXPECTED, PACE, seed=0)
    crowd.run([list(questions) for questions in plan], lambda _: None, first_chat=100)
    return crowd


def test_a_bot_that_answers_once_is_found_to(bot: Clumsy) -> None:
    crowd = asked(bot, "甲乙", "丙丁", "乙甲")
    assert len(crowd.asked) == 6
    assert [(len(one.messages), one.doubles) for one in crowd.asked] == [(1, 0)] * 6
    assert all(0 < one.latency_s < 30 for one in crowd.asked)
    assert crowd.strange == []


def test_lost_and_doubled_answers_are_found(bot: Clumsy) -> None:
    bot.sure = False
    crowd = asked(bot, "乙甲", "丙", "丁")
    found = {one.question: (len(one.messages), one.doubles) for one in crowd.asked}
    assert found == {"乙": (2, 1), "甲": (1, 0), "丙": (0, 0), "丁": (0, 0)}
    assert [sent.text for sent in crowd.strange] == [wording.say(Text.FAILURE)]


def test_a_double_that_no_bot_can_avoid_is_counted_apart(bot: Clumsy) -> None:
    bot.api.inject("sendMessage", Trouble.REPLY_LOST)
    (one,) = asked(bot, "甲").asked
    assert (len(one.messages), one.doubles, one.doubles_unknowable) == (2, 0, 1)


def test_what_is_expected_is_asked_for_in_peace(bot: Clumsy) -> None:
    assert expected_answers(bot.api, ["甲", "乙"]) == {"甲": "答甲", "乙": "答乙"}


def test_people_choose_questions_of_their_own() -> None:
    pool = distinct({"甲": "1", "乙": "1", "丙": "2"})
    assert len(pool) == 2
    chosen = plans(pool, people=30, each=2, seed=0)
    assert all(sorted(one) == sorted(pool) for one in chosen)
    assert len({tuple(one) for one in chosen}) == 2
