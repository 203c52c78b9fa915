"""How likely each character of a text is a misreading, by the characters around it.

A small model of newspaper Chinese: how much oftener than by chance two characters stand side by
side, which three characters follow one another, and whether a look-alike (人 for 入) would fit the
place better. ``python -m retrieval.training.sequences`` makes ``sequences.safetensors``, 1.5 MB;
it is read on first use, into 17 MB of memory.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from retrieval.folding import fold
from retrieval.lookalikes import table

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

FILE = Path(__file__).with_name("sequences.safetensors")
SIZE = 4096  # of the alphabet: 99.95 % of the corpus's Han
# The first numbers of the alphabet: what is no Han or unknown Han, digits, letters.
OTHER, RARE, DIGIT, LETTER, FIRST = 0, 1, 2, 3, 4
# Pair strengths are log(observed / expected by chance), clipped, in 15 steps; 0 is "never seen".
WEAKEST, STRONGEST, STEPS = -4.0, 5.0, 15
_STRENGTHS = np.linspace(WEAKEST, STRONGEST, STEPS, dtype=np.float32)
_STRENGTHS = np.concatenate([_STRENGTHS[:1], _STRENGTHS])  # by step
SMOOTH = 1.0  # added to observed and expected counts
# A triple says something where one of its pairs is no strong pair already.
STRONG_PAIR = 2.0
# A look-alike accuses a character only where that fits badly and the look-alike fits well.
_FITS, _GAIN = 1.0, 8.0
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
FEATURES = 9


@dataclass(frozen=True, slots=True, eq=False)
class Alphabet:
    """``numbers`` (65536,) gives each code point its number; ``alike`` (SIZE, m) look-alikes."""

    numbers: NDArray[np.uint16]
    alike: Numbers

    @classmethod
    def of(cls, characters: str) -> Alphabet:
        """The alphabet of these folded Han characters, numbered from FIRST on."""
        plane = [chr(code) for code in range(0x10000)]
        folded = fold("".join(plane))
        known = {char: number for number, char in enumerate(characters, start=FIRST)}
        numbers = np.array([known.get(c, _kind(c)) for c in folded], dtype=np.uint16)
        pairs = [
            (known[c], [known[o] for o in s if o in known])
            for c, s in table().items()
            if c in known
        ]
        alike = np.zeros((SIZE, max(len(others) for _, others in pairs)), dtype=np.int64)
        for number, others in pairs:
            alike[number, : len(others)] = others
        return cls(numbers, alike)

    def read(self, codes: NDArray[np.uint32]) -> Numbers:
        """The numbers of code points; what lies beyond the first plane is OTHER."""
        return np.where(codes < 0x10000, self.numbers[codes & 0xFFFF], OTHER).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """The model: ``levels`` (SIZE * SIZE,) steps, ``counts`` (SIZE,), a Bloom filter of triples."""

    alphabet: Alphabet
    levels: NDArray[np.uint8]
    counts: Floats
    triples: NDArray[np.uint8]
    weights: Floats

    @classmethod
    def open(cls, path: Path = FILE) -> Sequences:
        """The model in a file."""
        stored = load_file(path)
        packed = np.frombuffer(zlib.decompress(stored["pairs"].tobytes()), dtype=np.uint8)
        levels = np.empty(SIZE * SIZE, dtype=np.uint8)
        levels[::2], levels[1::2] = packed >> 4, packed & 15
        alphabet = Alphabet.of("".join(map(chr, stored["characters"])))
        return cls(alphabet, levels, stored["counts"], stored["triples"], stored["weights"])

    def strength(self, left: Numbers, right: Numbers) -> Floats:
        """How much oftener than by chance ``right`` follows ``left``, as a clipped logarithm."""
        pair = left * SIZE + right
        level = self.levels[pair]
        strength: Floats = _STRENGTHS[level]
        unseen = np.nonzero(level == 0)  # few: most pairs are in the table
        first, second = np.divmod(pair[unseen], SIZE)
        expected = self.counts[first] * self.counts[second] / self.counts.sum()
        strength[unseen] = np.maximum(np.log(SMOOTH / (expected + SMOOTH)), WEAKEST)
        return strength

    def features(self, numbers: Numbers) -> Floats:
        """What the neighbours say of each character, shape (n, FEATURES).

        How it follows the one before and precedes the one after; for the triples that end, centre
        and begin with it, whether one is missing, and whether one is there; how much better a
        look-alike would fit.
        """
        padded = np.pad(numbers, 2, constant_values=OTHER)
        pair = self.strength(padded[:-1], padded[1:])
        han = padded >= FIRST
        told = han[:-2] & han[1:-1] & han[2:] & (np.minimum(pair[:-1], pair[1:]) < STRONG_PAIR)
        held = told & self._holds(triple_keys(padded))
        missing, there = (told & ~held).astype(np.float32), held.astype(np.float32)
        columns = [pair[1:-2], pair[2:-1]]
        columns += [flags[at : at + len(numbers)] for flags in (missing, there) for at in range(3)]
        return np.stack([*columns, self._gain(padded, columns[0] + columns[1])], axis=1)

    def suspicion(self, numbers: Numbers) -> Floats:
        """The log odds that each character is misread, shape (n,).

        Far below 0 for what is no Han, and for a Han character that stands alone ("建").
        """
        odds = self.features(numbers) @ self.weights[:-1] + self.weights[-1]
        han = np.pad(numbers >= FIRST, 1)
        told = han[1:-1] & (han[:-2] | han[2:])
        return np.where(told, odds, np.float32(-9)).astype(np.float32)

    def _holds(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        bits = triple_bits(keys, len(self.triples) * 8)
        held: NDArray[np.bool_] = self.triples[bits >> 3] >> (bits & 7).astype(np.uint8) & 1 == 1
        return held

    def _gain(self, padded: Numbers, fit: Floats) -> Floats:
        """How much better the best look-alike would fit than each character, where it fits well."""
        gain = np.zeros(len(fit), dtype=np.float32)
        here = padded[2:-2]
        at = np.flatnonzero((fit < STRONG_PAIR) & (self.alphabet.alike[here, 0] > 0))
        others = self.alphabet.alike[here[at]]
        before, after = padded[at + 1][:, np.newaxis], padded[at + 3][:, np.newaxis]
        best = np.where(
            others > 0, self.strength(before, others) + self.strength(others, after), -9
        )
        best = best.max(axis=1, initial=-9)
        gain[at] = np.where(best > _FITS, np.clip(best - fit[at], 0, _GAIN), 0)
        return gain


@cache
def shipped() -> Sequences:
    """The model that ships with the code, read once."""
    return Sequences.open()


def triple_keys(numbers: Numbers) -> NDArray[np.uint64]:
    """A key for every three neighbouring numbers, shape (n - 2,)."""
    one = numbers.astype(np.uint64)
    return (one[:-2] * np.uint64(SIZE) + one[1:-1]) * np.uint64(SIZE) + one[2:]


def triple_bits(keys: NDArray[np.uint64], size: int) -> Numbers:
    """Which of ``size`` bits stands for each key (multiplicative hashing)."""
    return ((keys * _MULTIPLIER >> np.uint64(16)) % np.uint64(size)).astype(np.int64)


def _kind(char: str) -> int:
    """The number of a folded character that is not in the alphabet."""
    if "㐀" <= char <= "鿿":
        return RARE
    if char.isascii() and char.isalpha():
        return LETTER
    return DIGIT if char.isascii() and char.isdigit() else OTHER
