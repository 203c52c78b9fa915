"""One command from the corpus to the model: ``python -m retrieval.training --help``.

1. count words and choose which get a row, 2. turn the corpus into row numbers, 3. factor word
company into start vectors, 4. train, 5. export. Steps 1 to 3 and each epoch of 4 leave a file in
the work folder, and a run that finds it goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console

from retrieval.cutters import LongestWords
from retrieval.encoder import open_encoder
from retrieval.errors import JiwenError
from retrieval.settings import EncoderSettings
from retrieval.training.corpus import Pair, read_pairs, read_texts
from retrieval.training.evaluate import SETS, everyday_task, measure, read_task
from retrieval.training.everyday import EVERYDAY, read_everyday
from retrieval.training.export import export
from retrieval.training.fit import Plan, fit
from retrieval.training.model import WordTable
from retrieval.training.samples import asker_numbers, synonym_noise
from retrieval.training.start import rarity, start_vectors
from retrieval.training.store import Store, build_store
from retrieval.training.vocabulary import choose_words, count_words

_log = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Where from, where to, and how large."""

    corpus: Path
    work: Path
    words: int
    dimension: int
    share: float
    seed: int
    threads: int


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="text/ and pairs/")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="the model's folder")
@click.option("--work", type=click.Path(path_type=Path), help="what resumes a run [OUT.work]")
@click.option("--words", default=60000, show_default=True, help="size of the vocabulary")
@click.option("--dimension", default=256, show_default=True)
@click.option("--epochs", default=4, show_default=True)
@click.option("--batch", default=2048, show_default=True, help="examples a step")
@click.option("--rate", default=0.007, show_default=True, help="highest learning rate")
@click.option("--max-steps", type=int, help="of each epoch, for trials")
@click.option("--share", default=1.0, show_default=True, help="of the corpus, for trials")
@click.option("--seed", default=0, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(
    corpus: Path,
    out: Path,
    work: Path | None,
    words: int,
    dimension: int,
    epochs: int,
    batch: int,
    rate: float,
    max_steps: int | None,
    share: float,
    seed: int,
    threads: int,
) -> None:
    """Train the static model on a corpus and write it as a sentence-transformers folder."""
    torch.set_num_threads(threads)
    work = work or out.with_name(out.name + ".work")
    work.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(corpus, work, words, dimension, share, seed, threads)
    plan = Plan(epochs, batch, rate, seed, max_steps)
    try:
        train(recipe, plan, out)
    except JiwenError as error:
        raise click.ClickException(str(error)) from error


def train(recipe: Recipe, plan: Plan, out: Path) -> None:
    """Run the five steps and write the model to ``out``.

    Raises:
        JiwenError: the corpus lacks a file, or the work folder is of another recipe.
    """
    _check(recipe, plan)
    words = _words(recipe)  # 1
    store = _store(recipe, words)  # 2
    start = _start(recipe, store, words)  # 3
    counts = np.bincount(store.flat, minlength=len(start))
    table = WordTable(start, rarity(counts), words)
    noise = synonym_noise(store, len(start), asker_numbers(words))

    def report(number: int, loss: float, seconds: float) -> None:
        export(out, words, table().detach().numpy())  # 5, after each epoch
        _log.print(f"epoch {number} of {plan.epochs}: loss {loss:.3f}, {seconds:.0f} s")
        _log.print(_quality(recipe.corpus, out))

    fit(table, store, noise, plan, folder=recipe.work, report=report)  # 4
    export(out, words, table().detach().numpy())


def _check(recipe: Recipe, plan: Plan) -> None:
    """Note what the work folder is for; raise if it is for something else."""
    path = recipe.work / "recipe.txt"
    mark = repr((recipe.words, recipe.dimension, recipe.share, recipe.seed, plan))
    if not path.is_file():
        path.write_text(mark, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != mark:
        raise JiwenError(
            f"{recipe.work} holds another run ({path.read_text(encoding='utf-8')}, not {mark}):"
            " give another --work, or remove it"
        )


def _words(recipe: Recipe) -> tuple[str, ...]:
    """The words that get a row, from the work folder or the corpus."""
    path = recipe.work / "vocabulary.txt"
    if not path.is_file():
        with _log.status("counting words"):
            counts = count_words(_all_texts(recipe), workers=recipe.threads)
        LongestWords(choose_words(counts, size=recipe.words)).save(path)
    return LongestWords.open(path).listed


def _all_texts(recipe: Recipe) -> Iterator[str]:
    """Everything that words are counted in."""
    for text in read_texts(recipe.corpus, share=recipe.share):
        yield "\n".join((text.title, *text.sentences))
    for pair in _pairs(recipe):
        yield f"{pair.query}\n{pair.passage}"


def _pairs(recipe: Recipe) -> Iterator[Pair]:
    """The pairs of the corpus and our own, less those held out."""
    yield from read_pairs(recipe.corpus, share=recipe.share)
    for source in EVERYDAY:
        yield from read_everyday(source, held=False)


def _store(recipe: Recipe, words: Sequence[str]) -> Store:
    """The corpus as row numbers, from the work folder or the corpus."""
    path = recipe.work / "store.npz"
    if not path.is_file():
        texts = read_texts(recipe.corpus, share=recipe.share)
        with _log.status("reading the corpus"):
            build_store(LongestWords(words), texts, _pairs(recipe)).save(path)
    return Store.load(path)


def _start(recipe: Recipe, store: Store, words: Sequence[str]) -> NDArray[np.float32]:
    """The start vectors, from the work folder or the store."""
    path = recipe.work / "start.npy"
    if not path.is_file():
        with _log.status("factoring start vectors"):
            rows = start_vectors(store, len(words), dimension=recipe.dimension, seed=recipe.seed)
        np.save(path, rows, allow_pickle=False)
    return np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)


def _quality(corpus: Path, model: Path) -> str:
    """What the model finds in the labelled sets, where the corpus has them."""
    encoder = open_encoder(EncoderSettings(model=str(model)))
    folders = [corpus / "eval" / name for name in SETS if (corpus / "eval" / name).is_dir()]
    tasks = [*map(read_task, folders), *map(everyday_task, EVERYDAY)]
    scores = [(task.name, measure(encoder, task)) for task in tasks]
    return "\n".join(f"  {name}: hit@1 {s.hit_1:.3f}, hit@10 {s.hit_10:.3f}" for name, s in scores)


if __name__ == "__main__":
    main()
