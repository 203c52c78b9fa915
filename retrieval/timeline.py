"""When a term stood in print: how many articles a month, none left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from retrieval import tally
from retrieval.catalogue import Catalogue
from retrieval.folding import bare
from retrieval.records import Scope
from retrieval.tally import Shelf

_MONTH_CHARS = 7  # of an ISO day: 2021-01


@dataclass(frozen=True, slots=True)
class Timeline:
    """The articles in whose headline or body ``term`` stands, folded and without white space.

    ``months`` are ISO months in time, those with none left out; ``undated`` articles stand in no
    month, ``misread`` more hold a look-alike of the term and are not counted. ``held`` are the
    months of their years of which the archive holds anything at all.
    """

    term: str
    articles: int
    undated: int
    misread: int
    months: tuple[tuple[str, int], ...]
    held: tuple[str, ...]


def timeline(term: str, shelf: Shelf) -> Timeline:
    """The timeline of a term, as it stands word for word; a story on two pages counts once."""
    wanted, _ = bare(term)
    found = tally.verbatim(wanted, Scope(), shelf)
    days = [story.day for story in found.stories if story.day]
    months = sorted(Counter(day[:_MONTH_CHARS] for day in days).items())
    return Timeline(
        term=wanted,
        articles=len(found.stories),
        undated=len(found.stories) - len(days),
        misread=found.misread,
        months=tuple(months),
        held=_held(shelf.catalogue, months[0][0], months[-1][0]) if months else (),
    )


def _held(catalogue: Catalogue, first: str, last: str) -> tuple[str, ...]:
    """The months of the years from the first to the last of which something is held."""
    query = "SELECT DISTINCT substr(date, 1, 7) FROM shown WHERE date BETWEEN :first AND :last ORDER BY 1"
    year = slice(4)
    rows = catalogue.select(query, first=f"{first[year]}-01-01", last=f"{last[year]}-12-31")
    return tuple(month for (month,) in rows)
