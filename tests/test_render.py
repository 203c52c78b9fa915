"""Rendering laws: what a reader sees is the quote, whole, in order, and nothing else."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from telegramhtml import read_html, units

from bot import leaves, markup, render, wording
from bot.texts import EXAMPLES
from bot.wording import TABLES, Door, Lang, Library, Text
from retrieval.records import (
    Answer,
    Article,
    CleanText,
    Imprint,
    Kind,
    Query,
    Quote,
    Reason,
    Scope,
    Source,
    Verdict,
)

SOURCE = Source(
    file="003_1ed890315a895296.txt",
    newspaper="辽源日报",
    date="2021-01-27",
    page="1",
    title="东丰县完成首批重点人群新冠疫苗接种工作",
    byline=("王茵",),
    lines=(60, 62),
)
QUOTE = Quote(
    text="首批2190人\n接种完毕。",
    highlights=((2, 7),),
    spans=((10, 17), (18, 24)),
    source=SOURCE,
    passage_id="003/a4/p2",
    article_id="003/a4",
    cite="k3v4q2m7ta_b120_85",
    score=0.75,
)
QUERY = Query(
    question="接种了多少人?",
    text="接种了多少人?",
    terms=("接种", "人"),
    scope=Scope("2021-01-01", "2021-01-31", "辽源日报"),
    wants=("number",),
)
ANSWER = Answer(QUERY, Verdict.ANSWERED, None, 0.9, (QUOTE,), "g1", 12.5)

Ranges = tuple[tuple[int, int], ...]

texts = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="<>&;\"'/b lt𠀀字\n\r\x1b", max_size=300),
    st.builds(
        lambda unit, n: unit * n,
        st.sampled_from(["&", "𠀀<", "字", "\n", "a b"]),
        st.integers(1, 9000),
    ),
)
ranges = st.lists(st.tuples(st.integers(-9, 400), st.integers(-9, 9000)), max_size=12).map(tuple)


EVERY_OTHER = tuple((at, at + 1) for at in range(0, 4000, 2))


@settings(max_examples=150, deadline=None)
@example("&" * 4000, EVERY_OTHER, "", Lang.ZH)
@given(texts, ranges, st.text(max_size=500), st.sampled_from(Lang))
def test_messages_fit_and_read_as_the_quote(
    text: str, highlights: Ranges, title: str, lang: Lang
) -> None:
    quote = replace(QUOTE, text=text, highlights=highlights, source=replace(SOURCE, title=title))
    messages = leaves.front(replace(ANSWER, quotes=(quote,)), lang, note=title)[0]
    read = [read_html(message) for message in messages]  # raises unless balanced
    assert all(0 < units(shown) <= 4096 for shown, _ in read)
    assert all(len(message.encode()) <= 30_000 for message in messages)
    assert all(message.strip() for message in messages)
    assert "".join(e.of(shown) for shown, es in read for e in es if e.tag == "blockquote") == text
    bold = "".join(e.of(shown) for shown, es in read for e in es if e.tag == "b")
    lit = {i for start, end in highlights for i in range(max(0, start), min(end, len(text)))}
    assert bold == "".join(text[i] for i in sorted(lit))


@given(texts, ranges)
@example("touching", ((0, 3), (3, 5)))
@example("overlapping", ((4, 9), (0, 5), (2, 2), (7, 3)))
def test_runs_are_the_text_and_neighbours_differ(text: str, highlights: Ranges) -> None:
    runs = markup.runs(text, highlights)
    assert "".join(run.text for run in runs) == text
    assert all(run.text for run in runs)
    assert all(a.marked != b.marked for a, b in pairwise(runs))


@given(st.lists(texts, max_size=6))
def test_further_quotes_are_all_there_in_order(several: list[str]) -> None:
    quotes = tuple(replace(QUOTE, text=text) for text in ["first", *several])
    read = [read_html(m) for m in render.quotes_html(quotes[1:], wording.say(Text.FURTHER))]
    assert all(units(shown) <= 4096 for shown, _ in read)
    shown = "".join(e.of(shown) for shown, es in read for e in es if e.tag == "blockquote")
    assert shown == "".join(several)


@given(texts)
def test_plain_reads_what_html_shows(text: str) -> None:
    html = markup.quote_blocks(text, ((0, 3),))
    assert "".join(markup.plain(block.html) for block in html) == text


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert markup.escape("a\ud800b\U00020000") == "a\ufffdb\U00020000"


def test_the_message_of_an_answer() -> None:
    assert leaves.front(ANSWER, Lang.ZH)[0] == [
        "报上是这样写的：\n"
        "<blockquote>首批<b>2190人</b>\n接种完毕。</blockquote>\n"
        "<i>《辽源日报》2021年1月27日 · 第1版 · "
        "东丰县完成首批重点人群新冠疫苗接种工作 · 署名 王茵 · 第60–62行</i>\n"
        "引用码 /c_k3v4q2m7ta_b120_85"
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "《辽源日报》2021年1月27日 · 第1版 · 题 · 第60–62行"),
        ({"page": "第三版", "lines": (5, 5)}, "《辽源日报》2021年1月27日 · 第三版 · 题 · 第5行"),
        ({"date": None, "page": None, "title": None}, "《辽源日报》 · 第60–62行"),
        ({"newspaper": None}, "原件 003.txt · 2021年1月27日 · 第1版 · 题 · 第60–62行"),
        (
            {"newspaper": None, "date": None, "page": None, "title": None},
            "原件 003.txt · 第60–62行",
        ),
        ({"title": "上\n下\x00"}, "《辽源日报》2021年1月27日 · 第1版 · 上 下\x00 · 第60–62行"),
        ({"title": "长" * 300}, f"《辽源日报》2021年1月27日 · 第1版 · {'长' * 119}… · 第60–62行"),
    ],
)
def test_source_line_says_what_is_known(changes: dict[str, object], expected: str) -> None:
    source = replace(SOURCE, **({"title": "题", "file": "003.txt"} | changes))
    assert render.source_line(source) == expected


def test_source_line_in_english() -> None:
    source = replace(SOURCE, title="题")
    expected = "《辽源日报》 27 January 2021 · page 1 · 题 · lines 60–62"
    assert render.source_line(source, Lang.EN) == expected


@pytest.mark.parametrize("reason", Reason)
def test_an_answer_without_quotes_says_why(reason: Reason) -> None:
    answer = replace(ANSWER, verdict=Verdict.NONE, reason=reason, quotes=())
    ((message,), _) = leaves.front(answer, Lang.ZH)
    assert message.startswith("<i>问：接种了多少人?</i>\n")
    assert render.reason_line(answer) in message


def test_the_reason_names_what_was_searched() -> None:
    answer = replace(ANSWER, verdict=Verdict.NONE, reason=Reason.NOTHING_IN_SCOPE, quotes=())
    assert "《辽源日报》2021年1月的版面" in (render.reason_line(answer) or "")


def test_a_related_answer_says_that_none_states_it() -> None:
    answer = replace(ANSWER, verdict=Verdict.RELATED, reason=Reason.NOT_STATED)
    assert render.verdict_line(answer) == wording.say(Verdict.RELATED)


def test_json_is_the_contract() -> None:
    assert json.loads(render.json_line(render.answer_json(ANSWER))) == {
        "question": "接种了多少人?",
        "query": {
            "from": "2021-01-01",
            "to": "2021-01-31",
            "newspaper": "辽源日报",
            "page": None,
            "section": None,
            "reporter": None,
            "place": None,
            "prefers": [],
            "terms": ["接种", "人"],
            "wants": ["number"],
            "dates": [],
            "numbers": [],
            "phrases": [],
            "phrases_as_words": [],
            "excluded": [],
        },
        "verdict": "answered",
        "reason": None,
        "confidence": 0.9,
        "quotes": [
            {
                "text": "首批2190人\n接种完毕。",
                "highlights": [[2, 7]],
                "spans": [[10, 17], [18, 24]],
                "source": {
                    "file": "003_1ed890315a895296.txt",
                    "newspaper": "辽源日报",
                    "date": "2021-01-27",
                    "page": "1",
                    "title": "东丰县完成首批重点人群新冠疫苗接种工作",
                    "byline": ["王茵"],
                    "lines": [60, 62],
                },
                "passage_id": "003/a4/p2",
                "article_id": "003/a4",
                "cite": "k3v4q2m7ta_b120_85",
                "score": 0.75,
                "also": [],
            }
        ],
        "tally": None,
        "suggestions": [],
        "generation": "g1",
        "took_ms": 12.5,
    }


def test_json_of_a_refusal_is_one_line_with_a_chinese_reason() -> None:
    query = replace(QUERY, question="a\nb\ud800", scope=Scope())
    answer = replace(ANSWER, query=query, verdict=Verdict.NONE, reason=Reason.NOT_FOUND, quotes=())
    line = render.json_line(render.answer_json(answer))
    assert line.count(b"\n") == 1
    read = json.loads(line)
    assert read["reason"] == wording.reason(Reason.NOT_FOUND)
    assert read["query"] == {
        "from": None,
        "to": None,
        "newspaper": None,
        "page": None,
        "section": None,
        "reporter": None,
        "place": None,
        "prefers": [],
        "terms": ["接种", "人"],
        "wants": ["number"],
        "dates": [],
        "numbers": [],
        "phrases": [],
        "phrases_as_words": [],
        "excluded": [],
    }


def test_json_of_an_article_is_the_contract() -> None:
    article = Article(
        id="003.txt/a4",
        page_id="003.txt",
        kind=Kind.NEWS,
        headline=CleanText("题", ((0, 1),)),
        body=CleanText("正文", ((2, 4),)),
        spans=((0, 4),),
        lines=(1, 2),
        title="题",
        kicker=None,
        subtitle="副题",
        byline=("王茵",),
        section="惠民实事",
        imprint=Imprint("辽源日报", "2021-01-27", "1"),
    )
    assert json.loads(render.json_line(render.article_json(article))) == {
        "id": "003.txt/a4",
        "file": "003.txt",
        "spans": [[0, 4]],
        "lines": [1, 2],
        "title": "题",
        "kicker": None,
        "subtitle": "副题",
        "byline": ["王茵"],
        "section": "惠民实事",
        "kind": "news",
        "newspaper": "辽源日报",
        "date": "2021-01-27",
        "page": "1",
        "text": "正文",
    }


def drawn(answer: Answer, *, terminal: bool = False) -> str:
    colors: Literal["standard", "auto"] = "standard" if terminal else "auto"
    console = Console(width=400, force_terminal=terminal, color_system=colors)
    with console.capture() as capture:
        console.print(render.answer_terminal(answer), soft_wrap=True)
    return capture.get()


def test_the_terminal_shows_verdict_quote_and_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = drawn(ANSWER, terminal=True)
    assert "\x1b[1m2190人\x1b[0m" in shown
    assert "\x1b[2m" in shown.split("接种完毕")[1]


def test_a_pipe_gets_plain_text_without_the_control_characters_of_the_page() -> None:
    text = "首批\x1b[31m2190人\x9b2J\u202e\r\n接种\x07。"
    shown = drawn(replace(ANSWER, quotes=(replace(QUOTE, text=text, highlights=((2, 9),)),)))
    assert "首批[31m2190人2J\n接种。" in shown
    assert not set(shown) & set("\x1b\x07\x9b\u202e\r")


def test_the_title_cannot_steer_the_terminal() -> None:
    source = replace(SOURCE, title="题\x1b]0;x\x07", newspaper=None, file="\x1b[2J.txt")
    shown = drawn(replace(ANSWER, quotes=(replace(QUOTE, source=source),)))
    assert not set(shown) & set("\x1b\x07")


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_tables_hold_every_key_with_the_same_facts() -> None:
    keys = {*Text, *Door, *Library, *Reason, *Verdict}
    assert set(TABLES[Lang.ZH]) == set(TABLES[Lang.EN]) == keys
    assert set(TABLES) == set(Lang)
    for key in keys:
        assert fields(TABLES[Lang.ZH][key]) == fields(TABLES[Lang.EN][key]), key
        assert all(TABLES[lang][key].strip() for lang in Lang)


def test_fixed_texts_fit_one_message() -> None:
    for lang in Lang:
        for key in (Text.START, Text.HELP, Text.ABOUT):
            assert units(wording.say(key, lang, examples="\n".join(EXAMPLES))) < 4000


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence_without_facts(reason: Reason, lang: Lang) -> None:
    assert "{" not in wording.reason(reason, lang)


@pytest.mark.parametrize(
    ("code", "lang"),
    [(None, Lang.ZH), ("zh-hans", Lang.ZH), ("ZH", Lang.ZH), ("en", Lang.EN), ("ko", Lang.EN)],
)
def test_the_language_follows_the_reader(code: str | None, lang: Lang) -> None:
    assert wording.lang_of(code) is lang


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("你好!", Text.GREETING),
        ("  Hello ", Text.GREETING),
        ("谢谢😀", Text.THANKS),
        ("Thank you!!", Text.THANKS),
        ("你好,植树多少棵", None),
        ("谢谢徐晖的人是谁", None),
        ("", None),
    ],
)
def test_courtesy_is_met_with_courtesy_and_questions_are_not(text: str, reply: Text | None) -> None:
    assert wording.courtesy(text) is reply
