"""How cleanly a text reads, 0 to 1, and which of its characters look misread.

legibility = exp(-STEEPNESS * doubt / (characters + SLACK)), where doubt is the sum of

- for each Han character, log(1 + odds) that it is misread by its neighbours (``sequences``), at
  most _MOST each, so that one name unknown to the model does not sink a short quote;
- _ODD for each character that no newspaper prints: replacement, private use, a lone radical, a
  symbol or a small letter alone between two Han; _BROKEN for each broken number (``1. 5``, ``2O21``);
- _DOUBLED for a particle or two characters printed twice (都都, 找准找准; not 人人, 高高兴兴);
- _UNPAIRED for each kind of bracket or quotation mark that does not come in pairs.

Spaces count nothing. A text without any of this reads 1, so does an empty one. Which share of
clean text falls below which value: ``tests/benchmarks/legible.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from retrieval.records import Span
from retrieval.sequences import FIRST, Floats, Numbers, shipped

Flags = NDArray[np.bool_]

STEEPNESS, SLACK = 5.7, 40
_MOST = 6.0
_ODD, _BROKEN, _DOUBLED, _UNPAIRED = 3.0, 2.0, 2.0, 0.5
# A character is shown as suspect from these odds on; see the benchmark for precision and recall.
SUSPECT = 1.8
_BATCH_CHARS = 30_000  # at once: what the processor's cache holds

_PARTICLES = "的是在和与为于就都也还又而被把从或将已所很最不这那及其以并由"
_COUNTING = "一二两三四五六七八九十几半每个"  # 一步一步 and 一个一个 are words
_BRACKETS = tuple(zip("(（“‘《「『【〈", ")）”’》」』】〉", strict=True))
_STRAIGHT = '"'
# A stray sign stands alone between two Han; capitals stand there rightly (A股, T恤), 1号 and 3天 too.
_STRAY = "abcdefghijklmnopqrstuvwxyz\\^~`_{}|#$@¢£¤¦§¨©«¬®¯´¶¸»¿"
_BREAKS = " .．OoIl|"  # what breaks a number, behind one of its figures
_NUMBER = re.compile(
    r"(?<=[0-9])(?: ?[.．] (?=[0-9])| [.．](?=[0-9])|\.\.(?=[0-9])|[OoIl|](?=[0-9.年月日%万亿元]))"
)


def _codes(chars: str) -> NDArray[np.uint32]:
    return np.frombuffer(chars.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def legibility(text: str) -> float:
    """How cleanly the text reads, 0 to 1."""
    return legibilities([text])[0]


def legibilities(texts: Sequence[str]) -> list[float]:
    """How cleanly each text reads; many at once cost little more than their characters."""
    scores: list[float] = []
    batch: list[str] = []
    chars = 0
    for text in texts:
        batch.append(text)
        chars += len(text)
        if chars >= _BATCH_CHARS:
            scores += _scores(batch)
            batch, chars = [], 0
    return scores + (_scores(batch) if batch else [])


def _scores(texts: Sequence[str]) -> list[float]:
    whole = "\n".join(texts) + "\n"
    starts = np.array([0, *accumulate(len(text) + 1 for text in texts)][:-1])
    codes = _codes(whole)
    doubt = np.add.reduceat(doubts(whole), starts) + _UNPAIRED * _unpaired(codes, starts)
    chars = np.add.reduceat(~_spaces(codes), starts)
    scores: list[float] = np.exp(-STEEPNESS * doubt / (chars + SLACK)).tolist()
    return scores


def suspects(text: str) -> tuple[Span, ...]:
    """The ranges of the text that look misread, in order."""
    wrong = np.concatenate([[False], doubts(text) > np.log1p(np.exp(SUSPECT)), [False]])
    edges = np.flatnonzero(wrong[1:] != wrong[:-1]).tolist()
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def doubts(text: str) -> Floats:
    """How much each character makes the text doubtful, shape (len(text),), at least 0.

    1. leave out spaces; 2. ask the neighbours; 3. look for what is doubled; 4. look for what no
    newspaper prints; 5. look for broken numbers and stray signs.
    """
    codes = _codes(text)
    kept = np.flatnonzero(~_spaces(codes) | (codes == 10))  # 1
    model = shipped()
    numbers = model.alphabet.read(codes[kept])
    doubt = np.zeros(len(codes), dtype=np.float32)
    odds = np.log1p(np.exp(model.suspicion(numbers)))  # 2
    doubt[kept] = np.where(numbers >= FIRST, np.minimum(odds, _MOST), 0)
    doubt[kept] += _DOUBLED * _doubled(codes[kept], numbers)  # 3
    doubt[_foreign(codes)] += _ODD  # 4
    doubt[_broken(text, codes)] += _BROKEN  # 5
    doubt[_strays(codes)] += _ODD
    return doubt


def _broken(text: str, codes: NDArray[np.uint32]) -> list[int]:
    """Where numbers are broken; the pattern is asked only where a figure has a break behind it."""
    figure = (codes >= ord("0")) & (codes <= ord("9"))
    may = np.flatnonzero(figure[:-1] & _among(codes[1:], _BREAKS)) + 1
    return [at for at in may.tolist() if _NUMBER.match(text, at)]


def _strays(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Where one stray sign stands between two Han."""
    han = (codes >= 0x3400) & (codes <= 0x9FFF)
    return np.flatnonzero(han[:-2] & han[2:] & _among(codes[1:-1], _STRAY)) + 1


