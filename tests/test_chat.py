"""A follow-up becomes a question that stands alone; a question that does stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Conversation, remember, understand
from retrieval.records import Answer, Query, Verdict

TREES = Conversation("辽源市冬季植树栽了多少棵树?", "辽源市冬季植树")
PARK = Conversation("恐龙王国项目在哪里建设?", "恐龙王国项目")
PERSON = Conversation("王茵在哪家报社工作?", "王茵")
TEAM = Conversation("卫健委医疗队去了哪里?", "卫健委医疗队")


@pytest.mark.parametrize(
    ("conversation", "question", "standalone"),
    [
        # a pronoun
        (PERSON, "他哪年入党的?", "王茵哪年入党的?"),
        (PERSON, "她写了什么新闻?", "王茵写了什么新闻?"),
        (PERSON, "这个人的电话是多少?", "王茵的电话是多少?"),
        (PARK, "它什么时候开工?", "恐龙王国项目什么时候开工?"),
        (TEAM, "他们一共有多少人?", "卫健委医疗队一共有多少人?"),
        # a swap
        (TREES, "那延吉市呢?", "延吉市冬季植树栽了多少棵树?"),
        (TREES, "延吉市呢？", "延吉市冬季植树栽了多少棵树?"),
        # an aspect
        (PARK, "那总投资呢?", "恐龙王国项目总投资?"),
        (PARK, "面积呢", "恐龙王国项目面积?"),
        (PARK, "门票价格呢？", "恐龙王国项目门票价格?"),
        # no subject of its own
        (TEAM, "抽调了多少人?", "卫健委医疗队抽调了多少人?"),
        (PARK, "什么时候开工?", "恐龙王国项目什么时候开工?"),
        (PARK, "为什么?", "恐龙王国项目为什么?"),
        (TEAM, "那抽调了多少人?", "卫健委医疗队抽调了多少人?"),
        (TEAM, "那么,抽调了多少人?", "卫健委医疗队抽调了多少人?"),
        # more of the same
        (PARK, "还有吗?", "恐龙王国项目在哪里建设?"),
        (PARK, "继续", "恐龙王国项目在哪里建设?"),
        # a new topic
        (PARK, "姚顺是谁?", "姚顺是谁?"),
        (PARK, "四平市的地铁什么时候开工?", "四平市的地铁什么时候开工?"),
        (PARK, "建行辽源分行办了几笔业务?", "建行辽源分行办了几笔业务?"),
        (PARK, "哪家公司在四平市建厂?", "哪家公司在四平市建厂?"),
        (PARK, "《辽源日报》报道了什么?", "《辽源日报》报道了什么?"),
        (PARK, "2021年有哪些惠民实事?", "2021年有哪些惠民实事?"),
        (PARK, "秸秆禁烧处罚了多少人?", "秸秆禁烧处罚了多少人?"),
        (PARK, "其他人怎么看这个问题的?", "其他人怎么看这个问题的?"),
        (PARK, "", ""),
    ],
)
def test_a_turn_is_understood_by_what_was_said(
    conversation: Conversation, question: str, standalone: str
) -> None:
    assert understand(conversation, question) == standalone


@pytest.mark.parametrize(
    "question", ["其他学校一共有多少名学生参加?", "吉他比赛的第一名是哪个学校的?"]
)
def test_a_pronoun_inside_another_word_is_none(question: str) -> None:
    assert understand(PARK, question) == question


@pytest.mark.parametrize(
    "question", ["他哪年入党的?", "那延吉市呢?", "总投资呢?", "抽调了多少人?", "为什么?", "你好"]
)
def test_a_first_question_is_left_untouched(question: str) -> None:
    assert understand(Conversation.start(), question) == question


def test_a_subject_is_put_in_letter_by_letter() -> None:
    odd = Conversation(r"\1\g<0>在哪里?", r"\1\g<0>")
    assert understand(odd, "它有多大?") == r"\1\g<0>有多大?"


CONVERSATIONS = st.sampled_from([Conversation.start(), TREES, PARK, PERSON, TEAM])


@given(CONVERSATIONS, st.text(st.sampled_from("他那呢吗?？，多少 辽源市投资王茵。"), max_size=20))
def test_any_turn_is_understood(conversation: Conversation, question: str) -> None:
    standalone = understand(conversation, question)
    assert len(standalone) <= len(question) + len(conversation.question) + len(conversation.subject)
    assert bool(standalone) >= bool(question.strip())


def answered(*terms: str, verdict: Verdict = Verdict.ANSWERED) -> Answer:
    return Answer(Query("", "", terms), verdict, None, 0.9, (), "g", 1.0)


def test_a_conversation_remembers_what_was_asked_about() -> None:
    question = "恐龙王国项目在哪里建设?"
    said = remember(Conversation.start(), question, answered("恐龙王国", "项目", "建设"))
    assert said.question == question
    assert said.subject == "恐龙王国项目"


def test_a_question_without_a_subject_leaves_its_words() -> None:
    said = remember(Conversation.start(), "谁主持了培训会?", answered("主持", "培训会"))
    assert "培训会" in said.subject


def test_a_follow_up_keeps_the_subject() -> None:
    question = understand(PARK, "那总投资呢?")
    said = remember(PARK, question, answered("恐龙王国", "投资"))
    assert said == Conversation(question, PARK.subject)


def test_a_new_topic_takes_its_place() -> None:
    said = remember(PARK, "四平市地铁什么时候开工?", answered("四平市", "地铁", "开工"))
    assert said.subject == "四平市地铁"


def test_a_greeting_changes_no_topic() -> None:
    assert remember(PARK, "谢谢", answered(verdict=Verdict.NONE)) == PARK


def test_a_question_that_found_nothing_is_still_the_topic() -> None:
    said = remember(PARK, "四平市地铁在哪里?", answered("四平市", "地铁", verdict=Verdict.NONE))
    assert said.subject == "四平市地铁"


def test_three_turns_in_a_row_stay_with_their_matter() -> None:
    conversation = Conversation.start()
    understood = []
    turns = {
        "恐龙王国项目在哪里建设?": ("恐龙王国", "项目", "建设"),
        "那总投资呢?": ("恐龙王国", "项目", "总投资"),
        "它什么时候开工?": ("恐龙王国", "项目", "开工"),
    }
    for turn, terms in turns.items():
        understood.append(understand(conversation, turn))
        conversation = remember(conversation, understood[-1], answered(*terms))
    assert understood == [
        "恐龙王国项目在哪里建设?",
        "恐龙王国项目总投资?",
        "恐龙王国项目什么时候开工?",
    ]


def test_a_subject_ends_with_what_was_named() -> None:
    question = "辽源冬天种了多少树?"
    query = Query(question, question, ("辽源", "冬天", "种", "树"))
    answer = Answer(query, Verdict.ANSWERED, None, 1.0, (), "", 0.0)
    assert remember(Conversation.start(), question, answer).subject == "辽源冬天"
