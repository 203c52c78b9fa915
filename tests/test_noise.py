"""Synthetic noise: how much, of what kind, and what becomes of a gold string."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.lookalikes import alike
from retrieval.measures import Question
from retrieval.noise import Noised, misread, noise

PRINTED = st.text(st.sampled_from("入人口日目大太12,。 \n"), max_size=60)
GOLD = Question("?", "fact", "a.txt", ("栽树2677棵",), evidence=("共栽树2677棵",))


@settings(deadline=None)  # its first call reads the table
@given(PRINTED, st.floats(0, 1), st.integers(0, 5))
def test_white_space_is_left_alone_and_each_character_answered_for(
    text: str, rate: float, seed: int
) -> None:
    page = noise(text, rate, seed=seed)
    assert len(page.made) == len(text)
    for char, made in zip(text, page.made, strict=True):
        assert len(made.strip()) <= 1
        if char.isspace():
            assert made == char


@settings(deadline=None)  # its first call reads the table
@given(PRINTED)
def test_no_noise_changes_nothing(text: str) -> None:
    assert noise(text, 0.0, seed=1).noised == text


def test_the_same_seed_misreads_the_same() -> None:
    text = "大太人入口日目" * 20
    assert noise(text, 0.3, seed=1) == noise(text, 0.3, seed=1) != noise(text, 0.3, seed=2)


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
def test_as_much_is_misread_as_asked_for(rate: float) -> None:
    text = "入" * 20_000
    made = noise(text, rate, seed=0).made
    assert sum(one != "入" for one in made) / len(text) == pytest.approx(rate, rel=0.15)
    assert {one for one in made if one not in ("", "入", "入 ")} <= set(alike("入"))


def test_what_has_no_look_alike_becomes_another_character_of_the_page() -> None:
    text = "甲乙丙" * 100
    page = noise(text, 1.0, seed=0)
    assert {one.strip() for one in page.made} <= {"", *text, *"".join(map(alike, text))}


def made(text: str, **changes: str) -> Noised:
    return Noised(text, tuple(changes.get(f"_{i}", char) for i, char in enumerate(text)))


def test_a_gold_string_is_what_the_noised_page_prints_there() -> None:
    page = made("今天共栽树26\n77棵。", _3="裁", _5="", _8="Z ")
    assert page.noised == "今天共裁树6\nZ 7棵。"
    got = misread(GOLD, page)
    assert got.answers == ("裁树6Z7棵",)
    assert got.evidence == ("共裁树6Z7棵",)


def test_each_printing_of_a_gold_string_counts() -> None:
    page = made("甲乙丙丁,甲乙丙丁", _1="己", _6="巳")
    got = misread(Question("?", "fact", "a.txt", ("甲乙丙丁",)), page)
    assert got.answers == ("甲己丙丁",)
    assert got.variants == (("甲己丙丁", "甲巳丙丁"),)


def test_what_noise_left_hardly_anything_of_is_no_gold_string() -> None:
    page = made("甲乙丙丁", _0="", _1="", _2="")
    assert misread(Question("?", "fact", "a.txt", ("甲乙丙丁",)), page).variants == ((),)


def test_what_the_page_does_not_print_in_one_piece_stays_as_it_is() -> None:
    assert misread(GOLD, made("别的")).answers == GOLD.answers
