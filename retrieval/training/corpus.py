"""Texts and pairs of the training corpus, folded; ``eval/`` is for measuring and is not read.

Layout: ``text/*.jsonl.zst`` with rows ``{title, text}`` and ``pairs/*.jsonl.zst`` with rows
``{query, passage}``, UTF-8, Zstandard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import JiwenError
from retrieval.folding import fold

TEXTS = ("news_tv", "news_web", "official", "general")
PAIRS = ("cmrc2018_train", "dialogue_entity", "abstracts", "instructions", "synonyms")

_AROUND_CHARS = 200

# A sentence ends with its full stop and what closes it; line ends divide too.
_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;]*[\"'」』)]*|\n+")
# Web news opens with "IT之家 8 月 16 日消息": the spaces are typesetting.
_GAP = re.compile(r"(?<=[一-鿿0-9])[ \t]+(?=[一-鿿0-9])")


@dataclass(frozen=True, slots=True)
class Text:
    """One news item, law or paragraph; ``title`` may be empty, ``sentences`` may not."""

    source: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, title or word, and what it should find."""

    source: str
    query: str
    passage: str


def read_texts(corpus: Path, *, share: float = 1.0) -> Iterator[Text]:
    """The texts of ``corpus``, folded and cut into sentences, a ``share`` of each file evenly.

    Raises:
        JiwenError: a file is missing.
    """
    for source in TEXTS:
        for row in _rows(corpus / "text" / f"{source}.jsonl.zst", share):
            text = _GAP.sub("", fold(row["text"]))
            sentences = tuple(s for s in _SENTENCE.findall(text) if s.strip())
            if sentences:
                yield Text(source, _GAP.sub("", fold(row.get("title") or "")), sentences)


def read_pairs(corpus: Path, *, share: float = 1.0) -> Iterator[Pair]:
    """The pairs of ``corpus``, folded, a ``share`` of each file evenly.

    Raises:
        JiwenError: a file is missing.
    """
    for source in PAIRS:
        for row in _rows(corpus / "pairs" / f"{source}.jsonl.zst", share):
            query, passage = fold(row["query"]), _GAP.sub("", fold(row["passage"]))
            if "answer" in row:
                passage = _around(passage, fold(row["answer"]), query)
            if query and passage:
                yield Pair(source, query, passage)


def _around(paragraph: str, answer: str, query: str) -> str:
    """The sentences around the one that answers, about as long as a passage of the archive.

    Of several sentences that hold ``answer``, the one with most characters of ``query``.
    """
    sentences = _SENTENCE.findall(paragraph)
    holding = [i for i, sentence in enumerate(sentences) if answer in sentence]
    if not holding:
        return paragraph
    first = max(holding, key=lambda i: len(set(sentences[i]) & set(query)))
    last = first + 1
    while sum(map(len, sentences[first:last])) < _AROUND_CHARS and last - first < len(sentences):
        first, last = max(0, first - 1), min(len(sentences), last + 1)
    return "".join(sentences[first:last])


def _rows(path: Path, share: float) -> Iterator[dict[str, str]]:
    """The rows of one file, an evenly spread ``share`` of them, the first always."""
    import zstandard  # of the training extra: who adapts the model has no corpus and needs none

    if not path.is_file():
        raise JiwenError(f"no file {path}: give the corpus folder (text/, pairs/) as --corpus")
    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number * share % 1 < share:
                yield json.loads(line)
