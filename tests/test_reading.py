"""The line that says how a question was read."""

from __future__ import annotations

import pytest

from bot.reading import query_json, reading_line
from bot.wording import Lang, period
from retrieval.records import Leaning, NamedDate, Query, Scope

LAST = NamedDate(0, 5, "去年12月", "2020-12-01", "2020-12-31", relative=True)
BARE = NamedDate(0, 5, "1月27日", month=1, day=27)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        (Query("", "", ()), ""),
        (Query("", "", (), scope=Scope(newspaper="城市晚报")), ""),
        (Query("", "", (), leaning=Leaning(place="辽源市")), ""),
        (
            Query(
                "",
                "",
                (),
                leaning=Leaning("2020-12-01", "2020-12-31", "城市晚报"),
                dates=(LAST,),
                excluded=("招聘",),
            ),
            "〔2020年12月（去年12月，从今天算起） · 《城市晚报》优先 · 不含“招聘”〕",
        ),
        (Query("", "", (), dates=(BARE,)), "〔1月27日（不论哪年）优先〕"),
        (
            Query("", "", (), leaning=Leaning(page="3", section="视点", reporter="于芯")),
            "〔第3版 · “视点”栏 · 于芯的报道优先〕",
        ),
        (
            Query("", "", (), phrases=("农业",), unheld=("农叶",)),
            "〔含“农业” · 没有原样含“农叶”的答案，按词查找〕",
        ),
    ],
)
def test_the_reader_is_told_what_was_read(query: Query, line: str) -> None:
    assert reading_line(query) == line


def test_the_line_is_told_in_english_too() -> None:
    query = Query("", "", (), leaning=Leaning(newspaper="城市晚报"), excluded=("招聘",))
    assert reading_line(query, Lang.EN) == "[preferring 《城市晚报》 · without “招聘”]"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2021-01-01", "2021-12-31", "2021年"),
        ("2020-02-01", "2020-02-29", "2020年2月"),
        ("2021-02-01", "2021-02-27", "2021年2月1日至2021年2月27日"),
        ("2021-01-27", "2021-01-27", "2021年1月27日"),
        (None, "1949-09-30", "1949年9月30日以前"),
        ("1949-10-01", None, "1949年10月1日以后"),
        (None, None, ""),
    ],
)
def test_a_period_is_called_by_its_name(first: str | None, last: str | None, words: str) -> None:
    assert period(first, last) == words


def test_a_script_sees_what_excludes_and_what_prefers() -> None:
    leaning = Leaning("2020-12-01", "2020-12-31", "城市晚报", page="3")
    read = query_json(Query("", "", (), leaning=leaning, dates=(LAST,)))
    assert (read["from"], read["to"], read["newspaper"]) == ("2020-12-01", "2020-12-31", "城市晚报")
    assert read["prefers"] == ["from", "to", "newspaper", "page"]
    demanded = Scope(date_from="2021-01-01", newspaper="辽源日报")
    read = query_json(Query("", "", (), scope=demanded, leaning=leaning))
    assert (read["from"], read["to"], read["newspaper"]) == ("2021-01-01", None, "辽源日报")
    assert read["prefers"] == ["page"]
