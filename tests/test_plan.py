"""Where pages are put: every page once, neighbours together, and no shard moved without need."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.plan import Sizes, Standing, plan_shards
from retrieval.survey import Sighting

SIZES = Sizes(shard_bytes=1000, dead_share=0.25, fan=4, share_bytes=10**9)


def sighting(name: str, size: int = 10) -> Sighting:
    return Sighting(name, "d", size, "s")


def standing(name: str, pages: list[Sighting], *, dead_rows: int = 0) -> Standing:
    return Standing(name, len(pages) * 10 + dead_rows, len(pages) * 10, tuple(pages))


@given(
    st.lists(st.integers(1, 1500), max_size=40),
    st.lists(st.integers(0, 4), max_size=40),
    st.lists(st.integers(0, 30), min_size=5, max_size=5),
    st.integers(1, 4),
)
def test_every_page_has_one_place(
    sizes: list[int], shard_of: list[int], dead: list[int], workers: int
) -> None:
    pages = [sighting(f"{n:03}", size) for n, size in enumerate(sizes)]
    held = [
        standing(
            str(k), [p for p, of in zip(pages, shard_of, strict=False) if of == k], dead_rows=d
        )
        for k, d in enumerate(dead)
    ]
    plan = plan_shards(pages, held, SIZES, workers=workers)
    placed = [p.id for shard in plan.kept for p in shard.pages] + [
        p.id for part in plan.fresh for p in part
    ]
    assert sorted(placed) == [page.id for page in pages]
    assert all(plan.fresh)
    for part in plan.fresh:
        assert [p.id for p in part] == sorted(p.id for p in part)
        assert sum(p.size for p in part[:-1]) <= SIZES.shard_bytes
    assert all(4 * shard.live_rows >= 3 * shard.rows for shard in plan.kept)


def test_a_changed_page_moves_no_other() -> None:
    pages = [sighting(f"{n}", 300) for n in range(3)]
    whole = standing("whole", pages[:2])
    plan = plan_shards(pages, [whole], SIZES)
    assert (plan.kept, plan.fresh) == ((whole,), ((pages[2],),))


def test_the_fourth_shard_of_a_size_makes_the_four_one() -> None:
    pages = [sighting(f"{n}", 20) for n in range(4)]
    three = [standing(page.id, [page]) for page in pages[:3]]
    plan = plan_shards(pages, three, SIZES)
    assert (plan.kept, plan.fresh) == ((), (tuple(pages),))


def test_large_shards_are_never_put_together() -> None:
    pages = [sighting(f"{n}", 600) for n in range(8)]
    held = [standing(page.id, [page]) for page in pages]
    assert plan_shards(pages, held, SIZES).fresh == ()


def test_work_is_shared_where_it_is_worth_a_process() -> None:
    pages = [sighting(f"{n}", 10) for n in range(10)]
    sizes = Sizes(shard_bytes=1000, share_bytes=40)
    assert [len(p) for p in plan_shards(pages, [], sizes, workers=2).fresh] == [5, 5]
    assert len(plan_shards(pages, [], SIZES, workers=2).fresh) == 1
