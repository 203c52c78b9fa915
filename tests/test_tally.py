"""Going through everything: the same articles as a plain scan, whatever the archive holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, assert_proven
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shelves import catalogue_in

from bot.render import answer_json
from retrieval.archive import Archive
from retrieval.articles import split_page
from retrieval.census import Census
from retrieval.entries import entries
from retrieval.folding import fold
from retrieval.ledger import Ledger
from retrieval.lexicon import Lexicon
from retrieval.passages import split_article
from retrieval.records import Article, Form, Kind, Page, Reason, Scope, TallyKind, Verdict
from retrieval.settings import Settings
from retrieval.tally import Shelf, in_order, matching, phrases_of, tally_of
from retrieval.tokens import Segmenter

NAMES = count()
# Few words, so that terms recur; spaces and line ends stand inside them as layouts leave them.
PIECES = st.sampled_from(
    [
        "东丰县",
        "东 丰\n县",
        "東豐縣",
        "东",
        "丰",
        "县",
        "疫苗",
        "疫 苗",
        "接种",
        "黎海滨",
        "黎海淀",
        "ABC",
        "，",
        "。",
        "\n",
        "12",
    ]
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"text": st.lists(PIECES, min_size=1, max_size=12).map("".join)},
        optional={
            "title": st.lists(PIECES, min_size=1, max_size=4).map("".join),
            "date": st.sampled_from(["2020-05-01", "2021-01-27", "2021-01-28"]),
            "newspaper": st.sampled_from(["辽源日报", "吉林日报"]),
            "byline": st.sampled_from(["于志", "于 志", "王茵"]),
        },
    ),
    max_size=8,
)
SCOPES = st.sampled_from(
    [
        Scope(),
        Scope("2021-01-01", "2021-01-27"),
        Scope(None, "2020-12-31"),
        Scope(newspaper="吉林日报"),
    ]
)
TERMS = st.lists(
    st.sampled_from(["东丰县", "疫苗", "苗接", "疫苗接种", "黎海滨", "abc", "县", "12", "丰县东"]),
    max_size=2,
    unique=True,
)


@pytest.fixture(scope="module")
def segmenter(settings: Settings, index: Path) -> Segmenter:
    return Segmenter.open(settings.words, cache=index / "cache")


def shelf_of(
    folder: Path, rows: list[dict[str, Any]], settings: Settings, cutter: Segmenter
) -> Shelf:
    folder.mkdir()
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    page = Page("p.jsonl", text, Form.JSONL, "utf-8", "0")
    split = [(a, split_article(a, settings)) for a in split_page(page, settings)]
    catalogue = catalogue_in(folder, split)
    ledger = Ledger.open(folder / "0.records")
    lexicon = Lexicon.build(folder / "lexicon", entries(ledger, cutter))
    return Shelf(catalogue, lexicon, cutter)


def plain(text: str) -> str:
    return "".join(fold(text).split())


def scanned(shelf: Shelf, terms: list[str], byline: str | None, scope: Scope) -> Iterator[Article]:
    """Every article that qualifies, by reading all of them."""
    for page, _ in shelf.catalogue.pages():
        for article in shelf.catalogue.articles_of(page):
            parts = [plain(article.headline.text), plain(article.body.text)]
            date, paper = article.imprint.date, article.imprint.newspaper
            if (
                article.kind is not Kind.FURNITURE
                and any(parts)
                and all(any(term in part for part in parts) for term in terms)
                and (byline is None or byline in map(plain, article.byline))
                and (date is None or (scope.date_from or "") <= date <= (scope.date_to or "9"))
                and (None in (paper, scope.newspaper) or paper == scope.newspaper)
            ):
                yield article


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, terms=TERMS, byline=st.sampled_from([None, "于志"]), scope=SCOPES)
def test_what_is_gone_through_is_what_a_scan_of_all_articles_finds(
    tmp_path: Path,
    settings: Settings,
    segmenter: Segmenter,
    rows: list[dict[str, Any]],
    terms: list[str],
    byline: str | None,
    scope: Scope,
) -> None:
    shelf = shelf_of(tmp_path / str(next(NAMES)), rows, settings, segmenter)
    matter = "".join(f'"{term}"' for term in terms)
    asked = Census(TallyKind.LIST, matter, byline)
    found = matching(asked, scope, shelf)
    wanted = list(scanned(shelf, terms, byline, scope)) if terms or byline else []
    if found.terms == tuple(terms):
        assert sorted(story.id for story in found.stories) == sorted(a.id for a in wanted)
        told = tally_of(asked, found)
        assert told.articles == len(wanted) == len(told.listed)
        assert told.undated == sum(a.imprint.date is None for a in wanted)
        assert dict(told.days) == _counted(a.imprint.date for a in wanted)
        assert dict(told.newspapers) == _counted(a.imprint.newspaper for a in wanted)
        assert dict(told.reporters) == _counted(name for a in wanted for name in a.byline)
        assert told.unsigned == sum(not a.byline for a in wanted)
    else:
        assert not wanted  # only what stands nowhere as a phrase is looked for word by word


def _counted(values: Any) -> dict[str, int]:  # noqa: ANN401 -- days, papers, names
    found: dict[str, int] = {}
    for value in values:
        if value is not None:
            found[value] = found.get(value, 0) + 1
    return found


@pytest.fixture(scope="module")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, segmenter: Segmenter
) -> Shelf:
    rows = [
        {"title": "甲", "text": "东丰县接种疫苗。", "date": "2021-02-03", "byline": "于志"},
        {"title": "乙", "text": "东 丰\n县又接种。", "date": "2020-05-01", "byline": "王茵"},
        {"title": "丙", "text": "厅长黎海滨讲话。东丰县。"},
        {"title": "丁", "text": "厅长黎海淀讲话。", "date": "2021-03-01"},
    ]
    return shelf_of(tmp_path_factory.mktemp("shelf") / "one", rows, settings, segmenter)


def titles(shelf: Shelf, kind: TallyKind, matter: str) -> list[str | None]:
    found = matching(Census(kind, matter), Scope(), shelf)
    return [story.article.title for story in in_order(kind, found)]


def test_the_first_comes_first_and_the_undated_last(shelf: Shelf) -> None:
    assert titles(shelf, TallyKind.FIRST, "东丰县") == ["乙", "甲", "丙"]
    assert titles(shelf, TallyKind.LAST, "东丰县") == ["甲", "乙", "丙"]


def test_look_alikes_are_counted_apart(shelf: Shelf) -> None:
    found = matching(Census(TallyKind.COUNT, "黎海滨"), Scope(), shelf)
    assert ([s.article.title for s in found.stories], found.misread) == (["丙"], 1)


def test_several_phrases_must_all_stand_and_quotes_keep_one_whole(
    shelf: Shelf, segmenter: Segmenter
) -> None:
    assert titles(shelf, TallyKind.COUNT, "东丰县和疫苗") == ["甲"]
    assert phrases_of("东丰县的疫苗接种", segmenter) == ("东丰县", "疫苗接种")
    assert phrases_of('"东丰县的疫苗"和接种', segmenter) == ("东丰县的疫苗", "接种")
    assert phrases_of("和平镇与中华人民共和国", segmenter) == ("和平镇", "中华人民共和国")


def test_what_stands_nowhere_as_a_phrase_is_looked_for_word_by_word(shelf: Shelf) -> None:
    found = matching(Census(TallyKind.COUNT, "东丰县疫苗"), Scope(), shelf)
    assert (found.terms, [s.article.title for s in found.stories]) == (("东丰县", "疫苗"), ["甲"])


@pytest.mark.parametrize(
    ("question", "articles", "undated"),
    [
        ("有几篇报道提到东丰县?", 2, 1),
        ("最早什么时候报道东丰县?", 2, 1),
        ("记者于志写过几篇报道?", 1, 0),
    ],
)
def test_the_five_pages_are_gone_through(
    archive: Archive, question: str, articles: int, undated: int
) -> None:
    answer = archive.ask(question)
    assert answer.tally is not None
    assert (answer.tally.articles, answer.tally.undated) == (articles, undated)
    assert answer.verdict is Verdict.ANSWERED


@pytest.mark.parametrize("term", ["东丰县", "疫苗", "高质量发展", "辽源", "获悉", "2021年", "县"])
def test_every_quote_of_a_tally_is_proven_and_holds_the_term(archive: Archive, term: str) -> None:
    answer = archive.ask(f"一共有几篇报道提到“{term}”?", k=50)
    assert answer.tally is not None
    assert len(answer.quotes) == answer.tally.articles > 0
    for quote in answer_json(answer)["quotes"]:
        assert_proven(quote, SEEDS)
        (first, last), *_ = quote["highlights"]
        assert plain(term) in plain(quote["text"][first:last])


def test_a_day_and_a_paper_of_the_question_limit_what_is_gone_through(archive: Archive) -> None:
    for question in ("2019年有几篇报道提到东丰县?", "吉林日报有几篇报道提到东丰县?"):
        answer = archive.ask(question)
        assert answer.tally is not None
        assert answer.tally.articles == 1  # which states neither day nor paper
        assert answer.query.scope != Scope()


def test_a_first_day_that_no_page_states_is_not_stated(archive: Archive) -> None:
    answer = archive.ask("最早什么时候报道高新区?")
    assert (answer.verdict, answer.reason) == (Verdict.RELATED, Reason.NOT_STATED)
    assert answer.tally is not None
    assert answer.tally.first is None


def test_what_stands_nowhere_is_said_to_stand_nowhere(archive: Archive) -> None:
    answer = archive.ask("一共有几篇报道提到火星移民?")
    assert (answer.verdict, answer.reason, answer.quotes) == (Verdict.NONE, Reason.NOWHERE_HELD, ())


def test_a_bare_name_that_signed_nothing_is_asked_about_as_ever(archive: Archive) -> None:
    assert archive.ask("张凤林写过几篇报道?").tally is None
    assert archive.ask("记者张凤林写过几篇报道?").tally is not None


def test_an_ordinary_answer_has_no_tally(archive: Archive) -> None:
    assert archive.ask("东丰县设置了几个疫苗接种点?").tally is None
