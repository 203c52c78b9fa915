"""下转 and 上接: read by their form, where a newspaper prints them, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.folding import fold
from retrieval.imprint import is_furniture
from retrieval.marks import (
    Way,
    comes_from,
    find_marks,
    goes_on,
    marks_of_line,
    page_number,
    same_page,
)

ONWARD, BACK = Way.ONWARD, Way.BACK


@pytest.mark.parametrize(
    ("line", "way", "page"),
    [
        ("五年来,我们深入学习, (下转第三版)", ONWARD, "3"),
        ("( 下 转 第 三 版 )", ONWARD, "3"),
        ("下转3版", ONWARD, "3"),
        ("（下转A03版）", ONWARD, "A3"),
        ("▶▶下转第4版", ONWARD, "4"),
        ("栽树一万棵。下转第4版→", ONWARD, "4"),
        ("下转第三版。", ONWARD, "3"),
        ("（下转第十二版·要闻）", ONWARD, "12"),
        ("（下轉第三版）", ONWARD, "3"),
        ("（下轉A3）", ONWARD, "A3"),
        ("（转第三版）", ONWARD, "3"),
        ("（下转第三版）（记者 张三）", ONWARD, "3"),
        ("紧接第一版", BACK, "1"),
        ("（緊接第一版）", BACK, "1"),
        ("上接第一版", BACK, "1"),
        ("上接1版", BACK, "1"),
        ("《上接第一版》", BACK, "1"),
        ("【上接01版】", BACK, "1"),
        ("（上接第１版）全市上下一心", BACK, "1"),
        ("上接第一版全市上下一心", BACK, "1"),
        ("（上接一版头条）", BACK, "1"),
        ("龙首山公园开工（上接第一版）", BACK, "1"),
        # misread
        ("（下转第—版）", ONWARD, "1"),
        ("（卞砖第三板）", ONWARD, "3"),
        ("（上按第l版）", BACK, "1"),
        ("(下转第三版", ONWARD, "3"),
    ],
)
def test_a_mark_is_read_by_its_form(line: str, way: Way, page: str) -> None:
    (mark,) = marks_of_line(line)
    assert (mark.way, mark.page, mark.headline) == (way, page, "")
    assert goes_on(line) == (way is ONWARD)


@pytest.mark.parametrize(
    "line",
    [
        "（上接第一版《我市召开大会》）",
        "（《我市召开大会》上接第一版）",
        "（上接第一版 我市召开大会）",
        "上接第一版《我市召开大会》",
        "（上接第一版“我市召开大会”）",
    ],
)
def test_a_headline_in_the_mark_is_known(line: str) -> None:
    (mark,) = marks_of_line(line)
    assert (mark.way, mark.page, mark.headline) == (BACK, "1", "我市召开大会")


@pytest.mark.parametrize(
    "line",
    [
        "见第三版",
        "（见第三版）",
        "（详见第3版）",
        "详细报道见第三版",
        "（全文见第二版）",
        "转第三版",
        "接第一版",
        "他把报纸下转第三版给邻居看,邻居说不看",
        "乘客在这里上接驳车",
        "下转下页",
        "上接A1小区的供热管线",
        "本报今日出版八版",
    ],
)
def test_a_pointer_and_a_sentence_are_no_marks(line: str) -> None:
    assert marks_of_line(line) == []


def test_a_middle_part_has_both() -> None:
    for line in (
        f"（上接第一版）{'字' * 400}。（下转第四版）",
        "（上接第一版，下转第四版）",
        "（上接第一版 下转第四版）",
    ):
        assert [(m.way, m.page) for m in marks_of_line(line)] == [(BACK, "1"), (ONWARD, "4")]


def test_marks_stand_where_they_say() -> None:
    text = f"（上接第一版）{'字' * 300}。\n第二段\n{'字' * 200}，（下转第四版）"
    assert [text[m.start : m.end] for m in find_marks(text)] == ["（上接第一版）", "（下转第四版）"]


def test_a_mark_in_mid_paragraph_is_none() -> None:
    assert marks_of_line(f"{'字' * 80}（下转第三版）{'字' * 80}") == []
    assert marks_of_line(f"{'字' * 200}下转第三版{'字' * 200}") == []
    assert not comes_from("全市大会（上接第一版）")


@given(
    st.text("下转上接第一三版3A()（）《》“\n 字,。→", max_size=60), st.text("字。 ", max_size=400)
)
def test_marks_are_in_order_and_within_their_text(edge: str, middle: str) -> None:
    for text in (edge + middle, middle + edge):
        marks = list(find_marks(text))
        for mark in marks:
            assert {"转", "接"} & set(fold(text[mark.start : mark.end]))
            assert page_number(mark.page) == mark.page
        edges = [at for mark in marks for at in (mark.start, mark.end)]
        assert edges == sorted(edges)


def test_a_page_has_one_number_however_it_is_printed() -> None:
    forms = {"A03版": "A3", "第三版": "3", "03": "3", "第 12 版": "12", "十二": "12", "要闻": None}
    assert {form: page_number(form) for form in forms} == forms
    assert page_number(None) is None


def test_pages_agree_unless_they_differ() -> None:
    assert same_page("3", "第三版")
    assert same_page("A3", "3")
    assert same_page(None, "3")
    assert not same_page("A3", "B3")
    assert not same_page("3", "13")


def test_a_mark_is_no_folio() -> None:
    assert is_furniture("要闻 3版")
    assert not is_furniture("下转 3版")
    assert not is_furniture("上接 第1版")


def test_the_end_of_what_is_looked_at_is_not_the_end_of_the_line() -> None:
    for before in range(140, 165):
        assert marks_of_line(f"{'字' * before}下转第三版{'字' * 400}") == []
        assert marks_of_line(f"{'字' * 400}上接第三版{'字' * before}") == []
