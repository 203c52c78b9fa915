"""Question sets over their passages, as retrievers are measured on them.

Labelled sets are whole texts, or the passages that the product would cut of them (a text then
counts by the first of its passages in a ranking). Questions on the seed pages stand among windows
of those pages, alone or beside other news.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.pages import page_of
from retrieval.passages import split_article
from retrieval.records import Page
from retrieval.rows import read_rows
from retrieval.settings import Settings
from retrieval.training.corpus import read_texts
from retrieval.training.evaluate import Task, read_questions, read_task

LABELLED = {
    "cmrc": "cmrc2018_dev_trial",
    "drcd": "drcd_dev_test_TRAD",
    "xquad": "xquad_zh",
    "titles": "xwlb_2025on_title2body",
}
ASKED = ("questions", "questions-alone")
PARAPHRASE = "paraphrase"  # the type of the questions that are reported apart

_OTHER_CHARS = 200  # of a news text, as long as the windows of the pages
# Of the news files, which come first: 54,064 of 135,161 texts, spread evenly.
_NEWS_SHARE = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Queries over passages. ``owner`` (n_passages,) is the text that each passage is of.

    ``relevant`` are the texts that answer each query; ``parts`` are the sets that are reported:
    name → places of their queries.
    """

    queries: tuple[str, ...]
    passages: tuple[str, ...]
    owner: NDArray[np.int64]
    relevant: tuple[frozenset[int], ...]
    parts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where sets are read from; ``others`` is how many news texts stand beside the pages."""

    corpus: Path
    questions: Path
    seeds: Path
    others: int


def read_set(name: str, sources: Sources, *, windows: bool = False) -> Collection:
    """The set called ``name``, one of LABELLED or ASKED.

    With ``windows`` the texts of a labelled set are cut into passages; pages always are windows.
    """
    if name in LABELLED:
        task = read_task(sources.corpus / "eval" / LABELLED[name])
        return _cut(task, f"{name}, passages") if windows else _whole(task, name)
    task = read_questions(sources.questions, sources.seeds, sources.corpus, others=0)
    collection = _whole(task, name)
    kinds = _kinds(sources.questions)
    apart = tuple(i for i, query in enumerate(task.queries) if kinds[query] == PARAPHRASE)
    parts = {**collection.parts, name.replace("questions", "paraphrases"): apart}
    collection = replace(collection, parts={n: places for n, places in parts.items() if places})
    return collection if name == "questions-alone" else _among(collection, sources)


def passages_of(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The passages that the product cuts of each text, with the text's place."""
    settings = Settings()
    for place, text in enumerate(texts):
        page = _page(text, settings)
        for article in read_rows(page)[0]:
            yield from ((place, p.clean.text) for p in split_article(article, settings))


def news(corpus: Path, count: int) -> Iterator[str]:
    """The openings of ``count`` news texts, fewer where the corpus holds fewer."""
    texts = (t for t in read_texts(corpus, share=_NEWS_SHARE) if t.source.startswith("news"))
    for text in islice(texts, count):
        yield "".join(text.sentences)[:_OTHER_CHARS]


def _page(text: str, settings: Settings) -> Page:
    row = json.dumps({"text": text}, ensure_ascii=False)
    return page_of("row.jsonl", row.encode(), settings)


def _whole(task: Task, name: str) -> Collection:
    """The task with each text as one passage."""
    every = tuple(range(len(task.queries)))
    owner = np.arange(len(task.passages))
    return Collection(task.queries, task.passages, owner, task.relevant, {name: every})


def _cut(task: Task, name: str) -> Collection:
    """The task with its texts cut into passages."""
    owner, passages = zip(*passages_of(task.passages), strict=True)
    return replace(_whole(task, name), passages=passages, owner=np.array(owner))


def _among(collection: Collection, sources: Sources) -> Collection:
    """The collection with news texts after its own passages."""
    passages = (*collection.passages, *news(sources.corpus, sources.others))
    return replace(collection, passages=passages, owner=np.arange(len(passages)))


def _kinds(questions: Path) -> dict[str, str]:
    """The type of each question of a JSON Lines file."""
    rows = map(json.loads, questions.read_text(encoding="utf-8").splitlines())
    return {row["question"]: row.get("type", "fact") for row in rows}
