"""Articles: how a page is divided, on invented pages, by law, and against golden files.

``JIWEN_UPDATE_GOLDEN=1 pytest tests/test_articles.py`` writes the golden files anew.
"""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import division
from retrieval.articles import split_page
from retrieval.cleaning import restore
from retrieval.pages import page_of, read_page
from retrieval.records import Article, Kind, Page
from retrieval.settings import Settings

SEEDS = Path(__file__).parent.parent / "seeds"
GOLDEN = Path(__file__).parent / "golden"
SETTINGS = Settings()

BRIDGE = (
    "横跨清河的新大桥昨日合龙。大桥全长1.2公里，双向六车道，是连接清河两岸的第三座大桥。\n\n"
    "施工单位负责人介绍，大桥合龙后将进行桥面铺装，预计年底通车。清河两岸居民出行时间将缩短半小时。"
)
CLINIC = (
    "柳镇卫生院为老人免费体检。医护人员为三百多名老人测血压、查血糖，并建立健康档案。\n\n"
    "卫生院院长说，免费体检每季度举行一次，行动不便的老人可以预约上门服务。"
)


def page(text: str, page_id: str = "p.txt") -> Page:
    return page_of(page_id, text.encode(), SETTINGS)


def split(text: str) -> list[Article]:
    return [a for a in split_page(page(text), SETTINGS) if a.kind is not Kind.FURNITURE]


def titles(text: str) -> list[str | None]:
    return [a.title for a in split(text)]


# The division, one rule a test.


def test_marked_headlines_open_articles() -> None:
    text = f"# 清河新大桥合龙\n\n本报讯(记者 张敏){BRIDGE}\n\n# 柳镇老人免费体检\n\n本报讯(记者 李强){CLINIC}\n"
    first, second = split(text)
    assert (first.title, first.byline, second.title) == (
        "清河新大桥合龙",
        ("张敏",),
        "柳镇老人免费体检",
    )
    assert first.body.text.startswith("本报讯(记者 张敏)横跨")
    assert first.body.text.count("\n") == 1
    assert (first.id, first.lines, second.id, second.lines) == (
        "p.txt/a1",
        (1, 5),
        "p.txt/a2",
        (7, 11),
    )


def test_unmarked_headlines_open_articles_and_subtitles_join_them() -> None:
    text = f"清河新大桥合龙\n\n——本市交通建设综述\n\n本报记者 张敏\n\n{BRIDGE}\n\n老人免费体检\n\n柳镇卫生院上门服务\n\n本报讯(记者 李强){CLINIC}"
    first, second = split(text)
    assert (first.title, first.subtitle, first.byline) == (
        "清河新大桥合龙",
        "——本市交通建设综述",
        ("张敏",),
    )
    assert second.headline.text == "老人免费体检\n柳镇卫生院上门服务"
    assert "本报记者" not in first.body.text


def test_headlines_below_their_stories_are_found_by_their_words() -> None:
    text = f"本报讯 张敏 报道 {BRIDGE}\n\n清河新大桥合龙\n\n本报讯(记者 李强){CLINIC}\n\n柳镇老人免费体检\n"
    assert titles(text) == ["清河新大桥合龙", "柳镇老人免费体检"]


def test_stories_without_headlines_are_parted_where_they_open() -> None:
    first, second = split(f"本报讯 {BRIDGE}\n本报讯 {CLINIC}\n")
    assert (first.title, second.title, second.lines) == (None, None, (4, 6))


def test_a_lost_headline_is_none_and_not_the_neighbours() -> None:
    text = f"本报讯(记者 张敏){BRIDGE}\n\n清河新大桥合龙\n\n本报讯(记者 李强){CLINIC}\n"
    assert titles(text) == ["清河新大桥合龙", None]


def test_a_headline_inside_its_story_does_not_cut_it() -> None:
    head, tail = BRIDGE[:30], BRIDGE[30:]
    text = f"# 柳镇老人免费体检\n\n本报讯(记者 李强){CLINIC}\n\n本报讯(记者 张敏){head}\n\n清河新大桥正式合龙通车在望\n\n{tail}\n"
    _, second = split(text)
    assert second.title == "清河新大桥正式合龙通车在望"
    assert second.body.text == f"本报讯(记者 张敏){BRIDGE}".replace("\n\n", "\n")


def test_subheads_do_not_cut_a_story() -> None:
    text = (
        f"# 清河新大桥合龙\n\n本报记者 张敏\n\n{BRIDGE}\n\n科学组织 确保工期\n\n{BRIDGE}\n\n严格管理 确保质量\n\n"
        f"{BRIDGE}\n\n# 柳镇老人免费体检\n\n本报记者 李强\n\n{CLINIC}\n"
    )
    first, _ = split(text)
    assert first.title == "清河新大桥合龙"
    assert "科学组织 确保工期\n" in first.body.text


