"""The archive as a whole: every quote is the page's own, wherever and however it is asked."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, Caller, assert_proven
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.render import answer_json
from retrieval.archive import Archive
from retrieval.catalogue import article_code
from retrieval.errors import NotFoundError
from retrieval.folding import fold
from retrieval.records import Answer, Scope
from retrieval.settings import Settings

QUESTIONS = (
    "辽源市冬季植树一共栽了多少棵树?",
    "谁主持了创建国家高新区培训会?",
    "李文辉是哪个研究院的院长?",
    "“法治进校园”巡讲团去了哪所学校?",
    "建行辽源分行五年来办理了多少笔跨境人民币业务?",
    "梅河口高新区在全省开发区综合实力考评中排第几?",
    "规上工业总产值同比增长多少?",
    "延吉恐龙王国占地多少公顷?",
    "延吉恐龙王国总投资多少?",
    "延边州谋划了多少个新的合作项目?",
    "长春市坚持什么战略?",
    "出席省人大会议的辽源代表团审议了什么?",
    "地区生产总值增速居全国第几位?",
    "疫苗接种情况如何?",
    "东辽河水质怎么样?",
    "2021年1月辽源代表团审议了哪些报告?",
    "吉林伊通经济开发区围绕什么总体布局?",
    "长伊片区起步区有多少平方公里?",
    "园林管理中心",
    "火星上有水吗?",
    "你好",
)
BROAD = "辽源市今年的工作情况如何?"  # met by something on nearly every page
MIXED = {
    "separate.jsonl": [
        {
            "title": "“长白山号”列车\t开行",
            "text": '列车长说:"从敦化到白山只要42分钟。"\n首日上座率达到九成八。C:\\路径',
            "newspaper": "白山日报",
            "date": "2022-05-04",
            "page": 3,
            "byline": "孙小满",
        },
        {"text": "敦化市图书馆周末开放到夜里十点半。", "date": "2019-11-02"},
    ],
    "old.txt": "四平养老院新建三百张床位\n\n本报讯 四平市养老院昨日新建三百张床位,总投资一千二百万元。\n",
    "marked.md": (
        "\ufeff# 镇赉县粮库收储玉米\r\n\r\n本报讯(记者 周小川)镇赉县粮库今年收储玉\r\n"
        "米 7.5 万 吨,比去年增加一成。\r\n\r\n粮库主任说,仓容还有两万吨。\r\n"
    ),
}


def shown(answer: Answer) -> dict[str, Any]:
    """The answer as JSON, without what differs from call to call."""
    return {k: v for k, v in answer_json(answer).items() if k not in ("took_ms", "generation")}


def quotes(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer_json(answer)["quotes"]
    return found


@pytest.fixture(scope="module")
def mixed(
    tmp_path_factory: pytest.TempPathFactory,
    new_index: Callable[[Path], Path],
    settings: Settings,
) -> tuple[Path, Archive]:
    """An archive of a JSONL page, a GB18030 page and a Markdown page with CR LF and a mark."""
    home = tmp_path_factory.mktemp("mixed")
    folder = home / "seeds" / "1998" / "旧报"
    folder.mkdir(parents=True)
    rows = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in MIXED["separate.jsonl"])
    (folder / "separate.jsonl").write_bytes(rows.encode())
    (folder / "old.txt").write_bytes(str(MIXED["old.txt"]).encode("gb18030"))
    (folder / "marked.md").write_bytes(str(MIXED["marked.md"]).encode())
    index = new_index(home)
    Archive.build(home / "seeds", index, settings)
    return home / "seeds", Archive.open(home / "seeds", index, settings)


@pytest.fixture(scope="module")
def grown(
    tmp_path_factory: pytest.TempPathFactory,
    new_index: Callable[[Path], Path],
    settings: Settings,
) -> Archive:
    """The five pages after others were added before, between and behind them."""
    home = tmp_path_factory.mktemp("grown")
    shutil.copytree(SEEDS, home / "seeds")
    for name in ("!first.txt", "002_b.md", "a/zz.txt", "~last.txt"):
        page = home / "seeds" / name
        page.parent.mkdir(exist_ok=True)
        page.write_text(
            f"# 新的一页{name}\n\n本报讯(记者 王五)新的一页写了{name}。\n", encoding="utf-8"
        )
    index = new_index(home)
    Archive.build(home / "seeds", index, settings)
    return Archive.open(home / "seeds", index, settings)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_cut_from_its_file(archive: Archive, question: str) -> None:
    for quote in quotes(archive.ask(question, k=10)):
        assert_proven(quote, SEEDS)


def test_the_questions_find_something_to_prove(archive: Archive) -> None:
    answered = [q for q in QUESTIONS if archive.ask(q).quotes]
    assert len(answered) > len(QUESTIONS) / 2


def test_an_answer_without_quotes_says_why(archive: Archive) -> None:
    answers = [archive.ask(question) for question in (*QUESTIONS, "", "😀", "问" * 10_000)]
    assert all(a.reason is not None for a in answers if not a.quotes)
    assert all((a.verdict == "none") == (not a.quotes) for a in answers)


@pytest.mark.parametrize("question", QUESTIONS)
def test_at_most_two_quotes_come_from_one_article(archive: Archive, question: str) -> None:
    articles = Counter(quote.article_id for quote in archive.ask(question, k=20).quotes)
    assert max(articles.values(), default=0) <= 2


def test_k_is_how_many_quotes_there_are_at_most(archive: Archive) -> None:
    many = archive.ask(BROAD, k=6).quotes
    assert len(many) == 6
    for k in range(1, 6):
        assert archive.ask(BROAD, k=k).quotes == many[:k]


def test_the_settings_say_how_many_quotes_where_the_question_does_not(
    archive: Archive, settings: Settings
) -> None:
    assert len(archive.ask(BROAD).quotes) == settings.answer.k


def test_quotes_name_the_passage_and_article_they_are_cut_from(archive: Archive) -> None:
    for quote in archive.ask(BROAD, k=10).quotes:
        passage = archive.catalogue.passage(quote.passage_id)
        assert quote.text in passage.clean.text
        assert passage.article_id == quote.article_id
        assert archive.catalogue.article(quote.article_id).page_id == quote.source.file


def test_a_dated_page_outside_the_period_is_left_out_and_an_undated_one_stays(
    archive: Archive,
) -> None:
    answers = [archive.ask(BROAD, k=20), archive.ask(BROAD, k=20, scope=Scope("2022-01-01", None))]
    dates = [{quote.source.date for quote in answer.quotes} for answer in answers]
    assert dates == [{"2021-01-27", None}, {None}]


@pytest.mark.parametrize("scope", [Scope("2021-01-27", "2021-01-27"), Scope(None, "2021-01-27")])
def test_the_first_and_the_last_day_belong_to_the_period(archive: Archive, scope: Scope) -> None:
    assert "2021-01-27" in {q.source.date for q in archive.ask(BROAD, k=20, scope=scope).quotes}


@pytest.mark.parametrize(
    "scope",
    [
        Scope("2021-01-27", None),
        Scope("2021-01-28", None),
        Scope(None, "2021-01-27"),
        Scope(None, "2021-01-26"),
        Scope("2020-01-01", "2021-12-31", "辽源日报"),
        Scope(newspaper="长春日报"),
    ],
)
def test_the_rows_of_a_scope_are_those_of_a_plain_filter(archive: Archive, scope: Scope) -> None:
    catalogue = archive.catalogue
    passages = catalogue.passages(range(catalogue.counts()["passages"]))
    imprints = [catalogue.article(passage.article_id).imprint for passage in passages]
    wanted = [
        row
        for row, imprint in enumerate(imprints)
        if (imprint.date or "9") >= (scope.date_from or "")
        and (imprint.date or "0") <= (scope.date_to or "9999")
        and (imprint.newspaper == scope.newspaper or None in (imprint.newspaper, scope.newspaper))
    ]
    rows = catalogue.rows(scope)
    assert rows is not None
    assert rows.tolist() == wanted


def test_a_page_of_another_newspaper_is_left_out_and_an_unnamed_one_stays(archive: Archive) -> None:
    answers = [archive.ask(BROAD, k=20, scope=Scope(newspaper=p)) for p in ("辽源日报", "长春日报")]
    papers = [{quote.source.newspaper for quote in answer.quotes} for answer in answers]
    assert papers == [{"辽源日报", None}, {None}]


def test_a_period_without_a_page_is_refused_as_that(mixed: tuple[Path, Archive]) -> None:
    _, archive = mixed
    inside = archive.ask("敦化到白山要几分钟?", scope=Scope("2022-05-01", "2022-05-31"))
    assert inside.quotes[0].source.date == "2022-05-04"
    outside = archive.ask("图书馆开放到几点?", scope=Scope("2030-01-01", None))
    assert "2019-11-02" not in {quote.source.date for quote in outside.quotes}


def test_nothing_in_scope_is_said_where_every_page_is_dated(
    tmp_path: Path, new_index: Callable[[Path], Path], settings: Settings
) -> None:
    (tmp_path / "only.jsonl").write_text('{"text": "图书馆开放到十点。", "date": "2019-11-02"}')
    index = new_index(tmp_path)
    Archive.build(tmp_path, index, settings)
    answer = Archive.open(tmp_path, index, settings).ask("图书馆", scope=Scope("2020-01-01", None))
    assert (answer.verdict, answer.reason, answer.quotes) == ("none", "nothing_in_scope", ())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("敦化到白山只要几分钟?", "42分钟"),
        ("首日上座率达到多少?", "九成八"),
        ("敦化市图书馆周末开放到几点?", "夜里十点半"),
        ("四平市养老院新建多少张床位?", "三百张床位"),
        ("镇赉县粮库收储玉米多少吨?", "7.5万吨"),
        ("镇赉县粮库的仓容还有多少?", "两万吨"),
        ("长白山号列车", "长白山号"),
    ],
)
def test_pages_of_every_form_are_quoted_word_for_word(
    mixed: tuple[Path, Archive], question: str, words: str
) -> None:
    folder, archive = mixed
    found = quotes(archive.ask(question, k=10))
    for quote in found:
        assert_proven(quote, folder)
    assert any(words in quote["text"] for quote in found)


def test_what_a_line_of_jsonl_states_is_its_source(mixed: tuple[Path, Archive]) -> None:
    source = mixed[1].ask("敦化到白山只要几分钟?").quotes[0].source
    assert (source.newspaper, source.date, source.page) == ("白山日报", "2022-05-04", "3")
    assert source.byline == ("孙小满",)
    assert source.lines == (1, 1)
    assert source.file == "1998/旧报/separate.jsonl"


def test_a_citation_code_gives_the_quote_back(archive: Archive) -> None:
    asked = [quote for question in QUESTIONS for quote in archive.ask(question, k=10).quotes]
    for quote in asked:
        again = archive.quote(quote.cite)
        assert again == replace(quote, highlights=again.highlights, score=again.score)


def test_a_citation_code_outlives_a_rebuild_with_other_pages(
    archive: Archive, grown: Archive
) -> None:
    for question in QUESTIONS:
        for quote in archive.ask(question, k=10).quotes:
            again = grown.quote(quote.cite)
            assert (again.text, again.spans, again.source) == (
                quote.text,
                quote.spans,
                quote.source,
            )


def test_a_citation_code_of_a_jsonl_quote_gives_it_back(mixed: tuple[Path, Archive]) -> None:
    for quote in mixed[1].ask("敦化到白山只要几分钟?", k=10).quotes:
        assert mixed[1].quote(quote.cite).text == quote.text


CODE = "aaaaaaaaaa"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "x",
        CODE,
        f"{CODE}_b0_5",
        "_b0_5",
        f"{CODE}_z0_5",
        f"{CODE}_b-1_5",
        f"{CODE}_b0",
        "'; --",
    ],
)
def test_what_is_no_citation_code_is_said_to_be_none(archive: Archive, code: str) -> None:
    with pytest.raises(NotFoundError):
        archive.quote(code)


@pytest.mark.parametrize("tail", ["_b0_0", "_b0_999999", "_b999999_1", "_b٣_٣", "_b_5", "_b0_"])
def test_a_code_that_points_outside_its_article_is_refused(archive: Archive, tail: str) -> None:
    known = archive.ask(BROAD).quotes[0].cite.partition("_")[0]
    with pytest.raises(NotFoundError):
        archive.quote(known + tail)


def test_other_pages_change_no_id_of_a_page(archive: Archive, grown: Archive) -> None:
    for page, _ in archive.catalogue.pages():
        before, after = (a.catalogue.articles_of(page) for a in (archive, grown))
        assert before == after
        for article in before:
            assert article_code(article) == article_code(grown.catalogue.article(article.id))
            assert archive.catalogue.passages_of(article.id) == grown.catalogue.passages_of(
                article.id
            )


@hypothesis_settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    others=st.dictionaries(
        st.text("ab01中_", min_size=1, max_size=3),
        st.lists(
            st.sampled_from(["本报讯", "植树", "。", "\n\n", "2677棵", "(记者 赵强)"]), max_size=9
        ),
        max_size=4,
    )
)
def test_whatever_pages_are_added_the_quotes_of_a_page_stay(
    tmp_path_factory: pytest.TempPathFactory,
    new_index: Callable[[Path], Path],
    settings: Settings,
    archive: Archive,
    others: dict[str, list[str]],
) -> None:
    home = tmp_path_factory.mktemp("others")
    folder = home / "seeds"
    folder.mkdir()
    page = shutil.copy(next(SEEDS.glob("000_*")), folder)
    for name, pieces in others.items():
        (folder / f"{name}.txt").write_text("".join(pieces), encoding="utf-8")
    index = new_index(home)
    Archive.build(folder, index, settings)
    added = Archive.open(folder, index, settings)
    assert added.catalogue.articles_of(Path(page).name) == archive.catalogue.articles_of(
        Path(page).name
    )
    for question in QUESTIONS[:4]:
        own = [q for q in archive.ask(question).quotes if q.source.file == Path(page).name]
        assert own
        for quote in own:
            assert added.quote(quote.cite).text == quote.text
            assert added.catalogue.passage(quote.passage_id).clean == (
                archive.catalogue.passage(quote.passage_id).clean
            )


def test_the_same_pages_give_the_same_generation_and_the_same_answers(
    archive: Archive, tmp_path: Path, new_index: Callable[[Path], Path], settings: Settings
) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    index = new_index(tmp_path)
    report = Archive.build(tmp_path / "seeds", index, settings)
    twin = Archive.open(tmp_path / "seeds", index, settings)
    assert report.generation == archive.manifest.generation
    for question in QUESTIONS:
        assert shown(twin.ask(question, k=10)) == shown(archive.ask(question, k=10))


def test_eight_threads_hear_what_one_hears(archive: Archive) -> None:
    alone = [shown(archive.ask(question, k=5)) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda q: shown(archive.ask(q, k=5)), QUESTIONS * 4))
    assert together == alone * 4


@pytest.fixture
def changeable(
    seeds: Path, tmp_path: Path, new_index: Callable[[Path], Path], settings: Settings
) -> Archive:
    """An archive of two pages that a test may change."""
    index = new_index(tmp_path)
    Archive.build(seeds, index, settings)
    return Archive.open(seeds, index, settings)


ONLY_ON_000 = "李文辉是哪个研究院的院长?"


def test_a_changed_page_is_not_quoted_until_it_is_indexed_again(
    changeable: Archive, seeds: Path, tmp_path: Path, call: Caller
) -> None:
    page = seeds / "000.txt"
    before = changeable.ask(ONLY_ON_000, k=1)
    assert before.quotes[0].source.file == "000.txt"
    page.write_text("多" + page.read_text(encoding="utf-8"), encoding="utf-8")
    answer = changeable.ask(ONLY_ON_000, k=1)
    assert (answer.verdict, answer.reason, answer.quotes) == ("none", "not_proven", ())
    with pytest.raises(NotFoundError, match="jiwen index"):
        changeable.quote(before.quotes[0].cite)
    places = ("--seeds", seeds, "--index", tmp_path / "index")
    done = call("ask", ONLY_ON_000, "-k", 1, "--json", *places)
    assert done.code == 1
    assert "jiwen index" in done.rows[0]["reason"]
    for arguments in (
        ["show", "000.txt/a1"],
        ["show", "000.txt"],
        ["verify", before.quotes[0].text],
    ):
        assert "jiwen index" in call(*arguments, *places).complaint


def test_a_page_that_was_taken_away_or_spoilt_is_not_quoted(
    changeable: Archive, seeds: Path
) -> None:
    page = seeds / "000.txt"
    for data in (b"", b"\xff\xfe\0", "李".encode(), None):
        page.unlink()
        if data is not None:
            page.write_bytes(data)
        answer = changeable.ask(ONLY_ON_000, k=5)
        assert answer.verdict != "answered"
        assert "000.txt" not in {quote.source.file for quote in answer.quotes}
        assert answer.reason == "not_proven"


def test_verification_names_the_page_that_changed(changeable: Archive, seeds: Path) -> None:
    page = seeds / "000.txt"
    page.write_text("多" + page.read_text(encoding="utf-8"), encoding="utf-8")
    checked = {page_id: (count, len(failed)) for page_id, count, failed in changeable.check()}
    assert checked["000.txt"][0] == checked["000.txt"][1] > 0
    assert checked["001.txt"][0] > checked["001.txt"][1] == 0


def test_two_characters_are_held_where_they_are_counted(archive: Archive) -> None:
    lexicon = archive.reader.shelf.lexicon
    text = "".join(p.clean.text for p in archive.catalogue.passages(range(20)))
    pairs = {fold(text)[i : i + 2] for i in range(0, len(text) - 1, 7)}
    pairs = {p for p in pairs if len(p) == 2 and all("一" <= c <= "鿿" for c in p)}
    absent = {a[0] + b[1] for a, b in zip(sorted(pairs), sorted(pairs, reverse=True), strict=True)}
    assert any(lexicon.holds(pair) for pair in pairs)
    assert not all(lexicon.holds(pair) for pair in absent)
    assert all(lexicon.holds(p) == (lexicon.count(p) > 0) for p in pairs | absent)
