"""A quote is cut again from the file as it stands now, and compared."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import PageError
from retrieval.proof import Failure, Prover, stands
from retrieval.records import Article, CleanText, Kind, Part, Passage

PAGE = "植树忙\r\n全市共栽树\r\n2677棵。\r\n"
CLEAN = CleanText("共栽树2677棵", ((7, 10), (12, 17)))
EMPTY = CleanText("", ())
ARTICLE = Article("a.txt/a1", "a.txt", Kind.NEWS, EMPTY, CLEAN, ((0, 18),), (1, 3))
PASSAGE = Passage("a.txt/a1/p1", "a.txt/a1", Part.BODY, 0, CLEAN)
WRONG = replace(PASSAGE, id="a.txt/a1/p2", clean=CleanText("共栽树2678棵", CLEAN.spans))


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_bytes(PAGE.encode())
    return tmp_path


def rewrite(path: Path, text: str) -> None:
    """Change a file and be sure that its clock moves on, however coarse it is."""
    before = path.stat().st_mtime_ns
    path.write_bytes(text.encode())
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_what_the_file_holds_is_proven(seeds: Path) -> None:
    assert Prover(seeds).proven("a.txt", CLEAN)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("共栽树2678棵", ((7, 10), (12, 17))),
        ("共栽树2677", ((7, 10), (12, 17))),
        ("共栽树2677棵", ((6, 9), (12, 17))),
        ("2677棵共栽树", ((12, 17), (7, 10))),
        ("共栽树树", ((7, 10), (9, 10))),
        ("共栽", ((7, 8), (8, 8), (8, 9))),
        ("。\r\n", ((17, 999),)),
        ("。", ((-3, -2),)),
        ("", ((10, 7),)),
        ("共", ()),
    ],
)
def test_what_the_file_does_not_hold_so_is_not_proven(
    seeds: Path, text: str, spans: tuple[tuple[int, int], ...]
) -> None:
    assert not Prover(seeds).proven("a.txt", CleanText(text, spans))


def test_a_file_that_changed_proves_nothing_any_more(seeds: Path) -> None:
    prover = Prover(seeds)
    assert prover.proven("a.txt", CLEAN)
    rewrite(seeds / "a.txt", PAGE.replace("2677", "2678"))
    assert not prover.proven("a.txt", CLEAN)
    rewrite(seeds / "a.txt", PAGE)
    assert prover.proven("a.txt", CLEAN)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xff\xff", b"\x00"])
def test_a_file_that_cannot_be_read_proves_nothing(seeds: Path, content: bytes | None) -> None:
    prover = Prover(seeds)
    assert prover.proven("a.txt", CLEAN)
    (seeds / "a.txt").unlink()
    if content is not None:
        (seeds / "a.txt").write_bytes(content)
    assert not prover.proven("a.txt", CLEAN)
    with pytest.raises(PageError):
        prover.raw("a.txt")


def test_line_ends_are_counted_as_they_are(seeds: Path) -> None:
    assert Prover(seeds).raw("a.txt") == PAGE


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf" + PAGE.encode(), PAGE.encode("gb18030"), PAGE.encode()]
)
def test_any_encoding_of_a_page_proves_the_same_ranges(seeds: Path, data: bytes) -> None:
    (seeds / "a.txt").write_bytes(data)
    assert Prover(seeds).proven("a.txt", CLEAN)


@pytest.mark.parametrize(
    ("spans", "lines"),
    [
        (((0, 3),), (1, 1)),
        (((5, 6),), (2, 2)),
        (((5, 10),), (2, 2)),
        (((5, 12),), (2, 2)),
        (CLEAN.spans, (2, 3)),
        (((0, 1), (16, 17)), (1, 3)),
    ],
)
def test_lines_are_the_first_and_the_last_that_a_quote_touches(
    seeds: Path, spans: tuple[tuple[int, int], ...], lines: tuple[int, int]
) -> None:
    assert Prover(seeds).lines("a.txt", spans) == lines


def test_only_the_passages_that_differ_fail(seeds: Path) -> None:
    (failure,) = Prover(seeds).check(ARTICLE, [PASSAGE, WRONG])
    assert failure.passage_id == WRONG.id
    assert "a.txt" in failure.why
    assert "jiwen index" in failure.why


def test_every_passage_of_a_lost_page_fails(tmp_path: Path) -> None:
    failures = Prover(tmp_path).check(ARTICLE, [PASSAGE, WRONG])
    assert [failure.passage_id for failure in failures] == [PASSAGE.id, WRONG.id]
    assert all(isinstance(failure, Failure) and "a.txt" in failure.why for failure in failures)


@given(st.text(min_size=2), st.data())
def test_pieces_cut_in_order_stand_and_any_other_character_does_not(
    raw: str, data: st.DataObject
) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(raw)), min_size=2)))
    edges = edges[: len(edges) // 2 * 2]
    spans = tuple(zip(edges[::2], edges[1::2], strict=True))
    text = "".join(raw[a:b] for a, b in spans)
    assert stands(raw, CleanText(text, spans))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda c: c != text[at]))
    assert not stands(raw, CleanText(text[:at] + other + text[at + 1 :], spans))