def test_a_report_with_numbered_parts_and_a_resume_stay_whole() -> None:
    text = (
        "清河市人民政府工作报告\n\n——1999年1月5日在清河市第三届人民代表大会上\n\n市长 张敏\n\n各位代表:\n\n"
        f"一、一年来的工作\n\n{BRIDGE}\n\n二、今年的任务\n\n{CLINIC}\n\n张敏简历\n\n张敏，男，1950年生，清河人。\n"
    )
    (report,) = split(text)
    assert (report.title, report.byline) == ("清河市人民政府工作报告", ("张敏",))


def test_column_lines_are_joined_and_a_wider_line_is_a_headline() -> None:
    body = "本报讯(记者 张敏)" + BRIDGE.replace("\n\n", "")
    lines = [body[i : i + 13] for i in range(0, len(body), 13)]
    text = (
        "\n".join(lines[:4])
        + "\n\n"
        + "\n".join(lines[4:])
        + "\n\n横跨清河的新大桥合龙预计年底通车\n\n本报讯(记者 李强)"
        + CLINIC
    )
    first, second = split(text)
    assert first.title == "横跨清河的新大桥合龙预计年底通车"
    assert first.body.text == body.replace("\n", "")
    assert second.byline == ("李强",)


def test_captions_and_notices_are_articles_of_their_kind() -> None:
    text = (
        f"# 清河新大桥合龙\n\n本报讯(记者 张敏){BRIDGE}\n\n近日，工人在清河大桥上铺设桥面。图为施工现场。\n本报记者 李强 摄\n\n"
        "停水公告\n\n因管网改造,6月9日8时至16时新华街沿线停水。\n\n清河市自来水公司\n"
    )
    news, photo, notice = split(text)
    assert [a.kind for a in (news, photo, notice)] == [Kind.NEWS, Kind.PHOTO, Kind.NOTICE]
    assert (photo.byline, photo.title) == (("李强",), None)
    assert notice.title == "停水公告"
    assert "自来水公司" in notice.body.text


def test_a_column_names_its_stories_and_a_series_the_story_above() -> None:
    text = f"## 民生\n\n### 清河新大桥合龙\n\n本报讯{BRIDGE}(张敏)\n\n### 柳镇老人免费体检\n\n本报讯{CLINIC}(李强)\n"
    assert [a.section for a in split(text)] == ["民生", "民生"]
    series = (
        f"清河新大桥合龙\n\n本报记者 张敏\n\n{BRIDGE}\n\n交通先行 城乡巨变\n——大桥建设者访谈录\n\n停水公告\n\n"
        "因管网改造,6月9日8时至16时新华街沿线停水。\n"
    )
    first, second = split(series)
    assert (first.section, second.section) == ("交通先行 城乡巨变——大桥建设者访谈录", None)
    assert "访谈录" not in first.body.text


def test_furniture_is_kept_as_article_nought() -> None:
    text = f"松江日报\n2003年6月9日 星期一\n总第1234期 今日8版\n\n# 清河新大桥合龙\n\n{BRIDGE}\n\n责任编辑:张敏\n"
    furniture, story = split_page(page(text), SETTINGS)
    assert (furniture.id, furniture.kind) == ("p.txt/a0", Kind.FURNITURE)
    assert furniture.body.text == "松江日报\n2003年6月9日 星期一\n总第1234期 今日8版\n责任编辑:张敏"
    assert (story.id, story.imprint.issue) == ("p.txt/a1", "1234")


# Laws.


RAW = st.text(
    alphabet=st.one_of(
        st.sampled_from("清河大桥昨日合龙一二三记者本报讯摄通告"),
        st.sampled_from("。，、；：！？“”‘’（）()《》—-…·/,.;:!?\"'#*<>_[]{}"),
        st.sampled_from("0123456789%abcXYZ"),
        st.sampled_from(" \t\u3000\n\n\r\x0b\x0c\x00\x07\u200b\ufeff\u2028\xa0"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=300,
)
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "",
                "# 新大桥合龙",
                "## 民生",
                "### 清河大桥合龙",
                "——本市交通建设综述",
                "本报讯(记者 张敏)清河大桥合龙。",
                "本报记者 李强 摄",
                "（王晓）",
                "总第12期 今日4版",
                "一、总体要求",
                "停水公告",
                "联系电话:0437-3220000",
                "清河大桥合龙",
                "大桥全长1.2公里，是清河上的第三座大",
                "桥，预计年底通车。",
            ]
        ),
        RAW,
    ),
    max_size=30,
)
TEXTS = st.one_of(
    RAW,
    st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r", "\n\n"])).map(lambda t: t[1].join(t[0])),
)


