"""tantivy against ten lines of BM25, and its scope against the catalogue's."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelves import catalogue_of

from retrieval import lexicon as lexicons
from retrieval.catalogue import Catalogue
from retrieval.dead import NONE, Dead
from retrieval.errors import IndexBroken
from retrieval.inverted import MEAN_TERMS, Entry, Inverted
from retrieval.layout import Layout
from retrieval.lexicon import _BOOSTS, Lexicon
from retrieval.records import Article, CleanText, Imprint, Kind, Part, Passage, Scope
from retrieval.spelling import Spelt
from retrieval.tokens import Terms

WORDS = ["春", "夏", "秋", "冬", "植树", "农业", "银行", "道路"]
PAIRS = ["植树", "农业", "银行", "道路", "发展", "全市"]
PAPERS = ["辽源日报", "城市晚报", None]
NO_TERMS = Terms((), ())


def bm25(documents: Sequence[tuple[str, ...]], asked: tuple[str, ...], mean: int) -> list[float]:
    """Robertson and Zaragoza, 2009, with k1 = 1.2, b = 0.75 and tantivy's inverse frequency."""
    scores = [0.0] * len(documents)
    for term in asked:
        holding = sum(term in document for document in documents)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for row, document in enumerate(documents):
            tf, norm = document.count(term), 1.2 * (1 - 0.75 + 0.75 * len(document) / mean)
            scores[row] += idf * tf * 2.2 / (tf + norm)
    return scores


def terms(spelt: Spelt) -> tuple[str, ...]:
    return tuple(spelt.text.split())


def scored(entries: Sequence[Entry], asked: Terms) -> list[float]:
    """The score of each entry: BM25 of each field, weighed by the field."""
    fields = {
        "words": ([terms(e.words) for e in entries], asked.words),
        "bigrams": ([terms(e.bigrams) for e in entries], asked.bigrams),
        "headline": (
            [terms(e.headline) for e in entries],
            asked.words + asked.bigrams,
        ),
    }
    by_field = [
        [_BOOSTS[f] * s for s in bm25(*given, MEAN_TERMS[f])] for f, given in fields.items()
    ]
    return [sum(scores) for scores in zip(*by_field, strict=True)]


def drawn(rng: random.Random, terms: list[str], longest: int) -> tuple[str, ...]:
    return tuple(rng.choices(terms, k=rng.randint(0, longest)))


def drawn_entries(n: int) -> list[Entry]:
    """Short entries: tantivy keeps the lengths of fields below 40 terms exactly."""
    rng = random.Random(3)
    return [
        Entry.of(
            row,
            Terms(drawn(rng, WORDS, 25), drawn(rng, PAIRS, 25)),
            headline=Terms(drawn(rng, WORDS, 5), drawn(rng, PAIRS, 5)),
            day=rng.choice([None, (date(2021, 1, 1) + timedelta(rng.randint(0, 20))).isoformat()]),
            newspaper=rng.choice(PAPERS),
        )
        for row in range(n)
    ]


