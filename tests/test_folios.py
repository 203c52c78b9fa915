"""Folios: what the line at a page's edge says of paper and page, and what is no folio."""

from __future__ import annotations

import pytest

from retrieval.folios import Folio, read_folio
from retrieval.pages import page_of
from retrieval.settings import Settings


@pytest.mark.parametrize(
    ("line", "newspaper", "page"),
    [
        ("辽源日报 2021年2月3日 星期三 第3版", "辽源日报", "3"),
        ("2021年2月3日 星期三 辽源日报 第3版", "辽源日报", "3"),
        ("3 要闻 2021年2月3日 星期三 责任编辑:张敏", None, "3"),
        ("第3版 要闻 2021年2月3日 星期三", None, "3"),
        ("A03 城市新闻 城市晚报 2021年2月3日", "城市晚报", "A3"),
        ("06 健康生活 松原日报 2016年8月26日 星期五", "松原日报", "6"),
        ("城市晚报2021年2月3日", "城市晚报", None),
        ("编辑:潘昊冬电话:0600-3521313", None, None),
        ("白城时报社出版 新闻热线：0508-2941944", None, None),
    ],
)
def test_a_folio_says_paper_and_page(line: str, newspaper: str | None, page: str | None) -> None:
    assert read_folio(line) == Folio(newspaper, page)


@pytest.mark.parametrize(
    "line",
    [
        "清河市自来水公司 2021年10月18日",  # signs a notice
        "2021年2月3日",
        "联系电话:0437-3220000",
        "松江日报社记者张敏赴辽源采访",
        "《辽源日报》2021年2月3日第3版刊登了这篇报道",
        "12月1日下午,我市召开培训会",
        "本报记者 张敏 2021年2月3日",
        "订购热线 0437-3229788",
    ],
)
def test_what_says_one_thing_or_more_than_a_folio_does_is_none(line: str) -> None:
    assert read_folio(line) is None


def test_a_folio_at_the_edge_is_furniture_and_states_the_page() -> None:
    text = (
        "A03 城市新闻 城市晚报 2021年2月3日\n\n清河新大桥合龙\n\n本报讯(记者 张敏)大桥昨日合龙。\n"
    )
    imprint = page_of("p.txt", text.encode(), Settings()).imprint
    assert (imprint.newspaper, imprint.date, imprint.page) == ("城市晚报", "2021-02-03", "A3")
