"""Retrieval measured: ``python -m retrieval.training.evaluate FOLDER --corpus CORPUS``.

Prints hit@1, hit@10 and the mean reciprocal rank of the labelled sets under ``CORPUS/eval``, beside
those of random vectors over the same tokeniser, which find what shares rare words at best.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Column, Table

from retrieval.cutters import open_cutter
from retrieval.encoder import Encoder, StaticEncoder, Vectors, open_encoder
from retrieval.folding import fold
from retrieval.modelfiles import read_modules
from retrieval.settings import EncoderSettings
from retrieval.training.corpus import read_texts
from retrieval.training.everyday import EVERYDAY, read_everyday
from retrieval.wordrows import WordRows

SETS = ("cmrc2018_dev_trial", "drcd_dev_test_TRAD", "xquad_zh", "xwlb_2025on_title2body")
_WINDOW_CHARS = 200
_STEP_CHARS = 100
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Task:
    """Queries, passages, and for each query the places of the passages that answer it."""

    name: str
    queries: tuple[str, ...]
    passages: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of queries, and the mean reciprocal rank of the first relevant passage."""

    hit_1: float
    hit_10: float
    mrr: float


def read_task(folder: Path) -> Task:
    """The labelled set in ``folder``, in BEIR's layout."""
    passages = list(_rows(folder / "corpus.jsonl"))
    place = {row["_id"]: i for i, row in enumerate(passages)}
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    relevant: dict[str, set[int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, passage, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(query, set()).add(place[passage])
    return Task(
        folder.name,
        tuple(queries[q] for q in relevant),
        tuple(row["text"] for row in passages),
        tuple(frozenset(found) for found in relevant.values()),
    )


def read_questions(questions: Path, seeds: Path, corpus: Path, *, others: int) -> Task:
    """Questions on the seed pages, among windows of those pages and ``others`` news texts.

    A window answers when it holds the first 20 characters of an evidence, spaces apart.
    """
    pages = {p.name: _bare(p.read_text(encoding="utf-8")) for p in sorted(seeds.glob("*.txt"))}
    windows = [
        (name, text[at : at + _WINDOW_CHARS])
        for name, text in pages.items()
        for at in range(0, len(text), _STEP_CHARS)
    ]
    asked, relevant = [], []
    for row in _rows(questions):
        needles = [_bare(evidence)[:20] for evidence in row.get("evidence") or []]
        right = {i for i, (_, text) in enumerate(windows) if any(n in text for n in needles)}
        if right:
            asked.append(row["question"])
            relevant.append(frozenset(right))
    passages = [text for _, text in windows] + list(_distractors(corpus, others))
    return Task("questions", tuple(asked), tuple(passages), tuple(relevant))


def everyday_task(source: str) -> Task:
    """The held-out everyday words or questions, among all right sides of their list."""
    held = list(read_everyday(source, held=True))
    others = read_everyday(source, held=False)
    passages = list(dict.fromkeys(pair.passage for pair in (*held, *others)))
    place = {passage: i for i, passage in enumerate(passages)}
    relevant: dict[str, set[int]] = {}
    for pair in held:
        relevant.setdefault(pair.query, set()).add(place[pair.passage])
    found = tuple(map(frozenset, relevant.values()))
    return Task(source, tuple(relevant), tuple(passages), found)


def measure(encoder: Encoder, task: Task) -> Score:
    """How well ``encoder`` alone finds what answers."""
    return score(ranks(encoder, task, encoder.encode_passages(task.passages)))


def score(found: NDArray[np.int64]) -> Score:
    """The measures of the ranks ``found``."""
    return Score(float((found <= 1).mean()), float((found <= 10).mean()), float((1 / found).mean()))


def ranks(encoder: Encoder, task: Task, passages: Vectors) -> NDArray[np.int64]:
    """The rank of each query's best relevant passage, from 1; ``passages`` are their vectors."""
    found = []
    for first in range(0, len(task.queries), _BLOCK):
        block = task.queries[first : first + _BLOCK]
        queries = np.stack([encoder.encode_query(query) for query in block])
        relevant = task.relevant[first : first + _BLOCK]
        found += [
            _rank(row, right) for row, right in zip(queries @ passages.T, relevant, strict=True)
        ]
    return np.array(found, dtype=np.int64)


def random_twin(folder: Path, dimension: int, *, seed: int = 0) -> StaticEncoder:
    """An encoder with the words of the static model in ``folder`` and normal random rows."""
    cutter = open_cutter(folder / read_modules(folder)[0]["path"])
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((cutter.n_rows, dimension), dtype=np.float32)
    scale = np.ones(len(rows), dtype=np.float32)
    return StaticEncoder(cutter, WordRows(rows, scale), EncoderSettings(model="random"), folder)


def _rank(scores: NDArray[np.float32], relevant: frozenset[int]) -> int:
    """The rank of the best relevant passage, from 1; others with its score go before it."""
    right = scores[sorted(relevant)]
    best = right.max()
    return 1 + int((scores >= best).sum()) - int((right >= best).sum())


def _bare(text: str) -> str:
    """``text`` folded, without the spaces and line ends of its layout."""
    return "".join(fold(text).split())


def _distractors(corpus: Path, count: int) -> Iterator[str]:
    """The openings of ``count`` news items."""
    for number, text in enumerate(read_texts(corpus, share=0.3)):
        if number >= count:
            return
        yield "".join(text.sentences)[:_WINDOW_CHARS]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--corpus", type=click.Path(path_type=Path), required=True)
@click.option("--questions", type=click.Path(path_type=Path), help="JSON Lines: question, evidence")
@click.option("--seeds", type=click.Path(path_type=Path), help="the pages the questions are on")
@click.option("--others", default=5000, show_default=True, help="news texts beside the pages")
def main(
    model: Path, corpus: Path, questions: Path | None, seeds: Path | None, others: int
) -> None:
    """Measure the model folder MODEL, and random vectors in its place."""
    encoder = open_encoder(EncoderSettings(model=str(model)))
    encoders: list[Encoder] = [encoder]
    if isinstance(encoder, StaticEncoder):
        encoders.append(random_twin(model, encoder.dimension))
    tasks = [read_task(corpus / "eval" / name) for name in SETS]
    tasks += map(everyday_task, EVERYDAY)
    if questions and seeds:
        tasks.append(read_questions(questions, seeds, corpus, others=others))
    Console().print(_report(tasks, encoders))


def _report(tasks: Sequence[Task], encoders: Sequence[Encoder]) -> Table:
    """The table of all measures, a row for each set and encoder."""
    table = Table(
        Column("set", no_wrap=True), "queries", "texts", "model", "hit@1", "hit@10", "MRR"
    )
    for task in tasks:
        for encoder in encoders:
            score = measure(encoder, task)
            figures = (f"{x:.3f}" for x in (score.hit_1, score.hit_10, score.mrr))
            sizes = str(len(task.queries)), str(len(task.passages))
            table.add_row(task.name, *sizes, Path(encoder.name).name, *figures)
    return table


if __name__ == "__main__":
    main()
