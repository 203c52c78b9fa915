"""Guards: a cheap test before a costly pattern never bars what the pattern would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import bylines, cleaning, imprint, marks, shapes
from retrieval.cleaning import Setting, clean, displayed
from retrieval.folding import fold

_LETTERS = st.sampled_from(list("辽源市12１ab. \u3000\n\t\u200b*_<>#，（）"))


def test_white_space_is_named_in_full() -> None:
    white = re.compile(f"[{cleaning.WHITE}]")
    every = map(chr, range(0x110000))
    assert [c for c in every if (white.match(c) is None) is c.isspace()] == []


def test_every_first_character_of_a_page_number_is_a_hint() -> None:
    first = re.compile(r"[第笫苐\da-z一二三四五六七八九十\-_|]")
    every = [chr(c) for c in range(0x110000) if first.fullmatch(fold(chr(c)))]
    assert [c for c in every if marks._HINT.search(f"转 {c}") is None] == []


@pytest.mark.parametrize("form", imprint._LINES[1:])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_form_of_furniture_leaves_a_trace(form: str, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(re.compile(form), fullmatch=True)).strip()
    if imprint._FURNITURE.fullmatch(line):
        assert imprint._TRACE.search(line)


@pytest.mark.parametrize("pattern", [bylines._BRACKET, bylines._TAIL, bylines._SHOT])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_closing_form_is_tried_where_it_stands(
    pattern: re.Pattern[str], data: st.DataObject
) -> None:
    tail = data.draw(st.from_regex(pattern, fullmatch=True))
    assert pattern in bylines._closings(tail)


@pytest.mark.parametrize("pattern", [bylines._OPENING, bylines._GLUED, bylines._PLAIN])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_opening_form_is_tried_where_it_stands(
    pattern: re.Pattern[str], data: st.DataObject
) -> None:
    head = data.draw(st.from_regex(pattern, fullmatch=True))
    assert pattern in bylines._openings(head)


@settings(max_examples=500, deadline=None)
@given(st.from_regex(bylines._WORK, fullmatch=True))
def test_every_kind_of_work_has_an_end(line: str) -> None:
    assert bylines._WORKED.search(line)


@settings(max_examples=200, deadline=None)
@given(st.from_regex(shapes._LABELLED, fullmatch=True))
def test_every_labelled_line_is_known(line: str) -> None:
    assert shapes._is_labelled(line)


@settings(max_examples=300)
@given(st.lists(_LETTERS).map("".join))
def test_a_text_without_gaps_reads_the_same_in_any_setting(raw: str) -> None:
    span = (0, len(raw))
    if cleaning._gaps(raw, *span):
        assert cleaning._SEAM.search(raw)
    shown = clean(raw, [span], Setting.DISPLAY)
    assert displayed(raw, span) == shown.text
    if cleaning.is_seamless(shown):
        assert clean(raw, [span]) == shown
