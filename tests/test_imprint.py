"""Where each thing a page states was read, and what disagrees with it."""

from __future__ import annotations

import json

import pytest

from retrieval.articles import split_page
from retrieval.imprint import is_date, is_furniture
from retrieval.pages import page_of
from retrieval.records import Doubt, Imprint, Origin, Witness
from retrieval.settings import Newspaper, PageRule, Settings

SETTINGS = Settings(
    newspapers=(
        Newspaper("松江日报", mastheads=("松江曰报",), codes=("sjrb",)),
        Newspaper("松江晚报"),
    ),
    pages=(PageRule("scan/*", newspaper="松江晚报", date="1999-05-04", page="2"),),
)
STORY = "清河大桥合龙\n本报讯(记者 张敏)清河大桥昨日合龙,预计年底通车。\n"
PAPER = "松江日报\n"
M, T, F, C, R = Origin.MASTHEAD, Origin.TEXT, Origin.FILE_NAME, Origin.CONFIG, Origin.FIELD


def stated(text: str, page_id: str = "a.txt") -> Imprint:
    return page_of(page_id, text.encode(), SETTINGS).imprint


@pytest.mark.parametrize(
    ("text", "page_id", "imprint", "origins"),
    [
        (
            PAPER + "2003年6月9日 星期一\n总第1234期 今日8版\n\n" + STORY,
            "a.txt",
            Imprint("松江日报", "2003-06-09", "1", "1234"),
            {"newspaper": M, "date": M, "page": M, "issue": M},
        ),
        (
            PAPER + STORY,
            "2003/06/09/3版.txt",
            Imprint("松江日报", "2003-06-09", "3"),
            {"newspaper": M, "date": F, "page": F},
        ),
        (
            STORY + "《松江日报》（以下简称“本报”）今日(2003年6月9日)本报出版第1234期。\n",
            "a.txt",
            Imprint("松江日报", "2003-06-09", None, None),
            {"newspaper": T, "date": T},
        ),
        (STORY + "本报今日出版第1234期。\n", "a.txt", Imprint(issue="1234"), {"issue": T}),
        (
            STORY,
            "scan/2003-06-09/a.txt",
            Imprint("松江晚报", "1999-05-04", "2"),
            {"newspaper": C, "date": C, "page": C},
        ),
        (
            STORY,
            "scan/sjrb20030609.txt",
            Imprint("松江日报", "1999-05-04", "2"),
            {"newspaper": F, "date": C, "page": C},
        ),
    ],
)
def test_each_field_keeps_where_it_was_read(
    text: str, page_id: str, imprint: Imprint, origins: dict[str, Origin]
) -> None:
    found = stated(text, page_id)
    assert found == imprint
    assert dict(found.origins) == origins


@pytest.mark.parametrize(
    "text",
    [
        "《松江日报》今日(2003年6月9日)报道,大桥通车。",
        "今日(2003年6月9日)本报讯员从会上获悉。".replace("讯员", "讯"),
        "本报2003年6月9日创刊,当日出版第1期。",
        "据《松江日报》2003年6月9日第2版。",
        "松江日报记者 张敏",
        "松江大学(以下简称本校)今日开学。",
        "本期节目第12期播出。",
    ],
)
def test_a_story_that_names_a_paper_or_a_day_does_not_state_it(text: str) -> None:
    assert stated(f"{STORY}{text}\n") == Imprint()


@pytest.mark.parametrize(
    ("masthead", "day", "doubts"),
    [
        ("2021年1月27日 星期三\n庚子年十二月十五 十二月廿二立春", "2021-01-27", []),
        ("2021年1月27日\n星期三\n农历十二月十五", "2021-01-27", []),
        ("二〇二一年一月二十七日 週三 農曆庚子年臘月十五", "2021-01-27", []),
        ("中華民國二十六年七月七日 星期三", "1937-07-07", []),
        ("2021年1月27日 星期四", None, [Witness.WEEKDAY]),
        ("2021年1月27日 星期四\n庚子年十二月十五", "2021-01-27", [Witness.WEEKDAY]),
        ("2021年1月27日 星期三\n庚子年十一月十五", "2021-01-27", [Witness.LUNAR]),
        ("2021年7月27日 星期三\n庚子年十二月十五", "2021-01-27", [Witness.SOLAR]),
        ("2021年1月27日 星期四\n第2版 要闻\n2021年1月27日 第2版", "2021-01-27", [Witness.WEEKDAY]),
        ("2021年1月27日 星期三\n第2版\n2021年1月28日 星期四", "2021-01-27", [Witness.MASTHEAD]),
        ("星期三 庚子年十二月十五", None, []),
    ],
)
def test_weekday_and_lunar_day_are_checked_against_the_solar_one(
    masthead: str, day: str | None, doubts: list[Witness]
) -> None:
    found = stated(PAPER + masthead + "\n\n" + STORY)
    assert found.date == day
    assert [d.witness for d in found.doubts] == doubts
    assert [d.stated for d in found.doubts] == [day] * len(doubts)


