"""What a question names of the pages it means: page, section, reporter; and what that prefers."""

from __future__ import annotations

import pytest

from retrieval.cleaning import EMPTY
from retrieval.leanings import leans
from retrieval.mentions import page_named, reporter_named, same_page, section_named
from retrieval.records import Article, Imprint, Kind, Leaning, NamedDate, Query


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("头版登了什么?", "1"),
        ("第三版写了什么?", "3"),
        ("辽源日报三版", "3"),
        ("第十二版", "12"),
        ("3版", "3"),
        ("a05版", "A5"),
        ("b3版有什么?", "B3"),
        ("出版了什么书?", None),
        ("这本书改版了吗?", None),
        ("第三版本", None),
        ("一共三版邮票", None),
    ],
)
def test_a_page_is_named(text: str, page: str | None) -> None:
    found = page_named(text)
    assert (found and found[0]) == page


@pytest.mark.parametrize(
    ("asked", "stated", "same"),
    [
        ("3", "3", True),
        ("3", "第三版", True),
        ("3", "03", True),
        ("3", "A03", True),
        ("3", "B03", False),
        ("A5", "A05", True),
        ("A5", "05", True),
        ("B3", "B03", True),
        ("B3", "3", False),
        ("1", "头版", True),
        ("12", "第十二版", True),
        ("2", "12", False),
        ("3", "副刊", False),
    ],
)
def test_a_page_is_printed_in_many_ways(asked: str, stated: str, same: bool) -> None:
    assert same_page(asked, stated) is same


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("记者于芯写了什么?", "于芯"),
        ("于芯写了哪些报道?", "于芯"),
        ("于芯采写的报道", "于芯"),
        ("本报记者 王茵报道了什么?", "王茵"),
        ("欧阳海涛写的新闻", "欧阳海涛"),
        ("记者采访了谁?", None),
        ("于芯是谁?", None),
    ],
)
def test_a_reporter_is_named_whom_the_archive_holds(text: str, name: str | None) -> None:
    assert reporter_named(text, {"于芯", "王茵", "欧阳海涛"}.__contains__) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("百姓视点栏目写了什么?", "百姓视点"),
        ("“百姓视点”专栏", "百姓视点"),
        ("看看《百姓视点》栏", "百姓视点"),
        ("城市新闻版有什么?", "城市新闻"),
        ("百姓视点是什么意思?", None),
        ("谁的栏目?", None),
    ],
)
def test_a_section_is_named_that_the_archive_holds(text: str, name: str | None) -> None:
    from retrieval.folding import fold

    assert section_named(fold(text), {"百姓视点", "城市新闻"}.__contains__) == name


def article(**stated: str) -> Article:
    imprint = Imprint(stated.get("newspaper"), stated.get("date"), stated.get("page"))
    return Article(
        "p/a1",
        "p",
        Kind.NEWS,
        EMPTY,
        EMPTY,
        (),
        (1, 1),
        byline=("于芯",),
        section="百姓視點",
        imprint=imprint,
    )


@pytest.mark.parametrize(
    ("leaning", "expected"),
    [
        (Leaning(), 0.0),
        (Leaning(newspaper="甲报"), 1.0),
        (Leaning(newspaper="乙报"), -1.0),
        (Leaning(page="3"), 1.0),
        (Leaning(page="4"), -1.0),
        (Leaning(section="百姓视点"), 1.0),
        (Leaning(reporter="于芯"), 1.0),
        (Leaning(reporter="王茵"), 0.0),
        (Leaning(date_from="2021-01-01", date_to="2021-01-31"), 1.0),
        (Leaning(date_from="2021-02-01"), 0.0),
        (Leaning(date_to="2021-02-01"), 1.0),
        (Leaning(newspaper="甲报", page="4"), 0.0),
    ],
)
def test_an_article_suits_what_is_named(leaning: Leaning, expected: float) -> None:
    one = article(newspaper="甲报", date="2021-01-27", page="第三版")
    assert leans(Query("", "", (), leaning=leaning), one, "植树") == expected


@pytest.mark.parametrize(
    "leaning", [Leaning(newspaper="乙报"), Leaning(page="4"), Leaning(date_from="1999-01-01")]
)
def test_what_a_page_does_not_state_counts_for_nothing(leaning: Leaning) -> None:
    assert leans(Query("", "", (), leaning=leaning), article(), "植树") == 0.0


def test_a_later_paper_may_tell_of_the_day() -> None:
    day = NamedDate(0, 5, "12月1日", "2020-12-01", "2020-12-01")
    leaning = Leaning(date_from=day.first, date_to=day.last)
    paper = article(date="2020-12-03")
    query = Query("", "", (), leaning=leaning, dates=(day,))
    assert leans(query, paper, "12月1日下午,植树开始。") == 1.0
    assert leans(query, paper, "12月2日下午,植树开始。") == 0.0
    of_paper = NamedDate(0, 5, "12月1日", "2020-12-01", "2020-12-01", of_paper=True)
    query = Query("", "", (), leaning=leaning, dates=(of_paper,))
    assert leans(query, paper, "12月1日下午,植树开始。") == 0.0


def test_a_day_without_its_year_is_of_any() -> None:
    query = Query("", "", (), dates=(NamedDate(0, 5, "1月27日", month=1, day=27),))
    assert leans(query, article(date="2021-01-27"), "") == 1.0
    assert leans(query, article(date="1998-01-27"), "") == 1.0
    assert leans(query, article(date="2021-01-28"), "") == 0.0
