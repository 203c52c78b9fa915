"""How static models cut text: the longest listed word at each place, or another's tokeniser."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from retrieval.cutters import LongestWords, Subwords, open_cutter
from retrieval.errors import EncoderError

WORDS = ["农", "业", "农业", "银行", "农业银行", "行", "农业发展"]

texts = st.text("农业银行发展x,。", max_size=30)


def _longest(text: str, words: list[str]) -> list[tuple[int, int, int]]:
    """The same cut, a character at a time: (row, start, end)."""
    found, at = [], 0
    while at < len(text):
        fits = [word for word in words if text.startswith(word, at)]
        if fits:
            word = max(fits, key=len)
            found.append((words.index(word), at, at + len(word)))
            at += len(word)
        else:
            at += 1
    return found


@given(texts)
def test_equals_looking_at_every_word_in_every_place(text: str) -> None:
    cutter = LongestWords(WORDS)
    expected = _longest(text, WORDS)
    rows, spans = cutter.words(text)
    assert list(zip(rows, *zip(*spans, strict=True), strict=True)) == expected if spans else True
    assert (rows, spans) == ([r for r, _, _ in expected], [(a, b) for _, a, b in expected])
    assert cutter.placed(text).tolist() == [[a, b, row] for row, a, b in expected]


@given(st.lists(texts, max_size=5))
def test_many_texts_are_cut_as_one_by_one(many: list[str]) -> None:
    cutter = LongestWords(WORDS)
    assert cutter.rows(many) == [cutter.words(text)[0] for text in many]


def test_a_worked_example() -> None:
    rows, spans = LongestWords(WORDS).words("农业发展银行,农业银行x")
    assert [WORDS[row] for row in rows] == ["农业发展", "银行", "农业银行"]
    assert spans == [(0, 4), (4, 6), (7, 11)]


def test_characters_outside_the_plane_count_as_one() -> None:
    assert LongestWords(["吉", "𠮷"]).words("𠮷吉😀吉") == ([1, 0, 0], [(0, 1), (1, 2), (3, 4)])


def test_words_come_back_from_their_file(tmp_path: Path) -> None:
    LongestWords(WORDS).save(tmp_path / "vocabulary.txt")
    assert (tmp_path / "vocabulary.txt").read_text(encoding="utf-8").splitlines() == WORDS
    found = open_cutter(tmp_path)
    assert isinstance(found, LongestWords)
    assert (found.listed, found.n_rows) == (tuple(WORDS), len(WORDS))


@pytest.mark.parametrize("held", ["", "农\n\n业\n", "农\n业\n农\n"])
def test_a_damaged_list_is_refused(tmp_path: Path, held: str) -> None:
    (tmp_path / "vocabulary.txt").write_text(held, encoding="utf-8")
    with pytest.raises(
        EncoderError, match=r"vocabulary\.txt cannot be read \(an empty or repeated"
    ):
        open_cutter(tmp_path)


def test_a_list_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.txt").write_bytes("植树".encode("gb18030"))
    with pytest.raises(EncoderError, match="utf-8"):
        open_cutter(tmp_path)


def test_a_tokeniser_of_others_is_read(tmp_path: Path) -> None:
    vocabulary = {"[UNK]": 0, "农业": 1, "银行": 2}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 -- no password
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_padding(length=9)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    found = open_cutter(tmp_path)
    assert isinstance(found, Subwords)
    assert found.n_rows == 3
    assert found.rows(["银行 农业", "", "农业"]) == [[2, 1], [], [1]]
    assert found.words("农业 x 银行") == ([1, 0, 2], [(0, 2), (3, 4), (5, 7)])
    assert found.placed("农业 x 银行").tolist() == [[0, 2, 1], [3, 4, 0], [5, 7, 2]]
    assert found.placed("").shape == (0, 3)


def test_neither_list_nor_tokeniser_is_said(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"tokenizer\.json cannot be read"):
        open_cutter(tmp_path)
