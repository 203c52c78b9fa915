"""Measures builds, updates, starts and questions as an archive grows, beside two simple stacks.

    python -m tests.benchmarks.scale CORPUS [--passages 5,10000,100000,1000000] [--json FILE]
        [--plot docs/scale.svg] [--readme README.md]
    python -m tests.benchmarks.scale --figures docs/scale.json --plot … --readme …

CORPUS is the folder of ``text/news_*.jsonl.zst``. Prints the machine, the versions and a table in
Markdown; every step is a process of its own. The last size takes some half an hour. bm25s stands
beside it where it is installed (``pip install 'jiwen[bench]'``).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.settings import read_config
from retrieval.files import find_files
from retrieval.measures import read_questions
from tests.benchmarks.scale.drawing import drawing
from tests.benchmarks.scale.given import Given, Told
from tests.benchmarks.scale.machine import machine
from tests.benchmarks.scale.material import SEED, passages_of, write_pages
from tests.benchmarks.scale.runs import ROOT, Figures, measured
from tests.benchmarks.scale.steps import STEPS
from tests.benchmarks.scale.table import about, table, with_block

SEEDS = ROOT / "seeds"
QUESTIONS = ROOT / "tests" / "questions.jsonl"
FIVE = 5  # pages: the seeds as they are, without anything of the corpus
Bar = Callable[[str], Told]


@click.command(help=__doc__)
@click.argument("corpus", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--passages", default="5,10000,100000", show_default=True, help="5: the five pages")
@click.option("--seed", default=SEED, show_default=True, help="of what varies in the pages")
@click.option("--limit-gb", default=12.0, show_default=True, help="memory that a step may take")
@click.option("--json", "into", type=click.Path(path_type=Path), help="write all figures")
@click.option("--figures", type=click.Path(path_type=Path, exists=True), help="measure nothing")
@click.option("--plot", type=click.Path(path_type=Path), help="write the drawing")
@click.option("--readme", type=click.Path(path_type=Path, exists=True), help="rewrite its table")
@click.option("--temporary", type=click.Path(path_type=Path, exists=True), help="room for indexes")
def main(
    corpus: Path | None, passages: str, seed: int, limit_gb: float, into: Path | None,
    figures: Path | None, plot: Path | None, readme: Path | None, temporary: Path | None,
) -> None:  # fmt: skip
    """Print the table, and write it where it is wanted."""
    if figures:
        found = json.loads(figures.read_text(encoding="utf-8"))
    elif corpus is None:
        raise click.UsageError("give the folder of a corpus, or --figures FILE")
    else:
        sizes = [int(size) for size in passages.split(",")]
        found = {"machine": machine(seed), "sizes": []}
        for size in sizes:
            found["sizes"].append(_sized(corpus, size, (seed, limit_gb * 1024, temporary)))
            _written(found, into)  # what comes later may die
    print(f"{about(found['machine'])}\n\n{table(found['sizes'])}")
    if plot:
        plot.write_text(drawing(found["sizes"]), encoding="utf-8")
    if readme:
        text = readme.read_text(encoding="utf-8")
        readme.write_text(with_block(text, found), encoding="utf-8")


def _written(found: dict[str, Any], into: Path | None) -> None:
    if into:
        into.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _sized(corpus: Path, size: int, how: tuple[int, float, Path | None]) -> Figures:
    """What is measured of an archive of so many passages."""
    seed, limit_mb, room = how
    questions = [one.question for one in read_questions(QUESTIONS)]
    with tempfile.TemporaryDirectory(dir=room) as home, _bars(f"{size:,}") as bar:
        seeds = Path(home, "seeds")
        pages(corpus, seeds, size, seed=seed, tell=bar("pages"))
        return measured(
            Given.of(seeds, Path(home), questions), list(STEPS), limit_mb=limit_mb, told=bar
        )


def pages(corpus: Path, seeds: Path, size: int, *, seed: int, tell: Told) -> None:
    """The five pages, to which the questions are, and of the corpus as many as are wanted."""
    shutil.copytree(SEEDS, seeds)
    if size == FIVE:
        return
    settings = read_config(None).archive
    own = sum(passages_of(seeds, page, settings) for page in find_files(seeds)[0])
    write_pages(corpus, seeds, size - own, seed=seed, tell=lambda n: tell("pages", n + own, size))


@contextmanager
def _bars(size: str) -> Iterator[Bar]:
    """For each step a callback that shows how far it is, on stderr."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def bar(step: str) -> Told:
            task = progress.add_task(f"{size}: {step}", total=None)

            def tell(stage: str, done: int, total: int) -> None:
                named = f"{size}: {step}" + (f", {stage}" if stage != step else "")
                progress.update(task, description=named, completed=done, total=total or None)

            return tell

        yield bar


if __name__ == "__main__":
    main()
