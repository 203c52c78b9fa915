"""Terms of folded text: jieba's words, and character bigrams of every run of Han.

jieba runs in search mode (农业 is found inside 中国农业发展银行) without its hidden Markov model,
whose guesses change with the neighbours; the bigrams find whatever the dictionary cuts otherwise.
This is the only module that imports jieba.
"""

from __future__ import annotations

import hashlib
import io
import logging
import math
import mmap
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jieba

from retrieval.errors import SettingsError

jieba.setLogLevel(logging.WARNING)

_HAN_RUN = re.compile(r"[㐀-䶿一-鿿]{2,}")
_WORD = re.compile(r"[㐀-䶿一-鿿a-z0-9]")
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_PLACE = re.compile(r"[一-鿿]{2,}[市县区镇乡村屯]")
_NAMES = frozenset({"nr", "ns", "nt"})  # jieba's tags of people, places and bodies
_CACHED_WORDS = 4096
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text is indexed by, in reading order, repeats kept."""

    words: tuple[str, ...]
    bigrams: tuple[str, ...]


class Segmenter:
    """A jieba tokeniser with the archive's own words, opened once."""

    def __init__(self, tokenizer: Any, fingerprint: str) -> None:  # noqa: ANN401 -- jieba is untyped
        self._tokenizer = tokenizer
        with tokenizer.get_dict_file() as file:
            self._dictionary = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.fingerprint = fingerprint
        self.is_name = lru_cache(_CACHED_WORDS)(self._is_name)

    @classmethod
    def open(cls, words: Sequence[str], *, cache: Path | None = None) -> Segmenter:
        """A segmenter for folded text that knows ``words``, lines of a jieba user dictionary.

        ``cache`` is the folder for jieba's prefix table; without one it is built in memory.

        Raises:
            SettingsError: a line is no dictionary entry.
        """
        tokenizer = jieba.Tokenizer()
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)
            tokenizer.tmp_dir = str(cache)
        tokenizer.initialize()
        for line in words:
            _check(line)
        tokenizer.load_userdict(io.StringIO("\n".join(words)))
        digest = hashlib.sha256("\n".join([jieba.__version__, *words]).encode()).hexdigest()
        return cls(tokenizer, digest)

    def words(self, folded: str) -> list[tuple[str, int, int]]:
        """The words of folded text with their ranges, punctuation and spaces left out."""
        found = self._tokenizer.tokenize(folded, HMM=False)
        return [(w, a, b) for w, a, b in found if _WORD.search(w)]

    def _is_name(self, word: str) -> bool:
        """Whether a word names a person, a place or a body, or is unknown to the dictionary.

        Such a word is looked for as it is written: no other name is like it.
        """
        if not _HAN.search(word) or word not in self._tokenizer.FREQ:
            return True
        return self._tag(word)[:2] in _NAMES or bool(_PLACE.fullmatch(word))

    def _tag(self, word: str) -> str:
        """The part of speech that the user's or jieba's own dictionary gives a word, or nothing.

        jieba keeps no tags in memory (its tagger reads the dictionary again, in half a second), so
        the one line is looked up in the file.
        """
        if word in self._tokenizer.user_word_tag_tab:
            return str(self._tokenizer.user_word_tag_tab[word])
        at = self._dictionary.find(f"\n{word} ".encode())
        line = self._dictionary[at + 1 : self._dictionary.find(b"\n", at + 1)] if at >= 0 else b""
        return line.decode().rpartition(" ")[2]

    def rarity(self, word: str) -> float:
        """How telling a word is by its frequency in general Chinese, 0 (的) to 1 (unknown)."""
        frequency = max(self._tokenizer.FREQ.get(word, 0), 1)
        return 1 - math.log(frequency) / math.log(self._tokenizer.total)

    def terms(self, folded: str) -> Terms:
        """The search-mode words and the character bigrams of folded text."""
        words = (w for w in self._tokenizer.lcut_for_search(folded, HMM=False) if _WORD.search(w))
        return Terms(tuple(words) + tuple(numbers(folded)), tuple(bigrams(folded)))


def numbers(folded: str) -> list[str]:
    """The decimal and percent numbers of folded text, which jieba cuts at the point."""
    return [n for n in _NUMBER.findall(folded) if not n.isdigit()]


def bigrams(folded: str) -> list[str]:
    """Every two neighbouring Han characters of folded text."""
    runs: Iterable[str] = _HAN_RUN.findall(folded)
    return [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


def _check(line: str) -> None:
    """Raise unless ``line`` reads ``word [frequency [tag]]``."""
    fields = line.split()
    if len(fields) in (1, 2, 3) and (len(fields) == 1 or fields[1].isdigit()):
        return
    raise SettingsError(
        f"user dictionary: {line!r} is not 'word [frequency [tag]]'; mend that line of userdict.txt"
    )
