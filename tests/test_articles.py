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

from retrieval import bylines
from retrieval.articles import skipped_lines, split_page
from retrieval.cleaning import Setting, clean, cut, restore, without
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


# Cleaning: what is deleted and what stays.


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("面积 2.54 平 方 公 里", "面积2.54平方公里"),
        ("1.5 万人、 3\u3000座", "1.5万人、3座"),
        ("400 多 人 ，创 业", "400多人，创业"),
        ("由医\n药食品\r\n加工", "由医药食品加工"),
        ("使用 Windows NT 系统", "使用Windows NT系统"),
        ("到20\n21年", "到2021年"),
        ("2 0 2 1 年", "2021年"),
        ("电话0437 3220000", "电话0437 3220000"),
        ("零\u200b宽\x07字", "零宽字"),
        ("**黑体**与<http://a.cn>", "黑体与http://a.cn"),
        ("残字\ufffd保留", "残字\ufffd保留"),
    ],
)
def test_body_text_loses_what_the_layout_put_into_words(raw: str, text: str) -> None:
    assert clean(raw, [(0, len(raw))]).text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("## 稳中求进 再创佳绩", "稳中求进 再创佳绩"),
        ("记者 张敏 李强", "记者 张敏 李强"),
        ("稳 中 求 进", "稳中求进"),
        ("记者 吴\n敏", "记者 吴敏"),
    ],
)
def test_headlines_and_names_keep_the_spaces_between_phrases(raw: str, text: str) -> None:
    assert clean(raw, [(0, len(raw))], Setting.DISPLAY).text == text


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


@given(RAW, st.sampled_from(list(Setting)))
def test_cleaning_only_deletes(raw: str, setting: Setting) -> None:
    cleaned = clean(raw, [(0, len(raw))], setting)
    assert restore(raw, cleaned.spans) == cleaned.text
    assert all(a < b for a, b in cleaned.spans)
    assert all(a[1] < b[0] for a, b in pairwise(cleaned.spans))
    visible = [c for c in raw if c.isalnum()]
    assert [c for c in cleaned.text if c.isalnum()] == visible


@given(RAW, st.integers(0, 300), st.integers(0, 300))
def test_a_cut_stands_where_its_text_stands(raw: str, start: int, end: int) -> None:
    cleaned = clean(raw, [(0, len(raw))])
    part = cut(cleaned, start, end)
    assert part.text == cleaned.text[start:end]
    assert restore(raw, part.spans) == part.text


@given(st.sets(st.integers(0, 30)).map(sorted), st.sets(st.integers(0, 30)).map(sorted))
def test_without_is_set_difference(kept: list[int], holes: list[int]) -> None:
    spans, gaps = (
        list(zip(kept[::2], kept[1::2], strict=False)),
        list(zip(holes[::2], holes[1::2], strict=False)),
    )
    left = without(spans, gaps)
    covered = {i for a, b in spans for i in range(a, b)} - {i for a, b in gaps for i in range(a, b)}
    assert {i for a, b in left for i in range(a, b)} == covered


# Bylines.


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报讯(记者 张敏)清河大桥", ("张敏",)),
        ("本报讯（记者 张敏 通讯员 李建强）清河", ("张敏", "李建强")),
        ("本报讯 赵晓东王芳 记者 徐明\n远报道 清河", ("赵晓东", "王芳", "徐明远")),
        ("本报讯赵晓东 记者 王芳 报道 清河", ("赵晓东", "王芳")),
        ("新华社沈阳6月9日电（记者张敏、李建强）清河", ("张敏", "李建强")),
        ("中新社沈阳6月9日电 (张敏 李建强)清河", ("张敏", "李建强")),
        ("本报讯 清河大桥合龙", ()),
        ("（见第三版）清河", ()),
    ],
)
def test_a_story_opens_with_its_authors(text: str, names: tuple[str, ...]) -> None:
    found = bylines.opening(text)
    assert (found.names if found else ()) == names


