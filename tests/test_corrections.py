"""Corrections: what a person pins of a page holds, the rest is as the rules have it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Caller, assert_proven
from hypothesis import given, settings
from hypothesis import strategies as st
from test_articles import BRIDGE, CLINIC, SEEDS, SETTINGS, TEXTS, check

from bot.drafts import draft
from retrieval.articles import skipped_lines, split_page
from retrieval.corrections import Sidecar, read_corrections
from retrieval.errors import PageError
from retrieval.pages import Skipped, line_starts, page_of, read_page, read_pages
from retrieval.records import Article, Corrections, Imprint, Kind, Page

ODD_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")  # part lines that no line number tells apart
MASTHEAD = "松江日报\n2003年6月9日 星期一\n总第1234期 今日8版\n"
# Lines:   1–3 masthead, 5 headline, 7 and 9 its story, 11 headline, 13 and 15 its story.
TEXT = f"{MASTHEAD}\n清河新大桥合龙\n\n本报讯(记者 张敏){BRIDGE}\n\n柳镇老人免费体检\n\n本报讯(记者 李强){CLINIC}\n"


def page(text: str, sheet: str | bytes | None = None, page_id: str = "p.txt") -> Page:
    data = sheet.encode() if isinstance(sheet, str) else sheet
    sidecar = None if data is None else Sidecar("p.articles.toml", data)
    return page_of(page_id, text.encode(), SETTINGS, sidecar=sidecar)


def split(text: str, sheet: str | None = None) -> list[Article]:
    read = page(text, sheet)
    assert skipped_lines(read) == ()
    found = split_page(read, SETTINGS)
    check(read, found)
    return [a for a in found if a.kind is not Kind.FURNITURE]


def problem(sheet: str | bytes, text: str = TEXT) -> str:
    """Why a sheet is not used; its page is then divided as if it were not there."""
    read = page(text, sheet)
    assert split_page(read, SETTINGS) == split_page(page(text), SETTINGS)
    assert read.imprint == page(text).imprint
    (skipped,) = skipped_lines(read)
    assert skipped.file == "p.articles.toml"
    return skipped.reason


def test_without_corrections_the_page_is_as_the_tests_below_suppose() -> None:
    assert [(a.title, a.byline, a.lines) for a in split(TEXT)] == [
        ("清河新大桥合龙", ("张敏",), (5, 9)),
        ("柳镇老人免费体检", ("李强",), (11, 15)),
    ]


def test_lines_pinned_as_one_article_are_never_cut() -> None:
    (whole,) = split(TEXT, '[[article]]\nlines = "5-15"\n')
    assert (whole.id, whole.title, whole.lines) == ("p.txt/a1", "清河新大桥合龙", (5, 15))
    assert "柳镇老人免费体检\n本报讯(记者 李强)" in whole.body.text


def test_lines_pinned_apart_are_never_joined_though_they_are_one_paragraph() -> None:
    text = "本报讯，清河新大桥昨日合龙，全长一千二百米，\n是清河上的第三座大桥。\n"
    assert len(split(text)) == 1
    sheet = '[[article]]\nlines = 1\n[[article]]\nlines = "2"\n'
    assert [a.body.text for a in split(text, sheet)] == text.splitlines()
    first, rest = split(text, '[[article]]\nlines = "1"\n')
    assert (first.lines, rest.lines) == ((1, 1), (2, 2))


def test_what_is_not_pinned_is_divided_by_the_rules_around_it() -> None:
    sheet = '[[article]]\nlines = "9"\ntitle = ""\nkind = "photo"\n'
    bridge, caption, clinic = split(TEXT, sheet)
    assert [a.id for a in (bridge, caption, clinic)] == ["p.txt/a1", "p.txt/a2", "p.txt/a3"]
    assert (bridge.title, bridge.lines) == ("清河新大桥合龙", (5, 7))
    assert (caption.kind, caption.title, caption.lines) == (Kind.PHOTO, None, (9, 9))
    assert clinic == replace(split(TEXT)[1], id="p.txt/a3")


def test_a_story_runs_on_around_a_pinned_caption_and_in_pieces() -> None:
    text = f"清河新大桥合龙\n\n本报讯(记者 张敏){BRIDGE[:30]}\n图为桥面。\n{BRIDGE[30:]}\n"
    story, caption = split(text, '[[article]]\nlines = "4"\n')
    assert story.body.text == split(text, '[[article]]\nlines = "1-3, 5-7"\n')[0].body.text
    assert story.body.text.replace("\n", "") == f"本报讯(记者 张敏){BRIDGE}".replace("\n", "")
    assert caption.body.text == "图为桥面。"
    assert len(story.spans) == 2


@pytest.mark.parametrize(
    "lines", ["5-9", "5–9", "5 至 9", "5,6,7,8,9", "5 6 7-9", "5、6，7～9", "7-9, 5, 6"]
)
def test_lines_may_be_written_in_many_ways(lines: str) -> None:
    first, _ = split(TEXT, f'[[article]]\nlines = "{lines}"\n')
    assert (first.lines, first.spans) == ((5, 9), split(TEXT)[0].spans)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_count_as_an_editor_counts_them_whatever_ends_them(end: str) -> None:
    _, second = split(TEXT.replace("\n", end), '[[article]]\nlines = "11-15"\n')
    assert (second.lines, second.byline) == ((11, 15), ("李强",))


def test_what_is_pinned_of_an_article_wins_over_the_rules() -> None:
    sheet = (
        '[[article]]\nlines = "11-15"\ntitle = "医护人员为三百多名老人测血压"\nbyline = ["柳镇"]\n'
        'kind = "notice"\nsection = "松江 日报"\n'
    )
    _, pinned = split(TEXT, sheet)
    assert pinned.title == pinned.headline.text == "医护人员为三百多名老人测血压"
    assert (pinned.byline, pinned.kind, pinned.section) == (("柳镇",), Kind.NOTICE, "松江 日报")
    assert "柳镇老人免费体检\n" in pinned.body.text, "the headline of before stays in the story"
    assert "三百多名老人测血压" not in pinned.body.text


def test_empty_values_pin_that_there_is_none() -> None:
    first, _ = split(TEXT, '[[article]]\nlines = "5-9"\ntitle = false\nbyline = []\nsection = ""\n')
    assert (first.title, first.headline.text, first.byline, first.section) == (None, "", (), None)
    assert first.body.text.startswith("清河新大桥合龙\n本报讯")


@pytest.mark.parametrize(
    ("printed", "title", "shown"),
    [
        ("清河新大桥\n今日合龙", "清河新大桥今日合龙", "清河新大桥今日合龙"),
        ("清 河 新 大 桥 合 龙", "清河新大桥合龙", "清河新大桥合龙"),
        ("# 清河新大桥合龙", "清河新大桥合龙", "清河新大桥合龙"),
        ("清河两岸 春意浓", "清河两岸春意浓", "清河两岸 春意浓"),
    ],
)
def test_a_title_is_shown_as_the_page_has_it(printed: str, title: str, shown: str) -> None:
    text = f"{printed}\n本报讯 {CLINIC}\n"
    (story,) = split(text, f'[[article]]\nlines = "1-{text.count(chr(10))}"\ntitle = "{title}"\n')
    assert (story.title, story.headline.text) == (shown, shown)
    assert story.body.text.startswith("本报讯")


def test_a_title_that_runs_into_its_story_is_cut_from_it() -> None:
    text = f"清河新大桥合龙本报讯(记者 张敏){BRIDGE}\n"
    (story,) = split(text, '[[article]]\nlines = "1-3"\ntitle = "清河新大桥合龙"\n')
    assert (story.title, story.byline) == ("清河新大桥合龙", ("张敏",))
    assert story.body.text.startswith("本报讯(记者 张敏)横跨清河")


def test_a_title_of_the_story_is_parted_from_the_words_after_it() -> None:
    text = "本报讯 记者在现场获悉，\n市民植树忙，\n大家都来到了东山公园。\n"
    (story,) = split(text, '[[article]]\nlines = "1-3"\ntitle = "市民植树忙，"\n')
    assert (story.title, story.headline.text) == ("市民植树忙，", "市民植树忙，")
    assert "植树忙" not in story.body.text


def test_a_subhead_can_be_the_title_and_leaves_no_marks_behind() -> None:
    text = f"# 清河新大桥合龙\n\n本报讯 {BRIDGE}\n\n##柳镇老人免费体检\n\n{CLINIC}\n"
    (story,) = split(text, '[[article]]\nlines = "1-11"\ntitle = "柳镇老人免费体检"\n')
    assert story.headline.text == "柳镇老人免费体检"
    assert story.body.text.startswith("清河新大桥合龙\n")
    assert "#" not in story.body.text


def test_a_column_above_a_pinned_story_names_it_and_stories_keep_the_order_of_the_page() -> None:
    text = (
        f"## 民生\n\n图为昨日的清河。\n\n### 清河新大桥合龙\n\n本报讯{BRIDGE}(张敏)\n\n"
        f"### 柳镇老人免费体检\n\n本报讯{CLINIC}(李强)\n"
    )
    sheet = '[[article]]\nlines = "3"\ntitle = false\n'
    assert [(a.lines, a.section) for a in split(text, sheet)] == [
        ((3, 3), "民生"),
        ((5, 9), "民生"),
        ((11, 15), "民生"),
    ]


def test_kicker_and_subtitle_stand_above_and_below_the_pinned_title() -> None:
    text = f"为民办实事\n清河新大桥合龙\n——建设综述\n\n本报讯 {BRIDGE}\n"
    for title, names in {
        "为民办实事": (None, "清河新大桥合龙 ——建设综述"),
        "清河新大桥合龙": ("为民办实事", "——建设综述"),
    }.items():
        (story,) = split(text, f'[[article]]\nlines = "1-7"\ntitle = "{title}"\n')
        assert (story.title, story.kicker, story.subtitle) == (title, *names)


def test_furniture_belongs_to_no_article_and_a_masthead_can_be_text() -> None:
    furniture, story = split_page(page(TEXT, 'furniture = "5, 11-15"\n'), SETTINGS)
    assert "柳镇老人免费体检" in furniture.body.text
    assert story.lines == (7, 9)
    (_, first, *_) = split_page(page(TEXT, '[[article]]\nlines = "3-9"\n'), SETTINGS)
    assert "总第1234期" in first.headline.text + first.body.text


def test_paper_day_page_and_issue_win_over_the_masthead_and_can_be_taken_away() -> None:
    read = page(TEXT, 'newspaper = "清河晚报"\ndate = 2003-06-10\npage = 3\nissue = ""\n')
    assert read.imprint == Imprint("清河晚报", "2003-06-10", "3", None)
    assert split_page(read, SETTINGS)[1].imprint == read.imprint
    assert page(TEXT, 'date = "2003-06-10"').imprint.newspaper == page(TEXT).imprint.newspaper
    assert page(TEXT, "date = false").imprint.date is None


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        ("[[article]\n", "not TOML"),
        ("a = " + "[" * 5000, "not TOML"),
        ('newspaper = "报"'.encode("gb18030"), "UTF-8"),
        ('titel = "清河"', "'titel'; allowed keys: newspaper, date, page, issue, furniture, article"),
        ('[[article]]\nlines = "5"\nline = 3', "[[article]] 1: unknown key 'line'"),
        ('[[article]]\ntitle = "清河新大桥合龙"', "lines"),
        ("[[article]]\nlines = [5, 9]", "$.lines"),
        ("article = 5", "$.article"),
        ('[[article]]\nlines = ""', "no text"),
        ('[[article]]\nlines = "4"', "'4' hold no text"),
        ('[[article]]\nlines = "0-3"', "lines 1-16"),
        ('[[article]]\nlines = "9-5"', "lines 1-16"),
        ('[[article]]\nlines = "5-99"', "'5-99': the page has lines 1-16"),
        ('[[article]]\nlines = "五"', "'3-23, 40'"),
        ('[[article]]\nlines = -5', "'3-23, 40'"),
        ('furniture = "x"', "furniture 'x'"),
        ('[[article]]\nlines = "5-9"\n[[article]]\nlines = "9-15"', "line 9 is named twice"),
        ('furniture = "7"\n[[article]]\nlines = "5-9"', "in [[article]] 1 and in furniture"),
        ('[[article]]\nlines = "5-9"\ntitle = "清河大桥合龙"', "title '清河大桥合龙' does not stand"),
        ('[[article]]\nlines = "5-9"\ntitle = "柳镇老人免费体检"', "in lines 5-9"),
        ('[[article]]\nlines = "5-9"\ntitle = true', "true says nothing"),
        ('[[article]]\nlines = "5-9"\nbyline = "张敏"', "$.byline"),
        ('[[article]]\nlines = "5-9"\nbyline = ["张民"]', "byline '张民' does not stand"),
        ('[[article]]\nlines = "5-9"\nbyline = [""]', "byline ''"),
        ('[[article]]\nlines = "5-9"\nsection = "民生"', "section '民生' does not stand on the page"),
        ('[[article]]\nlines = "5-9"\nkind = "furniture"', "$.kind"),
        ('date = "2003-02-30"', "2021-01-27"),
        ('date = "20030609"', "2021-01-27"),
        ("date = 2003-06-09T10:00:00", "$.date"),
        ("date = 2003-02-30", "not TOML"),
        ("newspaper = 5", "$.newspaper"),
    ],
)  # fmt: skip
def test_a_sheet_that_is_wrong_says_why_and_says_nothing_else(
    sheet: str | bytes, says: str
) -> None:
    assert says in problem(sheet)


def test_a_sheet_may_have_a_mark_and_windows_line_ends_and_may_be_empty() -> None:
    assert page(TEXT, b'\xef\xbb\xbfdate = "2003-06-10"\r\n# \xe5\xa5\xbd\r\n').imprint.date
    for empty in (b"", b"# nothing\n"):
        read = page(TEXT, empty)
        assert skipped_lines(read) == ()
        assert split_page(read, SETTINGS) == split_page(page(TEXT), SETTINGS)


# Laws.


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_draft_is_sound_or_says_why_there_is_none(text: str) -> None:
    read = Page("p.txt", text, page("好").form, "utf-8", "")
    try:
        drafted = draft(read, split_page(read, SETTINGS))
    except PageError:
        assert ODD_ENDS.search(text)
        return
    assert corrections(drafted, text).problem is None


@settings(max_examples=200, deadline=None)
@given(TEXTS.map(lambda text: ODD_ENDS.sub(" ", text)))
def test_a_draft_pins_the_division_as_it_is(text: str) -> None:
    read = Page("p.txt", text, page("好").form, "utf-8", "")
    found = split_page(read, SETTINGS)
    drafted = draft(read, found)
    again = Page("p.txt", text, read.form, "utf-8", "", corrections=corrections(drafted, text))
    assert again.corrections is not None
    assert again.corrections.problem is None
    pinned = split_page(again, SETTINGS)
    check(again, pinned)
    kept = [(a.id, a.kind, a.spans, a.lines, a.title, a.byline) for a in found]
    assert [(a.id, a.kind, a.spans, a.lines, a.title, a.byline) for a in pinned] == kept
    assert bare_lines(draft(again, pinned)) == bare_lines(drafted)


def bare_lines(sheet: str) -> list[str]:
    """The lines of a draft without the stories' first words."""
    return [line.partition("  #")[0] for line in sheet.splitlines()]


