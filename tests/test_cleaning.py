"""Cleaning: what is deleted, what stays, and that nothing else happens."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.cleaning import Setting, clean, cut, restore


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("面积 2.54 平 方 公 里", "面积2.54平方公里"),
        ("1.5 万人、 3\u3000座", "1.5万人、3座"),
        ("400 多 人 ，创 业", "400多人，创业"),
        ("由医\n药食品\r\n加工", "由医药食品加工"),
        ("使用 Windows NT 系统", "使用Windows NT系统"),
        ("到20\n21年", "到2021年"),
        ("2 0 2 1 年", "2021年"),
        ("电话0437 3220000", "电话0437 3220000"),
        ("零\u200b宽\x07字", "零宽字"),
        ("**黑体**与<http://a.cn>", "黑体与http://a.cn"),
        ("残字\ufffd保留", "残字\ufffd保留"),
    ],
)
def test_body_text_loses_what_the_layout_put_into_words(raw: str, text: str) -> None:
    assert clean(raw, [(0, len(raw))]).text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("## 稳中求进 再创佳绩", "稳中求进 再创佳绩"),
        ("记者 张敏 李强", "记者 张敏 李强"),
        ("稳 中 求 进", "稳中求进"),
        ("记者 吴\n敏", "记者 吴敏"),
    ],
)
def test_headlines_and_names_keep_the_spaces_between_phrases(raw: str, text: str) -> None:
    assert clean(raw, [(0, len(raw))], Setting.DISPLAY).text == text


# The tags of print that exports leave in a text; nothing else with letters is deleted.
TAG = re.compile(r"</?(?:b|i|u|em|strong|center|p|div|span|br)\s*/?>", re.IGNORECASE)
RAW = st.text(
    alphabet=st.one_of(
        st.sampled_from("清河大桥昨日合龙一二三记者本报讯摄通告"),
        st.sampled_from("。，、；：！？“”‘’（）()《》—-…·/,.;:!?\"'#*<>_[]{}"),
        st.sampled_from("0123456789%abcXYZ"),
        st.sampled_from(" \t\u3000\n\n\r\x0b\x0c\x00\x07\u200b\ufeff\u2028\xa0"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=300,
)


@given(RAW, st.sampled_from(list(Setting)))
@example("<P>", Setting.BODY)
def test_cleaning_only_deletes(raw: str, setting: Setting) -> None:
    cleaned = clean(raw, [(0, len(raw))], setting)
    assert restore(raw, cleaned.spans) == cleaned.text
    assert all(a < b for a, b in cleaned.spans)
    assert all(a[1] < b[0] for a, b in pairwise(cleaned.spans))
    visible = [c for c in TAG.sub("", raw) if c.isalnum()]
    assert [c for c in cleaned.text if c.isalnum()] == visible


@given(RAW, st.integers(0, 300), st.integers(0, 300))
def test_a_cut_stands_where_its_text_stands(raw: str, start: int, end: int) -> None:
    cleaned = clean(raw, [(0, len(raw))])
    part = cut(cleaned, start, end)
    assert part.text == cleaned.text[start:end]
    assert restore(raw, part.spans) == part.text
