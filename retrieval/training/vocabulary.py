"""The tokeniser: a Unigram model over jieba's words, so that Viterbi takes jieba's own route.

jieba without its hidden Markov model cuts a sentence where the product of the word frequencies is
highest; so does a Unigram model whose scores are log frequencies, in Rust and out of one file.
A word outside the vocabulary falls to shorter words, at last to characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache

from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Sequence as Steps
from tokenizers.pre_tokenizers import Split

from retrieval.tokens import Segmenter

UNKNOWN = "<unk>"
_TEXTS_A_TASK = 2000
# Characters seen less often than this are left to <unk>: too rare to learn anything from.
_MIN_CHAR_COUNT = 5
# Numbers carry little meaning in a vector, and the lexical leg finds them exactly.
_MAX_NUMBERS = 600
_ASCII = "abcdefghijklmnopqrstuvwxyz0123456789"
_WORD = re.compile(r"[㐀-䶿一-鿿]+|[a-z]+|[0-9]+")


def count_words(texts: Iterable[str], *, workers: int = 2) -> Counter[str]:
    """How often each word stands in folded ``texts``: Han words by jieba, Latin and digit runs."""
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for part in pool.map(_count, _tasks(texts)):
            counts.update(part)
    return counts


def build_tokenizer(counts: Counter[str], *, size: int) -> Tokenizer:
    """A Unigram tokeniser of at most ``size`` rows: ``<unk>``, characters, then frequent words."""
    chars: Counter[str] = Counter(dict.fromkeys(_ASCII, _MIN_CHAR_COUNT))
    for word, count in counts.items():
        for char in word:
            chars[char] += count
    singles = [c for c, n in chars.most_common() if n >= _MIN_CHAR_COUNT][: size - 1]
    total = math.log(sum(counts.values()) or 1)
    rows = [(UNKNOWN, 0.0)]
    for word in singles + _frequent_words(counts, size - 1 - len(singles)):
        rows.append((word, round(math.log(max(counts[word], 1)) - total, 4)))
    tokenizer = Tokenizer(Unigram(rows, unk_id=0, byte_fallback=False))
    tokenizer.pre_tokenizer = _runs()
    return tokenizer


def _frequent_words(counts: Counter[str], room: int) -> list[str]:
    """The ``room`` most frequent words of two or more characters, ties in code order."""
    ranked = sorted((-n, w) for w, n in counts.items() if len(w) > 1)
    numbers = [w for _, w in ranked if w.isdigit()]
    dropped = set(numbers[_MAX_NUMBERS:])
    return [w for _, w in ranked if w not in dropped][:room]


def _runs() -> Steps:
    """Runs of letters and runs of digits; all else divides and is dropped."""
    return Steps(
        [
            Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            Split(Regex(r"[0-9]+"), "isolated"),
            Split(Regex(r"[a-z]+"), "isolated"),
        ]
    )


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
