"""The bot as a service: groups, inline, restarts, other pollers, webhook, admins, a new index."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from telegramserver import TOKEN, BotApi, Sent, Trouble, User
from telegramserver.running import CANNED, REAL, ROOT, Running, start_bot

from bot import wording
from bot.access import SECRET_VARIABLE
from bot.wording import Door, Lang, Text
from retrieval.records import Verdict

ADMIN = User(id=1, first_name="Admin")
QUESTION = "冬季植树栽了多少棵?"
ANSWERED = wording.verdict(Verdict.ANSWERED)
GROUP = -1001
SECRET = "a-secret-of-the-webhook_0123456789"  # noqa: S105 -- opens nothing


@pytest.fixture
def server() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Settings of one's own, as the environment names them."""

    def written(text: str) -> dict[str, str]:
        folder = tmp_path / "settings"
        folder.mkdir(exist_ok=True)
        (folder / "jiwen.toml").write_text(text, encoding="utf-8")
        return {"JIWEN_CONFIG": str(folder)}

    return written


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


def fetched(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def ask(server: BotApi, text: str, chat: int = 7, **more: Any) -> Sent:  # noqa: ANN401
    server.say(chat, text, **more)
    return server.wait_for_message(chat)


def sends(server: BotApi) -> list[str]:
    return [sent.text for sent in server.sent]


# groups


def test_in_a_group_only_what_is_put_to_the_bot_is_answered_and_in_its_topic(
    server: BotApi, tmp_path: Path
) -> None:
    with start_bot(server, tmp_path):
        group: dict[str, Any] = {"chat_type": "supergroup", "topic": 5}
        for text in (QUESTION, "/ask@another_bot 植树", "@another_bot 植树", "/nonsense", "你好"):
            server.say(GROUP, text, **group)
        for text in (
            f"/ask {QUESTION}",
            f"/ask@jiwen_test_bot {QUESTION}",
            f"@jiwen_test_bot {QUESTION}",
        ):
            asked = server.say(GROUP, text, **group)
            answer = server.wait_for_message(GROUP)
            assert answer.marked("blockquote"), text
            assert answer.thread == 5
            assert answer.reply_to == asked["message"]["message_id"]
        server.say(GROUP, "谢谢", **group, reply_to=answer)
        assert server.wait_for_message(GROUP).text == wording.say(Text.THANKS)
        server.say(GROUP, "/ask", **group)
        assert server.wait_for_message(GROUP).text == wording.say(Text.NO_WORDS)
    assert len(server.sent) == 5


# inline


def test_inline_offers_cited_quotes(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        server.inline(QUESTION)
        offered = server.wait_for(lambda: server.inline_answers)[0]
    contents = [result["input_message_content"]["message_text"] for result in offered.results]
    assert len(contents) == 3
    assert all("2677" in text and "kozd" not in text for text in contents)
    assert all("《辽源日报》2021年1月27日" in text for text in contents)
    assert "k3v4q2m7ta_b120_81" in contents[0]
    first = offered.results[0]
    assert first["id"] == "canned:k3v4q2m7ta_b120_81"
    assert first["title"] == "植树 & <造林>"
    assert "《辽源日报》2021年1月27日" in first["description"]
    assert (offered.params["cache_time"], offered.params["is_personal"]) == ("300", "false")


def test_inline_says_where_nothing_is_found_and_inserts_no_more(
    server: BotApi, tmp_path: Path
) -> None:
    with start_bot(server, tmp_path):
        server.inline("<b>月亮</b>上有什么")
        (result,) = server.wait_for(lambda: server.inline_answers)[0].results
    assert result["title"] == wording.say(Door.INLINE_TITLE)
    assert result["input_message_content"]["message_text"] == wording.say(
        Door.INLINE_NOTHING, question="&lt;b&gt;月亮&lt;/b&gt;上有什么"
    )


def test_inline_waits_until_somebody_stops_typing(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path):
        server.wait_for_call("getUpdates", 30)
        for n in range(1, len(QUESTION) + 1):
            last = server.inline(QUESTION[:n])
        other = server.inline("植树", user=User(id=43))
        server.wait_for(lambda: len(server.inline_answers) >= 2)
        time.sleep(0.5)
    answered = {answer.query_id for answer in server.inline_answers}
    assert answered == {last["inline_query"]["id"], other["inline_query"]["id"]}


def test_inline_results_are_ones_own_where_not_everybody_may_ask(
    server: BotApi, tmp_path: Path, settings: Callable[[str], dict[str, str]]
) -> None:
    with start_bot(server, tmp_path, environment=settings("[bot]\nallowed_users = [42]\n")):
        server.inline(QUESTION, user=User(id=666))
        server.inline("植")
        server.inline(QUESTION)
        answers = server.wait_for(lambda: server.inline_answers)
    assert [answer.params["is_personal"] for answer in answers] == ["true"]


# nothing lost, nothing doubled


def test_an_update_that_comes_twice_is_answered_once(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        update = server.say(7, QUESTION)
        server.wait_for_message(7)
        server.updates.add(update)
        assert ask(server, "谢谢").text == wording.say(Text.THANKS)
        assert f"update {update['update_id']} came twice" in bot.output()
    assert len(server.sent) == 2


def test_what_was_under_way_when_the_bot_was_killed_is_answered_after_the_restart(
    server: BotApi, tmp_path: Path
) -> None:
    with start_bot(server, tmp_path) as bot:
        ask(server, "你好")
        server.say(7, "慢慢植树")
        server.say(7, "谢谢")
        calls = len(server.calls)
        server.wait_for_call("sendChatAction")
        server.wait_for_call("getUpdates", after=calls)  # by now both are confirmed
        bot.process.kill()
        bot.process.wait()
        assert len(server.sent) == 1
    with start_bot(server, tmp_path) as bot:
        assert server.wait_for_message(7, 30).marked("blockquote")
        assert server.wait_for_message(7).text == wording.say(Text.THANKS)
        assert ask(server, "你好").text == wording.say(Text.GREETING)
        assert "left undone" in bot.output()
    assert len(server.sent) == 4, sends(server)


def test_an_answered_update_that_is_offered_again_is_not_answered_again(
    server: BotApi, tmp_path: Path
) -> None:
    with start_bot(server, tmp_path) as bot:
        update = server.say(7, QUESTION)
        server.wait_for_message(7)
        server.wait_for_call("getUpdates", after=len(server.calls) - 1)
        bot.process.kill()
        bot.process.wait()
    server.updates.add(update)
    with start_bot(server, tmp_path):
        assert ask(server, "谢谢").text == wording.say(Text.THANKS)
    assert len(server.sent) == 2, sends(server)


def test_another_poller_is_named_and_outlived(server: BotApi, tmp_path: Path) -> None:
    with start_bot(server, tmp_path) as bot:
        server.wait_for_call("getUpdates", 30)
        port = int(server.base_url.rsplit(":")[-1].partition("/")[0])
        assert fetched(port, f"/bot{TOKEN}/getUpdates?timeout=0")[0] == 200
        assert ask(server, QUESTION).marked("blockquote")
        assert "another program uses the same token" in bot.output()
        assert "Traceback" not in bot.output()


def test_every_answer_survives_a_bad_line(server: BotApi, tmp_path: Path) -> None:
    troubles = [Trouble.BAD_GATEWAY, Trouble.DROPPED, Trouble.TOO_MANY]
    with start_bot(server, tmp_path):
        server.wait_for_call("getUpdates", 30)
        for trouble in troubles:
            server.inject("getUpdates", trouble)
            server.inject("sendMessage", trouble)
        for chat in range(100, 110):
            server.say(chat, QUESTION)
        for chat in range(100, 110):
            assert server.wait_for_message(chat, 60).marked("blockquote")
    assert len(server.sent) == 10


# webhook


def test_a_webhook_takes_what_shows_the_secret_and_nothing_else(
    server: BotApi, tmp_path: Path, settings: Callable[[str], dict[str, str]]
) -> None:
    port = free_port()
    hook = f'[bot.webhook]\nurl = "http://127.0.0.1:{port}/jiwen/hook"\nport = {port}\n'
    environment = {**settings(hook), SECRET_VARIABLE: SECRET}

    def post(secret: str | None, update: dict[str, Any]) -> int:
        headers = {"Content-Type": "application/json"}
        headers |= {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("POST", "/jiwen/hook", json.dumps(update), headers)
            return connection.getresponse().status
        finally:
            connection.close()

    with start_bot(server, tmp_path, environment=environment) as bot:
        call = server.wait_for_call("setWebhook", 30)
        assert call.params["secret_token"] == SECRET
        assert ask(server, QUESTION).marked("blockquote")
        forged = server.say(8, "你好")
        server.wait_for_message(8)
        forged |= {"update_id": 999_999}
        assert post(None, forged) == 403
        assert post("wrong-secret-of-the-webhook-0123", forged) == 403
        assert len(server.sent) == 2
        assert post(SECRET, forged) == 200
        assert server.wait_for_message(8).text == wording.say(Text.GREETING)
        assert post(SECRET, forged) == 200, "an update brought twice is taken, and answered once"
        assert ask(server, "谢谢").text == wording.say(Text.THANKS)
        assert bot.stop() == 0
        assert SECRET not in bot.output()
    assert len(server.sent) == 4
    assert "getUpdates" not in [call.method for call in server.calls]


def test_a_webhook_whose_port_is_taken_is_one_clear_line(
    server: BotApi, tmp_path: Path, settings: Callable[[str], dict[str, str]]
) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        port = line.getsockname()[1]
        hook = f'[bot.webhook]\nurl = "https://example.org/x"\nport = {port}\n'
        with start_bot(server, tmp_path, environment=settings(hook)) as bot:
            assert bot.process.wait(30) == 1
            assert (
                bot.output()
                .splitlines()[-1]
                .startswith(f"jiwen: cannot listen on 127.0.0.1:{port}")
            )
            assert "Traceback" not in bot.output()


# what machines are told


def test_health_and_metrics_are_served_and_no_question_is_logged(
    server: BotApi, tmp_path: Path, settings: Callable[[str], dict[str, str]]
) -> None:
    port = free_port()
    text = f'[bot]\nlog = "json"\nmetrics_port = {port}\n[bot.limits]\nuser_per_min = 1\nuser_burst = 2\n'
    with start_bot(server, tmp_path, environment=settings(text)) as bot:
        ask(server, f"植树的秘密{QUESTION}")
        ask(server, "月亮上有什么秘密", 8)
        ask(server, "秘密")
        status, body = fetched(port, "/healthz")
        assert (status, json.loads(body)["ok"]) == (200, True)
        status, body = fetched(port, "/metrics")
        assert fetched(port, "/")[0] == 404
        bot.stop()
        lines = [json.loads(line) for line in bot.output().splitlines()]
    assert status == 200
    values = dict(line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#"))
    assert values['jiwen_answers_total{verdict="answered"}'] == "1.0"
    assert values['jiwen_answers_total{verdict="none"}'] == "1.0"
    assert values['jiwen_updates_total{ruling="too_fast"}'] == "1.0"
    assert (
        values["jiwen_answer_seconds_count"]
        == values['jiwen_answer_seconds_bucket{le="+Inf"}']
        == "2.0"
    )
    assert float(values["jiwen_resident_bytes"]) > 1e7
    answered = [line for line in lines if "verdict" in line]
    assert [line["verdict"] for line in answered] == ["answered", "none"]
    assert {"time", "level", "event", "update", "took_ms", "verdict"} <= set(answered[0])
    assert "秘密" not in json.dumps(lines, ensure_ascii=False)


# admins, and a new index


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Seeds of one's own, indexed."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    index(tmp_path)
    return tmp_path


def index(folder: Path, *more: str) -> None:
    places = ["--seeds", folder / "seeds", "--index", folder / "index"]
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "index", *places, *more],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip


def add_page(folder: Path) -> None:
    """A page that answers what no other does."""
    row = {"title": "丹顶鹤飞抵向海", "date": "2021-03-05", "newspaper": "白城日报"}
    row["text"] = "本报讯 3月4日，首批57只丹顶鹤飞抵向海湿地，比去年提前6天。"
    (folder / "seeds" / "new.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n")


CRANES = "首批多少只丹顶鹤飞抵向海湿地?"
WITH_ADMIN = f"[bot]\nadmins = [{ADMIN.id}]\n[bot.limits]\nuser_per_min = 0\n"


@pytest.fixture
def run_real(
    server: BotApi, library: Path, settings: Callable[[str], dict[str, str]]
) -> Iterator[Running]:
    environment = settings(WITH_ADMIN)
    environment |= {"JIWEN_SEEDS": str(library / "seeds"), "JIWEN_INDEX": str(library / "index")}
    with start_bot(server, library, REAL, environment) as bot:
        server.wait_for_call("getUpdates", 30)
        yield bot


def test_an_admin_rebuilds_the_index_and_it_is_used_at_once(
    server: BotApi, library: Path, run_real: Running
) -> None:
    assert not ask(server, CRANES).marked("blockquote")
    assert ask(server, "/rebuild").text == wording.say(Text.UNKNOWN_COMMAND)
    add_page(library)
    begun = ask(server, "/rebuild", ADMIN.id, user=ADMIN)
    assert begun.text == wording.say(Door.REBUILDING)
    done = server.wait_for(
        lambda: next((e for e in server.edits if "重建好了" in e.text), None), 60
    )
    assert done.id == begun.id
    assert "57" in ask(server, CRANES).marked("blockquote")[0]
    status = ask(server, "/status", ADMIN.id, user=ADMIN).text
    assert "6 页" in status
    assert "没有找到 1 次" in status
    assert run_real.stop() == 0


def test_a_build_that_fails_leaves_the_index_as_it_is_and_says_why(
    server: BotApi, library: Path, run_real: Running
) -> None:
    shutil.rmtree(library / "seeds")
    (library / "seeds").mkdir()
    begun = ask(server, "/rebuild", ADMIN.id, user=ADMIN)
    failed = server.wait_for(lambda: next((e for e in server.edits if e.id == begun.id), None), 60)
    assert failed.text.startswith("没有重建成：")
    assert "no page that can be read" in failed.text
    assert server.calls
    assert run_real.process.poll() is None
    assert ask(server, "/reload", ADMIN.id, user=ADMIN).text.startswith("已重新打开索引")


def test_a_new_index_is_picked_up_without_a_failed_question(
    server: BotApi, library: Path, run_real: Running
) -> None:
    add_page(library)
    stop = threading.Event()
    asked = []

    def keep_asking() -> None:
        while not stop.is_set():
            asked.append(ask(server, "辽源市冬季植树一共栽了多少棵树?", 7).text)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        index(library)
        deadline = time.monotonic() + 30
        while not (found := ask(server, CRANES, 8).marked("blockquote")):
            assert time.monotonic() < deadline, run_real.output()
            time.sleep(0.3)
    finally:
        stop.set()
        asking.join(30)
    assert "57" in found[0]
    assert len(asked) > 5
    assert all(text.startswith(ANSWERED) for text in asked)


def test_an_index_that_cannot_be_opened_is_left_alone(
    server: BotApi, library: Path, run_real: Running
) -> None:
    folder = library / "index" / "generations" / "broken"
    folder.mkdir()
    (library / "index" / "current").write_text("broken")
    deadline = time.monotonic() + 30
    while "cannot be opened, the one before stays in use" not in run_real.output():
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert ask(server, "辽源市冬季植树一共栽了多少棵树?").text.startswith(ANSWERED)
    failed = ask(server, "/reload", ADMIN.id, user=ADMIN).text
    assert failed.startswith("打不开：")
    time.sleep(4)
    assert run_real.output().count("stays in use") == 1, "says so again and again"


def test_the_admins_menu_is_for_admins(
    server: BotApi, tmp_path: Path, settings: Callable[[str], dict[str, str]]
) -> None:
    with start_bot(server, tmp_path, CANNED, settings(WITH_ADMIN)):
        assert ask(server, "/rebuild", ADMIN.id, user=ADMIN).text == wording.say(Door.NO_UPKEEP)
        invited = ask(server, "/invite", ADMIN.id, user=ADMIN)
        assert "https://t.me/jiwen_test_bot?start=" in invited.text
        assert ask(server, "/feedback", ADMIN.id, user=ADMIN).text == wording.say(
            Door.FEEDBACK_NONE
        )
        answer = ask(server, QUESTION)
        server.press(answer, "👍")
        server.wait_for_call("answerCallbackQuery")
        sheet = ask(server, "/feedback", ADMIN.id, user=ADMIN)
        assert sheet.file is not None
        assert json.loads(sheet.file.data)["rating"] == "up"
        server.say(GROUP, "/status@jiwen_test_bot", user=ADMIN, chat_type="supergroup")
        assert ask(server, "/status", user=User(id=43, language_code="en")).text == wording.say(
            Text.UNKNOWN_COMMAND, Lang.EN
        )
    menus = [call.params for call in server.calls if call.method == "setMyCommands"]
    own = [menu for menu in menus if str(ADMIN.id) in menu.get("scope", "")]
    assert ["rebuild" in menu["commands"] for menu in own] == [True]
    assert not [m for m in menus if m not in own and "rebuild" in m["commands"]]
    assert GROUP not in [sent.chat_id for sent in server.sent]
