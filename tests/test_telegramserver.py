"""The Bot API server of the tests refuses what Telegram refuses, in Telegram's words.

Each rule meets a request that breaks it. The requests go over HTTP, as a bot's do.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegramserver import (
    BOT,
    READER,
    TOKEN,
    ApiError,
    BotApi,
    Trouble,
    User,
    checked_text,
    read_html,
    units,
)
from telegramserver.floods import Allowance, Floods

Json = dict[str, Any]
Caller = Callable[..., Json]
AS_JSON = {"Content-Type": "application/json"}


@pytest.fixture
def server() -> Iterator[BotApi]:
    with BotApi() as api:
        api.say(7, "在吗")
        yield api


@pytest.fixture
def call(server: BotApi) -> Caller:
    def call(method: str, token: str = TOKEN, **params: object) -> Json:
        url, body = f"{server.base_url}{token}/{method}", json.dumps(params)
        return httpx.post(url, content=body, headers=AS_JSON, timeout=10).json()

    return call


def why(reply: Json) -> str:
    """The refusal, without the part that all of its code share."""
    assert reply["ok"] is False
    return reply["description"].removeprefix("Bad Request: ")


def keyboard(*buttons: Json) -> Json:
    return {"inline_keyboard": [list(buttons)]}


# text (sendMessage; "Formatting options")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "message text is empty"),
        (" \n ", "message text is empty"),
        ("\u200b\u2060", "message text is empty"),
        ("<b> </b>", "message text is empty"),
        ("字" * 4097, "message is too long"),
        ("𠮷" * 2049, "message is too long"),
        ("<b>a", """can't parse entities: Can't find end tag corresponding to start tag "b\""""),
        ("a</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        (
            "字<b><i>a</b></i>",
            "can't parse entities: Unmatched end tag at byte offset 10,"
            ' expected "</i>", found "</b>"',
        ),
        ("<script>", 'can\'t parse entities: Unsupported start tag "script" at byte offset 0'),
        ("1 < 2", "can't parse entities: Unclosed start tag at byte offset 2"),
        ("<span>a</span>", 'can\'t parse entities: Tag "span" must have class'),
        ('<b "x">a</b>', 'can\'t parse entities: Empty attribute name in the tag "b"'),
        ("<blockquote><blockquote>a</blockquote></blockquote>", "can't parse entities: blockquote"),
        ("<code><b>a</b></code>", "can't parse entities: Entity \"b\" can't be part of code"),
        ("字" * 12_000, "text is too long"),
        ("a\ud83d", "strings must be encoded in UTF-8"),
    ],
)
def test_a_text_that_telegram_cannot_take(call: Caller, text: str, refusal: str) -> None:
    assert why(call("sendMessage", chat_id=7, text=text, parse_mode="HTML")).startswith(refusal)


def test_lengths_are_counted_after_parsing_and_in_utf_16(call: Caller) -> None:
    for text in ("<b>" + "字" * 4096 + "</b>", "𠮷" * 2048, "&amp;" * 4096, "字" * 4096 + "\n\n"):
        assert call("sendMessage", chat_id=7, text=text, parse_mode="HTML")["ok"], text[:20]


def test_markup_is_read_and_told_in_utf_16(call: Caller) -> None:
    raw = '𠮷<b>字</b> <a href="https://a.cn/">l</a> <blockquote expandable>x</blockquote>&lt;&#20013;'
    message = call("sendMessage", chat_id=7, text=raw, parse_mode="HTML")["result"]
    assert message["text"] == "𠮷字 l x<中"
    assert message["entities"] == [
        {"type": "bold", "offset": 2, "length": 1},
        {"type": "text_link", "offset": 4, "length": 1, "url": "https://a.cn/"},
        {"type": "expandable_blockquote", "offset": 6, "length": 1},
    ]


