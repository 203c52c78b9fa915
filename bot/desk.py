"""What the bot says: from a reader's words to HTML messages. Knows the archive, not Telegram.

Everything here is synchronous; the bot calls it in a thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from bot import dialog, render, wording
from bot.conversation import Conversation
from bot.dialog import Manner, Turn
from bot.markup import escape, scalar
from bot.moves import Move
from bot.texts import EXAMPLES
from bot.wording import Lang, Text
from retrieval.errors import NotFoundError
from retrieval.records import Quote, Reason, Verdict

# Pieces of an article sent at once, some 7 000 characters in two or three messages; what is left
# stands behind the button.
_PIECES = 24


class Archive(dialog.Archive, Protocol):
    """What the bot needs of ``retrieval.archive.Archive``."""

    def quote(self, cite: str) -> Quote:
        """Return the quote of a citation code; raises ``NotFoundError``."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """HTML messages in order, and the quotes to put behind a button under the last one.

    ``verdict`` is that of the search, where there was one.
    """

    messages: tuple[str, ...]
    more: tuple[Quote, ...] = ()
    verdict: Verdict | None = None


def said(text: Text, lang: Lang) -> Reply:
    """Return a fixed text as a reply."""
    examples = "\n".join(f"· {example}" for example in EXAMPLES)
    return Reply((escape(wording.say(text, lang, examples=examples)),))


def without_search(text: str, lang: Lang, max_chars: int) -> Reply | None:
    """Return the reply to words that need no search, ``None`` to a question."""
    if courtesy := wording.courtesy(text):
        return said(courtesy, lang)
    if len(text) > max_chars:
        return Reply((escape(wording.reason(Reason.LONG_QUESTION, lang, max_chars=max_chars)),))
    return None if re.search(r"\w", text) else said(Text.NO_WORDS, lang)


def answered(
    archive: Archive, conversation: Conversation, text: str, *, manner: Manner, lang: Lang
) -> tuple[Reply, Conversation]:
    """Return the reply to what was written, and the conversation with it."""
    turn = dialog.take(archive, conversation, text, manner=manner)
    reply = replace(_reply(turn, text, lang), verdict=turn.answer.verdict)
    return reply, turn.conversation


def _reply(turn: Turn, text: str, lang: Lang) -> Reply:
    """The turn as messages; how it was understood is said where it is not how it was typed."""
    answer = turn.answer
    note = "" if turn.standalone == text else render.understood(turn.standalone, lang)
    heading = render.turn_heading(turn.move, answer, lang)
    if heading is None:
        if turn.move is not Move.ASK and not answer.quotes:
            return Reply((escape(render.verdict_line(answer, lang)),))
        messages = render.answer_html(answer, lang=lang, note=note)
        return Reply(tuple(messages), answer.quotes[1:])
    heading = "\n".join(line for line in (note, heading) if line)
    if turn.move is Move.MORE:
        return Reply(tuple(render.quotes_html(answer.quotes, heading, lang=lang)))
    first = replace(answer, quotes=answer.quotes[:_PIECES])
    messages = render.pieces_html(first, heading, lang=lang)
    return Reply(tuple(messages), answer.quotes[_PIECES:])


def further(archive: Archive, quotes: tuple[Quote, ...], lang: Lang) -> Reply:
    """Return the quotes behind a button, each proven anew; those that fail are left out."""
    proven = [fresh for quote in quotes if (fresh := _proven(archive, quote))]
    if not proven:
        return said(Text.EXPIRED, lang)
    heading = wording.say(Text.FURTHER, lang)
    return Reply(tuple(render.quotes_html(proven, heading, lang=lang)))


def cited(archive: Archive, cite: str, lang: Lang) -> Reply:
    """Return the quote of a citation code, or that there is none."""
    try:
        quote = archive.quote(cite)
    except NotFoundError:
        return said(Text.CITE_UNKNOWN, lang)
    return Reply(tuple(render.quotes_html([quote], lang=lang)))


def typed(text: str) -> str:
    """Return a reader's words fit to be searched and echoed."""
    return scalar(text).strip()


def _proven(archive: Archive, quote: Quote) -> Quote | None:
    try:
        fresh = archive.quote(quote.cite)
    except NotFoundError:
        return None
    return replace(fresh, highlights=quote.highlights) if fresh.text == quote.text else fresh
