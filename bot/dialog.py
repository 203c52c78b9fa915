"""A conversation carried on: each turn's move is made, answered and remembered.

The terminal, Telegram and scripts speak through ``take``; the clock is handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.chat import readings, topic_of
from bot.conversation import Conversation, Topic, asked, lasting, seen
from bot.moves import Move, move_of
from retrieval.entities import Entity
from retrieval.errors import NotFoundError, TakenDownError
from retrieval.excerpts import overlap
from retrieval.leanings import Reading
from retrieval.records import Answer, Query, Quote, Reason, Verdict

# What speaks against a reading for each likelier one, in the measure of an answer's confidence (0
# to 1). On tests/dialogues.jsonl 0.02 to 0.12 give found@1 .73 to .76 and found@3 .95, 0 and 0.2 a
# little less; that the answer stands in the article just quoted added nothing on top.
_LESS_LIKELY = 0.06
_FURTHER_K = 3  # quotes of a MORE turn, where the caller sets no number
_MAX_K = 50


class Archive(Protocol):
    """What a conversation needs of ``retrieval.archive.Archive``."""

    def ask(self, question: str, *, k: int | None = None, drop: Collection[Reading] = ()) -> Answer:
        """Return what the archive says to a question, read without what is to be dropped."""
        ...

    def entities(self, text: str) -> list[Entity]:
        """Return what a text names."""
        ...

    def around(self, codes: Sequence[str]) -> list[Quote]:
        """Return the context of cited quotes; raises ``NotFoundError``."""
        ...

    def whole(self, code: str) -> list[Quote]:
        """Return the whole article of a cited quote; raises ``NotFoundError``."""
        ...


@dataclass(frozen=True, slots=True)
class Manner:
    """How a conversation is held: at most ``k`` quotes a turn, ``shown`` of them at once.

    What was said more than ``forget_s`` seconds of the ``clock`` ago is forgotten.
    """

    k: int | None = None
    shown: int | None = None
    forget_s: float = 1800.0
    clock: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was taken: its move, how it was understood, what was said, what is remembered."""

    move: Move
    standalone: str
    answer: Answer
    conversation: Conversation


def take(
    archive: Archive,
    conversation: Conversation,
    text: str,
    *,
    manner: Manner = Manner(),
) -> Turn:
    """The turn that ``text`` makes.

    1. forget what is too long ago; 2. name the move; 3. make it; 4. remember when.
    """
    now = manner.clock()
    conversation = lasting(conversation, now=now, forget_s=manner.forget_s)
    move = move_of(text)
    if move is Move.ASK or (move is Move.BACK and len(conversation.topics) < 2):
        turn = _ask(archive, conversation, text, manner)
    elif move is Move.RESET:
        turn = Turn(move, text, _nothing(text, Reason.STARTED_ANEW), Conversation.start())
    elif conversation.topic is None:
        turn = Turn(move, text, _nothing(text, Reason.NOTHING_ASKED), conversation)
    else:
        turn = _HANDLERS[move](archive, conversation, conversation.topic, manner)
    return replace(turn, conversation=replace(turn.conversation, at=now))


def again(
    archive: Archive,
    conversation: Conversation,
    question: str,
    *,
    manner: Manner = Manner(),
    drop: Collection[Reading] = (),
) -> Turn:
    """The turn that asks a question once more, read without what is to be dropped."""
    answer = archive.ask(question, k=manner.k, drop=drop)
    remembered = _quoted(conversation, answer.quotes, manner)
    return Turn(Move.ASK, question, answer, replace(remembered, at=manner.clock()))


def _ask(archive: Archive, conversation: Conversation, text: str, manner: Manner) -> Turn:
    """A question: of the readings, the one that the archive bears out best."""
    before = conversation.topic
    ways = readings(before, text, archive.entities(text) if before else ())
    answers: list[Answer] = []
    for n, way in enumerate(ways):
        # What is this sure already, no later reading can outdo.
        if answers and answers[0].confidence >= 1 - _LESS_LIKELY * n:
            break
        answers.append(archive.ask(way, k=manner.k))
    best = max(
        (n for n, answer in enumerate(answers) if n == 0 or _has_matter(answer)),
        key=lambda n: (answers[n].confidence - _LESS_LIKELY * n, -n),
    )
    answer, question = answers[best], ways[best]
    remembered = _quoted(conversation, answer.quotes, manner)
    if answer.query.terms:  # a greeting changes no topic
        leant_on = None if question == text.strip() else before
        topic = topic_of(
            question,
            answer,
            named=archive.entities(question),
            said=archive.entities(_marked(answer)),
            before=leant_on,
        )
        remembered = asked(remembered, topic)
    return Turn(Move.ASK, question, answer, remembered)