def corrections(sheet: str, text: str) -> Corrections:
    return read_corrections(Sidecar("p.articles.toml", sheet.encode()), text, line_starts(text))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 4), min_size=1, max_size=40))
def test_pinned_lines_belong_to_their_article_and_every_letter_to_one(
    text: str, owners: list[int]
) -> None:
    starts = line_starts(text)
    mine = {
        n: [i + 1 for i in range(len(starts)) if owners[i % len(owners)] == n] for n in range(4)
    }
    sheet = f'furniture = "{" ".join(map(str, mine[3]))}"\n'
    for n in range(3):
        if mine[n]:
            sheet += f'[[article]]\nlines = "{" ".join(map(str, mine[n]))}"\n'
    made = corrections(sheet, text)
    if made.problem:
        assert "no text" in made.problem
        return
    read = Page("p.txt", text, page("好").form, "utf-8", "", corrections=made)
    found = split_page(read, SETTINGS)
    check(read, found)
    for pin in made.pins:
        letters = {i for a, b in pin.spans for i in range(a, b) if text[i].isalnum()}
        (owner,) = [
            a
            for a in found
            if a.kind is not Kind.FURNITURE
            and letters & {i for s, e in a.spans for i in range(s, e)}
        ] or [None]
        if owner:
            held = {i for s, e in owner.spans for i in range(s, e) if text[i].isalnum()}
            assert held == letters


