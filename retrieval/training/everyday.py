"""Everyday words and what newspapers print for them: our own lists, beside this file.

``everyday_words.tsv``: an everyday word or short phrase, TAB, what a paper prints, parted by ``|``.
``everyday_questions.tsv``: a question as typed on a phone, TAB, a sentence that answers it; both
are made up, in the manner of a local daily, and state no facts. Every fifth line, by its left
side's checksum, is held out: no training reads it, so what is learnt can be measured on it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from retrieval.folding import fold
from retrieval.training.corpus import Pair

WORDS, QUESTIONS = "everyday", "colloquial"
EVERYDAY = (WORDS, QUESTIONS)
FOLDER = Path(__file__).parent
_FILES = {WORDS: "everyday_words.tsv", QUESTIONS: "everyday_questions.tsv"}
_HELD = 5  # one line in this many is held out


def read_everyday(source: str, *, held: bool) -> Iterator[Pair]:
    """The pairs of one list, folded, one for each right side; the ``held`` out ones or the rest."""
    lines = (FOLDER / _FILES[source]).read_text(encoding="utf-8").splitlines()
    for line in lines:
        said, printed = line.split("\t")
        if is_held(said) is held:
            for form in printed.split("|"):
                yield Pair(source, fold(said), fold(form))


def is_held(said: str) -> bool:
    """Whether the line with this left side is held out."""
    return zlib.crc32(said.encode()) % _HELD == 0