def _marked(answer: Answer) -> str:
    """What the first quote highlights."""
    return "".join(q.text[a:b] for q in answer.quotes[:1] for a, b in q.highlights)


def _has_matter(answer: Answer) -> bool:
    """Whether a question names more than what it asks for: 金额多少 of what?"""
    return bool(set(answer.query.terms) - set(answer.query.focus))


def _more(archive: Archive, conversation: Conversation, topic: Topic, manner: Manner) -> Turn:
    """The next quotes of the last question; none that repeats what was shown."""
    k = manner.k or _FURTHER_K
    answer = archive.ask(topic.question, k=min(_MAX_K, len(conversation.shown) + k))
    fresh = [
        q for q in answer.quotes if not any(overlap(q.cite, code) for code in conversation.shown)
    ]
    return _shown(Move.MORE, answer, fresh[:k], conversation)


def _back(archive: Archive, conversation: Conversation, _: Topic, manner: Manner) -> Turn:
    """The question before the last, asked again."""
    earlier = replace(conversation, topics=conversation.topics[:-1])
    topic = earlier.topics[-1]
    answer = archive.ask(topic.question, k=manner.k)
    return Turn(Move.BACK, topic.question, answer, _quoted(earlier, answer.quotes, manner))


def _detail(archive: Archive, conversation: Conversation, topic: Topic, _: Manner) -> Turn:
    """What stands around the last quotes; more of it each time."""
    return _excerpt(Move.DETAIL, conversation, topic, lambda: archive.around(conversation.cites))


def _whole(archive: Archive, conversation: Conversation, topic: Topic, _: Manner) -> Turn:
    """The whole article of the last quote."""
    return _excerpt(Move.WHOLE, conversation, topic, lambda: archive.whole(conversation.cites[0]))


_HANDLERS: dict[Move, Callable[[Archive, Conversation, Topic, Manner], Turn]] = {
    Move.MORE: _more,
    Move.BACK: _back,
    Move.DETAIL: _detail,
    Move.WHOLE: _whole,
}


def _excerpt(
    move: Move, conversation: Conversation, topic: Topic, cut: Callable[[], list[Quote]]
) -> Turn:
    """The pieces that ``cut`` cuts from the page of the last quotes."""
    answer = _nothing(topic.question, Reason.NOTHING_FURTHER)
    if not conversation.cites:
        return Turn(move, topic.question, answer, conversation)
    try:
        pieces = cut()
    except NotFoundError as error:
        gone = isinstance(error, TakenDownError)
        why = Reason.TAKEN_DOWN if gone else Reason.NOT_PROVEN
        return Turn(move, topic.question, replace(answer, reason=why), conversation)
    codes = tuple(piece.cite for piece in pieces)
    if codes == conversation.cites[1:]:
        return Turn(move, topic.question, answer, conversation)
    quoted = conversation.cites[0]
    turn = _shown(move, answer, [recalled(piece, quoted) for piece in pieces], conversation)
    remembered = replace(turn.conversation, cites=(quoted, *codes))
    return replace(turn, conversation=remembered)


def recalled(piece: Quote, code: str) -> Quote:
    """The piece with what was quoted before highlighted."""
    common = overlap(piece.cite, code)
    return replace(piece, highlights=(common,) if common else ())


def _shown(move: Move, answer: Answer, quotes: Sequence[Quote], conversation: Conversation) -> Turn:
    """A turn that shows quotes and judges none of them; it says so where there are none."""
    reason = None if quotes else Reason.NOTHING_FURTHER
    verdict = Verdict.RELATED if quotes else Verdict.NONE
    told = replace(answer, verdict=verdict, reason=reason, quotes=tuple(quotes))
    question = answer.query.question
    return Turn(move, question, told, _quoted(conversation, quotes, Manner()))


def _quoted(conversation: Conversation, quotes: Sequence[Quote], manner: Manner) -> Conversation:
    """The conversation after quotes, of which so many are shown at once as the manner says."""
    if not quotes:
        return conversation
    return replace(seen(conversation, quotes[: manner.shown]), cites=(quotes[0].cite,))


def _nothing(question: str, reason: Reason) -> Answer:
    """An answer that holds nothing but the reason for it."""
    return Answer(Query(question, question, ()), Verdict.NONE, reason, 0.0, (), "", 0.0)
