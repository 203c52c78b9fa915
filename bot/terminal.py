"""Conversing in the terminal, and with a script that speaks JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text as Styled

from bot import wording
from bot.chat import Conversation, remember, understand
from bot.render import answer_json, answer_terminal, json_line, understood, visible
from bot.wording import Text
from retrieval.records import Answer

if TYPE_CHECKING:
    from retrieval.archive import Archive


def converse(archive: Archive, console: Console) -> None:
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
        standalone, answer, conversation = turn(archive, conversation, question)
        if standalone != question:
            console.print(Styled(visible(understood(standalone)), style="dim"), soft_wrap=True)
        console.print(answer_terminal(answer), soft_wrap=True)


def converse_json(archive: Archive, lines: Iterable[str], write: Callable[[bytes], None]) -> None:
    """One JSON line for each question, with ``standalone``; an empty line starts anew."""
    conversation = Conversation.start()
    for line in lines:
        if not line.strip():
            conversation = Conversation.start()
            continue
        standalone, answer, conversation = turn(archive, conversation, line)
        write(json_line(answer_json(answer) | {"question": line, "standalone": standalone}))


def turn(
    archive: Archive, conversation: Conversation, question: str
) -> tuple[str, Answer, Conversation]:
    """The question as understood, the answer, and the conversation after it."""
    standalone = understand(conversation, question)
    answer = archive.ask(standalone)
    return standalone, answer, remember(conversation, standalone, answer)
