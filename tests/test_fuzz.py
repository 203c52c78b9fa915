"""The fuzz can fail, and answers from rubbish pass the strict server's checks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import leaves, render
from bot.desk import Reply
from bot.wording import Lang
from retrieval.records import Answer, Query, Quote, Source, Verdict
from tests.benchmarks.fuzz import _PIECES, Verdicts, judge, run

TEXTS = st.lists(st.sampled_from(_PIECES) | st.text(max_size=40), min_size=1, max_size=12)
RUBBISH = TEXTS.map("".join)
LINES = RUBBISH.map(lambda text: text[:200])
SOURCE = Source("a.txt", None, None, None, None, (), (1, 2))


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    text = draw(RUBBISH.filter(lambda text: text.strip()))
    ends = st.integers(0, len(text))
    marked = draw(st.lists(st.tuples(ends, ends), max_size=20))
    source = replace(SOURCE, newspaper=draw(LINES), title=draw(LINES), page=draw(LINES))
    return Quote(
        text, tuple(marked), ((0, len(text)),), source, "a/a1/p1", "a/a1", "k3v4q2m7ta_b1_2", 1.0
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(quotes(), max_size=5), RUBBISH, st.sampled_from(Lang))
def test_any_quotes_make_messages_that_telegram_takes(
    found: list[Quote], question: str, lang: Lang
) -> None:
    query = Query(question, question, ())
    answer = Answer(query, Verdict.ANSWERED, None, 0.9, tuple(found), "g", 1.0)
    verdicts = Verdicts()
    judge(Reply(tuple(leaves.front(answer, lang, note=question[:80])[0])), verdicts)
    judge(Reply(tuple(render.quotes_html(found, "又及", lang=lang))), verdicts)
    judge(Reply(tuple(leaves.excerpt("全文", found, lang))), verdicts)
    assert verdicts.refused == []
    assert verdicts.messages >= 3


def test_archives_of_rubbish_are_quoted_in_messages_that_telegram_takes() -> None:
    verdicts = run(40, seed=1)
    assert verdicts.refused == []
    assert verdicts.quoting >= verdicts.messages / 2


def test_what_telegram_refuses_is_counted() -> None:
    verdicts = Verdicts()
    judge(Reply(("<b>", "字" * 4097, "好", "<b>a</b>" * 101)), verdicts)
    assert verdicts.messages == 4
    assert [why for why, _ in verdicts.refused] == [
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        "Bad Request: message is too long",
        "more marks than Telegram shows",
    ]