def test_a_pinned_article_is_read_in_its_place_on_the_page() -> None:
    text = (
        "食品抽检结果公布\n\n本报讯(记者 张敏)月饼、\n糕点、熟食样品156批次,\n合格率98.7%。\n\n"
        "两批次不合格样品均\n为菌落总数超标,执法人\n员已责令商家下架封存并\n立案调查。\n\n"
        "停 水 公 告\n\n因城区供水主管线改\n造施工,定于10月22日8时\n至10月23日6时,对人民大\n"
        "街以东、铁路以南区域停\n水,请广大用户提前储水。\n\n特此公告\n"
    )
    found = split(text)
    assert [(a.title, a.subtitle) for a in found][-1] == ("停水公告", None)
    assert split(text, draft(page(text), found)) == found


def test_a_title_is_its_own_line_before_it_is_words_of_the_story() -> None:
    text = "本报讯 记者在现场获悉，\n市民植树忙。大家都来。\n市民植树忙。\n"
    (story,) = split(text, '[[article]]\nlines = "1-3"\ntitle = "市民植树忙。"\n')
    assert story.headline.spans == ((text.rindex("市民"), len(text) - 1),)


@pytest.mark.parametrize("seed", sorted(p.name for p in SEEDS.glob("*.txt")))
def test_the_draft_of_a_seed_changes_nothing_of_it(seed: str) -> None:
    read = read_page(SEEDS, seed, SETTINGS)
    found = split_page(read, SETTINGS)
    sidecar = Sidecar("p.articles.toml", draft(read, found).encode())
    again = page_of(seed, (SEEDS / seed).read_bytes(), SETTINGS, sidecar=sidecar)
    assert skipped_lines(again) == ()
    assert split_page(again, SETTINGS) == found


