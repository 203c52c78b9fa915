"""``python -m tests.pressroom.doubt``: how often decisions of each margin are wrong, and how well
the flag finds the pages that are divided wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from pathlib import Path

import click

from retrieval.pages import page_of
from retrieval.review import UNSURE_INSIDE, UNSURE_OPENING, Reading, review_page
from retrieval.settings import Settings

from .make import make_page
from .records import MadePage, filled
from .stories import invented, of_corpus

_EDGES = (0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, inf)
_TRIED = ((1.5, 1.5), (2, 1), (2.5, 1), (2.5, 1.5), (3, 1), (3, 1.5))


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision: whether an article was opened at a block, with what margin, and rightly."""

    opens: bool
    margin: float
    right: bool


@click.command()
@click.option("--seeds", default="0:200", show_default=True, help="First seed, one after the last.")
@click.option("--corpus", type=click.Path(path_type=Path, exists=True))
def main(seeds: str, corpus: Path | None) -> None:
    """Print the share of wrong decisions by margin, and what each pair of thresholds flags."""
    shelf = of_corpus(corpus) if corpus else invented()
    first, last = map(int, seeds.split(":"))
    pages = [judged(make_page(seed, shelf=shelf)) for seed in range(first, last)]
    click.echo("\n".join([*_by_margin(pages), "", *_by_threshold(pages)]))


def judged(page: MadePage) -> list[Judged]:
    """The decisions of a page; a story that opens where nothing was weighed is a wrong one."""
    settings = Settings()
    review = review_page(page_of(page.name, page.text.encode(), settings), settings)
    firsts = [min(filled(page.text, story.spans)) for story in page.stories]
    weighed = [r for r in review.readings if r.margin is not None]
    found = [Judged(r.opens, r.margin or 0.0, r.opens == _holds(r, firsts)) for r in weighed]
    lost = [f for f in firsts if not any(_holds(r, [f]) for r in weighed)]
    return [*found, *(Judged(False, inf, False) for _ in lost)]


def is_doubted(one: Judged, opening: float = UNSURE_OPENING, inside: float = UNSURE_INSIDE) -> bool:
    """Whether a decision is below its threshold."""
    return one.margin < (opening if one.opens else inside)


def _holds(reading: Reading, places: Sequence[int]) -> bool:
    """Whether a block holds one of these places."""
    return any(reading.span[0] <= place < reading.span[1] for place in places)


def _by_margin(pages: Sequence[Sequence[Judged]]) -> Iterator[str]:
    """Decisions and the share of wrong ones, by margin: openings, then all others."""
    yield f"{'margin':>11}{'openings':>10}{'wrong':>7}{'others':>8}{'wrong':>7}"
    every = [one for page in pages for one in page]
    for low, high in pairwise(_EDGES):
        row = f"{low:5}–{high:5}"
        for opens in (True, False):
            here = [x for x in every if x.opens is opens and low <= x.margin < high]
            row += f"{len(here):{10 if opens else 8}}{wrong(here):7.3f}"
        yield row


def _by_threshold(pages: Sequence[Sequence[Judged]]) -> Iterator[str]:
    """What is flagged for each pair of thresholds, those in use first."""
    yield "opening inside  flagged  of wrong pages  of right pages  wrong among doubts"
    erring = [any(not x.right for x in page) for page in pages]
    for opening, inside in ((UNSURE_OPENING, UNSURE_INSIDE), *_TRIED):
        doubted = [[x for x in page if is_doubted(x, opening, inside)] for page in pages]
        hit = sum(bool(d) and e for d, e in zip(doubted, erring, strict=True))
        flagged = sum(map(bool, doubted))
        yield (
            f"{opening:7}{inside:7}{flagged / len(pages):9.3f}{hit / max(1, sum(erring)):16.3f}"
            f"{(flagged - hit) / max(1, len(pages) - sum(erring)):16.3f}"
            f"{wrong([x for d in doubted for x in d]):20.3f}"
        )


def wrong(some: Sequence[Judged]) -> float:
    """The share of wrong decisions."""
    return sum(not x.right for x in some) / max(1, len(some))


if __name__ == "__main__":
    main()
