"""The review of a page: it agrees with the division, says where it is in doubt, and how it looks."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from itertools import pairwise

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pressroom import Layout, MadePage, doubt, make_page
from pressroom.doubt import Judged, is_doubted, judged, wrong
from pressroom.records import filled
from rich.console import Console, RenderableType
from test_articles import RAW
from test_corrections import MASTHEAD, TEXT, page
from test_pressroom import made_pages

from bot.clues import CONTRARY, WORDS, reasons_line
from bot.reviews import Look, listed, whole_page
from retrieval.articles import split_page
from retrieval.clues import WEIGHTS, Clue
from retrieval.pages import page_of
from retrieval.readings import Role
from retrieval.records import Page
from retrieval.review import (
    UNSURE_INSIDE,
    UNSURE_OPENING,
    Basis,
    Certainty,
    Reading,
    Review,
    certainty,
    doubts,
    review_page,
)
from retrieval.settings import Settings

SETTINGS = Settings()
SHEETS = (
    'furniture = "1-2"\n[[article]]\nlines = "3-5"\n',
    '[[article]]\nlines = "1-3, 7"\n[[article]]\nlines = "4-6"\n',
    '[[article]]\nlines = "5"\ntitle = ""\n',
)


def review(text: str, sheet: str | None = None) -> Review:
    return review_page(page(text, sheet), SETTINGS)


def printed(shown: RenderableType, *, colours: bool = False) -> str:
    out = StringIO()
    terminal = {"force_terminal": True, "color_system": "standard"} if colours else {}
    Console(file=out, width=80, **terminal).print(shown, soft_wrap=True)  # type: ignore[arg-type]
    return out.getvalue()


def with_margin(one: Review, line: int, margin: float) -> Review:
    """The review, another margin given to the block that begins on a line."""
    assert [r.margin is not None for r in one.readings if r.lines[0] == line] == [True]
    changed = [replace(r, margin=margin) if r.lines[0] == line else r for r in one.readings]
    return replace(one, readings=tuple(changed))


# Laws.


def agree(read: Page) -> None:
    """The review has the articles of the division, and puts the same text into each."""
    found = review_page(read, SETTINGS)
    assert found.articles == split_page(read, SETTINGS)
    spans = [r.span for r in found.readings]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    by_hand = {r.article_id for r in found.readings if r.basis is Basis.PERSON}
    for article in found.articles:
        own = [r for r in found.readings if r.article_id == article.id]
        area, held = (filled(read.text, some) for some in ([r.span for r in own], article.spans))
        assert area == held if article.id not in by_hand else area <= held
        if not article.id.endswith("/a0"):
            assert [r.opens for r in own] == [True, *[False] * (len(own) - 1)]
            assert article.lines == (own[0].lines[0], max(r.lines[1] for r in own))
    assert {r.article_id for r in found.readings} == {a.id for a in found.articles}
    assert all((r.margin is not None) is (r.basis is Basis.RULES) for r in found.readings)


@settings(max_examples=60, deadline=None)
@given(made_pages())
def test_the_review_of_a_made_page_agrees_with_its_division(made: MadePage) -> None:
    agree(page_of(made.name, made.text.encode(), SETTINGS))


@settings(max_examples=60, deadline=None)
@given(RAW, st.sampled_from([None, *SHEETS]))
def test_the_review_of_any_text_agrees_with_its_division(text: str, sheet: str | None) -> None:
    agree(page("河" + text.replace("\0", ""), sheet))


@settings(max_examples=30, deadline=None)
@given(made_pages(), st.sampled_from(SHEETS))
def test_the_review_of_a_corrected_page_agrees_with_its_division(
    made: MadePage, sheet: str
) -> None:
    agree(page(made.text, sheet))


# What it says.


def test_every_block_is_told_with_its_part_its_lines_and_who_settled_it() -> None:
    found = review(TEXT)
    assert [(r.lines, r.article_id, r.role, r.opens) for r in found.readings] == [
        ((1, 1), "p.txt/a0", None, False),
        ((2, 2), "p.txt/a0", None, False),
        ((3, 3), "p.txt/a0", None, False),
        ((5, 5), "p.txt/a1", Role.TITLE, True),
        ((7, 7), "p.txt/a1", Role.BODY, False),
        ((9, 9), "p.txt/a1", Role.BODY, False),
        ((11, 11), "p.txt/a2", Role.TITLE, True),
        ((13, 13), "p.txt/a2", Role.BODY, False),
        ((15, 15), "p.txt/a2", Role.BODY, False),
    ]
    assert [r.basis for r in found.readings] == [Basis.LOOKS] * 3 + [Basis.RULES] * 6
    assert found.readings[3].text == "清河新大桥合龙"
    assert Clue.BELOW in dict(found.readings[6].reasons)


def test_what_is_pinned_is_not_weighed() -> None:
    found = review(TEXT, '[[article]]\nlines = "5-7"\n')
    assert {r.basis for r in found.readings if r.lines[0] in (5, 7)} == {Basis.PERSON}
    assert {certainty(r) for r in found.readings if r.lines[0] in (5, 7)} == {None}
    left = review(TEXT, 'furniture = "5-9"\n')
    assert {(r.article_id, r.basis) for r in left.readings if 5 <= r.lines[0] <= 9} == {
        ("p.txt/a0", Basis.PERSON)
    }


def test_rows_are_articles_already() -> None:
    read = page_of(
        "p.jsonl", b'{"text": "\xe6\xb2\xb3"}\n{"title": "a b", "text": "c d"}\n', SETTINGS
    )
    found = review_page(read, SETTINGS)
    assert found.articles == split_page(read, SETTINGS)
    assert [(r.article_id, r.role, r.lines, r.opens, r.basis) for r in found.readings] == [
        ("p.jsonl/a1", Role.BODY, (1, 1), True, Basis.ROW),
        ("p.jsonl/a2", Role.TITLE, (2, 2), True, Basis.ROW),
        ("p.jsonl/a2", Role.BODY, (2, 2), False, Basis.ROW),
    ]
    assert "为什么在这里分: 在文件里自成一行" in printed(whole_page(found, (), Look()))


@pytest.mark.parametrize(
    ("opens", "margin", "sure"),
    [
        (True, 1.99, Certainty.UNSURE),
        (True, 2.0, Certainty.FAIR),
        (True, 4.0, Certainty.SURE),
        (False, 0.99, Certainty.UNSURE),
        (False, 1.0, Certainty.FAIR),
        (False, 99.0, Certainty.SURE),
        (True, None, None),
    ],
)
def test_certainty_goes_by_the_margin(
    opens: bool, margin: float | None, sure: Certainty | None
) -> None:
    one = Reading("p/a1", Role.BODY, (0, 1), (1, 1), "x", Basis.RULES, opens, margin)
    assert certainty(one) is sure
    assert doubts(Review(page("x"), (), (one,))) == ([one] if sure is Certainty.UNSURE else [])


# The calibration.


def test_decisions_are_judged_by_where_true_stories_open() -> None:
    made = make_page(3, layout=Layout.MARKDOWN, faults=frozenset())
    found = judged(made)
    assert sum(x.opens and x.right for x in found) == len(made.stories)
    last = made.stories[1].spans[0][1]
    moved = replace(made.stories[1], spans=((last - 1, last),))
    worse = judged(replace(made, stories=(made.stories[0], moved, *made.stories[2:])))
    assert sum(not x.right for x in worse) == 2  # one opening too many, one missed
    assert wrong([Judged(True, 1, True), Judged(False, 1, False)]) == 0.5
    assert wrong([]) == 0
    assert is_doubted(Judged(True, UNSURE_OPENING - 0.1, True))
    assert not is_doubted(Judged(False, UNSURE_INSIDE, True))


def test_doubts_are_where_the_errors_are() -> None:
    # Measured: of the doubts 0.31 are wrong, of all others 0.008.
    found = [x for seed in range(34) for x in judged(make_page(seed))]
    doubted = [x for x in found if is_doubted(x)]
    assert wrong(doubted) > 0.15
    assert wrong([x for x in found if not is_doubted(x)]) < 0.02


def test_the_command_prints_shares_by_margin_and_threshold() -> None:
    done = CliRunner().invoke(doubt.main, ["--seeds", "0:3"])
    assert done.exit_code == 0, done.output
    assert f"{UNSURE_OPENING:7}{UNSURE_INSIDE:7}" in done.output


# How it looks.


def test_every_clue_has_words() -> None:
    assert set(WORDS) == set(Clue)
    assert all(WORDS.values())
    assert set(CONTRARY) <= set(WEIGHTS)


def test_reasons_are_told_with_their_sign_the_weightiest_five() -> None:
    sure = 1.0 if WEIGHTS[Clue.PARTED][1] > 0 else -1.0
    reasons = [(Clue.ARTICLE, -2.05), (Clue.OPENER, 1.5), (Clue.PARTED, -sure)]
    assert reasons_line(reasons) == (
        f"+ 以本报讯或署名开头  {'−' if sure > 0 else '+'} 上下文用词相近"
    )
    assert reasons_line([(Clue.PARTED, sure)]).endswith("上下文用词不同")
    assert reasons_line([(Clue.OPENER, 1.0)] * 9).count("+") == 5
    assert reasons_line([(Clue.ARTICLE, -2.05)]) == "没有直接的线索"


def test_a_page_is_shown_line_by_line() -> None:
    found = with_margin(with_margin(with_margin(review(TEXT), 5, 9), 9, 0.5), 11, 1.5)
    shown = printed(whole_page(found, {"p.txt/a2"}, Look())).splitlines()
    assert shown[1] == "这一页有 2 处分界没有把握"
    assert shown[2] == "       1 ▌版务 松江日报"
    assert shown[6] == "━━ 1 ━━ p.txt/a1  第5–9行  报道  清河新大桥合龙  张敏  2003-06-09"
    assert shown[7].startswith("           为什么在这里分: ")
    assert "+ 标题的词在下文再现" in shown[7]
    assert shown[7].endswith("  很确定")
    assert shown[8] == "       5 ▌标题 清河新大桥合龙"
    assert shown[9].startswith("       7 ▌正文 本报讯(记者 张敏)横跨清河")
    assert shown[10] == "           ? 这里也可能是一篇的开头(没有把握)"
    assert shown[11].startswith("       9 ▌正文 ")
    assert shown[13].startswith(
        "━━ 2 ━━ p.txt/a2  第11–15行  报道  柳镇老人免费体检  李强  文字可能有误"
    )
    assert shown[14].endswith("  ? 没有把握")
    assert shown[-1] == (
        "分得不对: jiwen articles --page p.txt --draft > p.articles.toml, 改好后放在页面旁边, "
        "再运行 jiwen index"
    )


def test_a_paragraph_is_clipped_to_sixty_characters_or_the_terminal_or_shown_whole() -> None:
    found = review(f"# 清河新大桥合龙\n\n{'河' * 200}。\n")

    def body(look: Look) -> str:
        return printed(whole_page(found, (), look)).splitlines()[5].partition("正文 ")[2]

    assert body(Look()) == "河" * 60 + "…"
    assert body(Look(width=46)) == "河" * 15 + "…"  # 15 of the columns stand before it
    assert body(Look(full=True)) == "河" * 200 + "。"


def test_colours_tell_parts_and_articles_on_a_terminal_only() -> None:
    found = review(TEXT)
    shown = whole_page(found, (), Look(width=80))
    assert "\x1b" not in printed(shown)
    coloured = printed(shown, colours=True)
    assert "\x1b[1m清河新大桥合龙\x1b[0m" in coloured
    assert "\x1b[90m松江日报\x1b[0m" in coloured
    assert "\x1b[36m▌" in coloured
    assert "\x1b[35m▌" in coloured


def test_an_article_that_goes_on_below_another_says_so() -> None:
    found = review(TEXT, '[[article]]\nlines = "5-7, 15"\n[[article]]\nlines = "9-13"\n')
    shown = printed(whole_page(found, (), Look())).splitlines()
    at = shown.index("── 接第 1 篇 ──")
    assert shown[at + 1].startswith("      15 ▌")
    assert sum("为什么在这里分: 由改正表写定" in line for line in shown) == 2
    assert shown[-1] == "分得不对: 修改页面旁边的 p.articles.toml, 再运行 jiwen index"


def test_nothing_on_a_page_steers_the_terminal() -> None:
    found = review(TEXT)
    evil = "\x1b[31m\x07\u202e河\x9b31m"
    found = replace(
        found,
        page=replace(found.page, id=evil),
        articles=tuple(replace(a, title=evil, byline=(evil,)) for a in found.articles),
        readings=tuple(replace(r, text=evil, margin=0.0) for r in found.readings),
    )
    for shown in (whole_page(found, (), Look(full=True)), listed(found, ())):
        assert not set(printed(shown)) & set("\x1b\x07\x9b\u202e")


def test_the_list_marks_articles_and_names_pages_that_are_in_doubt() -> None:
    sure = with_margin(with_margin(review(TEXT), 5, 9), 11, 9)
    assert "存疑" not in printed(listed(sure, ()))
    shown = printed(listed(with_margin(with_margin(sure, 11, 1), 9, 0), ())).splitlines()
    assert shown[0] == "存疑 p.txt: 这一页有 2 处分界没有把握, 用 jiwen articles --page p.txt 查看"
    assert [line for line in shown if line.endswith("  ? 分界存疑")] == [shown[-2]]
    assert shown[-2].startswith("p.txt/a2  第11–15行")
    assert MASTHEAD.split()[0] in shown[2]
