"""A conversation carried on: moves are made, nothing is shown twice, dialogues stay understood.

``dialogues.jsonl`` was written from the five pages before the code that it measures; the weight in
``bot.dialog`` was looked at on it since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import Conversation, from_json, to_json
from bot.dialog import Manner, Turn, take
from bot.moves import Move
from retrieval.archive import Archive
from retrieval.catalogue import cited
from retrieval.entities import Entity
from retrieval.errors import NotFoundError
from retrieval.measures import Question, Table, measure
from retrieval.records import Answer, Query, Quote, Reason, Source, Verdict

DIALOGUES = [
    json.loads(line)
    for line in Path(__file__).with_name("dialogues.jsonl").read_text("utf-8").splitlines()
]
STILL = Manner(clock=lambda: 0.0)
QUESTION = "延吉恐龙王国占地多少公顷?"


def talk(archive: Archive, *texts: str, manner: Manner = STILL) -> list[Turn]:
    """The turns of a conversation, each remembered as it would be when written down."""
    turns: list[Turn] = []
    conversation = Conversation.start()
    for text in texts:
        turns.append(take(archive, conversation, text, manner=manner))
        conversation = from_json(to_json(turns[-1].conversation))
    return turns


# the dialogues


def followups(archive: Archive) -> Iterator[tuple[dict[str, Any], Turn]]:
    for dialogue in DIALOGUES:
        turns = talk(archive, *(turn["question"] for turn in dialogue["turns"]))
        yield from list(zip(dialogue["turns"], turns, strict=True))[1:]


@pytest.fixture(scope="module")
def taken(archive: Archive) -> list[tuple[dict[str, Any], Turn]]:
    return list(followups(archive))


@pytest.fixture(scope="module")
def table(taken: Sequence[tuple[dict[str, Any], Turn]]) -> Table:
    gold = [(g, turn) for g, turn in taken if "answers" in g]
    questions = [
        Question(g["question"], "followup", g["file"], tuple(g["answers"])) for g, _ in gold
    ]
    return measure(questions, [turn.answer for _, turn in gold])


def test_there_are_twenty_dialogues() -> None:
    assert len(DIALOGUES) == 20


@pytest.mark.parametrize(("name", "floor"), [("found@1", 0.74), ("found@3", 0.90), ("right", 0.65)])
def test_follow_ups_are_answered_above_the_floor(table: Table, name: str, floor: float) -> None:
    assert table.groups["followup"][name] >= floor
    assert table.proven == 1


def test_every_turn_of_the_dialogues_makes_its_move(
    taken: Sequence[tuple[dict[str, Any], Turn]],
) -> None:
    assert [t.move.value for _, t in taken] == [g.get("move", "ask") for g, _ in taken]


# the moves


def test_more_never_repeats_and_says_when_nothing_is_left(archive: Archive) -> None:
    turns = talk(archive, "辽源市", *["还有吗?"] * 20, manner=replace(STILL, k=2))
    codes = [q.cite for turn in turns for q in turn.answer.quotes]
    assert len(codes) == len(set(codes)) > 2
    spans = [
        (*cited(archive.catalogue, code)[1:], cited(archive.catalogue, code)[0].id)
        for code in codes
    ]
    for n, (part, start, length, article) in enumerate(spans):
        for other, first, more, of in spans[:n]:
            assert (
                (article, part) != (of, other) or start >= first + more or first >= start + length
            )
    assert all(turn.move is Move.MORE for turn in turns[1:])
    assert turns[-1].answer.reason is Reason.NOTHING_FURTHER
    assert turns[-1].answer.quotes == ()


def test_more_gives_what_was_not_shown_yet(archive: Archive) -> None:
    one = replace(STILL, k=3, shown=1)
    first, second = talk(archive, "延吉恐龙王国是谁投资的?", "还有吗", manner=one)
    shown = first.answer.quotes[0].cite
    assert shown not in [quote.cite for quote in second.answer.quotes]
    assert second.answer.quotes[0].cite == first.answer.quotes[1].cite


def test_details_stand_around_the_last_quote_and_grow(archive: Archive) -> None:
    first, around, wider = talk(archive, QUESTION, "详细点", "再详细点")
    quote = first.answer.quotes[0]
    assert around.move is wider.move is Move.DETAIL
    assert {q.article_id for q in around.answer.quotes} == {quote.article_id}
    shown = "".join(q.text for q in around.answer.quotes)
    assert "".join(quote.text.split()) in "".join(shown.split())
    marked = "".join(q.text[a:b] for q in around.answer.quotes for a, b in q.highlights)
    assert "".join(marked.split()) in "".join(quote.text.split())
    assert len("".join(q.text for q in wider.answer.quotes)) > len(shown)


def test_details_end_with_the_article(archive: Archive) -> None:
    turns = talk(archive, "安恕镇卫生院搞了什么讲座?", *["上下文"] * 6)
    assert turns[-1].answer.reason is Reason.NOTHING_FURTHER


def test_the_whole_article_is_not_cut(archive: Archive) -> None:
    _, whole = talk(archive, "2020年辽源市实施了多少个500万元以上项目?", "全文")
    article = archive.catalogue.article(whole.answer.quotes[0].article_id)
    printed = "".join(part.headline.text + part.body.text for part in archive.story(article))
    shown = "".join(quote.text for quote in whole.answer.quotes)
    assert "".join(shown.split()) == "".join(printed.split())
    assert len(shown) > 3000


def test_a_question_after_a_move_still_leans_on_the_matter(archive: Archive) -> None:
    turns = talk(archive, QUESTION, "全文", "还有吗", "那总投资呢?")
    assert "恐龙王国" in turns[-1].standalone
    assert "21亿" in "".join(turns[-1].answer.quotes[0].text.split())


def test_back_asks_the_question_before_the_last_again(archive: Archive) -> None:
    turns = talk(archive, QUESTION, "榆树市获得了什么称号?", "上一个", "那总投资呢?")
    assert turns[2].standalone == QUESTION
    assert turns[2].answer.quotes == turns[0].answer.quotes
    assert "恐龙王国" in turns[3].standalone


def test_a_reset_forgets(archive: Archive) -> None:
    turns = talk(archive, QUESTION, "换个话题", "那总投资呢?", "原文")
    assert turns[1].answer.reason is Reason.STARTED_ANEW
    assert turns[1].conversation == Conversation.start()
    assert turns[2].standalone == "那总投资呢?"


@pytest.mark.parametrize("text", ["还有吗", "详细点", "原文"])
def test_a_move_before_any_question_says_so(archive: Archive, text: str) -> None:
    (turn,) = talk(archive, text)
    assert (turn.standalone, turn.answer.reason) == (text, Reason.NOTHING_ASKED)


def test_a_greeting_changes_no_topic(archive: Archive) -> None:
    turns = talk(archive, QUESTION, "谢谢", "那总投资呢?")
    assert turns[1].standalone == "谢谢"
    assert "恐龙王国" in turns[2].standalone


def test_a_state_is_small_after_many_turns(archive: Archive) -> None:
    turns = talk(archive, *(d["turns"][0]["question"] for d in DIALOGUES), *["还有吗"] * 5)
    assert len(to_json(turns[-1].conversation)) < 6000


# what an archive may do


class Made:
    """An archive that is as sure of a question as it is told, and has lost its pages."""

    def __init__(self, **sure: float) -> None:
        self.sure = sure

    def ask(self, question: str, *, k: int | None = None) -> Answer:
        query = Query(question, question, ("地铁", "工期"))
        source = Source("a.txt", None, None, None, None, (), (1, 1))
        quote = Quote("字", ((0, 1),), ((0, 1),), source, "p", "a", "aaaaaaaaaa_b0_1", 1.0)
        confidence = self.sure.get(question.rstrip("?"), 0.5)
        return Answer(query, Verdict.ANSWERED, None, confidence, (quote,), "g", 1.0)

    def entities(self, text: str) -> list[Entity]:
        return []

    def around(self, codes: Sequence[str]) -> list[Quote]:
        raise NotFoundError("gone")

    def whole(self, code: str) -> list[Quote]:
        raise NotFoundError("gone")


def understood(archive: Made, text: str) -> str:
    first = take(archive, Conversation.start(), "地铁在哪里?", manner=STILL)
    return take(archive, first.conversation, text, manner=STILL).standalone


def test_of_the_readings_the_one_that_the_pages_bear_out_is_taken() -> None:
    assert understood(Made(), "工期多长?") == "地铁工期多长?"
    assert understood(Made(工期多长=0.9, 地铁工期多长=0.3), "工期多长?") == "工期多长?"
    assert understood(Made(工期多长=0.5, 地铁工期多长=0.48), "工期多长?") == "地铁工期多长?"


@pytest.mark.parametrize("text", ["原文", "上下文"])
def test_a_page_that_changed_is_not_shown(text: str) -> None:
    made = Made()
    first = take(made, Conversation.start(), "地铁在哪里?", manner=STILL)
    turn = take(made, first.conversation, text, manner=STILL)
    assert (turn.answer.reason, turn.answer.quotes) == (Reason.NOT_PROVEN, ())
