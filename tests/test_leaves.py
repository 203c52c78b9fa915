"""The leaves of an answer: what is laid together is what is printed, and everything fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegramhtml import read_html, units

from bot import desk, leaves, markup
from bot.chatstate import Held, Opened
from bot.conversation import Conversation
from bot.dialog import Manner
from bot.wording import Lang, Text, say
from retrieval.archive import Archive
from retrieval.catalogue import cited
from retrieval.errors import NotFoundError
from retrieval.leanings import Reading
from retrieval.records import Answer, Query, Quote, Reason, Source, Verdict

QUESTION = "辽源市冬季植树一共栽了多少棵树?"
SOURCE = Source("003.txt", "辽源日报", "2021-01-27", "1", "植树", ("王茵",), (60, 62))
QUOTE = Quote("首批2190人", ((2, 7),), ((0, 7),), SOURCE, "p", "a", "k3v4q2m7ta_b0_7", 1.0)


def opened(archive: Archive, question: str) -> tuple[desk.Reply, Opened]:
    manner = Manner(3, shown=1)
    reply, _ = desk.answered(archive, Conversation.start(), question, manner=manner, lang=Lang.ZH)
    assert reply.opened is not None
    return reply, reply.opened


def test_the_first_leaf_is_the_answer_and_the_others_its_quotes(archive: Archive) -> None:
    reply, answer = opened(archive, QUESTION)
    assert desk.turned(archive, answer, 0, Lang.ZH).messages == reply.messages
    quotes = archive.ask(QUESTION, k=3).quotes
    assert [held.cite for held in answer.quotes] == [quote.cite for quote in quotes]
    for n, quote in enumerate(quotes):
        turned = desk.turned(archive, answer, n, Lang.ZH)
        assert turned.opened == replace(answer, page=n)
        (message,) = turned.messages
        text, entities = read_html(message)
        assert [e.of(text) for e in entities if e.tag == "blockquote"] == [quote.text]
        marked = [quote.text[a:b] for a, b in markup.normal(quote.highlights, len(quote.text))]
        assert [e.of(text) for e in entities if e.tag == "b"] == marked


@pytest.mark.parametrize("n", [-1, 3, 99])
def test_a_leaf_that_is_not_there_is_not_found(archive: Archive, n: int) -> None:
    with pytest.raises(NotFoundError):
        desk.turned(archive, opened(archive, QUESTION)[1], n, Lang.ZH)


def test_a_reprint_is_named_on_each_turn_and_left_out_when_it_is_gone(archive: Archive) -> None:
    _, answer = opened(archive, QUESTION)
    first = answer.quotes[0].cite
    also = replace(answer.quotes[0], also=(answer.quotes[1].cite, "k3v4q2m7ta_b0_7"))
    held = replace(answer, quotes=(also, *answer.quotes[1:]))
    (message,) = desk.turned(archive, held, 0, Lang.ZH).messages
    assert message.count(say(Text.ALSO, source="")) == 1
    with pytest.raises(NotFoundError):
        desk.turned(archive, replace(answer, quotes=(Held(first[:-3] + "_9999"),)), 0, Lang.ZH)


def test_a_dropped_reading_is_asked_without(archive: Archive) -> None:
    question = "2021年1月27日的辽源日报头版写了什么疫苗新闻?"
    _, answer = opened(archive, question)
    assert [name for name, _ in answer.readings] == ["date", "newspaper", "page"]
    for n, (name, words) in enumerate(answer.readings):
        dropped = replace(answer, dropped=tuple(name for name, _ in answer.readings[: n + 1]))
        reply, _ = desk.anew(archive, Conversation.start(), dropped, manner=Manner(3), lang=Lang.ZH)
        assert reply.opened is not None
        assert name not in dict(reply.opened.readings)
        assert reply.opened.dropped == dropped.dropped
        assert words not in reply.messages[0].splitlines()[0]


def test_the_archive_reads_a_question_without_what_is_dropped(archive: Archive) -> None:
    question = "去年12月城市晚报头版登了什么?"
    whole = archive.ask(question).query
    bare = archive.ask(question, drop=list(Reading)).query
    assert whole.leaning.newspaper == "城市晚报"
    assert whole.leaning.page
    assert whole.dates
    assert (bare.dates, bare.leaning) == ((), replace(bare.leaning, newspaper=None, page=None))
    assert (bare.leaning.date_from, bare.leaning.section, bare.leaning.reporter) == (None,) * 3
    assert bare.terms == whole.terms


def test_everything_counted_is_counted_without_a_dropped_paper(archive: Archive) -> None:
    question = "辽源日报一共有几篇提到疫苗?"
    narrow, wide = archive.ask(question), archive.ask(question, drop=[Reading.NEWSPAPER])
    assert narrow.tally is not None
    assert wide.tally is not None
    assert narrow.query.scope.newspaper == "辽源日报"
    assert wide.query.scope.newspaper is None
    assert wide.tally.articles >= narrow.tally.articles


def test_a_whole_article_is_laid_together_as_it_is_printed(archive: Archive) -> None:
    cite = archive.ask(QUESTION).quotes[0].cite
    article = cited(archive.catalogue, cite)[0]
    laid = leaves.stretches(archive.whole(cite))
    assert [stretch.text.split() for stretch in laid] == [
        part.split() for part in (article.headline.text, article.body.text) if part
    ]
    lines = [line for line in article.body.text.splitlines() if line.strip()]
    assert [line.strip() for line in laid[-1].text.splitlines()] == [line.strip() for line in lines]
    whole = desk.whole(archive, cite, Lang.ZH).messages[0]
    (source,) = [e.of(t) for t, es in [read_html(whole)] for e in es if e.tag == "i"]
    assert source.endswith(say(Text.LINES, first=article.lines[0], last=article.lines[1]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("字数12。 <&", min_size=1, max_size=9), st.integers(0, 2)), min_size=1
    )
)
def test_pieces_are_laid_side_by_side(parts: list[tuple[str, int]]) -> None:
    pieces, start = [], 0
    for text, gap in parts:
        cite = f"k3v4q2m7ta_b{start}_{len(text)}"
        pieces.append(replace(QUOTE, text=text, cite=cite, highlights=((0, 1),)))
        start += len(text) + gap
    (laid,) = leaves.stretches(pieces)
    expected = "".join(text + ("\n" if gap else "") for text, gap in parts[:-1]) + parts[-1][0]
    assert laid.text == expected
    assert [laid.text[a:b] for a, b in laid.highlights] == [text[0] for text, _ in parts]


def pieces_of(n: int, text: str = "一" * 300) -> list[Quote]:
    size = len(text)
    return [replace(QUOTE, text=text, cite=f"k3v4q2m7ta_b{size * i}_{size}") for i in range(n)]


@pytest.mark.parametrize("text", ["一" * 300, "&" * 300, "𠮷" * 300, "<b>" * 100])
@pytest.mark.parametrize("n", [1, 12, 36, 38, 60])
def test_an_article_is_whole_in_messages_or_in_a_file(text: str, n: int) -> None:
    messages, document = leaves.whole(pieces_of(n, text), Lang.ZH)
    assert bool(messages) != bool(document)
    if document:
        assert document.content.decode("utf-8-sig").splitlines()[-1] == text * n
        assert units(document.caption) <= 1024
        return
    read = [read_html(message) for message in messages]
    assert len(read) <= 3
    assert all(units(shown) <= 4096 for shown, _ in read)
    quoted = "".join(e.of(shown) for shown, es in read for e in es if e.tag == "blockquote")
    assert quoted == text * n


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (SOURCE, "辽源日报_2021-01-27_植树.txt"),
        (Source("a/b c.txt", None, None, None, None, (), (1, 1)), "b_c.txt"),
        (Source("a.txt", "../x", None, None, 'a/b\\c:"d"?\n', (), (1, 1)), "x_a_b_c_d.txt"),
        (replace(SOURCE, title="长" * 99), f"辽源日报_2021-01-27_{'长' * 44}.txt"),
    ],
)
def test_a_file_is_named_by_what_it_holds(source: Source, name: str) -> None:
    document = leaves.whole([replace(q, source=source) for q in pieces_of(60)], Lang.ZH)[1]
    assert document is not None
    assert document.name == name


def test_a_long_opening_stands_in_messages_of_its_own() -> None:
    answer = Answer(
        Query("?", "?", ("字",)), Verdict.RELATED, Reason.NOT_STATED, 0.5, (QUOTE,), "g", 1.0
    )
    short, head = leaves.front(answer, Lang.ZH, note="理解为")
    assert len(short) == 1
    assert short[0].startswith(head)
    assert head
    long, head = leaves.front(answer, Lang.ZH, note="长" * 3000)
    assert head == ""
    assert QUOTE.text[:2] in long[-1]
    assert "长" not in long[-1]


@pytest.mark.parametrize(
    ("chars", "at", "folded"), [(120, 0, False), (121, 0, True), (121, 60, True), (121, 61, False)]
)
def test_a_long_quote_folds_where_its_answer_stays_in_sight(
    chars: int, at: int, folded: bool
) -> None:
    (block,) = markup.quote_blocks("字" * chars, ((at, at + 2),), folds=True)
    assert block.html.startswith("<blockquote expandable>") == folded
    assert markup.plain(block.html) == "字" * chars
    assert "expandable" not in markup.quote_blocks("字" * chars, ())[0].html
