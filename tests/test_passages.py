"""Passages: sentences that tile, passages that tile, and cuts no reader would mind."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import passages
from retrieval.articles import split_page
from retrieval.cleaning import EMPTY, clean, restore
from retrieval.pages import page_of
from retrieval.passages import sentences, split_article
from retrieval.records import Article, CleanText, Kind, Part
from retrieval.settings import PassageSettings, Settings

SETTINGS = Settings()
SMALL = Settings(passages=PassageSettings(target_chars=20, max_chars=30))


def cut_up(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def article(body: str, headline: str = "") -> Article:
    raw = f"{headline}\n{body}"
    shown = CleanText(headline, ((0, len(headline)),)) if headline else EMPTY
    text = CleanText(body, ((len(raw) - len(body), len(raw)),)) if body else EMPTY
    return Article("p.txt/a1", "p.txt", Kind.NEWS, shown, text, ((0, len(raw)),), (1, 2))


def texts(body: str, options: Settings = SMALL, headline: str = "") -> list[str]:
    return [p.clean.text for p in split_article(article(body, headline), options)]


@pytest.mark.parametrize(
    "parts",
    [
        ["大桥合龙。", "年底通车！", "为何延期？", "另议；", "完"],
        ["他说：“好。”", "众人鼓掌。"],
        ["（详见附件。）", "特此公告。"],
        ["面积2.54平方公里，增长5.3%。", "共2.5亿元."],
        ["真的吗？！”", "是的……", "好。"],
        ["第一段\n", "第二段。\n", "第三段"],
        ["第一段\r\n", "第二段"],
        ['他说:"好。"', '她说:"不好。"'],
        ["精准对接。", '"今年很好。"', "他说。"],
        ["对接。\n", '"今年很好。"'],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    assert cut_up("".join(parts)) == parts


TEXT = st.text(alphabet="清河大桥。！？；，、”“\"')）……2.5a \n\r", max_size=400)


@given(TEXT)
def test_sentences_tile(text: str) -> None:
    found = sentences(text)
    assert "".join(text[a:b] for a, b in found) == text
    assert all(a < b for a, b in found)
    assert all(a[1] == b[0] for a, b in pairwise(found))
    for a, b in found:
        assert "。" not in text[a:b].rstrip(" \n\r。！？；”)）…\"'")


def test_whole_sentences_are_put_together_up_to_the_target() -> None:
    body = "清河大桥昨日合龙。年底通车。" * 4
    assert texts(body) == ["清河大桥昨日合龙。年底通车。清河大桥昨日合龙。"[:n] for n in (23,)] + [
        "年底通车。清河大桥昨日合龙。年底通车。", "清河大桥昨日合龙。年底通车。"
    ]  # fmt: skip


def test_no_passage_is_longer_than_allowed_to_come_nearer_its_target() -> None:
    assert texts("合龙。" + "清" * 28 + "。") == ["合龙。", "清" * 28 + "。"]


def test_a_sentence_longer_than_a_passage_is_cut_at_a_clause() -> None:
    body = (
        "清河大桥昨日上午正式合龙，双向六车道的新桥全长1.2公里，总投资约12,500万元，预计年底通车。"
    )
    found = texts(body)
    assert "".join(found) == body
    assert all(len(t) <= 30 for t in found)
    assert all(t.endswith(("，", "。")) for t in found)


def test_a_cut_without_a_clause_spares_numbers_and_latin_words() -> None:
    for word in ("12847.52", "Windows", "20,677"):
        for before in range(20, 31):
            body = "清" * before + word + "河" * 30
            found = texts(body)
            assert "".join(found) == body
            assert all(len(t) <= 30 for t in found)
            assert any(word in t for t in found)


def test_a_headline_is_a_passage_of_its_own() -> None:
    found = split_article(article("大桥合龙。", "清河新大桥\n年底通车"), SMALL)
    assert [(p.id, p.part, p.start, p.clean.text) for p in found] == [
        ("p.txt/a1/p1", Part.HEADLINE, 0, "清河新大桥\n年底通车"),
        ("p.txt/a1/p2", Part.BODY, 0, "大桥合龙。"),
    ]
    assert [p.id for p in split_article(article("大桥合龙。"), SMALL)] == ["p.txt/a1/p1"]
    assert split_article(article(""), SMALL) == ()


@settings(deadline=None)
@given(
    st.text(alphabet="清河大桥。！？；，、”“\"')）…2.5a \n\u200b*#", max_size=600),
    st.integers(1, 60),
    st.integers(0, 60),
)
def test_the_passages_of_a_part_tile_it_and_stand_in_the_page(
    text: str, target: int, more: int
) -> None:
    options = Settings(passages=PassageSettings(target_chars=target, max_chars=target + more))
    page = page_of("p.txt", f"好。{text}".encode(), SETTINGS)
    for one in split_page(page, options):
        found = split_article(one, options)
        for part, whole in ((Part.HEADLINE, one.headline), (Part.BODY, one.body)):
            own = [p for p in found if p.part is part]
            assert "".join(p.clean.text for p in own) == whole.text
            starts = [sum(len(p.clean.text) for p in own[:n]) for n in range(len(own))]
            assert [p.start for p in own] == starts
        assert all(restore(page.text, p.clean.spans) == p.clean.text for p in found)
        assert all(0 < len(p.clean.text) <= target + more for p in found)
        assert [p.id for p in found] == [f"{one.id}/p{n}" for n in range(1, len(found) + 1)]


def test_a_megabyte_on_one_line_is_tiled_at_once() -> None:
    raw = '清 河 大桥全长1.2公里，"年底"通车。' * 15_000
    text = clean(raw, [(0, len(raw))])
    one = Article("p/a1", "p", Kind.NEWS, EMPTY, text, ((0, len(raw)),), (1, 1))
    assert "".join(p.clean.text for p in split_article(one, SETTINGS)) == text.text


@given(st.text(st.sampled_from("句。！?；…”\"')\n\r 　a"), max_size=24))
def test_ends_are_found_at_their_marks_as_everywhere(text: str) -> None:
    spans = [match.span() for match in passages._SENTENCE.finditer(text)]
    assert [match.span() for match in passages._ends(text)] == spans
