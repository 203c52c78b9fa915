"""What the archive holds, by paper and by day: the same as a plain scan of all articles says."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import count, pairwise
from pathlib import Path
from statistics import median_low

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shelves import catalogue_in

from retrieval.catalogue import Catalogue
from retrieval.holdings import Gap, Held, holdings
from retrieval.issues import days_of_year, issue, issue_days, nearest
from retrieval.records import Article, CleanText, Imprint, Kind

NAMES = count()
START = date(2020, 12, 1)
IMPRINTS = st.builds(
    Imprint,
    newspaper=st.sampled_from([None, "辽源日报", "城市晚报"]),
    date=st.none() | st.integers(0, 80).map(lambda n: (START + timedelta(n)).isoformat()),
    page=st.sampled_from([None, "1", "03", "10", "A2", "第二版"]),
)
HELD = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([*Kind]), IMPRINTS), min_size=1, max_size=30
)


def article(page: int, n: int, kind: Kind, imprint: Imprint) -> Article:
    number = 0 if kind is Kind.FURNITURE else n
    words = CleanText("植树", ((0, 2),))
    name = f"p{page}.txt"
    return Article(
        f"{name}/a{number}", name, kind, words, words, ((0, 2),), (1, 1), "植树", imprint=imprint
    )


def built(folder: Path, drawn: list[tuple[int, Kind, Imprint]]) -> tuple[Catalogue, list[Article]]:
    articles = {a.id: a for n, (p, k, i) in enumerate(drawn, 1) for a in [article(p, n, k, i)]}
    stories = [a for a in articles.values() if a.kind is not Kind.FURNITURE]
    split = [(a, ()) for a in articles.values()]
    return catalogue_in(folder / f"{next(NAMES)}", split), stories


law = hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def gaps_of(days: list[date]) -> tuple[int | None, tuple[Gap, ...]]:
    """The rhythm and what breaks it, day by day."""
    steps = [(b - a).days for a, b in pairwise(days)]
    step = median_low(steps) if len(steps) >= 8 else None
    if step is None or step > 7:
        return None, ()
    found = []
    for a, b in pairwise(days):
        missing = [a + timedelta(n) for n in range(1, (b - a).days)]
        if len(missing) + 1 >= max(2 * step, 5):
            found.append(Gap(missing[0].isoformat(), missing[-1].isoformat(), len(missing)))
    return step, tuple(found)


def scanned(articles: list[Article], newspaper: str | None) -> Held:
    """What a paper's articles add up to, read one by one."""
    own = [a for a in articles if a.imprint.newspaper == newspaper]
    days = sorted({a.imprint.date for a in own if a.imprint.date})
    rhythm = gaps_of([date.fromisoformat(day) for day in days]) if newspaper else (None, ())
    return Held(
        newspaper,
        len(own),
        len({a.page_id for a in own}),
        len(days),
        days[0] if days else None,
        days[-1] if days else None,
        sum(a.imprint.date is None for a in own),
        *rhythm,
    )


@law
@given(drawn=HELD)
def test_holdings_are_what_a_scan_counts(
    tmp_path: Path, drawn: list[tuple[int, Kind, Imprint]]
) -> None:
    catalogue, articles = built(tmp_path, drawn)
    found = holdings(catalogue)
    names = {a.imprint.newspaper for a in articles}
    assert {held.newspaper: held for held in found.papers} == {
        n: scanned(articles, n) for n in names
    }
    sizes = [held.articles for held in found.papers if held.newspaper]
    assert sizes == sorted(sizes, reverse=True)
    assert [held.newspaper for held in found.papers if not held.newspaper] in ([], [None])
    assert found.articles == len(articles) == sum(held.articles for held in found.papers)
    assert found.pages == len({a.page_id for a in articles})
    assert found.undated == sum(a.imprint.date is None for a in articles)


