"""What the archive holds, paper by paper: how much, from when to when, and what is missing.

Everything is added up by the catalogue, so a million articles cost no list of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.catalogue import Catalogue

# A rhythm is told from two weeks of a daily or two months of a weekly, not from less.
_LEAST_STEPS = 8
_WEEKLY = 7  # days: a paper that comes more seldom, or of which scraps are held, has no gaps
# Days from one issue to the next that no daily explains by a weekend and one day of rest.
_PAUSE = 5

_PAPERS = """
SELECT newspaper, count(*), count(DISTINCT page_id), count(DISTINCT date), min(date), max(date),
  count(*) - count(date)
FROM shown GROUP BY newspaper ORDER BY newspaper IS NULL, count(*) DESC, newspaper
"""
_STEPS = """
WITH days AS (SELECT DISTINCT newspaper, date FROM shown WHERE newspaper NOT NULL AND date NOT NULL),
steps AS (
  SELECT newspaper, lag(date) OVER (PARTITION BY newspaper ORDER BY date) AS before, date AS after
  FROM days)
SELECT newspaper, CAST(julianday(after) - julianday(before) AS INTEGER) AS step, {wanted}
FROM steps WHERE before NOT NULL
"""
_USUAL = _STEPS.format(wanted="count(*)") + "GROUP BY newspaper, step ORDER BY newspaper, step"
_WIDE = _STEPS.format(wanted="before, after") + (
    "AND newspaper = :newspaper AND step >= :least ORDER BY after"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """The first and the last ISO day of a stretch without an issue, and how many days it has."""

    first: str
    last: str
    days: int


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a newspaper; ``newspaper`` is ``None`` for what names none.

    ``days`` have an issue, ``first`` and ``last`` among them; ``undated`` articles state no day.
    ``step`` is how many days an issue comes after the one before, mostly; ``None`` where too few
    are held to tell, or they lie so far apart that a missing one cannot be told. ``gaps``, in time,
    are the stretches of at least twice that step that are longer than a weekend and one day more.
    """

    newspaper: str | None
    articles: int
    pages: int  # seed files
    days: int
    first: str | None
    last: str | None
    undated: int
    step: int | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the archive holds; the paper with most articles first, what names none last."""

    articles: int
    pages: int
    undated: int
    papers: tuple[Held, ...]


def holdings(catalogue: Catalogue) -> Holdings:
    """What the archive holds, furniture left out.

    1. count by paper; 2. tell the rhythm of each; 3. look for what breaks it.
    """
    papers = [Held(*row) for row in catalogue.select(_PAPERS)]  # 1
    steps = _steps(catalogue)
    rhythms = [(held, usual(steps.get(held.newspaper, []))) for held in papers]  # 2
    whole = tuple(
        replace(held, step=step, gaps=_gaps(catalogue, held.newspaper, step))  # 3
        for held, step in rhythms
    )
    total = "SELECT count(*), count(DISTINCT page_id), count(*) - count(date) FROM shown"
    ((articles, pages, undated),) = catalogue.select(total)
    return Holdings(articles, pages, undated, whole)


def usual(steps: list[tuple[int, int]]) -> int | None:
    """The median of steps, given as (days, how often) in order; ``None`` where it tells nothing."""
    total = sum(n for _, n in steps)
    if total < _LEAST_STEPS:
        return None
    seen = 0
    for step, n in steps:
        seen += n
        if 2 * seen >= total:
            return step if step <= _WEEKLY else None
    return None


def _steps(catalogue: Catalogue) -> dict[str | None, list[tuple[int, int]]]:
    """How often which number of days lies between two neighbouring issues of each paper."""
    found: dict[str | None, list[tuple[int, int]]] = {}
    for newspaper, step, n in catalogue.select(_USUAL):
        found.setdefault(newspaper, []).append((step, n))
    return found


def _gaps(catalogue: Catalogue, newspaper: str | None, step: int | None) -> tuple[Gap, ...]:
    if step is None:
        return ()
    rows = catalogue.select(_WIDE, newspaper=newspaper, least=max(2 * step, _PAUSE))
    return tuple(
        Gap(_moved(before, 1), _moved(after, -1), days - 1) for _, days, before, after in rows
    )


def _moved(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
