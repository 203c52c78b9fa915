"""The marks of a question: phrases in quotation marks, and what is excluded by a minus."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.folding import fold
from retrieval.phrases import marked


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("“农业”", ("农业",)),
        ('"农业"贷款', ("农业",)),
        ("「農業」貸款", ("农业",)),
        ("『农业』", ("农业",)),
        ("＂农业＂", ("农业",)),
        ("“知”", ("知",)),
        ("“农 业”和“银行”", ("农业", "银行")),
        ("“农业”和“农业”", ("农业",)),
        ("《农业》", ()),
        ("“", ()),
        ("“”", ()),
        ("“。”", ()),
        ('5"的屏幕', ()),
    ],
)
def test_what_stands_in_quotation_marks_is_a_phrase(
    question: str, phrases: tuple[str, ...]
) -> None:
    assert marked(question).phrases == phrases


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("会议 -招聘", ("招聘",)),
        ("-招聘 会议", ("招聘",)),
        ("会议 －招聘", ("招聘",)),
        ("会议 −招聘,在哪", ("招聘",)),
        ("会议 －“招聘启事”", ("招聘启事",)),
        ("会议 -招聘 -ABC", ("招聘", "abc")),
        ("2021-01-27的会", ()),
        ("0437-3229788是谁的电话", ()),
        ("A-B公司", ()),
        ("会议-招聘", ()),
        ("-招聘会在哪里办?", ()),
        ("-招聘 -会议", ()),
        ("会议 - 招聘", ()),
        ("零下 -5度", ()),
        ("会议 —招聘", ()),
    ],
)
def test_a_minus_before_a_word_excludes_it(question: str, excluded: tuple[str, ...]) -> None:
    assert marked(question).excluded == excluded


def test_what_is_excluded_is_no_phrase_and_no_word() -> None:
    found = marked("会议 -“招聘启事”")
    assert found.phrases == ()
    assert found.text.strip() == "会议"


@given(st.text(st.sampled_from('农业会 -－“”"「」a1,，'), max_size=20))
def test_places_stay_where_they_were(question: str) -> None:
    found = marked(question)
    assert len(found.text) == len(question)
    assert all(t in (f, " ") for t, f in zip(found.text, fold(question), strict=True))
    assert all(0 < a < b < len(question) for a, b in found.quoted)
