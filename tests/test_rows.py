"""Rows: one already separated article a line, quoted from between its quotation marks."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from retrieval.articles import skipped_lines, split_page
from retrieval.cleaning import restore
from retrieval.pages import page_of
from retrieval.records import Page
from retrieval.settings import Settings

SETTINGS = Settings()


def page(text: str, page_id: str) -> Page:
    return page_of(page_id, text.encode(), SETTINGS)


def test_rows_are_quoted_from_between_their_quotation_marks() -> None:
    rows = [
        {
            "title": "清河新桥 合龙",
            "text": '他说:"好。"\n路径C:\\完。',
            "byline": "张敏 李强",
            "date": "2003年6月9日",
            "page": 3,
        },
        {"text": "只有正文。", "newspaper": "松江日报", "byline": ["王芳"]},
    ]
    text = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    read = page(text, "r.jsonl")
    first, second = split_page(read, SETTINGS)
    assert (first.title, first.byline, first.imprint.date, first.imprint.page) == (
        "清河新桥 合龙",
        ("张敏", "李强"),
        "2003-06-09",
        "3",
    )
    assert first.body.text == '他说:"好。"路径C:\\完。'
    assert restore(read.text, first.body.spans) == first.body.text
    assert (second.byline, second.imprint.newspaper, second.lines) == (
        ("王芳",),
        "松江日报",
        (2, 2),
    )
    assert skipped_lines(read) == ()


def test_rows_that_cannot_be_quoted_are_skipped_with_their_reason() -> None:
    lines = [
        json.dumps({"text": "不可引"}),
        "{",
        "[1]",
        '{"text": " "}',
        '{"text": 3}',
        '{"text":"可引。"}',
    ]
    read = page("\r\n".join(lines), "r.jsonl")
    assert [a.id for a in split_page(read, SETTINGS)] == ["r.jsonl/a6"]
    reasons = [s.reason for s in skipped_lines(read)]
    assert "ensure_ascii=False" in reasons[0]
    assert [r.split(":")[0] for r in reasons] == [f"line {n}" for n in range(1, 6)]


@given(st.text(alphabet='好。"\\/\n\t\r xX1\u3000', max_size=40), st.booleans())
def test_a_row_holds_the_visible_text_of_its_json(text: str, spaced: bool) -> None:
    line = json.dumps({"title": text, "text": text}, ensure_ascii=False, indent=None)
    read = page(line.replace(": ", " :  ") if spaced and ": " not in text else line, "r.jsonl")
    visible = [c for c in text if not c.isspace()]
    for article in split_page(read, SETTINGS):
        assert [c for c in article.body.text if not c.isspace()] == visible
        assert restore(read.text, article.body.spans) == article.body.text


def test_a_rows_byline_may_name_roles() -> None:
    lines = ["本报记者 张敏 通讯员 李建强", "张敏 李强", "张敏;李强", "编辑部"]
    rows = [json.dumps({"text": "好。", "byline": b}, ensure_ascii=False) for b in lines]
    read = split_page(page("\n".join(rows), "r.jsonl"), SETTINGS)
    assert [a.byline for a in read] == [
        ("张敏", "李建强"),
        ("张敏", "李强"),
        ("张敏", "李强"),
        ("编辑部",),
    ]
    assert [c.role for c in read[0].credits] == ["记者", "通讯员"]
    assert all(a.byline == tuple(c.name for c in a.credits) for a in read)
