"""A register that is amended, and stories told again, are those that would be made from nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shelves import write_ledger
from test_continuations import INSIDE, PAPER, PARK, folio

from retrieval import roll as rolls
from retrieval.articles import split_page
from retrieval.continuations import Join
from retrieval.ledger import Ledger
from retrieval.pages import page_of
from retrieval.records import Article
from retrieval.register import Register, Registered
from retrieval.roll import Roll, write_register
from retrieval.settings import Settings
from retrieval.stories import Before, join_again, join_all

# One is the beginning of another, as a folder may be named like a page.
PAGES = ("a.txt", "a.txt/a1.txt", "b.txt", "中.txt")
N_SHARDS = 4
# Where each page is to be read: in which shard, or nowhere; and in what order the shards stand.
STATES = st.lists(
    st.tuples(
        st.tuples(*[st.none() | st.integers(0, N_SHARDS - 1)] * len(PAGES)),
        st.permutations(range(N_SHARDS)),
    ),
    min_size=2,
    max_size=5,
)
State = tuple[Sequence[int | None], Sequence[int]]


def article(page: str, n: int, shard: int) -> Article:
    from test_catalogue import article as drawn

    return drawn(page, n, headline=f"植树{shard % 2}")


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> list[Ledger]:
    """Shards that hold every page, in one of two states."""
    home = tmp_path_factory.mktemp("pool")
    return [
        write_ledger(
            home / str(shard),
            [
                ((p, f"{p}{shard % 2}", "utf-8"), [(article(p, n, shard), []) for n in range(3)])
                for p in PAGES
            ],
        )
        for shard in range(N_SHARDS)
    ]


def drawn_roll(state: State, pool: Sequence[Ledger], stamp: str) -> Roll:
    placed, order = state
    used = [shard for shard in order if shard in placed]
    held = [{page.id: page for page in ledger.pages()} for ledger in pool]
    pages = [
        Registered(held[shard][page], used.index(shard), 10, stamp)
        for page, shard in sorted(zip(PAGES, placed, strict=True), key=lambda one: one[0])
        if shard is not None
    ]
    joins = [Join(f"{p.held.id}/a1", f"{p.held.id}/a2") for p in pages[::2]]
    return Roll(pages, [(f"{shard}.records", pool[shard]) for shard in used], joins)


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a register, shards by their names."""
    db = sqlite3.connect(path)
    names = dict(db.execute("SELECT key, records FROM shards"))
    assert not db.execute("PRAGMA integrity_check").fetchone()[0].strip("ok")
    rows = {
        "pages": [(*r[:7], names[r[7]], *r[8:]) for r in db.execute("SELECT * FROM pages")],
        "articles": [(*r[:5], names[r[5]], r[6]) for r in db.execute("SELECT * FROM articles")],
        "in time": list(
            db.execute("SELECT id FROM articles ORDER BY date, newspaper, page_id, id")
        ),
        "stories": list(db.execute("SELECT * FROM continuations")),
        "shards": list(db.execute("SELECT records, place FROM shards ORDER BY place")),
    }
    db.close()
    return rows


@hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30
)
@given(history=STATES, share=st.sampled_from([0.0, 0.5, 9.0]))
@example([((0, 0, 0, 0), (0, 1, 2, 3)), ((None, 0, 0, 1), (1, 0, 2, 3))], 9.0)
@example([((0, 1, 2, 2), (0, 1, 2, 3)), ((None, 1, 2, 2), (1, 2, 0, 3))], 9.0)
def test_an_amended_register_is_the_one_from_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    pool: list[Ledger],
    history: list[State],
    share: float,
) -> None:
    monkeypatch.setattr(rolls, "_AMENDED_SHARE", share)
    home = tmp_path_factory.mktemp("registers")
    base: Path | None = None
    for n, state in enumerate(history):
        wanted = drawn_roll(state, pool, stamp=str(n // 2))
        grown, scratch = home / f"{n}.grown", home / f"{n}.scratch"
        sealed = base.read_bytes() if base else b""
        write_register(grown, wanted, base=base)
        write_register(scratch, wanted)
        assert dump(grown) == dump(scratch)
        assert (base.read_bytes() if base else b"") == sealed, "it may be in use"
        one, other = Register.open(grown), Register.open(scratch)
        assert list(one.pages()) == list(other.pages()) == list(wanted.pages)
        assert [one.shard(p) for p in PAGES] == [other.shard(p) for p in PAGES]
        assert one.joins() == sorted(wanted.joins, key=lambda join: join.before)
        base = grown


@pytest.fixture(scope="module")
def papers(settings: Settings) -> dict[str, list[Article]]:
    """Pages of stories that go on, of two days and one that states none, in two wordings."""
    other = {n: t.replace("2021年2月3日", "2021年2月10日") for n, t in PAPER.items()}
    undated = folio(3).replace("2021年2月3日 星期三", "")
    texts = {
        **PAPER,
        "3.txt*": INSIDE.replace("上接第一版", "上接第二版"),
        **{f"4/{name}": text for name, text in other.items()},
        "4/3.txt*": folio(3, "2021年2月10日"),
        "9.txt": f"{undated}龙首山公园二期工程全面开工\n\n（上接第一版）\n{PARK[1]}\n",
        "9.txt*": folio(9),
    }
    return {
        name: split_page(page_of(name.rstrip("*"), text.encode(), settings), settings)
        for name, text in texts.items()
    }


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_stories_told_again_of_what_changed_are_those_of_all_pages(
    tmp_path_factory: pytest.TempPathFactory, papers: dict[str, list[Article]], data: st.DataObject
) -> None:
    names = sorted({name.rstrip("*") for name in papers})
    home = tmp_path_factory.mktemp("stories")
    drawn = [
        {name: data.draw(st.sampled_from(_states(name, papers))) for name in names}
        for _ in range(2)
    ]
    reads = []
    for n, state in enumerate(drawn):
        pages = [
            ((name, version, "utf-8"), [(a, []) for a in papers[version]])
            for name, version in state.items()
            if version
        ]
        ledger = write_ledger(home / str(n), pages)
        reads.append({name: ledger for name, version in state.items() if version})
    changed = {name for name in names if drawn[0][name] != drawn[1][name]}
    was = {name: ledger for name, ledger in reads[0].items() if name in changed}
    before = Before(join_all(reads[0]), changed, was)
    assert join_again(reads[1], before) == join_all(reads[1])


def _states(name: str, papers: dict[str, list[Article]]) -> list[str]:
    """What may lie there as a page: one wording, another if there is one, nothing."""
    return ["", *(version for version in (name, f"{name}*") if version in papers)]


def test_stories_of_a_day_are_told_again_when_its_page_comes(
    tmp_path: Path, papers: dict[str, list[Article]]
) -> None:
    """The case that matters: both days stand, and one of them loses a page and gets it back."""
    whole = [name for name in papers if not name.startswith("9") and not name.endswith("*")]
    pages = [((name, name, "utf-8"), [(a, []) for a in papers[name]]) for name in whole]
    every = write_ledger(tmp_path / "every", pages)
    less = write_ledger(tmp_path / "less", [p for p in pages if p[0][0] != "3.txt"])
    read = dict.fromkeys(whole, every)
    few = {name: less for name in whole if name != "3.txt"}
    assert len(join_all(read)) > len(join_all(few)) > 0
    assert join_again(few, Before(join_all(read), {"3.txt"}, {"3.txt": every})) == join_all(few)
    assert join_again(read, Before(join_all(few), {"3.txt"}, {})) == join_all(read)
    told = Before([replace(join, after="?") for join in join_all(few)], {"3.txt"}, {})
    again = join_again(read, told)
    assert {join.before.startswith("4/") for join in again if join.after == "?"} == {True}


def test_a_page_without_a_day_may_go_on_from_any(
    tmp_path: Path, papers: dict[str, list[Article]]
) -> None:
    pages = [
        ((name, name, "utf-8"), [(a, []) for a in papers[name]]) for name in ("1.txt", "9.txt")
    ]
    ledger = write_ledger(tmp_path / "both", pages)
    read = {"1.txt": ledger, "9.txt": ledger}
    assert join_again(read, Before((), {"1.txt"}, {})) == join_all(read) != ()
