"""Reprints: the same story elsewhere is folded, two stories of one form are not."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import assert_proven
from hypothesis import given
from hypothesis import strategies as st

from bot.render import answer_json
from retrieval.archive import Archive
from retrieval.reprints import is_reprint
from retrieval.settings import Settings

STORY = (
    "本报讯(记者 周小川)镇赉县粮库今年收储玉米7.5万吨,比去年增加一成。粮库主任说,仓容还有两万吨,"
    "农民可以随到随卖,当天结清粮款。为方便售粮,粮库延长了营业时间,并在三个乡镇设了收购点。"
)
BULLETIN = (
    "{day}日0至24时,全省无新增确诊病例。截至{day}日24时,全省累计报告确诊病例{n}例,累计治愈出院{n}例,"
    "现有密切接触者均在指定场所接受医学观察,请广大市民继续做好个人防护,勤洗手、戴口罩、少聚集。"
)


@given(st.integers(0, 10_000), st.booleans())
def test_a_story_misread_or_cut_short_is_a_reprint(seed: int, cut: bool) -> None:
    dice = random.Random(seed)
    han = [i for i, char in enumerate(STORY) if char > "一" and char not in "两三一万"]
    copy = list(STORY)
    for i in dice.sample(han, len(STORY) // 30):
        copy[i] = "囗"
    text = "".join(copy)[: len(STORY) * 2 // 3 if cut else None]
    assert is_reprint(text, STORY)
    assert is_reprint(STORY, text)


def test_bulletins_of_two_days_are_two_stories() -> None:
    one, other = BULLETIN.format(day=25, n=107), BULLETIN.format(day=26, n=108)
    assert not is_reprint(one, other)
    assert is_reprint(one, one)


@pytest.mark.parametrize(
    ("one", "other"), [("", ""), ("图片新闻", "图片报道"), (STORY, BULLETIN), (STORY, STORY[:20])]
)
def test_different_or_too_short_texts_are_no_reprints(one: str, other: str) -> None:
    assert not is_reprint(one, other)


@pytest.fixture(scope="module")
def reprinted(
    tmp_path_factory: pytest.TempPathFactory, new_index: Callable[[Path], Path], settings: Settings
) -> tuple[Path, Archive]:
    home = tmp_path_factory.mktemp("reprinted")
    rows = [
        {"title": "玉米丰收", "text": STORY, "newspaper": "白城日报", "date": "2021-11-03"},
        {"title": "粮库收粮忙", "text": STORY, "newspaper": "吉林日报", "date": "2021-11-04"},
        {"title": "疫情通报", "text": BULLETIN.format(day=25, n=107), "date": "2021-01-26"},
        {"title": "疫情通报", "text": BULLETIN.format(day=26, n=108), "date": "2021-01-27"},
    ]
    (home / "seeds").mkdir()
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (home / "seeds" / "rows.jsonl").write_text(text, encoding="utf-8")
    index = new_index(home)
    Archive.build(home / "seeds", index, settings)
    return home / "seeds", Archive.open(home / "seeds", index, settings)


@pytest.mark.parametrize("question", ["镇赉县粮库收储了多少万吨玉米?", "有几篇报道提到玉米?"])
def test_a_reprint_is_named_under_the_quote_and_can_be_shown(
    reprinted: tuple[Path, Archive], question: str
) -> None:
    seeds, archive = reprinted
    found = answer_json(archive.ask(question))["quotes"]
    (also,) = found[0]["also"]
    papers = {found[0]["source"]["newspaper"], also["newspaper"]}
    assert papers == {"白城日报", "吉林日报"}
    assert also["article_id"] not in {quote["article_id"] for quote in found}
    shown = archive.quote(also["cite"])
    assert shown.text == found[0]["text"]
    assert shown.source.newspaper == also["newspaper"]
    assert_proven(found[0], seeds)


def test_reprints_are_counted_each_for_itself(reprinted: tuple[Path, Archive]) -> None:
    tally = reprinted[1].ask("有几篇报道提到玉米?").tally
    assert tally is not None
    assert tally.articles == 2


def test_bulletins_stay_apart_in_an_answer(reprinted: tuple[Path, Archive]) -> None:
    quotes = reprinted[1].ask("有几篇报道提到密切接触者?").quotes
    assert [(q.source.date, q.also) for q in quotes] == [("2021-01-26", ()), ("2021-01-27", ())]
