"""How well words are met, by word vectors drawn by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.alignment import Aligner, Alignment, Asked, Text, met, shares, whole_texts
from retrieval.encoder import Words
from retrieval.numerals import numerals
from retrieval.records import Query
from retrieval.weights import shipped
from tests import plain
from tests.plain import letters

Floats = NDArray[np.float32]

WEIGHTS = shipped()
NEAR = (WEIGHTS.near + WEIGHTS.same) / 2  # a cosine that counts, but not as the same

# 栽 and 种 are the same, 植 is near, 银 is a stranger to them; 王 and 茵 are a name.
DIRECTIONS = {
    "栽": (1.0, 0.0, 0.0),
    "种": (1.0, 0.0, 0.0),
    "植": (NEAR, (1 - NEAR**2) ** 0.5, 0.0),
    "银": (0.0, 0.0, 1.0),
    "王": (0.0, 0.6, 0.8),
    "茵": (0.0, 0.6, 0.8),
    "反": (-1.0, 0.0, 0.0),
}


class HandDrawn:
    """One word a character, one direction a word."""

    def words(self, text: str) -> list[tuple[str, int, int]]:
        return [(c, i, i + 1) for i, c in enumerate(text) if c in DIRECTIONS]

    def word_vectors(self, text: str) -> tuple[Floats, Floats]:
        rows = [DIRECTIONS[c] for c in text if c in DIRECTIONS]
        vectors = np.array(rows, dtype=np.float32).reshape(-1, 3)
        return vectors, np.ones(len(rows), dtype=np.float32)

    def words_of(self, texts: Sequence[str]) -> Words:
        each = [self.words(text) for text in texts]
        found = [word for own in each for word in own]
        return Words(
            counts=np.array([len(own) for own in each], dtype=np.intp),
            ranges=np.array([(a, b) for _, a, b in found], dtype=np.int32).reshape(-1, 2),
            which=np.array([list(DIRECTIONS).index(word) for word, _, _ in found], dtype=np.int32),
            rows=np.array(list(DIRECTIONS.values()), dtype=np.float32) * 50,
            scale=np.full(len(DIRECTIONS), 0.02, dtype=np.float32),
        )


class Rarities:
    """王 is rare, the rest is common; 王茵 is a name."""

    def rarity(self, word: str) -> float:
        return 1.0 if "王" in word else 0.5

    def is_name(self, word: str) -> bool:
        return "王" in word

    def is_listed(self, word: str) -> bool:
        return self.is_name(word)


ALIGNER = Aligner(HandDrawn(), Rarities())
TEXT = st.text(st.sampled_from("栽种植银王茵反，"), min_size=1, max_size=12)


def asking(*terms: str, focus: Sequence[str] = ()) -> Asked:
    text = "".join(terms)
    return ALIGNER.asked(Query(text, text, terms, focus=tuple(focus)))


def rows_met(asked: Asked, text: Text, spans: list[tuple[int, int]]) -> Floats:
    return met(Alignment(asked, text).meet(spans), WEIGHTS)


def how_met(term: str, text: str) -> float:
    return float(rows_met(asking(term), ALIGNER.text(text), [(0, len(text))])[0, 0])


def test_a_word_is_met_by_itself_entirely() -> None:
    assert how_met("栽", "，栽，") == 1


def test_the_nearer_the_word_the_better_it_is_met() -> None:
    assert 1 > how_met("栽", "种") > how_met("栽", "植") > how_met("栽", "银") == 0


def test_an_opposite_word_meets_nothing() -> None:
    assert how_met("栽", "反") == 0


def test_a_name_is_met_by_its_letters_alone() -> None:
    assert how_met("王", "茵") == 0
    assert how_met("王", "王") == 1


@given(TEXT, st.data())
def test_a_span_meets_what_its_own_words_and_letters_meet(text: str, data: st.DataObject) -> None:
    """Word by word, with loops, what ``met`` does with matrices."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    terms = ("栽", "植", "王茵")
    one_by_one = [
        max([letters(t, text[start:end]), *(how_met(t, c) for c in text[start:end])]) for t in terms
    ]
    row = rows_met(asking(*terms), ALIGNER.text(text), [(start, end)])[0]
    assert row.tolist() == pytest.approx(one_by_one, abs=1e-6)


