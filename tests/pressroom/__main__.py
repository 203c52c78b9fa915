"""``python -m tests.pressroom``: makes pages, divides them, and prints how well."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from retrieval.articles import split_page
from retrieval.pages import page_of
from retrieval.records import Article
from retrieval.settings import Settings

from .make import make_page
from .measure import PageScore, score
from .records import Layout, MadePage, Truth, filled
from .stories import invented, of_corpus

_WORST = 12


@click.command()
@click.option(
    "--seeds", default="0:200", show_default=True, help="First seed, and the one after the last."
)
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, exists=True),
    help="A folder with text/news_tv.jsonl.zst.",
)
@click.option(
    "--layout", type=click.Choice([x.value for x in Layout]), help="Every page in this layout."
)
@click.option(
    "--show", type=int, help="Print the page of this seed: true story, article found, line."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--write",
    type=click.Path(path_type=Path),
    help="Write pages and articles.jsonl to this folder.",
)
def main(
    seeds: str,
    corpus: Path | None,
    layout: str | None,
    show: int | None,
    as_json: bool,
    write: Path | None,
) -> None:
    """Print boundary F1, titles and byline F1 of made pages, by layout."""
    shelf = of_corpus(corpus) if corpus else invented()
    fixed = Layout(layout) if layout else None
    first, last = (show, show + 1) if show is not None else map(int, seeds.split(":"))
    pages = [make_page(seed, layout=fixed, shelf=shelf) for seed in range(first, last)]
    if write:
        _write(write, pages)
    elif show is not None:
        click.echo(_shown(pages[0], split(pages[0])))
    else:
        scores = {page: score(page, split(page)) for page in pages}
        click.echo(_as_json(scores) if as_json else _table(scores))


def split(page: MadePage) -> tuple[Article, ...]:
    """What the project makes of a page."""
    settings = Settings()
    return split_page(page_of(page.name, page.text.encode(), settings), settings)


def _totals(scores: Mapping[MadePage, PageScore]) -> dict[str, PageScore]:
    """The sums of each layout, and of all."""
    totals: dict[str, PageScore] = {}
    for page, one in scores.items():
        for name in (page.layout.value, "all"):
            totals[name] = totals.get(name, PageScore()) + one
    return totals


def _figures(one: PageScore) -> dict[str, float]:
    """The measures by name."""
    return {
        "boundary_f1": round(one.boundary_f1, 4),
        "title": round(one.title, 4),
        "byline_f1": round(one.byline_f1, 4),
    }


def _as_json(scores: Mapping[MadePage, PageScore]) -> str:
    """Figures by layout, as one object."""
    return json.dumps({name: _figures(one) for name, one in _totals(scores).items()})


def _table(scores: Mapping[MadePage, PageScore]) -> str:
    """Figures by layout, and the pages that were divided worst."""
    totals = _totals(scores)
    order = [*(x.value for x in Layout if x.value in totals), "all"]
    rows = [f"{'layout':18}{'stories':>8}{'found':>7}{'boundary':>10}{'title':>8}{'byline':>8}"]
    for name in order:
        one = totals[name]
        names = f"{one.byline_f1:8.3f}" if one.names + one.names_predicted else f"{'-':>8}"
        rows.append(
            f"{name:18}{one.articles:8}{one.predicted:7}"
            f"{one.boundary_f1:10.3f}{one.title:8.3f}{names}"
        )
    worst = sorted(scores.items(), key=lambda item: (item[1].boundary_f1, item[0].seed))[:_WORST]
    rows += ["", "worst pages"]
    rows += [f"  {one.boundary_f1:.2f} {p.seed:5} {p.layout} {_faults(p)}" for p, one in worst]
    return "\n".join(rows)


def _faults(page: MadePage) -> str:
    """The faults of a page on one line."""
    return ", ".join(sorted(page.faults)) or "no fault"


def _shown(page: MadePage, articles: tuple[Article, ...]) -> str:
    """The page, each line with the story it belongs to and the article it was put in."""
    rows = [f"{page.name}: {_faults(page)}"]
    start = 0
    for line in page.text.splitlines(keepends=True):
        area = filled(page.text, [(start, start + len(line))])
        true = _owners(area, {str(n): t.spans for n, t in enumerate(page.stories, 1)}, page.text)
        got = _owners(area, {a.id.rpartition("/a")[2]: a.spans for a in articles}, page.text)
        rows.append(f"{true:>4} {got:>4} | {line.rstrip()}")
        start += len(line)
    rows += [f"true  {n} {t.title} {t.byline} {t.kind}" for n, t in enumerate(page.stories, 1)]
    rows += [f"found {a.id.rpartition('/a')[2]} {a.title} {a.byline} {a.kind}" for a in articles]
    rows.append(json.dumps(_figures(score(page, articles))))
    return "\n".join(rows)


def _owners(area: frozenset[int], spans: Mapping[str, Iterable[tuple[int, int]]], text: str) -> str:
    """Which of these the characters of a line belong to."""
    return "+".join(name for name, some in spans.items() if area & filled(text, some))


def _write(folder: Path, pages: list[MadePage]) -> None:
    """Page files, and articles.jsonl with the truth in whole lines."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[str] = []
    for page in pages:
        (folder / page.name).write_bytes(page.text.encode())
        for story in page.stories:
            row = {"id": f"a{len(rows) + 1:02d}", **truth_row(page, story)}
            rows.append(json.dumps(row, ensure_ascii=False))
    (folder / "articles.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def truth_row(page: MadePage, story: Truth) -> dict[str, Any]:
    """A story as its row of articles.jsonl: every line of a page belongs to one story or none."""
    area = filled(page.text, story.spans)
    own: list[int] = []
    other: list[int] = []
    start = 0
    for number, line in enumerate(page.text.splitlines(keepends=True), 1):
        place = filled(page.text, [(start, start + len(line))])
        (own if place & area else other if place else []).append(number)
        start += len(line)
    exclude = [n for n in other if own[0] < n < own[-1]]
    return {
        "file": page.name, "lines": [own[0], own[-1]], "exclude": exclude, "title": story.title,
        "alt_titles": list(story.other_titles), "byline": list(story.byline), "kind": story.kind,
        "date": None, "section": None, "chars": len(area), "note": None,
    }  # fmt: skip


if __name__ == "__main__":
    main()
