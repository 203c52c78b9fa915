"""Question sets asked of the archive, or of worse ones made for the purpose in temporary folders."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec
from rich.console import Console

from bot.places import Places
from bot.progress import shown
from bot.streams import name_skipped
from retrieval.archive import Archive
from retrieval.errors import JiwenError
from retrieval.files import find_files, page_path, takes_sidecar
from retrieval.measures import Floors, Question, Table, below, measure
from retrieval.noise import Noised, misread, noise
from retrieval.pages import decode
from retrieval.qrels import judged, qids, qrels_lines, run_lines, slices
from retrieval.records import Answer, Passage


@dataclass(frozen=True, slots=True)
class Trial:
    """How an archive is made worse: the share of characters misread, and what is added to it."""

    noise: float
    seed: int
    distractors: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What an archive of so many passages answered: the questions as they stand in it, measured."""

    trial: Trial | None
    questions: list[Question]
    answers: list[Answer]
    relevant: list[list[Passage]]
    table: Table
    n_passages: int

    def json(self) -> bytes:
        """The measures as JSON, with what the archive was."""
        row = msgspec.to_builtins(self.table) | {"n_passages": self.n_passages}
        if self.trial is not None:
            names = [path.name for path in self.trial.distractors]
            row |= {"noise": self.trial.noise, "seed": self.trial.seed, "distractors": names}
        return msgspec.json.encode(row)

    def below(self, floors: Floors) -> list[str]:
        """What falls short of its floor, in words."""
        return below(self.table, floors)


def rates(text: str) -> list[float]:
    """The shares of a list such as ``0,0.02``.

    Raises:
        JiwenError: one is no number from 0 to 1.
    """
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = [-1.0]
    if not all(0 <= rate <= 1 for rate in found):
        raise JiwenError(f"--noise {text}: not shares from 0 to 1; give such as 0,0.02,0.1")
    return found


def tried(places: Places, questions: Sequence[Question], trials: Sequence[Trial]) -> list[Run]:
    """What the archive answers, or each of those that the trials make of its seeds.

    Raises:
        JiwenError: an archive cannot be made or read.
    """
    for path in {path for trial in trials for path in trial.distractors}:
        if path.suffix.lower() != ".jsonl" or not path.is_file():
            raise JiwenError(f"{path}: no .jsonl file of articles; give one article a line")
    if not trials:
        return [_asked(places.open_archive(), list(questions), None)]
    runs = []
    for trial in trials:
        with _made_worse(places, questions, trial) as (archive, gold):
            runs.append(_asked(archive, gold, trial))
    return runs


def _asked(archive: Archive, questions: list[Question], trial: Trial | None) -> Run:
    answers = [archive.ask(one.question) for one in questions]
    table = msgspec.structs.replace(
        measure(questions, answers), slices=slices(questions, answers, archive.catalogue)
    )
    relevant = judged(questions, archive.catalogue)
    n_passages = archive.manifest.counts["passages"]
    return Run(trial, questions, answers, relevant, table, n_passages)


@contextmanager
def _made_worse(
    places: Places, questions: Sequence[Question], trial: Trial
) -> Iterator[tuple[Archive, list[Question]]]:
    """The archive of a trial in a folder that lasts as long as it, and the questions for it."""
    settings = places.read_config().archive
    with tempfile.TemporaryDirectory(prefix="jiwen-eval-") as folder:
        seeds, index = Path(folder) / "seeds", Path(folder) / "index"
        pages = _worse_pages(places.seeds, seeds, trial)
        for n, path in enumerate(trial.distractors):
            shutil.copyfile(path, seeds / f"distractors-{n}.jsonl")
        with shown(Console(stderr=True)) as progress:
            report = Archive.build(seeds, index, settings, progress=progress)
        for skipped in report.skipped:
            name_skipped(skipped)
        yield Archive.open(seeds, index, settings), [_as_printed(q, pages) for q in questions]


def _worse_pages(seeds: Path, target: Path, trial: Trial) -> dict[str, Noised]:
    """The noised pages of a seeds folder, by their ids, written to ``target``.

    Rows of ``.jsonl`` files and, where nothing is misread, corrections are taken as they are.
    """
    pages: dict[str, Noised] = {}
    for name in find_files(seeds)[0]:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if trial.noise and takes_sidecar(name):
            text, _ = decode(page_path(seeds, name).read_bytes())
            pages[name] = noise(text, trial.noise, seed=trial.seed)
            path.write_bytes(pages[name].noised.encode())
        elif not trial.noise or PurePosixPath(name).suffix == ".jsonl":
            shutil.copyfile(seeds / name, path)
    return pages


def _as_printed(question: Question, pages: dict[str, Noised]) -> Question:
    """The question with its answers as its noised page prints them."""
    own = [page for name, page in pages.items() if question.file and name.endswith(question.file)]
    return misread(question, own[0]) if own else question


def write_trec(folder: Path, run: Run) -> None:
    """Write ``run.trec`` and ``qrels.trec``, which `trec_eval` and `ir_measures` read.

    Raises:
        JiwenError: they cannot be written there.
    """
    ids = qids(run.questions)
    pairs = list(zip(ids, run.answers, run.relevant, strict=True))
    files = {
        "run.trec": [line for qid, answer, _ in pairs for line in run_lines(qid, answer)],
        "qrels.trec": [line for qid, _, own in pairs for line in qrels_lines(qid, own)],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, lines in files.items():
            (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise JiwenError(f"{folder}: cannot be written ({error.strerror or error})") from error