def _among(codes: NDArray[np.uint32], chars: str) -> Flags:
    """Which code points are among a few characters."""
    known = _codes(chars)
    table = np.zeros(int(known.max()) + 2, dtype=bool)
    table[known] = True
    found: Flags = table[np.minimum(codes, len(table) - 1)]
    return found


def _spaces(codes: NDArray[np.uint32]) -> Flags:
    """Which characters are white space, U+3000 included."""
    spaces: Flags = (codes <= 32) | (codes == 0x3000) | (codes == 0xA0)
    return spaces


def _foreign(codes: NDArray[np.uint32]) -> Flags:
    """Which characters no newspaper prints: replacement, private use, controls, lone radicals."""
    first = (codes < 32) & (codes != 9) & (codes != 10) & (codes != 13)
    private = (codes >= 0xE000) & (codes < 0xF900)
    radical = (codes >= 0x2E80) & (codes < 0x2FE0)
    odd: Flags = first | private | radical | (codes == 0xFFFD) | (codes >= 0xF0000)
    return odd


def _doubled(codes: NDArray[np.uint32], numbers: Numbers) -> Flags:
    """Which characters are printed twice: the first particle, or the first of two characters."""
    codes = np.concatenate([codes, np.zeros(3, dtype=np.uint32)])
    han = np.concatenate([numbers >= FIRST, np.zeros(3, dtype=bool)])
    same = (codes[1:] == codes[:-1]) & han[:-1]  # with the next
    same2 = (codes[2:] == codes[:-2]) & han[:-2]  # with the one after the next
    doubled = same2[:-1] & same2[1:] & ~same[:-2]
    # 和和美美 and 实实在在 are words, and no 和 or 在 too many.
    paired = np.concatenate([[False] * 2, same, [False] * 2])
    once = np.flatnonzero(same & ~paired[:-4] & ~paired[4:])
    once = once[np.isin(codes[once], _codes(_PARTICLES))]
    twice = np.flatnonzero(doubled)
    twice = twice[~np.isin(codes[twice], _codes(_COUNTING))]
    found = np.zeros(len(numbers), dtype=bool)
    found[once] = found[twice] = True
    return found


def _unpaired(codes: NDArray[np.uint32], starts: Numbers) -> Floats:
    """How many kinds of brackets and quotation marks do not come in pairs, for each text."""
    kinds = np.zeros(len(starts), dtype=np.float32)
    for opening, closing in _BRACKETS:
        balance = (codes == ord(opening)).astype(np.int8) - (codes == ord(closing)).astype(np.int8)
        kinds += np.add.reduceat(balance, starts, dtype=np.int64) != 0
    straight = np.add.reduceat(codes == ord(_STRAIGHT), starts, dtype=np.int64)
    return kinds + (straight % 2).astype(np.float32)
