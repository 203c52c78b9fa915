"""Conversing in the terminal: a reader types, and the end of input is a goodbye."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SEEDS, Caller
from rich.console import Console

from bot import wording
from bot.terminal import converse, converse_json
from bot.wording import Text
from retrieval.archive import Archive
from retrieval.records import Answer

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
        converse(archive, Console(file=shown, width=40))
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

    converse_json(archive, lines(), lambda line: events.append(json.loads(line)["standalone"]))
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


def test_an_answer_is_remembered_as_it_was_understood(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = archive.ask

    def ask(question: str) -> Answer:
        asked.append(question)
        return real(question)

    monkeypatch.setattr(archive, "ask", ask)
    converse_json(archive, [FIRST, FOLLOWING, "它在哪里?"], lambda _: None)
    assert asked[0] == FIRST
    assert all("恐龙王国" in question for question in asked)