def test_what_telegram_takes_out_of_a_text_is_out() -> None:
    text, entities = checked_text({"text": " a\r\tb\u202e<i>c</i> \n", "parse_mode": "HTML"})
    assert text == "a bc"
    assert [entity.of(text) for entity in entities] == ["c"]


def test_without_parse_mode_nothing_is_markup(call: Caller) -> None:
    assert call("sendMessage", chat_id=7, text="<b>")["result"]["text"] == "<b>"
    assert why(call("sendMessage", chat_id=7, text="a", parse_mode="X")) == "unsupported parse_mode"


@given(st.text())
def test_escaped_text_is_read_as_it_was(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert read_html(f"<b>{escaped}</b>")[0] == text
    assert units(text) == sum(1 + (ord(c) > 0xFFFF) for c in text)


# keyboards (InlineKeyboardButton)


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "更多", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "更多", "callback_data": "字" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "x"}, "can't parse inline keyboard button: Field"),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": "更多"}, "can't parse inline keyboard button: Text buttons are unallowed"),
        ({"text": "更多", "url": "no"}, "inline keyboard button URL 'no' is invalid"),
    ],
)
def test_a_button_that_telegram_cannot_take(call: Caller, button: Json, refusal: str) -> None:
    sent = call("sendMessage", chat_id=7, text="a", reply_markup=keyboard(button))
    assert why(sent).startswith(refusal)


def test_sixty_four_bytes_of_data_fit(call: Caller) -> None:
    button = {"text": "更多", "callback_data": "字" * 21 + "x"}
    assert call("sendMessage", chat_id=7, text="a", reply_markup=keyboard(button))["ok"]
    too_many = keyboard(*[button] * 101)
    assert why(call("sendMessage", chat_id=7, text="a", reply_markup=too_many)).startswith("REPLY_")
    assert "object expected" in why(call("sendMessage", chat_id=7, text="a", reply_markup=[]))


# where to (chat_id, message_thread_id, ReplyParameters)


def test_a_chat_that_cannot_be_written_to(server: BotApi, call: Caller) -> None:
    assert why(call("sendMessage", chat_id=8, text="a")) == "chat not found"
    server.block(7)
    blocked = call("sendMessage", chat_id=7, text="a")
    assert (blocked["error_code"], why(blocked)) == (403, "Forbidden: bot was blocked by the user")
    server.migrate(-9, -1009)
    moved = call("sendMessage", chat_id=-9, text="a")
    assert moved["parameters"] == {"migrate_to_chat_id": -1009}
    assert why(moved) == "group chat was upgraded to a supergroup chat"
    assert call("sendMessage", chat_id=-1009, text="a")["ok"]


def test_a_topic_must_exist_and_be_open(server: BotApi, call: Caller) -> None:
    server.say(-9, "在吗", chat_type="supergroup", topic=5)
    assert call("sendMessage", chat_id=-9, text="a", message_thread_id=5)["ok"]
    assert why(call("sendMessage", chat_id=-9, text="a", message_thread_id=6)) == (
        "message thread not found"
    )
    server.chats.open_for("-9").closed_topics.add(5)
    assert why(call("sendMessage", chat_id=-9, text="a", message_thread_id=5)) == "TOPIC_CLOSED"


def test_a_reply_needs_its_message(server: BotApi, call: Caller) -> None:
    theirs = server.say(7, "在吗")["message"]["message_id"]
    assert call("sendMessage", chat_id=7, text="a", reply_parameters={"message_id": theirs})["ok"]
    gone = {"message_id": 99_999}
    refused = call("sendMessage", chat_id=7, text="a", reply_parameters=gone)
    assert why(refused) == "message to be replied not found"
    gone["allow_sending_without_reply"] = True
    assert call("sendMessage", chat_id=7, text="a", reply_parameters=gone)["ok"]


# editing ("Updating messages")


