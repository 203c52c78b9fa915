"""Which sentence is quoted, how much around it, and what the findings amount to."""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer import choose, confident, judge, quoted, related, support
from retrieval.findings import Candidate, Finding
from retrieval.passages import sentences
from retrieval.records import (
    MAX_QUOTE_CHARS,
    Article,
    CleanText,
    Kind,
    Part,
    Passage,
    Reason,
    Verdict,
)
from retrieval.settings import AnswerSettings
from retrieval.weights import Curve, shipped

SETTINGS = AnswerSettings()
WEIGHTS = shipped()
SURE = {"coverage": 1.0, "kind": 1.0, "missing": 0.0, "asked": 1.0, "named": 1.0}


def finding(
    text: str = "答案在这里。", nth: int = 0, article: str = "p.txt/a1", **how: float
) -> Finding:
    clean = CleanText(text, ((0, len(text)),))
    passage = Passage(f"{article}/p1", article, Part.BODY, 0, clean)
    whole = Article(article, "p.txt", Kind.NEWS, CleanText("", ()), clean, clean.spans, (1, 1))
    candidate = Candidate(passage, whole, "", 1.0)
    return Finding(candidate, sentences(text)[nth], **{"score": 1.0, **SURE, **how})


def pieces(text: str, nth: int, quote_chars: int = 20) -> tuple[str, str]:
    quote, answering = quoted(finding(text, nth), quote_chars=quote_chars)
    return text[slice(*quote)], text[slice(*answering)]


def test_the_sentence_takes_in_the_next_one_before_the_one_above() -> None:
    text = "甲甲甲甲甲。乙乙乙乙乙。丙丙丙丙丙。丁丁丁丁丁。"
    assert pieces(text, 1, 11) == ("乙乙乙乙乙。",) * 2
    assert pieces(text, 1, 12) == ("乙乙乙乙乙。丙丙丙丙丙。", "乙乙乙乙乙。")
    assert pieces(text, 1, 18) == ("乙乙乙乙乙。丙丙丙丙丙。丁丁丁丁丁。", "乙乙乙乙乙。")
    assert pieces(text, 3, 12) == ("丙丙丙丙丙。丁丁丁丁丁。", "丁丁丁丁丁。")


def test_a_sentence_longer_than_asked_for_is_quoted_whole() -> None:
    text = "甲" * 150 + "。乙。"
    assert pieces(text, 0, 20) == ("甲" * 150 + "。",) * 2


def test_a_sentence_too_long_to_quote_is_cut_after_a_clause() -> None:
    text = "甲" * 250 + "，" + "乙" * 100 + "。"
    assert pieces(text, 0) == ("甲" * 250 + "，",) * 2
    longer_by_one = "甲" * 199 + "，" + "乙" * 100 + "。"
    assert pieces(longer_by_one, 0) == ("甲" * 199 + "，",) * 2
    assert pieces("甲" * 400, 0) == ("甲" * MAX_QUOTE_CHARS,) * 2


def test_white_space_at_the_ends_is_not_quoted() -> None:
    assert pieces("甲甲。\n乙乙。\n", 0, 4) == ("甲甲。", "甲甲。")


@given(st.text(st.sampled_from("甲乙丙12，。；\n "), min_size=1, max_size=700), st.data())
def test_a_quote_holds_its_answer_and_fits(text: str, data: st.DataObject) -> None:
    nth = data.draw(st.integers(0, len(sentences(text)) - 1))
    wanted = data.draw(st.integers(20, MAX_QUOTE_CHARS))
    (start, end), (first, last) = quoted(finding(text, nth), quote_chars=wanted)
    assert end - start <= MAX_QUOTE_CHARS
    if text[slice(*sentences(text)[nth])].strip():
        assert start <= first < last <= end
        assert text[start:end] == text[start:end].strip()


def test_no_article_speaks_more_often_than_allowed() -> None:
    found = [finding(article=f"p.txt/a{n}") for n in (1, 1, 1, 2, 3)]
    chosen = choose(found, k=4, settings=SETTINGS, weights=WEIGHTS)
    assert [f.candidate.article.id for f in chosen] == ["p.txt/a1"] * 2 + ["p.txt/a2", "p.txt/a3"]
    assert len(choose(found, k=1, settings=SETTINGS, weights=WEIGHTS)) == 1


def test_after_the_first_what_is_not_even_related_is_left_out() -> None:
    weak = replace(finding(article="p.txt/a2", coverage=0.1), matter=0.1, letters=0.1)
    assert related(weak, WEIGHTS) < SETTINGS.related_at
    assert choose([finding(), weak], k=3, settings=SETTINGS, weights=WEIGHTS) == [finding()]
    assert choose([weak], k=3, settings=SETTINGS, weights=WEIGHTS) == [weak]


@pytest.mark.parametrize("name", SURE)
def test_each_doubt_lowers_the_confidence(name: str) -> None:
    doubted = replace(finding(), **{name: 0.5})
    assert 0 < confident(doubted, WEIGHTS) < confident(finding(), WEIGHTS) <= 1


def test_the_curves_equal_ones_worked_by_hand() -> None:
    curve = Curve(
        bias=-1.0,
        support=2.0,
        matter=1.5,
        asked=-0.5,
        named=0.5,
        missing=-3.0,
        letters=-0.25,
        like=1.0,
    )
    weights = msgspec.structs.replace(WEIGHTS, related=curve, answered=curve)
    one = replace(finding(), coverage=0.8, missing=0.25, kind=1.0, asked=1.0, named=1.0, like=0.4)
    one = replace(one, matter=0.6, letters=0.8)
    # support = .8 * (1 - .25) = .6; -1 + 2 * .6 + 1.5 * .6 - .5 + .5 - 3 * .25 - .2 + .4 = .55
    assert support(one, weights) == pytest.approx(0.6)
    assert related(one, weights) == pytest.approx(1 / (1 + math.exp(-0.55)))
    assert confident(one, weights) == related(one, weights)


def test_another_year_takes_from_the_support() -> None:
    assert support(replace(finding(), dated=-1.0), WEIGHTS) == pytest.approx(
        WEIGHTS.when_floor * support(finding(), WEIGHTS)
    )


def test_the_verdict_goes_by_the_first_finding_and_the_settings() -> None:
    assert judge([], SETTINGS, weights=WEIGHTS) == (Verdict.NONE, Reason.NOT_FOUND, 0.0)
    sure, near = confident(finding(), WEIGHTS), related(finding(), WEIGHTS)
    for answered_at, related_at, expected in (
        (sure, near, (Verdict.ANSWERED, None)),
        (1.0, near, (Verdict.RELATED, Reason.NOT_STATED)),
        (sure, 1.0, (Verdict.NONE, Reason.NOT_FOUND)),
    ):
        bounds = AnswerSettings(answered_at=answered_at, related_at=related_at)
        assert judge([finding(), finding(coverage=0.0)], bounds, weights=WEIGHTS) == (
            *expected,
            sure,
        )