@given(TEXT)
def test_more_text_never_meets_less(text: str) -> None:
    spans = [(0, end) for end in range(1, len(text) + 1)]
    rows = rows_met(asking("栽", "银", "王茵"), ALIGNER.text(text), spans)
    assert ((rows >= 0) & (rows <= 1)).all()
    assert (np.diff(rows, axis=0) >= 0).all()


def test_a_span_without_words_meets_nothing() -> None:
    assert rows_met(asking("栽"), ALIGNER.text("，，栽"), [(0, 2)]).tolist() == [[0]]


def test_weights_share_out_one() -> None:
    assert shares(asking("栽", "王茵", "银"), WEIGHTS).sum() == pytest.approx(1)


def test_what_is_rare_a_name_or_asked_for_weighs_more() -> None:
    plain, name = shares(asking("栽", "王茵"), WEIGHTS)
    assert name > plain
    other, wanted = shares(asking("栽", "植", focus=["植"]), WEIGHTS)
    assert wanted > other


def test_words_that_no_dictionary_weighs_share_no_division_by_zero() -> None:
    class Weightless(Rarities):
        def rarity(self, word: str) -> float:
            return 0.0

    asked = Aligner(HandDrawn(), Weightless()).asked(Query("栽", "栽", ("栽",)))
    assert shares(asked, WEIGHTS).tolist() == [0]


def test_what_is_asked_for_is_marked() -> None:
    assert asking("栽", "植", focus=["植"]).focus.tolist() == [False, True]


@given(TEXT, TEXT)
def test_likeness_is_a_cosine_and_never_below_zero(question: str, text: str) -> None:
    (like,) = ALIGNER.align(asking(question), [text]).likeness([(0, len(text))])
    assert 0 <= like <= 1 + 1e-6


def test_a_text_is_most_like_itself() -> None:
    over = ALIGNER.align(asking("栽", "银"), ["栽银，栽种，反，，"])
    like = over.likeness([(0, 2), (3, 5), (6, 7), (8, 9)])
    assert like[0] == pytest.approx(1)
    assert like[0] > like[1] > like[2] == like[3] == 0


@pytest.mark.parametrize(
    ("term", "text"), [("辽源", "在辽源植树"), ("辽源市", "辽源市"), ("g11", "沿g11高速")]
)
def test_a_term_that_stands_in_the_text_is_met(term: str, text: str) -> None:
    assert letters(term, text) == 1


def test_a_place_is_met_without_its_kind() -> None:
    assert 0.9 <= letters("辽源市", "在辽源植树") < 1


def test_a_name_with_one_wrong_letter_is_met_in_part() -> None:
    assert 0 < letters("关平海", "关平每") < 1
    assert letters("一二三四", "一二三五") > letters("一二三四五", "一二三六七")


@pytest.mark.parametrize(
    ("term", "text"), [("辽源", "辽宁"), ("张云", "高政"), ("一二三四", "一二"), ("栽", "种")]
)
def test_half_a_term_is_not_met(term: str, text: str) -> None:
    assert letters(term, text) == 0


# Numbers, names that lack a letter, places with their kind and without it.
LINE = st.text(st.sampled_from("栽种王茵反，辽源市通化三十万12%近\n"), max_size=24)
TERMS = st.lists(
    st.sampled_from(["栽", "王茵", "辽源市", "通化市", "王茵通化", "三十万", "12%", "辽源通化反"]),
    min_size=1,
    max_size=4,
    unique=True,
)