def test_the_sheet_that_the_readme_shows_is_sound() -> None:
    readme = (SEEDS.parent / "README.md").read_text(encoding="utf-8")
    (sheet,) = [b for b in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL) if "[[art" in b]
    line = "东丰县完成首批重点人群新冠疫苗接种工作\n本报讯(记者 于志)"
    read = page(f"{line}\n" * 50, sheet)
    assert skipped_lines(read) == ()
    assert read.imprint == Imprint("辽源日报", "2021-01-27")


# Beside the page, and on the way into the index.


def sheet_beside(seeds: Path, text: str, name: str = "000.articles.toml") -> Path:
    path = seeds / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sheet_is_found_beside_its_page_and_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "2021").mkdir()
    for name in ("第1版.TXT", "p.md", "p.articles.txt"):
        (tmp_path / "2021" / name).write_text(TEXT, encoding="utf-8")
    for name in ("第1版", "p", "p.articles"):
        sheet_beside(tmp_path / "2021", 'newspaper = "清河晚报"', f"{name}.articles.toml")
    found = [p for p in read_pages(tmp_path, SETTINGS) if isinstance(p, Page)]
    assert [p.id for p in found] == ["2021/p.articles.txt", "2021/p.md", "2021/第1版.TXT"]
    assert {p.imprint.newspaper for p in found} == {"清河晚报"}
    assert read_page(tmp_path, "2021/p.md", SETTINGS) == found[1]


