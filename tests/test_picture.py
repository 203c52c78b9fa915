"""What the README's pictures are drawn of is still what the bot says."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import picture
import pytest
from picture import Turn
from telegramserver import BotApi
from telegramserver.running import REAL, start_bot

from bot import wording
from retrieval.records import Reason, Verdict


def test_commands_are_links_and_tags_are_not() -> None:
    assert picture.linked("<i>a</i> /c_k2_b0 1/2") == "<i>a</i> <a>/c_k2_b0</a> 1/2"


def test_what_is_typed_is_escaped() -> None:
    assert picture.typed(picture.ZHOU, "<b>").html == "&lt;b&gt;"


def test_own_messages_stand_apart_and_only_a_group_names_who_speaks() -> None:
    turns = [Turn("甲", "1"), Turn("乙", "2"), Turn("丙", "3", rows=(("a", "b"), ("c",)))]
    two, three = (picture.page("题", "下", turns[:n], "甲") for n in (2, 3))
    assert (two.count('class="name"'), three.count('class="name"')) == (0, 2)
    assert three.count('class="turn own"') == 1
    assert three.count('class="row"') == 2


def test_the_made_articles_are_as_many_as_the_table_says() -> None:
    rows = [*picture.made_rows()]
    months = Counter(row["date"][:7] for row in rows if "植树" in row["text"])
    assert (months["2022-04"], months.total()) == (14, 120)
    assert len({row["date"][:7] for row in rows}) == 44  # of 48 months: four hold nothing at all
    assert len({json.dumps(row) for row in rows}) == len(rows)


@pytest.fixture(scope="module")
def talk(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotApi]:
    folder = tmp_path_factory.mktemp("telegram")
    with BotApi() as api, start_bot(api, folder, REAL, {"JIWEN_INDEX": str(index)}):
        api.wait_for_call("getUpdates", 60)
        yield api


def test_the_private_chat_has_an_answer_a_follow_up_and_a_refusal(talk: BotApi) -> None:
    first, second, third = picture.private(talk)[1::2]
    assert wording.verdict(Verdict.ANSWERED) in first.html
    assert "<blockquote expandable><span><b>" in first.html
    assert first.rows[-1] == ("✕ 2021年1月",)
    assert "14个接种点" in second.html
    assert second.html.startswith("<i>理解为")
    assert wording.reason(Reason.NOT_FOUND) in third.html


def test_in_the_group_one_answer_comes_as_a_reply_in_its_topic(talk: BotApi) -> None:
    turns = picture.group(talk)
    assert [turn.name for turn in turns] == ["老徐", "小周", "小周", "吉问", "老徐"]
    assert turns[3].reply == ("小周", turns[2].html.replace("<a>", "").replace("</a>", ""))
    assert "2677棵" in turns[3].html