@law
@given(days=st.sets(st.integers(0, 60), min_size=9), newspaper=st.sampled_from(["辽源日报"]))
def test_gaps_are_what_a_walk_from_day_to_day_misses(
    tmp_path: Path, days: set[int], newspaper: str
) -> None:
    dates = [START + timedelta(n) for n in sorted(days)]
    drawn = [(1, Kind.NEWS, Imprint(newspaper, day.isoformat())) for day in dates]
    catalogue, _ = built(tmp_path, drawn)
    (held,) = holdings(catalogue).papers
    assert (held.step, held.gaps) == gaps_of(dates)


@pytest.mark.parametrize(
    ("days", "step", "gaps"),
    [
        # Weekdays only, then a week without an issue: the weekends are no gaps.
        ([0, 1, 2, 3, 6, 7, 8, 9, 10, 20, 21], 1, [("2020-12-12", "2020-12-20", 9)]),
        # A weekly of which one issue is missing.
        ([7 * n for n in range(12) if n != 5], 7, [("2020-12-30", "2021-01-11", 13)]),
        # Scraps tell no rhythm, and nor do few issues.
        ([40 * n for n in range(12)], None, []),
        ([0, 1, 2, 30], None, []),
    ],
)
def test_gaps_by_hand(
    tmp_path: Path, days: list[int], step: int | None, gaps: list[tuple[str, str, int]]
) -> None:
    drawn = [(1, Kind.NEWS, Imprint("辽源日报", (START + timedelta(n)).isoformat())) for n in days]
    (held,) = holdings(built(tmp_path, drawn)[0]).papers
    assert held.step == step
    assert [(gap.first, gap.last, gap.days) for gap in held.gaps] == gaps


@law
@given(drawn=HELD, ends=st.tuples(st.integers(0, 80), st.integers(0, 80)))
def test_days_are_what_a_scan_finds(
    tmp_path: Path, drawn: list[tuple[int, Kind, Imprint]], ends: tuple[int, int]
) -> None:
    catalogue, articles = built(tmp_path, drawn)
    first, last = ((START + timedelta(n)).isoformat() for n in sorted(ends))
    counted = Counter(a.imprint.date for a in articles if a.imprint.date)
    every = sorted(counted.items())
    assert issue_days(catalogue) == every
    assert issue_days(catalogue, first, last) == [d for d in every if first <= d[0] <= last]
    assert issue_days(catalogue, first) == [d for d in every if first <= d[0]]
    assert issue_days(catalogue, None, last) == [d for d in every if d[0] <= last]
    before, after = [d for d in every if d[0] < first][-1:], [d for d in every if d[0] > last][:1]
    assert nearest(catalogue, first, last) == before + after
    assert days_of_year(catalogue, 1) == [d for d in every if d[0][5:7] == "01"]
    assert days_of_year(catalogue, 1, 7) == [d for d in every if d[0][5:] == "01-07"]
    for day, n in every:
        listed = issue(catalogue, day)
        assert len(listed) == n
        assert {one.article_id for one in listed} == {
            a.id for a in articles if a.imprint.date == day
        }


def test_a_day_is_listed_by_paper_page_and_place(tmp_path: Path) -> None:
    day = "2021-01-27"
    pages = ["10", "A2", None, "第二版", "1"]
    drawn = [(n, Kind.NEWS, Imprint("辽源日报", day, page)) for n, page in enumerate(pages, 1)]
    drawn += [(1, Kind.NEWS, Imprint(None, day, "1")), (5, Kind.NEWS, Imprint("城市晚报", day))]
    drawn += [(5, Kind.NEWS, Imprint("辽源日报", day, "1"))]
    listed = issue(built(tmp_path, drawn)[0], day)
    assert [(one.newspaper, one.page) for one in listed] == [
        ("城市晚报", None),
        ("辽源日报", "1"),
        ("辽源日报", "1"),
        ("辽源日报", "第二版"),
        ("辽源日报", "10"),
        ("辽源日报", "A2"),
        ("辽源日报", None),
        (None, "1"),
    ]
    assert [one.article_id for one in listed[1:3]] == ["p5.txt/a5", "p5.txt/a8"]
