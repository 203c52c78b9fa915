"""The catalogue gives back what was stored, and citation codes lead back to their words."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelves import catalogue_of

from retrieval.archive import Archive
from retrieval.catalogue import Catalogue, article_code, cite, cited, part_text
from retrieval.continuations import Join
from retrieval.errors import IndexBroken, NotFoundError
from retrieval.ledger import COLUMNS, RECORDS, Ledger, LedgerWriter
from retrieval.records import (
    MAX_QUOTE_CHARS,
    Article,
    CleanText,
    Imprint,
    Kind,
    Part,
    Passage,
    Scope,
)
from retrieval.register import REGISTER, Register


def article(page: str, n: int, headline: str = "植树", body: str = "") -> Article:
    body = body or f"全市共栽树{n}棵。"
    return Article(
        f"{page}/a{n}",
        page,
        Kind.NEWS if n else Kind.FURNITURE,
        CleanText(headline, ((0, len(headline)),)),
        CleanText(body, ((10, 10 + len(body)),)),
        ((0, 10 + len(body)),),
        (1, 3),
        title=headline,
        byline=("王茵", "张三"),
        imprint=Imprint("辽源日报", "2021-01-27", "1", "5432"),
    )


def number_of(article: Article) -> int:
    return int(article.id.rpartition("a")[2])


ARTICLES = [article("b.txt", n) for n in (11, 2, 1, 0)] + [article("夹/a.md", 1, body="另一篇。")]
REPRINT = replace(ARTICLES[0], id="c.txt/a1", page_id="c.txt", imprint=Imprint())
PASSAGES = [
    Passage(f"{a.id}/p{n}", a.id, part, 0, part_text(a, part))
    for a in sorted(ARTICLES, key=lambda a: (a.page_id, number_of(a)))
    for n, part in enumerate(Part, 1)
]
PAGES = [("夹/a.md", "d1", "utf-8"), ("b.txt", "d2", "gb18030"), ("c.txt", "d3", "utf-8")]


def opened(folder: Path, shards: Sequence[Sequence[tuple[str, str, str]]]) -> Catalogue:
    """A catalogue of these pages, each shard beginning with a page that is dead by now."""
    dead = replace(ARTICLES[1], id="d.txt/a2", page_id="d.txt", byline=("鬼",), section="鬼影")
    held = []
    for pages in shards:
        split = [(("d.txt", "d0", "utf-8"), [(dead, passages_of(dead))])]
        for page in pages:
            own = sorted((a for a in ARTICLES if a.page_id == page[0]), key=number_of)
            articles = [REPRINT] if page[0] == "c.txt" else own
            split.append((page, [(a, passages_of(a)) for a in articles]))
        held.append(split)
    joins = [Join("b.txt/a1", "夹/a.md/a1")]
    return catalogue_of(folder, held, dead=["d.txt"], joins=joins)


def passages_of(article: Article) -> list[Passage]:
    return [p for p in PASSAGES if p.article_id == article.id]


@pytest.fixture(scope="module", params=[[PAGES], [PAGES[:1], PAGES[1:]], [PAGES[2:], PAGES[:2]]])
def catalogue(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Catalogue]:
    catalogue = opened(tmp_path_factory.mktemp("含 空格#和?"), request.param)
    yield catalogue
    catalogue.close()


@pytest.mark.parametrize("stored", [*ARTICLES, REPRINT], ids=lambda a: a.id)
def test_an_article_comes_back_as_it_was(catalogue: Catalogue, stored: Article) -> None:
    assert catalogue.article(stored.id) == stored


@pytest.mark.parametrize("stored", PASSAGES, ids=lambda p: p.id)
def test_a_passage_comes_back_as_it_was(catalogue: Catalogue, stored: Passage) -> None:
    assert catalogue.passage(stored.id) == stored


@given(st.lists(st.integers(0, len(PASSAGES) - 1)))
def test_passages_come_in_the_order_of_their_rows(catalogue: Catalogue, rows: list[int]) -> None:
    assert catalogue.passages(rows) == [PASSAGES[row] for row in rows]


def test_articles_of_a_page_come_in_reading_order(catalogue: Catalogue) -> None:
    ids = [found.id for found in catalogue.articles_of("b.txt")]
    assert ids == ["b.txt/a0", "b.txt/a1", "b.txt/a2", "b.txt/a11"]


def test_passages_of_an_article_come_in_reading_order(catalogue: Catalogue) -> None:
    assert catalogue.passages_of("b.txt/a2") == [p for p in PASSAGES if p.article_id == "b.txt/a2"]


def test_an_unknown_page_or_article_holds_nothing(catalogue: Catalogue) -> None:
    assert catalogue.articles_of("x.txt") == []
    assert catalogue.passages_of("x.txt/a1") == []


def test_furniture_is_no_article_when_counted(catalogue: Catalogue) -> None:
    assert catalogue.counts() == {"pages": 3, "articles": 5, "passages": len(PASSAGES)}


def test_pages_are_listed_by_id_with_the_digest_of_their_file(catalogue: Catalogue) -> None:
    assert catalogue.pages() == [("b.txt", "d2"), ("c.txt", "d3"), ("夹/a.md", "d1")]


def test_no_scope_leaves_nothing_out(catalogue: Catalogue) -> None:
    assert catalogue.rows(Scope()) is None


def test_a_scope_without_pages_is_empty(catalogue: Catalogue) -> None:
    rows = catalogue.rows(Scope(date_from="2022-01-01"))
    assert rows is not None
    assert rows.tolist() == []


@pytest.mark.parametrize("name", ["", "x", "b.txt", "b.txt/a3", "\0", "\ud800", "' OR 1=1 --"])
def test_what_is_not_held_is_not_found(catalogue: Catalogue, name: str) -> None:
    for look in (catalogue.article, catalogue.passage, catalogue.by_code):
        with pytest.raises(NotFoundError):
            look(name)


@given(st.sampled_from(ARTICLES), st.sampled_from(Part), st.data())
def test_a_citation_leads_back_to_its_words(
    catalogue: Catalogue, of: Article, part: Part, data: st.DataObject
) -> None:
    text = part_text(of, part).text
    start = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(1, len(text) - start))
    code = cite(of, part, start=start, length=length)
    found, *rest = cited(catalogue, code)
    assert rest == [part, start, length]
    assert part_text(found, part).text[start : start + length] == text[start : start + length]


def test_a_citation_fits_the_start_link_of_a_bot() -> None:
    code = cite(ARTICLES[0], Part.BODY, start=99_999, length=300)
    assert len(code) <= 60
    assert code.replace("_", "").isalnum()
    assert code.isascii()


CODE = article_code(ARTICLES[0])
MANY = "9" * 5000


@pytest.mark.parametrize(
    "code",
    [
        "",
        "_",
        "__",
        "b0_1",
        "_b0_1",
        CODE,
        f"{CODE}_",
        f"{CODE}_b",
        f"{CODE}_b0",
        f"{CODE}_b0_",
        f"{CODE}_b_1",
        f"{CODE}_c0_1",
        f"{CODE}_B0_1",
        f"{CODE}_0_1",
        f"{CODE}_bb0_1",
        f"{CODE}_b-1_1",
        f"{CODE}_b0_-1",
        f"{CODE}_b+0_1",
        f"{CODE}_b 0_1",
        f"{CODE}_b0_1 ",
        f"{CODE}_b0_1\n",
        f"{CODE}_b0_1_1",
        f"{CODE}_b0.0_1",
        f"{CODE}_b²_1",
        f"{CODE}_b１_1",
        f"{CODE}_b0_١",
        f"{CODE}_b0_五",
        f"{CODE}_b{MANY}_1",
        f"{CODE}_b0_{MANY}",
        f"{CODE}_b{'0' * 5000}_1",
        f"{CODE}_b0_999",
        f"{CODE}_b999_1",
        f"{CODE}_h0_3",
        f"{CODE.upper()}_b0_1",
        "aaaaaaaaaa_b0_1",
        "\ud800_b0_1",
        "\0_b0_1",
    ],
    ids=lambda code: ascii(code[:24]),
)
def test_a_malformed_citation_is_not_found(catalogue: Catalogue, code: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        cited(catalogue, code)
    assert len(str(caught.value)) < 200


@given(st.text(st.characters()) | st.from_regex(r"\A[a-z2-7]{10}_[hb]\d+_\d+\Z"))
def test_no_text_whatever_breaks_a_citation(catalogue: Catalogue, text: str) -> None:
    for code in (text, f"{CODE}_{text}", f"{CODE}_b{text}", f"{CODE}_b0_{text}"):
        with suppress(NotFoundError):
            cited(catalogue, code)


def test_a_code_is_of_the_words_alone() -> None:
    assert article_code(REPRINT) == article_code(ARTICLES[0])
    assert len({article_code(a) for a in ARTICLES}) == len(ARTICLES)


def test_headline_and_body_do_not_run_together_in_a_code() -> None:
    assert article_code(article("p", 1, "植树", "造林")) != article_code(
        article("p", 1, "植", "树造林")
    )


def test_a_reprint_is_cited_as_the_first_page_that_holds_it(catalogue: Catalogue) -> None:
    assert catalogue.by_code(article_code(REPRINT)).id == "b.txt/a11"


def test_several_threads_may_read(catalogue: Catalogue) -> None:
    found: list[Article] = []
    threads = [
        threading.Thread(target=lambda: found.append(catalogue.article("b.txt/a2")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ARTICLES[1]] * 8


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, None])
@pytest.mark.parametrize("name", [RECORDS, COLUMNS])
def test_a_file_that_is_no_part_of_a_catalogue_is_named(
    tmp_path: Path, content: bytes | None, name: str
) -> None:
    LedgerWriter(tmp_path / "shard").close()
    path = tmp_path / "shard" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexBroken, match="shard"):
        Ledger.open(path.parent)
    assert path.exists() == (content is not None)


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, None])
def test_a_file_that_is_no_register_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / REGISTER
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexBroken, match="register"):
        Register.open(path)


def test_what_is_dead_is_not_held(catalogue: Catalogue) -> None:
    assert not catalogue.is_reporter("鬼")
    assert not catalogue.is_section("鬼影")
    assert catalogue.is_reporter("王茵")
    assert catalogue.articles_of("d.txt") == []
    with pytest.raises(NotFoundError):
        catalogue.article("d.txt/a2")


def test_the_articles_of_rows_come_in_the_order_of_the_rows(catalogue: Catalogue) -> None:
    rows = [9, 0, 5, 0]
    assert [a.id for a in catalogue.articles_at(rows)] == [PASSAGES[r].article_id for r in rows]
    assert catalogue.rows_of([9, 4]) == [4, 5, 8, 9]


def test_a_story_is_told_from_any_of_its_parts(catalogue: Catalogue) -> None:
    whole = ["b.txt/a1", "夹/a.md/a1"]
    assert [catalogue.story(part) for part in whole] == [whole, whole]
    assert catalogue.story("b.txt/a2") == ["b.txt/a2"]


def test_a_code_for_more_than_a_quote_may_hold_is_refused(archive: Archive) -> None:
    article = max(
        (a for page, _ in archive.catalogue.pages() for a in archive.catalogue.articles_of(page)),
        key=lambda a: len(a.body.text),
    )
    longest = cite(article, Part.BODY, start=0, length=MAX_QUOTE_CHARS)
    assert len(archive.quote(longest).text) == MAX_QUOTE_CHARS
    with pytest.raises(NotFoundError):
        archive.quote(cite(article, Part.BODY, start=0, length=MAX_QUOTE_CHARS + 1))
