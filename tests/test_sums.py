"""Sums in words: what was counted, what the pages do not state, and nothing that was not read."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console
from telegramhtml import read_html

from bot.leaves import front
from bot.render import answer_json, answer_terminal
from bot.sums import tally_lines
from bot.wording import Lang
from retrieval.records import (
    Also,
    Answer,
    Listed,
    Query,
    Quote,
    Scope,
    Source,
    Tally,
    TallyKind,
    Verdict,
)

SOURCE = Source("p.txt", "辽源日报", "2021-01-27", "1", "疫苗接种", ("于志",), (3, 4))
QUOTE = Quote("疫苗接种完毕。", ((0, 7),), ((0, 7),), SOURCE, "p/a1/p1", "p/a1", "abc_b0_7", 1.0)
OTHER = Also(replace(SOURCE, newspaper="吉林日报", date="2021-01-28"), "q/a1", "abd_b0_7")
TALLY = Tally(
    kind=TallyKind.COUNT,
    terms=("疫苗",),
    byline=None,
    articles=7,
    misread=0,
    undated=2,
    unnamed=3,
    unsigned=1,
    first="2021-01-27",
    last="2021-02-03",
    reporters=(("于志", 2), ("王茵", 1)),
    newspapers=(("辽源日报", 4),),
    days=(("2021-01-27", 4), ("2021-02-03", 1)),
)
QUERY = Query(question="有几篇报道提到疫苗?", text="有几篇报道提到疫苗?", terms=("疫苗",))
ANSWER = Answer(QUERY, Verdict.ANSWERED, None, 1.0, (QUOTE,), "g", 1.0, tally=TALLY)
QUOTED = "下面引其中 1 篇："


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        (
            {},
            [
                "全库逐篇核对：共 7 篇提到“疫苗”（其中 2 篇无日期）。",
                "有日期的最早 2021年1月27日，最近 2021年2月3日。",
                QUOTED,
            ],
        ),
        (
            {"undated": 0, "last": "2021-01-27", "articles": 1, "misread": 3},
            [
                "全库逐篇核对：共 1 篇提到“疫苗”。",
                "都在 2021年1月27日。",
                "另有 3 篇可能把字认错了，没有计入。",
            ],
        ),
        (
            {"kind": TallyKind.FIRST, "terms": ("东丰县", "疫苗"), "complete": False},
            [
                "全库逐篇核对：共 7 篇同时提到“东丰县”“疫苗”（其中 2 篇无日期）。",
                "有日期的当中，最早的是 2021年1月27日。",
                "有的版面在建索引之后改动过，数目不一定准：请运行 jiwen index。",
                QUOTED,
            ],
        ),
        (
            {"kind": TallyKind.LAST, "first": None, "last": None, "days": (), "undated": 7},
            [
                "全库逐篇核对：共 7 篇提到“疫苗”（其中 7 篇无日期）。",
                "都没有日期，说不出先后。",
                QUOTED,
            ],
        ),
        (
            {"kind": TallyKind.REPORTERS, "undated": 0},
            [
                "全库逐篇核对：共 7 篇提到“疫苗”（其中 1 篇没有署名）。",
                "署名的有：于志（2 篇）、王茵（1 篇）。",
                "最早 2021年1月27日，最近 2021年2月3日。",
                QUOTED,
            ],
        ),
        (
            {"kind": TallyKind.PAPERS, "undated": 0, "first": None, "last": None},
            [
                "全库逐篇核对：共 7 篇提到“疫苗”（其中 3 篇不知是哪家报纸）。",
                "报纸有：辽源日报（4 篇）。",
                "都没有日期，说不出先后。",
                QUOTED,
            ],
        ),
        (
            {"kind": TallyKind.DAYS},
            [
                "全库逐篇核对：共 7 篇提到“疫苗”（其中 2 篇无日期）。",
                "日期有：2021年1月27日（4 篇）、2021年2月3日（1 篇）。",
                QUOTED,
            ],
        ),
        (
            {
                "kind": TallyKind.LIST,
                "terms": (),
                "byline": "于志",
                "articles": 2,
                "undated": 0,
                "listed": (
                    Listed("p/a1", "辽源日报", "2021-01-27", "1", "疫苗接种"),
                    Listed("p/a2", None, None, None, None),
                ),
            },
            [
                "全库逐篇核对：共 2 篇署名“于志”。",
                "最早 2021年1月27日，最近 2021年2月3日。",
                "1. 《辽源日报》2021年1月27日 · 第1版 · 疫苗接种",
                "2. p/a2",
                QUOTED,
            ],
        ),
    ],
)
def test_what_was_counted_is_told_with_what_is_not_known(
    changed: dict[str, object], lines: list[str]
) -> None:
    tally = replace(TALLY, **changed)  # type: ignore[arg-type]
    assert tally_lines(replace(ANSWER, tally=tally)) == lines


def test_nothing_held_is_said_of_the_scope_that_was_gone_through() -> None:
    none = replace(TALLY, articles=0, undated=0, first=None, last=None, days=(), reporters=())
    scoped = replace(QUERY, scope=Scope("2021-01-01", "2021-01-31", "辽源日报"))
    lines = tally_lines(replace(ANSWER, query=scoped, tally=none, quotes=()))
    assert lines == ["全库逐篇核对（《辽源日报》2021年1月）：没有一篇提到“疫苗”。"]


def test_a_long_list_says_how_many_it_leaves_out() -> None:
    listed = tuple(Listed(f"p/a{n}", None, None, None, None) for n in range(33))
    tally = replace(TALLY, kind=TallyKind.LIST, articles=33, listed=listed)
    lines = tally_lines(replace(ANSWER, tally=tally))
    assert len([line for line in lines if "p/a" in line]) == 20
    assert "还有 13 篇没有列出。" in lines
    assert len(answer_json(replace(ANSWER, tally=tally))["tally"]["listed"]) == 33


def test_without_a_tally_nothing_is_said_of_the_whole() -> None:
    assert tally_lines(replace(ANSWER, tally=None)) == []
    for lang in Lang:
        for shown in front(replace(ANSWER, tally=None), lang)[0]:
            assert not any(word in shown for word in ("全库", "一共", "共 ", "every", "in all"))


def test_all_doors_show_the_sum_and_the_reprints() -> None:
    answer = replace(ANSWER, quotes=(replace(QUOTE, also=(OTHER,)),))
    terminal = io.StringIO()
    console = Console(width=200, file=terminal)
    console.print(answer_terminal(answer))
    telegram = "".join(read_html(message)[0] for message in front(answer, Lang.ZH)[0])
    for shown in (terminal.getvalue(), telegram):
        assert "全库逐篇核对：共 7 篇提到“疫苗”" in shown
        assert "另见 《吉林日报》2021年1月28日 · 第1版 · 疫苗接种 · 第3–4行" in shown
    found = answer_json(answer)
    assert found["tally"]["kind"] == "count"
    assert found["tally"]["reporters"] == (("于志", 2), ("王茵", 1))
    (also,) = found["quotes"][0]["also"]
    assert (also["newspaper"], also["cite"], also["article_id"]) == ("吉林日报", "abd_b0_7", "q/a1")