def test_only_own_messages_are_edited_and_only_to_something_else(
    server: BotApi, call: Caller
) -> None:
    button = keyboard({"text": "更多", "callback_data": "x"})
    sent = call("sendMessage", chat_id=7, text="a", reply_markup=button)["result"]
    place = {"chat_id": 7, "message_id": sent["message_id"]}
    same = call("editMessageText", **place, text="<b></b>a", parse_mode="HTML", reply_markup=button)
    assert why(same).startswith("message is not modified")
    assert call("editMessageText", **place, text="b")["ok"]
    assert why(call("editMessageReplyMarkup", **place)).startswith("message is not modified")
    assert why(call("editMessageCaption", **place, caption="b")).startswith("there is no caption")
    theirs = server.say(7, "在吗")["message"]["message_id"]
    edited = call("editMessageText", chat_id=7, message_id=theirs, text="b")
    assert why(edited) == "message can't be edited"
    assert call("deleteMessage", **place)["ok"]
    assert why(call("editMessageText", **place, text="c")) == "message to edit not found"
    assert why(call("deleteMessage", **place)) == "message to delete not found"


# callback and inline queries


def test_a_callback_is_answered_once_in_time_and_in_short(server: BotApi, call: Caller) -> None:
    call("sendMessage", chat_id=7, text="a")
    (sent,) = server.sent

    def tap() -> str:
        return server.press_data(sent, "x")["callback_query"]["id"]

    tapped = tap()
    long = call("answerCallbackQuery", callback_query_id=tapped, text="字" * 201)
    assert why(long) == "MESSAGE_TOO_LONG"
    assert call("answerCallbackQuery", callback_query_id=tapped, text="字" * 200)["ok"]
    old = "query is too old and response timeout expired or query ID is invalid"
    assert why(call("answerCallbackQuery", callback_query_id=tapped)) == old
    tapped = tap()
    server.later(60)
    assert why(call("answerCallbackQuery", callback_query_id=tapped)) == old


def article(id_: str = "1", **more: object) -> Json:
    content = {"message_text": "<b>a</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": id_, "title": "题", "input_message_content": content} | more


