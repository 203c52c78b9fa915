"""Surroundings: what is known of a page's blocks before it is divided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from statistics import median_low

import numpy as np

from retrieval.blocks import Block
from retrieval.joints import joints
from retrieval.recurrence import HEADLINE_CHARS, Floats, Places, Words
from retrieval.shapes import HEADS, TEXTS, Shape, is_prose

_MAX_CAPTION_CHARS = 200


class Surroundings:
    """What stands around each block of a page; every list has one item a block."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Runs of paragraphs, landmarks above and below, habits of the page."""
        self.blocks = blocks
        self.photos = _photos(blocks)
        self.closes_ahead = _closes_ahead(blocks)
        self.last_text, self.next_story = _landmarks(blocks)
        self.columns = _columns(blocks)
        self.top_level = min((b.level for b in blocks if b.level), default=0)
        self.signed = _is_signed(blocks)
        self.prose = [b.shape in TEXTS and is_prose(b.clean.text) for b in blocks]
        self.ended = [_ends_notice(b) for b in blocks]
        self.siblings = _siblings(blocks)
        openers = sum(b.opens for b in blocks)
        self.opened = openers >= 3 and openers * 2 >= sum(b.shape is Shape.HEAD for b in blocks)
        self.usual_gap = _usual_gap(blocks)
        self.gap_tells = _gap_tells(blocks, max(1, self.usual_gap))

    @cached_property
    def _offsets(self) -> Places:
        """Where each block begins in the page's paragraphs laid end to end."""
        sizes = [len(b.clean.text) + 1 if b.shape in TEXTS else 0 for b in self.blocks]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    @cached_property
    def _words(self) -> Words:
        """The words of the page's paragraphs."""
        return Words("".join(b.clean.text + "\n" for b in self.blocks if b.shape in TEXTS))

    @cached_property
    def cohesion(self) -> Floats:
        """The words shared across the place above each block, against the page's middle value."""
        shares = self._words.cohesion(self._offsets[:-1])
        texts = [i for i, b in enumerate(self.blocks) if i and b.shape in TEXTS]
        usual = median_low(shares[texts]) if texts else 0.0
        return np.minimum(shares / max(usual, 0.02), 2.0)

    @cached_property
    def recurrence(self) -> tuple[Floats, Floats]:
        """The share of each short line's words, by rarity, in the story above and the one below."""
        short = [i for i, b in enumerate(self.blocks) if b.shape is not Shape.TEXT]
        lines = [self.blocks[i].clean.text for i in short]
        edges = self._edges
        above, below = np.zeros(len(self.blocks)), np.zeros(len(self.blocks))
        start, end = self._offsets[:-1][short], self._offsets[1:][short]
        last = edges[np.searchsorted(edges, start, "left") - 1]
        following = edges[np.searchsorted(edges, end, "right")]
        low, high = start - HEADLINE_CHARS, end + HEADLINE_CHARS
        above[short] = self._words.recurrence(lines, np.maximum(low, last), start)
        below[short] = self._words.recurrence(lines, end, np.minimum(high, following))
        return above, below

    @cached_property
    def runs_in(self) -> Floats:
        """How well each block goes on with the one above, from -1 to 1; 0 where nothing says."""
        texts = [b.clean.text for b in self.blocks]
        strength = joints(list(zip(["", *texts[:-1]], texts, strict=True)))
        return np.clip(strength / 4, -1, 1).astype(np.float64)

    @property
    def _edges(self) -> Places:
        """Offsets at which one story surely ends or another opens, with both ends of the page."""
        edges = {-1, int(self._offsets[-1]) + 1}
        for i, block in enumerate(self.blocks):
            if block.opens or self.photos[i]:
                edges.add(int(self._offsets[i]))
            if block.closing is not None and block.shape is Shape.TEXT:
                edges.add(int(self._offsets[i + 1]))
        return np.array(sorted(edges))


def is_short(block: Block) -> bool:
    """Whether a block is a headline line by its looks."""
    return block.shape in HEADS


def _photos(blocks: Sequence[Block]) -> list[bool]:
    """Whether a caption begins at each block."""
    photos = [is_photo(blocks, i) for i in range(len(blocks))]
    for i in range(len(blocks) - 1, 0, -1):
        if photos[i] and blocks[i].glued and blocks[i - 1].shape is Shape.LOOSE:
            photos[i - 1], photos[i] = True, False
    return photos


def _closes_ahead(blocks: Sequence[Block]) -> list[bool]:
    """Whether the paragraphs that stand together from a block on end with a byline."""
    ahead = [False] * len(blocks)
    for i in range(len(blocks) - 1, -1, -1):
        below = blocks[i + 1] if i + 1 < len(blocks) else None
        if blocks[i].shape not in TEXTS:
            continue
        if blocks[i].closing is not None or (below is not None and below.shape is Shape.BYLINE):
            ahead[i] = True
        elif below is not None and not below.opens and not is_photo(blocks, i + 1):
            ahead[i] = ahead[i + 1]
    return ahead


def _landmarks(blocks: Sequence[Block]) -> tuple[list[int | None], list[int]]:
    """For each block, the paragraph above it, and the first block below that is no headline."""
    last_text: list[int | None] = []
    for index in range(len(blocks)):
        text = bool(index) and blocks[index - 1].shape in TEXTS
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


def _gap_tells(blocks: Sequence[Block], usual: int) -> float:
    """How far the page's wide gaps part stories: their share that stands where one may begin.

    A page may set a wide gap before each story, or have them anywhere; 0 if it has none.
    """
    wide = [i for i, b in enumerate(blocks) if i and b.gap > usual]
    if len(wide) < 2:
        return 0.5 if wide else 0.0
    telling = sum(is_short(blocks[i]) or blocks[i].opens for i in wide)
    broken = sum(blocks[i - 1].unfinished or blocks[i].glued for i in wide)
    return max(0.0, telling - broken) / len(wide)


_NOTICE_END = re.compile(
    r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$|\d{3,4}[-—]?\d{7,8}$|1\d{10}$|"
    r"(?:特此(?:公告|通告|通知|声明|公示)|声明作废|敬请谅解|敬请互相转告)[。.!！]?$"
)


def _ends_notice(block: Block) -> bool:
    """Whether a notice ends here: with its date, a telephone number, 特此公告."""
    return (
        block.shape is not Shape.BYLINE and _NOTICE_END.search(block.clean.text[-24:]) is not None
    )


def _siblings(blocks: Sequence[Block]) -> list[bool]:
    """Whether a short line has the rhythm of another near it, as subheads of one story have."""
    short = [i for i, b in enumerate(blocks) if is_short(b)]
    forms = [tuple(len(p) for p in blocks[i].clean.text.split()) for i in short]
    found = [False] * len(blocks)
    for (a, i), (b, j) in pairwise(zip(forms, short, strict=True)):
        if a == b and j - i > 1 and (len(a) > 1 or blocks[i].numbered):
            found[i] = found[j] = True
    return found


def _usual_gap(blocks: Sequence[Block]) -> int:
    """The blank lines that the page has between the paragraphs of a story."""
    gaps = [b.gap for a, b in pairwise(blocks) if a.shape is b.shape]
    return median_low(gaps) if gaps else 1


def is_photo(blocks: Sequence[Block], index: int) -> bool:
    """Whether a paragraph is a caption: a photographer's credit closes it."""
    block = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if block.closing is not None:
        return block.closing.photo
    by = following.closing if following and following.shape is Shape.BYLINE else None
    if by is None or not by.photo or following is None:
        return False
    return following.gap == 0 or len(block.clean.text) <= _MAX_CAPTION_CHARS
