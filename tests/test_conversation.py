"""What is remembered of a conversation: it is small, expires, and survives being written down."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation, Topic, asked, from_json, lasting, seen, to_json
from retrieval.records import Quote, Source

SOURCE = Source("a.txt", None, None, None, None, (), (1, 1))
TOPICS = st.from_type(Topic)
CONVERSATIONS = st.from_type(Conversation).filter(lambda c: c.at == c.at and abs(c.at) < 1e300)


def quote(code: str) -> Quote:
    return Quote("字", (), ((0, 1),), SOURCE, "p", "a", code, 1.0)


@given(CONVERSATIONS)
def test_a_conversation_survives_being_written_down(conversation: Conversation) -> None:
    assert from_json(to_json(conversation)) == conversation


@pytest.mark.parametrize("data", [b"", b"[]", b'{"topics": 1}', b'{"at": "soon"}', b"\xff"])
def test_what_is_no_conversation_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_json(data)


@given(st.lists(TOPICS, max_size=9))
def test_the_last_topics_are_remembered_each_question_once(topics: list[Topic]) -> None:
    conversation = Conversation.start()
    for topic in topics:
        conversation = asked(conversation, topic)
    questions = [topic.question for topic in conversation.topics]
    assert len(set(questions)) == len(questions) <= 3
    assert conversation.topic == (topics[-1] if topics else None)
    latest = list(dict.fromkeys(topic.question for topic in reversed(topics)))[:3]
    assert questions == latest[::-1]


@given(st.lists(st.integers(0, 99), max_size=150))
def test_what_was_shown_is_remembered_once_and_the_oldest_forgotten(shown: list[int]) -> None:
    conversation = seen(Conversation.start(), [quote(str(n)) for n in shown])
    distinct = [str(n) for n in dict.fromkeys(shown)]
    assert list(conversation.shown) == distinct[-60:]


def test_of_what_was_shown_the_latest_sixty_are_kept() -> None:
    conversation = seen(Conversation.start(), [quote(str(n)) for n in range(61)])
    assert conversation.shown == tuple(map(str, range(1, 61)))


@pytest.mark.parametrize(("now", "lasts"), [(1000.0, True), (2800.0, True), (2800.5, False)])
def test_what_is_too_long_ago_is_forgotten(now: float, lasts: bool) -> None:
    conversation = Conversation((Topic("四平市地铁在哪里?"),), at=1000.0)
    kept = lasting(conversation, now=now, forget_s=1800)
    assert kept == (conversation if lasts else Conversation.start())
