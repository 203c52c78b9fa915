"""Phrases and exclusions: what stands in the passages, against reading every one of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.folding import fold
from retrieval.holding import left_over, rows_holding
from retrieval.inverted import Entry
from retrieval.lexicon import Lexicon
from retrieval.phrases import letters_of
from retrieval.records import Query, Verdict
from retrieval.tokens import Segmenter

TEXTS = (
    "中国农业发展银行辽源分行发放贷款2677万元。",
    "农村商业银行与农业部门座谈，知农爱农。",
    "招聘启事：本公司招聘 Python3 程序员5名。",
    "他知道，业农者众。",
    "知",
    "農業發展",
)
SEGMENTER = Segmenter.open([])


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path = tmp_path_factory.mktemp("holding") / "lexicon"
    entries = [Entry.of(row, SEGMENTER.terms(fold(text))) for row, text in enumerate(TEXTS)]
    return Lexicon.build(path, entries)


def holding(lexicon: Lexicon, phrase: str) -> list[int]:
    folded = letters_of(phrase)
    rows = lexicon.holding(folded)
    return rows_holding(folded, [(row, TEXTS[row]) for row in rows]).tolist()


@given(data=st.data())
def test_any_piece_of_a_passage_is_found(lexicon: Lexicon, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text) - 1))
    phrase = letters_of(text[start : data.draw(st.integers(start + 1, len(text)))])
    there = [row for row, other in enumerate(TEXTS) if phrase in letters_of(other)]
    if any("一" <= c <= "鿿" or (c.isascii() and c.isalnum()) for c in phrase):
        assert holding(lexicon, phrase) == there


@pytest.mark.parametrize(
    ("phrase", "rows"),
    [
        ("农业", [0, 1, 5]),
        ("農業", [0, 1, 5]),
        ("业银", [1]),
        ("知", [1, 3, 4]),
        ("农业发展", [0, 5]),
        ("农 业", [0, 1, 5]),
        ("67", [0]),
        ("thon", [2]),
        ("2677万", [0]),
        ("农业贷款", []),
        (".*", []),
    ],
)
def test_a_phrase_stands_where_its_letters_do(
    lexicon: Lexicon, phrase: str, rows: list[int]
) -> None:
    assert holding(lexicon, phrase) == rows


def test_rows_are_searched_alone(lexicon: Lexicon) -> None:
    import numpy as np

    terms = SEGMENTER.terms("农业银行招聘")
    all_of_them = lexicon.search(terms, 9)
    for wanted in ([], [1], [2, 5], [0, 1, 2, 3, 4, 5]):
        found = lexicon.search(terms, 1 if wanted == [1] else 9, rows=np.array(wanted, dtype=int))
        assert found == [pair for pair in all_of_them if pair[0] in wanted]


def test_phrases_narrow_and_exclusions_drop() -> None:
    import numpy as np

    where = {"甲": [0, 1, 2], "乙": [2, 3], "丙": [1]}
    rows = np.arange(5)

    def left(*phrases: str, excluded: tuple[str, ...] = (), asks: bool = False) -> list[int]:
        wants, terms = (("number",), ("树",)) if asks else ((), ())
        query = Query("", "", terms, wants=wants, phrases=phrases, excluded=excluded)
        found = left_over(
            query,
            rows,
            holding=lambda phrase: np.array(where[phrase]),
            articles=lambda held: np.union1d(held, [4]),
        )
        return [int(row) for row in found]

    assert left() == [0, 1, 2, 3, 4]
    assert left("甲") == [0, 1, 2]
    assert left("甲", "乙") == [2]
    assert left("甲", excluded=("丙",)) == [0, 2]
    assert left("乙", asks=True) == [2, 3, 4]


TODAY = date(2021, 1, 27)


@pytest.mark.parametrize("phrase", ["农业", "业银行", "知", "2677", "267", "辽源市"])
def test_every_quote_of_a_phrase_holds_it(archive: Archive, phrase: str) -> None:
    answer = archive.ask(f"“{phrase}”", k=20, today=TODAY)
    there = any(
        phrase in letters_of(passage.clean.text)
        for page, _ in archive.catalogue.pages()
        for article in archive.catalogue.articles_of(page)
        for passage in archive.catalogue.passages_of(article.id)
    )
    assert answer.query.phrases == ((phrase,) if there else ())
    assert answer.query.unheld == (() if there else (phrase,))
    assert answer.quotes or not there
    assert not there or all(phrase in letters_of(quote.text) for quote in answer.quotes)


def test_what_is_excluded_is_in_no_quoted_passage(archive: Archive) -> None:
    answer = archive.ask("辽源市冬季植树 -棵 -2021", k=20, today=TODAY)
    assert answer.query.excluded == ("棵",)
    assert answer.quotes
    for quote in answer.quotes:
        assert "棵" not in letters_of(archive.catalogue.passage(quote.passage_id).clean.text)


def test_a_phrase_that_stands_nowhere_is_looked_for_as_words(archive: Archive) -> None:
    answer = archive.ask("“冬季植树工做”一共栽了多少棵?", today=TODAY)
    assert answer.query.phrases == ()
    assert answer.query.unheld == ("冬季植树工做",)
    assert answer.verdict is Verdict.ANSWERED


def test_relative_dates_count_from_the_day_given(archive: Archive) -> None:
    answer = archive.ask("去年12月的植树", today=TODAY)
    assert answer.query.leaning.date_from == "2020-12-01"
    assert answer.query.dates[0].relative
    assert "去年" not in answer.query.terms


def test_names_come_from_the_archive(archive: Archive) -> None:
    reporters = {
        name
        for page, _ in archive.catalogue.pages()
        for article in archive.catalogue.articles_of(page)
        for name in article.byline
    }
    assert reporters
    for name in reporters:
        assert archive.catalogue.is_reporter(fold(name))
    assert not archive.catalogue.is_reporter("无此人")
    some = min(name for name in reporters if len(name) in (2, 3))
    answer = archive.ask(f"记者{some}写了什么新闻?", today=TODAY)
    assert answer.query.leaning.reporter == fold(some)