@pytest.mark.parametrize(
    ("text", "names", "photo"),
    [
        ("预计年底通车。(张敏)", ("张敏",), False),
        ("预计年底通车。松江日报记者 张敏 李建强", ("张敏", "李建强"), False),
        ("工人正在生产。 张敏 /摄", ("张敏",), True),
        ("工人正在生产。（欧阳晓芳 摄）", ("欧阳晓芳",), True),
        ("预计年底通车。（张敏 王 芳）", ("张敏", "王芳"), False),
        ("增长两成（同比）", (), False),
        ("记者从会上获悉", (), False),
        ("完成投资两亿元(含配套)", (), False),
    ],
)
def test_a_story_closes_with_its_authors(text: str, names: tuple[str, ...], photo: bool) -> None:
    found = bylines.closing(text)
    assert ((found.names, found.photo) if found else ((), False)) == (names, photo)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("本报记者 张敏", ("张敏",)),
        ("□ 本报通讯员 李建强 王芳", ("李建强", "王芳")),
        ("文/张敏 图/王芳", ("张敏", "王芳")),
        ("本报记者 张敏 摄影报道", ("张敏",)),
        ("松江日报全媒体记者 张敏 实习生 王芳", ("张敏", "王芳")),
        ("记者走基层", ()),
        ("清河大桥合龙", ()),
    ],
)
def test_a_line_of_names_is_a_byline(line: str, names: tuple[str, ...]) -> None:
    found = bylines.standalone(line)
    assert (found.names if found else ()) == names


def test_glued_names_are_cut_by_surname() -> None:
    assert bylines.split_names("赵晓东王芳司马长风", sure=True) == ("赵晓东", "王芳", "司马长风")
    assert bylines.split_names("买买提·艾力", sure=True) == ("买买提·艾力",)
    assert bylines.split_names("热烈欢迎", sure=False) == ()


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


# One article a line.


def test_rows_are_quoted_from_between_their_quotation_marks() -> None:
    rows = [
        {
            "title": "清河新桥 合龙",
            "text": '他说:"好。"\n路径C:\\完。',
            "byline": "张敏 李强",
            "date": "2003年6月9日",
            "page": 3,
        },
        {"text": "只有正文。", "newspaper": "松江日报", "byline": ["王芳"]},
    ]
    text = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    read = page(text, "r.jsonl")
    first, second = split_page(read, SETTINGS)
    assert (first.title, first.byline, first.imprint.date, first.imprint.page) == (
        "清河新桥 合龙",
        ("张敏", "李强"),
        "2003-06-09",
        "3",
    )
    assert first.body.text == '他说:"好。"路径C:\\完。'
    assert restore(read.text, first.body.spans) == first.body.text
    assert (second.byline, second.imprint.newspaper, second.lines) == (
        ("王芳",),
        "松江日报",
        (2, 2),
    )
    assert skipped_lines(read) == ()


def test_rows_that_cannot_be_quoted_are_skipped_with_their_reason() -> None:
    lines = [
        json.dumps({"text": "不可引"}),
        "{",
        "[1]",
        '{"text": " "}',
        '{"text": 3}',
        '{"text":"可引。"}',
    ]
    read = page("\r\n".join(lines), "r.jsonl")
    assert [a.id for a in split_page(read, SETTINGS)] == ["r.jsonl/a6"]
    reasons = [s.reason for s in skipped_lines(read)]
    assert "ensure_ascii=False" in reasons[0]
    assert [r.split(":")[0] for r in reasons] == [f"line {n}" for n in range(1, 6)]


@given(st.text(alphabet='好。"\\/\n\t\r xX1\u3000', max_size=40), st.booleans())
def test_a_row_holds_the_visible_text_of_its_json(text: str, spaced: bool) -> None:
    line = json.dumps({"title": text, "text": text}, ensure_ascii=False, indent=None)
    read = page(line.replace(": ", " :  ") if spaced and ": " not in text else line, "r.jsonl")
    visible = [c for c in text if not c.isspace()]
    for article in split_page(read, SETTINGS):
        assert [c for c in article.body.text if not c.isspace()] == visible
        assert restore(read.text, article.body.spans) == article.body.text


# Laws.


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
