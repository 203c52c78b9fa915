"""The product itself, through its one facade."""

from __future__ import annotations

from pathlib import Path

from bot.settings import read_config
from retrieval.archive import Archive

from .records import Ask, Job, K, Reply, Shown


def jiwen(job: Job) -> Ask:
    """The archive, built of the job's seeds with the settings as they are shipped."""
    settings = read_config().archive
    seeds, index = Path(job.seeds), Path(job.folder) / "index"
    Archive.build(seeds, index, settings)
    archive = Archive.open(seeds, index, settings)

    def ask(question: str) -> Reply:
        answer = archive.ask(question)
        shown = [Shown(q.source.file, q.spans, q.text) for q in answer.quotes[:K]]
        return Reply(tuple(shown), answer.verdict)

    return ask