def test_a_sheet_that_two_pages_could_mean_corrects_neither(tmp_path: Path) -> None:
    for name in ("p.txt", "p.MD", "q.txt", "q.jsonl"):
        (tmp_path / name).write_text('{"text": "好。"}', encoding="utf-8")
    for name in ("p", "q"):
        sheet_beside(tmp_path, 'newspaper = "清河晚报"', f"{name}.articles.toml")
    pages = [p for p in read_pages(tmp_path, SETTINGS) if isinstance(p, Page)]
    assert [(p.id, p.imprint.newspaper) for p in pages] == [
        ("p.MD", None), ("p.txt", None), ("q.jsonl", None), ("q.txt", "清河晚报"),
    ]  # fmt: skip
    (skipped,) = skipped_lines(pages[1])
    assert "p.txt and p.MD share it" in skipped.reason


def test_a_sheet_without_a_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "q.jsonl").write_text('{"text": "好。"}', encoding="utf-8")
    for name in ("p.txt.articles.toml", "q.articles.toml", "p.Articles.TOML"):
        sheet_beside(tmp_path, "", name)
    left_out = [p for p in read_pages(tmp_path, SETTINGS) if isinstance(p, Skipped)]
    assert [s.file for s in left_out] == [
        "p.Articles.TOML", "p.txt.articles.toml", "q.articles.toml",
    ]  # fmt: skip
    assert all("NAME.articles.toml corrects NAME.txt" in s.reason for s in left_out)


