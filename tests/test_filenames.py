"""File names: what the path of a page states, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.filenames import read_path
from retrieval.records import Imprint
from retrieval.settings import Newspaper

PAPERS = (
    Newspaper("辽源日报", aliases=("辽源报",), codes=("lyrb",)),
    Newspaper("城市晚报", aliases=("晚报",)),
    Newspaper("江城晚报", aliases=("晚报二",)),
)
LY, CITY = "辽源日报", "城市晚报"


@pytest.mark.parametrize(
    ("path", "stated"),
    [
        ("辽源日报_2021-01-27_01.txt", Imprint(LY, "2021-01-27", "1")),
        ("lyrb20210127_A02.txt", Imprint(LY, "2021-01-27", "A02")),
        ("LYRB-2021-1-27-3.md", Imprint(LY, "2021-01-27", "3")),
        ("2021/01/27/3版.txt", Imprint(None, "2021-01-27", "3")),
        ("城市晚报-20220315-第5版.md", Imprint(CITY, "2022-03-15", "5")),
        ("晚报/2022年3月15日/第十二版.txt", Imprint(CITY, "2022-03-15", "12")),
        ("辽源日报2021年1月27日第1版.txt", Imprint(LY, "2021-01-27", "1")),
        ("辽源报 2021.01.27 要闻.txt", Imprint(LY, "2021-01-27", None)),
        ("辽源日报/2021/01/27/A02.txt", Imprint(LY, "2021-01-27", "A02")),
        ("浑江日报_1985-06-09.txt", Imprint("浑江日报", "1985-06-09", None)),
        ("辽源日报/a.txt", Imprint(LY)),
        ("辽源日报_20210127.jsonl", Imprint(LY, "2021-01-27")),
        # states nothing
        ("000_504c82fdf5ae6035.txt", Imprint()),
        ("504c20210127ab.txt", Imprint()),
        ("a3f20210127.txt", Imprint()),
        ("1202101271.txt", Imprint()),
        ("20210230.txt", Imprint()),
        ("IMG_20210127.txt", Imprint()),
        ("scan/20210127/1.txt", Imprint()),
        ("20210127_153000.txt", Imprint()),
        ("微信图片_20210127153000.txt", Imprint()),
        ("export_20240101.jsonl", Imprint()),
        ("20240101.jsonl", Imprint()),
        ("2021/01/27/20210128.txt", Imprint()),
        ("2021-01.txt", Imprint()),
        ("辽源日报社.txt", Imprint()),
        ("读浑江日报有感.txt", Imprint()),
        ("浑江日报.txt", Imprint()),
        ("辽源日报与城市晚报/辽源日报-城市晚报.txt", Imprint()),
        ("a/1.txt", Imprint()),
    ],
)
def test_a_path_states_what_it_says_in_full_and_nothing_else(path: str, stated: Imprint) -> None:
    assert read_path(path, PAPERS) == stated


@given(st.text(alphabet="0123456789-_/年月日第版.Aa报晚", max_size=30))
def test_any_path_is_read(stem: str) -> None:
    found = read_path(f"{stem}.txt", PAPERS)
    assert found.date is None or len(found.date) == 10


@given(st.dates(), st.integers(1, 99))
def test_a_day_is_read_from_each_way_to_write_it(day: object, page: int) -> None:
    iso = str(day)
    if not "1900" <= iso < "2100":
        return
    for written in (iso, iso.replace("-", ""), iso.replace("-", "/"), iso.replace("-", "_")):
        assert read_path(f"lyrb_{written}_第{page}版.txt", PAPERS) == Imprint(LY, iso, str(page))
