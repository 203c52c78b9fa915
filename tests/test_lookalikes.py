from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.render import quote_line, quotes_html
from bot.reports import article_line
from bot.settings import read_config
from bot.wording import Lang
from retrieval.alignment import met
from retrieval.archive import Archive
from retrieval.cleaning import EMPTY
from retrieval.inverted import Entry
from retrieval.lexicon import Lexicon
from retrieval.lookalikes import alike, held, table, variants
from retrieval.query import understand
from retrieval.records import Article, Kind, Quote, Scope, Source
from retrieval.settings import Settings
from retrieval.tokens import Segmenter, Terms, bigrams
from retrieval.weights import shipped

PAGE = "省退役军人事务厅原厅长黎海淀接受调查。\n\n黎海淀,男,1964年3月生,吉林梨树人。"
MANGLED = "公司召开大会,项目建设关平全局。每个人都都在讲行业务对接,向具市延伸。"


def test_alike_goes_both_ways() -> None:
    pairs = {(one, other) for one, others in table().items() for other in others}
    assert pairs == {(other, one) for one, other in pairs}
    assert all(one != other for one, other in pairs)


@pytest.mark.parametrize(
    "pair", ["入人", "乎平", "宇字", "滨淀", "已己", "未末", "治冶", "具县", "榆椰", "贷货"]
)
def test_what_scans_confuse_is_alike(pair: str) -> None:
    assert pair[1] in alike(pair[0])
    assert pair[0] in alike(pair[1])


def test_a_variant_differs_in_one_character() -> None:
    assert dict(variants("入口")) == {0: "八口", 1: "入囗"}
    assert (0, "人口") in variants("入口")
    for i, other in variants("黎海滨"):
        assert [a == b for a, b in zip("黎海滨", other, strict=True)].count(False) == 1
        assert other[i] != "黎海滨"[i]


def held_in(text: str, word: str, words: set[str]) -> list[str]:
    return held(word, known=set(bigrams(text)).__contains__, is_word=words.__contains__)


def test_only_what_the_archive_holds_is_a_variant() -> None:
    assert held_in("黎海淀简历", "黎海滨", set()) == ["黎海淀"]
    assert held_in("黎海平简历", "黎海滨", set()) == []


def test_a_word_is_no_misreading_of_another_that_is_there() -> None:
    assert held_in("人口普查在入口", "入口", {"人口", "入口"}) == []
    assert held_in("人口普查", "入口", {"人口", "入口"}) == ["人口"]


def test_a_query_names_the_variants() -> None:
    known = set(bigrams(PAGE)).__contains__
    query = understand("黎海滨是哪一年出生的?", segmenter=Segmenter.open([]), known=known)
    assert ("黎海滨", "黎海淀") in query.alike
    assert "黎海淀" not in query.terms


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    seeds = tmp_path_factory.mktemp("seeds")
    lines = [
        {"title": "厅长接受调查", "text": PAGE},
        {"title": "大会召开", "text": MANGLED},
        {
            "title": "植树",
            "text": "市园林管理中心今年冬季植树2677棵,全市人民群众珍惜爱护城市环境。",
        },
    ]
    rows = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (seeds / "a.jsonl").write_text(rows, encoding="utf-8")
    index = tmp_path_factory.mktemp("at") / "index"
    settings: Settings = read_config(None).archive
    Archive.build(seeds, index, settings)
    return Archive.open(seeds, index, settings)


def test_the_right_name_finds_the_misread_one_as_it_is_printed(archive: Archive) -> None:
    answer = archive.ask("黎海滨是哪一年出生的?")
    assert "黎海淀" in answer.quotes[0].text
    assert "黎海滨" not in answer.quotes[0].text


def test_a_quote_says_how_cleanly_it_reads(archive: Archive) -> None:
    mangled = archive.ask("公司大会讲了什么业务?").quotes[0]
    clean = archive.ask("冬季植树多少棵?").quotes[0]
    assert mangled.legibility < 0.88 <= clean.legibility
    assert (mangled.doubtful, clean.doubtful) == (True, False)
    assert archive.quote(mangled.cite).doubtful


def test_the_filter_leaves_out_what_reads_badly(archive: Archive) -> None:
    legible = Scope(legible=0.88)
    every = archive.ask("公司召开大会").quotes
    kept = archive.ask("公司召开大会", scope=legible).quotes
    assert any("都都" in quote.text for quote in every)
    assert not any("都都" in quote.text for quote in kept)
    assert archive.ask("冬季植树多少棵?", scope=legible).quotes[0].text.startswith("市园林")


def test_an_article_of_the_index_knows_its_legibility(archive: Archive) -> None:
    articles = archive.catalogue.articles_of("a.jsonl")
    scores = [article.legibility for article in articles if article.legibility is not None]
    assert len(scores) == len(articles)
    assert min(scores) < 0.88 < max(scores)


@pytest.mark.parametrize(
    ("lang", "remark"), [(Lang.ZH, "文字可能有误"), (Lang.EN, "may be misread")]
)
def test_a_doubtful_quote_carries_a_remark(lang: Lang, remark: str) -> None:
    source = Source("a.txt", None, None, None, None, (), (1, 1))
    fine = Quote("字", (), (), source, "p", "a", "c", 1.0)
    doubtful = Quote("字", (), (), source, "p", "a", "c", 1.0, legibility=0.5, doubtful=True)
    assert remark in quote_line(doubtful, lang)
    assert remark in quotes_html([doubtful], lang=lang)[0]
    assert remark not in quotes_html([fine], lang=lang)[0]


def test_the_table_is_data() -> None:
    path = Path(__file__).parent.parent / "retrieval" / "lookalikes.txt"
    groups = [
        g
        for line in path.read_text(encoding="utf-8").splitlines()
        if line[0] != "#"
        for g in line.split()
    ]
    assert all(2 <= len(group) == len(set(group)) <= 6 for group in groups)
    assert len(groups) == len({frozenset(group) for group in groups})


def test_a_look_alike_meets_a_term_nearly(archive: Archive) -> None:
    query = archive.reader.understand("黎海滨是哪一年出生的?", Scope(), date(2021, 1, 27))
    asked = archive.reader.aligner.asked(query)
    text = "黎海淀,男,1964年3月生"
    align = archive.reader.aligner.align
    at = asked.terms.index("黎海滨")
    spans = [(0, len(text))]
    assert met(align(asked, [text]).meet(spans), shipped())[0, at] == pytest.approx(0.9)
    plain = replace(asked, alike=())
    assert met(align(plain, [text]).meet(spans), shipped())[0, at] < 0.6


def test_a_look_alike_bigram_finds_its_passage(tmp_path: Path) -> None:
    entries = [
        Entry.of(0, Terms((), ("海淀",))),
        Entry.of(1, Terms((), ("海滨",))),
    ]
    lexicon = Lexicon.build(tmp_path / "lexicon", entries)
    asked = Terms((), ("海滨",))
    assert [row for row, _ in lexicon.search(asked, 5)] == [1]
    assert [row for row, _ in lexicon.search(asked, 5, alike=["海淀"])] == [1, 0]


def test_an_article_listing_marks_what_reads_badly() -> None:
    article = Article("p/a1", "p", Kind.NEWS, EMPTY, EMPTY, (), (1, 1))
    assert "文字可能有误" in article_line(article, True).plain
    assert "文字可能有误" not in article_line(article).plain
