"""The shadow used to match: as long as its text, folded once and for all."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import folding
from retrieval.folding import fold, fold_all

ANY_TEXT = st.text(st.characters())  # surrogates and controls too
EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))


def test_every_character_folds_to_exactly_one() -> None:
    assert len(fold(EVERY_CHARACTER)) == len(EVERY_CHARACTER)


def test_no_character_can_be_folded_twice() -> None:
    once = fold(EVERY_CHARACTER)
    assert [(a, b) for a, b in zip(once, fold(once), strict=True) if a != b] == []


@given(ANY_TEXT, ANY_TEXT)
def test_a_character_folds_without_looking_at_its_neighbours(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@given(ANY_TEXT)
def test_the_fold_of_any_text_is_as_long_and_folds_no_further(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("遼", "辽"),
        ("臺灣國務院", "台湾国务院"),
        ("Ａ", "a"),
        ("ＡＢｃ１２３", "abc123"),
        ("GDP", "gdp"),
        ("，！？（）：；％", ",!?():;%"),
        ("“法治”『进』「校园」", '"法治""进""校园"'),
        ("‘一’", "'一'"),
        ("２０２１－０１－２７", "2021-01-27"),
        ("阿·凡提•", "阿·凡提·"),
        ("\u3000", " "),
        ("⾒⾒", "见见"),
    ],
)
def test_what_looks_alike_folds_alike(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@pytest.mark.parametrize("text", ["㎡", "…", "。、《》", "辽源农业", "½", "\n\r\t "])
def test_what_would_change_its_length_or_meaning_stays(text: str) -> None:
    assert fold(text) == text


def test_no_phrase_is_exchanged() -> None:
    assert fold("計程車和軟體") == "计程车和软体"  # not 出租车和软件: only the script is folded


@given(
    st.lists(st.one_of(st.text(max_size=20), st.text("遼源Ａ１—“”⾒𠮷é😀", max_size=9)), max_size=6)
)
def test_many_texts_fold_as_one_by_one(texts: list[str]) -> None:
    assert fold_all(texts) == [text.translate(folding._table()) for text in texts]


@given(ANY_TEXT, st.integers(1, 40))
def test_long_texts_are_folded_as_short_ones(text: str, times: int) -> None:
    assert fold(text * times) == text.translate(folding._table()) * times


def test_half_of_a_pair_folds_to_itself() -> None:
    assert fold_all(["a\ud800b", "", "Ｂ"]) == ["a\ud800b", "", "b"]