@pytest.mark.parametrize(
    ("results", "refusal"),
    [
        ([article(str(n)) for n in range(51)], "RESULTS_TOO_MUCH"),
        ([article("1"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article("字" * 22)], "RESULT_ID_INVALID"),
        ([article(title="")], "can't parse inline query result"),
        ([article(type="x")], "RESULT_TYPE_INVALID"),
        ([article(input_message_content=None)], "SEND_MESSAGE_TYPE_INVALID"),
        ([article(input_message_content={"message_text": "字" * 4097})], "message is too long"),
        ([article(reply_markup=keyboard({"text": "a"}))], "can't parse inline keyboard button"),
    ],
)
def test_inline_results_that_telegram_cannot_take(
    server: BotApi, call: Caller, results: list[Json], refusal: str
) -> None:
    asked = server.inline("植树")["inline_query"]["id"]
    answered = call("answerInlineQuery", inline_query_id=asked, results=results)
    assert why(answered).startswith(refusal)
    assert call("answerInlineQuery", inline_query_id=asked, results=[article()])["ok"]
    assert [answer.query_id for answer in server.inline_answers] == [asked]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        ({"command": "Ask", "description": "问"}, "BOT_COMMAND_INVALID"),
        ({"command": "ask", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
def test_a_menu_that_telegram_cannot_take(call: Caller, command: Json, refusal: str) -> None:
    assert why(call("setMyCommands", commands=[command])) == refusal


# files ("Sending files")


def upload(server: BotApi, method: str, name: str, data: bytes, caption: str = "") -> Json:
    url, files = f"{server.base_url}{TOKEN}/{method}", {name: ("全文.txt", data)}
    return httpx.post(url, data={"chat_id": "7", "caption": caption}, files=files).json()


def test_a_document_comes_as_it_was_sent(server: BotApi, call: Caller) -> None:
    sent = upload(server, "sendDocument", "document", "第一行\n第二行\n".encode(), "题")["result"]
    assert (sent["caption"], sent["document"]["file_name"]) == ("题", "全文.txt")
    (message,) = server.sent
    assert message.file is not None
    assert message.file.data.decode() == "第一行\n第二行\n"
    long = upload(server, "sendDocument", "document", b"a", "字" * 1025)
    assert why(long) == "message caption is too long"
    assert why(upload(server, "sendDocument", "document", b"")) == "file must be non-empty"
    assert why(call("sendDocument", chat_id=7)) == "there is no document in the request"
    wrong = why(call("sendDocument", chat_id=7, document="x"))
    assert wrong == "wrong file identifier/HTTP URL specified"


def test_a_photo_is_a_picture_of_ten_megabytes_at_most(server: BotApi) -> None:
    png = b"\x89PNG\r\n\x1a\n"
    assert upload(server, "sendPhoto", "photo", png)["ok"]
    assert why(upload(server, "sendPhoto", "photo", b"text")) == "IMAGE_PROCESS_FAILED"
    assert why(upload(server, "sendPhoto", "photo", png + bytes(10 * 2**20))) == "file is too big"


# updates ("Getting updates") and privacy ("Bot features")


def test_an_update_is_handed_out_until_it_is_confirmed(server: BotApi, call: Caller) -> None:
    server.say(7, "还在吗")
    first, second = call("getUpdates")["result"]
    assert call("getUpdates")["result"] == [first, second]
    assert call("getUpdates", offset=second["update_id"])["result"] == [second]
    assert call("getUpdates", offset=second["update_id"] + 1)["result"] == []
    for text in "甲乙丙":
        server.say(7, text)
    (last,) = call("getUpdates", offset=-1)["result"]
    assert last["message"]["text"] == "丙"


def test_of_two_pollers_the_first_is_sent_away(server: BotApi, call: Caller) -> None:
    call("getUpdates", offset=-1)
    (last,) = call("getUpdates")["result"]
    replies: list[Json] = []
    wait = {"offset": last["update_id"] + 1, "timeout": 20}
    poller = threading.Thread(target=lambda: replies.append(call("getUpdates", **wait)))
    poller.start()
    server.wait_for(lambda: len([c for c in server.calls if c.method == "getUpdates"]) == 3)
    assert call("getUpdates", offset=last["update_id"] + 1)["ok"]
    poller.join(10)
    assert replies[0]["error_code"] == 409
    assert why(replies[0]).startswith("Conflict: terminated by other getUpdates request")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("在吗", False),
        ("/ask 在吗", True),
        ("/ask@other_bot", False),
        ("@jiwen_test_bot 在吗", True),
    ],
)
def test_privacy_mode_hides_what_people_say_to_each_other(
    server: BotApi, call: Caller, text: str, heard: bool
) -> None:
    server.privacy = True
    before = server.updates.pending()
    server.say(-9, text, chat_type="supergroup")
    assert server.updates.pending() == before + heard
    assert call("getMe")["result"]["can_read_all_group_messages"] is False


def test_a_reply_to_the_bot_passes_privacy_mode(server: BotApi, call: Caller) -> None:
    server.say(-9, "/ask", chat_type="supergroup")
    call("sendMessage", chat_id=-9, text="a")
    server.privacy = True
    heard = server.say(-9, "那呢", chat_type="supergroup", reply_to=server.sent[0])
    assert heard["message"]["reply_to_message"]["from"] == BOT
    assert heard["update_id"]


@pytest.fixture
def hook() -> Iterator[tuple[str, list[tuple[str | None, Json]]]]:
    """A webhook that fails the first time, and what it was handed, with the secret."""
    came: list[tuple[str | None, Json]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], json.loads(body)))
            self.send_response(500 if len(came) == 1 else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{receiver.server_port}/hook", came
        receiver.shutdown()
        thread.join()


def test_a_webhook_is_called_with_its_secret_until_it_takes_the_update(
    server: BotApi, call: Caller, hook: tuple[str, list[tuple[str | None, Json]]]
) -> None:
    url, came = hook
    refused = "bad webhook: HTTPS URL must be provided for webhook"
    assert why(call("setWebhook", url="http://example.org/")) == refused
    odd = call("setWebhook", **{"url": url, "secret_token": "字"})
    assert why(odd) == "secret token contains unallowed characters"
    assert call("setWebhook", **{"url": url, "secret_token": "s3cret"})["ok"]
    server.wait_for(lambda: not server.updates.pending())
    assert [secret for secret, _ in came] == ["s3cret"] * 2
    assert came[0][1] == came[1][1]
    active = call("getUpdates")
    assert (active["error_code"], active["description"][:33]) == (
        409,
        "Conflict: can't use getUpdates me",
    )
    assert call("getWebhookInfo")["result"]["url"] == url
    assert call("deleteWebhook")["ok"]
    assert call("getUpdates")["ok"]


# limits and trouble


def test_a_chat_takes_a_burst_and_then_one_a_second(server: BotApi, call: Caller) -> None:
    replies = [call("sendMessage", chat_id=7, text="a") for _ in range(22)]
    refused = [reply for reply in replies if not reply["ok"]]
    assert refused
    assert refused[0]["parameters"] == {"retry_after": 1}
    assert why(refused[0]) == "Too Many Requests: retry after 1"
    server.later(1)
    assert call("sendMessage", chat_id=7, text="a")["ok"]


def test_floods_are_counted_by_chat_and_in_all() -> None:
    clock = [0.0]
    floods = Floods(lambda: clock[0], Allowance(25, 30.0))
    for _ in range(20):
        floods.count(-9)
    with pytest.raises(ApiError, match="retry after 3"):
        floods.count(-9)
    for chat in range(1, 6):
        floods.count(chat)
    with pytest.raises(ApiError, match="retry after 1"):
        floods.count(6)
    clock[0] = 3.0
    floods.count(-9)
    with pytest.raises(ApiError, match="retry after 3"):
        floods.count(-9)


def test_who_has_no_token_or_no_method_learns_it(call: Caller) -> None:
    wrong = call("getMe", token="1:wrong")  # noqa: S106 -- opens nothing
    assert (wrong["error_code"], why(wrong)) == (401, "Unauthorized")
    missing = call("sendTelepathy")
    assert (missing["error_code"], why(missing)) == (404, "Not Found: method not found")


@pytest.mark.parametrize(("trouble", "taken"), [(Trouble.DROPPED, 0), (Trouble.REPLY_LOST, 1)])
def test_a_connection_drops_before_or_after_the_message_was_taken(
    server: BotApi, call: Caller, trouble: Trouble, taken: int
) -> None:
    server.inject("sendMessage", trouble)
    with pytest.raises(httpx.TransportError):
        call("sendMessage", chat_id=7, text="a")
    assert [sent.reply_lost for sent in server.sent] == [True] * taken


def test_trouble_at_random_comes_at_its_rate(server: BotApi, call: Caller) -> None:
    server.fail_at_random({Trouble.TOO_MANY: 0.2, Trouble.UNAUTHORIZED: 0.3}, seed=3)
    codes = [call("getMe").get("error_code") for _ in range(200)]
    assert 20 <= codes.count(429) <= 60
    assert 40 <= codes.count(401) <= 80
    assert server.troubles.met[Trouble.TOO_MANY] == codes.count(429)


def test_a_gateway_that_fails_speaks_html(server: BotApi) -> None:
    server.inject("getMe", Trouble.BAD_GATEWAY)
    reply = httpx.get(f"{server.base_url}{TOKEN}/getMe")
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")
    assert reply.text.startswith("<html>")


def test_a_reader_has_a_name_and_perhaps_a_language() -> None:
    assert READER.json()["language_code"] == "zh-hans"
    assert "language_code" not in User(1, "x", None).json()
