"""What the bot says: from a reader's words to HTML messages. Knows the archive, not Telegram.

Everything here is synchronous; the bot calls it in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot import dialog, leaves, render, wording
from bot.chatstate import Held, Opened
from bot.conversation import Conversation
from bot.dialog import Manner, Turn
from bot.leaves import Document
from bot.markup import escape, scalar
from bot.moves import Move
from bot.reading import preferred_of
from bot.texts import EXAMPLES
from bot.wording import Lang, Text
from retrieval.errors import NotFoundError, TakenDownError
from retrieval.leanings import Reading
from retrieval.records import Also, Quote, Reason, Verdict


class Archive(dialog.Archive, Protocol):
    """What the bot needs of ``retrieval.archive.Archive``."""

    def quote(self, cite: str) -> Quote:
        """Return the quote of a citation code; raises ``NotFoundError``."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """HTML messages in order; the answer that buttons under the last one turn; a file after it.

    ``verdict`` is that of the search, where there was one.
    """

    messages: tuple[str, ...]
    opened: Opened | None = None
    document: Document | None = None
    verdict: Verdict | None = None


def said(text: Text, lang: Lang, **facts: object) -> Reply:
    """Return a fixed text as a reply."""
    examples = "\n".join(f"· {example}" for example in EXAMPLES)
    return Reply((escape(wording.say(text, lang, **{"examples": examples, **facts})),))


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


def one_of_several(reply: Reply, question: str, lang: Lang) -> Reply:
    """Return the reply under a line that says which of several questions it answers."""
    if reply.opened and not reply.opened.quotes and not reply.opened.note:
        return reply  # a refusal says so itself
    line = f"<i>{escape(render.asked_line(question, lang))}</i>"
    messages = (f"{line}\n{reply.messages[0]}", *reply.messages[1:])
    opened = reply.opened
    if opened and opened.head:
        opened = replace(opened, head=f"{line}\n{opened.head}")
    return replace(reply, messages=messages, opened=opened)


def anew(
    archive: Archive, conversation: Conversation, answer: Opened, *, manner: Manner, lang: Lang
) -> tuple[Reply, Conversation]:
    """Return the reply to a question asked once more, without the readings that were dropped."""
    drop = [Reading(name) for name in answer.dropped]
    turn = dialog.again(archive, conversation, answer.question, manner=manner, drop=drop)
    reply = _judged(turn, answer.note, lang)
    if reply.opened is None:
        return reply, turn.conversation
    kept = replace(
        answer,
        verdict=reply.opened.verdict,
        quotes=reply.opened.quotes,
        head=reply.opened.head,
        readings=reply.opened.readings,
        page=0,
        rating="",
    )
    return replace(reply, opened=kept), turn.conversation


def _reply(turn: Turn, text: str, lang: Lang) -> Reply:
    """The turn as messages; how it was understood is said where it is not how it was typed."""
    answer = turn.answer
    note = "" if turn.standalone == text else render.understood(turn.standalone, lang)
    heading = render.turn_heading(turn.move, answer, lang)
    if heading is None:
        if turn.move not in (Move.ASK, Move.BACK) and not answer.quotes:
            return Reply((escape(render.verdict_line(answer, lang)),))
        return _judged(turn, note, lang)
    if turn.move is Move.WHOLE:
        return _whole(answer.quotes, lang, note=note)
    heading = "\n".join(line for line in (note, heading) if line)
    if turn.move is Move.MORE:
        return Reply(tuple(render.quotes_html(answer.quotes, heading, lang=lang)))
    return Reply(tuple(leaves.excerpt(heading, answer.quotes, lang)))


def _judged(turn: Turn, note: str, lang: Lang) -> Reply:
    """A question's answer: the best quote at once, the others to be turned to."""
    answer = turn.answer
    messages, head = leaves.front(answer, lang, note=note)
    opened = Opened(
        key="",
        question=turn.standalone,
        note=note,
        verdict=answer.verdict,
        quotes=tuple(map(_held, answer.quotes)),
        head=head,
        readings=tuple((name.value, words) for name, words in preferred_of(answer.query, lang)),
    )
    return Reply(tuple(messages), opened)


def turned(archive: Archive, answer: Opened, n: int, lang: Lang) -> Reply:
    """Return the answer turned to its ``n``-th quote, counted from 0.

    Raises:
        NotFoundError: it has no such quote, or the archive no longer holds it.
    """
    if not 0 <= n < len(answer.quotes):
        raise NotFoundError(f"{n}: the answer has {len(answer.quotes)} quotes")
    quote = _proven(archive, answer.quotes[n])
    head = escape(wording.say(Text.FURTHER, lang)) if n else answer.head
    return Reply(tuple(leaves.leaf(quote, lang, head=head)), replace(answer, page=n))


def surroundings(archive: Archive, cite: str, lang: Lang) -> Reply:
    """Return what stands around a quote; raises ``NotFoundError`` where it is gone."""
    pieces = [dialog.recalled(piece, cite) for piece in archive.around([cite])]
    return Reply(tuple(leaves.excerpt(wording.say(Text.AROUND, lang), pieces, lang)))


def whole(archive: Archive, cite: str, lang: Lang) -> Reply:
    """Return the whole article of a quote; raises ``NotFoundError`` where it is gone."""
    return _whole([dialog.recalled(piece, cite) for piece in archive.whole(cite)], lang)


def _whole(pieces: Sequence[Quote], lang: Lang, *, note: str = "") -> Reply:
    messages, document = leaves.whole(pieces, lang, note=note)
    return Reply(tuple(messages), document=document)


def reference(archive: Archive, cite: str, lang: Lang) -> Reply:
    """Return how to cite a quote; raises ``NotFoundError`` where it is gone."""
    return Reply(tuple(leaves.reference(archive.quote(cite), lang)))


def printed(archive: Archive, cite: str) -> str:
    """Return the words of a quote; raises ``NotFoundError`` where it is gone."""
    return archive.quote(cite).text


def cited(archive: Archive, cite: str, lang: Lang) -> Reply:
    """Return the quote of a citation code, or that there is none."""
    try:
        quote = archive.quote(cite)
    except TakenDownError as error:
        return Reply((escape(wording.taken_down(error.reason, lang)),))
    except NotFoundError:
        return said(Text.CITE_UNKNOWN, lang)
    return Reply(tuple(render.quotes_html([quote], lang=lang)))


def typed(text: str) -> str:
    """Return a reader's words fit to be searched and echoed."""
    return scalar(text).strip()


def _held(quote: Quote) -> Held:
    """A quote as a button remembers it."""
    return Held(quote.cite, quote.highlights, tuple(other.cite for other in quote.also))


def _proven(archive: Archive, held: Held) -> Quote:
    """The quote that was held, cut anew from its page; reprints that are gone are left out."""
    also: list[Also] = []
    for cite in held.also:
        try:
            other = archive.quote(cite)
        except NotFoundError:
            continue
        also.append(Also(other.source, other.article_id, cite))
    fresh = archive.quote(held.cite)
    return replace(fresh, highlights=held.highlights, also=tuple(also))
