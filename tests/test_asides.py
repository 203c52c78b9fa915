"""What is said beside the matter of a question is set aside, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.asides import asides
from retrieval.query import understand
from retrieval.tokens import Segmenter

SEGMENTER = Segmenter.open([])


def said_beside(text: str) -> list[str]:
    return [text[a:b] for a, b in asides(text)]


@pytest.mark.parametrize(
    ("question", "beside"),
    [
        ("产值涨了多少,写稿急用", ["写稿急用"]),
        ("俺们种地的想知道,打了多少斤粮", ["俺们种地的想知道"]),
        ("入选的都有谁,我要做表,一个都别落下", ["我要做表", "一个都别落下"]),
        ("我是家长,想打听一下,孩子们上了什么课?", ["我是家长", "想打听一下"]),
        ("收拾了多少户,数给我", ["数给我"]),
        ("总第多少期?图书馆登记用", ["图书馆登记用"]),
        ("谢谢啦,门票多少钱", ["谢谢啦"]),
    ],
)
def test_what_speaks_of_the_asking_is_set_aside(question: str, beside: list[str]) -> None:
    assert said_beside(question) == beside


@pytest.mark.parametrize(
    "question",
    [
        "我家住灯塔镇,镇上有多少户?",
        "图书馆登记了多少人?",
        "写稿的记者是谁?",
        "我爷爷姓隋,照片是谁拍的?",
        "听说要修铁路,几时开工?",
        "急救站设在哪里?",
        "不让烧秸秆,剩下的怎么办?",
    ],
)
def test_matter_and_questions_are_not(question: str) -> None:
    assert said_beside(question) == []


def test_a_question_of_nothing_but_asides_is_still_asked() -> None:
    assert understand("作业核对", segmenter=SEGMENTER).terms


@given(st.text("我俺想知道写稿急用谢,。?多少门票", max_size=30))
def test_asides_are_whole_clauses_in_order(text: str) -> None:
    found = asides(text)
    assert found == sorted(found)
    for start, end in found:
        assert start < end
        assert start == 0 or text[start - 1] in ",。?"
        assert end == len(text) or text[end] in ",。?"
