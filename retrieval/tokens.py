"""Terms of folded text: jieba's words, and character bigrams of every run of Han.

jieba runs in search mode (农业 is found inside 中国农业发展银行) without its hidden Markov model,
whose guesses change with the neighbours; the bigrams find whatever the dictionary cuts otherwise.
This is the only module that imports jieba, and rjieba, which cuts alike and eight times as fast.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import logging
import math
import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from operator import add
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jieba
import msgspec

from retrieval.errors import SettingsError
from retrieval.seals import vouch, vouched

jieba.setLogLevel(logging.WARNING)

_HAN_RUN = re.compile(r"[㐀-䶿一-鿿]{2,}")
_WORD = re.compile(r"[㐀-䶿一-鿿a-z0-9]")
_PLACE = re.compile(r"[一-鿿]{2,}[市县区镇乡村屯]")
_NAMES = frozenset({"nr", "ns", "nt"})  # the tags of people, places and bodies in a user dictionary
_COMMON = 500  # 开发区 and 自治区 are common words, 榆树市 is not
_ENTRY = re.compile(r"\S+(?: \d+)?(?: [a-z]+)?")
_TABLE = "jieba.cache"  # as jieba calls it
_NOWHERE = "\0\0"  # stands in no text
_OWN = "own-words-{}.json"  # by the words' fingerprint: what is in it never changes
_FINGERPRINT_CHARS = 16
# The releases of rjieba whose dictionary is jieba's, word for word and count for count (a test holds
# it). It opens in 0.1 s; any other is filled from jieba's, which takes a second to open and copy.
_SAME_DICTIONARY = {"0.2.2"}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text is indexed by, in reading order, repeats kept."""

    words: tuple[str, ...]
    bigrams: tuple[str, ...]


class _Own(msgspec.Struct, frozen=True):
    """How often jieba counts each of the archive's own words, and the sum of what it counts twice.

    jieba counts a word of the user dictionary to what it had before.
    """

    counts: dict[str, int]
    twice: int


class Segmenter:
    """A jieba tokeniser with the archive's own words; jieba is opened when it is first needed."""

    def __init__(
        self,
        entries: Sequence[str],
        fingerprint: str,
        *,
        cache: Path | None,
        cut: Callable[[str], list[str]] | None = None,
    ) -> None:
        self._entries = tuple(entries)
        self.fingerprint = fingerprint
        self._cache = cache
        self._cut = cut

    @classmethod
    def of(cls, words: Sequence[str], *, cache: Path | None = None) -> Segmenter:
        """A segmenter for folded text that knows ``words``, lines of a jieba user dictionary.

        ``cache`` is the folder for jieba's prefix table; without one it is built in memory.

        Raises:
            SettingsError: a line is no dictionary entry.
        """
        words = [_entry(line) for line in words]
        digest = hashlib.sha256("\n".join([jieba.__version__, *words]).encode()).hexdigest()
        return cls(words, digest, cache=cache)

    @classmethod
    def open(cls, words: Sequence[str], *, cache: Path | None = None) -> Segmenter:
        """The segmenter ``of`` these words, with jieba open."""
        segmenter = cls.of(words, cache=cache)
        segmenter.ready()
        return segmenter

    def ready(self) -> None:
        """Nothing, once jieba is open: half a second that no question should wait for."""
        _ = self._tokenizer

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 -- jieba is untyped
        return _tokenizer(self._entries, self._cache)

    def hurried(self) -> Segmenter:
        """A segmenter of the same terms that cuts eight times as fast, for whole pages.

        rjieba follows the same route through the same words where it knows each as often as jieba
        does, and the same sum.
        """
        cut = partial(self._quick.cut_for_search, hmm=False)
        return Segmenter(self._entries, self.fingerprint, cache=self._cache, cut=cut)

    @cached_property
    def _quick(self) -> Any:  # noqa: ANN401 -- rjieba is untyped
        import rjieba  # what only builds need

        same = importlib.metadata.version("rjieba") in _SAME_DICTIONARY
        own = self.own_words()
        if same and all(own.counts.values()):  # a word that counts nothing is taken out of jieba's
            quick, known = rjieba.Jieba(), own.counts
        else:
            known = {word: n for word, n in self._tokenizer.FREQ.items() if n}
            quick = rjieba.Jieba.empty()  # type: ignore[no-untyped-call]  # as it ships
        for word, count in known.items():
            quick.add_word(word, count, None)
        if own.twice:
            quick.add_word(_NOWHERE, own.twice, None)
        return quick

    def own_words(self) -> _Own:
        """What jieba makes of the archive's own words: kept in the cache, or it is opened for it."""
        name = _OWN.format(self.fingerprint[:_FINGERPRINT_CHARS])
        path = None if self._cache is None else self._cache / name
        if path and vouched(path):
            with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
                return msgspec.json.decode(path.read_bytes(), type=_Own)
        known = self._tokenizer.FREQ
        counts = {word: known[word] for word in (line.split()[0] for line in self._entries)}
        own = _Own(counts, self._tokenizer.total - sum(known.values()))
        if path:
            _keep(path, msgspec.json.encode(own))
        return own

    def cut(self, folded: str) -> list[str]:
        """The pieces of folded text in search mode: its words, and what stands between them."""
        cut = self._cut or partial(self._tokenizer.lcut_for_search, HMM=False)
        return cut(folded)

    def words(self, folded: str) -> list[tuple[str, int, int]]:
        """The words of folded text with their ranges, punctuation and spaces left out."""
        found = self._tokenizer.tokenize(folded, HMM=False)
        return [(w, a, b) for w, a, b in found if says(w)]

    def is_name(self, word: str) -> bool:
        """Whether a word is looked for as it is written: no other name is like it.

        So is a word that the dictionaries do not hold; people and firms are among them.
        """
        return self.is_listed(word) or not self._tokenizer.FREQ.get(word)

    def is_word(self, word: str) -> bool:
        """Whether a dictionary holds the word."""
        return bool(self._tokenizer.FREQ.get(word))

    def is_listed(self, word: str) -> bool:
        """Whether the user dictionary or its own ending says that a word names a place or body.

        jieba's tags are passed over, since they call 小姑娘 a person and 河水 a place.
        """
        if tag := self._tokenizer.user_word_tag_tab.get(word):
            return str(tag) in _NAMES
        rare = self._tokenizer.FREQ.get(word, 0) < _COMMON
        return rare and bool(_PLACE.fullmatch(word))

    def is_place(self, word: str) -> bool:
        """Whether the user dictionary or its own ending says that a word names a place."""
        tag = self._tokenizer.user_word_tag_tab.get(word)
        return str(tag) == "ns" if tag else self.is_listed(word)

    def rarity(self, word: str) -> float:
        """How telling a word is by its frequency in general Chinese, 0 (的) to 1 (unknown)."""
        frequency = max(self._tokenizer.FREQ.get(word, 0), 1)
        return 1 - math.log(frequency) / math.log(self._tokenizer.total)

    def terms(self, folded: str) -> Terms:
        """The search-mode words and the character bigrams of folded text."""
        words = [w for w in self.cut(folded) if says(w)]
        return Terms((*words, *numbers(folded)), tuple(bigrams(folded)))


