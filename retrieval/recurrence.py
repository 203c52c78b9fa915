"""Word recurrence: a headline's words recur in its story, and stories share few with each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from math import log

from retrieval.blocks import Block, Shape
from retrieval.cleaning import HAN

_HAN_RUN = re.compile(rf"[{HAN}]+")
_EDGE_CHARS = 3000  # of a text run that are compared; the lede is among them


class Surroundings:
    """What is known of a page's blocks before it is divided."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Neighbours, text runs and the words of each."""
        self.blocks = blocks
        self.runs, self.run_of = _text_runs(blocks)
        self.words = [_bigrams(_run_text(blocks, run)) for run in self.runs]
        self.before, self.after = _neighbours(blocks, self.run_of)
        self.last_text, self.next_story = _landmarks(blocks)
        self.columns = _columns(blocks)
        self.top_level = min((b.level for b in blocks if b.level), default=0)
        self.signed = _is_signed(blocks)
        openers = sum(b.opens for b in blocks)
        self.opened = openers >= 3 and openers * 2 >= sum(b.shape is Shape.HEAD for b in blocks)

    @cached_property
    def rarity(self) -> dict[str, float]:
        """How much each word of the page says: the fewer runs hold it, the more."""
        counts: dict[str, int] = {}
        for words in self.words:
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        return {word: log(1 + len(self.words) / n) for word, n in counts.items()}

    def recurrence(self, index: int, run: int | None) -> float:
        """The share of a headline's words, by rarity, that recur in a text run."""
        if run is None:
            return 0.0
        words = _bigrams(self.blocks[index].clean.text)
        rare = log(2 + len(self.words))
        total = sum(self.rarity.get(word, rare) for word in words)
        shared = sum(self.rarity[word] for word in words if word in self.words[run])
        return shared / total if total else 0.0

    @cached_property
    def pull(self) -> list[float]:
        """How much more each headline's words recur below than above, from -1 to 1."""
        return [
            self.recurrence(i, self.after[i]) - self.recurrence(i, self.before[i]) if short else 0.0
            for i, short in enumerate(is_short(b) for b in self.blocks)
        ]

    @cached_property
    def cohesion(self) -> list[float]:
        """The share of words, by rarity, that the runs above and below each headline share."""
        return [self._shared(i) if is_short(b) else 0.0 for i, b in enumerate(self.blocks)]

    def _shared(self, index: int) -> float:
        """The share of words that the smaller of the runs above and below has from the other."""
        above, below = self.before[index], self.after[index]
        if above is None or below is None or above == below:
            return 0.0
        small, large = sorted((self.words[above], self.words[below]), key=len)
        total = sum(self.rarity[word] for word in small)
        return sum(self.rarity[w] for w in small if w in large) / total if total else 0.0


def _text_runs(blocks: Sequence[Block]) -> tuple[list[list[int]], list[int | None]]:
    """Paragraphs that stand together, cut before openers and after closers; run of each block."""
    runs: list[list[int]] = []
    run_of: list[int | None] = []
    fresh = True
    for index, block in enumerate(blocks):
        if block.shape is not Shape.TEXT:
            run_of.append(None)
            fresh = True
            continue
        if fresh or block.opens or is_photo(blocks, index):
            runs.append([])
        runs[-1].append(index)
        run_of.append(len(runs) - 1)
        fresh = block.closing is not None
    return runs, run_of


def _run_text(blocks: Sequence[Block], run: Sequence[int]) -> str:
    """The text of a run, its first characters if it is long."""
    parts: list[str] = []
    size = 0
    for index in run:
        parts.append(blocks[index].clean.text[:_EDGE_CHARS])
        size += len(parts[-1])
        if size >= _EDGE_CHARS:
            break
    return "\n".join(parts)


def _neighbours(
    blocks: Sequence[Block], run_of: Sequence[int | None]
) -> tuple[list[int | None], list[int | None]]:
    """For each block, the text run above it and the one below."""
    above: list[int | None] = []
    last: int | None = None
    for index in range(len(blocks)):
        above.append(last)
        last = run_of[index] if run_of[index] is not None else last
    below: list[int | None] = [None] * len(blocks)
    following: int | None = None
    for index in range(len(blocks) - 1, -1, -1):
        below[index] = following
        following = run_of[index] if run_of[index] is not None else following
    return above, below


def is_short(block: Block) -> bool:
    """Whether a block is a headline line by its looks."""
    return block.shape in (Shape.HEAD, Shape.DASH)


def _landmarks(blocks: Sequence[Block]) -> tuple[list[int | None], list[int]]:
    """For each block, the paragraph above it, and the first block below that is no headline."""
    last_text: list[int | None] = []
    for index in range(len(blocks)):
        text = bool(index) and blocks[index - 1].shape is Shape.TEXT
        last_text.append(index - 1 if text else last_text[-1] if index else None)
    next_story = [len(blocks)] * len(blocks)
    for index in range(len(blocks) - 2, -1, -1):
        below = index + 1
        next_story[index] = next_story[below] if is_short(blocks[below]) else below
    return last_text, next_story


def _columns(blocks: Sequence[Block]) -> frozenset[int]:
    """The headings that name a column: at once, and again, a deeper heading follows."""
    found: set[int] = set()
    below = [0] * 8  # headings of each level before the next one as high
    for index in range(len(blocks) - 1, -1, -1):
        level = blocks[index].level
        deeper = blocks[index + 1].level if index + 1 < len(blocks) else 0
        if level and deeper > level and below[deeper] >= 2:
            found.add(index)
        if level:
            below[level + 1 :] = [0] * (7 - level)
            below[level] += 1
    return frozenset(found)


def _is_signed(blocks: Sequence[Block]) -> bool:
    """Whether a page signs its stories: at least two bylines on it that no photograph has."""
    bylines = (by for b in blocks for by in (b.opening, b.closing) if by is not None)
    return sum(not by.photo for by in bylines) >= 2


def _bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters: words, near enough."""
    pairs: set[str] = set()
    for run in _HAN_RUN.findall(text):
        pairs.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(pairs)


def is_photo(blocks: Sequence[Block], index: int) -> bool:
    """Whether a paragraph is a caption: a photographer's credit closes it."""
    block = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if block.closing is not None:
        return block.closing.photo
    by = following.closing if following and following.shape is Shape.BYLINE else None
    return by is not None and by.photo and following is not None and following.gap == 0
