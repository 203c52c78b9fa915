"""What the bot says: from a reader's words to HTML messages. Knows the archive, not Telegram.

Everything here is synchronous; the bot calls it in a thread.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot import render, wording
from bot.chat import Conversation, remember, understand
from bot.markup import escape, scalar
from bot.texts import EXAMPLES
from bot.wording import Lang, Text
from retrieval.errors import NotFoundError
from retrieval.records import Answer, Quote, Reason

MAX_SHELVES = 10  # buttons of one chat that still work; some 2 KB each


class Archive(Protocol):
    """What the bot needs of ``retrieval.archive.Archive``."""

    def ask(self, question: str, *, k: int) -> Answer:
        """Return what the archive says to a question."""
        ...

    def quote(self, cite: str) -> Quote:
        """Return the quote of a citation code; raises ``NotFoundError``."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """HTML messages in order, and the quotes to put behind a button under the last one."""

    messages: tuple[str, ...]
    more: tuple[Quote, ...] = ()


@dataclass(slots=True)
class ChatState:
    """What is remembered of a chat while the bot runs: the conversation and the open buttons."""

    conversation: Conversation = field(default_factory=Conversation.start)
    shelves: dict[str, tuple[Quote, ...]] = field(default_factory=dict)

    def shelve(self, quotes: tuple[Quote, ...]) -> str:
        """Keep quotes for a button, return the key; the oldest button gives way."""
        key = secrets.token_hex(8)
        self.shelves[key] = quotes
        while len(self.shelves) > MAX_SHELVES:
            del self.shelves[next(iter(self.shelves))]
        return key


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
    archive: Archive, conversation: Conversation, text: str, *, lang: Lang, k: int
) -> tuple[Reply, Conversation]:
    """Return the reply to a question, and the conversation with it.

    1. understand it in its conversation  2. ask the archive  3. remember  4. render.
    """
    question = understand(conversation, text)
    answer = archive.ask(question, k=k)
    conversation = remember(conversation, question, answer)
    note = "" if question == text else render.understood(question, lang)
    messages = render.answer_html(answer, lang=lang, note=note)
    return Reply(tuple(messages), answer.quotes[1:]), conversation


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
