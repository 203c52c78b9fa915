"""Stories printed on several pages: joined where all that is printed agrees, and only there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from conftest import Caller, assert_proven
from hypothesis import given
from hypothesis import strategies as st

from bot.render import answer_json
from retrieval import continuations
from retrieval.archive import Archive
from retrieval.articles import split_page
from retrieval.continuations import Join, join_parts
from retrieval.pages import page_of
from retrieval.records import Article, CleanText, Imprint, Kind
from retrieval.settings import Settings

PARK = (
    "本报讯（记者 赵明）2月1日，龙首山公园二期工程全面开工。工程占地四十公顷，计划栽植云杉、白桦等树木一万二千棵，新建步道",
    "九公里，并在山脚修建儿童活动区。工程负责人孙立说，龙首山公园步道今年九月开放，栽植云杉、白桦由区园林处负责，",
    "云杉、白桦成活率要达到九成五。龙首山公园二期工程总投资八千六百万元，步道两侧安装太阳能路灯。",
)
PAINTERS = (
    "本报讯（记者 钱亮）昨日，东丰县农民画协会的六位画师走进实验小学，为孩子们讲解农民画的构图和用色。孩子们画出了梅花鹿和玉米地，",
    "农民画作品将在县文化馆展出。展览期间，画师们每周六教孩子们农民画的用色，县文化馆准备了三百套颜料。",
)
OTHER = "本报讯（记者 孙丽）西安区在十二条背街小巷安装路灯二百三十盏，方便居民夜间出行。"


def folio(page: int, day: str = "2021年2月3日", paper: str = "辽源日报") -> str:
    return f"{paper}\n\n{day} 星期三\n\n第{page}版\n\n"


FRONT = (
    f"{folio(1)}龙首山公园二期工程全面开工\n\n{PARK[0]}\n（下转第三版）\n\n"
    f"东丰农民画走进小学课堂\n\n{PAINTERS[0]}（下转第三版）\n"
)
INSIDE = (
    f"{folio(3)}（上接第一版）{PARK[1]}（下转第四版）\n\n"
    f"农民画走进课堂\n\n（上接第一版）\n{PAINTERS[1]}\n\n西安区安装路灯\n\n{OTHER}\n"
)
BACK = f"{folio(4)}西安区安装路灯\n\n{OTHER}\n\n（上接第三版）{PARK[2]}\n"
PAPER = {"1.txt": FRONT, "3.txt": INSIDE, "4.txt": BACK}


def write(folder: Path, pages: dict[str, str]) -> Path:
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def split(settings: Settings) -> Callable[[dict[str, str]], list[Article]]:
    def split(pages: dict[str, str]) -> list[Article]:
        read = (page_of(name, text.encode(), settings) for name, text in pages.items())
        return [article for page in read for article in split_page(page, settings)]

    return split


Split = Callable[[dict[str, str]], list[Article]]


def joined(articles: list[Article]) -> set[tuple[str, str]]:
    return {(join.before, join.after) for join in join_parts(articles)}


def starting(articles: list[Article], words: str) -> str:
    """The id of the article whose body begins with these words, its mark passed over."""
    (found,) = [a.id for a in articles if words in a.body.text[:30]]
    return found


def test_a_paper_of_three_pages_is_put_together(split: Split) -> None:
    articles = split(PAPER)
    park = [starting(articles, part[:12]) for part in PARK]
    painters = [starting(articles, part[:12]) for part in PAINTERS]
    assert joined(articles) == {
        (park[0], park[1]),
        (park[1], park[2]),
        (painters[0], painters[1]),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("（下转第三版）", "（ 下 转 第 三 版 ）"),
        ("（下转第三版）", "(下转3版)"),
        ("（下转第三版）", "（下砖第三板）"),
        ("（下转第三版）", "▶▶下转第3版"),
        ("（下转第三版）", "（下轉第三版）"),
    ],
)
def test_a_mark_spaced_or_misread_joins_as_well(split: Split, old: str, new: str) -> None:
    assert joined(split(PAPER | {"1.txt": FRONT.replace(old, new)})) == joined(split(PAPER))


@pytest.mark.parametrize(
    "changed",
    [
        FRONT.replace("2月3日 星期三", "2月4日 星期四"),
        FRONT.replace("辽源日报", "白山日报"),
        FRONT.replace("下转第三版", "下转第二版"),
        FRONT.replace("第1版", "第2版"),
        FRONT.replace("下转第三版", "详见第三版"),
        FRONT.replace("（下转第三版）", ""),
    ],
)
def test_what_disagrees_is_not_joined(split: Split, changed: str) -> None:
    assert joined(split({"1.txt": FRONT, "3.txt": INSIDE}))
    assert joined(split({"1.txt": changed, "3.txt": INSIDE})) == set()


def test_a_part_that_is_missing_is_missed_by_none(split: Split) -> None:
    assert joined(split({"1.txt": FRONT, "4.txt": BACK})) == set()


def test_two_that_would_do_are_one_too_many(split: Split) -> None:
    twice = PAPER | {"3 copy.txt": INSIDE}
    assert joined(split(twice)) == set()
    half = {"1.txt": FRONT.replace("（下转第三版）", "", 1), "3.txt": INSIDE}
    articles = split(half)
    painters = [starting(articles, part[:12]) for part in PAINTERS]
    assert joined(articles) == {(painters[0], painters[1])}


def row(body: str, page: int, **more: str) -> str:
    stated = {"newspaper": "辽源日报", "date": "2021-02-03", "page": page, "text": body} | more
    return json.dumps(stated, ensure_ascii=False)


def test_rows_are_joined_within_and_across_files(split: Split) -> None:
    first, second = row(f"{PARK[0]}（下转第三版）", 1), row(f"（上接第一版）{PARK[1]}", 3)
    assert joined(split({"a.jsonl": f"{first}\n{second}\n"})) == {("a.jsonl/a1", "a.jsonl/a2")}
    apart = {"a.jsonl": f"{first}\n", "夹/b.jsonl": f"{second}\n"}
    assert joined(split(apart)) == {("a.jsonl/a1", "夹/b.jsonl/a1")}


def test_without_a_day_only_the_words_can_tell(split: Split) -> None:
    first = {"title": "龙首山公园二期工程全面开工", "text": f"{PARK[0]}（下转第三版）"}
    second = {"title": "龙首山公园二期开工", "text": f"（上接第一版）{PARK[1]}"}
    stranger = {"text": f"（上接第一版）{PAINTERS[1]}"}

    def pages(folder: str, *later: dict[str, str]) -> dict[str, str]:
        rows = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in later)
        return {"a/1.jsonl": json.dumps(first, ensure_ascii=False), f"{folder}/3.jsonl": rows}

    assert joined(split(pages("a", second, stranger))) == {("a/1.jsonl/a1", "a/3.jsonl/a1")}
    assert joined(split(pages("a", stranger))) == set()
    assert joined(split(pages("b", second))) == set()


def test_a_story_never_goes_round_in_a_circle() -> None:
    words = f"（上接第一版）{PARK[0]}（下转第一版）"
    around = [part("a", words, "1"), part("b", words, "1")]
    joins = joined(around)
    assert len(joins) == 1
    assert joins < {("a/a1", "b/a1"), ("b/a1", "a/a1")}


def part(page: str, body: str, number: str | None, day: str | None = "2021-02-03") -> Article:
    return Article(
        f"{page}/a1",
        page,
        Kind.NEWS,
        CleanText("", ()),
        CleanText(body, ((0, len(body)),)),
        ((0, len(body)),),
        (1, 1),
        imprint=Imprint("辽源日报" if day else None, day, number),
    )


@st.composite
def archives(draw: st.DrawFn) -> list[Article]:
    """Parts of a few stories on a few pages of two days, with marks that may be wrong."""
    texts = (*PARK, *PAINTERS, OTHER)
    pages = st.sampled_from(["1", "2", "3", None])
    found = []
    for n in range(draw(st.integers(1, 9))):
        body = draw(st.sampled_from(texts))
        if back := draw(pages):
            body = f"（上接第{back}版）{body}"
        if onward := draw(pages):
            body = f"{body}（下转第{onward}版）"
        day = draw(st.sampled_from(["2021-02-03", "2021-02-04", None]))
        found.append(part(f"p{n}", body, draw(pages), day))
    return found


@given(archives(), st.randoms())
def test_joins_are_one_to_one_acyclic_and_no_matter_of_order(
    articles: list[Article], random: Random
) -> None:
    joins = join_parts(articles)
    befores, afters = [j.before for j in joins], [j.after for j in joins]
    assert len(set(befores)) == len(befores)
    assert len(set(afters)) == len(afters)
    following = dict(zip(befores, afters, strict=True))
    for at in befores:
        seen = {at}
        while at := following.get(at, ""):
            assert at not in seen
            seen.add(at)
    shuffled = articles.copy()
    random.shuffle(shuffled)
    assert join_parts(shuffled) == joins


@given(archives())
def test_nothing_joined_contradicts_what_is_printed(articles: list[Article]) -> None:
    known = {a.id: a for a in articles}
    for join in join_parts(articles):
        one, other = known[join.before], known[join.after]
        assert {one.imprint.date, other.imprint.date} - {None} != {"2021-02-03", "2021-02-04"}
        onward = one.body.text.rpartition("第")[2][0]
        back = other.body.text.partition("第")[2][0]
        assert other.imprint.page in (onward, None)
        assert one.imprint.page in (back, None)


@pytest.mark.parametrize("dated", [True, False])
def test_the_matching_does_not_grow_with_the_square(
    monkeypatch: pytest.MonkeyPatch, dated: bool
) -> None:
    compared = 0
    likeness = continuations._likeness

    def counted(before: continuations.End, after: continuations.End) -> float:
        nonlocal compared
        compared += 1
        return likeness(before, after)

    monkeypatch.setattr(continuations, "_likeness", counted)
    days = [f"2021-{month:02}-{day:02}" for month in range(1, 11) for day in range(1, 29)]
    articles = []
    for n, day in enumerate(days):
        own = "".join(chr(0x4E00 + 20 * n + i) for i in range(20))  # words of this story alone
        stated = day if dated else None
        articles += [
            part(f"{day}-1", f"{PARK[0]}{own}（下转第三版）", "1", stated),
            part(f"{day}-3", f"（上接第一版）{own}{PARK[1]}", "3", stated),
        ]
    assert join_parts(articles) == tuple(Join(f"{d}-1/a1", f"{d}-3/a1") for d in days)
    assert compared <= 2 * len(days)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("paper") / "seeds", PAPER)


@pytest.fixture(scope="module")
def index_of_paper(
    paper: Path,
    tmp_path_factory: pytest.TempPathFactory,
    new_index: Callable[[Path], Path],
    settings: Settings,
) -> Path:
    folder = new_index(tmp_path_factory.mktemp("index of paper"))
    Archive.build(paper, folder, settings)
    return folder


@pytest.fixture(scope="module")
def of_paper(paper: Path, index_of_paper: Path, settings: Settings) -> Iterator[Archive]:
    archive = Archive.open(paper, index_of_paper, settings)
    yield archive
    archive.catalogue.close()


def test_the_story_is_the_same_from_each_of_its_parts(of_paper: Archive) -> None:
    catalogue = of_paper.catalogue
    stories = [
        catalogue.story(article.id) for page in PAPER for article in catalogue.articles_of(page)
    ]
    assert max(map(len, stories)) == 3
    for story in stories:
        assert [catalogue.story(article_id) for article_id in story] == [story] * len(story)


def test_a_quote_cites_its_own_page_under_the_first_headline(
    of_paper: Archive, paper: Path
) -> None:
    quotes = answer_json(of_paper.ask("龙首山公园二期工程总投资多少元?"))["quotes"]
    first = quotes[0]
    assert "八千六百万元" in first["text"]
    assert (first["source"]["file"], first["source"]["page"]) == ("4.txt", "4")
    assert first["source"]["title"] == "龙首山公园二期工程全面开工"
    assert first["source"]["byline"] == ["赵明"]
    for quote in quotes:
        assert_proven(quote, paper)


def test_a_headline_printed_again_stays_what_the_page_says(of_paper: Archive) -> None:
    first = of_paper.ask("县文化馆准备了多少套颜料?").quotes[0].source
    assert (first.file, first.title, first.byline) == ("3.txt", "农民画走进课堂", ("钱亮",))


def test_the_parts_of_a_story_count_as_one_article(of_paper: Archive) -> None:
    found = of_paper.ask("龙首山公园二期工程栽植云杉、白桦的步道情况如何?", k=10).quotes
    parts = set(of_paper.catalogue.story(found[0].article_id))
    assert len(parts) == 3
    assert sum(quote.article_id in parts for quote in found) == 2


def test_show_prints_the_story_page_by_page(
    call: Caller, paper: Path, index_of_paper: Path, of_paper: Archive
) -> None:
    folders = ("--seeds", paper, "--index", index_of_paper)
    story = next(
        of_paper.catalogue.story(a.id)
        for a in of_paper.catalogue.articles_of("1.txt")
        if a.title == "龙首山公园二期工程全面开工"
    )
    out = call("show", story[0], *folders).out
    lines = [
        f"──── 下转 第{page}版 {part} ────" for page, part in zip("34", story[1:], strict=True)
    ]
    places = [out.index(found) for found in (PARK[0][-8:], lines[0], PARK[1][:8], lines[1])]
    assert places == sorted(places)
    middle = call("show", story[1], *folders).out
    assert f"    上接 第1版 {story[0]}\n    下转 第4版 {story[2]}\n" in middle
    assert PARK[0][:12] not in middle


def test_a_page_taken_away_changes_no_other_pages_ids(
    of_paper: Archive,
    paper: Path,
    tmp_path: Path,
    new_index: Callable[[Path], Path],
    settings: Settings,
) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(paper, seeds)
    (seeds / "3.txt").unlink()
    index = new_index(tmp_path)
    Archive.build(seeds, index, settings)
    fewer = Archive.open(seeds, index, settings)
    for page in ("1.txt", "4.txt"):
        articles = of_paper.catalogue.articles_of(page)
        assert fewer.catalogue.articles_of(page) == articles
        for article in articles:
            assert fewer.catalogue.story(article.id) == [article.id]
            own = of_paper.catalogue.passages_of(article.id)
            assert fewer.catalogue.passages_of(article.id) == own
    fewer.catalogue.close()


def test_show_says_that_the_other_part_is_not_there(
    call: Caller,
    tmp_path: Path,
    new_index: Callable[[Path], Path],
    settings: Settings,
    tools_once: None,
) -> None:
    seeds = write(tmp_path / "seeds", {"1.txt": FRONT})
    index = new_index(tmp_path)
    Archive.build(seeds, index, settings)
    out = call("show", "1.txt/a1", "--seeds", seeds, "--index", index).out
    assert "下转第3版: 未收, 或不能确定是哪一篇" in out


def test_a_furniture_line_is_no_part(split: Split) -> None:
    articles = split(PAPER)
    furniture = [replace(a, kind=Kind.FURNITURE) for a in articles]
    assert joined(furniture) == set()


def bodies(articles: list[Article]) -> list[str]:
    return [a.body.text for a in articles if a.kind is not Kind.FURNITURE]


PLAIN = "西安区昨日在十二条背街小巷安装路灯二百三十盏。"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        # lines without blank ones between them
        (
            f"公园开工\n{PARK[0]}\n（下转第三版）\n{OTHER}\n",
            [f"{PARK[0]}\n（下转第三版）", OTHER],
        ),
        (
            f"{OTHER[:-1]}，\n（上接第一版）\n{PARK[1]}\n",
            [f"{OTHER[:-1]}，", f"（上接第一版）{PARK[1]}"],
        ),
        # what stands below 下转, under no headline
        (
            f"公园开工\n\n{PARK[0]}\n\n（下转第三版）\n\n{PLAIN}\n\n路灯亮了。\n",
            [f"{PARK[0]}（下转第三版）", f"{PLAIN}\n路灯亮了。"],
        ),
        # 下转 below the byline that closes the part
        (
            f"公园开工\n\n{PARK[0]}。（孙小满）\n\n（下转第三版）\n\n路灯亮了\n\n{OTHER}\n",
            [f"{PARK[0]}。（孙小满）\n（下转第三版）", OTHER],
        ),
        # a headline printed again above 上接
        (
            f"（上接第一版）{PARK[1]}\n\n画师进校园\n\n（上接第一版）{PAINTERS[1]}\n",
            [f"（上接第一版）{PARK[1]}", f"（上接第一版）{PAINTERS[1]}"],
        ),
        (
            f"路灯亮了\n{OTHER}\n画师进校园\n（上接第一版）{PAINTERS[1]}\n",
            [OTHER, f"（上接第一版）{PAINTERS[1]}"],
        ),
    ],
)
def test_a_page_is_separated_at_its_marks(split: Split, page: str, expected: list[str]) -> None:
    found = split({"1.txt": page})
    assert [b.replace("\n", "") for b in bodies(found)] == [e.replace("\n", "") for e in expected]
    again = {a.title for a in found if PAINTERS[1] in a.body.text}
    assert again <= {"画师进校园"}


def test_one_that_is_alone_must_be_like_the_other_too() -> None:
    first, second = f"{OTHER}（下转第三版）", f"（上接第一版）{PARK[2]}"  # 路灯 is in both
    assert joined([part("a", first, "1"), part("b", second, "3")]) == set()


def test_a_day_that_differs_speaks_against_a_join_where_no_paper_is_named() -> None:
    first, second = f"{PARK[0]}（下转第三版）", f"（上接第一版）{PARK[0]}{PARK[1]}"
    ends = [part("a", first, "1"), part("b", second, "3")]
    bare = [replace(a, imprint=replace(a.imprint, newspaper=None)) for a in ends]
    assert joined(bare) == {("a/a1", "b/a1")}
    bare[1] = replace(bare[1], imprint=replace(bare[1].imprint, date="2021-02-04"))
    assert joined(bare) == set()