HUNDREDTH = 0.0051  # scores are rounded to hundredths
ENTRIES = drawn_entries(80)
ASKED = st.builds(
    Terms,
    st.lists(st.sampled_from([*WORDS, "无人"]), max_size=6).map(tuple),
    st.lists(st.sampled_from([*PAIRS, "无人"]), max_size=6).map(tuple),
)
DAYS = st.none() | st.dates(date(2020, 12, 25), date(2021, 1, 28)).map(date.isoformat)
SCOPES = st.builds(Scope, DAYS, DAYS, st.sampled_from([*PAPERS, "白山日报"]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="module")
def lexicon(folder: Path) -> Lexicon:
    return Lexicon.build(folder / "lexicon", ENTRIES)


@pytest.fixture(scope="module")
def catalogue(folder: Path) -> Catalogue:
    nothing = CleanText("", ())
    articles = [
        Article(
            f"{e.row:03}/a1",
            f"{e.row:03}",
            Kind.NEWS,
            nothing,
            nothing,
            (),
            (1, 1),
            imprint=Imprint(e.newspaper, e.day),
        )
        for e in ENTRIES
    ]
    split = [(a, [Passage(f"{a.id}/p1", a.id, Part.BODY, 0, nothing)]) for a in articles]
    return catalogue_of(folder, [[((a.page_id, "", "utf-8"), [(a, p)]) for a, p in split]])


def in_shards(folder: Path, shard_of: Sequence[int], dead: Sequence[Entry]) -> Lexicon:
    """The entries parted among three shards, and dead ones before those of the first."""
    own: list[list[Entry]] = [list(dead), [], []]
    placed = []
    for entry, shard in zip(ENTRIES, shard_of, strict=True):
        placed.append((shard, len(own[shard]), 1))
        own[shard].append(entry)
    paths = [folder / str(shard) for shard in range(3)]
    for path, held in zip(paths, own, strict=True):
        Inverted.write(path, [replace(entry, row=row) for row, entry in enumerate(held)])
    return Lexicon.join(paths, Layout.of(placed, 3), Dead.of(dead))


@given(
    st.lists(st.integers(0, 2), min_size=len(ENTRIES), max_size=len(ENTRIES)),
    st.lists(st.sampled_from(ENTRIES), max_size=30),
    st.lists(st.tuples(ASKED, SCOPES, st.integers(1, 20)), min_size=5, max_size=5),
)
@settings(max_examples=10, deadline=None)
def test_a_row_scores_alike_in_whatever_shard_it_lies_and_whatever_is_dead(
    tmp_path_factory: pytest.TempPathFactory,
    lexicon: Lexicon,
    shard_of: list[int],
    dead: list[Entry],
    questions: list[tuple[Terms, Scope, int]],
) -> None:
    parted = in_shards(tmp_path_factory.mktemp("shards"), shard_of, dead)
    assert len(parted) == len(lexicon)
    for asked, scope, k in questions:
        wanted = lexicon.search(asked, k, scope=scope)
        found = parted.search(asked, k, scope=scope)
        assert [s for _, s in found] == pytest.approx([s for _, s in wanted], abs=0.0101)
        # A hundredth that falls the other way may change places with its neighbour, no more.
        assert abs(len(found) - len(wanted)) <= 1
        rows = np.arange(0, len(ENTRIES), 3)
        assert [s for _, s in parted.search(asked, k, rows=rows)] == pytest.approx(
            [s for _, s in lexicon.search(asked, k, rows=rows)], abs=0.0101
        )
        asked_pairs = [w for w in {*asked.words, *asked.bigrams} if len(w) == 2]
        assert parted.holding_pairs(asked_pairs) == [
            any(pair in {*e.bigrams.text.split(), *e.headline.text.split()} for e in ENTRIES)
            for pair in asked_pairs
        ]
        for word in {*asked.words, *asked.bigrams}:
            assert parted.count(word) == lexicon.count(word)
            assert parted.holding(word) == lexicon.holding(word)


def test_a_pair_is_held_in_a_text_or_a_headline_and_by_the_dead_no_more(tmp_path: Path) -> None:
    live = Entry.of(1, Terms((), ("植树",)), headline=Terms((), ("农业",)))
    dead = Entry.of(0, Terms((), ("植树", "银行")), headline=Terms((), ("道路",)))
    Inverted.write(tmp_path, [dead, live])
    pairs = ["植树", "农业", "银行", "道路", "无人"]
    every = Lexicon.join([tmp_path], Layout.whole(2), NONE)
    assert every.holding_pairs(pairs) == [True, True, True, True, False]
    parted = Lexicon.join([tmp_path], Layout.of([(0, 1, 1)], 1), Dead.of([dead]))
    assert parted.holding_pairs(pairs) == [True, True, False, False, False]
    assert every.without([0]).holding_pairs(pairs) == [True, True, False, False, False]
    assert [parted.holds(pair) for pair in pairs] == [True, True, False, False, False]


@pytest.mark.parametrize("home", [0, 1, 2])
def test_a_shard_that_holds_all_the_best_is_asked_for_more(
    tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch, home: int
) -> None:
    monkeypatch.setattr(lexicons, "_SPARE", 1)
    monkeypatch.setattr(lexicons, "WORTH_ROWS", 0)
    asked = Terms(tuple(WORDS[:3]), tuple(PAIRS[:2]))
    wanted = lexicon.search(asked, len(ENTRIES))
    best = {row for row, _ in wanted[:40]}
    shard_of = [home if row in best else (home + 1) % 3 for row in range(len(ENTRIES))]
    parted = in_shards(tmp_path, shard_of, ())
    for k in (1, 9, 30):
        found = parted.search(asked, k)
        assert [s for _, s in found] == pytest.approx([s for _, s in wanted[:k]], abs=0.0101)


@given(ASKED)
@settings(max_examples=200)
def test_the_lexicon_scores_as_bm25(lexicon: Lexicon, asked: Terms) -> None:
    wanted = {row: score for row, score in enumerate(scored(ENTRIES, asked)) if score >= 0.006}
    found = {row: score for row, score in lexicon.search(asked, len(ENTRIES)) if score >= 0.006}
    assert found == pytest.approx(wanted, abs=HUNDREDTH)


@given(ASKED, st.integers(1, 20))
def test_the_best_come_first_and_ties_by_row(lexicon: Lexicon, asked: Terms, k: int) -> None:
    found = lexicon.search(asked, k)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
    best = sorted(scored(ENTRIES, asked), reverse=True)[:k]
    assert [s for _, s in found] == pytest.approx([s for s in best if s > 0.005], abs=HUNDREDTH)


def test_copies_of_a_passage_fill_the_last_places_from_the_first_row_on(tmp_path: Path) -> None:
    copies = [Entry.of(row, Terms(("植树",), ())) for row in range(50)]
    found = Lexicon.build(tmp_path / "copies", copies).search(Terms(("植树",), ()), 7)
    assert [row for row, _ in found] == list(range(7))


@given(ASKED, SCOPES)
def test_a_scope_leaves_out_and_changes_no_score(
    lexicon: Lexicon, catalogue: Catalogue, asked: Terms, scope: Scope
) -> None:
    rows = catalogue.rows(scope)
    within = range(len(ENTRIES)) if rows is None else set(rows.tolist())
    wanted = [pair for pair in lexicon.search(asked, len(ENTRIES)) if pair[0] in within]
    assert lexicon.search(asked, len(ENTRIES), scope=scope) == wanted


def outside(entry: Entry, scope: Scope) -> bool:
    """Whether a passage is known to be of another paper or day: what is unknown stays."""
    too_early = bool(entry.day and scope.date_from and entry.day < scope.date_from)
    too_late = bool(entry.day and scope.date_to and entry.day > scope.date_to)
    other = bool(entry.newspaper and scope.newspaper and entry.newspaper != scope.newspaper)
    return too_early or too_late or other


@given(SCOPES)
def test_the_catalogue_leaves_out_only_what_is_known_to_be_outside(
    catalogue: Catalogue, scope: Scope
) -> None:
    rows = catalogue.rows(scope)
    found = list(range(len(ENTRIES))) if rows is None else rows.tolist()
    assert found == [e.row for e in ENTRIES if not outside(e, scope)]


@pytest.mark.parametrize("asked", [NO_TERMS, Terms(("无人",), ("无人",))])
def test_words_that_stand_nowhere_find_nothing(lexicon: Lexicon, asked: Terms) -> None:
    assert lexicon.search(asked, 10) == []


def test_no_places_are_no_rows(lexicon: Lexicon) -> None:
    assert lexicon.search(Terms(("植树",), ()), 0) == []


def holding(word: str, field: Callable[[Entry], tuple[str, ...]]) -> int:
    return sum(Counter(field(entry))[word] > 0 for entry in ENTRIES)


def test_a_word_is_counted_by_the_passages_that_hold_it(lexicon: Lexicon) -> None:
    assert lexicon.count("春") == holding("春", lambda e: terms(e.words))
    assert lexicon.count("全市") == holding("全市", lambda e: terms(e.bigrams))
    assert lexicon.count("无人") == 0


def test_a_word_of_a_headline_alone_is_counted(tmp_path: Path) -> None:
    entry = Entry.of(0, NO_TERMS, headline=Terms(("植树",), ()))
    assert Lexicon.build(tmp_path / "one", [entry]).count("植树") == 1


def test_what_is_built_and_opened_answers_the_same(folder: Path, lexicon: Lexicon) -> None:
    opened = Lexicon.open(folder / "lexicon")
    asked = Terms(("植树", "春"), ("农业",))
    assert len(opened) == len(lexicon) == len(ENTRIES)
    assert opened.search(asked, 80) == lexicon.search(asked, 80) != []


def test_an_empty_lexicon_finds_nothing(tmp_path: Path) -> None:
    empty = Lexicon.build(tmp_path / "empty", [])
    assert len(empty) == 0
    assert empty.search(Terms(("植树",), ()), 5) == []


def test_a_folder_that_is_no_lexicon_is_named(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{}")
    with pytest.raises(IndexBroken, match=str(tmp_path.name)):
        Lexicon.open(tmp_path)


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexBroken, match="gone"):
        Lexicon.open(tmp_path / "gone")
