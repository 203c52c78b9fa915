"""The library in Telegram: a real process over a generated archive, through a strict server."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from botapi import READER, BotApi, Sent, User
from stacks import BUSY, write
from test_telegram import REAL, start_bot

from bot import wording
from bot.feedback import Feedback
from bot.settings import BotConfig
from bot.wording import Lang, Library, Text
from retrieval.archive import Archive
from retrieval.settings import Settings

ENGLISH = User(id=43, first_name="Reader", language_code="en")
QUESTION = "东丰县冬季植树工作有多少名干部参加?"
chats = itertools.count(5000)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state") / "state.sqlite3"


@pytest.fixture(scope="module")
def talk(
    state: Path,
    tmp_path_factory: pytest.TempPathFactory,
    settings: Settings,
    new_index: Callable[[Path], Path],
) -> Iterator[BotApi]:
    folder = tmp_path_factory.mktemp("telegram")
    write(folder / "seeds")
    index = new_index(folder)
    Archive.build(folder / "seeds", index, settings)
    environment = {"JIWEN_INDEX": str(index), "JIWEN_SEEDS": str(folder / "seeds")}
    environment["JIWEN_STATE"] = str(state)
    with BotApi() as api, start_bot(api, folder, REAL, environment) as bot:
        api.wait_for_call("getUpdates", 30)
        yield api
        assert bot.process.poll() is None, bot.output()
        assert "Traceback" not in bot.output()


@pytest.fixture
def chat() -> int:
    return next(chats)


def ask(server: BotApi, chat: int, text: str, user: User = READER) -> Sent:
    server.say(chat, text, user=user)
    return server.wait_for_message(chat)


def pressed(server: BotApi, message: Sent, label: str) -> Sent:
    """The message as it reads after a button that turns its page."""
    before = len(server.edits)
    server.press(message, label)
    return server.wait_for_edit(message, after=before)


def test_papers(talk: BotApi, chat: int) -> None:
    assert "《辽源日报》" in ask(talk, chat, "/papers").text
    assert ask(talk, chat, "/papers", ENGLISH).text.startswith("The archive holds")


def test_a_day_is_leafed_through_and_an_article_opened(talk: BotApi, chat: int) -> None:
    first = ask(talk, chat, f"/day {BUSY}")
    assert first.text.startswith("2021年1月5日：共 23 篇")
    assert talk.buttons(first)[-2:] == ["1/3", "›"]
    second = pressed(talk, first, "›")
    assert "11. " in second.text
    assert "\n1. " not in second.text
    assert talk.buttons(first)[-3:] == ["‹", "2/3", "›"]
    talk.press(first, "12")
    lead = talk.wait_for_message(chat)
    (quote,) = lead.marked("blockquote")
    assert quote.startswith("本报讯")
    code = next(line.partition(" ")[2] for line in lead.text.splitlines() if "/c_" in line)
    assert ask(talk, chat, code).marked("blockquote") == [quote]


def test_the_page_that_is_shown_may_be_asked_for_again(talk: BotApi, chat: int) -> None:
    first = ask(talk, chat, f"/day {BUSY}")
    before = len(talk.calls)
    talk.press(first, "1/3")
    talk.wait_for_call("answerCallbackQuery", after=before)
    assert "11. " in pressed(talk, first, "›").text


def test_a_month_and_a_date_without_its_year_lead_to_a_day(talk: BotApi, chat: int) -> None:
    month = ask(talk, chat, "/day 2021年1月")
    assert pressed(talk, month, "2021年1月5日（23 篇）").text.startswith("2021年1月5日")
    years = ask(talk, chat, "/day 1月5日")
    assert pressed(talk, years, "2018年1月5日（1 篇）").text.startswith("《城市晚报》2018年1月5日")


def test_an_empty_day_offers_the_nearest(talk: BotApi, chat: int) -> None:
    assert talk.buttons(ask(talk, chat, "/day 2021-02-10")) == [
        "2021年2月5日（1 篇）",
        "2021年2月18日（1 篇）",
    ]


def test_random_goes_on(talk: BotApi, chat: int) -> None:
    lead = ask(talk, chat, "/random")
    assert lead.marked("blockquote")
    talk.press(lead, wording.say(Library.AGAIN))
    assert talk.wait_for_message(chat).marked("blockquote")


def test_a_timeline_is_a_picture_with_its_count(talk: BotApi, chat: int) -> None:
    drawn = ask(talk, chat, "/timeline 植树")
    assert (drawn.kind, drawn.text.startswith("全库逐篇核对：共")) == ("photo", True)
    assert drawn.file is not None
    assert drawn.file.data.startswith(b"\x89PNG")
    assert ask(talk, chat, "/timeline 火星").text.startswith("全库没有一篇提到“火星”")
    assert ask(talk, chat, "/timeline").text.startswith("写上一个词")


def test_verify_takes_words_or_the_message_replied_to(talk: BotApi, chat: int) -> None:
    words = "落实责任，抓出成效。"
    assert ask(talk, chat, f"/verify {words}").text.startswith(wording.say(Library.VERIFY_EXACT))
    replied = talk.say(chat, words)["message"]
    talk.wait_for_message(chat)
    command = {"text": "/verify", "entities": [{"type": "bot_command", "offset": 0, "length": 7}]}
    talk.post(command | {"reply_to_message": replied}, chat)
    assert talk.wait_for_message(chat).text.startswith(wording.say(Library.VERIFY_EXACT))
    assert ask(talk, chat, "/verify").text == wording.say(Library.VERIFY_HOW)


@pytest.mark.parametrize("command", ["start", "help"])
def test_every_example_of_the_help_is_answered(talk: BotApi, chat: int, command: str) -> None:
    for user, lang in ((READER, Lang.ZH), (ENGLISH, Lang.EN)):
        said = ask(talk, chat, f"/{command}", user).text
        assert said.startswith(wording.say(Text[command.upper()], lang, examples="").split("\n")[0])
        head = said.split("\n\n")[1 if command == "start" else 0]
        examples = [
            line[2:] for line in said.split("\n") if line.startswith("· ") and line[-1] == "？"
        ]
        assert 2 <= len([one for one in examples if one in said and head]) <= 5
    for example in examples[:3]:
        answer = ask(talk, chat, example)
        assert answer.marked("blockquote"), example


def test_the_commands_of_the_help_and_of_the_menu_are_answered(talk: BotApi, chat: int) -> None:
    said = ask(talk, chat, "/help").text
    for name in ("papers", "day", "random", "timeline", "verify", "privacy", "forget"):
        assert f"/{name}" in said
        assert ask(talk, chat, f"/{name}").text != wording.say(Text.UNKNOWN_COMMAND)
    menus = [call.params["commands"] for call in talk.calls if call.method == "setMyCommands"]
    assert all(f'"{name}"' in menu for menu in menus for name in ("papers", "forget"))


def test_forget_ends_the_conversation_and_its_buttons(talk: BotApi, chat: int) -> None:
    sign = wording.say(Text.UNDERSTOOD, question="")
    ask(talk, chat, QUESTION)
    assert sign in ask(talk, chat, "那秸秆禁烧呢?").text
    assert ask(talk, chat, "/forget").text == wording.say(Library.FORGOTTEN)
    assert sign not in ask(talk, chat, "那秸秆禁烧呢?").text


def test_forget_deletes_what_was_said_of_answers(talk: BotApi, chat: int, state: Path) -> None:
    def rated() -> int:
        with closing(Feedback.open(state)) as feedback:
            return len(list(feedback.exported(lambda _: False)))

    answer = ask(talk, chat, QUESTION)
    assert rated() == 0
    before = len(talk.calls)
    talk.press(answer, next(label for label in talk.buttons(answer) if "👍" in label))
    talk.wait_for_call("answerCallbackQuery", after=before)
    assert rated() == 1
    ask(talk, chat, "/forget")
    assert rated() == 0


def test_privacy_says_how_long(talk: BotApi, chat: int) -> None:
    days = BotConfig().keep_days
    for user, lang in ((READER, Lang.ZH), (ENGLISH, Lang.EN)):
        said = wording.say(Library.PRIVACY, lang, days=days)
        assert ask(talk, chat, "/privacy", user).text == said


def test_in_a_group_forget_is_ones_own(talk: BotApi, chat: int) -> None:
    def say(text: str, user: User = READER) -> str:
        talk.say(-chat, text, user=user, chat_type="supergroup")
        return talk.wait_for_message(-chat).text

    say(f"@jiwen_test_bot {QUESTION}")
    say(f"@jiwen_test_bot {QUESTION}", ENGLISH)
    say("/forget@jiwen_test_bot")
    assert "理解为" not in say("@jiwen_test_bot 那秸秆禁烧呢?")
    assert "Understood" in say("@jiwen_test_bot 那秸秆禁烧呢?", ENGLISH)


def test_in_a_group_a_command_is_answered_in_reply(talk: BotApi, chat: int) -> None:
    said = talk.say(-chat, f"/day@jiwen_test_bot {BUSY}", chat_type="supergroup")
    answer = talk.wait_for_message(-chat)
    assert answer.reply_to == said["message"]["message_id"]


@pytest.mark.parametrize(
    "data",
    [
        "lib:",
        "lib:day:2021-99-99:0",
        "lib:day:2021-01-05:9999999",
        "lib:lead:../x:2021-01-05",
        "lib:x",
    ],
)
def test_a_forged_button_upsets_nothing(talk: BotApi, chat: int, data: str) -> None:
    first = ask(talk, chat, f"/day {BUSY}")
    before = len(talk.calls)
    talk.press_data(first, data)
    talk.wait_for_call("answerCallbackQuery", after=before)
    assert ask(talk, chat, "/papers").text.startswith("档案里共有")
