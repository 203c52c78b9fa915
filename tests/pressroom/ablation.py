"""``python -m tests.pressroom.ablation``: what each kind of evidence is worth.

Each kind is switched off in turn, the other weights as they are, and the pages divided anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from retrieval.articles import split_page
from retrieval.clues import WEIGHTS, Clue
from retrieval.pages import page_of
from retrieval.settings import Settings

from .fit import known_pages
from .make import make_page
from .measure import PageScore, score
from .records import Layout, MadePage
from .stories import invented, of_corpus

KINDS: Mapping[str, tuple[Clue, ...]] = {
    "heading marks": (
        Clue.TOP_MARK, Clue.LOW_MARK, Clue.NO_MARK, Clue.INSIDE_TOP_MARK, Clue.SECTION,
    ),
    "looks of a line": (
        Clue.LOOSE, Clue.SHORTFALL, Clue.COMMA, Clue.SMALL_WORDS, Clue.LENGTH,
    ),
    "phrases over a line's end": (Clue.RUNS_IN, Clue.RUNS_OUT, Clue.JOIN_RUNS_IN),
    "openings": (Clue.OPENER, Clue.OPENER_INSIDE, Clue.OPENER_BELOW, Clue.NO_OPENER_BELOW),
    "bylines": (
        Clue.BYLINE_BELOW, Clue.NO_SIGN_BELOW, Clue.PREVIOUS_CLOSED, Clue.UNSIGNED,
        Clue.SIGNED_TWICE, Clue.RESUMED, Clue.NAMES_AFTER_TAIL, Clue.NAMES_FRONT,
    ),
    "captions": (Clue.PHOTO, Clue.CAPTION_INSIDE),
    "notices": (
        Clue.DOCUMENT, Clue.NOTICE_ABOVE, Clue.LIST, Clue.LIST_ABOVE, Clue.PLAIN_ABOVE,
    ),
    "sections and series": (
        Clue.COLUMN_NAME, Clue.ORPHAN, Clue.COLUMN_WORDS, Clue.SERIES,
    ),
    "blank lines": (Clue.GAP, Clue.GAP_TEXT, Clue.NO_GAP),
    "headline in its story": (
        Clue.ABOVE, Clue.BELOW, Clue.INSIDE_ABOVE, Clue.INSIDE_BELOW,
    ),
    "cohesion": (Clue.PARTED, Clue.PARTED_TEXT, Clue.INSIDE_PARTED),
    "the page's habit": (Clue.HABIT,),
    "subheads": (Clue.SIBLING, Clue.NUMBERED, Clue.ATTACHED, Clue.AFTER_INSIDE),
    "scraps and folios": (Clue.SCRAP, Clue.FOLIO),
    "下转, 上接": (Clue.MARK, Clue.MARK_INSIDE, Clue.MARK_BELOW, Clue.MARK_TAIL),
    "what stands below": (Clue.SHORT_BELOW, Clue.NOTHING_BELOW, Clue.STORY_BELOW, Clue.NO_BODY),
}  # fmt: skip


@contextmanager
def without(clues: Sequence[Clue]) -> Iterator[None]:
    """The division with these clues switched off."""
    kept = {clue: WEIGHTS[clue] for clue in clues}
    try:
        WEIGHTS.update({clue: (sign, 0.0) for clue, (sign, _) in kept.items()})
        yield
    finally:
        WEIGHTS.update(kept)


def divided(pages: Sequence[MadePage]) -> PageScore:
    """How well pages are divided, summed over them."""
    settings, total = Settings(), PageScore()
    for page in pages:
        total += score(page, split_page(page_of(page.name, page.text.encode(), settings), settings))
    return total


@click.command()
@click.option("--seeds", default="1000:1100", show_default=True, help="Made pages.")
@click.option("--corpus", type=click.Path(path_type=Path), help="Of its stories, too.")
@click.option(
    "--pages",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    multiple=True,
    help="A folder of pages and the file of their stories.",
)
def main(seeds: str, corpus: Path | None, pages: Sequence[tuple[Path, Path]]) -> None:
    """Print boundary F1 and titles with all the evidence, and with each kind switched off."""
    first, last = map(int, seeds.split(":"))
    shelves = [invented(), *([of_corpus(corpus)] if corpus else [])]
    sets = {
        "made": [make_page(n, layout=None, shelf=s) for s in shelves for n in range(first, last)]
    }
    for folder, truth in pages:
        known = enumerate(known_pages(folder, truth))
        sets[str(folder)] = [MadePage(n, text, tuple(t), Layout.PLAIN) for n, (text, t) in known]
    whole = {name: divided(these) for name, these in sets.items()}
    click.echo(f"{'':26}" + "".join(f"{name[-16:]:>18}" for name in sets))
    click.echo(f"{'all':26}" + "".join(_cell(one, None) for one in whole.values()))
    for kind, clues in KINDS.items():
        with without(clues):
            cells = (_cell(divided(these), whole[name]) for name, these in sets.items())
            click.echo(f"{kind:26}" + "".join(cells))


def _cell(one: PageScore, whole: PageScore | None) -> str:
    """Boundary F1 and titles, or what they lost."""
    if whole is None:
        return f"    {one.boundary_f1:6.3f} {one.title:6.3f} "
    return f"    {one.boundary_f1 - whole.boundary_f1:+6.3f} {one.title - whole.title:+6.3f} "


if __name__ == "__main__":
    main()
