"""The measures of a division: boundary F1, titles, bylines, summed over pages.

An article counts where it and a true story share nine tenths of their non-space characters, both
ways; title and byline are taken from the article that overlaps a story best, found or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from retrieval.records import Article, Kind

from .records import MadePage, Truth, filled

_SHARED = 0.9


@dataclass(frozen=True, slots=True)
class PageScore:
    """Counts, of one page or many: they add up."""

    articles: int = 0
    predicted: int = 0
    hits: int = 0
    titled: int = 0  # stories that have a title, or were given one
    titles: int = 0  # right ones
    names: int = 0
    names_predicted: int = 0
    names_right: int = 0

    def __add__(self, other: PageScore) -> PageScore:
        return PageScore(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def boundary_f1(self) -> float:
        """How well stories were parted."""
        return 2 * self.hits / max(1, self.articles + self.predicted)

    @property
    def title(self) -> float:
        """The share of titles that were found."""
        return self.titles / max(1, self.titled)

    @property
    def byline_f1(self) -> float:
        """How well the writers' names were found."""
        return 2 * self.names_right / max(1, self.names + self.names_predicted)


def score(page: MadePage, articles: Sequence[Article]) -> PageScore:
    """The counts of one page; furniture is no article."""
    found = [a for a in articles if a.kind is not Kind.FURNITURE]
    areas = [filled(page.text, a.spans) for a in found]
    total = PageScore(predicted=len(found))
    for story in page.stories:
        area = filled(page.text, story.spans)
        best = max(zip(found, areas, strict=True), key=lambda x: _alike(area, x[1]), default=None)
        total += _counts(story, area, *(best or (None, frozenset())))
    return total


def is_found(area: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two areas are the same story."""
    return len(area & other) >= _SHARED * max(len(area), len(other))


def _alike(area: frozenset[int], other: frozenset[int]) -> float:
    """The Jaccard index of two areas."""
    return len(area & other) / max(1, len(area | other))


def _counts(
    story: Truth, area: frozenset[int], best: Article | None, best_area: frozenset[int]
) -> PageScore:
    """The counts of one story against the article that overlaps it best."""
    wanted = [_bare(t) for t in (story.title, *story.other_titles) if t]
    given = _bare(best.title or "") if best else ""
    accepted = [*wanted, "".join(wanted), "".join(reversed(wanted))]
    names, got = set(story.byline), set(best.byline) if best else set()
    return PageScore(
        articles=1,
        hits=int(is_found(area, best_area)),
        titled=int(bool(wanted or given)),
        titles=int(bool(wanted) and bool(best) and given in accepted),
        names=len(names),
        names_predicted=len(got),
        names_right=len(names & got),
    )


def _bare(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s+", "", text)