def test_a_sheet_that_cannot_be_read_is_named_and_its_page_stays(
    tmp_path: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("a", "b", "c", "d"):
        (seeds / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    (seeds / "a.articles.toml").mkdir()
    (seeds / "b.articles.toml").symlink_to(seeds / "nowhere")
    (seeds / "c.articles.toml").symlink_to(sheet_beside(tmp_path, "", "out.toml"))
    sheet_beside(seeds, "", "d.articles.toml").chmod(0)
    with unprivileged():
        pages = list(read_pages(seeds, SETTINGS))
    assert [p.id for p in pages if isinstance(p, Page)] == ["a.txt", "b.txt", "c.txt", "d.txt"]
    reasons = [s.reason for p in pages if isinstance(p, Page) for s in skipped_lines(p)]
    assert [r.split(";")[0] for r in reasons] == [
        "not a file", "not a file", "leaves the seeds folder", "Permission denied",
    ]  # fmt: skip


def test_the_digest_of_a_page_changes_with_its_sheet_and_only_then() -> None:
    sheets: list[str | None] = [None, "", "# note", 'newspaper = "清河晚报"', "broken"]
    digests = [page(TEXT, sheet).digest for sheet in sheets]
    assert len(set(digests)) == len(sheets)
    assert digests == [page(TEXT, sheet).digest for sheet in sheets]


def test_a_sheet_alone_makes_the_index_stale_and_quotes_stay_proven(
    call: Caller, seeds: Path, tmp_path: Path, new_index: Callable[[Path], Path]
) -> None:
    places = ("--seeds", seeds, "--index", new_index(tmp_path))
    question = "李文辉是哪个研究院的院长?"
    assert call("index", *places).code == 0
    assert call("doctor", *places).code == 0
    sheet = sheet_beside(
        seeds, 'date = "2020-12-02"\n[[article]]\nlines = "3-23"\ntitle = "培训会"\n'
    )
    assert "000.txt" in call("doctor", *places).out
    assert call("verify", *places).code == 0
    before = call("ask", question, "--json", *places).rows[0]["quotes"][0]
    assert before["source"]["date"] is None
    assert "已建好" in call("index", *places).err
    after = call("ask", question, "--json", *places).rows[0]["quotes"][0]
    assert_proven(after, seeds)
    assert (after["source"]["date"], after["source"]["title"]) == ("2020-12-02", "培训会")
    assert "没有改动" in call("index", *places).err
    for _ in range(2):
        sheet.write_text('date = "gestern"\n', encoding="utf-8")
        done = call("index", *places)
        assert (done.code, done.err.count("跳过 000.articles.toml: date 'gestern'")) == (0, 1)
    assert "000.articles.toml" in call("doctor", *places).out
    quote = call("ask", question, "--json", *places).rows[0]["quotes"][0]
    assert quote["source"] == before["source"]
    sheet.unlink()
    assert "已建好" in call("index", *places).err


def test_a_draft_saved_beside_the_page_changes_no_article(call: Caller, seeds: Path) -> None:
    before = call("articles", "--json", "--seeds", seeds)
    done = call("articles", "--page", "000.txt", "--draft", "--seeds", seeds)
    assert (done.code, done.err) == (0, "")
    sheet_beside(seeds, done.out)
    assert call("articles", "--json", "--seeds", seeds) == before
    sheet_beside(seeds, "lines = 3")
    again = call("articles", "--page", "000.txt", "--draft", "--seeds", seeds)
    assert (again.code, again.out) == (0, done.out)
    assert again.err.startswith("000.articles.toml: unknown key 'lines'")


def test_a_draft_keeps_what_is_pinned_of_the_page() -> None:
    read = page(TEXT, 'newspaper = "清河晚报"\nissue = false\n')
    drafted = draft(read, split_page(read, SETTINGS)).splitlines()
    assert {'newspaper = "清河晚报"', 'issue = ""', '# date = "2003-06-09"'} <= set(drafted)
    assert page(TEXT, "\n".join(drafted)).imprint == read.imprint


def test_a_draft_is_of_one_page_of_text(call: Caller, seeds: Path) -> None:
    assert "--page" in call("articles", "--draft", "--seeds", seeds).complaint
    (seeds / "r.jsonl").write_text('{"text": "好。"}', encoding="utf-8")
    done = call("articles", "--draft", "--page", "r.jsonl", "--seeds", seeds)
    assert "correct its rows" in done.complaint
    with pytest.raises(PageError):
        draft(read_page(seeds, "r.jsonl", SETTINGS), ())


def test_a_line_that_is_cut_in_its_midst_cannot_be_drafted() -> None:
    read = page(f"# 清河新大桥合龙\n\n{BRIDGE}\x0c# 柳镇老人免费体检\x0c{CLINIC}")
    found = split_page(read, SETTINGS)
    assert [a.title for a in found] == ["清河新大桥合龙", "柳镇老人免费体检"]
    with pytest.raises(PageError, match="line 5 is cut"):
        draft(read, found)


def test_what_cannot_be_printed_is_escaped_in_a_draft() -> None:
    text = f"# ABC\xa0DEF\u3000新大桥\u200b合龙\n\n本报讯 {BRIDGE}\n"
    drafted = draft(page(text), split_page(page(text), SETTINGS))
    assert all(c.isprintable() or c == "\n" for c in drafted)
    assert split(text, drafted)[0].title == split(text)[0].title == "ABC\xa0DEF\u3000新大桥合龙"
