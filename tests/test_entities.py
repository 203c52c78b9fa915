"""The names in a text: places, people, bodies, papers and days."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.entities import person_in

NAMED = {
    "松原市前郭县的水稻收了多少?": [("place", "松原市前郭县")],
    "梨树县小宽镇的书记是谁?": [("place", "梨树县小宽镇")],
    "四平": [("place", "四平")],
    "杭州": [("place", "杭州")],
    "通化钢铁集团有限公司裁了多少人?": [("body", "通化钢铁集团有限公司")],
    "长春市第二中学获了什么奖?": [("body", "长春市第二中学")],
    "《城市晚报》2019年3月报道了什么?": [("paper", "《城市晚报》"), ("date", "2019年3月")],
    "2021年1月27日的辽源日报": [("date", "2021年1月27日"), ("paper", "辽源日报")],
    "去年": [("date", "去年")],
    "娄善伟怎么说?": [("person", "娄善伟")],
    "副省长王春宇": [("person", "王春宇")],
    "總投資": [],
    "项目": [],
    "小额贷款": [],
    "哪家公司?": [],
    "去的哪个村?": [],
    "开发": [],
    "": [],
}


@pytest.mark.parametrize(("text", "named"), NAMED.items())
def test_what_is_named(archive: Archive, text: str, named: list[tuple[str, str]]) -> None:
    assert [(e.type.value, e.text) for e in archive.entities(text)] == named


@settings(deadline=None)
@given(text=st.text(st.sampled_from("辽源市四平王茵2021年1月公司日报的了,《》银行镇"), max_size=24))
def test_entities_stand_where_they_say_and_apart(archive: Archive, text: str) -> None:
    end = 0
    for one in archive.entities(text):
        assert end <= one.start < one.end
        assert text[one.start : one.end] == one.text
        end = one.end


@pytest.mark.parametrize(
    ("text", "terms", "person"),
    [
        ("县委书记赵国栋出席会议,副县长钱文主持会议。", ("主持", "会议"), "钱文"),
        ("县委书记赵国栋出席会议,副县长钱文主持会议。", ("出席", "会议"), "赵国栋"),
        ("院长李文辉到我市培训。", ("培训",), "李文辉"),
        ("基地负责人邵国平介绍。", (), "邵国平"),
        ("姚顺表示,要立足长远。", ("姚顺",), "姚顺"),
        ("主任钱文、局长孙明参加。", ("参加",), None),
        ("今年主任办公会开了三次。", ("主任",), None),
        ("", (), None),
    ],
)
def test_the_one_person_of_the_nearest_clause(
    text: str, terms: tuple[str, ...], person: str | None
) -> None:
    assert person_in(text, terms) == person


def test_what_was_asked_of_the_matter_decides_before_its_words() -> None:
    text = "副市长徐晖主持,杨威武院长就创建国家高新区作培训。"
    assert person_in(text, ("主持", "创建", "高新区"), ("主持",)) == "徐晖"