def says(piece: str) -> bool:
    """Whether a piece of folded text is a word: holds Han, a letter or a figure."""
    return _WORD.search(piece) is not None


def numbers(folded: str) -> list[str]:
    """The decimal and percent numbers of folded text, which jieba cuts at the point."""
    return [n for n in _NUMBER.findall(folded) if not n.isdigit()]


def bigrams(folded: str) -> list[str]:
    """Every two neighbouring Han characters of folded text."""
    runs: Iterable[str] = _HAN_RUN.findall(folded)
    return [pair for run in runs for pair in map(add, run, run[1:])]


def pairs(lines: Iterable[str]) -> list[str]:
    """Every two neighbouring characters of bare lines, each once, in reading order."""
    return list(dict.fromkeys(pair for line in lines for pair in map(add, line, line[1:])))


def _tokenizer(entries: Sequence[str], cache: Path | None) -> Any:  # noqa: ANN401 -- untyped
    """jieba, opened, with these words of the archive's own."""
    tokenizer = jieba.Tokenizer()
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
    # jieba would read its table from the system's temporary folder, where anyone may put one, and
    # it believes what it reads: a bit that fell over would part words otherwise from then on.
    with TemporaryDirectory() as own:
        table = Path(cache or own, _TABLE)
        known = vouched(table)
        makes = not table.exists()
        tokenizer.tmp_dir = str(table.parent if known or makes else own)
        tokenizer.initialize()
        if makes:
            vouch(table)
    tokenizer.load_userdict(io.StringIO("\n".join(entries)))
    return tokenizer


def _keep(path: Path, data: bytes) -> None:
    """Write what can be found out again, if it can be written."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        aside.write_bytes(data)
        aside.replace(path)
        vouch(path)


def _entry(line: str) -> str:
    """``word [frequency] [tag]`` as jieba reads it: it takes any other spacing for one long word."""
    entry = " ".join(line.split())
    if _ENTRY.fullmatch(entry):
        return entry
    raise SettingsError(
        f"user dictionary: {line!r} is not 'word [frequency] [tag]'; mend that line of userdict.txt"
    )