def test_a_day_in_doubt_says_what_is_printed() -> None:
    found = stated(PAPER + "2021年1月27日 星期四\n\n" + STORY)
    assert found.doubts == (Doubt("date", None, Witness.WEEKDAY, "2021年1月27日 星期四"),)


def test_the_file_name_settles_a_day_that_the_masthead_leaves_open() -> None:
    found = stated(PAPER + "2021年1月27日 星期四\n\n" + STORY, "sjrb20210127.txt")
    assert (found.date, dict(found.origins)["date"]) == ("2021-01-27", F)
    assert [(d.stated, d.witness) for d in found.doubts] == [("2021-01-27", Witness.WEEKDAY)]


def test_where_two_origins_differ_the_more_trusted_stands_and_a_doubt_is_kept() -> None:
    text = PAPER + "2003年6月9日 星期一\n第03版 要闻\n\n" + STORY
    assert stated(text, "sjrb20030609_03.txt").doubts == ()
    found = stated(text, "松江晚报_2003-06-10_4.txt")
    assert found == Imprint("松江日报", "2003-06-09", "3")
    assert found.doubts == (
        Doubt("newspaper", "松江日报", Witness.FILE_NAME, "松江晚报"),
        Doubt("date", "2003-06-09", Witness.FILE_NAME, "2003-06-10"),
        Doubt("page", "3", Witness.FILE_NAME, "4"),
    )
    assert [d.witness for d in stated(text, "scan/a.txt").doubts] == [Witness.CONFIG] * 3


def row(page_id: str, **fields: object) -> Imprint:
    line = json.dumps({"text": "清河大桥合龙。", **fields}, ensure_ascii=False)
    (article,) = split_page(page_of(page_id, line.encode(), SETTINGS), SETTINGS)
    return article.imprint


def test_a_rows_fields_stand_below_the_file_name_and_above_the_rules() -> None:
    found = row("scan/a.jsonl", newspaper="松江日报", date="2003-06-09")
    assert found == Imprint("松江日报", "2003-06-09", "2")
    assert dict(found.origins) == {"newspaper": R, "date": R, "page": C}
    assert [(d.field, d.witness) for d in found.doubts] == [
        ("newspaper", Witness.CONFIG),
        ("date", Witness.CONFIG),
    ]
    named = row("sjrb20030609.jsonl", date="2003-06-10", page=3)
    assert named == Imprint("松江日报", "2003-06-09", "3")
    assert dict(named.origins) == {"newspaper": F, "date": F, "page": R}
    assert named.doubts == (Doubt("date", "2003-06-09", Witness.FIELD, "2003-06-10"),)
    assert row("sjrb20030609_03.jsonl", page="第3版").doubts == ()
    ruled = row("scan/sjrb.jsonl").doubts
    assert ruled == (Doubt("newspaper", "松江日报", Witness.CONFIG, "松江晚报"),)
    assert row("export_20240101.jsonl", date="2003-06-10").date == "2003-06-10"


@pytest.mark.parametrize(
    "line",
    [
        "中華民國二十六年七月七日 星期三",
        "星期三 農曆庚子年臘月十五",
        "總第1234號 今日8版",
        "庚子年閏四月初十",
    ],
)
def test_a_masthead_may_be_in_traditional_characters(line: str) -> None:
    assert is_furniture(line)


def test_a_weekday_or_a_lunar_day_alone_is_a_day_beside_a_masthead() -> None:
    assert all(map(is_date, ("星期三", "(周三)", "农历正月初三", "2003年6月9日", "腊月廿三")))
    assert not any(map(is_date, ("星期三下午", "正月初三庙会", "周三之约", "")))