def asking_all(terms: Sequence[str]) -> Asked:
    """The terms, some listed, some with look-alikes, those that are numbers known for such."""
    alike = tuple((t, t.replace("源", "沅").replace("王", "主")) for t in terms if len(t) > 1)
    numbers = tuple(n for t in terms for n in numerals(t) if n.text == t)
    text = "".join(terms)
    query = Query(text, text, tuple(terms), alike=(*alike, (terms[0], "反种")), numbers=numbers)
    listed = np.array([term in ("通化市", "辽源市") for term in terms])
    return replace(ALIGNER.asked(query), listed=listed)


def spans_in(data: st.DataObject, text: str) -> list[tuple[int, int]]:
    """Ranges of a text in any order: they may be empty, overlap, and leave much out."""
    places = st.integers(0, len(text))
    return data.draw(
        st.lists(st.tuples(places, places).map(lambda p: (min(p), max(p))), max_size=6)
    )


@given(st.lists(LINE, min_size=1, max_size=3), TERMS, st.data())
def test_many_texts_are_read_as_one_by_one(
    texts: list[str], terms: list[str], data: st.DataObject
) -> None:
    asked = asking_all(terms)
    over = ALIGNER.align(asked, texts)
    for text, start in zip(texts, over.text.starts.tolist(), strict=True):
        spans = spans_in(data, text)
        moved = [(start + a, start + b) for a, b in spans]
        expected = plain.meet(asked, HandDrawn(), text, spans)
        found = over.meet(moved)
        np.testing.assert_allclose(found.cosines, expected.cosines, atol=1e-6)
        np.testing.assert_array_equal(found.letters, expected.letters)
        like = plain.likeness(asked.whole, HandDrawn(), text, spans)
        np.testing.assert_allclose(over.likeness(moved), like, atol=1e-6)


@given(st.lists(LINE, max_size=4), TERMS)
def test_whole_texts_are_met_as_one_by_one(texts: list[str], terms: list[str]) -> None:
    asked = asking_all(terms)
    over = ALIGNER.align(asked, texts)
    found = over.meet(whole_texts(over.text))
    assert found.cosines.shape == found.letters.shape == (len(texts), len(terms))
    for place, text in enumerate(texts):
        whole = plain.meet(asked, HandDrawn(), text, [(0, len(text))])
        np.testing.assert_allclose(found.cosines[place], whole.cosines[0], atol=1e-6)
        np.testing.assert_array_equal(found.letters[place], whole.letters[0])


def test_a_word_that_juts_out_of_a_span_is_in_it() -> None:
    words = Words(
        counts=np.array([2]),
        ranges=np.array([(0, 2), (2, 3)], dtype=np.int32),
        which=np.array([0, 1], dtype=np.int32),
        rows=np.array([DIRECTIONS["栽"], DIRECTIONS["银"]], dtype=np.float32),
        scale=np.ones(2, dtype=np.float32),
    )

    class Given(HandDrawn):
        def words_of(self, texts: Sequence[str]) -> Words:
            return words

    text = Aligner(Given(), Rarities()).text("，，，")
    found = Alignment(asking("栽", "银"), text).meet([(0, 1), (1, 3), (2, 3), (3, 3)]).cosines
    assert found.tolist() == [[1, 0], [1, 1], [0, 1], [-1, -1]]


def test_a_number_is_met_in_other_figures() -> None:
    numbers = numerals("两千六百多棵,百分之三十")
    terms = tuple(number.text for number in numbers)
    asked = ALIGNER.asked(Query("两千六百多", "两千六百多", terms, numbers=numbers))
    found = "总计2677棵。占30%。共3677棵。"
    text = ALIGNER.text(found)
    met_by = rows_met(asked, text, [(0, 8), (8, 13), (13, 20)])
    assert met_by[0, 0] == met_by[1, 1] == 1.0
    assert met_by[1, 0] < 1.0
    assert met_by[2, 0] < 1.0
    assert met_by[0, 1] < 1.0
