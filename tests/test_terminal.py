"""Conversing in the terminal: a reader types, and the end of input is a goodbye."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, Caller, assert_proven
from rich.console import Console

from bot import wording
from bot.dialog import Manner
from bot.terminal import converse, converse_json
from bot.wording import Text
from retrieval.archive import Archive
from retrieval.records import Reason

FIRST, FOLLOWING = "延吉恐龙王国占地多少公顷?", "那总投资呢?"
Talk = Callable[..., list[str]]


@pytest.fixture
def talk(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """What the terminal shows after each typed line; the first is the welcome."""

    def talk(*typed: str) -> list[str]:
        shown = io.StringIO()
        parts: list[str] = []
        lines = iter(typed)

        def typing(prompt: str = "") -> str:
            parts.append(shown.getvalue())
            shown.seek(0)
            shown.truncate()
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", typing)
        converse(archive, Console(file=shown, width=40), manner=Manner())
        return [*parts, shown.getvalue()]

    return talk


def test_the_end_of_input_is_a_goodbye(talk: Talk) -> None:
    welcome, goodbye = talk()
    assert welcome.replace("\n", "").startswith(wording.say(Text.WELCOME))
    assert goodbye == wording.say(Text.GOODBYE) + "\n"


def test_a_question_is_answered_word_for_word_whatever_the_width(
    talk: Talk, archive: Archive
) -> None:
    _, answer, _ = talk(FIRST)
    quotes = archive.ask(FIRST).quotes
    assert quotes
    for quote in quotes:
        assert quote.text in answer
        assert quote.cite in answer


def test_a_follow_up_is_shown_as_it_was_understood(talk: Talk) -> None:
    _, first, second, _ = talk(FIRST, FOLLOWING)
    assert "理解为" not in first
    assert second.startswith("理解为：延吉恐龙王国")
    assert "21亿" in second


def test_an_empty_line_changes_the_subject(talk: Talk) -> None:
    _, _, emptied, after, _ = talk(FIRST, "  ", FOLLOWING)
    assert wording.say(Text.NEW_TOPIC) in emptied
    assert "理解为" not in after


def test_what_is_no_question_gets_a_reason(talk: Talk) -> None:
    _, greeting, emoji, long, _ = talk("你好", "😀", "问" * 600)
    assert greeting == emoji != ""
    assert "500" in long


def test_what_was_pasted_cannot_steer_the_terminal(talk: Talk) -> None:
    pasted = "那[red]\x1b]0;标题\x07总投资:smile:呢?"
    shown = "".join(talk(FIRST, pasted, "\x1b[2J[/]"))
    assert "理解为" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_json_lines_are_written_as_they_are_asked(archive: Archive) -> None:
    events: list[str] = []

    def lines() -> Iterator[str]:
        for line in (FIRST, FOLLOWING, " \t", FOLLOWING):
            events.append(line)
            yield line

    converse_json(
        archive,
        lines(),
        lambda line: events.append(json.loads(line)["standalone"]),
        manner=Manner(),
    )
    assert events[:2] == [FIRST, FIRST]
    assert events[2] == FOLLOWING
    assert "恐龙王国" in events[3]
    assert events[4:] == [" \t", FOLLOWING, FOLLOWING]


def test_a_greeting_in_between_keeps_the_subject(talk: Talk) -> None:
    _, _, _, after, _ = talk(FIRST, "谢谢", FOLLOWING)
    assert after.startswith("理解为：延吉恐龙王国")


def test_bytes_that_are_no_text_do_not_end_the_conversation(call: Caller, index: Path) -> None:
    given = b"\xff\xfe\n" + FIRST.encode() + b"\n"
    done = call("chat", "--seeds", SEEDS, "--index", index, given=given)
    assert (done.code, done.err) == (0, "")
    assert "40公顷" in done.out
    assert done.out.rstrip().endswith(wording.say(Text.GOODBYE))


def test_an_answer_is_remembered_as_it_was_understood(archive: Archive) -> None:
    understood: list[str] = []
    lines = [FIRST, FOLLOWING, "它在哪里?"]
    converse_json(
        archive,
        lines,
        lambda line: understood.append(json.loads(line)["standalone"]),
        manner=Manner(),
    )
    assert understood[0] == FIRST
    assert all("恐龙王国" in question for question in understood)


def test_a_move_is_headed_by_what_it_is_and_no_verdict(talk: Talk, archive: Archive) -> None:
    _, first, around, whole, more, _ = talk(FIRST, "详细点", "看看全文", "还有吗?")
    assert wording.say(Text.AROUND) in around
    assert "理解为" in around
    assert first.split("\n")[0] not in around
    quote = archive.ask(FIRST).quotes[0]
    for piece in archive.whole(quote.cite):
        assert piece.text in whole
    assert wording.reason(Reason.NOTHING_FURTHER) in more or wording.say(Text.FURTHER) in more


@pytest.mark.parametrize("reset", ["/reset", "重新开始", "换个话题吧"])
def test_a_conversation_is_begun_anew_on_request(talk: Talk, reset: str) -> None:
    _, _, emptied, after, _ = talk(FIRST, reset, FOLLOWING)
    assert emptied.startswith(wording.reason(Reason.STARTED_ANEW) + "\n")
    assert "理解为" not in after


def test_what_is_long_ago_is_forgotten(archive: Archive) -> None:
    minutes = iter([0, 29, 29 + 31])
    manner = Manner(forget_s=1800, clock=lambda: 60.0 * next(minutes))
    understood: list[str] = []
    lines = [FIRST, FOLLOWING, FOLLOWING]
    converse_json(
        archive,
        lines,
        lambda line: understood.append(json.loads(line)["standalone"]),
        manner=manner,
    )
    assert "恐龙王国" in understood[1]
    assert understood[2] == FOLLOWING


def test_every_line_of_a_script_gets_one_line_whatever_the_move(archive: Archive) -> None:
    rows: list[dict[str, Any]] = []
    lines = ["原文", FIRST, "还有吗", "上下文", "原文", "换个问题", "还有吗"]
    converse_json(archive, lines, lambda line: rows.append(json.loads(line)), manner=Manner())
    assert [row["question"] for row in rows] == lines
    assert [row["standalone"] for row in rows[1:5]] == [FIRST] * 4
    assert rows[0]["reason"] == rows[6]["reason"] == wording.reason(Reason.NOTHING_ASKED)
    assert rows[5]["reason"] == wording.reason(Reason.STARTED_ANEW)
    for row in rows[1:5]:
        for quote in row["quotes"]:
            whole = quote | {"highlights": quote["highlights"] or [[0, len(quote["text"])]]}
            assert_proven(whole, SEEDS)
