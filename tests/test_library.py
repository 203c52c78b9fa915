"""What the library says: complete by a plain scan, proven, paged without loss, within its limits."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import SEEDS, Caller
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from stacks import BUSY, DAILY, N_BUSY, rows, write
from telegramhtml import read_html, units

from bot import checking, daybook, library, wording
from bot.bars import Bar, Bars, Unit, bars_of
from bot.cards import PREFIX, Card
from bot.chart import png, tick_step, timeline_png, year_step
from bot.guide import Guide, guide
from bot.texts import EXAMPLES
from bot.wording import Lang, Library
from retrieval.archive import Archive
from retrieval.errors import NotFoundError
from retrieval.folding import fold
from retrieval.leads import lead_span
from retrieval.records import Reason, Verdict
from retrieval.settings import Settings
from retrieval.timeline import Timeline
from retrieval.whereabouts import Difference, differences

TODAY = date(2022, 3, 1)


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, new_index: Callable[[Path], Path]
) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("stacks")
    write(folder / "seeds")
    index = new_index(folder)
    Archive.build(folder / "seeds", index, settings)
    return folder / "seeds", index


@pytest.fixture(scope="module")
def stacks(built: tuple[Path, Path], settings: Settings) -> Archive:
    return Archive.open(*built, settings)


def sound(card: Card) -> Card:
    """A card that Telegram takes: its HTML, lengths and button data."""
    for html in card.messages:
        text, _ = read_html(html)
        assert 0 < units(text) <= 4096
    for button in (button for line in card.rows for button in line):
        assert len(button.data.encode()) <= 64
        assert button.data.startswith(PREFIX)
        assert button.label.strip()
    assert all(len(line) <= 8 for line in card.rows)
    return card


def text_of(card: Card) -> str:
    return "\n".join(read_html(html)[0] for html in sound(card).messages)


def labels(card: Card) -> list[str]:
    return [button.label for line in card.rows for button in line]


# papers


def test_papers_are_counted_and_their_gaps_named(stacks: Archive) -> None:
    text = text_of(library.papers(stacks, Lang.ZH))
    n = len(rows())
    assert f"共有 {n} 篇" in text
    assert "其中 2 篇没有日期" in text
    assert f"《辽源日报》 {len(DAILY) + 1} 篇，{len(DAILY)} 天有报" in text
    assert "缺：2021年2月6日至2021年2月17日（12 天）" in text
    assert "不知是哪家报纸的 2 篇，1 天有报（2021年1月5日），其中 1 篇没有日期" in text
    assert wording.say(Library.HELD_HOW) in text
    assert "missing: 6 February 2021 to 17 February 2021 (12 days)" in text_of(
        library.papers(stacks, Lang.EN)
    )


# a day


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2021-01-27", "2021-01-27", "2021-01-27"),
        ("20210127", "2021-01-27", "2021-01-27"),
        ("2021年1月27日", "2021-01-27", "2021-01-27"),
        ("2021 年 1 月", "2021-01-01", "2021-01-31"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("去年1月27日", "2021-01-27", "2021-01-27"),
        ("昨天", "2022-02-28", "2022-02-28"),
        ("1月27日", None, None),
    ],
)
def test_a_day_is_read_as_readers_write_it(words: str, first: str | None, last: str | None) -> None:
    asked = daybook.asked_day(words, TODAY)
    assert asked is not None
    assert (asked.first, asked.last) == (first, last)
    assert (asked.month, asked.day) == ((None, None) if first else (1, 27))


@pytest.mark.parametrize(
    "words", ["", "胡说", "20219999", "99999999", "12", "2021-13-45", "\ud83d"]
)
def test_what_is_no_day_is_none(words: str) -> None:
    assert daybook.asked_day(words, TODAY) is None


@given(st.text(max_size=30))
def test_no_words_upset_the_reading_of_a_day(words: str) -> None:
    daybook.asked_day(words, TODAY)


def test_a_long_day_is_paged_and_no_article_is_lost(stacks: Archive) -> None:
    seen: list[str] = []
    page, last = 0, 0
    while page <= last:
        card = daybook.issue_card(stacks, BUSY, page, Lang.ZH)
        text = text_of(card)
        assert text.startswith(
            "2021年1月5日：共 23 篇，其中《城市晚报》21 篇、《辽源日报》1 篇、不知是哪家报纸的1 篇"
        )
        last = int(next(one for one in labels(card) if "/" in one).partition("/")[2]) - 1
        assert f"{page + 1}/{last + 1}" in labels(card)
        seen += [line.partition(". ")[2] for line in text.splitlines() if line[:1].isdigit()][1:]
        page += 1
    assert len(seen) == len(set(seen)) == N_BUSY
    titles = [one["title"] for one in rows() if one.get("date") == BUSY]
    assert sorted(line.split(" · ")[-1] for line in seen) == sorted(titles)
    assert daybook.issue_card(stacks, BUSY, 999, Lang.ZH) == daybook.issue_card(
        stacks, BUSY, last, Lang.ZH
    )


def test_each_number_opens_how_its_article_begins(stacks: Archive) -> None:
    card = daybook.issue_card(stacks, BUSY, 1, Lang.ZH)
    shown = stacks.issue(BUSY)[daybook.LISTED : 2 * daybook.LISTED]
    for button, printed in zip((b for line in card.rows for b in line), shown, strict=False):
        _, _, code, day = button.data.split(":")
        quote = stacks.lead(code, day)
        assert quote.article_id == printed.article_id
        assert quote.source.title == printed.title
        assert quote.text.startswith("本报讯")
        assert quote.text in read_html(library.lead(stacks, code, day, Lang.ZH).messages[0])[0]
    assert text_of(library.lead(stacks, "aaaaaaaaaa", BUSY, Lang.ZH)) == wording.say(
        wording.Text.EXPIRED
    )
    with pytest.raises(NotFoundError):
        stacks.lead(code, "2021-01-06")


def test_a_month_offers_its_days(stacks: Archive) -> None:
    card = daybook.day_card(stacks, "2021年1月", TODAY, Lang.ZH)
    assert text_of(card).startswith("2021年1月：31 天有报，共 53 篇。")
    assert labels(card)[0] == "2021年1月1日（1 篇）"
    assert labels(card)[-2:] == ["1/4", "›"]
    again = daybook.period_card(stacks, "2021-01-01", "2021-01-31", 3, Lang.ZH)
    assert labels(again) == ["2021年1月31日（1 篇）", "‹", "4/4"]


def test_a_date_without_its_year_asks_which(stacks: Archive) -> None:
    card = daybook.day_card(stacks, "1月5日", TODAY, Lang.ZH)
    assert text_of(card) == "1月5日，哪一年的？"
    assert labels(card) == ["2018年1月5日（1 篇）", "2021年1月5日（23 篇）"]
    assert labels(daybook.day_card(stacks, "1月", TODAY, Lang.ZH)) == ["2018年1月", "2021年1月"]
    assert "第1版" in text_of(daybook.day_card(stacks, "1月6日", TODAY, Lang.ZH))


def test_an_empty_day_names_the_nearest(stacks: Archive) -> None:
    card = daybook.day_card(stacks, "2021-02-10", TODAY, Lang.ZH)
    assert text_of(card) == "档案里没有2021年2月10日的报纸。\n离得最近的是："
    assert labels(card) == ["2021年2月5日（1 篇）", "2021年2月18日（1 篇）"]
    assert labels(daybook.day_card(stacks, "解放前", TODAY, Lang.ZH)) == ["2018年1月5日（1 篇）"]


@pytest.mark.parametrize("words", ["", "胡说", "<b>&"])
def test_what_is_no_day_is_told_how_to_ask(stacks: Archive, words: str) -> None:
    text = text_of(daybook.day_card(stacks, words, TODAY, Lang.ZH))
    assert "/day 2021-03-07" in text
    assert "2018年1月5日至2021年3月7日" in text
    assert words in text


# at random


@given(st.text(alphabet="本报讯，。！\n “”abc"))
def test_a_lead_is_a_stretch_of_whole_words(text: str) -> None:
    start, end = lead_span(text)
    lead = text[start:end]
    assert lead == lead.strip()
    assert bool(lead) == bool(text.strip())
    assert not text[:start].strip()
    assert len(lead) <= 300


def test_a_random_lead_is_proven_and_its_seeds(archive: Archive) -> None:
    found = [archive.random(seed) for seed in range(30)]
    assert found == [archive.random(seed) for seed in range(30)]
    assert len({quote.cite for quote in found if quote}) > 5
    for quote in found:
        assert quote is not None
        assert quote.source.title
        assert quote.text[-1] in "。！？”"
        raw = (SEEDS / quote.source.file).read_bytes().decode("utf-8-sig")
        assert "".join(raw[a:b] for a, b in quote.spans) == quote.text
        assert archive.quote(quote.cite).text == quote.text


def test_random_has_a_button_for_another(stacks: Archive) -> None:
    card = library.at_random(stacks, 1, Lang.ZH)
    assert text_of(card).startswith(wording.say(Library.LEAD))
    assert labels(card) == [wording.say(Library.AGAIN)]


# over time


@pytest.mark.parametrize("term", ["疫苗接种", "疫苗", "苗接", "东丰县", "记者", "没有"])
def test_a_timeline_counts_what_a_scan_counts(stacks: Archive, term: str) -> None:
    held = [one for one in rows() if fold(term) in fold(one["title"]) + "\n" + fold(one["text"])]
    found = stacks.timeline(term)
    assert found.articles == len(held)
    assert found.undated == sum("date" not in one for one in held)
    months = Counter(one["date"][:7] for one in held if "date" in one)
    assert found.months == tuple(sorted(months.items()))
    years = {month[:4] for month in months}
    every = {one["date"][:7] for one in rows() if "date" in one}
    if years:
        assert set(found.held) == {m for m in every if min(years) <= m[:4] <= max(years)}


MONTHS = st.tuples(st.integers(1900, 2030), st.integers(1, 12)).map(lambda m: f"{m[0]}-{m[1]:02}")


@given(st.dictionaries(MONTHS, st.integers(1, 500), max_size=20), st.sets(MONTHS))
def test_bars_stand_for_all_that_was_counted(counts: dict[str, int], more: set[str]) -> None:
    held = tuple(sorted({*counts, *more}))
    bars = bars_of(Timeline("x", 1, 0, 0, tuple(sorted(counts.items())), held))
    assert sum(bar.n for bar in bars.bars) == sum(counts.values())
    periods = [bar.period for bar in bars.bars]
    assert periods == sorted(set(periods))
    assert all(bar.held for bar in bars.bars if bar.n)
    years = sorted({month[:4] for month in counts})
    if years:
        span = int(years[-1]) - int(years[0]) + 1
        assert len(periods) == (12 * span if span <= 4 else span)
        assert bars.unit is (Unit.MONTH if span <= 4 else Unit.YEAR)


@pytest.mark.parametrize(
    ("most", "step"), [(1, 1), (5, 1), (6, 2), (10, 2), (11, 5), (26, 10), (101, 50), (7000, 2000)]
)
def test_gridlines_are_few_and_round(most: int, step: int) -> None:
    assert tick_step(most) == step


@given(st.floats(0.5, 2000))
def test_named_years_stay_apart(slot: float) -> None:
    assert year_step(slot) * slot >= 84


@pytest.mark.parametrize("n", [0, 1, 12, 48, 150])
def test_a_picture_shows_each_bar_and_each_blank(n: int) -> None:
    unit = Unit.MONTH if n in (12, 48) else Unit.YEAR
    named = [
        f"{1900 + i // 12}-{i % 12 + 1:02}" if unit is Unit.MONTH else str(1900 + i)
        for i in range(n)
    ]
    bars = Bars(unit, tuple(Bar(p, i % 3 * 5, i % 3 < 2) for i, p in enumerate(named)))
    with Image.open(io.BytesIO(png(bars))) as image:
        assert image.size == (1600, 800)
        slot = 1450 / max(n, 1)
        for i, bar in enumerate(bars.bars):
            middle = int(110 + (i + 0.5) * slot)
            blue = image.getpixel((middle, 680)) == (37, 99, 168)
            assert blue == (bar.n > 0)


def test_a_timeline_says_what_its_picture_cannot(stacks: Archive, tmp_path: Path) -> None:
    card = sound(library.over_time(stacks, "“植树”", Lang.ZH, ""))
    found = stacks.timeline("植树")
    assert card.picture is not None
    assert f"共 {found.articles} 篇提到“植树”" in card.messages[0]
    assert "其中 1 篇没有日期，没画进图里。" in card.messages[0]
    assert wording.say(Library.TIMELINE_BLANK) in card.messages[0]
    timeline_png(stacks, "植树", tmp_path / "t.png")
    assert (tmp_path / "t.png").read_bytes() == card.picture
    assert library.over_time(stacks, "火星", Lang.ZH, "").picture is None
    assert "/timeline 疫苗" in text_of(library.over_time(stacks, " ", Lang.ZH, "疫苗"))
    assert "/timeline 疫苗" in text_of(library.over_time(stacks, "字" * 41, Lang.EN, "疫苗"))


# checked


@pytest.mark.parametrize(
    ("copied", "printed", "told"),
    [
        ("共栽2667棵", "共栽2677棵", [("6", "7")]),
        ("共栽树2677棵", "共栽2677棵", [("树", "")]),
        ("共栽棵树", "共栽２６７７ 棵树", [("", "２６７７")]),
        ("東豐縣", "东丰\n县", []),
    ],
)
def test_differences_by_hand(copied: str, printed: str, told: list[tuple[str, str]]) -> None:
    found = differences(copied, printed)
    assert [(one.copied, one.printed) for one in found] == told
    assert all(printed[slice(*one.span)] == one.printed for one in found if one.printed)


SHORT = st.text(alphabet="东丰县植树2677 \n", max_size=20)


@given(SHORT, SHORT)
def test_what_is_the_same_and_what_differs_make_up_both(copied: str, printed: str) -> None:
    def without(text: str, pieces: list[str]) -> Counter[str]:
        return Counter(fold("".join(text.split()))) - Counter(
            fold("".join("".join(pieces).split()))
        )

    found: list[Difference] = differences(copied, printed)
    assert without(copied, [one.copied for one in found]) == without(
        printed, [one.printed for one in found]
    )


@pytest.mark.parametrize(
    ("words", "key", "told"),
    [
        ("将23个品种总计2677棵树木", Library.VERIFY_EXACT, []),
        ("将23个品种总计2667棵树木在11月30日前", Library.VERIFY_NEARLY, ["您给的是“6”，报上是“7”"]),
        ("将23个品种总计棵树木在11月30日前按规划设计植入", Library.VERIFY_NEARLY, ["少了“2677”"]),
        ("将23个品种总计2677棵大树木在11月30日前", Library.VERIFY_NEARLY, ["报上没有“大”"]),
        ("完全没有的一句话在这里说", Library.VERIFY_NOWHERE, []),
    ],
)
def test_a_quotation_is_checked(
    archive: Archive, words: str, key: Library, told: list[str]
) -> None:
    text = text_of(checking.checked(archive, words, Lang.ZH))
    assert text.startswith(wording.say(key))
    lines = [line.removeprefix("· ") for line in text.splitlines() if line.startswith("· ")]
    assert lines == told
    if key is not Library.VERIFY_NOWHERE:
        (code,) = [line.partition("/c_")[2] for line in text.splitlines() if "/c_" in line]
        assert archive.quote(code).text in text


def test_a_pieced_quotation_names_its_parts_and_what_is_missing(archive: Archive) -> None:
    words = "将23个品种总计2677棵树木，市民纷纷拍手叫好说好，建行辽源分行支持地方涉外企业发展"
    text = text_of(checking.checked(archive, words, Lang.ZH))
    assert text.startswith(wording.say(Library.VERIFY_STITCHED))
    assert text.count("/c_") == 2
    assert "没有找到的部分：市民纷纷拍手叫好说好" in text


@pytest.mark.parametrize("words", ["", "？", "  "])
def test_nothing_to_check_is_told_how(archive: Archive, words: str) -> None:
    assert text_of(checking.checked(archive, words, Lang.ZH)) == wording.say(Library.VERIFY_HOW)


def test_too_much_to_check_is_said(archive: Archive) -> None:
    said = text_of(checking.checked(archive, "字" * 501, Lang.ZH))
    assert said == wording.reason(Reason.LONG_QUESTION, max_chars=500)


# examples


@pytest.mark.parametrize("name", ["archive", "stacks"])
def test_every_example_is_answered(name: str, request: pytest.FixtureRequest) -> None:
    held: Archive = request.getfixturevalue(name)
    known = guide(held)
    assert 2 <= len(known.examples) <= 4
    for example in known.examples:
        assert held.ask(example).verdict is Verdict.ANSWERED
    assert held.issue(known.day)
    assert held.timeline(known.term).articles


def test_an_empty_archive_has_the_shipped_examples(
    tmp_path: Path, settings: Settings, new_index: Callable[[Path], Path]
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "rows.jsonl").write_text("{}\n")  # a page without an article
    index = new_index(tmp_path)
    Archive.build(tmp_path / "seeds", index, settings)
    empty = Archive.open(tmp_path / "seeds", index, settings)
    assert guide(empty) == Guide(examples=EXAMPLES)
    for card in (
        library.papers(empty, Lang.ZH),
        library.at_random(empty, 0, Lang.ZH),
        library.over_time(empty, "疫苗", Lang.ZH, ""),
        *(daybook.day_card(empty, words, TODAY, Lang.ZH) for words in ("", "2021", "1月", "昨天")),
    ):
        assert text_of(card)


# the terminal


def test_the_terminal_says_the_same(call: Caller, built: tuple[Path, Path], tmp_path: Path) -> None:
    env = {"JIWEN_SEEDS": str(built[0]), "JIWEN_INDEX": str(built[1])}
    assert "《辽源日报》" in call("papers", env=env).out
    (held,) = call("papers", "--json", env=env).rows
    assert held["articles"] == len(rows())
    day = call("day", BUSY, "--json", env=env)
    assert [row["date"] for row in day.rows] == [BUSY] * N_BUSY
    assert len(call("day", BUSY, env=env).out.splitlines()) == N_BUSY + 1
    assert call("day", "2021年1月", "--json", env=env).rows[4] == {"date": BUSY, "articles": N_BUSY}
    empty = call("day", "2021-02-10", env=env)
    assert (empty.code, "2021年2月5日" in empty.out) == (1, True)
    assert (
        call("random", "--seed", "7", "--json", env=env).rows
        == call("random", "--seed", "7", "--json", env=env).rows
    )
    drawn = call("timeline", "植树", "--png", tmp_path / "t.png", env=env)
    assert drawn.code == 0
    assert "2021-01" in drawn.out
    assert "2020-06 ·" in drawn.out
    assert (tmp_path / "t.png").read_bytes().startswith(b"\x89PNG")
    assert call("timeline", "火星", env=env).code == 1
    assert (
        "--png" in call("timeline", "植树", "--png", tmp_path / "no" / "t.png", env=env).complaint
    )
