"""The words that get a row: the most frequent words of jieba's dictionary, and all characters.

A word outside the list falls to shorter words, at last to characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache

from retrieval.tokens import Segmenter

_TEXTS_A_TASK = 2000
# Characters seen less often than this get no row: too rare to learn anything from.
_MIN_CHAR_COUNT = 5
# Numbers carry little meaning in a vector, and the lexical leg finds them exactly.
_MAX_NUMBERS = 600
_WORD = re.compile(r"[㐀-䶿一-鿿]+|[a-z]+|[0-9]+")


def count_words(texts: Iterable[str], *, workers: int = 2) -> Counter[str]:
    """How often each word stands in folded ``texts``: Han words by jieba, Latin and digit runs."""
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for part in pool.map(_count, _tasks(texts)):
            counts.update(part)
    return counts


def choose_words(counts: Counter[str], *, size: int) -> list[str]:
    """The at most ``size`` words that get a row: characters first, then words, frequent first.

    Single letters and digits get none: what falls to them says nothing.
    """
    chars: Counter[str] = Counter()
    for word, count in counts.items():
        for char in word:
            chars[char] += count
    singles = [c for c, n in chars.most_common() if n >= _MIN_CHAR_COUNT and not c.isascii()]
    singles = singles[:size]
    return singles + _frequent_words(counts, size - len(singles))


def _frequent_words(counts: Counter[str], room: int) -> list[str]:
    """The ``room`` most frequent words of two or more characters, ties in code order."""
    ranked = sorted((-n, w) for w, n in counts.items() if len(w) > 1)
    numbers = [w for _, w in ranked if w.isdigit()]
    dropped = set(numbers[_MAX_NUMBERS:])
    return [w for _, w in ranked if w not in dropped][:room]


def _tasks(texts: Iterable[str]) -> Iterable[list[str]]:
    """``texts`` in lists short enough to share among processes."""
    task: list[str] = []
    for text in texts:
        task.append(text)
        if len(task) == _TEXTS_A_TASK:
            yield task
            task = []
    yield task


@cache
def _segmenter() -> Segmenter:
    """The segmenter with jieba's own dictionary only, opened once a process."""
    return Segmenter.open(())


def _count(texts: list[str]) -> Counter[str]:
    """The words of ``texts`` and how often they stand there."""
    counts: Counter[str] = Counter()
    for text in texts:
        for word, _, _ in _segmenter().words(text):
            counts.update(_WORD.findall(word))
    return counts
