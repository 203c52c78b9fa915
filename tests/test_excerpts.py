"""Excerpts hold whole sentences in order, nothing twice, nothing left out but blanks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import excerpts
from retrieval.archive import Archive
from retrieval.catalogue import cited, part_text
from retrieval.errors import NotFoundError
from retrieval.excerpts import overlap, pieces, window
from retrieval.passages import sentences
from retrieval.records import MAX_QUOTE_CHARS

TEXTS = st.text(st.sampled_from("甲乙丙12,，。!\n "), max_size=300)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[str, tuple[int, int]]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text)))
    return text, (start, draw(st.integers(start, len(text))))


@given(ranges(), st.integers(2, 50))
def test_pieces_hold_all_but_blanks(given_range: tuple[str, tuple[int, int]], most: int) -> None:
    text, (start, end) = given_range
    found = pieces(text, (start, end), max_chars=most)
    assert all(start <= a < b <= end and b - a <= most for a, b in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    shown = {i for a, b in found for i in range(a, b)}
    assert all(text[i].isspace() for i in range(start, end) if i not in shown)
    assert all(text[a:b] == text[a:b].strip() for a, b in found)


@given(ranges(), st.integers(1, 60))
def test_a_window_grows_by_whole_sentences(
    given_range: tuple[str, tuple[int, int]], chars: int
) -> None:
    text, (start, end) = given_range
    first, last = window(text, (start, end), chars=chars)
    assert first <= start <= end <= last
    edges = {edge for span in sentences(text) for edge in span}
    assert first == start or first in edges
    assert last == end or last in edges
    longest = max((b - a for a, b in sentences(text)), default=0)
    assert (last - first) - (end - start) <= max(chars, 2 * longest)


def test_a_window_takes_turns_and_stops_at_the_limit() -> None:
    text = "一一。二二。三三。四四。五五。"  # sentences of three characters
    assert window(text, (6, 9), chars=6) == (3, 12)
    assert window(text, (6, 9), chars=3) == (6, 12)
    assert window(text, (6, 9), chars=100) == (0, 15)
    assert window(text, (12, 15), chars=3) == (9, 15)
    assert window(text, (6, 9), chars=1) == (6, 12), "the nearest sentence, however long"


@pytest.mark.parametrize(
    ("other", "common"),
    [
        ("aaaaaaaaaa_b10_5", (0, 5)),
        ("aaaaaaaaaa_b12_9", (2, 5)),
        ("aaaaaaaaaa_b0_11", (0, 1)),
        ("aaaaaaaaaa_b15_5", None),
        ("aaaaaaaaaa_h10_5", None),
        ("bbbbbbbbbb_b10_5", None),
    ],
)
def test_two_codes_overlap_where_both_cite(other: str, common: tuple[int, int] | None) -> None:
    assert overlap("aaaaaaaaaa_b10_5", other) == common


def test_what_is_no_code_overlaps_nothing() -> None:
    with pytest.raises(NotFoundError):
        overlap("aaaaaaaaaa_b10_5", "../etc")


def cites(archive: Archive) -> list[str]:
    questions = [
        "延吉恐龙王国占地多少公顷?",
        "谁主持了培训会?",
        "榆树市获得了什么称号?",
        "王茵写了什么新闻?",
    ]
    return [quote.cite for q in questions for quote in archive.ask(q).quotes]


def test_around_a_quote_stands_more_of_the_same_article(archive: Archive) -> None:
    for code in cites(archive):
        article, part, start, length = cited(archive.catalogue, code)
        grown = [cited(archive.catalogue, c) for c in excerpts.around(archive.catalogue, [code])]
        assert {one[0].id for one in grown} == {article.id}
        if part.value == "b":
            assert grown[0][2] <= start
            assert grown[-1][2] + grown[-1][3] >= start + length
        else:
            assert (grown[0][1].value, grown[0][2]) == ("b", 0), "the report under a headline"


def test_asking_again_shows_more_until_all_of_it_is_shown(archive: Archive) -> None:
    codes = cites(archive)[:1]
    article = cited(archive.catalogue, codes[0])[0]
    sizes = []
    for _ in range(30):
        codes = [quote.cite for quote in archive.around(codes)]
        sizes.append(sum(cited(archive.catalogue, code)[3] for code in codes))
    assert sizes[0] < sizes[1] < sizes[2] or sizes[0] == sizes[-1]
    assert sizes[-1] == len("".join(article.body.text)) - _blanks(archive, codes)


def _blanks(archive: Archive, codes: list[str]) -> int:
    """The blanks between pieces that tile a whole body."""
    article, part, *_ = cited(archive.catalogue, codes[0])
    text = part_text(article, part).text
    spans = [cited(archive.catalogue, code)[2:] for code in codes]
    shown = {i for start, length in spans for i in range(start, start + length)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in shown)
    return len(text) - len(shown)


def test_the_whole_of_every_story_is_there_and_proven(archive: Archive) -> None:
    """By another way: headline and body as the catalogue has them, blanks left out."""
    for page_id, _ in archive.catalogue.pages():
        for article in archive.catalogue.articles_of(page_id):
            story = archive.story(article)
            codes = excerpts.whole(story)
            if not codes:
                continue
            quotes = archive.whole(codes[0])
            assert [quote.cite for quote in quotes] == codes
            shown = "".join("".join(quote.text.split()) for quote in quotes)
            whole = "".join(part.headline.text + part.body.text for part in story)
            assert shown == "".join(whole.split())
            assert all(len(quote.text) <= MAX_QUOTE_CHARS for quote in quotes)
