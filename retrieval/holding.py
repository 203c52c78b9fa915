"""Which passages hold a phrase letter for letter, and which of them a query leaves over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.phrases import letters_of
from retrieval.records import Query

Rows = NDArray[np.int64]

# The lexicon finds one or two characters of Han as they stand; what is longer must be compared.
_FOUND = re.compile(r"[㐀-䶿一-鿿]{1,2}")


def rows_holding(phrase: str, proposed: Iterable[tuple[int, str]]) -> Rows:
    """The rows of ``proposed``, given with their texts, that hold the folded phrase, spaces apart."""
    sure = bool(_FOUND.fullmatch(phrase))
    rows = [row for row, text in proposed if sure or phrase in letters_of(text)]
    return np.array(rows, dtype=np.int64)


def left_over(
    query: Query,
    rows: Rows,
    *,
    holding: Callable[[str], Rows],
    articles: Callable[[Rows], Rows],
) -> Rows:
    """The rows that the phrases and exclusions of a query leave over, in order.

    A question that asks more of a phrase (“法治进校园”巡讲团去了哪所学校?) looks in the whole
    ``articles`` that hold it: a story names its event once.
    """
    for phrase in query.phrases:
        held = holding(phrase)
        rows = among(rows, articles(held) if asks_more(query) else held)
    for word in query.excluded:
        rows = np.delete(rows, np.searchsorted(rows, among(rows, holding(word))))
    return rows


def among(rows: Rows, few: Rows) -> Rows:
    """Those of ``few`` that are among ``rows``, which are in order and may be very many."""
    few = np.unique(few)
    if not len(rows):
        return rows
    at = np.minimum(np.searchsorted(rows, few), len(rows) - 1)
    found: Rows = few[rows[at] == few]
    return found


def without_phrases(query: Query, sentences: Sequence[str]) -> list[bool]:
    """Which folded sentences to pass over, where others of them hold the phrases asked for.

    A question that asks more may be answered beside its phrase.
    """
    if not query.phrases or asks_more(query):
        return [False] * len(sentences)
    lacking = [any(p not in letters_of(s) for p in query.phrases) for s in sentences]
    return [False] * len(sentences) if all(lacking) else lacking


def asks_more(query: Query) -> bool:
    """Whether a question asks for a kind of answer, in words beside its phrases."""
    beside = [term for term in query.terms if not any(term in phrase for phrase in query.phrases)]
    return bool(query.wants) and bool(beside)