def check(read: Page, found: tuple[Article, ...]) -> None:
    """What holds for the articles of any page."""
    owner: dict[int, str] = {}
    for article in found:
        assert all(a < b for a, b in article.spans)
        assert all(a[1] <= b[0] for a, b in pairwise(article.spans))
        held = {i for a, b in article.spans for i in range(a, b)}
        for part in (article.headline, article.body):
            assert restore(read.text, part.spans) == part.text
            assert all(a[1] < b[0] for a, b in pairwise(part.spans))
            inside = {i for a, b in part.spans for i in range(a, b)}
            assert {i for i in inside if not read.text[i].isspace()} <= held
        for i in held:
            assert read.text[i].isspace() or owner.setdefault(i, article.id) == article.id
    if read.form == "text":
        letters = {i for i, c in enumerate(read.text) if c.isalnum()}
        assert letters <= owner.keys() | set()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_character_belongs_to_one_article_at_most_and_no_text_breaks_it(text: str) -> None:
    read = Page("p.txt", text, page("好").form, "utf-8", "")
    found = split_page(read, SETTINGS)
    check(read, found)
    assert found == split_page(read, SETTINGS)
    assert all(a.byline == tuple(c.name for c in a.credits) for a in found)
    assert [a.id for a in found if a.kind is not Kind.FURNITURE] == [
        f"p.txt/a{n}" for n in range(1, len(found) + 1) if f"p.txt/a{n}" in {a.id for a in found}
    ]


@pytest.mark.parametrize("seed", sorted(p.name for p in SEEDS.glob("*.txt")))
def test_a_seed_divides_as_its_golden_file_says(seed: str) -> None:
    read = read_page(SEEDS, seed, SETTINGS)
    found = split_page(read, SETTINGS)
    check(read, found)
    golden = GOLDEN / f"{seed}.json"
    rows = [json.dumps(row(a), ensure_ascii=False) for a in found]
    if os.environ.get("JIWEN_UPDATE_GOLDEN"):
        golden.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert rows == golden.read_text(encoding="utf-8").splitlines()


def test_an_author_named_at_both_ends_is_credited_once() -> None:
    (story,) = split(f"清河新大桥合龙\n\n本报讯(记者 张敏){BRIDGE}(张敏)\n")
    assert story.byline == ("张敏",)
    assert [(c.name, c.role) for c in story.credits] == [("张敏", "记者")]


def test_every_author_of_the_seeds_is_credited_in_the_bylines_order() -> None:
    read = [read_page(SEEDS, p.name, SETTINGS) for p in sorted(SEEDS.iterdir())]
    found = [a for page in read for a in split_page(page, SETTINGS)]
    assert all(a.byline == tuple(c.name for c in a.credits) for a in found)
    roles = {c.name: (c.agency, c.role) for a in found for c in a.credits}
    assert roles["王茵"] == ("本报", "记者")
    assert roles["金泽文"] == ("吉林日报", "记者")
    assert roles["高源"] == (None, "实习生")
    assert roles["陆续"] == ("城市晚报", "全媒体记者")
    assert roles["宋晓麟"] == (None, None)


def row(a: Article) -> dict[str, object]:
    """What a golden file holds of an article, on one line."""
    return {
        "id": a.id, "kind": a.kind, "lines": a.lines, "kicker": a.kicker, "title": a.title,
        "subtitle": a.subtitle, "byline": a.byline, "section": a.section,
        "first": a.body.text[:24], "last": a.body.text[-24:], "chars": len(a.body.text),
    }  # fmt: skip


@pytest.mark.parametrize("seed", sorted(p.name for p in SEEDS.glob("*.txt")))
def test_the_division_is_the_same_in_every_encoding(seed: str) -> None:
    text = read_page(SEEDS, seed, SETTINGS).text
    forms = [text.encode(), text.encode("utf-8-sig"), text.encode("gb18030")]
    forms += [text.replace("\n", end).encode() for end in ("\r\n", "\r")]
    found = [split_page(page_of("p.txt", data, SETTINGS), SETTINGS) for data in forms]
    texts = [
        [(a.title, a.byline, a.lines, a.body.text.replace("\r", "\n")) for a in one]
        for one in found
    ]
    assert all(one == texts[0] for one in texts[1:])


def test_another_page_changes_no_ids() -> None:
    alone = split_page(page(BRIDGE), SETTINGS)
    assert split_page(page(CLINIC, "q.txt"), SETTINGS)[0].id == "q.txt/a1"
    assert split_page(page(BRIDGE), SETTINGS) == alone


@pytest.mark.parametrize(
    "unit",
    [
        "新气象振兴乡村\n",
        "字",
        "字\n",
        "本报记者 张敏\n",
        "# 题\n",
        "1 2 ",
        "标题一行\n——副题\n",
        "（",
    ],
)
def test_a_megabyte_of_anything_is_divided_in_seconds(unit: str) -> None:
    text = unit * (300_000 // len(unit.encode()))
    found = split_page(page(text), SETTINGS)
    assert sum(len(a.spans) for a in found) > 0


def test_a_page_beyond_all_measure_is_divided_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"# 清河新大桥合龙\n\n本报讯(记者 张敏){BRIDGE}\n\n# 柳镇老人免费体检\n\n本报讯(记者 李强){CLINIC}\n"
    whole = [(a.title, a.lines) for a in split(text)]
    monkeypatch.setattr(division, "MAX_BLOCKS", 3)  # the first story's
    assert [(a.title, a.lines) for a in split(text)] == whole
    monkeypatch.setattr(division, "MAX_BLOCKS", 2)
    assert [a.lines[0] for a in split(text)] == [1, 5, 9]
