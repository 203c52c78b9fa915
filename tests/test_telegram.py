"""The bot as people meet it: a real process that speaks HTTP with a Bot API server on loopback."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botapi import READER, TOKEN, BotApi, Sent, Trouble, User
from telegramserver.running import CANNED, REAL, ROOT, start_bot

from bot import wording
from bot.feedback import Feedback
from bot.telegram.memory import UPDATE_S
from bot.wording import Lang, Text
from retrieval.records import Reason, Verdict

SECRET = TOKEN.partition(":")[2]
ENGLISH = User(id=43, first_name="Reader", language_code="en")
OUTSIDER = User(id=666, first_name="Outsider")
QUESTION = "辽源市冬季植树一共栽了多少棵树?"

chats = itertools.count(1000)


@pytest.fixture
def server() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    command = [sys.executable, "-m", "bot.cli", "index", "--seeds", "seeds", "--index", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module", params=["canned", "real"])
def talk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotApi]:
    """A server with the bot behind it, shared: each test talks in a chat of its own."""
    real = request.param == "real"
    environment = {"JIWEN_INDEX": str(request.getfixturevalue("index"))} if real else {}
    folder = tmp_path_factory.mktemp("bot")
    with BotApi() as api, start_bot(api, folder, REAL if real else CANNED, environment) as bot:
        api.wait_for_call("getUpdates", 20)
        yield api
        assert bot.process.poll() is None, bot.output()
        assert SECRET not in bot.output()


@pytest.fixture
def chat() -> int:
    return next(chats)


def ask(server: BotApi, chat: int, text: str, user: User = READER) -> Sent:
    server.say(chat, text, user=user)
    return server.wait_for_message(chat)


def said(key: Text, lang: Lang = Lang.ZH) -> str:
    """The first line of a fixed text."""
    return wording.say(key, lang, examples="").split("\n")[0]


# a person talks


@pytest.mark.parametrize("command", ["start", "help", "about", "new"])
def test_commands_are_answered_in_the_readers_language(
    talk: BotApi, chat: int, command: str
) -> None:
    key = Text[command.upper()]
    assert ask(talk, chat, f"/{command}").text.startswith(said(key))
    assert ask(talk, chat, f"/{command}", ENGLISH).text.startswith(said(key, Lang.EN))


def test_help_has_examples(talk: BotApi, chat: int) -> None:
    assert QUESTION.rstrip("?") in ask(talk, chat, "/help").text


def test_a_question_gets_verdict_quote_and_source_in_one_message(talk: BotApi, chat: int) -> None:
    answer = ask(talk, chat, QUESTION)
    assert answer.text.startswith(wording.verdict(Verdict.ANSWERED))
    (quote,) = answer.marked("blockquote")
    assert "2677" in quote
    assert any("2677" in bold for bold in answer.marked("b"))
    (source,) = answer.marked("i")
    assert "行" in source
    assert "《" in source or "原件" in source
    assert answer.params["parse_mode"] == "HTML"


def test_typing_is_shown_before_the_answer(talk: BotApi, chat: int) -> None:
    before = len(talk.calls)
    ask(talk, chat, QUESTION)
    here = [c.method for c in talk.calls[before:] if c.params.get("chat_id") == str(chat)]
    assert here == ["sendChatAction", "sendMessage"]


def labelled(server: BotApi, message: Sent, start: str) -> str:
    """The button under a message that begins so."""
    found = [label for label in server.buttons(message) if label.startswith(start)]
    assert len(found) == 1, server.buttons(message)
    return found[0]


def tap(server: BotApi, message: Sent, start: str, user: User = READER) -> None:
    server.press(message, labelled(server, message, start), user=user)


def edited(server: BotApi, message: Sent) -> Sent:
    """The message as it reads when it has been edited."""

    def other() -> Sent | None:
        now = server.messages.now(message)
        return now if now is not message else None

    return server.wait_for(other)


def told(server: BotApi, press: Callable[[], object]) -> str:
    """What a press is answered with."""
    before = len(server.calls)
    press()
    call = server.wait_for_call("answerCallbackQuery", after=before)
    return str(call.params.get("text", ""))


TREES = "辽源市造林植树多少万亩?"
MORE = wording.say(Text.BUTTON_MORE, place="").rstrip(" ›")


def test_an_answer_is_turned_to_its_other_quotes_and_back(talk: BotApi, chat: int) -> None:
    first = ask(talk, chat, TREES)
    n = int(labelled(talk, first, MORE).split("/")[1].split()[0])
    seen = [first]
    tap(talk, first, MORE)
    for place in range(2, n + 1):
        seen.append(edited(talk, seen[-1]))
        assert f"{place}/{n}" in talk.buttons(seen[-1])
        assert seen[-1].text.startswith(wording.say(Text.FURTHER))
        if place < n:
            tap(talk, seen[-1], "›")
    assert "›" not in talk.buttons(seen[-1])
    quotes = [quote for sent in seen for quote in sent.marked("blockquote")]
    assert len(set(quotes)) == n >= 2
    tap(talk, seen[-1], f"{n}/{n}")
    back = edited(talk, seen[-1])
    assert (back.text, back.entities) == (first.text, first.entities)
    assert talk.buttons(back) == [label for label, _ in first.buttons]


@pytest.mark.parametrize("text", [QUESTION, TREES])
def test_what_stands_around_a_quote_is_shown_with_it_marked(
    talk: BotApi, chat: int, text: str
) -> None:
    answer = ask(talk, chat, text)
    tap(talk, answer, wording.say(Text.BUTTON_NEAR))
    near = talk.wait_for_message(chat)
    assert near.text.startswith(wording.say(Text.AROUND))
    assert near.params["reply_parameters"].count(str(answer.id)) == 1
    bare = "".join("".join(answer.marked("blockquote")).split())
    assert "".join("".join(near.marked("b")).split()) == bare
    assert "".join("".join(near.marked("blockquote")).split()).count(bare) >= 1


def test_a_whole_article_is_sent_as_messages(talk: BotApi, chat: int) -> None:
    answer = ask(talk, chat, QUESTION)
    tap(talk, answer, wording.say(Text.BUTTON_FULL))
    whole = talk.wait_for_message(chat)
    chars = sum(map(len, whole.marked("blockquote")))
    assert whole.text.startswith(wording.say(Text.FULL, n=chars))


def test_an_article_too_long_for_messages_is_sent_as_a_file(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path, environment={"JIWEN_TEST_PIECES": "700"}):
        tap(server, ask(server, 7, QUESTION), wording.say(Text.BUTTON_FULL))
        by_button = server.wait_for_message(7)
        by_word = ask(server, 7, "全文")
        assert wording.say(Text.UNDERSTOOD, question="") in by_word.text
    for sent in (by_button, by_word):
        assert sent.file
        assert sent.file.name == "辽源日报_2021-01-27_植树_&_造林.txt"
        text = sent.file.data.decode("utf-8-sig")
        assert text.count("将23个品种总计2677棵树木") == 700
        assert "《辽源日报》2021年1月27日 · 第1版 · 植树 & <造林>" in text.splitlines()[0]
        assert str(len(text.splitlines()[-1])) in sent.text


def test_a_reference_is_given_in_the_form_of_the_standard(talk: BotApi, chat: int) -> None:
    answer = ask(talk, chat, QUESTION)
    code = answer.text.split()[-1]
    tap(talk, answer, wording.say(Text.BUTTON_CITE))
    reference = talk.wait_for_message(chat)
    (cited,) = reference.marked("code")
    assert "[N]" in cited
    assert reference.text.endswith(f"\n{code}")


def exported(folder: Path) -> list[dict[str, Any]]:
    """What readers said, as whoever runs the bot is given it."""
    feedback = Feedback.open(folder / "state" / "bot.sqlite3")
    try:
        return list(feedback.exported(lambda _: False))
    finally:
        feedback.close()


def test_ratings_are_kept_with_the_reason_and_the_question(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        answer = ask(server, 7, QUESTION)
        assert told(server, lambda: tap(server, answer, "👍")) == wording.say(Text.RATED)
        server.wait_for(lambda: "👍 ✓" in server.buttons(answer))
        assert told(server, lambda: tap(server, answer, "👎")) == wording.say(Text.WHY)
        server.wait_for(lambda: wording.say(Text.WHY_MISSED) in server.buttons(answer))
        tap(server, answer, wording.say(Text.BUTTON_BACK))
        server.wait_for(lambda: "👎 ✓" in server.buttons(answer))
        tap(server, answer, "👎")
        server.wait_for(lambda: wording.say(Text.WHY_MISSED) in server.buttons(answer))
        tap(server, answer, wording.say(Text.WHY_MISSED))
        server.wait_for(lambda: "👎 ✓" in server.buttons(answer))
        refused = ask(server, 8, "qwertyuiop是谁?")
        tap(server, refused, "👍")
        server.wait_for(lambda: "👍 ✓" in server.buttons(refused))
    first, second = exported(tmp_path)
    assert (first["rating"], first["reason"], first["question"]) == ("down", "missed", QUESTION)
    assert (len(first["cites"]), first["verdict"]) == (3, "answered")
    assert (second["rating"], second["verdict"], second["cites"]) == ("up", "none", [])


def test_a_correction_goes_to_the_list_and_changes_nothing(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        answer = ask(server, 7, QUESTION)
        tap(server, answer, wording.say(Text.BUTTON_FIX))
        prompt = server.wait_for_message(7)
        assert prompt.text == wording.say(Text.FIX)
        assert '"force_reply": true' in prompt.params["reply_markup"]
        server.say(7, "字" * 1001, reply_to=prompt)
        too_long = wording.say(Text.FIX_LONG, max_chars=1000)
        assert server.wait_for_message(7).text == too_long
        server.say(7, "将23个品种总计2667棵树木", reply_to=prompt)
        assert server.wait_for_message(7).text == wording.say(Text.FIX_THANKS)
        server.say(7, QUESTION, reply_to=prompt)  # it awaits one correction: this is a question
        again = server.wait_for_message(7)
        assert again.marked("blockquote") == answer.marked("blockquote")
    (kept,) = exported(tmp_path)
    assert kept["corrected"] == "将23个品种总计2667棵树木"
    assert kept["printed"] == answer.marked("blockquote")[0]
    assert f"/c_{kept['cite']}" in answer.text


def test_a_question_after_a_prompt_is_a_question(talk: BotApi, chat: int) -> None:
    tap(talk, ask(talk, chat, QUESTION), wording.say(Text.BUTTON_FIX))
    talk.wait_for_message(chat)
    assert ask(talk, chat, QUESTION).marked("blockquote")


def test_what_was_read_of_a_question_can_be_dropped(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        answer = ask(server, 7, "辽源日报头版写的植树")
        assert "《辽源日报》 · 第1版优先" in answer.text
        tap(server, answer, wording.say(Text.BUTTON_DROP, what="《辽源日报》"))
        fewer = edited(server, answer)
        assert "〔第1版优先〕" in fewer.text
        tap(server, fewer, wording.say(Text.BUTTON_DROP, what="第1版"))
        none = edited(server, fewer)
        assert "优先" not in none.text
        assert not [label for label in server.buttons(none) if label.startswith("✕")]
        forged = next(data for _, data in answer.buttons if data.startswith("drop:"))
        expired = told(server, lambda: server.press_data(none, forged))
    assert expired == wording.say(Text.EXPIRED)


def test_a_follow_up_is_understood_until_the_subject_changes(talk: BotApi, chat: int) -> None:
    sign = wording.say(Text.UNDERSTOOD, question="")
    assert sign not in ask(talk, chat, QUESTION).text
    assert sign in ask(talk, chat, "那延吉市呢?").text
    assert sign not in ask(talk, next(chats), "那延吉市呢?").text
    ask(talk, chat, "/new")
    assert sign not in ask(talk, chat, "那延吉市呢?").text


@pytest.mark.parametrize("reset", ["/reset", "换个话题"])
def test_a_conversation_is_begun_anew_on_request(talk: BotApi, chat: int, reset: str) -> None:
    ask(talk, chat, QUESTION)
    assert ask(talk, chat, reset).text == wording.say(Text.NEW)
    assert wording.say(Text.UNDERSTOOD, question="") not in ask(talk, chat, "那延吉市呢?").text


def test_more_shows_what_the_first_message_did_not(talk: BotApi, chat: int) -> None:
    shown = ask(talk, chat, "辽源市造林植树多少万亩?").marked("blockquote")
    further = ask(talk, chat, "还有吗?")
    assert wording.say(Text.FURTHER) in further.text
    assert further.marked("blockquote")
    assert not set(further.marked("blockquote")) & set(shown)


def test_what_was_turned_to_is_not_shown_again(talk: BotApi, chat: int) -> None:
    answer = ask(talk, chat, TREES)
    tap(talk, answer, MORE)
    turned = edited(talk, answer).marked("blockquote")
    assert not set(ask(talk, chat, "还有吗?").marked("blockquote")) & set(turned)


@pytest.mark.parametrize("text", ["详细点", "看看原文"])
def test_an_excerpt_is_headed_and_not_judged(talk: BotApi, chat: int, text: str) -> None:
    assert ask(talk, chat, text).text == wording.reason(Reason.NOTHING_ASKED)
    ask(talk, chat, QUESTION)
    excerpt = ask(talk, chat, text)
    assert wording.verdict(Verdict.ANSWERED) not in excerpt.text
    assert wording.say(Text.UNDERSTOOD, question=QUESTION) in excerpt.text
    assert excerpt.marked("blockquote")


def test_in_a_group_each_reader_and_each_topic_has_a_conversation(talk: BotApi, chat: int) -> None:
    def say(text: str, user: User = READER) -> Sent:
        talk.say(-chat, f"@jiwen_test_bot {text}", user=user, chat_type="supergroup")
        return talk.wait_for_message(-chat)

    say(QUESTION)
    assert "理解为" in say("那延吉市呢?").text
    assert "Understood" not in say("那延吉市呢?", ENGLISH).text
    assert "理解为" in say("那延吉市呢?").text


def test_a_citation_code_shows_the_quote_again(talk: BotApi, chat: int) -> None:
    answer = ask(talk, chat, QUESTION)
    code = answer.text.split()[-1]
    assert code.startswith("/c_")
    again = ask(talk, chat, code)
    assert again.marked("blockquote") == answer.marked("blockquote")
    assert again.marked("i") == answer.marked("i")
    assert ask(talk, chat, f"{code}@jiwen_test_bot").text == again.text


@pytest.mark.parametrize("code", ["/c_k3v4q2m7ta_b120_9999", "/c_x", "/c__"])
def test_an_unknown_code_is_met_calmly(talk: BotApi, chat: int, code: str) -> None:
    assert ask(talk, chat, code).text == wording.say(Text.CITE_UNKNOWN)


@pytest.mark.parametrize("data", ["more:0123456789abcdef", "more:", "x", "more:../../etc", "💥"])
def test_a_forged_or_old_button_says_that_it_expired(talk: BotApi, chat: int, data: str) -> None:
    answer = ask(talk, chat, QUESTION)
    before = len(talk.calls)
    talk.press_data(answer, data)
    call = talk.wait_for_call("answerCallbackQuery", after=before)
    assert call.params["text"] == wording.say(Text.EXPIRED)


def test_a_button_of_another_chat_is_worth_nothing(talk: BotApi, chat: int) -> None:
    mine = ask(talk, chat, QUESTION)
    data = dict(mine.buttons)["👍"]
    theirs = ask(talk, next(chats), QUESTION, ENGLISH)
    before = len(talk.calls)
    talk.press_data(theirs, data, user=ENGLISH)
    call = talk.wait_for_call("answerCallbackQuery", after=before)
    assert call.params["text"] == wording.say(Text.EXPIRED, Lang.EN)


@pytest.mark.parametrize("text", ['<b>&"', "</blockquote><script>", "&lt;&#38;", "a\ud83d<"])
def test_what_a_reader_typed_is_shown_escaped(talk: BotApi, chat: int, text: str) -> None:
    reply = ask(talk, chat, text)
    shown = text.replace("\ud83d", "\ufffd")
    assert reply.text.startswith(wording.say(Text.ASKED, question=shown) + "\n")
    assert [entity.tag for entity in reply.entities] == ["i"]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("你好", Text.GREETING),
        ("谢谢!", Text.THANKS),
        ("😀👍", Text.NO_WORDS),
        ("?!", Text.NO_WORDS),
        ("/nonsense", Text.UNKNOWN_COMMAND),
    ],
)
def test_small_talk_gets_a_kind_word(talk: BotApi, chat: int, text: str, reply: Text) -> None:
    assert ask(talk, chat, text).text.startswith(said(reply))


@pytest.mark.parametrize("text", ["字" * 10_000, "&" * 4096, "𠀀" * 501])
def test_a_question_too_long_is_refused_politely(talk: BotApi, chat: int, text: str) -> None:
    assert ask(talk, chat, text).text == wording.reason(Reason.LONG_QUESTION)


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "location", "document"])
def test_what_is_no_text_gets_a_polite_line(talk: BotApi, chat: int, kind: str) -> None:
    talk.post(CONTENTS[kind], chat)
    assert talk.wait_for_message(chat).text == wording.say(Text.ONLY_TEXT)


FILE = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
CONTENTS = {
    "sticker": {"sticker": FILE | {"type": "regular", "is_animated": False, "is_video": False}},
    "photo": {"photo": [FILE], "caption": QUESTION},
    "voice": {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
    "document": {"document": {"file_id": "f", "file_unique_id": "u"}},
    "location": {"location": {"latitude": 42.9, "longitude": 125.1}},
}


def test_an_edited_question_is_answered_again(talk: BotApi, chat: int) -> None:
    talk.say(chat, QUESTION, kind="edited_message")
    assert talk.wait_for_message(chat).marked("blockquote")


def test_an_edited_question_is_answered_where_it_was(talk: BotApi, chat: int) -> None:
    said = talk.say(chat, "qwertyuiop是谁?")
    answer = talk.wait_for_message(chat)
    assert not answer.marked("blockquote")
    talk.say(chat, QUESTION, edits=said)
    now = edited(talk, answer)
    assert now.text.startswith(wording.verdict(Verdict.ANSWERED))
    assert labelled(talk, now, "👍")
    talk.say(chat, "asdfghjkl是谁?", edits=said)
    assert "asdfghjkl" in edited(talk, now).text


def test_an_edited_question_takes_the_place_of_the_one_before(talk: BotApi, chat: int) -> None:
    ask(talk, chat, QUESTION)
    said = talk.say(chat, "那延吉市呢?")
    answer = talk.wait_for_message(chat)
    assert "延吉市" in answer.text
    talk.say(chat, "那总投资呢?", edits=said)
    understood = edited(talk, answer).text.splitlines()[0]
    assert understood.startswith(wording.say(Text.UNDERSTOOD, question="辽源市冬季植树"))


def test_a_question_edited_later_is_answered_below_and_replied_to(talk: BotApi, chat: int) -> None:
    said = talk.say(chat, QUESTION)
    talk.wait_for_message(chat)
    ask(talk, chat, "谢谢")
    talk.say(chat, "qwertyuiop是谁?", edits=said)
    answer = talk.wait_for_message(chat)
    assert "qwertyuiop" in answer.text
    assert str(said["message"]["message_id"]) in answer.params["reply_parameters"]


def test_several_questions_in_one_message_are_answered_one_by_one(talk: BotApi, chat: int) -> None:
    said = talk.say(chat, f"{QUESTION}qwertyuiop是谁?\n{TREES}")
    answers = [talk.wait_for_message(chat) for _ in range(3)]
    for answer, question in zip(answers, (QUESTION, "qwertyuiop是谁?", TREES), strict=True):
        assert answer.text.startswith(wording.say(Text.ASKED, question=question) + "\n")
        assert answer.text.count(wording.say(Text.ASKED, question="")) == 1
        assert str(said["message"]["message_id"]) in answer.params["reply_parameters"]
    tap(talk, answers[2], MORE)
    turned = edited(talk, answers[2])
    tap(talk, turned, "‹")
    assert edited(talk, turned).text == answers[2].text


def test_more_questions_than_are_answered_at_once_are_counted(talk: BotApi, chat: int) -> None:
    talk.say(chat, "\n".join(f"{QUESTION[:-1]}{n}?" for n in range(7)))
    texts = [talk.wait_for_message(chat).text for _ in range(6)]
    assert texts[-1] == wording.say(Text.TOO_MANY, most=5, n=2)


def test_in_a_group_only_what_is_put_to_the_bot_is_answered(talk: BotApi, chat: int) -> None:
    group = -chat
    talk.say(group, QUESTION, chat_type="supergroup")
    talk.say(group, "/nonsense", chat_type="supergroup")
    talk.say(group, "/c_k3v4q2m7ta_b120_81@another_bot", chat_type="supergroup")
    asked = talk.say(group, f"@jiwen_test_bot {QUESTION}", chat_type="supergroup")
    answer = talk.wait_for_message(group)
    assert answer.marked("blockquote")
    assert str(asked["message"]["message_id"]) in answer.params["reply_parameters"]


def test_answers_come_in_the_order_of_the_questions(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        for text in ("慢 一", "你好", "慢 二", "谢谢"):
            server.say(7, text)
        server.say(8, "你好")
        texts = [server.wait_for_message(7).text for _ in range(4)]
    assert ["慢 一" in texts[0], "慢 二" in texts[2]] == [True, True]
    assert [texts[1], texts[3]] == [wording.say(Text.GREETING), wording.say(Text.THANKS)]
    order = [sent.chat_id for sent in server.sent]
    assert order.index(8) < 3, "one chat waited for the other's search"


# an outsider


@pytest.fixture
def closed(server: BotApi, tmp_path: Path) -> Iterator[BotApi]:
    """A server with a bot that answers nobody but READER."""
    (tmp_path / "jiwen.toml").write_text(f"[bot]\nallowed_users = [{READER.id}]\n")
    with start_bot(server, tmp_path, environment={"JIWEN_CONFIG": str(tmp_path)}):
        yield server


def test_an_outsider_gets_nothing_by_any_way_in(closed: BotApi) -> None:
    answer = ask(closed, READER.id, QUESTION)
    labels = closed.buttons(answer)
    before = len(closed.calls)
    for text in (QUESTION, "/start", "/help", "/c_k3v4q2m7ta_b120_81", "你好", "出错", "x" * 5000):
        closed.say(666, text, user=OUTSIDER)
        closed.say(666, text, user=OUTSIDER, kind="edited_message")
        closed.say(-9, f"@jiwen_test_bot {text}", user=OUTSIDER, chat_type="group")
        closed.say(READER.id, text, user=OUTSIDER)
    for content in CONTENTS.values():
        closed.post(content, 666, user=OUTSIDER)
    for label in labels:
        closed.press(answer, label, user=OUTSIDER)
    closed.press_data(answer, "x", user=OUTSIDER)
    inline = {"id": "1", "from": OUTSIDER.json(), "query": QUESTION, "offset": ""}
    closed.update({"inline_query": inline})
    post = {"message_id": 1, "date": 1, "chat": {"id": -10, "type": "channel", "title": "c"}}
    closed.update({"channel_post": post | {"text": QUESTION}})
    closed.say(READER.id, "谢谢")  # the updates before it are done when this one is answered
    assert closed.wait_for_message(READER.id).text == wording.say(Text.THANKS)
    own = (str(READER.id), None)
    after = [c for c in closed.calls[before:] if c.method != "getUpdates"]
    assert [c.method for c in after if c.params.get("chat_id") not in own] == []
    assert [c.method for c in after].count("sendMessage") == 1
    assert "answerCallbackQuery" not in [c.method for c in after]
    assert closed.buttons(answer) == labels


# trouble


DEBUG = {"JIWEN_LOG": "DEBUG"}


def test_the_token_is_printed_nowhere_whatever_goes_wrong(server: BotApi, tmp_path: Path) -> None:
    server.inject("getMe", Trouble.BAD_GATEWAY)
    server.inject("deleteWebhook", Trouble.DROPPED)
    server.inject("setMyCommands", Trouble.CANNOT_PARSE)
    with start_bot(server, tmp_path, environment=DEBUG) as bot:
        server.wait_for_call("getUpdates", 30)
        server.inject("getUpdates", Trouble.BAD_GATEWAY)
        server.inject("sendMessage", Trouble.UNAUTHORIZED)
        server.inject("sendMessage", Trouble.DROPPED)
        assert ask(server, 7, QUESTION).text == wording.say(Text.FAILURE)
        assert ask(server, 7, "出错").text == wording.say(Text.FAILURE)
        assert ask(server, 7, QUESTION).text.startswith(wording.verdict(Verdict.ANSWERED))
        assert bot.stop() == 0
        printed = bot.output()
    assert "RuntimeError: broken at <token>" in printed
    assert "DEBUG" in printed
    assert SECRET not in printed
    assert SECRET not in str(server.sent)


def test_no_question_is_logged_at_info(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        ask(server, 7, "谁在镇上种了秘密的树")
        ask(server, 7, "出错 秘密")
        bot.stop()
        assert "INFO" in bot.output()
        assert "秘密" not in bot.output()


def test_a_wait_that_the_server_asks_for_is_kept(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        server.inject("sendMessage", Trouble.TOO_MANY, retry_after=1)
        assert ask(server, 7, QUESTION).marked("blockquote")
    first, second = [c.at for c in server.calls if c.method == "sendMessage"]
    assert second - first >= 1


@pytest.mark.parametrize("trouble", [Trouble.BAD_GATEWAY, Trouble.DROPPED])
def test_an_answer_survives_a_hiccup(server: BotApi, tmp_path: Path, trouble: Trouble) -> None:
    with start_bot(server, tmp_path):
        server.inject("sendChatAction", trouble)
        server.inject("sendMessage", trouble)
        assert ask(server, 7, QUESTION).marked("blockquote")


def test_html_that_the_server_cannot_read_is_sent_plain(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        server.inject("sendMessage", Trouble.CANNOT_PARSE)
        answer = ask(server, 7, QUESTION)
    assert "parse_mode" not in answer.params
    assert "在<11月30日>前" in answer.text
    assert len(answer.buttons) > 1


def refused(server: BotApi, folder: Path, **environment: str) -> str:
    """What a bot that must not start says; one line."""
    with start_bot(server, folder, environment=environment) as bot:
        assert bot.process.wait(30) not in (0, None)
        said = [line for line in bot.output().splitlines() if line.startswith("jiwen: ")]
        assert "Traceback" not in bot.output()
        assert len(said) == 1
        return said[0]


WRONG = "987654321:AAwrong-token_that_is_never_real_000"


@pytest.mark.parametrize(
    ("token", "key"),
    [("", Text.TOKEN_MISSING), ("not a token", Text.TOKEN_MALFORMED), (WRONG, Text.TOKEN_REFUSED)],
)
def test_a_bad_token_is_one_clear_line(
    server: BotApi, tmp_path: Path, token: str, key: Text
) -> None:
    line = refused(server, tmp_path, TELEGRAM_BOT_TOKEN=token)
    assert line == f"jiwen: {wording.both(key)}"


def test_the_command_without_a_token_ends_with_code_2(
    server: BotApi, tmp_path: Path, index: Path
) -> None:
    environment = {"TELEGRAM_BOT_TOKEN": "", "JIWEN_INDEX": str(index)}
    with start_bot(server, tmp_path, REAL, environment) as bot:
        assert bot.process.wait(30) == 2
        assert bot.output().splitlines() == [f"jiwen: {wording.both(Text.TOKEN_MISSING)}"]


def test_a_token_revoked_while_the_bot_runs_ends_it(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        server.wait_for_call("getUpdates")
        server.inject("getUpdates", Trouble.UNAUTHORIZED, times=9)
        server.say(7, "你好")  # ends the long poll
        assert bot.process.wait(30) == 1
        assert bot.output().splitlines()[-1] == f"jiwen: {wording.both(Text.TOKEN_REFUSED)}"
        assert "Traceback" not in bot.output()


def test_a_server_out_of_reach_is_waited_for_quietly(server: BotApi, tmp_path: Path) -> None:
    server.inject("getMe", Trouble.DROPPED, times=2)
    with start_bot(server, tmp_path) as bot:
        assert ask(server, 7, "你好").text == wording.say(Text.GREETING)
        printed = bot.output()
    assert "Traceback" not in printed
    assert printed.count("does not answer") == 1


def test_sigterm_while_the_server_is_out_of_reach_ends_it(server: BotApi, tmp_path: Path) -> None:
    server.inject("getMe", Trouble.BAD_GATEWAY, times=50)
    with start_bot(server, tmp_path) as bot:
        server.wait_for_call("getMe")
        assert bot.stop() == 0
        assert "Traceback" not in bot.output()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(server: BotApi, tmp_path: Path, sign: signal.Signals) -> None:
    with start_bot(server, tmp_path) as bot:
        server.wait_for_call("getUpdates")
        server.say(7, "慢慢地找")
        server.wait_for_call("sendChatAction")
        bot.process.send_signal(sign)
        assert bot.process.wait(15) == 0
        assert "Traceback" not in bot.output()
    assert "慢慢地找" in server.wait_for_message(7).text, "the answer under way was lost"


# a restart


def test_a_conversation_goes_on_after_a_restart(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        ask(server, 7, QUESTION)
        assert bot.stop() == 0
    with start_bot(server, tmp_path):
        assert wording.say(Text.UNDERSTOOD, question="") in ask(server, 7, "那延吉市呢?").text


def test_a_conversation_outlives_a_program_that_was_killed(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        ask(server, 7, QUESTION)
        time.sleep(UPDATE_S + 1)
        bot.process.kill()
        bot.process.wait()
    with start_bot(server, tmp_path):
        assert wording.say(Text.UNDERSTOOD, question="") in ask(server, 7, "那延吉市呢?").text


def test_old_buttons_work_after_a_restart(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        answer = ask(server, 7, QUESTION)
        bot.stop()
    with start_bot(server, tmp_path):
        tap(server, answer, MORE)
        turned = edited(server, answer)
        tap(server, turned, "‹")
        assert edited(server, turned).text == answer.text
        tap(server, turned, wording.say(Text.BUTTON_FIX))
        prompt = server.wait_for_message(7)
        time.sleep(UPDATE_S + 1)
    with start_bot(server, tmp_path):
        server.say(7, "改正", reply_to=prompt)
        assert server.wait_for_message(7).text == wording.say(Text.FIX_THANKS)


def test_buttons_that_carry_a_code_work_where_nothing_is_remembered(
    server: BotApi, tmp_path: Path
) -> None:
    with start_bot(server, tmp_path) as bot:
        answer = ask(server, 7, QUESTION)
        bot.stop()
    for file in (tmp_path / "state").iterdir():
        file.unlink()
    with start_bot(server, tmp_path):
        for button in (Text.BUTTON_NEAR, Text.BUTTON_FULL, Text.BUTTON_CITE, Text.BUTTON_FIX):
            tap(server, answer, wording.say(button))
            assert server.wait_for_message(7).text
        assert told(server, lambda: tap(server, answer, MORE)) == wording.say(Text.EXPIRED)


def test_a_passage_that_is_gone_is_said_to_be(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        answer = ask(server, 7, QUESTION)
        bot.stop()
    with start_bot(server, tmp_path, environment={"JIWEN_TEST_GONE": "1"}):
        labels = [MORE, *map(wording.say, (Text.BUTTON_NEAR, Text.BUTTON_FULL))]
        labels += map(wording.say, (Text.BUTTON_CITE, Text.BUTTON_FIX))
        for label in labels:
            assert told(server, lambda label=label: tap(server, answer, label)) == wording.say(
                Text.GONE
            )
    assert len(server.sent) == 1


@pytest.mark.parametrize("reason", ["当事人要求", "依" * 300])
def test_what_was_taken_down_is_said_to_be(server: BotApi, tmp_path: Path, reason: str) -> None:
    with start_bot(server, tmp_path) as bot:
        answer = ask(server, 7, QUESTION)
        bot.stop()
    with start_bot(server, tmp_path, environment={"JIWEN_TEST_TAKEN_DOWN": reason}):
        for button in (Text.BUTTON_NEAR, Text.BUTTON_FULL, Text.BUTTON_CITE, Text.BUTTON_FIX):
            alert = told(server, lambda b=button: tap(server, answer, wording.say(b)))
            assert alert == wording.taken_down(reason)[:200]
        assert ask(server, 7, answer.text.split()[-1]).text == wording.taken_down(reason)


def test_a_damaged_state_file_is_set_aside_and_the_bot_starts(
    server: BotApi, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "bot.sqlite3").write_bytes(b"\0broken" * 999)
    with start_bot(server, tmp_path) as bot:
        assert ask(server, 7, QUESTION).marked("blockquote")
        assert "set aside as bot.sqlite3." in bot.output()


def test_a_message_that_was_heard_but_not_confirmed_is_not_sent_twice(
    server: BotApi, tmp_path: Path
) -> None:
    with start_bot(server, tmp_path, environment={"JIWEN_TEST_READ_S": "0.5"}) as bot:
        server.inject("sendMessage", Trouble.SILENT)
        server.say(7, QUESTION)
        server.say(7, "谢谢")
        texts = [server.wait_for_message(7, 30).text for _ in range(2)]
        assert "not sent again" in bot.output()
    assert texts[0].startswith(wording.verdict(Verdict.ANSWERED))
    assert texts[1] == wording.say(Text.THANKS)
