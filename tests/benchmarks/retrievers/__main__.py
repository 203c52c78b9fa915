"""``python -m tests.benchmarks.retrievers``: BM25, vectors, late interaction and hybrids compared."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from retrieval.encoder import open_encoder
from retrieval.folding import fold
from retrieval.settings import EncoderSettings
from retrieval.tokens import Segmenter

from .report import Row, markdown, terminal
from .scores import DEPTH, Values, estimates, values
from .sets import ASKED, LABELLED, Collection, Sources, read_set
from .systems import LEXICAL, SYSTEMS, Meanings, Signals, Words, texts_of

ROOT = Path(__file__).parents[3]
_EVERY = (*LABELLED, *ASKED)
_WIDTH = 240  # columns of the table where the output is no terminal


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared: systems and models by name, all against ``baseline``; the bootstrap's seed."""

    systems: tuple[str, ...]
    models: tuple[str, ...]
    baseline: str
    seed: int


def _names(known: Sequence[str]) -> click.ParamType:
    """A comma-separated list of known names."""

    class Names(click.ParamType):
        name = ",".join(known)

        def convert(self, value: object, *_: object) -> tuple[str, ...]:
            names = value if isinstance(value, tuple) else tuple(str(value).split(","))
            if unknown := [name for name in names if name not in known]:
                self.fail(f"{unknown} is none of {', '.join(known)}")
            return names

    return Names()


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="eval/ and text/")
@click.option("--model", "models", multiple=True, default=("builtin",), show_default=True)
@click.option("--sets", "names", type=_names(_EVERY), default=_EVERY, show_default=True)
@click.option("--systems", type=_names([*SYSTEMS]), default=(*SYSTEMS,), show_default=True)
@click.option("--baseline", type=click.Choice(LEXICAL), default="bm25", show_default=True)
@click.option("--windows", is_flag=True, help="cut labelled texts into passages, as the product")
@click.option(
    "--questions", type=click.Path(path_type=Path), default=ROOT / "tests" / "questions.jsonl"
)
@click.option("--seeds", type=click.Path(path_type=Path), default=ROOT / "seeds")
@click.option("--others", default=50_000, show_default=True, help="news texts beside the pages")
@click.option("--seed", default=0, show_default=True, help="of the bootstrap")
@click.option("--markdown", "path", type=click.Path(path_type=Path), help="write the table there")
def main(
    corpus: Path,
    models: tuple[str, ...],
    names: tuple[str, ...],
    systems: tuple[str, ...],
    baseline: str,
    windows: bool,
    questions: Path,
    seeds: Path,
    others: int,
    seed: int,
    path: Path | None,
) -> None:
    """Print how well each system finds what answers, with 95 % bootstrap intervals."""
    sources = Sources(corpus, questions, seeds, others)
    plan = Plan(systems, models, baseline, seed)
    rows: list[Row] = []
    for name in names:
        print(f"{name}: reading", file=sys.stderr)
        rows += compared(read_set(name, sources, windows=windows), plan)
    Console(width=None if sys.stdout.isatty() else _WIDTH).print(terminal(rows, baseline))
    if path:
        path.write_text(markdown(rows, baseline), encoding="utf-8")


def compared(collection: Collection, plan: Plan) -> Iterator[Row]:
    """A row for each set of the collection, system and model; BM25 is the same for all models."""
    folded = [fold(passage) for passage in collection.passages]
    segmenter = Segmenter.open([])
    with tempfile.TemporaryDirectory() as folder:
        words = Words(folded, segmenter, Path(folder) / "lexicon")
        found: dict[tuple[str, str], Values] = {}
        for model in plan.models:
            encoder = open_encoder(EncoderSettings(model=model))
            meanings = Meanings(folded, encoder, segmenter)
            runs = _runs(collection, (plan.baseline, *plan.systems), meanings, words)
            for system in dict.fromkeys((plan.baseline, *plan.systems)):
                name = "" if system in LEXICAL else Path(model).name
                found[system, name] = values(runs[system], collection.relevant)
    baseline = found[plan.baseline, ""]
    for part, places in collection.parts.items():
        for (system, model), of in found.items():
            if system in plan.systems:
                gain = (of - baseline)[list(places), :1]
                yield Row(
                    part,
                    len(places),
                    len(set(collection.owner.tolist())),
                    system,
                    model,
                    estimates(of[list(places)], seed=plan.seed),
                    None if system == plan.baseline else estimates(gain, seed=plan.seed)[0],
                )


def _runs(
    collection: Collection, systems: Sequence[str], meanings: Meanings, words: Words
) -> dict[str, list[list[int]]]:
    """The texts that each system ranks for each query, best first."""
    runs: dict[str, list[list[int]]] = {system: [] for system in systems}
    for number, query in enumerate(collection.queries, 1):
        signals: Signals = meanings.signals(words.understood(query), words)
        for system in runs:
            runs[system].append(texts_of(SYSTEMS[system](signals), collection.owner, DEPTH))
        if number % 500 == 0:
            print(f"{number} of {len(collection.queries)} queries", file=sys.stderr)
    return runs


if __name__ == "__main__":
    main()
