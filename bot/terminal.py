"""Conversing in the terminal, and with a script that speaks JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text as Styled

from bot import wording
from bot.conversation import Conversation
from bot.dialog import Manner, Turn, take
from bot.render import answer_json, json_line, turn_terminal, understood, visible
from bot.wording import Text

if TYPE_CHECKING:
    from retrieval.archive import Archive


def converse(archive: Archive, console: Console, *, manner: Manner) -> None:
    """Answer what is typed until the input ends; an empty line changes the subject."""
    console.print(wording.say(Text.WELCOME))
    conversation = Conversation.start()
    while True:
        try:
            question = console.input(wording.say(Text.PROMPT), markup=False).strip()
        except EOFError:
            console.print(wording.say(Text.GOODBYE))
            return
        if not question:
            conversation = Conversation.start()
            console.print(wording.say(Text.NEW_TOPIC))
            continue
        turn = take(archive, conversation, question, manner=manner)
        conversation = turn.conversation
        _show(console, question, turn)


def converse_json(
    archive: Archive,
    lines: Iterable[str],
    write: Callable[[bytes], None],
    *,
    manner: Manner,
) -> None:
    """One JSON line for each question, with ``standalone``; an empty line starts anew."""
    conversation = Conversation.start()
    for line in lines:
        if not line.strip():
            conversation = Conversation.start()
            continue
        turn = take(archive, conversation, line, manner=manner)
        conversation = turn.conversation
        said = {"question": line, "standalone": turn.standalone}
        write(json_line(answer_json(turn.answer) | said))


def _show(console: Console, question: str, turn: Turn) -> None:
    """Print a turn, and how it was understood where that is not how it was typed."""
    if turn.standalone != question:
        console.print(Styled(visible(understood(turn.standalone)), style="dim"), soft_wrap=True)
    console.print(turn_terminal(turn.move, turn.answer), soft_wrap=True)
